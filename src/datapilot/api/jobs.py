"""Routes about jobs: how far they are, live and by polling; cancel; delete; read again; explain again."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from datapilot.actions.cancel_job import cancel_job
from datapilot.actions.delete_job import delete_job
from datapilot.actions.read_job import follow_job, read_job
from datapilot.actions.reprocess import reprocess
from datapilot.actions.reread_dataset import reread_dataset
from datapilot.actions.submit_dataset import wishes_from
from datapilot.api.answers import Cancelled, Deleted, JobList, Reprocess, Resubmitted, Submitted
from datapilot.api.bodies import as_model, json_object, named_job, plain_id
from datapilot.api.errors import problem_responses
from datapilot.api.tools import Tools
from datapilot.contracts.errors import BadRequest, InvalidOption, Unavailable
from datapilot.contracts.job import Job

PING_SECONDS = 15
RECONNECT_MS = 2000

log = structlog.get_logger("api")

JobId = Annotated[str, Query(alias="jobId", max_length=200)]


def _json_body(schema: str, *, required: bool) -> dict[str, Any]:
    reference = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {"requestBody": {"required": required, "content": {"application/json": reference}}}


def job_routes(tools: Tools) -> APIRouter:
    """Return the routes `/api/job-status`, `/api/jobs…`, `/api/cancel`, `/api/reread` and `/api/reprocess`."""
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
        openapi_extra=_json_body("JobRef", required=False),
        responses=problem_responses(
            "bad_request", "invalid_request", "unknown_job", "job_finished", "queue_unavailable"
        ),
    )
    async def cancel(
        request: Request, job_id: Annotated[str | None, Query(alias="jobId", max_length=200)] = None
    ) -> Cancelled:
        """Stop the job, waiting or running, and leave no result. Asking again gives the same answer."""
        job = await cancel_job(await named_job(request, job_id), jobs=tools.jobs, storage=tools.storage)
        return Cancelled(job_id=job.job_id, cancelled_at=job.cancelled_at or job.updated_at)

    @routes.post(
        "/api/reread",
        status_code=202,
        summary="Read the file of a job again, otherwise",
        openapi_extra=_json_body("Reread", required=True),
        responses=problem_responses(
            "bad_request", "invalid_option", "unknown_job", "job_running", "result_not_ready", "queue_unavailable"
        ),
    )
    async def reread(request: Request) -> Submitted:
        """Run the job again from the stored upload with these options; those of the time before do not carry over."""
        said = await json_object(request)
        job_id, options = said.pop("jobId", None), said.pop("options", None)
        if not isinstance(job_id, str):
            raise BadRequest("Say which job: “jobId” is missing or no text.")
        if said:
            raise InvalidOption(f"Unknown: {', '.join(sorted(said))[:200]}. Reading options belong into “options”.")
        if options is not None and not isinstance(options, dict):
            raise InvalidOption("options: must be a JSON object.")
        job = await reread_dataset(
            plain_id(job_id),
            wishes_from(options or {}),
            jobs=tools.jobs,
            storage=tools.storage,
            rules=tools.rules,
            request_id=request.state.request_id,
        )
        return Submitted(job_id=job.job_id)

    @routes.post(
        "/api/reprocess",
        status_code=202,
        summary="Make the insights of a job anew",
        openapi_extra=_json_body("Reprocess", required=True),
        responses=problem_responses(
            "bad_request", "invalid_option", "unknown_job", "job_running", "result_not_ready", "queue_unavailable",
            "storage_unavailable",
        ),
    )  # fmt: skip
    async def explain_again(request: Request) -> Resubmitted:
        """Run the insights of a finished job again from its stored result, without reading the file. The result that
        it has is kept as a version, and stands again should the run not come to its end."""
        said = as_model(Reprocess, await json_object(request))
        job, version = await reprocess(
            plain_id(said.job_id),
            jobs=tools.jobs,
            storage=tools.storage,
            rules=tools.rules,
            llm=said.llm,
            request_id=request.state.request_id,
        )
        return Resubmitted(job_id=job.job_id, version=version)

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
