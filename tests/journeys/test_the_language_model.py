"""The fourth journey: a provider on a real socket, asked by real workers. Whatever it does, the job is completed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.actions.test_explain import OUTCOMES
from tests.free_port import free_port
from tests.insights.reports import FIRST, HEADER, LAST, NOTES, REGIONS, rows
from tests.journeys.product import Product, eventually, run, running
from tests.llm.serving import Provider

from datapilot.actions.explain import RULES_SPEAK
from datapilot.llm.scripted_server import FAULTS, PAYLOAD, Fault

BUDGET_S = 12.0
CANARIES = (*FIRST, *LAST, *NOTES, *REGIONS)


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The provider of all tests of this file."""
    started = Provider()
    yield started
    started.close()


@pytest.fixture(scope="module")
def asking(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with settings that name the provider, and a breaker that these many faults do not open."""
    settings = {
        "LLM_BASE_URL": provider.address,
        "LLM_MODEL": "some/model",
        "OPENROUTER_API_KEY": "sk-very-secret",
        "LLM_TIMEOUT_SECONDS": "1.5",
        "LLM_BUDGET_SECONDS": str(BUDGET_S),
        "LLM_CIRCUIT_THRESHOLD": "1000",
        "RETRY_INITIAL_DELAY": "0.05",
        "WORKERS": "1",
    }
    with running(tmp_path_factory.mktemp("asking"), **settings) as started:
        yield started


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table full of names, addresses and numbers of people, none of which occurs anywhere else."""
    path = tmp_path_factory.mktemp("table") / "sales.csv"
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in [HEADER, *rows()]), encoding="utf-8")
    return path


def codes(result: dict[str, Any]) -> list[str]:
    return [issue["code"] for issue in result["issues"]]


def spent_on_the_model(asking: Product, job_id: str) -> float:
    """Return the seconds that the worker's log says the model took."""
    lines = [json.loads(line) for line in asking.log.read_text(encoding="utf-8").splitlines() if "LLM done" in line]
    return next(line["duration_ms"] / 1000 for line in lines if line["jobId"] == job_id)


@pytest.mark.spec("C1", "C2", "C4")
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_ends_in_a_completed_job(fault: Fault, asking: Product, provider: Provider, table: Path) -> None:
    """Upload, worker, socket: completed, with the issue that the documents promise, within the budget; and the
    ledger shows byte for byte what the provider received."""
    provider.serve(fault)

    job_id = asking.upload(table)
    record = asking.finish(job_id)
    result = asking.result(job_id)
    ledger = asking.http.get(f"/api/jobs/{job_id}/outbound").json()

    assert record["status"] == "completed"
    assert set(result["insights"]) == {"analystInsights", "businessSummary", "visualActions", "metadata"}
    if OUTCOMES[fault] == "used":
        assert result["insights"]["metadata"]["source"] == "llm"
        assert result["insights"]["metadata"]["model"] == "some/model"
        assert len(result["insights"]["metadata"]["fewShotIds"]) == 3
    else:
        assert codes(result) == [OUTCOMES[fault]]
        assert result["issues"][0]["message"].endswith(RULES_SPEAK)
        assert result["insights"]["metadata"]["source"] == "rules"
    assert spent_on_the_model(asking, job_id) < BUDGET_S
    assert PAYLOAD not in json.dumps(result)
    assert "4,711" not in json.dumps(result)
    assert [request["body"].encode() for request in ledger["requests"]] == provider.app.bodies


@pytest.mark.spec("C2")
def test_caller_may_want_no_model(asking: Product, provider: Provider, table: Path) -> None:
    """`llm=off` sends nothing, and that is no issue."""
    provider.serve("none")

    result = asking.analyse(table, llm="off")

    assert result["insights"]["metadata"]["source"] == "rules"
    assert codes(result) == []
    assert provider.app.bodies == []


@pytest.mark.spec("C10", "C5")
def test_reprocess_after_an_outage(asking: Product, provider: Provider, table: Path, tmp_path: Path) -> None:
    """The model was down; later its words are fetched, by API and by command, and every number still verifies."""
    provider.serve("server_error")
    job_id = asking.upload(table)
    asking.finish(job_id)
    before = asking.result(job_id)
    provider.serve("none")

    answer = asking.http.post("/api/reprocess", json={"jobId": job_id})
    asking.finish(job_id)
    after = asking.result(job_id)
    told = run("reprocess", job_id, "--no-llm", folder=asking.folder)
    versions = asking.http.get(f"/api/jobs/{job_id}/versions").json()["versions"]

    assert answer.status_code == 202
    assert (codes(before), before["insights"]["metadata"]["source"]) == (["llm_server_error"], "rules")
    assert (codes(after), after["insights"]["metadata"]["source"]) == ([], "llm")
    assert {key: after[key] for key in after if key not in {"insights", "issues", "processedAt"}} == {
        key: before[key] for key in before if key not in {"insights", "issues", "processedAt"}
    }
    assert told.returncode == 0, told.stderr
    assert "made anew by the rules. The earlier result is version 2." in told.stdout
    assert asking.result(job_id)["insights"] == before["insights"]
    assert [(one["version"], one["source"]) for one in versions] == [(1, "rules"), (2, "llm")]
    assert json.loads(asking.stored(f"results/{job_id}.v1.json").read_text()) == before
    assert json.loads(asking.stored(f"results/{job_id}.v2.json").read_text()) == after

    (tmp_path / "after.json").write_text(json.dumps(after))
    verified = run("verify", tmp_path / "after.json", table, folder=tmp_path)
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.spec("C10")
def test_reprocess_of_what_cannot_be(asking: Product, provider: Provider, table: Path) -> None:
    """An unknown job is 404 over HTTP and one line on stderr; a running one is 409."""
    provider.serve("slow")
    job_id = asking.upload(table)  # the model keeps it waiting for some seconds

    running_one = asking.http.post("/api/reprocess", json={"jobId": job_id})
    unknown = asking.http.post("/api/reprocess", json={"jobId": "job_absent"})
    told = run("reprocess", "job_absent", folder=asking.folder)
    asking.finish(job_id)

    assert (running_one.status_code, running_one.json()["code"]) == (409, "job_running")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_job")
    assert told.returncode == 1
    assert told.stderr.startswith("error unknown_job: ")


@pytest.mark.spec("C8", "C9")
def test_canaries_in_a_whole_installation(asking: Product, provider: Provider, table: Path) -> None:
    """After all of the above: not one cell of the table in audit files, logs or ledgers, nor the key anywhere."""
    audits = list((asking.folder / "data" / "llm_logs").glob("llm_audit_*.jsonl"))
    ledgers = list(asking.stored("results").glob("*_outbound.json"))
    written = {path: path.read_text(encoding="utf-8") for path in (*audits, *ledgers, asking.log)}

    calls = [json.loads(line) for path in audits for line in written[path].splitlines()]

    cells = {cell for row in rows() for cell in row[:8]} | set(CANARIES)
    assert len(ledgers) >= len(FAULTS)
    assert len(calls) >= len(FAULTS)
    assert {key for call in calls for key in call} == {
        "timestamp", "job_id", "prompt_hash", "model", "duration_seconds", "validation_passed", "issue_count", "issues",
    }  # fmt: skip
    found = {(path.name, cell) for path, text in written.items() for cell in cells if cell in text}
    assert found == set()
    everything = "".join(
        path.read_text(encoding="utf-8", errors="replace") for path in asking.folder.rglob("*.json*") if path.is_file()
    )
    assert "sk-very-secret" not in everything + asking.log.read_text(encoding="utf-8")


@pytest.mark.spec("D8")
def test_breaker_is_shared_by_the_workers_of_an_installation(
    provider: Provider, table: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A dead provider, two workers: after the second failure no job asks it any more, and each says why."""
    settings = {"LLM_BASE_URL": provider.address, "LLM_RETRY_ATTEMPTS": "1", "LLM_CIRCUIT_THRESHOLD": "2"}
    provider.serve("server_error")

    with running(tmp_path_factory.mktemp("dead"), **settings) as product:
        jobs = [product.upload(table) for _ in range(8)]
        results = [product.result(job_id) for job_id in jobs if product.finish(job_id)["status"] == "completed"]

    assert len(results) == 8
    told = [codes(result) for result in results]
    assert {code for issues in told for code in issues} == {"llm_server_error", "llm_circuit_open"}
    assert 2 <= len(provider.app.bodies) == told.count(["llm_server_error"]) <= 2 + 4  # threshold and those in flight


@pytest.mark.spec("C7")
def test_canned_provider_is_labelled(table: Path, tmp_path: Path) -> None:
    """`LLM_MOCK=true`, on the command line: the result says mock, and its ledger is kept beside it."""
    printed = run("analyze", table, "--json", "-", folder=tmp_path, LLM_MOCK="true")
    quiet = run("analyze", table, "--json", "-", "--no-llm", folder=tmp_path, LLM_MOCK="true")

    result = json.loads(printed.stdout)
    ledger = json.loads((tmp_path / "tmp_uploads" / "results" / "local_outbound.json").read_text(encoding="utf-8"))
    assert (result["insights"]["metadata"]["source"], codes(result)) == ("mock", ["llm_mock"])
    assert [request["source"] for request in ledger["requests"]] == ["mock"]
    assert json.loads(quiet.stdout)["insights"]["metadata"]["source"] == "rules"


def test_scripted_provider_is_a_command(tmp_path: Path) -> None:
    """`python -m datapilot.llm.scripted_server`, as the documents have it, serves a demonstration."""
    import subprocess
    import sys

    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "datapilot.llm.scripted_server", "--port", str(port), "--fault", "fenced_thoughts"],
        cwd=tmp_path,
    )
    try:
        (tmp_path / "t.csv").write_text("day,sales\n" + "\n".join(f"2024-01-{d:02d},{d * 10}" for d in range(1, 29)))
        settings = {"LLM_BASE_URL": f"http://127.0.0.1:{port}/v1", "LLM_MODEL": "scripted-analyst"}
        results: list[dict[str, Any]] = []

        def answered() -> bool:
            printed = run("analyze", "t.csv", "--json", "-", folder=tmp_path, **settings)
            results.append(json.loads(printed.stdout))
            return codes(results[-1]) != ["llm_unreachable"]

        assert eventually(answered)
    finally:
        server.terminate()
        server.wait(10)
    assert results[-1]["insights"]["metadata"]["model"] == "scripted-analyst"
    assert codes(results[-1]) == []
