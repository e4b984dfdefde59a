"""Make the insights of a finished job anew from its stored result; the result it had is kept as a version."""

import asyncio
import json
from typing import Literal

from datapilot.actions.submit_dataset import UploadRules
from datapilot.contracts.errors import JobRunning, ResultNotReady, UnknownVersion
from datapilot.contracts.job import FINAL_STATUSES, Job, JobRequest, ResultVersion
from datapilot.jobs.base import Jobs
from datapilot.storage.base import Storage
from datapilot.storage.keys import error_key, result_key, version_key

NO_RESULT = "The job has no result whose insights could be made anew."


async def reprocess(
    job_id: str,
    *,
    jobs: Jobs,
    storage: Storage,
    rules: UploadRules,
    llm: Literal["on", "off"] = "on",
    request_id: str | None = None,
) -> tuple[Job, int]:
    """Return the job, submitted again under the same id, and the version that its earlier result is kept as.

    The file is not read again. Raises UnknownJob, JobRunning while the job is alive, ResultNotReady when it has no
    result.
    """
    job = await jobs.get(job_id)
    if job.status not in FINAL_STATUSES:
        raise JobRunning(f"The job is {job.status}; its insights can be made anew once it has ended.")
    before = await jobs.request(job_id)
    version = await _keep_version(job, before, storage)
    request = before.model_copy(
        update={"timeout_s": rules.timeout_s, "llm": llm, "request_id": request_id, "reprocess": version}
    )
    await storage.delete(error_key(job_id))
    return await jobs.resubmit(job_id, request=request), version


async def list_versions(job_id: str, *, jobs: Jobs, storage: Storage) -> tuple[ResultVersion, ...]:
    """Return the earlier results of a job, oldest first. Raises UnknownJob."""
    await jobs.get(job_id)
    found: list[ResultVersion] = []
    while True:
        version = len(found) + 1
        try:
            content = await storage.get(version_key(job_id, version))
        except FileNotFoundError:
            return tuple(found)
        found.append(await asyncio.to_thread(_described, version, content))


async def read_version(job_id: str, version: int, *, jobs: Jobs, storage: Storage) -> bytes:
    """Return the stored bytes of an earlier result. Raises UnknownJob, UnknownVersion."""
    await jobs.get(job_id)
    try:
        return await storage.get(version_key(job_id, version))
    except FileNotFoundError:
        raise UnknownVersion(f"The job has no earlier result number {version}.") from None


async def keep_version(job_id: str, *, storage: Storage) -> int:
    """Keep the result of the job as its next version and return the number. Raises FileNotFoundError without one."""
    version = 1
    while await storage.exists(version_key(job_id, version)):
        version += 1
    await storage.put_bytes(version_key(job_id, version), await storage.get(result_key(job_id)))
    return version


async def _keep_version(job: Job, before: JobRequest, storage: Storage) -> int:
    """Return the number of the version that holds what is to be explained anew, kept before anything else happens:
    whatever becomes of the job, this result is there."""
    if job.status == "completed":
        try:
            return await keep_version(job.job_id, storage=storage)
        except FileNotFoundError:
            raise ResultNotReady("The result has been deleted.") from None
    # A run that failed or was cancelled while it made insights anew left no result, but the version it began with.
    if before.reprocess is not None and await storage.exists(version_key(job.job_id, before.reprocess)):
        return before.reprocess
    raise ResultNotReady(NO_RESULT)


def _described(version: int, content: bytes) -> ResultVersion:
    # Not read as a Report: it may be of an earlier schema.
    report = json.loads(content)
    metadata = report["insights"]["metadata"]
    return ResultVersion(
        version=version,
        processed_at=report["processedAt"],
        source=metadata["source"],
        model=metadata["model"],
        issues=tuple(issue["code"] for issue in report["issues"]),
    )
