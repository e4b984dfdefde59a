"""Relations that are no news: computed from each other, the mix of groups or time alone, or reversed in groups."""

import numpy as np

from datapilot.insights.statistics import Floats, are_slices, pearson, ranks, within_groups
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.words.meanings import name_words, names_total

LEAST_RHO = 0.25  # of Spearman; less is not told
LEAST_IN_STRATUM = 20
MOST_STRATA = 20
ARITHMETIC_ROWS = 2_000
COMPUTED = 0.995  # of Pearson's r between a column and what two others give; rounding and a discount stay below
LEFT_OVER = 0.5  # of what the nearer of two columns leaves unexplained by itself
DISCOUNTED, LEAST_PAID, NEARLY_ALL, _ROUNDING = 0.93, 0.2, 0.99, 0.02  # r, of the price, of the rows, logarithm
MOSTLY_ABOVE = 0.5  # of the rows above zero, or a product is not looked for
_MOST_CLASSES = 12
LEAST_PARTS = 2  # of a total
HALF_A_CENT = 0.005
STRETCHES = 20  # of time
_TERMS = frozenset({
    "years", "yrs", "months", "weeks", "days", "hours", "hrs", "minutes", "mins", "tenure",
    "jahre", "tage", "stunden", "ans", "jours", "años", "días", "anni", "giorni",
})  # fmt: skip


def is_reversed_within(subjects: Subjects, one: Quantity, other: Quantity, both: np.ndarray, sign: float) -> bool:
    """Whether in two thirds of a category's strata the ranks are clearly related the other way round (Simpson 1951)."""
    rows = np.flatnonzero(both)
    x, y = ranks(one.places[rows]), ranks(other.places[rows])
    for category in subjects.divisions:
        size = len(category.codes.labels)
        strata = category.codes.codes[rows]
        if size > MOST_STRATA:
            continue
        inside = strata >= 0
        n, sx, sy, sxx, syy, sxy = (
            np.bincount(strata[inside], weights=None if weights is None else weights[inside], minlength=size)
            for weights in (None, x, y, x * x, y * y, x * y)
        )
        enough = n >= LEAST_IN_STRATUM
        n, sx, sy, sxx, syy, sxy = (sums[enough] for sums in (n, sx, sy, sxx, syy, sxy))
        spread = np.sqrt(np.maximum((sxx - sx**2 / n) * (syy - sy**2 / n), 1e-12))
        clear = (sxy - sx * sy / n) / spread * np.sqrt(n)  # about normal where nothing is related
        if len(n) >= 2 and float(np.sum(clear * sign < -2)) >= 2 * len(n) / 3:
            return True
    return False


def is_arithmetic(subjects: Subjects, one: Quantity, other: Quantity) -> bool:
    """Whether one is computed from the other and a third: price times units, males and females, orders by visits; or
    is the total of all columns like it."""
    if any(_is_total_of(subjects, *pair) for pair in ((one, other), (other, one))):
        return True
    for third in subjects.quantities:
        if third.key in {one.key, other.key}:
            continue
        x, y, z = (quantity.values[:ARITHMETIC_ROWS] for quantity in (one, other, third))
        known = np.isfinite(x) & np.isfinite(y) & np.isfinite(z)
        if known.sum() < LEAST_IN_STRATUM:
            continue
        x, y, z = x[known], y[known], z[known]
        if any(_gives(*one) for one in ((y + z, x, y, z), (y - z, x, y, z), (z - x, y, x, z))):
            return True
        above = (x > 0) & (y > 0) & (z > 0)
        if above.mean() < MOSTLY_ABOVE or above.sum() < LEAST_IN_STRATUM:
            continue
        a, b, c = np.log(x[above]), np.log(y[above]), np.log(z[above])
        x, y, z = x[above], y[above], z[above]
        if any(_gives(*one) for one in ((y / z, x, y, 1 / z), (x / z, y, x, 1 / z))):
            return True  # the part that was good, beside what was not
        if any(_gives(*one) for one in ((b + c, a, b, c), (b - c, a, b, c), (c - a, b, a, c))):
            return True
        if any(_is_less_a_discount(total, one, other) for total, one, other in ((a, b, c), (b, a, c))):
            return True
    return False


def _gives(computed: Floats, total: Floats, *alone: Floats) -> bool:
    """Whether what was computed of two columns is a total, and far nearer to it than each of them alone: a price in
    another currency is the price already, whatever small number is added to it."""
    if not np.ptp(computed) or (r := abs(pearson(total, computed))) <= COMPUTED:
        return False
    nearest = max(abs(pearson(total, one)) if np.ptp(one) else 0.0 for one in alone)
    return bool(1 - r < LEFT_OVER * (1 - nearest))


def is_term_within(subjects: Subjects, one: Quantity, other: Quantity) -> bool:
    """Whether two columns of years, or of another term, lie one within the other or both within a third: who was long
    in a role was long in the firm."""
    terms = _TERMS.intersection(name_words(one.column)) & set(name_words(other.column))
    if not terms:
        return False
    wholes = (third for third in subjects.own_quantities if terms.intersection(name_words(third.column)))
    return any(_lies_within(one, whole) and _lies_within(other, whole) for whole in wholes)


def _lies_within(part: Quantity, whole: Quantity) -> bool:
    """Whether a quantity is never below zero and in nearly every row at most another, or itself."""
    both = np.isfinite(part.values) & np.isfinite(whole.values)
    x, y = part.values[both], whole.values[both]
    return bool(both.sum() >= LEAST_IN_STRATUM and x.min() >= 0 and float(np.mean(x <= y)) >= NEARLY_ALL)


def _is_less_a_discount(total: Floats, one: Floats, other: Floats) -> bool:
    """Whether an amount is a product less a part of it: price times units, of which a discount was given. All three
    are logarithms."""
    left = total - one - other
    if abs(pearson(total, one + other)) < DISCOUNTED or not np.ptp(other):
        return False
    return float(np.mean((left <= _ROUNDING) & (left >= np.log(LEAST_PAID)))) >= NEARLY_ALL


def is_class_of(codes: Floats, values: Floats) -> bool:
    """Whether few numbers only say in which slice another lies: levels 1 to 4 of years at school."""
    steps, place = np.unique(codes, return_inverse=True)
    if not LEAST_PARTS < len(steps) <= _MOST_CLASSES or len(np.unique(values)) <= len(steps):
        return False
    return are_slices(values, place)


def _is_total_of(subjects: Subjects, total: Quantity, part: Quantity) -> bool:
    """Whether the columns of a total's kind that are never above it, the part among them, add up to it."""
    if not names_total(total.column) or total.unit != part.unit:
        return False
    whole = total.values[:ARITHMETIC_ROWS]
    parts = [
        one for one in subjects.quantities
        if one.minus is None and one.key != total.key and one.unit == total.unit
        and not (one.values[:ARITHMETIC_ROWS] > whole).any()
    ]  # fmt: skip
    if part.key not in {one.key for one in parts} or len(parts) < LEAST_PARTS:
        return False
    summed = np.sum([one.values[:ARITHMETIC_ROWS] for one in parts], axis=0)
    known = np.isfinite(summed) & np.isfinite(whole)
    # Exports show amounts to the cent, each part and their total rounded by itself.
    in_cents = np.allclose(whole[known], np.round(whole[known], 2), rtol=0, atol=1e-9)
    apart = HALF_A_CENT * (len(parts) + 1) if in_cents and np.ptp(whole[known]) > 1 else 0.0
    return bool(known.sum() >= LEAST_IN_STRATUM and np.allclose(summed[known], whole[known], rtol=1e-6, atol=apart))


def is_mix_alone(subjects: Subjects, one: Quantity, other: Quantity, both: np.ndarray, sign: float) -> bool:
    """Whether nothing is left of a relation within the groups of a category: large channels have more of everything."""
    for category in subjects.divisions:
        rows = np.flatnonzero(both & (category.codes.codes >= 0))
        groups = len(category.codes.labels)
        if not 2 <= groups <= MOST_STRATA or len(rows) < groups * LEAST_IN_STRATUM:
            continue
        codes = category.codes.codes[rows]
        left = [within_groups(ranks(quantity.places[rows]), codes) for quantity in (one, other)]
        if min(float(np.ptp(part)) for part in left) == 0 or pearson(left[0], left[1]) * sign < LEAST_RHO / 2:
            return True
    return False


def is_time_alone(subjects: Subjects, one: Quantity, other: Quantity, both: np.ndarray, sign: float) -> bool:
    """Whether nothing is left of a relation between records of about the same time: both only drift."""
    if subjects.clock is None:
        return False
    rows = np.flatnonzero(both & np.isfinite(subjects.clock.days))
    if len(rows) < STRETCHES * LEAST_IN_STRATUM:
        return False
    stretch = np.empty(len(rows), dtype=np.int64)
    stretch[np.argsort(subjects.clock.days[rows], kind="stable")] = np.arange(len(rows)) * STRETCHES // len(rows)
    left = [within_groups(ranks(quantity.places[rows]), stretch) for quantity in (one, other)]
    return min(float(np.ptp(part)) for part in left) == 0 or pearson(left[0], left[1]) * sign < LEAST_RHO / 2
