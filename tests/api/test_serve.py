"""The server as a process of its own: real queue server, real folder, real signals."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from tests.system_processes import descendants, is_alive
from tests.waiting import until

from datapilot.api.serve import ImpatientProtocol, asks_for_keys, bind
from datapilot.contracts.errors import InvalidSettings
from datapilot.os_process import resident_bytes
from datapilot.settings import Settings, load_settings

PROGRAM = """
from datapilot.api.serve import serve_api
from datapilot.settings import load_settings
serve_api(load_settings(None), "127.0.0.1", 0, ready=lambda url: print(url, flush=True))
print("ended", flush=True)
"""
MEBIBYTE = 1024 * 1024
CSV = b"region,revenue\nnorth,10\nsouth,20\n"


@dataclass
class Served:
    """A running server process."""

    process: subprocess.Popen[str]
    client: httpx.Client
    folder: Path

    @property
    def peak_bytes(self) -> int:
        """Return the most memory the process has held so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


@contextlib.contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Served]:
    """Run the server below the folder, and end it afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "DATA_DIR": str(folder), **environment},
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
    )
    assert process.stdout is not None
    try:
        url = next((line.strip() for line in process.stdout if line.startswith("http")), "")
        with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
            yield Served(process, client, folder)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=60)
        process.stdout.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for the tests of this file that do not end it."""
    with serving(tmp_path_factory.mktemp("state"), MAX_UPLOAD_SIZE_BYTES=str(400 * MEBIBYTE)) as running:
        yield running


@pytest.mark.spec("A1", "A5", "D1")
def test_upload_lies_below_the_data_folder(served: Served) -> None:
    """The file is in `tmp_uploads/uploads/{jobId}/`, and the queue's own server has the record."""
    answer = served.client.post("/api/upload", files={"file": ("sales.csv", CSV)})

    job_id = answer.json()["jobId"]
    stored = [path for path in (served.folder / "tmp_uploads/uploads" / job_id).rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in stored] == [CSV]
    assert served.client.get(f"/api/job-status?jobId={job_id}").json()["status"] == "submitted"


@pytest.mark.spec("G3")
def test_health_of_a_server_without_workers_is_degraded(served: Served) -> None:
    """Queue and store are there, a worker is not."""
    health = served.client.get("/api/health").json()

    assert health["status"] == "degraded"
    assert health["components"]["redis"]["status"] == health["components"]["blob"]["status"] == "ok"


def test_answers_do_not_wait_for_the_network(served: Served) -> None:
    """Small answers leave at once: a forgotten socket option would cost 40 ms each, once a connection is no longer new;
    however loaded the machine is, one of many takes less."""
    waits = []
    for _ in range(60):
        started = time.monotonic()
        served.client.get("/api/config")
        waits.append(time.monotonic() - started)

    assert min(waits[20:]) < 0.035


def test_body_of_two_lengths_ends_the_connection(served: Served) -> None:
    """Whatever a proxy before us makes of such a request, no second one comes through behind it."""
    address = (served.client.base_url.host, served.client.base_url.port or 0)
    smuggled = b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(address, timeout=20) as connection, connection.makefile("rb") as answers:
        connection.sendall(
            b"POST /api/cancel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled
        )

        answer = answers.read()

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.spec("D3")
def test_cancelled_job_stays_cancelled(served: Served) -> None:
    """On the real queue the answer to the second cancel is that to the first."""
    job_id = served.client.post("/api/upload", files={"file": ("sales.csv", CSV)}).json()["jobId"]

    first = served.client.post(f"/api/cancel?jobId={job_id}")
    second = served.client.post("/api/cancel", json={"jobId": job_id})

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert served.client.get(f"/api/job-status?jobId={job_id}").json()["status"] == "cancelled"


@pytest.mark.spec("D4", "D5")
def test_timeout_is_kept_without_any_worker(served: Served) -> None:
    """Nobody works, the time runs out, and both the watcher and the store learn of it."""
    answer = served.client.post("/api/upload", files={"file": ("sales.csv", CSV)}, data={"timeoutSeconds": "0.3"})
    job_id = answer.json()["jobId"]

    events = served.client.get(f"/api/jobs/{job_id}/events").text

    assert '"error":"timeout"' in events
    assert (served.folder / f"tmp_uploads/results/{job_id}_error.json").is_file()


@pytest.mark.slow
@pytest.mark.spec("A1")
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_large_upload_keeps_memory_flat(served: Served) -> None:
    """200 MiB pass through the server, and it holds no more than a few chunks of them at any time."""
    served.client.post("/api/upload", files={"file": ("warm.csv", CSV)})
    before = served.peak_bytes
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="big.csv"\r\n\r\n'

    def body() -> Iterator[bytes]:
        yield head
        block = (b"0123456789abcde\n" * 65536)[:MEBIBYTE]
        for _ in range(200):
            yield block
        yield b"\r\n--b--\r\n"

    answer = served.client.post(
        "/api/upload", content=body(), headers={"content-type": "multipart/form-data; boundary=b"}
    )

    job_id = answer.json()["jobId"]
    stored = next(path for path in (served.folder / "tmp_uploads/uploads" / job_id).rglob("*") if path.is_file())
    assert stored.stat().st_size == 200 * MEBIBYTE
    assert served.peak_bytes - before < 64 * MEBIBYTE
    stored.unlink()


@pytest.mark.spec("D6")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_server_with_0_even_while_somebody_watches(tmp_path: Path, number: int) -> None:
    """An open event stream does not hold the server up."""
    with serving(tmp_path) as running:
        job_id = running.client.post("/api/upload", files={"file": ("sales.csv", CSV)}).json()["jobId"]
        with running.client.stream("GET", f"/api/jobs/{job_id}/events") as stream:
            next(stream.iter_lines())
            running.process.send_signal(number)
            code = running.process.wait(timeout=60)

    assert code == 0


@pytest.mark.spec("H5")
@pytest.mark.skipif(sys.platform != "linux", reason="processes are listed in /proc")
def test_readers_start_with_the_first_result_and_end_with_the_server(tmp_path: Path) -> None:
    """A server that nobody asks for results has no process for their tables; one that was asked has what readers are
    forked from beside it, holds hardly more memory itself, and leaves neither process nor file behind."""
    with serving(tmp_path) as running:
        server = running.process.pid
        job_id = running.client.post("/api/upload", files={"file": ("sales.csv", CSV)}).json()["jobId"]
        with _working(tmp_path):
            news = running.client.get(f"/api/jobs/{job_id}/events").text  # until it has ended: one line of the log
        assert '"completed"' in news
        without = set(descendants(server))
        held = resident_bytes(server)

        running.client.get(f"/api/result?jobId={job_id}").raise_for_status()
        _wait_for(lambda: len(descendants(server)) > len(without) + 2)
        answer = running.client.post(f"/api/jobs/{job_id}/facts", json={"measures": [{"metric": "count"}]})

        readers = set(descendants(server)) - without
        more = resident_bytes(server) - held
        running.process.terminate()
        code = running.process.wait(timeout=60)

    assert answer.json()["facts"][0]["value"] == 2
    assert not any(b"forkserver" in _command(pid) for pid in without)
    assert readers
    assert more < 20 * MEBIBYTE
    assert code == 0
    _wait_for(lambda: not any(is_alive(pid) for pid in readers))
    assert list((tmp_path / "data/scratch/readings").glob("*-*")) == []


@contextlib.contextmanager
def _working(folder: Path) -> Iterator[None]:
    program = str(Path(sys.executable).with_name("datapilot"))
    environment = {**os.environ, "DATA_DIR": str(folder)}
    worker = subprocess.Popen([program, "worker"], env=environment, stdout=subprocess.DEVNULL, cwd=folder)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(timeout=60)


def _command(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _wait_for(holds: Callable[[], bool]) -> None:
    asyncio.run(until(holds))


@pytest.mark.spec("A5")
def test_jobs_survive_a_restart(tmp_path: Path) -> None:
    """What was accepted is there when the server comes back in the same folder."""
    with serving(tmp_path) as first:
        job_id = first.client.post("/api/upload", files={"file": ("sales.csv", CSV)}).json()["jobId"]

    with serving(tmp_path) as second:
        record = second.client.get(f"/api/job-status?jobId={job_id}").json()

    assert (record["status"], record["filename"]) == ("submitted", "sales.csv")


def settings(**changes: Any) -> Settings:
    """The defaults with a few changes."""
    return load_settings(None).model_copy(update=changes)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "data.example.com", ""])
def test_server_that_others_reach_asks_for_keys(host: str) -> None:
    """Only AUTH=off, said out loud, opens the server to everybody who reaches the port."""
    assert asks_for_keys(settings(), host)
    assert not asks_for_keys(settings(auth="off"), host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_asks_for_keys_when_told_to(host: str) -> None:
    """On this machine alone the server just starts; behind a proxy of this machine it can be told to ask."""
    assert not asks_for_keys(settings(), host)
    assert asks_for_keys(settings(auth="on"), host)


def test_keys_made_by_the_command_open_the_server(tmp_path: Path) -> None:
    """`datapilot keys` beside a running server: a new key works at once, a revoked one no longer."""
    with serving(tmp_path, AUTH="on") as running:
        name_and_secret = keys(tmp_path, "create", "Anna").split()
        key = {"Authorization": f"Bearer {name_and_secret[-1]}"}

        without, with_key = running.client.get("/api/jobs"), running.client.get("/api/jobs", headers=key)
        listed = keys(tmp_path, "list")
        keys(tmp_path, "revoke", name_and_secret[1])
        afterwards = running.client.get("/api/jobs", headers=key)

    assert (without.status_code, with_key.status_code, afterwards.status_code) == (401, 200, 401)
    assert name_and_secret[1] in listed
    assert "valid" in listed
    assert name_and_secret[-1] not in listed


def test_keys_outlive_the_server(tmp_path: Path) -> None:
    """A key made before the first start, or before a restart, opens the server afterwards."""
    secret = keys(tmp_path, "create", "Anna").split()[-1]

    with serving(tmp_path, AUTH="on") as running:
        answer = running.client.get("/api/jobs", headers={"X-API-Key": secret})

    assert answer.status_code == 200


def keys(folder: Path, *arguments: str) -> str:
    """Run `datapilot keys` for the server of this folder and return what it says."""
    command = [sys.executable, "-c", "from datapilot.cli.main import main; main()", "keys", *arguments]
    environment = {**os.environ, "DATA_DIR": str(folder)}
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_taken_port_is_said_with_its_number() -> None:
    """The sentence names the port and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(InvalidSettings, match=f"{port}.*--port"):
            bind("127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("192.0.2.1", 0), ("no such host", 0)])
def test_address_that_cannot_be_is_said(host: str, port: int) -> None:
    """A wrong address is a sentence, not a traceback."""
    with pytest.raises(InvalidSettings, match="cannot be used"):
        bind(host, port)


class Hurried(ImpatientProtocol):
    """The same with little patience."""

    head_within_s = 0.3
    taken_within_s = 0.3


@contextlib.asynccontextmanager
async def hurried_server(pieces: int, *, pause_s: float = 0) -> AsyncIterator[int]:
    """Offer the port of a server that answers with so many pieces of 64 KiB."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(pieces):
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
            await asyncio.sleep(pause_s)
        await send({"type": "http.response.body", "body": b""})

    with bind("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, http=Hurried, log_config=None, lifespan="off"))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        yield listener.getsockname()[1]
        server.should_exit = True
        await task


@pytest.mark.parametrize(
    "said",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n"],
    ids=["nothing", "half a line", "half a head", "half of a second head"],
)  # fmt: skip
async def test_connection_that_asks_for_nothing_is_closed(said: bytes) -> None:
    """However far its head has come, and though it goes on dripping, a connection keeps no place for ever."""
    async with hurried_server(1) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)

        async def drip() -> None:
            while said:
                writer.write(b"X: a\r\n" if said.endswith(b"\r\n") else b"T")
                await asyncio.sleep(0.1)

        dripping = asyncio.create_task(drip())
        async with asyncio.timeout(60):
            with contextlib.suppress(ConnectionError):
                while await reader.read(65536):
                    pass
        dripping.cancel()
        writer.close()


async def test_connection_that_takes_no_answer_is_closed() -> None:
    """A client that stops reading frees its place; the server does not fill its memory for it."""
    async with hurried_server(10_000) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        await reader.readline()

        await asyncio.sleep(2)  # the buffers of the system fill at once, and nothing moves for the time allowed
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            async with asyncio.timeout(60):
                await reader.readexactly(10_000 * 65536)
        writer.close()


async def test_long_answer_that_is_read_is_not_cut() -> None:
    """The clocks run for who keeps a place, not for who waits for a long answer."""
    async with hurried_server(20, pause_s=0.05) as port, httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://127.0.0.1:{port}/")

    assert len(answer.content) == 20 * 65536
