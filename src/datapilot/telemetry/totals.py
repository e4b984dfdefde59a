"""The fleet's figures in the queue's server: one hash, and a twin in memory."""

from collections import Counter
from collections.abc import Mapping

from redis.asyncio import Redis
from redis.exceptions import RedisError

from datapilot.contracts.errors import QueueUnavailable

KEY = "metrics:totals"


class RedisTotals:
    """See `datapilot.telemetry.base.Totals`; the client answers in text."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    async def add(self, amounts: Mapping[str, float]) -> None:
        try:
            async with self._redis.pipeline(transaction=True) as pipeline:
                for name, amount in amounts.items():
                    pipeline.hincrbyfloat(KEY, name, amount)
                await pipeline.execute()
        except (RedisError, OSError) as error:
            raise QueueUnavailable("The figures could not be added up: the queue does not answer.") from error

    async def read(self) -> dict[str, float]:
        try:
            return {str(name): float(amount) for name, amount in (await self._redis.hgetall(KEY)).items()}
        except (RedisError, OSError) as error:
            raise QueueUnavailable("The figures cannot be read: the queue does not answer.") from error


class MemoryTotals:
    """The same for one process."""

    def __init__(self) -> None:
        self._sums: Counter[str] = Counter()

    async def add(self, amounts: Mapping[str, float]) -> None:
        for name, amount in amounts.items():
            self._sums[name] += amount  # type: ignore[assignment]

    async def read(self) -> dict[str, float]:
        return dict(self._sums)
