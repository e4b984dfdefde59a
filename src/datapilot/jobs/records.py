"""Job records in Redis: one hash `job:{jobId}` a job, changed only by `record_scripts`. Knows no queue and no work.

Beside the hashes stand two sorted sets of living jobs (`jobs:waiting`, `jobs:running`), lists of the newest
(`jobs:recent`, and `jobs:recent:{owner}` for each API key), and `worker:heartbeat`. Every hash carries a lifetime that
each change renews; retention usually removes it long before.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.commands.core import AsyncScript
from redis.exceptions import MasterDownError, OutOfMemoryError, ReadOnlyError, RedisError, ResponseError

from datapilot.contracts.errors import (
    JobFinished,
    JobRunning,
    QueueUnavailable,
    StorageFull,
    TimedOut,
    TooManyAttempts,
    UnknownJob,
)
from datapilot.contracts.health import HEARTBEAT_TTL_S
from datapilot.contracts.job import FINAL_STATUSES, Job, JobRequest, JobStatus
from datapilot.contracts.steps import Step
from datapilot.jobs import lifecycle
from datapilot.jobs import record_scripts as scripts
from datapilot.jobs.attempt import Started, end_tasks
from datapilot.jobs.base import Ending, JobStats, KeptRecord

WAITING, RUNNING, RECENT = "jobs:waiting", "jobs:running", "jobs:recent"
TOTALS = "jobs:totals"  # counted by the scripts: received, completed, failed, cancelled
HEARTBEAT = "worker:heartbeat"
RECENT_KEPT = 10_000  # entries of the list of newest jobs; the records themselves may live longer
SCAN_COUNT = 1000  # keys a step when all records are looked through
QUIET_S = 15.0  # a subscription without messages is left alone this long before it is looked at again
WATCH_S = 1.0  # a watcher looks by itself this often, because published messages may be lost

logger = logging.getLogger(__name__)

_OPTIONAL = ("error", "error_message", "result_url", "cancelled_at")
_ALIASES = {field: info.alias or field for field, info in Job.model_fields.items()}


@dataclass(frozen=True)
class Living:
    """What the reconciling sweep must know of a job that has not ended."""

    job_id: str
    status: JobStatus
    updated_at: str
    timeout_at: str
    beat_at: str


class RedisRecords:
    """The records behind one Redis client (which answers in text)."""

    def __init__(self, redis: "Redis", *, keep_s: float) -> None:
        self._redis = redis
        self._keep_s = int(keep_s)
        self._changes = _Changes(redis)

        def script(text: str) -> AsyncScript:
            return redis.register_script(scripts.PRELUDE + text)

        self._create = script(scripts.CREATE)
        self._resubmit = script(scripts.RESUBMIT)
        self._start = script(scripts.START)
        self._state = script(scripts.STATE)
        self._report = script(scripts.REPORT)
        self._finish = script(scripts.FINISH)
        self._cancel = script(scripts.CANCEL)
        self._expire = script(scripts.EXPIRE)
        self._forget = script(scripts.FORGET)

    async def close(self) -> None:
        await self._changes.close()

    async def create(self, job_id: str, *, filename: str, request: JobRequest) -> None:
        """Write the record of a new job; a record that is there already stays as it is."""
        now = datetime.now(UTC)
        fields = _to_hash(lifecycle.submitted(job_id, filename, request, now)) | {"request": request.model_dump_json()}
        with our_errors():
            await self._create(
                keys=[*_keys(job_id), RECENT, *([_recent_of(request.owner)] if request.owner else [])],
                args=[*self._args(job_id), now.timestamp(), RECENT_KEPT, *_flat(fields)],
            )

    async def resubmit(self, job_id: str, *, request: JobRequest, now: datetime) -> Job:
        """Make an ended job wait again. Raises UnknownJob, and JobRunning for one that has not ended."""
        timeout_at = lifecycle.now_text(now + timedelta(seconds=request.timeout_s))
        with our_errors():
            answer, record = await self._resubmit(
                keys=_keys(job_id),
                args=[*self._args(job_id), now.timestamp(), timeout_at, request.model_dump_json()],
            )
        if answer == "unknown":
            raise _unknown(job_id)
        job = _to_job(_paired(record))
        if answer == "living":
            raise JobRunning(f"The job is {job.status}; it can be run again once it has ended.")
        return job

    async def start(self, job_id: str, *, worker: str, max_attempts: int) -> Started | Job | None:
        with our_errors():
            answer, fields = await self._start(
                keys=_keys(job_id),
                args=[
                    *self._args(job_id),
                    datetime.now(UTC).timestamp(),
                    worker,
                    max_attempts,
                    TimedOut.code,
                    lifecycle.TIMEOUT_MESSAGE,
                    TooManyAttempts.code,
                    lifecycle.TOO_MANY_ATTEMPTS_MESSAGE,
                ],
            )
        record = _paired(fields)
        match answer:
            case "started":
                return Started(_to_job(record), JobRequest.model_validate_json(record["request"]))
            case "ended":
                return _to_job(record)
            case _:
                return None

    async def state(self, job_id: str, attempt: int) -> Ending | None:
        with our_errors():
            answer = await self._state(keys=_keys(job_id), args=[*self._args(job_id), attempt])
        return None if answer == "owner" else cast("Ending", answer)

    async def report(self, job_id: str, attempt: int, *, step: Step, progress: int, detail: str) -> None:
        with our_errors():
            await self._report(keys=_keys(job_id), args=[*self._args(job_id), attempt, step, progress, detail])

    async def finish(
        self, job_id: str, attempt: int, *, status: JobStatus, result_url: str = "", error: str = "", message: str = ""
    ) -> Job | Ending:
        fields = (
            {"step": "done", "progress": 100, "detail": "", "resultUrl": result_url}
            if status == "completed"
            else {"error": error, "errorMessage": message}
        )
        with our_errors():
            answer, record = await self._finish(
                keys=_keys(job_id), args=[*self._args(job_id), attempt, status, *_flat(fields)]
            )
        return _to_job(_paired(record)) if answer == "done" else cast("Ending", answer)

    async def cancel(self, job_id: str) -> Job:
        """Make the job cancelled and return it. Raises UnknownJob, and JobFinished for one that ended otherwise."""
        with our_errors():
            answer, record = await self._cancel(keys=_keys(job_id), args=self._args(job_id))
        if answer == "unknown":
            raise _unknown(job_id)
        job = _to_job(_paired(record))
        if job.status != "cancelled":
            raise JobFinished(f"The job is {job.status} already and cannot be cancelled.")
        return job

    async def expire(self, job_id: str) -> bool:
        """Make a job failed whose time is up; True when this call did it."""
        with our_errors():
            return bool(
                await self._expire(
                    keys=_keys(job_id), args=[*self._args(job_id), TimedOut.code, lifecycle.TIMEOUT_MESSAGE]
                )
            )

    async def get(self, job_id: str) -> Job:
        """Return the record as it stands. Raises UnknownJob."""
        return _to_job(await self._hash(job_id))

    async def request(self, job_id: str) -> JobRequest:
        return JobRequest.model_validate_json((await self._hash(job_id))["request"])

    async def recent(self, limit: int, *, owner: str | None = None) -> list[Job]:
        newest = _recent_of(owner)
        with our_errors():
            ids = cast("list[str]", await self._redis.zrange(newest, 0, limit - 1, desc=True))
            async with self._redis.pipeline(transaction=False) as pipeline:
                for job_id in ids:
                    pipeline.hgetall(_keys(job_id)[0])
                found = await pipeline.execute()
            gone = [job_id for job_id, fields in zip(ids, found, strict=True) if not fields]
            if gone:
                await self._redis.zrem(newest, *gone)
        return [_to_job(fields) for fields in found if fields]

    async def kept(self) -> AsyncIterator[KeptRecord]:
        with our_errors():
            page: list[str] = []
            async for key in self._redis.scan_iter(match="job:*", count=SCAN_COUNT, _type="HASH"):
                page.append(str(key))
                if len(page) == SCAN_COUNT:
                    for record in await self._kept(page):
                        yield record
                    page = []
            for record in await self._kept(page):
                yield record

    async def _kept(self, keys: Sequence[str]) -> list[KeptRecord]:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for key in keys:
                pipeline.hmget(key, "status", "updatedAt")
            found = await pipeline.execute()
        return [
            KeptRecord(key.removeprefix("job:"), status or "", updated_at or "")
            for key, (status, updated_at) in zip(keys, found, strict=True)
        ]

    async def forget(self, job_id: str, *, unchanged_since: str | None = None) -> bool:
        fence = [] if unchanged_since is None else [unchanged_since]
        with our_errors():
            return bool(await self._forget(keys=[*_keys(job_id), RECENT], args=[*self._args(job_id), *fence]))

    async def living(self, limit: int) -> list[Living]:
        """Return the jobs that have not ended, oldest first, at most `limit` waiting and `limit` running ones."""
        with our_errors():
            ids = cast(
                "list[str]",
                [
                    *await self._redis.zrange(WAITING, 0, limit - 1),
                    *await self._redis.zrange(RUNNING, 0, limit - 1),
                ],
            )
            async with self._redis.pipeline(transaction=False) as pipeline:
                for job_id in ids:
                    pipeline.hmget(_keys(job_id)[0], "status", "updatedAt", "timeoutAt", "beatAt")
                found = await pipeline.execute()
            gone = [
                job_id for job_id, (status, *_) in zip(ids, found, strict=True) if status in {None, *FINAL_STATUSES}
            ]
            if gone:
                await self._redis.zrem(WAITING, *gone)
                await self._redis.zrem(RUNNING, *gone)
        return [
            Living(job_id, status, updated_at or "", timeout_at or "", beat_at or "")
            for job_id, (status, updated_at, timeout_at, beat_at) in zip(ids, found, strict=True)
            if job_id not in gone
        ]

    async def counts(self) -> JobStats:
        """Return the queue at a glance, but for its workers."""
        with our_errors():
            async with self._redis.pipeline(transaction=False) as pipeline:
                for key in (WAITING, RUNNING):
                    pipeline.zcard(key)
                    pipeline.zrange(key, 0, 0, withscores=True)
                pipeline.hgetall(TOTALS)
                waiting, first_waiting, running, first_running, totals = await pipeline.execute()
        counted = {name: int(count) for name, count in totals.items()}
        return JobStats(waiting, running, _age_s(first_waiting), _age_s(first_running), workers=0, **counted)

    async def watch(self, job_id: str) -> AsyncIterator[None]:
        """Yield at once, after every published change, and at least once a second."""
        changed = self._changes.of(job_id)
        try:
            while True:
                changed.clear()
                yield
                with suppress(TimeoutError):
                    async with asyncio.timeout(WATCH_S):
                        await changed.wait()
        finally:
            self._changes.drop(job_id, changed)

    async def beat(self) -> None:
        with our_errors():
            await self._redis.set(HEARTBEAT, lifecycle.now_text(), ex=HEARTBEAT_TTL_S)

    async def last_heartbeat(self) -> datetime | None:
        with our_errors():
            text = await self._redis.get(HEARTBEAT)
        return lifecycle.moment(str(text)) if text else None

    async def ping(self) -> None:
        with our_errors():
            await self._redis.ping()

    async def _hash(self, job_id: str) -> dict[str, str]:
        with our_errors():
            fields = await self._redis.hgetall(_keys(job_id)[0])
        if not fields:
            raise _unknown(job_id)
        return cast("dict[str, str]", fields)

    def _args(self, job_id: str) -> list[str | int]:
        return [job_id, lifecycle.now_text(), self._keep_s]


class _Changes:
    """One subscription of this process to the changes of all jobs; it wakes those who watch."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._watchers: dict[str, set[asyncio.Event]] = {}
        self._listener: asyncio.Task[None] | None = None

    def of(self, job_id: str) -> asyncio.Event:
        changed = asyncio.Event()
        self._watchers.setdefault(job_id, set()).add(changed)
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())
        return changed

    def drop(self, job_id: str, changed: asyncio.Event) -> None:
        watchers = self._watchers.get(job_id, set())
        watchers.discard(changed)
        if not watchers:
            self._watchers.pop(job_id, None)

    async def close(self) -> None:
        if self._listener is not None:
            await end_tasks([self._listener])
            self._listener = None

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.psubscribe("job:*:changed")
                    await self._pass_on(pubsub)
            except (RedisError, OSError):
                logger.warning("changes of jobs are not heard; watchers look every second until they are")
                await asyncio.sleep(WATCH_S)

    async def _pass_on(self, pubsub: "PubSub") -> None:
        while True:
            message = await pubsub.get_message(timeout=QUIET_S)
            if message is None:
                continue
            if message["type"] == "psubscribe":  # what changed before it was not heard: let everybody look
                heard = set(self._watchers)
            else:
                heard = {str(message["channel"]).removeprefix("job:").removesuffix(":changed")}
            for changed in [event for job_id in heard for event in self._watchers.get(job_id, ())]:
                changed.set()


@contextmanager
def our_errors() -> Iterator[None]:
    """Say Redis trouble in the words of the house."""
    try:
        yield
    except (OutOfMemoryError, ReadOnlyError, MasterDownError) as error:
        raise QueueUnavailable("The queue takes no jobs at the moment. Try again later.") from error
    except ResponseError as error:
        if "MISCONF" in str(error) or "No space left" in str(error):
            raise StorageFull("The queue's disk is full, so no job can be accepted. Free some space.") from error
        if "NOREPLICAS" in str(error):
            raise QueueUnavailable("The queue takes no jobs at the moment. Try again later.") from error
        raise
    except (RedisError, OSError) as error:
        raise QueueUnavailable("The queue does not answer. Try again later.") from error


def _keys(job_id: str) -> list[str]:
    return [f"job:{job_id}", WAITING, RUNNING]


def _recent_of(owner: str | None) -> str:
    return RECENT if owner is None else f"{RECENT}:{owner}"


def _to_hash(job: Job) -> dict[str, str | int]:
    return {alias: "" if (value := getattr(job, field)) is None else value for field, alias in _ALIASES.items()}


def _to_job(fields: dict[str, str]) -> Job:
    values: dict[str, Any] = {field: fields[alias] for field, alias in _ALIASES.items() if alias in fields}
    return Job.model_validate(values | {field: values.get(field) or None for field in _OPTIONAL})


def _flat(fields: dict[str, Any]) -> list[Any]:
    return [part for pair in fields.items() for part in pair]


def _paired(flat: Sequence[str]) -> dict[str, str]:
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _age_s(first: list[tuple[str, float]]) -> float | None:
    return datetime.now(UTC).timestamp() - first[0][1] if first else None


def _unknown(job_id: str) -> UnknownJob:
    return UnknownJob(f"There is no job {job_id}.")
