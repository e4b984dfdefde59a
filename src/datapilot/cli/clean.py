"""`datapilot clean`: one run of the cleaner now, for the server of this folder or the one of REDIS_URL."""

import asyncio
import sys
from typing import Annotated

import typer

from datapilot.actions.delete_expired import delete_expired
from datapilot.contracts.retention import CleanerRun
from datapilot.settings import Settings, load_settings
from datapilot.telemetry.logs import configure
from datapilot.wiring import has_queue, open_doors, retention_rules, tell_others


def clean(
    *,
    dry_run: Annotated[
        bool | None,
        typer.Option("--dry-run/--no-dry-run", help="Only say what would go, or delete. Default: CLEANER_DRY_RUN."),
    ] = None,
) -> None:
    """Delete jobs older than JOB_TTL_HOURS; a dry run unless CLEANER_DRY_RUN=false."""
    settings = load_settings()
    configure(component="cleaner", level=settings.cleaner_log_level, stream=sys.stderr)
    tell_others(settings, "cleaner")
    for sentence in settings.warnings:
        print(f"warning: {sentence}", file=sys.stderr)
    run = asyncio.run(_clean(settings, dry_run))
    print(run.model_dump_json(indent=2))
    if run.errors:
        raise typer.Exit(1)


async def _clean(settings: Settings, dry_run: bool | None) -> CleanerRun:
    # Where `up` has run but does not now, its server is started for as long as this takes.
    async with open_doors(settings, start=has_queue(settings)) as doors:
        rules = retention_rules(settings, dry_run=dry_run)
        return await delete_expired(jobs=doors.jobs, storage=doors.storage, access=doors.access, rules=rules)
