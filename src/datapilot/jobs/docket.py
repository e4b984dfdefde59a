"""The real queue: pydocket on Redis or Valkey, with the records of jobs/records.py. Knows no work and no HTTP.

docket claims, renews, redelivers and schedules; what a user sees is our own record alone. Four ways in which docket
would lose or block jobs are closed here and in `deliveries`, each with its test in tests/jobs:
- one Worker with several slots stops reading, renewing and cancelling after a hiccup of the server until all its jobs
  end: every slot is a Worker of its own, with its own name;
- a stale attempt that returns normally acknowledges the entry of the newer one: it raises AdmissionBlocked(handled);
- docket's client waits for ever on a connection that died in silence: the URL carries a socket timeout;
- a cancellation may hit any await: the body runs in a task of its own, and a cancellation is only a nudge to it.

docket's payloads are pickled, so only the job id travels in them, and whoever may write to the server may run code
in the workers.
"""

import asyncio
import logging
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, TypeVar

import docket.worker
import redis.asyncio
from docket import Cron, CurrentExecution, CurrentWorker, Docket, Execution, Worker
from docket._redelivery import SWEEP_START, RedeliverySweep
from docket._redis import RedisClient, RedisMessages
from docket.dependencies import AdmissionBlocked
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError

from datapilot.contracts.errors import QueueUnavailable, UnknownJob
from datapilot.contracts.job import Job, JobRequest
from datapilot.jobs import lifecycle
from datapilot.jobs.attempt import Workplace
from datapilot.jobs.base import Action, Ended, JobStats, KeptRecord, Work
from datapilot.jobs.deliveries import Deliveries
from datapilot.jobs.outage_log import tell_outages_once
from datapilot.jobs.records import RedisRecords, our_errors

QUEUE = "data_jobs"
TASK = "run_job"

LEASE = timedelta(seconds=15)  # a dead worker's job is taken over after this long
SWEEP_EVERY_S = 1.0  # how often a free slot looks for such jobs; docket's own pace takes up to 9 s more
CHECK_INTERVAL = timedelta(milliseconds=50)  # 85 jobs/s with a child each, 2 % of a core when idle
RECONNECT_DELAY = timedelta(milliseconds=200)
SOCKET_TIMEOUT_S = 70  # docket's longest blocking read takes 60 s
PATIENCE_S = 5.0  # a request of a user waits this long for a server that restarts
DURABLE_WITHIN_MS = 5_000
CLOSE_WITHIN_S = 2.0

SWEEP_CRON = "* * * * *"
SWEEP_LIMIT = 500  # jobs a sweep looks at; the oldest come first, so none is overlooked for ever
NO_ENTRY_AFTER = timedelta(seconds=30)  # a job waiting longer is put into the queue again, in case its entry is gone
NO_BEAT_AFTER = timedelta(seconds=60)  # a running job without a sign of life for longer is started again
LATE_BY = timedelta(seconds=5)  # a worker ends an overdue job itself; this long after, the sweep does
IDLE_CONSUMER_MS = 60_000
FRESH_WORKER_S = 10  # docket's workers sign on every 2 s
KEEP_S = 30 * 24 * 3600.0

logger = logging.getLogger(__name__)
# Closing cuts docket's reads short, of which it warns; in a command, where no log is set up, Python would print that.
logging.getLogger("docket").addHandler(logging.NullHandler())
tell_outages_once()

Answer = TypeVar("Answer")


class _Queue(Docket):
    """docket with the stream under the exact name of the queue; its other keys are `data_jobs:*`."""

    @property
    def stream_key(self) -> str:
        return self.prefix


class PromptSweep(RedeliverySweep):
    """docket's search for the entries of dead workers, at a pace that keeps the promise of the lease and 5 s.

    docket lets one slot of the whole fleet look per interval, and a slot of ours takes one entry and is then busy: the
    jobs of a dead machine would begin again one after the other, an interval apart. Here each free slot looks for
    itself, from the front, until it has found something or seen everything; its twenty reads a second cost more.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.interval = min(self.interval, SWEEP_EVERY_S)

    async def due(self, redis: RedisClient) -> bool:  # noqa: ARG002 - docket would ask the server for leave here
        return time.monotonic() >= self.next_sweep

    async def claim(self, redis: RedisClient, available_slots: int) -> RedisMessages:
        while not (found := await super().claim(redis, available_slots)) and self.start_id != SWEEP_START:
            pass  # one step of the walk saw ten entries at most
        self.start_id = SWEEP_START
        return found


# docket offers no setting for it; tests/jobs shows that this one is used.
docket.worker.RedeliverySweep = PromptSweep  # type: ignore[attr-defined]


class DocketJobs:
    """See `datapilot.jobs.base.Jobs`. Use it as an async context manager; it is of one event loop.

    `keep_s` is how long after its last change a record is forgotten when no retention runs.
    """

    def __init__(self, url: str, *, keep_s: float = KEEP_S, lease: timedelta = LEASE) -> None:
        self._url = url
        self._keep_s = keep_s
        self._lease = lease
        self._actions: dict[str, tuple[str, Action]] = {}
        self._deliveries: Deliveries | None = None
        self._can_wait_for_disk = True

    async def __aenter__(self) -> "DocketJobs":
        self._stack = AsyncExitStack()
        self._redis = redis.asyncio.from_url(
            self._url,
            decode_responses=True,
            socket_timeout=5,
            socket_connect_timeout=5,
            health_check_interval=15,
            retry=Retry(ExponentialBackoff(cap=0.5, base=0.02), 6, supported_errors=(RedisConnectionError,)),
        )
        self._stack.push_async_callback(self._redis.aclose)
        self.records = RedisRecords(self._redis, keep_s=self._keep_s)
        self._stack.push_async_callback(self.records.close)
        queue = _Queue(name=QUEUE, url=_with_socket_timeout(self._url), execution_ttl=timedelta(0))
        self._queue = await self._stack.enter_async_context(queue)
        self._queue.register(self._task(), names=[TASK])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        closing = asyncio.ensure_future(self._stack.__aexit__(kind, error, traceback))
        await asyncio.wait([closing], timeout=CLOSE_WITHIN_S)
        if not closing.done():
            # docket asks its reading tasks to end once, and a read may swallow that; a second request gets through.
            closing.cancel()
            await asyncio.wait([closing], timeout=CLOSE_WITHIN_S)

    async def submit(self, job_id: str, *, filename: str, request: JobRequest) -> Job:
        await self._patiently(lambda: self.records.create(job_id, filename=filename, request=request))
        await self._patiently(lambda: self._enqueue(job_id))
        await self._patiently(lambda: self._settle(job_id))
        return await self.records.get(job_id)

    async def resubmit(self, job_id: str, *, request: JobRequest) -> Job:
        await self.get(job_id)  # which ends it, should its time be up
        request = request.model_copy(update={"owner": (await self.records.request(job_id)).owner})
        now = datetime.now(UTC)
        job = await self._patiently(lambda: self.records.resubmit(job_id, request=request, now=now))
        await self._patiently(lambda: self._enqueue_anew(job_id))
        await self._patiently(lambda: self._settle(job_id))
        return job

    async def cancel(self, job_id: str) -> Job:
        await self.get(job_id)
        job = await self._patiently(lambda: self.records.cancel(job_id))
        await self._remove(job_id)
        return job

    async def run(
        self, work: Work, *, slots: int, max_attempts: int, stop: asyncio.Event, drain: asyncio.Event, ended: Ended
    ) -> None:
        leave = asyncio.Event()
        place = Workplace(self.records, work, ended, max_attempts, stop)
        self._deliveries = Deliveries(place, self.records, self._renew, leave)
        self.schedule("reconcile", SWEEP_CRON, lambda: self.reconcile(ended))
        for name, (cron, action) in self._actions.items():
            self._queue.register(_scheduled(name, cron, action), names=[name])
        process = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
        workers = [asyncio.create_task(self._slot(f"{process}:{slot}", leave)) for slot in range(slots)]
        signals = [asyncio.create_task(stop.wait()), asyncio.create_task(drain.wait())]
        try:
            await asyncio.wait([*workers, *signals], return_when=asyncio.FIRST_COMPLETED)
            leave.set()
            await asyncio.gather(*workers)
        finally:
            for task in [*workers, *signals]:
                task.cancel()

    def schedule(self, name: str, cron: str, action: Action) -> None:
        self._actions[name] = (cron, action)

    async def stats(self) -> JobStats:
        counted = await self.records.counts()
        with our_errors():
            fresh = datetime.now(UTC).timestamp() - FRESH_WORKER_S
            slots = await self._redis.zrangebyscore(self._queue.workers_set, fresh, "+inf")
        workers = {str(slot).rpartition(":")[0] for slot in slots}
        return replace(counted, workers=len(workers))

    async def get(self, job_id: str) -> Job:
        job = await self._patiently(lambda: self.records.get(job_id))
        if lifecycle.is_overdue(job, lifecycle.now_text()):
            if await self.records.expire(job_id):
                await self._remove(job_id)
            job = await self.records.get(job_id)
        return job

    async def request(self, job_id: str) -> JobRequest:
        return await self.records.request(job_id)

    async def recent(self, limit: int = 50, *, owner: str | None = None) -> list[Job]:
        now = lifecycle.now_text()
        jobs = await self._patiently(lambda: self.records.recent(limit, owner=owner))
        return [await self.get(job.job_id) if lifecycle.is_overdue(job, now) else job for job in jobs]

    async def watch(self, job_id: str) -> AsyncIterator[Job]:
        last: Job | None = None
        async for _ in self.records.watch(job_id):
            try:
                job = await self.get(job_id)
            except QueueUnavailable:
                if last is None:
                    raise
                continue  # who watches waits for the server to come back
            if last is None or job.revision != last.revision:
                yield job
            if lifecycle.is_final(job):
                return
            last = job

    async def kept(self) -> AsyncIterator[KeptRecord]:
        async for record in self.records.kept():
            yield record

    async def forget(self, job_id: str, *, unchanged_since: str | None = None) -> bool:
        return await self.records.forget(job_id, unchanged_since=unchanged_since)

    async def beat(self) -> None:
        await self.records.beat()

    async def last_heartbeat(self) -> datetime | None:
        return await self.records.last_heartbeat()

    async def ping(self) -> None:
        await self.records.ping()

    async def reconcile(self, ended: Ended) -> None:
        """Repair what a crash between two writes has left: entries without job, jobs without entry, dead consumers."""
        now = datetime.now(UTC)
        silent, lost = lifecycle.now_text(now - NO_BEAT_AFTER), lifecycle.now_text(now - NO_ENTRY_AFTER)
        overdue = lifecycle.now_text(now - LATE_BY)
        for job in await self.records.living(SWEEP_LIMIT):
            if job.timeout_at <= overdue:
                if await self.records.expire(job.job_id):
                    await self._remove(job.job_id)
                    await ended(await self.records.get(job.job_id))
            elif job.status == "submitted" and job.updated_at < lost:
                await self._enqueue(job.job_id)
            elif job.status == "processing" and job.beat_at < silent:
                logger.warning("job %s shows no sign of life and is started again", job.job_id)
                await self._enqueue_anew(job.job_id)
        await self._drop_dead_consumers()

    async def _slot(self, name: str, leave: asyncio.Event) -> None:
        worker = Worker(
            self._queue,
            name=name,
            concurrency=1,
            redelivery_timeout=self._lease,
            minimum_check_interval=CHECK_INTERVAL,
            reconnection_delay=RECONNECT_DELAY,
        )
        async with worker:
            running = asyncio.create_task(worker.run_forever())
            left = asyncio.create_task(leave.wait())
            await asyncio.wait([running, left], return_when=asyncio.FIRST_COMPLETED)
            left.cancel()
            # Leaving the block tells the Worker to claim nothing more, and waits for its job. Cancelling it would not
            # do: a read of the server's answer may swallow the cancellation. docket stops renewing the job's lease
            # now; the attempt renews it itself (see deliveries).
        await running

    def _task(self) -> Callable[..., Awaitable[None]]:
        async def run_job(
            job_id: str, execution: Execution = CurrentExecution(), worker: Worker = CurrentWorker()
        ) -> None:
            if self._deliveries is None:  # a process that only submits runs no Worker, so nothing is delivered to it
                raise AdmissionBlocked(execution, reason="no worker", handled=True)
            await self._deliveries.run(job_id, execution, worker)

        return run_job

    async def _enqueue(self, job_id: str) -> None:
        """Put the job into the queue; without effect while its entry is there or its attempt runs."""
        with our_errors():
            await self._queue.add(TASK, key=job_id)(job_id)

    async def _enqueue_anew(self, job_id: str) -> None:
        """Put the job into the queue although docket's own record may still say that it runs."""
        with our_errors():
            await self._queue.replace(TASK, datetime.now(UTC), job_id)(job_id)

    async def _remove(self, job_id: str) -> None:
        """Take the job's entry out of the queue and wake the worker that runs it. Should this fail, the entry is
        refused at its start, and the worker sees the end of the job at its next beat."""
        try:
            with our_errors():
                await self._queue.cancel(job_id)
            if (await self.records.get(job_id)).status == "submitted":
                await self._enqueue_anew(job_id)  # it was run again meanwhile, and the entry removed was the new one
        except QueueUnavailable:
            logger.warning("the queue entry of %s could not be removed now", job_id)
        except UnknownJob:
            return

    async def _settle(self, job_id: str) -> None:
        """Return when record and entry are on the server's disk, where the server can say so (Valkey, Redis 7.2).

        The append-only file is written in order, so a write on this connection after them, once synced, vouches for
        both; WAITAOF on a connection that has written nothing would prove nothing.
        """
        if not self._can_wait_for_disk:
            return
        with our_errors():
            async with self._redis.client() as connection:
                await connection.hset(f"job:{job_id}", "acceptedAt", lifecycle.now_text())
                try:
                    synced = await connection.execute_command("WAITAOF", 1, 0, DURABLE_WITHIN_MS)  # type: ignore[no-untyped-call]
                except ResponseError as refused:
                    self._can_wait_for_disk = False
                    logger.warning(
                        "the queue's server cannot confirm writes to disk (%s): a power cut may take the jobs of the"
                        " last second",
                        refused,
                    )
                    return
        if not synced[0]:
            raise QueueUnavailable("The queue's disk is too slow to accept jobs at the moment. Try again later.")

    async def _drop_dead_consumers(self) -> None:
        """Remove the names of dead workers from the consumer group: docket never does, and each start adds some."""
        stream, group = self._queue.stream_key, self._queue.worker_group_name
        with our_errors():
            alive = set(await self._redis.zrange(self._queue.workers_set, 0, -1))
            try:
                consumers = await self._redis.xinfo_consumers(stream, group)
            except ResponseError:  # no worker has ever read from the queue, so it has no group yet
                return
            for consumer in consumers:
                idle = not consumer["pending"] and consumer["idle"] > IDLE_CONSUMER_MS
                if idle and consumer["name"] not in alive:
                    await self._redis.xgroup_delconsumer(stream, group, consumer["name"])

    async def _renew(self, consumer: str, entry: bytes) -> None:
        """Keep the entry from being delivered to another worker."""
        stream, group = self._queue.stream_key, self._queue.worker_group_name
        with our_errors():
            await self._redis.xclaim(stream, group, consumer, 0, [entry], idle=0, justid=True)

    async def _patiently(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask again while the server restarts: connections of a pool are stale after it, and every ask of ours may be
        repeated."""
        give_up = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            try:
                return await ask()
            except QueueUnavailable:
                if asyncio.get_running_loop().time() > give_up:
                    raise
                await asyncio.sleep(0.1)


def _scheduled(name: str, cron: str, action: Action) -> Callable[..., Awaitable[None]]:
    async def task(timer: Cron = Cron(cron)) -> None:  # noqa: ARG001 - docket reads the schedule from the default
        try:
            await action()
        except Exception:  # a failed run must not end the schedule
            logger.exception("scheduled action %s failed", name)

    task.__name__ = name  # docket takes the key of a scheduled task from here
    return task


def _with_socket_timeout(url: str) -> str:
    if "socket_timeout=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}socket_timeout={SOCKET_TIMEOUT_S}"
