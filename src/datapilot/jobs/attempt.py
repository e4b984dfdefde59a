"""One attempt at a job, from start to its end, over any kind of record. Knows no queue and no work."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from datapilot.contracts.errors import QueueUnavailable
from datapilot.contracts.job import Job, JobRequest, JobStatus
from datapilot.contracts.steps import Step
from datapilot.jobs.base import Ended, Ending, Work

BEAT_S = 1.0  # how soon an attempt notices that it was cancelled or superseded when no message told it
RETRY_S = 0.2

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

# What became of a delivery. `done`: the entry may go. `superseded`: it belongs to another attempt, or is to be
# delivered again. `lost`: the work died; try again.
Fate = Literal["done", "superseded", "lost"]


class Started:
    """The answer to a start that was granted."""

    def __init__(self, job: Job, request: JobRequest) -> None:
        self.job = job
        self.request = request


class AttemptRecords(Protocol):
    """The changes of a record that an attempt makes; each is atomic and, where it says so, fenced by the attempt."""

    async def start(self, job_id: str, *, worker: str, max_attempts: int) -> Started | Job | None:
        """Begin another attempt; the job itself when it failed instead, None when it is unknown or final."""
        ...

    async def state(self, job_id: str, attempt: int) -> Ending | None:
        """Sign on for the attempt, and say whether it must stop (fenced)."""
        ...

    async def report(self, job_id: str, attempt: int, *, step: Step, progress: int, detail: str) -> None: ...

    async def finish(
        self, job_id: str, attempt: int, *, status: JobStatus, result_url: str = "", error: str = "", message: str = ""
    ) -> Job | Ending:
        """End the job (fenced): the record, or why it was refused. Repeating it after a lost answer is harmless."""
        ...


@dataclass(frozen=True)
class Workplace:
    """What all attempts of a process that runs jobs share. `ended` is told of jobs that failed without an attempt,
    `shutdown` asks the running ones to end."""

    records: AttemptRecords
    work: Work
    ended: Ended
    max_attempts: int
    shutdown: asyncio.Event


class RunningAttempt:
    """See `datapilot.jobs.base.Attempt`."""

    def __init__(self, records: AttemptRecords, job: Job, request: JobRequest, shutdown: asyncio.Event) -> None:
        self.job = job
        self.request = request
        self.number = job.attempt
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self.is_finished = False
        self._records = records
        self._shutdown = shutdown

    def end(self, ending: Ending) -> None:
        if not self.ended.done():
            self.ended.set_result(ending)

    async def look(self) -> None:
        """Ask the record whether this attempt must stop; a server that does not answer says nothing."""
        try:
            ending = await self._records.state(self.job.job_id, self.number)
        except QueueUnavailable:
            return
        if ending:
            self.end(ending)

    async def report(self, step: Step, progress: int, detail: str) -> None:
        try:
            await self._records.report(self.job.job_id, self.number, step=step, progress=progress, detail=detail)
        except QueueUnavailable:
            logger.warning("progress of %s could not be written", self.job.job_id)

    async def is_owner(self) -> bool:
        return await _insist(lambda: self._records.state(self.job.job_id, self.number), self._shutdown) is None

    async def complete(self, result_url: str) -> bool:
        return isinstance(await self._finish("completed", result_url=result_url), Job)

    async def fail(self, error: str, message: str) -> Job | None:
        answer = await self._finish("failed", error=error, message=message)
        return answer if isinstance(answer, Job) else None

    async def _finish(
        self, status: JobStatus, *, result_url: str = "", error: str = "", message: str = ""
    ) -> Job | Ending:
        answer = await _insist(
            lambda: self._records.finish(
                self.job.job_id, self.number, status=status, result_url=result_url, error=error, message=message
            ),
            self._shutdown,
        )
        if isinstance(answer, Job):
            self.is_finished = True
        else:
            self.end(answer)
        return answer


async def _insist(ask: Callable[[], Awaitable[Answer]], shutdown: asyncio.Event) -> Answer:
    """Ask until the server answers: an outage must not turn finished work into a lost attempt. Only a shutdown ends
    the asking, with QueueUnavailable."""
    while True:
        try:
            return await ask()
        except QueueUnavailable:
            if shutdown.is_set():
                raise
            await asyncio.sleep(RETRY_S)


async def run_attempt(
    job_id: str,
    place: Workplace,
    *,
    worker: str,
    nudge: asyncio.Event,
    renew: Callable[[], Awaitable[None]] | None = None,
) -> Fate:
    """Start the job, do the work, and say what is to become of its queue entry.

    `nudge` set means that something happened to the job; the record is then asked at once instead of at the next
    beat. `renew` keeps the entry from being delivered to another worker, and is called at every beat.
    """
    # A start whose answer got lost counts as an attempt that nobody made; asking again makes the next one.
    answer = await _insist(
        lambda: place.records.start(job_id, worker=worker, max_attempts=place.max_attempts), place.shutdown
    )
    if answer is None:
        return "done"
    if isinstance(answer, Job):
        await place.ended(answer)
        return "done"
    attempt = RunningAttempt(place.records, answer.job, answer.request, place.shutdown)
    watchers = [
        asyncio.create_task(_watch_record(attempt, nudge, renew)),
        asyncio.create_task(_watch_shutdown(attempt, place.shutdown)),
    ]
    try:
        await place.work(attempt)
    except Exception:  # whatever it was, the job must not hang on it: it is tried again, until its attempts are used up
        logger.exception("attempt %s at job %s broke off", attempt.number, job_id)
    finally:
        await end_tasks(watchers)
    if attempt.is_finished:
        return "done"
    await attempt.look()
    match attempt.ended.result() if attempt.ended.done() else None:
        case "over":
            return "done"
        case "superseded" | "shutdown":
            return "superseded"
        case None:
            return "lost"


async def _watch_record(
    attempt: RunningAttempt, nudge: asyncio.Event, renew: Callable[[], Awaitable[None]] | None
) -> None:
    while not attempt.ended.done():
        with suppress(TimeoutError):
            async with asyncio.timeout(BEAT_S):
                await nudge.wait()
        nudge.clear()
        await attempt.look()
        if renew and not attempt.ended.done():
            await renew()


async def _watch_shutdown(attempt: RunningAttempt, shutdown: asyncio.Event) -> None:
    await shutdown.wait()
    attempt.end("shutdown")


async def end_tasks(tasks: Sequence["asyncio.Task[None]"]) -> None:
    """Cancel the tasks until they have ended: a read from the server may swallow a cancellation that arrives together
    with the answer, so once is not enough."""
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=0.05)
