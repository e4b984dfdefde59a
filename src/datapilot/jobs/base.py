"""What the queue promises: six verbs (submit, resubmit, cancel, run, schedule, stats) and the reads of a job's record.

A job that was accepted is run to a final status whatever process dies meanwhile; of several attempts at it, only the
latest can publish.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from datapilot.contracts.job import Job, JobRequest
from datapilot.contracts.steps import Step

# Why an attempt must stop now. `over`: the job was cancelled or has failed (its time ran out), and has no result.
# `superseded`: another attempt has taken or even completed the job. `shutdown`: this worker is to end.
Ending = Literal["over", "superseded", "shutdown"]


@dataclass(frozen=True)
class JobStats:
    """The queue at a glance; ages are seconds, None where there is no such job. The last four count since the store
    was fresh, in the same steps that change the records, so they cannot differ from what happened."""

    waiting: int
    running: int
    oldest_waiting_s: float | None
    oldest_running_s: float | None
    workers: int
    received: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0


@dataclass(frozen=True)
class KeptRecord:
    """What retention needs to know of a record. Both texts are as stored, empty where missing."""

    job_id: str
    status: str
    updated_at: str


class Attempt(Protocol):
    """One start of one job, in the hands of the worker that runs it.

    `job` is the record as of the start, `number` counts from 1. `ended` becomes done when the attempt must stop; its
    result says why. Whoever runs the attempt ends it by `complete` or `fail`; returning without either means that
    the attempt was lost, and the job is tried again.
    """

    job: Job
    request: JobRequest
    number: int
    ended: "asyncio.Future[Ending]"

    async def report(self, step: Step, progress: int, detail: str) -> None:
        """Show progress; without effect once the job is over or in other hands."""
        ...

    async def is_owner(self) -> bool:
        """Say whether the job is still this attempt's, as of now."""
        ...

    async def complete(self, result_url: str) -> bool:
        """Make the job completed. False when it was no longer this attempt's: its result must not stay visible."""
        ...

    async def fail(self, error: str, message: str) -> Job | None:
        """Make the job failed and return its record; None when it was no longer this attempt's."""
        ...


Work = Callable[[Attempt], Awaitable[None]]
Ended = Callable[[Job], Awaitable[None]]
Action = Callable[[], Awaitable[None]]


class Jobs(Protocol):
    """The queue and its records. Every method raises QueueUnavailable when the server does not answer in time."""

    async def submit(self, job_id: str, *, filename: str, request: JobRequest) -> Job:
        """Accept the job: when this returns, record and queue entry survive any crash. Repeating it with the same id
        changes nothing and returns the record. Raises StorageFull when the server's disk is full."""
        ...

    async def resubmit(self, job_id: str, *, request: JobRequest) -> Job:
        """Accept a job that has ended once more, under its id, still its owner's, with its time and its attempts from
        the start; durable as `submit`. `Job.attempt` goes on counting, so that an attempt of its earlier life stays
        refused.
        Raises UnknownJob, JobRunning while it has not ended, StorageFull."""
        ...

    async def cancel(self, job_id: str) -> Job:
        """End a waiting or running job at once and return it; an already cancelled one is returned as it is.
        Raises UnknownJob, and JobFinished for a completed or failed one."""
        ...

    async def run(
        self, work: Work, *, slots: int, max_attempts: int, stop: asyncio.Event, drain: asyncio.Event, ended: Ended
    ) -> None:
        """Take jobs and do the work, up to `slots` at a time, until `stop` or `drain` is set.

        `drain` claims nothing new and returns when the running jobs are done; `stop` asks them to end as well
        (`Attempt.ended` is `shutdown`). `ended` is told of jobs that failed without an attempt: too many attempts,
        or their time ran out while waiting.
        """
        ...

    def schedule(self, name: str, cron: str, action: Action) -> None:
        """Have `action` run at the times of `cron` (UTC), once for all workers together. Call it before `run`."""
        ...

    async def stats(self) -> JobStats: ...

    async def get(self, job_id: str) -> Job:
        """Return the record; a job past its `timeout_at` comes back as failed. Raises UnknownJob."""
        ...

    async def request(self, job_id: str) -> JobRequest:
        """Return what was asked for at submission. Raises UnknownJob."""
        ...

    async def recent(self, limit: int = 50, *, owner: str | None = None) -> list[Job]:
        """Return the newest jobs, newest first; with `owner` only those of that key."""
        ...

    def watch(self, job_id: str) -> AsyncIterator[Job]:
        """Yield the record as it is now and then at every change (changes in quick succession may be joined), and
        end after a final status. Raises UnknownJob at the first step."""
        ...

    def kept(self) -> AsyncIterator[KeptRecord]:
        """Yield every record there is, in no order; one that comes or goes meanwhile may be missed."""
        ...

    async def forget(self, job_id: str, *, unchanged_since: str | None = None) -> bool:
        """Remove a finished job's record. False for a job that is unknown or still lives, or whose `updated_at` is not
        that of `unchanged_since`: it has been run again meanwhile."""
        ...

    async def beat(self) -> None:
        """Write the workers' heartbeat."""
        ...

    async def last_heartbeat(self) -> datetime | None: ...

    async def ping(self) -> None:
        """Return when the server answers."""
        ...
