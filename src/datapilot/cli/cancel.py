"""`datapilot cancel JOB`: the same as the page's button, for the server of this folder or the one of REDIS_URL."""

import asyncio
from typing import Annotated

import typer

from datapilot.actions.cancel_job import cancel_job
from datapilot.contracts.job import Job
from datapilot.settings import Settings, load_settings
from datapilot.wiring import open_doors


def cancel(job: Annotated[str, typer.Argument(help="The job's id, job_….")]) -> None:
    """Cancel a waiting or running job."""
    cancelled = asyncio.run(_cancel(job, load_settings()))
    print(f"{cancelled.job_id} was cancelled at {cancelled.cancelled_at}.")


async def _cancel(job_id: str, settings: Settings) -> Job:
    async with open_doors(settings, start=False) as doors:
        return await cancel_job(job_id, jobs=doors.jobs, storage=doors.storage)
