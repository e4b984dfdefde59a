"""A job that a person wants gone is gone at once, with everything kept of it, and nothing else is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.actions.test_delete_expired import STORES, PastJobs, files_of, keys

from datapilot.access.memory import MemoryAccess
from datapilot.actions.delete_job import delete_job
from datapilot.contracts.errors import JobRunning, StorageUnavailable, UnknownJob
from datapilot.storage.base import Storage
from datapilot.storage.keys import version_key
from datapilot.storage.memory import MemoryStorage

JOB, OTHER = "job_1", "job_10"


async def kept(storage: Storage, jobs: PastJobs, job_id: str, status: str = "completed") -> None:
    """Keep a job with every file that there may be of one, and three earlier results."""
    jobs.add(job_id, hours_ago=1, status=status)
    for key in (*files_of(job_id), version_key(job_id, 2), version_key(job_id, 3)):
        await storage.put_bytes(key, b"x")
    await storage.delete(version_key(job_id, 12))  # retention's tests have a gap there, which no job has


@pytest.mark.spec("F1")
@pytest.mark.parametrize("store", STORES.values(), ids=STORES)
async def test_everything_of_the_job_goes_and_nothing_of_another(
    store: Callable[[Path], Storage], tmp_path: Path
) -> None:
    """Upload, results, versions, ledger, record and links, also where another's id begins alike."""
    storage, jobs, access = store(tmp_path), PastJobs(), MemoryAccess()
    for job_id in (JOB, OTHER):
        await kept(storage, jobs, job_id)
    token = await access.share(JOB)

    await delete_job(JOB, jobs=jobs, storage=storage, access=access)

    assert await keys(storage) == {*files_of(OTHER), *(version_key(OTHER, n) for n in (2, 3))} - {
        version_key(OTHER, 12)
    }
    assert not await access.is_shared(JOB, token)
    assert await jobs.get(OTHER)
    with pytest.raises(UnknownJob):
        await delete_job(JOB, jobs=jobs, storage=storage, access=access)


@pytest.mark.parametrize("status", ["submitted", "processing"])
async def test_living_job_is_left_alone(status: str) -> None:
    """Its files are being worked on; the sentence says what to do first."""
    storage, jobs = MemoryStorage(), PastJobs()
    await kept(storage, jobs, JOB, status)
    before = await keys(storage)

    with pytest.raises(JobRunning, match="cancel it"):
        await delete_job(JOB, jobs=jobs, storage=storage, access=None)

    assert await keys(storage) == before


class Failing(MemoryStorage):
    """A store that goes down after so many deletions, and is back when told."""

    deletions_left = 0

    async def delete(self, key: str) -> None:
        if self.deletions_left <= 0:
            raise StorageUnavailable("down")
        self.deletions_left -= 1
        await super().delete(key)


@pytest.mark.parametrize("deletions", [0, 1, 6, 7, 8])
async def test_deletion_that_broke_off_is_asked_for_again(deletions: int) -> None:
    """The job is still listed then, and the second time nothing stays, wherever the first one ended."""
    storage, jobs = Failing(), PastJobs()
    storage.deletions_left = 10
    await kept(storage, jobs, JOB)
    storage.deletions_left = deletions

    with pytest.raises(StorageUnavailable):
        await delete_job(JOB, jobs=jobs, storage=storage, access=None)
    assert await jobs.get(JOB)

    storage.deletions_left = 100
    await delete_job(JOB, jobs=jobs, storage=storage, access=None)
    assert await keys(storage) == set()
