"""Retention: what is due goes, with everything kept of it, and nothing else ever does."""

import asyncio
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from obstore.store import MemoryStore
from tests.storage.conftest import s3_server  # noqa: F401  # a fixture of theirs
from tests.storage.seaweed import emptied

from datapilot.access.memory import MemoryAccess
from datapilot.actions.delete_expired import RetentionRules, delete_expired, find_due, owner_of
from datapilot.contracts.errors import QueueUnavailable, StorageUnavailable
from datapilot.contracts.job import Job, JobRequest
from datapilot.contracts.retention import CleanerRun
from datapilot.jobs.base import KeptRecord
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.base import Storage, Stored
from datapilot.storage.local import local_storage
from datapilot.storage.memory import MemoryStorage
from datapilot.storage.s3 import RemoteStorage

NOW = datetime.now(UTC)
DAY = timedelta(hours=24)
AUDITS = "maintenance/cleaner_runs/"
REAL = RetentionRules(ttl=DAY, dry_run=False, max_deletions=100_000)

STORES: dict[str, Callable[[Path], Storage]] = {
    "memory": lambda folder: MemoryStorage(),
    "local folder": lambda folder: local_storage(folder / "store"),
    "local folder, results elsewhere": lambda folder: local_storage(folder / "store", results_root=folder / "out"),
    "object store": lambda folder: RemoteStorage(MemoryStore()),
}


class PastJobs(MemoryJobs):
    """A queue whose jobs were changed at a time of the test's choice."""

    def add(self, job_id: str, *, hours_ago: float, status: str = "completed") -> None:
        """Keep the record of a job that was last changed then."""
        moment = (NOW - timedelta(hours=hours_ago)).isoformat(timespec="milliseconds")
        self._requests[job_id] = JobRequest(upload_key=f"uploads/{job_id}/source.csv", bytes=1, timeout_s=60)
        self._jobs[job_id] = Job.model_validate(
            {
                "jobId": job_id,
                "status": status,
                "createdAt": moment,
                "updatedAt": moment,
                "timeoutAt": (NOW + DAY).isoformat(timespec="milliseconds"),
                "filename": "sales.csv",
            }
        )


def files_of(job_id: str) -> list[str]:
    """Return the keys of everything that may be kept of a job."""
    return [
        f"uploads/{job_id}/source.csv",
        f"results/{job_id}.json",
        f"results/{job_id}.v1.json",
        f"results/{job_id}.v12.json",
        f"results/{job_id}_error.json",
        f"results/{job_id}_outbound.json",
        f"results/{job_id}_rules.json",
        f"results/{job_id}_columns.jsonl",
    ]


async def keys(storage: Storage, prefix: str = "") -> set[str]:
    """Return the keys a listing shows."""
    return {stored.key async for stored in storage.list(prefix)}


@pytest.fixture(params=list(STORES))
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """One store of each kind, empty; a real bucket where the test asks for it."""
    if request.param == "bucket":
        return emptied(request.getfixturevalue("s3_server"))
    return STORES[request.param](tmp_path)


async def filled(storage: Storage, jobs: PastJobs, ages: dict[str, float]) -> None:
    """Keep a job with all its files for each age in hours."""
    for job_id, hours_ago in ages.items():
        jobs.add(job_id, hours_ago=hours_ago)
        for key in files_of(job_id):
            await storage.put_bytes(key, b"{}")


@pytest.mark.spec("F1", "F2")
async def test_old_jobs_go_with_everything_and_young_ones_stay(storage: Storage) -> None:
    """Upload, result, its earlier versions, error report, ledger and record: all of the old job, none of the young."""
    jobs = PastJobs()
    await filled(storage, jobs, {"job_old": 25, "job_young": 23})

    run = await delete_expired(jobs=jobs, storage=storage, access=MemoryAccess(), rules=REAL)

    assert await keys(storage, "uploads/") | await keys(storage, "results/") == set(files_of("job_young"))
    assert [record.job_id async for record in jobs.kept()] == ["job_young"]
    assert (run.deleted_blobs, run.deleted_keys, run.skipped_reasons) == (8, 1, {"young": 9})
    assert (run.total_blobs_scanned, run.total_keys_scanned) == (16, 2)


@pytest.mark.spec("F1", "F2")
@pytest.mark.slow
@pytest.mark.parametrize("storage", ["memory", "local folder", "bucket"], indirect=True)
async def test_thousand_jobs_of_mixed_ages(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dry run takes nothing and says what is due; real runs take exactly that, a batch at a time, then nothing."""
    monkeypatch.setattr("os.fsync", lambda _: None)  # two thousand files, none of which a power cut may take
    jobs = PastJobs()
    for number in range(1000):
        job_id = f"job_{number:04}"
        jobs.add(job_id, hours_ago=number % 50)
        await asyncio.gather(
            storage.put_bytes(f"uploads/{job_id}/source.csv", b"a"), storage.put_bytes(f"results/{job_id}.json", b"{}")
        )
    old = {f"job_{number:04}" for number in range(1000) if number % 50 >= 24}
    rules = RetentionRules(ttl=DAY, dry_run=True, max_deletions=500)
    before = await keys(storage)

    told = await delete_expired(jobs=jobs, storage=storage, access=MemoryAccess(), rules=rules)
    after_dry_run = await keys(storage) - await keys(storage, AUDITS)
    real = RetentionRules(ttl=DAY, dry_run=False, max_deletions=500)
    runs = [await delete_expired(jobs=jobs, storage=storage, access=MemoryAccess(), rules=real) for _ in range(5)]

    assert after_dry_run == before
    assert (told.deleted_blobs, told.deleted_keys, told.due_blobs, told.due_keys) == (0, 0, 2 * len(old), len(old))
    assert [run.deleted_blobs + run.deleted_keys for run in runs] == [498, 498, 498, 66, 0]
    assert {record.job_id async for record in jobs.kept()} == {f"job_{number:04}" for number in range(1000)} - old
    left = await keys(storage, "uploads/") | await keys(storage, "results/")
    assert {owner_of(key) for key in left} == {f"job_{number:04}" for number in range(1000)} - old
    assert all(_adds_up(run) for run in [told, *runs])


def _adds_up(run: CleanerRun) -> bool:
    """Everything that was scanned was deleted, skipped, or could not be deleted."""
    scanned = run.total_blobs_scanned + run.total_keys_scanned
    return scanned == run.deleted_blobs + run.deleted_keys + run.skipped + len(run.errors)


@pytest.mark.spec("F1")
async def test_links_to_a_deleted_job_end_with_it() -> None:
    """A share of an old job leads nowhere once the job is gone; that of a young one goes on."""
    storage, jobs, access = MemoryStorage(), PastJobs(), MemoryAccess()
    await filled(storage, jobs, {"job_old": 25, "job_young": 1})
    tokens = {job_id: await access.share(job_id) for job_id in ("job_old", "job_young")}

    await delete_expired(jobs=jobs, storage=storage, access=access, rules=REAL)

    assert not await access.is_shared("job_old", tokens["job_old"])
    assert await access.is_shared("job_young", tokens["job_young"])


@pytest.mark.spec("F2")
async def test_one_undeletable_item_does_not_stop_the_rest() -> None:
    """The blob that refuses is named in the run, everything else goes, and the next run takes it."""

    class Sticky(MemoryStorage):
        is_stuck = True

        async def delete(self, key: str) -> None:
            if self.is_stuck and key == "results/job_2.json":
                raise StorageUnavailable("held by a retention lock")
            await super().delete(key)

    storage, jobs = Sticky(), PastJobs()
    await filled(storage, jobs, {"job_1": 27, "job_2": 26, "job_3": 25})

    run = await delete_expired(jobs=jobs, storage=storage, access=MemoryAccess(), rules=REAL)
    storage.is_stuck = False
    again = await delete_expired(
        jobs=jobs, storage=storage, access=MemoryAccess(), rules=RetentionRules(ttl=timedelta(0), dry_run=False)
    )

    assert [error.item for error in run.errors] == ["results/job_2.json"]
    assert (run.deleted_blobs, run.deleted_keys) == (23, 3)
    assert _adds_up(run)
    assert (again.deleted_blobs, again.errors) == (1, ())
    assert await keys(storage) == await keys(storage, AUDITS)


@pytest.mark.spec("F2")
async def test_unforgettable_record_keeps_its_files() -> None:
    """Files go only after their record has: nobody is offered a result that is gone."""

    class Stuck(PastJobs):
        async def forget(self, job_id: str, *, unchanged_since: str | None = None) -> bool:
            if job_id == "job_2":
                raise QueueUnavailable("no answer")
            return await super().forget(job_id, unchanged_since=unchanged_since)

    storage, jobs = MemoryStorage(), Stuck()
    await filled(storage, jobs, {"job_1": 27, "job_2": 26, "job_3": 25})

    run = await delete_expired(jobs=jobs, storage=storage, access=MemoryAccess(), rules=REAL)

    assert [error.item for error in run.errors] == ["job:job_2"]
    assert await keys(storage, "results/") | await keys(storage, "uploads/") == set(files_of("job_2"))


@pytest.mark.spec("F2")
@pytest.mark.parametrize("status", ["submitted", "processing"])
async def test_living_job_is_never_touched(status: str) -> None:
    """However old its record is, a job that waits or runs keeps everything."""
    storage, jobs = MemoryStorage(), PastJobs()
    await filled(storage, jobs, {"job_1": 999})
    jobs.add("job_1", hours_ago=999, status=status)

    run = await delete_expired(jobs=jobs, storage=storage, access=MemoryAccess(), rules=REAL)

    assert (run.deleted_blobs, run.deleted_keys, run.skipped_reasons) == (0, 0, {"running": 9})
    assert await keys(storage, "results/") | await keys(storage, "uploads/") == set(files_of("job_1"))


@pytest.mark.spec("F2")
async def test_job_that_was_run_again_meanwhile_is_left_alone() -> None:
    """Between the look and the deletion its owner has asked for another reading: record and upload stay."""

    class RunAgain(PastJobs):
        async def forget(self, job_id: str, *, unchanged_since: str | None = None) -> bool:
            await self.resubmit(job_id, request=self._requests[job_id])
            return await super().forget(job_id, unchanged_since=unchanged_since)

    storage, jobs = MemoryStorage(), RunAgain()
    await filled(storage, jobs, {"job_1": 48})

    run = await delete_expired(jobs=jobs, storage=storage, access=MemoryAccess(), rules=REAL)

    assert (run.deleted_blobs, run.deleted_keys, run.errors) == (0, 0, ())
    assert run.skipped_reasons == {"changed": 9}
    assert (await jobs.get("job_1")).status == "submitted"


@pytest.mark.spec("F1")
async def test_orphaned_blobs_go_by_their_own_age(tmp_path: Path) -> None:
    """Files without a record are deleted once they are old themselves; an upload that has just come in is not."""
    import os

    storage = local_storage(tmp_path)
    for key in ("uploads/job_gone/source.csv", "results/job_gone.json", "uploads/job_new/source.csv"):
        await storage.put_bytes(key, b"a")
    for old in ("uploads/job_gone/source.csv", "results/job_gone.json"):
        os.utime(tmp_path / old, (0, (NOW - 2 * DAY).timestamp()))

    run = await delete_expired(jobs=PastJobs(), storage=storage, access=MemoryAccess(), rules=REAL)

    assert (run.deleted_blobs, run.deleted_keys) == (2, 0)
    assert await keys(storage, "uploads/") == {"uploads/job_new/source.csv"}


@pytest.mark.spec("F1")
async def test_half_written_uploads_are_swept(tmp_path: Path) -> None:
    """What a killed upload has left half-written goes when it is old, and is only counted in a dry run."""
    import os

    storage = local_storage(tmp_path)
    for name, hours_ago in (("old", 25), ("young", 1)):
        left = tmp_path / ".incoming" / name
        left.write_bytes(b"half")
        os.utime(left, (0, (NOW - timedelta(hours=hours_ago)).timestamp()))

    told = await delete_expired(jobs=PastJobs(), storage=storage, access=MemoryAccess(), rules=RetentionRules(ttl=DAY))
    still_there = {path.name for path in (tmp_path / ".incoming").iterdir()}
    done = await delete_expired(jobs=PastJobs(), storage=storage, access=MemoryAccess(), rules=REAL)

    assert (told.unfinished_uploads, still_there) == (1, {"old", "young"})
    assert done.unfinished_uploads == 1
    assert {path.name for path in (tmp_path / ".incoming").iterdir()} == {"young"}


@pytest.mark.spec("F3")
async def test_each_run_leaves_an_audit_file_that_says_what_it_did() -> None:
    """The file bears the published keys, and names what went."""
    storage, jobs = MemoryStorage(), PastJobs()
    await filled(storage, jobs, {"job_1": 25})

    run = await delete_expired(jobs=jobs, storage=storage, access=MemoryAccess(), rules=REAL)

    (audit,) = await keys(storage, AUDITS)
    told = json.loads(await storage.get(audit))
    assert re.fullmatch(rf"{AUDITS}cleaner_\d{{8}}T\d{{6}}\.\d{{6}}Z\.json", audit)
    assert told == json.loads(run.model_dump_json())
    assert {
        "runId", "startedAt", "completedAt", "dryRun", "ttlHours", "totalBlobsScanned", "deletedBlobs",
        "totalKeysScanned", "deletedKeys", "skipped", "errors",
    } <= told.keys()  # fmt: skip
    assert told["deleted"] == ["job:job_1", *files_of("job_1")]


@pytest.mark.spec("F2")
async def test_dry_run_is_loud() -> None:
    """Whoever believes that the cleaner cleans is told that it does not."""
    with structlog.testing.capture_logs() as told:
        await delete_expired(
            jobs=PastJobs(), storage=MemoryStorage(), access=MemoryAccess(), rules=RetentionRules(ttl=DAY)
        )

    (warning,) = [line["event"] for line in told if line["log_level"] == "warning"]
    assert warning.startswith("DRY RUN: nothing was deleted")
    assert "CLEANER_DRY_RUN=false" in warning


@pytest.mark.spec("F2")
async def test_batch_smaller_than_a_job_still_ends() -> None:
    """A job with more files than a run may delete goes bit by bit, its record first."""
    storage, jobs = MemoryStorage(), PastJobs()
    await filled(storage, jobs, {"job_1": 48})

    first = await delete_expired(
        jobs=jobs, storage=storage, access=MemoryAccess(), rules=RetentionRules(DAY, dry_run=False, max_deletions=2)
    )

    assert (first.deleted_keys, first.deleted_blobs) == (1, 1)
    assert first.skipped_reasons == {"over_batch": 7}


async def test_store_that_is_down_ends_the_run_early() -> None:
    """After twenty refusals in a row it is the store that is at fault, and trying a thousand more would take hours."""

    class Down(MemoryStorage):
        async def delete(self, key: str) -> None:
            raise StorageUnavailable("no answer")

    storage, jobs = Down(), PastJobs()
    for number in range(1000):
        await storage.put_bytes(f"uploads/job_{number}/source.csv", b"a")
        storage._blobs[f"uploads/job_{number}/source.csv"] = (b"a", NOW - 2 * DAY)

    run = await delete_expired(jobs=jobs, storage=storage, access=MemoryAccess(), rules=REAL)

    assert len(run.errors) == 20
    assert run.skipped_reasons == {"gave_up": 980}


@pytest.mark.parametrize(
    ("key", "owner"),
    [
        ("uploads/job_1/source.csv.gz", "job_1"),
        ("results/job_1.json", "job_1"),
        ("results/job_1_error.json", "job_1"),
        ("results/job_1_outbound.json", "job_1"),
        ("results/job_1_rules.json", "job_1"),
        ("results/job_1_columns.jsonl", "job_1"),
        ("results/job_1.v12.json", "job_1"),
        ("results/job_1/table.parquet", "job_1"),
        ("results/old-job.json", "old-job"),
        ("uploads/README", None),
    ],
)
def test_owner_is_read_from_the_key(key: str, owner: str | None) -> None:
    """Every key that we write names its job."""
    assert owner_of(key) == owner


def test_owner_with_an_unknown_ending_is_found_among_the_known() -> None:
    """A kind of file that is not known here still belongs to its job, the one with the longest fitting id."""
    known = {"job_1", "job_1_2"}

    assert owner_of("results/job_1_table.parquet", known) == "job_1"
    assert owner_of("results/job_1_2_table.parquet", known) == "job_1_2"
    assert owner_of("results/job_1_2.json", known) == "job_1_2"


def test_record_without_a_time_goes_by_its_files() -> None:
    """A record that does not say when it was changed is as old as the youngest of its files; without any it stays."""
    records = [KeptRecord("job_1", "completed", ""), KeptRecord("job_2", "failed", "yesterday")]
    blobs = [Stored("uploads/job_1/source.csv", 1, NOW - 2 * DAY)]

    due = find_due(records, blobs, now=NOW, ttl=DAY)

    assert [job.job_id for job in due.jobs] == ["job_1"]
    assert due.skipped == {"ageless": 1}
