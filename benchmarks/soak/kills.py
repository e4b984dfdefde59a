"""Many jobs while workers, children and the queue server are killed: how many were lost, how many published twice."""

import asyncio
import math
import os
import random
import signal
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.soak.fleet import Event, Fleet, is_alive, running_fleet
from datapilot.storage.keys import result_key

SUBMITTERS = 8
SPARE_S = 5.0  # recovery may take the lease and this


@dataclass(frozen=True)
class Plan:
    """What is to be done to how many jobs."""

    jobs: int = 1000
    worker_kills: int = 20
    server_kills: int = 2
    child_kills: int = 10
    workers: int = 3
    slots: int = 2
    lease_s: float = 15.0
    nap_s: float = 0.2
    seed: int = 1


@dataclass(frozen=True)
class Outcome:
    """What came of it. `recovery_s` is, for each attempt whose worker was killed, how long its job waited for the next
    one; times are seconds."""

    plan: Plan
    kills: Counter[str]
    lost: int
    failed: int
    published_twice: int
    without_result: int
    left_in_queue: int
    orphans: int
    started_again: int
    recovery_s: list[float]
    seconds: float

    @property
    def is_good(self) -> bool:
        """Say whether every promise was kept."""
        late = [one for one in self.recovery_s if one > self.plan.lease_s + SPARE_S]
        faults = (self.lost, self.failed, self.published_twice, self.without_result, self.left_in_queue, self.orphans)
        return not any(faults) and not late

    def lines(self) -> list[str]:
        """Return what to print."""
        plan, kills = self.plan, self.kills
        longest = max(self.recovery_s, default=0.0)
        return [
            f"seed {plan.seed}: {plan.jobs:,} jobs in {self.seconds:.0f} s; killed: {kills['worker']} workers,"
            f" {kills['child']} children, {kills['server']} times the server",
            f"  lost {self.lost}, failed {self.failed}, published twice {self.published_twice},"
            f" completed without a result {self.without_result}",
            f"  queue entries left {self.left_in_queue}, orphans after 1 s {self.orphans},"
            f" attempts begun again {self.started_again}",
            f"  longest recovery of a killed worker's job {longest:.1f} s"
            f" (promised: lease {plan.lease_s:g} s + {SPARE_S:g} s)",
        ]


def run(plan: Plan, *, folder: Path | None = None) -> Outcome:
    """Carry the plan out below a folder (by default a temporary one)."""
    with tempfile.TemporaryDirectory() as temporary:
        return asyncio.run(_run(plan, folder or Path(temporary)))


async def _run(plan: Plan, folder: Path) -> Outcome:
    ids = [f"job_{number:06d}" for number in range(plan.jobs)]
    begun = time.monotonic()
    fleet_of = running_fleet(folder, workers=plan.workers, slots=plan.slots, target="nap", lease_s=plan.lease_s)
    async with fleet_of as fleet:
        killer = asyncio.create_task(_kill(plan, fleet))
        await _submit_all(ids, fleet, plan.nap_s)
        kills, killed, orphans = await killer
        await _until_ended(fleet)
        lost = failed = without_result = 0
        for job_id in ids:
            job = await fleet.jobs.get(job_id)
            lost += job.status in {"submitted", "processing"}
            failed += job.status == "failed"
            without_result += job.status == "completed" and not await fleet.storage.exists(result_key(job_id))
        entries = await fleet.jobs._redis.xlen("data_jobs")
        audit = fleet.audit()
    completed = Counter(job_id for job_id, _ in {(e.job_id, e.attempt) for e in audit if e.status == "completed"})
    return Outcome(
        plan=plan,
        kills=kills,
        lost=lost,
        failed=failed,
        published_twice=sum(times > 1 for times in completed.values()),
        without_result=without_result,
        left_in_queue=entries,
        orphans=orphans,
        started_again=sum(event.status == "started" and event.attempt > 1 for event in audit),
        recovery_s=recoveries(audit, killed),
        seconds=time.monotonic() - begun,
    )


async def _submit_all(ids: list[str], fleet: Fleet, nap_s: float) -> None:
    left = iter(ids)

    async def submitter() -> None:
        for job_id in left:
            await fleet.submit(job_id, str(nap_s))

    await asyncio.gather(*(submitter() for _ in range(SUBMITTERS)))


async def _kill(plan: Plan, fleet: Fleet) -> tuple[Counter[str], dict[int, float], int]:
    """Kill at moments spread over the run; return how often, when each worker was killed, and how many of their
    children lived a second longer."""
    chance = random.Random(plan.seed)
    kinds = ["worker"] * plan.worker_kills + ["server"] * plan.server_kills + ["child"] * plan.child_kills
    chance.shuffle(kinds)
    # Counted in jobs that were done: so the kills hit work under way, however fast the machine is.
    moments = sorted(chance.uniform(0.02, 0.85) * plan.jobs for _ in kinds)
    kills: Counter[str] = Counter()
    killed: dict[int, float] = {}
    checks = []
    for kind, moment in zip(kinds, moments, strict=True):
        while sum(event.status == "completed" for event in fleet.audit()) < moment:
            await asyncio.sleep(0.02)
        if kind == "server":
            await fleet.kill_server()
        else:
            children = await _at_work(fleet)
            if not children:
                break  # everything is done: there is nothing left to disturb
            child, worker = chance.choice(sorted(children.items()))
            with suppress(ProcessLookupError):
                os.kill(child if kind == "child" else worker, signal.SIGKILL)
            if kind == "worker":
                killed[worker] = time.time()
                mine = [child for child, its_worker in children.items() if its_worker == worker]
                checks.append(asyncio.create_task(_alive_after(mine, 1.0)))
        kills[kind] += 1
    return kills, killed, sum(await asyncio.gather(*checks))


async def _at_work(fleet: Fleet) -> dict[int, int]:
    """Return the children with their workers once two workers have some: only who works can lose work, and who works
    alone leaves nobody to take over before it is started again. {} when all jobs have ended."""
    while True:
        children = fleet.children()
        if len(set(children.values())) > 1:
            return children
        stats = await fleet.jobs.stats()
        if stats.waiting + stats.running == 0:
            return {}
        await asyncio.sleep(0.02)


async def _alive_after(pids: list[int], seconds: float) -> int:
    await asyncio.sleep(seconds)
    return sum(map(is_alive, pids))


async def _until_ended(fleet: Fleet, within_s: float = 600) -> None:
    async with asyncio.timeout(within_s):
        while True:
            stats = await fleet.jobs.stats()
            if stats.waiting + stats.running == 0:
                break
            await asyncio.sleep(0.1)
        while await fleet.jobs._redis.xlen("data_jobs"):  # the last jobs are done; their entries go a moment later
            await asyncio.sleep(0.1)


def recoveries(audit: list[Event], killed: dict[int, float]) -> list[float]:
    """Return, for each attempt that was under way in a worker when that was killed, the seconds until the next one.

    An attempt whose child had died before does not count: it queues up again behind the others. Should who took the
    job over be killed before it began, the seconds count from that death: there the lease begins anew.
    """
    by_job: dict[str, list[Event]] = defaultdict(list)
    for event in audit:
        by_job[event.job_id].append(event)
    waited = []
    for events in by_job.values():
        for position, event in enumerate(events):
            if event.status != "started" or event.pid not in killed:
                continue
            deaths = [killed[event.pid]]
            for later in events[position + 1 :]:
                if later.status != "claimed":
                    if later.pid != event.pid:
                        waited.append(later.at - max(death for death in deaths if death < later.at))
                    break
                deaths.append(killed.get(later.pid, 0.0))
    return sorted(waited)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which this share of the values lies, by nearest rank; 0 for none."""
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else 0.0
