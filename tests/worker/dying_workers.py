"""Workers that die at a chosen point of a job's life. Run by the test beside it, as a process of its own.

The process loads everything once and then forks one worker for each point named on a line of stdin: `before finish`,
`after put_path`, … The worker takes one job and is killed by SIGKILL at the first time it comes to that point. Its
lease is longer than the test, so that no other dying worker takes a dead one's job. The answer to each line is how the
worker ended.
"""

import asyncio
import functools
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from datapilot.contracts.limits import Limits
from datapilot.forked import children
from datapilot.jobs.docket import DocketJobs
from datapilot.storage.local import local_storage
from datapilot.telemetry.logs import configure
from datapilot.worker.main import WorkerRules, serve_worker
from datapilot.worker.supervisor import Supervisor

LEASE_S = 3600.0


def main() -> None:
    """Fork a worker for every line, one after the other."""
    url, folder, target = sys.argv[1:4]
    configure(component="worker", as_json=True)
    children._context.set_forkserver_preload(["datapilot.forked.child"])  # the engine is not needed here
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            asyncio.run(_work(url, Path(folder), target, line.strip()))
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"point": line.strip(), "ended": os.waitstatus_to_exitcode(status)}), flush=True)


async def _work(url: str, folder: Path, target: str, point: str) -> None:
    storage: Any = local_storage(folder / "store")
    async with DocketJobs(url, lease=timedelta(seconds=LEASE_S)) as jobs:
        _set(point, jobs, storage)
        supervisor = Supervisor(storage, folder / f"scratch-{os.getpid()}", Limits(), target)
        await serve_worker(supervisor, jobs=jobs, rules=WorkerRules(slots=1))


def _set(point: str, jobs: DocketJobs, storage: Any) -> None:
    """Lay a tripwire at the point."""
    when, _, name = point.partition(" ")
    if name == "takes":  # it is given its task
        children._Started.takes = _given(children._Started.takes, when)  # type: ignore[method-assign]
    elif name in {"step", "done"}:  # what the child says
        children.Child.messages = _heard(children.Child.messages, when, name)  # type: ignore[method-assign]
    elif name == "local_path":
        storage.local_path = _entered(storage.local_path, when)
    else:
        owner = storage if hasattr(storage, name) else jobs.records if hasattr(jobs.records, name) else jobs
        setattr(owner, name, _called(getattr(owner, name), when))


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _called(function: Callable[..., Any], when: str) -> Callable[..., Any]:
    @functools.wraps(function)
    async def wired(*args: Any, **named: Any) -> Any:
        if when == "before":
            _die()
        answer = await function(*args, **named)
        _die()
        return answer

    return wired


def _entered(function: Callable[..., Any], when: str) -> Callable[..., Any]:
    @asynccontextmanager
    async def wired(*args: Any, **named: Any) -> AsyncIterator[Any]:
        if when == "before":
            _die()
        async with function(*args, **named) as path:
            _die()
            yield path

    return wired


def _given(function: Callable[..., bool], when: str) -> Callable[..., bool]:
    def wired(started: Any, task: Any) -> bool:
        if when == "before":
            _die()
        function(started, task)
        _die()
        return True

    return wired


def _heard(function: Callable[..., Any], when: str, kind: str) -> Callable[..., Any]:
    async def wired(child: Any) -> AsyncIterator[Any]:
        async for message in function(child):
            is_it = type(message).__name__.lower() == kind
            if is_it and when == "before":
                _die()
            yield message
            if is_it:
                _die()

    return wired


if __name__ == "__main__":
    main()
