"""Turn a table that was read into a report: profile -> judge -> draw -> collect facts -> describe -> report."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from datapilot import __version__
from datapilot.analysis.charts import draw_charts, time_axis
from datapilot.analysis.kpis import choose_kpis
from datapilot.analysis.profiling import profile_table, relate
from datapilot.analysis.quality import judge_quality
from datapilot.analysis.statements import find_statement
from datapilot.analysis.timeline import find_timeline
from datapilot.analysis.together import choose_pairs
from datapilot.analysis.wide import Told, columns_in_full, fit_columns
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.insight import Insights
from datapilot.contracts.measure import Fact
from datapilot.contracts.profile import ColumnInFull, RelatedPairs, TableProfile
from datapilot.contracts.quality import QualityBill
from datapilot.contracts.report import FileInfo, KpiCard, Kpis, Report, ReportIssue
from datapilot.contracts.steps import Step
from datapilot.contracts.table import Receipt
from datapilot.engine.beside import Beside
from datapilot.engine.preview import preview_rows
from datapilot.engine.table import Table
from datapilot.insights.collect_facts import collect_findings, screen
from datapilot.insights.describe import describe
from datapilot.insights.subjects.cells import SAMPLE_ROWS
from datapilot.reading.read_table import ReadTable
from datapilot.words.numbers import counted


class Analysis(NamedTuple):
    """Everything that the rules say about a table; `told` is the part of columns and receipt that fits."""

    profile: TableProfile
    told: Told
    bill: QualityBill
    charts: tuple[ChartSpec, ...]
    cards: tuple[KpiCard, ...]
    together: RelatedPairs
    facts: tuple[Fact, ...]
    insights: Insights
    preview: tuple[Mapping[str, object], ...]


def analyse_table(table: Table, receipt: Receipt, *, tell: Callable[[Step, str], None]) -> Analysis:
    """Return everything that the rules say about the table. `tell` as for analyze_file."""
    tell("profiling", f"{counted(table.row_count, 'row')}, {counted(len(table.columns), 'column')}")
    profiled = profile_table(table)
    # Charts, cards and sentences follow the same date column. Candidates for findings are looked for in cells held in
    # memory, while the engine relates, counts and adds up.
    timeline = find_timeline(table, profiled.profile)
    looking = partial(screen, table.beside(), profiled.profile, clock=time_axis(timeline))
    with Beside(looking, is_long=table.row_count > SAMPLE_ROWS) as screening:
        profile = relate(profiled.profile, table)

        tell("quality", f"{table.row_count * len(table.columns):,} cells")
        judged = judge_quality(profile, table)

        tell("charts", "")
        statement = find_statement(table, profile)
        drawn = draw_charts(table, profile, timeline=timeline, statement=statement)
        chosen = choose_kpis(table, profile, drawn.charts, timeline=timeline, statement=statement)

        tell("facts", f"{len(drawn.charts)} charts drawn")
        collected = collect_findings(table, screening.answer())

    tell("insights", f"{len(collected.findings)} findings, {collected.tests_run} relations tested")
    facts = _each_once(profiled.facts, judged.facts, drawn.facts, chosen.facts, collected.facts)
    told = fit_columns(profile, receipt, facts=facts)
    return Analysis(
        profile=profile,
        told=told,
        bill=judged.bill,
        charts=drawn.charts,
        cards=chosen.cards,
        together=choose_pairs(profile),
        facts=facts,
        insights=describe(collected, charts=drawn.charts, drawn=drawn.facts, profile=profile, bill=judged.bill),
        preview=preview_rows(table, [one.name for one in told.columns], most_bytes=told.preview_bytes),
    )


def report_table(
    read: ReadTable,
    *,
    name: str,
    job_id: str,
    file_bytes: int,
    tell: Callable[[Step, str], None],
    columns_out: Path | None = None,
) -> Report:
    """Return everything that is said about the table, which was read from a file of so many bytes. `tell` and
    `columns_out` as for analyze_file."""
    table = read.table
    found = analyse_table(table, read.receipt, tell=tell)
    profile, told = found.profile, found.told
    if columns_out is not None and not told.is_whole:
        write_columns(columns_in_full(profile.columns, profile.numeric, read.receipt.conversions), columns_out)

    return Report(
        job_id=job_id,
        file_info=FileInfo(
            name=name,
            rows=table.row_count,
            cols=len(table.columns),
            type=read.receipt.file_type,
            bytes=file_bytes,
            sheet=read.receipt.sheet,
        ),
        columns=told.columns,
        columns_told=told.counts,
        kpis=Kpis(
            row_count=profile.rows,
            col_count=len(profile.columns),
            missing_count=profile.missing_cells,
            num_duplicates=profile.duplicate_rows,
            numeric_stats=told.numeric,
            cards=found.cards,
        ),
        together=found.together,
        cleaned_preview=found.preview,
        chart_specs=found.charts,
        quality_score=found.bill.score,
        quality=found.bill,
        facts=found.facts,
        insights=found.insights,
        receipt=told.receipt,
        issues=tuple(ReportIssue(code="profile_note", message=note) for note in told.notes),
        made_by=__version__,
        processed_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def write_columns(columns: Iterable[ColumnInFull], path: Path) -> None:
    """Write the columns to `path`, a line of JSON each."""
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(f"{one.model_dump_json()}\n" for one in columns)


def _each_once(*groups: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return every fact once, in order of first mention: the same measure may be wanted by a chart and an insight."""
    return tuple({fact.id: fact for group in groups for fact in group}.values())
