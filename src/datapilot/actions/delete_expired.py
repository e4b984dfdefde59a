"""Delete what is older than retention allows: what is due is worked out first, in a pure function, and then deleted.

Age is the record's last change, else the blob's. A record goes first, and only as it was when it was looked at: a job
that was run again meanwhile is left alone with all it has. What a broken-off deletion leaves has no record any more,
so the next run finds it by its own age.
"""

import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from datapilot.access.base import Access
from datapilot.contracts.errors import UnknownJob
from datapilot.contracts.job import FINAL_STATUSES
from datapilot.contracts.retention import CleanerRun, FailedDeletion
from datapilot.jobs.base import Jobs, KeptRecord
from datapilot.jobs.lifecycle import moment
from datapilot.storage.base import Storage, Stored
from datapilot.storage.keys import RESULTS, cleaner_run_key
from datapilot.telemetry.logs import get_logger

GIVE_UP_AFTER = 20  # failures in a row: then the store or the queue is down, and going on would take hours
NAMED_AT_MOST = 1000  # items that an audit file names; the counts are always whole

# results/{jobId}.json, {jobId}_error.json, {jobId}_outbound.json, {jobId}_rules.json, {jobId}_columns.jsonl,
# {jobId}.v{n}.json, …
_RESULT = re.compile(r"(?P<job>[^/]+?)(?:_error|_outbound|_rules|_columns)?(?:\.v\d+)?\.[a-z0-9]+(?:\.[a-z0-9]+)?$")

log = get_logger("cleaner")


@dataclass(frozen=True)
class RetentionRules:
    """What may go: what is older than `ttl`, found below `prefixes`, at most `max_deletions` records and blobs a run.
    Audit files go to `audit_path`, which ends with a slash."""

    ttl: timedelta
    dry_run: bool = True
    prefixes: tuple[str, ...] = ("uploads/", "results/")
    max_deletions: int = 500
    audit_path: str = "maintenance/cleaner_runs/"


@dataclass(frozen=True)
class DueJob:
    """All that is kept of one job whose time is over; `record` is None where only blobs are left. `since` is its last
    change."""

    job_id: str
    since: datetime
    record: KeptRecord | None
    blobs: tuple[Stored, ...]

    @property
    def items(self) -> int:
        return len(self.blobs) + (self.record is not None)


@dataclass(frozen=True)
class Due:
    """What is due, oldest first, and why the rest is not: `young`, `running`, `not_a_job` (no blob of ours)."""

    jobs: tuple[DueJob, ...]
    skipped: Counter[str]


def find_due(records: Iterable[KeptRecord], blobs: Sequence[Stored], *, now: datetime, ttl: timedelta) -> Due:
    """Return the jobs whose time is over, and count everything else. Touches nothing."""
    kept = {record.job_id: record for record in records}
    oldest = now - ttl
    skipped: Counter[str] = Counter()
    of_job: defaultdict[str, list[Stored]] = defaultdict(list)
    for blob in blobs:
        owner = owner_of(blob.key, kept.keys())
        if owner is None:
            skipped["not_a_job"] += 1
        else:
            of_job[owner].append(blob)
    due = []
    for job_id in kept.keys() | of_job.keys():
        record, own = kept.get(job_id), of_job.get(job_id, [])
        if record is not None and record.status not in {"", *FINAL_STATUSES}:
            skipped["running"] += 1 + len(own)
            continue
        changed = moment(record.updated_at) if record else None
        if record is not None and changed is None:  # it does not say, so the youngest of its blobs does
            changed = max((blob.changed_at for blob in own), default=None)
        if changed is not None:
            gone = own if changed < oldest else []
        elif record is None:
            gone = [blob for blob in own if blob.changed_at < oldest]
        else:
            skipped["ageless"] += 1
            continue
        if (record is not None and changed is not None and changed < oldest) or gone:
            since = changed or min(blob.changed_at for blob in gone)
            due.append(DueJob(job_id, since, record, tuple(gone)))
            skipped["young"] += len(own) - len(gone)
        else:
            skipped["young"] += len(own) + (record is not None)
    return Due(tuple(sorted(due, key=lambda job: (job.since, job.job_id))), +skipped)


def owner_of(key: str, job_ids: Iterable[str] = ()) -> str | None:
    """Return the id of the job that a blob belongs to, as its key says; None for a blob that is no job's.

    A result with an ending that is not known here belongs to the known job whose id it begins with.
    """
    prefix, _, rest = key.partition("/")
    if f"{prefix}/" != RESULTS:
        return rest.partition("/")[0] if "/" in rest else None
    if "/" in rest:
        return rest.partition("/")[0]
    named = _RESULT.fullmatch(rest)
    known = job_ids if isinstance(job_ids, set | frozenset) else set(job_ids)
    if named and named["job"] in known:
        return named["job"]
    begun = [rest[:end] for end in range(len(rest), 0, -1) if rest[end : end + 1] in {".", "_", "-"}]
    return next((part for part in begun if part in known), named["job"] if named else None)


@dataclass
class _Tally:
    """What a run has done so far."""

    blobs: int = 0
    keys: int = 0
    deleted: list[str] = field(default_factory=list)
    errors: list[FailedDeletion] = field(default_factory=list)
    in_a_row: int = 0

    def failed(self, item: str, error: Exception) -> None:
        self.errors.append(FailedDeletion(item=item, error=f"{type(error).__name__}: {error}"))
        self.in_a_row += 1
        log.error("not deleted", item=item, error=str(error))

    def done(self, item: str) -> None:
        self.deleted.append(item)
        self.in_a_row = 0
        log.debug("deleted", item=item)


async def delete_expired(*, jobs: Jobs, storage: Storage, access: Access, rules: RetentionRules) -> CleanerRun:
    """Delete what is due, at most a batch of it, and return what was done, which is also kept as an audit file.

    One item that cannot be deleted does not stop the others, and running twice is harmless. A dry run deletes nothing.
    Raises QueueUnavailable or StorageUnavailable when it cannot be found out what there is.
    """
    started = datetime.now(UTC)
    log.info("cleaner started", dryRun=rules.dry_run, ttlHours=rules.ttl.total_seconds() / 3600)
    # Records first: a job that is accepted between the two listings shows as young blobs without a record.
    records = {record.job_id: record async for record in jobs.kept()}
    blobs = [stored for prefix in rules.prefixes async for stored in storage.list(prefix)]
    due = find_due(records.values(), blobs, now=started, ttl=rules.ttl)
    batch, left = _batch(due.jobs, rules.max_deletions)
    tally = _Tally()
    skipped = due.skipped
    skipped["over_batch"] += left
    if rules.dry_run:
        skipped["dry_run"] += sum(job.items for job in batch)
    else:
        for position, job in enumerate(batch):
            if tally.in_a_row >= GIVE_UP_AFTER:
                skipped["gave_up"] += sum(later.items for later in batch[position:])
                break
            skipped["changed"] += await _delete(job, jobs, storage, access, tally)
    unfinished = await _sweep_unfinished(storage, rules, tally)
    run = CleanerRun(
        run_id=f"run_{secrets.token_hex(8)}",
        started_at=started.isoformat(timespec="milliseconds"),
        completed_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        dry_run=rules.dry_run,
        ttl_hours=rules.ttl.total_seconds() / 3600,
        total_blobs_scanned=len(blobs),
        deleted_blobs=tally.blobs,
        total_keys_scanned=len(records),
        deleted_keys=tally.keys,
        skipped=skipped.total(),
        skipped_reasons=dict(sorted((+skipped).items())),
        errors=tuple(tally.errors),
        due_blobs=sum(len(job.blobs) for job in due.jobs),
        due_keys=sum(job.record is not None for job in due.jobs),
        due=tuple(_names(due.jobs)[:NAMED_AT_MOST]),
        deleted=tuple(tally.deleted[:NAMED_AT_MOST]),
        unfinished_uploads=unfinished,
    )
    await storage.put_bytes(cleaner_run_key(rules.audit_path, started), _printed(run))
    _tell(run, left)
    return run


def _batch(due: Sequence[DueJob], at_most: int) -> tuple[list[DueJob], int]:
    """Return whole jobs up to `at_most` items, and how many items are left over. A first job that is larger than a
    batch gives what fits; without its record, the rest is found the next time."""
    batch: list[DueJob] = []
    room = at_most
    for job in due:
        if job.items <= room:
            batch.append(job)
            room -= job.items
        elif not batch:
            fits = room - (job.record is not None)
            batch.append(DueJob(job.job_id, job.since, job.record, job.blobs[:fits]))
            room = 0
        else:
            break
    return batch, sum(job.items for job in due) - sum(job.items for job in batch)


async def _delete(job: DueJob, jobs: Jobs, storage: Storage, access: Access, tally: _Tally) -> int:
    """Delete the job, record first; return how many items were left because the job has come back to life."""
    name = f"job:{job.job_id}"
    try:
        if job.record is not None:
            if not await jobs.forget(job.job_id, unchanged_since=job.record.updated_at):
                if await _exists(job.job_id, jobs):
                    return job.items
            else:
                tally.keys += 1
                tally.done(name)
                await access.unshare(job.job_id)
        elif await _exists(job.job_id, jobs):
            return job.items
    except Exception as error:  # noqa: BLE001 - whatever it is, the other jobs' data must not stay because of it
        tally.failed(name, error)
        return len(job.blobs)
    for blob in job.blobs:
        try:
            await storage.delete(blob.key)
        except Exception as error:  # noqa: BLE001 - as above
            tally.failed(blob.key, error)
        else:
            tally.blobs += 1
            tally.done(blob.key)
    return 0


async def _exists(job_id: str, jobs: Jobs) -> bool:
    try:
        await jobs.get(job_id)
    except UnknownJob:
        return False
    return True


async def _sweep_unfinished(storage: Storage, rules: RetentionRules, tally: _Tally) -> int:
    try:
        return await storage.sweep_unfinished(older_than=rules.ttl, dry_run=rules.dry_run)
    except Exception as error:  # noqa: BLE001 - a store that cannot list them has deleted what was due all the same
        tally.failed("unfinished uploads", error)
        return 0


def _tell(run: CleanerRun, left: int) -> None:
    counts = {
        "runId": run.run_id,
        "blobs": run.deleted_blobs,
        "keys": run.deleted_keys,
        "skipped": run.skipped,
        "errors": len(run.errors),
    }
    log.info("cleaner done", **counts, dryRun=run.dry_run, dueBlobs=run.due_blobs, dueKeys=run.due_keys)
    if run.dry_run:
        log.warning(
            "DRY RUN: nothing was deleted. Set CLEANER_DRY_RUN=false to let the cleaner delete.",
            dueBlobs=run.due_blobs,
            dueKeys=run.due_keys,
        )
    elif left:
        log.warning("more is due than one run may delete; the next one goes on", left=left)


def _names(due: Iterable[DueJob]) -> list[str]:
    return [
        name for job in due for name in ([f"job:{job.job_id}"] if job.record else []) + [blob.key for blob in job.blobs]
    ]


def _printed(run: CleanerRun) -> bytes:
    return (run.model_dump_json(indent=2) + "\n").encode()
