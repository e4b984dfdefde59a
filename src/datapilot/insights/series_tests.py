"""The tests of a series of periods: does it have a direction, a change of level, a memory of its neighbour. What they
mean is said by the kinds."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from datapilot.engine.p_values import normal_tail, t_tail
from datapilot.insights.statistics import Floats, Ints, dot, lag1, mean, median, remembered, tie_variance

# Of 100,000 random walks of 20 periods so few rise or fall so steadily (tests/insights/test_statistics.py).
ONE_WAY, ONE_WAY_P, FEWEST_ONE_WAY = 0.97, 2e-4, 20
AT_ONCE = 0.5  # of the way from one level to another


class Trend(NamedTuple):
    """Theil-Sen slope per period, Kendall's tau, and the p-value of Mann & Kendall."""

    slope: float
    tau: float
    p_value: float


def trend(series: Floats) -> Trend:
    """Theil-Sen slope with the Mann-Kendall test, its variance widened when the residuals remember their neighbour.

    Persistence makes chance look like direction. The lag-1 correlation of the residuals is corrected for its bias on
    short series (Kendall 1954: r + (1 + 4r) / n) and the variance multiplied by (1 + r) / (1 - r); from .8 on nothing
    can be told from so few periods, unless nearly all of them follow in order, as smooth growth does. No correction is
    taken from libraries: those measured reject too often.
    """
    n = len(series)
    later, earlier = _pairs(n)
    rises = series[later] - series[earlier]
    slope = median(rises / (later - earlier))
    s = float(np.sign(rises).sum())
    variance = n * (n - 1) * (2 * n + 5) / 18 - tie_variance(series)
    if variance <= 0:
        return Trend(0.0, 0.0, 1.0)
    memory = cautious_memory(series - slope * np.arange(n))
    tau = 2 * s / (n * (n - 1))
    if memory >= 0.8:
        is_one_way = n >= FEWEST_ONE_WAY and abs(tau) >= ONE_WAY
        return Trend(slope, tau, ONE_WAY_P) if is_one_way else Trend(slope, 0.0, 1.0)
    z = (s - math.copysign(1, s)) / math.sqrt(variance * (1 + memory) / (1 - memory)) if s else 0.0
    return Trend(slope, tau, normal_tail(z))


@lru_cache(maxsize=8)
def _pairs(n: int) -> tuple[Ints, Ints]:
    """Return the places of all pairs of a series, the later and the earlier of each."""
    later, earlier = np.tril_indices(n, -1)
    return later, earlier


def cautious_memory(residuals: Floats) -> float:
    """Return the lag-1 correlation of a short series plus one standard error, 0 where none shows.

    A fitted trend or step takes part of the memory away with it, so the plain estimate is too low just when it counts:
    without the margin, 3 % of series with lag-1 correlation .6 pass at the .1 % level.
    """
    memory = remembered(residuals)
    return min(memory + 1 / math.sqrt(len(residuals)), 0.99) if memory > 0 else 0.0


class Shift(NamedTuple):
    """Where a series changes its level (the place of the first period of the new level), and the p-value."""

    at: int
    p_value: float


def level_shift(series: Floats, *, margin: int = 3) -> Shift:
    """The likeliest single change of level, each side at least `margin` periods long, and its p-value.

    Worsley (1979): the greatest two-sample t over all splits, here with the Bonferroni bound over the splits, damped
    by the memory of the residuals about both levels as in `trend`, and by one standard error of it where none shows:
    the split that looks best is the one that hides it. A change that comes at once carries at least half of the way
    between the levels, and most of it lasts: series that wander drift apart, and a spike is taken back.
    """
    n = len(series)
    splits = np.arange(margin, n - margin + 1)
    if len(splits) == 0:
        return Shift(0, 1.0)
    sums = np.cumsum(series)
    before = sums[splits - 1] / splits
    after = (sums[-1] - sums[splits - 1]) / (n - splits)
    between = (after - before) ** 2 * splits * (n - splits) / n
    at = int(splits[int(np.argmax(between))])
    gap, leap = median(series[at:]) - median(series[:at]), float(series[at] - series[at - 1])
    if leap * math.copysign(1, gap) < AT_ONCE * abs(gap):
        return Shift(at, 1.0)
    residuals = np.concatenate((series[:at] - mean(series[:at]), series[at:] - mean(series[at:])))
    # A fitted step takes memory away with it; the steps from period to period, the one at the split left out, keep it:
    # their own lag-1 correlation is -(1 - r) / 2.
    steps = np.delete(np.diff(series), at - 1)
    of_steps = 1 + 2 * lag1(steps - mean(steps))
    memory = max(cautious_memory(residuals), min(of_steps, 0.99), 1 / math.sqrt(n))
    spread = dot(residuals, residuals) / (n - 2)
    if memory >= 0.8:
        # Whatever a series remembers, its steps do not: the one at the split against the others.
        if abs(gap) < AT_ONCE * abs(leap):
            return Shift(at, 1.0)
        usual = float(np.std(steps))
        return Shift(at, min(1.0, t_tail(leap / usual, len(steps) - 1) * n) if usual > 0 else 1.0)
    if spread <= 0:
        return Shift(at, 0.0 if between.max() > 0 else 1.0)
    t = math.sqrt(float(between.max()) / spread * (1 - memory) / (1 + memory))
    return Shift(at, min(1.0, t_tail(t, n - 2) * len(splits)))
