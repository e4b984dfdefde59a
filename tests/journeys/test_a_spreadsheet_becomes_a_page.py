"""The first journey: a file is uploaded to a freshly started product, and what comes back can be checked."""

import json
from pathlib import Path

import jsonschema
import pytest
from tests.journeys.product import EXAMPLES, ROOT, Product, run

SAMPLES = sorted(path.name for path in EXAMPLES.iterdir() if path.suffix != ".md")


@pytest.mark.spec("A1", "D2", "A5")
def test_upload_ends_in_a_result(product: Product) -> None:
    """A form with one file is answered with a job, the job ends completed, and everything lies where it should."""
    file = EXAMPLES / "sales_demo.csv"

    job_id = product.upload(file)
    record = product.finish(job_id)
    (upload,) = product.stored(f"uploads/{job_id}").iterdir()
    report = product.stored(f"results/{job_id}.json").read_text(encoding="utf-8")

    assert (record["status"], record["progress"], record["filename"]) == ("completed", 100, "sales_demo.csv")
    assert product.job(job_id) == record
    assert upload.read_bytes() == file.read_bytes()
    assert product.http.get(record["resultUrl"]).json() == json.loads(report)


@pytest.mark.spec("B1", "A2", "I7")
@pytest.mark.parametrize("name", SAMPLES)
def test_result_has_the_published_shape(product: Product, name: str) -> None:
    """Every sample's result validates against docs/result.schema.json, down to its last key."""
    schema = json.loads((ROOT / "docs" / "result.schema.json").read_text(encoding="utf-8"))

    report = product.analyse(EXAMPLES / name)

    jsonschema.Draft202012Validator(schema).validate(report)
    assert report["fileInfo"]["name"] == name
    assert len(report["chartSpecs"]) >= 1
    assert 3 <= len(report["insights"]["businessSummary"]) <= 5
    assert len(json.dumps(report)) <= 2_000_000


@pytest.mark.spec("C5")
@pytest.mark.parametrize("name", SAMPLES)
def test_every_published_number_is_recomputed(product: Product, name: str, tmp_path: Path) -> None:
    """`datapilot verify` reads the file again, computes every number again, and finds all of them equal."""
    result = tmp_path / "result.json"
    result.write_text(json.dumps(product.analyse(EXAMPLES / name)), encoding="utf-8")

    verified = run("verify", result, EXAMPLES / name, folder=tmp_path)

    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.spec("C5")
def test_a_changed_number_is_found(product: Product, tmp_path: Path) -> None:
    """The same check says no when a single digit of the result was altered."""
    report = product.analyse(EXAMPLES / "sales_demo.csv")
    report["kpis"]["rowCount"] += 1
    result = tmp_path / "result.json"
    result.write_text(json.dumps(report), encoding="utf-8")

    verified = run("verify", result, EXAMPLES / "sales_demo.csv", folder=tmp_path)

    assert verified.returncode == 1
    assert "rowCount" in verified.stdout + verified.stderr or "1,547" in verified.stdout + verified.stderr


@pytest.mark.spec("D1", "D9")
def test_a_server_of_our_own_is_used_when_none_is_named(product: Product) -> None:
    """One command, no installation: queue, store and worker are well, and the worker gives signs of life."""
    health = product.http.get("/api/health").json()

    assert health["status"] == "ok"
    assert {part: state["status"] for part, state in health["components"].items()} == {
        "redis": "ok",
        "blob": "ok",
        "worker": "ok",
    }
    assert health["components"]["worker"]["details"]["lastHeartbeat"]


@pytest.mark.spec("D5", "A4")
def test_bad_file_leaves_a_report_of_its_failure(product: Product, tmp_path: Path) -> None:
    """A file that is no table fails with a code and a sentence, in the record and in storage, and no result."""
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)

    record = product.finish(product.upload(picture))
    report = json.loads(product.stored(f"results/{record['jobId']}_error.json").read_text())

    assert record["status"] == "failed"
    assert report == {
        "jobId": record["jobId"],
        "status": "failed",
        "error": record["error"],
        "message": record["errorMessage"],
        "timestamp": report["timestamp"],
    }
    assert record["error"] in {"not_a_table", "unsupported_format"}
    assert product.http.get("/api/result", params={"jobId": record["jobId"]}).status_code == 409
