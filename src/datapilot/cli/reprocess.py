"""`datapilot reprocess JOB`: have a worker make a finished job's insights anew, and wait for it."""

import asyncio
from typing import Annotated

import typer

from datapilot.actions.read_job import open_result
from datapilot.actions.reprocess import reprocess as submit
from datapilot.actions.submit_dataset import UploadRules
from datapilot.cli.output import say
from datapilot.contracts.errors import DataPilotError, ResultNotReady
from datapilot.contracts.report import Report
from datapilot.settings import Settings, load_settings
from datapilot.wiring import Doors, open_doors


def reprocess(
    job: Annotated[str, typer.Argument(help="The job's id, job_….")],
    *,
    no_llm: Annotated[bool, typer.Option("--no-llm", help="Let the rules speak alone.")] = False,
) -> None:
    """Make the insights of a finished job anew from its stored result."""
    report, version = asyncio.run(_reprocess(job, load_settings(), is_model_asked=not no_llm))
    metadata = report.insights.metadata
    author = "the rules" if metadata.source == "rules" else f"{metadata.model} ({metadata.source})"
    say(f"{job}: insights made anew by {author}. The earlier result is version {version}.")
    for issue in report.issues:
        say(f"Note: {issue.message}", indent=2)


async def _reprocess(job_id: str, settings: Settings, *, is_model_asked: bool) -> tuple[Report, int]:
    rules = UploadRules(max_bytes=settings.max_upload_size_bytes, timeout_s=settings.job_timeout_seconds)
    async with open_doors(settings, start=False) as doors:
        _, version = await submit(
            job_id, jobs=doors.jobs, storage=doors.storage, rules=rules, llm="on" if is_model_asked else "off"
        )
        async for job in doors.jobs.watch(job_id):
            status = job.status
        if status != "completed":
            raise _ended_badly(job.error_message or f"The job is {status}.", version)
        return await _result(job_id, doors), version


def _ended_badly(why: str, version: int) -> DataPilotError:
    return ResultNotReady(f"{why} The earlier result is kept as version {version}.")


async def _result(job_id: str, doors: Doors) -> Report:
    chunks = [chunk async for chunk in await open_result(job_id, jobs=doors.jobs, storage=doors.storage)]
    return Report.model_validate_json(b"".join(chunks))
