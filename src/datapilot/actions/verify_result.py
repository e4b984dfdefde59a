"""Recompute everything a report says from the file it was made of, and list what does not stand.

Nothing stated is trusted: the file is read again with the receipt's options, every fact is computed from its measure,
every sentence is rendered again from the recomputed facts, and what the rules alone decide (profile, bill, charts,
cards, tests) is decided again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from datapilot.actions.analyze_dataset import tell_nobody
from datapilot.actions.comparing import Ledger, is_equal
from datapilot.actions.report_table import Analysis, analyse_table
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.errors import UnknownMeasure
from datapilot.contracts.insight import Insight, Insights
from datapilot.contracts.limits import Limits
from datapilot.contracts.measure import Fact
from datapilot.contracts.report import KpiCard, Report
from datapilot.contracts.verification import Verification
from datapilot.engine.connect import engine
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table
from datapilot.insights.language_model.second_reading import unsupported_claims
from datapilot.reading.read_table import read_table
from datapilot.words.render import UnfitTemplate, render

NOT_THERE = "not there"
PROFILE_NOTE = "profile_note"  # the issues that come of the table; the others tell how the report was made


def verify_report(report: Report, path: Path, *, limits: Limits, scratch: Path | None = None) -> Verification:
    """Return what of `report` the file at `path` bears out. Floats are equal within 1e-9 of their size.

    Raises a member of the UnreadableTable family when the file cannot be read as the receipt says.
    """
    with second_look(report, path, limits=limits, scratch=scratch) as look:
        return look.verify(report)


@contextmanager
def second_look(report: Report, path: Path, *, limits: Limits, scratch: Path | None = None) -> Iterator["SecondLook"]:
    """Yield the file as it is when read with the report's name and reading options, analysed anew.

    Reports that share these can be verified one after the other against one look.
    """
    with engine(limits, scratch) as connection:
        read = read_table(
            path, name=report.file_info.name, options=report.receipt.options, limits=limits, connection=connection
        )
        yield SecondLook(path, read.table, analyse_table(read.table, read.receipt, tell=tell_nobody))


@dataclass(frozen=True)
class SecondLook:
    """The file at `path` as a table, and everything that the rules say about it."""

    path: Path
    table: Table
    again: Analysis

    def verify(self, report: Report) -> Verification:
        """Return what of `report` this look bears out."""
        again = self.again
        ledger = Ledger()
        _check_table(ledger, report, again, self.path)
        facts = _check_facts(ledger, report.facts, self.table)
        _check_charts(ledger, report.chart_specs, again.charts, facts)
        _check_cards(ledger, report.kpis.cards, again.cards, facts)
        _check_insights(ledger, report.insights, again.insights, facts, report.chart_specs)
        return ledger.verification


def _check_table(ledger: Ledger, report: Report, again: Analysis, path: Path) -> None:
    """The counts, statistics and samples of the table, its receipt, and the bill with its score."""
    info, kpis, profile = report.file_info, report.kpis, again.profile
    ledger.compare("fileInfo.rows", info.rows, profile.rows)
    ledger.compare("fileInfo.cols", info.cols, len(profile.columns))
    ledger.compare("fileInfo.type", info.type, again.told.receipt.file_type)
    ledger.compare("fileInfo.bytes", info.bytes, path.stat().st_size)
    ledger.compare("fileInfo.sheet", info.sheet, again.told.receipt.sheet)
    ledger.compare_models("schema", report.columns, again.told.columns)
    if report.columns_told is None:
        ledger.leave_open("columnsTold")
    else:
        ledger.compare_models("columnsTold", report.columns_told, again.told.counts)
    if report.together is None:
        ledger.leave_open("together")
    else:
        ledger.compare_models("together", report.together, again.together)
    ledger.compare("kpis.rowCount", kpis.row_count, profile.rows)
    ledger.compare("kpis.colCount", kpis.col_count, len(profile.columns))
    ledger.compare("kpis.missingCount", kpis.missing_count, profile.missing_cells)
    ledger.compare("kpis.numDuplicates", kpis.num_duplicates, profile.duplicate_rows)
    ledger.compare_models("kpis.numericStats", kpis.numeric_stats, again.told.numeric)
    ledger.compare_models("cleanedPreview", report.cleaned_preview, again.preview)
    ledger.compare("qualityScore", report.quality_score, again.bill.score)
    ledger.compare_models("quality", report.quality, again.bill)
    ledger.compare_models("receipt", report.receipt, again.told.receipt)
    notes = [issue.message for issue in report.issues if issue.code == PROFILE_NOTE]
    ledger.compare_models("issues", notes, list(again.told.notes))


def _check_facts(ledger: Ledger, stated: Sequence[Fact], table: Table) -> dict[str, Fact]:
    """Compare every fact with its measure's value; return the recomputed ones by id."""
    found: dict[str, Fact] = {}
    for fact, recomputed in zip(stated, _recomputed(stated, table), strict=True):
        where = f"facts.{fact.id}"
        if recomputed is None:
            ledger.refuse(where, fact.measure.model_dump_json(), "a measure this file cannot answer")
            continue
        found[recomputed.id] = recomputed
        ledger.compare_models(where, fact, recomputed)
    return found


def _recomputed(facts: Sequence[Fact], table: Table) -> Iterator[Fact | None]:
    """All in one batch; one by one only when the file lacks a column that some measure names."""
    try:
        yield from evaluate([fact.measure for fact in facts], table)
    except UnknownMeasure:
        for fact in facts:
            try:
                yield evaluate([fact.measure], table)[0]
            except UnknownMeasure:
                yield None


def _check_charts(
    ledger: Ledger, stated: Sequence[ChartSpec], drawn: Sequence[ChartSpec], facts: Mapping[str, Fact]
) -> None:
    """Compare data, axes and notes with the charts drawn again, and each title with its template."""
    drawn_by_id = {chart.id: chart for chart in drawn}
    for chart in stated:
        where = f"chartSpecs.{chart.id}"
        _check_sentence(ledger, f"{where}.title", chart.title, chart.title_template, _cited(chart.fact_ids, facts))
        if chart.id in drawn_by_id:
            ledger.compare_models(where, chart, drawn_by_id[chart.id])
        else:
            ledger.refuse(where, chart.title, NOT_THERE)


def _check_cards(
    ledger: Ledger, stated: Sequence[KpiCard], chosen: Sequence[KpiCard], facts: Mapping[str, Fact]
) -> None:
    for position, card in enumerate(stated):
        where = f"kpis.cards.{position}"
        _check_figure(ledger, f"{where}.value", card.value, facts.get(card.fact_id))
        if card.change_fact_id is not None:
            _check_figure(ledger, f"{where}.change", card.change, facts.get(card.change_fact_id))
    ledger.compare_models("kpis.cards", stated, chosen)


def _check_figure(ledger: Ledger, where: str, stated: float | None, fact: Fact | None) -> None:
    """A card shows a fact's value, or one entry of a keyed fact."""
    if fact is None:
        ledger.refuse(where, str(stated), NOT_THERE)
    elif isinstance(fact.value, tuple):
        if not any(is_equal(stated, entry.value) for entry in fact.value):
            ledger.refuse(where, str(stated), "no entry of its fact")
    else:
        ledger.compare(where, stated, fact.value)


def _check_insights(
    ledger: Ledger, stated: Insights, again: Insights, facts: Mapping[str, Fact], charts: Sequence[ChartSpec]
) -> None:
    """Render every sentence again; what the rules wrote must also be what the rules write now."""
    chart_ids = {chart.id for chart in charts}
    for insight in stated.analyst_insights:
        _check_insight(ledger, insight, facts, chart_ids)
    templates = stated.metadata.summary_templates
    ledger.compare("insights.businessSummary", len(stated.business_summary), len(templates))
    for position, (sentence, template) in enumerate(zip(stated.business_summary, templates, strict=False)):
        _check_sentence(ledger, f"insights.businessSummary.{position}", sentence, template, facts)
    for action in stated.visual_actions:
        where = f"insights.visualActions.{action.chart_id}"
        _check_sentence(ledger, where, action.text, action.text_template, _cited(action.fact_ids, facts))
        if action.chart_id not in chart_ids:
            ledger.refuse(f"{where}.chartId", action.chart_id, NOT_THERE)
    ledger.compare("insights.metadata.testsRun", stated.metadata.tests_run, again.metadata.tests_run)
    if stated.metadata.source == "rules":
        ledger.compare_models("insights", stated, again, without=frozenset({"seconds"}))
    else:
        for claim in unsupported_claims(stated, rules=again, facts=facts, charts=charts):
            ledger.refuse(f"insights.{claim.where}", claim.stated, claim.reason)


def _check_insight(ledger: Ledger, insight: Insight, facts: Mapping[str, Fact], chart_ids: set[str]) -> None:
    where = f"insights.{insight.id}"
    own = _cited([fact_id for evidence in insight.evidence for fact_id in evidence.fact_ids], facts)
    _check_sentence(ledger, f"{where}.headline", insight.headline, insight.headline_template, own)
    _check_sentence(ledger, f"{where}.detail", insight.detail, insight.detail_template, own)
    for evidence in insight.evidence:
        for fact_id in evidence.fact_ids:
            if fact_id not in facts:
                ledger.refuse(f"{where}.evidence", fact_id, NOT_THERE)
        if evidence.chart_id is not None and evidence.chart_id not in chart_ids:
            ledger.refuse(f"{where}.evidence", evidence.chart_id, NOT_THERE)


def _check_sentence(ledger: Ledger, where: str, stated: str, template: str, facts: Mapping[str, Fact]) -> None:
    try:
        ledger.compare(where, stated, render(template, facts))
    except UnfitTemplate as error:
        ledger.refuse(where, stated, str(error))


def _cited(fact_ids: Sequence[str], facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {fact_id: facts[fact_id] for fact_id in fact_ids if fact_id in facts}
