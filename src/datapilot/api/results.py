"""Routes that hand out what a job has made: the report and its earlier versions, its columns, the clean table, and what
was sent for it to a language model."""

import asyncio
import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path, PurePath
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from datapilot.actions.answer_measures import Facts, answer_measures
from datapilot.actions.export_page import MOULD_NAME, page_of
from datapilot.actions.export_stored_table import TableFormat, export_stored_table
from datapilot.actions.keep_outbound import read_outbound
from datapilot.actions.read_columns import DELETED, ColumnsPage, read_columns
from datapilot.actions.read_job import open_result, read_job
from datapilot.actions.reprocess import list_versions, read_version
from datapilot.api.answers import MeasuresAsked, Versions
from datapilot.api.bodies import as_model, json_object, plain_id
from datapilot.api.errors import problem_responses
from datapilot.api.tools import Tools
from datapilot.api.web import accepted
from datapilot.contracts.errors import ResultNotReady
from datapilot.contracts.outbound import OutboundLedger
from datapilot.contracts.report import Report

TABLES_AT_ONCE = 2  # each reads a whole file; more would starve the server itself
GZIP_LEVEL = 5  # 2 MB in 30 ms, within 4 % of the best level
MEDIA_TYPES: dict[TableFormat, str] = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


def result_routes(tools: Tools) -> APIRouter:
    """Return the routes `/api/result` and `/api/jobs/{id}/columns|facts|outbound|page|table|versions`."""
    routes = APIRouter(tags=["results"])
    turn = asyncio.Semaphore(TABLES_AT_ONCE)

    @routes.get(
        "/api/result",
        summary="Get the report",
        response_model=Report,
        responses=problem_responses(
            "invalid_request", "unknown_job", "unknown_version", "result_not_ready", "storage_unavailable"
        ),
    )
    async def result(
        request: Request,
        job_id: Annotated[str, Query(alias="jobId", max_length=200)],
        version: Annotated[int | None, Query(ge=1, le=100_000)] = None,
    ) -> StreamingResponse:
        """Return result.json, the very bytes that were stored; with `version`, those of an earlier result."""
        if version is None:
            chunks = await _opened(plain_id(job_id), tools)
        else:
            chunks = _whole(await read_version(plain_id(job_id), version, jobs=tools.jobs, storage=tools.storage))
        headers = {"Vary": "Accept-Encoding"}
        if accepted(request.headers.get("accept-encoding", ""), "gzip"):
            chunks, headers["Content-Encoding"] = _gzipped(chunks), "gzip"
        return StreamingResponse(chunks, media_type="application/json", headers=headers)

    @routes.get(
        "/api/jobs/{job_id}/page",
        summary="Get the report as one HTML file",
        response_class=Response,
        responses={
            200: {
                "description": "The page with the report inside: works offline, asks no server",
                "content": {"text/html": {"schema": {"type": "string"}}},
            },
            **problem_responses(
                "invalid_request", "unknown_job", "result_not_ready", "storage_unavailable", "web_app_missing"
            ),
        },
    )
    async def page(job_id: str) -> Response:
        """Return the same page as a file to keep, to send by mail or to show where there is no server."""
        job = await read_job(plain_id(job_id), jobs=tools.jobs, storage=tools.storage)
        content = b"".join([chunk async for chunk in await _opened(job.job_id, tools)])
        saved = await asyncio.to_thread(lambda: page_of(content.decode(), mould=tools.web_root / MOULD_NAME).encode())
        name = quote(f"{PurePath(job.filename).stem}.html")
        headers = {
            "Content-Disposition": f"attachment; filename*=utf-8''{name}",
            # Opened on this server's own address it must not act in its reader's name.
            "Content-Security-Policy": "sandbox allow-scripts",
        }
        return Response(saved, media_type="text/html; charset=utf-8", headers=headers)

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
        """Return the profiles of the columns `offset … offset + limit`, in file order: also of those that a very wide
        table's report tells in brief or has no room for."""
        return await read_columns(
            plain_id(job_id), offset=offset, limit=limit, sought=search, jobs=tools.jobs, storage=tools.storage
        )

    @routes.post(
        "/api/jobs/{job_id}/facts",
        summary="Compute measures over the table",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/MeasuresAsked"}}},
            }
        },
        responses=problem_responses(
            "bad_request", "invalid_option", "unknown_measure", "unknown_job", "result_not_ready", "timeout",
            "memory_limit_exceeded", "processing_error",
        ),
    )  # fmt: skip
    async def facts(request: Request, job_id: str) -> Facts:
        """Return one fact per measure, computed now from the stored upload: how the page looks at a part of a table."""
        asked = as_model(MeasuresAsked, await json_object(request))
        async with turn:
            return await answer_measures(
                plain_id(job_id),
                asked.measures,
                jobs=tools.jobs,
                storage=tools.storage,
                limits=tools.limits,
                scratch=tools.scratch,
                timeout_s=tools.rules.timeout_s,
            )

    @routes.get(
        "/api/jobs/{job_id}/versions",
        summary="List the earlier results",
        responses=problem_responses("unknown_job", "queue_unavailable", "storage_unavailable", "invalid_request"),
    )
    async def versions(job_id: str) -> Versions:
        """Return what `/api/reprocess` has kept, oldest first; the present result is not among them."""
        found = await list_versions(plain_id(job_id), jobs=tools.jobs, storage=tools.storage)
        return Versions(job_id=job_id, versions=found)

    @routes.get(
        "/api/jobs/{job_id}/outbound",
        summary="Show what was sent to a language model",
        responses=problem_responses("unknown_job", "queue_unavailable", "storage_unavailable", "invalid_request"),
    )
    async def outbound(job_id: str) -> OutboundLedger:
        """Return every body that left for a provider on behalf of this job, byte for byte; none when none did."""
        return await read_outbound(plain_id(job_id), jobs=tools.jobs, storage=tools.storage)

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
                export_stored_table(
                    job_id,
                    table_format=table_format,
                    jobs=tools.jobs,
                    storage=tools.storage,
                    limits=tools.limits,
                    scratch=tools.scratch,
                    timeout_s=tools.rules.timeout_s,
                )
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


async def _opened(job_id: str, tools: Tools) -> AsyncIterator[bytes]:
    """Return the report's bytes with the first of them already read, so that a missing one is still an answer."""
    chunks = await open_result(job_id, jobs=tools.jobs, storage=tools.storage)
    try:
        first = await anext(chunks)
    except FileNotFoundError:
        raise ResultNotReady(DELETED) from None
    return _again(first, chunks)


async def _whole(content: bytes) -> AsyncGenerator[bytes, None]:
    yield content


async def _again(first: bytes, rest: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    yield first
    async for chunk in rest:
        yield chunk


async def _gzipped(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    press = zlib.compressobj(GZIP_LEVEL, wbits=31)
    async for chunk in chunks:
        if pressed := await asyncio.to_thread(press.compress, chunk):
            yield pressed
    yield press.flush()
