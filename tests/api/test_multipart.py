"""Taking a form apart while it arrives, however it is cut into pieces."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect

from datapilot.api.multipart import patiently, read_form
from datapilot.contracts.errors import BadRequest, DataPilotError, InvalidOption, UploadInterrupted

TYPE = "multipart/form-data; boundary=frontier"
CONTENT = b"a,b\r\n--frontie\r\n1,2\r\n--\r\n\r\n"
FORM = (
    b'--frontier\r\nContent-Disposition: form-data; name="sheet"\r\n\r\nUms\xc3\xa4tze\r\n'
    b'--frontier\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
    b"Content-Type: text/csv\r\n\r\n"
    + CONTENT
    + b'\r\n--frontier\r\nContent-Disposition: form-data; name="llm"\r\n\r\n'
    b"off\r\n--frontier--\r\n"
)


class Kept:
    """Keeps the file of a form."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.content = b""

    async def store(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        self.name = name
        self.content = b"".join([chunk async for chunk in chunks])


async def flow(pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
    """Yield the pieces."""
    for piece in pieces:
        yield piece


@given(st.lists(st.integers(0, len(FORM)), max_size=30))
def test_cuts_do_not_matter(cuts: list[int]) -> None:
    """A network cuts where it likes: file and fields come out the same."""
    places = [0, *sorted(cuts), len(FORM)]
    pieces = [FORM[start:end] for start, end in itertools.pairwise(places)]
    kept = Kept()

    fields = asyncio.run(read_form(flow(pieces), content_type=TYPE, store=kept.store))

    assert fields == {"sheet": "Umsätze", "llm": "off"}
    assert (kept.name, kept.content) == ("a.csv", CONTENT)


@settings(max_examples=300)
@given(st.integers(0, len(FORM) - 1), st.binary(max_size=4), st.integers(0, 6))
def test_broken_form_is_an_error_of_ours_or_a_form(place: int, put: bytes, cut: int) -> None:
    """Bytes lost, changed or added anywhere: a clear error or a form, never a crash."""
    broken = FORM[:place] + put + FORM[place + cut :]

    with contextlib.suppress(DataPilotError):
        fields = asyncio.run(read_form(flow([broken]), content_type=TYPE, store=Kept().store))

        assert all(isinstance(value, str) for value in fields.values())


@pytest.mark.parametrize("end", range(len(FORM) - 4))
async def test_form_cut_off_anywhere_is_never_accepted(end: int) -> None:
    """Without the last boundary a form is not whole, wherever the line went dead."""
    with pytest.raises(BadRequest):
        await read_form(flow([FORM[:end]]), content_type=TYPE, store=Kept().store)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        pytest.param(b'filename="Ums\xc3\xa4tze.csv"', "Umsätze.csv", id="UTF-8"),
        pytest.param(b'filename="Ums\xe4tze.csv"', "Umsätze.csv", id="Latin-1, of old clients"),
        pytest.param(b'filename="a%22b.csv"', 'a"b.csv', id="a quote as browsers escape it"),
        pytest.param(b'filename="100%.csv"', "100%.csv", id="a percent sign that escapes nothing"),
        pytest.param(b"filename=a.csv", "a.csv", id="no quotes"),
        pytest.param(b'FILENAME="a.csv"', "a.csv", id="capital letters"),
        pytest.param(b"", "", id="no name at all"),
    ],
)
async def test_file_name_is_understood_as_clients_write_it(disposition: bytes, name: str) -> None:
    """Browsers, curl and old tools each have their way."""
    head = b'--frontier\r\nContent-Disposition: form-data; name="file"; ' + disposition + b"\r\n\r\n"
    kept = Kept()

    await read_form(flow([head + b"x\r\n--frontier--\r\n"]), content_type=TYPE, store=kept.store)

    assert (kept.name, kept.content) == (name, b"x")


async def test_field_without_measure_is_refused() -> None:
    """Fields are held in memory, so they are limited."""
    head = b'--frontier\r\nContent-Disposition: form-data; name="sheet"\r\n\r\n'

    with pytest.raises(InvalidOption, match="sheet"):
        await read_form(flow([head, b"x" * 1_100_000]), content_type=TYPE, store=Kept().store)


async def test_fields_without_number_are_refused() -> None:
    """And so is their number."""
    field = b'--frontier\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n'

    with pytest.raises(BadRequest, match="more than 32"):
        await read_form(flow([field % number for number in range(40)]), content_type=TYPE, store=Kept().store)


async def test_silence_is_given_up() -> None:
    """A connection on which nothing arrives any more is not held for ever."""

    async def stalled() -> AsyncIterator[bytes]:
        yield FORM[:100]
        await asyncio.Event().wait()

    with pytest.raises(UploadInterrupted, match="seconds"):
        await read_form(patiently(stalled(), idle_s=0.05), content_type=TYPE, store=Kept().store)


async def test_drip_that_never_ends_is_given_up() -> None:
    """A client that sends a byte whenever it would be given up keeps no place for ever; a slow one is waited for."""

    async def dripping(bytes_each: int, times: int) -> AsyncIterator[bytes]:
        for _ in range(times):
            await asyncio.sleep(0.01)
            yield b"x" * bytes_each

    slow = [chunk async for chunk in patiently(dripping(100, 80), idle_s=0.5, slowest=100)]
    with pytest.raises(UploadInterrupted, match="slowly"):
        _ = [chunk async for chunk in patiently(dripping(1, 10_000), idle_s=0.1, slowest=1000)]

    assert len(slow) == 80


async def test_lost_connection_is_an_interrupted_upload() -> None:
    """The framework's word for it is translated into ours."""

    async def lost() -> AsyncIterator[bytes]:
        yield FORM[:100]
        raise ClientDisconnect

    with pytest.raises(UploadInterrupted):
        await read_form(patiently(lost()), content_type=TYPE, store=Kept().store)
