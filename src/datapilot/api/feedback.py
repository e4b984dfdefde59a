"""Routes by which people judge insights."""

import structlog
from fastapi import APIRouter, Request

from datapilot.actions.record_feedback import feedback_of, record_feedback
from datapilot.api.answers import FeedbackKept, Judgement, Judgements
from datapilot.api.bodies import as_model, json_body, json_object, plain_id
from datapilot.api.callers import current
from datapilot.api.errors import problem_responses
from datapilot.api.tools import Tools
from datapilot.contracts.feedback import Feedback

SOMEBODY_AT_HOME = "local"  # a server without login does not know who is asking

log = structlog.get_logger("api")


def feedback_routes(tools: Tools) -> APIRouter:
    """Return the routes `/api/feedback` and `/api/jobs/{id}/feedback`."""
    routes = APIRouter(tags=["feedback"])

    @routes.post(
        "/api/feedback",
        status_code=201,
        summary="Judge an insight",
        openapi_extra=json_body(Feedback),
        responses=problem_responses(
            "bad_request", "invalid_option", "unknown_job", "result_not_ready", "unknown_insight", "edit_refused",
            "storage_unavailable", "storage_full", "queue_unavailable",
        ),
    )  # fmt: skip
    async def judge(request: Request) -> FeedbackKept:
        """Keep an approval, an edit, a rejection or a skip, with a score of 1-5. An edit carries the whole insight as
        it should read; one whose figures no fact brings, or that names somebody, is refused and not kept."""
        said = as_model(Feedback, await json_object(request))
        plain_id(said.job_id)
        record = await record_feedback(
            said, jobs=tools.jobs, storage=tools.storage, book=tools.feedback, reviewer=_reviewer()
        )
        log.info("feedback kept", jobId=record.job_id, action=record.action, score=record.score)
        return FeedbackKept(feedback_id=record.feedback_id)

    @routes.get(
        "/api/jobs/{job_id}/feedback",
        summary="List what was said about a job's insights",
        responses=problem_responses("unknown_job", "queue_unavailable", "storage_unavailable", "invalid_request"),
    )
    async def listed(job_id: str) -> Judgements:
        """Return the latest judgement of each insight."""
        records = await feedback_of(plain_id(job_id), jobs=tools.jobs, book=tools.feedback)
        return Judgements(
            job_id=job_id,
            feedback=tuple(
                Judgement(
                    feedback_id=one.feedback_id,
                    insight_id=one.insight_id,
                    action=one.action,
                    score=one.score,
                    at=one.at,
                )
                for one in records
            ),
        )

    return routes


def _reviewer() -> str:
    key = current.get().key
    return f"key {key.key_id}" if key is not None else SOMEBODY_AT_HOME
