"""Look at a training file before anybody pays for training with it: a report to read and one for programs."""

from datetime import datetime
from pathlib import Path

from datapilot.contracts.errors import MissingFile
from datapilot.contracts.training import DatasetReport
from datapilot.finetuning.inspect import Checks, inspect_lines
from datapilot.insights.language_model.egress import EgressGuard, PersonalDataFound
from datapilot.insights.language_model.grading import grade_answer

MOST_FAULTS_SHOWN = 50


def inspect_dataset(path: Path, *, system: str) -> DatasetReport:
    """Return the report of a file. `system` is the instruction that stands in every record. Raises MissingFile."""
    guard = EgressGuard(known=(system,))

    def personal(text: str) -> tuple[str, ...]:
        try:
            guard.check(text.encode())
        except PersonalDataFound as found:
            return found.kinds
        return ()

    def unsupported(answer: str, question: str) -> tuple[str, ...]:
        grade = grade_answer(answer, question)
        return grade.unsupported if grade.is_used or grade.unsupported else ("an answer about nothing",)

    try:
        with path.open(encoding="utf-8") as lines:
            return inspect_lines(lines, file=path.name, checks=Checks(unsupported=unsupported, personal=personal))
    except (OSError, UnicodeDecodeError):
        raise MissingFile(f"{path} cannot be read as UTF-8 text.") from None


def write_inspection(report: DatasetReport, *, folder: Path, now: datetime) -> Path:
    """Return the readable report that was written; beside it lies the same as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"dataset_{now:%Y%m%dT%H%M%S%f}.md"
    path.with_suffix(".json").write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
    path.write_text(_readable(report), encoding="utf-8")
    return path


def _readable(report: DatasetReport) -> str:
    verdict = "can be used" if report.is_usable else "must not be used as it is"
    lines = [
        f"# {report.file}: {report.score} of 100, {verdict}",
        "",
        (
            f"{report.records} records of the form {report.format or 'unknown'}, {report.bytes:,} bytes, about"
            f" {report.tokens_total:,} tokens, the longest record {report.tokens_longest:,} ({report.token_note})."
        ),
        "",
        "| points lost | of | for |",
        "|---|---|---|",
        *(f"| {one.lost:g} | {one.points:g} | {one.why} |" for one in report.deductions),
        "",
        *(f"- {warning}" for warning in report.warnings),
        "",
        "| kind | records |",
        "|---|---|",
        *(f"| {kind} | {count} |" for kind, count in report.kinds.items()),
        "",
        *(f"- line {one.line}: {one.code}: {one.reason}" for one in report.faults[:MOST_FAULTS_SHOWN]),
    ]
    if len(report.faults) > MOST_FAULTS_SHOWN:
        lines.append(f"- and {len(report.faults) - MOST_FAULTS_SHOWN} more, in the JSON beside this file")
    return "\n".join(lines) + "\n"
