"""Routes that read the table of a finished job: profiles of its columns, figures computed now, the table as a file."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path, PurePath
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse
from starlette.types import Receive, Scope, Send

from datapilot.actions.answer_measures import Facts, answer_measures
from datapilot.actions.export_stored_table import TableFormat, export_stored_table
from datapilot.actions.read_columns import ColumnsPage, read_columns
from datapilot.actions.read_job import read_job
from datapilot.api.answers import MeasuresAsked
from datapilot.api.bodies import as_model, json_body, json_object, plain_id
from datapilot.api.errors import problem_responses
from datapilot.api.tools import Tools

READINGS_AT_ONCE = 2  # each reads a whole file; more would starve the server itself
MEDIA_TYPES: dict[TableFormat, str] = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


def table_routes(tools: Tools) -> APIRouter:
    """Return the routes `/api/jobs/{id}/columns|facts|table`."""
    routes = APIRouter(tags=["results"])
    turn = asyncio.Semaphore(READINGS_AT_ONCE)

    @routes.get(
        "/api/jobs/{job_id}/columns",
        summary="Get some of the columns",
        responses=problem_responses("invalid_request", "unknown_job", "result_not_ready", "storage_unavailable"),
    )
    async def columns(
        job_id: str,
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        search: Annotated[str, Query(max_length=1000, description="what the name or the type holds")] = "",
    ) -> ColumnsPage:
        """Return the profiles of the columns `offset … offset + limit`, in file order, including those that the report
        of a very wide table shortens or leaves out."""
        return await read_columns(
            plain_id(job_id), offset=offset, limit=limit, sought=search, jobs=tools.jobs, storage=tools.storage
        )

    @routes.post(
        "/api/jobs/{job_id}/facts",
        summary="Compute measures over the table",
        openapi_extra=json_body(MeasuresAsked),
        responses=problem_responses(
            "bad_request", "invalid_option", "unknown_measure", "unknown_job", "result_not_ready", "timeout",
            "memory_limit_exceeded", "processing_error",
        ),
    )  # fmt: skip
    async def facts(request: Request, job_id: str) -> Facts:
        """Return one fact per measure, and the points of each cloud, computed now from the stored upload: how the page
        looks at a part of a table."""
        asked = as_model(MeasuresAsked, await json_object(request))
        async with turn:
            return await answer_measures(plain_id(job_id), asked.measures, asked.clouds, reader=tools.reader)

    @routes.get(
        "/api/jobs/{job_id}/table",
        summary="Get the clean table",
        response_class=FileResponse,
        responses={
            200: {
                "description": "The whole table: CSV (comma, UTF-8, header first) or Parquet",
                "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()},
            },
            **problem_responses(
                "invalid_request", "unknown_job", "result_not_ready", "timeout", "memory_limit_exceeded",
                "processing_error",
            ),
        },
    )  # fmt: skip
    async def table(job_id: str, table_format: Annotated[TableFormat, Query(alias="format")] = "csv") -> "LentFile":
        """Return the table with its values typed and clean. In CSV, text that a spreadsheet would run is defused."""
        job = await read_job(plain_id(job_id), jobs=tools.jobs, storage=tools.storage)
        async with AsyncExitStack() as borrowed, turn:
            path = await borrowed.enter_async_context(
                export_stored_table(job_id, table_format=table_format, reader=tools.reader)
            )
            name = f"{PurePath(job.filename).stem}_clean.{table_format}"
            return LentFile(path, name=name, media_type=MEDIA_TYPES[table_format], borrowed=borrowed.pop_all())

    return routes


class LentFile(FileResponse):
    """A file that is given back once it was sent, or once the client went away."""

    def __init__(self, path: Path, *, name: str, media_type: str, borrowed: AsyncExitStack) -> None:
        super().__init__(path, filename=name, media_type=media_type)
        self._borrowed = borrowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._borrowed:
            await super().__call__(scope, receive, send)
