"""Say whether retention can work and does: the queue, the listing of the store, and the cleaner's last run."""

import asyncio
from datetime import UTC, datetime

from pydantic import ValidationError

from datapilot.actions.check_health import asked
from datapilot.contracts.errors import Unavailable
from datapilot.contracts.health import ComponentHealth
from datapilot.contracts.retention import CleanerRun, CleanerSummary, MaintenanceReport
from datapilot.jobs.base import Jobs
from datapilot.storage.base import Storage
from datapilot.words.numbers import counted

PATIENCE_SECONDS = 10.0  # a listing of a full bucket takes its time


async def check_maintenance(
    *,
    jobs: Jobs | None,
    storage: Storage | None,
    audit_path: str,
    ran_after: datetime | None,
    patience_s: float = PATIENCE_SECONDS,
) -> MaintenanceReport:
    """Return `down` when the cleaner could not work, `degraded` when it ran last before `ran_after` or with errors.

    `ran_after` None means that nobody expects it to run. `jobs` is None where no queue was found, `storage` where no
    store was made yet. A cleaner that has never run is not at fault: on the first day none has.
    """
    queue, (listing, last) = await asyncio.gather(
        asked("queue", jobs.ping if jobs else None, patience_s), _last_run(storage, audit_path, patience_s)
    )
    cleaner = _judged(last, ran_after)
    states = {queue.status, listing.status, cleaner.status}
    return MaintenanceReport(
        status="down" if "down" in states else "degraded" if "degraded" in states else "ok",
        timestamp=datetime.now(UTC).isoformat(timespec="milliseconds"),
        checks={"redis": queue, "blobListing": listing, "lastRun": cleaner},
        last_cleaner_run=last,
    )


def _judged(last: CleanerSummary | None, ran_after: datetime | None) -> ComponentHealth:
    if last is None:
        return ComponentHealth(status="ok", details={"says": "the cleaner has not run yet"})
    if ran_after is not None and datetime.fromisoformat(last.completed_at) < ran_after:
        return ComponentHealth(status="degraded", details={"says": "the cleaner has missed a run"})
    if last.errors:
        return ComponentHealth(
            status="degraded", details={"says": f"{counted(last.errors, 'item')} could not be deleted"}
        )
    if last.dry_run:
        return ComponentHealth(status="ok", details={"says": "a dry run: nothing is deleted (CLEANER_DRY_RUN)"})
    return ComponentHealth(status="ok")


async def _last_run(
    storage: Storage | None, audit_path: str, patience_s: float
) -> tuple[ComponentHealth, CleanerSummary | None]:
    if storage is None:
        return ComponentHealth(status="down", details={"says": "no store was found"}), None
    try:
        async with asyncio.timeout(patience_s):
            newest = max([stored.key async for stored in storage.list(audit_path)], default=None)
            content = await storage.get(newest) if newest else None
    except (Unavailable, TimeoutError, FileNotFoundError) as error:
        return ComponentHealth(status="down", details={"says": str(error) or "the store does not answer"}), None
    if newest is None or content is None:
        return ComponentHealth(status="ok"), None
    try:
        run = CleanerRun.model_validate_json(content)
    except ValidationError:
        return ComponentHealth(status="degraded", details={"says": f"{newest} is no audit file"}), None
    summary = CleanerSummary(
        run_id=run.run_id,
        completed_at=run.completed_at,
        dry_run=run.dry_run,
        deleted_blobs=run.deleted_blobs,
        deleted_keys=run.deleted_keys,
        errors=len(run.errors),
        audit_file=newest,
    )
    return ComponentHealth(status="ok"), summary
