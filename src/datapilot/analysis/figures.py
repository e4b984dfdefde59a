"""The figures that say what a table is about, most interesting first: totals, averages, rows, shares, times taken."""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from datapilot.analysis.drawing.candidate import Subject, subject_of
from datapilot.analysis.statements import Statement
from datapilot.analysis.subjects import amounts, categories, entities, is_led_by_rate, rates, without_earlier_times
from datapilot.contracts.measure import Filter, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.engine.table import Table
from datapilot.words.meanings import (
    lies_ahead,
    name_words,
    names_event,
    names_origin,
    names_profit,
    names_rate,
    says_all,
)
from datapilot.words.numbers import show
from datapilot.words.render import label_in_sentence

FEW_GROUPS = 3  # of two or three, nobody asks how many there are
_COUNTS = frozenset({"freq", "frequency", "count", "counts", "cases", "anzahl", "häufigkeit", "n"})
_YES = frozenset({"yes", "true", "1", "y", "ja", "sí", "oui", "si"})
MOST_DATES = 4  # columns looked at for the time between two of them
MOST_OPEN = 0.6  # of the records may have no end yet
FEWEST_TAKEN = 20  # records that have both
MOSTLY_IN_ORDER = 0.95


class Figure(NamedTuple):
    """What is measured, and how it is said, before its value is known."""

    title: str
    measure: Measure
    how: str
    subject: Subject | None = None
    form: str = ""  # of its slot, where the fact's unit does not say it

    @property
    def adds_up(self) -> bool:
        """Whether a longer period has more of it."""
        return self.subject is not None and self.subject.metric in {"sum", "count"}


def figures_of(table: Table, profile: TableProfile, statement: Statement | None) -> Iterator[Figure]:
    """Yield the figures in order of interest. Of a statement those of its money are its own."""
    rows = Subject(None, others=profile.left_out)
    latest = without_earlier_times(profile)
    left_out = frozenset[str]() if statement is None else statement.amounts
    totals, averages = (
        [one for one in found if one.name not in left_out] for found in (amounts(latest), rates(latest))
    )

    def subject(column: ColumnProfile) -> Subject:
        return subject_of(column, profile)

    is_led = statement is None and is_led_by_rate(totals, averages)
    if profile.rows == 1:
        yield from _only_values(profile)
    if statement is not None:
        by_name = {one.name: one for one in profile.columns}
        for line in statement.lines:
            own = subject(by_name[line.column]) if line.measure.metric == "sum" else None
            yield Figure(line.title, line.measure, line.how, own)
    else:
        yield from (_average(subject(column)) for column in averages[:1] if is_led)
        yield from (_total(subject(column)) for column in totals[:1] if not is_led)
    yield Figure("Rows", rows.measure(), f"Number of rows in the table.{_left_out(rows)}", rows)
    yield from (_average(subject(column)) for column in (averages[:1] if averages else totals[:1]) if not is_led)
    if not totals and statement is None:
        yield from _times_taken(table, profile)
    flags = [column for column in categories(profile) if column.inferred_type == "boolean"]
    groups = [column for column in categories(profile) if column.inferred_type != "boolean"]
    counted = next((column for column in totals[:1] if _COUNTS & set(name_words(column.name))), None)
    yield from (_share_of_yes(column, counted) for column in flags if names_event(column.name))
    yield from (_distinct(column, rows) for column in entities(profile)[:1])
    yield from (_total(subject(column)) for column in totals if names_profit(column.name) and column not in totals[:1])
    shared = totals[0] if totals and not is_led else None
    yield from (_top_share(column, shared, rows) for column in groups[:1] if _has_leader(column))
    yield from (_total(subject(column)) for column in totals[1:2] if not names_profit(column.name))
    yield from (_average(subject(column)) for column in averages[1:3])
    yield from (_share_of_yes(column, counted) for column in flags if not names_event(column.name))
    yield from (_distinct(column, rows) for column in groups[1:3] if column.unique_count > FEW_GROUPS)
    yield Figure("Missing cells", Measure(metric="missing_share"), "Share of all cells of the table that are empty.")
    yield Figure(
        "Repeated rows", Measure(metric="duplicate_rows"), "Number of rows that equal an earlier row in every cell."
    )


def _only_values(profile: TableProfile) -> Iterator[Figure]:
    """The numbers of a table of one row, as they stand there: nothing is to be added or averaged."""
    for column in profile.columns:
        if column.inferred_type == "numeric" and column.pii is None and column.missing_count == 0:
            name = label_in_sentence(column.name)
            title = name[:1].upper() + name[1:]
            yield Figure(title, Measure(metric="max", column=column.name), f"What the one row has as {name}.")


def _total(subject: Subject) -> Figure:
    name = label_in_sentence(subject.name)
    how = f"Sum of {name} over all rows that have a value.{_left_out(subject)}"
    says_total = "total" in name.lower().split()
    title = name[:1].upper() + name[1:] if says_total else f"Total {name}"
    return Figure(title, subject.measure(), how, subject)


def _average(subject: Subject) -> Figure:
    """The average of an amount or a rate. Of percentages whose parts are in the table it is the part of the whole; of
    others it is said that small rows count like large ones."""
    name = label_in_sentence(subject.name)
    bare = name[:1].upper() + name[1:]
    if subject.quotient is not None:
        above, below = (label_in_sentence(one) for one in (subject.quotient.above, subject.quotient.below))
        how = f"Sum of {above} divided by sum of {below}: large rows count for more.{_left_out(subject)}"
        return Figure(bare if subject.is_bare else f"Average {name}", subject.measure(), how, subject, subject.form)
    measure = Measure(metric="mean", column=subject.name, filters=subject.filters)
    own = subject if subject.metric == "mean" else None
    if own is not None and (subject.unit in {"share", "%"} or names_rate(subject.name)):
        how = f"Average of {name} over all rows that have a value; large and small rows count alike."
        return Figure(f"{bare}, average of rows", measure, how + _left_out(subject), own)
    how = f"Average of {name} over all rows that have a value.{_left_out(subject)}"
    return Figure(bare if own is not None and own.is_bare else f"Average {name}", measure, how, own)


def _times_taken(table: Table, profile: TableProfile) -> Iterator[Figure]:
    """How long it takes from one date of a record to another, for the first two of which nearly all records have the
    one before the other: opened and closed, ordered and shipped. Birthdays begin nothing, and what is due is a plan."""
    dates = [
        one for one in profile.columns
        if one.storage in ("DATE", "TIMESTAMP") and one.pii is None and one.unique_count > 1
        and one.missing_share < MOST_OPEN
    ][:MOST_DATES]  # fmt: skip
    for start, end in combinations(dates, 2):
        if names_origin(start.name) or lies_ahead(end.name) or lies_ahead(start.name):
            continue
        first, last = table.physical(start.name), table.physical(end.name)
        row = table.connection.execute(
            f"SELECT count(*), count(*) FILTER (WHERE {last} >= {first}), count(DISTINCT {last} - {first}) "
            f"FROM {table.relation} WHERE {first} IS NOT NULL AND {last} IS NOT NULL"
        ).fetchone()
        assert row is not None
        known, in_order, different = row
        if known < FEWEST_TAKEN or in_order < MOSTLY_IN_ORDER * known or different < FEW_GROUPS:
            continue
        one, other = label_in_sentence(start.name), label_in_sentence(end.name)
        measure = Measure(metric="mean", column=end.name, minus=start.name)
        how = f"Average time from {one} to {other}, over all rows that have both."
        yield Figure(f"Average time from {one} to {other}", measure, how)
        return


def _left_out(subject: Subject) -> str:
    """Return the sentences that say which rows a figure leaves out, and why; nothing where it counts all."""
    said = ""
    if subject.filler is not None:
        said += f" {show(subject.filler, None)} stands for no value: rows with it are left out."
    others = subject.others
    if others is not None and not isinstance(others.value, tuple):
        name = label_in_sentence(others.column)
        why = "add up the others" if says_all(str(others.value)) else "are what was planned"
        said += f" Rows whose {name} is {show(others.value, None)} {why} and are left out."
    return said


def _distinct(column: ColumnProfile, rows: Subject) -> Figure:
    name = label_in_sentence(column.name)
    return Figure(
        f"Different values of {name}",
        Measure(metric="count_distinct", column=column.name, filters=rows.filters),
        f"Number of different values of {name}.{_left_out(rows)}",
    )


def _has_leader(column: ColumnProfile) -> bool:
    """Whether one value has more rows than the next: of three nations with a row each none is the largest."""
    top = column.top_values
    return len(top) > 1 and top[0].count > top[1].count


def _share_of_yes(column: ColumnProfile, counted: ColumnProfile | None) -> Figure:
    """How often it is so: 38% survived. A column of yes and no says it by its yes, whichever there are more of; where
    rows are `counted` (a cross table with its frequencies), by what they count."""
    name = label_in_sentence(column.name)
    yes = next((top.value for top in column.top_values if str(top.value).lower() in _YES), True)
    so = (Filter(column=column.name, op="eq", value=yes),)
    measure, of = Measure(metric="share_rows", filters=so), "rows"
    if counted is not None:
        measure, of = Measure(metric="share_sum", column=counted.name, filters=so), label_in_sentence(counted.name)
    title = f"{name[:1].upper()}{name[1:]}: {show(yes, None)}"
    return Figure(
        title, measure, f"Share of all {of} where {name} is {show(yes, None)}; rows without {name} count too."
    )


def _top_share(column: ColumnProfile, amount: ColumnProfile | None, rows: Subject) -> Figure:
    """The share of the leading category; of the main amount if there is one that may be shared out."""
    name = label_in_sentence(column.name)
    if amount is not None and isinstance(amount.minimum, int | float) and amount.minimum >= 0:
        measure = Measure(metric="share_sum", column=amount.name, by=column.name, limit=1, filters=rows.filters)
        of = label_in_sentence(amount.name)
    else:
        measure = Measure(metric="share_rows", by=column.name, limit=1, filters=rows.filters)
        of = "rows"
    return Figure(
        f"Largest {name}",
        measure,
        f"What the largest {name} has of all {of}; rows without {name} count too.{_left_out(rows)}",
    )
