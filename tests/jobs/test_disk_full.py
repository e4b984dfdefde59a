"""The disk is full: nothing that was accepted is lost, what cannot be accepted is said, and it goes on by itself."""

import asyncio
import collections
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

PROGRAM = "from datapilot.cli.main import main; main()"
DISK_MIB = 48
CSV = b"region,revenue\nnorth,10\nsouth,20\n"

pytestmark = pytest.mark.slow


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own that is soon full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small disk can be mounted by root alone")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[httpx.Client]:
    """Serve the API alone with everything it keeps below the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "api", "--port", "0", "--readable-logs"],
        env={**os.environ, "DATA_DIR": str(folder)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    # A server that nobody reads stands still once the pipe is full of what it says about the full disk.
    reader = threading.Thread(target=collections.deque, args=(process.stdout, 0))
    try:
        line = next(line for line in process.stdout if "is ready:" in line)
        reader.start()
        with httpx.Client(base_url=line.split("ready: ")[1].split()[0], trust_env=False, timeout=60) as client:
            yield client
    finally:
        process.terminate()
        process.wait(60)
        if reader.is_alive():
            reader.join(60)
        process.stdout.close()


def upload(client: httpx.Client, content: bytes = CSV) -> httpx.Response:
    """Send a file."""
    return client.post("/api/upload", files={"file": ("sales.csv", content)})


def fill(folder: Path) -> Path:
    """Take all the room there is, and return the file that does."""
    hog = folder / "hog"
    with hog.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    return hog


@pytest.mark.spec("D10")
async def test_full_disk_loses_nothing_and_recovers_by_itself(small_disk: Path) -> None:
    """507 with a code and Retry-After while it is full; every job accepted before is there, and once there is room
    uploads are accepted again by itself, with no restart."""
    with serving(small_disk) as client:
        accepted = [upload(client).json()["jobId"] for _ in range(20)]

        hog = fill(small_disk)
        refused = [upload(client, CSV * 2000) for _ in range(3)]
        small = upload(client)
        status = client.get(f"/api/job-status?jobId={accepted[0]}")
        hog.unlink()

        async with asyncio.timeout(30):
            while (again := upload(client)).status_code != 202:  # noqa: ASYNC110 - a disk gives no event
                await asyncio.sleep(0.2)
        states = {client.get(f"/api/job-status?jobId={job_id}").json()["status"] for job_id in accepted}
        listed = client.get("/api/jobs?limit=500").json()["jobs"]

    for answer in (*refused, *([small] if small.status_code != 202 else [])):
        assert answer.status_code in {503, 507}, answer.text
        assert answer.json()["code"] in {"storage_full", "queue_unavailable"}
        assert int(answer.headers["retry-after"]) > 0
    assert "storage_full" in {answer.json()["code"] for answer in refused}
    assert status.status_code == 200
    assert states == {"submitted"}
    assert {again.json()["jobId"], *accepted} <= {job["jobId"] for job in listed}


@pytest.mark.spec("D10")
def test_jobs_accepted_around_a_full_disk_survive_a_restart(small_disk: Path) -> None:
    """What was answered with 202 is there after the server was started anew, the disk having been full in between."""
    with serving(small_disk) as client:
        accepted = [upload(client).json()["jobId"] for _ in range(5)]
        hog = fill(small_disk)
        accepted += [answer.json()["jobId"] for _ in range(5) if (answer := upload(client)).status_code == 202]
        hog.unlink()

    with serving(small_disk) as client:
        states = [client.get(f"/api/job-status?jobId={job_id}").json()["status"] for job_id in accepted]

    assert states == ["submitted"] * len(accepted)
