"""How often each pair of values of two categories occurs, for all pairs of columns, and how numbers lie within each
value.

Few cells are fetched once and counted here. Many are grouped by the engine: grouping by four columns at once costs
little more than by two, and its groups add up to six cross tables.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.profile import ColumnProfile
from datapilot.engine.association import Spread
from datapilot.engine.combinations import Combination, count_combinations
from datapilot.engine.table import Table

Counts = Counter[tuple[Any, Any]]

MOST_GROUPS = 20_000  # combinations a grouping may have at most; they are added up one by one
ROWS_PER_GROUP = 10  # and rows each must stand for on average, or grouping saves nothing
CELLS_PER_GROUPING = 6_000  # are counted here in the time that the engine takes for the statement of a grouping


class Crossed(NamedTuple):
    """`counts` of the values of each pair of categories, in the order given, over the rows where both have a value;
    `spreads` of each number within the values of each category, by the names of the two."""

    counts: dict[tuple[str, str], Counts]
    spreads: dict[tuple[str, str], list[Spread]]


def cross_counts(
    table: Table, columns: Sequence[ColumnProfile], *, adding: Mapping[str, float] | None = None
) -> Crossed:
    """Return what the columns, all categories, hold together. `adding` names numeric columns and the mean of each.
    Where the engine counts, their sums by each category are remembered: charts will ask them."""
    numbers = adding or {}
    most = min(MOST_GROUPS, table.row_count // ROWS_PER_GROUP)
    groupings = group_columns([column.unique_count + 1 for column in columns], most)
    if len(columns) == 1 and numbers:
        groupings = [(0,)]
    if table.row_count * len(columns) <= CELLS_PER_GROUPING * len(groupings):
        return _counted_here(table, columns, numbers)
    found = Crossed({}, {})
    told: set[str] = set()
    for together in groupings:
        names = [columns[place].name for place in together]
        occurring = count_combinations(names, table, adding={} if told.issuperset(names) else numbers)
        for left, right in combinations(range(len(names)), 2):
            pair = (names[left], names[right])
            if pair not in found.counts:
                found.counts[pair] = _added_up(occurring, left, right)
        if not told.issuperset(names):
            found.spreads.update(_spread_within(occurring, names, numbers))
        told.update(names)
    return found


def _spread_within(
    occurring: Sequence[Combination], names: Sequence[str], numbers: Mapping[str, float]
) -> Iterable[tuple[tuple[str, str], list[Spread]]]:
    counts = np.array([one.counts for one in occurring], dtype=np.float64).reshape(len(occurring), len(numbers))
    distances = np.array([one.distances for one in occurring], dtype=np.float64).reshape(
        len(occurring), 2 * len(numbers)
    )
    distances[np.isnan(distances)] = 0.0  # of no row
    for place, name in enumerate(names):
        values, places = _coded([one.values[place] for one in occurring])
        known = places >= 0
        for position, (number, amid) in enumerate(numbers.items()):
            sums, squares = distances[known, 2 * position], distances[known, 2 * position + 1]
            parts = (counts[known, position], sums, squares)
            yield (number, name), _spreads(places[known], len(values), amid, parts)


def _spreads(places: NDArray[np.int64], values: int, amid: float, parts: Sequence[NDArray[Any] | None]) -> list[Spread]:
    """Return the spread within each of so many values; `places` says of which one each part is. `parts` are counts,
    distances and squared distances; None for counts of one each."""
    added = (np.bincount(places, weights, minlength=values).tolist() for weights in parts)
    return [(int(count), amid, distance, square) for count, distance, square in zip(*added, strict=True) if count]


def _counted_here(table: Table, columns: Sequence[ColumnProfile], numbers: Mapping[str, float]) -> Crossed:
    listed = ", ".join(table.physical(column.name) for column in columns)
    if not listed:
        return Crossed({}, {})
    cells = table.connection.execute(f"SELECT {listed} FROM {table.relation}").fetchall()
    coded = [_coded(values) for values in zip(*cells, strict=True)] if cells else [_coded(())] * len(columns)
    found = Crossed({}, {})
    for (left, (ones, places)), (right, (others, others_places)) in combinations(zip(columns, coded, strict=True), 2):
        both = (places >= 0) & (others_places >= 0)
        times = np.bincount((places * len(others) + others_places)[both])
        found.counts[left.name, right.name] = Counter(
            {
                (ones[pair // len(others)], others[pair % len(others)]): int(times[pair])
                for pair in np.flatnonzero(times).tolist()
            }
        )
    fetched = table.fetch(list(numbers)) if numbers else {}
    for number, amid in numbers.items():
        distances = np.ma.getdata(fetched[number]).astype(np.float64) - amid
        squares, is_missing = distances * distances, np.ma.getmaskarray(fetched[number])
        for column, (values, places) in zip(columns, coded, strict=True):
            both = (places >= 0) & ~is_missing
            found.spreads[number, column.name] = _spreads(
                places[both], len(values), amid, (None, distances[both], squares[both])
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
    for values, rows, _, _ in occurring:
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
