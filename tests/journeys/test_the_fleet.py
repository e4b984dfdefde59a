"""The third journey: the layout of the compose file, run natively. An API and workers that share no folder, only one
Redis and one bucket. `python -m benchmarks.run fleet` is its long form."""

import asyncio
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.layout import Layout
from tests.journeys.product import EXAMPLES, PROGRAM, eventually
from tests.storage.conftest import s3_server  # noqa: F401  # a fixture of theirs
from tests.storage.seaweed import S3Server

JOBS = 24


@pytest.fixture
def fleet(tmp_path: Path, redis_url: str, s3_server: S3Server) -> Iterator[Layout]:  # noqa: F811
    """An API on that Redis and that bucket, without workers."""
    one = Layout(tmp_path, redis_url, s3_server)
    try:
        one.start_api()
        yield one
    finally:
        one.end()


@pytest.mark.spec("I1", "D10")
def test_workers_without_a_common_folder_share_the_jobs(fleet: Layout, s3_server: S3Server) -> None:  # noqa: F811
    """What waits is what autoscaling reads. Two workers take it up, the first being slow; the second is killed in the
    middle, and every job is completed once, its result in the bucket; the cleaner of the same layout then finds them
    all."""
    for _ in range(JOBS):
        fleet.upload(EXAMPLES / "sales_demo.csv")
    waiting = fleet.figures()

    depths = [waiting["queue_depth"]]

    def has_worked(name: str) -> bool:
        depths.append(fleet.figures()["queue_depth"])
        return fleet.completed_by(name) > 0

    fleet.start("worker-1", "worker")
    assert eventually(lambda: has_worked("worker-1"), seconds=120), fleet.log("worker-1")
    fleet.processes["worker-1"].send_signal(signal.SIGSTOP)  # or there may be nothing left once the second has started
    fleet.start("worker-2", "worker")
    assert eventually(lambda: has_worked("worker-2"), seconds=120), fleet.log("worker-2")
    fleet.processes["worker-1"].send_signal(signal.SIGCONT)
    fleet.kill("worker-2")

    def is_over() -> bool:
        figures = fleet.figures()
        depths.append(figures["queue_depth"])
        return figures["queue_depth"] + figures["running_jobs"] == 0

    assert eventually(is_over, seconds=120), fleet.jobs()
    jobs = fleet.jobs()
    assert (waiting["queue_depth"], waiting["running_jobs"]) == (JOBS, 0)
    assert depths == sorted(depths, reverse=True), "what waits only becomes less"
    assert Counter(job["status"] for job in jobs) == {"completed": JOBS}
    assert fleet.figures()["jobs_completed_total"] - waiting["jobs_completed_total"] == JOBS
    results = asyncio.run(_keys(s3_server, "results/"))
    assert {f"results/{job['jobId']}.json" for job in jobs} <= results
    cleaned = elsewhere(fleet, *fleet.command("cleaner"))
    assert f'"totalKeysScanned": {JOBS}' in cleaned
    assert len(asyncio.run(_keys(s3_server, "maintenance/cleaner_runs/"))) == 1


@pytest.mark.spec("I1", "E1")
def test_what_is_said_to_one_machine_every_other_knows(fleet: Layout) -> None:
    """A judgement outlives the API that took it, and is exported from another machine."""
    fleet.start("worker-1", "worker")
    job_id = fleet.upload(EXAMPLES / "sales_demo.csv")
    assert eventually(lambda: fleet.completed_by("worker-1") > 0, seconds=120), fleet.log("worker-1")
    report = fleet.http.get("/api/result", params={"jobId": job_id}).json()
    insight_id = report["insights"]["analystInsights"][0]["id"]

    said = {"jobId": job_id, "insightId": insight_id, "action": "approve", "score": 5}
    kept = fleet.http.post("/api/feedback", json=said)
    fleet.kill("api")
    shutil.rmtree(fleet.folder / "api")
    fleet.start_api()

    assert kept.status_code == 201, kept.text
    known = fleet.http.get(f"/api/jobs/{job_id}/feedback").json()["feedback"]
    assert [one["feedbackId"] for one in known] == [kept.json()["feedbackId"]]
    assert "1 records in" in elsewhere(fleet, "dataset", "export")


def elsewhere(fleet: Layout, *command: str) -> str:
    """Run a command of the layout in a folder of its own, and return what it printed."""
    ended = subprocess.run(
        [PROGRAM, *command],
        cwd=fleet.folder,
        env=fleet.environment("elsewhere"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


async def _keys(server: S3Server, prefix: str) -> set[str]:
    return {stored.key async for stored in server.storage().list(prefix)}
