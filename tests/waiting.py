"""Waiting for what gives no event."""

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool], within_s: float = 60) -> None:
    """Return once the condition holds, which another task or process brings about. Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - a plain condition, without an event of its own
            await asyncio.sleep(0.005)
