"""How much memory the server takes for one very large upload, and for four at once."""

import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

AT_ONCE = 4
ALLOWED_BYTES = 64 << 20
CHUNK = b"0123456789abcdef," * (1 << 16)
PROGRAM = "from datapilot.cli.main import main; main()"


@dataclass(frozen=True)
class Outcome:
    """Peak memory of the server above what it held before, in bytes."""

    mib: int
    one: int
    four: int

    @property
    def is_good(self) -> bool:
        """Say whether memory stayed flat, for the four together too."""
        return self.one <= ALLOWED_BYTES and self.four <= ALLOWED_BYTES

    def lines(self) -> list[str]:
        """Return what to print."""
        one, four = (held / 2**20 for held in (self.one, self.four))
        return [
            f"the server's peak memory rose by {one:.0f} MiB for an upload of {self.mib:,} MiB,"
            f" by {four:.0f} MiB for {AT_ONCE} at once (target 64 MiB)"
        ]


def run(mib: int) -> Outcome:
    """Upload a file of so many MiB, then four of them at once."""
    with tempfile.TemporaryDirectory() as temporary, _server(Path(temporary)) as (address, pid):
        _send(address, 1 << 20)  # what the first upload loads is no cost of a large one
        before = _peak_bytes(pid)
        _send(address, mib << 20)
        one = _peak_bytes(pid) - before
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as senders:
            list(senders.map(lambda _: _send(address, mib << 20), range(AT_ONCE)))
        return Outcome(mib, one, _peak_bytes(pid) - before)


@contextmanager
def _server(folder: Path) -> Iterator[tuple[str, int]]:
    environment = os.environ | {"DATA_DIR": str(folder), "MAX_UPLOAD_SIZE_BYTES": str(1 << 40)}
    server = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "api", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        said = (json.loads(line) for line in server.stdout)
        address = next(line["extra"]["address"] for line in said if line["message"] == "ready")
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(20)
        server.stdout.close()


def _send(address: str, size: int) -> None:
    boundary = "soak"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'.encode()

    def body() -> Iterator[bytes]:
        yield head
        for start in range(0, size, len(CHUNK)):
            yield CHUNK[: size - start]
        yield f"\r\n--{boundary}--\r\n".encode()

    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    with httpx.Client(trust_env=False, timeout=600) as client:
        client.post(f"{address}/api/upload", content=body(), headers=kind).raise_for_status()


def _peak_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
