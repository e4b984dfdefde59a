"""What a worker tells of its figures: to the fleet after each job, to the snapshot file every few, at its own port."""

import asyncio
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from datapilot.actions.report_metrics import FleetFigures, ReportMetrics
from datapilot.telemetry.logs import get_logger
from datapilot.telemetry.metrics import Meter, snapshot

log = get_logger("worker")


@dataclass
class Figures:
    """`report` asks for the fleet's figures, which the file `path` holds after every `every` jobs and at the end;
    None writes no file."""

    meter: Meter = field(default_factory=Meter)
    report: ReportMetrics | None = None
    path: Path | None = None
    every: int = 10
    _jobs: int = 0

    async def job_ended(self, status: str, seconds: float) -> None:
        """Count a job that this worker had in hand."""
        if status in {"completed", "failed", "cancelled"}:
            self.meter.count(f"jobs_{status}_total")
        self.meter.observe("job_processing_duration_seconds", seconds)
        if status == "completed":
            self.meter.observe("avg_processing_time_seconds", seconds)
        await self.meter.flush()
        self._jobs += 1
        if self._jobs % self.every == 0:
            await self.write_snapshot()

    async def close(self) -> None:
        """Tell what has not been told yet."""
        await self.meter.flush()
        if self._jobs % self.every:
            await self.write_snapshot()

    async def write_snapshot(self) -> None:
        """Write the file, whole or not at all; several workers may write the same one."""
        if self.path is None or self.report is None:
            return
        fleet = await self.report()
        try:
            await asyncio.to_thread(_write, self.path, fleet)
        except OSError as error:
            log.warning("the snapshot of the figures was not written", reason=error.strerror)


def _write(path: Path, fleet: FleetFigures) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_text(json.dumps(snapshot(fleet.amounts, fleet.gauges), indent=2) + "\n", encoding="utf-8")
    unfinished.replace(path)
