"""Write data/finetune_samples/seed_examples.jsonl: ten findings of the sample files, each with a comment and advice
written by hand. Every file is verified first, and every answer passes the checks of a model's reply.

`.venv/bin/python scripts/make_seed_examples.py [folder]`
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from datapilot.actions.analyze_dataset import analyze_file
from datapilot.actions.verify_result import verify_report
from datapilot.contracts.insight import Insight
from datapilot.contracts.limits import Limits
from datapilot.contracts.report import Report
from datapilot.contracts.table import ReadingOptions
from datapilot.contracts.training import TrainingRecord
from datapilot.finetuning.formats import line_of
from datapilot.insights.language_model.edits import fit_edit
from datapilot.insights.language_model.fewshot import load_prompts
from datapilot.insights.language_model.lessons import make_lesson
from datapilot.insights.language_model.support import INTERPRETATION

ROOT = Path(__file__).parent.parent
HIGHEST_SCORE = 5


@dataclass(frozen=True)
class Seed:
    """The first finding of a kind in a sample file, and what a good analyst adds to it."""

    file: str
    kind: str
    comment: str
    advice: str


SEEDS = (
    Seed(
        "sales_demo.csv", "trend",
        "Ask which campaigns, prices and new customers belong to these months before planning with them.",
        "Write the plan for the coming months next to this line, and revisit it when a month closes.",
    ),
    Seed(
        "sales_demo.csv", "outlier",
        "An entry like this can be a real bulk order or a slip at the keyboard; the order itself will tell.",
        "Open the listed orders and compare them with the invoices.",
    ),
    Seed(
        "sales_demo.csv", "share",
        "It matters whether this category is meant to carry the business or whether the others wait for attention.",
        "Decide which categories get the next campaign, and write the reason next to the decision.",
    ),
    Seed(
        "sales_demo.csv", "seasonality",
        "Check whether opening hours and the calendar of the team follow the same rhythm.",
        "Match the shifts of the team to the days on which orders come in.",
    ),
    Seed(
        "support_tickets.xlsx", "duration_difference",
        "Ask whether these tickets wait for another department before they can be closed.",
        "Walk through the steps of these tickets with the people who close them.",
    ),
    Seed(
        "support_tickets.xlsx", "correlation",
        "The topic of a ticket may shape it, so compare within a topic before drawing a conclusion.",
        "Try a quicker answer for a group of tickets and compare what their customers say afterwards.",
    ),
    Seed(
        "support_tickets.xlsx", "missing",
        "Who does not answer may think otherwise than who does, so read the answers with that in mind.",
        "Ask the team when customers are invited to answer, and invite them when the ticket is closed.",
    ),
    Seed(
        "energy_readings.json", "group_difference",
        "Check the size of the buildings and their opening hours before comparing them.",
        "Compare buildings of the same use with each other.",
    ),
    Seed(
        "umsatz_filialen.csv", "group_difference",
        "Ask whether floor space, location and staff of the branches can be compared.",
        "Set targets for each branch from its own history.",
    ),
    Seed(
        "umsatz_filialen.csv", "spike",
        "Check for a holiday, a closed branch or a late delivery in that period.",
        "Note the event in the calendar, so that next year it can be planned for.",
    ),
)  # fmt: skip


def seed_lines() -> list[str]:
    """Return a line for each seed, in order. Raises ValueError when a sample file does not verify, or a comment would
    not be let through."""
    system = load_prompts().system
    reports = {seed.file: _verified(ROOT / "examples" / seed.file) for seed in SEEDS}
    return [
        line_of(_record(seed, reports[seed.file], number), "messages", system=system)
        for number, seed in enumerate(SEEDS, 1)
    ]


def _verified(path: Path) -> Report:
    report = analyze_file(path, name=path.name, job_id="local", options=ReadingOptions(), limits=Limits())
    if verify_report(report, path, limits=Limits()).mismatches:
        raise ValueError(f"{path.name} does not verify.")
    return report


def _record(seed: Seed, report: Report, number: int) -> TrainingRecord:
    insight = next(one for one in report.insights.analyst_insights if one.kind == seed.kind)
    edited = fit_edit(_edited(insight, seed), insight, report)
    lesson = make_lesson(report, insight.id, rules=report.insights, edited=edited)
    if lesson is None or lesson.better is None:
        raise ValueError(f"{seed.file}, {seed.kind}: no fact of it may leave the house.")
    (answer,) = lesson.better["insights"]
    if (answer["comment"], answer["recommendation"]["what"]) != (seed.comment, seed.advice):
        raise ValueError(f"{seed.file}, {seed.kind}: comment or advice claims what a figure would have to prove.")
    return TrainingRecord(
        record_id=f"seed_{number:02d}",
        dataset=lesson.dataset,
        kind=lesson.kind,
        source=lesson.source,
        score=HIGHEST_SCORE,
        question=lesson.question,
        answer=lesson.better,
    )


def _edited(insight: Insight, seed: Seed) -> Insight:
    advice = insight.recommendation.model_copy(update={"what": seed.advice})
    return insight.model_copy(
        update={"detail": f"{insight.detail} {INTERPRETATION} {seed.comment}", "recommendation": advice}
    )


def main() -> None:
    """Write the file, ten lines."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data" / "finetune_samples"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seed_examples.jsonl").write_text("".join(line + "\n" for line in seed_lines()), encoding="utf-8")


if __name__ == "__main__":
    main()
