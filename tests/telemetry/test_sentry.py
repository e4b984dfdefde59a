"""What leaves for Sentry, caught on loopback: the job it is about, and nothing of what was in its file."""

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from datapilot.contracts.errors import InvalidSettings
from datapilot.telemetry.sentry import start_sentry

CANARIES = ["canary@secret-mail.example", "+49 170 5550199", "536-22-8726", "4111 1111 1111 1111"]

PROGRAM = """
import sys
from datapilot.telemetry.logs import bound, configure, get_logger
from datapilot.telemetry.sentry import start_sentry
import logging, sentry_sdk

configure(component="worker", as_json=True)
start_sentry(sys.argv[1], environment="staging", release="1.2.3", component="worker")
secret = sys.argv[2]
with bound(jobId="job_0123456789abcdef01234567", requestId="req_1", step="reading"):
    get_logger("worker").info("row read", value=secret)
    try:
        cell = secret
        raise ValueError(f"cannot read {cell}")
    except ValueError:
        get_logger("worker").exception("attempt broke", detail=secret, rows=[secret])
    logging.getLogger("datapilot.jobs").error("lost %s", secret)
sentry_sdk.flush(10)
"""


class Capture(BaseHTTPRequestHandler):
    """A Sentry that keeps what comes in."""

    bodies: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        packed = self.headers.get("Content-Encoding") == "gzip"
        self.bodies.append(gzip.decompress(body) if packed else body)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """The test's own output stays readable."""


@pytest.fixture
def dsn() -> Iterator[str]:
    """The address of a Sentry on loopback."""
    Capture.bodies.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Capture)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://key@127.0.0.1:{server.server_address[1]}/1"
    server.shutdown()
    thread.join()
    server.server_close()


def events() -> list[dict[str, Any]]:
    """Return the events that came in."""
    lines = [json.loads(line) for body in Capture.bodies for line in body.splitlines() if line.startswith(b"{")]
    return [line for line in lines if "platform" in line]


@pytest.mark.spec("G4")
def test_error_comes_with_its_job_and_without_personal_data(dsn: str) -> None:
    """Tags for job, step, request and place; of the canaries in message, fields, trace and local variables none."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, dsn, " / ".join(CANARIES)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    broke, lost = sorted(events(), key=lambda event: str(event["logentry"]["message"]))
    assert broke["logentry"]["message"] == "attempt broke"
    assert broke["tags"] == {
        "component": "worker",
        "jobId": "job_0123456789abcdef01234567",
        "requestId": "req_1",
        "step": "reading",
    }
    assert (broke["environment"], broke["release"]) == ("staging", "datapilot@1.2.3")
    assert broke["exception"]["values"][0]["type"] == "ValueError"
    assert lost["tags"]["jobId"] == "job_0123456789abcdef01234567"
    sent = b"".join(Capture.bodies).decode()
    assert [canary for canary in CANARIES if canary in sent] == []
    assert "[EMAIL_MASKED]" in sent


@pytest.mark.spec("G4")
def test_address_that_is_none_is_refused() -> None:
    """A typing error in the setting is told at the start, not lost with the first error."""
    with pytest.raises(InvalidSettings, match="SENTRY_DSN"):
        start_sentry("sentry.example", environment="x", release="1", component="api")
