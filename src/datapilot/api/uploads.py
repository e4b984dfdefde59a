"""Routes by which a file comes in: from the caller's disk, from the web, or from our samples."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import APIRouter, Request
from starlette.requests import ClientDisconnect

from datapilot.actions.fetch_file_url import FileAtUrl
from datapilot.actions.offer_samples import SampleFile, described, sample_file, sample_files
from datapilot.actions.submit_dataset import Incoming, Store, UploadOptions, submit_dataset, upload_options
from datapilot.api.answers import FileFromElsewhere, Sample, SampleList, Submitted
from datapilot.api.bodies import as_model, json_object
from datapilot.api.errors import problem_responses
from datapilot.api.multipart import patiently, read_form
from datapilot.api.tools import Tools
from datapilot.contracts.errors import (
    FileUrlDisabled,
    InvalidOption,
    MissingFile,
    QueueFull,
    QuotaExceeded,
    UploadTooLarge,
)

log = structlog.get_logger("api")

FORM_OVERHEAD_BYTES = 1024 * 1024  # boundaries, headers and fields around the file
DRAIN_BYTES = 256 * 1024 * 1024
DRAIN_SECONDS = 10.0

UPLOAD_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                        "sheet": {"type": "string"},
                        "headerRow": {"type": "integer", "minimum": 0},
                        "delimiter": {"type": "string"},
                        "decimal": {"enum": [".", ","]},
                        "dateOrder": {"enum": ["DMY", "MDY", "YMD"]},
                        "types": {"type": "string", "description": "JSON map: column -> type"},
                        "llm": {"enum": ["on", "off"]},
                        "timeoutSeconds": {"type": "number", "exclusiveMinimum": 0},
                    },
                }
            },
            "application/json": {"schema": {"$ref": "#/components/schemas/FileFromElsewhere"}},
        },
    }
}


@dataclass(frozen=True)
class FormUpload:
    """An upload whose bytes are in the request's multipart body."""

    chunks: AsyncIterator[bytes]
    content_type: str

    async def deliver(self, store: Store) -> UploadOptions:
        """Give the file to `store` as it arrives, and return the fields around it."""
        return upload_options(await read_form(self.chunks, content_type=self.content_type, store=store))


def upload_routes(tools: Tools) -> APIRouter:
    """Return the routes `/api/upload` and `/api/samples`."""
    routes = APIRouter(tags=["upload"])

    @routes.post(
        "/api/upload",
        status_code=202,
        summary="Send a file to be analysed",
        openapi_extra=UPLOAD_BODY,
        responses=problem_responses(
            "missing_file",
            "upload_interrupted",
            "bad_request",
            "upload_too_large",
            "empty_file",
            "invalid_option",
            "file_url_disabled",
            "file_url_refused",
            "file_url_failed",
            "unknown_sample",
            "quota_exceeded",
            "queue_full",
            "queue_unavailable",
            "storage_unavailable",
            "storage_full",
        ),
    )
    async def upload(request: Request) -> Submitted:
        """Take one file, store it and queue its analysis. The answer means: accepted, and not lost from here on."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            return await _take_form(request, tools)
        if kind == "application/json":
            said = as_model(FileFromElsewhere, _meant(await json_object(request)))
            return await _submit(_elsewhere(said, tools), request, tools)
        raise MissingFile("The body is neither a multipart form with a “file” nor JSON with a “fileUrl” or “sample”.")

    @routes.get("/api/samples", summary="List the sample files")
    async def samples() -> SampleList:
        """Return the files that ship with the product, to be tried with `POST /api/upload {"sample": name}`."""
        return SampleList(
            samples=tuple(
                Sample(
                    name=path.name,
                    title=path.stem.replace("_", " ").capitalize(),
                    description=described(path),
                    bytes=path.stat().st_size,
                )
                for path in sample_files(tools.samples)
            )
        )

    return routes


async def _take_form(request: Request, tools: Tools) -> Submitted:
    limit = tools.rules.max_bytes
    announced = request.headers.get("content-length", "")
    body = request.stream()
    try:
        if announced.isascii() and announced.isdigit() and int(announced) > limit + FORM_OVERHEAD_BYTES:
            raise UploadTooLarge(f"The upload has {int(announced):,} bytes; this server takes {limit:,}.")
        form = FormUpload(_capped(patiently(body), limit), request.headers.get("content-type", ""))
        return await _submit(form, request, tools)
    except (UploadTooLarge, QueueFull, QuotaExceeded):
        # Most clients read no answer before they have sent everything: a connection closed under them looks like a
        # network error. One that waits for "100 Continue" has sent nothing yet.
        if request.headers.get("expect", "").lower() != "100-continue":
            await _drain(body)
        raise


async def _capped(chunks: AsyncIterator[bytes], limit: int) -> AsyncGenerator[bytes, None]:
    """Yield the chunks of a body that as a whole may not be much larger than its file."""
    seen = 0
    async for chunk in chunks:
        seen += len(chunk)
        if seen > limit + FORM_OVERHEAD_BYTES:
            raise UploadTooLarge(f"The upload is larger than {limit:,} bytes, the limit of this server.")
        yield chunk


async def _drain(body: AsyncGenerator[bytes, None]) -> None:
    """Read and forget what is still coming, up to a limit in bytes and time."""
    left, until = DRAIN_BYTES, time.monotonic() + DRAIN_SECONDS
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            async for chunk in body:
                left -= len(chunk)
                if left < 0 or time.monotonic() > until:
                    return
    except (TimeoutError, ClientDisconnect):
        return


async def _submit(incoming: Incoming, request: Request, tools: Tools) -> Submitted:
    await tools.jobs.admit()
    job = await submit_dataset(
        incoming,
        storage=tools.storage,
        jobs=tools.jobs,
        rules=tools.rules,
        request_id=request.state.request_id,
    )
    log.info("job accepted", jobId=job.job_id)
    return Submitted(job_id=job.job_id)


def _meant(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in (None, "")}


def _elsewhere(said: FileFromElsewhere, tools: Tools) -> Incoming:
    options = UploadOptions(**{name: getattr(said, name) for name in UploadOptions.model_fields})
    if said.file_url is not None and said.sample is not None:
        raise InvalidOption("Send either “fileUrl” or “sample”, not both.")
    if said.sample is not None:
        return SampleFile(sample_file(said.sample, tools.samples), options)
    if said.file_url is None:
        raise MissingFile("The JSON body names no “fileUrl” and no “sample”.")
    if not tools.file_url_enabled:
        raise FileUrlDisabled("This server does not fetch files from web addresses.")
    return FileAtUrl(
        said.file_url, said.filename, options, tools.rules.max_bytes, tools.web_client, retry=tools.download_retry
    )
