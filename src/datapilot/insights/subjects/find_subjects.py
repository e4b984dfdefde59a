"""Find what a table's findings can be about: read the cells of the columns chosen, and make of them what is told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, permutations

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.contracts.table import Column
from datapilot.engine.table import Table
from datapilot.insights.statistics import Floats, Ints
from datapilot.insights.subjects.cells import Cells, load_cells
from datapilot.insights.subjects.choices import put_together
from datapilot.insights.subjects.choose_columns import HOURS_OF_DAY, MOST_KINDS, Chosen, choose_columns
from datapilot.insights.subjects.date_pairs import pair_dates
from datapilot.insights.subjects.find_clocks import clock_of_years, whole_between
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
from datapilot.insights.subjects.sentinels import find_sentinel
from datapilot.insights.subjects.subjects import (
    FEWEST_VALUES,
    Category,
    Clock,
    Quantity,
    RateOf,
    Round,
    Subjects,
)
from datapilot.insights.subjects.text_words import words_of
from datapilot.words.labels import label
from datapilot.words.meanings import (
    names_latest,
    names_level,
    names_meter,
    names_total,
    names_total_so_far,
)
from datapilot.words.orders import bare, orders, plain

FEWEST_WEEKDAYS = 5
SAME_HOURS = 0.6  # of the rows: when it was to leave, and when it left


def find_subjects(table: Table, profile: TableProfile, *, clock: str | None = None) -> Subjects:
    """Return what to look at in the table; the date column `clock` tells the time before any other."""
    chosen = choose_columns(profile, clock=clock)
    cells = _load(chosen, profile, table)
    pairs = pair_dates(chosen.dates, cells)
    spans = [cells.span(end, start) for start, end in (*(one.span_columns for one in pairs.durations), *pairs.untimely)]
    categories = without_twins(tuple(_category(column, cells) for column in chosen.groups))
    quantities = _quantities(chosen, spans, cells, profile)
    said = [*_labels(categories), noun_of(profile)]
    has_time_of_day = any(one.storage == "TIMESTAMP" for one in chosen.dates)
    return Subjects(
        rows=profile.rows,
        cells=cells,
        profile=profile,
        quantities=echoes_marked(
            (*pairs.durations, *(_marked_if_running(one, chosen.dates, categories, cells) for one in quantities))
        ),
        categories=without_parts_of_time(categories, [cells.days[column.name] for column in chosen.dates]),
        names=tuple(_category(column, cells) for column in chosen.names),
        clocks=tuple(_clocks(chosen, pairs.durations, categories, cells)),
        untimely=pairs.untimely,
        promises=pairs.promises,
        batteries=chosen.batteries,
        times=tuple(chosen.times),
        texts=tuple(words_of(column.name, cells.codes[column.name], said) for column in chosen.texts),
        choices=tuple(put_together([_category(column, cells) for column in one]) for one in chosen.choices),
        rounds=tuple(_rounds(chosen.hours, categories, cells, has_time=has_time_of_day)),
    )


def _load(chosen: Chosen, profile: TableProfile, table: Table) -> Cells:
    """Read the cells of all columns that anything is said about, each once."""
    answers = profile.answers
    return load_cells(
        table,
        numbers=[
            *(column.name for column in (*chosen.numbers, *chosen.years)),
            *chosen.asked("numbers"),
            *(answers.columns if answers is not None else ()),
            *(
                one.name
                for one in (chosen.times if chosen.row_name is not None else (*chosen.times[:1], *chosen.times[-1:]))
            ),
            *(one.name for one in chosen.hours if one.storage == "BIGINT"),
        ],
        days=[*(one.name for one in chosen.dates), *(one.name for one in chosen.hours if one.storage == "TIME")],
        categories=[
            *(column.name for column in (*chosen.groups, *chosen.names, *chain(*chosen.choices))),
            *chosen.asked("answers"),
            *(one for one in ((answers.question, answers.answer) if answers else ()) if one is not None),
            *([chosen.row_name.name] if chosen.row_name is not None else []),
            *([profile.left_out.column] if profile.left_out else []),
        ],
        texts=[column.name for column in chosen.texts],
        missing=list(dict.fromkeys((*chosen.partly_missing, *chosen.asked("ticks")))),
    )


def _quantities(chosen: Chosen, spans: Sequence[Floats], cells: Cells, profile: TableProfile) -> list[Quantity]:
    """Return the numbers that something can be said of, what is worked out of others last: none that repeats the time
    between two dates, or counts the rows over time."""
    found = [
        _without_totals(one, profile.left_out, cells)
        for one in (_quantity(column, cells, profile) for column in chosen.numbers)
        if not any(keeps_span(one.values, span) for span in spans)
        and not (chosen.has_times and numbers_rows(one.values))
    ]
    plain = [one for one in found if np.isfinite(one.values).sum() >= FEWEST_VALUES]
    plain = _with_parts_of_rates(_without_meters(plain), profile)
    labels = {label(one.column).lower() for one in plain}
    plain.sort(key=lambda one: says_worked_out(label(one.column).lower(), labels))
    return _outcomes_first(plain)


def _clocks(
    chosen: Chosen, durations: Sequence[Quantity], categories: tuple[Category, ...], cells: Cells
) -> Iterator[Clock]:
    """Yield the dates that tell a time, not those of which only the latest is kept, and the years."""
    for one in chosen.dates:
        if not names_latest(one.name):
            whole = whole_between(one.name, durations, cells)
            yield Clock(one.name, cells.days[one.name], one.storage == "TIMESTAMP", whole=whole)
    for one in chosen.years:
        yield clock_of_years(one.name, cells.numbers[one.name], categories)


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
