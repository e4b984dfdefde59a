"""Statistics that SQL lacks: association of categories with each other or with a number, and a robust slope."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from datapilot.contracts.errors import UnknownMeasure

_ROUNDING = 1e-15  # of a mean: what equal values may seem to differ by
MAX_SLOPE_POINTS = 2000  # two million pairs, a second's work


def chi_square(counts: Iterable[tuple[Any, Any, int]]) -> tuple[float, int, int, int]:
    """Return chi-square, n, and the numbers of rows and columns of a contingency table given as pair counts."""
    cells = list(counts)
    left: Counter[Any] = Counter()
    right: Counter[Any] = Counter()
    for one, other, times in cells:
        left[one] += times
        right[other] += times
    n = sum(left.values())
    # sum of observed^2 / expected - n: cells that never occur add nothing to it, so the table stays sparse.
    excess = math.fsum([-1.0, *(times * times / (left[one] * right[other]) for one, other, times in cells)])
    return max(0.0, n * excess), n, len(left), len(right)


def cramers_v(counts: Iterable[tuple[Any, Any, int]]) -> float | None:
    """Return Cramer's V with the bias correction of Bergsma (2013); None with fewer than two values on a side."""
    chi2, n, rows, columns = chi_square(counts)
    if n < 2 or rows < 2 or columns < 2:
        return None
    return corrected_v(chi2, n, rows, columns)


def corrected_v(chi2: float, n: int, rows: int, columns: int) -> float | None:
    """Return the corrected V of a chi-square on an n-row sample; None where the correction leaves no degree."""
    phi2 = max(0.0, chi2 / n - (rows - 1) * (columns - 1) / (n - 1))
    room = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    return min(1.0, math.sqrt(phi2 / room)) if room > 0 else None


def correlation_ratio(groups: Sequence[tuple[int, float, float, float]]) -> float | None:
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
