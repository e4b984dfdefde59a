"""The third journey: the layout of the compose file, run natively. An API and workers that share no folder, only one
Redis and one bucket."""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from tests.journeys.product import EXAMPLES, PROGRAM, ROOT, eventually, free_port, plain_environment
from tests.storage.conftest import BUCKET, KEY, SECRET, S3Server, s3_server  # noqa: F401  # a fixture of theirs

JOBS = 24
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))


class Fleet:
    """Processes started as the compose file says, each in a folder of its own."""

    def __init__(self, folder: Path, redis_url: str, s3: S3Server) -> None:
        self.folder = folder
        self.port = free_port()
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        written = COMPOSE["x-datapilot"]["environment"]
        settings = {name: re.sub(r"\$\{\w+:?[-?]?([^}]*)\}", r"\1", str(value)) for name, value in written.items()}
        self._settings = settings | {
            "REDIS_URL": redis_url,
            "BLOB_ENDPOINT_URL": s3.endpoint,
            "BLOB_BUCKET": BUCKET,
            "BLOB_KEY": KEY,
            "BLOB_SECRET": SECRET,
            "WORKER_HEALTH_PORT": "0",
        }

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
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [PROGRAM, *self.command(service)],
                cwd=self.folder,
                env=self.environment(name),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def figures(self) -> dict[str, float]:
        """Return what autoscaling reads."""
        text = self.http.get("/metrics").text
        families = text_string_to_metric_families(text)
        return {sample.name: sample.value for family in families for sample in family.samples if not sample.labels}

    def jobs(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.http.get("/api/jobs", params={"limit": 100}).json()["jobs"]
        return listed

    def end(self) -> None:
        self.http.close()
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def fleet(tmp_path: Path, redis_url: str, s3_server: S3Server) -> Iterator[Fleet]:  # noqa: F811
    """An API on that Redis and that bucket, without workers."""
    one = Fleet(tmp_path, redis_url, s3_server)
    one.start("api", "api")
    try:
        yield one
    finally:
        one.end()


@pytest.mark.spec("I1", "D10")
def test_workers_without_a_common_folder_share_the_jobs(fleet: Fleet, s3_server: S3Server) -> None:  # noqa: F811
    """What waits is what autoscaling reads. Two workers take it up, one is killed in the middle, and every job is
    completed once, its result in the bucket; the cleaner of the same layout then finds them all."""
    assert eventually(lambda: _answers(fleet), seconds=40), fleet.log("api")
    file = EXAMPLES / "sales_demo.csv"
    for _ in range(JOBS):
        answer = fleet.http.post("/api/upload", files={"file": (file.name, file.read_bytes())})
        assert answer.status_code == 202, answer.text
    waiting = fleet.figures()

    fleet.start("worker-1", "worker")
    fleet.start("worker-2", "worker")
    depths = [waiting["queue_depth"]]

    def has_worked(name: str) -> bool:
        depths.append(fleet.figures()["queue_depth"])
        return '"message": "completed"' in fleet.log(name)

    assert eventually(lambda: has_worked("worker-1") and has_worked("worker-2"), seconds=90), fleet.log("worker-2")
    os.killpg(fleet.processes["worker-2"].pid, signal.SIGKILL)
    fleet.processes["worker-2"].wait()

    def is_over() -> bool:
        figures = fleet.figures()
        depths.append(figures["queue_depth"])
        return figures["queue_depth"] + figures["running_jobs"] == 0

    assert eventually(is_over, seconds=120), fleet.jobs()
    jobs = fleet.jobs()
    assert (waiting["queue_depth"], waiting["running_jobs"]) == (JOBS, 0)
    assert depths == sorted(depths, reverse=True), "what waits only becomes less"
    assert Counter(job["status"] for job in jobs) == {"completed": JOBS}
    assert fleet.figures()["jobs_completed_total"] - waiting["jobs_completed_total"] == JOBS
    results = asyncio.run(_keys(s3_server, "results/"))
    assert {f"results/{job['jobId']}.json" for job in jobs} <= results
    cleaned = subprocess.run(
        [PROGRAM, *fleet.command("cleaner")],
        cwd=fleet.folder,
        env=fleet.environment("cleaner"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert cleaned.returncode == 0, cleaned.stderr
    assert f'"totalKeysScanned": {JOBS}' in cleaned.stdout
    assert len(asyncio.run(_keys(s3_server, "maintenance/cleaner_runs/"))) == 1


async def _keys(server: S3Server, prefix: str) -> set[str]:
    return {stored.key async for stored in server.storage().list(prefix)}


def _answers(fleet: Fleet) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return bool(fleet.http.get("/api/health").json()["components"]["redis"]["status"] == "ok")
    return False
