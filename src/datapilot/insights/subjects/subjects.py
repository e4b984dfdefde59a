"""What a table's findings can be about: quantities (numbers, and days between two dates), categories, clocks, people.

Roles are the profile's: identifiers are never averaged, and dates are dates by content. Columns with personal data
are counted, never named by a value.
"""

import math
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Grain, Measure, Metric
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.insights.statistics import Floats, Ints, contingency, places_of
from datapilot.insights.subjects.cells import Cells, Codes
from datapilot.insights.subjects.event_names import duration_name, event_of
from datapilot.insights.subjects.sentinels import Sentinel
from datapilot.insights.subjects.survey_batteries import Battery
from datapilot.insights.subjects.text_words import Texts
from datapilot.words.labels import label, numbered_thing
from datapilot.words.meanings import names_origin, names_total
from datapilot.words.render import column_slot

FEWEST_VALUES = 20  # below this nothing is tested
COMPARED_ROWS = 2_000
_MOST_CROSSED, _CROSSED = 6, 0.9  # columns, and the share of their combinations that has a row
_MOST_NAMED_ALIKE = 12  # groups of a column
_FEWEST_NAMED = 2  # columns among the values of a category: the one that was greatest
MOST_COMPARED = 3  # values of a category that says which of two is greater: the one, the other, equal
SAME_DIVISION = 0.98  # of the rows, in both directions
NAMES_OF_CODES = frozenset({
    "code", "category", "subcategory", "type", "class", "id", "zip", "postcode", "nr", "no", "index", "idx", "seq",
    "stratum", "replicate", "block", "subject", "plot", "firm", "person", "persnum", "wave", "batch", "rowid", "serial",
    "sequence", "seqno", "cluster",
})  # fmt: skip
MONTHS = 12
MONTH_WORDS = frozenset({"month", "mon", "mth", "mnth", "monat", "mes", "mois", "mese", "maand"})
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_DOERS = frozenset({
    "user", "manager", "owner", "assigned", "assignee", "agent", "customer", "client", "employee", "seller",
    "salesperson", "rep", "driver", "doctor", "teacher", "caller", "technician", "supplier", "vendor", "account",
    "operator", "supervisor", "member", "machine", "store", "device", "courier", "nurse", "inspector", "team",
})  # fmt: skip


class RateOf(NamedTuple):
    """Which two amounts a rate of the table is the quotient of (see `profile.quotients`), with their values; `is_part`
    says that the one is a part of the other."""

    above: str
    below: str
    tops: Floats
    bases: Floats
    is_part: bool


@dataclass(frozen=True)
class Quantity:
    """A number per row: a column, or the days from `minus` to `column`. `values` holds NaN where there is none.

    `filters` leave out a sentinel and the lines that total the others; a level (inhabitants, a balance) adds up at one
    moment, never over time; every measure of the quantity carries them. An echo says what an earlier quantity
    says (r > ECHO) and is only told as such. Of a rate that is a quotient, many rows have the one sum over the other,
    as in charts and key figures: `measure` gives no average of the rows' rates.
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
    rate_of: RateOf | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is made of."""
        return (self.column,) if self.minus is None else (self.minus, self.column)

    @property
    def is_origin(self) -> bool:
        """Whether it is the year that a thing is of, which is a condition of others and nothing to average."""
        return self.minus is None and names_origin(self.column)

    @cached_property
    def is_known(self) -> NDArray[np.bool_]:
        """Which rows have a value."""
        return np.isfinite(self.values)

    @cached_property
    def places(self) -> Ints:
        """The values by their places among the distinct ones, for whatever asks for ranks (see `places_of`)."""
        return places_of(self.values)

    @cached_property
    def tested(self) -> Floats:
        """What tests look at: the values, or of a rate what each row has above the common one, in units of the square
        root of its base, with which a count varies."""
        if self.rate_of is None:
            return self.values
        tops, bases = self.rate_of.tops, self.rate_of.bases
        known = np.isfinite(tops) & np.isfinite(bases)
        common = tops[known].sum() / (bases[known].sum() or 1.0)
        return np.where(known, (tops - common * bases) / np.sqrt(np.maximum(np.abs(bases), 1.0)), np.nan)

    @cached_property
    def tested_places(self) -> Ints:
        """The places of what tests look at."""
        return self.places if self.rate_of is None else places_of(self.tested)

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
        if self.rate_of is not None and metric in {"sum", "mean"}:
            return Measure(
                metric="ratio", column=self.rate_of.above, column2=self.rate_of.below, by=by, grain=grain, limit=limit,
                filters=(*where, *self.filters),
            )  # fmt: skip
        return Measure(
            metric=metric, column=self.column, minus=self.minus, by=by, grain=grain, limit=limit, of=of,
            filters=(*where, *self.filters),
        )  # fmt: skip

    @property
    def name(self) -> str:
        """The template that names it: a label, "processing time", or "time from opened to signed"."""
        if self.minus is None:
            slot = column_slot(self.column)
            return f"{slot} value" if YEAR.fullmatch(self.column.strip()) else slot
        return self.own_name or f"time {self.span}"

    @property
    def average(self) -> str:
        """The template of what it is over many rows: "average cost", but "margin %" for a part of a whole, which is no
        average but that part of all of it."""
        return self.name if self.rate_of is not None and self.rate_of.is_part else f"average {self.name}"

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


_YES, _NO = ("yes", "true"), ("no", "false")


class Category(NamedTuple):
    """A column that divides the rows into 2 to MOST_GROUPS groups."""

    column: str
    codes: Codes
    is_personal: bool

    @property
    def is_flag(self) -> bool:
        """Whether it says nothing but yes or no."""
        return {str(one).lower() for one in self.codes.labels} <= {*_YES, *_NO}

    @property
    def yes(self) -> int | None:
        """The code of its yes, if it has one."""
        said = [str(one).lower() for one in self.codes.labels]
        return next((said.index(word) for word in _YES if word in said), None)


class Choice(NamedTuple):
    """One choice spread over yes-or-no columns, `members`; `whole` divides the rows by them all, in their order, and by
    having none of them where some have none. It is no column: what is told of a group is told of its member's yes."""

    members: tuple[Category, ...]
    whole: Category

    def told(self, code: int) -> tuple[Category, int] | None:
        """Return the member and the code of its yes for a group of the whole; None for those that have none."""
        if code >= len(self.members):
            return None
        yes = self.members[code].yes
        return None if yes is None else (self.members[code], yes)


class Group(NamedTuple):
    """The records with one value of a category, by its code."""

    category: Category
    code: int

    @property
    def column(self) -> str:
        return self.category.column

    @property
    def label(self) -> Scalar:
        return self.category.codes.labels[self.code]

    @property
    def rows(self) -> NDArray[np.bool_]:
        """Which of the rows held have the value."""
        return np.equal(self.category.codes.codes, self.code)

    @property
    def has(self) -> Filter:
        """The condition that a record has it."""
        return Filter(column=self.column, op="eq", value=self.label)


class Clock(NamedTuple):
    """A column of dates, or of plain year numbers, that orders the rows in time; `days` since 1970 with NaN where
    missing, of a year its first of January; `parts` says whether its first and its last year lack months that a column
    beside it names; of the ends of spans (appointments that were booked) only those between the days of `whole` are
    all there."""

    column: str
    days: Floats
    has_time: bool
    has_days: bool = True
    parts: tuple[bool, bool] = (False, False)
    whole: tuple[float, float] = (-math.inf, math.inf)


class Round(NamedTuple):
    """A column that says when in a day or week each row was, without a date: a time, the number of an hour, a weekday's
    name. `positions` counts from 0, -1 where it is missing; by `grain` facts are split, by the column's own values
    where it is None; `one` is what a position is called."""

    column: str
    grain: Grain | None
    positions: Ints
    one: Literal["hour", "weekday"]


@dataclass(frozen=True)
class Subjects:
    """Everything that is looked at. `names` are columns with many repeated values (people, products); `promises` are
    pairs of dates, what was planned and what happened; `times` the columns that are named by years or months; `rounds`
    the columns of hours and weekdays, `texts` the words of columns that people write into, `choices` the yes-or-no
    columns that are one choice, which stand among no `categories`."""

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
    times: tuple[ColumnProfile, ...] = ()
    rounds: tuple[Round, ...] = ()
    texts: tuple[Texts, ...] = ()
    choices: tuple[Choice, ...] = ()

    @property
    def divisions(self) -> tuple[Category, ...]:
        """Everything that parts the rows into groups, whether or not a column of its own says so."""
        return (*self.categories, *(one.whole for one in self.choices))

    @property
    def own_quantities(self) -> tuple[Quantity, ...]:
        """The quantities that are no echo of another."""
        return tuple(quantity for quantity in self.quantities if not quantity.is_echo and not quantity.is_origin)

    @property
    def percentages(self) -> frozenset[tuple[str | None, str | None]]:
        """Which two amounts make a rate that the table itself writes in per cent."""
        return frozenset((one.above, one.below) for one in self.profile.quotients if one.is_percent)

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
    def named_before(self) -> frozenset[tuple[str, int]]:
        """The groups, each by its column and code, whose records an earlier column names as well: what is told of that
        is told ("no internet service" in every column of services)."""
        seen: set[bytes] = set()
        found: set[tuple[str, int]] = set()
        for one in self.categories:
            if len(one.codes.labels) > _MOST_NAMED_ALIKE:
                continue
            groups = [np.packbits(one.codes.codes == code).tobytes() for code in range(len(one.codes.labels))]
            found.update((one.column, code) for code, rows in enumerate(groups) if rows in seen)
            seen.update(groups)
        return frozenset(found)

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
    return category.is_personal or bool(set(label(category.column).lower().split()) & _DOERS)


def is_code(name: str) -> bool:
    """Whether a column's name says that its values are codes, which nobody knows by heart; machines and shops are known
    by their numbers."""
    if numbered_thing(name) is not None:
        return False
    return label(name).lower().split()[-1] in NAMES_OF_CODES - {"category", "subcategory", "type", "class"}


def names_months(category: Category) -> bool:
    """Whether a column numbers or names the twelve months."""
    return len(category.codes.labels) == MONTHS and bool(set(label(category.column).lower().split()) & MONTH_WORDS)


def names_parts_of_year(category: Category) -> bool:
    """Whether a column numbers or names the months or the quarters: March comes in March, and is no group of its
    own."""
    return names_months(category) or names_quarters(category)


def names_quarters(category: Category) -> bool:
    """Whether a column numbers or names the four quarters of a year."""
    is_four = len(category.codes.labels) <= MONTHS // 3
    return is_four and bool(set(label(category.column).lower().split()) & {"quarter", "qtr", "quartal", "trimestre"})
