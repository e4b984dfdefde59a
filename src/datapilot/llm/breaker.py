"""A circuit breaker with a sliding window: shared by all workers over Redis, or for one process in memory.

The five operations are one Lua script each way, so that of many workers exactly one sends the probe. A failure of
Redis is not a failure of the model: the breaker then keeps its own count until Redis answers again.
"""

import asyncio
import hashlib
import logging
import time
import uuid
from collections import deque
from collections.abc import Callable
from typing import Any, Literal, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from datapilot.llm.base import BreakerPolicy, CircuitOpen, CircuitState

Operation = Literal["enter", "success", "failure", "release", "state"]

ANSWER_WITHIN_S = 2.0  # a Redis slower than this is treated as absent; the job's time is worth more
ALONE_FOR_S = 5.0  # an absent Redis is not asked again before this, or every call would wait for it twice
KEPT_COOLDOWNS = 10  # how many cooldowns an open circuit that nobody asks about is remembered

logger = logging.getLogger(__name__)

# KEYS failures opened probe; ARGV operation now window threshold cooldown probe_s id kept_s.
# Returns {verdict, seconds}: 'go', 'probe', 'wait', or a state.
_SCRIPT = """
local operation, now = ARGV[1], tonumber(ARGV[2])
local window, threshold, cooldown = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local probe_s, id, kept_ms = tonumber(ARGV[6]), ARGV[7], math.ceil(tonumber(ARGV[8]) * 1000)
local failures, opened, probe = KEYS[1], KEYS[2], KEYS[3]
if now < 0 then
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1e6
end
local since = tonumber(redis.call('GET', opened) or '')
local function holds_probe() return redis.call('HGET', probe, 'id') == id end
local function open()
  redis.call('SET', opened, string.format('%.6f', now), 'PX', kept_ms)
  redis.call('DEL', failures, probe)
end
local function probe_age() return now - tonumber(redis.call('HGET', probe, 'at') or '-1e18') end
if operation == 'state' then
  if not since then return {'closed', '0'} end
  if now - since < cooldown then return {'open', tostring(cooldown - (now - since))} end
  return {'half_open', '0'}
end
if operation == 'enter' then
  if not since then return {'go', '0'} end
  if now - since < cooldown then return {'wait', tostring(cooldown - (now - since))} end
  if probe_age() < probe_s then return {'wait', tostring(probe_s - probe_age())} end
  redis.call('HSET', probe, 'id', id, 'at', string.format('%.6f', now))
  redis.call('PEXPIRE', probe, kept_ms)
  return {'probe', '0'}
end
if operation == 'success' then
  if since and holds_probe() then redis.call('DEL', failures, opened, probe) end
elseif operation == 'release' then
  if holds_probe() then redis.call('DEL', probe) end
elseif since then
  if holds_probe() then open() end
else
  redis.call('ZADD', failures, now, id)
  redis.call('ZREMRANGEBYSCORE', failures, '-inf', now - window)
  redis.call('PEXPIRE', failures, math.ceil(window * 1000) + 1000)
  if redis.call('ZCARD', failures) >= threshold then open() end
end
return {'done', '0'}
"""


class MemoryBreaker:
    """The same rules for one process; `clock` returns seconds."""

    def __init__(self, policy: BreakerPolicy, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._policy = policy
        self._clock = clock
        self._failures: deque[float] = deque()
        self._opened_at: float | None = None
        self._probe: tuple[str, float] | None = None

    async def enter(self) -> str:
        permit, now = uuid.uuid4().hex, self._clock()
        if self._opened_at is None:
            return permit
        if now - self._opened_at < self._policy.cooldown_s:
            raise CircuitOpen(self._policy.cooldown_s - (now - self._opened_at))
        if self._probe is not None and now - self._probe[1] < self._policy.probe_s:
            raise CircuitOpen(self._policy.probe_s - (now - self._probe[1]))
        self._probe = (permit, now)
        return permit

    async def success(self, permit: str) -> None:
        if self._opened_at is not None and self._holds_probe(permit):
            self._opened_at, self._probe = None, None
            self._failures.clear()

    async def failure(self, permit: str) -> None:
        now = self._clock()
        if self._opened_at is not None:
            if self._holds_probe(permit):
                self._open(now)
            return
        self._failures.append(now)
        while self._failures[0] <= now - self._policy.window_s:
            self._failures.popleft()
        if len(self._failures) >= self._policy.threshold:
            self._open(now)

    async def release(self, permit: str) -> None:
        if self._holds_probe(permit):
            self._probe = None

    async def state(self) -> CircuitState:
        if self._opened_at is None:
            return "closed"
        return "open" if self._clock() - self._opened_at < self._policy.cooldown_s else "half_open"

    def _holds_probe(self, permit: str) -> bool:
        return self._probe is not None and self._probe[0] == permit

    def _open(self, now: float) -> None:
        self._opened_at, self._probe = now, None
        self._failures.clear()


class RedisBreaker:
    """One circuit for all processes on one Redis. `provider` names it: base address and model.

    Times are the Redis server's own, so that workers' clocks may differ; `clock` is for tests.
    """

    def __init__(
        self, redis: "Redis", provider: str, policy: BreakerPolicy, *, clock: Callable[[], float] | None = None
    ) -> None:
        # The address may hold a secret and the model's name a brace: neither belongs into a key.
        name = hashlib.sha256(provider.encode()).hexdigest()[:16]
        self._keys = [f"llm:breaker:{{{name}}}:{part}" for part in ("failures", "opened", "probe")]
        self._script = redis.register_script(_SCRIPT)
        self._policy = policy
        self._clock = clock
        self._alone = MemoryBreaker(policy)
        self._permits_of_alone: set[str] = set()
        self._alone_until = 0.0

    async def enter(self) -> str:
        permit = uuid.uuid4().hex
        answer = await self._ask("enter", permit)
        if answer is None:
            permit = await self._alone.enter()
            self._permits_of_alone.add(permit)
            return permit
        verdict, seconds = answer
        if verdict == "wait":
            raise CircuitOpen(seconds)
        return permit

    async def success(self, permit: str) -> None:
        if self._is_of_alone(permit):
            await self._alone.success(permit)
        else:
            await self._ask("success", permit)

    async def failure(self, permit: str) -> None:
        if self._is_of_alone(permit):
            await self._alone.failure(permit)
        else:
            await self._ask("failure", permit)

    async def release(self, permit: str) -> None:
        if self._is_of_alone(permit):
            await self._alone.release(permit)
        else:
            await self._ask("release", permit)

    async def state(self) -> CircuitState:
        answer = await self._ask("state", "")
        return await self._alone.state() if answer is None else cast("CircuitState", answer[0])

    def _is_of_alone(self, permit: str) -> bool:
        is_ours = permit in self._permits_of_alone
        self._permits_of_alone.discard(permit)
        return is_ours

    async def _ask(self, operation: Operation, permit: str) -> tuple[str, float] | None:
        """Return the script's verdict and seconds, None when Redis does not answer."""
        if time.monotonic() < self._alone_until:
            return None
        policy = self._policy
        kept_s = KEPT_COOLDOWNS * (policy.cooldown_s + policy.probe_s)
        arguments: list[Any] = [
            operation, -1 if self._clock is None else f"{self._clock():.6f}", policy.window_s, policy.threshold,
            policy.cooldown_s, policy.probe_s, permit, kept_s,
        ]  # fmt: skip
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                verdict, seconds = await self._script(keys=self._keys, args=arguments)
        except (RedisError, OSError) as error:
            self._alone_until = time.monotonic() + ALONE_FOR_S
            logger.warning("the breaker is on its own: Redis does not answer (%s)", type(error).__name__)
            return None
        return _text(verdict), float(_text(seconds))


def _text(answer: bytes | str) -> str:
    """Clients decode or not, as their owner set them up."""
    return answer.decode() if isinstance(answer, bytes) else answer
