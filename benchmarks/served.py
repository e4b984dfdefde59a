"""The product running on a free port, with one worker and a folder of its own, and what benchmarks ask of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_S = 60
PATIENCE_S = 300


@contextmanager
def served() -> Iterator[str]:
    """Offer the address of `datapilot up`, well and with one worker; it is stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="datapilot-bench-") as folder:
        datapilot = str(Path(sys.executable).with_name("datapilot"))
        process = subprocess.Popen(
            [datapilot, "up", "--port", str(port), "--workers", "1"],
            cwd=folder,
            env=os.environ | {"DATA_DIR": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_well(address)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def upload(address: str, path: Path) -> str:
    """Send a file and return its job's id."""
    border = uuid.uuid4().hex
    head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'
    body = head.encode() + path.read_bytes() + f"\r\n--{border}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={border}"}
    with urllib.request.urlopen(urllib.request.Request(f"{address}/api/upload", body, kind)) as answer:
        job: str = json.load(answer)["jobId"]
    return job


def analysed(address: str, path: Path) -> str:
    """Send a file, wait for its analysis and return the job's id. Raises RuntimeError if it ends otherwise."""
    job = upload(address, path)
    for record in news(address, job):
        if record["status"] == "completed":
            return job
        if record["status"] in ("failed", "cancelled"):
            raise RuntimeError(f"the job ended as {record['status']}: {record.get('errorMessage')}")
    raise RuntimeError("the job's news broke off")


def news(address: str, job: str) -> Iterator[dict[str, str]]:
    """Yield the job's record at every change, as a page hears of it."""
    with urllib.request.urlopen(f"{address}/api/jobs/{job}/events", timeout=PATIENCE_S) as events:
        for line in events:
            if line.startswith(b"data:"):
                yield json.loads(line.removeprefix(b"data:"))


def _wait_until_well(address: str) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/api/health") as answer:
                if json.load(answer)["status"] == "ok":
                    return
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.1)
    raise RuntimeError("the server did not become well")
