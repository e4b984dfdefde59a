"""Routes about jobs: how far they are, live and by polling; cancel; delete."""

from collections.abc import AsyncGenerator
from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from datapilot.actions.cancel_job import cancel_job
from datapilot.actions.delete_job import delete_job
from datapilot.actions.read_job import follow_job, read_job
from datapilot.api.answers import Cancelled, Deleted, JobList, JobRef
from datapilot.api.bodies import json_body, named_job, plain_id
from datapilot.api.errors import problem_responses
from datapilot.api.tools import Tools
from datapilot.contracts.errors import Unavailable
from datapilot.contracts.job import Job

PING_SECONDS = 15
RECONNECT_MS = 2000

log = structlog.get_logger("api")

JobId = Annotated[str, Query(alias="jobId")]


def job_routes(tools: Tools) -> APIRouter:
    """Return the routes `/api/job-status`, `/api/jobs`, `/api/jobs/{id}`, `/api/jobs/{id}/events` and `/api/cancel`."""
    routes = APIRouter(tags=["jobs"])

    @routes.get(
        "/api/job-status",
        summary="Say how far a job is",
        responses=problem_responses("invalid_request", "unknown_job", "queue_unavailable"),
    )
    async def status(job_id: JobId) -> Job:
        """Return the job's record. One that is past its `timeoutAt` has failed, even when no worker is alive."""
        return await read_job(plain_id(job_id), jobs=tools.jobs, storage=tools.storage)

    @routes.get(
        "/api/jobs", summary="List the jobs", responses=problem_responses("invalid_request", "queue_unavailable")
    )
    async def recent(limit: Annotated[int, Query(ge=1, le=500)] = 50) -> JobList:
        """Return the latest jobs, newest first."""
        return JobList(jobs=tuple(await tools.jobs.recent(limit)))

    @routes.get(
        "/api/jobs/{job_id}",
        summary="Say how far a job is",
        responses=problem_responses("unknown_job", "queue_unavailable", "invalid_request"),
    )
    async def one(job_id: str) -> Job:
        """Return the same as `/api/job-status`."""
        return await read_job(plain_id(job_id), jobs=tools.jobs, storage=tools.storage)

    @routes.delete(
        "/api/jobs/{job_id}",
        summary="Delete a job",
        responses=problem_responses(
            "unknown_job", "job_running", "queue_unavailable", "storage_unavailable", "invalid_request"
        ),
    )
    async def delete(job_id: str) -> Deleted:
        """Delete an ended job with its upload, its results and the links to it. What was said about its insights
        stays: no row of the table is in it, only the words of an insight that was edited."""
        job_id = plain_id(job_id)
        await delete_job(job_id, jobs=tools.jobs, storage=tools.storage, access=tools.access)
        return Deleted(job_id=job_id)

    @routes.get(
        "/api/jobs/{job_id}/events",
        summary="Follow a job live",
        response_class=EventSourceResponse,
        responses={
            200: {
                "description": "Server-sent events `snapshot`: the whole job, with its revision as id",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            **problem_responses("unknown_job", "queue_unavailable", "invalid_request"),
        },
    )
    async def events(job_id: str) -> EventSourceResponse:
        """Send the whole job now and after every change, and end after its final state: a client that lost the
        connection needs no replay."""
        known = await read_job(plain_id(job_id), jobs=tools.jobs, storage=tools.storage)
        return EventSourceResponse(
            _snapshots(known.job_id, tools),
            ping=PING_SECONDS,
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            sep="\n",
        )

    @routes.post(
        "/api/cancel",
        summary="Cancel a job",
        openapi_extra=json_body(JobRef, required=False),
        responses=problem_responses(
            "bad_request", "invalid_request", "unknown_job", "job_finished", "queue_unavailable"
        ),
    )
    async def cancel(request: Request, job_id: Annotated[str | None, Query(alias="jobId")] = None) -> Cancelled:
        """Stop the job, waiting or running, and leave no result. Asking again gives the same answer."""
        job = await cancel_job(await named_job(request, job_id), jobs=tools.jobs, storage=tools.storage)
        return Cancelled(job_id=job.job_id, cancelled_at=job.cancelled_at or job.updated_at)

    return routes


async def _snapshots(job_id: str, tools: Tools) -> AsyncGenerator[ServerSentEvent, None]:
    try:
        async for job in follow_job(job_id, jobs=tools.jobs, storage=tools.storage):
            yield ServerSentEvent(
                event="snapshot", id=str(job.revision), data=job.model_dump_json(), retry=RECONNECT_MS, sep="\n"
            )
    except Unavailable as gone:
        # The headers are out; ending the stream makes the client come back.
        log.warning("live progress interrupted", job_id=job_id, code=gone.code)
