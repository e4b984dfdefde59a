"""Choose the columns that a table's findings can be about, by what its profile says of them. Reads no cells."""

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.insights.subjects.find_clocks import MOST_CLOCKS, find_dates, find_years
from datapilot.insights.subjects.natures import is_event, is_reason, is_status
from datapilot.insights.subjects.row_names import names_rows
from datapilot.insights.subjects.subjects import NAMES_OF_CODES, YEAR
from datapilot.insights.subjects.survey_batteries import Battery, Form, find_batteries
from datapilot.insights.subjects.text_words import is_said_of_records, is_written, names_text
from datapilot.words.labels import is_row_name, label, numbered_thing
from datapilot.words.meanings import name_words, names_origin, names_total
from datapilot.words.time_columns import time_columns

MOST_QUANTITIES, MOST_CATEGORIES = 24, 20  # the most telling; the tests' number grows with their products
WIDE, MOST_OF_WIDE = 100, 12  # columns from which on so few of each are looked at
FEW_LEVELS = 5  # of a scale, which tells less than an amount
PARTLY_MISSING = (0.02, 0.98)  # less is noise, more is an empty column
MOST_PARTLY_MISSING = 20
MOST_MISSING, FEWEST_REASONS = 0.6, 100  # of the rows, and rows that have one
MOST_GROUPS = 50  # a column with more values is a list of names, not a division
LEAST_OF_EACH = 10  # rows of each thing that is known by its number
LEAST_NUMBER = 100_000_000  # from which on whole numbers between those of a key are such numbers
MOST_CHOICES, MOST_OF_CHOICE = 4, 30  # that are spread over several columns, and columns of one
MOST_KINDS = 20  # groups of a column that says of what kind a record is
FEWEST_HOURS, HOURS_OF_DAY = 6, 24
MOST_TEXTS, FEWEST_TEXTS = 2, 20  # columns, and different texts
_OF_PLACES = frozenset({"peak", "busiest", "best", "opening", "closing", "preferred", "usual", "max", "min"})
_HOURS = frozenset({"hour", "hod", "stunde", "hora", "heure", "ora", "uur", "uhrzeit"})
_OF_A_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


class Chosen(NamedTuple):
    """The columns to look at, by what they are looked at for; each kind with the most telling first."""

    numbers: list[ColumnProfile]
    hours: list[ColumnProfile]
    dates: list[ColumnProfile]
    years: list[ColumnProfile]
    times: list[ColumnProfile]
    groups: list[ColumnProfile]
    names: list[ColumnProfile]
    row_name: ColumnProfile | None
    texts: list[ColumnProfile]
    batteries: tuple[Battery, ...]
    partly_missing: list[str]
    choices: tuple[tuple[ColumnProfile, ...], ...]

    @property
    def has_times(self) -> bool:
        return bool(self.dates or self.years)

    def asked(self, form: Form) -> list[str]:
        """Return the columns of the questions that are answered in this form."""
        return [name for one in self.batteries if one.form == form for name in one.columns]


def choose_columns(profile: TableProfile, *, clock: str | None = None) -> Chosen:
    """Return what to look at in a table; the date column `clock` comes before any other."""
    hours = _hours(profile)
    dates = sorted(find_dates(profile), key=lambda column: column.name != clock)
    groups, names = _groups(profile)
    row_name = names_rows(profile)
    least, most = PARTLY_MISSING
    partly_missing = [column.name for column in profile.columns if least <= column.missing_share <= most]
    return Chosen(
        numbers=[one for one in _numbers(profile) if one not in hours],
        hours=hours,
        dates=dates,
        years=[] if dates else find_years(profile),
        times=time_columns(profile),
        groups=groups,
        names=names,
        row_name=row_name,
        texts=_texts(profile, without=groups, name=row_name),
        batteries=find_batteries(profile),
        partly_missing=partly_missing[:MOST_PARTLY_MISSING],
        choices=_choices(profile),
    )


def _choices(profile: TableProfile) -> tuple[tuple[ColumnProfile, ...], ...]:
    """Return the columns of the first choices that are spread over several and told by no other column."""
    columns = {one.name: one for one in profile.columns}
    told = (one.columns for one in profile.choices if not one.is_told and len(one.columns) <= MOST_OF_CHOICE)
    return tuple(tuple(columns[name] for name in names) for names in islice(told, MOST_CHOICES))


def _hours(profile: TableProfile) -> list[ColumnProfile]:
    """Return the columns of times of day, and of numbered hours."""
    return [
        one for one in profile.columns
        if one.pii is None and one.unique_count >= FEWEST_HOURS and (one.storage == "TIME" or _numbers_hours(one))
    ][:MOST_CLOCKS]  # fmt: skip


def _numbers_hours(column: ColumnProfile) -> bool:
    """Whether a column numbers the hours of a day."""
    low, high = column.minimum, column.maximum
    if column.storage != "BIGINT" or not isinstance(low, int | float) or not isinstance(high, int | float):
        return False
    words = name_words(column.name)
    is_named = bool(set(words[-1:]) & _HOURS) and not set(words) & _OF_PLACES and column.inferred_type == "numeric"
    return is_named and column.role != "sum" and low >= 0 and high < HOURS_OF_DAY


def _texts(
    profile: TableProfile, *, without: Sequence[ColumnProfile], name: ColumnProfile | None
) -> list[ColumnProfile]:
    """Return the columns that people write into: not what names the rows, unless its own name says that it is a text;
    none of printed answers, whose texts are the questions."""
    if profile.answers is not None:
        return []
    fit = (
        one for one in profile.columns
        if one not in without and (one != name or names_text(one.name)) and one.unique_count >= FEWEST_TEXTS
    )  # fmt: skip
    return list(islice((one for one in fit if is_written(one)), MOST_TEXTS))


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
        and column.name not in profile.worked_out
        and (column.role in {"sum", "average"} or _is_origin(column))
        and column.pii is None
        and column.inferred_type not in {"constant", "empty"}
        and (column.subtype != "year" or _is_origin(column))
        and column.subtype not in {"code", "latitude", "longitude"}
        and (column.unique_count > 2 or (column.unique_count > 1 and column.subtype == "unit"))
        and label(column.name).lower().split()[-1] not in NAMES_OF_CODES
        and not any(_refers_to(column, key) for key in keys)
        and not _numbers_rows(column, profile.rows)
    ]
    # Of columns named by year the last ones tell what is.
    fit.sort(
        key=lambda column: (
            not names_total(column.name),
            column.role != "sum",
            column.unique_count <= FEW_LEVELS,
            round(column.missing_share, 1),
            -_year_of(column.name),
            column.name in earlier,
        )
    )
    return fit[: _most(MOST_QUANTITIES, profile)]


def _most(count: int, profile: TableProfile) -> int:
    return count if len(profile.columns) < WIDE else min(count, MOST_OF_WIDE)


def _numbers_rows(column: ColumnProfile, rows: int) -> bool:
    """Whether a column has no name of its own and another whole number in every row, of which some may be gone and the
    rest in any order."""
    return column.storage == "BIGINT" and column.unique_count == rows and is_row_name(column.name)


def _is_origin(column: ColumnProfile) -> bool:
    """Whether a column says of what year a thing is, which goes with its price as its size does."""
    return column.subtype == "year" and names_origin(column.name)


def _year_of(name: str) -> int:
    return int(name) if YEAR.fullmatch(name.strip()) else 0


def _groups(profile: TableProfile) -> tuple[list[ColumnProfile], list[ColumnProfile]]:
    """Return the columns that divide the rows, and those whose values are too many to divide but do repeat."""
    chosen = {name for one in profile.choices for name in one.columns}
    fit = [
        column
        for column in profile.columns
        if column.storage in {"VARCHAR", "BOOLEAN", "BIGINT"}
        and column.name not in chosen
        and column.inferred_type in {"categorical", "boolean", "location", "text", "identifier", "numeric", "email"}
        and (column.storage != "BIGINT" or column.inferred_type == "categorical" or _numbers_few(column, profile))
        and column.unique_count >= 2
        and (column.missing_share < MOST_MISSING or _gives_reasons(column, profile))
    ]
    fit = [column for column in fit if column.unique_count <= MOST_KINDS or not is_said_of_records(column)]
    groups = [column for column in fit if column.unique_count <= min(MOST_GROUPS, max(2, profile.rows // 5))]
    groups.sort(key=lambda column: (column.pii is not None, column.unique_count > 12))
    telling = sorted(groups, key=lambda column: not _tells_what_happened(column))[: _most(MOST_CATEGORIES, profile)]
    names = [column for column in fit if MOST_GROUPS < column.unique_count <= profile.rows // 2]
    return [column for column in groups if column in telling], names[:MOST_CLOCKS]


def _tells_what_happened(column: ColumnProfile) -> bool:
    """Whether a column says what became of the records, which all others may explain, wherever it stands."""
    return column.pii is None and (is_event(column.name) or is_status(column.name))


def _gives_reasons(column: ColumnProfile, profile: TableProfile) -> bool:
    """Whether a column says why something happened: only those have a reason to whom it did."""
    return is_reason(column.name) and profile.rows - column.missing_count >= FEWEST_REASONS


def _numbers_few(column: ColumnProfile, profile: TableProfile) -> bool:
    """Whether a column numbers a few machines or shops that come back in row after row."""
    is_few = column.unique_count <= min(MOST_GROUPS, profile.rows // LEAST_OF_EACH)
    return column.inferred_type == "identifier" and is_few and numbered_thing(column.name) is not None
