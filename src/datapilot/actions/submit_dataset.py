"""Take a file in and make a job of it: stored first, then queued, and nothing left behind when either fails."""

import json
import unicodedata
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Protocol, Self

from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator

from datapilot.contracts.errors import EmptyFile, InvalidOption
from datapilot.contracts.job import Job, JobRequest
from datapilot.contracts.table import ReadingOptions
from datapilot.jobs.base import Jobs
from datapilot.jobs.lifecycle import new_job_id
from datapilot.storage.base import Storage
from datapilot.storage.keys import upload_key
from datapilot.words.complaints import complaint

MAX_NAME_CHARS = 200
NAMELESS = "upload"
MAX_OPTIONS_BYTES = 256 * 1024  # the types of 8,000 columns; they stay in the queue's memory as long as the job

ANY_CASE = BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)

Store = Callable[[str, AsyncIterator[bytes]], Awaitable[None]]


class UploadOptions(ReadingOptions):
    """What a caller may say along with a file: how to read it, and how to work on it."""

    llm: Annotated[Literal["on", "off", "fail"], ANY_CASE] = "on"
    timeout_seconds: float | None = Field(default=None, gt=0, allow_inf_nan=False)

    @field_validator("types", mode="before")
    @classmethod
    def _map_or_its_json(cls, value: Any) -> Any:
        """A field of a form can only be a text; in JSON a text says the same."""
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise ValueError('not a JSON map like {"zip": "identifier"}') from None

    @field_validator("delimiter", mode="before")
    @classmethod
    def _tab_has_names(cls, value: Any) -> Any:
        return "\t" if isinstance(value, str) and value in {"tab", "\\t"} else value

    @field_validator("date_order", mode="before")
    @classmethod
    def _any_case(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _fit_into_a_record(self) -> Self:
        if len(self.model_dump_json(exclude_defaults=True)) > MAX_OPTIONS_BYTES:
            raise ValueError(f"what is said about the file is longer than {MAX_OPTIONS_BYTES:,} bytes")
        return self

    @property
    def reading(self) -> ReadingOptions:
        """Return the part that the reader needs."""
        return ReadingOptions(**{name: getattr(self, name) for name in ReadingOptions.model_fields})


def upload_options(fields: Mapping[str, Any]) -> UploadOptions:
    """Return the options given in a form or a JSON body; an empty text is none.

    Raises InvalidOption with the name of the field: a misspelt option must not silently read a file otherwise.
    """
    said = {name: value for name, value in fields.items() if value not in (None, "")}
    try:
        return UploadOptions.model_validate(said)
    except ValidationError as invalid:
        raise InvalidOption(complaint(invalid.errors())) from None


class Incoming(Protocol):
    """A file on its way in, wherever it comes from."""

    async def deliver(self, store: Store) -> UploadOptions:
        """Give the file's name and bytes to `store`, and return what else was said about it. Bytes that broke off are
        given once more from the beginning; what counts is what `store` took whole."""
        ...


@dataclass(frozen=True)
class UploadRules:
    """What a server accepts: the largest file, the longest time a job may be given, and whether a caller may ask for a
    model that fails."""

    max_bytes: int
    timeout_s: float
    faults_allowed: bool = False


@dataclass
class _StoredUpload:
    """Puts the file where it belongs and remembers what it was."""

    job_id: str
    storage: Storage
    max_bytes: int
    undo: AsyncExitStack
    filename: str = NAMELESS
    key: str = ""
    size: int = 0

    async def store(self, filename: str, chunks: AsyncIterable[bytes]) -> None:
        self.filename = shown_name(filename)
        self.key = upload_key(self.job_id, self.filename)
        self.undo.push_async_callback(self.storage.delete, self.key)
        self.size = await self.storage.put(self.key, chunks, max_bytes=self.max_bytes)
        if self.size == 0:
            raise EmptyFile(f"“{self.filename}” is empty: it has no bytes at all.")


async def submit_dataset(
    incoming: Incoming, *, storage: Storage, jobs: Jobs, rules: UploadRules, request_id: str | None = None
) -> Job:
    """Return the job that was accepted, durable from here on. Raises BadRequest, EmptyFile, Unavailable."""
    job_id = new_job_id()
    async with AsyncExitStack() as undo:
        upload = _StoredUpload(job_id, storage, rules.max_bytes, undo)
        options = await incoming.deliver(upload.store)
        job = await jobs.submit(
            job_id,
            filename=upload.filename,
            request=JobRequest(
                upload_key=upload.key,
                bytes=upload.size,
                timeout_s=allowed_timeout(options, rules),
                options=options.reading,
                llm=allowed_llm(options, rules),
                request_id=request_id,
            ),
        )
        undo.pop_all()
    return job


def allowed_timeout(options: UploadOptions, rules: UploadRules) -> float:
    """Return the seconds the job gets; raises InvalidOption for more than the server gives."""
    wanted = options.timeout_seconds
    if wanted is None:
        return rules.timeout_s
    if wanted > rules.timeout_s:
        raise InvalidOption(f"timeoutSeconds: at most {rules.timeout_s:g} on this server.")
    return wanted


def allowed_llm(options: UploadOptions, rules: UploadRules) -> Literal["on", "off", "fail"]:
    """Return whether a model is to be asked; raises InvalidOption for a fault that the server does not play."""
    if options.llm == "fail" and not rules.faults_allowed:
        raise InvalidOption("llm: “fail” is for smoke tests, of a server with SMOKE_FAULTS=true.")
    return options.llm


def shown_name(raw: str) -> str:
    """Return the name people see: no folders, nothing unprintable or direction-changing, never empty.

    The name is metadata only; no path is ever built from it.
    """
    last = raw.replace("\\", "/").rstrip("/").rpartition("/")[2]
    printable = "".join(" " if char.isspace() else char for char in last if _is_plain(char)).strip()
    if len(printable) <= MAX_NAME_CHARS:
        return printable if printable.strip(".") else NAMELESS
    ending = PurePosixPath(printable).suffix[:20]
    return printable[: MAX_NAME_CHARS - len(ending)] + ending


def _is_plain(char: str) -> bool:
    return char.isspace() or unicodedata.category(char)[0] != "C"
