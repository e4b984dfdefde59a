"""Fetching from a web address, against a real server on loopback where the test allows exactly that one."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from typing import Any

import httpx
import pytest

from datapilot.actions import fetch_file_url
from datapilot.actions.fetch_file_url import FileAtUrl, check_address, guarded_client
from datapilot.actions.submit_dataset import UploadOptions
from datapilot.contracts.errors import FileUrlFailed, FileUrlRefused, UploadTooLarge
from datapilot.contracts.retry import RetryPolicy

SOON = RetryPolicy(attempts=3, initial_s=0.001)
CSV = b"region,revenue\nnorth,10\n"


@dataclass
class Received:
    """Keeps what was delivered."""

    name: str | None = None
    content: bytes = b""

    async def store(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        self.name = name
        self.content = b"".join([chunk async for chunk in chunks])


@dataclass
class Origin:
    """A web server that answers each path with the bytes it was given, or with several in turn of which the last one
    stays, and counts its callers."""

    port: int = 0
    answers: dict[str, bytes | list[bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    connected: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connected += 1
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1]
        self.asked.append(path)
        said = self.answers[path]
        answer = said if isinstance(said, bytes) else said.pop(0) if len(said) > 1 else said[0]
        writer.write(answer)
        if answer.endswith(b"..."):
            await asyncio.Event().wait()
        await writer.drain()
        writer.close()


@pytest.fixture
async def origin() -> AsyncIterator[Origin]:
    """A running origin."""
    running = Origin()
    tasks: set[asyncio.Task[None]] = set()
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        writers.append(writer)
        with suppress(asyncio.CancelledError):
            await running.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    running.port = server.sockets[0].getsockname()[1]
    yield running
    server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for writer in writers:
        writer.transport.abort()
    # A connection is gone only when the loop has come round to it, which may be after the test.
    await asyncio.gather(*(writer.wait_closed() for writer in writers), return_exceptions=True)


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """An HTTP answer as it stands on the wire."""
    lines = [f"HTTP/1.1 {status}", "Connection: close", *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def allowing(origin: Origin) -> Callable[[], AbstractAsyncContextManager[httpx.AsyncClient]]:
    """The real client, told to trust this origin."""
    return partial(guarded_client, frozenset({f"127.0.0.1:{origin.port}"}))


async def fetched(origin: Origin, path: str = "/sales.csv", *, max_bytes: int = 1000, **changes: object) -> Received:
    """Fetch the path of the origin."""
    received = Received()
    usual = {"filename": None, "deadline_s": 60.0, "client": allowing(origin), "retry": SOON}
    options: dict[str, object] = usual | changes
    incoming = FileAtUrl(
        origin.url(path),
        options=UploadOptions(),
        max_bytes=max_bytes,
        **options,  # type: ignore[arg-type]
    )
    await incoming.deliver(received.store)
    return received


@pytest.mark.spec("A1")
@pytest.mark.parametrize(
    ("path", "headers", "given", "name"),
    [
        pytest.param("/data/sales.csv?x=1", {}, None, "sales.csv", id="the last part of the address"),
        pytest.param("/Ums%C3%A4tze.csv", {}, None, "Umsätze.csv", id="that part unescaped"),
        pytest.param(
            "/get",
            {"Content_Disposition": 'attachment; filename="report.xlsx"'},
            None,
            "report.xlsx",
            id="the server's",
        ),
        pytest.param(
            "/get",
            {"Content_Disposition": "attachment; filename=\"x.csv\"; filename*=UTF-8''Ums%C3%A4tze%20%E2%82%AC.csv"},
            None,
            "Umsätze €.csv",
            id="the server's with its encoding",
        ),
        pytest.param(
            "/get",
            {"Content_Disposition": 'attachment; filename="say \\"a;b\\".csv"'},
            None,
            'say "a;b".csv',
            id="the server's in quotes",
        ),
        pytest.param("/get.csv", {"Content_Disposition": "inline; filename="}, None, "get.csv", id="no name at all"),
        pytest.param(
            "/get.csv", {"Content_Disposition": "inline; filename*=idna''%ff.csv"}, None, "get.csv", id="nonsense"
        ),
        pytest.param("/sales.csv", {}, "mine.csv", "mine.csv", id="the caller's"),
    ],
)
async def test_file_is_fetched_with_its_name(
    origin: Origin, path: str, headers: dict[str, str], given: str | None, name: str
) -> None:
    """The bytes arrive as they are, under the best name there is."""
    origin.answers[path] = answer(CSV, **headers)

    received = await fetched(origin, path, filename=given)

    assert (received.content, received.name) == (CSV, name)


@pytest.mark.spec("A1")
async def test_redirects_are_followed_three_times(origin: Origin) -> None:
    """Three hops are usual, a fourth is not."""
    for hop in range(5):
        origin.answers[f"/{hop}"] = answer(b"", "302 Found", Location=f"/{hop + 1}")
    origin.answers["/3"] = answer(CSV)

    received = await fetched(origin, "/0")
    origin.answers["/3"] = answer(b"", "302 Found", Location="/4")
    with pytest.raises(FileUrlFailed, match="more than 3"):
        await fetched(origin, "/0")

    assert received.content == CSV


@pytest.mark.spec("A1")
@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://169.254.169.254/latest/", "http://10.0.0.8/",
        "http://0x7f.1/", "https://127.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/", "http://93.184.216.34:22/",
    ],
)  # fmt: skip
async def test_redirect_into_the_house_is_refused(origin: Origin, target: str) -> None:
    """A public address that forwards to a private one gains nothing."""
    origin.answers["/sales.csv"] = answer(b"", "302 Found", Location=target)

    with pytest.raises(FileUrlRefused):
        await fetched(origin)


@pytest.mark.spec("A1")
@pytest.mark.parametrize("size", ["1001", "99999999999999999999"])
async def test_announced_size_is_believed_when_it_is_too_large(origin: Origin, size: str) -> None:
    """Nothing is fetched that says it is too large."""
    origin.answers["/sales.csv"] = answer(CSV, Content_Length=size)

    with pytest.raises(UploadTooLarge):
        await fetched(origin)


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oops", "204 No Content", "206 Partial Content", "304 Same"])
async def test_answer_that_is_no_file_is_said_with_its_status(origin: Origin, status: str) -> None:
    """The sentence holds what the server said."""
    origin.answers["/sales.csv"] = answer(b"", status)

    with pytest.raises(FileUrlFailed, match=status[:3]):
        await fetched(origin)


@pytest.mark.spec("D7")
@pytest.mark.parametrize(
    "first",
    [
        answer(b"", "503 Busy"), answer(b"", "429 Too Many", Retry_After="0"), answer(b"", "502 Bad Gateway"), b"",
        answer(b"", "302 Found", Location="/gone"), answer(b"region,rev", Content_Length="25"),
        answer(b"a\r\nregion,rev\r\n", Transfer_Encoding="chunked"),
    ],
    ids=["busy", "too many requests", "broken", "hangs up", "forwards to one that is busy", "breaks off on the way",
         "breaks off between two chunks"],
)  # fmt: skip
async def test_server_that_has_the_file_a_moment_later_is_asked_again(origin: Origin, first: bytes) -> None:
    """Twice it does not have it: the caller notices a pause, nothing else."""
    origin.answers |= {"/sales.csv": [first, first, answer(CSV)], "/gone": answer(b"", "500 Oops")}

    received = await fetched(origin)

    assert received.content == CSV
    assert origin.asked.count("/sales.csv") == 3


@pytest.mark.spec("D7")
@pytest.mark.parametrize(
    ("given", "times"),
    [
        pytest.param(answer(b"", "503 Busy"), 3, id="tries are used up"),
        pytest.param(answer(b"", "503 Busy", Retry_After="3600"), 1, id="wants to be left alone for longer"),
        pytest.param(answer(b"", "404 Not Found"), 1, id="has no such file"),
        pytest.param(answer(b"short", Content_Length="500"), 3, id="breaks off on the way, every time"),
    ],
)
async def test_server_that_will_not_have_the_file_is_given_up(origin: Origin, given: bytes, times: int) -> None:
    """No more often than it may help, and never beyond the deadline."""
    origin.answers["/sales.csv"] = given

    with pytest.raises(FileUrlFailed):
        await fetched(origin)

    assert len(origin.asked) == times


async def test_file_that_breaks_off_is_said_to_have(origin: Origin) -> None:
    """The server was reached, so the sentence does not say that it was not."""
    origin.answers["/sales.csv"] = answer(b"region,rev", Content_Length="25")

    with pytest.raises(FileUrlFailed, match="ended before the whole file"):
        await fetched(origin)


async def test_server_that_falls_silent_is_given_up(origin: Origin) -> None:
    """The whole fetch has one deadline, however slowly bytes drip."""
    origin.answers["/sales.csv"] = answer(b"region...", Content_Length="500")

    with pytest.raises(FileUrlFailed, match=r"0\.3 seconds"):
        await fetched(origin, deadline_s=0.3)


@pytest.mark.parametrize(
    "wire",
    [
        pytest.param(b"this is no HTTP\r\n\r\n", id="no HTTP"),
        pytest.param(answer(b"short", Content_Length="500"), id="fewer bytes than announced"),
        pytest.param(answer(b"zz\r\n", Transfer_Encoding="chunked"), id="broken chunks"),
    ],
)
async def test_broken_answer_is_a_failure_not_a_crash(origin: Origin, wire: bytes) -> None:
    """Whatever a server says, the caller gets a sentence."""
    origin.answers["/sales.csv"] = wire

    with pytest.raises(FileUrlFailed):
        await fetched(origin)


async def test_compressed_transfer_does_not_grow(origin: Origin) -> None:
    """A server that compresses unasked gets its bytes stored as they came, not blown up."""
    origin.answers["/sales.csv"] = answer(b"\x1f\x8b compressed", Content_Encoding="gzip")

    received = await fetched(origin)

    assert received.content == b"\x1f\x8b compressed"


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, br"])
async def test_transfer_that_cannot_be_undone_is_no_fault_of_the_file(origin: Origin, encoding: str) -> None:
    """What a server compresses otherwise, unasked, is said; the bytes would look like a broken file."""
    origin.answers["/sales.csv"] = answer(b"\x1b\x03\x00", Content_Encoding=encoding)

    with pytest.raises(FileUrlFailed, match=f"“{encoding}”"):
        await fetched(origin)


# Every spelling that leads to the own machine, its network or no single host. PORT is a canary's on loopback.
INWARD = [
    "http://127.0.0.1:PORT/", "http://127.0.0.1/", "http://127.1/", "http://127.255.255.254/", "http://2130706433/",
    "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://017700000001/", "http://0/",
    "http://0.0.0.0/", "http://[::]/", "http://[::1]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::127.0.0.1]/", "http://[64:ff9b:1::a00:1]/",
    "http://[2002:7f00:1::]/", "http://[2002:a9fe:a9fe::1]/", "http://[2001:0:7f00:1::]/", "http://[fe80::1]/",
    "http://[fe80::1%25lo]/", "http://[fec0::1]/", "http://[fd00::1]/", "http://[ff02::1]/", "http://[ff0e::1]/",
    "http://[2001:db8::1]/", "http://localhost/", "http://LOCALHOST./", "http://127.0.0.1./", "http://10.0.0.1/",
    "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/", "http://169.254.169.254/latest/meta-data/",
    "http://192.0.0.192/", "http://198.18.0.1/", "http://192.88.99.1/", "http://224.0.0.1/", "http://239.255.255.250/",
    "http://240.0.0.1/", "http://255.255.255.255/", "http://127。0。0。1/", "http://１２７.0.0.1/", "http://①②⑦.0.0.1/",
    "http://user@127.0.0.1/", "http://93.184.216.34@127.0.0.1/", "http://127.0.0.1#@93.184.216.34/",
    "http://93.184.216.34:PORT/", "https://93.184.216.34:80/", "http://93.184.216.34:6379/", "http:///a.csv", "http://",
    "//127.0.0.1/a", "127.0.0.1", "file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/_x", "data:text/csv,a",
    "unix:///run/valkey.sock", "javascript:1", "HTTP://127.0.0.1/", " http://127.0.0.1/", "http://127.0.0.1%00.example/",
    "http://exa mple/", "http://[::1", "http://127.0.0.1:99999/", "http://127.0.0.1\\@example.com/",
]  # fmt: skip


@pytest.mark.spec("A1")
@pytest.mark.parametrize("url", INWARD)
async def test_address_into_the_house_is_refused_however_it_is_spelt(origin: Origin, url: str) -> None:
    """The real client does not even connect: a canary on loopback hears nothing, on whatever port it listens."""
    incoming = FileAtUrl(url.replace("PORT", str(origin.port)), None, UploadOptions(), 1000, guarded_client)

    with pytest.raises((FileUrlRefused, FileUrlFailed)):
        await incoming.deliver(Received().store)

    assert origin.connected == 0


@dataclass
class Resolver:
    """Stand in for the system's resolver: each name has a list of answers, of which the last one is repeated. What is
    asked for by number gets that number, as the real one does."""

    answers: dict[str, list[list[str]]]

    def answer(self, host: str | bytes | None, port: int, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        name = host.decode() if isinstance(host, bytes) else str(host)
        left = self.answers.get(name, [[name]])
        found = left.pop(0) if len(left) > 1 else left[0]
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found
        ]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    """The resolver of this process, under the test's control."""
    stand_in = Resolver({})
    monkeypatch.setattr(socket, "getaddrinfo", stand_in.answer)
    return stand_in


@pytest.mark.spec("A1")
@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([["127.0.0.1"]], id="a name for loopback, by whatever alias"),
        pytest.param([["93.184.216.34", "127.0.0.1"]], id="one public and one private address"),
        pytest.param([["::ffff:127.0.0.1"]], id="a mapped address"),
        pytest.param([["2002:7f00:1::"]], id="loopback by 6to4"),
        pytest.param([["169.254.169.254"]], id="the metadata service"),
        pytest.param([["93.184.216.34"], ["127.0.0.1"]], id="public when looked at, loopback when connected"),
    ],
)
async def test_name_that_changes_its_mind_gains_nothing(
    origin: Origin, resolver: Resolver, monkeypatch: pytest.MonkeyPatch, answers: list[list[str]]
) -> None:
    """DNS rebinding: nothing is said to the canary. Its port is made a usual one."""
    monkeypatch.setitem(fetch_file_url.PORTS, "http", origin.port)
    resolver.answers["rebind.example"] = answers
    incoming = FileAtUrl(f"http://rebind.example:{origin.port}/a.csv", None, UploadOptions(), 1000, deadline_s=2)

    with pytest.raises((FileUrlRefused, FileUrlFailed)):
        await incoming.deliver(Received().store)

    assert origin.asked == []


@pytest.mark.parametrize(
    ("address", "is_it"),
    [
        ("93.184.216.34", True), ("2606:4700::1111", True), ("192.0.0.9", False), ("224.0.0.1", False),
        ("64:ff9b::808:808", False), ("2002:808:808::", False), ("::ffff:8.8.8.8", False), ("2001::1", False),
    ],
)  # fmt: skip
def test_only_single_hosts_of_the_internet_are_public(address: str, is_it: bool) -> None:
    """Addresses that stand for another are refused even where the other is public: a gateway decides what they mean."""
    assert fetch_file_url.is_public(ip_address(address)) is is_it


async def test_client_connects_to_no_private_address_even_unasked() -> None:
    """Below our own look at the name lies a second guard on the connection itself (rebinding)."""
    async with guarded_client() as client:
        client.event_hooks = {"request": []}

        with pytest.raises(httpx.RequestError, match="denied"):
            await client.get("http://127.0.0.1/")


async def test_unknown_name_is_a_failure_with_the_name() -> None:
    """A typing error is told from a refusal."""
    incoming = FileAtUrl("http://nothing.invalid/a.csv", None, UploadOptions(), 1000)

    with pytest.raises(FileUrlFailed, match=r"nothing\.invalid"):
        await incoming.deliver(Received().store)


@pytest.mark.parametrize(
    "url", ["https://example.com/a", "http://example.com:80/", "https://example.com:443/", "http://93.184.216.34/a"]
)
def test_public_address_passes(url: str) -> None:
    """Both schemes on their usual ports."""
    check_address(httpx.URL(url))


@pytest.mark.spec("A1")
@pytest.mark.parametrize(
    ("server", "is_fetched"),
    [("127.0.0.1:{port}", True), ("127.0.0.1", False), ("127.0.0.1:1", False), ("localhost:{port}", False)],
    ids=["the very server", "its usual ports alone", "another port", "another name"],
)
async def test_servers_of_the_own_network_are_fetched_when_named(
    origin: Origin, server: str, *, is_fetched: bool
) -> None:
    """Whoever runs this server may name some; nothing else of the same machine is fetched for it."""
    origin.answers["/sales.csv"] = answer(CSV)
    client = partial(guarded_client, frozenset({server.format(port=origin.port)}))

    if is_fetched:
        assert (await fetched(origin, client=client)).content == CSV
    else:
        with pytest.raises(FileUrlRefused):
            await fetched(origin, client=client)
        assert origin.connected == 0
