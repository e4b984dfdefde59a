"""The third journey: the layout of the compose file, run natively. An API and workers that share no folder, only one
Redis and one bucket. `python -m benchmarks.run fleet` is its long form."""

import asyncio
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
    """What waits is what autoscaling reads. Two workers take it up, one is killed in the middle, and every job is
    completed once, its result in the bucket; the cleaner of the same layout then finds them all."""
    for _ in range(JOBS):
        fleet.upload(EXAMPLES / "sales_demo.csv")
    waiting = fleet.figures()

    fleet.start("worker-1", "worker")
    fleet.start("worker-2", "worker")
    depths = [waiting["queue_depth"]]

    def has_worked(name: str) -> bool:
        depths.append(fleet.figures()["queue_depth"])
        return fleet.completed_by(name) > 0

    assert eventually(lambda: has_worked("worker-1") and has_worked("worker-2"), seconds=90), fleet.log("worker-2")
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
    cleaned = subprocess.run(
        [PROGRAM, *fleet.command("cleaner")],
        cwd=fleet.folder,
        env=fleet.environment("cleaner"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert cleaned.returncode == 0, cleaned.stderr
    assert f'"totalKeysScanned": {JOBS}' in cleaned.stdout
    assert len(asyncio.run(_keys(s3_server, "maintenance/cleaner_runs/"))) == 1


async def _keys(server: S3Server, prefix: str) -> set[str]:
    return {stored.key async for stored in server.storage().list(prefix)}
