"""What the door to keys promises, run on the twin and on a real server."""

import hashlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio

from datapilot.access.base import SESSION_S, SHARE_S, Access
from datapilot.access.memory import MemoryAccess
from datapilot.access.redis import RedisAccess
from datapilot.access.tokens import KEY, matches
from datapilot.contracts.access import OpenShares
from datapilot.contracts.errors import QueueUnavailable, UnknownKey
from datapilot.jobs.embedded import attach


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A real server for the tests of this file."""
    with attach(tmp_path_factory.mktemp("access")) as running:
        yield running.url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "valkey"])
async def access(request: pytest.FixtureRequest, clock: Clock) -> AsyncIterator[Access]:
    """Each kind of door, empty."""
    if request.param == "memory":
        yield MemoryAccess(clock)
        return
    async with redis.asyncio.from_url(request.getfixturevalue("server"), decode_responses=True) as client:
        await client.flushall()
        yield RedisAccess(client, clock=clock)


async def test_created_key_is_known_by_its_secret(access: Access) -> None:
    """The secret has 256 random bits, and stands for the key with its name and scopes."""
    new = await access.create_key("ci", ["read", "metrics"])

    found = await access.key_of(new.secret)

    assert KEY.fullmatch(new.secret)
    assert found == new.key
    assert (new.key.name, new.key.scopes, new.key.revoked_at) == ("ci", ("read", "metrics"), None)
    assert await access.keys() == [new.key]


@pytest.mark.parametrize("change", ["", "x", "dp_", "\x00", "🔑"])
async def test_anything_but_the_secret_is_nobody(access: Access, change: str) -> None:
    """A secret that is nearly right is as wrong as any other, and no odd text breaks the look-up."""
    secret = (await access.create_key("ci", ["read"])).secret
    letter = "A" if secret[-1] != "A" else "B"

    assert await access.key_of(change) is None
    assert await access.key_of(secret[:-1] + letter) is None
    assert await access.key_of(secret + change + " ") is None


async def test_revoked_key_is_worthless_and_so_are_its_sessions(access: Access) -> None:
    """Revoking works at once, may be repeated, and leaves the key in the list."""
    new = await access.create_key("ci", ["read"])
    session = await access.open_session(new.key.key_id)
    assert await access.key_of_session(session) == new.key

    revoked = await access.revoke_key(new.key.key_id)

    assert revoked == await access.revoke_key(new.key.key_id)
    assert await access.key_of(new.secret) is None
    assert await access.key_of_session(session) is None
    assert await access.keys() == [revoked]


async def test_unknown_key_cannot_be_revoked(access: Access) -> None:
    """A misspelt id is said, so that nobody believes a key to be gone that is not."""
    with pytest.raises(UnknownKey):
        await access.revoke_key("absent00")


async def test_session_ends_when_it_is_closed(access: Access) -> None:
    """Signing out makes the token worthless."""
    session = await access.open_session((await access.create_key("ci", ["read"])).key.key_id)

    await access.close_session(session)

    assert await access.key_of_session(session) is None
    assert await access.key_of_session("dps_absent") is None


async def test_share_opens_one_job_until_it_is_taken_back(access: Access) -> None:
    """Every token of a job works for that job alone."""
    first, second = await access.share("job_1"), await access.share("job_1")

    assert await access.is_shared("job_1", first)
    assert await access.is_shared("job_1", second)
    assert not await access.is_shared("job_2", first)
    assert not await access.is_shared("job_1", first + "x")

    await access.unshare("job_1")
    assert not await access.is_shared("job_1", first)


async def test_open_shares_are_counted_not_kept(access: Access) -> None:
    """How many links of a job are open, and how long still, can be asked; the links themselves cannot."""
    assert await access.open_shares("job_1") == OpenShares(links=0, seconds_left=0)

    await access.share("job_1")
    await access.share("job_1")
    found = await access.open_shares("job_1")
    assert found.links == 2
    assert SHARE_S - 60 < found.seconds_left <= SHARE_S
    assert (await access.open_shares("job_2")).links == 0

    await access.unshare("job_1")
    assert await access.open_shares("job_1") == OpenShares(links=0, seconds_left=0)


async def test_each_link_has_a_week_of_its_own(access: Access, clock: Clock) -> None:
    """A link that was given away ends when it was said to, also when others are made after it."""
    early = await access.share("job_1")
    clock.now += SHARE_S - 60
    late = await access.share("job_1")

    before = await access.open_shares("job_1")
    clock.now += 60
    after = await access.open_shares("job_1")

    assert (before.links, after.links) == (2, 1)
    assert not await access.is_shared("job_1", early)
    assert await access.is_shared("job_1", late)
    assert SHARE_S - 61 <= after.seconds_left <= SHARE_S - 60


async def test_requests_are_counted_against_the_rate(access: Access, clock: Clock) -> None:
    """A full minute's worth may come at once; then requests come free one by one."""
    assert [await access.wait_s("ci", per_minute=3) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert 0 < await access.wait_s("ci", per_minute=3) <= 20
    assert await access.wait_s("another", per_minute=3) == 0

    clock.now += 20.1
    assert await access.wait_s("ci", per_minute=3) == 0
    assert await access.wait_s("ci", per_minute=3) > 0


async def test_bytes_are_counted_against_the_day(access: Access, clock: Clock) -> None:
    """What does not fit is not counted; the next day begins at nothing."""
    assert await access.spend("ci", 60, per_day=100)
    assert not await access.spend("ci", 50, per_day=100)
    assert await access.spend("ci", 0, per_day=100)
    assert await access.spend("ci", 40, per_day=100)
    assert not await access.spend("ci", 0, per_day=100)

    clock.now += 86400
    assert await access.spend("ci", 100, per_day=100)


async def test_tokens_of_the_twin_end_in_time() -> None:
    """A session lasts a working day, a share a week."""
    clock = Clock()
    access = MemoryAccess(clock)
    session = await access.open_session((await access.create_key("ci", ["read"])).key.key_id)
    share = await access.share("job_1")

    clock.now += SESSION_S + 1
    assert await access.key_of_session(session) is None
    clock.now += SHARE_S
    assert not await access.is_shared("job_1", share)
    assert (await access.open_shares("job_1")).links == 0


async def test_server_holds_no_secret_and_no_key_without_an_end(server: str) -> None:
    """At rest there are digests alone; everything but the list of keys ends by itself."""
    async with redis.asyncio.from_url(server, decode_responses=True) as client:
        await client.flushall()
        access = RedisAccess(client)
        new = await access.create_key("ci", ["read"])
        secrets = [new.secret, await access.open_session(new.key.key_id), await access.share("job_1")]
        await access.wait_s("ci", per_minute=5)
        await access.spend("ci", 5, per_day=10)

        names = sorted([key async for key in client.scan_iter()])
        lives = {name: await client.ttl(name) for name in names}
        held = " ".join(
            [*names, str(await client.hgetall("access:keys")), str(await client.zrange("access:links:job_1", 0, -1))]
        )

    assert [name for name, seconds in lives.items() if seconds == -1] == ["access:keys"]
    assert {name.split(":")[1] for name in names} == {"keys", "session", "links", "rate", "bytes"}
    assert not [secret for secret in secrets if secret in held or secret.split("_")[-1] in held]
    assert hashlib.sha256(new.secret.encode()).hexdigest() in held


async def test_absent_server_is_said(tmp_path: Path) -> None:
    """Who cannot be looked up is neither let in nor called a stranger."""
    async with redis.asyncio.from_url(f"unix://{tmp_path}/absent.sock", decode_responses=True) as client:
        with pytest.raises(QueueUnavailable):
            await RedisAccess(client).key_of("dp_abcdefgh_" + "x" * 43)


def test_comparison_is_of_digests() -> None:
    """A secret matches its own digest and no other text, its digest included."""
    digest = hashlib.sha256(b"dp_x").hexdigest()

    assert matches("dp_x", digest)
    assert not matches(digest, digest)
