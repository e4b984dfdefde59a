"""Answer HEAD wherever GET is answered, with the same head: monitors and download tools ask so before, or instead."""

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True)
class Heads:
    """ASGI middleware. What is behind it sees a GET whose client leaves as soon as it has the head."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        told = asyncio.Event()

        async def leave() -> Message:
            await told.wait()  # live events would go on until the job has ended
            return {"type": "http.disconnect"}

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body"})
                told.set()

        await self.app({**scope, "method": "GET"}, leave, send_head)
