"""A real S3-compatible server: SeaweedFS, on loopback, with keys."""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.free_port import free_port

from datapilot.contracts.errors import StorageUnavailable
from datapilot.contracts.retry import RetryPolicy
from datapilot.storage.base import Storage
from datapilot.storage.s3 import s3_storage

KEY, SECRET, BUCKET = "test-key", "test-secret", "blobs"
PROGRAM = Path(sys.executable).with_name("weed")
START_S = 60


@dataclass(frozen=True)
class S3Server:
    """A running server."""

    endpoint: str
    log: Path

    def storage(self, *, secret: str = SECRET, attempts: int = 3) -> Storage:
        """Return the store in the server's bucket."""
        return s3_storage(
            bucket=BUCKET,
            endpoint_url=self.endpoint,
            region="us-east-1",
            key=KEY,
            secret=secret,
            retry=RetryPolicy(attempts),
        )


def emptied(server: S3Server) -> Storage:
    """Return the server's store with nothing in it."""
    storage = server.storage()

    async def empty() -> None:
        for stored in [stored async for stored in storage.list()]:
            await storage.delete(stored.key)

    asyncio.run(empty())
    return storage


def is_available() -> bool:
    """Say whether this system has the program."""
    return PROGRAM.exists() or shutil.which("weed") is not None


@contextmanager
def running_s3(folder: Path) -> Iterator[S3Server]:
    """Offer a server that keeps its files in the folder, with the bucket in it."""
    identity = {
        "name": "datapilot",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "keys.json").write_text(json.dumps({"identities": [identity]}))
    names = ("master", "volume", "filer", "s3")
    free = [free_port() for _ in range(2 * len(names))]
    ports, grpc = dict(zip(names, free[::2], strict=True)), dict(zip(names, free[1::2], strict=True))
    command = [
        str(PROGRAM) if PROGRAM.exists() else "weed", "-logtostderr", "server", f"-dir={folder}", "-filer", "-s3",
        "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-s3.config={folder / 'keys.json'}", "-volume.max=20",
        "-master.volumeSizeLimitMB=64", "-s3.port.iceberg=0", "-s3.port.lance=0",
        *(f"-{name}.port={port}" for name, port in ports.items()),
        *(f"-{name}.port.grpc={port}" for name, port in grpc.items()),
    ]  # fmt: skip
    log = folder / "weed.log"
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder)
    running = S3Server(f"http://127.0.0.1:{ports['s3']}", log)
    try:
        _make_bucket(running, server, f"http://127.0.0.1:{ports['filer']}")
        yield running
    finally:
        server.kill()
        server.wait()
        for port in free:  # most of its sockets have a fixed place, and a killed server leaves them
            for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                left.unlink(missing_ok=True)


def _make_bucket(server: S3Server, process: "subprocess.Popen[bytes]", filer: str) -> None:
    """Return once the bucket is there and takes writes: a bucket is a folder of the filer."""
    give_up = time.monotonic() + START_S
    while True:
        try:
            made = httpx.post(f"{filer}/buckets/{BUCKET}/", timeout=5, trust_env=False)
            assert made.status_code in {201, 409}, made.text  # 409: it is there already
            asyncio.run(server.storage(attempts=1).put_bytes("uploads/first", b"x"))
        except (httpx.TransportError, StorageUnavailable):
            assert process.poll() is None, server.log.read_text()[-3000:]
            assert time.monotonic() < give_up, server.log.read_text()[-3000:]
            time.sleep(0.1)
        else:
            return
