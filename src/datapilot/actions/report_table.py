"""Turn a table that was read into a report: profile -> judge -> draw -> collect facts -> describe -> report."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from datapilot.analysis.charts import draw_charts
from datapilot.analysis.kpis import choose_kpis
from datapilot.analysis.profiling import profile_table
from datapilot.analysis.quality import judge_quality
from datapilot.analysis.wide import columns_in_full, fit_columns
from datapilot.contracts.job import Step
from datapilot.contracts.measure import Fact
from datapilot.contracts.profile import ColumnInFull
from datapilot.contracts.report import FileInfo, Kpis, Report, ReportIssue
from datapilot.engine.preview import preview_rows
from datapilot.insights.collect_facts import collect_findings
from datapilot.insights.describe import describe
from datapilot.reading.read_table import ReadTable
from datapilot.words.numbers import counted


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

    tell("profiling", f"{counted(table.row_count, 'row')}, {counted(len(table.columns), 'column')}")
    profiled = profile_table(table)
    profile = profiled.profile

    tell("quality", f"{table.row_count * len(table.columns):,} cells")
    judged = judge_quality(profile, table)

    tell("charts", "")
    drawn = draw_charts(table, profile)
    chosen = choose_kpis(table, profile, drawn.charts)

    tell("facts", f"{len(drawn.charts)} charts drawn")
    collected = collect_findings(table, profile, drawn.charts)

    tell("insights", f"{len(collected.findings)} findings, {collected.tests_run} relations tested")
    facts = _each_once(profiled.facts, judged.facts, drawn.facts, chosen.facts, collected.facts)
    told = fit_columns(profile, read.receipt, facts=facts)
    if columns_out is not None and not told.is_whole:
        write_columns(columns_in_full(profile.columns, profile.numeric, read.receipt.conversions), columns_out)
    insights = describe(collected, charts=drawn.charts, profile=profile, bill=judged.bill)

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
            cards=chosen.cards,
        ),
        cleaned_preview=preview_rows(table, [one.name for one in told.columns], most_bytes=told.preview_bytes),
        chart_specs=drawn.charts,
        quality_score=judged.bill.score,
        quality=judged.bill,
        facts=facts,
        insights=insights,
        receipt=told.receipt,
        issues=tuple(ReportIssue(code="profile_note", message=note) for note in told.notes),
        processed_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def write_columns(columns: Iterable[ColumnInFull], path: Path) -> None:
    """Write the columns to `path`, a line of JSON each."""
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(f"{one.model_dump_json()}\n" for one in columns)


def _each_once(*groups: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return every fact once, in order of first mention: the same measure may be wanted by a chart and an insight."""
    return tuple({fact.id: fact for group in groups for fact in group}.values())
