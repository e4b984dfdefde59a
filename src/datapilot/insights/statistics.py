"""The tests behind the findings, on numpy arrays. Each returns numbers; what they mean is said by the kinds."""

import math
from collections import deque
from itertools import pairwise
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from datapilot.engine.p_values import chi2_tail, f_tail, t_tail

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Test(NamedTuple):
    """A test's outcome: its p-value under "nothing is there", an effect size (see the test), rows used."""

    p_value: float
    effect: float
    n: int


NO_TEST = Test(1.0, 0.0, 0)
TOP_SHARE = 0.01  # of the rows, without which a finding must stand
MOST_BETWEEN_SLICES = 0.1  # of the range; groups further apart are no slices of one quantity
LEAST_LOOKED_UP = 3  # groups; of two, one value each is a flag
MAD_TO_SIGMA = 1.4826  # equal to sigma on normal data (Rousseeuw & Croux 1993)


class _Ranked(NamedTuple):
    """An array, its average ranks, and how often each value of it occurs."""

    values: Floats | Ints
    ranks: Floats
    times: Ints


# Several questions are asked of one array in a row, or of its like: each would sort it again.
_LATELY: deque[_Ranked] = deque(maxlen=4)


def _ranked(values: Floats | Ints) -> _Ranked:
    known = next((one for one in _LATELY if one.values is values or np.array_equal(one.values, values)), None)
    if known is not None:
        return known
    if np.issubdtype(values.dtype, np.integer):
        rank, times = _counted(cast("Ints", values))
    else:
        rank, times = _sorted(cast("Floats", values))
    rank.flags.writeable = False
    _LATELY.append(_Ranked(values, rank, times))
    return _LATELY[-1]


def _counted(places: Ints) -> tuple[Floats, Ints]:
    """Ranks by counting: in a fifth of the time of sorting."""
    times = np.bincount(places)
    return (np.cumsum(times) - (times - 1) / 2)[places], times[times > 0]


def _sorted(values: Floats) -> tuple[Floats, Ints]:
    is_ordered = bool((values[1:] >= values[:-1]).all())  # as moments along a clock are
    order = slice(None) if is_ordered else np.argsort(values)  # not stable, hence faster: equal values share a rank
    ordered = values[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    ends = np.append(starts[1:], len(values))
    rank = np.empty(len(values))
    rank[order] = np.repeat((starts + ends + 1) / 2, ends - starts)
    return rank, ends - starts


def ranks(values: Floats | Ints) -> Floats:
    """Return average ranks from 1; ties share their mean rank. `values` may not be changed afterwards; whole numbers
    are `places` of values, which have the same ranks."""
    return _ranked(values).ranks


def within_groups(values: Floats, codes: Ints) -> Floats:
    """Return the values with the mean of their group taken off, in row order: what the groups do not explain."""
    sizes = np.maximum(np.bincount(codes), 1)
    return values - (np.bincount(codes, weights=values) / sizes)[codes]


def places_of(values: Floats) -> Ints:
    """Return each value's place among the distinct ones, from 0, and -1 where there is none: sorted once, the values
    of any rows are ranked by counting."""
    places = np.full(len(values), -1)
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known])]
    ordered = values[order]
    places[order] = np.cumsum(np.concatenate(([0], ordered[1:] != ordered[:-1]))) if len(order) else ()
    return places


def kruskal(values: Floats | Ints, codes: Ints, groups: int, *, kept: float = 1.0) -> Test:
    """Kruskal & Wallis (1952) with tie correction; effect is epsilon squared, H / (n - 1) (Kelley 1935), 0-1.

    `kept` is the share of the rows that count as independent (see `independent_share`).
    """
    n = len(values)
    sizes = np.bincount(codes, minlength=groups)
    filled = sizes > 0
    if n < 3 or filled.sum() < 2:
        return NO_TEST
    rank = ranks(values)
    sums = np.bincount(codes, weights=rank, minlength=groups)
    h = 12 / (n * (n + 1)) * float(np.sum(sums[filled] ** 2 / sizes[filled])) - 3 * (n + 1)
    tied = 1 - _tie_sum(values) / (n**3 - n)
    if tied <= 0:
        return NO_TEST
    h = max(h / tied, 0.0)
    return Test(chi2_tail(h * kept, int(filled.sum()) - 1), min(h / (n - 1), 1.0), n)


def spearman(x: Floats | Ints, y: Floats | Ints) -> Test:
    """Spearman's rank correlation; effect is rho, -1..1; p by Student's t on the rows that count as independent."""
    n = len(x)
    if n < 10:
        return NO_TEST
    rank_x, rank_y = ranks(x), ranks(y)
    rho = _pearson(rank_x, rank_y)
    unexplained = rank_y - mean(rank_y) - rho * (rank_x - mean(rank_x))
    kept = independent_share(remembered(rank_x), remembered(unexplained))
    return _correlation_test(rho, n, max(n * kept, 3.0))


def independent_share(memory1: float, memory2: float) -> float:
    """Return the share of the rows that count when both sides of a comparison remember their neighbour row.

    Two drifting series agree for long stretches by chance; their effective number is n (1 - r1 r2) / (1 + r1 r2)
    (Bartlett 1935; Pyper & Peterman 1998).
    """
    both = memory1 * memory2
    return (1 - both) / (1 + both)


def persistence(codes: Ints) -> float:
    """Return how much more often than by chance a row has the same category as the row before, 0-1."""
    if len(codes) < 3:
        return 0.0
    shares = np.bincount(codes) / len(codes)
    by_chance = dot(shares, shares)
    same = float(np.mean(codes[1:] == codes[:-1]))
    return min(max((same - by_chance) / max(1 - by_chance, 1e-9), 0.0), 0.99)


def independent_of_groups(values: Floats | Ints, codes: Ints) -> float:
    """Return the share of the rows that count where values are compared between groups: by how groups follow each other
    in the rows, and how well what the groups do not explain remembers its neighbour."""
    return independent_share(persistence(codes), remembered(within_groups(ranks(values), codes)))


def pearson(x: Floats, y: Floats) -> float:
    """Return Pearson's r, 0 where either side does not vary."""
    return _pearson(x, y)


def contingency(codes1: Ints, codes2: Ints, groups1: int, groups2: int) -> Ints:
    """Return the counts of every pair of codes, one row per code of the first."""
    flat = np.bincount(codes1 * groups2 + codes2, minlength=groups1 * groups2)
    return flat.reshape(groups1, groups2)


def association(counts: Ints, *, kept: float = 1.0) -> Test:
    """Chi-square of independence; effect is the bias-corrected V of Cramer (Bergsma 2013), 0-1.

    Sparse tables are refused: where more than a fifth of the expected counts lie below 5 (Cochran 1954) the
    chi-square approximation does not hold. `kept` as in `kruskal`.
    """
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    n = int(counts.sum())
    rows, columns = counts.shape
    if n < 20 or rows < 2 or columns < 2:
        return NO_TEST
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    if float(np.mean(expected < 5)) > 0.2 or float(expected.min()) < 0.5:
        return NO_TEST
    statistic = float(np.sum((counts - expected) ** 2 / expected))
    phi2 = max(0.0, statistic / n - (rows - 1) * (columns - 1) / (n - 1))
    side1, side2 = rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)
    v = math.sqrt(phi2 / max(min(side1 - 1, side2 - 1), 1e-9))
    return Test(chi2_tail(statistic * kept, (rows - 1) * (columns - 1)), min(v, 1.0), n)


def evenness(counts: Floats | Ints, *, dispersion: float = 1.0) -> Test:
    """Chi-square of equal shares; effect is Cohen's w. `dispersion` is the variance per unit of mean: 1 for counts,
    mean of squares / mean for sums of amounts."""
    total = float(counts.sum())
    if total <= 0 or len(counts) < 2:
        return NO_TEST
    expected = total / len(counts)
    statistic = float(np.sum((counts - expected) ** 2) / expected)
    return Test(chi2_tail(statistic / dispersion, len(counts) - 1), math.sqrt(statistic / total), len(counts))


def without_top(sizes: Floats) -> NDArray[np.bool_]:
    """Return which rows are left when the furthest TOP_SHARE of them, at least one, are dropped: what a finding says
    must be true of these too."""
    kept = np.ones(len(sizes), dtype=np.bool_)
    dropped = max(1, int(TOP_SHARE * len(sizes)))
    kept[np.argpartition(-sizes, min(dropped, len(sizes) - 1))[:dropped]] = False
    return kept


def median(values: Floats) -> float:
    """Return what numpy's median gives, four times faster on a short array without missing values."""
    half = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, half)[half])
    low, high = np.partition(values, (half - 1, half))[half - 1 : half + 1].tolist()
    return float(low + high) / 2


def remembered(residuals: Floats) -> float:
    """Return the lag-1 correlation, corrected for the bias of short series, 0 where negative."""
    n = len(residuals)
    centred = residuals - mean(residuals)
    if n < 4:
        return 0.0
    r = lag1(centred)
    return min(max(r + (1 + 4 * r) / n, 0.0), 0.99)


def lag1(centred: Floats) -> float:
    power = dot(centred, centred)
    return dot(centred[1:], centred[:-1]) / power if power > 0 else -0.5


def dot(one: Floats, other: Floats) -> float:
    """Not BLAS: its threads cost more than they save here, and add in an order that changes the last digits."""
    return float(np.add.reduce(one * other))


def mean(values: Floats) -> float:
    """Return what numpy's mean gives, in half the time on a short array; not for an empty one."""
    return float(np.add.reduce(values)) / len(values)


def robust_z(values: Floats) -> Floats:
    """Return how many robust standard deviations each value lies from the median; zeros where half are equal."""
    middle = float(np.median(values))
    spread = MAD_TO_SIGMA * float(np.median(np.abs(values - middle)))
    return (values - middle) / spread if spread > 0 else np.zeros(len(values))


def are_slices(values: Floats, codes: Ints) -> bool:
    """Whether groups are slices of the quantity itself (size classes): they follow each other, none overlaps."""
    ends = sorted((float(values[codes == code].min()), float(values[codes == code].max())) for code in np.unique(codes))
    gaps = [low - high for (_, high), (low, _) in pairwise(ends)]
    if min(gaps) <= 0 or all(low == high for low, high in ends):
        return False
    step = float(np.diff(np.unique(values)).min())
    return max(gaps) <= max(MOST_BETWEEN_SLICES * float(np.ptp(values)), step)


def is_looked_up(values: Floats, codes: Ints) -> bool:
    """Whether every group has one value in all its rows: an attribute of the group, repeated, that has no average."""
    if np.ptp(values[codes == codes[0]]) > 0:
        return False  # which one group shows for nearly all quantities
    lows, highs = np.full(int(codes.max()) + 1, np.inf), np.full(int(codes.max()) + 1, -np.inf)
    np.minimum.at(lows, codes, values)
    np.maximum.at(highs, codes, values)
    filled = np.isfinite(lows)
    return bool(filled.sum() >= LEAST_LOOKED_UP and (lows[filled] == highs[filled]).all())


def by_threshold(p_values: Floats, q: float) -> float:
    """Return the largest p-value accepted at false discovery rate `q`, -1 for none.

    Benjamini & Yekutieli (2001): holds under any dependence between the tests, which share columns.
    """
    m = len(p_values)
    if m == 0:
        return -1.0
    ordered = np.sort(p_values)
    harmonic = float(np.sum(1 / np.arange(1, m + 1)))
    accepted = ordered <= q * np.arange(1, m + 1) / (m * harmonic)
    return float(ordered[np.flatnonzero(accepted)[-1]]) if accepted.any() else -1.0


def binomial_tail(count: int, n: int, share: float) -> float:
    """Return P(X >= count) of `n` draws with probability `share` each, by way of Fisher's F."""
    if count <= 0 or share >= 1:
        return 1.0
    if share <= 0 or count > n:
        return 0.0
    above, below = 2 * (n - count + 1), 2 * count
    return f_tail(below * (1 - share) / (share * above), above, below)


def _pearson(x: Floats, y: Floats) -> float:
    a, b = x - mean(x), y - mean(y)
    scale = math.sqrt(dot(a, a) * dot(b, b))
    return max(-1.0, min(1.0, dot(a, b) / scale)) if scale > 0 else 0.0


def _correlation_test(r: float, n: int, independent: float) -> Test:
    if abs(r) >= 1:
        return Test(0.0, r, n)
    return Test(t_tail(r * math.sqrt((independent - 2) / (1 - r * r)), independent - 2), r, n)


def _ties(values: Floats | Ints) -> Floats:
    counts = _ranked(values).times.astype(np.float64)
    return counts[counts > 1]


def _tie_sum(values: Floats | Ints) -> float:
    ties = _ties(values)
    return float(np.sum(ties**3 - ties))


def tie_variance(values: Floats) -> float:
    if len(set(values.tolist())) == len(values):
        return 0.0
    ties = _ties(values)
    return float(np.sum(ties * (ties - 1) * (2 * ties + 5))) / 18
