"""Whether retention can work and does."""

from datetime import UTC, datetime, timedelta

import pytest

from datapilot.access.memory import MemoryAccess
from datapilot.actions.check_maintenance import check_maintenance
from datapilot.actions.delete_expired import RetentionRules, delete_expired
from datapilot.contracts.errors import QueueUnavailable, StorageUnavailable
from datapilot.contracts.retention import MaintenanceReport
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.memory import MemoryStorage

RULES = RetentionRules(ttl=timedelta(hours=24), dry_run=False)


async def asked(
    storage: MemoryStorage, jobs: MemoryJobs | None = None, ran_after: datetime | None = None
) -> MaintenanceReport:
    """Return the report."""
    return await check_maintenance(
        jobs=jobs or MemoryJobs(), storage=storage, audit_path=RULES.audit_path, ran_after=ran_after
    )


@pytest.mark.spec("F4")
async def test_before_the_first_run_all_is_well() -> None:
    """On the first day there is no last run, and that is no fault."""
    report = await asked(MemoryStorage(), ran_after=datetime.now(UTC))

    assert (report.status, report.last_cleaner_run) == ("ok", None)
    assert set(report.checks) == {"redis", "blobListing", "lastRun"}


@pytest.mark.spec("F4")
async def test_last_run_is_the_newest() -> None:
    """Of several audit files the newest is told, and where it lies."""
    storage, jobs = MemoryStorage(), MemoryJobs()
    await delete_expired(jobs=jobs, storage=storage, access=MemoryAccess(), rules=RULES)
    newest = await delete_expired(jobs=jobs, storage=storage, access=MemoryAccess(), rules=RULES)

    report = await asked(storage, jobs, ran_after=datetime.now(UTC) - timedelta(hours=48))

    assert report.status == "ok"
    assert report.last_cleaner_run is not None
    assert report.last_cleaner_run.run_id == newest.run_id
    assert await storage.exists(report.last_cleaner_run.audit_file)


@pytest.mark.spec("F4")
async def test_missed_run_shows() -> None:
    """A cleaner that has not run at its last two times is not well."""
    storage = MemoryStorage()
    await delete_expired(jobs=MemoryJobs(), storage=storage, access=MemoryAccess(), rules=RULES)

    report = await asked(storage, ran_after=datetime.now(UTC) + timedelta(hours=1))

    assert (report.status, report.checks["lastRun"].status) == ("degraded", "degraded")


@pytest.mark.spec("F4")
async def test_last_run_that_could_not_delete_everything_shows() -> None:
    """What stays longer than was promised must not look well."""

    class Locked(MemoryStorage):
        async def delete(self, key: str) -> None:
            raise StorageUnavailable(f"{key} is held by a retention lock")

    storage, at_once = Locked(), RetentionRules(ttl=timedelta(0), dry_run=False)
    await storage.put_bytes("results/job_1.json", b"{}")
    await delete_expired(jobs=MemoryJobs(), storage=storage, access=MemoryAccess(), rules=at_once)

    last = (await asked(storage)).checks["lastRun"]

    assert (last.status, last.details) == ("degraded", {"says": "1 item could not be deleted"})


@pytest.mark.spec("F4")
async def test_dry_run_is_well_and_says_that_nothing_goes() -> None:
    """Who wonders why everything is still there reads it here."""
    storage, rules = MemoryStorage(), RetentionRules(ttl=timedelta(hours=24), dry_run=True)
    await delete_expired(jobs=MemoryJobs(), storage=storage, access=MemoryAccess(), rules=rules)

    last = (await asked(storage)).checks["lastRun"]

    assert (last.status, last.details) == ("ok", {"says": "a dry run: nothing is deleted (CLEANER_DRY_RUN)"})


@pytest.mark.spec("F4")
async def test_without_a_store_the_cleaner_cannot_work() -> None:
    """A server whose store was never made has nothing to list."""
    report = await check_maintenance(jobs=MemoryJobs(), storage=None, audit_path=RULES.audit_path, ran_after=None)

    assert (report.status, report.last_cleaner_run) == ("down", None)


@pytest.mark.spec("F4")
async def test_queue_or_listing_that_fails_is_down() -> None:
    """Without either the cleaner cannot work, and the report says which it is."""

    class NoListing(MemoryStorage):
        def list(self, prefix: str = "") -> object:
            raise StorageUnavailable("The file store does not answer.")

    class NoQueue(MemoryJobs):
        async def ping(self) -> None:
            raise QueueUnavailable("The queue does not answer.")

    no_listing = await asked(NoListing())  # type: ignore[arg-type]
    no_queue = await asked(MemoryStorage(), NoQueue())

    assert (no_listing.status, no_listing.checks["blobListing"].status) == ("down", "down")
    assert (no_queue.status, no_queue.checks["redis"].status) == ("down", "down")


async def test_file_that_is_no_audit_file_is_told() -> None:
    """Somebody else's file in the folder neither breaks the check nor passes for a run."""
    storage = MemoryStorage()
    await storage.put_bytes(f"{RULES.audit_path}cleaner_9.json", b"hello")

    report = await asked(storage)

    assert report.status == "degraded"
