"""Statistics that SQL lacks: association of categories with each other or with a number, and a robust slope; and what
of a correlation is the same in every run."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any, NamedTuple

from datapilot.contracts.errors import UnknownMeasure

_ROUNDING = 1e-15  # of a mean: what equal values may seem to differ by
_R_DECIMALS = 13  # what threads that add in another order change of r lies behind them, however small r is
MAX_SLOPE_POINTS = 2000  # two million pairs, a second's work


Spread = tuple[int, float, float, float]


class ChiSquare(NamedTuple):
    """The chi-square of a contingency table of `n` rows, with how many values occur on either side."""

    statistic: float
    n: int
    levels: int
    levels2: int

    @property
    def is_defined(self) -> bool:
        """Whether there are two rows and two values on each side, without which nothing is associated."""
        return self.n >= 2 and self.levels >= 2 and self.levels2 >= 2

    @property
    def freedom(self) -> int:
        """The degrees of freedom."""
        return (self.levels - 1) * (self.levels2 - 1)

    @property
    def corrected_v(self) -> float | None:
        """Cramer's V with the bias correction of Bergsma (2013); None where it is undefined, or the correction leaves
        no degree of freedom."""
        if not self.is_defined:
            return None
        phi2 = max(0.0, self.statistic / self.n - self.freedom / (self.n - 1))
        rows, columns = (levels - (levels - 1) ** 2 / (self.n - 1) for levels in (self.levels, self.levels2))
        room = min(rows, columns) - 1
        return min(1.0, math.sqrt(phi2 / room)) if room > 0 else None


def chi_square(counts: Iterable[tuple[Any, Any, int]]) -> ChiSquare:
    """Return the chi-square of a contingency table that is given as counts of pairs."""
    cells = list(counts)
    left: Counter[Any] = Counter()
    right: Counter[Any] = Counter()
    for one, other, times in cells:
        left[one] += times
        right[other] += times
    n = sum(left.values())
    # sum of observed^2 / expected - n: cells that never occur add nothing to it, so the table stays sparse.
    excess = math.fsum([-1.0, *(times * times / (left[one] * right[other]) for one, other, times in cells)])
    return ChiSquare(max(0.0, n * excess), n, len(left), len(right))


def settled_r(r: float) -> float:
    """Return Pearson's r without the decimals that depend on the order in which its sums were added."""
    return round(r, _R_DECIMALS)


def correlation_ratio(groups: Sequence[Spread]) -> float | None:
    """Return eta (Fisher 1925); None for fewer than two groups, or where no value differs. Each group is given as how
    many values it has, about which one they lie, and the sums of their distances and squared distances from that."""
    if len(groups) < 2:
        return None
    n = sum(count for count, _, _, _ in groups)
    centre = math.fsum(count * middle for count, middle, _, _ in groups) / n
    # Far from zero a rounded mean is off by more than the groups may differ; distances hold the rest of it.
    apart = [(count, middle - centre + distance / count) for count, middle, distance, _ in groups]
    rest = math.fsum(count * mean for count, mean in apart) / n
    between = math.fsum(count * (mean - rest) ** 2 for count, mean in apart)
    within = math.fsum(squares - distance**2 / count for count, _, distance, squares in groups)
    whole = between + within
    return math.sqrt(between / whole) if whole > n * (centre * _ROUNDING) ** 2 else None


def theil_sen(points: Sequence[tuple[float, float]]) -> float | None:
    """Return the median of the slopes of all pairs of points (Sen 1968); None for fewer than two points."""
    if len(points) > MAX_SLOPE_POINTS:
        raise UnknownMeasure(f"A slope over {len(points)} periods is too long; choose a coarser grain.")
    slopes = [
        (points[j][1] - points[i][1]) / (points[j][0] - points[i][0])
        for i in range(len(points))
        for j in range(i + 1, len(points))
        if points[j][0] != points[i][0]
    ]
    return median(slopes) if slopes else None
