"""One attempt from start to end, with real children, on the in-memory queue and store."""

import asyncio
import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.system_processes import is_alive

from datapilot.contracts.errors import StorageFull, StorageUnavailable
from datapilot.contracts.job import Job, JobRequest
from datapilot.contracts.limits import MEBIBYTE, Limits
from datapilot.jobs.attempt import Started
from datapilot.jobs.memory import MemoryJobs
from datapilot.os_process import resident_bytes
from datapilot.storage.keys import columns_key, error_key, result_key
from datapilot.storage.memory import MemoryStorage
from datapilot.worker.patience import TO_TELL_S, Patience
from datapilot.worker.supervisor import Supervisor

UPLOAD = "uploads/job_1/source.csv"
SOON_S = 5.0  # for what takes a tenth of a second on a machine that has nothing else to do


class Bench:
    """A queue, a store and a worker at work."""

    def __init__(self, folder: Path, storage: MemoryStorage) -> None:
        self.jobs = MemoryJobs()
        self.storage = storage
        self.folder = folder
        self.stop = asyncio.Event()

    async def submit(self, content: str = "a\n1\n", *, timeout_s: float = 60) -> None:
        """Upload the content and submit it as job_1."""
        await self.storage.put_bytes(UPLOAD, content.encode())
        request = JobRequest(upload_key=UPLOAD, bytes=len(content), timeout_s=timeout_s)
        await self.jobs.submit("job_1", filename="sales.csv", request=request)

    async def final(self) -> Job:
        """Return the job once it has ended."""
        async with asyncio.timeout(60):
            async for job in self.jobs.watch("job_1"):
                last = job
        return last

    async def at_work(self) -> int:
        """Return the id that the target tells as its progress, once it does."""
        async with asyncio.timeout(60):
            async for job in self.jobs.watch("job_1"):
                if job.step == "profiling" and job.detail:
                    return int(job.detail)
        raise AssertionError("the job ended before")

    async def gone(self, pid: int) -> float:
        """Return after how many seconds the process was gone."""
        begun = time.monotonic()
        async with asyncio.timeout(60):
            while is_alive(pid):  # noqa: ASYNC110 - the process is not our child and gives no event
                await asyncio.sleep(0.001)
        return time.monotonic() - begun

    async def result(self) -> dict[str, object]:
        return dict(json.loads(await self.storage.get(result_key("job_1"))))

    async def error(self) -> dict[str, object]:
        return dict(json.loads(await self.storage.get(error_key("job_1"))))

    async def blobs(self) -> set[str]:
        return {stored.key async for stored in self.storage.list("results/")}


@pytest.fixture
def work(tmp_path: Path) -> Callable[..., object]:
    """Return a context manager: a worker whose children run this target."""

    @asynccontextmanager
    async def working(
        target: str, *, memory_mib: int = 1024, max_attempts: int = 5, storage: MemoryStorage | None = None
    ) -> AsyncIterator[Bench]:
        bench = Bench(tmp_path, storage or MemoryStorage())
        supervisor = Supervisor(
            bench.storage,
            tmp_path,
            Limits(memory_bytes=memory_mib * MEBIBYTE),
            f"tests.worker.targets:{target}",
            patience=Patience(read_s=20, save_s=0.1, look_s=0.01, room_s=0.01, room_tries=3),
        )
        async with bench.jobs:
            running = asyncio.create_task(
                bench.jobs.run(
                    supervisor,
                    slots=1,
                    max_attempts=max_attempts,
                    stop=bench.stop,
                    drain=asyncio.Event(),
                    ended=supervisor.ended,
                )
            )
            try:
                yield bench
            finally:
                bench.stop.set()
                async with asyncio.timeout(60):
                    await running
        assert os.listdir(tmp_path) == [], "an attempt leaves no file behind"  # noqa: PTH208

    return working


Work = Callable[..., object]


@pytest.mark.spec("D1", "B1")
async def test_result_of_the_child_is_published(work: Work) -> None:
    """The child gets the upload and the user's name for it; what it returns is the result."""
    async with work("succeed") as bench:
        await bench.submit("a\n1\n")
        job = await bench.final()

        result = await bench.result()

    assert (job.status, job.progress, job.result_url) == ("completed", 100, "/api/result?jobId=job_1")
    assert (result["jobId"], result["name"], result["content"]) == ("job_1", "sales.csv", "a\n1\n")
    assert result["pid"] != os.getpid()
    assert await bench.blobs() == {result_key("job_1")}


async def test_children_start_with_the_engine_loaded_and_little_else(work: Work) -> None:
    """A child finds the engine in its memory, and neither the main module of the worker nor its queue."""
    async with work("look_around") as bench:
        await bench.submit()
        await bench.final()

        found = await bench.result()

    assert found["has_engine"] is True
    assert found["has_main"] is False
    assert found["has_queue"] is False
    assert found["group"] == found["pid"]


@pytest.mark.spec("A4", "D5")
async def test_fault_of_the_file_is_told_with_its_code(work: Work) -> None:
    """What the reader says about a bad file is what the user reads, in record and error report."""
    async with work("refuse") as bench:
        await bench.submit("")
        job = await bench.final()

        report = await bench.error()

    assert (job.status, job.error, job.attempt) == ("failed", "empty_file", 1)
    assert job.error_message is not None
    assert job.error_message.startswith("The file is empty.")
    assert {key: report[key] for key in ("jobId", "status", "error", "message")} == {
        "jobId": "job_1",
        "status": "failed",
        "error": "empty_file",
        "message": job.error_message,
    }
    assert set(report) == {"jobId", "status", "error", "message", "timestamp"}
    assert await bench.blobs() == {error_key("job_1")}


@pytest.mark.spec("D5")
async def test_fault_of_ours_is_told_without_its_insides(work: Work) -> None:
    """A bug ends as processing_error; its text, which may hold cells, is for the log alone."""
    async with work("break_down") as bench:
        await bench.submit()
        job = await bench.final()

    assert (job.status, job.error, job.attempt) == ("failed", "processing_error", 1)
    assert "secret" not in str(job.error_message)
    assert "secret" not in json.dumps(await bench.error())


@pytest.mark.spec("D5")
async def test_missing_upload_is_said(work: Work) -> None:
    """A job whose upload was removed meanwhile fails and says what to do."""
    async with work("succeed") as bench:
        request = JobRequest(upload_key="uploads/job_1/gone.csv", bytes=1, timeout_s=60)
        await bench.jobs.submit("job_1", filename="sales.csv", request=request)
        job = await bench.final()

    assert (job.status, job.error) == ("failed", "processing_error")
    assert "no longer there" in str(job.error_message)


@pytest.mark.spec("D5")
async def test_child_over_its_memory_is_ended(work: Work) -> None:
    """The watchdog ends the child near the limit, and says that memory was the reason."""
    async with work("hog", memory_mib=400) as bench:
        await bench.submit()
        pid = await bench.at_work()
        peak = 0
        while is_alive(pid):
            peak = max(peak, resident_bytes(pid))
            await asyncio.sleep(0.001)
        job = await bench.final()

    assert (job.status, job.error, job.attempt) == ("failed", "memory_limit_exceeded", 1)
    assert peak < 400 * MEBIBYTE * 1.25


async def test_refused_memory_is_told_as_the_limit(work: Work) -> None:
    """When the system refuses memory before the watchdog sees it, the user reads the same."""
    async with work("run_out_of_memory") as bench:
        await bench.submit()
        job = await bench.final()

    assert (job.status, job.error) == ("failed", "memory_limit_exceeded")


async def test_full_disk_is_told_as_such(work: Work) -> None:
    """Neither the file nor a bug is to blame when the attempt finds no room; the person who can help is told."""
    async with work("run_out_of_disk") as bench:
        await bench.submit()
        job = await bench.final()

    assert (job.status, job.error) == ("failed", "storage_full")
    assert "disk is full" in (job.error_message or "")
    assert job.attempt == 3, "another worker might have had room"


@pytest.mark.spec("D4")
async def test_timeout_stops_a_child_that_never_waits(work: Work) -> None:
    """A child in an endless loop is gone soon after its time, and the job has failed with `timeout`."""
    async with work("succeed") as bench:  # what children are forked from takes a while to start, the first time
        await bench.submit()
        await bench.final()

    async with work("spin") as bench:
        await bench.submit(timeout_s=3)
        pid = await bench.at_work()
        job = await bench.final()
        ended = time.time()

        await bench.gone(pid)

    overshoot = ended - _seconds(job.timeout_at)
    assert (job.status, job.error) == ("failed", "timeout")
    assert (await bench.error())["error"] == "timeout"
    assert overshoot < SOON_S


@pytest.mark.spec("D3")
async def test_cancel_ends_a_child_that_never_waits(work: Work) -> None:
    """Cancelled means gone: the process ends at once, and neither result nor error report is left."""
    async with work("spin") as bench:
        await bench.submit()
        pid = await bench.at_work()

        job = await bench.jobs.cancel("job_1")
        took = await bench.gone(pid)

    assert took < SOON_S
    assert await bench.jobs.get("job_1") == job
    assert await bench.blobs() == set()


@pytest.mark.spec("D3", "D6")
async def test_what_a_child_has_started_ends_with_it(work: Work) -> None:
    """The whole process group goes, not only the child."""
    async with work("start_another") as bench:
        await bench.submit()
        grandchild = await bench.at_work()

        await bench.jobs.cancel("job_1")
        await bench.gone(grandchild)

    assert not is_alive(grandchild)


@pytest.mark.spec("D10")
async def test_child_killed_by_a_stranger_is_an_attempt_lost(
    work: Work, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A child that dies by a signal that was not ours did not fail: the job is done by the next attempt."""
    mark = tmp_path_factory.mktemp("mark") / "died"
    async with work("die_once") as bench:
        await bench.submit(str(mark))
        job = await bench.final()

    assert (job.status, job.attempt) == ("completed", 2)


@pytest.mark.spec("D10")
async def test_child_that_leaves_without_a_word_is_an_attempt_lost(work: Work) -> None:
    """Ending well without a result is no result."""
    async with work("leave", max_attempts=2) as bench:
        await bench.submit()
        job = await bench.final()

    assert (job.status, job.error, job.attempt) == ("failed", "too_many_attempts", 2)


@pytest.mark.spec("D10", "D5")
async def test_job_that_kills_every_child_is_given_up(work: Work) -> None:
    """After the last attempt the job fails as too_many_attempts, with its error report."""
    async with work("die", max_attempts=3) as bench:
        await bench.submit()
        job = await bench.final()

    assert (job.status, job.error, job.attempt) == ("failed", "too_many_attempts", 3)
    assert (await bench.error())["timestamp"] == job.updated_at


@pytest.mark.spec("D6")
async def test_shutdown_ends_the_child_and_says_so(work: Work) -> None:
    """On shutdown the job fails as worker_shutdown and no child is left."""
    async with work("spin") as bench:
        await bench.submit()
        pid = await bench.at_work()

        bench.stop.set()
        job = await bench.final()

    assert (job.status, job.error) == ("failed", "worker_shutdown")
    assert not is_alive(pid)
    assert (await bench.error())["error"] == "worker_shutdown"


class BrokenDisk(MemoryStorage):
    """A store that takes uploads and no results."""

    async def put_path(self, key: str, path: Path) -> None:
        raise StorageUnavailable("The file store does not answer. Try again later.")


@pytest.mark.spec("D5")
async def test_result_that_cannot_be_stored_fails_the_job(work: Work) -> None:
    """The analysis went well but nobody could read it: that is said, and not called completed."""
    async with work("succeed", storage=BrokenDisk()) as bench:
        await bench.submit()
        job = await bench.final()

    assert (job.status, job.error) == ("failed", "blob_upload_failed")


class Outage(MemoryStorage):
    """A store that fails so many times before it gives a file and before it takes a result."""

    def __init__(self, error: Exception, times: int) -> None:
        super().__init__()
        self.error = error
        self.left = {"read": times, "save": times}

    def _fail(self, what: str) -> None:
        self.left[what] -= 1
        if self.left[what] >= 0:
            raise self.error

    @asynccontextmanager
    async def local_path(self, key: str, *, scratch: Path) -> AsyncIterator[Path]:
        self._fail("read")
        async with super().local_path(key, scratch=scratch) as path:
            yield path

    async def put_path(self, key: str, path: Path) -> None:
        self._fail("save")
        await super().put_path(key, path)


@pytest.mark.spec("D10")
async def test_outage_of_the_store_fails_no_job(work: Work) -> None:
    """An attempt waits for the store to come back, before its work and after it: a minute without a store must not
    fail every job that waits, nor throw finished work away."""
    outage = Outage(StorageUnavailable("The file store does not answer. Try again later."), times=3)
    async with work("succeed", storage=outage) as bench:
        await bench.submit()
        job = await bench.final()

    assert (job.status, job.attempt) == ("completed", 1)
    assert max(outage.left.values()) < 0


async def test_outage_that_lasts_is_said_before_the_time_is_up(work: Work) -> None:
    """A job that has no more time to wait for the store says what it waited for."""
    outage = Outage(StorageUnavailable("The file store does not answer. Try again later."), times=10_000)
    async with work("succeed", storage=outage) as bench:
        await bench.submit(timeout_s=TO_TELL_S + 0.2)
        job = await bench.final()

    assert (job.status, job.error) == ("failed", "storage_unavailable")


async def test_job_waiting_for_the_store_can_be_cancelled(work: Work) -> None:
    """Nobody has to wait for a store that stays away."""
    outage = Outage(StorageUnavailable("The file store does not answer. Try again later."), times=10_000)
    async with work("succeed", storage=outage) as bench:
        await bench.submit()
        async for job in bench.jobs.watch("job_1"):
            if job.status == "processing":
                await bench.jobs.cancel("job_1")
        assert (await bench.final()).status == "cancelled"


@pytest.mark.spec("D10")
async def test_worker_without_room_gives_the_job_back(work: Work) -> None:
    """A worker whose disk is full fails no job that another worker has room for."""
    full = Outage(StorageFull("There is no room left to store the file."), times=1)
    full.left["save"] = 0
    async with work("succeed", storage=full) as bench:
        await bench.submit()
        job = await bench.final()

    assert (job.status, job.attempt) == ("completed", 2)


async def test_worker_that_cannot_even_make_a_folder_gives_the_job_back(work: Work, tmp_path: Path) -> None:
    """A disk may be too full for a folder."""
    in_the_way = tmp_path / "job_1-1"
    in_the_way.write_text("")
    async with work("succeed") as bench:
        await bench.submit()
        job = await bench.final()
        in_the_way.unlink()

    assert (job.status, job.attempt) == ("completed", 2)


async def test_worker_whose_folder_was_taken_makes_it_anew(work: Work, tmp_path: Path) -> None:
    """Systems tidy their temporary folders below a worker that waits for days."""
    async with work("succeed") as bench:
        shutil.rmtree(tmp_path)
        await bench.submit()
        job = await bench.final()

    assert (job.status, job.attempt) == ("completed", 1)


class Meddling(MemoryStorage):
    """A store in which something happens to the job in the moment its result has been put."""

    def __init__(self) -> None:
        super().__init__()
        self.meddle: Callable[[], object] = lambda: None

    async def put_path(self, key: str, path: Path) -> None:
        await super().put_path(key, path)
        await self.meddle()


@pytest.mark.spec("D3")
async def test_job_cancelled_while_its_result_is_written_leaves_none(work: Work) -> None:
    """However late the cancellation comes, a cancelled job has no result."""
    storage = Meddling()
    async with work("succeed", storage=storage) as bench:
        storage.meddle = lambda: bench.jobs.cancel("job_1")
        await bench.submit()
        job = await bench.final()

    assert job.status == "cancelled"
    assert await bench.blobs() == set()


@pytest.mark.spec("B9")
async def test_columns_without_room_are_kept_beside_the_result(work: Work) -> None:
    """What the child writes beside its report is stored before the report, which sends its readers there."""
    async with work("tell_wide") as bench:
        await bench.submit()
        await bench.final()

        assert await bench.storage.get(columns_key("job_1")) == b"all columns"
        assert await bench.blobs() == {columns_key("job_1"), result_key("job_1")}


@pytest.mark.spec("B9", "D3")
async def test_cancelled_job_leaves_no_columns(work: Work) -> None:
    """They go with the result."""
    storage = Meddling()
    async with work("tell_wide", storage=storage) as bench:
        storage.meddle = lambda: bench.jobs.cancel("job_1")
        await bench.submit()
        job = await bench.final()

    assert job.status == "cancelled"
    assert await bench.blobs() == set()


@pytest.mark.spec("D10")
async def test_superseded_attempt_leaves_the_newer_ones_result_alone(work: Work) -> None:
    """An attempt that lost the job while it wrote neither completes the job nor removes what the newer one wrote."""
    storage = Meddling()
    async with work("succeed", storage=storage) as bench:

        async def be_superseded() -> None:
            storage.meddle = _nothing
            assert isinstance(await bench.jobs.start("job_1", worker="another", max_attempts=5), Started)
            await bench.storage.put_bytes(result_key("job_1"), b'{"by": "the newer attempt"}')
            await bench.jobs.finish("job_1", 2, status="completed", result_url="/newer")

        storage.meddle = be_superseded
        await bench.submit()
        job = await bench.final()
        bench.stop.set()

    assert (job.status, job.attempt, job.result_url) == ("completed", 2, "/newer")
    assert await bench.result() == {"by": "the newer attempt"}


@pytest.mark.spec("D10")
async def test_attempt_superseded_during_its_work_publishes_nothing(work: Work) -> None:
    """A child whose job was taken over is ended, and its attempt writes nothing at all."""
    async with work("spin") as bench:
        await bench.submit()
        pid = await bench.at_work()

        await bench.jobs.start("job_1", worker="another", max_attempts=5)
        await bench.gone(pid)

        assert await bench.blobs() == set()
        assert (await bench.jobs.get("job_1")).status == "processing"
        await bench.jobs.finish("job_1", 2, status="failed", error="processing_error", message="x")


@pytest.mark.spec("G1")
async def test_log_tells_every_stage_of_a_job(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever reads the log can follow one job through all its stages."""
    import structlog

    with structlog.testing.capture_logs() as lines:
        async with work("succeed") as bench:
            await bench.submit()
            await bench.final()

    told = [line["event"] for line in lines if line["log_level"] == "info"]
    expected = [
        "dequeued", "started", "status update", "blob read", "type detected", "parsed", "EDA start", "EDA done",
        "LLM start", "LLM done", "result writing", "result saved", "status update", "completed",
    ]  # fmt: skip
    assert told == expected
    assert lines[-1]["duration_ms"] > 0


async def _nothing() -> None:
    return None


def _seconds(moment: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(moment).timestamp()
