"""What telemetry costs a job: its lines in the log, its figures in Redis, its share of the snapshot file, beside the
analysis of a small file in a warm process. The larger a file, the smaller the share."""

import asyncio
import logging
import os
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.measured import Row
from datapilot.actions.analyze_dataset import analyze_file
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.settings import load_settings
from datapilot.telemetry.logs import bound, configure, get_logger
from datapilot.wiring import open_doors
from datapilot.worker.figures import Figures

FILE = Path(__file__).parent.parent / "examples" / "sales_demo.csv"
JOBS = 300
ANALYSES = 9
LINES = 14  # of a completed job, docs/observability.md


def measure() -> list[Row]:
    """Return the seconds of both, taken in turns so that a busy minute hits both alike."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> list[Row]:
    settings = load_settings(None).model_copy(update={"data_dir": folder, "redis_url": None})
    root = logging.getLogger()
    before = root.handlers[:]
    with Path(os.devnull).open("w") as nowhere:  # noqa: ASYNC230 - nothing waits for it
        configure(component="worker", as_json=True, stream=nowhere)
        async with open_doors(settings) as doors:
            figures = Figures(meter=doors.meter, report=doors.report_metrics, path=folder / "snapshot.json")
            await _told(figures)
            told, analysed = [], []
            for _ in range(ANALYSES):
                told.append(await _told(figures))
                analysed.append(await asyncio.to_thread(_analysed))
    root.handlers[:] = before
    telemetry_s, job_s = median(told), median(analysed)
    return [
        {
            "file": FILE.name,
            "telemetry_ms": round(telemetry_s * 1000, 3),
            "job_ms": round(job_s * 1000, 1),
            "share_percent": round(100 * telemetry_s / job_s, 2),
        }
    ]


async def _told(figures: Figures) -> float:
    """Return the seconds that a job's telemetry takes, over many jobs."""
    log = get_logger("worker")
    jobs = JOBS // ANALYSES
    begun = time.perf_counter()
    for number in range(jobs):
        with bound(jobId=f"job_{number:024x}", requestId="req_0123456789abcdef", attempt=1):
            for line in range(LINES):
                log.info("status update", step="profiling", duration_ms=12.3, detail="10,000 rows, 13 columns", n=line)
        figures.meter.count("jobs_received_total")
        await figures.job_ended("completed", 0.25)
    return (time.perf_counter() - begun) / jobs


def _analysed() -> float:
    """Return the seconds of one analysis."""
    begun = time.perf_counter()
    analyze_file(FILE, name=FILE.name, job_id="job_1", options=ReadingOptions(), limits=Limits())
    return time.perf_counter() - begun


def markdown(rows: list[Row]) -> str:
    """Return the table."""
    lines = ["| file | telemetry of a job | analysis | share |", "|---|---|---|---|"]
    lines += [
        f"| {row['file']} | {row['telemetry_ms']} ms | {row['job_ms']} ms | {row['share_percent']} % |" for row in rows
    ]
    return "\n".join(lines)
