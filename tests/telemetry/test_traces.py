"""What leaves for a collector of traces, caught on loopback."""

import subprocess
import sys
from typing import Any

import pytest
from tests.telemetry.conftest import Capture

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


def _attributes(told: Any) -> dict[str, Any]:
    return {pair.key: pair.value.string_value or pair.value.int_value for pair in told.attributes}


@pytest.mark.spec("G2")
def test_stages_of_a_job_come_as_one_trace(capture: Capture) -> None:
    """A stage lies within its job, which bears its ids; the process says what it is; no error's words leave."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, f"http://{capture.place}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    ((path, body),) = capture.asked
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
