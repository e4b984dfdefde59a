"""Real servers for the tests of the queue: the embedded one, and a Redis of this machine where there is one."""

import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import redis

from datapilot.jobs.docket import DocketJobs
from datapilot.jobs.embedded import attach
from datapilot.jobs.memory import MemoryJobs

SERVERS = ["valkey", "redis"]


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Return a function from a server's kind to its URL; each is started once and ends with the session."""
    urls: dict[str, str] = {}
    with_ends: list[Callable[[], None]] = []

    def start(kind: str) -> str:
        if kind not in urls:
            folder = tmp_path_factory.mktemp(kind)
            urls[kind], end = (_embedded if kind == "valkey" else _redis)(folder)
            with_ends.append(end)
        return urls[kind]

    yield start
    for end in with_ends:
        end()


def _embedded(folder: Path) -> tuple[str, Callable[[], None]]:
    server = attach(folder)
    return server.url, server.close


def _answers(socket_path: Path) -> bool:
    """True once the server accepts connections: its socket is there a moment before that."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(socket_path))
        except OSError:
            return False
    return True


def _redis(folder: Path) -> tuple[str, Callable[[], None]]:
    program = shutil.which("redis-server")
    assert program, "no redis-server: sudo apt-get install -y redis-server"
    socket_path = folder / "r.sock"
    server = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", str(socket_path), "--dir", str(folder), "--appendonly", "yes"],
        stdout=subprocess.DEVNULL,
    )
    while not _answers(socket_path):
        time.sleep(0.01)

    def end() -> None:
        server.terminate()
        server.wait()

    return f"unix://{socket_path}", end


@pytest.fixture
def server_url(start_server: Callable[[str], str]) -> str:
    """An empty embedded server."""
    return emptied(start_server("valkey"))


def emptied(url: str) -> str:
    """Return the URL of a server after everything in it was removed."""
    with redis.Redis.from_url(url) as client:
        client.flushall()
    return url


@pytest.fixture(params=["memory", *SERVERS])
async def jobs(
    request: pytest.FixtureRequest, start_server: Callable[[str], str]
) -> AsyncIterator[MemoryJobs | DocketJobs]:
    """Each kind of queue, empty."""
    queue = MemoryJobs() if request.param == "memory" else DocketJobs(emptied(start_server(request.param)))
    async with queue:
        yield queue
