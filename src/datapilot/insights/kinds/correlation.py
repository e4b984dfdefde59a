"""Two quantities that move together: "Higher discount goes with lower margin (correlation -0.61)".

Test: Spearman's rank correlation; effect: its rho. The number shown is Pearson's r of all rows; where the two
disagree, a few extreme rows make the figure, and nothing is said. Dropped when the strata of a category show the
opposite sign (Simpson 1951). The sentence compares the low with the high end, cut at round numbers: nobody needs
statistics to read that.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np

from datapilot.contracts.measure import Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.round_edges import LEAST_ZEROS, edges_of, ends_of
from datapilot.insights.spurious import (
    LEAST_RHO,
    is_arithmetic,
    is_class_of,
    is_mix_alone,
    is_reversed_within,
    is_term_within,
    is_time_alone,
)
from datapilot.insights.statistics import Floats, Test, pearson, spearman, without_top
from datapilot.insights.subjects.dividing import are_divided, is_amount
from datapilot.insights.subjects.name_likeness import (
    are_bounds,
    family_of,
    is_form_of,
    measure_alike,
    share_a_stem,
    stem_of,
)
from datapilot.insights.subjects.natures import Nature, is_price, is_profit, is_result, is_verdict, nature_of
from datapilot.insights.subjects.plans import is_plan_of
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.wording.advice import Relation, on_relation
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, number, p_text, rows_text, spelled_out, without_sentinel
from datapilot.insights.wording.relation_words import relation_in_words
from datapilot.words.labels import OF_WHICH, label
from datapilot.words.meanings import name_words
from datapilot.words.time_columns import FEWEST_PERIODS

SAME = 0.995  # the two say the same
TURNS_INTO_LOSS = 0.75
MOSTLY_ONE = 0.9  # of Pearson's r between two quantities that a third goes with for one reason
WITHOUT_ENDS = 0.6  # a relation that only its coefficient shows
OF_ONE_MEASURE = 0.6  # marks in two subjects, a value before and after
OF_NO_AIM = 0.85  # neither is known to be what people work for
OF_THINGS_MET = 0.75  # a large flat is dear: true, and nothing to be done
OF_RATES = 0.55  # more of the one is more of the other; how much of it for each is told by group
OF_VOLUMES = 0.7  # that one amount grows with another is half known
FEWEST_PARALLEL = 4  # columns
_PARALLEL = 0.8  # of Pearson's r, the median of their pairs
_ALIKE = 0.95  # two quantities in one unit that agree so closely are mostly one thing measured twice
_COMES_FIRST: dict[Nature, int] = {"met": 0, "set": 1, "unknown": 2, "outcome": 2}
_LAST = 3
_FIRST = -1
_AGES = frozenset({"age", "alter", "edad", "âge", "leeftijd", "età", "idade"})
_TOOK = frozenset({"seconds", "secs", "sec", "minutes", "mins", "handling", "picking", "sekunden", "minuten"})
_MOST_APART = 0.35  # Pearson's r above Spearman's rho


def find_correlations(subjects: Subjects) -> Iterator[tuple[Test | None, Candidate | None]]:
    """Yield the test of every pair of quantities that have no column in common, then the clearest of each relation:
    budget and gross, whether or not in money of another year."""
    parallel = _parallel(subjects) | _times(subjects)
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
        about = frozenset((stem_of(one), stem_of(other)))
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
        if quantity.minus is None and (family := family_of(quantity.column)) is not None:
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


def _times(subjects: Subjects) -> frozenset[str]:
    """Return the columns that are one amount at many times: that large ones stay large is no relation."""
    columns = subjects.times
    return frozenset(one.name for one in columns) if len(columns) >= FEWEST_PERIODS else frozenset()


def _candidate(subjects: Subjects, one: Quantity, other: Quantity, *, both: np.ndarray, test: Test) -> Candidate | None:
    x, y = one.values[both], other.values[both]
    r = pearson(x, y)
    keep = without_top(np.abs((x - x.mean()) * (y - y.mean())))
    # Where ranks go together more clearly than values do, nothing but a long tail stands between the two.
    if np.sign(r) != np.sign(test.effect) or abs(r) - abs(test.effect) > _MOST_APART or abs(r) < LEAST_RHO / 1.5:
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
            is_reversed_within(subjects, one, other, both, float(np.sign(test.effect)))
            or is_arithmetic(subjects, one, other)
            or is_term_within(subjects, one, other)
            or is_class_of(x, y)
            or is_class_of(y, x)
            or is_mix_alone(subjects, one, other, both, float(np.sign(test.effect)))
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
    if quantity.is_origin or set(name_words(quantity.column)) & _AGES:
        return _FIRST
    if is_price(quantity) and nature_of(other) in {"met", "unknown"}:
        return _LAST
    if is_result(quantity) or is_verdict(quantity) or _is_time_taken(quantity, other):
        return _LAST
    return _COMES_FIRST[nature_of(quantity)]


def _is_time_taken(quantity: Quantity, other: Quantity) -> bool:
    """Whether a number is the seconds or minutes that work took, and the other how much of it there was."""
    is_time = quantity.minus is None and bool(set(name_words(quantity.column)) & _TOOK)
    return is_time and other.adds_up and not is_verdict(other)


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
    if low * high >= 0:
        return abs(rho)
    return 1.0 if nature_of(cause) == "set" else max(abs(rho), TURNS_INTO_LOSS)  # a discount can be given up


def _weight(one: Quantity, other: Quantity, r: float) -> float:
    if _is_one_thing(one, other, r):
        return 0.4
    are_amounts = is_amount(one) and is_amount(other)
    weight = 0.9 * (OF_VOLUMES if (one.adds_up and other.adds_up) or are_amounts else 1.0)
    if measure_alike(one, other):
        weight *= OF_ONE_MEASURE
    if are_divided(one, other):
        weight *= OF_RATES
    if not any(nature_of(each) == "outcome" or is_price(each) or is_profit(each) for each in (one, other)):
        weight *= OF_NO_AIM
    return weight * (OF_THINGS_MET if "met" in (nature_of(one), nature_of(other)) else 1.0)


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
    if any(OF_WHICH.match(quantity.column) for quantity in (one, other)) and is_amount(one) and is_amount(other):
        return True  # a part grows with its whole
    if any(quantity.own_name == label(third.column).lower() for quantity, third in ((one, other), (other, one))):
        return True
    first, second = (
        {word for word in re.split(r"[\W\d_]+", label(quantity.column).lower()) if word} for quantity in (one, other)
    )
    written = ["".join(re.split(r"[\W_]+", label(quantity.column).lower())) for quantity in (one, other)]
    if any(is_form_of(*pair) for pair in (written, written[::-1])) or are_bounds(one, other):
        return True
    if "" in written:  # the label of “pct” is a sign, which is no part of every name
        return False
    return first <= second or second <= first or any(share_a_stem(a, b) for a in first for b in second)


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
    told = relation_in_words(facts, cause, outcome, quarters, r, shown=shown)
    headline, detail, story = told.headline, told.detail, told.story
    detail += (
        f"The correlation between {cause.name} and {outcome.name} is {shown} over {{{link.fact_id}|n}} records; "
        f"it does not say which causes which.{spelled_out(cause, outcome)}{without_sentinel(cause)}"
    )
    found = Relation(cause, outcome, r, facts[link.fact_id].n, f"{{{link.fact_id}|n}}", *told.ends)
    return Wording(headline, detail, who, on_relation(found, subjects), story=story)
