"""Find what a table's findings can be about: choose the columns and read their cells."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, permutations

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.contracts.table import Column
from datapilot.engine.table import Table
from datapilot.insights.statistics import Ints
from datapilot.insights.subjects.cells import Cells, load_cells
from datapilot.insights.subjects.date_pairs import pair_dates
from datapilot.insights.subjects.find_clocks import MOST_CLOCKS, clock_of_years, find_dates, find_years, whole_between
from datapilot.insights.subjects.natures import is_reason
from datapilot.insights.subjects.nouns import noun_of
from datapilot.insights.subjects.plans import comes_after
from datapilot.insights.subjects.repetition import (
    echoes_marked,
    keeps_span,
    numbers_rows,
    runs_on,
    says_worked_out,
    without_parts_of_time,
    without_twins,
)
from datapilot.insights.subjects.row_names import names_rows
from datapilot.insights.subjects.sentinels import find_sentinel
from datapilot.insights.subjects.subjects import (
    FEWEST_VALUES,
    NAMES_OF_CODES,
    YEAR,
    Category,
    Clock,
    Quantity,
    RateOf,
    Round,
    Subjects,
)
from datapilot.insights.subjects.survey_batteries import FORMS, find_batteries
from datapilot.insights.subjects.text_words import is_said_of_records, is_written, names_text, words_of
from datapilot.words.labels import label, numbered_thing
from datapilot.words.meanings import (
    name_words,
    names_latest,
    names_level,
    names_meter,
    names_origin,
    names_total,
    names_total_so_far,
)
from datapilot.words.orders import bare, orders, plain
from datapilot.words.time_columns import time_columns

MOST_QUANTITIES = 12  # of each part, the most telling; the tests' number grows with their products
MOST_CATEGORIES = 12
PARTLY_MISSING = (0.02, 0.98)  # less is noise, more is an empty column
MOST_PARTLY_MISSING = 20
MOST_MISSING, FEWEST_REASONS = 0.6, 100  # of the rows, and rows that have one
MOST_GROUPS = 50  # a column with more values is a list of names, not a division
LEAST_OF_EACH = 10  # rows of each thing that is known by its number
LEAST_NUMBER = 100_000_000  # from which on whole numbers between those of a key are such numbers
FEWEST_HOURS, HOURS_OF_DAY = 6, 24
FEWEST_WEEKDAYS = 5
MOST_TEXTS, FEWEST_TEXTS = 2, 20  # columns, and different texts
SAME_HOURS = 0.6  # of the rows: when it was to leave, and when it left
MOST_KINDS = 20  # groups of a column that says of what kind a record is
_OF_PLACES = frozenset({"peak", "busiest", "best", "opening", "closing", "preferred", "usual", "max", "min"})
_HOURS = frozenset({"hour", "hod", "stunde", "hora", "heure", "ora", "uur", "uhrzeit"})
_OF_A_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


# What has no name and another whole number in every row numbers the rows, of which some may be gone.
_UNNAMED = re.compile(r"|(?:unnamed|column)[\W_]*\d*")


def find_subjects(table: Table, profile: TableProfile, *, clock: str | None = None) -> Subjects:
    """Return what to look at in the table; the date column `clock` tells the time before any other."""
    hours = _hours(profile)
    numbers = [one for one in _numbers(profile) if one not in hours]
    dates = sorted(find_dates(profile), key=lambda column: column.name != clock)
    groups, names = _groups(profile)
    least, most = PARTLY_MISSING
    partly_missing = [column.name for column in profile.columns if least <= column.missing_share <= most]
    years = [] if dates else find_years(profile)
    latest = [one for one in dates if names_latest(one.name)]
    times = time_columns(profile)
    batteries = find_batteries(profile)
    asked = {form: [name for one in batteries if one.form == form for name in one.columns] for form in FORMS}
    answers, name = profile.answers, names_rows(profile)
    texts = _texts(profile, without=groups, name=name)
    answer_groups = answers.columns if answers is not None else ()
    answer_labels = [one for one in (answers.question, answers.answer) if one is not None] if answers else []
    cells = load_cells(
        table,
        numbers=[
            *(column.name for column in (*numbers, *years)),
            *asked["numbers"],
            *answer_groups,
            *(one.name for one in (times if name is not None else (*times[:1], *times[-1:]))),
            *(one.name for one in hours if one.storage == "BIGINT"),
        ],
        days=[*(column.name for column in dates), *(one.name for one in hours if one.storage == "TIME")],
        categories=[
            *(column.name for column in (*groups, *names)),
            *asked["answers"],
            *answer_labels,
            *([name.name] if name is not None else []),
            *([profile.left_out.column] if profile.left_out else []),
        ],
        texts=[column.name for column in texts],
        missing=list(dict.fromkeys((*partly_missing[:MOST_PARTLY_MISSING], *asked["ticks"]))),
    )
    pairs = pair_dates(dates, cells)
    spans = [cells.span(end, start) for start, end in (*(one.span_columns for one in pairs.durations), *pairs.untimely)]
    has_times = bool(dates or years)
    categories = without_twins(tuple(_category(column, cells) for column in groups))
    quantities = [
        _without_totals(one, profile.left_out, cells)
        for one in (_quantity(column, cells, profile) for column in numbers)
        if not any(keeps_span(one.values, span) for span in spans) and not (has_times and numbers_rows(one.values))
    ]
    plain = [one for one in quantities if np.isfinite(one.values).sum() >= FEWEST_VALUES]
    plain = _without_meters(plain)
    plain = _with_parts_of_rates(plain, profile)
    labels = {label(one.column).lower() for one in plain}
    said = [*_labels(categories), noun_of(profile)]
    plain.sort(key=lambda one: says_worked_out(label(one.column).lower(), labels))
    plain = _outcomes_first(plain)
    return Subjects(
        rows=profile.rows,
        cells=cells,
        profile=profile,
        quantities=echoes_marked(
            (*pairs.durations, *(_marked_if_running(one, dates, categories, cells) for one in plain))
        ),
        categories=without_parts_of_time(categories, [cells.days[column.name] for column in dates]),
        names=tuple(_category(column, cells) for column in names),
        clocks=(
            *(
                Clock(
                    one.name,
                    cells.days[one.name],
                    one.storage == "TIMESTAMP",
                    whole=whole_between(one.name, pairs.durations, cells),
                )
                for one in dates
                if one not in latest
            ),
            *(clock_of_years(one.name, cells.numbers[one.name], categories) for one in years),
        ),
        untimely=pairs.untimely,
        promises=pairs.promises,
        batteries=batteries,
        times=tuple(times),
        texts=tuple(words_of(column.name, cells.codes[column.name], said) for column in texts),
        rounds=tuple(_rounds(hours, categories, cells, has_time=any(one.storage == "TIMESTAMP" for one in dates))),
    )


def _marked_if_running(
    quantity: Quantity, dates: Sequence[ColumnProfile], categories: Sequence[Category], cells: Cells
) -> Quantity:
    """Return what is called a total and never falls, over all records or for each of many, as an echo of what it adds
    up: that it rises is how it is made."""
    if names_total_so_far(quantity.column):
        return replace(quantity, is_echo=True)
    if quantity.adds_up or not dates or not names_total(quantity.column):
        return quantity
    days = cells.days[dates[0].name]
    groups = (None, *(one.codes.codes for one in categories))
    return replace(quantity, is_echo=any(runs_on(quantity.values, days, codes) for codes in groups))


def _outcomes_first(quantities: list[Quantity]) -> list[Quantity]:
    """Return the quantities with what came of each plan before it: where both say the same, what came is told."""
    ordered = list(quantities)
    for plan, outcome in permutations(quantities, 2):
        if comes_after(outcome, plan) and ordered.index(outcome) > ordered.index(plan):
            ordered.remove(outcome)
            ordered.insert(ordered.index(plan), outcome)
    return ordered


def _labels(categories: Iterable[Category]) -> Iterator[Scalar]:
    """Yield the groups of the columns that part the records into a few kinds."""
    for one in categories:
        if not one.is_personal and len(one.codes.labels) <= MOST_KINDS:
            yield from one.codes.labels


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


def _rounds(
    hours: list[ColumnProfile], categories: tuple[Category, ...], cells: Cells, *, has_time: bool
) -> Iterator[Round]:
    """Yield the columns of hours, unless the dates tell them, each that is another than the one before, and the column
    of weekdays where there are no dates."""
    told: list[Ints] = []
    for one in hours if not has_time else ():
        values = cells.days[one.name] * HOURS_OF_DAY + 1e-9 if one.storage == "TIME" else cells.numbers[one.name]
        positions = np.where(np.isfinite(values), np.floor(np.nan_to_num(values)), -1).astype(np.int64)
        if any(float(np.mean(positions == other)) >= SAME_HOURS for other in told):
            continue
        told.append(positions)
        yield Round(one.name, "hour_of_day" if one.storage == "TIME" else None, positions, "hour")
    for category in categories:
        named = [_weekday(label) for label in category.codes.labels]
        if len(named) >= FEWEST_WEEKDAYS and all(named) and not category.is_personal:
            yield Round(category.column, None, category.codes.codes, "weekday")


def _weekday(value: object) -> bool:
    return isinstance(value, str) and bare(plain(value)) in next(one for one in orders() if "monday" in one)


def _without_meters(quantities: list[Quantity]) -> list[Quantity]:
    """Leave out what a meter shows where something else is measured: which meter has run longest is no finding."""
    return [one for one in quantities if not names_meter(one.column)] or quantities


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
        and (column.role in {"sum", "average"} or _is_origin(column))
        and column.pii is None
        and column.inferred_type not in {"constant", "empty"}
        and (column.subtype != "year" or _is_origin(column))
        and column.subtype not in {"code", "latitude", "longitude"}
        and (column.unique_count > 2 or (column.unique_count > 1 and column.subtype == "unit"))
        and label(column.name).lower().split()[-1] not in NAMES_OF_CODES
        and not any(_refers_to(column, key) for key in keys)
        and not (_UNNAMED.fullmatch(column.name.strip().lower()) and column.unique_count == profile.rows)
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


def _is_origin(column: ColumnProfile) -> bool:
    """Whether a column says of what year a thing is, which goes with its price as its size does."""
    return column.subtype == "year" and names_origin(column.name)


def _year_of(name: str) -> int:
    return int(name) if YEAR.fullmatch(name.strip()) else 0


def _groups(profile: TableProfile) -> tuple[list[ColumnProfile], list[ColumnProfile]]:
    """Return the columns that divide the rows, and those whose values are too many to divide but do repeat."""
    fit = [
        column
        for column in profile.columns
        if column.storage in {"VARCHAR", "BOOLEAN", "BIGINT"}
        and column.inferred_type in {"categorical", "boolean", "location", "text", "identifier", "numeric", "email"}
        and (column.storage != "BIGINT" or column.inferred_type == "categorical" or _numbers_few(column, profile))
        and column.unique_count >= 2
        and (column.missing_share < MOST_MISSING or _gives_reasons(column, profile))
    ]
    fit = [column for column in fit if column.unique_count <= MOST_KINDS or not is_said_of_records(column)]
    groups = [column for column in fit if column.unique_count <= min(MOST_GROUPS, max(2, profile.rows // 5))]
    groups.sort(key=lambda column: (column.pii is not None, column.unique_count > 12))
    names = [column for column in fit if MOST_GROUPS < column.unique_count <= profile.rows // 2]
    return groups[:MOST_CATEGORIES], names[:MOST_CLOCKS]


def _gives_reasons(column: ColumnProfile, profile: TableProfile) -> bool:
    """Whether a column says why something happened: only those have a reason to whom it did."""
    return is_reason(column.name) and profile.rows - column.missing_count >= FEWEST_REASONS


def _numbers_few(column: ColumnProfile, profile: TableProfile) -> bool:
    """Whether a column numbers a few machines or shops that come back in row after row."""
    is_few = column.unique_count <= min(MOST_GROUPS, profile.rows // LEAST_OF_EACH)
    return column.inferred_type == "identifier" and is_few and numbered_thing(column.name) is not None


def _category(column: Column, cells: Cells) -> Category:
    return Category(column.name, cells.codes[column.name], column.pii is not None)


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


def _with_parts_of_rates(quantities: list[Quantity], profile: TableProfile) -> list[Quantity]:
    """Give every rate that is a quotient its two amounts; one whose amounts are not at hand is left out, for what its
    rows' rates average is no rate of them all."""
    by_column, quotients = {one.column: one for one in quantities}, {one.column: one for one in profile.quotients}
    found = []
    for quantity in quantities:
        quotient = quotients.get(quantity.column)
        if quotient is None:
            found.append(quantity)
        elif {quotient.above, quotient.below} <= by_column.keys():
            above, below = by_column[quotient.above], by_column[quotient.below]
            parts = RateOf(above.column, below.column, above.values, below.values, quotient.is_part)
            found.append(replace(quantity, rate_of=parts))
    return found


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
