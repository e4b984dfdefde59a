"""What was planned and what came of it, a row each: "Actual is 133% of budget for IT, against 99% for the rest".

Counted, not tested: the rows of plan and outcome are all there is. Effect: the gap in shares of the plan.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Floats, Ints
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects, is_code
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import among, entries, fact_slot, group, listing, number
from datapilot.words.meanings import names_total, plan_among
from datapilot.words.render import value_slot

MOST_QUANTITIES = 2
MOST_GROUPS = 30
FEWEST_ROWS = 12
LEAST_COMPARED = 2
LEAST_OFF = 0.02  # of the plan, for the whole to be told
LEAST_POINTS = 0.08  # between a group's outcome and the others', in shares of their plans
LEAST_PART = 0.15  # of all that the groups are off by
_LISTED = 6


class _Sides(NamedTuple):
    """The column that tells plan and outcome apart, its two values, and which rows have them."""

    column: str
    plan_is: str
    outcome_is: str
    is_plan: np.ndarray
    is_outcome: np.ndarray

    @property
    def plan(self) -> Filter:
        return Filter(column=self.column, op="eq", value=self.plan_is)

    @property
    def outcome(self) -> Filter:
        return Filter(column=self.column, op="eq", value=self.outcome_is)


def find_scenarios(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the outcome against the plan, over all and by every category, where they are told apart by a column."""
    sides = _sides(subjects)
    if sides is None or subjects.cells.is_sample or len(sides.is_plan) < FEWEST_ROWS:
        return
    numbers = subjects.cells.numbers
    # A dozen lines are too few for any test, and enough to set a plan against its outcome.
    amounts = [
        Quantity(one.name, None, one.unit, adds_up=True, values=numbers[one.name])
        for one in subjects.profile.columns if one.role == "sum" and one.pii is None and one.name in numbers
    ]  # fmt: skip
    totals = [one for one in amounts if names_total(one.column)]
    for quantity in islice(totals[:1] or amounts, MOST_QUANTITIES):
        values = np.nan_to_num(quantity.values)
        planned, came = float(values[sides.is_plan].sum()), float(values[sides.is_outcome].sum())
        if planned <= 0 or came < 0:
            continue
        if abs(came / planned - 1) >= LEAST_OFF:
            yield _whole(subjects, quantity, sides, came / planned)
        for category in subjects.categories:
            is_other = category.column != sides.column and not category.is_personal
            if is_other and not is_code(category.column) and len(category.codes.labels) <= MOST_GROUPS:
                yield from _by_group(subjects, quantity, sides, category, values)


def _sides(subjects: Subjects) -> _Sides | None:
    left_out = subjects.profile.left_out
    if left_out is None or left_out.column not in subjects.cells.codes:
        return None
    codes = subjects.cells.codes[left_out.column]
    plan = plan_among([str(one) for one in codes.labels])
    if plan is None or plan != left_out.value:
        return None
    outcome = next(str(one) for one in codes.labels if one != plan)
    is_plan, is_outcome = (codes.codes == codes.labels.index(one) for one in (plan, outcome))
    return _Sides(left_out.column, plan, outcome, is_plan, is_outcome)


def _met(quantity: Quantity, sides: _Sides, *where: Filter, by: str | None = None) -> Measure:
    """Return the measure of the outcome as a share of the plan."""
    return Measure(
        metric="ratio", of="sum", column=quantity.column, by=by, filters=(sides.outcome, *where),
        baseline=(sides.plan, *where),
    )  # fmt: skip


def _sums(quantity: Quantity, sides: _Sides, *where: Filter) -> tuple[Measure, Measure]:
    came, planned = (
        Measure(metric="sum", column=quantity.column, filters=(side, *where)) for side in (sides.outcome, sides.plan)
    )
    return came, planned


def _whole(subjects: Subjects, quantity: Quantity, sides: _Sides, share: float) -> Candidate:
    met, (came, planned) = _met(quantity, sides), _sums(quantity, sides)

    def word(facts: Facts) -> Wording | None:
        if any(number(facts, one.fact_id) is None for one in (met, came, planned)):
            return None
        outcome, plan = value_slot(sides.outcome_is), value_slot(sides.plan_is)
        percent = fact_slot(facts[met.fact_id], "percent")
        figures = f"{fact_slot(facts[came.fact_id])} against {fact_slot(facts[planned.fact_id])}"
        headline = f"{outcome} {quantity.name} is {percent} of {plan}: {figures}"
        detail = f"Rows of {outcome} and of {plan} are set against each other, and never added up."
        what = f"Find the lines that lie furthest from {plan}, and decide whether plan or spending moves."
        story = f"In {quantity.name}, {outcome} comes to {percent} of {plan}, {figures}."
        return Wording(headline, detail, owner(quantity.column, default="finance"), what, story=story)

    return Candidate(
        kind="against_plan", columns=(quantity.column, sides.column), measures=(met, came, planned), word=word,
        impact=1.0, effect=min(1.0, 0.45 + 3 * abs(share - 1)), n=subjects.rows, subject=(f"{quantity.key}",),
        statistics=f"sums of plan and outcome, n = {subjects.rows:,}",
    )  # fmt: skip


def _by_group(
    subjects: Subjects, quantity: Quantity, sides: _Sides, category: Category, values: Floats
) -> Iterator[Candidate]:
    """Yield the group that is most money off where the others are not."""
    codes = category.codes.codes
    planned, came = (_totals(values, codes, side & (codes >= 0)) for side in (sides.is_plan, sides.is_outcome))
    if (planned > 0).sum() < LEAST_COMPARED:
        return
    fit = planned > 0
    off = np.where(fit, np.abs(came - planned), 0.0)
    at = int(np.argmax(off))
    met = came[at] / planned[at]
    rest = (came.sum() - came[at]) / max(planned.sum() - planned[at], 1e-9)
    if abs(met - rest) < LEAST_POINTS or off[at] < LEAST_PART * off.sum():
        return
    yield _group_candidate(
        subjects, quantity, sides, category, category.codes.labels[at], gap=float(met - rest),
        part=float(planned[at] / planned.sum()), begin=_begins(subjects, sides, category, at, values),
    )  # fmt: skip


def _totals(values: Floats, codes: Ints, rows: np.ndarray) -> Floats:
    """Return the sum of each group, as long for the plan as for the outcome."""
    size = int(codes.max(initial=0)) + 1
    return np.bincount(codes[rows], weights=values[rows], minlength=size).astype(np.float64)


def _begins(
    subjects: Subjects, sides: _Sides, category: Category, at: int, values: Floats
) -> tuple[str, Scalar] | None:
    """Return the column and the value by which half or more of a group's gap can be pinned down."""
    inside = category.codes.codes == at
    for other in subjects.categories:
        if other.column in {category.column, sides.column} or other.is_personal or is_code(other.column):
            continue
        codes = other.codes.codes
        came, planned = (
            _totals(values, codes, side & inside & (codes >= 0)) for side in (sides.is_outcome, sides.is_plan)
        )
        off = np.abs(came - planned)
        if (planned > 0).sum() > 1 and off.max(initial=0) >= 0.5 * off.sum() > 0:
            return other.column, other.codes.labels[int(np.argmax(off))]
    return None


def _group_candidate(
    subjects: Subjects, quantity: Quantity, sides: _Sides, category: Category, label: Scalar, *, gap: float,
    part: float, begin: tuple[str, Scalar] | None,
) -> Candidate:  # fmt: skip
    where = Filter(column=category.column, op="eq", value=label)
    here, rest = (
        _met(quantity, sides, where),
        _met(quantity, sides, Filter(column=category.column, op="ne", value=label)),
    )
    each = _met(quantity, sides, by=category.column)
    came, planned = _sums(quantity, sides, where)
    first = () if begin is None else _sums(quantity, sides, where, Filter(column=begin[0], op="eq", value=begin[1]))
    measures = (here, rest, each, came, planned, *first)

    def word(facts: Facts) -> Wording | None:
        inner, outer = number(facts, here.fact_id), number(facts, rest.fact_id)
        if inner is None or outer is None or (inner > outer) != (gap > 0):
            return None
        outcome, plan = value_slot(sides.outcome_is), value_slot(sides.plan_is)
        who, figures = among(category.column, label), (fact_slot(facts[one.fact_id]) for one in (came, planned))
        sums = " against ".join(figures)
        headline = (
            f"{outcome} {quantity.name} is {fact_slot(facts[here.fact_id], 'percent')} of {plan} {who}, against "
            f"{fact_slot(facts[rest.fact_id], 'percent')} for the rest"
        )
        detail = f"That is {sums}."
        start = ""
        if begin is not None:
            cell = " against ".join(fact_slot(facts[one.fact_id]) for one in first)
            detail += f" Most of the gap lies in {group(*begin)}: {cell}."
            start = f", beginning with {group(*begin)}"
        if len(entries(facts[each.fact_id])) > 2:
            detail += f" All groups: {listing(facts[each.fact_id], form='percent', most=_LISTED)}."
        side = "above" if inner > 1 else "below"
        what = f"Find out why {outcome} runs {side} {plan} {who}{start}, and correct one of the two."
        story = f"{who}, {outcome} {quantity.name} comes to {sums} of {plan}."
        return Wording(headline, detail, owner(quantity.column, default="finance"), what, story=story)

    return Candidate(
        kind="against_plan", columns=(quantity.column, sides.column, category.column), measures=measures,
        word=word, impact=min(1.0, 0.4 + part), effect=min(1.0, 0.5 + 2 * abs(gap)), n=subjects.rows,
        statistics=f"sums of plan and outcome, n = {subjects.rows:,}", subject=(f"{quantity.key}",),
    )  # fmt: skip
