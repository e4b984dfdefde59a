"""The queue in this process's memory: the twin for tests. Nothing survives the process, and no server is needed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime
from types import TracebackType

from datapilot.contracts.errors import JobFinished, JobRunning, UnknownJob
from datapilot.contracts.job import Job, JobRequest, JobStatus
from datapilot.contracts.steps import Step
from datapilot.jobs import lifecycle
from datapilot.jobs.attempt import Started, Workplace, run_attempt
from datapilot.jobs.base import Action, Ended, Ending, JobStats, KeptRecord, Work

WATCH_S = 1.0


class MemoryJobs:
    """Jobs in dicts, run by tasks of this event loop."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._requests: dict[str, JobRequest] = {}
        self._attempts_before: dict[str, int] = {}
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._nudges: dict[str, asyncio.Event] = {}
        self._watchers: set[asyncio.Event] = set()
        self._later: set[asyncio.Task[None]] = set()
        self._heartbeat: datetime | None = None
        self._workers = 0
        self._totals: Counter[str] = Counter()
        self.scheduled: dict[str, tuple[str, Action]] = {}

    async def __aenter__(self) -> "MemoryJobs":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for task in self._later:
            task.cancel()

    async def submit(self, job_id: str, *, filename: str, request: JobRequest) -> Job:
        if job_id not in self._jobs:
            self._requests[job_id] = request
            self._keep(lifecycle.submitted(job_id, filename, request, datetime.now(UTC)))
            self._queue.put_nowait(job_id)
        return self._jobs[job_id]

    async def resubmit(self, job_id: str, *, request: JobRequest) -> Job:
        job = await self.get(job_id)
        if not lifecycle.is_final(job):
            raise JobRunning(f"The job is {job.status}; it can be run again once it has ended.")
        self._requests[job_id] = request.model_copy(update={"owner": self._requests[job_id].owner})
        self._attempts_before[job_id] = job.attempt
        self._queue.put_nowait(job_id)
        return self._keep(lifecycle.resubmitted(job, request, datetime.now(UTC)))

    async def cancel(self, job_id: str) -> Job:
        job = await self.get(job_id)
        if job.status == "cancelled":
            return job
        if lifecycle.is_final(job):
            raise JobFinished(f"The job is {job.status} already and cannot be cancelled.")
        return self._keep(lifecycle.cancelled(job, lifecycle.now_text()))

    async def run(
        self, work: Work, *, slots: int, max_attempts: int, stop: asyncio.Event, drain: asyncio.Event, ended: Ended
    ) -> None:
        leave = asyncio.Event()
        place = Workplace(self, work, ended, max_attempts, stop)

        async def slot(name: str) -> None:
            while not leave.is_set():
                job_id = await _first(self._queue.get(), leave.wait())
                if not isinstance(job_id, str):
                    return
                nudge = self._nudges.setdefault(job_id, asyncio.Event())
                fate = await run_attempt(job_id, place, worker=name, nudge=nudge)
                if fate == "lost":
                    self._again(job_id)

        self._workers += slots
        running = [asyncio.create_task(slot(f"memory:{number}")) for number in range(slots)]
        await _first(stop.wait(), drain.wait())
        leave.set()
        await asyncio.gather(*running)
        self._workers -= slots

    def schedule(self, name: str, cron: str, action: Action) -> None:
        """Keep the action for the test to call: a twin has no clock to wait for."""
        self.scheduled[name] = (cron, action)

    async def stats(self) -> JobStats:
        waiting = [job for job in self._jobs.values() if job.status == "submitted"]
        running = [job for job in self._jobs.values() if job.status == "processing"]
        return JobStats(
            len(waiting), len(running), _oldest_s(waiting), _oldest_s(running), self._workers, **self._totals
        )

    async def get(self, job_id: str) -> Job:
        try:
            job = self._jobs[job_id]
        except KeyError:
            raise UnknownJob(f"There is no job {job_id}.") from None
        if lifecycle.is_overdue(job, now := lifecycle.now_text()):
            return self._keep(lifecycle.expired(job, now))
        return job

    async def request(self, job_id: str) -> JobRequest:
        await self.get(job_id)
        return self._requests[job_id]

    async def recent(self, limit: int = 50, *, owner: str | None = None) -> list[Job]:
        wanted = [job_id for job_id in self._jobs if owner in (None, self._requests[job_id].owner)]
        newest = sorted(wanted, key=lambda job_id: self._jobs[job_id].created_at, reverse=True)
        return [await self.get(job_id) for job_id in newest[:limit]]

    async def watch(self, job_id: str) -> AsyncIterator[Job]:
        changed = asyncio.Event()
        self._watchers.add(changed)
        last = -1
        try:
            while True:
                changed.clear()
                job = await self.get(job_id)
                if job.revision != last:
                    last = job.revision
                    yield job
                if lifecycle.is_final(job):
                    return
                await _first(changed.wait(), asyncio.sleep(WATCH_S))
        finally:
            self._watchers.discard(changed)

    async def kept(self) -> AsyncIterator[KeptRecord]:
        for job in list(self._jobs.values()):
            yield KeptRecord(job.job_id, job.status, job.updated_at)

    async def forget(self, job_id: str, *, unchanged_since: str | None = None) -> bool:
        job = self._jobs.get(job_id)
        if job is None or not lifecycle.is_final(job) or unchanged_since not in {None, job.updated_at}:
            return False
        del self._jobs[job_id], self._requests[job_id]
        self._attempts_before.pop(job_id, None)
        self._nudges.pop(job_id, None)
        return True

    async def beat(self) -> None:
        self._heartbeat = datetime.now(UTC)

    async def last_heartbeat(self) -> datetime | None:
        return self._heartbeat

    async def ping(self) -> None:
        return

    # What an attempt asks of the records (jobs/attempt.py).

    async def start(self, job_id: str, *, worker: str, max_attempts: int) -> Started | Job | None:  # noqa: ARG002
        job = self._jobs.get(job_id)
        if job is None or lifecycle.is_final(job):
            return None
        allowed = max_attempts + self._attempts_before.get(job_id, 0)
        job = self._keep(lifecycle.started(job, now=lifecycle.now_text(), max_attempts=allowed))
        return job if lifecycle.is_final(job) else Started(job, self._requests[job_id])

    async def state(self, job_id: str, attempt: int) -> Ending | None:
        return lifecycle.refusal(self._jobs.get(job_id), attempt)

    async def report(self, job_id: str, attempt: int, *, step: Step, progress: int, detail: str) -> None:
        if await self.state(job_id, attempt) is None:
            now = lifecycle.now_text()
            self._keep(lifecycle.reported(self._jobs[job_id], step=step, progress=progress, detail=detail, now=now))

    async def finish(
        self, job_id: str, attempt: int, *, status: JobStatus, result_url: str = "", error: str = "", message: str = ""
    ) -> Job | Ending:
        job = self._jobs.get(job_id)
        if job and job.status == status and job.attempt == attempt:
            return job
        if refused := lifecycle.refusal(job, attempt):
            return refused
        now = lifecycle.now_text()
        job = self._jobs[job_id]
        if status == "completed":
            return self._keep(lifecycle.completed(job, result_url=result_url, now=now))
        return self._keep(lifecycle.failed(job, error=error, message=message, now=now))

    def _keep(self, job: Job) -> Job:
        before = self._jobs.get(job.job_id)
        if before is None or (lifecycle.is_final(before) and not lifecycle.is_final(job)):
            self._totals["received"] += 1
        elif lifecycle.is_final(job) and not lifecycle.is_final(before):
            self._totals[job.status] += 1
        self._jobs[job.job_id] = job
        for changed in self._watchers:
            changed.set()
        if job.job_id in self._nudges:
            self._nudges[job.job_id].set()
        return job

    def _again(self, job_id: str) -> None:
        async def later() -> None:
            await asyncio.sleep(lifecycle.retry_delay_s(self._jobs[job_id].attempt))
            self._queue.put_nowait(job_id)

        task = asyncio.create_task(later())
        self._later.add(task)
        task.add_done_callback(self._later.discard)


def _oldest_s(jobs: list[Job]) -> float | None:
    if not jobs:
        return None
    return (datetime.now(UTC) - datetime.fromisoformat(min(job.created_at for job in jobs))).total_seconds()


async def _first(*waits: Awaitable[object]) -> object:
    """Return what the first of the waits brings (the earlier named one, should two be done), and give up the rest."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task.result() for task in tasks if task.done())
    finally:
        for task in tasks:
            task.cancel()
