"""Stand in front of every request: who may call this server from where, which id the request bears, which headers
every answer carries. Knows nothing of what is asked."""

import ipaddress
import re
import secrets
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datapilot.api.errors import answer_to, problem
from datapilot.contracts.errors import ForbiddenOrigin
from datapilot.telemetry.traces import span

log = structlog.get_logger("api")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
BARE_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def is_loopback(host: str) -> bool:
    """Return whether an address to bind, or a name in a Host header, means this machine alone."""
    bare = host.strip("[]").lower()
    if bare == "localhost":
        return True
    address = _address(bare)
    return address is not None and address.is_loopback


@dataclass(frozen=True)
class Neighbourhood:
    """Under which names the server may be called. `bound` is the address it listens on.

    A page of a stranger can make a domain name of its own point here (DNS rebinding); then the browser thinks that the
    stranger's page and this server are one. The name in the Host header gives it away. Addresses and names without
    a dot cannot be rebound, because nobody can register them.
    """

    bound: str = "127.0.0.1"
    allowed: frozenset[str] = field(default_factory=frozenset)

    def serves(self, host: str) -> bool:
        """Return whether a Host header's value, port included, names this server."""
        name = _hostname(f"//{host}")
        if name is None:
            return False
        if is_loopback(name) or name in self.allowed or name == self.bound.strip("[]").lower():
            return True
        if is_loopback(self.bound):
            return False
        return _address(name) is not None or "." not in name or name in _own_names()


def is_same_site(headers: Headers) -> bool:
    """Return whether a request that changes something was made by our own page or by no browser at all."""
    fetch_site = headers.get("sec-fetch-site")
    if fetch_site is not None:
        return fetch_site in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""


class Guard:
    """ASGI middleware, the outermost one."""

    def __init__(self, app: ASGIApp, *, neighbourhood: Neighbourhood) -> None:
        self._app = app
        self._neighbourhood = neighbourhood

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers.get("x-request-id"))
        started, status = time.monotonic(), 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(MutableHeaders(scope=message), request_id, scope["path"])
            await send(message)

        scope.setdefault("state", {})["request_id"] = request_id
        about = {"method": scope["method"], "path": scope["path"], "requestId": request_id}
        with structlog.contextvars.bound_contextvars(requestId=request_id), span("request", **about):
            refusal = self._refusal(scope["method"], headers)
            await (refusal or self._app)(scope, receive, send_guarded)
            # Polling would drown what matters.
            tell = log.debug if scope["method"] in SAFE_METHODS and status < 400 else log.info
            tell(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                duration_ms=round((time.monotonic() - started) * 1000, 1),
            )

    def _refusal(self, method: str, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        if not self._neighbourhood.serves(host):
            return answer_to(ForbiddenOrigin(f"This server does not answer to the name “{host[:100]}”."))
        if method not in SAFE_METHODS and not is_same_site(headers):
            sentence = "Another web page asked for this change; only this server's own page may."
            return answer_to(ForbiddenOrigin(sentence))
        if "content-length" in headers and "transfer-encoding" in headers:
            # A proxy that believes the other of the two sees another request begin (RFC 9112, section 6.1).
            sentence = "The request says in two ways how long its body is."
            return problem("bad_request", sentence, headers={"Connection": "close"})
        return None


def _dress(headers: MutableHeaders, request_id: str, path: str) -> None:
    headers["X-Request-Id"] = request_id
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", BARE_CSP)
    if path.startswith("/api/"):
        headers.setdefault("Cache-Control", "no-store")


def _request_id(given: str | None) -> str:
    return given if given and REQUEST_ID.fullmatch(given) else f"req_{secrets.token_hex(8)}"


def _hostname(url: str) -> str | None:
    try:
        return (urlsplit(url).hostname or "").rstrip(".") or None
    except ValueError:
        return None


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _own_names() -> Iterable[str]:
    return {socket.gethostname().lower()}
