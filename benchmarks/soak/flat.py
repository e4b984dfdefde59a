"""What a worker and the queue server have gathered after very many jobs that do nothing."""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.soak.fleet import Fleet, running_fleet

WARM_SHARE = 0.2  # of the jobs: caches fill in the beginning, and what grows after them is a leak
ALLOWED_BYTES = 16 << 20
PAGE_BYTES = 4096
# Keys that live for ever, and who owns them: docket's stream and side keys; the lists and the totals of the jobs.
OWNED = ("data_jobs", "jobs:waiting", "jobs:running", "jobs:recent", "jobs:totals", "access:keys")


@dataclass(frozen=True)
class Outcome:
    """Memory of the worker in bytes after the warm share and at the end; keys other than the jobs' own records at the
    same two moments; keys that neither end by themselves nor have an owner."""

    jobs: int
    memory: tuple[int, int]
    keys: tuple[int, int]
    stray: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Say whether nothing grew."""
        return self.memory[1] - self.memory[0] <= ALLOWED_BYTES and self.keys[1] <= self.keys[0] and not self.stray

    def lines(self) -> list[str]:
        """Return what to print."""
        first, last = (held / 2**20 for held in self.memory)
        return [
            f"{self.jobs:,} jobs by one worker, from the first fifth to the end:",
            f"  memory {first:.1f} -> {last:.1f} MiB (allowed +{ALLOWED_BYTES >> 20})",
            f"  keys beside the jobs' records {self.keys[0]} -> {self.keys[1]}",
            f"  keys without lifetime or owner: {', '.join(self.stray) or 'none'}",
        ]


def run(jobs: int) -> Outcome:
    """Do so many jobs and compare."""
    with tempfile.TemporaryDirectory() as temporary:
        return asyncio.run(_run(jobs, Path(temporary)))


async def _run(jobs: int, folder: Path) -> Outcome:
    warm = round(jobs * WARM_SHARE)
    async with running_fleet(folder, workers=1, slots=4, target="nap", lease_s=15) as fleet:
        await _do(fleet, range(warm))
        memory, keys = _resident_bytes(fleet), len(await _keys(fleet))
        await _do(fleet, range(warm, jobs))
        redis = fleet.jobs._redis
        stray = [key for key in await _keys(fleet) if await redis.ttl(key) == -1 and not _is_owned(key)]
        records = [f"job:job_{number:06d}" for number in range(jobs)]
        stray += [key for key in records[:: max(1, jobs // 50)] if await redis.ttl(key) < 0]
        return Outcome(
            jobs, (memory, _resident_bytes(fleet)), (keys, len(await _keys(fleet))), tuple(sorted(stray)[:10])
        )


async def _do(fleet: Fleet, numbers: range) -> None:
    for number in numbers:
        await fleet.submit(f"job_{number:06d}", "0")
    async with asyncio.timeout(1800):
        while (stats := await fleet.jobs.stats()).waiting + stats.running:
            await asyncio.sleep(0.1)
        while await fleet.jobs._redis.xlen("data_jobs"):
            await asyncio.sleep(0.1)


async def _keys(fleet: Fleet) -> list[str]:
    return [key async for key in fleet.jobs._redis.scan_iter() if not key.startswith("job:")]


def _is_owned(key: str) -> bool:
    return any(key == owned or key.startswith(f"{owned}:") for owned in OWNED)


def _resident_bytes(fleet: Fleet) -> int:
    return int(Path(f"/proc/{fleet.workers[0].pid}/statm").read_text().split()[1]) * PAGE_BYTES
