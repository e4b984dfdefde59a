"""Bins of round widths for a number, and how many values lie in each."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.measure import Filter, KeyedValue, Measure
from datapilot.contracts.profile import NumericStats
from datapilot.engine.keys import EDGE
from datapilot.engine.values import published

WANTED_BINS = 12  # Draco's preference is 8-12
MOST_BINS = 40
_NEAR_BINS = 8
_TOO_FEW = 2  # bins for the middle half of the values
_FINE = 6  # bins that it gets then
_SMALLEST, _LARGEST = 1e-280, 1e280  # spans beyond which a bin's width is no ordinary double
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_WHOLE_STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class Bins:
    """Edges that cover `low` to `high`; `is_cut` says that values lie outside."""

    width: float
    low: float
    count: int
    is_cut: bool

    def edge(self, number: int) -> float:
        value = published((round(self.low / self.width) + number) * self.width)
        assert isinstance(value, int | float)
        return float(value)


def choose_bins(stats: NumericStats, *, whole: bool) -> Bins | None:
    """Return bins of a round width for a column; None where it has no spread.

    A few far values do not squeeze all others into one bin: bins then cover the middle 98 % and a bit, and the rest
    is counted in words. Where half of the values would still lie in less than two bins these are finer, and a
    twentieth at either end may be left out.
    """
    low, high = stats.min, stats.max
    if low is None or high is None or not _SMALLEST < high - low < _LARGEST:
        return None
    near_low, near_high = stats.quantiles["p01"], stats.quantiles["p99"]
    middle_low, middle_high = stats.quantiles["p05"], stats.quantiles["p95"]
    assert near_low is not None and near_high is not None and middle_low is not None and middle_high is not None  # noqa: PT018
    spans = (middle_high - middle_low, near_high - near_low, high - low)
    span = next(span for span in spans if span > _SMALLEST)
    width = _round_width(span / WANTED_BINS, whole=whole)
    is_cut = (high - low) / width > MOST_BINS
    quarter, three_quarters = stats.quantiles["p25"], stats.quantiles["p75"]
    assert quarter is not None
    assert three_quarters is not None
    if 0 < three_quarters - quarter < _TOO_FEW * width:
        # Most of the values in a bin or two beside a long tail: what they are like is worth more than the tail.
        near_low, near_high = middle_low, middle_high
        width = _round_width(max((three_quarters - quarter) / _FINE, (near_high - near_low) / MOST_BINS), whole=whole)
        is_cut = (high - low) / width > MOST_BINS
    if is_cut:
        # Only the side that has far values is cut.
        low = low if near_low - low <= _NEAR_BINS * width else near_low
        high = high if high - near_high <= _NEAR_BINS * width else near_high
        if (high - low) / width > MOST_BINS:
            width = _round_width((high - low) / MOST_BINS, whole=whole)
    start = _number(low, width)
    count = _number(high, width) - start + 1
    return Bins(width, start * width, count, is_cut) if count > 1 else None


def _number(value: float, width: float) -> int:
    quotient = value / width
    return math.floor(quotient + EDGE * max(1.0, abs(quotient)))


def _round_width(wanted: float, *, whole: bool) -> float:
    """Return the smallest of 1, 2, 2.5, 5 times a power of ten that is at least as wide; whole for whole numbers."""
    scale = 10.0 ** math.floor(math.log10(wanted))
    steps = _WHOLE_STEPS if whole else _STEPS
    width = next(step * scale for step in steps if step * scale >= wanted * (1 - 1e-9))
    return max(1.0, width) if whole else float(f"{width:.6g}")


def bins_measure(name: str, bins: Bins) -> Measure:
    """Return the measure that counts a column's values per bin; where values lie outside, only those inside."""
    first, end = bins.edge(0), bins.edge(bins.count)
    inside = (Filter(column=name, op="ge", value=first), Filter(column=name, op="lt", value=end))
    known = (Filter(column=name, op="not_missing"),)
    return Measure(metric="count", column=name, by=name, bin_width=bins.width, filters=inside if bins.is_cut else known)


def count_bins(distinct: NDArray[Any], times: NDArray[Any], bins: Bins, *, whole: bool) -> "BinCounts":
    """Return how many values lie in each bin, from a column's sorted distinct values and their counts."""
    values = distinct.astype(np.float64)
    if bins.is_cut:
        inside = (values >= bins.edge(0)) & (values < bins.edge(bins.count))
        values, times = values[inside], times[inside]
    quotients = values / bins.width
    numbers = np.floor(quotients + EDGE * np.maximum(1.0, np.abs(quotients)))
    starts = np.flatnonzero(np.concatenate(([True], numbers[1:] != numbers[:-1])))
    counts = np.add.reduceat(times, starts)
    return BinCounts(bins, numbers[starts].tolist(), counts.tolist(), whole and bins.width.is_integer())


class BinCounts(NamedTuple):
    """The numbers of the bins that have values, and how many; `is_whole` says that they begin at whole numbers."""

    bins: Bins
    numbers: list[float]
    counts: list[int]
    is_whole: bool

    def entries(self) -> tuple[KeyedValue, ...]:
        """Return the entries of the fact of `bins_measure`."""
        width = self.bins.width
        return tuple(
            KeyedValue(
                key=int(number) * int(width) if self.is_whole else published(int(number) * width), value=count, n=count
            )
            for number, count in zip(self.numbers, self.counts, strict=True)
        )
