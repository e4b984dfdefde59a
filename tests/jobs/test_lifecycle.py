"""The rules of a job's life: the pure functions by themselves, and the server's scripts held to them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
import redis.asyncio
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from datapilot.contracts.errors import JobFinished, UnknownJob
from datapilot.contracts.job import Job, JobRequest
from datapilot.contracts.steps import STEPS
from datapilot.jobs import lifecycle
from datapilot.jobs.attempt import Started
from datapilot.jobs.memory import MemoryJobs
from datapilot.jobs.records import RedisRecords

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
REQUEST = JobRequest(upload_key="uploads/job_1/source.csv", bytes=8, timeout_s=60)


def at(seconds: float) -> str:
    """Return the moment so many seconds after noon."""
    return lifecycle.now_text(NOON + timedelta(seconds=seconds))


def waiting() -> Job:
    return lifecycle.submitted("job_1", "sales.csv", REQUEST, NOON)


def running(attempt: int = 1) -> Job:
    job = waiting()
    for number in range(attempt):
        job = lifecycle.started(job, now=at(number), max_attempts=99)
    return job


def test_ids_are_long_random_and_plain() -> None:
    """Nobody guesses a job's id, and it may stand in a path or an address as it is."""
    ids = {lifecycle.new_job_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert all(one.startswith("job_") and one.isascii() and len(one) >= 28 and one.isidentifier() for one in ids)


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_moments_sort_as_their_texts(one: datetime, other: datetime) -> None:
    """The scripts compare texts; that is right because all are of one width and in one zone."""
    first, second = sorted([one, other])

    assert lifecycle.now_text(first) <= lifecycle.now_text(second)
    assert len(lifecycle.now_text(first)) == len(lifecycle.now_text(second))


@pytest.mark.spec("D4")
@pytest.mark.parametrize(("seconds", "overdue"), [(0, False), (59.9, False), (60, True), (3600, True)])
def test_time_runs_from_submission(seconds: float, overdue: bool) -> None:
    """Waiting counts: the deadline is the submission plus the timeout, whether the job has started or not."""
    assert lifecycle.is_overdue(waiting(), at(seconds)) is overdue
    assert lifecycle.is_overdue(running(), at(seconds)) is overdue


@pytest.mark.spec("D10")
@pytest.mark.parametrize(
    ("made", "allowed", "status", "error"),
    [(0, 1, "processing", None), (1, 2, "processing", None), (1, 1, "failed", "too_many_attempts")],
)
def test_starts_are_counted_and_limited(made: int, allowed: int, status: str, error: str | None) -> None:
    """Each start is an attempt; one more than allowed ends the job instead."""
    job = lifecycle.started(running(made), now=at(30), max_attempts=allowed)

    assert (job.status, job.error) == (status, error)
    assert job.attempt == (made + 1 if status == "processing" else made)


def test_overdue_job_does_not_start() -> None:
    """Its time is up before its attempts are looked at."""
    job = lifecycle.started(running(5), now=at(61), max_attempts=5)

    assert (job.status, job.error) == ("failed", "timeout")


@pytest.mark.parametrize(
    ("job", "attempt", "expected"),
    [
        (None, 1, "over"),
        (waiting(), 1, "superseded"),
        (running(1), 1, None),
        (running(2), 1, "superseded"),
        (lifecycle.cancelled(running(1), at(1)), 1, "over"),
        (lifecycle.expired(running(2), at(61)), 1, "over"),
        (lifecycle.completed(running(2), result_url="/r", now=at(1)), 1, "superseded"),
    ],
    ids=["gone", "waiting", "own", "taken over", "cancelled", "failed", "completed by another"],
)
def test_only_the_latest_attempt_may_change_a_job(job: Job | None, attempt: int, expected: str | None) -> None:
    """The fence: who may not, learns why; a result of another attempt is nobody's to remove."""
    assert lifecycle.refusal(job, attempt) == expected


@pytest.mark.spec("D7")
def test_pauses_before_another_attempt_grow_to_a_limit() -> None:
    """0.5 s, doubled each time, never above 10 s."""
    assert [lifecycle.retry_delay_s(attempt) for attempt in range(1, 8)] == [0.5, 1, 2, 4, 8, 10, 10]


def test_progress_grows_with_the_steps() -> None:
    """A job's bar never goes back while it works."""
    percents = [lifecycle.PERCENT_AT[step] for step in STEPS]

    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (0, 100)


Verb = Literal["start", "state", "report", "complete", "fail", "cancel", "forget", "submit"]
VERBS: tuple[Verb, ...] = ("start", "state", "report", "complete", "fail", "cancel", "forget", "submit")
STEP = st.tuples(st.sampled_from(VERBS), st.integers(1, 4))


@pytest.mark.spec("D1", "D3", "D10")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(script=[("start", 1), ("complete", 1), ("complete", 1), ("cancel", 1)])
@example(script=[("start", 1), ("start", 1), ("fail", 1), ("complete", 2), ("fail", 1)])
@example(script=[("start", 1)] * 4 + [("state", 3), ("forget", 1), ("submit", 1), ("start", 1)])
@given(script=st.lists(STEP, max_size=14))
def test_server_and_rules_agree_on_every_life(server_url: str, script: list[tuple[Verb, int]]) -> None:
    """Whatever is done to a job in whatever order, the scripts answer and leave what the pure rules say."""
    asyncio.run(_compare(server_url, script))


async def _compare(url: str, script: list[tuple[Verb, int]]) -> None:
    twin = MemoryJobs()
    async with redis.asyncio.from_url(url, decode_responses=True) as client:
        await client.flushall()
        records = RedisRecords(client, keep_s=1000)
        await twin.submit("job_1", filename="sales.csv", request=REQUEST)
        await records.create("job_1", filename="sales.csv", request=REQUEST)
        for verb, number in script:
            assert await _do(twin, verb, number) == await _do(records, verb, number), (verb, number)
        living = await client.zcard("jobs:waiting"), await client.zcard("jobs:running")
        stats = await twin.stats()
        assert living == (stats.waiting, stats.running)


async def _do(queue: Any, verb: Verb, attempt: int) -> object:
    """Do it and return the answer together with the record, without the times."""
    try:
        match verb:
            case "submit":
                submit = queue.submit if isinstance(queue, MemoryJobs) else queue.create
                await submit("job_1", filename="sales.csv", request=REQUEST)
                answer: object = None
            case "start":
                answer = await queue.start("job_1", worker="w", max_attempts=3)
            case "state":
                answer = await queue.state("job_1", attempt)
            case "report":
                answer = await queue.report("job_1", attempt, step="charts", progress=65, detail="x")
            case "complete":
                answer = await queue.finish("job_1", attempt, status="completed", result_url=f"/{attempt}")
            case "fail":
                answer = await queue.finish("job_1", attempt, status="failed", error="e", message=f"{attempt}")
            case "cancel":
                answer = await queue.cancel("job_1")
            case "forget":
                answer = await queue.forget("job_1")
    except (JobFinished, UnknownJob) as error:
        answer = str(error)
    try:
        left: object = _timeless(await queue.get("job_1"))
    except UnknownJob:
        left = None
    return _timeless(answer), left


def _timeless(answer: object) -> object:
    if isinstance(answer, Started):
        return "started", _timeless(answer.job), answer.request
    if isinstance(answer, Job):
        return answer.model_dump(exclude={"created_at", "updated_at", "timeout_at", "cancelled_at"})
    return answer
