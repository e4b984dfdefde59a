"""Four figures for the cards at the top: what the table is about, and how it changed over whole periods."""

from collections.abc import Sequence
from typing import NamedTuple

from datapilot.analysis.changes import Period, change_of, last_two_periods, told_change
from datapilot.analysis.drawing.lines import line_measures
from datapilot.analysis.figures import Figure, figures_of
from datapilot.analysis.statements import Statement
from datapilot.analysis.timeline import Timeline
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact
from datapilot.contracts.profile import TableProfile
from datapilot.contracts.report import KpiCard
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table
from datapilot.words.labels import without_unit
from datapilot.words.numbers import show
from datapilot.words.render import show_key

CARDS = 4


class Chosen(NamedTuple):
    """The cards, the most important first, and the facts they show."""

    cards: tuple[KpiCard, ...]
    facts: tuple[Fact, ...]


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
    figures = list(figures_of(table, profile, statement))[:CARDS]
    period = last_two_periods(timeline) if timeline is not None else None
    changes = {figure.title: change for figure in figures if (change := change_of(figure, period)) is not None}
    measures = dict.fromkeys(
        [figure.measure for figure in figures]
        + [measure for pair in changes.values() for measure in (pair.measure, *pair.counts)]
    )
    facts = dict(zip(measures, evaluate(list(measures), table), strict=True))
    cards: list[KpiCard] = []
    cited: dict[str, Fact] = {}
    for figure in figures:
        fact = facts[figure.measure]
        told = told_change(changes.get(figure.title), facts)
        if period is not None and told is not None and figure.adds_up and period.explains(told):
            told = None
        card = _card(figure, fact, told, period=period)
        if card is None:
            continue
        cards.append(card.model_copy(update={"chart_id": _sparkline(figure, timeline, charts)}))
        cited |= {one.id: one for one in (fact, told) if one is not None}
    return Chosen(tuple(cards), tuple(cited.values()))


def _card(figure: Figure, fact: Fact, change: Fact | None, *, period: Period | None) -> KpiCard | None:
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
    title = (without_unit(title, unit) if unit is not None else None) or title  # the figure below bears it
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


def _sparkline(figure: Figure, timeline: Timeline | None, charts: Sequence[ChartSpec]) -> str | None:
    if figure.subject is None or timeline is None or figure.measure.filters != figure.subject.filters:
        return None
    line = line_measures(timeline, figure.subject)[0].fact_id
    return next((chart.id for chart in charts if chart.type == "line" and chart.fact_ids[0] == line), None)
