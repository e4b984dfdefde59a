"""Having the insights of a finished job made anew: what is asked of the worker, and that no result is ever lost."""

import json

import pytest

from datapilot.actions.reprocess import list_versions, read_version, reprocess
from datapilot.actions.submit_dataset import UploadRules
from datapilot.contracts.errors import JobRunning, ResultNotReady, UnknownJob, UnknownVersion
from datapilot.contracts.job import JobRequest
from datapilot.contracts.table import ReadingOptions
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.keys import error_key, result_key, version_key
from datapilot.storage.memory import MemoryStorage

JOB = "job_a"
RULES = UploadRules(max_bytes=1000, timeout_s=600)
REQUEST = JobRequest(
    upload_key=f"uploads/{JOB}/source.csv", bytes=11, timeout_s=60, options=ReadingOptions(delimiter=";"), llm="off"
)


def result(moment: str, source: str = "rules", *issues: str) -> bytes:
    """Return as much of a result as is looked at."""
    metadata = {"source": source, "model": None if source == "rules" else "some/model"}
    told = [{"code": code, "message": "…"} for code in issues]
    return json.dumps({"processedAt": moment, "insights": {"metadata": metadata}, "issues": told}).encode()


@pytest.fixture
async def jobs() -> MemoryJobs:
    """A queue with one job that was begun."""
    queue = MemoryJobs()
    await queue.submit(JOB, filename="a.csv", request=REQUEST)
    await queue.start(JOB, worker="test", max_attempts=5)
    return queue


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


async def complete(jobs: MemoryJobs, storage: MemoryStorage, content: bytes = result("first")) -> None:
    """End the begun job with this result."""
    await storage.put_bytes(result_key(JOB), content)
    attempt = (await jobs.get(JOB)).attempt
    await jobs.finish(JOB, attempt, status="completed", result_url="x")


@pytest.mark.spec("C10")
async def test_finished_job_is_submitted_again_from_its_result(jobs: MemoryJobs, storage: MemoryStorage) -> None:
    """Same id, same options of reading, the model on again; the result it had is version 1."""
    await complete(jobs, storage)

    job, version = await reprocess(JOB, jobs=jobs, storage=storage, rules=RULES, request_id="req_2")

    request = await jobs.request(JOB)
    assert (job.job_id, job.status, version) == (JOB, "submitted", 1)
    assert (request.reprocess, request.llm, request.timeout_s, request.request_id) == (1, "on", 600, "req_2")
    assert (request.options, request.upload_key) == (REQUEST.options, REQUEST.upload_key)
    assert await storage.get(version_key(JOB, 1)) == result("first")


@pytest.mark.spec("C10")
async def test_every_earlier_result_is_kept(jobs: MemoryJobs, storage: MemoryStorage) -> None:
    """Two times anew: versions 1 and 2, oldest first, each the bytes that were served then."""
    await complete(jobs, storage)
    await reprocess(JOB, jobs=jobs, storage=storage, rules=RULES)
    await jobs.start(JOB, worker="test", max_attempts=5)
    await complete(jobs, storage, result("second", "llm", "llm_claims_replaced"))

    await reprocess(JOB, jobs=jobs, storage=storage, rules=RULES, llm="off")

    versions = await list_versions(JOB, jobs=jobs, storage=storage)
    assert [one.model_dump() for one in versions] == [
        {"version": 1, "processedAt": "first", "source": "rules", "model": None, "issues": ()},
        {"version": 2, "processedAt": "second", "source": "llm", "model": "some/model",
         "issues": ("llm_claims_replaced",)},
    ]  # fmt: skip
    assert await read_version(JOB, 1, jobs=jobs, storage=storage) == result("first")
    with pytest.raises(UnknownVersion):
        await read_version(JOB, 3, jobs=jobs, storage=storage)


@pytest.mark.spec("C10")
@pytest.mark.parametrize("end", ["failed", "cancelled"])
async def test_run_that_did_not_end_well_can_be_repeated(jobs: MemoryJobs, storage: MemoryStorage, end: str) -> None:
    """Its result is gone with it, the version it began with is not: the next run begins with that."""
    await complete(jobs, storage)
    await reprocess(JOB, jobs=jobs, storage=storage, rules=RULES)
    await storage.delete(result_key(JOB))
    if end == "failed":
        await jobs.start(JOB, worker="test", max_attempts=5)
        await jobs.finish(JOB, 2, status="failed", error="timeout", message="late")
        await storage.put_bytes(error_key(JOB), b"{}")
    else:
        await jobs.cancel(JOB)

    job, version = await reprocess(JOB, jobs=jobs, storage=storage, rules=RULES)

    assert (job.status, version, (await jobs.request(JOB)).reprocess) == ("submitted", 1, 1)
    assert not await storage.exists(error_key(JOB))


@pytest.mark.spec("C10")
async def test_living_job_is_left_alone(jobs: MemoryJobs, storage: MemoryStorage) -> None:
    """Its insights are being made; and of two requests at a time the second is refused."""
    with pytest.raises(JobRunning):
        await reprocess(JOB, jobs=jobs, storage=storage, rules=RULES)
    await complete(jobs, storage)
    await reprocess(JOB, jobs=jobs, storage=storage, rules=RULES)

    with pytest.raises(JobRunning):
        await reprocess(JOB, jobs=jobs, storage=storage, rules=RULES)


@pytest.mark.spec("C10")
@pytest.mark.parametrize("end", ["failed", "result deleted"])
async def test_job_without_a_result_says_so(jobs: MemoryJobs, storage: MemoryStorage, end: str) -> None:
    """There is nothing to begin with, and the job stays as it is."""
    if end == "failed":
        await jobs.finish(JOB, 1, status="failed", error="not_a_table", message="No table.")
    else:
        await complete(jobs, storage)
        await storage.delete(result_key(JOB))
    before = await jobs.get(JOB)

    with pytest.raises(ResultNotReady):
        await reprocess(JOB, jobs=jobs, storage=storage, rules=RULES)

    assert await jobs.get(JOB) == before
    assert await list_versions(JOB, jobs=jobs, storage=storage) == ()


async def test_unknown_job_is_unknown(storage: MemoryStorage) -> None:
    """Nothing is invented, by any of the three verbs."""
    with pytest.raises(UnknownJob):
        await reprocess(JOB, jobs=MemoryJobs(), storage=storage, rules=RULES)
    with pytest.raises(UnknownJob):
        await list_versions(JOB, jobs=MemoryJobs(), storage=storage)
    with pytest.raises(UnknownJob):
        await read_version(JOB, 1, jobs=MemoryJobs(), storage=storage)
