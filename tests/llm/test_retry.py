"""Patience with limits: which failures are tried again, when, and what the breaker hears of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.llm.requests import request

from datapilot.contracts.retry import RetryPolicy
from datapilot.llm.base import (
    BadEnvelope,
    BreakerPolicy,
    Busy,
    CircuitOpen,
    CutOff,
    ModelError,
    ModelReply,
    OutOfBudget,
    Oversized,
    Refused,
    Rejected,
    ServerFailed,
    TooSlow,
    Unreachable,
)
from datapilot.llm.breaker import MemoryBreaker
from datapilot.llm.retry import Budget, Call, ask
from datapilot.llm.scripted import ScriptedModel


class Clock:
    """A clock that only moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


class Asked:
    """One `ask` with everything it touched."""

    def __init__(self, *answers: object, budget_s: float = 90.0, policy: RetryPolicy | None = None) -> None:
        self.clock = Clock()
        self.model = ScriptedModel(*answers)  # type: ignore[arg-type]
        self.breaker = MemoryBreaker(BreakerPolicy(threshold=5), clock=self.clock)
        self.calls: list[Call] = []
        self._policy = policy or RetryPolicy()
        self._budget = Budget(budget_s, clock=self.clock)

    async def run(self) -> ModelReply:
        return await ask(
            self.model, request(), breaker=self.breaker, policy=self._policy, budget=self._budget,
            noted=self.calls.append, sleep=self.clock.sleep,
        )  # fmt: skip

    @property
    def failures_counted(self) -> int:
        return len(self.breaker._failures)


TRANSIENT = [TooSlow("x"), Unreachable("x"), CutOff("x"), ServerFailed("x"), BadEnvelope("x"), Busy("x")]
FINAL = [Rejected("x"), Refused("x"), Oversized("x")]


@pytest.mark.spec("D7")
@pytest.mark.parametrize("error", TRANSIENT, ids=lambda error: error.code)
async def test_a_passing_failure_is_tried_again(error: ModelError) -> None:
    """The second try answers, after a pause of half a second give or take a tenth."""
    asked = Asked(error, "{}")

    reply = await asked.run()

    assert reply.text == "{}"
    assert len(asked.calls) == 2
    assert len(asked.clock.pauses) == 1
    assert 0.45 <= asked.clock.pauses[0] <= 0.55


@pytest.mark.spec("D7")
async def test_two_tries_in_all() -> None:
    """Two means two: not two more."""
    asked = Asked(ServerFailed("down"))

    with pytest.raises(ServerFailed):
        await asked.run()

    assert len(asked.model.requests) == 2


@pytest.mark.parametrize("error", FINAL, ids=lambda error: error.code)
async def test_a_final_failure_is_not_tried_again(error: ModelError) -> None:
    """Asking the same again would bring the same."""
    asked = Asked(error, "{}")

    with pytest.raises(type(error)):
        await asked.run()

    assert len(asked.model.requests) == 1


@pytest.mark.spec("D8")
@pytest.mark.parametrize(
    ("error", "counted"),
    [*((error, not isinstance(error, Busy)) for error in TRANSIENT), *((error, False) for error in FINAL)],
    ids=lambda value: getattr(value, "code", str(value)),
)
async def test_what_the_breaker_counts(error: ModelError, counted: bool) -> None:
    """Outages count; being busy, being wrong and declining do not."""
    asked = Asked(error, policy=RetryPolicy(attempts=1))

    with pytest.raises(ModelError):
        await asked.run()

    assert asked.failures_counted == int(counted)


async def test_an_open_circuit_is_not_asked() -> None:
    """No call is made, and none is noted."""
    asked = Asked(ServerFailed("down"))
    for _ in range(5):
        await asked.breaker.failure("earlier")

    with pytest.raises(CircuitOpen):
        await asked.run()

    assert asked.model.requests == []
    assert asked.calls == []


@pytest.mark.spec("D7")
async def test_the_provider_says_how_long_to_wait() -> None:
    """Retry-After wins over our own pause and is never cut short."""
    asked = Asked(Busy("x", retry_after_s=20.0), "{}")

    await asked.run()

    assert 20.0 <= asked.clock.pauses[0] <= 22.0


@pytest.mark.spec("D7")
async def test_a_wait_beyond_the_budget_is_not_waited() -> None:
    """A Retry-After that the job has no time for ends the asking at once."""
    asked = Asked(Busy("x", retry_after_s=3600.0), "{}")

    with pytest.raises(Busy):
        await asked.run()

    assert asked.clock.pauses == []


async def test_no_time_no_call() -> None:
    """With a spent budget nobody is asked."""
    asked = Asked("{}", budget_s=0.0)

    with pytest.raises(OutOfBudget):
        await asked.run()

    assert asked.model.requests == []


async def test_a_call_gets_no_more_time_than_is_left() -> None:
    """The time of a call shrinks with the budget, and a call hurried like that proves nothing against the provider."""
    asked = Asked(TooSlow("x"), budget_s=3.0, policy=RetryPolicy(attempts=1))

    with pytest.raises(TooSlow):
        await asked.run()

    assert asked.model.requests[0].timeout_s == pytest.approx(3.0)
    assert asked.failures_counted == 0


async def test_every_permit_comes_back_when_a_probe_is_neutral() -> None:
    """A 429 on the probe neither closes the circuit nor keeps the next probe out."""
    asked = Asked(Busy("x"), "{}", budget_s=1000, policy=RetryPolicy(attempts=1))
    for _ in range(5):
        await asked.breaker.failure("earlier")
    asked.clock.now += 601

    with pytest.raises(Busy):
        await asked.run()

    assert await asked.breaker.state() == "half_open"
    assert (await asked.run()).text == "{}"
    assert await asked.breaker.state() == "closed"


@pytest.mark.spec("D7")
@given(attempt=st.integers(1, 60), chance=st.floats(0, 1))
def test_pauses_grow_and_stay_within_bounds(attempt: int, chance: float) -> None:
    """min(10, 0.5 * 2^(k-1)) s, give or take a tenth."""
    planned = min(10.0, 0.5 * 2.0 ** (attempt - 1))

    pause_s = RetryPolicy().pause_s(attempt, chance=lambda: chance)

    assert 0.9 * planned - 1e-9 <= pause_s <= 1.1 * planned + 1e-9
