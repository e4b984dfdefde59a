"""What a run of the cleaner did: the words of its audit file and of maintenance health."""

from pydantic import Field

from datapilot.contracts.base import Contract
from datapilot.contracts.health import ComponentHealth, State


class FailedDeletion(Contract):
    """One thing that could not be deleted; the next run tries again."""

    item: str
    error: str


class CleanerRun(Contract):
    """`cleaner_{timestamp}.json`. Keys are the records `job:{jobId}`, blobs the files in the store.

    Everything scanned was deleted, skipped or failed. A dry run deletes nothing: `due` and the two counts before it
    say what a real one would have taken. `deleted` and `due` name blobs by their key and records as `job:{jobId}`.
    """

    run_id: str
    started_at: str
    completed_at: str
    dry_run: bool
    ttl_hours: float
    total_blobs_scanned: int = 0
    deleted_blobs: int = 0
    total_keys_scanned: int = 0
    deleted_keys: int = 0
    skipped: int = 0
    skipped_reasons: dict[str, int] = Field(default_factory=dict)
    errors: tuple[FailedDeletion, ...] = ()
    due_blobs: int = 0
    due_keys: int = 0
    due: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    unfinished_uploads: int = 0


class CleanerSummary(Contract):
    """The last run in brief, and where its audit file lies."""

    run_id: str
    completed_at: str
    dry_run: bool
    deleted_blobs: int
    deleted_keys: int
    errors: int
    audit_file: str


class MaintenanceReport(Contract):
    """`GET /api/health/maintenance`: whether retention can work and does. `last_cleaner_run` is None before the
    first one."""

    status: State
    timestamp: str
    checks: dict[str, ComponentHealth]
    last_cleaner_run: CleanerSummary | None = None
