"""Take a multipart body apart while it arrives: fields are collected, the file is handed on chunk by chunk and never
held. Knows the wire; knows nothing of jobs, options or storage."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from datapilot.contracts.errors import BadRequest, InvalidOption, MissingFile, UploadInterrupted

FILE_FIELD = "file"
MAX_FIELDS = 32  # three times what the upload knows
MAX_FIELD_BYTES = 1024 * 1024  # `types` of a very wide table fits
IDLE_SECONDS = 30.0  # a phone in a tunnel comes back within this
SLOWEST_BYTES_PER_SECOND = 64  # a tenth of the slowest mobile line; who drips slower only keeps a place occupied

Store = Callable[[str, AsyncIterator[bytes]], Awaitable[None]]


@dataclass(frozen=True)
class PartBegins:
    """A part's headers are complete; `filename` is None for a plain field."""

    name: str
    filename: str | None


@dataclass(frozen=True)
class PartEnds:
    """The part is complete."""


Event = PartBegins | PartEnds | bytes


async def patiently(
    chunks: AsyncIterator[bytes], *, idle_s: float = IDLE_SECONDS, slowest: float = SLOWEST_BYTES_PER_SECOND
) -> AsyncGenerator[bytes, None]:
    """Yield the chunks; raises UploadInterrupted when none comes for `idle_s`, when the client goes away, or when on
    the whole, pauses of `idle_s` allowed, fewer than `slowest` bytes a second arrive."""
    clock = asyncio.get_running_loop().time
    waited_s, received = 0.0, 0
    while True:
        begun = clock()
        try:
            async with asyncio.timeout(idle_s):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise UploadInterrupted(f"Nothing arrived for {idle_s:g} seconds, so the upload was given up.") from None
        except ClientDisconnect:
            raise UploadInterrupted("The connection ended before the whole file had arrived.") from None
        # Only the waiting counts: what happens to a chunk afterwards is not the client's doing.
        waited_s, received = waited_s + clock() - begun, received + len(chunk)
        if received < (waited_s - idle_s) * slowest:
            raise UploadInterrupted("The upload arrived so slowly that it was given up.")
        if chunk:
            yield chunk


async def read_form(chunks: AsyncIterator[bytes], *, content_type: str, store: Store) -> dict[str, str]:
    """Return the plain fields of the form; the file's name and bytes go to `store` as they arrive.

    Fields may stand before or after the file. Raises MissingFile without a file, InvalidOption for a second one,
    BadRequest for what is no form, UploadInterrupted for a form without its end, and what `store` raises.
    """
    events = _events(chunks, _boundary(content_type))
    fields: dict[str, str] = {}
    stored = False
    async for event in events:
        if not isinstance(event, PartBegins):
            continue
        if event.name == FILE_FIELD:
            if stored:
                raise InvalidOption("Send one file at a time: the form holds two.")
            await _hand_over(event, _body(events), store)
            stored = True
        elif event.filename is not None:
            raise MissingFile(f"The file must come in the field “{FILE_FIELD}”, not “{event.name[:100]}”.")
        elif len(fields) == MAX_FIELDS:
            raise BadRequest(f"The form holds more than {MAX_FIELDS} fields.")
        else:
            fields[event.name] = await _text(event.name, _body(events))
    if not stored:
        raise MissingFile("The form holds no file.")
    return fields


async def _hand_over(part: PartBegins, body: AsyncGenerator[bytes, None], store: Store) -> None:
    # A page's empty file input sends a nameless, empty part.
    if part.filename == "":
        first = await anext(body, None)
        if first is None:
            raise MissingFile("No file was chosen.")
        await store("", _again(first, body))
    else:
        await store(part.filename or "", body)
    async for _ in body:
        """What a store does not want to read is skipped."""


async def _again(first: bytes, rest: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    yield first
    async for chunk in rest:
        yield chunk


async def _text(name: str, body: AsyncIterator[bytes]) -> str:
    collected = bytearray()
    async for chunk in body:
        collected += chunk
        if len(collected) > MAX_FIELD_BYTES:
            raise InvalidOption(f"The field “{name[:100]}” is longer than {MAX_FIELD_BYTES:,} bytes.")
    try:
        return collected.decode()
    except UnicodeDecodeError:
        raise InvalidOption(f"The field “{name[:100]}” is not UTF-8 text.") from None


async def _body(events: AsyncIterator[Event]) -> AsyncGenerator[bytes, None]:
    """Yield the bytes of the part that has just begun, and leave the events behind its end."""
    async for event in events:
        if isinstance(event, PartEnds):
            return
        if isinstance(event, bytes):
            yield event


async def _events(chunks: AsyncIterator[bytes], boundary: bytes) -> AsyncGenerator[Event, None]:
    parts = _Parts()
    try:
        parser = MultipartParser(boundary, parts.callbacks())  # type: ignore[arg-type]
        async for chunk in chunks:
            parser.write(chunk)
            for event in parts.take():
                yield event
    except FormParserError as broken:
        raise BadRequest(f"The body is not a well-formed multipart form: {broken}.") from None
    if not parts.is_complete:
        raise UploadInterrupted("The form ends in the middle: its last boundary is missing.")


@dataclass
class _Parts:
    """What the parser has called back since it was last asked."""

    is_complete: bool = False
    _pending: list[Event] = field(default_factory=list)
    _headers: dict[bytes, bytes] = field(default_factory=dict)
    _name: bytes = b""
    _value: bytes = b""

    def take(self) -> list[Event]:
        taken, self._pending = self._pending, []
        return taken

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._headers.clear,
            "on_header_field": self._on_name,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_data": self._on_data,
            "on_part_end": lambda: self._pending.append(PartEnds()),
            "on_end": self._on_end,
        }

    def _on_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        if b"name" not in options:
            raise BadRequest("A part of the form has no name.")
        filename = options.get(b"filename")
        self._pending.append(
            PartBegins(name=_decoded(options[b"name"]), filename=None if filename is None else _filename(filename))
        )

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        self._pending.append(data[start:end])

    def _on_end(self) -> None:
        self.is_complete = True


def _boundary(content_type: str) -> bytes:
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise BadRequest("A multipart/form-data body must name its boundary in Content-Type.")
    return boundary


def _filename(raw: bytes) -> str:
    # Browsers write these three characters as escapes (HTML, multipart/form-data encoding).
    text = _decoded(raw)
    return unquote(text) if any(escape in text for escape in ("%22", "%0D", "%0A")) else text


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
