"""Where two groups meet that went furthest from their plan: "Actual is 161% of budget for Marketing with account
Services: 231,900 against 144,000".

Test: Kruskal & Wallis over what each row has above or below its plan, by both groups together; told is the meeting
that has most above its plan, and the one that has most below, where neither group goes that way without the other.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.kinds.against_plan import LEAST_GROUP, compared_plans
from datapilot.insights.statistics import Floats, Ints, Test, kruskal
from datapilot.insights.subjects.subjects import Category, Group, Quantity, Subjects, is_code
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import among, fact_slot, is_are, number, p_text, rows_text
from datapilot.words.render import column_slot, value_slot

MOST_VALUES, MOST_CATEGORIES = 12, 4
FEWEST_MEETINGS = 4
LEAST_POINTS = 0.1  # of the plan
TIMES_EITHER_ALONE = 2.0  # how far either group goes without the other
SAME_WAY = 0.8  # of the rows
LEAST_OF_ALL_OFF = 0.1  # of all that lies above plans and below them


class _Meeting(NamedTuple):
    """Two groups, and how far from its plan their meeting is, in shares of the plan and of all that is off."""

    one: Group
    other: Group
    gap: float
    of_all_off: float


def find_crossed_plans(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield each plan against its outcome by two categories together."""
    fit = [
        one for one in subjects.categories
        if not one.is_personal and not is_code(one.column) and 2 <= len(one.codes.labels) <= MOST_VALUES
    ][:MOST_CATEGORIES]  # fmt: skip
    for plan, outcome, both in compared_plans(subjects):
        for one, other in combinations(fit, 2):
            rows = np.flatnonzero(both & (one.codes.codes >= 0) & (other.codes.codes >= 0))
            size = len(one.codes.labels) * len(other.codes.labels)
            cells = one.codes.codes[rows] * len(other.codes.labels) + other.codes.codes[rows]
            large = np.bincount(cells, minlength=size) >= LEAST_GROUP
            rows, cells = rows[large[cells]], cells[large[cells]]
            if large.sum() < FEWEST_MEETINGS:
                continue
            x, y = plan.values[rows], outcome.values[rows]
            test = kruskal((y - x) / x, cells, size)
            yield test, None
            for meeting in _furthest(one, other, rows, x, y):
                yield test, _candidate(subjects, plan, outcome, meeting, test)


def _furthest(one: Category, other: Category, rows: Ints, x: Floats, y: Floats) -> Iterator[_Meeting]:
    """Yield the meeting with most above its plan, and the one with most below, that neither group explains alone."""
    first, second = one.codes.codes[rows], other.codes.codes[rows]
    cells = first * len(other.codes.labels) + second
    off = np.bincount(cells, weights=y - x)
    for at in {int(np.argmax(off)), int(np.argmin(off))}:
        code, with_code = divmod(at, len(other.codes.labels))
        inside = cells == at
        gap = _gap(x, y, inside)
        alone = max(
            (abs(_gap(x, y, side & ~inside)) for side in (first == code, second == with_code)), default=0.0
        )  # fmt: skip
        same_way = float(np.mean(np.sign(y - x)[inside] == np.sign(gap)))
        of_all_off = float(abs(off[at]) / max(np.abs(off).sum(), 1e-9))
        if abs(gap) < max(LEAST_POINTS, TIMES_EITHER_ALONE * alone) or same_way < SAME_WAY:
            continue
        if of_all_off >= LEAST_OF_ALL_OFF:
            yield _Meeting(Group(one, code), Group(other, with_code), gap, of_all_off)


def _gap(x: Floats, y: Floats, inside: np.ndarray) -> float:
    """Return by how much of the plan these rows lie above it; nothing where there are none."""
    planned = float(x[inside].sum())
    return float(y[inside].sum()) / planned - 1 if planned > 0 else 0.0


def _candidate(subjects: Subjects, plan: Quantity, outcome: Quantity, meeting: _Meeting, test: Test) -> Candidate:
    one, other = meeting.one, meeting.other
    where: tuple[Filter, ...] = (one.has, other.has)
    met = Measure(metric="ratio", column=outcome.column, column2=plan.column, filters=where)
    overall = Measure(metric="ratio", column=outcome.column, column2=plan.column)
    came, planned = outcome.measure("sum", where=where), plan.measure("sum", where=where)
    records = Measure(metric="count", filters=where)

    def word(facts: Facts) -> Wording | None:
        share = number(facts, met.fact_id)
        if share is None or (share > 1) != (meeting.gap > 0) or abs(share - 1) < LEAST_POINTS / 2:
            return None
        there = f"{among(one.column, one.label)} with {column_slot(other.column)} {value_slot(other.label)}"
        of_plan = f"{fact_slot(facts[met.fact_id], 'percent')} of {plan.name}"
        amounts = f"{fact_slot(facts[came.fact_id])} against {fact_slot(facts[planned.fact_id])}"
        detail = (
            f"These are {fact_slot(facts[records.fact_id])} records; over all records {outcome.name} "
            f"{is_are(outcome.column)} {fact_slot(facts[overall.fact_id], 'percent')} of {plan.name}."
        )
        side = "above" if share > 1 else "below"
        what = (
            f"Find out why {outcome.name} {'run' if is_are(outcome.column) == 'are' else 'runs'} {side} {plan.name} "
            f"{there}, and correct one of the two."
        )
        return Wording(
            f"{outcome.name} {is_are(outcome.column)} {of_plan} {there}: {amounts}", detail,
            owner(outcome.column, plan.column, default="finance"), what,
            story=f"{there}, {fact_slot(facts[came.fact_id])} of {outcome.name} stand against "
            f"{fact_slot(facts[planned.fact_id])} of {plan.name}.",
        )  # fmt: skip

    return Candidate(
        kind="against_plan", columns=(outcome.column, plan.column, one.column, other.column),
        measures=(met, overall, came, planned, records), word=word, impact=min(1.0, 0.4 + meeting.of_all_off),
        effect=min(1.0, 0.5 + 2 * abs(meeting.gap)), n=test.n, p_value=test.p_value,
        statistics=f"Kruskal–Wallis over deviations from the plan by both {p_text(test.p_value)}, "
        f"ε² = {test.effect:.2f}, {rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{outcome.key}", f"{plan.key}"), crossed=(one.column, other.column),
    )  # fmt: skip
