"""What only the real queue can do wrong: the four traps of its engine, crashes between two writes, and a server that
stumbles."""

import asyncio
import contextlib
import logging
import os
import pickle
import random
import signal
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import docket.worker
import pytest
import redis.asyncio
from tests.jobs.test_jobs_contract import REQUEST, Held, final, succeed, working
from tests.waiting import until

from datapilot.contracts.errors import QueueUnavailable
from datapilot.contracts.job import Job
from datapilot.jobs import outage_log
from datapilot.jobs.attempt import Started
from datapilot.jobs.base import Attempt
from datapilot.jobs.docket import LEASE, DocketJobs
from datapilot.jobs.embedded import attach
from datapilot.jobs.outage_log import ToldOnce

GROUP = "docket-workers"


@pytest.fixture
async def jobs(server_url: str) -> AsyncIterator[DocketJobs]:
    """The real queue on an empty embedded server."""
    async with DocketJobs(server_url) as queue:
        yield queue


@pytest.fixture
async def client(server_url: str) -> AsyncIterator["redis.asyncio.Redis"]:
    """A look at the server past the queue."""
    async with redis.asyncio.from_url(server_url, decode_responses=True) as one:
        yield one


async def nobody(job: Job) -> None:
    """Hear of an ended job and do nothing."""


async def queue_is_empty(client: "redis.asyncio.Redis") -> bool:
    """Say whether no entry is left, neither waiting nor delivered."""
    if await client.xlen("data_jobs"):
        return False
    groups = await client.xinfo_groups("data_jobs")
    return all(group["pending"] == 0 for group in groups)


async def eventually(holds: Callable[[], Any]) -> None:
    """Return once the awaited condition holds."""
    async with asyncio.timeout(60):
        while not await holds():  # noqa: ASYNC110 - the server gives no event for it
            await asyncio.sleep(0.02)


@pytest.mark.spec("D1")
async def test_record_and_queue_bear_the_agreed_names(jobs: DocketJobs, client: "redis.asyncio.Redis") -> None:
    """Whoever looks into the server finds the stream `data_jobs` and a hash with the keys of the contract."""
    await jobs.submit("job_1", filename="sales.csv", request=REQUEST)

    record = await client.hgetall("job:job_1")

    assert await client.xlen("data_jobs") == 1
    agreed = "jobId status step progress error errorMessage resultUrl createdAt updatedAt timeoutAt cancelledAt attempt"
    assert set(f"{agreed} filename".split()) <= set(record)
    assert (record["jobId"], record["status"], record["attempt"], record["error"]) == ("job_1", "submitted", "0", "")


@pytest.mark.spec("D9")
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-01-02T03:04:05+00:00", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05.678901", datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)),
        ("a word", None),
    ],
    ids=["with the offset that we write", "with a Z", "without a zone, which is UTC", "no time at all, which is none"],
)
async def test_heartbeat_is_understood_whoever_wrote_it(
    jobs: DocketJobs, client: "redis.asyncio.Redis", written: str, read: datetime | None
) -> None:
    """A script of the operator's may write it too, and must not break the health that it looks at."""
    await client.set("worker:heartbeat", written)

    assert await jobs.last_heartbeat() == read


async def test_entry_of_a_job_holds_its_id_and_nothing_of_the_users(jobs: DocketJobs) -> None:
    """The engine unpickles its entries, so no byte of what a user says is in one."""
    request = REQUEST.model_copy(update={"owner": "somebody", "request_id": "said-by-a-user"})
    await jobs.submit("job_1", filename="said-by-a-user.csv", request=request)

    async with jobs._queue.redis() as pickling:
        ((_, entry),) = await pickling.xrange("data_jobs")

    assert pickle.loads(entry[b"args"]) == ("job_1",)
    assert pickle.loads(entry[b"kwargs"]) == {}
    assert not [value for value in entry.values() if b"user" in value or b"somebody" in value]


@pytest.mark.spec("D10")
async def test_accepted_job_is_on_the_disk(jobs: DocketJobs, client: "redis.asyncio.Redis") -> None:
    """When submit returns, the server has confirmed the write; the record notes when."""
    await jobs.submit("job_1", filename="sales.csv", request=REQUEST)

    assert jobs._can_wait_for_disk
    assert await client.hget("job:job_1", "acceptedAt")


async def test_server_that_cannot_confirm_is_used_with_a_warning(
    start_server: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    """An old Redis works too; that a power cut may cost the last second is said once."""
    async with DocketJobs(start_server("redis")) as jobs:
        if (await jobs._redis.info("server"))["redis_version"] >= "7.2":
            pytest.skip("the Redis of this machine confirms writes")
        with caplog.at_level(logging.WARNING):
            for number in range(2):
                await jobs.submit(f"job_old_{number}", filename="sales.csv", request=REQUEST)

    assert sum("power cut" in line for line in caplog.messages) == 1


# Trap 1: a hiccup of the server must not stop a worker that is busy.


@pytest.mark.spec("D10")
async def test_hiccup_does_not_keep_new_jobs_waiting(jobs: DocketJobs, client: "redis.asyncio.Redis") -> None:
    """While one slot works on a long job all connections break: the other slot goes on at once, the long job keeps
    its attempt, and cancelling it still works."""
    held = Held()
    async with working(jobs, held, slots=2):
        await jobs.submit("job_long", filename="sales.csv", request=REQUEST)
        long = await held.attempts.get()

        for _ in range(3):
            await client.client_kill_filter(_type="normal", skipme=True)
            await client.client_kill_filter(_type="pubsub", skipme=True)
            await asyncio.sleep(0.05)
        await jobs.submit("job_short", filename="sales.csv", request=REQUEST)
        async with asyncio.timeout(30):
            short = await held.attempts.get()

        assert short.job.job_id == "job_short"
        assert (await jobs.get("job_long")).attempt == 1
        await jobs.cancel("job_long")
        async with asyncio.timeout(60):
            assert await long.ended == "over"


@pytest.mark.spec("G1")
async def test_outage_is_told_in_one_line(
    jobs: DocketJobs, client: "redis.asyncio.Redis", caplog: pytest.LogCaptureFixture
) -> None:
    """However many loops meet a server that is away, the log has a warning and no trace, or whoever collects errors
    would be sent thousands."""
    held = Held()
    with caplog.at_level(logging.WARNING, logger="docket"):
        async with working(jobs, held, slots=2):
            for number in range(3):
                await client.client_kill_filter(_type="normal", skipme=True)
                await client.client_kill_filter(_type="pubsub", skipme=True)
                await jobs.submit(f"job_{number}", filename="sales.csv", request=REQUEST)

    told = [record for record in caplog.records if record.name.startswith("docket")]
    assert [record.getMessage() for record in told if record.levelno > logging.WARNING or record.exc_info] == []
    assert len(told) <= 1


def test_lines_of_an_outage_come_back_after_a_while() -> None:
    """The first line is let through, those soon after are not, one later is; what is about anything else always is."""
    now = [0.0]
    told = ToldOnce(lambda: now[0])

    def passes(message: str, error: Exception | None = None) -> str | None:
        trace = (type(error), error, None) if error else None
        record = logging.LogRecord("docket.worker", logging.ERROR, "", 0, message, (), trace)
        return f"{record.levelname} {record.getMessage()}" if told.filter(record) else None

    gone = redis.exceptions.ConnectionError("Error 111 connecting to localhost:6379.")
    first = passes("Error in scheduler loop", gone)
    soon = [passes("Error sending worker heartbeat", gone), passes("Redis is unavailable, sleeping for 1 second...")]
    other = passes("Error in scheduler loop", ValueError("ours"))
    now[0] = 31.0

    assert first == "WARNING the queue's server does not answer: Error 111 connecting to localhost:6379."
    assert soon == [None, None]
    assert other == "ERROR Error in scheduler loop"
    assert passes("Redis is unavailable, sleeping for 1 second...") is not None


@pytest.mark.spec("G1")
async def test_server_that_refuses_us_is_told_with_its_reason(
    server_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who wrote a wrong database or password into REDIS_URL reads what the server says, not that there is none."""
    monkeypatch.setattr(outage_log._SHARED, "_quiet_until", float("-inf"))

    with caplog.at_level(logging.WARNING, logger="docket"):
        async with DocketJobs(f"{server_url}?db=99"):
            await until(lambda: bool(caplog.messages))

    assert caplog.messages[0] == "the queue's server does not answer: DB index is out of range"


# Trap 2: an attempt that lost its job must not take the newer one's entry out of the queue.


@pytest.mark.spec("D10")
async def test_stale_attempt_leaves_the_entry_of_the_newer_one(jobs: DocketJobs, client: "redis.asyncio.Redis") -> None:
    """Superseded, an attempt returns without acknowledging: should the newer worker die, the job is delivered again."""
    held = Held()
    async with working(jobs, held):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        stale = await held.attempts.get()
        (entry,) = await client.xpending_range("data_jobs", GROUP, "-", "+", 10)
        await client.xclaim("data_jobs", GROUP, "another", 0, [entry["message_id"]], justid=True)
        assert isinstance(await jobs.records.start("job_1", worker="another", max_attempts=5), Started)

        async with asyncio.timeout(60):
            assert await stale.ended == "superseded"
        await asyncio.sleep(0.3)

        assert await client.xlen("data_jobs") == 1
        left = await client.xpending_range("data_jobs", GROUP, "-", "+", 10)
        assert [one["message_id"] for one in left] == [entry["message_id"]]


# Trap 3: a connection that dies in silence must not make a worker wait for ever.


class Wire:
    """A TCP address that leads to the server, and whose open connections can be cut without a word."""

    def __init__(self, socket_path: str) -> None:
        self._socket_path = socket_path
        self._silent: set[asyncio.Event] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Wire":
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def go_silent(self) -> None:
        """From now on nothing passes over the connections that are open; new ones work."""
        for silent in self._silent:
            silent.set()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        silent = asyncio.Event()
        self._silent.add(silent)
        server_reader, server_writer = await asyncio.open_unix_connection(self._socket_path)
        for source, target in ((reader, server_writer), (server_reader, writer)):
            task = asyncio.create_task(_pass_on(source, target, silent))
            self._tasks.add(task)


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter, silent: asyncio.Event) -> None:
    try:
        while data := await source.read(65536):
            if silent.is_set():
                await asyncio.Event().wait()
            target.write(data)
            await target.drain()
    except ConnectionError:
        return
    finally:
        target.close()
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await target.wait_closed()


@pytest.mark.spec("D10")
async def test_silent_connection_is_given_up(server_url: str) -> None:
    """Every connection of a worker goes dead without being closed: it notices within the timeout and works on."""
    async with (
        Wire(server_url.removeprefix("unix://")) as wire,
        DocketJobs(f"redis://127.0.0.1:{wire.port}?socket_timeout=1.5") as far,
        DocketJobs(server_url) as near,
        working(far, succeed),
    ):
        await near.submit("job_1", filename="sales.csv", request=REQUEST)
        await final(near, "job_1")

        wire.go_silent()
        await near.submit("job_2", filename="sales.csv", request=REQUEST)
        job = await final(near, "job_2")

        assert job.status == "completed"


async def test_closing_does_not_wait_for_a_dead_connection(server_url: str) -> None:
    """A process that wants to end is not held up by a server that no longer answers: that would take 70 seconds."""
    async with Wire(server_url.removeprefix("unix://")) as wire:
        async with DocketJobs(f"redis://127.0.0.1:{wire.port}") as jobs:
            await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
            wire.go_silent()
            begun = asyncio.get_running_loop().time()

        assert asyncio.get_running_loop().time() - begun < 30


@pytest.mark.spec("D10")
async def test_entries_of_dead_workers_are_looked_for_in_time(jobs: DocketJobs) -> None:
    """A dead worker's job begins again within its lease and 5 s: an interval, late by a quarter, fits into that."""
    sweep = docket.worker.RedeliverySweep(jobs._queue, worker_name="w", redelivery_timeout=LEASE, message_batch=1)

    assert sweep.interval * 1.25 < 5


@pytest.mark.spec("D10")
async def test_all_jobs_of_a_dead_machine_begin_again_at_once(jobs: DocketJobs, client: "redis.asyncio.Redis") -> None:
    """Sixteen entries were abandoned together, and sixteen slots are free: none waits until another was found, which
    would take a minute and a half."""
    ids = [f"job_{number}" for number in range(16)]
    for job_id in ids:
        await jobs.submit(job_id, filename="sales.csv", request=REQUEST)
    await client.xgroup_create("data_jobs", GROUP, "0")
    async with jobs._queue.redis() as pickling:
        await pickling.xreadgroup(GROUP, "dead", {"data_jobs": ">"})
    entries = [one["message_id"] for one in await client.xpending_range("data_jobs", GROUP, "-", "+", len(ids))]
    lease_ms = round(LEASE.total_seconds() * 1000)
    await client.xclaim("data_jobs", GROUP, "dead", 0, entries, idle=lease_ms, justid=True)

    held = Held()
    async with working(jobs, held, slots=len(ids)):
        async with asyncio.timeout(30):
            begun = {(await held.attempts.get()).job.job_id for _ in ids}

    assert begun == set(ids)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://host:6379/0", "redis://host:6379/0?socket_timeout=70"),
        ("unix:///run/s.sock?db=1", "unix:///run/s.sock?db=1&socket_timeout=70"),
        ("rediss://host?socket_timeout=9", "rediss://host?socket_timeout=9"),
    ],
)
def test_every_url_gets_a_socket_timeout(url: str, expected: str) -> None:
    """The engine's own client would wait for ever; the URL is where it takes a timeout from."""
    from datapilot.jobs.docket import _with_socket_timeout

    assert _with_socket_timeout(url) == expected


# Trap 4: a cancellation may come at any moment.


@pytest.mark.spec("D3", "D10")
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_cancel_at_any_moment_leaves_a_clean_end(
    jobs: DocketJobs, client: "redis.asyncio.Redis", seed: int
) -> None:
    """Cancelled while waiting, starting, running or finishing: each job ends once, and nothing is left in the queue."""
    chance = random.Random(seed)
    published: list[str] = []

    async def work(attempt: Attempt) -> None:
        pause = asyncio.create_task(asyncio.sleep(0.02))
        await asyncio.wait([pause, attempt.ended], return_when=asyncio.FIRST_COMPLETED)
        if not attempt.ended.done() and await attempt.complete("/api/result"):
            published.append(attempt.job.job_id)

    async def one(number: int) -> Job:
        job_id = f"job_{number}"
        await jobs.submit(job_id, filename="sales.csv", request=REQUEST)
        await asyncio.sleep(chance.uniform(0, 0.12))
        with contextlib.suppress(Exception):
            await jobs.cancel(job_id)
        return await final(jobs, job_id)

    async with working(jobs, work, slots=4):
        ended = await asyncio.gather(*(one(number) for number in range(40)))
        await eventually(lambda: queue_is_empty(client))

    assert {job.status for job in ended} <= {"completed", "cancelled"}
    assert {job.job_id for job in ended if job.status == "completed"} == set(published)
    assert await client.zcard("jobs:waiting") == await client.zcard("jobs:running") == 0
    assert await client.keys("data_jobs:runs:job_*") == []


@pytest.mark.spec("D10")
async def test_wait_before_another_attempt_outlives_server_and_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job waits for its second attempt when the server is killed and its worker ends: a new worker makes it when it
    is due, and once."""
    # Or it may be due before it was seen waiting.
    monkeypatch.setattr("datapilot.jobs.lifecycle.retry_delay_s", lambda attempt: 3.0)
    begun: list[int] = []

    async def dies_at_first(attempt: Attempt) -> None:
        begun.append(attempt.number)
        if attempt.number > 1:
            await attempt.complete("/api/result")

    with attach(tmp_path) as server:
        async with DocketJobs(server.url) as jobs:
            async with working(jobs, dies_at_first):
                await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
                await eventually(lambda: jobs._redis.zcard("data_jobs:queue"))
            os.kill((await jobs._redis.info("server"))["process_id"], signal.SIGKILL)

        async with DocketJobs(server.url) as jobs, working(jobs, dies_at_first):
            job = await final(jobs, "job_1")
            await eventually(lambda: queue_is_empty(jobs._redis))

    assert (job.status, begun) == ("completed", [1, 2])


# What a crash between two writes leaves is repaired.


@pytest.mark.spec("D10")
async def test_job_without_an_entry_is_queued_again(jobs: DocketJobs, client: "redis.asyncio.Redis") -> None:
    """A submission that died between record and entry: the sweep makes up for it, and only once."""
    await jobs.records.create("job_1", filename="sales.csv", request=REQUEST)
    await _make_old(client, "job_1", "updatedAt", minutes=1)

    await jobs.reconcile(nobody)
    await jobs.reconcile(nobody)

    assert await client.xlen("data_jobs") == 1
    async with working(jobs, succeed):
        assert (await final(jobs, "job_1")).attempt == 1


@pytest.mark.spec("D10")
async def test_running_job_without_sign_of_life_is_started_again(
    jobs: DocketJobs, client: "redis.asyncio.Redis"
) -> None:
    """Worker and entry are both gone, while the engine still thinks the task runs: the sweep starts it anew."""
    held = Held()
    async with working(jobs, held) as running:
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        await held.attempts.get()
        await jobs.records.start("job_1", worker="dead", max_attempts=5)
        running.stop.set()
    (entry,) = await client.xpending_range("data_jobs", GROUP, "-", "+", 10)
    await client.xack("data_jobs", GROUP, entry["message_id"])
    await client.xdel("data_jobs", entry["message_id"])
    await _make_old(client, "job_1", "beatAt", minutes=2)

    await jobs.reconcile(nobody)

    async with working(jobs, succeed):
        job = await final(jobs, "job_1")
    assert (job.status, job.attempt) == ("completed", 3)


async def test_healthy_jobs_are_left_alone_by_the_sweep(jobs: DocketJobs, client: "redis.asyncio.Redis") -> None:
    """Neither a job that waits for its turn nor one at work is touched."""
    held = Held()
    async with working(jobs, held):
        for number in range(2):
            await jobs.submit(f"job_{number}", filename="sales.csv", request=REQUEST)
        await held.attempts.get()
        await _make_old(client, "job_1", "updatedAt", minutes=5)

        await jobs.reconcile(nobody)
        held.go.set()
        ended = [await final(jobs, f"job_{number}") for number in range(2)]

    assert [(job.status, job.attempt) for job in ended] == [("completed", 1), ("completed", 1)]
    assert await queue_is_empty(client)


@pytest.mark.spec("D4")
async def test_overdue_job_is_ended_by_the_sweep_of_any_worker(jobs: DocketJobs, client: "redis.asyncio.Redis") -> None:
    """A job whose worker died and which nobody asks for still ends, and its end is reported."""
    ended: list[Job] = []

    async def report(job: Job) -> None:
        ended.append(job)

    await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
    await _make_old(client, "job_1", "timeoutAt", minutes=1)

    await jobs.reconcile(report)

    assert [(job.job_id, job.status, job.error) for job in ended] == [("job_1", "failed", "timeout")]
    assert await client.xlen("data_jobs") == 0


async def test_names_of_dead_workers_are_removed(
    jobs: DocketJobs, client: "redis.asyncio.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each start of a worker adds names to the queue's group; the sweep removes those of workers that are gone."""
    monkeypatch.setattr("datapilot.jobs.docket.IDLE_CONSUMER_MS", 0)
    for number in range(3):
        async with working(jobs, succeed, slots=2):
            await jobs.submit(f"job_{number}", filename="sales.csv", request=REQUEST)
            await final(jobs, f"job_{number}")
    before = await client.xinfo_consumers("data_jobs", GROUP)
    await asyncio.sleep(0.01)

    await jobs.reconcile(nobody)

    assert len(before) >= 3
    assert await client.xinfo_consumers("data_jobs", GROUP) == []


@pytest.mark.spec("F1")
async def test_finished_jobs_leave_one_key_each_that_does_not_live_for_ever(
    jobs: DocketJobs, client: "redis.asyncio.Redis"
) -> None:
    """After many jobs there are their records, each with an end, and a handful of keys of the queue itself."""
    async with working(jobs, succeed, slots=2):
        for number in range(10):
            await jobs.submit(f"job_{number}", filename="sales.csv", request=REQUEST)
        for number in range(10):
            await final(jobs, f"job_{number}")
        await eventually(lambda: queue_is_empty(client))

    records = await client.keys("job:*")
    others = [key for key in await client.keys("*") if key not in records]
    assert len(records) == 10
    assert all([await client.ttl(key) > 0 for key in records])
    assert len(others) < 20
    assert not [key for key in others if "job_1" in key]


async def test_list_of_newest_jobs_forgets_records_that_are_gone(
    jobs: DocketJobs, client: "redis.asyncio.Redis"
) -> None:
    """A record whose lifetime ended takes its place in the list with it."""
    for number in range(2):
        await jobs.submit(f"job_{number}", filename="sales.csv", request=REQUEST)
    await client.delete("job:job_0")

    assert [job.job_id for job in await jobs.recent()] == ["job_1"]
    assert await client.zcard("jobs:recent") == 1


# A server that stumbles or is gone.


async def test_submission_survives_broken_connections(jobs: DocketJobs, client: "redis.asyncio.Redis") -> None:
    """After a restart of the server the connections of the pool are stale; a submission does not fail on them."""
    for number in range(5):
        await jobs.submit(f"job_{number}", filename="sales.csv", request=REQUEST)
        await client.client_kill_filter(_type="normal", skipme=True)

    assert await client.xlen("data_jobs") == 5


async def test_absent_server_is_said_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no server to speak to, every verb says so instead of hanging."""
    monkeypatch.setattr("datapilot.jobs.docket.PATIENCE_S", 0.2)
    async with DocketJobs("redis://127.0.0.1:1") as jobs:
        async with asyncio.timeout(60):
            for verb in (
                lambda: jobs.submit("job_1", filename="sales.csv", request=REQUEST),
                lambda: jobs.get("job_1"),
                lambda: jobs.cancel("job_1"),
                jobs.stats,
                jobs.ping,
                jobs.beat,
            ):
                with pytest.raises(QueueUnavailable):
                    await verb()


async def test_full_server_is_said(jobs: DocketJobs, client: "redis.asyncio.Redis") -> None:
    """A server that may take no more data refuses jobs; what it holds can still be read."""
    await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
    await client.config_set("maxmemory", "1")
    try:
        with pytest.raises(QueueUnavailable):
            await jobs.submit("job_2", filename="sales.csv", request=REQUEST)

        assert (await jobs.get("job_1")).status == "submitted"
    finally:
        await client.config_set("maxmemory", "0")


async def test_watcher_hears_again_after_broken_connections(jobs: DocketJobs, client: "redis.asyncio.Redis") -> None:
    """A page that watches sees the end of its job although its subscription was cut meanwhile."""
    held = Held()
    async with working(jobs, held):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        await held.attempts.get()
        watching = asyncio.create_task(final(jobs, "job_1"))
        await asyncio.sleep(0.1)

        await client.client_kill_filter(_type="pubsub", skipme=True)
        held.go.set()

        async with asyncio.timeout(60):
            assert (await watching).status == "completed"


# Scheduled actions.


@pytest.mark.spec("F3")
async def test_scheduled_action_runs_once_for_all_workers(server_url: str) -> None:
    """Two workers with the same schedule: each time is taken by one of them, so that there are no more runs than
    seconds have passed."""
    times: list[datetime] = []

    async def action() -> None:
        times.append(datetime.now(UTC))

    async with DocketJobs(server_url) as one, DocketJobs(server_url) as two:
        for queue in (one, two):
            queue.schedule("tidy", "* * * * * *", action)
        async with working(one, succeed), working(two, succeed):
            await until(lambda: len(times) >= 6)

    assert len(times) <= (times[-1] - times[0]).total_seconds() + 3  # one at each end, and what a run was late


async def test_failed_action_is_run_the_next_time_again(jobs: DocketJobs, caplog: pytest.LogCaptureFixture) -> None:
    """An action that raises is logged and does not end its schedule."""
    runs: list[int] = []

    async def action() -> None:
        runs.append(1)
        raise RuntimeError("broken")

    jobs.schedule("tidy", "* * * * * *", action)
    async with working(jobs, succeed):
        await until(lambda: len(runs) >= 2)

    assert "scheduled action tidy failed" in caplog.text


async def _make_old(client: "redis.asyncio.Redis", job_id: str, field: str, *, minutes: int) -> None:
    moment = datetime.now(UTC) - timedelta(minutes=minutes)
    await client.hset(f"job:{job_id}", field, moment.isoformat(timespec="milliseconds"))
