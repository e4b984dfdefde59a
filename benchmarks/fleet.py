"""A fleet on one Redis and one bucket, no folder shared: what is lost when a worker is, and what a worker more brings.

The processes are those of the compose file, run natively. First 200 jobs are shared by two workers of which one is
killed in the middle; then fewer jobs, each with a language model that takes a second to answer, are done by more and
more workers. What autoscaling reads is compared with the records all the while. A broken promise ends the run.
"""

import asyncio
import json
import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import redis
from tests.journeys.layout import Layout, RedisServer, running_redis
from tests.journeys.product import EXAMPLES
from tests.llm.serving import Provider
from tests.storage.seaweed import S3Server, emptied, running_s3

from benchmarks.measured import Row

FILE = EXAMPLES / "sales_demo.csv"
JOBS = int(os.environ.get("FLEET_JOBS", "200"))
LOOK_S = 0.1
ANSWER_S = 1.0  # of the language model: while it thinks, the cores are free for others
CURVE = (1, 2, 3, 4, 6)
CURVE_JOBS = 30  # for each worker
LATE_S = 1200


class Broken(Exception):
    """A promise was not kept."""


def measure() -> list[Row]:
    """Return one row for the shared jobs, and one for each size of the fleet."""
    with tempfile.TemporaryDirectory(prefix="datapilot-bench-") as temporary:
        folder = Path(temporary)
        (folder / "redis").mkdir()
        (folder / "s3").mkdir()
        with running_redis(folder / "redis") as server, running_s3(folder / "s3") as s3:
            return [_shared(folder / "shared", server, s3), *_curve(folder / "curve", server, s3)]


def markdown(rows: list[Row]) -> str:
    """Return what was kept in a sentence, and the curve as a table."""
    shared, curve = rows[0], rows[1:]
    kept = (
        f"{shared['jobs']} jobs shared by two workers without a common folder ({shared['by_first']} and"
        f" {shared['by_second']}), the second killed in the middle: {shared['lost']} lost, {shared['run_again']} run"
        f" again, every result once in the bucket. The queue's depth was read {shared['depths_read']} times and was"
        f" wrong {shared['depths_wrong']} times."
    )
    lines = [
        kept,
        "",
        f"Jobs whose model takes {ANSWER_S:g} s to answer, two at a time in each worker:",
        "",
        "| workers | jobs a second | times one worker | cores busy |",
        "|---:|---:|---:|---:|",
        *(
            f"| {row['workers']} | {row['jobs_a_second']} | {row['times_one']} | {row['cores_busy_percent']} % |"
            for row in curve
        ),
    ]
    return "\n".join(lines)


def _shared(folder: Path, server: RedisServer, s3: S3Server) -> Row:
    with _layout(folder, server, s3) as fleet:
        depth = Depth(fleet, server)
        for number in range(JOBS):
            fleet.upload(FILE)
            if number % 10 == 9 and depth.look() != number + 1:
                raise Broken(f"{number + 1} jobs wait, and the queue says {depth.last}")
        fleet.start("worker-1", "worker")
        fleet.start("worker-2", "worker")

        _until(lambda: depth.look() <= JOBS * 2 // 3 and fleet.completed_by("worker-2") > 0)
        fleet.kill("worker-2")
        _until(lambda: depth.look() + fleet.figures()["running_jobs"] == 0)

        jobs = fleet.jobs()
        ended = Counter(str(job["status"]) for job in jobs)
        if ended != {"completed": JOBS}:
            raise Broken(f"of {JOBS} jobs {dict(ended)}")
        asyncio.run(_results_are_whole(s3, {str(job["jobId"]) for job in jobs}))
        if depth.wrong:
            raise Broken(f"the depth of the queue was wrong {depth.wrong} times")
        return {
            "jobs": JOBS,
            "by_first": fleet.completed_by("worker-1"),
            "by_second": fleet.completed_by("worker-2"),
            "lost": JOBS - ended["completed"],
            "run_again": sum(int(job["attempt"]) > 1 for job in jobs),
            "depths_read": depth.read,
            "depths_wrong": depth.wrong,
        }


def _curve(folder: Path, server: RedisServer, s3: S3Server) -> Iterator[Row]:
    """Yield the throughput of each size, between the first fifth and the last tenth of the jobs."""
    provider = Provider(slow_s=ANSWER_S)
    provider.serve("slow")
    one = 0.0
    try:
        for workers in CURVE:
            with _layout(folder / str(workers), server, s3, LLM_BASE_URL=provider.address) as fleet:
                jobs = CURVE_JOBS * workers
                mine = {fleet.upload(FILE) for _ in range(jobs)}
                for number in range(workers):
                    fleet.start(f"worker-{number}", "worker")
                with _watched_cores() as cores:
                    _until(lambda fleet=fleet: sum(fleet.figures()[n] for n in ("queue_depth", "running_jobs")) == 0)
                ended = sorted(_moment(job["updatedAt"]) for job in fleet.jobs() if job["jobId"] in mine)
                first, last = len(ended) // 5, len(ended) * 9 // 10
                rate = (last - first) / (ended[last] - ended[first])
                one = one or rate
                yield {
                    "workers": workers,
                    "jobs": jobs,
                    "jobs_a_second": round(rate, 2),
                    "times_one": round(rate / one, 2),
                    "cores_busy_percent": round(100 * cores.busy(ended[first], ended[last])),
                }
    finally:
        provider.close()


class Depth:
    """The depth of the queue as autoscaling reads it, beside the records themselves."""

    def __init__(self, fleet: Layout, server: RedisServer) -> None:
        self.read = self.wrong = 0
        self.last = 0.0
        self._fleet = fleet
        self._client = redis.Redis.from_url(server.url, decode_responses=True)

    def look(self) -> float:
        """Return it; it is wrong when it lies outside what the records said right before and right after."""
        before = self._waiting()
        self.last = self._fleet.figures()["queue_depth"]
        after = self._waiting()
        self.read += 1
        self.wrong += not min(before, after) <= self.last <= max(before, after)
        time.sleep(LOOK_S)
        return self.last

    def _waiting(self) -> int:
        keys = list(self._client.scan_iter("job:*", count=1000))
        with self._client.pipeline(transaction=True) as pipeline:
            for key in keys:
                pipeline.hget(key, "status")
            return pipeline.execute().count("submitted")


class Cores:
    """How busy the machine's cores were, whoever kept them so."""

    def __init__(self) -> None:
        self.looks: list[tuple[float, int, int]] = []

    def look(self) -> None:
        ticks = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        self.looks.append((time.time(), sum(ticks) - ticks[3] - ticks[4], sum(ticks)))

    def busy(self, start: float, end: float) -> float:
        """Return the share that was busy between two moments, 0-1."""
        (_, work, whole), (_, work_later, whole_later) = (
            min(self.looks, key=lambda look: abs(look[0] - moment)) for moment in (start, end)
        )
        return (work_later - work) / max(1, whole_later - whole)


@contextmanager
def _watched_cores() -> Iterator[Cores]:
    cores, over = Cores(), threading.Event()

    def watch() -> None:
        while not over.wait(LOOK_S):
            cores.look()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield cores
    finally:
        over.set()
        thread.join()


@contextmanager
def _layout(folder: Path, server: RedisServer, s3: S3Server, **settings: str) -> Iterator[Layout]:
    """Offer an API on an empty Redis and an empty bucket."""
    folder.mkdir(parents=True)
    emptied(s3)
    with redis.Redis.from_url(server.url) as client:
        client.flushall()
    fleet = Layout(folder, server.url, s3, **settings)
    try:
        fleet.start_api()
        yield fleet
    finally:
        fleet.end()


async def _results_are_whole(s3: S3Server, jobs: set[str]) -> None:
    """Raise Broken unless each job has its result in the bucket, once and under its name."""
    storage = s3.storage()
    kept = Counter([stored.key async for stored in storage.list("results/")])
    wanted = {f"results/{job}.json" for job in jobs}
    if {key for key in kept if key.endswith(".json")} != wanted or max(kept.values()) > 1:
        raise Broken(f"{len(wanted)} results are wanted, the bucket has {sorted(kept)[:5]} …")
    for job in jobs:
        told = json.loads(await storage.get(f"results/{job}.json"))
        if told["jobId"] != job or told["kpis"]["rowCount"] == 0:
            raise Broken(f"the result of {job} is not its own")


def _until(is_so: Callable[[], bool]) -> None:
    late = time.monotonic() + LATE_S
    while not is_so():
        if time.monotonic() > late:
            raise Broken(f"not over after {LATE_S} s")
        time.sleep(LOOK_S)


def _moment(text: object) -> float:
    return datetime.fromisoformat(str(text)).timestamp()
