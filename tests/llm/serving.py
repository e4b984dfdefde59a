"""Run an ASGI app on a real socket of loopback for the length of a test."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from datapilot.llm.scripted_server import Fault, ScriptedServer


@asynccontextmanager
async def serve(app: Any) -> AsyncIterator[str]:
    """Offer the app's base address; the port is a free one."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="critical", lifespan="off", access_log=False, timeout_graceful_shutdown=0)
    )
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        # The socket listens already: whoever connects before the server is up waits in its queue.
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        await task
        listening.close()


class Provider:
    """A scripted provider in a thread of its own, for tests without a loop; `serve` sets its faults from now on."""

    def __init__(self, *, key: str | None = None, slow_s: float = 3600.0) -> None:
        self.app = ScriptedServer(key=key, slow_s=slow_s)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.server = uvicorn.Server(
            uvicorn.Config(self.app, log_config=None, lifespan="off", access_log=False, timeout_graceful_shutdown=0)
        )
        self.thread = threading.Thread(target=lambda: self.server.run(sockets=[self.listening]))
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}/v1"

    def serve(self, *faults: Fault) -> None:
        self.app.faults = list(faults)
        self.app.bodies.clear()

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.listening.close()
