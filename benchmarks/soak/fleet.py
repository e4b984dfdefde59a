"""A queue server, a store and worker processes below one folder, as `datapilot up` has them, and an audit of every
start and end of an attempt that the records have granted."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from redis.exceptions import RedisError
from tests.system_processes import is_alive

from datapilot.contracts.errors import QueueUnavailable
from datapilot.contracts.job import Job, JobRequest
from datapilot.contracts.limits import Limits
from datapilot.forked.child import AT_WORK
from datapilot.jobs import deliveries, docket
from datapilot.jobs.attempt import Started
from datapilot.jobs.docket import DocketJobs
from datapilot.jobs.embedded import EmbeddedServer, attach
from datapilot.storage.base import Storage
from datapilot.storage.keys import upload_key
from datapilot.storage.local import local_storage

ROOT = Path(__file__).parent.parent.parent
PROGRAM = "from benchmarks.soak.fleet import main; main()"
RESTART_S = 0.2
LOOK_S = 0.02

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Event:
    """One change: an attempt at a job began in a worker, ended with a status, or was lost because its child died. Or
    `claimed`: the worker took the entry of a dead one, and is about to begin."""

    at: float
    pid: int
    job_id: str
    attempt: int
    status: str


@dataclass
class Fleet:
    """The running parts; killed workers are started again at once."""

    folder: Path
    server: EmbeddedServer
    jobs: DocketJobs
    storage: Storage
    setting: dict[str, Any]
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    _keepers: list["asyncio.Task[None]"] = field(default_factory=list)
    _events: list[Event] = field(default_factory=list)
    _read_to: int = 0

    def start(self, count: int) -> None:
        """Start workers and keep them running."""
        for number in range(count):
            self.workers.append(self._worker())
            self._keepers.append(asyncio.create_task(self._keep(number)))

    async def all_ready(self) -> None:
        """Return once every worker takes jobs."""
        while (await self.jobs.stats()).workers < len(self.workers):
            await asyncio.sleep(0.1)

    async def submit(self, job_id: str, content: str, *, timeout_s: float = 3600) -> Job:
        """Store the content and submit it as an upload is."""
        key = upload_key(job_id, "soak.csv")
        await self.storage.put_bytes(key, content.encode())
        request = JobRequest(upload_key=key, bytes=len(content), timeout_s=timeout_s)
        return await self.jobs.submit(job_id, filename="soak.csv", request=request)

    async def kill_server(self) -> None:
        """SIGKILL the queue server; its keeper starts it again."""
        pid = (await self.jobs._redis.info("server"))["process_id"]
        os.kill(pid, signal.SIGKILL)

    def children(self) -> dict[int, int]:
        """Return the processes that do the work now, each with its worker."""
        return {
            child: process.pid
            for process in self.workers
            for server in _children_of(process.pid)
            for child in _children_of(server)
            if is_alive(child) and has_a_task(child)
        }

    def audit(self) -> list[Event]:
        """Return every granted change so far, in order of time."""
        if (self.folder / "audit").exists():
            with (self.folder / "audit").open() as lines:
                lines.seek(self._read_to)
                while (line := lines.readline()).endswith("\n"):
                    self._events.append(Event(**json.loads(line)))
                    self._read_to = lines.tell()
        return sorted(self._events, key=lambda event: event.at)

    async def end(self) -> None:
        """End everything."""
        for keeper in self._keepers:
            keeper.cancel()
        for process in self.workers:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        for process in self.workers:
            await asyncio.to_thread(process.wait)

    async def _keep(self, number: int) -> None:
        while True:
            while self.workers[number].poll() is None:
                await asyncio.sleep(LOOK_S)
            await asyncio.sleep(RESTART_S)
            self.workers[number] = self._worker()

    def _worker(self) -> "subprocess.Popen[bytes]":
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        with (self.folder / "workers.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", PROGRAM, json.dumps(self.setting)], stdout=log, stderr=log, env=environment
            )


@asynccontextmanager
async def running_fleet(
    folder: Path, *, workers: int, slots: int, target: str, lease_s: float, memory_bytes: int = Limits().memory_bytes
) -> AsyncIterator[Fleet]:
    """Offer a fleet whose children run a function of `benchmarks.soak.work`; everything ends afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    with attach(folder) as server:
        setting = {
            "url": server.url, "folder": str(folder), "target": target, "slots": slots, "lease_s": lease_s,
            "memory_bytes": memory_bytes,
        }  # fmt: skip
        async with DocketJobs(server.url) as jobs:
            fleet = Fleet(folder, server, jobs, local_storage(folder / "store"), setting)
            fleet.start(workers)
            try:
                yield fleet
            finally:
                await fleet.end()


async def patiently(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Ask until the server answers, as a client does that was told to come back: a killed one may need longer than
    the product waits."""
    while True:
        try:
            return await ask()
        except (QueueUnavailable, RedisError):
            await asyncio.sleep(0.5)


def has_a_task(child: int) -> bool:
    """True when a worker's child does a task, False while it waits for one."""
    try:
        return Path(f"/proc/{child}/comm").read_text().strip() == AT_WORK
    except OSError:
        return False


def _children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def main() -> None:
    """Serve as a worker that notes every granted start and end in the audit."""
    from datapilot.telemetry.logs import configure
    from datapilot.worker.main import WorkerRules, serve_worker
    from datapilot.worker.supervisor import Supervisor

    setting = json.loads(sys.argv[1])
    folder = Path(setting["folder"])
    configure(component="worker", level="WARNING", as_json=True)

    async def serve() -> None:
        async with DocketJobs(setting["url"], lease=timedelta(seconds=setting["lease_s"])) as jobs:
            _note_changes(jobs, folder / "audit")
            supervisor = Supervisor(
                storage=local_storage(folder / "store"),
                folder=folder / "scratch",
                limits=Limits(memory_bytes=setting["memory_bytes"]),
                target=f"benchmarks.soak.work:{setting['target']}",
            )
            await serve_worker(supervisor, jobs=jobs, rules=WorkerRules(slots=setting["slots"]))

    asyncio.run(serve())


def _note_changes(jobs: DocketJobs, audit: Path) -> None:
    """Append a line to the audit after each start and each end that the records granted; one write is one line."""
    out = os.open(audit, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    records = jobs.records
    start, finish, claim = records.start, records.finish, docket.PromptSweep.claim
    run_attempt = deliveries.run_attempt

    def write(job_id: str, attempt: int, status: str) -> None:
        event = {"at": time.time(), "pid": os.getpid(), "job_id": job_id, "attempt": attempt, "status": status}
        os.write(out, (json.dumps(event) + "\n").encode())

    def note(job: Job, status: str) -> None:
        write(job.job_id, job.attempt, status)

    async def noted_claim(*said: Any) -> Any:
        found = await claim(*said)
        for _, message in found:
            write(message[b"key"].decode(), 0, "claimed")
        return found

    async def noted_start(job_id: str, **said: Any) -> Any:
        answer = await start(job_id, **said)
        if isinstance(answer, Started):
            note(answer.job, "started")
        return answer

    async def noted_finish(job_id: str, attempt: int, **said: Any) -> Any:
        answer = await finish(job_id, attempt, **said)
        if isinstance(answer, Job):
            note(answer, answer.status)
        return answer

    async def noted_attempt(job_id: str, *shared: Any, **said: Any) -> Any:
        fate = await run_attempt(job_id, *shared, **said)
        if fate == "lost":
            note(await records.get(job_id), "lost")
        return fate

    deliveries.run_attempt, docket.PromptSweep.claim = noted_attempt, noted_claim  # type: ignore[method-assign]
    records.start, records.finish = noted_start, noted_finish  # type: ignore[method-assign]
