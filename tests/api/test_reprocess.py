"""Insights made anew, earlier results and the outbound ledger, over a real socket."""

import json
from typing import Any

import pytest

from datapilot.contracts.outbound import OutboundLedger, OutboundRequest
from datapilot.storage.keys import outbound_key, result_key, version_key

REPORT = json.dumps(
    {
        "processedAt": "2026-11-25T10:00:00+00:00",
        "issues": [],
        "insights": {"metadata": {"source": "rules", "model": None}},
    }
).encode()


@pytest.mark.spec("C10")
async def test_finished_job_is_taken_again(house: Any) -> None:
    """202 with the version that the present result is kept as; until the run has ended that can be read."""
    job_id = await house.upload()
    await house.complete(job_id, REPORT)

    answer = await house.client.post("/api/reprocess", json={"jobId": job_id, "llm": "off"})
    listed = await house.client.get(f"/api/jobs/{job_id}/versions")
    earlier = await house.client.get(f"/api/result?jobId={job_id}&version=1")

    assert (answer.status_code, answer.json()) == (202, {"jobId": job_id, "status": "submitted", "version": 1})
    assert (await house.jobs.request(job_id)).llm == "off"
    assert listed.json() == {
        "jobId": job_id,
        "versions": [
            {"version": 1, "processedAt": "2026-11-25T10:00:00+00:00", "source": "rules", "model": None, "issues": []}
        ],
    }
    assert (earlier.status_code, earlier.content) == (200, REPORT)
    assert (await house.client.get(f"/api/result?jobId={job_id}")).status_code == 409
    assert await house.storage.get(version_key(job_id, 1)) == REPORT


@pytest.mark.spec("C10")
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param({}, 400, "bad_request", id="no job"),
        pytest.param({"jobId": 1}, 400, "bad_request", id="an id that is a number"),
        pytest.param({"jobId": "job_absent"}, 404, "unknown_job", id="an unknown job"),
        pytest.param({"jobId": "../x"}, 404, "unknown_job", id="an id that is a path"),
        pytest.param({"jobId": "LIVING"}, 409, "job_running", id="a job that has not ended"),
        pytest.param({"jobId": "FAILED"}, 409, "result_not_ready", id="a job without a result"),
        pytest.param({"jobId": "LIVING", "llm": "loud"}, 422, "invalid_option", id="a wrong option"),
        pytest.param([], 400, "bad_request", id="no object"),
    ],
)
async def test_asking_wrongly_says_why(house: Any, body: Any, status: int, code: str) -> None:
    """Each way has its answer, and changes nothing."""
    living, failed = await house.upload(), await house.upload()
    await house.fail(failed)
    if isinstance(body, dict):
        named = {"LIVING": living, "FAILED": failed}
        body = {name: named.get(value, value) for name, value in body.items()}

    answer = await house.client.post("/api/reprocess", json=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await house.jobs.get(living)).status == "submitted"


@pytest.mark.spec("C10")
@pytest.mark.parametrize(("version", "status"), [("1", 404), ("0", 422), ("x", 422), ("-1", 422)])
async def test_version_that_is_none(house: Any, version: str, status: int) -> None:
    """A job that was never explained anew has no earlier result."""
    job_id = await house.upload()
    await house.complete(job_id, REPORT)

    answer = await house.client.get(f"/api/result?jobId={job_id}&version={version}")

    assert answer.status_code == status
    assert answer.json()["code"] == ("unknown_version" if status == 404 else "invalid_request")


@pytest.mark.spec("C8")
async def test_what_was_sent_is_shown(house: Any) -> None:
    """The ledger as it was kept, also of a job that did not end well; an empty one where nothing was sent."""
    job_id, quiet = await house.upload(), await house.upload()
    body = '{"messages":[{"role":"user","content":"<data-abcdefgh> é"}]}'
    sent = OutboundRequest(
        at="2026-11-25T10:00:00.000+00:00", model="m", source="llm", privacy="strict", bytes=len(body.encode()),
        sha256="00" * 32, body=body,
    )  # fmt: skip
    ledger = OutboundLedger(job_id=job_id, requests=(sent,))
    await house.storage.put_bytes(outbound_key(job_id), ledger.model_dump_json().encode())
    await house.fail(job_id)

    shown = await house.client.get(f"/api/jobs/{job_id}/outbound")
    nothing = await house.client.get(f"/api/jobs/{quiet}/outbound")
    unknown = await house.client.get("/api/jobs/job_absent/outbound")

    assert OutboundLedger.model_validate(shown.json()) == ledger
    assert shown.json()["requests"][0]["body"] == body
    assert nothing.json() == {"jobId": quiet, "requests": []}
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_job")


async def test_result_stays_until_it_is_replaced(house: Any) -> None:
    """Asking does not remove the stored result: a worker that never comes leaves it where it was."""
    job_id = await house.upload()
    await house.complete(job_id, REPORT)

    await house.client.post("/api/reprocess", json={"jobId": job_id})

    assert await house.storage.get(result_key(job_id)) == REPORT
