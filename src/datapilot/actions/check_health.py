"""Say whether a job could run now: the queue, the store and a worker, each on its own and all together."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from datapilot.contracts.errors import Unavailable
from datapilot.jobs.base import Jobs
from datapilot.storage.base import Storage

State = Literal["ok", "degraded", "down"]

PATIENCE_SECONDS = 3.0  # health probes give up after a few seconds themselves


@dataclass(frozen=True)
class Health:
    """The state of each part. `last_heartbeat` is None when no worker was ever seen, or the queue cannot tell."""

    queue: State
    storage: State
    worker: State
    last_heartbeat: datetime | None

    @property
    def status(self) -> State:
        """Return `down` when no job can be accepted, `degraded` when it would wait."""
        if "down" in {self.queue, self.storage}:
            return "down"
        return "ok" if self.worker == "ok" else "degraded"


async def check_health(
    *, jobs: Jobs, storage: Storage, worker_max_age_s: float, patience_s: float = PATIENCE_SECONDS
) -> Health:
    """Return the state of all parts, asked at the same time; a part that does not answer in time is down."""
    queue, store = await asyncio.gather(_asked(jobs.ping, patience_s), _asked(storage.check, patience_s))
    last = await jobs.last_heartbeat() if queue == "ok" else None
    is_fresh = last is not None and datetime.now(UTC) - last <= timedelta(seconds=worker_max_age_s)
    # Without a worker jobs are accepted and wait; they are not lost.
    worker: State = "ok" if is_fresh else "degraded" if last is not None else "down"
    return Health(queue=queue, storage=store, worker=worker, last_heartbeat=last)


async def _asked(question: Callable[[], Awaitable[None]], patience_s: float) -> State:
    try:
        async with asyncio.timeout(patience_s):
            await question()
    except (Unavailable, TimeoutError):
        return "down"
    return "ok"
