"""Whether a job could run now."""

import pytest

from datapilot.actions.check_health import check_health, overall
from datapilot.contracts.errors import QueueUnavailable, StorageUnavailable
from datapilot.contracts.health import State
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.memory import MemoryStorage


@pytest.mark.spec("G3")
@pytest.mark.parametrize(
    ("queue", "storage", "worker", "whole"),
    [
        ("ok", "ok", "ok", "ok"),
        ("ok", "ok", "degraded", "degraded"),
        ("ok", "ok", "down", "degraded"),
        ("down", "ok", "ok", "down"),
        ("ok", "down", "ok", "down"),
        ("down", "down", "down", "down"),
    ],
)
def test_whole_is_down_only_when_no_job_can_be_accepted(
    queue: State, storage: State, worker: State, whole: State
) -> None:
    """A missing worker makes jobs wait; a missing queue or store refuses them."""
    assert overall(queue=queue, storage=storage, worker=worker) == whole


async def test_fresh_heartbeat_is_a_worker() -> None:
    """A worker that has just given a sign of life is ok."""
    jobs = MemoryJobs()
    await jobs.beat()

    health = await check_health(jobs=jobs, storage=MemoryStorage(), worker_max_age_s=60)

    assert (health.components.worker.status, health.status) == ("ok", "ok")
    assert health.components.worker.details["lastHeartbeat"] is not None


async def test_queue_that_is_down_is_not_asked_for_heartbeats() -> None:
    """The answer comes though the heartbeat cannot be had."""

    class Broken(MemoryJobs):
        async def ping(self) -> None:
            raise QueueUnavailable("gone")

        async def last_heartbeat(self) -> None:
            raise AssertionError("asked a queue that is down")

    health = await check_health(jobs=Broken(), storage=MemoryStorage(), worker_max_age_s=60)

    assert (health.components.redis.status, health.components.worker.status, health.status) == ("down", "down", "down")


@pytest.mark.spec("G3")
async def test_without_a_queue_nothing_can_run() -> None:
    """Where no queue was found, it is down, and so are its workers; the store is asked all the same."""
    health = await check_health(jobs=None, storage=MemoryStorage(), worker_max_age_s=60)

    parts = health.components
    assert (health.status, parts.redis.status, parts.worker.status, parts.blob.status) == ("down", "down", "down", "ok")


@pytest.mark.spec("G3")
async def test_part_that_is_down_says_why() -> None:
    """A wrong key and a network that is away look alike from outside; the details tell them apart."""

    class Refused(MemoryStorage):
        async def check(self) -> None:
            raise StorageUnavailable("The file store refuses this server. Check BLOB_KEY.")

    health = await check_health(jobs=None, storage=Refused(), worker_max_age_s=60)

    assert health.components.blob.details == {"says": "The file store refuses this server. Check BLOB_KEY."}
    assert health.components.redis.details == {"says": "no queue was found"}
