"""From an upload accepted to its result in hand, on a warm worker: the 1.2 MB table, one upload after the other.

`datapilot up` with one worker on a free port; the wait ends when the result's last byte has arrived.
"""

import os
import time
import urllib.request
from pathlib import Path
from statistics import median, quantiles

from benchmarks.measured import Row
from benchmarks.served import news, served, upload
from benchmarks.tables import table_path

UPLOADS = int(os.environ.get("BENCHMARK_UPLOADS", "40"))
WARMING = 3
GATES_MS = {"p50": 300, "p95": 600}
STEPS = ("queued", "reading", "typing", "profiling", "quality", "charts", "facts", "insights", "saving", "done")


def measure() -> list[Row]:
    """Return one row: the waits, and the median moment at which each step was heard of, in milliseconds."""
    path = table_path("s10k")
    with served() as address:
        for _ in range(WARMING):
            _wait_for(address, path)
        runs = [_wait_for(address, path) for _ in range(UPLOADS)]
    waits = [wait for wait, _ in runs]
    row: Row = {
        "table": path.stem,
        "uploads": UPLOADS,
        "p50_ms": round(median(waits)),
        "p95_ms": round(quantiles(waits, n=20)[-1]),
        "least_ms": round(min(waits)),
    }
    for step in STEPS:
        heard = [moments[step] for _, moments in runs if step in moments]
        if heard:
            row[f"{step}_ms"] = round(median(heard))
    return [row]


def markdown(rows: list[Row]) -> str:
    """Return the rows as two tables: the waits, and when each step began."""
    lines = ["| table | uploads | p50 | gate | p95 | gate | least |", "|---|---:|---:|---:|---:|---:|---:|"]
    lines += [
        f"| {row['table']} | {row['uploads']} | {row['p50_ms']} ms | {GATES_MS['p50']} ms | {row['p95_ms']} ms "
        f"| {GATES_MS['p95']} ms | {row['least_ms']} ms |"
        for row in rows
    ]
    heard = [step for step in STEPS if any(f"{step}_ms" in row for row in rows)]
    lines += ["", f"| step heard of, ms | {' | '.join(heard)} |", "|---" + "|---:" * len(heard) + "|"]
    lines += [f"| {row['table']} | {' | '.join(str(row.get(f'{step}_ms', '')) for step in heard)} |" for row in rows]
    return "\n".join(lines)


def _wait_for(address: str, path: Path) -> tuple[float, dict[str, float]]:
    """Upload the file; return the milliseconds from the answer to the whole result, and when steps were heard of."""
    job = upload(address, path)
    start = time.perf_counter()
    moments: dict[str, float] = {}
    for record in news(address, job):
        moments.setdefault(record["step"], (time.perf_counter() - start) * 1000)
        if record["status"] == "completed":
            break
        if record["status"] in ("failed", "cancelled"):
            raise RuntimeError(f"the job ended as {record['status']}: {record.get('errorMessage')}")
    with urllib.request.urlopen(f"{address}/api/result?jobId={job}") as result:
        result.read()
    return (time.perf_counter() - start) * 1000, moments
