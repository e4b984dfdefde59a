"""Stop a job, waiting or running, and leave no result of it."""

from datapilot.contracts.job import Job
from datapilot.jobs.base import Jobs
from datapilot.storage.base import Storage
from datapilot.storage.keys import result_key


async def cancel_job(job_id: str, *, jobs: Jobs, storage: Storage) -> Job:
    """Return the cancelled job, the same one however often it is asked. Raises UnknownJob, JobFinished."""
    job = await jobs.cancel(job_id)
    # A worker that died between writing and finishing may have left one.
    await storage.delete(result_key(job_id))
    return job
