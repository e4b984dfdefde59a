"""What only a folder does: files in their places, nothing half-written, a full or missing disk said plainly."""

import errno
import os
import shutil
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from datapilot.contracts.errors import StorageFull, StorageUnavailable
from datapilot.storage.local import INCOMING, local_storage


@pytest.mark.spec("A5")
async def test_blobs_are_plain_files(tmp_path: Path) -> None:
    """Whoever looks into the folder finds uploads and results where the contract says."""
    storage = local_storage(tmp_path)

    await storage.put_bytes("results/job_1.json", b"{}")

    assert (tmp_path / "results" / "job_1.json").read_bytes() == b"{}"


@pytest.mark.spec("A5")
async def test_results_may_live_in_a_folder_of_their_own(tmp_path: Path) -> None:
    """RESULTS_DIR moves the results and nothing else."""
    storage = local_storage(tmp_path / "store", results_root=tmp_path / "out")

    await storage.put_bytes("results/job_1.json", b"{}")
    await storage.put_bytes("uploads/job_1/source.csv", b"a")

    assert (tmp_path / "out" / "job_1.json").exists()
    assert (tmp_path / "store" / "uploads" / "job_1" / "source.csv").exists()
    assert not (tmp_path / "store" / "results").exists()


async def test_new_store_is_its_owners_alone(tmp_path: Path) -> None:
    """Other users of the machine look into no upload, also after somebody removed the folder below a running server;
    one that was there keeps the rights it was given."""
    (tmp_path / "given").mkdir()
    (tmp_path / "given").chmod(0o755)

    storage = local_storage(tmp_path / "new", results_root=tmp_path / "given")
    first = (tmp_path / "new").stat().st_mode & 0o777
    shutil.rmtree(tmp_path / "new")
    await storage.put_bytes("uploads/job_1/source.csv", b"a")

    assert first == (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "given").stat().st_mode & 0o777 == 0o755


async def test_reader_never_sees_half_an_upload(tmp_path: Path) -> None:
    """While an upload runs, its key shows what was there before."""
    storage = local_storage(tmp_path)
    await storage.put_bytes("results/job_1.json", b"old")
    seen: list[bytes] = []

    async def slowly() -> AsyncIterator[bytes]:
        yield b"x" * 2_000_000
        seen.append(await storage.get("results/job_1.json"))
        yield b"y"

    await storage.put("results/job_1.json", slowly())

    assert seen == [b"old"]
    assert len(await storage.get("results/job_1.json")) == 2_000_001


async def test_leftovers_of_killed_uploads_are_swept_at_the_next_start(tmp_path: Path) -> None:
    """A process killed in the middle of an upload leaves a file that no listing shows and the next start removes."""
    storage = local_storage(tmp_path)
    left, fresh = tmp_path / INCOMING / "left", tmp_path / INCOMING / "fresh"
    for file in (left, fresh):
        file.write_bytes(b"half")
    os.utime(left, (time.time() - 90_000,) * 2)

    local_storage(tmp_path)

    assert not left.exists()
    assert fresh.exists()
    assert [stored async for stored in storage.list()] == []


async def test_store_survives_the_removal_of_its_folders(tmp_path: Path) -> None:
    """Someone who empties the folder by hand does not break a running server."""
    storage = local_storage(tmp_path / "store")
    (tmp_path / "store" / INCOMING).rmdir()

    await storage.put_bytes("uploads/job_1/source.csv", b"a")

    assert await storage.get("uploads/job_1/source.csv") == b"a"


async def test_full_disk_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room left is its own error, so that the page can say what to do; the old blob stays."""
    storage = local_storage(tmp_path)
    await storage.put_bytes("results/job_1.json", b"old")

    def no_room(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)

    with pytest.raises(StorageFull, match="no room"):
        await storage.put_bytes("results/job_1.json", b"new")

    monkeypatch.undo()
    assert await storage.get("results/job_1.json") == b"old"


async def test_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    """A file where the folder should be is told as the store's trouble."""
    (tmp_path / "store").write_text("in the way")

    with pytest.raises(StorageUnavailable, match="file store"):
        local_storage(tmp_path / "store")


@pytest.mark.spec("G3")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
async def test_full_disk_is_not_called_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Health does not say `ok` of a store that refuses every upload; an empty file alone would have room."""
    storage = local_storage(tmp_path)
    await storage.check()
    monkeypatch.setattr(uuid, "uuid4", lambda: SimpleNamespace(hex="probe"))
    (tmp_path / ".incoming" / "probe").symlink_to("/dev/full")

    with pytest.raises(StorageFull):
        await storage.check()
