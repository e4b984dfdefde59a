"""Ask every request for its key: who is not known, lacks the scope, or asks too often, goes no further.

Open are the page itself (it holds no data), health, the description of the API, and signing in. Everything else below
/api, and /metrics, needs a key, including whatever is added later.
"""

import math
import re
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from datapilot.access.base import Access
from datapilot.api.callers import ANYONE, NOBODY, Caller, KeyRules, current
from datapilot.api.errors import answer_to
from datapilot.contracts.access import ApiKey
from datapilot.contracts.access import Scope as KeyScope
from datapilot.contracts.errors import DataPilotError, ForbiddenScope, RateLimited, Unauthorized

SESSION_COOKIE = "datapilot_session"
SHARE_COOKIE = "datapilot_share"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN = frozenset({
    "/api/health", "/api/health/maintenance", "/api/session", "/api/openapi.json", "/api/docs",
})  # fmt: skip
# A question that is too long for an address, and changes nothing.
ASKING = re.compile(r"/api/jobs/[^/]+/facts")
# What a share link opens, and only by reading: all of one job, and nothing beside it.
OF_ONE_JOB = re.compile(r"/api/(job-status|result|jobs/[^/]+(/.*)?)")


@dataclass(frozen=True)
class Doorkeeper:
    """ASGI middleware; without `access` the server has no login, and everybody passes."""

    app: ASGIApp
    access: Access | None
    rules: KeyRules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            caller = await self._admitted(Request(scope))
        except DataPilotError as refused:
            await answer_to(refused)(scope, receive, send)
            return
        before = current.set(caller)
        try:
            await self.app(scope, receive, send)
        finally:
            current.reset(before)

    async def _admitted(self, request: Request) -> Caller:
        """Return who calls. Raises Unauthorized, ForbiddenScope, RateLimited, Unavailable."""
        if self.access is None:
            return ANYONE
        path, needed = request.url.path, scope_needed(request.method, request.url.path)
        if needed is None:
            return NOBODY
        key = await key_of(request, self.access)
        share = request.query_params.get("share") or cookie_of(request, SHARE_COOKIE)
        if share and not (needed == "read" and OF_ONE_JOB.fullmatch(path)):
            share = None
        if key is None and share is None:
            raise Unauthorized("This needs an API key that is known here. `datapilot keys create` makes one.")
        address = request.client.host if request.client else ""
        await self._keep_pace(key.key_id if key else f"share:{address}")
        if key is not None and needed not in key.scopes:
            if share is None:
                raise ForbiddenScope(f"This needs a key with the scope “{needed}”; this one has {_listed(key)}.")
            key = None
        return Caller(key=key, share=share)

    async def _keep_pace(self, caller: str) -> None:
        assert self.access is not None
        if self.rules.requests_per_minute:
            wait_s = await self.access.wait_s(caller, per_minute=self.rules.requests_per_minute)
            if wait_s > 0:
                sentence = f"More than {self.rules.requests_per_minute} requests a minute came with this key."
                raise RateLimited(sentence, math.ceil(wait_s))


def scope_needed(method: str, path: str) -> KeyScope | None:
    """Return the scope that a request needs; None for what is open to everybody."""
    if path == "/metrics":
        return "metrics"
    if path in OPEN or not (path == "/api" or path.startswith("/api/")):
        return None
    return "read" if method in READING or ASKING.fullmatch(path) else "write"


async def key_of(request: Request, access: Access) -> ApiKey | None:
    """Return the key that came with the request: in `Authorization`, in `X-API-Key`, or as the page's session.

    A key that is named and not known is not made up for by a session: whoever sends one means that one.
    """
    scheme, _, said = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await access.key_of(said.strip())
    if (named := request.headers.get("x-api-key")) is not None:
        return await access.key_of(named.strip())
    token = cookie_of(request, SESSION_COOKIE)
    return await access.key_of_session(token) if token else None


def cookie_of(request: Request, name: str) -> str | None:
    """Return a cookie's value; None when there is none, or the header is no cookie at all."""
    try:
        jar: SimpleCookie = SimpleCookie(request.headers.get("cookie", ""))
    except CookieError:
        return None
    return jar[name].value if name in jar else None


def _listed(key: ApiKey) -> str:
    return ", ".join(f"“{scope}”" for scope in key.scopes) or "none"
