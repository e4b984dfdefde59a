"""Many jobs while workers, children and the queue server are killed: how many were lost, how many published twice."""

import asyncio
import itertools
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

from tests.system_processes import is_alive

from benchmarks.soak.fleet import Event, Fleet, patiently, running_fleet
from datapilot.storage.keys import result_key

SUBMITTERS = 8
AHEAD = 50  # jobs that may be submitted beyond the moment of the next kill, so that every kill hits work under way
A_FEW = 10  # more, when these are done before two workers are at work again
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
    nap_s: float = 0.5
    orphan_s: float = 1.0  # a child that lives so long after its worker is an orphan
    seed: int = 1


@dataclass(frozen=True)
class Outcome:
    """What came of it. `recovery_s` is, for each attempt whose worker was killed, how long its job waited for the next
    one; times are seconds. `late` tells what happened to jobs that waited too long."""

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
    late: list[str]
    seconds: float

    @property
    def is_good(self) -> bool:
        """Say whether every kill was made and every promise kept."""
        faults = (self.lost, self.failed, self.published_twice, self.without_result, self.left_in_queue, self.orphans)
        planned = self.plan.worker_kills + self.plan.server_kills + self.plan.child_kills
        return not any(faults) and not self.late and self.kills.total() == planned

    def lines(self) -> list[str]:
        """Return what to print."""
        plan, kills = self.plan, self.kills
        longest = max(self.recovery_s, default=0.0)
        return [
            f"seed {plan.seed}: {plan.jobs:,} jobs in {self.seconds:.0f} s; killed: {kills['worker']} workers,"
            f" {kills['child']} children, {kills['server']} times the server",
            f"  lost {self.lost}, failed {self.failed}, published twice {self.published_twice},"
            f" completed without a result {self.without_result}",
            f"  queue entries left {self.left_in_queue}, orphans after {plan.orphan_s:g} s {self.orphans},"
            f" attempts begun again {self.started_again}",
            f"  longest recovery of a killed worker's job {longest:.1f} s"
            f" (promised: lease {plan.lease_s:g} s + {SPARE_S:g} s)",
            *(f"  late: {told}" for told in self.late),
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
        await fleet.all_ready()
        gate = _Gate(plan.jobs)
        killer = asyncio.create_task(_kill(plan, fleet, gate))
        await _submit_all(ids, fleet, plan.nap_s, gate)
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
    recovered = recoveries(audit, killed)
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
        recovery_s=[waited_s for waited_s, _ in recovered],
        late=[_life(job_id, audit, killed) for waited_s, job_id in recovered if waited_s > plan.lease_s + SPARE_S],
        seconds=time.monotonic() - begun,
    )


class _Gate:
    """How many jobs may be submitted so far."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._open = 0
        self._moved = asyncio.Event()

    @property
    def is_wide_open(self) -> bool:
        return self._open >= self._jobs

    def open_to(self, jobs: float) -> None:
        self._open = max(self._open, round(jobs))
        self._moved.set()

    def open_further(self) -> None:
        self.open_to(self._open + A_FEW)

    async def wait_for(self, number: int) -> None:
        while number >= self._open:
            self._moved.clear()
            await self._moved.wait()


async def _submit_all(ids: list[str], fleet: Fleet, nap_s: float, gate: _Gate) -> None:
    left = iter(enumerate(ids))

    async def submitter() -> None:
        for number, job_id in left:
            await gate.wait_for(number)
            await patiently(lambda: fleet.submit(job_id, str(nap_s)))  # noqa: B023 - it is awaited here

    await asyncio.gather(*(submitter() for _ in range(SUBMITTERS)))


async def _kill(plan: Plan, fleet: Fleet, gate: _Gate) -> tuple[Counter[str], dict[int, float], int]:
    """Kill at moments spread over the run; return how often, when each worker was killed, and how many of their
    children lived too long."""
    chance = random.Random(plan.seed)
    kinds = ["worker"] * plan.worker_kills + ["server"] * plan.server_kills + ["child"] * plan.child_kills
    chance.shuffle(kinds)
    # Counted in jobs that were done: so the kills hit work under way, however fast the machine is.
    moments = sorted(chance.uniform(0.02, 0.85) * plan.jobs for _ in kinds)
    kills: Counter[str] = Counter()
    killed: dict[int, float] = {}
    checks = []
    for kind, moment in zip(kinds, moments, strict=True):
        gate.open_to(moment + AHEAD)
        while sum(event.status == "completed" for event in fleet.audit()) < moment:
            await asyncio.sleep(0.02)
        if kind == "server":
            await patiently(fleet.kill_server)
        else:
            children = await _at_work(fleet, gate)
            if not children:
                break  # everything is done: there is nothing left to disturb
            child, worker = chance.choice(sorted(children.items()))
            with suppress(ProcessLookupError):
                os.kill(child if kind == "child" else worker, signal.SIGKILL)
            if kind == "worker":
                killed[worker] = time.time()
                mine = [child for child, its_worker in children.items() if its_worker == worker]
                checks.append(asyncio.create_task(_alive_after(mine, plan.orphan_s)))
        kills[kind] += 1
    gate.open_to(plan.jobs)
    return kills, killed, sum(await asyncio.gather(*checks))


async def _at_work(fleet: Fleet, gate: _Gate) -> dict[int, int]:
    """Return the children with their workers once two workers have some: only who works can lose work, and who works
    alone leaves nobody to take over before it is started again. {} when all jobs have ended."""
    while True:
        children = fleet.children()
        if len(set(children.values())) > 1:
            return children
        stats = await patiently(fleet.jobs.stats)
        if stats.waiting + stats.running == 0:
            if gate.is_wide_open:
                return {}
            gate.open_further()
        await asyncio.sleep(0.02)


async def _alive_after(pids: list[int], seconds: float) -> int:
    await asyncio.sleep(seconds)
    return sum(map(is_alive, pids))


async def _until_ended(fleet: Fleet, within_s: float = 600) -> None:
    async with asyncio.timeout(within_s):
        while True:
            stats = await patiently(fleet.jobs.stats)
            if stats.waiting + stats.running == 0:
                break
            await asyncio.sleep(0.1)
        while await patiently(
            lambda: fleet.jobs._redis.xlen("data_jobs")
        ):  # the last jobs are done; their entries go a moment later
            await asyncio.sleep(0.1)


def recoveries(audit: list[Event], killed: dict[int, float]) -> list[tuple[float, str]]:
    """Return, for each attempt that was under way in a worker when that was killed, the seconds until the next one and
    the job, shortest first.

    An attempt whose child had died before does not count: it queues up again behind the others. Should who took the
    job over be killed before it began, the seconds count from that death: there the lease begins anew.
    """
    return sorted(
        (waited_s, job_id)
        for job_id, events in _by_job(audit).items()
        for position, event in enumerate(events)
        if event.status == "started"
        and event.pid in killed
        and (waited_s := _until_taken_over(event, events[position + 1 :], killed)) is not None
    )


def _until_taken_over(event: Event, after: list[Event], killed: dict[int, float]) -> float | None:
    """Return the seconds from the death of the last worker that held the job to what was done next, None where that was
    done by the same worker or never."""
    claims = list(itertools.takewhile(lambda later: later.status == "claimed", after))
    following = after[len(claims) : len(claims) + 1]
    if not following or following[0].pid == event.pid:
        return None
    deaths = [killed[event.pid], *(killed.get(claim.pid, 0.0) for claim in claims)]
    return following[0].at - max(death for death in deaths if death < following[0].at)


def _life(job_id: str, audit: list[Event], killed: dict[int, float]) -> str:
    """Return what happened to the job, in seconds since its first start."""
    events = _by_job(audit)[job_id]
    told = [(event.at, f"{event.status} by {event.pid}") for event in events]
    told += [(killed[pid], f"{pid} killed") for pid in {event.pid for event in events} if pid in killed]
    return ", ".join([f"{job_id}:", *(f"{at - events[0].at:.1f} {what}" for at, what in sorted(told))])


def _by_job(audit: list[Event]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = defaultdict(list)
    for event in audit:
        found[event.job_id].append(event)
    return found


def percentile(values: list[float], share: float) -> float:
    """Return the value below which this share of the values lies, by nearest rank; 0 for none."""
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else 0.0
