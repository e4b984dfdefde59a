"""What the door to keys promises. The contract test in tests/access runs on each kind of it.

Of every secret (key, session, share) only the SHA-256 is kept. All three are random beyond guessing, so a slow hash
would protect nothing that a fast one does not.
"""

import math
from collections.abc import Sequence
from typing import Protocol

from datapilot.contracts.access import ApiKey, NewKey, OpenShares, Scope

SESSION_S = 12 * 3600  # a working day; the page asks for the key again afterwards
SHARE_S = 7 * 24 * 3600


class Access(Protocol):
    """Keys, sessions and shares. Every method raises QueueUnavailable when the server does not answer in time."""

    async def create_key(self, name: str, scopes: Sequence[Scope]) -> NewKey: ...

    async def keys(self) -> list[ApiKey]:
        """Return all keys, revoked ones too, oldest first."""
        ...

    async def revoke_key(self, key_id: str) -> ApiKey:
        """Make the key and its sessions worthless from now on. Raises UnknownKey."""
        ...

    async def key_of(self, secret: str) -> ApiKey | None:
        """Return the living key with this secret; None for anything else, whatever it looks like."""
        ...

    async def open_session(self, key_id: str) -> str:
        """Return a token that stands for the key for `SESSION_S`."""
        ...

    async def key_of_session(self, token: str) -> ApiKey | None:
        """Return the living key that the session stands for."""
        ...

    async def close_session(self, token: str) -> None: ...

    async def share(self, job_id: str) -> str:
        """Return a token with which anybody may read this job for `SHARE_S`, whatever others are made meanwhile."""
        ...

    async def unshare(self, job_id: str) -> None:
        """Make all tokens of the job worthless."""
        ...

    async def open_shares(self, job_id: str) -> OpenShares: ...

    async def is_shared(self, job_id: str, token: str) -> bool: ...

    async def wait_s(self, caller: str, *, per_minute: int) -> float:
        """Count one request of the caller and return 0; or, when it has no request left, return the seconds until the
        next one, having counted nothing."""
        ...

    async def spend(self, key_id: str, amount: int, *, per_day: int) -> bool:
        """Take `amount` bytes from what the key may send on this day (UTC); False, having taken nothing, when that
        is more than is left. An amount of 0 asks whether anything is left."""
        ...


def open_until(ends: Sequence[float], *, now: float) -> OpenShares:
    """Return what is said of links that end at these times."""
    return OpenShares(links=len(ends), seconds_left=max((math.ceil(end - now) for end in ends), default=0))
