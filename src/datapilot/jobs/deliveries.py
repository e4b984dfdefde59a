"""What a worker's process does with each delivery of docket: run the attempt to its end, whatever cancellations come
meanwhile, and tell docket what to do with the entry."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from docket import Execution, Worker
from docket.dependencies import AdmissionBlocked

from datapilot.contracts.errors import QueueUnavailable
from datapilot.jobs import lifecycle
from datapilot.jobs.attempt import Workplace, run_attempt
from datapilot.jobs.records import RedisRecords

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Deliveries:
    """Where the deliveries of a process are worked on. `renew` keeps an entry, named by its worker and its id, from
    going to another worker; once `leave` is set, what is delivered goes back untouched."""

    place: Workplace
    records: RedisRecords
    renew: Callable[[str, bytes], Awaitable[None]]
    leave: asyncio.Event

    async def run(self, job_id: str, execution: Execution, worker: Worker) -> None:
        """Run one delivery to its end, whatever cancellations come meanwhile: each is only a reason to look."""
        if self.leave.is_set():  # claimed in the moment of leaving
            raise AdmissionBlocked(execution, reason="the worker leaves")
        nudge = asyncio.Event()
        body = asyncio.create_task(self._body(job_id, execution, worker, nudge))
        while not body.done():
            try:
                await asyncio.wait([body])
            except asyncio.CancelledError:
                nudge.set()
        body.result()

    async def _body(self, job_id: str, execution: Execution, worker: Worker, nudge: asyncio.Event) -> None:
        entry = execution.message_id
        assert entry is not None, "what is run was delivered"

        async def renew() -> None:
            try:
                await self.renew(worker.name, entry)
            except QueueUnavailable:
                logger.warning("the lease of %s could not be renewed now", job_id)

        try:
            fate = await run_attempt(job_id, self.place, worker=worker.name, nudge=nudge, renew=renew)
            delay_s = lifecycle.retry_delay_s((await self.records.get(job_id)).attempt) if fate == "lost" else 0
        except Exception:  # the last stop before docket, which would acknowledge the entry
            logger.exception("attempt at job %s broke off; it is delivered again", job_id)
            fate = "superseded"
        if fate == "superseded":
            raise AdmissionBlocked(execution, reason="the job is in other hands", handled=True)
        if fate == "lost":
            raise AdmissionBlocked(execution, reason="the attempt died", retry_delay=timedelta(seconds=delay_s))
