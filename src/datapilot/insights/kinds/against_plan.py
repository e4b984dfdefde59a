"""What was planned beside what came of it: "Actual is 122% of budget for Marketing, against 99% for the rest".

Test: Kruskal & Wallis over what each row has above or below its plan, in units of the plan; effect: epsilon squared.
The whole against its plan is a count of what is there.
"""

from collections.abc import Iterator
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Floats, Ints, Test, kruskal, pearson, without_top
from datapilot.insights.subjects.plans import is_plan_of
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects, is_code
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import among, entries, fact_slot, is_are, listing, number, p_text, rows_text

MOST_TIMES = 10.0  # the outcome's total against its plan's; hours are no outcome of a budget
LEAST_R = 0.3  # between plan and outcome, or the one was not the plan of the other
LEAST_GROUP = 5  # rows
LEAST_EPSILON2 = 0.03
LEAST_POINTS = 0.05  # between a group's outcome and the others', in shares of their plans
LEAST_OFF = 0.02  # of the plan, for the whole to be told
FEWEST_ROWS = 12
MOST_GROUPS = 20
_LISTED = 8
_CENT = 0.0101  # plan and outcome may have been rounded


def is_gap_to_plan(subjects: Subjects, quantity: Quantity) -> bool:
    """Whether a quantity is an outcome less its plan, which is told as a share of the plan."""
    plain = [one for one in subjects.quantities if one.minus is None]
    for plan, outcome in permutations(plain, 2):
        if quantity in (plan, outcome) or not is_plan_of(plan, outcome):
            continue
        gap = outcome.values - plan.values
        known = np.isfinite(gap) & quantity.is_known
        if known.sum() >= FEWEST_ROWS and np.allclose(np.abs(gap[known]), np.abs(quantity.values[known]), atol=_CENT):
            return True
    return False


def compared_plans(subjects: Subjects) -> Iterator[tuple[Quantity, Quantity, NDArray[np.bool_]]]:
    """Yield each plan with its outcome and the rows in which the two can be compared."""
    for plan, outcome in permutations((one for one in subjects.quantities if one.unit != "%"), 2):
        both = plan.is_known & outcome.is_known & (plan.values > 0)
        x, y = plan.values[both], outcome.values[both]
        if not is_plan_of(plan, outcome) or len(x) < FEWEST_ROWS or pearson(x, y) < LEAST_R:
            continue
        if not (plan.is_known & outcome.is_known).all() or float(outcome.values.min()) < 0:
            continue  # the totals of different records are not compared
        if not 1 / MOST_TIMES <= float(y.sum() / x.sum()) <= MOST_TIMES:
            continue
        yield plan, outcome, both


def find_plans(subjects: Subjects) -> Iterator[tuple[Test | None, Candidate | None]]:
    """Yield each plan against its outcome, over all records and by every category."""
    for plan, outcome, both in compared_plans(subjects):
        x, y = plan.values[both], outcome.values[both]
        if (plan.adds_up or outcome.adds_up) and abs(float(y.sum() / x.sum()) - 1) >= LEAST_OFF:
            yield None, _whole(plan, outcome, float(y.sum() / x.sum()), len(x))
        for category in subjects.categories:
            if category.is_personal or is_code(category.column) or len(category.codes.labels) > MOST_GROUPS:
                continue
            rows = np.flatnonzero(both & (category.codes.codes >= 0))
            sizes = np.bincount(category.codes.codes[rows], minlength=len(category.codes.labels))
            rows = rows[sizes[category.codes.codes[rows]] >= LEAST_GROUP]
            if len(rows) >= FEWEST_ROWS and (sizes >= LEAST_GROUP).sum() >= 2:
                yield _by_group(subjects, plan, outcome, category, rows)


def _whole(plan: Quantity, outcome: Quantity, share: float, n: int) -> Candidate:
    met = Measure(metric="ratio", column=outcome.column, column2=plan.column)
    came, planned = outcome.measure("sum"), plan.measure("sum")
    each_came, each_planned = outcome.measure("mean"), plan.measure("mean")
    measures = (met, came, planned, each_came, each_planned)

    def word(facts: Facts) -> Wording | None:
        if any(number(facts, one.fact_id) is None for one in measures):
            return None
        headline = (
            f"{outcome.total} {is_are(outcome.column)} {fact_slot(facts[met.fact_id], 'percent')} of {plan.name}: "
            f"{fact_slot(facts[came.fact_id])} against {fact_slot(facts[planned.fact_id])}"
        )
        what = f"Find the lines that lie furthest from {plan.name}, and decide whether plan or spending moves."
        detail = (
            f"A record has {fact_slot(facts[each_came.fact_id])} on average, of "
            f"{fact_slot(facts[each_planned.fact_id])} planned; all {{{each_came.fact_id}|n}} records are counted."
        )
        story = (
            f"Of {plan.name}, {fact_slot(facts[planned.fact_id])} in all, "
            f"{fact_slot(facts[met.fact_id], 'percent')} became {outcome.name}."
        )
        return Wording(headline, detail, owner(outcome.column, plan.column, default="finance"), what, story=story)

    return Candidate(
        kind="against_plan", columns=(outcome.column, plan.column), measures=measures, word=word,
        impact=1.0, effect=min(1.0, 0.45 + 3 * abs(share - 1)), n=n, subject=(f"{outcome.key}", f"{plan.key}"),
    )  # fmt: skip


def _by_group(
    subjects: Subjects, plan: Quantity, outcome: Quantity, category: Category, rows: Ints
) -> tuple[Test, Candidate | None]:
    codes, x, y = category.codes.codes[rows], plan.values[rows], outcome.values[rows]
    size = len(category.codes.labels)
    test = kruskal((y - x) / x, codes, size)
    met = _shares(x, y, codes, size)
    rest = _shares_of_rest(x, y, codes, size)
    at = int(np.nanargmax(np.abs(met - rest)))
    gap = float(met[at] - rest[at])
    kept = without_top(np.abs(y - x))
    x, y, codes = x[kept], y[kept], codes[kept]
    without = (_shares(x, y, codes, size) - _shares_of_rest(x, y, codes, size))[at]
    if test.effect < LEAST_EPSILON2 or abs(gap) < LEAST_POINTS or not without * np.sign(gap) >= LEAST_POINTS / 2:
        return test, None
    return test, _candidate(subjects, plan, outcome, category, category.codes.labels[at], gap=gap, test=test)


def _shares(x: Floats, y: Floats, codes: Ints, size: int) -> Floats:
    planned, came = (np.bincount(codes, weights=values, minlength=size) for values in (x, y))
    return np.where(planned > 0, came / np.maximum(planned, 1e-9), np.nan)


def _shares_of_rest(x: Floats, y: Floats, codes: Ints, size: int) -> Floats:
    planned, came = (
        values.sum() - np.bincount(codes, weights=values, minlength=size) for values in (x, y)
    )  # fmt: skip
    return np.where(planned > 0, came / np.maximum(planned, 1e-9), np.nan)


def _candidate(
    subjects: Subjects, plan: Quantity, outcome: Quantity, category: Category, top: Scalar, *, gap: float, test: Test
) -> Candidate:
    def share(*where: Filter) -> Measure:
        return Measure(metric="ratio", column=outcome.column, column2=plan.column, filters=where)

    where = Filter(column=category.column, op="eq", value=top)
    here, rest = share(where), share(Filter(column=category.column, op="ne", value=top))
    each = Measure(metric="ratio", column=outcome.column, column2=plan.column, by=category.column)
    came, planned = outcome.measure("sum", where=(where,)), plan.measure("sum", where=(where,))
    measures = (here, rest, each, came, planned)

    def word(facts: Facts) -> Wording | None:
        inner, outer = number(facts, here.fact_id), number(facts, rest.fact_id)
        if inner is None or outer is None or abs(inner - outer) < LEAST_POINTS / 2 or (inner > outer) != (gap > 0):
            return None
        headline = (
            f"{outcome.name} {is_are(outcome.column)} {fact_slot(facts[here.fact_id], 'percent')} of {plan.name} "
            f"{among(category.column, top)}, against {fact_slot(facts[rest.fact_id], 'percent')} for the rest"
        )
        detail = (
            f"In total {fact_slot(facts[came.fact_id])} came of {fact_slot(facts[planned.fact_id])} planned "
            f"{among(category.column, top)}."
        )
        if len(entries(facts[each.fact_id])) > 2:
            detail += f" All groups: {listing(facts[each.fact_id], form='percent', most=_LISTED)}."
        side = "above" if inner > 1 else "below"
        what = (
            f"Find out why {outcome.name} {'run' if is_are(outcome.column) == 'are' else 'runs'} {side} {plan.name} "
            f"{among(category.column, top)}, and correct one of the two."
        )
        comes = "come" if is_are(outcome.column) == "are" else "comes"
        story = (
            f"{among(category.column, top)}, {outcome.name} {comes} to {fact_slot(facts[came.fact_id])} against "
            f"{fact_slot(facts[planned.fact_id])} of {plan.name}."
        )
        return Wording(headline, detail, owner(outcome.column, plan.column, default="finance"), what, story=story)

    return Candidate(
        kind="against_plan", columns=(outcome.column, plan.column, category.column), measures=measures, word=word,
        impact=min(1.0, 0.4 + float((category.codes.codes == category.codes.labels.index(top)).mean())),
        effect=min(1.0, 0.5 + 2 * abs(gap)), n=test.n, p_value=test.p_value,
        statistics=f"Kruskal–Wallis over deviations from the plan {p_text(test.p_value)}, ε² = {test.effect:.2f}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{outcome.key}", f"{plan.key}"),
    )  # fmt: skip
