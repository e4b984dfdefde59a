"""Routes for sharing one job with people who have no key."""

from urllib.parse import quote

from fastapi import APIRouter

from datapilot.access.base import SHARE_S
from datapilot.api.answers import Share, SharesOpen
from datapilot.api.bodies import plain_id
from datapilot.api.errors import problem_responses
from datapilot.api.tools import Tools


def share_routes(tools: Tools) -> APIRouter:
    """Return the routes `/api/jobs/{id}/share`."""
    routes = APIRouter(tags=["access"])

    @routes.post(
        "/api/jobs/{job_id}/share",
        status_code=201,
        summary="Share a job",
        responses=problem_responses("invalid_request", "unknown_job", "queue_unavailable"),
    )
    async def share(job_id: str) -> Share:
        """Return a link by which anybody who has it may read this job, and nothing else, for a week.

        On a server without login no token is needed, and the link holds none.
        """
        job = await tools.jobs.get(plain_id(job_id))
        token = await tools.access.share(job.job_id) if tools.access else None
        address = f"/results/?id={quote(job.job_id)}" + (f"&share={token}" if token else "")
        return Share(job_id=job.job_id, url=address, token=token, expires_in_seconds=SHARE_S if token else None)

    @routes.get(
        "/api/jobs/{job_id}/share",
        summary="Say whether a job is shared",
        responses=problem_responses("invalid_request", "unknown_job", "queue_unavailable"),
    )
    async def shares(job_id: str) -> SharesOpen:
        """Return how many links to this job are open. Their secrets are not kept, so no link can be shown again."""
        job = await tools.jobs.get(plain_id(job_id))
        if tools.access is None:
            return SharesOpen(job_id=job.job_id)
        found = await tools.access.open_shares(job.job_id)
        return SharesOpen(job_id=job.job_id, links=found.links, expires_in_seconds=found.seconds_left or None)

    @routes.delete(
        "/api/jobs/{job_id}/share",
        summary="Share a job no longer",
        responses=problem_responses("invalid_request", "unknown_job", "queue_unavailable"),
    )
    async def unshare(job_id: str) -> Share:
        """Make every link to this job worthless."""
        job = await tools.jobs.get(plain_id(job_id))
        if tools.access:
            await tools.access.unshare(job.job_id)
        return Share(job_id=job.job_id, url=f"/results/?id={quote(job.job_id)}")

    return routes
