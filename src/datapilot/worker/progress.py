"""How far a child is, passed on: to the log every step, to the job's record the latest one."""

import asyncio
import time

from datapilot.contracts.steps import STEPS, Step
from datapilot.jobs import lifecycle
from datapilot.jobs.attempt import end_tasks
from datapilot.jobs.base import Attempt
from datapilot.telemetry.logs import get_logger, ms_since

REPORT_EVERY_S = 0.05  # steps that follow each other faster than this are shown as one

# What the log tells when a step is reached for the first time.
_MILESTONES: tuple[tuple[Step, str], ...] = (
    ("typing", "type detected"),
    ("profiling", "parsed"),
    ("profiling", "EDA start"),
)

log = get_logger("worker")


class Progress:
    """Takes the steps of one attempt as fast as they come and reports them at a bearable pace; close it at the end."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._milestones_left = list(_MILESTONES)
        self._since = time.perf_counter()
        self._news = asyncio.Event()
        self._latest: tuple[Step, str] = ("reading", "")
        self._relay = asyncio.create_task(self._pass_on())

    def step(self, step: Step, detail: str) -> None:
        """Take note that a step has begun; one that is no step is passed over."""
        if step not in STEPS:
            return
        self._log_up_to(step, detail)
        self._latest = (step, detail)
        self._news.set()

    def analysed(self) -> None:
        """Take note that the child is done."""
        self._log_up_to("done", "")
        self._log("insights", "EDA done")

    async def close(self) -> None:
        await end_tasks([self._relay])

    def _log_up_to(self, step: Step, detail: str) -> None:
        while self._milestones_left and STEPS.index(self._milestones_left[0][0]) <= STEPS.index(step):
            self._log(*self._milestones_left.pop(0), detail=detail)

    def _log(self, step: str, message: str, *, detail: str = "") -> None:
        details = {"detail": detail} if detail else {}
        log.info(message, step=step, duration_ms=ms_since(self._since), **details)
        self._since = time.perf_counter()

    async def _pass_on(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            step, detail = self._latest
            await self._attempt.report(step, lifecycle.PERCENT_AT[step], detail)
            await asyncio.sleep(REPORT_EVERY_S)
