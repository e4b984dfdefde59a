"""The fourth journey: workers are killed, jobs cancelled, time runs out, the product is stopped. Nothing is lost and
nothing is left over."""

import json
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.journeys.product import EXAMPLES, FINAL, Product, eventually, running
from tests.system_processes import is_alive

SOON_S = 10.0  # for what takes a tenth of a second on a machine that has nothing else to do


def is_at_work(record: dict[str, Any]) -> bool:
    assert record["status"] not in FINAL, f"the file is not slow enough for this test: {record}"
    return bool(record["status"] == "processing")


@pytest.mark.spec("D10", "D1")
def test_job_of_a_killed_worker_is_completed_by_another(product: Product, wide_file: Path) -> None:
    """kill -9 of the worker while it works: the job is run again, by a worker that `up` has started anew."""
    job_id = product.upload(wide_file)
    product.wait(job_id, is_at_work)
    killed = product.workers()

    for worker in killed:
        os.kill(worker, signal.SIGKILL)
    record = product.finish(job_id)

    assert (record["status"], record["attempt"]) == ("completed", 2), record
    assert not set(killed) & set(product.workers())
    assert product.result(job_id)["fileInfo"]["name"] == "wide.csv"


@pytest.mark.spec("D10")
def test_killed_api_refuses_nobody(product: Product) -> None:
    """Its address stays open while it is started again: who calls in between waits for a moment and is answered."""
    killed = product.api()

    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: not is_alive(killed))
    answer = httpx.get(f"http://127.0.0.1:{product.port}/api/health", timeout=60)

    assert answer.status_code == 200
    assert product.api() != killed


@pytest.mark.spec("D3")
def test_cancelled_job_stops_at_once_and_leaves_no_result(product: Product, wide_file: Path) -> None:
    """Cancel is answered at once, the process that did the work is gone within a second, and there is no result."""
    job_id = product.upload(wide_file)
    product.wait(job_id, is_at_work)
    at_work = busy_children(product)

    answer = product.http.post("/api/cancel", params={"jobId": job_id})
    again = product.http.post("/api/cancel", json={"jobId": job_id})

    assert answer.status_code == again.status_code == 200
    assert answer.json() == again.json()
    assert answer.json() == {"jobId": job_id, "status": "cancelled", "cancelledAt": product.job(job_id)["cancelledAt"]}
    assert eventually(lambda: not any(map(is_alive, at_work)), seconds=SOON_S)
    assert not product.stored(f"results/{job_id}.json").exists()
    assert product.http.get("/api/result", params={"jobId": job_id}).status_code == 409


@pytest.mark.spec("D3")
def test_what_has_ended_cannot_be_cancelled(product: Product) -> None:
    """A completed job is 409, an unknown one 404."""
    job_id = product.upload(EXAMPLES / "umsatz_filialen.csv")
    product.finish(job_id)

    finished = product.http.post("/api/cancel", params={"jobId": job_id})
    unknown = product.http.post("/api/cancel", params={"jobId": "job_0000"})

    assert (finished.status_code, finished.json()["code"]) == (409, "job_finished")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_job")


@pytest.mark.spec("D4", "D5")
def test_job_that_takes_too_long_is_really_stopped(product: Product, wide_file: Path) -> None:
    """When its time is over the job has failed, its process is gone, and the report says `timeout`."""
    job_id = product.upload(wide_file, timeoutSeconds="5")
    product.wait(job_id, is_at_work)
    at_work = busy_children(product)
    for pid in at_work:  # however fast the machine is, this takes too long
        os.kill(pid, signal.SIGSTOP)

    record = product.finish(job_id)
    report = json.loads(product.stored(f"results/{job_id}_error.json").read_text(encoding="utf-8"))

    assert (record["status"], record["error"], report["error"]) == ("failed", "timeout", "timeout")
    assert eventually(lambda: not any(map(is_alive, at_work)), seconds=SOON_S)
    assert not product.stored(f"results/{job_id}.json").exists()


@pytest.mark.spec("D6", "D5")
def test_stopping_the_product_ends_its_jobs_and_leaves_no_process(tmp_path: Path, wide_file: Path) -> None:
    """SIGTERM: the running job has failed with `worker_shutdown`, the exit is clean, no child is left; and after the
    next start the record still says so."""
    with running(tmp_path / "home") as product:
        job_id = product.upload(wide_file)
        product.wait(job_id, is_at_work)
        family = product.family()

        status = product.stop()

        report = json.loads(product.stored(f"results/{job_id}_error.json").read_text(encoding="utf-8"))
        assert status == 0, product.said()
        assert report["error"] == "worker_shutdown"
        assert eventually(lambda: not any(map(is_alive, family)))

    with running(tmp_path / "home") as product:
        record = product.job(job_id)

    assert (record["status"], record["error"]) == ("failed", "worker_shutdown")


@pytest.mark.spec("D10")
def test_accepted_jobs_survive_a_restart(tmp_path: Path) -> None:
    """Jobs that wait when everything is killed at once are done after the next start."""
    with running(tmp_path / "home") as product:
        jobs = [product.upload(EXAMPLES / "sales_demo.csv") for _ in range(6)]
        for pid in [product.process.pid, *product.family()]:
            os.kill(pid, signal.SIGKILL)

    with running(tmp_path / "home") as product:
        records = [product.finish(job_id) for job_id in jobs]

    assert {record["status"] for record in records} == {"completed"}


def busy_children(product: Product) -> list[int]:
    """Return the processes that do the work, once there are any."""
    assert eventually(lambda: bool(product.at_work()))
    return product.at_work()


@pytest.mark.spec("D10", "I5")
def test_restored_backup_goes_on(tmp_path: Path) -> None:
    """The runbook's backup, unpacked in another folder: its jobs are as they were, and what is sent now is analysed."""
    first, second, kept = tmp_path / "first", tmp_path / "second", ("tmp_uploads", "data")
    with running(first) as product:
        done = product.upload(EXAMPLES / "sales_demo.csv")
        product.finish(done)
        result = product.result(done)
    for name in kept:
        shutil.copytree(first / name, second / name, ignore=shutil.ignore_patterns("*.sock"))

    with running(second) as product:
        restored = product.result(done)
        fresh = product.finish(product.upload(EXAMPLES / "umsatz_filialen.csv"))

    assert restored == result
    assert fresh["status"] == "completed"
