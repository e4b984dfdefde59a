"""`datapilot up | api | worker`: the processes that serve. `up` starts the others and keeps them running."""

import asyncio
import atexit
import sys
from typing import Annotated

import typer

from datapilot.api.serve import bind, serve_api
from datapilot.forked import children
from datapilot.settings import Settings, load_settings
from datapilot.telemetry.logs import configure, get_logger, set_level
from datapilot.wiring import check_settings, make_data_dir, open_doors, queue_server, schedule_cleaner, tell_others
from datapilot.worker.figures import Figures
from datapilot.worker.main import DRAIN, WorkerRules, drain_workers, serve_worker, told_by_signals
from datapilot.worker.processes import Command, Processes
from datapilot.worker.supervisor import Supervisor

PORT = 5328
# A fresh interpreter with nothing imported at top level: children of a worker would import its main module again.
PROGRAM = (sys.executable, "-c", "from datapilot.cli.main import main; main()")

NO_HEALTH_PORT = (("WORKER_HEALTH_PORT", "0"),)

Host = Annotated[str, typer.Option("--host", help="Address to listen on.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes any free one.")]
Readable = Annotated[bool, typer.Option("--readable-logs", hidden=True)]


def up(
    *,
    host: Host = "127.0.0.1",
    port: Port = PORT,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Worker processes to start.")] = None,
) -> None:
    """Start everything: page, API, workers and, without REDIS_URL, a queue server of our own.

    SIGTERM ends it at once, and running jobs with it; SIGUSR1 when the running jobs are done.
    """
    settings = load_settings()
    configure(component="up", level=settings.log_level)
    check_settings(settings)
    readable = ("--readable-logs",) if sys.stdout.isatty() else ()
    # Bound here and handed down: a taken port is said at once, and while the API is being started again connections
    # wait in the backlog instead of being refused.
    with bind(host, port) as listener:
        handed_down = ("--listener", str(listener.fileno()))
        served = (*PROGRAM, "api", "--host", host, "--port", str(port), *handed_down, *readable)
        working = (*PROGRAM, "worker", *readable)
        processes = Processes(
            [Command(name="api", argv=served, files=(listener.fileno(),))]
            + [
                # A port has one owner; the others would only complain.
                Command(
                    name=f"worker-{number}",
                    argv=working,
                    environment=() if number == 1 else NO_HEALTH_PORT,
                    drained_by=DRAIN,
                )
                for number in range(1, (workers or settings.workers) + 1)
            ]
        )
        with queue_server(settings):
            raise typer.Exit(asyncio.run(_keep_running(processes)))


def api(
    *,
    host: Host = "127.0.0.1",
    port: Port = PORT,
    listener: Annotated[int | None, typer.Option("--listener", hidden=True)] = None,
    readable_logs: Readable = False,
) -> None:
    """Serve the page and the API alone."""
    settings = load_settings()
    configure(component="api", level=settings.log_level, as_json=_as_json(readable_logs))
    tell_others(settings, "api")

    def ready(address: str) -> None:
        if readable_logs or sys.stdout.isatty():
            print(f"DataPilot AI is ready: {address}   (Ctrl-C stops it)", flush=True)
        else:
            get_logger("api").info("ready", address=address)

    atexit.register(children.end_servers)
    serve_api(settings, host, port, listener=listener, ready=ready)


def worker(
    *,
    drain: Annotated[
        bool, typer.Option("--drain", help="Tell the workers started in this folder to finish their jobs and end.")
    ] = False,
    readable_logs: Readable = False,
) -> None:
    """Work on jobs."""
    settings = load_settings()
    configure(component="worker", level=settings.log_level, as_json=_as_json(readable_logs))
    set_level("cleaner", settings.cleaner_log_level)
    tell_others(settings, "worker")
    if drain:
        ended = asyncio.run(drain_workers(settings.scratch_dir))
        print(f"Workers that finished their jobs and ended: {ended}.")
        return
    atexit.register(children.end_servers)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    make_data_dir(settings)
    async with open_doors(settings) as doors:
        schedule_cleaner(settings, doors)
        supervisor = Supervisor(
            storage=doors.storage,
            folder=settings.scratch_dir,
            limits=doors.limits,
            model_tools=doors.model_tools,
            failing_tools=doors.failing_tools,
            figures=Figures(
                meter=doors.meter,
                report=doors.report_metrics,
                path=settings.data_dir / settings.metrics_snapshot_path if settings.metrics_auto_flush else None,
                every=settings.metrics_flush_interval,
            ),
        )
        rules = WorkerRules(
            max_attempts=settings.job_max_attempts,
            heartbeat_interval_s=settings.worker_heartbeat_interval,
            silent_after_s=settings.health_worker_max_age_seconds,
            health_at=(settings.worker_health_host, settings.worker_health_port),
        )
        await serve_worker(supervisor, jobs=doors.jobs, rules=rules)


async def _keep_running(processes: Processes) -> int:
    with told_by_signals() as (stop, drain):
        return await processes.run(stop, drain)


def _as_json(readable_logs: bool) -> bool | None:
    return False if readable_logs else None
