"""Workers as processes, on a real server and a real folder: stopped, killed, frozen, drained, and two at a time."""

import asyncio
import json
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from tests.system_processes import is_alive
from tests.waiting import until
from tests.worker.worker_process import Setting, WorkerProcess

from datapilot.contracts.job import Job, JobRequest
from datapilot.jobs.docket import DocketJobs
from datapilot.jobs.embedded import EmbeddedServer, attach
from datapilot.storage.base import Storage
from datapilot.storage.keys import error_key, result_key, upload_key
from datapilot.storage.local import local_storage
from datapilot.worker.main import DRAIN, drain_workers

pytestmark = pytest.mark.slow

Start = Callable[..., WorkerProcess]

SOON_S = 5.0  # for what takes a tenth of a second on a machine that has nothing else to do
QUICK_LEASE_S = 3.0  # for jobs of dead workers; one at work renews its own every second, and must be free to be late


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """An embedded server for all tests of this file."""
    with attach(tmp_path_factory.mktemp("server")) as one:
        yield one


@pytest.fixture
async def jobs(server: EmbeddedServer) -> AsyncIterator[DocketJobs]:
    """The queue as a client sees it, empty at the start."""
    with redis.Redis.from_url(server.url) as client:
        client.flushall()
    async with DocketJobs(server.url) as queue:
        yield queue


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder whose path is short enough for the sockets of workers."""
    with tempfile.TemporaryDirectory(prefix="w") as folder:
        yield Path(folder)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """The folder that the workers use too."""
    return local_storage(tmp_path / "store")


@pytest.fixture
def start(server: EmbeddedServer, tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts a worker whose children run a target; all are gone at the end."""
    started: list[WorkerProcess] = []

    def one(target: str, **setting: float) -> WorkerProcess:
        process = WorkerProcess(
            Setting(url=server.url, folder=str(tmp_path), target=target, **setting), starts=tmp_path / "starts"
        )
        started.append(process)
        return process

    yield one
    for process in started:
        process.end()


async def submit(jobs: DocketJobs, storage: Storage, job_id: str, content: str, *, timeout_s: float = 120) -> None:
    """Upload the content and submit it."""
    key = upload_key(job_id, "sales.csv")
    await storage.put_bytes(key, content.encode())
    request = JobRequest(upload_key=key, bytes=len(content), timeout_s=timeout_s)
    await jobs.submit(job_id, filename="sales.csv", request=request)


async def final(jobs: DocketJobs, job_id: str, within_s: float = 60) -> Job:
    """Return the job once it has ended."""
    async with asyncio.timeout(within_s):
        async for job in jobs.watch(job_id):
            last = job
    return last


async def at_work(jobs: DocketJobs, job_id: str, *, attempt: int = 1) -> int:
    """Return the id of the process that does the job's attempt, once it tells."""
    async with asyncio.timeout(60):
        async for job in jobs.watch(job_id):
            if job.attempt == attempt and job.step == "profiling" and job.detail:
                return int(job.detail)
    raise AssertionError("the job ended before")


@pytest.mark.spec("D6", "D5")
async def test_stopped_worker_ends_its_jobs_and_leaves_no_process(
    jobs: DocketJobs, storage: Storage, start: Start
) -> None:
    """SIGTERM: both running jobs have failed as worker_shutdown, the exit is clean and quick, nobody is left."""
    worker = start("spin", slots=2)
    for job_id in ("job_1", "job_2"):
        await submit(jobs, storage, job_id, "x")
    children = [await at_work(jobs, job_id) for job_id in ("job_1", "job_2")]
    family = worker.descendants()

    worker.process.terminate()
    status = await worker.ended()

    assert status == 0
    assert set(children) <= set(family)
    await until(lambda: not any(map(is_alive, family)))
    for job_id in ("job_1", "job_2"):
        job = await jobs.get(job_id)
        report = json.loads(await storage.get(error_key(job_id)))
        assert (job.status, job.error, report["error"]) == ("failed", "worker_shutdown", "worker_shutdown")


@pytest.mark.spec("D1")
async def test_spare_child_does_the_next_job_and_is_replaced(jobs: DocketJobs, storage: Storage, start: Start) -> None:
    """One process waits for a task; it does the next job, and then another waits. One that was killed is no loss."""
    worker = start("succeed")
    await worker.ready()
    (first,) = worker.spares()

    await submit(jobs, storage, "job_1", "x")
    await final(jobs, "job_1")
    await until(lambda: len(worker.spares()) == 1 and first not in worker.spares())
    (second,) = worker.spares()
    os.kill(second, signal.SIGKILL)
    await until(lambda: not is_alive(second))
    await submit(jobs, storage, "job_2", "x")
    after = await final(jobs, "job_2")

    assert json.loads(await storage.get(result_key("job_1")))["pid"] == first
    assert json.loads(await storage.get(result_key("job_2")))["pid"] != second
    assert (after.status, after.attempt) == ("completed", 1)


@pytest.mark.spec("D6", "D10")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, DRAIN], ids=lambda number: number.name)
async def test_spare_child_ends_with_its_worker(start: Start, number: signal.Signals) -> None:
    """Stopped, killed or drained: nobody goes on waiting for a task of a worker that is gone."""
    worker = start("succeed")
    await worker.ready()
    family = worker.descendants()
    spares = worker.spares()

    worker.process.send_signal(number)
    await worker.ended()

    assert len(spares) == 1
    await until(lambda: not any(map(is_alive, family)))


@pytest.mark.spec("D10")
async def test_job_of_a_killed_worker_is_done_by_another(
    jobs: DocketJobs, storage: Storage, start: Start, tmp_path: Path
) -> None:
    """kill -9 of a worker: its child goes with it, and another worker completes the job as a new attempt."""
    first = start("wait_for_word")
    await submit(jobs, storage, "job_1", str(tmp_path / "word"))
    child = await at_work(jobs, "job_1")
    start("wait_for_word", lease_s=QUICK_LEASE_S)

    first.process.kill()
    await until(lambda: not is_alive(child), SOON_S)
    (tmp_path / "word").touch()
    job = await final(jobs, "job_1")

    assert (job.status, job.attempt) == ("completed", 2)
    assert json.loads(await storage.get(result_key("job_1")))["pid"] != child


@pytest.mark.spec("D10", "D5")
async def test_job_that_kills_its_children_is_given_up(
    jobs: DocketJobs, storage: Storage, start: Start, tmp_path: Path
) -> None:
    """Poison: after the allowed attempts the job is failed with its report, and the worker does the next one."""
    start("die", max_attempts=2)
    await submit(jobs, storage, "job_1", "x")

    job = await final(jobs, "job_1")
    await until((tmp_path / "store" / error_key("job_1")).exists)

    assert (job.status, job.error, job.attempt) == ("failed", "too_many_attempts", 2)


@pytest.mark.spec("D10")
async def test_frozen_worker_is_replaced_and_publishes_nothing_when_it_wakes(
    jobs: DocketJobs, storage: Storage, start: Start, tmp_path: Path
) -> None:
    """A worker frozen past its lease loses the job; awake again it ends its child and leaves the result alone."""
    frozen = start("wait_for_word", lease_s=QUICK_LEASE_S)
    await submit(jobs, storage, "job_1", str(tmp_path / "word"))
    child = await at_work(jobs, "job_1")
    start("wait_for_word", lease_s=QUICK_LEASE_S)

    frozen.process.send_signal(signal.SIGSTOP)
    other = await at_work(jobs, "job_1", attempt=2)
    frozen.process.send_signal(signal.SIGCONT)
    await until(lambda: not is_alive(child))
    (tmp_path / "word").touch()
    job = await final(jobs, "job_1")

    assert (job.status, job.attempt) == ("completed", 2)
    assert json.loads(await storage.get(result_key("job_1")))["pid"] == other
    assert not await storage.exists(error_key("job_1"))
    assert (tmp_path / "starts").read_text().splitlines() == [f"job_1 {child}", f"job_1 {other}"]


@pytest.mark.spec("D1")
async def test_two_workers_share_the_jobs(jobs: DocketJobs, storage: Storage, start: Start, tmp_path: Path) -> None:
    """Every job is started once and completed, whichever worker takes it; a worker whose slots are full leaves the
    rest to the other."""
    workers = [start("wait_for_word", slots=2) for _ in range(2)]
    for number in range(12):
        await submit(jobs, storage, f"job_{number}", str(tmp_path / "word"))
    await until(lambda: _starts(tmp_path) == 4)

    (tmp_path / "word").touch()
    ended = [await final(jobs, f"job_{number}") for number in range(12)]

    assert {(job.status, job.attempt) for job in ended} == {("completed", 1)}
    starts = (tmp_path / "starts").read_text().splitlines()
    assert sorted(start.split()[0] for start in starts) == sorted(f"job_{number}" for number in range(12))
    assert all(any(line["message"] == "completed" for line in worker.lines()) for worker in workers)


def _starts(folder: Path) -> int:
    """Return how many jobs have been started so far."""
    return len((folder / "starts").read_text().splitlines()) if (folder / "starts").exists() else 0


@pytest.mark.spec("D4")
async def test_timeout_is_kept_to_by_the_worker(jobs: DocketJobs, storage: Storage, start: Start) -> None:
    """A child that never waits is gone when the job's time is over, with nobody asking for the job."""
    worker = start("spin")
    await worker.ready()
    await submit(jobs, storage, "job_1", "x", timeout_s=10)
    child = await at_work(jobs, "job_1")

    await until(lambda: not is_alive(child))
    overshoot = datetime.now(UTC) - datetime.fromisoformat((await jobs.get("job_1")).timeout_at)

    assert overshoot < timedelta(seconds=SOON_S)
    assert (await jobs.get("job_1")).error == "timeout"


@pytest.mark.spec("D3")
async def test_cancel_reaches_a_worker_of_another_process(jobs: DocketJobs, storage: Storage, start: Start) -> None:
    """Cancelled from here, gone over there, and nothing is left of it in the queue."""
    start("spin")
    await submit(jobs, storage, "job_1", "x")
    child = await at_work(jobs, "job_1")

    await jobs.cancel("job_1")
    await until(lambda: not is_alive(child), SOON_S)

    assert not await storage.exists(result_key("job_1"))
    with redis.Redis.from_url(jobs._url, decode_responses=True) as client:
        await until(lambda: client.xlen("data_jobs") == 0)
        assert client.zcard("jobs:running") == 0


async def test_draining_worker_finishes_its_job_and_ends(
    jobs: DocketJobs, storage: Storage, start: Start, tmp_path: Path
) -> None:
    """Told to drain, a worker claims nothing new, keeps its job beyond the lease, completes it, and is gone."""
    worker = start("take_a_while", lease_s=1.5)
    await submit(jobs, storage, "job_1", "4")
    await submit(jobs, storage, "job_2", "0")
    await at_work(jobs, "job_1")

    told = await drain_workers(tmp_path / "scratch")

    assert told == 1
    assert await worker.ended() == 0
    done, waiting = await jobs.get("job_1"), await jobs.get("job_2")
    assert (done.status, done.attempt) == ("completed", 1)
    assert (waiting.status, waiting.attempt) == ("submitted", 0)
    assert await drain_workers(tmp_path / "scratch") == 0


@pytest.mark.spec("D9", "G3")
async def test_sign_of_life_is_there_from_the_start(jobs: DocketJobs, start: Start) -> None:
    """A worker that has just started counts as alive at once, and its sign of life expires."""
    await start("succeed").ready()

    await until(lambda: _ttl(jobs._url, "worker:heartbeat") > 0)

    beat = await jobs.last_heartbeat()
    assert beat is not None
    assert datetime.now(UTC) - beat < timedelta(seconds=60)
    assert 0 < _ttl(jobs._url, "worker:heartbeat") <= 120


@pytest.mark.spec("D10")
async def test_jobs_go_on_while_the_server_is_killed(
    jobs: DocketJobs, storage: Storage, start: Start, server: EmbeddedServer, tmp_path: Path
) -> None:
    """kill -9 of the server: it comes back with everything, the running job ends as its first attempt, and new jobs
    are taken."""
    start("wait_for_word", slots=2)
    await submit(jobs, storage, "job_1", str(tmp_path / "word"))
    await at_work(jobs, "job_1")
    with redis.Redis.from_url(server.url) as client:
        os.kill(client.info("server")["process_id"], signal.SIGKILL)

    await submit(jobs, storage, "job_2", __file__)
    second = await final(jobs, "job_2")
    (tmp_path / "word").touch()
    first = await final(jobs, "job_1")

    assert (second.status, second.attempt) == ("completed", 1)
    assert (first.status, first.attempt) == ("completed", 1)


async def test_files_of_a_killed_worker_are_removed_by_the_next(
    jobs: DocketJobs, storage: Storage, start: Start, tmp_path: Path
) -> None:
    """A killed worker leaves a folder; the next one to start clears it away, and its own when it ends. Neither leaves
    anything in the system's folder for temporary files."""
    first = start("take_a_while")
    await submit(jobs, storage, "job_1", "1")
    await at_work(jobs, "job_1")
    first.process.kill()
    first.process.wait()
    (left,) = [entry for entry in (tmp_path / "scratch").iterdir() if entry.is_dir()]

    second = start("take_a_while", lease_s=QUICK_LEASE_S)
    await final(jobs, "job_1")

    assert not left.exists()
    second.process.terminate()
    await second.ended()
    assert [entry for entry in (tmp_path / "scratch").iterdir() if entry.is_dir()] == []
    assert [*first.temporary.iterdir(), *second.temporary.iterdir()] == []


def _ttl(url: str, key: str) -> int:
    with redis.Redis.from_url(url) as client:
        return int(client.ttl(key))


@pytest.mark.spec("G1")
async def test_last_word_is_the_workers(jobs: DocketJobs, storage: Storage, start: Start) -> None:
    """Whoever reads the log as JSON can do so to its end: the processes below a worker add nothing when they end."""
    worker = start("succeed")
    await submit(jobs, storage, "job_1", "0")
    async with asyncio.timeout(60):
        last = [job async for job in jobs.watch("job_1")][-1]
    below = worker.descendants()

    os.kill(worker.pid, signal.SIGTERM)
    await worker.ended()
    await until(lambda: not any(map(is_alive, below)))

    lines = worker.log.read_text().splitlines()
    assert (last.status, bool(below)) == ("completed", True)
    assert json.loads(lines[-1])["message"] == "ended"
    assert [line for line in lines if not line.startswith("{")] == []
