"""When there is no room or nobody answers, uploads are refused with a code and a time to come back."""

from collections.abc import AsyncIterable
from typing import Any

import pytest

from datapilot.api.callers import KeyRules
from datapilot.contracts.errors import QueueUnavailable, StorageFull, StorageUnavailable
from datapilot.contracts.job import Job, JobRequest
from datapilot.jobs.base import JobStats
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.memory import MemoryStorage

CSV = {"file": ("sales.csv", b"region,revenue\nnorth,10\n")}


class FullStore(MemoryStorage):
    """A store without room."""

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int | None = None) -> int:
        raise StorageFull("The file store has no room left.")


class SilentStore(MemoryStorage):
    """A store that does not answer."""

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int | None = None) -> int:
        raise StorageUnavailable("The file store does not answer.")


class FullQueue(MemoryJobs):
    """A queue whose server's disk is full."""

    async def submit(self, job_id: str, *, filename: str, request: JobRequest) -> Job:
        raise StorageFull("The queue's disk is full.")


class NoQueue(MemoryJobs):
    """A queue whose server is gone."""

    async def stats(self) -> JobStats:
        raise QueueUnavailable("The queue does not answer.")


@pytest.mark.parametrize(
    ("tools", "status", "code"),
    [
        pytest.param({"storage": FullStore}, 507, "storage_full", id="the store is full"),
        pytest.param({"storage": SilentStore}, 503, "storage_unavailable", id="the store is silent"),
        pytest.param({"jobs": FullQueue}, 507, "storage_full", id="the queue's disk is full"),
        pytest.param({"jobs": NoQueue}, 503, "queue_unavailable", id="the queue is gone"),
    ],
)
async def test_upload_that_cannot_be_kept_is_refused_with_a_time_to_come_back(
    open_house: Any, tools: dict[str, Any], status: int, code: str
) -> None:
    """Nothing is accepted that could be lost, and nothing of it stays behind."""
    async with open_house(**{name: kind() for name, kind in tools.items()}) as house:
        answer = await house.client.post("/api/upload", files=CSV)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert int(answer.headers["retry-after"]) > 0
        assert [stored async for stored in house.storage.list()] == []


async def test_full_queue_takes_no_more_until_a_job_was_begun(open_house: Any) -> None:
    """As many jobs wait as the setting allows; the next is refused, and taken once one has left."""
    async with open_house(key_rules=KeyRules(waiting_jobs=2)) as house:
        first = (await house.client.post("/api/upload", files=CSV)).json()["jobId"]
        await house.client.post("/api/upload", files=CSV)

        refused = await house.client.post("/api/upload", files=CSV)
        sample = await house.client.post("/api/upload", json={"sample": "sales_demo.csv"})
        await house.start(first)
        taken = await house.client.post("/api/upload", files=CSV)

        assert (refused.status_code, refused.json()["code"]) == (503, "queue_full")
        assert sample.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert taken.status_code == 202


async def test_large_upload_to_a_full_queue_still_hears_the_answer(open_house: Any) -> None:
    """A client that sends before it reads gets the 503, not a broken connection."""
    async with open_house(key_rules=KeyRules(waiting_jobs=1)) as house:
        await house.client.post("/api/upload", files=CSV)

        refused = await house.client.post("/api/upload", files={"file": ("big.csv", b"x" * 190_000)})

        assert (refused.status_code, refused.json()["code"]) == (503, "queue_full")
