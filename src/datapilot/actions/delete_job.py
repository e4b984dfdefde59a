"""Delete one job now, with everything that is kept of it: when a person asks for it, not when its time is over."""

from datapilot.access.base import Access
from datapilot.contracts.errors import JobRunning
from datapilot.contracts.job import FINAL_STATUSES
from datapilot.jobs.base import Jobs
from datapilot.storage.base import Storage
from datapilot.storage.keys import result_keys, upload_prefix, version_key


async def delete_job(job_id: str, *, jobs: Jobs, storage: Storage, access: Access | None) -> None:
    """Return when links, upload, results and record of an ended job are gone.

    The record goes last, so that a deletion that broke off can be asked for again. Raises UnknownJob, JobRunning while
    the job is alive, StorageUnavailable.
    """
    job = await jobs.get(job_id)
    if job.status not in FINAL_STATUSES:
        raise JobRunning(f"The job is {job.status}; cancel it, then delete it.")
    if access is not None:
        await access.unshare(job_id)
    await delete_files(job_id, storage=storage)
    if not await jobs.forget(job_id, unchanged_since=job.updated_at):
        raise JobRunning("The job was started again meanwhile; delete it once that has ended.")


async def delete_files(job_id: str, *, storage: Storage) -> int:
    """Delete upload and results of a job, whether or not it has a record, and return how many files there were."""
    keys = [stored.key async for stored in storage.list(upload_prefix(job_id))]
    keys += [key for key in result_keys(job_id) if await storage.exists(key)]
    versions: list[str] = []
    while await storage.exists(version_key(job_id, len(versions) + 1)):
        versions.append(version_key(job_id, len(versions) + 1))
    # The newest first: what is left of a deletion that broke off is still found from version 1 on.
    keys += reversed(versions)
    for key in keys:
        await storage.delete(key)
    return len(keys)
