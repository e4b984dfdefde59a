"""From sixty analysed jobs to a compared pair of models: reviews, export, inspection, examination; and no leak."""

import csv
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.insights.reports import FIRST, LAST, NOTES, REGIONS, rows, sales_report
from tests.llm.serving import serve

from datapilot.actions.analyze_dataset import analyze_file
from datapilot.actions.examine_models import Candidate, examine_models, read_holdout, write_comparison
from datapilot.actions.export_finetuning_set import export_finetuning_set
from datapilot.actions.inspect_dataset import inspect_dataset
from datapilot.actions.record_feedback import record_feedback
from datapilot.contracts.errors import EditRefused, InvalidOption, NothingToExport
from datapilot.contracts.feedback import Feedback
from datapilot.contracts.insight import Insight
from datapilot.contracts.job import JobRequest
from datapilot.contracts.limits import Limits
from datapilot.contracts.report import Report
from datapilot.contracts.table import ReadingOptions
from datapilot.insights.language_model.fewshot import load_prompts
from datapilot.insights.language_model.support import INTERPRETATION
from datapilot.jobs.memory import MemoryJobs
from datapilot.llm.openai_compatible import Endpoint, OpenAICompatible
from datapilot.llm.scripted_server import Fault, ScriptedServer
from datapilot.storage.feedback import MemoryFeedback
from datapilot.storage.keys import result_key
from datapilot.storage.memory import MemoryStorage

TODAY = datetime(2026, 11, 25, tzinfo=UTC)
PROMPTS = load_prompts()
SUBJECTS = ("orders", "visits", "parcels", "claims", "calls", "loans", "trips", "meals", "repairs", "lessons")
PLACES = ("branch", "depot", "school", "ward", "shop", "garage")
COMMENTS = (
    "Ask whether the opening hours differ between them.",
    "Check who enters these records before planning with them.",
    "Look at the calendar of the team before drawing a conclusion.",
)


class Office:
    """Finished jobs, and a reviewer."""

    def __init__(self) -> None:
        self.jobs, self.storage, self.book = MemoryJobs(), MemoryStorage(), MemoryFeedback()

    async def finish(self, report: Report) -> None:
        request = JobRequest(upload_key=f"uploads/{report.job_id}/source.csv", bytes=1, timeout_s=60)
        await self.jobs.submit(report.job_id, filename="a.csv", request=request)
        await self.jobs.start(report.job_id, worker="test", max_attempts=5)
        await self.storage.put_bytes(result_key(report.job_id), report.model_dump_json().encode())
        await self.jobs.finish(report.job_id, 1, status="completed", result_url="x")

    async def judge(self, report: Report, insight: Insight, action: str, **known: Any) -> None:
        said = {"job_id": report.job_id, "insight_id": insight.id, "action": action, "score": 4} | known
        await record_feedback(
            Feedback.model_validate(said), jobs=self.jobs, storage=self.storage, book=self.book, reviewer="r"
        )


def table(number: int, folder: Path) -> Report:
    """Return the report of a small table with a planted difference, unlike the others in names and figures."""
    chance = random.Random(number)
    subject, place = SUBJECTS[number % len(SUBJECTS)], PLACES[number // len(SUBJECTS)]
    path = folder / f"{number}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([place, f"{subject} cost", f"{subject} hours"])
        for at in range(90):
            name = "ABC"[at % 3]
            cost = chance.gauss(100 + number + (60 if name == "A" else 0), 9)
            writer.writerow([f"{place} {name}", f"{cost:.2f}", f"{cost / 7 + chance.gauss(0, 1):.2f}"])
    return analyze_file(path, name=path.name, job_id=f"job_{number}", options=ReadingOptions(), limits=Limits())


def edited(insight: Insight, comment: str) -> Insight:
    return insight.model_copy(update={"detail": f"{insight.detail} {INTERPRETATION} {comment}"})


def text_in(folder: Path) -> str:
    """Return what stands in the files of a folder."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))


def shares(faults: list[Fault], *wanted: Fault) -> float:
    return sum(fault in wanted for fault in faults) / len(faults)


@pytest.mark.slow
@pytest.mark.spec("E2", "E3", "E4")
async def test_sixty_jobs_to_a_verdict(tmp_path: Path) -> None:
    """The measured rates are the planted ones, the set has more than 80 points, and the better model is found."""
    office = Office()
    for number in range(60):
        report = table(number, tmp_path)
        await office.finish(report)
        for at, insight in enumerate(report.insights.analyst_insights[:3]):
            match (number + at) % 4:
                case 0:
                    await office.judge(report, insight, "approve", score=5)
                case 1 | 2:
                    await office.judge(report, insight, "edit", edited=edited(insight, COMMENTS[(number + at) % 3]))
                case _:
                    await office.judge(report, insight, "skip", score=None)

    exported = export_finetuning_set(
        office.book.kept, folder=tmp_path / "ready", prompts=PROMPTS, today=TODAY, holdout_share=0.4
    )
    report_of_set = inspect_dataset(Path(exported.path), system=PROMPTS.system)
    lines = read_holdout(Path(exported.holdout_path))

    assert exported.path.endswith("finetune_20261125.jsonl")
    assert exported.holdout_path.endswith("finetune_20261125_holdout.jsonl")
    assert exported.written >= 40
    assert exported.held_out >= 20
    assert report_of_set.is_usable
    assert report_of_set.score > 80
    assert not [fault for fault in report_of_set.faults if fault.code in {"evidence", "personal", "schema"}]

    pattern: list[Fault] = [
        "malformed",
        "none",
        "none",
        "ghost_ids",
        "none",
        "none",
        "malformed",
        "none",
        "none",
        "none",
    ]
    weak = [pattern[at % len(pattern)] for at in range(len(lines))]
    strong: list[Fault] = ["none"] * len(lines)
    async with serve(ScriptedServer(weak)) as one, serve(ScriptedServer(strong)) as other:
        models = [OpenAICompatible(Endpoint(url, "scripted", None)) for url in (one, other)]
        comparison = await examine_models(
            lines,
            baseline=Candidate(models[0], "few-shot", PROMPTS.examples[:1]),
            tuned=Candidate(models[1], "fine-tuned"),
        )
        for model in models:
            await model.close()

    weak_one = comparison.baseline
    malformed, ghosts = shares(weak, "malformed"), shares(weak, "ghost_ids")
    assert weak_one.schema_pass.value == pytest.approx(1 - malformed, abs=1e-3)
    assert weak_one.dropped.value == pytest.approx(malformed + ghosts, abs=1e-3)
    for measured, planted in ((weak_one.schema_pass, 1 - malformed), (weak_one.dropped, malformed + ghosts)):
        assert measured.low <= planted <= measured.high
    assert comparison.tuned.schema_pass.value == comparison.tuned.evidence_accuracy.value == 1.0
    assert comparison.only_tuned_right == sum(fault != "none" for fault in weak)
    assert comparison.verdict == "fine-tuned is right more often, beyond chance."
    path = write_comparison(comparison, folder=tmp_path / "reports", now=TODAY)
    assert "fine-tuned" in path.read_text(encoding="utf-8")
    assert path.with_suffix(".svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.spec("E2", "C8")
@pytest.mark.parametrize("form", ["messages", "preference"])
async def test_nobody_of_a_table_gets_into_an_export(form: Any, tmp_path: Path) -> None:
    """Personal data in the table, in reasons, remarks and edits; labels of the table in an edit: none is exported."""
    office, report = Office(), sales_report()
    await office.finish(report)
    for insight in report.insights.analyst_insights:
        await office.judge(report, insight, "approve", reason=rows()[0][2], comment=f"as {rows()[1][2]} said")
    first, second = report.insights.analyst_insights[:2]
    await office.judge(report, first, "edit", edited=edited(first, "Ask the Qaristan team what it knows about it."))
    await office.judge(report, second, "edit", edited=edited(second, COMMENTS[0]))
    for words in (f"Ask {rows()[2][2]} about it.", "Write to jane.doe@firm.example about it."):
        with pytest.raises(EditRefused):
            await office.judge(report, first, "edit", edited=edited(first, words))

    exported = export_finetuning_set(office.book.kept, folder=tmp_path, prompts=PROMPTS, today=TODAY, form=form)

    written = text_in(tmp_path)
    cells = {cell for row in rows() for cell in row[:8]} | {*FIRST, *LAST, *NOTES, *REGIONS, "jane.doe"}
    assert exported.written >= 1
    assert [cell for cell in cells if cell in written] == []
    assert [cell for cell in cells if json.dumps(cell)[1:-1] in written] == []


@pytest.mark.spec("E2")
async def test_export_is_the_same_for_the_same_judgements(tmp_path: Path) -> None:
    """Byte for byte, so that a training can be told again."""
    office, report = Office(), sales_report()
    await office.finish(report)
    for insight in report.insights.analyst_insights:
        await office.judge(report, insight, "approve")

    written = []
    for name in ("one", "other"):
        exported = export_finetuning_set(office.book.kept, folder=tmp_path / name, prompts=PROMPTS, today=TODAY)
        written.append(text_in(tmp_path / name))

    assert written[0] == written[1]
    assert len(written[0].splitlines()) == exported.written


@pytest.mark.spec("E2")
async def test_nothing_approved_is_nothing_exported(tmp_path: Path) -> None:
    """The sentence says why, and no empty file is left."""
    office, report = Office(), sales_report()
    await office.finish(report)
    await office.judge(report, report.insights.analyst_insights[0], "approve", score=2)

    with pytest.raises(NothingToExport, match="below the score"):
        export_finetuning_set(office.book.kept, folder=tmp_path, prompts=PROMPTS, today=TODAY)

    assert text_in(tmp_path) == ""


@pytest.mark.spec("E4")
def test_broken_holdout_is_refused_with_its_line(tmp_path: Path) -> None:
    """No examination on half a file."""
    path = tmp_path / "h.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]}\n')

    with pytest.raises(InvalidOption, match="line 1: the question holds no catalogue"):
        read_holdout(path)
    path.write_text("{\n")
    with pytest.raises(InvalidOption, match="line 1: is not one JSON object"):
        read_holdout(path)
