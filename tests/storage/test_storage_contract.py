"""What every store promises, run on each of them: in memory, in a folder, in an object store over obstore."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import MemoryStore
from tests.storage.seaweed import emptied

from datapilot.contracts.errors import UploadTooLarge
from datapilot.storage.base import Storage
from datapilot.storage.local import local_storage
from datapilot.storage.memory import MemoryStorage
from datapilot.storage.s3 import RemoteStorage

MEBIBYTE = 1024 * 1024

STORES: dict[str, Callable[[Path], Storage]] = {
    "memory": lambda folder: MemoryStorage(),
    "local folder": lambda folder: local_storage(folder / "store"),
    "local folder, results elsewhere": lambda folder: local_storage(folder / "store", results_root=folder / "out"),
    "object store": lambda folder: RemoteStorage(MemoryStore()),
}


@pytest.fixture(params=[*STORES, pytest.param("s3", marks=pytest.mark.slow)])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """One store of each kind, empty."""
    if request.param == "s3":
        return emptied(request.getfixturevalue("s3_server"))
    return STORES[request.param](tmp_path)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    """Yield the parts as an upload would."""
    for part in parts:
        yield part


async def keys(storage: Storage, prefix: str = "") -> set[str]:
    """Return the keys a listing shows."""
    return {stored.key async for stored in storage.list(prefix)}


@pytest.mark.spec("A5")
async def test_what_was_put_is_got(storage: Storage) -> None:
    """A streamed upload comes back whole, and put says its size."""
    size = await storage.put("uploads/job_1/source.csv", chunks(b"a,b\n", b"1,2\n"))

    assert size == 8
    assert await storage.get("uploads/job_1/source.csv") == b"a,b\n1,2\n"
    assert await storage.exists("uploads/job_1/source.csv")


async def test_of_several_first_ones_one_stays(storage: Storage) -> None:
    """What must be made once for all machines is: one put of many at once wins, and later ones change nothing."""
    contents = [f"salt {number}".encode() for number in range(8)]

    won = await asyncio.gather(*(storage.put_new("feedback/salt", content) for content in contents))
    kept = await storage.get("feedback/salt")

    assert [content for content, is_first in zip(contents, won, strict=True) if is_first] == [kept]
    assert not await storage.put_new("feedback/salt", b"late")
    assert await storage.get("feedback/salt") == kept


async def test_put_replaces(storage: Storage) -> None:
    """The second put wins, whichever of the three ways it takes."""
    await storage.put_bytes("results/job_1.json", b"first, and longer")
    await storage.put("results/job_1.json", chunks(b"second"))

    assert await storage.get("results/job_1.json") == b"second"


async def test_a_file_can_be_put(storage: Storage, tmp_path: Path) -> None:
    """A file on disk is stored as it is and stays where it was."""
    source = tmp_path / "report.json"
    source.write_bytes(b"{}")

    await storage.put_path("results/job_1.json", source)

    assert await storage.get("results/job_1.json") == b"{}"
    assert source.exists()


async def test_empty_blob_is_a_blob(storage: Storage) -> None:
    """Nothing uploaded is still an upload: the reader says that it is empty, not the store."""
    assert await storage.put("uploads/job_1/source", chunks()) == 0
    assert await storage.get("uploads/job_1/source") == b""


@pytest.mark.spec("A1")
async def test_too_large_upload_leaves_nothing(storage: Storage) -> None:
    """One byte over the limit ends the upload; neither a part nor a temporary file stays."""
    with pytest.raises(UploadTooLarge, match="10 bytes"):
        await storage.put("uploads/job_1/source.csv", chunks(b"12345", b"678901"), max_bytes=10)

    assert not await storage.exists("uploads/job_1/source.csv")
    assert await keys(storage) == set()


async def test_upload_of_exactly_the_limit_is_taken(storage: Storage) -> None:
    """The limit itself is allowed."""
    assert await storage.put("uploads/job_1/source.csv", chunks(b"12345", b"67890"), max_bytes=10) == 10


async def test_too_large_upload_keeps_what_was_there(storage: Storage) -> None:
    """A refused put does not harm the blob it would have replaced."""
    await storage.put_bytes("uploads/job_1/source.csv", b"old")

    with pytest.raises(UploadTooLarge):
        await storage.put("uploads/job_1/source.csv", chunks(b"new and long"), max_bytes=4)

    assert await storage.get("uploads/job_1/source.csv") == b"old"


async def test_broken_upload_leaves_nothing_and_tells_its_own_error(storage: Storage) -> None:
    """When the sender hangs up, the caller hears of the sender, not of the store."""

    async def hangs_up() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError("the sender hung up")

    with pytest.raises(ConnectionResetError, match="hung up"):
        await storage.put("uploads/job_1/source.csv", hangs_up())

    assert await keys(storage) == set()


async def test_large_blob_streams_in_pieces(storage: Storage) -> None:
    """A blob of several parts comes back the same."""
    block = bytes(range(256)) * 4096

    await storage.put("uploads/job_1/source.csv", chunks(*[block] * 9))
    pieces = [piece async for piece in storage.stream("uploads/job_1/source.csv")]

    assert b"".join(pieces) == block * 9


async def test_blob_is_offered_as_a_file(storage: Storage, tmp_path: Path) -> None:
    """A reader that wants a path gets one with the blob's bytes, and nothing stays in the scratch folder."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    await storage.put_bytes("uploads/job_1/source.csv", b"a\n1\n")

    async with storage.local_path("uploads/job_1/source.csv", scratch=scratch) as path:
        assert path.read_bytes() == b"a\n1\n"

    assert list(scratch.iterdir()) == []
    assert await storage.exists("uploads/job_1/source.csv")


@pytest.mark.parametrize("ask", ["get", "stream", "local_path"])
async def test_missing_blob_is_file_not_found(storage: Storage, tmp_path: Path, ask: str) -> None:
    """Every store says the same about a blob that is not there."""
    asking = {
        "get": lambda: storage.get("results/none.json"),
        "stream": lambda: anext(aiter(storage.stream("results/none.json"))),
        "local_path": lambda: storage.local_path("results/none.json", scratch=tmp_path).__aenter__(),
    }

    with pytest.raises(FileNotFoundError):
        await asking[ask]()


async def test_delete_removes_and_may_be_repeated(storage: Storage) -> None:
    """Deleting twice, or what never was, is harmless."""
    await storage.put_bytes("results/job_1.json", b"{}")

    await storage.delete("results/job_1.json")
    await storage.delete("results/job_1.json")

    assert not await storage.exists("results/job_1.json")


@pytest.mark.spec("F1")
async def test_listing_shows_key_size_and_last_change(storage: Storage) -> None:
    """Retention decides by what a listing says; it holds the blobs below the prefix and no others."""
    before = datetime.now(UTC) - timedelta(seconds=2)
    await storage.put_bytes("uploads/job_1/source.csv", b"12345")
    await storage.put_bytes("uploads/job_11/source.csv", b"1")
    await storage.put_bytes("results/job_1.json", b"{}")

    found = [stored async for stored in storage.list("uploads/job_1/")]

    assert [(stored.key, stored.size) for stored in found] == [("uploads/job_1/source.csv", 5)]
    assert before <= found[0].changed_at <= datetime.now(UTC) + timedelta(seconds=2)
    assert found[0].changed_at.utcoffset() == timedelta(0)
    assert await keys(storage, "results/") == {"results/job_1.json"}
    assert len(await keys(storage)) == 3


async def test_listing_of_nothing_is_empty(storage: Storage) -> None:
    """A prefix below which nothing lies is no error."""
    assert await keys(storage, "uploads/") == set()


@pytest.mark.parametrize("key", ["../outside", "/etc/passwd", "uploads/../x", ""])
async def test_no_verb_takes_a_hostile_key(storage: Storage, key: str, tmp_path: Path) -> None:
    """Path traversal is refused by the store itself, not only by those who call it."""
    attempts = [
        lambda: storage.put(key, chunks(b"x")),
        lambda: storage.put_bytes(key, b"x"),
        lambda: storage.put_path(key, tmp_path),
        lambda: storage.get(key),
        lambda: storage.exists(key),
        lambda: storage.delete(key),
        lambda: anext(aiter(storage.stream(key))),
        lambda: storage.local_path(key, scratch=tmp_path).__aenter__(),
    ]

    for attempt in attempts:
        with pytest.raises(ValueError, match="Not a storage key"):
            await attempt()


async def test_concurrent_puts_leave_one_whole_blob(storage: Storage) -> None:
    """Writers of the same key never mix their bytes."""
    bodies = [bytes([letter]) * MEBIBYTE for letter in b"abcd"]

    await asyncio.gather(*(storage.put("results/job_1.json", chunks(body[:7], body[7:])) for body in bodies))

    assert await storage.get("results/job_1.json") in bodies


async def test_working_store_passes_its_check(storage: Storage) -> None:
    """Health asks the store itself."""
    await storage.check()

    assert await keys(storage) == set()
