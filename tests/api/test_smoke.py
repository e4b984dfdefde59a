"""The smoke test finds what is broken, and nothing where nothing is."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.api.conftest import House

from datapilot.actions.smoke_test import RESULT_KEYS, ROWS, SmokeTest, report_text
from datapilot.actions.submit_dataset import UploadRules
from datapilot.contracts.errors import QueueUnavailable
from datapilot.contracts.smoke import SmokeReport
from datapilot.jobs.memory import MemoryJobs

Statuses = Mapping[str, str]
# The steps that need a result, which a server that takes 1,000 bytes cannot be asked for.
SMALL = {"upload and process", "result renders", "language model", "language model fails"}


def result(source: str, issues: tuple[str, ...] = ()) -> dict[str, Any]:
    """A result as far as the smoke test looks at it."""
    return {key: [] for key in RESULT_KEYS} | {
        "kpis": {"rowCount": ROWS},
        "chartSpecs": [{}],
        "facts": [{}],
        "qualityScore": 97,
        "insights": {"metadata": {"source": source, "model": "m"}, "analystInsights": [{}]},
        "issues": [{"code": code, "message": "because"} for code in issues],
    }


async def _work(house: House, source: str, issues: tuple[str, ...]) -> None:
    """Complete every small job that is given time, as a worker with this model would."""
    while True:
        await asyncio.sleep(0.02)
        await house.jobs.beat()
        for job in await house.jobs.recent():
            request = await house.jobs.request(job.job_id)
            if job.status == "submitted" and request.bytes < 100_000 and request.timeout_s > 1:
                told = result("rules", ("llm_server_error",)) if request.llm == "fail" else result(source, issues)
                await house.complete(job.job_id, json.dumps(told).encode())


async def tried(
    house: House, *, source: str = "llm", issues: tuple[str, ...] = (), works: bool = True
) -> tuple[SmokeReport, Statuses]:
    """Return the report and each step's status, of a house with a worker or none."""
    working = asyncio.create_task(_work(house, source, issues)) if works else None
    if working:
        await house.jobs.beat()
    patience_s = 60 if works else 0.6
    report = await SmokeTest(house.client, max_wait_s=patience_s, pauses_s=(0.1,)).run()
    if working:
        working.cancel()
    return report, {step.name: step.status for step in report.steps}


@pytest.fixture
def well(tmp_path: Path) -> dict[str, Any]:
    """The tools of a server whose page is built, and which plays faults."""
    page = tmp_path / "web" / "results" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<html></html>")
    rules = UploadRules(max_bytes=10_000_000, timeout_s=600, faults_allowed=True)
    return {"web_root": tmp_path / "web", "rules": rules}


@pytest.mark.spec("I3")
async def test_server_that_is_well_passes(open_house: Callable[..., Any], well: dict[str, Any]) -> None:
    """Every step passes, and the report says so."""
    async with open_house(**well) as house:
        report, statuses = await tried(house)

    assert set(statuses.values()) == {"passed"}, report_text(report)
    assert report.status == "passed"
    assert "# Smoke test: passed" in report_text(report)


@pytest.mark.spec("I3")
async def test_what_a_server_does_not_have_is_skipped(open_house: Callable[..., Any], well: dict[str, Any]) -> None:
    """Without a model and without faults there is nothing to try, which is no failure."""
    async with open_house(**well | {"rules": UploadRules(max_bytes=10_000_000, timeout_s=600)}) as house:
        report, statuses = await tried(house, source="rules")

    assert {name for name, status in statuses.items() if status == "skipped"} == {
        "language model",
        "language model fails",
    }
    assert report.status == "passed"


@pytest.mark.spec("I3")
@pytest.mark.parametrize(("max_bytes", "skipped"), [(150_000, set()), (1_000, SMALL)], ids=["less", "hardly any"])
async def test_server_that_takes_little_is_tried_with_little(
    open_house: Callable[..., Any], well: dict[str, Any], max_bytes: int, skipped: set[str]
) -> None:
    """A low MAX_UPLOAD_SIZE_BYTES is no defect: the large table is cut to it, and what cannot be tried is skipped."""
    rules = UploadRules(max_bytes=max_bytes, timeout_s=600, faults_allowed=True)
    async with open_house(**well | {"rules": rules}) as house:
        report, statuses = await tried(house)

    tried_and_passed = {name for name, status in statuses.items() if status == "passed"}
    assert report.status == "passed", report_text(report)
    # What is cancelled may be done before, as small as it is.
    assert tried_and_passed | {"cancel"} == statuses.keys() - skipped, report_text(report)


@pytest.mark.spec("I3")
async def test_wrong_key_of_the_model_fails_that_step_alone(
    open_house: Callable[..., Any], well: dict[str, Any]
) -> None:
    """The job completes by the rules, and the smoke test says that the model was not there."""
    async with open_house(**well) as house:
        report, statuses = await tried(house, source="rules", issues=("llm_rejected",))

    assert {name for name, status in statuses.items() if status == "failed"} == {"language model"}
    assert "llm_rejected" in next(step.says for step in report.steps if step.name == "language model")


@pytest.mark.spec("I3")
async def test_missing_worker_fails(open_house: Callable[..., Any], well: dict[str, Any]) -> None:
    """Jobs are accepted and wait for ever: health and everything that needs a result fail."""
    async with open_house(**well) as house:
        report, statuses = await tried(house, works=False)

    assert report.status == "failed"
    assert {"health", "upload and process", "result renders"} <= {n for n, s in statuses.items() if s == "failed"}
    assert "is a worker running?" in report_text(report)


@pytest.mark.spec("I3")
async def test_stale_heartbeat_fails(open_house: Callable[..., Any], well: dict[str, Any]) -> None:
    """A worker that was last seen ten minutes ago is not well, though jobs may still end."""

    class Stale(MemoryJobs):
        async def last_heartbeat(self) -> datetime:
            return datetime.now(UTC) - timedelta(minutes=10)

    async with open_house(**well, jobs=Stale()) as house:
        report, statuses = await tried(house)

    assert {name for name, status in statuses.items() if status == "failed"} == {"health"}
    assert "worker is degraded" in report.steps[0].says


@pytest.mark.spec("I3")
async def test_dead_queue_fails(open_house: Callable[..., Any], well: dict[str, Any]) -> None:
    """Nothing can be accepted."""

    class Dead(MemoryJobs):
        async def ping(self) -> None:
            raise QueueUnavailable("The queue does not answer.")

        async def submit(self, job_id: str, **known: Any) -> Any:
            raise QueueUnavailable("The queue does not answer.")

    async with open_house(**well, jobs=Dead()) as house:
        report, statuses = await tried(house, works=False)

    assert "passed" not in statuses.values()
    assert "queue_unavailable" in report_text(report)


@pytest.mark.spec("I3")
async def test_server_that_is_not_there_fails_every_step() -> None:
    """The report tells it step by step; nothing is raised."""
    async with httpx.AsyncClient(base_url="http://127.0.0.1:9", trust_env=False, verify=False) as client:
        report = await SmokeTest(client, max_wait_s=0.1).run()

    assert {step.status for step in report.steps} == {"failed"}
