"""Tell columns whose label stands once for the rows of its group: reports and pivot tables leave cells blank below."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

LEAST_BLANK = 1 / 3  # of the cells: fewer are cells that someone left out
FEWEST_GROUPS = 2
COME_BACK = 0.5  # of the next column's values, in more than one group
NEARLY_ALL = 0.9
DEEPEST = 4


def outline_depth(rows: Sequence[Sequence[str]], totals: Sequence[str]) -> int:
    """Return how many of the first columns are labelled once a group; 0 for a table that is none. `totals` are the
    labels of rows that add up others ("North Total").

    Blank cells prove nothing: the labels must each stand once within the group to their left, and the groups be told
    by totals of their own, by values that come back from group to group, or by one size.
    """
    starts = [0]
    depth = 0
    width = max((len(row) for row in rows), default=0)
    while depth < min(DEEPEST, width - 1):
        inner = _starts(rows, depth, starts)
        if inner is None:
            break
        starts = inner
        depth += 1
    if depth == 0 or _filled(rows, depth) < NEARLY_ALL:
        return 0
    return depth if _is_told(rows, depth, starts, totals) else 0


def _starts(rows: Sequence[Sequence[str]], column: int, outer: Sequence[int]) -> list[int] | None:
    """Return the rows with which the column's groups begin, or None where the column has none."""
    starts: list[int] = []
    for first, stop in pairwise([*outer, len(rows)]):
        filled = [index for index in range(first, stop) if _cell(rows[index], column)]
        if not filled or filled[0] != first:
            return None
        if len({_cell(rows[index], column) for index in filled}) < len(filled):
            return None
        starts += filled
    is_blank_enough = len(rows) - len(starts) >= LEAST_BLANK * len(rows)
    return starts if is_blank_enough and len(starts) >= FEWEST_GROUPS else None


def _is_told(rows: Sequence[Sequence[str]], depth: int, starts: Sequence[int], totals: Sequence[str]) -> bool:
    labels = {_cell(row, 0) for row in rows} - {""}
    if sum(any(total.startswith(label) for total in totals) for label in labels) > 0.5 * len(labels):
        return True
    groups = list(_groups(rows, depth, starts))
    if any(len(set(group)) < len(group) for group in groups):
        return False
    if len({len(group) for group in groups}) == 1:
        return True
    in_groups = Counter(value for group in groups for value in group)
    return sum(count > 1 for count in in_groups.values()) >= COME_BACK * len(in_groups)


def _groups(rows: Sequence[Sequence[str]], column: int, starts: Sequence[int]) -> Iterator[list[str]]:
    for first, stop in pairwise([*starts, len(rows)]):
        yield [_cell(row, column) for row in rows[first:stop]]


def _filled(rows: Sequence[Sequence[str]], column: int) -> float:
    return sum(bool(_cell(row, column)) for row in rows) / max(len(rows), 1)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""
