"""One of many workers that hammer a dead provider: `python hammer.py REDIS_URL BASE_URL CALLS`.

Says "ready", waits for a line, asks CALLS times without a pause, and prints how often the circuit was open.
"""

import asyncio
import sys

from redis.asyncio import Redis
from tests.llm.requests import request

from datapilot.contracts.retry import RetryPolicy
from datapilot.llm.base import BreakerPolicy, CircuitOpen, ServerFailed
from datapilot.llm.breaker import RedisBreaker
from datapilot.llm.openai_compatible import Endpoint, OpenAICompatible
from datapilot.llm.retry import Budget, ask


async def hammer(redis_url: str, base_url: str, calls: int) -> int:
    """Return how many of the calls were stopped by the breaker."""
    redis = Redis.from_url(redis_url)
    breaker = RedisBreaker(redis, "dead", BreakerPolicy(threshold=5, window_s=300, cooldown_s=600))
    model = OpenAICompatible(Endpoint(base_url, "dead", None))
    await redis.ping()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    stopped = 0
    for _ in range(calls):
        try:
            await ask(
                model, request(), breaker=breaker, policy=RetryPolicy(attempts=1), budget=Budget(60),
                noted=lambda call: None,
            )  # fmt: skip
        except CircuitOpen:
            stopped += 1
        except ServerFailed:
            pass
    await model.close()
    await redis.aclose()
    return stopped


if __name__ == "__main__":
    print(asyncio.run(hammer(sys.argv[1], sys.argv[2], int(sys.argv[3]))), flush=True)
