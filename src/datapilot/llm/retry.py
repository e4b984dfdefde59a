"""Ask a model with patience: few tries, growing pauses, an eye on the breaker and on the job's time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from datapilot.contracts.retry import RetryPolicy
from datapilot.llm.base import (
    Breaker,
    Busy,
    LanguageModel,
    ModelError,
    ModelReply,
    ModelRequest,
    OutOfBudget,
    Oversized,
    Refused,
    TooSlow,
    Unanswered,
)

LEAST_USEFUL_S = 1.0  # with less time than this left no provider answers; asking would only cost


class Budget:
    """The time one job may spend on the model."""

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started_at = clock()
        self._seconds = seconds

    @property
    def spent_s(self) -> float:
        return self._clock() - self._started_at

    @property
    def left_s(self) -> float:
        return self._seconds - self.spent_s


@dataclass(frozen=True)
class Call:
    """One call that was made: how long it took, and what came of it."""

    seconds: float
    outcome: ModelReply | ModelError


async def ask(
    model: LanguageModel,
    request: ModelRequest,
    *,
    breaker: Breaker,
    policy: RetryPolicy,
    budget: Budget,
    noted: Callable[[Call], None],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> ModelReply:
    """Return the model's answer. `noted` hears of every call that was made, failed ones included.

    Raises the last member of the ModelError family when the tries are used up, CircuitOpen without a call, and
    OutOfBudget when neither a call nor the pause before it fits into what is left.
    """
    for attempt in range(1, policy.attempts + 1):
        if budget.left_s < min(LEAST_USEFUL_S, request.timeout_s):
            raise OutOfBudget("No time was left to ask the model.")
        permit = await breaker.enter()
        try:
            return await _timed(model, request, permit, breaker=breaker, budget=budget, noted=noted)
        except Unanswered as error:
            if attempt == policy.attempts:
                raise
            pause_s = policy.pause_s(attempt, asked_s=error.retry_after_s)
            if pause_s + LEAST_USEFUL_S > budget.left_s:
                raise
            await sleep(pause_s)
    raise OutOfBudget("No try was allowed.")


async def _timed(
    model: LanguageModel,
    request: ModelRequest,
    permit: str,
    *,
    breaker: Breaker,
    budget: Budget,
    noted: Callable[[Call], None],
) -> ModelReply:
    """Make one call and tell the breaker what it says about the provider."""
    before, timeout_s = budget.spent_s, min(request.timeout_s, budget.left_s)
    gives_back = breaker.release
    try:
        reply = await model.complete(replace(request, timeout_s=timeout_s))
        gives_back = breaker.success
        noted(Call(budget.spent_s - before, reply))
    except ModelError as error:
        was_hurried = isinstance(error, TooSlow) and timeout_s < request.timeout_s
        if isinstance(error, Unanswered) and not isinstance(error, Busy) and not was_hurried:
            gives_back = breaker.failure
        elif isinstance(error, Refused | Oversized):
            gives_back = breaker.success
        noted(Call(budget.spent_s - before, error))
        raise
    finally:
        # A cancelled job gives its permit back too, or a probe would stay out until its time is over.
        await asyncio.shield(gives_back(permit))
    return reply
