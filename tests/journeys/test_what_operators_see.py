"""What whoever runs the product sees of it: a job's lines in the log, and figures that agree with what happened."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.free_port import free_port
from tests.journeys.product import EXAMPLES, FINAL, Product, eventually, run, running

LINES = [
    "dequeued", "started", "status update", "blob read", "type detected", "parsed", "EDA start", "EDA done",
    "LLM start", "LLM done", "result writing", "result saved", "status update", "completed",
]  # fmt: skip
CANARIES = {
    "e-mail": "canary.bird@secret-mail.example",
    "phone": "+49 170 5550199",
    "ssn": "536-22-8726",
    "card": "4111 1111 1111 1111",
    "name": "Quetzalcoatl Featherstonehaugh",
}


@pytest.fixture(scope="module")
def health_port() -> int:
    """The port of the first worker."""
    return free_port()


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, health_port: int) -> Iterator[Product]:
    """The product with a language model that is down."""
    with running(
        tmp_path_factory.mktemp("product"),
        LLM_BASE_URL=f"http://127.0.0.1:{free_port()}/v1",
        LLM_RETRY_ATTEMPTS="1",
        WORKER_HEALTH_PORT=str(health_port),
        METRICS_FLUSH_INTERVAL="1",
    ) as started:
        yield started


def figures(product: Product) -> dict[str, float]:
    """Return the fleet's figures by name."""
    answer = product.http.get("/metrics")
    assert answer.status_code == 200
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if not sample.labels
    }


def lines_of(product: Product, job_id: str) -> list[dict[str, Any]]:
    """Return the worker's lines about a job, in order."""
    told = [json.loads(line) for line in product.log.read_text(encoding="utf-8").splitlines()]
    return [line for line in told if line.get("jobId") == job_id and line["component"] == "worker"]


@pytest.mark.spec("G1")
def test_job_is_told_line_by_line_without_personal_data(product: Product, tmp_path: Path) -> None:
    """Fourteen lines in order, each valid JSON with one request id, from the answer to the upload to the last line;
    nothing that was in the file is in the log, nor in its name."""
    table = tmp_path / f"{CANARIES['e-mail']}.csv"
    rows = [",".join(f'"{value}"' for value in (*CANARIES.values(), str(n))) for n in range(40)]
    table.write_text("\n".join([",".join((*CANARIES, CANARIES["phone"])), *rows]))
    with table.open("rb") as content:
        answer = product.http.post("/api/upload", files={"file": (table.name, content)})
    job_id = answer.json()["jobId"]

    product.finish(job_id)

    assert eventually(lambda: "completed" in [line["message"] for line in lines_of(product, job_id)])
    lines = lines_of(product, job_id)
    told = [line["message"] for line in lines if line["level"] == "info"]
    assert told == LINES
    assert {line["requestId"] for line in lines} == {answer.headers["X-Request-Id"]}
    assert [line["timestamp"] for line in lines] == sorted(line["timestamp"] for line in lines)
    assert lines[-1]["duration_ms"] > 0
    requests = [json.loads(line) for line in product.log.read_text().splitlines() if '"request"' in line]
    assert answer.headers["X-Request-Id"] in {line["requestId"] for line in requests}
    log = product.log.read_text(encoding="utf-8")
    assert [kind for kind, canary in CANARIES.items() if canary in log] == []


def snapshot(product: Product) -> dict[str, Any]:
    """Return the figures as they were last written into a file."""
    told: dict[str, Any] = json.loads((product.folder / "metrics" / "metrics_snapshot.json").read_text())
    return told


def _all_told(told: dict[str, float]) -> bool:
    """Whether no worker still has to add the time of a job that the queue has counted as completed."""
    return told.get("avg_processing_time_seconds_count", 0) == told["jobs_completed_total"]


@pytest.mark.spec("G2")
def test_figures_agree_with_what_happened(product: Product, tmp_path: Path, health_port: int, wide_file: Path) -> None:
    """Fifty jobs, completed, failed and cancelled, with a model that is down: the sums are those of the records."""
    assert eventually(lambda: _all_told(figures(product)))
    before = figures(product)
    good, bad = EXAMPLES / "sales_demo.csv", tmp_path / "bad.csv"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    cancelled = [product.upload(wide_file) for _ in range(8)]
    for job_id in cancelled:
        product.http.post("/api/cancel", params={"jobId": job_id})
    others = [product.upload(good) for _ in range(30)] + [product.upload(bad) for _ in range(12)]

    ended = Counter(product.finish(job_id)["status"] for job_id in [*cancelled, *others])

    assert eventually(lambda: figures(product)["jobs_failed_total"] - before["jobs_failed_total"] == ended["failed"])
    assert eventually(lambda: figures(product)["running_jobs"] == 0)
    after = figures(product)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    assert sum(ended.values()) == 50
    assert ended["failed"] == 12
    assert grown["jobs_received_total"] == 50
    assert {status: grown[f"jobs_{status}_total"] for status in FINAL} == {status: ended[status] for status in FINAL}
    assert eventually(
        lambda: (
            figures(product)["avg_processing_time_seconds_count"] - before["avg_processing_time_seconds_count"]
            == ended["completed"]
        )
    )
    assert figures(product)["fallback_rate"] == 1
    assert figures(product)["breaker_state"] == 2
    assert figures(product)["llm_failures_total"] == figures(product)["llm_calls_total"] >= 5
    assert figures(product)["schema_pass_rate"] == 1
    assert (after["queue_depth"], after["redis_up"]) == (0, 1)
    own = httpx.get(f"http://127.0.0.1:{health_port}/metrics").text
    assert 0 < _sample(own, "jobs_completed_total") <= after["jobs_completed_total"]
    assert eventually(lambda: snapshot(product)["jobs_completed_total"] == after["jobs_completed_total"])
    assert snapshot(product)["avg_processing_time_seconds"]["p95"] > 0


@pytest.mark.spec("G3")
def test_worker_offers_its_own_health(product: Product, health_port: int) -> None:
    """One of the two workers has the port; the other was not given one, so nobody complains."""
    health = httpx.get(f"http://127.0.0.1:{health_port}/health")

    assert (health.status_code, health.json()["status"]) == (200, "ok")
    assert "no health port" not in product.log.read_text()


@pytest.mark.spec("G1")
def test_lines_of_children_are_passed_on_at_once(product: Product) -> None:
    """What a worker says stands in the output of `up` while it runs, not when it ends."""
    job_id = product.upload(EXAMPLES / "sales_demo.csv")

    assert eventually(lambda: bool(lines_of(product, job_id)))
    assert product.process.poll() is None


def _sample(text: str, name: str) -> float:
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name} "))


@pytest.mark.spec("I3")
def test_smoke_test_finds_the_model_that_is_down(product: Product) -> None:
    """Of all steps only that of the language model fails: the job completes, and its result says what was missing."""
    tried = run("smoke", product.address, folder=product.folder)

    steps = {line[9:31].strip(): line.split()[0] for line in tried.stdout.splitlines()[:-1]}
    assert tried.returncode == 1, tried.stdout
    assert {name for name, status in steps.items() if status == "failed"} == {"language model"}, tried.stdout
    assert steps["upload and process"] == steps["cancel"] == steps["timeout"] == "passed"
    (report,) = (product.folder / "reports").glob("smoke_*.json")
    assert json.loads(report.read_text())["status"] == "failed"
