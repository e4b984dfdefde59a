"""Keys in this process's memory: the twin for tests. Nothing survives the process."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from datapilot.access.base import SESSION_S, SHARE_S, open_until
from datapilot.access.tokens import digest_of, id_in, matches, new_key, new_token
from datapilot.contracts.access import ApiKey, NewKey, OpenShares, Scope
from datapilot.contracts.errors import UnknownKey


class MemoryAccess:
    """See `datapilot.access.base.Access`. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._keys: dict[str, tuple[ApiKey, str]] = {}
        self._sessions: dict[str, tuple[str, float]] = {}
        self._links: dict[str, dict[str, float]] = {}  # of each job the digests, and when each ends
        self._buckets: dict[str, tuple[float, float]] = {}
        self._spent: dict[tuple[str, int], int] = {}

    async def create_key(self, name: str, scopes: Sequence[Scope]) -> NewKey:
        key_id, secret = new_key()
        created = datetime.now(UTC).isoformat(timespec="seconds")
        key = ApiKey(key_id=key_id, name=name, scopes=tuple(scopes), created_at=created)
        self._keys[key_id] = key, digest_of(secret)
        return NewKey(key=key, secret=secret)

    async def keys(self) -> list[ApiKey]:
        return [key for key, _ in self._keys.values()]

    async def revoke_key(self, key_id: str) -> ApiKey:
        if key_id not in self._keys:
            raise UnknownKey(f"There is no key {key_id}.")
        key, digest = self._keys[key_id]
        if key.revoked_at is None:
            key = key.model_copy(update={"revoked_at": datetime.now(UTC).isoformat(timespec="seconds")})
        self._keys[key_id] = key, digest
        return key

    async def key_of(self, secret: str) -> ApiKey | None:
        key, digest = self._keys.get(id_in(secret) or "", (None, ""))
        return key if key and matches(secret, digest) and key.revoked_at is None else None

    async def open_session(self, key_id: str) -> str:
        token = new_token("dps")
        self._sessions[digest_of(token)] = key_id, self._clock() + SESSION_S
        return token

    async def key_of_session(self, token: str) -> ApiKey | None:
        key_id, until = self._sessions.get(digest_of(token), ("", 0.0))
        key, _ = self._keys.get(key_id, (None, ""))
        return key if key and key.revoked_at is None and self._clock() < until else None

    async def close_session(self, token: str) -> None:
        self._sessions.pop(digest_of(token), None)

    async def share(self, job_id: str) -> str:
        token = new_token("dpr")
        self._links.setdefault(job_id, {})[digest_of(token)] = self._clock() + SHARE_S
        return token

    async def unshare(self, job_id: str) -> None:
        self._links.pop(job_id, None)

    async def open_shares(self, job_id: str) -> OpenShares:
        return open_until(list(self._open_links(job_id).values()), now=self._clock())

    async def is_shared(self, job_id: str, token: str) -> bool:
        return any(matches(token, digest) for digest in self._open_links(job_id))

    def _open_links(self, job_id: str) -> dict[str, float]:
        now = self._clock()
        return {digest: ends for digest, ends in self._links.get(job_id, {}).items() if now < ends}

    async def wait_s(self, caller: str, *, per_minute: int) -> float:
        now, rate = self._clock(), per_minute / 60
        left, at = self._buckets.get(caller, (float(per_minute), now))
        left = min(per_minute, left + (now - at) * rate)
        if left < 1:
            return (1 - left) / rate
        self._buckets[caller] = left - 1, now
        return 0.0

    async def spend(self, key_id: str, amount: int, *, per_day: int) -> bool:
        day = (key_id, int(self._clock() // 86400))
        spent = self._spent.get(day, 0)
        if spent + max(amount, 1) > per_day:
            return False
        self._spent[day] = spent + amount
        return True
