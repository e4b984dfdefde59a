"""What a model may know of a table: facts by id, columns by sanitised name, labels as tokens. No cell, no row.

Numbers leave as the renderer writes them for readers; keys, labels and dates leave as `{c3.1}`, column three's first
value, and are put back when a reply is rendered. Facts about personal columns leave only as counts.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from datapilot.contracts.base import Scalar
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.insight import Insight
from datapilot.contracts.measure import Fact, Measure
from datapilot.contracts.profile import ColumnProfile, ToldColumn
from datapilot.contracts.report import Report
from datapilot.insights.language_model.injection import speaks_to_a_reader
from datapilot.insights.language_model.privacy import mask_wholly
from datapilot.insights.wording.naming import Unnameable, name_measure
from datapilot.words.cleaning import clean_text
from datapilot.words.labels import label
from datapilot.words.numbers import show
from datapilot.words.render import as_key_text, cited_facts

PrivacyMode = Literal["strict", "labels"]

MOST_FACTS = 120
MOST_ENTRIES = 12  # of a fact with one value per key; the first and the last of a longer one
MOST_COLUMNS = 60  # named in the prompt beside those that facts are about
LONGEST_NAME = 40
LONGEST_LOOKED_AT = 2_000  # characters of a name that are read for orders and markup
UNNAMED = "unnamed column"
LEAST_ROWS_OF_A_LABEL = 10  # a label on fewer rows may point at somebody

_COUNTS = frozenset({"count", "count_distinct", "missing_count", "missing_share", "duplicate_rows"})
_PRESENCE = frozenset({"is_missing", "not_missing"})
_OWN_UNITS = frozenset({"share", "rows", "cells", "days", "hours", "minutes", "seconds", "weeks", "months", "years",
                        "$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "JPY", "%", "°"})  # fmt: skip
_LABEL_TYPES = frozenset({"categorical", "boolean", "location"})
_CALENDAR_GRAINS = frozenset({"weekday", "hour_of_day", "month_of_year"})


@dataclass
class Catalogue:
    """`data` is what is sent; the rest takes a reply back to what its ids and tokens stand for.

    `columns` maps `c3` to a name, `tokens` `c3.1` to a value, `findings` `i1` to the rules' insight, `charts` `v1`
    to a chart. `sent_labels` says which tokens were sent with their text.
    """

    columns: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, Scalar] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    findings: dict[str, Insight] = field(default_factory=dict)
    charts: dict[str, ChartSpec] = field(default_factory=dict)
    sent_labels: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


def build_catalogue(report: Report, *, mode: PrivacyMode = "strict") -> Catalogue:
    """Return the catalogue of a finished report: its findings in their order, and at most MOST_FACTS facts."""
    catalogue = Catalogue()
    profiles = {column.name: column for column in report.columns}
    tokens = _Tokens(catalogue, report.columns)
    facts = {fact.id: fact for fact in report.facts}
    chosen = [facts[fact_id] for fact_id in _wanted(report) if fact_id in facts]
    listed = [said for fact in chosen[:MOST_FACTS] if (said := _said(fact, profiles, tokens)) is not None]
    catalogue.facts = {said["id"]: facts[said["id"]] for said in listed}
    for chart in report.chart_specs:
        if any(fact_id in catalogue.facts for fact_id in chart.fact_ids):
            catalogue.charts[f"v{len(catalogue.charts) + 1}"] = chart
    for position, insight in enumerate(report.insights.analyst_insights, start=1):
        catalogue.findings[f"i{position}"] = insight
    catalogue.sent_labels = _labels_that_may_leave(catalogue, profiles) if mode == "labels" else {}
    catalogue.data = {
        "table": {"rows": show(report.kpis.row_count, None), "columns": _columns(report, tokens)},
        "facts": listed,
        "findings": [_finding(name, insight, catalogue, tokens) for name, insight in catalogue.findings.items()],
        "charts": [
            {"id": name, "type": chart.type, "facts": [one for one in chart.fact_ids if one in catalogue.facts]}
            for name, chart in catalogue.charts.items()
        ],
    }
    if catalogue.sent_labels:
        catalogue.data["labels"] = catalogue.sent_labels
    return catalogue


def safe_name(name: str) -> str:
    """Return a column's name as it may leave: readable characters only, masked, short. Never empty; a name that is an
    address to whoever reads it, or holds markup, is left out."""
    folded = unicodedata.normalize("NFKC", name)
    if speaks_to_a_reader(clean_text(folded, limit=LONGEST_LOOKED_AT)):
        return UNNAMED
    masked = clean_text(mask_wholly(clean_text(folded, limit=4 * LONGEST_NAME)), limit=LONGEST_NAME)
    return masked or UNNAMED


def personal_cells(report: Report) -> Iterator[str]:
    """Yield the texts of personal columns that the report holds: the cells of its preview."""
    personal = [column.name for column in report.columns if column.pii is not None]
    for row in report.cleaned_preview:
        for name in personal:
            if row.get(name) is not None:
                yield as_key_text(row[name])


class _Tokens:
    """Names columns and values by number; the numbers are given out as they are needed."""

    def __init__(self, catalogue: Catalogue, columns: Iterable[ToldColumn]) -> None:
        self._catalogue = catalogue
        self._ids = {column.name: f"c{position}" for position, column in enumerate(columns, start=1)}
        self._given: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def column(self, name: str) -> str:
        return "{" + self.id(name) + "}"

    def id(self, name: str) -> str:
        column_id = self._ids.setdefault(name, f"c{len(self._ids) + 1}")
        self._catalogue.columns[column_id] = name
        return column_id

    def value(self, column: str, value: Scalar) -> str:
        if isinstance(value, bool) or value is None:
            return {True: "true", False: "false", None: "no value"}[value]
        key = (self.id(column), as_key_text(value))
        if key not in self._given:
            self._counts[key[0]] = self._counts.get(key[0], 0) + 1
            token = f"{key[0]}.{self._counts[key[0]]}"
            self._given[key] = token
            self._catalogue.tokens[token] = value
        return "{" + self._given[key] + "}"


def _wanted(report: Report) -> list[str]:
    """Return fact ids, most useful first: the findings' own, the summary's, the cards', the bill's, the charts'."""
    ids: list[str] = []
    for insight in report.insights.analyst_insights:
        for evidence in insight.evidence:
            if evidence.kind == "aggregates":
                ids += evidence.fact_ids
        ids += [*cited_facts(insight.headline_template), *cited_facts(insight.detail_template)]
    for template in report.insights.metadata.summary_templates:
        ids += cited_facts(template)
    for card in report.kpis.cards:
        ids += [card.fact_id, *([card.change_fact_id] if card.change_fact_id else [])]
    for deduction in report.quality.deductions:
        ids += deduction.fact_ids
    for chart in report.chart_specs:
        ids += chart.fact_ids
    return list(dict.fromkeys(ids))


def _said(fact: Fact, profiles: dict[str, ToldColumn], tokens: _Tokens) -> dict[str, Any] | None:
    """Return a fact as a model may know it, or None when it may not, or cannot be named."""
    if not _may_leave(fact.measure, profiles):
        return None
    try:
        said: dict[str, Any] = {"id": fact.id, "measure": name_measure(fact.measure, tokens)}
    except Unnameable:
        return None
    if isinstance(fact.value, tuple):
        column = fact.measure.by or fact.measure.column or ""
        entries = list(enumerate(fact.value))
        if len(entries) > MOST_ENTRIES:
            entries = [*entries[: MOST_ENTRIES // 2], *entries[-MOST_ENTRIES // 2 :]]
        is_calendar = fact.measure.grain in _CALENDAR_GRAINS
        said["keys"] = show(len(fact.value), None)
        said["entries"] = [
            {
                "at": position,
                "key": "the rest" if entry.other is not None
                else as_key_text(entry.key) if is_calendar else tokens.value(column, entry.key),
                "value": _figure(entry.value, fact, tokens),
                "n": show(entry.n, None),
            }
            for position, entry in entries
        ]  # fmt: skip
    else:
        said["value"] = _figure(fact.value, fact, tokens)
    said["n"] = show(fact.n, None)
    return said


def _figure(value: Scalar, fact: Fact, tokens: _Tokens) -> str:
    """Return a value as readers see it, with our own units only: a unit may be text of the file."""
    if isinstance(value, str):
        return tokens.value(fact.measure.by or fact.measure.column or "", value)
    unit = fact.unit if fact.unit in _OWN_UNITS else None
    return show(value, unit)


def _may_leave(measure: Measure, profiles: dict[str, ToldColumn]) -> bool:
    """Whether a fact says nothing of a person: of a personal column, or of ids, only how many there are."""
    measured = [profiles.get(name) for name in (measure.column, measure.column2, measure.minus) if name is not None]
    if any(_is_guarded(column) for column in measured) and measure.metric not in _COUNTS:
        return False
    if measure.by is not None and _is_guarded(profiles.get(measure.by)):
        return False
    conditions = [one for one in (*measure.filters, *measure.baseline) if one.op not in _PRESENCE]
    return not any(_is_guarded(profiles.get(one.column)) for one in conditions)


def _is_guarded(column: ToldColumn | None) -> bool:
    if column is None:  # a very wide table's report has no room for all: what is not known is not sent
        return True
    return column.pii is not None or column.inferred_type in {"identifier", "email", "phone"}


def _columns(report: Report, tokens: _Tokens) -> list[dict[str, str]]:
    """Return the columns that facts are about, then others up to MOST_COLUMNS, in file order."""
    named = set(tokens._catalogue.columns.values())
    others = [column.name for column in report.columns if column.name not in named][:MOST_COLUMNS]
    wanted = named | set(others)
    return [
        {
            "id": tokens.id(column.name),
            "name": safe_name(column.name),
            "type": "personal" if column.pii is not None else column.inferred_type,
            "missing": show(column.missing_count / report.kpis.row_count, "share"),
        }
        for column in report.columns
        if column.name in wanted
    ]


def _finding(name: str, insight: Insight, catalogue: Catalogue, tokens: _Tokens) -> dict[str, Any]:
    facts = dict.fromkeys(fact_id for one in insight.evidence if one.kind == "aggregates" for fact_id in one.fact_ids)
    chart_ids = {one.chart_id for one in insight.evidence if one.chart_id}
    return {
        "id": name,
        "kind": insight.kind,
        "columns": [tokens.id(column) for column in insight.columns],
        "facts": [fact_id for fact_id in facts if fact_id in catalogue.facts],
        "severity": insight.severity,
        "who": insight.recommendation.who,
        "priority": insight.recommendation.priority,
        "chart": next((alias for alias, chart in catalogue.charts.items() if chart.id in chart_ids), None),
    }


def _labels_that_may_leave(catalogue: Catalogue, profiles: dict[str, ToldColumn]) -> dict[str, str]:
    """Return the tokens whose text is sent in the mode `labels`: not personal by column or form, on enough rows."""
    sent: dict[str, str] = {}
    for token, value in catalogue.tokens.items():
        column = profiles.get(catalogue.columns[token.partition(".")[0]])
        if not isinstance(column, ColumnProfile) or column.pii is not None or column.inferred_type not in _LABEL_TYPES:
            continue
        text = as_key_text(value)
        counts = {as_key_text(top.value): top.count for top in column.top_values}
        if counts.get(text, 0) >= LEAST_ROWS_OF_A_LABEL and text == safe_name(text) and label(text):
            sent[token] = text
    return sent
