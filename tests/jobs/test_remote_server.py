"""A Redis of others, reached by URL: over TLS, as a user who may do only what the queue needs, and through restarts."""

import asyncio
import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from tests.free_port import free_port
from tests.jobs.test_jobs_contract import REQUEST, final, succeed, working

from datapilot.access.redis import RedisAccess
from datapilot.contracts.errors import QueueUnavailable
from datapilot.jobs.docket import DocketJobs

# What docs/guarantees.md tells an operator to allow; the two are compared below.
USER_RULES = (
    "~job:*", "~jobs:*", "~data_jobs*", "~worker:*", "~access:*", "~llm:*", "&*", "+@all", "-@admin", "-@dangerous",
    "+info",
)  # fmt: skip
ROOT = Path(__file__).parents[2]


@dataclass
class Remote:
    """A running server with TLS alone and one user beside the switched-off default one."""

    port: int
    folder: Path
    process: "subprocess.Popen[bytes]"

    def url(self, password: str = "right", *, verifies: bool = True) -> str:
        """Return the address as an operator would write it into REDIS_URL."""
        trust = f"&ssl_ca_certs={self.folder / 'ca.crt'}" if verifies else ""
        return f"rediss://datapilot:{password}@localhost:{self.port}/0?ssl_cert_reqs=required{trust}"

    def restart(self) -> None:
        """Kill the server and start it on its files."""
        self.process.kill()
        self.process.wait()
        self.process = _server(self.port, self.folder)


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    """A server of others; skipped where there is none that knows TLS."""
    if shutil.which("redis-server") is None or shutil.which("openssl") is None:
        pytest.skip("needs redis-server and openssl")
    _make_certificates(tmp_path)
    (tmp_path / "users.acl").write_text(
        f"user default off ~* &* +@all\nuser datapilot on >right {' '.join(USER_RULES)}\n"
    )
    port = free_port()
    running = Remote(port, tmp_path, _server(port, tmp_path))
    yield running
    running.process.kill()
    running.process.wait()


def _make_certificates(folder: Path) -> None:
    """Make an authority and a certificate for localhost, signed by it."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.crt", "-days", "2",
            "-subj", "/CN=test authority")  # fmt: skip
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr",
            "-subj", "/CN=localhost")  # fmt: skip
    (folder / "names").write_text("subjectAltName=DNS:localhost")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-out",
            "server.crt", "-days", "2", "-extfile", "names")  # fmt: skip


def _server(port: int, folder: Path) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        ["redis-server", "--port", "0", "--tls-port", str(port), "--bind", "127.0.0.1", "--dir", str(folder),
         "--tls-cert-file", "server.crt", "--tls-key-file", "server.key", "--tls-ca-cert-file", "ca.crt",
         "--tls-auth-clients", "no", "--aclfile", str(folder / "users.acl"), "--appendonly", "yes", "--save", ""],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"rediss://datapilot:right@localhost:{port}/0?ssl_ca_certs={folder / 'ca.crt'}"
    while True:
        with contextlib.suppress(redis.ConnectionError), redis.Redis.from_url(url) as client:
            client.ping()
            return process
        assert process.poll() is None, "the server did not come up"
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.spec("D1")
async def test_queue_works_over_tls_as_a_user_of_few_rights(remote: Remote) -> None:
    """A whole life of jobs: submit, run, cancel, watch, list, sweep, stats, keys; nothing is refused to the user."""
    async with DocketJobs(remote.url()) as jobs:
        async with working(jobs, succeed):
            await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
            done = await final(jobs, "job_1")
        await jobs.submit("job_2", filename="sales.csv", request=REQUEST)
        cancelled = await jobs.cancel("job_2")
        await jobs.reconcile(_nobody)
        await jobs.beat()
        key = await RedisAccess(jobs._redis).create_key("ci", ["read"])

        assert (done.status, cancelled.status) == ("completed", "cancelled")
        assert {job.job_id for job in await jobs.recent()} == {"job_1", "job_2"}
        assert (await jobs.stats()).waiting == 0
        assert await RedisAccess(jobs._redis).key_of(key.secret) == key.key


@pytest.mark.slow
@pytest.mark.parametrize("mistake", ["wrong password", "unknown authority"])
async def test_wrong_credentials_are_said_without_the_secret(
    remote: Remote, mistake: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a refused login nor a certificate of a stranger is taken for anything else, and no password is told."""
    monkeypatch.setattr("datapilot.jobs.docket.PATIENCE_S", 0.2)
    url = remote.url("guessed-secret") if mistake == "wrong password" else remote.url(verifies=False)

    with pytest.raises(Exception) as told:  # noqa: PT011 - docket's own client may be the first to be refused
        async with DocketJobs(url) as jobs:
            await jobs.ping()

    assert isinstance(told.value, QueueUnavailable | redis.RedisError | OSError)
    assert "guessed-secret" not in str(told.value)


@pytest.mark.slow
@pytest.mark.spec("D1", "D10")
async def test_work_goes_on_after_the_server_was_restarted(remote: Remote) -> None:
    """The server of others is killed and started again: what was accepted is run, new jobs are taken."""
    async with DocketJobs(remote.url()) as jobs, working(jobs, succeed):
        await jobs.submit("job_1", filename="sales.csv", request=REQUEST)
        await final(jobs, "job_1")

        await asyncio.to_thread(remote.restart)
        await jobs.submit("job_2", filename="sales.csv", request=REQUEST)

        assert (await final(jobs, "job_2")).status == "completed"
        assert (await jobs.get("job_1")).status == "completed"


def test_rules_are_the_ones_that_the_document_tells() -> None:
    """An operator who copies the line from the document gets the user of these tests."""
    text = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")

    assert " ".join(USER_RULES) in text


async def _nobody(_: object) -> None:
    """Hear of an ended job and do nothing."""
