"""The worker's own port: `/health` says whether it could work now, `/metrics` what this process has done.

So little is asked here that no web framework is loaded for it: a GET, its path, one answer, closed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

from datapilot.contracts.health import HealthReport
from datapilot.telemetry.logs import get_logger
from datapilot.telemetry.metrics import CONTENT_TYPE, Meter, exposition

ASK_WITHIN_S = 5.0
LONGEST_REQUEST_BYTES = 16 * 1024

log = get_logger("worker")

AskHealth = Callable[[], Awaitable[HealthReport]]
Answer = tuple[HTTPStatus, str, bytes]


@asynccontextmanager
async def health_port(host: str, port: int, *, health: AskHealth, meter: Meter) -> AsyncIterator[int]:
    """Serve while the block runs, and offer the port; 0 where there is none, because `port` is 0 or is taken."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(ASK_WITHIN_S):
                asked = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, target, *_ = asked.split(" ", 2)
                status, kind, body = await _answer(method, target.partition("?")[0], health, meter)
                head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\n"
                head += f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
                writer.write(head.encode() + (b"" if method == "HEAD" else body))
                await writer.drain()
        writer.close()

    server = None
    if port:
        try:
            server = await asyncio.start_server(serve, host, port, limit=LONGEST_REQUEST_BYTES)
        except OSError as taken:
            log.warning("no health port: it cannot be bound", host=host, port=port, reason=taken.strerror)
    if server is None:
        yield 0
        return
    async with server:
        yield int(server.sockets[0].getsockname()[1])


async def _answer(method: str, path: str, health: AskHealth, meter: Meter) -> Answer:
    if method not in {"GET", "HEAD"}:
        return HTTPStatus.METHOD_NOT_ALLOWED, "text/plain", b"only GET is answered\n"
    if path == "/metrics":
        return HTTPStatus.OK, CONTENT_TYPE, exposition(meter.own, {})
    if path in {"/", "/health", "/api/health"}:
        report = await health()
        status = HTTPStatus.SERVICE_UNAVAILABLE if report.status == "down" else HTTPStatus.OK
        return status, "application/json", report.model_dump_json().encode()
    return HTTPStatus.NOT_FOUND, "text/plain", b"/health and /metrics are served here\n"
