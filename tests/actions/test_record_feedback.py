"""Judging an insight: what is kept, which edits are refused, and that nobody of the table gets into the store."""

import asyncio
import json
import os
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from tests.insights.reports import FIRST, LAST, REGIONS, report_of, rows, sales_report

from datapilot.actions.explain import ModelTools, explain
from datapilot.actions.record_feedback import WITHHELD, feedback_of, record_feedback
from datapilot.contracts.errors import EditRefused, ResultNotReady, StorageFull, UnknownInsight, UnknownJob
from datapilot.contracts.feedback import Feedback, FeedbackRecord
from datapilot.contracts.insight import Insight
from datapilot.contracts.job import JobRequest
from datapilot.contracts.report import Report
from datapilot.insights.language_model.fewshot import load_prompts
from datapilot.insights.language_model.support import INTERPRETATION
from datapilot.jobs.memory import MemoryJobs
from datapilot.llm.audit import MemoryAudit
from datapilot.llm.base import BreakerPolicy
from datapilot.llm.breaker import MemoryBreaker
from datapilot.llm.scripted import ScriptedModel
from datapilot.storage.feedback import FeedbackBlobs, FeedbackBook, FeedbackFiles, MemoryFeedback
from datapilot.storage.keys import result_key, rules_key
from datapilot.storage.memory import MemoryStorage

JOB = "job_1"
REPORT = sales_report()
GAP = next(one for one in REPORT.insights.analyst_insights if one.kind == "group_difference")
COMMENT = "Ask whether the price list is the same in the regions."


class Desk:
    """A finished job, and a reviewer who judges it."""

    def __init__(self) -> None:
        self.jobs, self.storage, self.book = MemoryJobs(), MemoryStorage(), MemoryFeedback()

    async def finish(self, report: Report = REPORT) -> None:
        request = JobRequest(upload_key=f"uploads/{JOB}/source.csv", bytes=1, timeout_s=60)
        await self.jobs.submit(JOB, filename="a.csv", request=request)
        await self.jobs.start(JOB, worker="test", max_attempts=5)
        await self.storage.put_bytes(result_key(JOB), report.model_dump_json().encode())
        await self.jobs.finish(JOB, 1, status="completed", result_url="x")

    async def say(self, action: str = "approve", *, insight: Insight = GAP, **known: Any) -> FeedbackRecord:
        said = {"job_id": JOB, "insight_id": insight.id, "action": action, "score": 4} | known
        return await record_feedback(
            Feedback.model_validate(said), jobs=self.jobs, storage=self.storage, book=self.book, reviewer="key k1"
        )

    async def edit(self, **changes: Any) -> FeedbackRecord:
        return await self.say("edit", edited=GAP.model_copy(update=changes))


@pytest.fixture
async def desk() -> Desk:
    made = Desk()
    await made.finish()
    return made


@pytest.mark.spec("E1")
async def test_approval_is_kept_with_its_lesson(desk: Desk) -> None:
    """Who is a hash; the lesson asks about this finding alone and answers with the ids that were published."""
    record = await desk.say(reason="useful", comment="Good.")

    assert desk.book.kept == [record]
    assert record.feedback_id.startswith("fb_")
    assert (record.action, record.score, record.reason, record.comment) == ("approve", 4, "useful", "Good.")
    assert "k1" not in record.reviewer
    assert record.lesson is not None
    assert (record.lesson.kind, record.lesson.source) == ("group_difference", "rules")
    (answer,) = record.lesson.reply["insights"]
    assert record.lesson.reply == record.lesson.plain
    assert set(answer["facts"]) <= {one for evidence in GAP.evidence for one in evidence.fact_ids}
    assert record.lesson.question.count('"kind"') == 1


@pytest.mark.spec("E1")
@pytest.mark.parametrize("action", ["approve", "reject", "skip"])
async def test_latest_judgement_counts(desk: Desk, action: str) -> None:
    """All are kept; what is shown is the last one of each insight."""
    await desk.say("approve")
    last = await desk.say(action, score=1)

    assert await feedback_of(JOB, jobs=desk.jobs, book=desk.book) == (last,)
    assert len(desk.book.kept) == 2


@pytest.mark.spec("E1")
async def test_edit_with_the_same_figures_is_kept(desk: Desk) -> None:
    """Other words around figures that the facts bring: templates are found for them, so that they can be recomputed."""
    record = await desk.edit(
        headline="Qaristan earns 213 a record on average, the rest 92.5",
        detail=f"{GAP.detail} {INTERPRETATION} {COMMENT}",
        severity="low",
        recommendation=GAP.recommendation.model_copy(update={"what": "Ask the teams how they set the price."}),
    )

    assert record.edited is not None
    assert record.edited.headline_template.startswith("Qaristan earns {f_")
    assert "213" not in record.edited.headline_template
    assert record.lesson is not None
    assert record.lesson.better is not None
    (better,), (before,) = record.lesson.better["insights"], record.lesson.reply["insights"]
    assert (better["comment"], before["comment"]) == (COMMENT, None)
    assert (better["severity"], better["recommendation"]["what"]) == ("low", "Ask the teams how they set the price.")


@pytest.mark.spec("E1")
async def test_figure_whose_unit_stands_in_its_name_may_be_kept(desk: Desk) -> None:
    """The page says "overtime hours … 24.6", the unit once; 24.6 days would be another figure."""
    chance = random.Random(3)
    hours = ((team, f"{chance.gauss(25 if team == 'North' else 15, 2):.1f}") for team in ("North", "South") * 40)
    report = report_of(("team", "overtime hours"), tuple(hours))
    told = next(one for one in report.insights.analyst_insights if one.kind == "group_difference")
    await desk.storage.put_bytes(result_key(JOB), report.model_dump_json().encode())

    kept = await desk.say(
        "edit", insight=told, edited=told.model_copy(update={"headline": f"{told.headline}: ask why"})
    )
    other = re.sub(r"([0-9]+(?:\.[0-9]+)?)", r"\1 days", told.headline, count=1)
    with pytest.raises(EditRefused, match="headline: a figure"):
        await desk.say("edit", insight=told, edited=told.model_copy(update={"headline": other}))

    assert kept.edited is not None
    assert kept.edited.headline == f"{told.headline}: ask why"
    assert "|plain}" in kept.edited.headline_template


@pytest.mark.spec("E1", "C5")
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"headline": "Qaristan earns 214 a record"}, "figure", id="another number"),
        pytest.param({"headline": "Qaristan earns 213% more"}, "figure", id="a per cent that is none"),
        pytest.param({"headline": "Qaristan earns 2,213 a record"}, "figure", id="a longer number"),
        pytest.param({"headline": "Qaristan earns 213.5 a record"}, "figure", id="a finer number"),
        pytest.param({"headline": "Qaristan earns three times as much"}, "three", id="a number word"),
        pytest.param({"headline": "Revenue doubled in Qaristan"}, "doubled", id="a factor in words"),
        pytest.param({"headline": ""}, "empty", id="no headline"),
        pytest.param({"headline_template": "Qaristan earns {f_00000000}"}, "fact", id="a template without a fact"),
        pytest.param({"detail": "See [this](https://evil.example)"}, "links", id="a link"),
        pytest.param({"detail": "Ask <b>now</b> for it"}, "markup", id="markup"),
        pytest.param({"detail": f"Ask {rows()[0][2]} about it"}, "personal", id="a name of the table"),
        pytest.param({"detail": "Write to jane.doe@firm.example about it"}, "personal", id="an address"),
        pytest.param({"detail": "Call 555-123-4567 about it"}, "personal", id="a phone number"),
        pytest.param({"kind": "correlation"}, "kind", id="another kind"),
        pytest.param({"columns": ("units",)}, "columns", id="other columns"),
        pytest.param(
            {"recommendation": GAP.recommendation.model_copy(update={"what": "Cut 30 of them."})}, "figure", id="advice"
        ),
        pytest.param(
            {"evidence": (GAP.evidence[0].model_copy(update={"fact_ids": ("f_00000000",)}),)}, "fact", id="a ghost"
        ),
        pytest.param(
            {"evidence": (*GAP.evidence, GAP.evidence[0].model_copy(update={"row_indices": (10**9,)}))}, "row",
            id="a row outside",
        ),
        pytest.param(
            {"evidence": (*GAP.evidence, GAP.evidence[0].model_copy(update={"chart_id": "ghost"}))}, "chart",
            id="a chart that is none",
        ),
    ],
)  # fmt: skip
async def test_edit_that_fails_a_gate_is_refused(desk: Desk, changes: dict[str, Any], why: str) -> None:
    """The sentence says which gate, and nothing is kept."""
    with pytest.raises(EditRefused, match=why):
        await desk.edit(**changes)

    assert desk.book.kept == []


@pytest.mark.spec("E1")
@pytest.mark.parametrize(
    "said",
    [
        {"action": "praise"}, {"score": 0}, {"score": 6}, {"score": None}, {"action": "edit"},
        {"edited": GAP.model_dump()}, {"reason": "x" * 501},
    ],
    ids=str,
)  # fmt: skip
def test_incomplete_judgement_is_none(said: dict[str, Any]) -> None:
    """An action of the four, a score of one to five, an edited insight with an edit and with nothing else."""
    with pytest.raises(ValidationError):
        Feedback.model_validate({"job_id": JOB, "insight_id": "i", "action": "approve", "score": 3} | said)


async def test_judging_what_is_not_there(desk: Desk) -> None:
    """An unknown job or insight, and a job without a result."""
    with pytest.raises(UnknownInsight):
        await desk.say(insight=GAP.model_copy(update={"id": "i_ghost"}))
    with pytest.raises(UnknownJob):
        await Desk().say()
    await desk.storage.delete(result_key(JOB))
    with pytest.raises(ResultNotReady):
        await desk.say()
    assert desk.book.kept == []


@pytest.mark.spec("E1", "C8")
async def test_remarks_hold_nobody(desk: Desk) -> None:
    """Forms are masked; a remark that quotes a personal cell is withheld as a whole."""
    masked = await desk.say(comment="Ring 555-123-4567 or write to jane@firm.example", reason="not_true")
    quoted = await desk.say(comment=f"{rows()[1][2]} told me so")

    assert masked.comment == "Ring [PHONE_MASKED] or write to [EMAIL_MASKED]"
    assert quoted.comment == WITHHELD


@pytest.mark.spec("E1", "C8")
async def test_lessons_hold_no_cell(desk: Desk) -> None:
    """Not of personal columns, and no label either, of any insight of the table, whatever an edit says."""
    for insight in REPORT.insights.analyst_insights:
        await desk.say(insight=insight)
    await desk.edit(detail=f"{GAP.detail} {INTERPRETATION} Ask the Qaristan team what it knows.")

    lessons = "".join(one.lesson.model_dump_json() for one in desk.book.kept if one.lesson)
    cells = {cell for row in rows() for cell in row[:8]} | {*FIRST, *LAST, *REGIONS}
    assert len([one for one in desk.book.kept if one.lesson]) >= 4
    assert [cell for cell in cells if cell in lessons] == []


@pytest.mark.spec("E1")
async def test_words_of_a_model_become_its_answer_again() -> None:
    """Of a result that a model worked on, the lesson's answer is what it had written, slots and all."""
    facts = {fact.id: fact for fact in REPORT.facts}
    cited = [one for evidence in GAP.evidence for one in evidence.fact_ids]
    mean = next(one for one in cited if facts[one].measure.metric == "mean" and not isinstance(facts[one].value, tuple))
    alias = f"i{REPORT.insights.analyst_insights.index(GAP) + 1}"
    headline = f"Where to look: {{{mean}}}"
    written = {"finding": alias, "headline": headline, "comment": COMMENT, "severity": "high"}
    tools = ModelTools(
        model=ScriptedModel({"insights": [written]}),
        breaker=MemoryBreaker(BreakerPolicy()), audit=MemoryAudit(), prompts=load_prompts(),
    )  # fmt: skip
    explained = (await explain(REPORT, tools=tools)).report
    desk = Desk()
    await desk.finish(explained)
    await desk.storage.put_bytes(rules_key(JOB), REPORT.insights.model_dump_json().encode())

    record = await desk.say("reject", reason="not_useful")

    assert record.lesson is not None
    (answer,), (plain,) = record.lesson.reply["insights"], record.lesson.plain["insights"]
    assert {key: answer[key] for key in written} == written
    assert (plain["headline"], plain["comment"], plain["severity"]) == (None, None, GAP.severity)
    assert (record.lesson.source, record.lesson.model) == ("llm", "scripted")


@pytest.mark.spec("E1")
async def test_files_are_added_to_and_their_owner_s(tmp_path: Path, desk: Desk) -> None:
    """A line a record in the day's file, readable by its owner; the twin and the files keep the same."""
    files = FeedbackFiles(tmp_path / "data" / "feedback")
    for action in ("approve", "skip"):
        await files.add(await desk.say(action))

    (day,) = (tmp_path / "data" / "feedback").glob("feedback_*.jsonl")
    assert [json.loads(line)["action"] for line in day.read_text(encoding="utf-8").splitlines()] == ["approve", "skip"]
    assert await files.records() == desk.book.kept
    assert day.stat().st_mode & 0o777 == 0o600


async def hashes(book: FeedbackBook) -> tuple[str, str]:
    """Return what stands for two reviewers."""
    return await book.sign("a"), await book.sign("b")


@pytest.mark.parametrize("kind", ["files", "bucket"])
async def test_reviewer_is_the_same_here_and_nobody_elsewhere(tmp_path: Path, kind: str) -> None:
    """Another process of this installation signs alike, another installation does not."""
    stores = {place: MemoryStorage() for place in ("here", "elsewhere")}

    def book(place: str) -> FeedbackBook:
        return FeedbackFiles(tmp_path / place) if kind == "files" else FeedbackBlobs(stores[place])

    first, second = await hashes(book("here"))

    assert first != second
    assert await hashes(book("here")) == (first, second)
    assert set(await hashes(book("elsewhere"))).isdisjoint({first, second})


@pytest.mark.spec("E1")
async def test_machines_with_a_bucket_share_their_judgements(desk: Desk) -> None:
    """What is said to one API is known to another and outlives both, a job's own and all, in order of time."""
    storage = MemoryStorage()
    said = [await desk.say(action) for action in ("approve", "skip")]
    other = said[0].model_copy(update={"job_id": "job_other", "feedback_id": "fb_0"})
    for record in (*said, other):
        await FeedbackBlobs(storage).add(record)
    await FeedbackBlobs(storage).sign("a")

    assert await FeedbackBlobs(storage).records(JOB) == said
    assert {one.feedback_id for one in await FeedbackBlobs(storage).records()} == {
        one.feedback_id for one in (*said, other)
    }
    assert all(stored.key.startswith("feedback/") for stored in [blob async for blob in storage.list()])


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch, room: int) -> Iterator[None]:
    """A disk that takes so many bytes of what is written, and no more."""
    write = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda descriptor, content: write(descriptor, content[:room]))
        yield


@pytest.mark.spec("E1")
async def test_torn_line_costs_no_other_judgement(
    tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What a full disk or a power cut left of a judgement is passed over; those before and after it stay."""
    files = FeedbackFiles(tmp_path)
    first, torn, last = [await desk.say(action) for action in ("approve", "reject", "skip")]

    await files.add(first)
    with full_disk(monkeypatch, room=100), pytest.raises(StorageFull):
        await files.add(torn)
    await files.add(last)

    assert await files.records() == [first, last]
    assert "line 2 of" in caplog.text


@pytest.mark.spec("E1")
def test_salt_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills while the salt is written leaves none: with half of one, reviewers could be guessed."""
    files = FeedbackFiles(tmp_path)
    with full_disk(monkeypatch, room=5), pytest.raises(StorageFull):
        asyncio.run(files.sign("a"))
    left = list(tmp_path.iterdir())

    asyncio.run(files.sign("a"))

    assert left == []
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [32]


def test_two_processes_that_make_a_salt_at_once_share_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that is overtaken signs with the salt that the other has kept."""
    signed_by_other: list[str] = []
    link = os.link

    def overtaken(source: Path, target: Path) -> None:
        monkeypatch.setattr(os, "link", link)
        signed_by_other.append(asyncio.run(FeedbackFiles(tmp_path).sign("a")))
        link(source, target)

    monkeypatch.setattr(os, "link", overtaken)

    signed = asyncio.run(FeedbackFiles(tmp_path).sign("a"))

    assert [signed] == signed_by_other
    assert [path.name for path in tmp_path.iterdir()] == ["salt"]


async def test_two_machines_that_make_a_salt_at_once_share_it() -> None:
    """Of two that find a new bucket empty, the one that is overtaken signs with the salt that the other has kept."""

    class Overtaken(MemoryStorage):
        async def put_new(self, key: str, content: bytes) -> bool:
            await MemoryStorage.put_bytes(self, key, b"of the other machine")
            return await super().put_new(key, content)

    storage = Overtaken()

    assert await FeedbackBlobs(storage).sign("a") == await FeedbackBlobs(storage).sign("a")
    assert await storage.get("feedback/salt") == b"of the other machine"
