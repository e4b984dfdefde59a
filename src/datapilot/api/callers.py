"""The caller of the current request, and the queue as that caller may see it. Knows no HTTP.

Every route works with `OwnJobs`, so even a route written without a thought of keys never shows a caller somebody else's
job: it does not exist.
"""

import asyncio
from collections.abc import AsyncIterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from datapilot.access.base import Access
from datapilot.contracts.access import ApiKey
from datapilot.contracts.errors import QueueFull, QuotaExceeded, UnknownJob
from datapilot.contracts.job import Job, JobRequest
from datapilot.jobs.base import Action, Ended, Jobs, JobStats, KeptRecord, Work

UNTIL_TOMORROW_S = 3600  # what a client is told: a day may end in between, and nobody should ask every second


@dataclass(frozen=True)
class Caller:
    """Who asks. With `is_anyone` the server has no login and everybody may do everything; otherwise `key` is the API
    key, and `share` the token of a share link, each None where there is none."""

    is_anyone: bool = False
    key: ApiKey | None = None
    share: str | None = None


ANYONE = Caller(is_anyone=True)
NOBODY = Caller()

# Set by the doorkeeper for the time of a request. Without it nothing is seen: a forgotten door is a closed one.
current: ContextVar[Caller] = ContextVar("current", default=NOBODY)


@dataclass(frozen=True)
class KeyRules:
    """What one key may do: requests a minute, uploaded bytes a day. And how many jobs may wait, whoever sent them."""

    requests_per_minute: int = 600
    bytes_per_day: int = 10 * 1024**3
    waiting_jobs: int = 10_000


@dataclass(frozen=True)
class OwnJobs:
    """The queue as the caller sees it: their own jobs, and those shared with them to read. See `jobs.base.Jobs`."""

    jobs: Jobs
    access: Access | None = None
    rules: KeyRules = field(default_factory=KeyRules)

    async def admit(self) -> None:
        """Return when the caller may send a file now. Raises QueueFull, QuotaExceeded."""
        key = current.get().key
        if key and self.access and not await self.access.spend(key.key_id, 0, per_day=self.rules.bytes_per_day):
            raise self._used_up()
        if (waiting := (await self.jobs.stats()).waiting) >= self.rules.waiting_jobs:
            raise QueueFull(f"{waiting:,} jobs are waiting already, more than this server takes. Try again later.")

    async def submit(self, job_id: str, *, filename: str, request: JobRequest) -> Job:
        key = current.get().key
        if key and self.access:
            if not await self.access.spend(key.key_id, request.bytes, per_day=self.rules.bytes_per_day):
                raise self._used_up()
            request = request.model_copy(update={"owner": key.key_id})
        return await self.jobs.submit(job_id, filename=filename, request=request)

    async def resubmit(self, job_id: str, *, request: JobRequest) -> Job:
        await self._mine(job_id)
        return await self.jobs.resubmit(job_id, request=request)

    async def cancel(self, job_id: str) -> Job:
        await self._mine(job_id)
        return await self.jobs.cancel(job_id)

    async def get(self, job_id: str) -> Job:
        await self._seen(job_id)
        return await self.jobs.get(job_id)

    async def request(self, job_id: str) -> JobRequest:
        return await self._seen(job_id)

    async def recent(self, limit: int = 50, *, owner: str | None = None) -> list[Job]:
        caller = current.get()
        if caller.is_anyone:
            return await self.jobs.recent(limit, owner=owner)
        if caller.key is None or owner not in (None, caller.key.key_id):
            return []
        return await self.jobs.recent(limit, owner=caller.key.key_id)

    async def watch(self, job_id: str) -> AsyncIterator[Job]:
        await self._seen(job_id)
        async for job in self.jobs.watch(job_id):
            yield job

    async def kept(self) -> AsyncIterator[KeptRecord]:
        """Yield every record to whom all belong; retention asks the queue itself."""
        if current.get().is_anyone:
            async for record in self.jobs.kept():
                yield record

    async def forget(self, job_id: str, *, unchanged_since: str | None = None) -> bool:
        await self._mine(job_id)
        return await self.jobs.forget(job_id, unchanged_since=unchanged_since)

    async def run(
        self, work: Work, *, slots: int, max_attempts: int, stop: asyncio.Event, drain: asyncio.Event, ended: Ended
    ) -> None:
        await self.jobs.run(work, slots=slots, max_attempts=max_attempts, stop=stop, drain=drain, ended=ended)

    def schedule(self, name: str, cron: str, action: Action) -> None:
        self.jobs.schedule(name, cron, action)

    async def stats(self) -> JobStats:
        return await self.jobs.stats()

    async def beat(self) -> None:
        await self.jobs.beat()

    async def last_heartbeat(self) -> datetime | None:
        return await self.jobs.last_heartbeat()

    async def ping(self) -> None:
        await self.jobs.ping()

    async def _mine(self, job_id: str) -> JobRequest:
        """Return what was asked for, if the job is the caller's. Raises UnknownJob."""
        request = await self.jobs.request(job_id)
        caller = current.get()
        if caller.is_anyone or (caller.key is not None and request.owner == caller.key.key_id):
            return request
        raise UnknownJob(f"There is no job {job_id}.")

    async def _seen(self, job_id: str) -> JobRequest:
        """Return what was asked for, if the job is the caller's or was shared with them. Raises UnknownJob."""
        share = current.get().share
        if share and self.access and await self.access.is_shared(job_id, share):
            return await self.jobs.request(job_id)
        return await self._mine(job_id)

    def _used_up(self) -> QuotaExceeded:
        return QuotaExceeded(
            f"This key may send {self.rules.bytes_per_day:,} bytes a day, and that is used up.", UNTIL_TOMORROW_S
        )
