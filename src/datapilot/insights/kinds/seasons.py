"""Rhythms: weekdays, hours of the day and months of the year that differ.

Test: Kruskal & Wallis over the cycle's positions, on the number of records per day (or hour of a day), or on the
quantity's own values; months are compared by their totals or means, one per year and month and without the line of
their growth, because neighbouring days are alike for other reasons. In a month of days the averages of the days are
compared, the weekday furthest from the others by Student's t with the spread of days of one weekday, times seven: a
single odd day is no rhythm.
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.engine.p_values import t_tail
from datapilot.insights.candidate import Candidate, Wording
from datapilot.insights.kinds.peaks import Peak, course_told, level_told, peak_of, records_told
from datapilot.insights.statistics import Floats, Ints, Test, kruskal
from datapilot.insights.subjects.natures import nature_of
from datapilot.insights.subjects.subjects import Clock, Quantity, Subjects
from datapilot.insights.subjects.timeline import month_days, period_numbers
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import entries, is_are, p_text, rows_text

Cycle = Literal["weekday", "hour_of_day", "month_of_year"]
LEAST_EPSILON2 = 0.02
LEAST_GAP = 0.15  # between the highest and the lowest position, of the mean
_CYCLES = {"weekday": "weekdays", "hour_of_day": "hours of the day", "month_of_year": "months of the year"}
_ONE = {"weekday": "weekday", "hour_of_day": "hour", "month_of_year": "month"}
_AT = {"weekday": "on", "hour_of_day": "at", "month_of_year": "in"}
_LIKE = {"weekday": "the same weekday of other weeks", "hour_of_day": "the same hour of other days",
         "month_of_year": "the same month of other years"}  # fmt: skip
_STANDS_FOR_MONTHS = 0.9  # of the dates are a first: they name months or years, whose weekday says nothing
_NO_NEWS = 0.4  # summers are warm: what comes of it is told before
_LEAST_DAYS = 56
_LEAST_DAYS_OF_MANY, _LEAST_A_DAY = 27, 8  # from the first to the last, and records of each that is looked at
_LEAST_OF_EACH = 3  # days of every weekday
_LEAST_YEARS = 3
_LEAST_RECORDS = 5  # of each position, but of months, which come back once a year
_FEWEST_POSITIONS = 3  # with enough records, when the figures are exact
_LEAST_POSITIONS = {"weekday": 5, "hour_of_day": 6, "month_of_year": 12}


def find_seasons(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the tests of every cycle that the main clock can show."""
    clock = subjects.clock
    if clock is None or not clock.has_days:
        return
    known = np.isfinite(clock.days)
    days = clock.days[known]
    if len(days) < 2:
        return
    if np.ptp(days) < _LEAST_DAYS:
        yield from _of_few_weeks(subjects, clock, known)
        return
    for cycle in _cycles(clock, days):
        least = _LEAST_YEARS * 12 if cycle == "month_of_year" else _LEAST_DAYS  # records
        if len(days) < least:
            continue
        position = _positions(days, cycle)
        yield from _by_number(subjects, clock, cycle, days)
        for quantity in subjects.own_quantities:
            values, places = quantity.tested[known], quantity.tested_places[known]
            both = np.isfinite(values)
            if both.sum() < least:
                continue
            if cycle == "month_of_year":
                months, means = _means_per_month(days[both], values[both])
                test = kruskal(means, months, 12)
            else:
                test = kruskal(places[both], position[both], 24)
            yield test, _candidate(subjects, clock, cycle, quantity, test)


def _of_few_weeks(
    subjects: Subjects, clock: Clock, known: NDArray[np.bool_]
) -> Iterator[tuple[Test, Candidate | None]]:
    """Test the weekdays of a month whose days have many records each, day by day."""
    days = np.floor(clock.days[known]).astype(np.int64)
    if np.ptp(days) < _LEAST_DAYS_OF_MANY or len(days) < _LEAST_DAYS_OF_MANY * _LEAST_A_DAY:
        return
    for quantity in subjects.own_quantities:
        values = quantity.tested[known]
        both = np.isfinite(values)
        place = days[both] - days.min()
        rows = np.bincount(place)
        kept = np.flatnonzero(rows >= _LEAST_A_DAY)
        if len(kept) < _LEAST_DAYS_OF_MANY:
            continue
        means = np.bincount(place, weights=values[both])[kept] / rows[kept]
        positions = _positions((kept + days.min()).astype(np.float64), "weekday")
        whole = kruskal(values[both], _positions(clock.days[known][both], "weekday"), 7)
        test = Test(_one_weekday_apart(means, positions), whole.effect, whole.n)
        yield test, _candidate(subjects, clock, "weekday", quantity, test, of_days=True)


def _one_weekday_apart(means: Floats, positions: Ints) -> float:
    """Return the p-value of the weekday whose days lie furthest from all others."""
    sizes = np.bincount(positions, minlength=7)
    if sizes[sizes > 0].min() < _LEAST_OF_EACH or (sizes > 0).sum() < _LEAST_POSITIONS["weekday"]:
        return 1.0
    usual = np.bincount(positions, weights=means, minlength=7) / np.maximum(sizes, 1)
    degrees = len(means) - int((sizes > 0).sum())
    spread = float(np.sqrt(((means - usual[positions]) ** 2).sum() / degrees))
    if spread <= 0:
        return 1.0
    furthest = 0.0
    for position in np.flatnonzero(sizes):
        inside = positions == position
        apart = abs(float(means[inside].mean() - means[~inside].mean()))
        furthest = max(furthest, apart / (spread * float(np.sqrt(1 / inside.sum() + 1 / (~inside).sum()))))
    return min(1.0, t_tail(furthest, degrees) * 7)


def _cycles(clock: Clock, days: Floats) -> Iterator[Cycle]:
    stand_for_months = float(np.mean(month_days(days) == 1)) >= _STANDS_FOR_MONTHS
    if not stand_for_months and len(np.unique(_positions(days, "weekday"))) >= _LEAST_POSITIONS["weekday"]:
        yield "weekday"
    if clock.has_time and len(np.unique(_positions(days, "hour_of_day"))) >= _LEAST_POSITIONS["hour_of_day"]:
        yield "hour_of_day"
    years = whole_years(days)
    if years is not None and years[1] - years[0] + 1 >= _LEAST_YEARS:
        yield "month_of_year"


def whole_years(days: Floats) -> tuple[int, int] | None:
    """Return the first and last calendar year that the days cover from January to December, None if there is none."""
    first, last = (int(number) for number in period_numbers(np.array([days.min(), days.max()]), "month"))
    first_year, last_year = -(-first // 12) + 1970, (last - 11) // 12 + 1970
    return (first_year, last_year) if last_year >= first_year else None


def _is_weather(quantity: Quantity | None) -> bool:
    return quantity is not None and nature_of(quantity) == "met"


def _positions(days: Floats, cycle: Cycle) -> Ints:
    if cycle == "weekday":
        return (np.floor(days).astype(np.int64) + 3) % 7
    if cycle == "hour_of_day":
        return np.floor(days % 1 * 24 + 1e-9).astype(np.int64) % 24
    return period_numbers(days, "month") % 12


def _by_number(subjects: Subjects, clock: Clock, cycle: Cycle, days: Floats) -> Iterator[tuple[Test, Candidate | None]]:
    """Test the number of records; a clock that ticks once a period has nothing to count."""
    if cycle == "weekday":
        units, positions = np.arange(np.floor(days.min()), np.floor(days.max()) + 1), None
        counts = _counted(np.floor(days - days.min() // 1).astype(np.int64))[: len(units)]
        positions = _positions(units, "weekday")
    elif cycle == "hour_of_day":
        hours = np.floor(days * 24 + 1e-6).astype(np.int64)
        if np.ptp(hours) > 24 * 400:
            return
        counts = _counted(hours - hours.min())
        positions = (np.arange(len(counts)) + hours.min()) % 24
    else:
        months = period_numbers(days, "month")
        lengths = np.diff((np.arange(months.min(), months.max() + 2)).astype("datetime64[M]").astype("datetime64[D]"))
        counts = (_counted(months - months.min()) / lengths.astype(np.float64))[1:-1]
        positions = (np.arange(1, len(counts) + 1) + months.min()) % 12
    per_day = np.unique(np.floor(days), return_counts=True)[1]
    if per_day.max() <= 1 or counts.max() <= 1 or np.ptp(counts) == 0:
        return
    places = positions.astype(np.int64)
    opened = (np.bincount(places, weights=counts, minlength=24) > 0)[places]  # that nights are closed is no rhythm
    test = kruskal(counts[opened], places[opened], 24)
    yield test, _candidate(subjects, clock, cycle, None, test)


def _counted(places: Ints) -> Floats:
    return np.bincount(places).astype(np.float64)


def _means_per_month(days: Floats, values: Floats) -> tuple[Ints, Floats]:
    months = period_numbers(days, "month")
    low = int(months.min())
    rows = np.bincount(months - low)
    sums = np.bincount(months - low, weights=values)
    filled = np.flatnonzero(rows)
    return (filled + low) % 12, _without_line(filled.astype(np.float64), sums[filled] / rows[filled])


def _without_line(times: Floats, values: Floats) -> Floats:
    """Return what a straight line (of logarithms, where all are above zero) leaves: growth would hide the season."""
    levels = np.log(values) if values.min() > 0 else values
    apart = times - times.mean()
    spread = float(apart @ apart)
    return levels - (float(apart @ levels) / spread) * apart if spread > 0 else levels


def _candidate(
    subjects: Subjects, clock: Clock, cycle: Cycle, quantity: Quantity | None, test: Test, *, of_days: bool = False
) -> Candidate | None:
    if test.effect < LEAST_EPSILON2:
        return None
    each = _records_by(clock, cycle) if quantity is None else quantity.measure("mean", by=clock.column, grain=cycle)
    how = "t of the days' averages" if of_days else f"Kruskal–Wallis over {_CYCLES[cycle]}"
    return Candidate(
        kind="seasonality", columns=(*(quantity.columns if quantity else ()), clock.column), measures=(each,),
        word=lambda facts: _word(facts[each.fact_id], clock, cycle, quantity), impact=1.0,
        effect=min(1.0, 0.15 + test.effect**0.5) * (_NO_NEWS if _is_weather(quantity) else 1.0),
        n=test.n, p_value=test.p_value,
        statistics=f"{how} {p_text(test.p_value)}, ε² = {test.effect:.2f}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{quantity.key}" if quantity else "records",),
    )  # fmt: skip


def _records_by(clock: Clock, cycle: Cycle) -> Measure:
    # A year cut short would have fewer records in the months it lacks.
    years = whole_years(clock.days[np.isfinite(clock.days)]) if cycle == "month_of_year" else None
    span = (f"{years[0]}-01-01", f"{years[1]}-12-31") if years else None
    filters = (Filter(column=clock.column, op="between", value=span),) if span else ()
    return Measure(metric="share_rows", by=clock.column, grain=cycle, filters=filters)


def _word(fact: Fact, clock: Clock, cycle: Cycle, quantity: Quantity | None) -> Wording | None:
    least = _LEAST_YEARS if cycle == "month_of_year" else _LEAST_RECORDS
    parts = [part for part in entries(fact) if part[3] >= least]
    peak = peak_of(fact, parts, least_gap=LEAST_GAP) if len(parts) >= _FEWEST_POSITIONS else None
    if peak is None:
        return None
    if quantity is None:
        told = records_told(peak, _ONE[cycle], is_hour=cycle == "hour_of_day")
        listed, who = "share of all records", owner(clock.column)
        what = f"Plan people for {peak.top}, and use {peak.bottom} for what can wait."
    else:
        verb = "is" if quantity.minus is not None else is_are(quantity.column)
        told = level_told(peak, quantity.average, verb, at=_AT[cycle], one=_ONE[cycle])
        listed, who = quantity.average, owner(*quantity.columns)
        what = _advice(peak, cycle, quantity)
    detail = f"{listed} by {cycle.replace('_', ' ')}: {course_told(fact, parts)}."
    return Wording(told.headline, detail, who, what, story=told.story)


def _advice(peak: Peak, cycle: Cycle, quantity: Quantity) -> str:
    if nature_of(quantity) in {"met", "unknown"} and not quantity.adds_up:
        return f"Compare {quantity.name} with {_LIKE[cycle]}, not with the period before."
    return (
        f"Plan for the peak of {quantity.name} {_AT[cycle]} {peak.top}, and move what can wait towards {peak.bottom}."
    )
