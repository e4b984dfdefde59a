"""What every queue promises, run on the in-memory twin, on the embedded server and on a Redis of this machine."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from tests.waiting import until

from datapilot.contracts.errors import JobFinished, JobRunning, UnknownJob
from datapilot.contracts.job import Job, JobRequest
from datapilot.jobs import lifecycle
from datapilot.jobs.attempt import Started
from datapilot.jobs.base import Attempt, Work
from datapilot.jobs.docket import DocketJobs
from datapilot.jobs.memory import MemoryJobs

Queue = MemoryJobs | DocketJobs

REQUEST = JobRequest(upload_key="uploads/job_1/source.csv", bytes=8, timeout_s=60)


class Running:
    """Workers under test: how to end them, and which jobs they were told had failed."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.drain = asyncio.Event()
        self.ended: list[Job] = []

    async def on_ended(self, job: Job) -> None:
        self.ended.append(job)


@asynccontextmanager
async def working(queue: Queue, work: Work, *, slots: int = 1, max_attempts: int = 5) -> AsyncIterator[Running]:
    """Run workers for as long as the block lasts."""
    running = Running()
    task = asyncio.create_task(
        queue.run(
            work,
            slots=slots,
            max_attempts=max_attempts,
            stop=running.stop,
            drain=running.drain,
            ended=running.on_ended,
        )
    )
    try:
        yield running
    finally:
        running.stop.set()
        async with asyncio.timeout(60):
            await task


async def final(queue: Queue, job_id: str) -> Job:
    """Return the job once it has ended."""
    async with asyncio.timeout(60):
        async for job in queue.watch(job_id):
            last = job
    return last


async def succeed(attempt: Attempt) -> None:
    """Work that is done at once."""
    await attempt.complete(f"/api/result?jobId={attempt.job.job_id}")


class Held:
    """Work that waits until it is let go or told to end; it remembers its attempts."""

    def __init__(self) -> None:
        self.attempts: asyncio.Queue[Attempt] = asyncio.Queue()
        self.go = asyncio.Event()

    async def __call__(self, attempt: Attempt) -> None:
        self.attempts.put_nowait(attempt)
        go = asyncio.create_task(self.go.wait())
        await asyncio.wait([go, attempt.ended], return_when=asyncio.FIRST_COMPLETED)
        if attempt.ended.done():
            go.cancel()
            if attempt.ended.result() == "shutdown":
                await attempt.fail("worker_shutdown", "The worker was stopped.")
            return
        await attempt.complete("/api/result")


@pytest.mark.spec("D1")
async def test_submitted_job_stands_in_the_record(jobs: Queue) -> None:
    """A new job is submitted, has not started, and has its deadline from the start."""
    before = datetime.now(UTC) - timedelta(milliseconds=2)

    job = await jobs.submit("job_1", filename="sales.csv", request=REQUEST)

    assert (job.job_id, job.status, job.step, job.progress, job.attempt) == ("job_1", "submitted", "queued", 0, 0)
    assert (job.error, job.error_message, job.result_url, job.cancelled_at) == (None, None, None, None)
    assert job.filename == "sales.csv"
    created, deadline = (datetime.fromisoformat(text) for text in (job.created_at, job.timeout_at))
    assert before <= created <= datetime.now(UTC)
    assert deadline - created == timedelta(seconds=60)
    assert await jobs.get("job_1") == job
    assert await jobs.request("job_1") == REQUEST


async def test_submitting_again_changes_nothing(jobs: Queue) -> None:
    """A client may repeat a submission whose answer it missed: the job runs once."""
    first = await jobs.submit("job_1", filename="sales.csv", request=REQUEST)

    again = await jobs.submit("job_1", filename="other.csv", request=REQUEST)

    assert again == first
    async with working(jobs, succeed):
        job = await final(jobs, "job_1")
    assert (job.status, job.attempt) == ("completed", 1)


@pytest.mark.spec("D1")
async def test_job_is_run_and_completed(jobs: Queue) -> None:
    """The worker gets the request, and its completion shows in the record."""
    seen: list[Attempt] = []

    async def work(attempt: Attempt) -> None:
        seen.append(attempt)
        await attempt.complete("/api/result?jobId=job_1")

    async with working(jobs, work):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        job = await final(jobs, "job_1")

    assert (job.status, job.step, job.progress) == ("completed", "done", 100)
    assert job.result_url == "/api/result?jobId=job_1"
    assert [(attempt.number, attempt.request) for attempt in seen] == [(1, REQUEST)]
    assert seen[0].job.status == "processing"


@pytest.mark.spec("D5")
async def test_failed_work_is_told_with_code_and_sentence(jobs: Queue) -> None:
    """A failure is final: the job is not tried again, and the record says why."""

    async def work(attempt: Attempt) -> None:
        job = await attempt.fail("empty_file", "The file is empty.")
        assert job is not None

    async with working(jobs, work) as running:
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        job = await final(jobs, "job_1")

    assert (job.status, job.error, job.error_message, job.attempt) == ("failed", "empty_file", "The file is empty.", 1)
    assert running.ended == []
    report = lifecycle.failure_report(job)
    assert (report.job_id, report.error, report.timestamp) == ("job_1", "empty_file", job.updated_at)


async def test_jobs_run_side_by_side_in_their_slots(jobs: Queue) -> None:
    """Two slots hold two jobs at a time; the third waits."""
    held = Held()
    async with working(jobs, held, slots=2):
        for number in range(3):
            await jobs.submit(f"job_{number}", filename="sales.csv", request=REQUEST)
        async with asyncio.timeout(60):
            first, second = await held.attempts.get(), await held.attempts.get()
        stats = await jobs.stats()
        held.go.set()
        ended = [await final(jobs, f"job_{number}") for number in range(3)]

    assert {first.job.job_id, second.job.job_id} == {"job_0", "job_1"}
    assert (stats.running, stats.waiting) == (2, 1)
    assert {job.status for job in ended} == {"completed"}


@pytest.mark.spec("D3")
async def test_waiting_job_is_cancelled_and_never_starts(jobs: Queue) -> None:
    """A job cancelled before its turn is over; a worker that comes later leaves it alone."""
    await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
    await jobs.submit("job_2", filename="sales.csv", request=REQUEST)
    seen: list[str] = []

    async def work(attempt: Attempt) -> None:
        seen.append(attempt.job.job_id)
        await succeed(attempt)

    job = await jobs.cancel("job_1")
    async with working(jobs, work):
        await final(jobs, "job_2")

    assert job.status == "cancelled"
    assert job.cancelled_at == job.updated_at
    assert seen == ["job_2"]
    assert await jobs.get("job_1") == job


@pytest.mark.spec("D3")
async def test_running_job_is_cancelled_at_once(jobs: Queue) -> None:
    """The record says cancelled when the call returns, the attempt is told, and it can no longer publish."""
    held = Held()
    async with working(jobs, held):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        attempt = await held.attempts.get()

        job = await jobs.cancel("job_1")
        async with asyncio.timeout(60):
            ending = await attempt.ended

        assert job.status == "cancelled"
        assert ending == "over"
        assert not await attempt.is_owner()
        assert await attempt.complete("/api/result") is False
        assert await attempt.fail("timeout", "late") is None
    assert await jobs.get("job_1") == job


@pytest.mark.spec("D3")
async def test_cancelling_again_gives_the_same_answer(jobs: Queue) -> None:
    """A second cancel is no error and changes nothing."""
    await jobs.submit("job_1", filename="sales.csv", request=REQUEST)

    first = await jobs.cancel("job_1")

    assert await jobs.cancel("job_1") == first


@pytest.mark.spec("D3")
@pytest.mark.parametrize("ending", ["completed", "failed"])
async def test_finished_job_cannot_be_cancelled(jobs: Queue, ending: str) -> None:
    """Completed and failed stay what they are."""

    async def work(attempt: Attempt) -> None:
        if ending == "completed":
            await succeed(attempt)
        else:
            await attempt.fail("processing_error", "It broke.")

    async with working(jobs, work):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        job = await final(jobs, "job_1")

    with pytest.raises(JobFinished, match=ending):
        await jobs.cancel("job_1")

    assert await jobs.get("job_1") == job


@pytest.mark.spec("D2")
async def test_unknown_job_is_said_to_be_unknown(jobs: Queue) -> None:
    """Every verb that names a job says so when there is none."""
    verbs: list[Callable[[], object]] = [
        lambda: jobs.get("job_none"),
        lambda: jobs.request("job_none"),
        lambda: jobs.cancel("job_none"),
        lambda: jobs.resubmit("job_none", request=REQUEST),
        lambda: anext(aiter(jobs.watch("job_none"))),
    ]

    for verb in verbs:
        with pytest.raises(UnknownJob, match="job_none"):
            await verb()
    assert await jobs.forget("job_none") is False


@pytest.mark.spec("D10")
async def test_lost_attempt_is_made_again(jobs: Queue) -> None:
    """Work that dies without a word is done again by the next attempt."""

    async def work(attempt: Attempt) -> None:
        if attempt.number == 2:
            await succeed(attempt)

    async with working(jobs, work):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        job = await final(jobs, "job_1")

    assert (job.status, job.attempt) == ("completed", 2)


async def test_work_that_raises_counts_as_lost(jobs: Queue) -> None:
    """An error nobody expected does not end the worker and does not lose the job."""

    async def work(attempt: Attempt) -> None:
        if attempt.number == 1:
            raise RuntimeError("a bug")
        await succeed(attempt)

    async with working(jobs, work):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        job = await final(jobs, "job_1")

    assert (job.status, job.attempt) == ("completed", 2)


@pytest.mark.spec("D10", "D5")
async def test_poisonous_job_is_given_up(jobs: Queue) -> None:
    """After the last allowed attempt the job fails, the worker hears of it, and other jobs go on."""

    async def work(attempt: Attempt) -> None:
        if attempt.job.job_id == "job_2":
            await succeed(attempt)

    async with working(jobs, work, max_attempts=2) as running:
        await jobs.submit("job_1", filename="poison.csv", request=REQUEST)
        await jobs.submit("job_2", filename="sales.csv", request=REQUEST)
        job = await final(jobs, "job_1")
        other = await final(jobs, "job_2")

    assert (job.status, job.error, job.attempt) == ("failed", "too_many_attempts", 2)
    assert running.ended == [job]
    assert other.status == "completed"


@pytest.mark.spec("D4")
async def test_status_says_timeout_when_no_worker_does(jobs: Queue) -> None:
    """A job whose time ran out while it waited is failed as soon as anybody looks, and never starts."""
    await jobs.submit("job_1", filename="sales.csv", request=REQUEST.model_copy(update={"timeout_s": 0.05}))
    seen: list[str] = []

    async def work(attempt: Attempt) -> None:
        seen.append(attempt.job.job_id)

    job = await final(jobs, "job_1")
    async with working(jobs, work):
        await jobs.submit("job_2", filename="sales.csv", request=REQUEST)
        await until(lambda: bool(seen))

    assert (job.status, job.error) == ("failed", "timeout")
    assert job.error_message == lifecycle.TIMEOUT_MESSAGE
    assert seen[0] == "job_2"


@pytest.mark.spec("D4")
async def test_worker_ends_a_job_whose_time_ran_out_while_waiting(jobs: Queue) -> None:
    """A worker that comes too late does not start the job, and is told so that it can report the failure."""
    await jobs.submit("job_1", filename="sales.csv", request=REQUEST.model_copy(update={"timeout_s": 0.05}))
    await asyncio.sleep(0.06)

    async with working(jobs, succeed) as running:
        await until(lambda: bool(running.ended))

    assert [(job.job_id, job.error, job.attempt) for job in running.ended] == [("job_1", "timeout", 0)]


@pytest.mark.spec("D4")
async def test_attempt_is_told_when_the_status_endpoint_ended_it(jobs: Queue) -> None:
    """Whoever notices the deadline first ends the job for both."""
    held = Held()
    async with working(jobs, held):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST.model_copy(update={"timeout_s": 2.0}))
        async with asyncio.timeout(60):
            attempt = await held.attempts.get()

        job = await final(jobs, "job_1")
        async with asyncio.timeout(60):
            ending = await attempt.ended

    assert (job.status, job.error, ending) == ("failed", "timeout", "over")


@pytest.mark.spec("D10")
async def test_stale_attempt_cannot_publish(jobs: Queue) -> None:
    """When another worker took the job over, the first one can neither end it nor show progress."""
    held = Held()
    async with working(jobs, held):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        stale = await held.attempts.get()
        records = jobs.records if isinstance(jobs, DocketJobs) else jobs

        newer = await records.start("job_1", worker="another", max_attempts=5)
        refused = [await stale.complete("/stale"), await stale.fail("timeout", "stale")]
        await stale.report("charts", 65, "stale")
        between = await jobs.get("job_1")
        done = await records.finish("job_1", 2, status="completed", result_url="/newer")
        refused.append(await stale.complete("/stale"))

        async with asyncio.timeout(60):
            assert await stale.ended == "superseded"
    assert isinstance(newer, Started)
    assert refused == [False, None, False]
    assert (between.status, between.attempt, between.step) == ("processing", 2, "queued")
    assert isinstance(done, Job)
    assert (await jobs.get("job_1")).result_url == "/newer"


async def test_end_may_be_said_twice(jobs: Queue) -> None:
    """An attempt whose answer got lost asks again and hears the same; nothing changes the second time."""
    answers: list[bool] = []

    async def work(attempt: Attempt) -> None:
        answers.extend([await attempt.complete("/one"), await attempt.complete("/two")])

    async with working(jobs, work):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        job = await final(jobs, "job_1")
        await until(lambda: len(answers) == 2)

    assert answers == [True, True]
    assert (await jobs.get("job_1")) == job
    assert job.result_url == "/one"


@pytest.mark.spec("D2", "H4")
async def test_progress_reaches_those_who_watch(jobs: Queue) -> None:
    """A watcher sees where the job is, in the order it happened, and the stream ends with the job."""
    held = Held()
    seen: list[Job] = []

    async def watch() -> None:
        async for job in jobs.watch("job_1"):
            seen.append(job)  # noqa: PERF401 - the list is read while it grows

    async with working(jobs, held):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        watcher = asyncio.create_task(watch())
        attempt = await held.attempts.get()
        for step, progress in (("reading", 5), ("profiling", 45)):
            await attempt.report(step, progress, "9,357 rows")
            await until(lambda step=step: bool(seen) and seen[-1].step == step)
        held.go.set()
        async with asyncio.timeout(60):
            await watcher

    steps = [job.step for job in seen]
    assert steps[-3:] == ["reading", "profiling", "done"]
    assert [job.revision for job in seen] == sorted({job.revision for job in seen})
    assert seen[-2].detail == "9,357 rows"
    assert seen[-1].status == "completed"


async def test_watching_a_finished_job_shows_it_once(jobs: Queue) -> None:
    """Who comes late sees the end and is not left waiting."""
    await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
    job = await jobs.cancel("job_1")

    assert [seen async for seen in jobs.watch("job_1")] == [job]


async def test_progress_after_the_end_changes_nothing(jobs: Queue) -> None:
    """A late report does not bring a cancelled job back to life."""
    held = Held()
    async with working(jobs, held):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        attempt = await held.attempts.get()
        job = await jobs.cancel("job_1")

        await attempt.report("charts", 65, "late")

        assert await jobs.get("job_1") == job


@pytest.mark.spec("H8")
async def test_recent_jobs_come_newest_first(jobs: Queue) -> None:
    """The list of analyses holds the newest jobs, as many as asked for."""
    for number in range(3):
        await jobs.submit(f"job_{number}", filename=f"{number}.csv", request=REQUEST)
        await asyncio.sleep(0.002)

    assert [job.job_id for job in await jobs.recent()] == ["job_2", "job_1", "job_0"]
    assert [job.filename for job in await jobs.recent(limit=1)] == ["2.csv"]


@pytest.mark.spec("F1", "F2")
async def test_only_finished_jobs_are_forgotten(jobs: Queue) -> None:
    """Retention removes a record for good, but never that of a job that still lives."""
    await jobs.submit("job_1", filename="sales.csv", request=REQUEST)

    assert await jobs.forget("job_1") is False
    await jobs.cancel("job_1")
    assert await jobs.forget("job_1") is True
    assert await jobs.forget("job_1") is False

    assert await jobs.recent() == []
    with pytest.raises(UnknownJob):
        await jobs.get("job_1")


@pytest.mark.spec("F2")
async def test_job_that_changed_since_the_look_is_not_forgotten(jobs: Queue) -> None:
    """Retention names the moment it saw; a job that was run again meanwhile, and ended again, stays."""
    await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
    seen = await jobs.cancel("job_1")
    await asyncio.sleep(0.002)
    await jobs.resubmit("job_1", request=REQUEST)
    now = await jobs.cancel("job_1")

    assert await jobs.forget("job_1", unchanged_since=seen.updated_at) is False
    assert await jobs.forget("job_1", unchanged_since=now.updated_at) is True


@pytest.mark.spec("F1")
async def test_every_record_is_listed(jobs: Queue) -> None:
    """Retention sees all jobs, whatever became of them, with the moment of their last change."""
    for number in range(3):
        await jobs.submit(f"job_{number}", filename=f"{number}.csv", request=REQUEST)
    ended = await jobs.cancel("job_1")

    kept = {record.job_id: record async for record in jobs.kept()}

    assert {job_id: record.status for job_id, record in kept.items()} == {
        "job_0": "submitted",
        "job_1": "cancelled",
        "job_2": "submitted",
    }
    assert kept["job_1"].updated_at == ended.updated_at


@pytest.mark.spec("G2")
async def test_stats_count_and_time_what_waits_and_runs(jobs: Queue) -> None:
    """The queue's depth and the age of its oldest jobs can be read at any time."""
    empty = await jobs.stats()
    held = Held()
    async with working(jobs, held):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        await held.attempts.get()
        await jobs.submit("job_2", filename="sales.csv", request=REQUEST)
        busy = await jobs.stats()
        held.go.set()
        await final(jobs, "job_2")

    assert (empty.waiting, empty.running, empty.oldest_waiting_s, empty.oldest_running_s) == (0, 0, None, None)
    assert (busy.waiting, busy.running) == (1, 1)
    assert busy.oldest_waiting_s is not None
    assert 0 <= busy.oldest_waiting_s < 60
    assert busy.oldest_running_s is not None
    done = await jobs.stats()
    assert (done.waiting, done.running) == (0, 0)


@pytest.mark.spec("D9")
async def test_heartbeat_is_read_as_written(jobs: Queue) -> None:
    """Health can tell when a worker was last alive."""
    assert await jobs.last_heartbeat() is None

    await jobs.beat()

    beat = await jobs.last_heartbeat()
    assert beat is not None
    assert abs(datetime.now(UTC) - beat) < timedelta(seconds=30)
    await jobs.ping()


@pytest.mark.spec("D6")
async def test_stopping_worker_ends_its_jobs_and_no_others(jobs: Queue) -> None:
    """On stop the running job fails as worker_shutdown; what waits goes on waiting for another worker."""
    held = Held()
    async with working(jobs, held) as running:
        for number in range(2):
            await jobs.submit(f"job_{number}", filename="sales.csv", request=REQUEST)
        await held.attempts.get()
        running.stop.set()

    stopped, waiting = await jobs.get("job_0"), await jobs.get("job_1")
    assert (stopped.status, stopped.error) == ("failed", "worker_shutdown")
    assert waiting.status == "submitted"
    async with working(jobs, succeed):
        assert (await final(jobs, "job_1")).status == "completed"


async def test_draining_worker_finishes_what_it_began(jobs: Queue) -> None:
    """On drain the running job ends as it would; nothing new is begun."""
    held = Held()
    async with working(jobs, held) as running:
        for number in range(2):
            await jobs.submit(f"job_{number}", filename="sales.csv", request=REQUEST)
        await held.attempts.get()
        running.drain.set()
        await asyncio.sleep(0.3)
        held.go.set()
        done = await final(jobs, "job_0")

    assert done.status == "completed"
    assert (await jobs.get("job_1")).status == "submitted"


AGAIN = JobRequest(upload_key="uploads/job_1/source.csv", bytes=8, timeout_s=30, llm="off", request_id="req_2")


@pytest.mark.spec("B8")
@pytest.mark.parametrize("ending", ["completed", "failed", "cancelled"])
async def test_ended_job_can_be_run_again(jobs: Queue, ending: str) -> None:
    """The record begins anew, with the new request and its own time, and nothing of how it ended; it is run at once,
    although the worker may still be putting the earlier run away."""
    seen: list[JobRequest] = []

    async def work(attempt: Attempt) -> None:
        seen.append(attempt.request)
        if ending == "failed" and attempt.number == 1:
            await attempt.fail("not_a_table", "No table.")
        elif ending == "cancelled" and attempt.number == 1:
            await jobs.cancel("job_1")
        else:
            await attempt.complete(f"/{attempt.number}")

    async with working(jobs, work):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        before = await final(jobs, "job_1")
        again = await jobs.resubmit("job_1", request=AGAIN)
        after = await final(jobs, "job_1")

    assert before.status == ending
    assert again.status == "submitted"
    assert (again.error, again.error_message, again.result_url, again.cancelled_at) == (None, None, None, None)
    assert again.revision > before.revision
    assert (again.created_at, again.filename) == (before.created_at, "sales.csv")
    allowed = datetime.fromisoformat(again.timeout_at) - datetime.now(UTC)
    assert timedelta(seconds=0) < allowed <= timedelta(seconds=30)
    assert (after.status, after.result_url, after.attempt) == ("completed", "/2", 2)
    assert seen == [REQUEST, AGAIN]
    assert await jobs.request("job_1") == AGAIN


async def test_jobs_of_one_key_are_listed_apart(jobs: Queue) -> None:
    """The list of an owner holds his jobs alone; being run again changes no owner, forgetting removes."""
    for number, owner in enumerate(("anna", "bert", "anna", None)):
        request = REQUEST.model_copy(update={"owner": owner})
        await jobs.submit(f"job_{number}", filename="sales.csv", request=request)
    await jobs.cancel("job_0")
    await jobs.resubmit("job_0", request=REQUEST)
    await jobs.cancel("job_0")

    assert {job.job_id for job in await jobs.recent(owner="anna")} == {"job_0", "job_2"}
    assert (await jobs.request("job_0")).owner == "anna"
    assert len(await jobs.recent()) == 4
    assert await jobs.recent(owner="nobody") == []
    assert await jobs.forget("job_0")
    assert [job.job_id for job in await jobs.recent(owner="anna")] == ["job_2"]


@pytest.mark.spec("B8", "D10")
async def test_attempt_of_an_earlier_life_stays_refused(jobs: Queue) -> None:
    """A worker that froze before the job failed wakes up after it was submitted again, at any moment of its new life:
    it can neither end it nor show progress."""
    records = jobs.records if isinstance(jobs, DocketJobs) else jobs
    await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
    await records.start("job_1", worker="frozen", max_attempts=1)
    await jobs.cancel("job_1")
    refused = []

    await jobs.resubmit("job_1", request=AGAIN)
    refused.append(await records.finish("job_1", 1, status="completed", result_url="/late"))
    await records.report("job_1", 1, step="charts", progress=65, detail="late")
    waiting = await jobs.get("job_1")
    await records.start("job_1", worker="new", max_attempts=1)
    refused.append(await records.finish("job_1", 1, status="failed", error="timeout", message="late"))
    refused.append(await records.state("job_1", 1))
    running = await jobs.get("job_1")
    await records.finish("job_1", 2, status="completed", result_url="/new")
    refused.append(await records.finish("job_1", 1, status="completed", result_url="/late"))

    assert refused == ["superseded"] * 4
    assert (waiting.status, waiting.step, waiting.attempt) == ("submitted", "queued", 1)
    assert (running.status, running.attempt) == ("processing", 2)
    assert (await jobs.get("job_1")).result_url == "/new"


@pytest.mark.spec("B8")
async def test_job_that_has_not_ended_is_not_submitted_again(jobs: Queue) -> None:
    """Neither waiting nor running: two runs of one job would race for one result."""
    records = jobs.records if isinstance(jobs, DocketJobs) else jobs
    before = await jobs.submit("job_1", filename="sales.csv", request=REQUEST)

    with pytest.raises(JobRunning, match="submitted"):
        await jobs.resubmit("job_1", request=AGAIN)
    waiting = await jobs.get("job_1")
    await records.start("job_1", worker="a", max_attempts=5)
    with pytest.raises(JobRunning, match="processing"):
        await jobs.resubmit("job_1", request=AGAIN)

    assert waiting == before
    assert await jobs.request("job_1") == REQUEST


@pytest.mark.spec("B8", "D10")
async def test_new_life_has_all_its_attempts(jobs: Queue) -> None:
    """What the earlier life used up is not counted against the new one; what it uses up itself is."""

    async def die(attempt: Attempt) -> None:
        """Be lost without a word."""

    async with working(jobs, die, max_attempts=1):
        await jobs.submit("job_1", filename="poison.csv", request=REQUEST)
        first = await final(jobs, "job_1")
        await jobs.resubmit("job_1", request=AGAIN)
        second = await final(jobs, "job_1")

    assert (first.error, first.attempt) == ("too_many_attempts", 1)
    assert (second.error, second.attempt) == ("too_many_attempts", 2)


@pytest.mark.spec("D3", "B8")
async def test_resubmitted_job_can_be_cancelled(jobs: Queue) -> None:
    """It is a waiting job like any other: counted, listed, and gone from the queue when it is cancelled."""
    await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
    await jobs.cancel("job_1")

    await jobs.resubmit("job_1", request=AGAIN)
    stats = await jobs.stats()
    cancelled = await jobs.cancel("job_1")

    assert stats.waiting == 1
    assert [job.job_id for job in await jobs.recent()] == ["job_1"]
    assert (cancelled.status, (await jobs.stats()).waiting) == ("cancelled", 0)


async def test_resubmission_whose_answer_was_lost_may_be_repeated(server_url: str) -> None:
    """The queue asks again when the connection breaks before the answer; the second time is not a second wish."""
    async with DocketJobs(server_url) as jobs:
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        await jobs.cancel("job_1")
        now = datetime.now(UTC)

        first = await jobs.records.resubmit("job_1", request=AGAIN, now=now)
        second = await jobs.records.resubmit("job_1", request=AGAIN, now=now)

    assert second == first


@pytest.mark.spec("B8", "D3")
async def test_entry_of_the_new_life_survives_the_end_of_the_old_one(server_url: str) -> None:
    """Cancelling writes the record first and removes the queue's entry then; a job submitted again in between is in
    the queue all the same, not only after the next sweep."""
    async with DocketJobs(server_url) as jobs:
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        await jobs.records.cancel("job_1")
        await jobs.resubmit("job_1", request=AGAIN)

        await jobs._remove("job_1")

        async with working(jobs, succeed):
            job = await final(jobs, "job_1")
    assert job.status == "completed"
