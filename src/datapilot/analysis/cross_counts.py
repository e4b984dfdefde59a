"""How often each pair of values of two categories occurs, for all pairs of columns.

Few cells are fetched once and counted here. Many are grouped by the engine: grouping by four columns at once costs
little more than by two, and its groups add up to six cross tables.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.profile import ColumnProfile
from datapilot.engine.combinations import Combination, count_combinations
from datapilot.engine.table import Table

Counts = Counter[tuple[Any, Any]]

MOST_GROUPS = 20_000  # combinations a grouping may have at most; they are added up one by one
ROWS_PER_GROUP = 10  # and rows each must stand for on average, or grouping saves nothing
CELLS_PER_GROUPING = 6_000  # are counted here in the time that the engine takes for the statement of a grouping


def cross_counts(
    table: Table, columns: Sequence[ColumnProfile], *, adding: Sequence[str] = ()
) -> dict[tuple[str, str], Counts]:
    """Return the counts for each pair of columns (in the order given) over the rows where both have a value. Where the
    engine counts them, the sums of the numeric columns `adding` by each column are remembered: charts will ask them.
    """
    most = min(MOST_GROUPS, table.row_count // ROWS_PER_GROUP)
    groupings = group_columns([column.unique_count + 1 for column in columns], most)
    if table.row_count * len(columns) <= CELLS_PER_GROUPING * len(groupings):
        return _counted_here(table, columns)
    found: dict[tuple[str, str], Counts] = {}
    for together in groupings:
        names = [columns[place].name for place in together]
        occurring = count_combinations(names, table, adding=adding)
        for left, right in combinations(range(len(names)), 2):
            pair = (names[left], names[right])
            if pair not in found:
                found[pair] = _added_up(occurring, left, right)
    return found


def _counted_here(table: Table, columns: Sequence[ColumnProfile]) -> dict[tuple[str, str], Counts]:
    listed = ", ".join(table.physical(column.name) for column in columns)
    if not listed:
        return {}
    cells = table.connection.execute(f"SELECT {listed} FROM {table.relation}").fetchall()
    coded = [_coded(values) for values in zip(*cells, strict=True)] if cells else [_coded(())] * len(columns)
    found: dict[tuple[str, str], Counts] = {}
    for (left, (ones, places)), (right, (others, others_places)) in combinations(zip(columns, coded, strict=True), 2):
        both = (places >= 0) & (others_places >= 0)
        times = np.bincount((places * len(others) + others_places)[both])
        found[left.name, right.name] = Counter(
            {
                (ones[pair // len(others)], others[pair % len(others)]): int(times[pair])
                for pair in np.flatnonzero(times).tolist()
            }
        )
    return found


def _coded(values: Sequence[Any]) -> tuple[list[Any], NDArray[np.int64]]:
    """Return the distinct values, and for each cell the place of its value among them, -1 for a missing one."""
    distinct = dict.fromkeys(values)
    distinct.pop(None, None)
    places = {value: place for place, value in enumerate(distinct)} | {None: -1}
    return list(distinct), np.fromiter(map(places.__getitem__, values), dtype=np.int64, count=len(values))


def _added_up(occurring: Sequence[Combination], left: int, right: int) -> Counts:
    counts: Counts = Counter()
    for values, rows in occurring:
        if values[left] is not None and values[right] is not None:
            counts[values[left], values[right]] += rows
    return counts


def group_columns(sizes: Sequence[int], most: int) -> list[tuple[int, ...]]:
    """Return sets of places, in ascending order, such that each pair of places is in one of them and no set has more
    than `most` combinations of values (pairs alone may)."""
    open_pairs = set(combinations(range(len(sizes)), 2))
    groups = []
    while open_pairs:
        group = list(min(open_pairs))
        combined = sizes[group[0]] * sizes[group[1]]
        while True:
            gains = {
                place: sum(tuple(sorted((place, one))) in open_pairs for one in group)
                for place in range(len(sizes))
                if place not in group and combined * sizes[place] <= most
            }
            best = max(gains, key=lambda place: (gains[place], -sizes[place]), default=None)
            if best is None or gains[best] == 0:
                break
            group.append(best)
            combined *= sizes[best]
        groups.append(tuple(sorted(group)))
        open_pairs -= set(combinations(sorted(group), 2))
    return groups
