"""Where nearly all of many went from the first time to the last: "Average life expectancy rose from 49.1 in 1952 to 67
in 2007", for 140 of 142 countries.

Sign test (Arbuthnott 1710) over the many that have both ends, two-sided: their average may remember itself too well
for a test of trend over few years, but each of them is one witness. Effect: how few went the other way. Only the same
ones at both ends make an average that can be compared.
"""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.series import turned_back
from datapilot.insights.statistics import Floats, Test, binomial_tail
from datapilot.insights.subjects.panels import FEWEST_TIMES, Panel
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import among, entries, first_to_last, p_text
from datapilot.words.render import column_slot

FEWEST_MANY = 12
LEAST_KNOWN = 0.95  # of the many, at both ends
LEAST_ALIKE = 0.85  # of them, one way
LEAST_CHANGE = 0.1  # of where all began
MOST_BACK = 0.4  # of the range, that the way of all may go against its own direction


def find_common_ways(subjects: Subjects, panels: Sequence[Panel]) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield, for every quantity of many that are followed through time, the test whether they went one way."""
    for panel, quantity in product(panels, subjects.own_quantities):
        if panel.is_joint or not panel.tells(quantity):
            continue
        values = panel.values(quantity)
        both = np.isfinite(values[:, 0]) & np.isfinite(values[:, -1])
        known = int(both.sum())
        if known < max(FEWEST_MANY, LEAST_KNOWN * len(values)):
            continue
        moved = values[both, -1] - values[both, 0]
        up, down = int((moved > 0).sum()), int((moved < 0).sum())
        if not up + down:
            continue
        more = max(up, down)
        test = Test(min(1.0, 2 * binomial_tail(more, up + down, 0.5)), more / known, known)
        fits = more >= LEAST_ALIKE * known and _goes_far(values[both], up=up > down)
        yield test, _candidate(panel, quantity, moved, both, test) if fits else None


def _goes_far(values: Floats, *, up: bool) -> bool:
    """Whether the average of all goes one way, and far enough to be news."""
    course = np.nanmean(values, axis=0)
    level = float(np.mean(np.abs(course)))
    way = float(course[-1] - course[0]) * (1 if up else -1)
    return way >= LEAST_CHANGE * level and turned_back(course, up=up) <= MOST_BACK * float(np.ptp(course))


def _candidate(panel: Panel, quantity: Quantity, moved: Floats, both: NDArray[np.bool_], test: Test) -> Candidate:
    category, is_up = panel.category, bool(np.sum(np.sign(moved)) > 0)
    verb, back = ("rose", "fell") if is_up else ("fell", "rose")
    whole = quantity.measure(
        "sum" if quantity.adds_up else "mean", where=panel.whole_times, by=panel.clock.column, grain=panel.grain
    )
    signed = moved if is_up else -moved
    labels = [label for label, is_known in zip(category.codes.labels, both, strict=True) if is_known]
    against = labels[int(np.argmin(signed))] if float(signed.min()) < 0 else None
    other: tuple[Measure, ...] = ()
    if against is not None:
        member = Filter(column=category.column, op="eq", value=against)
        where = (member, *panel.whole_times)
        other = (quantity.measure("sum", where=where, by=panel.clock.column, grain=panel.grain),)

    def ends(facts: Facts, measure: Measure) -> tuple[str, float] | None:
        fact = facts[measure.fact_id]
        parts = entries(fact)
        if len(parts) < FEWEST_TIMES:
            return None
        return first_to_last(fact, panel.preposition), parts[-1][2] - parts[0][2]

    def word(facts: Facts) -> Wording | None:
        told = ends(facts, whole)
        if told is None or (told[1] > 0) != is_up:
            return None
        name = quantity.total if quantity.adds_up else quantity.average
        headline = f"{name} {verb} {told[0]}"
        detail = f"No {column_slot(category.column)} went the other way."
        against_it = ends(facts, other[0]) if other else None
        if against_it is not None and (against_it[1] > 0) != is_up:
            detail = f"Against that, it {back} most {among(category.column, against)}: {against_it[0]}."
        elif other:
            return None
        what = f"Compare each {column_slot(category.column)} with how far the others came, not with its own past."
        story = f"Through the years, {name} went {'up' if is_up else 'down'} {told[0]}."
        return Wording(headline, detail, owner(quantity.column, category.column), what, story=story)

    count = int((np.sign(moved) == (1 if is_up else -1)).sum())
    return Candidate(
        kind="trend", columns=(quantity.column, panel.clock.column), measures=(whole, *other), word=word, impact=1.0,
        effect=min(1.0, 0.3 + abs(test.effect) / 2), n=test.n, p_value=test.p_value,
        statistics=f"{count} of {test.n} {verb}, sign test {p_text(test.p_value)}",
        subject=(f"{quantity.key}",), tells=f"{quantity.key} {'up' if is_up else 'down'}", group="",
    )  # fmt: skip
