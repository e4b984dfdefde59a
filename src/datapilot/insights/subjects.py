"""What a table's findings can be about: quantities (numbers, and days between two dates), categories, clocks, people.

Roles are the profile's: identifiers are never averaged, and dates are dates by content. Columns with personal data
are counted, never named by a value.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, islice
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.measure import Filter, Grain, Measure, Metric
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.contracts.table import Column
from datapilot.engine.table import Table
from datapilot.insights.cells import Cells, Codes, load_cells
from datapilot.insights.event_names import duration_name, event_of, is_bookkeeping, leaning_of, promise_of
from datapilot.insights.row_names import names_rows
from datapilot.insights.sentinels import Sentinel, find_sentinel
from datapilot.insights.statistics import Floats, Ints, contingency, pearson, places_of
from datapilot.insights.survey_batteries import FORMS, Battery, find_batteries
from datapilot.words.labels import label
from datapilot.words.meanings import names_level, names_total
from datapilot.words.render import column_slot

MOST_QUANTITIES = 12  # of each part, the most telling; the tests' number grows with their products
MOST_CATEGORIES = 12
MOST_CLOCKS = 3
PARTLY_MISSING = (0.02, 0.98)  # less is noise, more is an empty column
MOST_PARTLY_MISSING = 20
MOST_YEARS_MISSING = 0.2
MOST_GROUPS = 50  # a column with more values is a list of names, not a division
FEWEST_VALUES = 20  # below this nothing is tested
RUNNING = 0.999  # of Pearson's r between what a column gains and another's amounts
ECHO = 0.995  # of Pearson's r
COMPARED_ROWS = 2_000
FEWEST_CALLED_SO = 5  # values that follow in order, of two columns of which one is called the square of the other
LEAST_NUMBER = 100_000_000  # from which on whole numbers between those of a key are such numbers
_MOST_CROSSED, _CROSSED = 6, 0.9  # columns, and the share of their combinations that has a row
_FEWEST_NAMED = 2  # columns among the values of a category: the one that was greatest
MOST_COMPARED = 3  # values of a category that says which of two is greater: the one, the other, equal
TOLD_BY_PART = 0.99  # of the rows, in both directions
SAME_DIVISION = 0.98  # of the rows, in both directions
DURATION_NEGATIVES = 0.05  # more often negative than this, two dates are not start and end
MOST_BACKWARDS = 0.25  # of the rows; more are an error only where the names say which date begins
_NAMES_OF_CODES = frozenset({
    "code", "category", "subcategory", "type", "class", "id", "zip", "postcode", "nr", "no", "index", "idx", "seq",
    "stratum", "replicate", "block", "subject", "plot", "firm", "person", "persnum", "wave", "batch", "rowid", "serial",
    "sequence", "seqno", "cluster",
})  # fmt: skip
MONTHS = 12
_MONTHS = frozenset({"month", "mon", "mth", "mnth", "monat", "mes", "mois", "mese", "maand"})
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_WORKED_OUT = re.compile(r"(?:log|ln|l|sqrt|sq)[ _]?(?P<of>.+)|(?P<by>.+?)[ _]?(?:sq|squared|log)")
_OF_A_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_PEOPLE = frozenset({
    "user", "manager", "owner", "assigned", "assignee", "agent", "customer", "client", "employee", "seller",
    "salesperson", "rep", "driver", "doctor", "teacher", "caller", "technician", "supplier", "vendor", "account",
    "operator", "supervisor", "member", "machine", "store", "device", "courier", "nurse", "inspector", "team",
})  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """A number per row: a column, or the days from `minus` to `column`. `values` holds NaN where there is none.

    `filters` leave out a sentinel and the lines that total the others; a level (inhabitants, a balance) adds up at one
    moment, never over time; every measure of the quantity carries them. An echo says what an earlier quantity
    says (r > ECHO) and is only told as such.
    """

    column: str
    minus: str | None
    unit: str | None
    adds_up: bool
    values: Floats
    sentinel: Sentinel | None = None
    filters: tuple[Filter, ...] = ()
    is_echo: bool = False
    is_level: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is made of."""
        return (self.column,) if self.minus is None else (self.minus, self.column)

    @cached_property
    def is_known(self) -> NDArray[np.bool_]:
        """Which rows have a value."""
        return np.isfinite(self.values)

    @cached_property
    def places(self) -> Ints:
        """The values by their places among the distinct ones, for whatever asks for ranks (see `places_of`)."""
        return places_of(self.values)

    @property
    def span_columns(self) -> tuple[str, str]:
        """Start and end of a duration."""
        assert self.minus is not None
        return self.minus, self.column

    @property
    def key(self) -> tuple[str, str | None]:
        """What tells it from every other quantity."""
        return self.column, self.minus

    def measure(
        self,
        metric: Metric,
        *,
        where: tuple[Filter, ...] = (),
        by: str | None = None,
        grain: Grain | None = None,
        limit: int | None = None,
        of: Literal["sum", "mean", "median"] | None = None,
    ) -> Measure:
        """Return the measure of this quantity over the rows `where`, its sentinel left out."""
        return Measure(
            metric=metric, column=self.column, minus=self.minus, by=by, grain=grain, limit=limit, of=of,
            filters=(*where, *self.filters),
        )  # fmt: skip

    @property
    def name(self) -> str:
        """The template that names it: a label, "processing time", or "time from opened to signed"."""
        if self.minus is None:
            slot = column_slot(self.column)
            return f"{slot} value" if _YEAR.fullmatch(self.column.strip()) else slot
        return self.own_name or f"time {self.span}"

    @property
    def total(self) -> str:
        """The template of its sum: "total revenue", but "total charges" for a column that says so itself."""
        is_said = names_total(self.column)
        return self.name if is_said else f"total {self.name}"

    @property
    def own_name(self) -> str | None:
        """What people call a duration by how it ends: "processing time", "time to close"; None for others."""
        return None if self.minus is None else duration_name(self.minus, self.column)

    @property
    def span(self) -> str:
        """The template "from opened to closed" of a duration."""
        assert self.minus is not None
        return f"from {event_of(self.minus)} to {event_of(self.column)}"


class Category(NamedTuple):
    """A column that divides the rows into 2 to MOST_GROUPS groups."""

    column: str
    codes: Codes
    is_personal: bool


class Clock(NamedTuple):
    """A column of dates, or of plain year numbers, that orders the rows in time; `days` since 1970 with NaN where
    missing, of a year its first of January; `parts` says whether its first and its last year lack months that a column
    beside it names."""

    column: str
    days: Floats
    has_time: bool
    has_days: bool = True
    parts: tuple[bool, bool] = (False, False)


@dataclass(frozen=True)
class Subjects:
    """Everything that is looked at. `names` are columns with many repeated values (people, products); `promises` are
    pairs of dates, what was planned and what happened."""

    rows: int
    cells: Cells
    profile: TableProfile
    quantities: tuple[Quantity, ...]
    categories: tuple[Category, ...]
    names: tuple[Category, ...]
    clocks: tuple[Clock, ...]
    untimely: tuple[tuple[str, str], ...] = ()
    promises: tuple[tuple[str, str], ...] = ()
    batteries: tuple[Battery, ...] = ()

    @property
    def own_quantities(self) -> tuple[Quantity, ...]:
        """The quantities that are no echo of another."""
        return tuple(quantity for quantity in self.quantities if not quantity.is_echo)

    @cached_property
    def comparisons(self) -> dict[str, frozenset[str]]:
        """Which categories only say which quantity is greater (who won), with these quantities' columns."""
        plain = [one for one in self.quantities if one.minus is None]
        small = [one for one in self.categories if len(one.codes.labels) <= MOST_COMPARED]
        signs = [
            (np.sign(one.values[:COMPARED_ROWS] - other.values[:COMPARED_ROWS]), frozenset((one.column, other.column)))
            for one, other in (combinations(plain, 2) if small else ())
        ]
        found: dict[str, frozenset[str]] = {}
        for category in self.categories:
            named = {str(one).lower() for one in category.codes.labels} & {label(one.column).lower() for one in plain}
            if len(named) >= _FEWEST_NAMED:
                found[category.column] = frozenset(one.column for one in plain if label(one.column).lower() in named)
        for category in small:
            for sign, columns in signs:
                codes = category.codes.codes[:COMPARED_ROWS]
                both = np.isfinite(sign) & (codes >= 0)
                if both.sum() >= FEWEST_VALUES and _decides(sign[both], codes[both]):
                    found[category.column] = found.get(category.column, frozenset()) | columns
        return found

    @cached_property
    def is_crosstab(self) -> bool:
        """Whether each row is one combination of all categories: its amounts are counts of a cross table, which add up
        and have no average worth a word."""
        if not 2 <= len(self.categories) <= _MOST_CROSSED or self.names or self.clocks:
            return False
        cells = np.zeros(len(self.cells.rows), dtype=np.int64)
        for one in self.categories:
            if (one.codes.codes < 0).any():
                return False
            cells = cells * len(one.codes.labels) + one.codes.codes
        combinations_of_all = math.prod(len(one.codes.labels) for one in self.categories)
        return len(np.unique(cells)) == len(cells) and len(cells) >= _CROSSED * combinations_of_all

    @property
    def clock(self) -> Clock | None:
        """The column that says when each row happened."""
        return self.clocks[0] if self.clocks else None


def find_subjects(table: Table, profile: TableProfile, *, clock: str | None = None) -> Subjects:
    """Return what to look at in the table; the date column `clock` tells the time before any other."""
    numbers = _numbers(profile)
    dates = sorted(_dates(profile), key=lambda column: column.name != clock)
    groups, names = _groups(profile)
    least, most = PARTLY_MISSING
    partly_missing = [column.name for column in profile.columns if least <= column.missing_share <= most]
    years = [] if dates else _years(profile)
    batteries = find_batteries(profile)
    asked = {form: [name for one in batteries if one.form == form for name in one.columns] for form in FORMS}
    answers, name = profile.answers, names_rows(profile)
    answer_groups = answers.columns if answers is not None else ()
    answer_labels = [one for one in (answers.question, answers.answer) if one is not None] if answers else []
    cells = load_cells(
        table,
        numbers=[*(column.name for column in (*numbers, *years)), *asked["numbers"], *answer_groups],
        days=[column.name for column in dates],
        categories=[
            *(column.name for column in (*groups, *names)),
            *asked["answers"],
            *answer_labels,
            *([name.name] if name is not None else []),
            *([profile.left_out.column] if profile.left_out else []),
        ],
        missing=list(dict.fromkeys((*partly_missing[:MOST_PARTLY_MISSING], *asked["ticks"]))),
    )
    pairs = _pair_dates(dates, cells)
    spans = [
        cells.days[end] - cells.days[start]
        for start, end in (*(one.span_columns for one in pairs.durations), *pairs.untimely)
    ]
    has_times = bool(dates or years)
    categories = _different(tuple(_category(column, cells) for column in groups))
    quantities = [
        _without_totals(one, profile.left_out, cells)
        for one in (_quantity(column, cells, profile) for column in numbers)
        if not any(_keeps(one.values, span) for span in spans) and not (has_times and _numbers_rows(one.values))
    ]
    plain = [one for one in quantities if np.isfinite(one.values).sum() >= FEWEST_VALUES]
    labels = {label(one.column).lower() for one in plain}
    plain.sort(key=lambda one: _says_worked_out(label(one.column).lower(), labels))
    return Subjects(
        rows=profile.rows,
        cells=cells,
        profile=profile,
        quantities=_echoes_marked((*pairs.durations, *plain)),
        categories=_without_parts_of_time(categories, cells.days.values()),
        names=tuple(_category(column, cells) for column in names),
        clocks=(
            *(Clock(one.name, cells.days[one.name], one.storage == "TIMESTAMP") for one in dates),
            *(_clock_of_years(one.name, cells.numbers[one.name], categories) for one in years),
        ),
        untimely=pairs.untimely,
        promises=pairs.promises,
        batteries=batteries,
    )


def _decides(sign: Floats, codes: Ints) -> bool:
    """Whether a sign and a code tell each other: greater, equal and smaller each have a code of their own."""
    counts = contingency(sign.astype(np.int64) + 1, codes, 3, int(codes.max()) + 1)
    filled = (counts.sum(axis=1) > 0).sum()
    return bool(
        filled > 1
        and (counts.sum(axis=0) > 0).sum() >= filled
        and counts.max(axis=1).sum() >= SAME_DIVISION * len(codes)
        and counts.max(axis=0).sum() >= SAME_DIVISION * len(codes)
    )


def names_people(category: Category) -> bool:
    """Whether a column names who or what does the work: users, managers, machines."""
    return category.is_personal or bool(set(label(category.column).lower().split()) & _PEOPLE)


def is_code(name: str) -> bool:
    """Whether a column's name says that its values are codes, which nobody knows by heart."""
    return label(name).lower().split()[-1] in _NAMES_OF_CODES - {"category", "subcategory", "type", "class"}


def _refers_to(column: ColumnProfile, key: ColumnProfile) -> bool:
    """Whether large whole numbers that come back lie within the numbers that tell the rows apart: who infected whom."""
    ends = column.minimum, column.maximum, key.minimum, key.maximum
    if column.storage != "BIGINT" or not all(isinstance(one, int | float) for one in ends):
        return False
    low, high, first, last = (float(one) for one in ends if isinstance(one, int | float))
    return first >= LEAST_NUMBER and first <= low and high <= last


def of_earlier_years(profile: TableProfile) -> frozenset[str]:
    """Return the columns named by a year ("population 2011") that have a like one of a later year beside them."""
    named: dict[str, list[tuple[int, str]]] = {}
    for column in profile.columns:
        if years := _OF_A_YEAR.findall(column.name):
            named.setdefault(_OF_A_YEAR.sub("", column.name), []).append((max(map(int, years)), column.name))
    return frozenset(name for like in named.values() for year, name in like if year < max(like)[0])


def _numbers(profile: TableProfile) -> list[ColumnProfile]:
    earlier = of_earlier_years(profile)
    keys = [
        one for one in profile.columns
        if one.inferred_type == "identifier" and one.storage == "BIGINT" and one.unique_count == profile.rows
    ]  # fmt: skip
    fit = [
        column
        for column in profile.columns
        if column.storage in {"BIGINT", "DOUBLE"}
        and column.role in {"sum", "average"}
        and column.pii is None
        and column.inferred_type not in {"constant", "empty"}
        and column.subtype not in {"year", "code", "latitude", "longitude"}
        and column.unique_count > 2
        and label(column.name).lower().split()[-1] not in _NAMES_OF_CODES
        and not any(_refers_to(column, key) for key in keys)
    ]
    # Of columns named by year the last ones tell what is.
    fit.sort(
        key=lambda column: (
            not names_total(column.name),
            column.role != "sum",
            round(column.missing_share, 1),
            -_year_of(column.name),
            column.name in earlier,
        )
    )
    return fit[:MOST_QUANTITIES]


def _year_of(name: str) -> int:
    return int(name) if _YEAR.fullmatch(name.strip()) else 0


def _dates(profile: TableProfile) -> list[ColumnProfile]:
    """The clocks, best first: filled, not bookkeeping, in file order."""
    fit = [
        column
        for column in profile.columns
        if column.storage in {"DATE", "TIMESTAMP"} and column.pii is None and column.unique_count > 1
    ]
    fit.sort(key=lambda column: (round(column.missing_share, 1), is_bookkeeping(column.name)))
    return fit[:MOST_CLOCKS]


def _years(profile: TableProfile) -> list[ColumnProfile]:
    """The first column of plain years, for a table without dates."""
    fit = (
        column for column in profile.columns
        if column.subtype == "year" and column.storage == "BIGINT" and column.missing_share < MOST_YEARS_MISSING
    )  # fmt: skip
    return list(islice(fit, 1))


def _clock_of_years(column: str, years: Floats, categories: tuple[Category, ...]) -> Clock:
    months = next((one for one in categories if names_months(one)), None)
    parts = (False, False)
    if months is not None and np.isfinite(years).any():
        first, last = float(np.nanmin(years)), float(np.nanmax(years))
        of_ends = [
            len(np.unique(months.codes.codes[(years == end) & (months.codes.codes >= 0)])) for end in (first, last)
        ]
        parts = of_ends[0] < MONTHS, of_ends[1] < MONTHS
    return Clock(column, _new_years(years), has_time=False, has_days=False, parts=parts)


def names_months(category: Category) -> bool:
    """Whether a column numbers or names the twelve months."""
    return len(category.codes.labels) == MONTHS and bool(set(label(category.column).lower().split()) & _MONTHS)


def _new_years(years: Floats) -> Floats:
    """Return the days since 1970 of each year's first of January."""
    days = np.full(len(years), np.nan)
    known = np.isfinite(years)
    days[known] = (years[known].astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(float)
    return days


def _groups(profile: TableProfile) -> tuple[list[ColumnProfile], list[ColumnProfile]]:
    """Return the columns that divide the rows, and those whose values are too many to divide but do repeat."""
    fit = [
        column
        for column in profile.columns
        if column.storage in {"VARCHAR", "BOOLEAN", "BIGINT"}
        and column.inferred_type in {"categorical", "boolean", "location", "text", "identifier", "numeric", "email"}
        and (column.storage != "BIGINT" or column.inferred_type == "categorical")
        and column.unique_count >= 2
        and column.missing_share < 0.6
    ]
    groups = [column for column in fit if column.unique_count <= min(MOST_GROUPS, max(2, profile.rows // 5))]
    groups.sort(key=lambda column: (column.pii is not None, column.unique_count > 12))
    names = [column for column in fit if MOST_GROUPS < column.unique_count <= profile.rows // 2]
    return groups[:MOST_CATEGORIES], names[:MOST_CLOCKS]


def _category(column: Column, cells: Cells) -> Category:
    return Category(column.name, cells.codes[column.name], column.pii is not None)


def _different(categories: tuple[Category, ...]) -> tuple[Category, ...]:
    """Leave out a category that divides the rows just as an earlier one does under other names."""
    kept: list[Category] = []
    for category in categories:
        alike = next((at for at, one in enumerate(kept) if _divide_alike(one.codes, category.codes)), None)
        if alike is None:
            kept.append(category)
        elif not _has_names(kept[alike]) and _has_names(category):
            kept[alike] = category  # the account's name rather than its number
    return tuple(kept)


def _has_names(category: Category) -> bool:
    return any(isinstance(one, str) and not one.isdigit() for one in category.codes.labels)


def _divide_alike(one: Codes, other: Codes) -> bool:
    if abs(len(one.labels) - len(other.labels)) > 1:
        return False
    both = (one.codes >= 0) & (other.codes >= 0)
    if both.sum() < FEWEST_VALUES:
        return False
    counts = contingency(one.codes[both], other.codes[both], len(one.labels), len(other.labels))
    agreeing = min(int(counts.max(axis=0).sum()), int(counts.max(axis=1).sum()))
    return agreeing >= SAME_DIVISION * int(both.sum())


def _quantity(column: ColumnProfile, cells: Cells, profile: TableProfile) -> Quantity:
    values = cells.numbers[column.name]
    sentinel = find_sentinel(values, column.name, profile)
    filters: tuple[Filter, ...] = ()
    if sentinel is not None:
        values = np.where(values == sentinel.value, np.nan, values)
        filters = (Filter(column=column.name, op="ne", value=sentinel.value),)
    adds_up = column.role == "sum"
    is_level = not adds_up and names_level(column.name)
    return Quantity(column.name, None, column.unit, adds_up, values, sentinel, filters, is_level=is_level)


def _without_totals(quantity: Quantity, left_out: Filter | None, cells: Cells) -> Quantity:
    """Return the quantity without the rows that are the sum of all others ("All products")."""
    if left_out is None or isinstance(left_out.value, tuple):
        return quantity
    codes = cells.codes[left_out.column]
    inside = codes.codes == (
        codes.labels.index(left_out.value) if left_out.value in codes.labels else len(codes.labels)
    )
    values = np.where(inside, np.nan, quantity.values)
    return replace(quantity, values=values, filters=(*quantity.filters, left_out))


def _without_parts_of_time(categories: tuple[Category, ...], days: Iterable[Floats]) -> tuple[Category, ...]:
    """Leave out the columns that only spell a part of a date beside them: its month, its weekday."""
    parts = [part for one in days for part in _parts_of(one)]
    return tuple(one for one in categories if not any(_says_part(one.codes, part) for part in parts))


def _parts_of(days: Floats) -> Iterator[Ints]:
    known = np.isfinite(days)
    dates = np.floor(np.where(known, days, 0)).astype("int64").astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype(np.int64)
    for part in (months % 12, months // 3 % 4, months // 12 + 1970, (dates.astype(np.int64) + 3) % 7):
        yield np.where(known, part, -1)


def _says_part(codes: Codes, part: Ints) -> bool:
    both = (codes.codes >= 0) & (part >= 0)
    occurs = np.bincount(part[both]) > 0  # counted: sorting the parts for every category took as long as all the rest
    if both.sum() < FEWEST_VALUES or occurs.sum() < len(codes.labels):
        return False
    place = (np.cumsum(occurs) - 1)[part[both]]
    counts = contingency(codes.codes[both], place, len(codes.labels), int(occurs.sum()))
    is_told = counts.max(axis=0).sum() >= TOLD_BY_PART * both.sum()
    return bool(is_told and counts.max(axis=1).sum() >= TOLD_BY_PART * both.sum())


def _echoes_marked(quantities: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    marked: list[Quantity] = []
    for quantity in quantities:
        runs = quantity.minus is None and any(
            _runs_up(quantity.values, other.values) for other in quantities if other is not quantity
        )  # steady growth gains in step with itself
        echoes = runs or any(
            _echo(earlier.values, quantity.values) or _is_worked_out(earlier, quantity)
            for earlier in marked if not earlier.is_echo
        )  # fmt: skip
        marked.append(replace(quantity, is_echo=echoes))
    return tuple(marked)


def _keeps(values: Floats, span: Floats) -> bool:
    """Whether a column holds the time between two dates, in whatever unit: the dates say it better, or contradict
    themselves."""
    both = np.isfinite(values) & np.isfinite(span)
    if both.sum() < FEWEST_VALUES or not np.ptp(values[both]) or not np.ptp(span[both]):
        return False
    return pearson(values[both], span[both]) > ECHO


def _numbers_rows(values: Floats) -> bool:
    """Whether a column counts the rows, or the periods beside it: 0, 1, 2, … or 1, 2, 3, …"""
    return len(values) >= FEWEST_VALUES and values[0] in {0, 1} and bool((np.diff(values) == 1).all())


def _runs_up(values: Floats, steps: Floats) -> bool:
    """Whether a column is the running balance of another: each row adds that row's amount."""
    gained, step = np.diff(values), steps[1:]
    both = np.isfinite(gained) & np.isfinite(step)
    if both.sum() < FEWEST_VALUES or not np.ptp(step[both]) or not np.ptp(gained[both]):
        return False
    return pearson(gained[both], step[both]) > RUNNING


def _says_worked_out(name: str, names: set[str]) -> bool:
    """Whether a name is another one with a sign of what was done to it: "log wage", "lwage", "age sq"."""
    match = _WORKED_OUT.fullmatch(name)
    return match is not None and bool({match["of"], match["by"]} & (names - {name}))


def _is_worked_out(one: Quantity, other: Quantity) -> bool:
    """Whether a column is another one in other clothes: its square, its logarithm."""
    most = int(one.places.max(initial=-1))
    written = [label(name.column).lower() for name in (one, other)]
    fewest = FEWEST_CALLED_SO if any(_says_worked_out(name, {*written}) for name in written) else FEWEST_VALUES
    if most + 1 < fewest or int(other.places.max(initial=-1)) != most:
        return False
    if one.minus is not None or other.minus is not None or not np.array_equal(one.is_known, other.is_known):
        return False
    known = one.is_known
    places, others = one.places[known], other.places[known]
    return bool(np.array_equal(places, others) or np.array_equal(places, most - others))


def _echo(values: Floats, others: Floats) -> bool:
    both = np.isfinite(values) & np.isfinite(others)
    if both.sum() < max(FEWEST_VALUES, 0.5 * len(values)):
        return False
    return abs(pearson(values[both], others[both])) > ECHO


class _DatePairs(NamedTuple):
    """Dates that belong together: the days between a start and an end, pairs that ought to be one but are not, and
    pairs of a promise and what happened."""

    durations: tuple[Quantity, ...]
    untimely: tuple[tuple[str, str], ...]
    promises: tuple[tuple[str, str], ...]


def _pair_dates(dates: list[ColumnProfile], cells: Cells) -> _DatePairs:
    durations: list[Quantity] = []
    untimely: list[tuple[str, str]] = []
    promises: list[tuple[str, str]] = []
    events = [column for column in dates if not is_bookkeeping(column.name)]
    for one, other in combinations(events if len(events) > 1 else dates, 2):
        days = cells.days[other.name] - cells.days[one.name]
        known = days[np.isfinite(days)]
        if len(known) < FEWEST_VALUES:
            continue
        promise = promise_of(one.name, other.name)
        if promise is not None:
            promises.append(promise)
            continue
        is_forward = _is_start(one.name, other.name, float(np.mean(known < 0)))
        start, end = (one.name, other.name) if is_forward else (other.name, one.name)
        values = days if is_forward else -days
        backwards = float(np.mean(values[np.isfinite(values)] < 0))
        if backwards > DURATION_NEGATIVES:
            if backwards <= MOST_BACKWARDS or leaning_of(start, end) > 0:
                untimely.append((start, end))
            continue
        is_trivial = float(np.mean(values[np.isfinite(values)] == 0)) > 0.5
        if is_trivial or any(_same(values, earlier.values) for earlier in durations):
            continue
        durations.append(Quantity(end, start, "days", False, values))
    return _DatePairs(tuple(durations), tuple(untimely), tuple(promises))


def _is_start(one: str, other: str, backwards: float) -> bool:
    """Whether the first date begins what the second ends: by the dates, or by the names when the dates do not agree."""
    if not DURATION_NEGATIVES < backwards < 1 - DURATION_NEGATIVES:
        return backwards <= DURATION_NEGATIVES
    leaning = leaning_of(one, other)
    return leaning > 0 or (leaning == 0 and backwards < 0.5)


def _same(values: Floats, others: Floats) -> bool:
    both = np.isfinite(values) & np.isfinite(others)
    if both.sum() < FEWEST_VALUES:
        return False
    return float(np.mean(np.abs(values[both] - others[both]) < 1)) > 0.9
