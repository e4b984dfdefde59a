"""One of many that leaves the way of the others: "From May 2023 on net is 89% higher for Depot South than before,
against 22% higher for the others".

What a season or a price does to all of them is taken away by the median of the others at each time (of logarithms,
each of the many about its own median). Test: the greatest t of all splits of what is left (Worsley 1979), see
`series_tests.level_shift`, its p-value multiplied by the number of the many; effect: how far the level moves.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, product
from math import log
from typing import NamedTuple

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.series_tests import level_shift
from datapilot.insights.statistics import Floats, Test
from datapilot.insights.subjects.panels import Panel
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import among, entries, entry_slot, fact_slot, group, is_are, number, p_text

FEWEST_TIMES, FEWEST_MANY, MOST_MANY = 12, 4, 60
MOST_QUANTITIES = 4
LEAST_STEP = log(1.25)
LEAST_APART = 0.15  # between the two changes, when the figures are exact
LASTING = 3  # times on either side of the step
LEAST_LEVELS = 5.0  # of the spread about both levels
LEAST_STEPS = 3.0  # of the spread of all other steps from time to time


class _Departure(NamedTuple):
    """Which of the many (by its code) steps away from the others at which time, and how far."""

    panel: Panel
    quantity: Quantity
    which: int
    at: int
    gap: float


def find_departures(subjects: Subjects, panels: Sequence[Panel]) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield, for every quantity of many that are followed through time, the test of the one that departs most."""
    plain = [one for one in subjects.own_quantities if one.minus is None and one.rate_of is None]
    for panel, quantity in product(panels, islice(plain, MOST_QUANTITIES)):
        if len(panel.times) < FEWEST_TIMES or panel.is_joint or not panel.tells(quantity):
            continue
        values = panel.values(quantity)
        whole = np.flatnonzero(np.isfinite(values).all(axis=1) & (np.nan_to_num(values).min(axis=1) > 0))
        if not FEWEST_MANY <= len(whole) <= MOST_MANY:
            continue
        left = _left_by_others(np.log(values[whole]))
        shifts = [level_shift(one, margin=LASTING) for one in left]
        which = min(range(len(whole)), key=lambda place: shifts[place].p_value)
        at, series = shifts[which].at, left[which]
        gap = step_of(series, at)
        test = Test(min(1.0, shifts[which].p_value * len(whole)), abs(gap), len(panel.times))
        found = _Departure(panel, quantity, int(whole[which]), at, gap)
        yield test, _candidate(found, test) if abs(gap) >= LEAST_STEP else None


def _left_by_others(logs: Floats) -> Floats:
    """Return what the median of all others at each time leaves of each of the many."""
    own = logs - np.median(logs, axis=1, keepdims=True)
    rest: Floats = own - np.stack([np.median(np.delete(own, place, axis=0), axis=0) for place in range(len(own))])
    return rest


def step_of(series: Floats, at: int) -> float:
    """Return how far a series steps at a place, 0 where its levels on both sides are no levels: series that wander
    drift as far by themselves, and no single step of theirs stands out."""
    if not 0 < at < len(series):
        return 0.0
    sides = series[:at], series[at:]
    gap = float(np.median(sides[1]) - np.median(sides[0]))
    about = np.concatenate([side - np.median(side) for side in sides])
    others = np.delete(np.diff(series), at - 1)
    is_level = abs(gap) >= LEAST_LEVELS * float(np.std(about))
    is_single = abs(float(series[at] - series[at - 1])) >= LEAST_STEPS * float(np.std(others))
    return gap if is_level and is_single else 0.0


def _candidate(found: _Departure, test: Test) -> Candidate:
    panel, quantity, which, at, gap = found
    category, last = panel.category, len(panel.times) - 1
    label = category.codes.labels[which]
    before, after = panel.through(0, at - 1), panel.through(at, last)

    def change(member: Filter) -> Measure:
        own = (member, *quantity.filters)
        return Measure(
            metric="change", column=quantity.column, of="mean", filters=(after, *own), baseline=(before, *own)
        )

    inside, outside = (Filter(column=category.column, op=op, value=label) for op in ("eq", "ne"))
    here, rest = change(inside), change(outside)
    levels = [quantity.measure("mean", where=(inside, span)) for span in (before, after)]
    whole = quantity.measure("sum", where=panel.whole_times, by=panel.clock.column, grain=panel.grain)

    def word(facts: Facts) -> Wording | None:
        own, others = number(facts, here.fact_id), number(facts, rest.fact_id)
        times = entries(facts[whole.fact_id])
        if own is None or others is None or len(times) != last + 1:
            return None
        if abs(own - others) < LEAST_APART or (own > others) != (gap > 0):
            return None
        since, who = entry_slot(facts[whole.fact_id], times[at][0], "key"), among(category.column, label)
        moved, usual = (
            f"{fact_slot(facts[one.fact_id], 'abs')} {'higher' if size > 0 else 'lower'}"
            for one, size in ((here, own), (rest, others))
        )
        are = is_are(quantity.column)
        headline = f"from {since} on {quantity.name} {are} {moved} {who} than before, against {usual} for the others"
        old, new = (fact_slot(facts[one.fact_id]) for one in levels)
        detail = (
            f"{quantity.average} {who} went from {old} to {new}. The others are compared over the same "
            f"{panel.grain}s, so that a season or a price that all share is taken away."
        )
        what = f"Find out what changed {who} {panel.preposition} {since}, and whether it is to last."
        story = (
            f"Since {since} {group(category.column, label)} goes its own way in {quantity.name}: {moved} than before."
        )
        return Wording(headline, detail, owner(quantity.column, category.column), what, story=story)

    return Candidate(
        kind="change_point", columns=(quantity.column, category.column, panel.clock.column),
        measures=(here, rest, *levels, whole), word=word, impact=0.8, effect=min(1.0, 0.6 + abs(gap)), n=test.n,
        p_value=test.p_value,
        statistics=f"greatest t of all splits, against the others, {p_text(test.p_value)} over all of them, "
        f"{test.n} {panel.grain}s",
        subject=(f"{quantity.key}",), group=label,
    )  # fmt: skip
