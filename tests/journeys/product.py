"""The whole product as its users meet it: `datapilot up` in a folder of its own, spoken to over HTTP."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from benchmarks.soak.fleet import has_a_task
from tests.free_port import free_port
from tests.system_processes import ancestors, living

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"
PROGRAM = Path(sys.executable).with_name("datapilot")

START_SECONDS = 120  # a loaded machine; usually two
END_SECONDS = 60  # a loaded machine; `up` promises ten
FINAL = {"completed", "failed", "cancelled"}


@dataclass
class Product:
    """A running installation: everything it keeps lies in `folder`, everything it says in `log`."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.address, timeout=60)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def upload(self, file: Path, **fields: str) -> str:
        """Send a file as a form does and return the job's id."""
        with file.open("rb") as content:
            answer = self.http.post("/api/upload", files={"file": (file.name, content)}, data=fields)
        assert answer.status_code == 202, answer.text
        assert answer.json()["status"] == "submitted"
        return str(answer.json()["jobId"])

    def job(self, job_id: str) -> dict[str, Any]:
        """Return the job's record."""
        answer = self.http.get("/api/job-status", params={"jobId": job_id})
        assert answer.status_code == 200, answer.text
        record: dict[str, Any] = answer.json()
        return record

    def wait(self, job_id: str, until: Callable[[dict[str, Any]], bool], *, seconds: float = 120) -> dict[str, Any]:
        """Follow the job's live events until its record is as wanted, and return that record."""
        deadline = time.monotonic() + seconds
        with self.http.stream("GET", f"/api/jobs/{job_id}/events", timeout=seconds) as stream:
            for line in stream.iter_lines():
                if line.startswith("data:"):
                    record: dict[str, Any] = json.loads(line.removeprefix("data:"))
                    if until(record):
                        return record
                assert time.monotonic() < deadline, f"not within {seconds} s; {self.said()}"
        raise AssertionError(f"the events ended before it came to that: {self.job(job_id)}; {self.said()}")

    def finish(self, job_id: str, *, seconds: float = 120) -> dict[str, Any]:
        """Return the job's record once it has ended."""
        return self.wait(job_id, lambda record: record["status"] in FINAL, seconds=seconds)

    def result(self, job_id: str) -> dict[str, Any]:
        """Return the result of a completed job."""
        answer = self.http.get("/api/result", params={"jobId": job_id})
        assert answer.status_code == 200, answer.text
        report: dict[str, Any] = answer.json()
        return report

    def analyse(self, file: Path, **fields: str) -> dict[str, Any]:
        """Send a file, wait for its job to be completed, and return the result."""
        job_id = self.upload(file, **fields)
        record = self.finish(job_id)
        assert record["status"] == "completed", record
        return self.result(job_id)

    def stored(self, name: str) -> Path:
        """Return where a blob of the local store lies."""
        return self.folder / "tmp_uploads" / name

    def workers(self) -> list[int]:
        """Return the process ids of the workers that `up` keeps running."""
        return self._kept(" worker")

    def api(self) -> int:
        """Return the process id of the API that `up` keeps running."""
        (pid,) = self._kept(" api ")
        return pid

    def _kept(self, command: str) -> list[int]:
        return [
            pid for pid, argv in self.family().items() if ancestors(pid)[:1] == [self.process.pid] and command in argv
        ]

    def at_work(self) -> list[int]:
        """Return the process ids of the attempts that run: children of a worker's fork server that have a task."""
        workers = set(self.workers())
        return [pid for pid in self.family() if set(ancestors(pid)[1:2]) & workers and has_a_task(pid)]

    def family(self) -> dict[int, str]:
        """Return the command line of every process that descends from `up`, by process id."""
        return {pid: command for pid, command in _processes() if self.process.pid in ancestors(pid)}

    def stop(self) -> int:
        """Ask `up` to end, as Ctrl-C and service managers do, and return its exit code."""
        self.http.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(END_SECONDS)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:]


@contextlib.contextmanager
def running(folder: Path, **settings: str) -> Iterator[Product]:
    """Offer the product, started in `folder` with these settings and stopped at the end, whatever happened."""
    folder.mkdir(parents=True, exist_ok=True)
    port, log = free_port(), folder / "up.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [PROGRAM, "up", "--port", str(port)],
            cwd=folder,
            env=plain_environment() | settings,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    product = Product(folder, port, process, log)
    try:
        _wait_until_well(product)
        yield product
    finally:
        with contextlib.suppress(subprocess.TimeoutExpired):
            product.stop()
        left = product.family()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def run(*arguments: str | Path, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command of the product to its end."""
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        env=plain_environment() | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def plain_environment() -> dict[str, str]:
    """Return the environment of the tests without any setting of the product: the defaults are what is shown."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE")
    return {name: os.environ[name] for name in kept if name in os.environ}


def comparable(report: dict[str, Any]) -> dict[str, Any]:
    """Return a result without what differs between two runs: the job's id and the times."""
    metadata = report["insights"]["metadata"] | {"seconds": 0}
    return report | {"jobId": "", "processedAt": "", "insights": report["insights"] | {"metadata": metadata}}


def slow_table(folder: Path) -> Path:
    """Write a table that takes a while to analyse: its width does it, at little size."""
    columns, rows = 400, 8000
    path = folder / "wide.csv"
    with path.open("w", encoding="ascii") as file:
        file.write(",".join(f"measure {n}" for n in range(columns)) + "\n")
        for row in range(rows):
            file.write(",".join(str((row * 7919 + n * 104729) % 9973) for n in range(columns)) + "\n")
    return path


def eventually(claim: Callable[[], bool], *, seconds: float = 60) -> bool:
    """Return whether the claim comes true in time; for what gives no event, such as a process's end."""
    deadline = time.monotonic() + seconds
    while not (holds := claim()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds


def _wait_until_well(product: Product) -> None:
    def is_well() -> bool:
        assert product.process.poll() is None, f"`up` ended: {product.said()}"
        with contextlib.suppress(httpx.TransportError):
            return bool(product.http.get("/api/health").json()["status"] == "ok")
        return False

    assert eventually(is_well, seconds=START_SECONDS), product.said()


def _processes() -> Iterator[tuple[int, str]]:
    for pid in living():
        with contextlib.suppress(OSError):
            yield pid, Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
