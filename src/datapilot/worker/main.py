"""One worker process: take jobs until told to stop, show signs of life, leave nothing behind."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from datapilot.actions.check_health import check_health
from datapilot.contracts.errors import Unavailable
from datapilot.contracts.health import HealthReport
from datapilot.forked import children
from datapilot.jobs.attempt import end_tasks
from datapilot.jobs.base import Jobs
from datapilot.jobs.scratch import live_workers, own_folder, socket_folder
from datapilot.telemetry.logs import get_logger
from datapilot.telemetry.metrics import Meter
from datapilot.worker.health_port import health_port
from datapilot.worker.supervisor import Supervisor

DRAIN = signal.SIGUSR1
RETRY_BEAT_S = 1.0
DRAIN_LOOK_S = 0.2
LAST_FIGURES_S = 1.0

log = get_logger("worker")


@dataclass(frozen=True)
class WorkerRules:
    """How a worker works: how many jobs at a time, how often each may be tried, and when it counts as silent.

    A worker that is told to stop has `grace_s` to tell the queue so. `health_at` is host and port of its own health
    port; port 0 means none.
    """

    slots: int = 2  # each job has a process of its own
    max_attempts: int = 5
    heartbeat_interval_s: float = 30.0
    silent_after_s: float = 60.0
    grace_s: float = 5.0
    health_at: tuple[str, int] = ("127.0.0.1", 0)


async def serve_worker(supervisor: Supervisor, *, jobs: Jobs, rules: WorkerRules = WorkerRules()) -> None:
    """Work on jobs until SIGTERM or SIGINT (running jobs end as `worker_shutdown`) or SIGUSR1 (they are finished).

    The workers of a machine share the supervisor's folder; each keeps its attempts in a folder of its own below it.
    Returns when no child is left. When the queue cannot be told within the grace time that the jobs ended, the process
    exits all the same: they are run again elsewhere. Must run in the main thread.
    """
    meter = supervisor.figures.meter

    async def health() -> HealthReport:
        return await check_health(jobs=jobs, storage=supervisor.storage, worker_max_age_s=rules.silent_after_s)

    with told_by_signals() as (stop, drain), own_folder(supervisor.folder) as folder:
        warm = children.warm_up(socket_folder(folder))
        work = replace(supervisor, folder=folder)
        beats = asyncio.create_task(_beat(jobs, rules.heartbeat_interval_s, meter))
        stopping = asyncio.create_task(_stop_within(stop, rules.grace_s))
        try:
            async with health_port(*rules.health_at, health=health, meter=meter) as port:
                # Until then a job is better off with a worker that can start it.
                await _first_of(warm, stop, drain)
                log.info("ready", slots=rules.slots, pid=os.getpid(), healthPort=port)
                taking = jobs.run(
                    work, slots=rules.slots, max_attempts=rules.max_attempts, stop=stop, drain=drain, ended=work.ended
                )
                running = asyncio.create_task(taking)
                await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                log.warning("the queue does not answer; leaving without it")
                sys.stdout.flush()
                children.kill_all()
                os._exit(0)
            running.result()
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_FIGURES_S):
                    await supervisor.figures.close()
            await end_tasks([beats, stopping])
            children.keep_no_spare()
    log.info("ended", pid=os.getpid())


@contextmanager
def told_by_signals() -> Iterator[tuple[asyncio.Event, asyncio.Event]]:
    """Offer two events: that this process is to stop (SIGTERM, SIGINT), and that it is to finish its work and end."""
    stop, drain = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = {signal.SIGTERM: stop, signal.SIGINT: stop, DRAIN: drain}
    for number, event in signals.items():
        loop.add_signal_handler(number, event.set)
    try:
        yield stop, drain
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


async def drain_workers(scratch: Path) -> int:
    """Tell the workers of this machine that use this folder to finish their jobs and end; return how many, once they
    have ended."""
    told = live_workers(scratch)
    for pid in told:
        os.kill(pid, DRAIN)
    while set(told) & set(live_workers(scratch)):  # noqa: ASYNC110 - they are other processes, without an event of ours
        await asyncio.sleep(DRAIN_LOOK_S)
    return len(told)


async def _beat(jobs: Jobs, interval_s: float, meter: Meter) -> None:
    while True:
        try:
            await jobs.beat()
        except Unavailable:
            log.warning("heartbeat not written: the queue does not answer")
            meter.count("redis_errors_total")
            await asyncio.sleep(RETRY_BEAT_S)
        else:
            await asyncio.sleep(interval_s)


async def _first_of(*events: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


async def _stop_within(stop: asyncio.Event, grace_s: float) -> None:
    """Return when the stop is overdue."""
    await stop.wait()
    await asyncio.sleep(grace_s)
