"""Look at a job as a user sees it: an overdue one has failed, whether or not a worker is alive to say so."""

from collections.abc import AsyncIterator

from datapilot.contracts.errors import ResultNotReady
from datapilot.contracts.job import Job
from datapilot.jobs.base import Jobs
from datapilot.jobs.lifecycle import failure_report
from datapilot.storage.base import Storage
from datapilot.storage.keys import error_key, result_key


async def read_job(job_id: str, *, jobs: Jobs, storage: Storage) -> Job:
    """Return the job; a failed one has its error report in storage afterwards. Raises UnknownJob."""
    job = await jobs.get(job_id)
    if job.status == "failed":
        await _keep_report(job, storage)
    return job


async def follow_job(job_id: str, *, jobs: Jobs, storage: Storage) -> AsyncIterator[Job]:
    """Yield the job as it is and after every change, ending with its final state. Raises UnknownJob at the start."""
    async for job in jobs.watch(job_id):
        if job.status == "failed":
            await _keep_report(job, storage)
        yield job


async def open_result(job_id: str, *, jobs: Jobs, storage: Storage) -> AsyncIterator[bytes]:
    """Return the stored bytes of a completed job's report, to be streamed. Raises UnknownJob, ResultNotReady."""
    job = await read_job(job_id, jobs=jobs, storage=storage)
    if job.status != "completed":
        raise ResultNotReady(_why_not(job))
    return storage.stream(result_key(job_id))


async def _keep_report(job: Job, storage: Storage) -> None:
    # The worker writes it as soon as a job fails; this covers jobs that failed while no worker was alive.
    key = error_key(job.job_id)
    if not await storage.exists(key):
        await storage.put_bytes(key, failure_report(job).model_dump_json().encode())


def _why_not(job: Job) -> str:
    match job.status:
        case "failed":
            return f"The job failed, so there is no result: {job.error_message or job.error}"
        case "cancelled":
            return "The job was cancelled, so there is no result."
        case _:
            return f"The job is not ready yet: {job.progress} % done."
