"""What leaves for a collector of traces, caught on loopback."""

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from datapilot.telemetry.traces import span

PROGRAM = """
import sys
from datapilot.telemetry.traces import span, start_traces

start_traces(sys.argv[1], component="worker", release="1.2.3", environment="staging")
try:
    with span("job", jobId="job_1", requestId=None, attempt=2), span("analysis"):
        raise ValueError("canary@secret-mail.example")
except ValueError:
    pass
"""


class Collector(BaseHTTPRequestHandler):
    """A collector that keeps what comes in."""

    asked: ClassVar[list[tuple[str, bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        packed = self.headers.get("Content-Encoding") == "gzip"
        self.asked.append((self.path, gzip.decompress(body) if packed else body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """The test's own output stays readable."""


@pytest.fixture
def collector() -> Iterator[str]:
    """The address of a collector on loopback."""
    Collector.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def _attributes(told: Any) -> dict[str, Any]:
    return {pair.key: pair.value.string_value or pair.value.int_value for pair in told.attributes}


@pytest.mark.spec("G2")
def test_stages_of_a_job_come_as_one_trace(collector: str) -> None:
    """A stage lies within its job, which bears its ids; the process says what it is; no error's words leave."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, collector], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr
    ((path, body),) = Collector.asked
    (resource,) = ExportTraceServiceRequest.FromString(body).resource_spans
    analysis, job = resource.scope_spans[0].spans
    about = _attributes(resource.resource)
    assert path == "/v1/traces"
    assert (about["service.name"], about["service.version"]) == ("datapilot-worker", "1.2.3")
    assert (job.name, analysis.name) == ("job", "analysis")
    assert (analysis.trace_id, analysis.parent_span_id) == (job.trace_id, job.span_id)
    assert _attributes(job) == {"jobId": "job_1", "attempt": 2}
    assert b"canary" not in body


def test_without_a_collector_stages_cost_nothing_and_break_nothing() -> None:
    """An error goes through as it came."""
    with pytest.raises(ValueError, match="as it came"), span("job"):
        raise ValueError("as it came")
