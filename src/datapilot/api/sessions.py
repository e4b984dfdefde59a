"""Routes for signing in: a key, or the token of a share link, becomes a cookie."""

from fastapi import APIRouter, Request, Response

from datapilot.access.base import SESSION_S, SHARE_S
from datapilot.api.answers import Session, SignIn
from datapilot.api.bodies import as_model, json_body, json_object, plain_id
from datapilot.api.doorkeeper import SESSION_COOKIE, SHARE_COOKIE, cookie_of, key_of
from datapilot.api.errors import problem_responses
from datapilot.api.tools import Tools
from datapilot.contracts.errors import InvalidOption, Unauthorized


def session_routes(tools: Tools) -> APIRouter:
    """Return the routes `/api/session`."""
    routes = APIRouter(tags=["access"])

    @routes.get("/api/session", summary="Say who is signed in", responses=problem_responses("queue_unavailable"))
    async def whoami(request: Request) -> Session:
        """Return the caller's key, or that there is none and whether one is needed."""
        key = await key_of(request, tools.access) if tools.access else None
        if key is None:
            return Session(login_required=tools.access is not None)
        return Session(login_required=True, name=key.name, scopes=key.scopes)

    @routes.post(
        "/api/session",
        summary="Sign in",
        openapi_extra=json_body(SignIn),
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

    return routes


def _set_cookie(request: Request, response: Response, name: str, value: str, lives_s: int) -> None:
    # Behind a proxy that ends TLS the connection to us is plain; what it says about itself can only make us stricter.
    is_secure = "https" in {request.url.scheme, request.headers.get("x-forwarded-proto", "").lower()}
    response.set_cookie(name, value, max_age=lives_s, path="/", httponly=True, samesite="strict", secure=is_secure)
