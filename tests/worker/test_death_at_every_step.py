"""A worker is killed at every step of a job, one step after the other: nothing is lost, nothing is published twice."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import redis.asyncio
from benchmarks.soak import kills
from tests.worker.worker_process import ROOT, Setting, WorkerProcess

from datapilot.contracts.job import JobRequest
from datapilot.jobs.docket import DocketJobs
from datapilot.jobs.embedded import attach
from datapilot.storage.keys import result_key, upload_key
from datapilot.storage.local import local_storage

TARGET = "tests.worker.targets:succeed"
# Everything a worker does for a job, in order: on the record, in the store, and what it hears from the child.
STEPS = ("start", "local_path", "takes", "step", "report", "done", "state", "put_path", "finish")
POINTS = [f"{when} {step}" for step in STEPS for when in ("before", "after") if (when, step) != ("after", "done")]


@pytest.mark.slow
@pytest.mark.spec("D10")
async def test_worker_killed_at_any_step_loses_nothing(tmp_path: Path) -> None:
    """SIGKILL before and after each step; then a healthy worker completes every job, each with one result, and only
    a job whose end had been written before the death is not run again."""
    with attach(tmp_path) as server:
        storage = local_storage(tmp_path / "store")
        nursery = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs meanwhile
            [sys.executable, "-m", "tests.worker.dying_workers", server.url, str(tmp_path), TARGET],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        healthy = None
        try:
            async with DocketJobs(server.url) as jobs:
                ended, records = {}, {}
                for point in POINTS:
                    job_id = "job_" + point.replace(" ", "_")
                    key = upload_key(job_id, "sales.csv")
                    await storage.put_bytes(key, b"a,b\n1,2\n")
                    request = JobRequest(upload_key=key, bytes=8, timeout_s=600)
                    await jobs.submit(job_id, filename="sales.csv", request=request)
                    nursery.stdin.write(point + "\n")
                    nursery.stdin.flush()
                    async with asyncio.timeout(60):
                        told = json.loads(await asyncio.to_thread(_answer, nursery))
                    ended[point], records[point] = told["ended"], await jobs.get(job_id)

                assert ended == dict.fromkeys(POINTS, -9)
                survived = {point for point, job in records.items() if job.status == "completed"}
                assert survived == {"after finish"}

                healthy = WorkerProcess(
                    Setting(url=server.url, folder=str(tmp_path), target="succeed", slots=4, lease_s=4.0)
                )
                for point, before in records.items():
                    async with asyncio.timeout(60):
                        async for job in jobs.watch(before.job_id):
                            last = job
                    again = int(point != "after finish")
                    assert (last.status, last.attempt) == ("completed", before.attempt + again), point
                    result = json.loads(await storage.get(result_key(last.job_id)))
                    assert result["jobId"] == last.job_id
                async with redis.asyncio.from_url(server.url) as client:
                    async with asyncio.timeout(60):
                        while await client.xlen("data_jobs"):  # noqa: ASYNC110 - the server gives no event for it
                            await asyncio.sleep(0.05)
                leftovers = [stored.key async for stored in storage.list("results/")]
                assert len(leftovers) == len(POINTS)
        finally:
            nursery.stdin.close()
            nursery.kill()
            nursery.wait()
            nursery.stdout.close()
            if healthy:
                healthy.end()


def _answer(nursery: "subprocess.Popen[str]") -> str:
    assert nursery.stdout is not None
    return next(line for line in nursery.stdout if '"point"' in line)


@pytest.mark.slow
@pytest.mark.spec("D10")
def test_short_soak_keeps_every_promise(tmp_path: Path) -> None:
    """The short form of `make soak`: workers, children and the server are killed under load; every job is completed
    once, and the children of the dead are gone with them."""
    plan = kills.Plan(
        jobs=80, worker_kills=3, server_kills=1, child_kills=2, workers=3, slots=2, lease_s=2, nap_s=0.15, seed=7,
        orphan_s=5,
    )  # fmt: skip

    outcome = kills.run(plan, folder=tmp_path)

    assert sum(outcome.kills.values()) > 0
    assert (outcome.lost, outcome.failed, outcome.published_twice) == (0, 0, 0), outcome
    assert (outcome.without_result, outcome.left_in_queue, outcome.orphans) == (0, 0, 0), outcome


def test_recovery_is_counted_from_the_kill_to_the_next_attempt() -> None:
    """An attempt that had ended before the kill waits for nothing; one that another worker takes over did wait."""
    event = kills.Event
    audit = [
        event(1.0, 10, "job_a", 1, "started"), event(2.0, 10, "job_a", 1, "completed"),
        event(3.0, 10, "job_b", 1, "started"), event(8.0, 11, "job_b", 2, "started"),
    ]  # fmt: skip

    assert kills.recoveries(audit, {10: 4.0}) == [(4.0, "job_b")]
    assert kills.recoveries(audit, {11: 9.0}) == []


def test_recovery_begins_anew_when_who_took_over_is_killed() -> None:
    """A worker that took a dead one's job and died before it began has a lease of its own; one that lived has not."""
    event = kills.Event
    audit = [
        event(1.0, 10, "job_a", 1, "started"), event(20.0, 11, "job_a", 0, "claimed"),
        event(37.0, 12, "job_a", 0, "claimed"), event(37.5, 12, "job_a", 2, "started"),
    ]  # fmt: skip

    assert kills.recoveries(audit, {10: 4.0, 11: 20.5}) == [(17.0, "job_a")]
    assert kills.recoveries(audit, {10: 4.0}) == [(33.5, "job_a")]
    assert kills.recoveries(audit, {10: 4.0, 12: 50.0}) == [(33.5, "job_a")]


def test_percentiles_are_by_nearest_rank() -> None:
    """The value that at least this share of the values does not pass."""
    values = [float(number) for number in range(1, 21)]

    assert [kills.percentile(values, share) for share in (0.5, 0.95, 1.0)] == [10.0, 19.0, 20.0]
    assert kills.percentile([], 0.95) == 0.0
