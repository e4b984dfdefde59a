"""What an S3-compatible store is asked, seen from a server that answers as one."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from obstore.store import MemoryStore

from datapilot.contracts.errors import StorageFull, StorageUnavailable
from datapilot.contracts.retry import RetryPolicy
from datapilot.storage.s3 import RemoteStorage, s3_storage

Answer = Callable[[int], bytes]


class Requests:
    """The first lines and headers of what was asked."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.port = 0


@asynccontextmanager
async def s3_server(answer: Answer) -> AsyncIterator[Requests]:
    """Answer the n-th request (from 1) with `answer(n)`."""
    requests = Requests()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        requests.seen.append(head)
        length = next((int(line.split(":")[1]) for line in head.lower().splitlines() if "content-length" in line), 0)
        await reader.readexactly(length)
        writer.write(answer(len(requests.seen)))
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    requests.port = server.sockets[0].getsockname()[1]
    async with server:
        yield requests


OK = b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
BUSY = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.mark.spec("A5")
async def test_settings_reach_the_store() -> None:
    """Bucket and key stand in the path of the endpoint, and the request is signed with our key and region."""
    async with s3_server(lambda number: OK) as requests:
        storage = s3_storage(
            bucket="blobs",
            endpoint_url=f"http://127.0.0.1:{requests.port}",
            region="eu-central-1",
            key="our-key",
            secret="our-secret",
        )

        await storage.put_bytes("results/job_1.json", b"{}")

    (head,) = requests.seen
    assert head.startswith("PUT /blobs/results/job_1.json HTTP/1.1")
    assert "Credential=our-key/" in head
    assert "/eu-central-1/s3/" in head
    assert "our-secret" not in head


@pytest.mark.spec("D7")
async def test_busy_store_is_asked_again() -> None:
    """Two refusals and then an answer: the caller notices a pause, nothing else."""
    async with s3_server(lambda number: BUSY if number < 3 else OK) as requests:
        storage = s3_storage(bucket="b", endpoint_url=f"http://127.0.0.1:{requests.port}", key="k", secret="s")

        await storage.put_bytes("results/job_1.json", b"{}")

    assert len(requests.seen) == 3


@pytest.mark.spec("D7")
@pytest.mark.parametrize("attempts", [1, 3])
async def test_store_that_stays_busy_is_given_up(attempts: int) -> None:
    """After the allowed tries, no more: then the store is unavailable, said within seconds."""
    async with s3_server(lambda number: BUSY) as requests:
        storage = s3_storage(
            bucket="b",
            endpoint_url=f"http://127.0.0.1:{requests.port}",
            key="k",
            secret="s",
            retry=RetryPolicy(attempts),
        )
        begun = time.monotonic()

        with pytest.raises(StorageUnavailable, match="does not answer"):
            await storage.put_bytes("results/job_1.json", b"{}")

    assert len(requests.seen) == attempts
    assert time.monotonic() - begun < 20


@pytest.mark.spec("D7")
@pytest.mark.parametrize(
    "retry",
    [
        pytest.param(RetryPolicy(3, initial_s=0.001, max_s=0.002), id="short"),
        pytest.param(RetryPolicy(3, initial_s=0.001, factor=1.0), id="that do not grow"),
        pytest.param(RetryPolicy(3, initial_s=60.0, max_s=0.001), id="whose longest is shorter than the first"),
    ],
)
async def test_pauses_are_those_of_the_settings(retry: RetryPolicy) -> None:
    """RETRY_INITIAL_DELAY, RETRY_FACTOR and RETRY_MAX_DELAY hold for the store too, whatever they are."""
    async with s3_server(lambda number: BUSY if number < 3 else OK) as requests, asyncio.timeout(30):
        storage = s3_storage(
            bucket="b", endpoint_url=f"http://127.0.0.1:{requests.port}", key="k", secret="s", retry=retry
        )

        await storage.put_bytes("results/job_1.json", b"{}")

    assert len(requests.seen) == 3


async def test_missing_blob_is_not_asked_for_again() -> None:
    """Not found is an answer."""
    async with s3_server(lambda number: NOT_FOUND) as requests:
        storage = s3_storage(bucket="b", endpoint_url=f"http://127.0.0.1:{requests.port}", key="k", secret="s")

        with pytest.raises(FileNotFoundError):
            await storage.get("results/job_1.json")

    assert len(requests.seen) == 1


def refusal(status: str, code: str) -> bytes:
    """An error as S3 writes it."""
    body = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>No.</Message></Error>'.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\nConnection: close"
    return head.encode() + b"\r\n\r\n" + body


@pytest.mark.spec("A5")
@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        pytest.param(refusal("403 Forbidden", "SignatureDoesNotMatch"), "BLOB_SECRET", id="wrong secret"),
        pytest.param(refusal("403 Forbidden", "InvalidAccessKeyId"), "BLOB_KEY", id="unknown key"),
        pytest.param(refusal("403 Forbidden", "AccessDenied"), "rights to the bucket", id="no rights"),
        pytest.param(refusal("404 Not Found", "NoSuchBucket"), "no bucket of the name in BLOB_BUCKET", id="no bucket"),
    ],
)
async def test_store_that_refuses_names_the_setting(answer: bytes, sentence: str) -> None:
    """Whatever is asked of it: an operator must not look for a network that is down."""
    async with s3_server(lambda number: answer) as requests:
        storage = s3_storage(bucket="b", endpoint_url=f"http://127.0.0.1:{requests.port}", key="k", secret="s")

        for asked in (storage.check(), storage.get("results/job_1.json"), storage.put_bytes("results/job_1.json", b"")):
            with pytest.raises(StorageUnavailable, match=sentence):
                await asked


async def test_absent_store_is_unavailable() -> None:
    """Nobody listens there: that is the store's trouble, not a missing blob."""
    storage = s3_storage(bucket="b", endpoint_url="http://127.0.0.1:1", key="k", secret="s", retry=RetryPolicy(1))

    with pytest.raises(StorageUnavailable):
        await storage.exists("results/job_1.json")
    with pytest.raises(StorageUnavailable):
        await storage.check()


async def test_server_without_conditional_writes_is_written_to_all_the_same() -> None:
    """A store that refuses the condition gets the plain write that it knows, and only where nothing lies."""
    refused = (
        b"HTTP/1.1 501 No\r\nContent-Length: 36\r\nConnection: close\r\n\r\n<Error><Code>NotImplemented</Code></E>"
    )
    for answers, is_put in (([refused, NOT_FOUND, OK], True), ([refused, OK], False)):
        async with s3_server(lambda number, answers=answers: answers[number - 1]) as requests:
            storage = s3_storage(
                bucket="b", endpoint_url=f"http://127.0.0.1:{requests.port}", key="k", secret="s", retry=RetryPolicy(1)
            )

            assert await storage.put_new("feedback/salt", b"x") is is_put
            assert [head.split()[0] for head in requests.seen] == ["PUT", "HEAD", "PUT"][: len(answers)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
async def test_full_disk_of_the_reader_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that finds no room on this machine is neither a bug nor a store that does not answer."""
    storage = RemoteStorage(MemoryStore())
    await storage.put_bytes("uploads/job_1/source.csv", b"a\n1\n")
    monkeypatch.setattr(uuid, "uuid4", lambda: SimpleNamespace(hex="copy"))
    (tmp_path / "copy.csv").symlink_to("/dev/full")

    with pytest.raises(StorageFull):
        async with storage.local_path("uploads/job_1/source.csv", scratch=tmp_path):
            pass
