"""Judging insights over a real socket."""

from typing import Any

import pytest
from tests.insights.reports import sales_report

from datapilot.contracts.insight import Insight

REPORT = sales_report()
FIRST: Insight = REPORT.insights.analyst_insights[0]


async def finished(house: Any) -> str:
    """Return a job that was completed with a real report."""
    job_id: str = await house.upload()
    await house.complete(job_id, REPORT.model_copy(update={"job_id": job_id}).model_dump_json().encode())
    return job_id


@pytest.mark.spec("E1")
async def test_judgement_is_kept_and_shown(house: Any) -> None:
    """201 with its id; the job's list shows the latest of each insight."""
    job_id = await finished(house)
    said = {"jobId": job_id, "insightId": FIRST.id, "action": "approve", "score": 5, "reason": "useful"}

    kept = await house.client.post("/api/feedback", json=said)
    listed = await house.client.get(f"/api/jobs/{job_id}/feedback")

    assert kept.status_code == 201
    assert set(kept.json()) == {"feedbackId"}
    (shown,) = listed.json()["feedback"]
    assert (shown["feedbackId"], shown["insightId"], shown["action"], shown["score"]) == (
        kept.json()["feedbackId"], FIRST.id, "approve", 5,
    )  # fmt: skip


@pytest.mark.spec("E1")
async def test_edit_as_the_result_has_it(house: Any) -> None:
    """A client takes the insight of the result, changes what it wants and sends the whole of it."""
    job_id = await finished(house)
    insight = (await house.client.get(f"/api/result?jobId={job_id}")).json()["insights"]["analystInsights"][0]
    good, bad = insight | {"severity": "low"}, insight | {"headline": "Sales rose by 4711 %"}

    kept = await house.client.post(
        "/api/feedback",
        json={"jobId": job_id, "insightId": insight["id"], "action": "edit", "score": 3, "edited": good},
    )
    refused = await house.client.post(
        "/api/feedback", json={"jobId": job_id, "insightId": insight["id"], "action": "edit", "score": 3, "edited": bad}
    )

    assert kept.status_code == 201
    assert (refused.status_code, refused.json()["code"]) == (422, "edit_refused")
    assert len(house.tools.feedback.kept) == 1


@pytest.mark.spec("E1")
@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        pytest.param({"score": 9}, 422, "invalid_option", id="a score beyond five"),
        pytest.param({"score": "high"}, 422, "invalid_option", id="a score in words"),
        pytest.param({"action": "praise"}, 422, "invalid_option", id="an action that is none"),
        pytest.param({"action": "edit"}, 422, "invalid_option", id="an edit without the insight"),
        pytest.param({"action": "edit", "edited": {"headline": "x"}}, 422, "invalid_option", id="half an insight"),
        pytest.param({"stars": 5}, 422, "invalid_option", id="a field that is none"),
        pytest.param({"insightId": "i_ghost"}, 404, "unknown_insight", id="an unknown insight"),
        pytest.param({"jobId": "job_absent"}, 404, "unknown_job", id="an unknown job"),
        pytest.param({"jobId": "../x"}, 404, "unknown_job", id="an id that is a path"),
        pytest.param({"jobId": "LIVING"}, 409, "result_not_ready", id="a job without a result"),
    ],
)
async def test_judgement_that_cannot_be_kept(house: Any, changes: dict[str, Any], status: int, code: str) -> None:
    """Each way has its answer, and nothing is kept."""
    job_id, living = await finished(house), await house.upload()
    said = {"jobId": job_id, "insightId": FIRST.id, "action": "approve", "score": 5} | changes
    said = {name: living if value == "LIVING" else value for name, value in said.items()}

    answer = await house.client.post("/api/feedback", json=said)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert house.tools.feedback.kept == []
