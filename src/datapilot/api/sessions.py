"""Routes for signing in, and for sharing one job with people who have no key."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from datapilot.access.base import SESSION_S, SHARE_S
from datapilot.api.answers import Session, Share, SharesOpen, SignIn
from datapilot.api.bodies import as_model, json_object, plain_id
from datapilot.api.doorkeeper import SESSION_COOKIE, SHARE_COOKIE, cookie_of, key_of
from datapilot.api.errors import problem_responses
from datapilot.api.tools import Tools
from datapilot.contracts.errors import InvalidOption, Unauthorized


def session_routes(tools: Tools) -> APIRouter:
    """Return the routes `/api/session` and `/api/jobs/{id}/share`."""
    routes = APIRouter(tags=["access"])

    @routes.get("/api/session", summary="Say who is signed in", responses=problem_responses("queue_unavailable"))
    async def whoami(request: Request) -> Session:
        """Return the caller's key, or that he has none and whether he needs one."""
        key = await key_of(request, tools.access) if tools.access else None
        if key is None:
            return Session(login_required=tools.access is not None)
        return Session(login_required=True, name=key.name, scopes=key.scopes)

    @routes.post(
        "/api/session",
        summary="Sign in",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SignIn"}}},
            }
        },
        responses=problem_responses(
            "bad_request", "invalid_option", "unauthorized", "unknown_job", "queue_unavailable"
        ),
    )
    async def sign_in(request: Request, response: Response) -> Session:
        """Swap a key for a cookie that scripts cannot read; or a share link's token for one that opens that job."""
        said = as_model(SignIn, await json_object(request))
        if (said.key is None) == (said.share is None):
            raise InvalidOption("Send either “key” or “share”.")
        if tools.access is None:
            return Session(login_required=False)
        if said.share is not None:
            if said.job_id is None or not await tools.access.is_shared(plain_id(said.job_id), said.share):
                raise Unauthorized("This link does not open the job, or does so no longer.")
            _set_cookie(request, response, SHARE_COOKIE, said.share, SHARE_S)
            return Session(login_required=True, scopes=("read",))
        key = await tools.access.key_of((said.key or "").strip())
        if key is None:
            raise Unauthorized("This key is not known here. Check that it was copied whole.")
        _set_cookie(request, response, SESSION_COOKIE, await tools.access.open_session(key.key_id), SESSION_S)
        return Session(login_required=True, name=key.name, scopes=key.scopes)

    @routes.delete("/api/session", summary="Sign out", responses=problem_responses("queue_unavailable"))
    async def sign_out(request: Request, response: Response) -> Session:
        """End the session and forget a share link that was followed."""
        token = cookie_of(request, SESSION_COOKIE)
        if token and tools.access:
            await tools.access.close_session(token)
        for name in (SESSION_COOKIE, SHARE_COOKIE):
            response.delete_cookie(name, path="/", httponly=True, samesite="strict")
        return Session(login_required=tools.access is not None)

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


def _set_cookie(request: Request, response: Response, name: str, value: str, lives_s: int) -> None:
    # Behind a proxy that ends TLS the connection to us is plain; what it says about itself can only make us stricter.
    is_secure = "https" in {request.url.scheme, request.headers.get("x-forwarded-proto", "").lower()}
    response.set_cookie(name, value, max_age=lives_s, path="/", httponly=True, samesite="strict", secure=is_secure)
