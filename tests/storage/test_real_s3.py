"""A real S3-compatible server: large uploads in parts, uploads that end in the middle, and wrong keys."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.storage.seaweed import S3Server, emptied

from datapilot.contracts.errors import StorageUnavailable, UploadTooLarge

pytestmark = pytest.mark.slow
MEBIBYTE = 1024 * 1024


async def megabytes(count: int, *, fails_after: int | None = None) -> AsyncIterator[bytes]:
    """Yield so many MiB, each different, as an upload would."""
    for number in range(count):
        if number == fails_after:
            raise ConnectionResetError("the client went away")
        yield bytes([number % 251]) * MEBIBYTE


def peak_bytes() -> int:
    """Return the most memory this process has held."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


@pytest.mark.spec("A1", "A5")
async def test_large_upload_goes_in_parts_and_memory_stays_flat(s3_server: S3Server) -> None:
    """64 MiB arrive whole, byte for byte, while the process holds a few parts."""
    storage = s3_server.storage()
    await storage.put("uploads/job_1/warm.csv", megabytes(24))
    before = peak_bytes()

    size = await storage.put("uploads/job_1/source.csv", megabytes(64))

    assert size == 64 * MEBIBYTE
    assert peak_bytes() - before < 32 * MEBIBYTE
    seen = 0
    async for chunk in storage.stream("uploads/job_1/source.csv"):
        assert chunk[0] == (seen // MEBIBYTE) % 251
        seen += len(chunk)
    assert seen == 64 * MEBIBYTE


@pytest.mark.parametrize("trouble", ["too large", "broken off"])
async def test_upload_that_ends_in_the_middle_leaves_nothing(s3_server: S3Server, trouble: str) -> None:
    """Parts that were sent already are no blob: nobody sees half an upload."""
    storage = await asyncio.to_thread(emptied, s3_server)

    if trouble == "too large":
        with pytest.raises(UploadTooLarge):
            await storage.put("uploads/job_1/source.csv", megabytes(40), max_bytes=30 * MEBIBYTE)
    else:
        with pytest.raises(ConnectionResetError):
            await storage.put("uploads/job_1/source.csv", megabytes(40, fails_after=30))

    assert not await storage.exists("uploads/job_1/source.csv")
    assert [stored.key async for stored in storage.list("uploads/job_1/")] == []


async def test_wrong_secret_is_the_stores_trouble(s3_server: S3Server) -> None:
    """A refused signature is said as such at once, not taken for a missing blob, and the secret stays unsaid."""
    storage = s3_server.storage(secret="wrong-secret", attempts=1)

    for asked in (storage.get("uploads/first"), storage.check()):
        with pytest.raises(StorageUnavailable, match="BLOB_SECRET") as told:
            await asked

        assert "wrong-secret" not in str(told.value)
