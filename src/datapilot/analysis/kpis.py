"""Four figures for the cards at the top: what the table is about, and how it changed over whole periods."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import NamedTuple

from datapilot.analysis.drawing.candidate import Subject, subject_of
from datapilot.analysis.drawing.lines import line_measures
from datapilot.analysis.statements import Statement
from datapilot.analysis.subjects import amounts, categories, entities, rates, without_earlier_times
from datapilot.analysis.timeline import Timeline, next_start, start_of
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact, Filter, Grain, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.contracts.report import KpiCard
from datapilot.engine.evaluate import evaluate
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
from datapilot.words.periods import show_period
from datapilot.words.render import label_in_sentence, show_key

CARDS = 4
FEW_GROUPS = 3  # of two or three, nobody asks how many there are
_COUNTS = frozenset({"freq", "frequency", "count", "counts", "cases", "anzahl", "häufigkeit", "n"})
_YES = frozenset({"yes", "true", "1", "y", "ja", "sí", "oui", "si"})
# Periods to compare by the span of the data: long enough that one day of chance does not make the change.
_COMPARED: tuple[tuple[timedelta, Grain], ...] = (
    (timedelta(days=2), "hour"), (timedelta(days=21), "day"), (timedelta(days=92), "week"),
    (timedelta(days=3653), "month"),
)  # fmt: skip
_FINER: dict[Grain, int] = {"minute": 0, "hour": 1, "day": 2, "week": 3, "month": 4, "quarter": 5, "year": 6}
LEAST_PER_DAY = 0.01  # of change a day, below which periods of unlike lengths are alike
MOST_DATES = 4  # columns looked at for the time between two of them
MOST_OPEN = 0.6  # of the records may have no end yet
FEWEST_TAKEN = 20  # records that have both
MOSTLY_IN_ORDER = 0.95
FEWEST_ROWS = 5  # in either period, before a change is told


class Chosen(NamedTuple):
    """The cards, the most important first, and the facts they show."""

    cards: tuple[KpiCard, ...]
    facts: tuple[Fact, ...]


class _Period(NamedTuple):
    """Two neighbouring whole periods, as filters and in words; `days` is how many each has, the later one first."""

    this: Filter
    before: Filter
    words: str
    days: tuple[int, int] = (1, 1)

    def explains(self, change: float) -> bool:
        """Whether a change of a total is no more than the periods' own lengths: April has a day less than March."""
        this, before = self.days
        per_day = (1 + change) * before / this - 1
        return this != before and (per_day * change <= 0 or abs(per_day) < LEAST_PER_DAY)

    @property
    def lengths(self) -> str:
        """What is said of periods that are not equally long, else nothing."""
        this, before = self.days
        return f" ({this} days against {before})" if this != before else ""


class _Figure(NamedTuple):
    """A card before its figure is known."""

    title: str
    measure: Measure
    how: str
    subject: Subject | None = None
    form: str = ""  # of its slot, where the fact's unit does not say it

    @property
    def adds_up(self) -> bool:
        """Whether a longer period has more of it."""
        return self.subject is not None and self.subject.metric in {"sum", "count"}


def choose_kpis(
    table: Table,
    profile: TableProfile,
    charts: Sequence[ChartSpec],
    *,
    timeline: Timeline | None,
    statement: Statement | None,
) -> Chosen:
    """Return four cards, fewer for a table that has less to tell; each with the line among the `charts` that it ends.

    A change is told only between two whole neighbouring periods, both with enough rows, and not where their lengths
    alone explain it.
    """
    figures = list(_figures(table, profile, statement))[:CARDS]
    period = _last_two_periods(timeline) if timeline is not None else None
    changes = {figure.title: change for figure in figures if (change := _change(figure, period)) is not None}
    measures = dict.fromkeys(
        [figure.measure for figure in figures]
        + [measure for pair in changes.values() for measure in (pair.change, *pair.counts)]
    )
    facts = dict(zip(measures, evaluate(list(measures), table), strict=True))
    cards: list[KpiCard] = []
    cited: dict[str, Fact] = {}
    for figure in figures:
        fact = facts[figure.measure]
        told = _told(changes.get(figure.title), facts)
        if period is not None and told is not None and figure.adds_up and _is_length(told, period):
            told = None
        card = _card(figure, fact, told, period=period)
        if card is None:
            continue
        cards.append(card.model_copy(update={"chart_id": _sparkline(figure, timeline, charts)}))
        cited |= {one.id: one for one in (fact, told) if one is not None}
    return Chosen(tuple(cards), tuple(cited.values()))


def _figures(table: Table, profile: TableProfile, statement: Statement | None) -> Iterator[_Figure]:
    """Figures in order of interest; the first four are shown. Of a statement those of its money are its own."""
    rows = Subject(None, others=profile.left_out)
    latest = without_earlier_times(profile)
    left_out = frozenset[str]() if statement is None else statement.amounts
    totals, averages = (
        [one for one in found if one.name not in left_out] for found in (amounts(latest), rates(latest))
    )

    def subject(column: ColumnProfile) -> Subject:
        return subject_of(column, profile)

    if profile.rows == 1:
        yield from _only_values(profile)
    if statement is not None:
        by_name = {one.name: one for one in profile.columns}
        for line in statement.lines:
            own = subject(by_name[line.column]) if line.measure.metric == "sum" else None
            yield _Figure(line.title, line.measure, line.how, own)
    else:
        yield from (_total(subject(column)) for column in totals[:1])
    yield _Figure("Rows", rows.measure(), f"Number of rows in the table.{_left_out(rows)}", rows)
    yield from (_average(subject(column)) for column in (averages[:1] if averages else totals[:1]))
    if not totals and statement is None:
        yield from _times_taken(table, profile)
    flags = [column for column in categories(profile) if column.inferred_type == "boolean"]
    groups = [column for column in categories(profile) if column.inferred_type != "boolean"]
    counted = next((column for column in totals[:1] if _COUNTS & set(name_words(column.name))), None)
    yield from (_share_of_yes(column, counted) for column in flags if names_event(column.name))
    yield from (_distinct(column, rows) for column in entities(profile)[:1])
    yield from (_total(subject(column)) for column in totals if names_profit(column.name) and column not in totals[:1])
    yield from (_top_share(column, totals[0] if totals else None, rows) for column in groups[:1] if _has_leader(column))
    yield from (_total(subject(column)) for column in totals[1:2] if not names_profit(column.name))
    yield from (_average(subject(column)) for column in averages[1:3])
    yield from (_share_of_yes(column, counted) for column in flags if not names_event(column.name))
    yield from (_distinct(column, rows) for column in groups[1:3] if column.unique_count > FEW_GROUPS)
    yield _Figure("Missing cells", Measure(metric="missing_share"), "Share of all cells of the table that are empty.")
    yield _Figure(
        "Repeated rows", Measure(metric="duplicate_rows"), "Number of rows that equal an earlier row in every cell."
    )


def _only_values(profile: TableProfile) -> Iterator[_Figure]:
    """The numbers of a table of one row, as they stand there: nothing is to be added or averaged."""
    for column in profile.columns:
        if column.inferred_type == "numeric" and column.pii is None and column.missing_count == 0:
            name = label_in_sentence(column.name)
            title = name[:1].upper() + name[1:]
            yield _Figure(title, Measure(metric="max", column=column.name), f"What the one row has as {name}.")


def _total(subject: Subject) -> _Figure:
    name = label_in_sentence(subject.name)
    how = f"Sum of {name} over all rows that have a value.{_left_out(subject)}"
    says_total = "total" in name.lower().split()
    title = name[:1].upper() + name[1:] if says_total else f"Total {name}"
    return _Figure(title, subject.measure(), how, subject)


def _average(subject: Subject) -> _Figure:
    """The average of an amount or a rate. Of percentages whose parts are in the table it is the part of the whole; of
    others it is said that small rows count like large ones."""
    name = label_in_sentence(subject.name)
    bare = name[:1].upper() + name[1:]
    if subject.quotient is not None:
        above, below = (label_in_sentence(one) for one in (subject.quotient.above, subject.quotient.below))
        how = f"Sum of {above} divided by sum of {below}: large rows count for more.{_left_out(subject)}"
        return _Figure(bare if subject.is_bare else f"Average {name}", subject.measure(), how, subject, subject.form)
    measure = Measure(metric="mean", column=subject.name, filters=subject.filters)
    own = subject if subject.metric == "mean" else None
    if own is not None and (subject.unit in {"share", "%"} or names_rate(subject.name)):
        how = f"Average of {name} over all rows that have a value; large and small rows count alike."
        return _Figure(f"{bare}, average of rows", measure, how + _left_out(subject), own)
    how = f"Average of {name} over all rows that have a value.{_left_out(subject)}"
    return _Figure(bare if own is not None and own.is_bare else f"Average {name}", measure, how, own)


def _times_taken(table: Table, profile: TableProfile) -> Iterator[_Figure]:
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
        yield _Figure(f"Average time from {one} to {other}", measure, how)
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


def _distinct(column: ColumnProfile, rows: Subject) -> _Figure:
    name = label_in_sentence(column.name)
    return _Figure(
        f"Different values of {name}",
        Measure(metric="count_distinct", column=column.name, filters=rows.filters),
        f"Number of different values of {name}.{_left_out(rows)}",
    )


def _has_leader(column: ColumnProfile) -> bool:
    """Whether one value has more rows than the next: of three nations with a row each none is the largest."""
    top = column.top_values
    return len(top) > 1 and top[0].count > top[1].count


def _share_of_yes(column: ColumnProfile, counted: ColumnProfile | None) -> _Figure:
    """How often it is so: 38% survived. A column of yes and no says it by its yes, whichever there are more of; where
    rows are `counted` (a cross table with its frequencies), by what they count."""
    name = label_in_sentence(column.name)
    yes = next((top.value for top in column.top_values if str(top.value).lower() in _YES), True)
    so = (Filter(column=column.name, op="eq", value=yes),)
    measure, of = Measure(metric="share_rows", filters=so), "rows"
    if counted is not None:
        measure, of = Measure(metric="share_sum", column=counted.name, filters=so), label_in_sentence(counted.name)
    title = f"{name[:1].upper()}{name[1:]}: {show(yes, None)}"
    return _Figure(
        title, measure, f"Share of all {of} where {name} is {show(yes, None)}; rows without {name} count too."
    )


def _top_share(column: ColumnProfile, amount: ColumnProfile | None, rows: Subject) -> _Figure:
    """The share of the leading category; of the main amount if there is one that may be shared out."""
    name = label_in_sentence(column.name)
    if amount is not None and isinstance(amount.minimum, int | float) and amount.minimum >= 0:
        measure = Measure(metric="share_sum", column=amount.name, by=column.name, limit=1, filters=rows.filters)
        of = label_in_sentence(amount.name)
    else:
        measure = Measure(metric="share_rows", by=column.name, limit=1, filters=rows.filters)
        of = "rows"
    return _Figure(
        f"Largest {name}",
        measure,
        f"What the largest {name} has of all {of}; rows without {name} count too.{_left_out(rows)}",
    )


class _Change(NamedTuple):
    """The measure of a change and the counts of rows that must carry it."""

    change: Measure
    counts: tuple[Measure, Measure]


def _change(figure: _Figure, period: _Period | None) -> _Change | None:
    if period is None or figure.subject is None or not figure.subject.is_never_negative:
        return None
    column, own = figure.measure.column, figure.measure.filters
    change = Measure.model_validate(
        {
            "metric": "change",
            **figure.subject.measured,
            "of": None if figure.subject.quotient is not None else figure.subject.metric,
            "filters": (*own, period.this),
            "baseline": (*own, period.before),
        }
    )
    this, before = (
        Measure(metric="count", column=column, filters=(*own, filter_)) for filter_ in (period.this, period.before)
    )
    return _Change(change, (this, before))


def _told(change: _Change | None, facts: dict[Measure, Fact]) -> Fact | None:
    """The change as a fact, or None where it is undefined or rests on too few rows."""
    if change is None or min(facts[count].n for count in change.counts) < FEWEST_ROWS:
        return None
    fact = facts[change.change]
    return fact if isinstance(fact.value, int | float) else None


def _last_two_periods(timeline: Timeline) -> _Period | None:
    """Return the last complete period and the one before it; None if the data does not cover both, or does not say
    whether it does."""
    if not timeline.has_days:
        return None
    span = timeline.last - timeline.first
    grain: Grain = next((grain for limit, grain in _COMPARED if span < limit), "year")
    grain = max(grain, timeline.grain, key=_FINER.__getitem__)
    cut = timeline._replace(grain=grain)
    if not cut.says_what_is_whole:
        return None
    starts = cut.starts()
    if cut.is_last_partial:
        starts = starts[:-1]
    if cut.is_first_partial:
        starts = starts[1:]
    if len(starts) < 2:
        return None
    before, this = starts[-2:]
    column = timeline.column
    names = [show_period(name, grain) for name in cut.names()]
    said = dict(zip(cut.starts(), names, strict=True))
    this_end, before_end = (next_start(grain, start_of(grain, start)) for start in (this, before))
    return _Period(
        _within(column, this, grain),
        _within(column, before, grain),
        f"{said[this]} against {said[before]}",
        days=(max((this_end - this).days, 1), max((before_end - before).days, 1)),
    )


def _within(column: ColumnProfile, start: datetime, grain: Grain) -> Filter:
    """Return the filter for the rows of one period; days for whole days, moments for hours and minutes."""
    end = next_start(grain, start_of(grain, start))
    if grain in ("minute", "hour"):
        last = end - timedelta(microseconds=1)
        return Filter(column=column.name, op="between", value=(start.isoformat(), last.isoformat()))
    last_day = end.date() - timedelta(days=1)
    return Filter(column=column.name, op="between", value=(start.date().isoformat(), last_day.isoformat()))


def _is_length(change: Fact, period: _Period) -> bool:
    return isinstance(change.value, int | float) and period.explains(float(change.value))


def _card(figure: _Figure, fact: Fact, change: Fact | None, *, period: _Period | None) -> KpiCard | None:
    """Return the card; None where the figure is undefined. Of a split figure the leading entry is shown."""
    title, value = figure.title, fact.value
    if isinstance(value, tuple):
        leader = next((entry for entry in value if entry.key is not None and entry.other is None), None)
        if leader is None:
            return None
        title, value = f"{title}: {show_key(leader.key, fact.measure)}", leader.value
    if not isinstance(value, int | float):
        return None
    unit = "share" if "percent" in figure.form else fact.unit
    if period is None or change is None or not isinstance(change.value, int | float):
        return KpiCard(
            label=title, value=value, display=show(value, unit), unit=unit, fact_id=fact.id,
            how=figure.how,
        )  # fmt: skip
    return KpiCard(
        label=title,
        value=value,
        display=show(value, unit),
        unit=unit,
        fact_id=fact.id,
        change=change.value,
        change_display=show(change.value, "share", form="signed"),
        change_fact_id=change.id,
        period=period.words,
        how=f"{figure.how} Change: {period.words}, the last two complete periods"
        f"{period.lengths if figure.adds_up else ''}.",
    )


def _sparkline(figure: _Figure, timeline: Timeline | None, charts: Sequence[ChartSpec]) -> str | None:
    if figure.subject is None or timeline is None or figure.measure.filters != figure.subject.filters:
        return None
    line = line_measures(timeline, figure.subject)[0].fact_id
    return next((chart.id for chart in charts if chart.type == "line" and chart.fact_ids[0] == line), None)
