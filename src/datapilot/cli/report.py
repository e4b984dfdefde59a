"""Analyse one file and print or write what is found. Knows no flags, so that a plain call loads no parser."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from datapilot.actions.analyze_dataset import analyze_file, report_json
from datapilot.analysis.wide import columns_in_full
from datapilot.cli.files import existing_file, name_of
from datapilot.cli.output import STDOUT, check_target, say, written_whole
from datapilot.contracts.errors import InvalidOption
from datapilot.contracts.profile import ColumnInFull, ColumnProfile
from datapilot.contracts.report import Report
from datapilot.contracts.steps import STEPS, Step
from datapilot.contracts.table import ReadingOptions
from datapilot.settings import Settings, load_settings


def report_on(
    file: Path,
    *,
    json: str | None,
    options: ReadingOptions,
    no_llm: bool,
    html: str | None = None,
    columns: str | None = None,
) -> None:
    """Analyse the file as `options` say; write result.json to `json`, the page to `html`, and the columns that the
    report has no room for, with all others, to `columns`; - prints one of them. Otherwise a summary is printed."""
    path = existing_file(file)
    targets = {"--json": json, "--html": html, "--columns": columns}
    is_printed = _is_printed(targets, source=path)
    settings = load_settings()
    with tempfile.TemporaryDirectory(prefix="datapilot-") as scratch, _progress_bar() as progress:
        all_columns = Path(scratch) / "columns.jsonl"
        report = analyze_file(
            path,
            name=name_of(path),
            job_id="local",
            options=options,
            limits=settings.limits,
            scratch=Path(scratch),
            progress=progress,
            columns_out=all_columns,
        )
        if columns is not None:
            _write_columns(report, all_columns, Path(columns))
    if settings.asks_model and not no_llm:
        import asyncio  # noqa: PLC0415  # 12 ms that only a report with a model should pay

        report = asyncio.run(_explained(report, settings))
    if html is not None:
        from datapilot.actions.export_page import page_of  # noqa: PLC0415  # 0.9 MB that only a saved page needs

        with written_whole(Path(html), "--html") as target:
            target.write_text(page_of(report_json(report)), encoding="utf-8")
    if json is not None:
        with written_whole(Path(json), "--json") as target:
            target.write_text(report_json(report) + "\n", encoding="utf-8")
    if not is_printed:
        _print_summary(report, written_to=[out for out in (json, html, columns) if out])


def _is_printed(targets: Mapping[str, str | None], *, source: Path) -> bool:
    """Say whether one of the targets is the standard output. Raises InvalidOption for two of them, and for one that
    cannot be written."""
    for flag, out in targets.items():
        if out is not None:
            check_target(Path(out), flag, source=source)
    printed = [flag for flag, out in targets.items() if out == STDOUT]
    if len(printed) > 1:
        raise InvalidOption(f"{' and '.join(printed)} cannot both be printed. Give one of them the name of a file.")
    return bool(printed)


def _write_columns(report: Report, in_full: Path, out: Path) -> None:
    """Write all columns to `out`: those that were left `in_full` where the report has no room for them all, else its
    own."""
    from datapilot.actions.report_table import write_columns  # noqa: PLC0415  # loaded while the file was read

    with written_whole(out, "--columns") as target:
        if in_full.exists():
            shutil.copyfile(in_full, target)
        else:
            write_columns(_columns_of(report), target)


def _columns_of(report: Report) -> Iterator[ColumnInFull]:
    columns = (one for one in report.columns if isinstance(one, ColumnProfile))
    return columns_in_full(columns, report.kpis.numeric_stats, report.receipt.conversions)


async def _explained(report: Report, settings: Settings) -> Report:
    """Return the report as the model orders and comments it, asked the way a worker asks it: what is sent is kept."""
    from datapilot.actions.explain import explain  # noqa: PLC0415  # the wiring loads queue and stores, half a second
    from datapilot.actions.keep_outbound import OutboundBook  # noqa: PLC0415
    from datapilot.wiring import open_model, open_storage  # noqa: PLC0415

    async with open_model(settings, redis_url=None) as tools:
        book = OutboundBook(report.job_id, storage=open_storage(settings), is_new=True)
        return (await explain(report, tools=tools, keep=book.add)).report


@contextmanager
def _progress_bar() -> Iterator[Callable[[Step, str], None] | None]:
    """A bar on stderr when someone is watching; nothing otherwise."""
    if not sys.stderr.isatty():
        yield None
        return

    from rich.console import Console  # noqa: PLC0415  # 90 ms that only a watched run should pay
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("reading", total=len(STEPS))

        def advance(step: Step, detail: str) -> None:
            bar.update(task, completed=STEPS.index(step), description=f"{step} {detail}".strip())

        yield advance


def _print_summary(report: Report, *, written_to: list[str]) -> None:
    """Print what a reader wants first: the story, the figures, the bill; not the whole report."""
    from datapilot.words.numbers import counted  # noqa: PLC0415  # loaded while the file was read

    info = report.file_info
    size = f"{counted(info.rows, 'row')}, {counted(info.cols, 'column')}"
    say(f"{info.name}: {size}. Data quality {report.quality_score} of 100.")
    say()
    for sentence in report.insights.business_summary:
        say(sentence, indent=2)
    if report.kpis.cards:
        say()
        for card in report.kpis.cards:
            change = f" ({card.change_display}, {card.period})" if card.change_display else ""
            say(f"{card.label}: {card.display}{change}", indent=2)
    if report.insights.analyst_insights:
        say()
        for number, insight in enumerate(report.insights.analyst_insights, start=1):
            say(f"{number}. {insight.headline}", indent=2)
            say(insight.detail, indent=5)
    if report.quality.deductions:
        say()
        for deduction in report.quality.deductions:
            lost = "less than 0.1" if deduction.points < 0.05 else f"{deduction.points:.1f}"
            say(f"{deduction.title} cost {lost} points. {deduction.fix}", indent=2)
    for issue in report.issues:
        say(f"Note: {issue.message}", indent=2)
    if written_to:
        say()
        say(f"The whole report is in {' and '.join(written_to)}.")
