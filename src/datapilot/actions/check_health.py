"""Say whether a job could run now: the queue, the store and a worker, each on its own and all together."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from datapilot.contracts.errors import Unavailable
from datapilot.contracts.health import ComponentHealth, ComponentsHealth, HealthReport, State
from datapilot.jobs.base import Jobs
from datapilot.storage.base import Storage

PATIENCE_SECONDS = 3.0  # health probes give up after a few seconds themselves


async def check_health(
    *, jobs: Jobs | None, storage: Storage | None, worker_max_age_s: float, patience_s: float = PATIENCE_SECONDS
) -> HealthReport:
    """Return the state of all parts, asked at the same time; a part that does not answer in time is down.

    `jobs` is None where no queue was found, `storage` where no store was made yet: each is then down. The details of
    what is down say why; the worker's `lastHeartbeat` is None when none was ever seen, or the queue cannot tell.
    """
    queue, store = await asyncio.gather(
        asked("queue", jobs.ping if jobs else None, patience_s),
        asked("store", storage.check if storage else None, patience_s),
    )
    last = await jobs.last_heartbeat() if jobs and queue.status == "ok" else None
    is_fresh = last is not None and datetime.now(UTC) - last <= timedelta(seconds=worker_max_age_s)
    worker: State = "ok" if is_fresh else "degraded" if last is not None else "down"
    return HealthReport(
        status=overall(queue=queue.status, storage=store.status, worker=worker),
        components=ComponentsHealth(
            redis=queue,
            blob=store,
            worker=ComponentHealth(status=worker, details={"lastHeartbeat": last.isoformat() if last else None}),
        ),
    )


def overall(*, queue: State, storage: State, worker: State) -> State:
    """Return `down` when no job can be accepted; without a worker jobs are accepted and wait: `degraded`."""
    if "down" in {queue, storage}:
        return "down"
    return "ok" if worker == "ok" else "degraded"


async def asked(part: str, question: Callable[[], Awaitable[None]] | None, patience_s: float) -> ComponentHealth:
    """Return the state of one part, with the reason when it is down; `question` is None where it was not found."""
    if question is None:
        return ComponentHealth(status="down", details={"says": f"no {part} was found"})
    try:
        async with asyncio.timeout(patience_s):
            await question()
    except (Unavailable, TimeoutError) as error:
        return ComponentHealth(status="down", details={"says": str(error) or f"the {part} does not answer"})
    return ComponentHealth(status="ok")
