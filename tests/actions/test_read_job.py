"""Looking at a job, cancelling it, and reading its file again."""

import json

import pytest

from datapilot.actions.cancel_job import cancel_job
from datapilot.actions.read_job import follow_job, open_result, read_job
from datapilot.contracts.errors import ResultNotReady, UnknownJob
from datapilot.contracts.job import JobRequest
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.keys import error_key, result_key
from datapilot.storage.memory import MemoryStorage

JOB = "job_a"


@pytest.fixture
async def jobs() -> MemoryJobs:
    """A queue with one job, begun."""
    queue = MemoryJobs()
    request = JobRequest(upload_key=f"uploads/{JOB}/source.csv", bytes=4, timeout_s=60)
    await queue.submit(JOB, filename="a.csv", request=request)
    await queue.start(JOB, worker="test", max_attempts=5)
    return queue


@pytest.mark.spec("D5")
async def test_failed_job_has_its_report_once_it_was_looked_at(jobs: MemoryJobs) -> None:
    """The report holds code, sentence and time of the record."""
    storage = MemoryStorage()
    await jobs.finish(JOB, 1, status="failed", error="corrupt_file", message="The archive is damaged.")

    job = await read_job(JOB, jobs=jobs, storage=storage)

    assert json.loads(await storage.get(error_key(JOB))) == {
        "jobId": JOB, "status": "failed", "error": "corrupt_file", "message": "The archive is damaged.",
        "timestamp": job.updated_at,
    }  # fmt: skip


async def test_living_job_has_no_failure_report(jobs: MemoryJobs) -> None:
    """Looking changes nothing of a job that is well."""
    storage = MemoryStorage()

    await read_job(JOB, jobs=jobs, storage=storage)

    assert not await storage.exists(error_key(JOB))


async def test_following_ends_with_the_final_state(jobs: MemoryJobs) -> None:
    """First the state of now, then changes, then the end; the failure report is there with it."""
    storage, seen = MemoryStorage(), []

    async for job in follow_job(JOB, jobs=jobs, storage=storage):
        seen.append(job.status)
        if len(seen) == 1:
            await jobs.finish(JOB, 1, status="failed", error="timeout", message="Too slow.")

    assert seen == ["processing", "failed"]
    assert await storage.exists(error_key(JOB))


@pytest.mark.parametrize(("status", "word"), [("failed", "Too slow"), (None, "not ready")])
async def test_result_of_an_unfinished_job_is_refused_with_the_reason(
    jobs: MemoryJobs, status: str | None, word: str
) -> None:
    """Even when bytes lie where the result would be."""
    storage = MemoryStorage()
    await storage.put_bytes(result_key(JOB), b"{}")
    if status:
        await jobs.finish(JOB, 1, status="failed", error="timeout", message="Too slow.")

    with pytest.raises(ResultNotReady, match=word):
        await open_result(JOB, jobs=jobs, storage=storage)


@pytest.mark.spec("D3")
async def test_cancel_removes_what_a_dead_worker_left(jobs: MemoryJobs) -> None:
    """A cancelled job leaves no result, whoever wrote it."""
    storage = MemoryStorage()
    await storage.put_bytes(result_key(JOB), b"{}")

    job = await cancel_job(JOB, jobs=jobs, storage=storage)

    assert job.status == "cancelled"
    assert not await storage.exists(result_key(JOB))


async def test_unknown_job_is_unknown_everywhere() -> None:
    """No verb invents a job."""
    jobs, storage = MemoryJobs(), MemoryStorage()

    with pytest.raises(UnknownJob):
        await read_job("job_x", jobs=jobs, storage=storage)
    with pytest.raises(UnknownJob):
        await cancel_job("job_x", jobs=jobs, storage=storage)
    with pytest.raises(UnknownJob):
        await anext(follow_job("job_x", jobs=jobs, storage=storage))
