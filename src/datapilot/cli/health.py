"""`datapilot health`: the same JSON as GET /api/health, for the server of this folder or the one of REDIS_URL."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from datapilot.actions.check_health import check_health
from datapilot.actions.check_maintenance import check_maintenance
from datapilot.contracts.errors import QueueUnavailable
from datapilot.contracts.health import HealthReport
from datapilot.contracts.retention import MaintenanceReport
from datapilot.jobs.base import Jobs
from datapilot.settings import Settings, load_settings
from datapilot.storage.base import Storage
from datapilot.wiring import has_storage, open_doors, open_storage


def health(
    *,
    maintenance: Annotated[
        bool, typer.Option("--maintenance", help="Ask for retention instead: queue, listing of the store, last run.")
    ] = False,
) -> None:
    """Say whether a job could run now; exit 1 when none would be accepted."""
    report = asyncio.run(_health(load_settings(), maintenance=maintenance))
    print(report.model_dump_json(indent=2))
    if report.status == "down":
        raise typer.Exit(1)


async def _health(settings: Settings, *, maintenance: bool) -> HealthReport | MaintenanceReport:
    async def ask(jobs: Jobs | None, storage: Storage | None) -> HealthReport | MaintenanceReport:
        if maintenance:
            return await check_maintenance(
                jobs=jobs,
                storage=storage,
                audit_path=settings.cleaner_audit_blob_path,
                ran_after=settings.cleaner_ran_after(datetime.now(UTC)),
            )
        return await check_health(jobs=jobs, storage=storage, worker_max_age_s=settings.health_worker_max_age_seconds)

    try:
        async with open_doors(settings, start=False) as doors:
            return await ask(doors.jobs, doors.storage)
    except QueueUnavailable as error:
        print(f"error {error.code}: {error}", file=sys.stderr)
        return await ask(None, open_storage(settings) if has_storage(settings) else None)
