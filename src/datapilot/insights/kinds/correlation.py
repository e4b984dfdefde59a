"""Two quantities that move together: "Higher discount goes with lower margin (correlation -0.61)".

Test: Spearman's rank correlation; effect: its rho. The number shown is Pearson's r of all rows; where the two
disagree, a few extreme rows make the figure, and nothing is said. Dropped when the strata of a category show the
opposite sign (Simpson 1951). The sentence compares the low with the high end, cut at round numbers: nobody needs
statistics to read that.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, FilterOp, Measure
from datapilot.insights.advice import Relation, on_relation
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.kinds.against_plan import is_plan_of
from datapilot.insights.natures import Nature, is_price, is_profit, is_result, is_verdict, nature_of
from datapilot.insights.owners import owner
from datapilot.insights.phrases import (
    fact_slot,
    is_are,
    limit_slot,
    number,
    p_text,
    rows_text,
    spelled_out,
    without_sentinel,
)
from datapilot.insights.statistics import Floats, Test, are_slices, pearson, ranks, spearman, within_groups, without_top
from datapilot.insights.subjects import Quantity, Subjects
from datapilot.words.labels import label
from datapilot.words.meanings import names_total

LEAST_RHO = 0.25
SAME = 0.995  # the two say the same
LEAST_IN_STRATUM = 20
LEAST_ZEROS, MOST_ZEROS = 0.25, 0.95  # of the rows; then zero against the rest says more than two ends
LEAST_END, MOST_END = 0.08, 0.5  # of the rows beyond a round number that stands for low or high
MOST_STRATA = 20
ARITHMETIC_ROWS = 2_000
COMPUTED = 0.995  # of Pearson's r between a column and what two others give; rounding and a discount stay below
DISCOUNTED, LEAST_PAID, NEARLY_ALL, _ROUNDING = 0.93, 0.2, 0.99, 0.02  # r, of the price, of the rows, logarithm
MOSTLY_ABOVE = 0.5  # of the rows above zero, or a product is not looked for
FEWEST_IN_BRACKET, LEAST_BRACKET = 5, 0.03  # rows, and of all rows
MOST_EDGES = 4
_MOST_CLASSES = 12
TURNS_INTO_LOSS = 0.75
LEAST_PARTS = 2  # of a total
HALF_A_CENT = 0.005
MOSTLY_ONE = 0.9  # of Pearson's r between two quantities that a third goes with for one reason
STRETCHES = 20  # of time
WITHOUT_ENDS = 0.6  # a relation that only its coefficient shows
OF_ONE_MEASURE = 0.6  # marks in two subjects, a value before and after
OF_NO_AIM = 0.85  # neither is known to be what people work for
OF_THINGS_MET = 0.75  # a large flat is dear: true, and nothing to be done
OF_VOLUMES = 0.7  # that one amount grows with another is half known
FEWEST_PARALLEL = 4  # columns
_MONTH_NAMES = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
})  # fmt: skip
_MONTHS, _SHORT_MONTH = frozenset(name[:3] for name in _MONTH_NAMES), "jan"
_PARALLEL = 0.8  # of Pearson's r, the median of their pairs
_FORMS_BEFORE = frozenset({"", "l", "ln", "log", "sqrt", "sq", "avg", "adj"})
_FORMS_AFTER = frozenset(
    {"", "grp", "group", "cat", "class", "bin", "band", "bracket", "sq", "log", "idx", "adj", "cum"}
)
_LEAST_STEM, _LEAST_START = 5, 3  # letters
_ALIKE = 0.95  # two quantities in one unit that agree so closely are mostly one thing measured twice
_COMES_FIRST: dict[Nature, int] = {"met": 0, "set": 1, "unknown": 2, "outcome": 2}
_LAST = 3
_MOST_APART = 0.35  # between Pearson and Spearman


def find_correlations(subjects: Subjects) -> Iterator[tuple[Test | None, Candidate | None]]:
    """Yield the test of every pair of quantities that have no column in common, then the clearest of each relation:
    budget and gross, whether or not in money of another year."""
    parallel = _parallel(subjects)
    clearest: dict[frozenset[str], Candidate] = {}
    for one, other in combinations(subjects.quantities, 2):
        if set(one.columns) & set(other.columns) or (one.column in parallel and other.column in parallel):
            continue
        if (one.is_echo or other.is_echo) and not _echo_pair(one, other):
            continue
        both = np.isfinite(one.values) & np.isfinite(other.values)
        x, y = one.values[both], other.values[both]
        if len(x) < 20 or x.min() == x.max() or y.min() == y.max():
            continue
        test = spearman(one.places[both], other.places[both])
        yield test, None
        candidate = _candidate(subjects, one, other, both=both, test=test) if abs(test.effect) >= LEAST_RHO else None
        about = frozenset((_stem(one), _stem(other)))
        if candidate is not None and (about not in clearest or clearest[about].effect < candidate.effect):
            clearest[about] = candidate
    yield from ((None, candidate) for candidate in _each_once(subjects, list(clearest.values())))


def _each_once(subjects: Subjects, candidates: list[Candidate]) -> Iterator[Candidate]:
    """Leave out a relation of which a clearer one is told: length, width and weight of one thing and its price."""
    values = {f"{one.key}": one.values for one in subjects.quantities}
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda one: -one.effect):
        if not any(_says_again(candidate.subject, one.subject, values) for one in kept):
            kept.append(candidate)
            yield candidate


def _says_again(one: tuple[str, ...], other: tuple[str, ...], values: Mapping[str, Floats]) -> bool:
    shared, apart = set(one) & set(other), set(one) ^ set(other)
    if len(shared) != 1 or len(apart) != 2:
        return False
    x, y = (values[key] for key in apart)
    both = np.isfinite(x) & np.isfinite(y)
    return bool(both.sum() >= 20 and abs(pearson(x[both], y[both])) > MOSTLY_ONE)


def _stem(quantity: Quantity) -> str:
    """Return the words of a name without figures and signs: the same for `budget` and `budget_2013$`."""
    words = re.split(r"[\W\d_]+", label(quantity.column).lower())
    return " ".join(word for word in words if len(word) > 1) or quantity.column


def _parallel(subjects: Subjects) -> frozenset[str]:
    """Return columns of one unit that nearly all move together, or that are numbered or named by month: one question
    asked of many groups, no relations."""
    alike: dict[str, list[Quantity]] = {}
    for quantity in subjects.quantities:
        if quantity.unit is not None and quantity.minus is None:
            alike.setdefault(quantity.unit, []).append(quantity)
    found: list[str] = []
    families: dict[str, list[str]] = {}
    for quantity in subjects.quantities:
        if quantity.minus is None and (family := _family(quantity.column)) is not None:
            families.setdefault(family, []).append(quantity.column)
    found += [column for columns in families.values() if len(columns) >= FEWEST_PARALLEL for column in columns]
    for group in alike.values():
        if len(group) >= FEWEST_PARALLEL:
            pairs = (
                (one.values, other.values, np.isfinite(one.values) & np.isfinite(other.values))
                for one, other in combinations(group, 2)
            )
            if float(np.median([abs(pearson(x[both], y[both])) for x, y, both in pairs if both.sum() > 1])) > _PARALLEL:
                found += [quantity.column for quantity in group]
    return frozenset(found)


def _family(column: str) -> str | None:
    """Return what a numbered column is one of ("score" for `score_3`), "month" for `Mar`; None for the rest."""
    said = label(column).lower()
    if said[:3] in _MONTHS and (len(said) == len(_SHORT_MONTH) or said in _MONTH_NAMES):
        return "month"
    stem = re.sub(r"[\d_.\s]+", "", said)
    return stem if any(character.isdigit() for character in said) else None


def _candidate(subjects: Subjects, one: Quantity, other: Quantity, *, both: np.ndarray, test: Test) -> Candidate | None:
    x, y = one.values[both], other.values[both]
    r = pearson(x, y)
    keep = without_top(np.abs((x - x.mean()) * (y - y.mean())))
    if np.sign(r) != np.sign(test.effect) or abs(r - test.effect) > _MOST_APART or abs(r) < LEAST_RHO / 1.5:
        return None
    if pearson(x[keep], y[keep]) * np.sign(r) < LEAST_RHO / 1.5 or are_versions(one, other):
        return None
    cause, outcome = in_order_of_cause(one, other)
    filters = tuple(dict.fromkeys((*one.filters, *other.filters)))
    if cause.minus is not None and outcome.minus is not None:
        return None
    lasting, plain = (cause, outcome) if cause.minus is not None else (outcome, cause)
    link = Measure(
        metric="correlation", column=lasting.column, minus=lasting.minus, column2=plain.column, filters=filters
    )
    quarters = ends_of(cause, outcome, cause.values[both])

    def word(facts: Facts) -> Wording | None:
        return _word(subjects, facts, cause, outcome, link=link, quarters=quarters)

    return Candidate(
        kind="correlation", columns=(*cause.columns, *outcome.columns), measures=(link, *quarters), word=word,
        impact=min(1.0, test.n / len(subjects.cells.rows)),
        effect=_effect(cause, outcome, both=both, rho=test.effect) * _weight(one, other, r)
        * (1.0 if quarters else WITHOUT_ENDS),
        n=test.n, p_value=test.p_value,
        statistics=f"Spearman ρ = {test.effect:.2f}, {p_text(test.p_value)}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{one.key}", f"{other.key}"),
        stands=lambda: not (
            _reverses(subjects, one, other, both, float(np.sign(test.effect)))
            or is_arithmetic(subjects, one, other)
            or _is_class_of(x, y)
            or _is_class_of(y, x)
            or _is_mix_alone(subjects, one, other, both, float(np.sign(test.effect)))
            or is_time_alone(subjects, one, other, both, float(np.sign(test.effect)))
        ),
    )  # fmt: skip


def in_order_of_cause(one: Quantity, other: Quantity) -> tuple[Quantity, Quantity]:
    """Return the condition and the outcome of two quantities, as far as their kinds and names tell.

    A duration is the outcome, but for what people say when it is over; an amount is what comes out, prices and rates
    go in.
    """
    if one.minus is not None and other.minus is None and is_verdict(other):
        return one, other
    if other.minus is not None and one.minus is None and is_verdict(one):
        return other, one
    is_outcome = one.minus is not None or (one.adds_up and not other.adds_up and other.minus is None)
    places = [_place(one, other), _place(other, one)]
    if other.minus is None and one.minus is None and places[0] != places[1]:
        is_outcome = places[0] > places[1]
    return (other, one) if is_outcome else (one, other)


def _place(quantity: Quantity, other: Quantity) -> int:
    """Return when a quantity comes: a price is set where something is sold at it, and found where it is the price of
    things with such a size."""
    if is_price(quantity) and nature_of(other) in {"met", "unknown"}:
        return _LAST
    if is_result(quantity):
        return _LAST
    return _COMES_FIRST[nature_of(quantity)]


def ends_of(
    cause: Quantity, outcome: Quantity, values: Floats, *, where: tuple[Filter, ...] = ()
) -> tuple[Measure, ...]:
    """Return the outcome's mean where the condition is low and where it is high, then in the brackets between round
    numbers (of many zeros, above zero), lowest first; () where it has no two ends.

    `values` are the condition's, of the rows `where`.
    """

    def mean(*conditions: Filter) -> Measure:
        return outcome.measure("mean", where=(*conditions, *where, *cause.filters))

    def condition(op: FilterOp, edge: float) -> Filter:
        return Filter(column=cause.column, minus=cause.minus, op=op, value=_whole(edge))

    if LEAST_ZEROS <= float(np.mean(values == 0)) <= MOST_ZEROS and values.min() >= 0:
        steps = _brackets(values[values > 0])
        positive = tuple(
            mean(
                condition("gt", 0) if start is None else condition("ge", start),
                *((condition("lt", end),) if end is not None else ()),
            )
            for start, end in zip((None, *steps), (*steps, None), strict=True)
        )
        return (mean(condition("eq", 0)), mean(condition("gt", 0)), *(positive if steps else ()))
    edges = edges_of(values)
    if edges is None:
        return ()
    below, above = condition("lt", edges[0]), condition("ge", edges[1])
    between = _brackets(values)
    brackets = tuple(
        mean(
            *((condition("ge", start),) if start is not None else ()),
            *((condition("lt", end),) if end is not None else ()),
        )
        for start, end in zip((None, *between), (*between, None), strict=True)
    )
    return (mean(below), mean(above), *(brackets if len(between) > 1 else ()))


def edges_of(values: Floats) -> tuple[float, float] | None:
    """Return two edges, round where they can be, that cut off the low and the high end; None where there are none."""
    return _round_edges(values) or _quarters(values)


def _whole(edge: float) -> int | float:
    return int(edge) if float(edge).is_integer() else edge


def _brackets(values: Floats) -> tuple[float, ...]:
    """Return at most MOST_EDGES round numbers that cut the values into brackets with enough rows each."""
    if values.min() < 0 or values.max() <= 0:
        return ()
    ordered = np.sort(values)
    enough = max(FEWEST_IN_BRACKET, LEAST_BRACKET * len(values))
    powers = 10.0 ** np.arange(np.floor(np.log10(values.max())) - 3, np.floor(np.log10(values.max())) + 1)
    for steps in ((1, 2, 5), (1, 5), (1,)):
        edges, last = list[float](), 0
        for edge in (float(f"{one:.6g}") for one in np.unique(np.outer(powers, steps))):
            at = int(np.searchsorted(ordered, edge))
            if at - last >= enough and len(values) - at >= enough:
                edges.append(edge)
                last = at
        if len(edges) <= MOST_EDGES:
            return tuple(edges)
    return ()


def _round_edges(values: Floats) -> tuple[float, float] | None:
    """Return two round numbers that cut off about a quarter at either end: "below 1,000", "5,000 or more"."""
    largest = float(np.abs(values).max())
    if values.min() < 0 or largest <= 0:
        return None
    # An edge that cuts off nothing but zeros is no amount.
    least = float(values[values > 0].min()) if (values == 0).any() else 0.0
    powers = 10.0 ** np.arange(np.floor(np.log10(largest)) - 4, np.floor(np.log10(largest)) + 1)
    for steps in ((1, 5), (1, 2, 5), (1, 2, 3, 4, 5, 6, 7, 8, 9)):
        rounds = np.unique(np.outer(powers, steps))
        rounds = np.array([edge for edge in (float(f"{edge:.6g}") for edge in rounds) if edge > least])
        below = np.searchsorted(np.sort(values), rounds) / len(values)
        lows, highs = rounds[_fits(below)], rounds[_fits(1 - below)]
        if len(lows) and len(highs):
            low = lows[int(np.argmin(np.abs(below[_fits(below)] - 1 / 4)))]
            high = highs[int(np.argmin(np.abs(below[_fits(1 - below)] - 3 / 4)))]
            if low < high:
                return float(low), float(high)
    return None


def _fits(share: Floats) -> np.ndarray:
    return (share >= LEAST_END) & (share <= MOST_END)


def _quarters(values: Floats) -> tuple[float, float] | None:
    """Three figures are enough for where a quarter begins. Where few different values leave too few rows beyond one,
    the next value that has enough takes its place."""
    low, high = (float(f"{edge:.3g}") for edge in np.quantile(values, [0.25, 0.75]))
    steps = np.unique(values)
    if float(np.mean(values < low)) < LEAST_END:
        low = next((float(edge) for edge in steps if edge > low and float(np.mean(values < edge)) >= LEAST_END), high)
    if low >= high:
        high = next((float(edge) for edge in steps if edge > low), low)
    return (low, high) if low < high and float(np.mean(values >= high)) >= LEAST_END else None


def _effect(cause: Quantity, outcome: Quantity, *, both: np.ndarray, rho: float) -> float:
    """Return how strong a relation is; the more where a profit turns into a loss from one end to the other."""
    edges = edges_of(cause.values[both])
    if not is_profit(outcome) or edges is None:
        return abs(rho)
    values, results = cause.values[both], outcome.values[both]
    sides = (values == 0, values > 0) if float(np.mean(values == 0)) >= LEAST_ZEROS else (
        values < edges[0], values >= edges[1]
    )  # fmt: skip
    low, high = (float(results[side].mean()) if side.any() else 0.0 for side in sides)
    return max(abs(rho), TURNS_INTO_LOSS) if low * high < 0 else abs(rho)


def _weight(one: Quantity, other: Quantity, r: float) -> float:
    if _is_one_thing(one, other, r):
        return 0.4
    weight = 0.9 * (OF_VOLUMES if one.adds_up and other.adds_up else 1.0)
    if _measure_alike(one, other):
        weight *= OF_ONE_MEASURE
    if not any(nature_of(quantity) == "outcome" or is_price(quantity) for quantity in (one, other)):
        weight *= OF_NO_AIM
    return weight * (OF_THINGS_MET if "met" in (nature_of(one), nature_of(other)) else 1.0)


def _measure_alike(one: Quantity, other: Quantity) -> bool:
    """Whether two names end in the same word: math score and writing score."""
    first, second = (label(quantity.column).lower().split() for quantity in (one, other))
    is_word = first[-1].isalpha() and len(first[-1]) >= _LEAST_START
    return (
        one.minus is None
        and other.minus is None
        and min(len(first), len(second)) > 1
        and (is_word and first[-1] == second[-1])
    )


def _is_one_thing(one: Quantity, other: Quantity, r: float) -> bool:
    return abs(r) > SAME or (abs(r) > _ALIKE and one.unit == other.unit and one.minus is None and other.minus is None)


def _echo_pair(one: Quantity, other: Quantity) -> bool:
    """An echo is told once, beside what it repeats."""
    both = np.isfinite(one.values) & np.isfinite(other.values)
    return (
        bool(both.sum() >= 20)
        and one.is_echo != other.is_echo
        and abs(pearson(one.values[both], other.values[both])) > SAME
    )


def are_versions(one: Quantity, other: Quantity) -> bool:
    """Whether the names say that one is the other in other clothes: `budget` and `budget_2013$`, or two years, or a
    column of the days between two dates beside the dates."""
    if is_plan_of(one, other) or is_plan_of(other, one):
        return True
    if any(quantity.own_name == label(third.column).lower() for quantity, third in ((one, other), (other, one))):
        return True
    first, second = (
        {word for word in re.split(r"[\W\d_]+", label(quantity.column).lower()) if word} for quantity in (one, other)
    )
    written = ["".join(re.split(r"[\W_]+", label(quantity.column).lower())) for quantity in (one, other)]
    if any(_is_form_of(*pair) for pair in (written, written[::-1])):
        return True
    if "" in written:  # the label of “pct” is a sign, which is no part of every name
        return False
    return first <= second or second <= first or any(_share_a_stem(a, b) for a in first for b in second)


def _is_form_of(one: str, other: str) -> bool:
    """Whether a name is another with a mark of what was done to it: agegrp, logwage, income2."""
    if len(other) < _LEAST_START:
        return False
    before, found, after = one.partition(other)
    is_marked = before in _FORMS_BEFORE and (after in _FORMS_AFTER or after.isdigit())
    return bool(found) and is_marked


def _share_a_stem(one: str, other: str) -> bool:
    """Whether two long words end alike and only begin apart: domgross and intgross, but not weight and height."""
    shared = next((n for n in range(min(len(one), len(other)), 0, -1) if one[-n:] == other[-n:]), 0)
    return shared >= _LEAST_STEM and min(len(one), len(other)) - shared >= _LEAST_START


def _reverses(subjects: Subjects, one: Quantity, other: Quantity, both: np.ndarray, sign: float) -> bool:
    """Whether within two thirds of a category's strata the ranks are clearly related the other way round."""
    rows = np.flatnonzero(both)
    x, y = ranks(one.places[rows]), ranks(other.places[rows])
    for category in subjects.categories:
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
        if third.key in {one.key, other.key} or third.minus is not None:
            continue
        x, y, z = (quantity.values[:ARITHMETIC_ROWS] for quantity in (one, other, third))
        known = np.isfinite(x) & np.isfinite(y) & np.isfinite(z)
        if known.sum() < LEAST_IN_STRATUM:
            continue
        x, y, z = x[known], y[known], z[known]
        if any(abs(pearson(total, part)) > COMPUTED for total, part in ((x, y + z), (x, y - z), (y, z - x))):
            return True
        above = (x > 0) & (y > 0) & (z > 0)
        if above.mean() < MOSTLY_ABOVE or above.sum() < LEAST_IN_STRATUM:
            continue
        a, b, c = np.log(x[above]), np.log(y[above]), np.log(z[above])
        if any(abs(pearson(total, part)) > COMPUTED for total, part in ((a, b + c), (a, b - c), (b, c - a))):
            return True
        if any(_is_less_a_discount(total, one, other) for total, one, other in ((a, b, c), (b, a, c))):
            return True
    return False


def _is_less_a_discount(total: Floats, one: Floats, other: Floats) -> bool:
    """Whether an amount is a product less a part of it: price times units, of which a discount was given. All three
    are logarithms."""
    left = total - one - other
    if abs(pearson(total, one + other)) < DISCOUNTED or not np.ptp(other):
        return False
    return float(np.mean((left <= _ROUNDING) & (left >= np.log(LEAST_PAID)))) >= NEARLY_ALL


def _is_class_of(codes: Floats, values: Floats) -> bool:
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


def _is_mix_alone(subjects: Subjects, one: Quantity, other: Quantity, both: np.ndarray, sign: float) -> bool:
    """Whether nothing is left of a relation within the groups of a category: large channels have more of everything."""
    for category in subjects.categories:
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


def _word(
    subjects: Subjects,
    facts: Facts,
    cause: Quantity,
    outcome: Quantity,
    *,
    link: Measure,
    quarters: tuple[Measure, ...],
) -> Wording | None:
    r = number(facts, link.fact_id)
    if r is None or abs(r) < LEAST_RHO / 1.5:
        return None
    who = owner(*outcome.columns, *cause.columns)
    shown = fact_slot(facts[link.fact_id], "coefficient")
    if abs(r) > SAME:
        return Wording(
            f"{cause.name} and {outcome.name} say nearly the same (correlation {shown})",
            f"Over {{{link.fact_id}|n}} records each follows from the other.{without_sentinel(cause)}",
            "data", f"Keep one of {cause.name} and {outcome.name} in reports and models: together they count twice.",
            story=f"{cause.name} follows from {outcome.name} almost exactly (correlation {shown}).",
        )  # fmt: skip
    told = relation(facts, cause, outcome, quarters, r, shown=shown)
    headline, detail, story = told.headline, told.detail, told.story
    detail += (
        f"The correlation between {cause.name} and {outcome.name} is {shown} over {{{link.fact_id}|n}} records; "
        f"it does not say which causes which.{spelled_out(cause, outcome)}{without_sentinel(cause)}"
    )
    found = Relation(cause, outcome, r, facts[link.fact_id].n, f"{{{link.fact_id}|n}}", *told.ends)
    return Wording(headline, detail, who, on_relation(found, subjects), story=story)


class Told(NamedTuple):
    """A relation in words: its headline, its detail, another way to say it, and how its two ends are called."""

    headline: str
    detail: str
    story: str
    ends: tuple[str, ...] = ()


def relation(
    facts: Facts, cause: Quantity, outcome: Quantity, ends: tuple[Measure, ...], r: float, *, shown: str
) -> Told:
    """Return the words of a relation, by its two ends where they show it and else by `shown`."""
    direction = "higher" if r > 0 else "lower"
    if outcome.minus is not None:
        direction = "longer" if r > 0 else "shorter"
    goes = "go" if cause.minus is None and is_are(cause.column) == "are" else "goes"
    more = "higher" if cause.minus is None else "longer"
    headline = f"{more} {cause.name} {goes} with {direction} {outcome.name}"
    edges = _shown_ends(facts, ends, r)
    if edges is None:
        way = "in the same direction" if r > 0 else "in opposite directions"
        story = f"{cause.name} and {outcome.name} tend to move {way} (correlation {shown})."
        return Told(f"{headline} (correlation {shown})", "", story)
    low, high = (fact_slot(facts[one.fact_id]) for one in ends[:2])
    where_low, where_high = f"below {limit_slot(cause, edges[0])}", f"at {limit_slot(cause, edges[1])} or more"
    if edges[0] == edges[1]:
        where_low, where_high = f"at {limit_slot(cause, edges[0])}", "above"
    called = (where_low, where_high if edges[0] != edges[1] else f"above {limit_slot(cause, edges[0])}")
    detail = (
        f"That is the average {outcome.name} of {{{ends[0].fact_id}|n}} records with {cause.name} {where_low} "
        f"and of {{{ends[1].fact_id}|n}} {where_high}. "
    )
    return Told(
        headline=f"{headline}: average {low} {where_low}, {high} {where_high}",
        detail=detail + _by_brackets(facts, cause, outcome, ends[2:]),
        story=_story(cause, outcome, low=(low, called[0]), high=(high, called[1])),
        ends=called,
    )


def _story(cause: Quantity, outcome: Quantity, *, low: tuple[str, str], high: tuple[str, str]) -> str:
    """Return "Rating averages 2.9 where first reply is 100 or more, and 4.6 where it is below 50."."""
    averages = "average" if outcome.minus is None and is_are(outcome.column) == "are" else "averages"
    is_are_, it_is = ("are", "they are") if cause.minus is None and is_are(cause.column) == "are" else ("is", "it is")
    where_high, where_low = (where.removeprefix("at ") for where in (high[1], low[1]))
    return (
        f"{outcome.name} {averages} {high[0]} where {cause.name} {is_are_} {where_high}, "
        f"and {low[0]} where {it_is} {where_low}."
    )


def _by_brackets(facts: Facts, cause: Quantity, outcome: Quantity, brackets: tuple[Measure, ...]) -> str:
    """Return the sentence "Average wait by amount: 32 days below 1,000, 20 days from 1,000, 8 days from 5,000."."""
    if not brackets or any(number(facts, one.fact_id) is None for one in brackets):
        return ""
    parts = []
    for one in brackets:
        first = one.filters[0]
        assert not isinstance(first.value, tuple)
        word = {"lt": "below", "gt": "above"}.get(first.op, "from")
        parts.append(f"{fact_slot(facts[one.fact_id])} {word} {limit_slot(cause, first.value)}")
    return f"Average {outcome.name} by {cause.name}: {', '.join(parts)}. "


def _shown_ends(facts: Facts, ends: tuple[Measure, ...], r: float) -> tuple[Scalar, Scalar] | None:
    """Return the two edges when the averages beyond them differ the way the correlation says."""
    if len(ends) < 2:
        return None
    low, high = (number(facts, one.fact_id) for one in ends[:2])
    edges = [one.filters[0].value for one in ends[:2]]
    if low is None or high is None or low == high or (high > low) != (r > 0):
        return None
    one, other = edges
    return None if isinstance(one, tuple) or isinstance(other, tuple) else (one, other)
