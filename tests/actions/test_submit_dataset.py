"""Taking a file in: stored, queued, and nothing left behind when either fails."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datapilot.actions.submit_dataset import (
    Store,
    UploadOptions,
    UploadRules,
    shown_name,
    submit_dataset,
    upload_options,
)
from datapilot.contracts.errors import EmptyFile, InvalidOption, QueueUnavailable, StorageFull, UploadTooLarge
from datapilot.contracts.table import ReadingOptions
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.memory import MemoryStorage

RULES = UploadRules(max_bytes=1000, timeout_s=600)


@dataclass
class FromTest:
    """A file that a test brings."""

    chunks: tuple[bytes, ...]
    name: str = "sales.csv"
    options: UploadOptions = field(default_factory=UploadOptions)
    fails: Exception | None = None

    async def deliver(self, store: Store) -> UploadOptions:
        await store(self.name, self._flow())
        return self.options

    async def _flow(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk
        if self.fails:
            raise self.fails


async def keys(storage: MemoryStorage) -> list[str]:
    """Return what lies in the store."""
    return [stored.key async for stored in storage.list("")]


@pytest.mark.spec("A1", "A5")
async def test_accepted_file_is_stored_and_queued() -> None:
    """The job knows the file's name, size, place and how it is to be read."""
    jobs, storage = MemoryJobs(), MemoryStorage()
    options = UploadOptions(sheet="Data", llm="off", timeout_seconds=5)

    job = await submit_dataset(
        FromTest((b"a,b\n", b"1,2\n"), options=options), storage=storage, jobs=jobs, rules=RULES, request_id="req_1"
    )

    request = await jobs.request(job.job_id)
    assert job.filename == "sales.csv"
    assert await storage.get(request.upload_key) == b"a,b\n1,2\n"
    assert (request.bytes, request.timeout_s, request.llm, request.request_id) == (8, 5, "off", "req_1")
    assert request.options == ReadingOptions(sheet="Data")


@pytest.mark.spec("A4")
@pytest.mark.parametrize(
    ("incoming", "error"),
    [
        pytest.param(FromTest(()), EmptyFile, id="no bytes"),
        pytest.param(FromTest((b"x" * 600, b"x" * 600)), UploadTooLarge, id="too many bytes"),
        pytest.param(FromTest((b"a",), fails=StorageFull("full")), StorageFull, id="a failure in the middle"),
        pytest.param(
            FromTest((b"a",), options=UploadOptions(timeout_seconds=601)), InvalidOption, id="too long a time"
        ),
    ],
)
async def test_refused_file_leaves_nothing(incoming: FromTest, error: type[Exception]) -> None:
    """Neither a blob nor a job stays of what was not accepted."""
    jobs, storage = MemoryJobs(), MemoryStorage()

    with pytest.raises(error):
        await submit_dataset(incoming, storage=storage, jobs=jobs, rules=RULES)

    assert await keys(storage) == []
    assert await jobs.recent() == []


async def test_file_whose_job_cannot_be_queued_is_removed() -> None:
    """A blob without a job would lie there for ever."""

    class Broken(MemoryJobs):
        async def submit(self, *_: Any, **__: Any) -> Any:
            raise QueueUnavailable("gone")

    storage = MemoryStorage()

    with pytest.raises(QueueUnavailable):
        await submit_dataset(FromTest((b"a",)), storage=storage, jobs=Broken(), rules=RULES)

    assert await keys(storage) == []


@pytest.mark.spec("B8")
@pytest.mark.parametrize(
    ("fields", "options"),
    [
        pytest.param({}, UploadOptions(), id="nothing"),
        pytest.param({"sheet": "", "types": None}, UploadOptions(), id="empty texts"),
        pytest.param({"headerRow": "0"}, UploadOptions(header_row=0), id="no header at all"),
        pytest.param({"delimiter": "tab"}, UploadOptions(delimiter="\t"), id="a tab by its name"),
        pytest.param({"delimiter": "\\t"}, UploadOptions(delimiter="\t"), id="a tab as programmers write it"),
        pytest.param({"dateOrder": "mdy"}, UploadOptions(date_order="MDY"), id="an order in small letters"),
        pytest.param({"types": '{"a": "text"}'}, UploadOptions(types={"a": "text"}), id="types as JSON text"),
        pytest.param({"types": {"a": "text"}}, UploadOptions(types={"a": "text"}), id="types as a map"),
    ],
)
def test_options_are_read_from_forms_and_json(fields: dict[str, Any], options: UploadOptions) -> None:
    """Forms know only text; what they mean is the same as in JSON."""
    assert upload_options(fields) == options


@pytest.mark.parametrize(
    "fields",
    [
        {"typos": "1"}, {"headerRow": "one"}, {"types": "nope"}, {"timeoutSeconds": "-1"}, {"timeoutSeconds": "inf"},
        {"delimiter": []}, {"delimiter": {"tab": 1}}, {"dateOrder": ["DMY"]}, {"decimal": {}}, {"sheet": [1]},
    ],
)  # fmt: skip
def test_wrong_option_is_refused_by_its_name(fields: dict[str, Any]) -> None:
    """The sentence names the field."""
    with pytest.raises(InvalidOption, match=next(iter(fields))):
        upload_options(fields)


def test_options_fit_into_a_record() -> None:
    """The types of thousands of columns are taken; what would fill the queue's memory job by job is not."""
    upload_options({"types": {f"column {number}": "text" for number in range(5_000)}})

    with pytest.raises(InvalidOption, match=r"^What is said about the file is longer than 262,144 bytes"):
        upload_options({"types": {f"column {number}": "text" for number in range(50_000)}})
    with pytest.raises(InvalidOption, match="longer than"):
        upload_options({"sheet": "s" * 300_000})


@given(st.text(max_size=600))
def test_shown_name_is_always_printable_short_and_flat(raw: str) -> None:
    """Whatever a browser sends as a name: no folder, no control character, never empty, never long."""
    name = shown_name(raw)

    assert name
    assert len(name) <= 200
    assert "/" not in name
    assert "\\" not in name
    assert name not in {".", ".."}
    assert name == shown_name(name)
    assert all(char.isprintable() for char in name)


def test_long_name_keeps_its_ending() -> None:
    """The ending tells what the file is."""
    assert shown_name("x" * 500 + ".xlsx").endswith("x.xlsx")
