"""`datapilot health`: the same JSON as GET /api/health, for a server started in this folder or named by REDIS_URL."""

import asyncio

import typer

from datapilot.actions.check_health import check_health
from datapilot.contracts.health import HealthReport
from datapilot.settings import Settings, load_settings
from datapilot.wiring import open_doors

commands = typer.Typer()


@commands.callback()
def _group() -> None: ...


@commands.command("health")
def health() -> None:
    """Say whether a job could run now; exit 1 when none would be accepted."""
    report = asyncio.run(_health(load_settings()))
    print(report.model_dump_json(indent=2))
    if report.status == "down":
        raise typer.Exit(1)


async def _health(settings: Settings) -> HealthReport:
    async with open_doors(settings) as doors:
        return await check_health(
            jobs=doors.jobs, storage=doors.storage, worker_max_age_s=settings.health_worker_max_age_seconds
        )
