"""Run a job again from its stored upload, with the user's corrections of how to read the file."""

from contextlib import suppress

from datapilot.actions.reprocess import keep_version
from datapilot.actions.submit_dataset import UploadOptions, UploadRules, allowed_llm, allowed_timeout
from datapilot.contracts.errors import JobRunning, ResultNotReady
from datapilot.contracts.job import FINAL_STATUSES, Job, JobRequest
from datapilot.jobs.base import Jobs
from datapilot.storage.base import Storage
from datapilot.storage.keys import error_key


async def reread_dataset(
    job_id: str,
    options: UploadOptions,
    *,
    jobs: Jobs,
    storage: Storage,
    rules: UploadRules,
    request_id: str | None = None,
) -> Job:
    """Return the job, submitted again under the same id. The result it had is kept as its next version, so that a
    correction that does not work out loses nothing.

    Raises UnknownJob, JobRunning while it is alive, ResultNotReady when the upload has been deleted, InvalidOption.
    """
    job = await jobs.get(job_id)
    if job.status not in FINAL_STATUSES:
        raise JobRunning(f"The job is {job.status}; it can be read again once it has ended.")
    before = await jobs.request(job_id)
    if not await storage.exists(before.upload_key):
        raise ResultNotReady("The uploaded file has been deleted; send it again.")
    request = JobRequest(
        upload_key=before.upload_key,
        bytes=before.bytes,
        timeout_s=allowed_timeout(options, rules),
        options=options.reading,
        llm=allowed_llm(options, rules),
        request_id=request_id,
    )
    if job.status == "completed":
        with suppress(FileNotFoundError):
            await keep_version(job_id, storage=storage)
    # What the earlier run left must not pass for the new one's.
    await storage.delete(error_key(job_id))
    return await jobs.resubmit(job_id, request=request)
