"""How soon a cancelled job's process is gone, by how much a job's time and memory are overrun."""

import asyncio
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.system_processes import is_alive

from benchmarks.soak.fleet import Fleet, running_fleet
from benchmarks.soak.kills import percentile

TRIES = 20
MEMORY_TRIES = 4
TIMEOUT_S = 1.5
MEMORY_BYTES = 512 << 20
CANCEL_S, OVERSHOOT_S, OVERSHOOT_SHARE = 0.1, 0.2, 0.05  # targets: p95, p95, every one


@dataclass(frozen=True)
class Outcome:
    """Seconds from a cancel, and from `timeoutAt`, to the process's end; peak memory over the limit, as a share."""

    cancel_s: list[float]
    overshoot_s: list[float]
    memory_share: dict[str, list[float]]

    @property
    def is_good(self) -> bool:
        """Say whether every target was met."""
        return (
            percentile(self.cancel_s, 0.95) <= CANCEL_S
            and percentile(self.overshoot_s, 0.95) <= OVERSHOOT_S
            and all(share <= OVERSHOOT_SHARE for shares in self.memory_share.values() for share in shares)
        )

    def lines(self) -> list[str]:
        """Return what to print."""
        memory = [
            f"memory over the limit of {MEMORY_BYTES >> 20} MiB, {name}: at most {max(shares) * 100:.1f} %"
            f" (n={len(shares)}, target 5 %)"
            for name, shares in self.memory_share.items()
        ]
        return [
            f"cancel until the process is gone: {_spread(self.cancel_s)}, target p95 100 ms)",
            f"timeout overrun until the process is gone: {_spread(self.overshoot_s)}, target p95 200 ms)",
            *memory,
        ]


def _spread(seconds: list[float]) -> str:
    p50, p95 = (percentile(seconds, share) * 1000 for share in (0.5, 0.95))
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms (n={len(seconds)}"


def run() -> Outcome:
    """Measure all three."""
    return asyncio.run(_run())


async def _run() -> Outcome:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        async with running_fleet(folder / "a", workers=1, slots=2, target="spin", lease_s=15) as fleet:
            cancel_s = [await _cancel(fleet, f"job_c{number}") for number in range(TRIES)]
            overshoot_s = [await _overrun(fleet, f"job_t{number}") for number in range(TRIES)]
        memory_share = {}
        for name, target in (("Python", "hog"), ("engine", "hog_in_engine")):
            fleet_of = running_fleet(
                folder / target, workers=1, slots=1, target=target, lease_s=15, memory_bytes=MEMORY_BYTES
            )
            async with fleet_of as fleet:
                memory_share[name] = [await _over(fleet, f"job_m{number}") for number in range(MEMORY_TRIES)]
    return Outcome(cancel_s, overshoot_s, memory_share)


async def _cancel(fleet: Fleet, job_id: str) -> float:
    await fleet.submit(job_id, "")
    pid = await _pid(fleet, job_id)
    begun = time.perf_counter()
    await fleet.jobs.cancel(job_id)
    await _until(lambda: not is_alive(pid))
    return time.perf_counter() - begun


async def _overrun(fleet: Fleet, job_id: str) -> float:
    job = await fleet.submit(job_id, "", timeout_s=TIMEOUT_S)
    pid = await _pid(fleet, job_id)
    await _until(lambda: not is_alive(pid))
    return time.time() - datetime.fromisoformat(job.timeout_at).timestamp()


async def _over(fleet: Fleet, job_id: str) -> float:
    await fleet.submit(job_id, "")
    await _until(lambda: bool(fleet.children()))
    pid = next(iter(fleet.children()))
    peak = 0
    while is_alive(pid):
        peak = max(peak, _peak_bytes(pid))
        await asyncio.sleep(0.001)
    async for job in fleet.jobs.watch(job_id):
        last = job
    if last.error != "memory_limit_exceeded":
        raise AssertionError(f"{job_id} ended as {last.status}, {last.error}")
    return peak / MEMORY_BYTES - 1


async def _pid(fleet: Fleet, job_id: str) -> int:
    async for job in fleet.jobs.watch(job_id):
        if job.detail.isdigit():
            return int(job.detail)
    raise AssertionError(f"{job_id} ended before it began")


def _peak_bytes(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


async def _until(holds: Callable[[], bool], within_s: float = 60) -> None:
    async with asyncio.timeout(within_s):
        while not holds():
            await asyncio.sleep(0.001)
