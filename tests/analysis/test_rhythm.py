"""The steps of a date column: the usual one by the calendar or by the clock, and where moments are missing."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.tables import column, make_table

from datapilot.analysis import value_counts
from datapilot.analysis.profiling import profile_table
from datapilot.analysis.value_counts import summarize_values
from datapilot.contracts.profile import Rhythm

pytestmark = pytest.mark.spec("B3")

START, END = date(2019, 1, 31), date(2049, 1, 31)


def rhythm_of(moments: list[Any], storage: str = "DATE", **known: Any) -> Rhythm | None:
    """Return the rhythm of a table's one column."""
    return (
        profile_table(make_table([column("c", storage, **known)], [[one] for one in moments])).profile.columns[0].rhythm
    )


@pytest.mark.parametrize(
    ("interval", "every", "unit"),
    [("1d", 1, "day"), ("1w", 1, "week"), ("2w", 2, "week"), ("1mo", 1, "month"), ("2mo", 2, "month"),
     ("1q", 1, "quarter"), ("1y", 1, "year"), ("2y", 2, "year"), ("10d", 10, "day")],
)  # fmt: skip
@pytest.mark.parametrize("start", [date(2019, 1, 1), date(2019, 2, 11)], ids=["first day", "some day"])
def test_usual_step_is_told_by_the_calendar(interval: str, every: int, unit: str, start: date) -> None:
    """Polars' range of an interval steps by just that interval; without its third to fifth moments it has one gap."""
    moments = pl.date_range(start, END, interval, eager=True).to_list()
    del moments[2:5]

    rhythm = rhythm_of(moments[::-1])

    assert rhythm is not None
    assert (rhythm.every, rhythm.unit) == (every, unit)
    if len(moments) > 3:
        assert rhythm.regularity == pytest.approx((len(moments) - 2) / (len(moments) - 1), rel=1e-9)
        assert rhythm.gaps == 1
        assert (rhythm.gap_from, rhythm.gap_to) == (moments[1].isoformat(), moments[2].isoformat())


def test_last_days_of_months_are_a_month_apart() -> None:
    """From 31 January to 28 February and on to 31 March are two steps of one month, and none is a gap."""
    moments = pl.date_range(date(2020, 1, 1), END, "1mo", eager=True).dt.month_end().to_list()

    rhythm = rhythm_of(moments)

    assert rhythm == Rhythm(every=1, unit="month", regularity=1.0, gaps=0, gap_from=None, gap_to=None)


def test_weekends_are_no_gaps_where_only_weekdays_occur() -> None:
    """From Friday to Monday is the usual step of weekdays; a Wednesday left out is a gap."""
    days = pl.date_range(date(2024, 1, 1), date(2024, 12, 31), "1d", eager=True)
    weekdays = [day for day in days.filter(days.dt.weekday() < 6).to_list() if day != date(2024, 5, 1)]

    rhythm = rhythm_of(weekdays)

    assert rhythm is not None
    assert (rhythm.every, rhythm.unit, rhythm.gaps) == (1, "weekday", 1)
    assert (rhythm.gap_from, rhythm.gap_to) == ("2024-04-30", "2024-05-02")


@pytest.mark.parametrize(
    ("interval", "every", "unit"),
    [("15m", 15, "minute"), ("1h", 1, "hour"), ("100ms", 0.1, "second"), ("90s", 90, "second"), ("1d", 1, "day")],
)
def test_usual_step_is_told_by_the_clock(interval: str, every: float, unit: str) -> None:
    """Moments with a time of day, before 1970 too, step by the largest unit that fits their step."""
    start = datetime.fromisoformat("1969-12-31T23:59:30")
    moments = [start + place * _timedelta(every, unit) for place in range(40) if place not in (7, 8, 20)]

    rhythm = rhythm_of(moments, "TIMESTAMP")

    assert rhythm is not None
    assert (rhythm.every, rhythm.unit, rhythm.gaps) == (every, unit, 2)
    assert rhythm.regularity == pytest.approx(34 / 36, rel=1e-9)
    assert (rhythm.gap_from, rhythm.gap_to) == (moments[6].isoformat(), moments[7].isoformat())


def test_moments_without_a_usual_step_have_no_gaps() -> None:
    """Where fewer than half of the steps are alike, nothing is missing; the longest step is told all the same."""
    moments = [START + timedelta(days=days) for days in (0, 1, 3, 4, 9, 40, 47)]

    rhythm = rhythm_of(moments)

    assert rhythm is not None
    assert rhythm.gaps is None
    assert rhythm.regularity == pytest.approx(2 / 6)
    assert (rhythm.gap_from, rhythm.gap_to) == ((START + timedelta(days=9)).isoformat(), moments[5].isoformat())


@pytest.mark.parametrize(
    "told",
    [
        lambda: rhythm_of([START, END, START]),
        lambda: rhythm_of(["a", "b", "c"], "VARCHAR"),
        lambda: rhythm_of([START, END, date(2020, 1, 1)], pii="birth_date"),
    ],
    ids=["two moments", "no dates", "personal"],
)
def test_other_columns_have_no_rhythm(told: Callable[[], Rhythm | None]) -> None:
    """One step is always like itself, and a personal column's dates are not told."""
    assert told() is None


_days = st.integers(0, 40).map(lambda days: START + timedelta(days=days))
_times = st.integers(0, 90).map(lambda step: datetime.fromisoformat("2024-02-28T12:00") + timedelta(minutes=20 * step))


@settings(max_examples=40, deadline=None)
@given(moments=st.one_of(st.lists(st.none() | _days, max_size=30), st.lists(st.none() | _times, max_size=30)))
def test_all_ways_of_counting_agree_on_dates(moments: list[date | None]) -> None:
    """Counting dates here and asking the engine about them tell the same, and so does any order of rows."""
    storage = "TIMESTAMP" if any(isinstance(one, datetime) for one in moments) else "DATE"
    table, turned = (make_table([column("c", storage)], [[one] for one in some]) for some in (moments, moments[::-1]))

    here = dict(summarize_values(table, table.columns))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(value_counts, "COUNTED_HERE_ROWS", -1)
        patch.setattr(value_counts, "COUNTED_AT_ONCE_ROWS", -1)
        patch.setattr(value_counts, "FEW_ROWS", -1)
        asked = dict(summarize_values(turned, turned.columns))

    assert here == asked


def _timedelta(every: float, unit: str) -> timedelta:
    return timedelta(**{f"{unit}s": every})
