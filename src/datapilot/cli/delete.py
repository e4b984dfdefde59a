"""`datapilot delete JOB`: the same as the page's button, for the server of this folder or the one of REDIS_URL."""

import asyncio
from typing import Annotated

import typer

from datapilot.actions.delete_job import delete_files, delete_job
from datapilot.contracts.errors import UnknownJob
from datapilot.contracts.job import JOB_ID
from datapilot.settings import Settings, load_settings
from datapilot.wiring import has_queue, open_doors


def delete(job: Annotated[str, typer.Argument(help="The job's id, job_….")]) -> None:
    """Delete an ended job now, with its upload and its results."""
    asyncio.run(_delete(job, load_settings()))
    print(f"{job} was deleted.")


async def _delete(job_id: str, settings: Settings) -> None:
    # Where `up` has run but does not now, its server is started for as long as this takes.
    async with open_doors(settings, start=has_queue(settings)) as doors:
        try:
            await delete_job(job_id, jobs=doors.jobs, storage=doors.storage, access=doors.access)
        except UnknownJob:
            # Its files may have outlived its record; then nobody can ask for them on the page.
            if not JOB_ID.fullmatch(job_id) or not await delete_files(job_id, storage=doors.storage):
                raise
