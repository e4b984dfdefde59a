"""What every breaker promises, run on the one in Redis and on its twin; and eight processes against a dead provider."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from tests.free_port import free_port
from tests.llm.serving import serve

from datapilot.jobs.embedded import attach
from datapilot.llm.base import Breaker, BreakerPolicy, CircuitOpen
from datapilot.llm.breaker import MemoryBreaker, RedisBreaker
from datapilot.llm.scripted_server import ScriptedServer

pytestmark = pytest.mark.spec("D8")

ROOT = Path(__file__).parent.parent.parent
POLICY = BreakerPolicy(threshold=5, window_s=300, cooldown_s=600, probe_s=120)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> object:
    """A server of our own, for this module."""
    with attach(tmp_path_factory.mktemp("breaker")) as server:
        yield server.url


@pytest.fixture(params=["memory", "redis"])
async def breaker(request: pytest.FixtureRequest, clock: Clock) -> AsyncIterator[Breaker]:
    """One breaker of each kind, closed and empty."""
    if request.param == "memory":
        yield MemoryBreaker(POLICY, clock=clock)
        return
    redis = Redis.from_url(request.getfixturevalue("redis_url"))
    await redis.flushall()
    yield RedisBreaker(redis, "https://openrouter.ai/api/v1 deepseek/deepseek-r1", POLICY, clock=clock)
    await redis.aclose()


async def fail(breaker: Breaker, times: int) -> None:
    """Let `times` calls fail."""
    for _ in range(times):
        await breaker.failure(await breaker.enter())


async def test_fewer_failures_than_the_threshold_change_nothing(breaker: Breaker) -> None:
    """Four of five leave the circuit closed."""
    await fail(breaker, 4)

    assert await breaker.state() == "closed"
    assert await breaker.enter()


async def test_the_threshold_opens(breaker: Breaker) -> None:
    """The fifth failure opens; the next call is told how long to wait."""
    await fail(breaker, 5)

    with pytest.raises(CircuitOpen) as refused:
        await breaker.enter()
    assert await breaker.state() == "open"
    assert refused.value.retry_after_s == pytest.approx(600)


async def test_failures_leave_the_window(breaker: Breaker, clock: Clock) -> None:
    """Four failures, five minutes, one failure: never five within the window."""
    await fail(breaker, 4)
    clock.now += 300

    await fail(breaker, 1)

    assert await breaker.state() == "closed"


async def test_a_success_does_not_forgive_failures(breaker: Breaker) -> None:
    """The window counts failures; one good answer in between does not hide an ailing provider."""
    await fail(breaker, 4)
    await breaker.success(await breaker.enter())

    await fail(breaker, 1)

    assert await breaker.state() == "open"


async def test_neutral_calls_do_not_count(breaker: Breaker) -> None:
    """A hundred 429s open nothing."""
    for _ in range(100):
        await breaker.release(await breaker.enter())

    assert await breaker.state() == "closed"


async def test_one_probe_after_the_cooldown(breaker: Breaker, clock: Clock) -> None:
    """Of twenty that come after the cooldown, one gets through."""
    await fail(breaker, 5)
    clock.now += 600.5

    assert await breaker.state() == "half_open"
    outcomes = await asyncio.gather(*(breaker.enter() for _ in range(20)), return_exceptions=True)

    assert sum(isinstance(outcome, str) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, CircuitOpen) for outcome in outcomes) == 19


async def test_a_probe_that_succeeds_closes(breaker: Breaker, clock: Clock) -> None:
    """The old failures are forgotten with it."""
    await fail(breaker, 5)
    clock.now += 601
    await breaker.success(await breaker.enter())

    assert await breaker.state() == "closed"
    await fail(breaker, 4)
    assert await breaker.state() == "closed"


async def test_a_probe_that_fails_opens_for_another_cooldown(breaker: Breaker, clock: Clock) -> None:
    """One failure is enough then."""
    await fail(breaker, 5)
    clock.now += 601
    await breaker.failure(await breaker.enter())

    clock.now += 599
    with pytest.raises(CircuitOpen):
        await breaker.enter()
    clock.now += 2
    assert await breaker.enter()


async def test_a_neutral_probe_lets_the_next_one_go(breaker: Breaker, clock: Clock) -> None:
    """A 429 on the probe tells nothing: the circuit stays half open and the next call probes at once."""
    await fail(breaker, 5)
    clock.now += 601
    await breaker.release(await breaker.enter())

    assert await breaker.state() == "half_open"
    assert await breaker.enter()


async def test_a_probe_that_never_comes_back_is_replaced(breaker: Breaker, clock: Clock) -> None:
    """A worker killed while probing must not keep the circuit open for good."""
    await fail(breaker, 5)
    clock.now += 601
    await breaker.enter()

    clock.now += 119
    with pytest.raises(CircuitOpen):
        await breaker.enter()
    clock.now += 2
    assert await breaker.enter()


async def test_late_answers_of_other_calls_change_nothing(breaker: Breaker, clock: Clock) -> None:
    """Only the probe's own outcome moves an open circuit, however late calls from before come back."""
    early = [await breaker.enter() for _ in range(3)]
    await fail(breaker, 5)
    clock.now += 601
    probe = await breaker.enter()

    await breaker.success(early[0])
    await breaker.failure(early[1])
    await breaker.release(early[2])

    assert await breaker.state() == "half_open"
    with pytest.raises(CircuitOpen):
        await breaker.enter()
    await breaker.success(probe)
    assert await breaker.state() == "closed"


async def test_two_providers_have_two_circuits(redis_url: str) -> None:
    """A dead provider does not keep from another one, and no key shows an address."""
    async with Redis.from_url(redis_url) as redis:
        await redis.flushall()
        dead = RedisBreaker(redis, "https://key@dead.example/v1 a", POLICY)
        other = RedisBreaker(redis, "https://key@dead.example/v1 b", POLICY)

        await fail(dead, 5)

        assert await dead.state() == "open"
        assert await other.enter()
        assert not [key for key in await redis.keys("*") if b"dead.example" in key]


async def test_redis_s_own_clock_is_used(redis_url: str) -> None:
    """Without a test's clock the server's time counts, with fractions."""
    policy = BreakerPolicy(threshold=1, window_s=5, cooldown_s=1.0, probe_s=60)
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        await redis.flushall()
        breaker = RedisBreaker(redis, "p", policy)
        await fail(breaker, 1)

        with pytest.raises(CircuitOpen) as refused:
            await breaker.enter()
        await asyncio.sleep(refused.value.retry_after_s + 0.01)

        assert await breaker.enter()


async def test_without_redis_the_process_counts_alone() -> None:
    """A queue that is down must neither fail the job nor leave the provider without protection."""
    redis = Redis(host="127.0.0.1", port=free_port())
    breaker = RedisBreaker(redis, "p", BreakerPolicy(threshold=2))

    await fail(breaker, 2)

    assert await breaker.state() == "open"
    with pytest.raises(CircuitOpen):
        await breaker.enter()
    await redis.aclose()


async def hammer(redis_url: str, server: ScriptedServer, *, processes: int, calls: int) -> int:
    """Let processes ask the provider all at once, and return how many calls the breaker stopped."""
    async with serve(server) as base_url:
        workers = [
            await asyncio.create_subprocess_exec(
                sys.executable, str(Path(__file__).with_name("hammer.py")), redis_url, base_url, str(calls),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
            for _ in range(processes)
        ]  # fmt: skip
        for worker in workers:
            assert worker.stdout is not None
            assert await worker.stdout.readline() == b"ready\n"
        answers = await asyncio.gather(*(worker.communicate(b"go\n") for worker in workers))
    return sum(int(out) for out, _ in answers)


@pytest.mark.slow
async def test_eight_processes_against_a_dead_provider(redis_url: str) -> None:
    """At most the threshold and the calls in flight get through: 5 + 8 of 400."""
    processes, calls = 8, 50
    server = ScriptedServer(["server_error"])
    async with Redis.from_url(redis_url) as redis:
        await redis.flushall()

    stopped = await hammer(redis_url, server, processes=processes, calls=calls)

    assert 5 <= len(server.bodies) <= 5 + processes
    assert stopped == processes * calls - len(server.bodies)


@pytest.mark.slow
async def test_eight_processes_send_one_probe(redis_url: str) -> None:
    """The cooldown is over, the provider still dead: of 400 calls exactly one gets through."""
    server = ScriptedServer(["server_error"])
    async with Redis.from_url(redis_url) as redis:
        await redis.flushall()
        await fail(RedisBreaker(redis, "dead", POLICY, clock=lambda: time.time() - 601), 5)

    stopped = await hammer(redis_url, server, processes=8, calls=50)

    assert len(server.bodies) == 1
    assert stopped == 399
