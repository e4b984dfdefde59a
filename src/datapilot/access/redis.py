"""Keys in the queue's server, so that every API process knows them. All its keys are `access:*`.

`access:keys` is the one that lives for ever: a hash of id -> key. Sessions, shares, buckets and daily sums end by
themselves.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from datapilot.access.base import SESSION_S, SHARE_S, open_until
from datapilot.access.tokens import digest_of, id_in, matches, new_key, new_token
from datapilot.contracts.access import ApiKey, NewKey, OpenShares, Scope
from datapilot.contracts.errors import QueueUnavailable, StorageFull, UnknownKey

KEYS = "access:keys"
DAY_S = 86400

# A bucket of requests that fills again over a minute. ARGV: size, now in seconds.
_TAKE = """
local size, now = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local left, at = tonumber(kept[1] or size), tonumber(kept[2] or now)
left = math.min(size, left + math.max(0, now - at) * size / 60)
if left < 1 then return tostring((1 - left) * 60 / size) end
redis.call('HSET', KEYS[1], 'left', tostring(left - 1), 'at', ARGV[2])
redis.call('EXPIRE', KEYS[1], 120)
return '0'
"""

# ARGV: amount, allowed, lifetime in seconds.
_SPEND = """
local amount = tonumber(ARGV[1])
if tonumber(redis.call('GET', KEYS[1]) or 0) + math.max(amount, 1) > tonumber(ARGV[2]) then return 0 end
if amount > 0 then
  redis.call('INCRBY', KEYS[1], ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
return 1
"""


class RedisAccess:
    """See `datapilot.access.base.Access`; the client answers in text."""

    def __init__(self, redis: "Redis", *, clock: Callable[[], float] = time.time) -> None:
        self._redis = redis
        self._clock = clock
        self._take = redis.register_script(_TAKE)
        self._spend = redis.register_script(_SPEND)

    async def create_key(self, name: str, scopes: Sequence[Scope]) -> NewKey:
        key_id, secret = new_key()
        key = ApiKey(key_id=key_id, name=name, scopes=tuple(scopes), created_at=_now())
        await self._keep(key, digest_of(secret))
        return NewKey(key=key, secret=secret)

    async def keys(self) -> list[ApiKey]:
        with _our_errors():
            found = await self._redis.hgetall(KEYS)
        return sorted((_parsed(str(text))[0] for text in found.values()), key=lambda key: (key.created_at, key.key_id))

    async def revoke_key(self, key_id: str) -> ApiKey:
        kept = await self._find(key_id)
        if kept is None:
            raise UnknownKey(f"There is no key {key_id}. `datapilot keys list` shows those there are.")
        key, digest = kept
        if key.revoked_at is None:
            key = key.model_copy(update={"revoked_at": _now()})
            await self._keep(key, digest)
        return key

    async def key_of(self, secret: str) -> ApiKey | None:
        key_id = id_in(secret)
        kept = await self._find(key_id) if key_id else None
        if kept is None or not matches(secret, kept[1]) or kept[0].revoked_at is not None:
            return None
        return kept[0]

    async def open_session(self, key_id: str) -> str:
        token = new_token("dps")
        with _our_errors():
            await self._redis.set(_session(token), key_id, ex=SESSION_S)
        return token

    async def key_of_session(self, token: str) -> ApiKey | None:
        with _our_errors():
            key_id = await self._redis.get(_session(token))
        kept = await self._find(str(key_id)) if key_id else None
        return kept[0] if kept and kept[0].revoked_at is None else None

    async def close_session(self, token: str) -> None:
        with _our_errors():
            await self._redis.delete(_session(token))

    async def share(self, job_id: str) -> str:
        token = new_token("dpr")
        with _our_errors():
            async with self._redis.pipeline(transaction=True) as both:
                both.zadd(_links(job_id), {digest_of(token): self._clock() + SHARE_S})
                both.expire(_links(job_id), SHARE_S)
                await both.execute()
        return token

    async def unshare(self, job_id: str) -> None:
        with _our_errors():
            await self._redis.delete(_links(job_id))

    async def open_shares(self, job_id: str) -> OpenShares:
        return open_until([ends for _, ends in await self._open_links(job_id)], now=self._clock())

    async def is_shared(self, job_id: str, token: str) -> bool:
        return any(matches(token, digest) for digest, _ in await self._open_links(job_id))

    async def wait_s(self, caller: str, *, per_minute: int) -> float:
        with _our_errors():
            return float(await self._take(keys=[f"access:rate:{caller}"], args=[per_minute, self._clock()]))

    async def spend(self, key_id: str, amount: int, *, per_day: int) -> bool:
        day = datetime.fromtimestamp(self._clock(), UTC).strftime("%Y%m%d")
        with _our_errors():
            taken = await self._spend(keys=[f"access:bytes:{key_id}:{day}"], args=[amount, per_day, 2 * DAY_S])
        return bool(taken)

    async def _open_links(self, job_id: str) -> list[tuple[str, float]]:
        """Return the digests of the links that are open, each with the time of its end."""
        with _our_errors():
            now = f"({self._clock()}"  # the bracket leaves out what ends at this moment
            found: Any = await self._redis.zrange(_links(job_id), now, "+inf", byscore=True, withscores=True)
        return [(str(digest), float(ends)) for digest, ends in found]

    async def _find(self, key_id: str) -> tuple[ApiKey, str] | None:
        with _our_errors():
            text = await self._redis.hget(KEYS, key_id)
        return _parsed(str(text)) if text else None

    async def _keep(self, key: ApiKey, digest: str) -> None:
        with _our_errors():
            await self._redis.hset(KEYS, key.key_id, json.dumps({"key": key.model_dump(), "sha256": digest}))


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except ResponseError as error:
        if "MISCONF" in str(error):
            raise StorageFull("The queue's disk is full. Free some space.") from error
        raise QueueUnavailable("The queue's server cannot look up keys at the moment. Try again later.") from error
    except (RedisError, OSError) as error:
        raise QueueUnavailable("The queue does not answer. Try again later.") from error


def _parsed(text: str) -> tuple[ApiKey, str]:
    kept: dict[str, Any] = json.loads(text)
    return ApiKey.model_validate(kept["key"]), str(kept["sha256"])


def _session(token: str) -> str:
    return f"access:session:{digest_of(token)}"


def _links(job_id: str) -> str:
    return f"access:links:{job_id}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
