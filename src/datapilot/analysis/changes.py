"""How a figure changed between the last two whole periods of a table."""

from datetime import datetime, timedelta
from typing import NamedTuple

from datapilot.analysis.figures import Figure
from datapilot.analysis.timeline import Timeline, next_start, start_of
from datapilot.contracts.measure import Fact, Filter, Grain, Measure
from datapilot.contracts.profile import ColumnProfile
from datapilot.words.periods import show_period

# Periods to compare by the span of the data: long enough that one day of chance does not make the change.
_COMPARED: tuple[tuple[timedelta, Grain], ...] = (
    (timedelta(days=2), "hour"), (timedelta(days=21), "day"), (timedelta(days=92), "week"),
    (timedelta(days=3653), "month"),
)  # fmt: skip
_FINER: dict[Grain, int] = {"minute": 0, "hour": 1, "day": 2, "week": 3, "month": 4, "quarter": 5, "year": 6}
LEAST_PER_DAY = 0.01  # of change a day, below which periods of unlike lengths are alike
FEWEST_ROWS = 5  # in either period, before a change is told


class Period(NamedTuple):
    """Two neighbouring whole periods, as filters and in words; `days` is how many each has, the later one first."""

    this: Filter
    before: Filter
    words: str
    days: tuple[int, int] = (1, 1)

    def explains(self, change: Fact) -> bool:
        """Whether a change of a total is no more than the periods' own lengths: April has a day less than March."""
        this, before = self.days
        if this == before or not isinstance(change.value, int | float):
            return False
        per_day = (1 + change.value) * before / this - 1
        return per_day * change.value <= 0 or abs(per_day) < LEAST_PER_DAY

    @property
    def lengths(self) -> str:
        """What is said of periods that are not equally long, else nothing."""
        this, before = self.days
        return f" ({this} days against {before})" if this != before else ""


def last_two_periods(timeline: Timeline) -> Period | None:
    """Return the last complete period and the one before it; None if the data does not cover both, or does not say
    whether it does."""
    if not timeline.has_days:
        return None
    span = timeline.last - timeline.first
    grain: Grain = next((grain for limit, grain in _COMPARED if span < limit), "year")
    grain = max(grain, timeline.grain, key=_FINER.__getitem__)
    cut = timeline._replace(grain=grain)
    if not cut.says_what_is_whole:
        return None
    starts = cut.starts()
    if cut.is_last_partial:
        starts = starts[:-1]
    if cut.is_first_partial:
        starts = starts[1:]
    if len(starts) < 2:
        return None
    before, this = starts[-2:]
    column = timeline.column
    names = [show_period(name, grain) for name in cut.names()]
    said = dict(zip(cut.starts(), names, strict=True))
    this_end, before_end = (next_start(grain, start_of(grain, start)) for start in (this, before))
    return Period(
        _within(column, this, grain),
        _within(column, before, grain),
        f"{said[this]} against {said[before]}",
        days=(max((this_end - this).days, 1), max((before_end - before).days, 1)),
    )


def _within(column: ColumnProfile, start: datetime, grain: Grain) -> Filter:
    """Return the filter for the rows of one period; days for whole days, moments for hours and minutes."""
    end = next_start(grain, start_of(grain, start))
    if grain in ("minute", "hour"):
        last = end - timedelta(microseconds=1)
        return Filter(column=column.name, op="between", value=(start.isoformat(), last.isoformat()))
    last_day = end.date() - timedelta(days=1)
    return Filter(column=column.name, op="between", value=(start.date().isoformat(), last_day.isoformat()))


class Change(NamedTuple):
    """The measure of a change and the counts of rows that must carry it."""

    measure: Measure
    counts: tuple[Measure, Measure]


def change_of(figure: Figure, period: Period | None) -> Change | None:
    """Return what measures the figure's change; None where there are no two periods, or a change in per cent would say
    nothing."""
    if period is None or figure.subject is None or not figure.subject.is_never_negative:
        return None
    column, own = figure.measure.column, figure.measure.filters
    change = Measure.model_validate(
        {
            "metric": "change",
            **figure.subject.measured,
            "of": None if figure.subject.quotient is not None else figure.subject.metric,
            "filters": (*own, period.this),
            "baseline": (*own, period.before),
        }
    )
    this, before = (
        Measure(metric="count", column=column, filters=(*own, filter_)) for filter_ in (period.this, period.before)
    )
    return Change(change, (this, before))


def told_change(change: Change | None, facts: dict[Measure, Fact]) -> Fact | None:
    """Return the change as a fact, or None where it is undefined or rests on too few rows."""
    if change is None or min(facts[count].n for count in change.counts) < FEWEST_ROWS:
        return None
    fact = facts[change.measure]
    return fact if isinstance(fact.value, int | float) else None
