"""Exact statistics of a numeric column from its distinct values in order, so that no order of rows can show in them.

Counting them once answers everything: quantiles, most frequent values, deviations. It is faster than a statement per
statistic, and sums over values in order round the same way every time.
"""

import math
from collections.abc import Iterable
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datapilot.analysis.bins import choose_bins, count_bins
from datapilot.analysis.column_summary import ColumnSummary, share
from datapilot.contracts.base import Scalar
from datapilot.contracts.profile import NumericStats, TopValue
from datapilot.contracts.table import Column
from datapilot.engine.compile import kurtosis, skew
from datapilot.engine.statements import OUTLIER_MADS
from datapilot.engine.values import published

QUANTILES = {"p01": 0.01, "p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95, "p99": 0.99}
ADDABLE = frozenset({"sum", "average"})  # roles of which a sum may stand in the statistics
COUNTED_FROM = 10_000  # values; fewer are sorted in less time than it takes to see whether they can be counted
MOST_PLACES_A_VALUE = 4  # of the array that counts, so that it stays of the size of the values
DECIMALS = (1, 10, 100, 1_000, 10_000)

Array = NDArray[Any]


def summarize_numbers(column: Column, parts: Iterable[Array], *, rows: int, top: int) -> ColumnSummary:
    """Return the statistics of the column's non-missing values (integers or doubles, any order). Of the parts they
    come in, one is held at a time.

    `rows` is the table's row count, which the shares of top values are of. Values that are not finite are left out.
    """
    may_add = column.role in ADDABLE
    finite = (part[np.isfinite(part)] if part.dtype.kind == "f" else part for part in parts)
    counted = (count_distinct(part) for part in finite if len(part))
    first = next(counted, None)
    if first is None:
        return ColumnSummary(0, 0, stats=_no_values(may_add=may_add))
    distinct, times = reduce(_joined, counted, first)
    n = int(times.sum())
    stats = _stats(distinct, times, n, may_add=may_add)
    whole = column.storage == "BIGINT"
    bins = choose_bins(stats, whole=whole)
    return ColumnSummary(
        count=n,
        unique_count=len(distinct),
        top_values=_top_values(distinct, times, rows, top),
        minimum=stats.min,
        maximum=stats.max,
        stats=stats,
        bin_counts=count_bins(distinct, times, bins, whole=whole) if bins is not None else None,
    )


def count_distinct(values: Array) -> tuple[Array, Array]:
    """Return the distinct values in ascending order, and how often each occurs."""
    n = len(values)
    if not n:
        return values, np.zeros(0, np.int64)
    if n >= COUNTED_FROM:
        scale = 1 if values.dtype.kind != "f" else _decimals(values)
        counted = _counted_by_place(values, scale) if scale else None
        if counted is not None:
            return counted
    values = np.sort(values)
    starts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    return values[starts], np.diff(np.append(starts, n))


def _joined(one: tuple[Array, Array], other: tuple[Array, Array]) -> tuple[Array, Array]:
    """Return the distinct values of both parts in ascending order, and how often each occurs in both together."""
    values = np.concatenate((one[0], other[0]))
    order = np.argsort(values, kind="stable")  # two runs in order: they are merged, not sorted
    values, times = values[order], np.concatenate((one[1], other[1]))[order]
    starts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    return values[starts], np.add.reduceat(times, starts)


def _decimals(values: Array) -> int:
    """Return the least power of ten that makes some hundred of the values whole, 0 if none does."""
    some = values[:: len(values) // 128]
    return next((scale for scale in DECIMALS if np.array_equal(np.rint(some * scale) / scale, some)), 0)


def _counted_by_place(values: Array, scale: int) -> tuple[Array, Array] | None:
    """Count whole numbers, and amounts that are whole numbers of cents, in an array with a place for each possible one:
    a fifth of the time of sorting. None where they are too far apart, or one of them is no such number."""
    low, high = values.min().item(), values.max().item()
    if (high - low) * scale >= MOST_PLACES_A_VALUE * len(values):
        return None
    if values.dtype.kind != "f":
        places = np.bincount(values - low)
        found = np.flatnonzero(places)
        return found + low, places[found]
    whole = np.rint(values * scale)
    if not np.array_equal(whole / scale, values):
        return None
    first = round(low * scale)
    places = np.bincount(whole.astype(np.int64) - first)
    found = np.flatnonzero(places)
    return (found + first) / scale, places[found]


def _stats(distinct: Array, times: Array, n: int, *, may_add: bool) -> NumericStats:
    ends = np.cumsum(times)
    total = _total(distinct, times)
    mean = total / n
    quantiles = dict(zip(QUANTILES, _quantiles(distinct, ends, QUANTILES.values()), strict=True))
    median = quantiles["p50"]
    has_spread = len(distinct) > 1
    scale, moments = _moments(distinct, times, n) if has_spread else (0.0, [0.0, 0.0, 0.0])
    return NumericStats(
        count=n,
        sum=_number(total) if may_add else None,
        mean=_real(mean),
        min=_number(distinct[0]),
        max=_number(distinct[-1]),
        median=_real(median),
        std=_real(scale * math.sqrt(moments[0] / (n - 1))) if n > 1 else None,
        skew=_real(skew(n, moments)) if has_spread else None,
        kurtosis=_real(kurtosis(n, moments)) if has_spread else None,
        zeros=int(times[distinct == 0].sum()),
        negatives=int(times[distinct < 0].sum()),
        outliers=_outliers(distinct, ends, median) if has_spread else 0,
        quantiles={name: _real(value) for name, value in quantiles.items()},
    )


def _moments(distinct: Array, times: Array, n: int) -> tuple[float, list[float]]:
    """Return the largest distance from the mean, and the sums of second, third and fourth powers of the distances as
    parts of it, so that neither tiny nor huge numbers leave the range of a double.

    Distances are taken from a value of the column first: between neighbours they are exact, from a mean they are not.
    """
    from_one = (distinct - distinct[len(distinct) // 2]).astype(np.float64)
    deviations = from_one - float(np.sum(from_one * times)) / n
    scale = float(np.max(np.abs(deviations)))
    if scale == 0 or not math.isfinite(scale):
        return scale, [0.0, 0.0, 0.0]
    parts = deviations / scale
    squares = parts * parts
    return scale, [float(np.sum(power * times)) for power in (squares, squares * parts, squares * squares)]


def _no_values(*, may_add: bool) -> NumericStats:
    return NumericStats(
        count=0, sum=0 if may_add else None, mean=None, min=None, max=None, median=None, std=None, skew=None,
        kurtosis=None, zeros=0, negatives=0, outliers=0, quantiles=dict.fromkeys(QUANTILES),
    )  # fmt: skip


def _total(distinct: Array, times: Array) -> int | float:
    """Return the sum: whole numbers exactly, doubles in extended precision where the machine has it."""
    if distinct.dtype.kind != "f":
        largest = max(abs(int(distinct[0])), abs(int(distinct[-1])))
        if largest * int(times.sum()) < 2**62:
            return int(np.dot(distinct, times))
        return sum(int(value) * int(count) for value, count in zip(distinct.tolist(), times.tolist(), strict=True))
    return float(np.sum(distinct * times.astype(np.longdouble), dtype=np.longdouble))


def _quantiles(distinct: Array, ends: Array, wanted: Iterable[float]) -> list[float]:
    """Return the quantiles by linear interpolation (type 7 of Hyndman & Fan 1996); `ends` is how many values there are
    up to each distinct one."""
    last = int(ends[-1]) - 1
    positions = [q * last for q in wanted]
    below = [math.floor(position) for position in positions]
    around = [below, [min(place + 1, last) for place in below]]
    lows, highs = distinct[np.searchsorted(ends, around, "right")].tolist()
    return [
        _between(float(low), float(high), position - place)
        for low, high, position, place in zip(lows, highs, positions, below, strict=True)
    ]


def _between(low: float, high: float, part: float) -> float:
    return low + (high - low) * part if math.isfinite(high - low) else low * (1 - part) + high * part


def _outliers(distinct: Array, ends: Array, median: float) -> int:
    n = int(ends[-1])
    at = int(np.searchsorted(distinct, median))
    below, above = (median - distinct[:at])[::-1], distinct[at:] - median
    # How many values lie as near as the k nearest distinct ones of a side, from k = 0 on.
    up_to = np.concatenate(([0], ends))
    sides = (below, (up_to[at] - up_to[: at + 1])[::-1], above, up_to[at:] - up_to[at])
    low = _nth_nearest(sides, (n - 1) // 2)
    high = low if _within(sides, low) > n // 2 else _nth_nearest(sides, n // 2)
    mad = low / 2 + high / 2
    if mad <= 0:
        return 0
    return n - _within(sides, OUTLIER_MADS * mad)


def _nth_nearest(sides: tuple[Array, Array, Array, Array], nth: int) -> float:
    """Return the nth smallest distance, from 0 on, of two sides whose distances ascend: looked for, not sorted."""
    found = []
    for distances in (sides[0], sides[2]):
        low, high = 0, len(distances)
        while low < high:
            middle = (low + high) // 2
            if _within(sides, distances[middle]) > nth:
                high = middle
            else:
                low = middle + 1
        if low < len(distances):
            found.append(float(distances[low]))
    return min(found)


def _within(sides: tuple[Array, Array, Array, Array], distance: float) -> int:
    """Return how many values lie within a distance."""
    one, counts, other, others = sides
    return int(counts[one.searchsorted(distance, "right")] + others[other.searchsorted(distance, "right")])


def most_frequent(times: Array, top: int) -> Array:
    """Return the places of the most frequent of the values that occur at least twice, ties by size; `times` says how
    often each occurs, in ascending order of the values."""
    often = np.flatnonzero(times > 1)
    if len(often) > top:
        least = np.partition(times[often], -top)[-top]
        above = often[times[often] > least]
        often = np.concatenate((above, often[times[often] == least][: top - len(above)]))
    places: Array = often[np.lexsort((often, -times[often]))]
    return places


def _top_values(distinct: Array, times: Array, rows: int, top: int) -> tuple[TopValue, ...]:
    ranked = most_frequent(times, top)
    return tuple(
        TopValue(value=_number(value), count=count, share=share(count, rows))
        for value, count in zip(distinct[ranked].tolist(), times[ranked].tolist(), strict=True)
    )


def _number(value: Any) -> int | float:
    plain: Scalar = published(value.item() if isinstance(value, np.generic) else value)
    assert isinstance(plain, int | float)
    return plain


def _real(value: float | None) -> float | None:
    plain = published(value)
    return None if plain is None else float(plain)
