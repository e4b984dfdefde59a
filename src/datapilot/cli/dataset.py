"""`datapilot dataset export|validate|eval`: from judged insights to a training set, its inspection, and two models."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from datapilot.actions.examine_models import Candidate, Price, examine_models, read_holdout, write_comparison
from datapilot.actions.export_finetuning_set import MIN_SCORE, export_finetuning_set
from datapilot.actions.inspect_dataset import inspect_dataset, write_inspection
from datapilot.cli.files import existing_file
from datapilot.cli.output import say
from datapilot.contracts.errors import InvalidOption
from datapilot.contracts.training import Comparison, Format
from datapilot.finetuning.formats import Line
from datapilot.finetuning.select import HOLDOUT_SHARE
from datapilot.insights.language_model.fewshot import Example, load_prompts
from datapilot.settings import Settings, load_settings
from datapilot.wiring import open_candidate, open_feedback

MOST_FAULTS_TOLD = 10


def export(
    *,
    min_score: Annotated[int, typer.Option("--min-score", min=1, max=5, help="The lowest score taken.")] = MIN_SCORE,
    sample: Annotated[int | None, typer.Option("--sample", min=1, help="As many records, drawn.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the draw and the split.")] = 0,
    form: Annotated[Format, typer.Option("--format", help="Whose form the file has.")] = "messages",
    holdout: Annotated[float, typer.Option("--holdout", min=0, max=0.5, help="Share of the tables.")] = HOLDOUT_SHARE,
    out: Annotated[Path | None, typer.Option("--out", help="The folder. Default: data/finetune_ready.")] = None,
) -> None:
    """Write a training set of what was approved, and beside it the part that is held out."""
    settings = load_settings()
    exported = export_finetuning_set(
        asyncio.run(open_feedback(settings).records()),
        folder=out or settings.data_dir / "data" / "finetune_ready",
        prompts=load_prompts(settings.prompts_dir),
        today=datetime.now(UTC),
        form=form,
        min_score=min_score,
        sample=sample,
        seed=seed,
        holdout_share=holdout,
    )
    say(f"{exported.written} records in {exported.path}, {exported.held_out} held out in {exported.holdout_path}.")
    for reason, times in exported.left_out.items():
        say(f"left out, {reason}: {times}", indent=2)


def validate(file: Annotated[Path, typer.Argument(help="The training file.")]) -> None:
    """Inspect a training file; exit 1 when a record is invalid or holds personal data."""
    settings = load_settings()
    report = inspect_dataset(existing_file(file), system=load_prompts(settings.prompts_dir).system)
    path = write_inspection(report, folder=settings.data_dir / "reports", now=datetime.now(UTC))
    say(f"{report.file}: {report.records} records, {report.score} of 100.")
    for deduction in report.deductions:
        say(f"-{deduction.lost:g} of {deduction.points:g} points: {deduction.why}", indent=2)
    for warning in report.warnings:
        say(f"Note: {warning}", indent=2)
    for fault in report.faults[:MOST_FAULTS_TOLD]:
        say(f"line {fault.line}: {fault.code}: {fault.reason}", indent=2)
    say(f"The report is in {path}.")
    if not report.is_usable:
        raise typer.Exit(1)


def evaluate(
    file: Annotated[Path, typer.Argument(help="The file that was held out.")],
    *,
    baseline: Annotated[str, typer.Option("--baseline", metavar="MODEL[@URL]", help="Shown examples.")],
    tuned: Annotated[str, typer.Option("--tuned", metavar="MODEL[@URL]", help="Shown none.")],
    baseline_price: Annotated[
        str, typer.Option("--baseline-price", metavar="IN/OUT", help="Cost of a million tokens.")
    ] = "",
    tuned_price: Annotated[
        str, typer.Option("--tuned-price", metavar="IN/OUT", help="The same of the tuned one.")
    ] = "",
    few_shot: Annotated[int, typer.Option("--few-shot", min=0, max=8, help="Examples for the baseline.")] = 3,
) -> None:
    """Let two models answer what was held out, and compare them."""
    settings = load_settings()
    lines = read_holdout(existing_file(file))
    prices = (_price(baseline_price), _price(tuned_price))
    examples = load_prompts(settings.prompts_dir).examples[:few_shot]
    comparison = asyncio.run(_examined(lines, (baseline, tuned), prices, examples, settings))
    path = write_comparison(comparison, folder=settings.data_dir / "reports", now=datetime.now(UTC))
    say(comparison.verdict)
    say(f"The report is in {path}.")


VERBS = {"export": export, "validate": validate, "eval": evaluate}


def _price(text: str) -> Price | None:
    if not text:
        return None
    try:
        question, answer = map(float, text.split("/"))
    except ValueError:
        raise InvalidOption("A price is two numbers, IN/OUT, such as 0.55/2.19.") from None
    return Price(question, answer)


async def _examined(
    lines: Sequence[Line],
    models: tuple[str, str],
    prices: tuple[Price | None, Price | None],
    examples: Sequence[Example],
    settings: Settings,
) -> Comparison:
    baseline, tuned = models
    async with open_candidate(settings, baseline) as first, open_candidate(settings, tuned) as second:
        names = (baseline, tuned) if baseline != tuned else (f"{baseline} with examples", f"{tuned} without")
        return await examine_models(
            lines,
            baseline=Candidate(first, names[0], examples, prices[0]),
            tuned=Candidate(second, names[1], price=prices[1]),
            timeout_s=settings.llm_timeout_seconds,
        )
