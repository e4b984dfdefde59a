"""Exact statistics of a numeric column from its sorted values, so that no order of rows can show in them.

Sorting once answers everything: distinct values, quantiles, most frequent values, deviations. It is faster than a
statement per statistic, and sums of sorted values round the same way every time.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datapilot.analysis.bins import bins_measure, choose_bins, count_bins
from datapilot.analysis.column_summary import ColumnSummary, share
from datapilot.contracts.base import Scalar
from datapilot.contracts.profile import NumericStats, TopValue
from datapilot.contracts.table import Column
from datapilot.engine.compile import kurtosis, skew
from datapilot.engine.statements import OUTLIER_MADS
from datapilot.engine.values import published

QUANTILES = {"p01": 0.01, "p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95, "p99": 0.99}
ADDABLE = frozenset({"sum", "average"})  # roles of which a sum may stand in the statistics

Array = NDArray[Any]


def summarize_numbers(column: Column, values: Array, *, rows: int, top: int) -> ColumnSummary:
    """Return the statistics of the column's non-missing values (integers or doubles, any order, changed in place).

    `rows` is the table's row count, which the shares of top values are of. Values that are not finite are left out.
    """
    may_add = column.role in ADDABLE
    if values.dtype.kind == "f":
        values = values[np.isfinite(values)]
    values.sort()
    n = len(values)
    if n == 0:
        return ColumnSummary(0, 0, stats=_no_values(may_add=may_add))
    starts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    distinct = values[starts]
    times = np.diff(np.append(starts, n))
    stats = _stats(values, distinct, times, may_add=may_add)
    whole = column.storage == "BIGINT"
    bins = choose_bins(stats, whole=whole)
    return ColumnSummary(
        count=n,
        unique_count=len(distinct),
        top_values=_top_values(distinct, times, rows, top),
        minimum=stats.min,
        maximum=stats.max,
        stats=stats,
        histogram=bins_measure(column.name, bins) if bins is not None else None,
        bin_counts=count_bins(distinct, times, bins, whole=whole) if bins is not None else (),
    )


def _stats(values: Array, distinct: Array, times: Array, *, may_add: bool) -> NumericStats:
    n = len(values)
    total = _total(distinct, times)
    mean = total / n
    median = _quantile(values, 0.5)
    has_spread = len(distinct) > 1
    scale, moments = _moments(distinct, times, n) if has_spread else (0.0, [0.0, 0.0, 0.0])
    return NumericStats(
        count=n,
        sum=_number(total) if may_add else None,
        mean=_real(mean),
        min=_number(values[0]),
        max=_number(values[-1]),
        median=_real(median),
        std=_real(scale * math.sqrt(moments[0] / (n - 1))) if n > 1 else None,
        skew=_real(skew(n, moments)) if has_spread else None,
        kurtosis=_real(kurtosis(n, moments)) if has_spread else None,
        zeros=int(np.searchsorted(values, 0, "right") - np.searchsorted(values, 0, "left")),
        negatives=int(np.searchsorted(values, 0, "left")),
        outliers=_outliers(distinct, times, median, n) if has_spread else 0,
        quantiles={name: _real(_quantile(values, q)) for name, q in QUANTILES.items()},
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


def _quantile(values: Array, q: float) -> float:
    """Return the quantile of sorted values by linear interpolation (type 7 of Hyndman & Fan 1996)."""
    position = q * (len(values) - 1)
    below = math.floor(position)
    low, high = float(values[below]), float(values[min(below + 1, len(values) - 1)])
    part = position - below
    return low + (high - low) * part if math.isfinite(high - low) else low * (1 - part) + high * part


def _outliers(distinct: Array, times: Array, median: float, n: int) -> int:
    distances = np.abs(distinct - median)
    order = np.argsort(distances, kind="stable")
    ends = np.cumsum(times[order])
    ranked = distances[order]
    low = ranked[np.searchsorted(ends, (n - 1) // 2, "right")]
    high = ranked[np.searchsorted(ends, n // 2, "right")]
    mad = float(low) / 2 + float(high) / 2
    return int(times[distances > OUTLIER_MADS * mad].sum()) if mad > 0 else 0


def _top_values(distinct: Array, times: Array, rows: int, top: int) -> tuple[TopValue, ...]:
    """Return the most frequent of the values that occur at least twice, ties by size."""
    often = np.flatnonzero(times > 1)
    if len(often) > top:
        least = np.partition(times[often], -top)[-top]
        above = often[times[often] > least]
        often = np.concatenate((above, often[times[often] == least][: top - len(above)]))
    ranked = often[np.lexsort((often, -times[often]))]
    return tuple(
        TopValue(value=_number(distinct[place]), count=int(times[place]), share=share(int(times[place]), rows))
        for place in ranked
    )


def _number(value: Any) -> int | float:
    plain: Scalar = published(value.item() if isinstance(value, np.generic) else value)
    assert isinstance(plain, int | float)
    return plain


def _real(value: float | None) -> float | None:
    plain = published(value)
    return None if plain is None else float(plain)
