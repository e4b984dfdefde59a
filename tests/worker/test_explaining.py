"""A worker that explains: what it keeps beside the result, and a finished job's insights made anew."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.insights.reports import sales_report

from datapilot.actions.explain import ModelTools
from datapilot.actions.keep_outbound import read_outbound
from datapilot.actions.reprocess import reprocess
from datapilot.actions.submit_dataset import UploadRules
from datapilot.contracts.errors import StorageUnavailable
from datapilot.contracts.insight import Insights
from datapilot.contracts.job import Job, JobRequest
from datapilot.contracts.limits import Limits
from datapilot.contracts.report import Report
from datapilot.contracts.retry import RetryPolicy
from datapilot.insights.language_model.fewshot import load_prompts
from datapilot.jobs import lifecycle
from datapilot.jobs.memory import MemoryJobs
from datapilot.llm.audit import MemoryAudit
from datapilot.llm.base import BreakerPolicy, LanguageModel, ModelReply, ServerFailed
from datapilot.llm.breaker import MemoryBreaker
from datapilot.llm.scripted import ScriptedModel
from datapilot.storage.keys import columns_key, outbound_key, result_key, rules_key, version_key
from datapilot.storage.memory import MemoryStorage
from datapilot.worker.explaining import REPROCESS_FAILED
from datapilot.worker.patience import Patience
from datapilot.worker.supervisor import Supervisor

JOB = "job_1"
RULES = UploadRules(max_bytes=1000, timeout_s=60)
ORDER = {"insights": [{"finding": "i2", "severity": "low", "recommendation": {"what": "Ask the team what it knows."}}]}
OTHER = {"insights": [{"finding": "i3"}]}


class Bench:
    """A finished job with the rules' result, and a worker at work with a model."""

    def __init__(self, storage: MemoryStorage) -> None:
        self.jobs = MemoryJobs()
        self.storage = storage
        self.stop = asyncio.Event()

    async def finish_first(self, report: Report) -> None:
        """Have the job end as a worker without a model ends it."""
        await self.jobs.submit(
            JOB, filename="a.csv", request=JobRequest(upload_key=f"uploads/{JOB}/source.csv", bytes=1, timeout_s=60)
        )
        await self.jobs.start(JOB, worker="test", max_attempts=5)
        await self.storage.put_bytes(result_key(JOB), report.model_dump_json().encode())
        await self.jobs.finish(JOB, 1, status="completed", result_url="x")

    async def again(self, **known: Any) -> Job:
        """Have the insights made anew and return the job once it has ended."""
        await reprocess(JOB, jobs=self.jobs, storage=self.storage, rules=RULES, **known)
        async with asyncio.timeout(60):
            async for job in self.jobs.watch(JOB):
                last = job
        return last

    async def result(self) -> Report:
        return Report.model_validate_json(await self.storage.get(result_key(JOB)))

    async def version(self, number: int) -> Report:
        return Report.model_validate_json(await self.storage.get(version_key(JOB, number)))


Work = Callable[..., AbstractAsyncContextManager[Bench]]


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """Return a context manager: a worker that asks this model, with a job that has ended."""

    @asynccontextmanager
    async def working(model: LanguageModel | None, storage: MemoryStorage | None = None) -> AsyncIterator[Bench]:
        bench = Bench(storage or MemoryStorage())
        tools = None
        if model is not None:
            tools = ModelTools(
                model=model,
                breaker=MemoryBreaker(BreakerPolicy()),
                audit=MemoryAudit(),
                prompts=load_prompts(),
                retry=RetryPolicy(attempts=1),
            )
        supervisor = Supervisor(
            bench.storage, tmp_path, Limits(), model_tools=tools, patience=Patience(read_s=1, save_s=1, look_s=0.01)
        )
        async with bench.jobs:
            await bench.finish_first(sales_report())
            running = asyncio.create_task(
                bench.jobs.run(
                    supervisor, slots=1, max_attempts=5, stop=bench.stop, drain=asyncio.Event(), ended=supervisor.ended
                )
            )
            try:
                yield bench
            finally:
                bench.stop.set()
                async with asyncio.timeout(60):
                    await running

    return working


@pytest.mark.spec("C10")
async def test_insights_are_made_anew_in_place(work: Work) -> None:
    """The result has the model's order, everything else as before; the earlier one is version 1."""
    rules = sales_report()
    async with work(ScriptedModel(ORDER)) as bench:
        job = await bench.again()
        report, earlier = await bench.result(), await bench.version(1)

    assert (job.status, job.result_url) == ("completed", lifecycle.result_url(JOB))
    assert earlier == rules
    assert report.insights.metadata.source == "llm"
    assert report.insights.analyst_insights[0].id == rules.insights.analyst_insights[1].id
    assert report.processed_at > rules.processed_at
    unchanged = {"insights": rules.insights, "issues": rules.issues, "processed_at": rules.processed_at}
    assert report.model_copy(update=unchanged) == rules


@pytest.mark.spec("B9", "C10")
async def test_columns_beside_a_result_outlive_new_insights(work: Work) -> None:
    """The file is not read again, so what there is of its columns stays, however the attempt ends."""
    async with work(ScriptedModel(ORDER)) as bench:
        await bench.storage.put_bytes(columns_key(JOB), b"all columns")

        await bench.again()

        assert await bench.storage.get(columns_key(JOB)) == b"all columns"


@pytest.mark.spec("C10")
async def test_a_second_model_starts_from_the_rules(work: Work) -> None:
    """Neither the order nor the words nor the ratings of the first model are left in what the second one made."""
    async with work(ScriptedModel(ORDER, OTHER)) as bench:
        await bench.again()
        await bench.again()
        report, first = await bench.result(), await bench.version(2)
        kept = Insights.model_validate_json(await bench.storage.get(rules_key(JOB)))

    rules = {insight.id: insight for insight in sales_report().insights.analyst_insights}
    assert first.insights.analyst_insights[0].recommendation.what == "Ask the team what it knows."
    assert kept == sales_report().insights
    assert all(insight == rules[insight.id] for insight in report.insights.analyst_insights)
    assert report.insights.analyst_insights[0].id == sales_report().insights.analyst_insights[2].id


@pytest.mark.spec("C10")
@pytest.mark.parametrize("way", ["asked for", "no model any more"])
async def test_without_a_model_the_rules_speak_again(work: Work, way: str) -> None:
    """`llm` off, or a server whose settings name none: the rules' insights, and no issue of a model."""
    storage = MemoryStorage()
    async with work(ScriptedModel(ORDER), storage) as bench:
        await bench.again()
        if way == "asked for":
            await bench.again(llm="off")
            report = await bench.result()
    if way != "asked for":
        explained = Report.model_validate_json(await storage.get(result_key(JOB)))
        async with work(None, storage) as bench:
            await bench.storage.put_bytes(result_key(JOB), explained.model_dump_json().encode())
            await bench.again()
            report = await bench.result()

    assert report.insights == sales_report().insights
    assert report.issues == sales_report().issues


@pytest.mark.spec("C10", "C4")
async def test_model_that_fails_leaves_the_rules_and_one_honest_issue(work: Work) -> None:
    """Issues of the run before are not carried along."""
    async with work(ScriptedModel(ServerFailed("down"), ServerFailed("still"))) as bench:
        await bench.again()
        await bench.again()
        report = await bench.result()

    assert report.insights == sales_report().insights
    assert [issue.code for issue in report.issues] == ["llm_server_error"]


class Waiting(ScriptedModel):
    """Never answers; `reached` says that it was asked."""

    def __init__(self) -> None:
        super().__init__("")
        self.reached = asyncio.Event()

    async def complete(self, request: Any) -> ModelReply:
        await request.inspect(b"{}")
        self.reached.set()
        await asyncio.sleep(3600)
        raise AssertionError("nobody waited")


@pytest.mark.spec("C10", "D6")
async def test_shutdown_leaves_the_earlier_result_standing(work: Work) -> None:
    """A worker told to stop: the job is completed with what it had, and the result says why it is not new."""
    model = Waiting()
    async with work(model) as bench:
        await reprocess(JOB, jobs=bench.jobs, storage=bench.storage, rules=RULES)
        await model.reached.wait()

    job, report = await bench.jobs.get(JOB), await bench.result()
    assert job.status == "completed"
    assert report.insights == sales_report().insights
    assert [issue.code for issue in report.issues] == [REPROCESS_FAILED]


@pytest.mark.spec("C10", "D3")
async def test_cancelling_leaves_the_version(work: Work) -> None:
    """A cancelled job has no result, as ever; what it had can be read and taken up again."""
    model = Waiting()
    async with work(model) as bench:
        await reprocess(JOB, jobs=bench.jobs, storage=bench.storage, rules=RULES)
        await model.reached.wait()
        await bench.jobs.cancel(JOB)
        async with asyncio.timeout(60):
            while await bench.storage.exists(result_key(JOB)):  # noqa: ASYNC110 - a store gives no event
                await asyncio.sleep(0.01)

        assert await bench.version(1) == sales_report()


@pytest.mark.spec("C8")
async def test_ledger_is_written_before_anything_leaves(work: Work) -> None:
    """While the model is still being asked, the ledger of the job already shows what it was sent."""
    model = Waiting()
    async with work(model) as bench:
        await reprocess(JOB, jobs=bench.jobs, storage=bench.storage, rules=RULES)
        await model.reached.wait()

        ledger = await read_outbound(JOB, jobs=bench.jobs, storage=bench.storage)

        assert [request.body for request in ledger.requests] == ["{}"]


@pytest.mark.spec("C8", "C10")
async def test_ledger_grows_over_the_life_of_a_job(work: Work) -> None:
    """What was sent once stays in it, whatever is asked later."""
    model = ScriptedModel(ORDER, OTHER)
    async with work(model) as bench:
        before = await read_outbound(JOB, jobs=bench.jobs, storage=bench.storage)
        await bench.again()
        await bench.again()
        after = await read_outbound(JOB, jobs=bench.jobs, storage=bench.storage)

    assert before.requests == ()
    assert [request.body.encode() for request in after.requests] == model.bodies
    assert len(model.bodies) == 2


class NoLedger(MemoryStorage):
    """A store that takes everything but ledgers."""

    async def put_bytes(self, key: str, content: bytes) -> None:
        if key == outbound_key(JOB):
            raise StorageUnavailable("The store does not answer.")
        await super().put_bytes(key, content)


@pytest.mark.spec("C8")
async def test_nothing_leaves_that_cannot_be_recorded(work: Work) -> None:
    """The model is not asked, the job is completed all the same, and the issue says so."""
    model = ScriptedModel(ORDER)
    async with work(model, NoLedger()) as bench:
        job = await bench.again()
        report = await bench.result()

    assert model.bodies == []
    assert job.status == "completed"
    assert [issue.code for issue in report.issues] == ["llm_not_recorded"]


async def test_unreadable_version_fails_the_job_and_says_so(work: Work) -> None:
    """A version that somebody damaged is no result."""
    async with work(ScriptedModel(ORDER)) as bench:
        await bench.storage.put_bytes(result_key(JOB), json.dumps({"not": "a report"}).encode())
        job = await bench.again()

    assert (job.status, job.error) == ("failed", "processing_error")
