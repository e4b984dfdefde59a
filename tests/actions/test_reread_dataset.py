"""Running a job again from its stored upload, with the user's corrections."""

import pytest

from datapilot.actions.reread_dataset import reread_dataset
from datapilot.actions.submit_dataset import UploadOptions, UploadRules
from datapilot.contracts.errors import InvalidOption, JobRunning, ResultNotReady, UnknownJob
from datapilot.contracts.job import Job, JobRequest
from datapilot.contracts.table import ReadingOptions
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.keys import error_key, result_key, version_key
from datapilot.storage.memory import MemoryStorage

JOB = "job_a"
KEY = f"uploads/{JOB}/source.csv"
RULES = UploadRules(max_bytes=1000, timeout_s=600)


@pytest.fixture
async def storage() -> MemoryStorage:
    """A store that holds the upload."""
    store = MemoryStorage()
    await store.put_bytes(KEY, b"a;b\n1,5;2\n")
    return store


@pytest.fixture
async def jobs() -> MemoryJobs:
    """A queue with one job that was begun."""
    queue = MemoryJobs()
    request = JobRequest(upload_key=KEY, bytes=11, timeout_s=60, options=ReadingOptions(sheet="Old"), llm="off")
    await queue.submit(JOB, filename="a.csv", request=request)
    await queue.start(JOB, worker="test", max_attempts=5)
    return queue


async def reread(jobs: MemoryJobs, storage: MemoryStorage, options: UploadOptions | None = None) -> Job:
    """Read the job again."""
    return await reread_dataset(
        JOB, options or UploadOptions(), jobs=jobs, storage=storage, rules=RULES, request_id="req_2"
    )


@pytest.mark.spec("B8")
async def test_finished_job_runs_again_under_its_id(jobs: MemoryJobs, storage: MemoryStorage) -> None:
    """Same id, same file, the new options alone; and a worker can take it."""
    await jobs.finish(JOB, 1, status="completed", result_url="x")

    job = await reread(jobs, storage, UploadOptions(delimiter=";", decimal=",", timeout_seconds=5))

    request = await jobs.request(JOB)
    assert (job.job_id, job.status, job.filename, job.result_url) == (JOB, "submitted", "a.csv", None)
    assert request.options == ReadingOptions(delimiter=";", decimal=",")
    assert (request.upload_key, request.bytes, request.timeout_s, request.llm) == (KEY, 11, 5, "on")
    assert await jobs.start(JOB, worker="test", max_attempts=5) is not None


@pytest.mark.spec("B8")
async def test_earlier_result_is_kept_whatever_becomes_of_the_correction(
    jobs: MemoryJobs, storage: MemoryStorage
) -> None:
    """Each reading that came to a result stays as a version, oldest first; one that failed adds none."""
    for attempt, result in enumerate((b"first", b"second"), start=1):
        await storage.put_bytes(result_key(JOB), result)
        await jobs.finish(JOB, attempt, status="completed", result_url="x")
        await reread(jobs, storage)
        await jobs.start(JOB, worker="test", max_attempts=5)

    await storage.delete(result_key(JOB))
    await jobs.finish(JOB, 3, status="failed", error="invalid_option", message="no line 99")
    await reread(jobs, storage)

    assert [await storage.get(version_key(JOB, number)) for number in (1, 2)] == [b"first", b"second"]
    assert not await storage.exists(version_key(JOB, 3))


@pytest.mark.spec("B8")
@pytest.mark.parametrize("end", ["failed", "cancelled"])
async def test_job_that_ended_badly_can_be_tried_again(jobs: MemoryJobs, storage: MemoryStorage, end: str) -> None:
    """A wrong option may be why it failed; the old failure report is gone then."""
    if end == "failed":
        await jobs.finish(JOB, 1, status="failed", error="not_a_table", message="No table.")
    else:
        await jobs.cancel(JOB)
    await storage.put_bytes(error_key(JOB), b"{}")

    job = await reread(jobs, storage)

    assert (job.status, job.error, job.cancelled_at) == ("submitted", None, None)
    assert not await storage.exists(error_key(JOB))


@pytest.mark.spec("B8", "D10")
async def test_late_attempt_of_the_first_reading_is_refused(jobs: MemoryJobs, storage: MemoryStorage) -> None:
    """A worker that froze during the first reading must not put its result in the place of the second."""
    await jobs.cancel(JOB)
    await reread(jobs, storage)
    await jobs.start(JOB, worker="another", max_attempts=1)

    late = await jobs.finish(JOB, 1, status="completed", result_url="late")

    assert late == "superseded"
    assert (await jobs.get(JOB)).status == "processing"


@pytest.mark.spec("B8")
async def test_living_job_is_not_disturbed(jobs: MemoryJobs, storage: MemoryStorage) -> None:
    """Two readings of one job at a time would race for one result."""
    with pytest.raises(JobRunning):
        await reread(jobs, storage)

    assert (await jobs.get(JOB)).status == "processing"


async def test_job_whose_upload_is_gone_stays_as_it_is(jobs: MemoryJobs, storage: MemoryStorage) -> None:
    """Without the file there is nothing to read; the result of the first time stays."""
    await jobs.finish(JOB, 1, status="completed", result_url="x")
    await storage.delete(KEY)

    with pytest.raises(ResultNotReady, match="deleted"):
        await reread(jobs, storage)

    assert (await jobs.get(JOB)).status == "completed"


async def test_senseless_option_changes_nothing(jobs: MemoryJobs, storage: MemoryStorage) -> None:
    """The time is limited as at the first time."""
    await jobs.finish(JOB, 1, status="completed", result_url="x")

    with pytest.raises(InvalidOption):
        await reread(jobs, storage, UploadOptions(timeout_seconds=601))

    assert (await jobs.get(JOB)).status == "completed"


async def test_unknown_job_is_unknown(storage: MemoryStorage) -> None:
    """Nothing is invented."""
    with pytest.raises(UnknownJob):
        await reread(MemoryJobs(), storage)
