"""Two statistics SQL does not have: how two categories go together, and a slope no outlier can bend."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from datapilot.contracts.errors import UnknownMeasure

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
