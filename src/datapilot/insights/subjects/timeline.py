"""Whole periods of a clock: which there are, which rows lie in each. Parts of a period are never compared."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import numpy as np

from datapilot.contracts.measure import Filter
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.insights.statistics import Floats, Ints
from datapilot.insights.subjects.subjects import Clock
from datapilot.words.periods import period_ends

FEWEST_PERIODS = 12
MOST_PERIODS = 120
LONGEST = 400  # periods; of a panel, whose rows longer ones would add up once more, and of long series
Span = Literal["day", "week", "month", "quarter", "year"]
_PREFERRED: tuple[Span, ...] = ("month", "week", "day", "quarter", "year")
_MISSED = 0.1  # of the days of a period
_EPOCH = date(1970, 1, 1)
_MARGIN = 1 / 48  # of a day
_USUAL_GAP = 0.95  # quantile of the gaps between days with data: a longer pause at an end is a missing part
_USUALLY = 0.8  # of its dates a weekday has data, where it is missed
_PART = 0.1  # of a period's usual days: when more are missing at an end, it is a part


@dataclass(frozen=True)
class Timeline:
    """`keys` are the whole periods in the engine's writing, in order and without a gap; `index` gives each row held
    its period, -1 outside; `whole` is the condition that keeps only rows in whole periods."""

    clock: Clock
    grain: Span
    keys: tuple[str, ...]
    index: Ints
    whole: Filter
    dropped_first: bool
    dropped_last: bool

    @property
    def at(self) -> str:
        """The preposition of its periods: on a day, in a month."""
        return "on" if self.grain == "day" else "in"

    def within(self, first: int, last: int) -> Filter:
        """Return the condition for the rows from one period to another, both by their place among the keys."""
        return between(self.clock, self.keys[first], self.keys[last])

    @cached_property
    def order(self) -> Ints:
        """The rows in whole periods, earliest first."""
        inside = np.flatnonzero(self.index >= 0)
        return inside[np.argsort(self.clock.days[inside], kind="stable")]

    def per_period(self, weights: Floats | None = None, mask: np.ndarray | None = None) -> Floats:
        """Return the number of rows, or the sum of weights, in each period."""
        (found,) = self.per_group(np.zeros(len(self.index), dtype=np.int64), weights, mask)
        return np.asarray(found)

    def per_group(self, codes: Ints, weights: Floats | None = None, mask: np.ndarray | None = None) -> Floats:
        """Return the number of rows, or the sum of weights, of each code from 0 on in each period."""
        periods = len(self.keys) + 1
        # What lies outside is counted too, first, and left out.
        cells = (codes + 1) * periods + self.index + 1
        if mask is not None:
            cells, weights = cells[mask], None if weights is None else weights[mask]
        groups = int(codes.max(initial=0)) + 2
        found = np.bincount(cells, weights=weights, minlength=groups * periods)
        return found.reshape(groups, periods)[1:, 1:].astype(np.float64)


def find_timeline(
    clock: Clock, profile: TableProfile, *, grains: tuple[Span, ...] = _PREFERRED, most: int = MOST_PERIODS
) -> Timeline | None:
    """Return the whole periods of the first grain that has 12 to `most` of them, or None."""
    column = next(one for one in profile.columns if one.name == clock.column)
    ends = _ends(column)
    if ends is None:
        return None
    first, last = ends
    if not clock.has_days:
        grains = ("year",)
    days = np.unique(np.floor(clock.days[np.isfinite(clock.days)])).astype(np.int64)
    if len(days) < FEWEST_PERIODS:
        return None
    for grain in grains:
        timeline = _timeline(clock, grain, first, last, days, most=most)
        if timeline is not None:
            filled = timeline.per_period() > 0
            if filled.mean() > 0.8:
                return timeline
    return None


def _ends(column: ColumnProfile) -> tuple[date, date] | None:
    """Return the first and last day of a column of dates or of plain years."""
    low, high = column.minimum, column.maximum
    if isinstance(low, str) and isinstance(high, str):
        return date.fromisoformat(low[:10]), date.fromisoformat(high[:10])
    if isinstance(low, int | float) and isinstance(high, int | float) and date.min.year <= low <= high <= date.max.year:
        return date(int(low), 1, 1), date(int(high), 12, 31)
    return None


def between(clock: Clock, first: str, last: str) -> Filter:
    """Return the condition for the rows from one period to another, both as the engine writes them."""
    start, end = period_ends(first), period_ends(last)
    assert start is not None
    assert end is not None
    if not clock.has_days:
        return Filter(column=clock.column, op="between", value=(int(first), int(last)))
    return Filter(column=clock.column, op="between", value=(start[0], end[1]))


def _begins_late(moments: Floats) -> bool:
    """Whether the first day begins clearly later than days do (of negated moments: the last one ends earlier)."""
    known = moments[np.isfinite(moments)]
    days = np.floor(known).astype(np.int64)
    first = np.full(int(np.ptp(days)) + 1, np.inf)
    np.minimum.at(first, days - days.min(), known - days)
    begins = first[np.isfinite(first)]
    return len(begins) > 2 and bool(begins[0] > np.quantile(begins[1:], _USUAL_GAP) + _MARGIN)


def period_numbers(days: Floats, grain: Span) -> Ints:
    """Return a running number of the period of each day since 1970."""
    whole = np.floor(days).astype(np.int64)
    if grain == "day":
        return whole
    if grain == "week":
        return (whole + 3) // 7  # 1970-01-01 was a Thursday
    months = whole.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months // {"month": 1, "quarter": 3, "year": 12}[grain]


def month_days(days: Floats) -> Ints:
    """Return the day of the month of each day since 1970, 1 for the first."""
    dates = np.floor(days).astype(np.int64).astype("datetime64[D]")
    found: Ints = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    return found


def spell_period(number: int, grain: Span) -> str:
    """Return the engine's writing of a period's number."""
    if grain == "day":
        return (_EPOCH + timedelta(days=number)).isoformat()
    if grain == "week":
        year, week, _ = (_EPOCH + timedelta(days=number * 7 - 3)).isocalendar()
        return f"{year:04d}-W{week:02d}"
    if grain == "year":
        return f"{1970 + number:04d}"
    if grain == "quarter":
        return f"{1970 + number // 4:04d}-Q{number % 4 + 1}"
    return f"{1970 + number // 12:04d}-{number % 12 + 1:02d}"


def _is_part(missing: Ints, period: Ints, days: Ints) -> bool:
    """Whether a period without some days at an end is less than a whole one, by the days on which data came."""
    if len(missing) > int(np.ceil(np.quantile(np.diff(days), _USUAL_GAP))):
        return True
    dates = np.bincount(_weekdays(np.arange(days[0], days[-1] + 1)), minlength=7)
    is_usual = np.bincount(_weekdays(days), minlength=7) >= _USUALLY * np.maximum(dates, 1)
    return bool(is_usual[_weekdays(missing)].sum() > _PART * is_usual[_weekdays(period)].sum())


def _lacking(clock: Clock, grain: Span, low: int, high: int) -> tuple[int, int]:
    """Return how many of the first and of the last periods lack what is not in the table (see `Clock.whole`)."""
    first, last = clock.whole
    periods = [_days_between(*ends) for at in range(low, high + 1) if (ends := period_ends(spell_period(at, grain)))]
    early = sum(first - days[0] > _MISSED * len(days) for days in periods)
    late = sum(days[-1] - last > _MISSED * len(days) for days in periods)
    return early, late


def _days_between(first: str, last: str) -> Ints:
    """Return each day from one to another, both in ISO form, as days since 1970."""
    return np.arange((date.fromisoformat(first) - _EPOCH).days, (date.fromisoformat(last) - _EPOCH).days + 1)


def _weekdays(days: Ints) -> Ints:
    """Return the weekday of each day since 1970, Monday is 0."""
    return (days + 3) % 7  # 1970-01-01 was a Thursday


def _timeline(clock: Clock, grain: Span, first: date, last: date, days: Ints, *, most: int) -> Timeline | None:
    begin, end = (first - _EPOCH).days, (last - _EPOCH).days
    numbers = period_numbers(np.array([begin, end], dtype=np.float64), grain)
    low, high = int(numbers[0]), int(numbers[1])
    low_ends, high_ends = period_ends(spell_period(low, grain)), period_ends(spell_period(high, grain))
    if low_ends is None or high_ends is None:
        return None
    earliest, latest = _days_between(*low_ends), _days_between(*high_ends)
    dropped_first = _is_part(earliest[earliest < begin], earliest, days)
    dropped_last = _is_part(latest[latest > end], latest, days)
    if grain == "day" and clock.has_time:
        dropped_first, dropped_last = _begins_late(clock.days), _begins_late(-clock.days)
    if not clock.has_days:
        dropped_first, dropped_last = clock.parts
    low, high = low + dropped_first, high - dropped_last
    lacking_first, lacking_last = _lacking(clock, grain, low, high)
    low, high = low + lacking_first, high - lacking_last
    dropped_first, dropped_last = dropped_first or lacking_first > 0, dropped_last or lacking_last > 0
    if not FEWEST_PERIODS <= high - low + 1 <= most:
        return None
    keys = tuple(spell_period(number, grain) for number in range(low, high + 1))
    index = np.full(len(clock.days), -1, dtype=np.int64)
    known = np.isfinite(clock.days)
    index[known] = period_numbers(clock.days[known], grain) - low
    index[(index < 0) | (index >= len(keys))] = -1
    return Timeline(clock, grain, keys, index, between(clock, keys[0], keys[-1]), dropped_first, dropped_last)
