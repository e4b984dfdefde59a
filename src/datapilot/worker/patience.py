"""Wait for a store that does not answer, as long as that may help an attempt. Knows no store and no child.

A store makes its few tries within seconds. If these were all, an outage of a minute would fail every job that waits,
one after the other, as fast as workers can take them. A worker that waits takes no more jobs meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from datapilot.contracts.errors import StorageUnavailable
from datapilot.jobs import lifecycle
from datapilot.jobs.base import Attempt
from datapilot.telemetry.logs import get_logger

TO_TELL_S = 5.0  # kept back of a job's time, so that it can still be said what was waited for

log = get_logger("worker")

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Patience:
    """How many seconds an attempt waits for the store to give its file and to take its result, and between two tries;
    how long it stays with a worker that has no room, and at the how manieth attempt that is the job's end."""

    read_s: float = 120.0  # nothing has been done yet, and other jobs would fare no better
    save_s: float = 30.0
    look_s: float = 2.0
    room_s: float = 10.0
    room_tries: int = 5


async def patiently(
    ask: Callable[[], Awaitable[Answer]], *, attempt: Attempt, within_s: float, look_s: float
) -> Answer:
    """Return what `ask` returns, which is asked again while the store does not answer. Raises StorageUnavailable once
    that has lasted `within_s`, the job's time is nearly over, or the attempt must end."""
    left_s = lifecycle.seconds_until(attempt.job.timeout_at) - TO_TELL_S
    give_up = asyncio.get_running_loop().time() + min(within_s, left_s)
    is_told = False
    while True:
        try:
            return await ask()
        except StorageUnavailable:
            if attempt.ended.done() or asyncio.get_running_loop().time() >= give_up:
                raise
            if not is_told:
                log.warning("the file store does not answer; the attempt waits for it", within_s=within_s)
                is_told = True
        await asyncio.wait([attempt.ended], timeout=look_s)
