"""A worker in a process of its own, for tests that kill, freeze and stop it. Run by `WorkerProcess`."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.soak.fleet import has_a_task
from tests.system_processes import ancestors, descendants
from tests.waiting import until

ROOT = Path(__file__).parent.parent.parent
PROGRAM = "from tests.worker.worker_process import main; main()"


@dataclass(frozen=True)
class Setting:
    """What a worker under test is started with."""

    url: str
    folder: str
    target: str
    slots: int = 1
    lease_s: float = 15.0
    max_attempts: int = 5


class WorkerProcess:
    """A started worker; it writes its log to a file that tests can read."""

    def __init__(self, setting: Setting, *, starts: Path | None = None) -> None:
        self.log = Path(setting.folder) / f"worker-{os.urandom(3).hex()}.log"
        self.temporary = Path(tempfile.mkdtemp(prefix="w"))  # at a short path: sockets live there
        environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(self.temporary)}
        if starts:
            environment["STARTS"] = str(starts)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, json.dumps(vars(setting))], stdout=log, stderr=log, env=environment
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def lines(self) -> list[dict[str, object]]:
        """Return what it has logged so far."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    async def ready(self) -> None:
        """Return once it takes jobs."""
        await until(lambda: any(line["message"] == "ready" for line in self.lines()))

    async def ended(self) -> int:
        """Return its exit code once it has ended."""
        await until(lambda: self.process.poll() is not None)
        return self.process.returncode

    def descendants(self) -> list[int]:
        """Return the processes below it, however deep."""
        return descendants(self.pid)

    def spares(self) -> list[int]:
        """Return the processes that wait for a task: grandchildren, because a server of the worker's forks them."""
        return [pid for pid in self.descendants() if ancestors(pid)[1:2] == [self.pid] and not has_a_task(pid)]

    def end(self) -> None:
        """Make sure that it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        self.process.wait()
        shutil.rmtree(self.temporary)


def main() -> None:
    """Serve as a worker until told to stop."""
    from datapilot.contracts.limits import Limits
    from datapilot.forked import children
    from datapilot.jobs.docket import DocketJobs
    from datapilot.storage.local import local_storage
    from datapilot.telemetry.logs import configure
    from datapilot.worker.main import WorkerRules, serve_worker
    from datapilot.worker.supervisor import Supervisor

    setting = Setting(**json.loads(sys.argv[1]))
    configure(component="worker", as_json=True)
    children.PASSED_ON += ("STARTS",)
    folder = Path(setting.folder)

    async def serve() -> None:
        async with DocketJobs(setting.url, lease=timedelta(seconds=setting.lease_s)) as jobs:
            await serve_worker(
                Supervisor(
                    storage=local_storage(folder / "store"),
                    folder=folder / "scratch",
                    limits=Limits(),
                    target=f"tests.worker.targets:{setting.target}",
                ),
                jobs=jobs,
                rules=WorkerRules(slots=setting.slots, max_attempts=setting.max_attempts, grace_s=3),
            )

    asyncio.run(serve())
