"""Read small request bodies: JSON of limited size, and job ids from wherever a caller may put them."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from datapilot.api.multipart import patiently
from datapilot.contracts.errors import BadRequest, InvalidOption, UnknownJob
from datapilot.contracts.job import JOB_ID
from datapilot.words.complaints import complaint

MAX_JSON_BYTES = 2 * 1024 * 1024  # the types of a 20,000-column table fit

Model = TypeVar("Model", bound=BaseModel)


def json_body(model: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    """Return what describes a body that a route reads by hand: JSON of this model."""
    reference = {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}
    return {"requestBody": {"required": required, "content": {"application/json": reference}}}


async def small_body(request: Request) -> bytes:
    """Return the whole body. Raises BadRequest beyond `MAX_JSON_BYTES`."""
    collected = bytearray()
    async for chunk in patiently(request.stream()):
        collected += chunk
        if len(collected) > MAX_JSON_BYTES:
            raise BadRequest(f"The body is larger than {MAX_JSON_BYTES:,} bytes.")
    return bytes(collected)


async def json_object(request: Request) -> dict[str, Any]:
    """Return the body's JSON object. Raises BadRequest for anything else."""
    return _parsed(await small_body(request))


def as_model(model: type[Model], said: Mapping[str, Any]) -> Model:
    """Return what was said as the model. Raises InvalidOption, naming each field that does not fit."""
    try:
        return model.model_validate(said)
    except ValidationError as invalid:
        raise InvalidOption(complaint(invalid.errors())) from None


async def named_job(request: Request, job_id: str | None) -> str:
    """Return the job named in the query, else in a JSON body; a body beside a query is not read.

    Raises BadRequest when neither names one.
    """
    if job_id is None:
        body = await small_body(request)
        if not body.strip():
            raise BadRequest("Say which job: ?jobId=… or a JSON body with “jobId”.")
        job_id = job_of(_parsed(body))
    return plain_id(job_id)


def job_of(said: Mapping[str, Any]) -> str:
    """Return the job that a body names. Raises BadRequest when it names none."""
    job_id = said.get("jobId")
    if not isinstance(job_id, str):
        raise BadRequest("Say which job: “jobId” is missing or no text.")
    return job_id


def plain_id(job_id: str) -> str:
    """Return the id when it can be one at all. Raises UnknownJob: what looks otherwise never reaches a door."""
    if not JOB_ID.fullmatch(job_id):
        raise UnknownJob("There is no job with this id.")
    return job_id


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("The body is not valid JSON.") from None
    if not isinstance(parsed, dict):
        raise BadRequest("The body must be a JSON object.")
    return parsed
