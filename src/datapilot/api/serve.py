"""Run the application on a socket until told to stop. Prints nothing: whoever starts it hears when it is ready."""

import asyncio
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from functools import partial
from pathlib import Path

import structlog
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from datapilot.actions.fetch_file_url import DOWNLOAD_RETRY, guarded_client
from datapilot.actions.submit_dataset import UploadRules
from datapilot.api.app import create_app
from datapilot.api.callers import KeyRules
from datapilot.api.guard import Neighbourhood, is_loopback
from datapilot.api.tools import Tools
from datapilot.contracts.errors import InvalidSettings
from datapilot.forked import children
from datapilot.jobs.scratch import own_folder, socket_folder
from datapilot.settings import Settings
from datapilot.wiring import Doors, open_doors

GRACE_SECONDS = 3  # open event streams end with the server; uploads in flight get this long
READINGS = "readings"  # beside the folders of workers, who look at their own alone
BACKLOG = 2048
HEAD_WITHIN_S = 20.0  # a request's head is one packet or two; who needs longer keeps a place occupied
TAKEN_WITHIN_S = 120.0  # 48 KB wait for a client that does not read on: 400 bytes a second are enough
MOST_FILES = 65_536  # connections and files open at once, where the system allows so many; the usual limit is 1,024

Ready = Callable[[str], None]

log = structlog.get_logger("api")


def serve_api(
    settings: Settings, host: str, port: int, *, listener: int | None = None, ready: Ready | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, then return. `ready` hears the address once requests are answered; port 0 means
    any free one. `listener` is the descriptor of a socket that already listens on host and port.

    Raises InvalidSettings when the address cannot be bound, Unavailable when a door does not open.
    """
    bound = bind(host, port) if listener is None else socket.socket(fileno=listener)
    _allow_many_files()
    with bound, _signals_left_to_the_server():
        asyncio.run(_serve(settings, host, bound, ready))


def asks_for_keys(settings: Settings, host: str) -> bool:
    """Return whether callers need an API key: where others can reach the server, unless that was said to be meant."""
    return settings.auth == "on" or (settings.auth == "auto" and not is_loopback(host))


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises InvalidSettings when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches the 40 ms of Nagle's algorithm off only where the protocol is named.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host.strip("[]"), port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as refused:
        listener.close()
        reason = refused.strerror if isinstance(refused, OSError) else "no such port"
        raise InvalidSettings(
            f"Port {port} on {host} cannot be used ({reason}). Stop what listens there or choose another with --port."
        ) from None
    return listener


def tools_from(settings: Settings, doors: Doors, host: str, scratch: Path) -> Tools:
    """Return what the application works with, as the settings have it; its own files lie in `scratch`."""
    return Tools(
        queue=doors.jobs,
        storage=doors.storage,
        feedback=doors.feedback,
        access=doors.access if asks_for_keys(settings, host) else None,
        key_rules=KeyRules(
            requests_per_minute=settings.key_requests_per_minute,
            bytes_per_day=settings.key_bytes_per_day,
            waiting_jobs=settings.queue_max_waiting,
        ),
        scratch=scratch,
        rules=UploadRules(
            max_bytes=settings.max_upload_size_bytes,
            timeout_s=settings.job_timeout_seconds,
            faults_allowed=settings.smoke_faults,
        ),
        limits=doors.limits,
        neighbourhood=Neighbourhood(bound=host, allowed=frozenset(settings.allowed_hosts)),
        file_url_enabled=settings.file_url_enabled,
        web_client=partial(guarded_client, frozenset(settings.file_url_hosts)),
        download_retry=settings.retry(DOWNLOAD_RETRY.attempts),
        client_max_wait_s=settings.client_max_wait_seconds,
        kept_hours=settings.kept_hours,
        worker_max_age_s=settings.health_worker_max_age_seconds,
        meter=doors.meter,
        report_metrics=doors.report_metrics,
        audit_path=settings.cleaner_audit_blob_path,
        cleaner_ran_after=settings.cleaner_ran_after,
    )


async def _serve(settings: Settings, host: str, listener: socket.socket, ready: Ready | None) -> None:
    for sentence in settings.warnings:
        log.warning(sentence)
    async with AsyncExitStack() as stack:
        doors = await stack.enter_async_context(open_doors(settings))
        scratch = stack.enter_context(_own_children(settings.scratch_dir / READINGS))
        if asks_for_keys(settings, host) and not [key for key in await doors.access.keys() if not key.revoked_at]:
            log.warning("Nobody can use this server yet: make a key with `datapilot keys create NAME`.")
        config = uvicorn.Config(
            create_app(tools_from(settings, doors, host, scratch)),
            http=ImpatientProtocol,
            log_config=None,
            log_level="warning",  # its own start and stop are ours to tell
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        await _Server(config, ready=ready, address=_address(host, listener)).serve(sockets=[listener])


@contextmanager
def _own_children(scratch: Path) -> Iterator[Path]:
    """Offer a folder of this server, in which its children read. What they are forked from starts when a result is
    fetched or figures are asked for: 100 MiB that a server nobody asks does without. All are gone at the end."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(own_folder(scratch))
            children.keep_spare(socket_folder(folder))
        except OSError as refused:  # results can be had all the same
            log.warning("no room for what reads tables", reason=refused.strerror)
            folder = scratch
        stack.callback(children.keep_no_spare)
        yield folder


@contextmanager
def _signals_left_to_the_server() -> Iterator[None]:
    """uvicorn ends by raising once more the signal that stopped it. It must not kill us then: we exit with 0."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _allow_many_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY:
        most = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


class ImpatientProtocol(H11Protocol):
    """HTTP that closes a connection on which no whole head of a request arrives in time, or whose client does not take
    the answer. uvicorn waits for both for ever."""

    head_within_s = HEAD_WITHIN_S
    taken_within_s = TAKEN_WITHIN_S
    _overdue: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._keep_time()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._keep_time()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for timer in (self._overdue, self._stuck):
            if timer is not None:
                timer.cancel()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.call_later(self.taken_within_s, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stuck is not None:
            self._stuck.cancel()

    def _keep_time(self) -> None:
        """Let the clock run while a head is awaited, from its first byte or the connection's start."""
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if self._overdue is not None and is_answering:
            self._overdue.cancel()
            self._overdue = None
        elif self._overdue is None and not is_answering:
            self._overdue = self.loop.call_later(self.head_within_s, self.transport.close)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, ready: Ready | None, address: str) -> None:
        super().__init__(config)
        self._ready = ready
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._ready is not None:
            self._ready(self._address)


def _address(host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    # A wildcard is no address that one can open.
    name = "localhost" if set(host) <= set("0.:") else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"
