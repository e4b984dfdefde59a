"""A real server on a free port of loopback, with the in-memory doors behind it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from tests.waiting import until as wait_until

from datapilot.actions.submit_dataset import UploadRules
from datapilot.api.app import create_app
from datapilot.api.serve import bind
from datapilot.api.tools import Tools
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.keys import result_key
from datapilot.storage.memory import MemoryStorage

MAX_BYTES = 200_000
CSV = b"region,revenue\nnorth,10\nsouth,20\n"


@dataclass
class House:
    """A running server and everything a test may want to look at."""

    client: httpx.AsyncClient
    jobs: MemoryJobs
    storage: MemoryStorage
    tools: Tools
    host: str
    port: int

    async def upload(self, content: bytes = CSV, name: str = "sales.csv", **fields: str) -> str:
        """Upload a file and return its job's id."""
        answer = await self.client.post("/api/upload", files={"file": (name, content)}, data=fields)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["jobId"])

    async def start(self, job_id: str) -> None:
        """Begin the job as a worker would."""
        await self.jobs.start(job_id, worker="test", max_attempts=5)

    async def complete(self, job_id: str, report: bytes = b"{}") -> None:
        """Do the job as a worker would, with this report as its result."""
        await self.start(job_id)
        await self.complete_running(job_id, report)

    async def complete_running(self, job_id: str, report: bytes = b"{}") -> None:
        """End a job that was begun."""
        await self.storage.put_bytes(result_key(job_id), report)
        attempt = (await self.jobs.get(job_id)).attempt
        await self.jobs.finish(job_id, attempt, status="completed", result_url=f"/api/result?jobId={job_id}")

    async def fail(self, job_id: str, error: str = "not_a_table", message: str = "The file holds no table.") -> None:
        """End the job as a worker would that could not read the file."""
        await self.start(job_id)
        attempt = (await self.jobs.get(job_id)).attempt
        await self.jobs.finish(job_id, attempt, status="failed", error=error, message=message)

    async def raw(self, request: bytes, *, patience_s: float = 30.0) -> bytes:
        """Send these very bytes and return all that comes back until the server closes or falls silent."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.write(request)
        collected = bytearray()
        try:
            async with asyncio.timeout(patience_s):
                await writer.drain()
                while chunk := await reader.read(65536):
                    collected += chunk
                    head, _, body = collected.partition(b"\r\n\r\n")
                    if _complete(bytes(head), bytes(body)):
                        break
        except (TimeoutError, ConnectionError):
            pass
        writer.close()
        return bytes(collected)


def _complete(head: bytes, body: bytes) -> bool:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line.partition(b":")[2])
    return False


OpenHouse = Callable[..., AbstractAsyncContextManager[House]]


@pytest.fixture
def open_house(tmp_path: Path) -> OpenHouse:
    """Open a house with other tools than the usual ones."""

    @asynccontextmanager
    async def opened(**changes: Any) -> AsyncIterator[House]:
        usual: dict[str, Any] = {
            "queue": changes.pop("jobs", None) or MemoryJobs(),
            "storage": MemoryStorage(),
            "scratch": tmp_path / "scratch",
            "rules": UploadRules(max_bytes=MAX_BYTES, timeout_s=600),
            "web_root": tmp_path / "no-web",
        }
        tools = Tools(**(usual | changes))
        with bind("127.0.0.1", 0) as listener:
            port = listener.getsockname()[1]
            config = uvicorn.Config(
                create_app(tools), log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
            )
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            await wait_until(lambda: server.started)
            # There is no TLS here, and loading its certificates is half the time of a short test.
            async with httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60, verify=False
            ) as client:
                yield House(client, tools.queue, tools.storage, tools, "127.0.0.1", port)  # type: ignore[arg-type]
            server.should_exit = True
            await serving

    return opened


@pytest.fixture
async def house(open_house: OpenHouse) -> AsyncIterator[House]:
    """A house with the usual tools."""
    async with open_house() as opened:
        yield opened


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Wait until something is so, for at most a minute."""
    return wait_until
