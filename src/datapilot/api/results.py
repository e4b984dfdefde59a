"""Routes that hand out the report of a job: as JSON, as a page, in earlier versions, and what was sent for it to a
language model."""

import asyncio
import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import PurePath
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from datapilot.actions.export_page import MOULD_NAME, page_of
from datapilot.actions.keep_outbound import read_outbound
from datapilot.actions.read_columns import DELETED
from datapilot.actions.read_job import open_result, read_job
from datapilot.actions.reprocess import list_versions, read_version
from datapilot.api.answers import Versions
from datapilot.api.bodies import plain_id
from datapilot.api.errors import problem_responses
from datapilot.api.tools import Tools
from datapilot.api.web import accepted
from datapilot.contracts.errors import ResultNotReady
from datapilot.contracts.outbound import OutboundLedger
from datapilot.contracts.report import Report
from datapilot.forked import children

GZIP_LEVEL = 5  # 2 MB in 30 ms, within 4 % of the best level


def result_routes(tools: Tools) -> APIRouter:
    """Return the routes `/api/result` and `/api/jobs/{id}/page|versions|outbound`."""
    routes = APIRouter(tags=["results"])

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
        job_id: Annotated[str, Query(alias="jobId")],
        version: Annotated[int | None, Query(ge=1, le=100_000)] = None,
    ) -> StreamingResponse:
        """Return result.json, the very bytes that were stored; with `version`, those of an earlier result."""
        if version is None:
            chunks = await _opened(plain_id(job_id), tools)
        else:
            chunks = _whole(await read_version(plain_id(job_id), version, jobs=tools.jobs, storage=tools.storage))
        children.expect_task()  # whoever looks at a report may look at a part of its table next
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

    return routes


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
