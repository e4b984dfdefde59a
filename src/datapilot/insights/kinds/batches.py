"""Records that come in batches, on a few days far apart: "By granted, 2016 brings 782 of 1,173 records; 2011 follows
with 208".

Such dates make no series: no period is usual, most are empty. What can be told is which year and which day bring most.
Test: chi-square of equal counts; effect: how far the first lies above an equal part.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Filter, Grain, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Test, evenness
from datapilot.insights.subjects.subjects import Clock, Subjects
from datapilot.insights.subjects.timeline import Timeline
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import entries, entry_slot, fact_slot, p_text, rows_text, told_in_turn
from datapilot.words.render import column_slot

FEWEST_ROWS = 50
FEWEST_DAYS, MOST_DAYS = 5, 60
LEAST_PER_DAY = 5.0  # records, on average
MOST_OF_SPAN = 0.1  # of the days from the first to the last; more are a series with holes
FEWEST_YEARS = 3
LEAST_LEAD = 1.5  # the first against an equal part
LEAST_OVER_SECOND = {"year": 1.2, "day": 1.0}  # a day that brings as many as another is not the one
_LISTED = 6


def find_batches(subjects: Subjects, timeline: Timeline | None) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the year or the day that brings most records, of a clock whose few days make no series."""
    clock = subjects.clock
    if clock is None or timeline is not None or not clock.has_days:
        return
    days = np.floor(clock.days[np.isfinite(clock.days)]).astype(np.int64)
    distinct, counts = np.unique(days, return_counts=True)
    if len(days) < FEWEST_ROWS or not FEWEST_DAYS <= len(distinct) <= MOST_DAYS:
        return
    if counts.mean() < LEAST_PER_DAY or len(distinct) > MOST_OF_SPAN * (distinct[-1] - distinct[0]):
        return
    years = np.unique(distinct.astype("datetime64[D]").astype("datetime64[Y]"), return_inverse=True)[1]
    per_year = np.bincount(years, weights=counts).astype(np.int64)
    day = _leading(subjects, clock, "day", counts)
    if len(per_year) < FEWEST_YEARS:
        yield day
        return
    year = _leading(subjects, clock, "year", per_year)
    if day[1] is not None and year[1] is not None and years[int(np.argmax(counts))] == int(np.argmax(per_year)):
        # One story: the day where it is most of its year, else the year.
        is_the_day = 2 * counts.max() > per_year.max()
        day, year = (day[0], day[1] if is_the_day else None), (year[0], None if is_the_day else year[1])
    yield year
    yield day


def _leading(subjects: Subjects, clock: Clock, grain: Grain, counts: np.ndarray) -> tuple[Test, Candidate | None]:
    test = evenness(counts)
    second, first = np.sort(counts)[-2:]
    fits = first >= LEAST_LEAD * counts.mean() and first > second and first >= LEAST_OVER_SECOND[grain] * second
    return test, _candidate(subjects, clock, grain, counts, test) if fits else None


def _candidate(subjects: Subjects, clock: Clock, grain: Grain, counts: np.ndarray, test: Test) -> Candidate:
    column = next(one for one in subjects.profile.columns if one.name == clock.column)
    # Cells that hold something, but no date, are not missing: dates lie between the first and the last.
    known = (Filter(column=clock.column, op="between", value=(column.minimum, column.maximum)),)
    each = Measure(metric="count", by=clock.column, grain=grain, filters=known)
    dated = Measure(metric="count", filters=known)

    def word(facts: Facts) -> Wording | None:
        fact = facts[each.fact_id]
        parts = sorted(entries(fact), key=lambda part: (-part[2], part[0]))
        if len(parts) < FEWEST_YEARS or parts[0][2] <= parts[1][2]:
            return None
        (first, *_), (second, *_) = parts[:2]
        by, when = column_slot(clock.column), entry_slot(fact, first, "key")
        many = f"{entry_slot(fact, first)} of {fact_slot(facts[dated.fact_id])} dated records"
        follows = f"{entry_slot(fact, second, 'key')} follows with {entry_slot(fact, second)}"
        headline = f"by {by}, {when} brings {many}; {follows}"
        largest = sorted(part[0] for part in parts[:_LISTED])
        detail = f"The {grain}s with most records: {told_in_turn(fact, largest)}. Between the dates lie long pauses."
        what = f"Say beside every figure over time that {when} brings so much of the whole, and what led to it."
        story = f"No other {grain} by {by} brings as many records as {when}: {many}."
        return Wording(headline, detail, owner(clock.column), what, story=story)

    share = float(counts.max() / counts.sum())
    return Candidate(
        kind="dominance", columns=(clock.column,), measures=(each, dated), word=word, impact=share,
        effect=min(1.0, 0.4 + share), n=int(counts.sum()), p_value=test.p_value,
        statistics=f"χ² of equal counts {p_text(test.p_value)}, w = {test.effect:.2f}, "
        f"{rows_text(int(counts.sum()), is_sample=subjects.cells.is_sample)}",
        group=grain,
    )  # fmt: skip
