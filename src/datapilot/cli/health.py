"""`datapilot health`: the same JSON as GET /api/health, for the server of this folder or the one of REDIS_URL."""

import asyncio
import sys

import typer

from datapilot.actions.check_health import check_health
from datapilot.contracts.errors import QueueUnavailable
from datapilot.contracts.health import HealthReport
from datapilot.settings import Settings, load_settings
from datapilot.wiring import open_doors, open_storage


def health() -> None:
    """Say whether a job could run now; exit 1 when none would be accepted."""
    report = asyncio.run(_health(load_settings()))
    print(report.model_dump_json(indent=2))
    if report.status == "down":
        raise typer.Exit(1)


async def _health(settings: Settings) -> HealthReport:
    max_age_s = settings.health_worker_max_age_seconds
    try:
        async with open_doors(settings, start=False) as doors:
            return await check_health(jobs=doors.jobs, storage=doors.storage, worker_max_age_s=max_age_s)
    except QueueUnavailable as error:
        print(f"error {error.code}: {error}", file=sys.stderr)
        return await check_health(jobs=None, storage=open_storage(settings), worker_max_age_s=max_age_s)
