"""Tail probabilities of four distributions, on the standard library alone.

Why not scipy.special: its import takes 0.29 s on two cores, as long as the whole analysis of 10,000 rows. The series
and continued fractions are those of Press et al., Numerical Recipes (3rd ed. 2007), 6.2 and 6.4; the tests compare
them with scipy.
"""

import math

_TINY = 1e-300
_PRECISION = 1e-14
_MOST_TERMS = 10_000


def normal_tail(z: float) -> float:
    """Return P(|Z| >= |z|) of the standard normal: two-sided."""
    return math.erfc(abs(z) / math.sqrt(2))


def chi2_tail(statistic: float, degrees: float) -> float:
    """Return P(X >= statistic) of chi-square."""
    if statistic <= 0 or degrees <= 0:
        return 1.0
    return _upper_gamma(degrees / 2, statistic / 2)


def f_tail(statistic: float, degrees1: float, degrees2: float) -> float:
    """Return P(X >= statistic) of Fisher's F."""
    if statistic <= 0 or degrees1 <= 0 or degrees2 <= 0:
        return 1.0
    return _beta(degrees2 / (degrees2 + degrees1 * statistic), degrees2 / 2, degrees1 / 2)


def t_tail(statistic: float, degrees: float) -> float:
    """Return P(|T| >= |statistic|) of Student's t: two-sided."""
    if degrees <= 0:
        return 1.0
    return _beta(degrees / (degrees + statistic * statistic), degrees / 2, 0.5)


def poisson_tail(count: int, mean: float) -> float:
    """Return P(X >= count) of a Poisson variable."""
    if count <= 0:
        return 1.0
    return 1.0 - _upper_gamma(count, mean) if mean > 0 else 0.0


def _upper_gamma(a: float, x: float) -> float:
    """Return the regularised upper incomplete gamma function Q(a, x)."""
    if x <= 0:
        return 1.0
    front = math.exp(min(a * math.log(x) - x - math.lgamma(a), 700))
    if x < a + 1:
        term = total = 1 / a
        denominator = a
        for _ in range(_MOST_TERMS):
            denominator += 1
            term *= x / denominator
            total += term
            if term < total * _PRECISION:
                break
        return max(0.0, 1 - total * front)
    b = x + 1 - a
    c = 1 / _TINY
    d = 1 / b
    fraction = d
    for i in range(1, _MOST_TERMS):
        an = -i * (i - a)
        b += 2
        d = 1 / _away_from_zero(an * d + b)
        c = _away_from_zero(b + an / c)
        fraction *= d * c
        if abs(d * c - 1) < _PRECISION:
            break
    return min(1.0, front * fraction)


def _beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    front = math.exp(log_front)
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1 - front * _beta_fraction(1 - x, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, _MOST_TERMS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away_from_zero(1 + numerator * d)
            c = _away_from_zero(1 + numerator / c)
            fraction *= d * c
        if abs(d * c - 1) < _PRECISION:
            break
    return fraction


def _away_from_zero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY
