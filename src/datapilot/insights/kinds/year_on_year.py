"""The last whole year against the one before: "Total net sales grew 12% from 2024 to 2025: 1.26M after 1.12M".

A season hides growth from tests that look at neighbouring months. Test: Student's t of the differences between each
month and the same month a year before (of logarithms), its variance widened by what they remember of each other as in
statistics.trend; effect: how far the two years lie apart. Told only where nearly every month goes the same way.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.engine.p_values import t_tail
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.series import added_up
from datapilot.insights.series_tests import cautious_memory
from datapilot.insights.statistics import Floats, Ints, Test
from datapilot.insights.subjects.natures import is_earned, is_unwelcome
from datapilot.insights.subjects.panels import Panel
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.subjects.timeline import LONGEST, Timeline, find_timeline
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import among, entries, entry_slot, fact_slot, number, p_text, told_in_turn
from datapilot.words.meanings import names_origin

MONTHS = 12
LEAST_CHANGE = 0.05  # of the year before
LEAST_ALIKE = 10  # months of twelve that go the way of the year
MOST_QUANTITIES = 5
MOST_GROUPS = 12
_SHOWN = 6  # years


class _Year(NamedTuple):
    """What is compared: a quantity, or the number of records (None), of all rows or those `where`."""

    timeline: Timeline
    quantity: Quantity | None
    of: str
    where: tuple[Filter, ...]
    last: int  # the place of the last year's first month

    def measure(self, metric: str, *, span: tuple[int, int], before: tuple[int, int] | None = None) -> Measure:
        if self.quantity is not None and self.quantity.rate_of is not None and before is None:
            return self.quantity.measure(
                "mean", where=(self.timeline.within(*span), *self.where), by=self.timeline.clock.column, grain="year"
            )
        rate = self.quantity.rate_of if self.quantity else None
        own = (*self.where, *(self.quantity.filters if self.quantity else ()))
        return Measure.model_validate({
            "metric": metric, "of": self.of if before and rate is None else None,
            "column": rate.above if rate else self.quantity.column if self.quantity else None,
            "column2": rate.below if rate else None,
            "filters": (self.timeline.within(*span), *own),
            "baseline": (self.timeline.within(*before), *own) if before else (),
            "by": None if before else self.timeline.clock.column, "grain": None if before else "year",
        })  # fmt: skip

    @property
    def name(self) -> str:
        value = self.where[0].value if self.where else None
        if self.quantity is None:
            return "the number of records"
        who = f" {among(self.where[0].column, value)}" if self.where and not isinstance(value, tuple) else ""
        return (self.quantity.average if self.of == "mean" else self.quantity.total) + who


def find_years_on_year(subjects: Subjects, panels: Sequence[Panel]) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of every quantity, and in a panel of everyone's, that twelve whole months twice over tell."""
    clock = subjects.clock
    timeline = find_timeline(clock, subjects.profile, grains=("month",), most=LONGEST) if clock else None
    last = _last_year(timeline) if timeline is not None else None
    if timeline is None or last is None or names_origin(timeline.clock.column):
        return
    rows = timeline.per_period()
    if not panels and rows.max() > 1:
        yield from _tested(rows, _Year(timeline, None, "count", (), last))
    for quantity in (one for one in subjects.own_quantities[:MOST_QUANTITIES] if one.minus is None):
        for codes, where in _groups(subjects, quantity, panels):
            (added,), (held,) = added_up(quantity, timeline, np.where(codes, 0, -1))
            if quantity.adds_up:
                yield from _tested(added, _Year(timeline, quantity, "sum", where, last))
            elif held.min() > 0 and not (quantity.rate_of is not None and _is_in_points(quantity)):
                yield from _tested(added / held, _Year(timeline, quantity, "mean", where, last))


def _is_in_points(quantity: Quantity) -> bool:
    return quantity.unit in {"%", "share"}


def _groups(
    subjects: Subjects, quantity: Quantity, panels: Sequence[Panel]
) -> Iterator[tuple[np.ndarray, tuple[Filter, ...]]]:
    yield np.ones(len(subjects.cells.rows), dtype=np.bool_), ()
    for panel in panels:
        labels, codes = panel.category.codes.labels, panel.category.codes.codes
        if len(labels) <= MOST_GROUPS and panel.tells(quantity):
            for code, label in enumerate(labels):
                yield codes == code, (Filter(column=panel.category.column, op="eq", value=label),)


def _last_year(timeline: Timeline) -> int | None:
    """Return the place of the January of the last whole calendar year that has a whole one before it."""
    starts = [at for at, key in enumerate(timeline.keys) if key.endswith("-01") and at + MONTHS <= len(timeline.keys)]
    return starts[-1] if starts and starts[-1] >= MONTHS else None


def _tested(values: Floats, year: _Year) -> Iterator[tuple[Test, Candidate | None]]:
    until = year.last + MONTHS
    if not values[year.last - MONTHS : until].min() > 0:
        return
    apart = np.log(values[year.last : until] / values[year.last - MONTHS : year.last])
    spread = float(np.std(apart, ddof=1))
    if spread <= 0:
        return
    way = float(apart.mean())
    # Twelve differences tell little of what they remember; those of all earlier years tell more.
    whole = values[:until]
    ever = np.log(whole[MONTHS:] / whole[:-MONTHS]) if whole.min() > 0 else apart
    memory = max(cautious_memory(apart - way), cautious_memory(ever - ever.mean()), MONTHS**-0.5)
    t = way / spread * float(np.sqrt(MONTHS * (1 - memory) / (1 + memory)))
    change = float(values[year.last : until].sum() / values[year.last - MONTHS : year.last].sum()) - 1
    test = Test(t_tail(t, MONTHS - 1), abs(change), 2 * MONTHS)
    alike: Ints = np.sign(apart) == np.sign(change)
    fits = abs(change) >= LEAST_CHANGE and alike.sum() >= LEAST_ALIKE
    yield test, _candidate(year, change, test) if fits else None


def _candidate(year: _Year, change: float, test: Test) -> Candidate:
    last = (year.last, year.last + MONTHS - 1)
    before = (year.last - MONTHS, year.last - 1)
    january = year.last % MONTHS  # of the first whole year
    each = year.measure(year.of, span=(january, last[1]))
    quantity, clock = year.quantity, year.timeline.clock.column
    # Of a percentage the way is told in points: a tenth less of a third is another thing than ten points.
    is_points = quantity is not None and _is_in_points(quantity)
    grown = year.measure("difference" if is_points else "change", span=last, before=before)

    def word(facts: Facts) -> Wording | None:
        found, parts = number(facts, grown.fact_id), entries(facts[each.fact_id])
        if found is None or len(parts) < 2 or (found > 0) != (change > 0):
            return None
        if not is_points and abs(found) < LEAST_CHANGE / 2:
            return None
        fact, (old, _, _, _), (new, _, _, _) = facts[each.fact_id], parts[-2], parts[-1]
        start, end = (entry_slot(fact, at, "key") for at in (old, new))
        much = fact_slot(facts[grown.fact_id], "abs|step" if is_points else "abs")
        headline = (
            f"{year.name} {'grew' if found > 0 else 'fell'} {much} from {start} to {end}: "
            f"{entry_slot(fact, new)} after {entry_slot(fact, old)}"
        )
        shown = told_in_turn(fact, (at for at, _, _, _ in parts[-_SHOWN:]))
        detail = f"Whole calendar years are compared, each month with the same one a year before. By year: {shown}."
        way = "growth" if found > 0 else "decline"
        what = f"Set the next plan from the level of {end}, and ask which months carry the {way}."
        if quantity is not None and (is_earned(quantity) if found < 0 else is_unwelcome(quantity)):
            what = f"Ask what is behind the {way} in {year.name} before the next plan is set."
        story = (
            f"{year.name} came to {entry_slot(fact, new)} in {end}, {much} {'above' if found > 0 else 'below'} {start}."
        )
        columns = (quantity.column, clock) if quantity else (clock,)
        return Wording(headline, detail, owner(*columns), what, story=story)

    columns = (*(quantity.columns if quantity else ()), *(one.column for one in year.where), clock)
    about = f"{quantity.key}" if quantity else "records"
    value = year.where[0].value if year.where else ""
    way = f"{about} {'up' if change > 0 else 'down'}"
    return Candidate(
        kind="year_on_year", columns=columns, measures=(each, grown), word=word, impact=0.4 if year.where else 1.0,
        effect=min(1.0, 0.6 + 2 * abs(change)), n=test.n, p_value=test.p_value,
        statistics=f"t of months against the same months a year before {p_text(test.p_value)}, {MONTHS} months",
        subject=(about,), group=value if not isinstance(value, tuple) else None,
        tells="" if year.where else way, repeats=way if year.where else "",
    )  # fmt: skip
