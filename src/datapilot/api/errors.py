"""Every error as problem JSON (RFC 9457) with our stable `code`. The one place that maps codes to HTTP statuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import Match

from datapilot.api.answers import Problem
from datapilot.contracts.errors import DataPilotError
from datapilot.words.complaints import complaint

PLACES = frozenset({"query", "body", "path", "header"})  # where the framework found what it complains of
PROBLEM_JSON = "application/problem+json"
READ_METHODS = frozenset({"GET", "HEAD"})  # of the page, which is served where no route is, and wherever GET is
COME_BACK_S = 5  # queue and store are usually back by then
log = structlog.get_logger("api")


@dataclass(frozen=True)
class Kind:
    """How a code looks over HTTP: `title` names the kind of problem, `advice` says what helps, where that is known."""

    status: int
    title: str
    advice: str | None = None


KINDS: Mapping[str, Kind] = {
    "error": Kind(500, "Something went wrong"),
    "internal_error": Kind(500, "Something went wrong on our side", "Try again; if it stays, quote the request id."),
    "bad_request": Kind(400, "The request cannot be understood"),
    "invalid_request": Kind(422, "The request is not complete or not valid"),
    "not_found": Kind(404, "There is nothing at this address", "/api/docs lists every address."),
    "method_not_allowed": Kind(405, "This address does not answer this method", "/api/docs lists every address."),
    "invalid_option": Kind(422, "An option is not valid"),
    "missing_file": Kind(
        400, "No file came with the request", "Send it as the multipart field “file”, or JSON with “fileUrl”."
    ),
    "upload_too_large": Kind(
        413, "The file is too large", "Compress it (.gz, .zip), split it, or raise MAX_UPLOAD_SIZE_BYTES."
    ),
    "upload_interrupted": Kind(400, "The upload did not arrive whole", "Send it again."),
    "file_url_disabled": Kind(403, "This server fetches no files from the web", "Download the file and upload it."),
    "file_url_refused": Kind(
        422, "This address is not fetched", "Use a public http or https address on its usual port."
    ),
    "file_url_failed": Kind(422, "The file could not be fetched", "Open the address in a browser to see what it says."),
    "unknown_sample": Kind(404, "There is no such sample file", "GET /api/samples lists them."),
    "forbidden_origin": Kind(
        403,
        "The request comes from somewhere this server does not serve",
        "Open the page at the server's own address, or add its name to ALLOWED_HOSTS.",
    ),
    "unauthorized": Kind(
        401, "This server asks for a key", "Sign in on the page, or send `Authorization: Bearer dp_…`."
    ),
    "forbidden_scope": Kind(
        403, "This key does not allow that", "Ask for a key with the scope that the sentence names."
    ),
    "unknown_key": Kind(404, "There is no such key"),
    "rate_limited": Kind(429, "Too many requests", "Wait as long as `Retry-After` says."),
    "quota_exceeded": Kind(429, "The day's share of uploads is used up", "Go on tomorrow, or ask for a higher quota."),
    "unreadable_table": Kind(422, "The file cannot be read as a table"),
    "empty_file": Kind(422, "The file is empty", "Check that it was saved, and send it again."),
    "not_a_table": Kind(422, "The file holds no table"),
    "unsupported_format": Kind(422, "The format is not supported", "Save it as CSV, XLSX, JSON or Parquet."),
    "corrupt_file": Kind(422, "The file is damaged"),
    "encrypted_file": Kind(422, "The file is protected by a password", "Save a copy without a password."),
    "invalid_json": Kind(422, "The file is not valid JSON"),
    "sheet_not_found": Kind(422, "The workbook has no such sheet"),
    "too_many_columns": Kind(422, "The table is too wide"),
    "expands_too_far": Kind(422, "The file unpacks to too much data"),
    "job_problem": Kind(409, "The job does not allow this now"),
    "unknown_job": Kind(404, "There is no such job", "It may have been deleted; GET /api/jobs lists those there are."),
    "job_finished": Kind(409, "The job has already ended"),
    "job_running": Kind(409, "The job is still running", "Wait for its end or cancel it first."),
    "result_not_ready": Kind(409, "The job has no result", "GET /api/job-status says how far it is."),
    "unknown_version": Kind(
        404, "The job has no such earlier result", "GET /api/jobs/{id}/versions lists those there are."
    ),
    "unknown_insight": Kind(404, "The result has no such insight", "GET /api/result lists those there are."),
    "nothing_to_export": Kind(409, "There is nothing to export", "Judge insights first."),
    "edit_refused": Kind(422, "The edited insight cannot be kept"),
    "work_failed": Kind(500, "The work did not end well"),
    "timeout": Kind(503, "The work took too long", "Try a smaller file."),
    "processing_error": Kind(500, "The work did not end well"),
    "blob_upload_failed": Kind(503, "The result could not be stored", "Try again in a minute."),
    "worker_shutdown": Kind(503, "The server is shutting down", "Try again in a minute."),
    "memory_limit_exceeded": Kind(503, "The work needs more memory than it may use", "Try a smaller file."),
    "too_many_attempts": Kind(500, "The work was started too often"),
    "unknown_measure": Kind(422, "This cannot be computed"),
    "invalid_settings": Kind(500, "The server is not set up rightly"),
    "unavailable": Kind(503, "Something we need is down", "Try again in a minute."),
    "queue_unavailable": Kind(503, "The job queue cannot be reached", "Try again in a minute."),
    "storage_unavailable": Kind(503, "The file store cannot be reached", "Try again in a minute."),
    "storage_full": Kind(507, "The file store is full", "Delete old analyses or give the server more room."),
    "queue_full": Kind(503, "Too many jobs are waiting", "Try again in a minute."),
    "web_app_missing": Kind(
        503, "The web app is not built", "Run `make run` in the source folder; it builds the page."
    ),
}

HTTP_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed"}


def problem(code: str, detail: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer that says what went wrong; `detail` is the sentence for people."""
    kind = KINDS[code]
    body = Problem(
        type=f"/api/docs#{code}", title=kind.title, status=kind.status, detail=detail, code=code, advice=kind.advice
    )
    return Response(
        body.model_dump_json(exclude_none=True), status_code=kind.status, headers=headers, media_type=PROBLEM_JSON
    )


def answer_to(error: DataPilotError) -> Response:
    """Return the answer that tells one of our own errors, and when to come back where that may help."""
    if KINDS[error.code].status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request failed", code=error.code, detail=str(error))
    headers = {"Retry-After": str(error.retry_after_s or COME_BACK_S)} if _come_back(error) else {}
    if error.code == "unauthorized":
        headers["WWW-Authenticate"] = 'Bearer realm="DataPilot AI"'
    return problem(error.code, str(error), headers=headers)


def answer_problems(app: FastAPI) -> None:
    """Give every error of the application, ours or the framework's, the one form."""

    @app.exception_handler(DataPilotError)
    async def ours(_request: Request, error: DataPilotError) -> Response:
        return answer_to(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> Response:
        return problem("invalid_request", complaint(error.errors(), leave_out=PLACES))

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        code = HTTP_CODES.get(error.status_code, "bad_request")
        detail = {
            "not_found": f"Nothing is served at {request.url.path}.",
            "method_not_allowed": f"{request.url.path} does not answer {request.method}.",
        }.get(code, str(error.detail))
        headers = {"Allow": _methods(app, request)} if code == "method_not_allowed" else error.headers
        return problem(code, detail, headers=headers)

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> Response:
        log.error("request crashed", exc_info=error)
        sentence = "The request could not be answered because of an error in the server"
        return problem("internal_error", f"{sentence} (request id {request.state.request_id}).")


def _methods(app: FastAPI, request: Request) -> str:
    """Return every method that the address answers; the framework names those of the first route it finds."""
    methods: set[str] = set()
    for route in iter_route_contexts(app.routes):
        if route.original_route.matches(request.scope)[0] != Match.NONE:
            methods |= route.methods or set()
    if "GET" in methods or not methods:
        methods |= READ_METHODS
    return ", ".join(sorted(methods))


def _come_back(error: DataPilotError) -> bool:
    status = KINDS[error.code].status
    return error.retryable and (status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS)


def problem_responses(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of the problems a route may answer, grouped by status."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(KINDS[code].status, []).append(code)
    return {
        status: {
            "description": "; ".join(f"`{code}`: {KINDS[code].title}" for code in names),
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, names in by_status.items()
    }
