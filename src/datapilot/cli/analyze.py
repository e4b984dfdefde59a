"""`datapilot analyze FILE`: a report without a server, as JSON or as a page of text."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from datapilot.actions.analyze_dataset import analyze_file, report_json
from datapilot.cli.options import DateOrder, Decimal, Delimiter, HeaderRow, Sheet, Types, existing_file, reading_options
from datapilot.contracts.job import STEPS, Step
from datapilot.contracts.report import Report
from datapilot.settings import load_settings

commands = typer.Typer()


@commands.callback()
def _group() -> None: ...


@commands.command("analyze")
def analyze(
    file: Annotated[Path, typer.Argument(help="The file to analyse.")],
    *,
    json: Annotated[
        str | None, typer.Option("--json", metavar="OUT", help="Write result.json to OUT; - means stdout.")
    ] = None,
    sheet: Sheet = None,
    header_row: HeaderRow = None,
    delimiter: Delimiter = None,
    decimal: Decimal = None,
    date_order: DateOrder = None,
    types: Types = None,
    no_llm: Annotated[bool, typer.Option("--no-llm", help="Let the rules speak alone.")] = False,  # noqa: ARG001  # the rules speak alone
) -> None:
    """Analyse FILE without a server."""
    options = reading_options(
        sheet=sheet, header_row=header_row, delimiter=delimiter, decimal=decimal, date_order=date_order, types=types
    )
    path = existing_file(file)
    with tempfile.TemporaryDirectory(prefix="datapilot-") as scratch, _progress_bar() as progress:
        report = analyze_file(
            path,
            name=path.name,
            job_id="local",
            options=options,
            limits=load_settings().limits,
            scratch=Path(scratch),
            progress=progress,
        )
    if json == "-":
        print(report_json(report))
        return
    if json is not None:
        Path(json).write_text(report_json(report) + "\n", encoding="utf-8")
    _print_summary(report, written_to=json)


@contextmanager
def _progress_bar() -> Iterator[Callable[[Step, str], None] | None]:
    """A bar on stderr when someone is watching; nothing otherwise."""
    if not sys.stderr.isatty():
        yield None
        return

    from rich.console import Console  # noqa: PLC0415  # 90 ms that only a watched run should pay
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("reading", total=len(STEPS))

        def advance(step: Step, detail: str) -> None:
            bar.update(task, completed=STEPS.index(step), description=f"{step} {detail}".strip())

        yield advance


def _print_summary(report: Report, *, written_to: str | None) -> None:
    """Print what a reader wants first: the story, the figures, the bill; not the whole report."""
    info = report.file_info
    print(f"{info.name}: {info.rows:,} rows, {info.cols:,} columns. Data quality {report.quality_score} of 100.")
    print()
    for sentence in report.insights.business_summary:
        print(f"  {sentence}")
    if report.kpis.cards:
        print()
        for card in report.kpis.cards:
            change = f"  ({card.change_display}, {card.period})" if card.change_display else ""
            print(f"  {card.label}: {card.display}{change}")
    if report.insights.analyst_insights:
        print()
        for number, insight in enumerate(report.insights.analyst_insights, start=1):
            print(f"  {number}. {insight.headline}")
            print(f"     {insight.detail}")
    if report.quality.deductions:
        print()
        for deduction in report.quality.deductions:
            print(f"  -{deduction.points:.1f} points: {deduction.title}. {deduction.fix}")
    if written_to:
        print()
        print(f"The whole report is in {written_to}.")
