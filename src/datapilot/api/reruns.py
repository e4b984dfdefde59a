"""Routes that run a job again: its file read otherwise, or its insights made anew from the stored result."""

from fastapi import APIRouter, Request

from datapilot.actions.reprocess import reprocess
from datapilot.actions.reread_dataset import reread_dataset
from datapilot.actions.submit_dataset import upload_options
from datapilot.api.answers import Reprocess, Reread, Resubmitted, Submitted
from datapilot.api.bodies import as_model, job_of, json_body, json_object, plain_id
from datapilot.api.errors import problem_responses
from datapilot.api.tools import Tools
from datapilot.contracts.errors import InvalidOption


def rerun_routes(tools: Tools) -> APIRouter:
    """Return the routes `/api/reread` and `/api/reprocess`."""
    routes = APIRouter(tags=["jobs"])

    @routes.post(
        "/api/reread",
        status_code=202,
        summary="Read the file of a job again, otherwise",
        openapi_extra=json_body(Reread),
        responses=problem_responses(
            "bad_request", "invalid_option", "unknown_job", "job_running", "result_not_ready", "queue_unavailable"
        ),
    )
    async def reread(request: Request) -> Submitted:
        """Run the job again from the stored upload with these options; earlier ones do not carry over."""
        said = await json_object(request)
        job_id, options = job_of(said), said.pop("options", None)
        if unknown := said.keys() - {"jobId"}:
            raise InvalidOption(f"Unknown: {', '.join(sorted(unknown))[:200]}. Reading options belong into “options”.")
        if options is not None and not isinstance(options, dict):
            raise InvalidOption("options: must be a JSON object.")
        job = await reread_dataset(
            plain_id(job_id),
            upload_options(options or {}),
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
        openapi_extra=json_body(Reprocess),
        responses=problem_responses(
            "bad_request", "invalid_option", "unknown_job", "job_running", "result_not_ready", "queue_unavailable",
            "storage_unavailable",
        ),
    )  # fmt: skip
    async def explain_again(request: Request) -> Resubmitted:
        """Run the insights of a finished job again from its stored result, without reading the file. The result that it
        has is kept as a version, and comes back if the run fails."""
        said = await json_object(request)
        job_id = plain_id(job_of(said))
        job, version = await reprocess(
            job_id,
            jobs=tools.jobs,
            storage=tools.storage,
            rules=tools.rules,
            llm=as_model(Reprocess, said).llm,
            request_id=request.state.request_id,
        )
        return Resubmitted(job_id=job.job_id, version=version)

    return routes
