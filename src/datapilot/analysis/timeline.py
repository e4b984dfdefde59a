"""The table's time axis: which column of dates or of plain years to follow, in what periods, and which of them the data
covers whole."""

import math
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from datapilot.contracts.measure import Grain
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.engine.keys import period_name
from datapilot.engine.table import Table

# The span below which a grain is used (Metabase's rule), so that a line has some dozens of points.
_SPANS: tuple[tuple[timedelta, Grain], ...] = (
    (timedelta(hours=3), "minute"), (timedelta(days=7), "hour"), (timedelta(days=183), "day"),
    (timedelta(days=3653), "month"),
)  # fmt: skip
_COARSER: dict[Grain, Grain] = {
    "minute": "hour", "hour": "day", "day": "week", "week": "month", "month": "quarter", "quarter": "year",
}  # fmt: skip
_LENGTHS: dict[Grain, timedelta] = {
    "minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7),
    "month": timedelta(days=30.4), "quarter": timedelta(days=91), "year": timedelta(days=365),
}  # fmt: skip
_NATIVE: tuple[Grain, ...] = ("week", "month", "quarter", "year")
_ROWS_PER_PERIOD = 3  # fewer, and the line shows chance
_FEWEST_PERIODS = 3
_MOSTLY_EMPTY = 0.5
_REGULAR = 0.95  # of the days (weeks, months …) between first and last that occur
_SLACK = 1.05
_MOST_PATIENCE = 0.25  # of a period, beyond which its end cannot be told from a pause
_FIRST_YEAR, _LAST_YEAR = 1000, 9899
_YEARS_FILLED = 0.6  # of the years between first and last; fewer, and a line would jump over most of them
_CHANCE = 0.05  # a silence that irregular data shows more rarely than this is an end, not a gap

# What a date is for: the event itself before the bookkeeping about it.
_EVENT = re.compile(r"open|order|start|begin|purchas|sold|sale|invoice|transact|visit|report|measure|incident|request")
_CREATED = re.compile(r"creat|^date$|_date$|day|month|period|time")
_LATER = re.compile(r"clos|end|resol|ship|deliver|due|expir|paid|finish|complet|birth|hire|join")
_BOOKKEEPING = re.compile(r"updat|modif|process|sys_|load|import|insert|ingest|extract|sync|last_|fetched|scrap")
# When a thing was last seen, counted or changed: it dates the state of a record, over which nothing adds up.
_STATE = re.compile(r"(?:^|[\W_])(?i:last|latest)(?=[\W_A-Z]|$)")


class Timeline(NamedTuple):
    """A date column cut into periods. `first` and `last` are the extreme moments; `step` is the usual distance
    between neighbouring moments, `patience` the silence that still is a gap and no end; `rests_on_weekends` says that
    no moment is a Saturday or Sunday, `counts_days` that equally many rows come with every step, so that the number of
    a month's rows is that of its days. Plain years are periods themselves, one in `every` so many.
    Dates from `end` on are few and lie years after the rest: the axis leaves them out."""

    column: ColumnProfile
    grain: Grain
    first: datetime
    last: datetime
    step: timedelta
    patience: timedelta
    rests_on_weekends: bool
    counts_days: bool = False
    every: int = 1
    end: str | None = None

    @property
    def has_days(self) -> bool:
        """Whether the column holds dates rather than plain years, of which nobody knows how much they cover."""
        return self.column.storage != "BIGINT"

    def starts(self) -> list[datetime]:
        """Return the start of every period from the first to the last, gaps included."""
        return list(_starts(self.grain, self.first, self.last))[:: self.every]

    def names(self) -> list[str]:
        """Return the periods' names as facts spell them."""
        return [name_of(start, self.grain) for start in self.starts()]

    @property
    def is_first_partial(self) -> bool:
        """Whether the data begins after the first period did."""
        if not self.has_days:
            return False
        before = self.first - self.patience
        if self.rests_on_weekends:
            before -= timedelta(days=max(0, before.weekday() - 4))
        return before >= start_of(self.grain, self.first)

    @property
    def is_last_partial(self) -> bool:
        """Whether the next moment to be expected still belongs to the last period."""
        if not self.has_days:
            return False
        expected = self.last + self.patience
        if self.rests_on_weekends and expected.weekday() > 4:
            expected += timedelta(days=7 - expected.weekday())
        return expected < next_start(self.grain, start_of(self.grain, self.last))

    @property
    def says_what_is_whole(self) -> bool:
        """Whether silence tells that a period is over: moments come evenly, or their usual pauses are short against it.
        Of decisions made every few months nobody knows if the year has had its last."""
        is_even = any(self.patience == _LENGTHS[grain] * _SLACK for grain in _NATIVE)
        return is_even or self.patience <= _MOST_PATIENCE * _LENGTHS[self.grain]


def find_timeline(table: Table, profile: TableProfile) -> Timeline | None:
    """Return the time axis of the column most likely to date the rows' events; None if no column dates them. A table
    without dates is followed by its first column of years."""
    if profile.rows == 0:
        return None
    dated = [one for one in profile.columns if _may_date(one)]
    if not dated:
        return next(filter(None, (_of_years(table, one) for one in profile.columns if _has_years(one))), None)
    column = max(dated, key=_weight)
    first, last = (datetime.fromisoformat(str(edge)) for edge in (column.minimum, column.maximum))
    end = profile.most_end.get(column.name)
    if end is not None:
        last = datetime.fromisoformat(_last_until(table, column, end))
    step = (last - first) / max(1, column.unique_count - 1)
    if column.storage == "DATE" or step >= timedelta(days=1):
        first, last = (datetime.combine(edge, time()) for edge in (first, last))
        step = max(step, timedelta(days=1))
    if timedelta(days=1) < step < timedelta(days=1.7):
        step = timedelta(days=1)  # days left out here and there, weekends mostly
    grain = _grain(first, last, step, profile.rows - column.missing_count, has_clock=column.storage == "TIMESTAMP")
    if len(list(_starts(grain, first, last))) < _FEWEST_PERIODS:
        return None
    rests = _rests_on_weekends(table, column, first, last, step)
    patience = _patience(column, first, last, step, rests_on_weekends=rests)
    counts_days = _counts_days(column, profile.rows)
    return Timeline(column, grain, first, last, step, patience, rests, counts_days=counts_days, end=end)


def _last_until(table: Table, column: ColumnProfile, end: str) -> str:
    cell = table.physical(column.name)
    found = table.connection.execute(
        f"SELECT max({cell}) FROM {table.relation} WHERE {cell} < CAST($1 AS DATE)", [end]
    ).fetchone()
    assert found is not None
    return str(found[0])


def _counts_days(column: ColumnProfile, rows: int) -> bool:
    most = column.top_values[0].count if column.top_values else 1
    dated = rows - column.missing_count - column.inconsistent_count
    is_regular = column.rhythm is not None and column.rhythm.regularity >= _REGULAR
    return is_regular and dated >= _REGULAR * most * column.unique_count


def _has_years(column: ColumnProfile) -> bool:
    return (
        column.subtype == "year"
        and column.storage == "BIGINT"
        and column.pii is None
        and column.unique_count >= _FEWEST_PERIODS
        and column.missing_share < _MOSTLY_EMPTY
        and isinstance(column.minimum, int)
        and isinstance(column.maximum, int)
        and _FIRST_YEAR <= column.minimum <= column.maximum <= _LAST_YEAR
    )


def _of_years(table: Table, column: ColumnProfile) -> Timeline | None:
    """Return the axis of plain years; every fifth year is an axis without gaps, a few years far apart are none."""
    physical = table.physical(column.name)
    found = table.connection.execute(
        f"SELECT DISTINCT {physical} FROM {table.relation} WHERE {physical} IS NOT NULL ORDER BY 1"
    ).fetchall()
    years = [int(year) for (year,) in found]
    every = math.gcd(*(later - earlier for earlier, later in pairwise(years)))
    if len(years) < _YEARS_FILLED * ((years[-1] - years[0]) // every + 1):
        return None
    first, last = (datetime.combine(date(year, 1, 1), time()) for year in (years[0], years[-1]))
    step = _LENGTHS["year"] * every
    return Timeline(column, "year", first, last, step, step, rests_on_weekends=False, every=every)


def _patience(
    column: ColumnProfile, first: datetime, last: datetime, step: timedelta, *, rests_on_weekends: bool
) -> timedelta:
    """Return how long after the last row, or before the first, silence means nothing.

    Data that comes every day, week, month, quarter or year is expected then again; otherwise days come by chance,
    and so do gaps.
    """
    if step < timedelta(days=1):
        return step * -math.log(_CHANCE)
    days = ((last - first).days + 1) * (5 / 7 if rests_on_weekends else 1)
    for grain in _NATIVE:
        periods = sum(1 for _ in _starts(grain, first, last))
        if _REGULAR * periods <= column.unique_count <= periods / _REGULAR:
            return _LENGTHS[grain] * _SLACK
    coverage = min(1 - 1e-9, column.unique_count / days)
    return timedelta(days=max(_SLACK, math.log(_CHANCE) / math.log(1 - coverage)))


def start_of(grain: Grain, moment: datetime) -> datetime:
    """Return the start of the period in which the moment lies."""
    day = datetime.combine(moment, time())
    match grain:
        case "minute":
            return moment.replace(second=0, microsecond=0)
        case "hour":
            return moment.replace(minute=0, second=0, microsecond=0)
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return day


def next_start(grain: Grain, start: datetime) -> datetime:
    """Return the start of the period after the one that starts then."""
    if grain in ("month", "quarter", "year"):
        months = {"month": 1, "quarter": 3, "year": 12}[grain]
        place = start.year * 12 + start.month - 1 + months
        return start.replace(year=place // 12, month=place % 12 + 1)
    return start + _LENGTHS[grain]


def name_of(start: datetime, grain: Grain) -> str:
    """Return a period's name as facts spell it."""
    moment: date | datetime = start if grain in ("minute", "hour") else start.date()
    return str(period_name(moment, grain))


def _starts(grain: Grain, first: datetime, last: datetime) -> Iterator[datetime]:
    start = start_of(grain, first)
    while start <= last:
        yield start
        start = next_start(grain, start)


def _may_date(column: ColumnProfile) -> bool:
    return (
        column.storage in ("DATE", "TIMESTAMP")
        and column.pii is None
        and not _STATE.search(column.name)
        and column.unique_count >= _FEWEST_PERIODS
        and column.missing_share < _MOSTLY_EMPTY
        and str(column.minimum) >= "0100"
        and str(column.maximum) < "9900"
    )


def _weight(column: ColumnProfile) -> float:
    name = column.name.lower()
    return (
        3.0 * bool(_EVENT.search(name))
        + 1.0 * bool(_CREATED.search(name))
        - 2.0 * bool(_LATER.search(name))
        - 4.0 * bool(_BOOKKEEPING.search(name))
        - 4.0 * column.missing_share
    )


def _grain(first: datetime, last: datetime, step: timedelta, rows: int, *, has_clock: bool) -> Grain:
    grain: Grain = next((grain for span, grain in _SPANS if last - first < span), "year")
    if not has_clock and grain in ("minute", "hour"):
        grain = "day"
    while grain in _COARSER and (
        _LENGTHS[grain] < step * 0.9 or (last - first) / _LENGTHS[grain] * _ROWS_PER_PERIOD > max(rows, 36)
    ):
        grain = _COARSER[grain]
    return grain


def _rests_on_weekends(table: Table, column: ColumnProfile, first: datetime, last: datetime, step: timedelta) -> bool:
    if last - first < timedelta(days=14) or step > timedelta(days=2):
        return False
    physical = table.physical(column.name)
    found = table.connection.execute(f"SELECT 1 FROM {table.relation} WHERE isodow({physical}) > 5 LIMIT 1").fetchone()
    return found is None
