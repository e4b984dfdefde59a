"""What leaves for Sentry, caught on loopback: the job it is about, and nothing of what was in its file."""

import json
import subprocess
import sys
from typing import Any

import pytest
from tests.telemetry.conftest import Capture

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


def events(capture: Capture) -> list[dict[str, Any]]:
    """Return the events that came in."""
    lines = [json.loads(line) for _, body in capture.asked for line in body.splitlines() if line.startswith(b"{")]
    return [line for line in lines if "platform" in line]


@pytest.mark.spec("G4")
def test_error_comes_with_its_job_and_without_personal_data(capture: Capture) -> None:
    """Tags for job, step, request and place; of the canaries in message, fields, trace and local variables none."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, f"http://key@{capture.place}/1", " / ".join(CANARIES)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    broke, lost = sorted(events(capture), key=lambda event: str(event["logentry"]["message"]))
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
    sent = b"".join(body for _, body in capture.asked).decode()
    assert [canary for canary in CANARIES if canary in sent] == []
    assert "[EMAIL_MASKED]" in sent


@pytest.mark.spec("G4")
def test_address_that_is_none_is_refused() -> None:
    """A typing error in the setting is told at the start, not lost with the first error."""
    with pytest.raises(InvalidSettings, match="SENTRY_DSN"):
        start_sentry("sentry.example", environment="x", release="1", component="api")
