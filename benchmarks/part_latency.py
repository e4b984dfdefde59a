"""From a click on a part of a report to its figures: one request for facts after the other, of 10,000 and 100,000 rows.

`datapilot up` with one worker on a free port. The first request is told by itself: it starts what the others are forked
from.
"""

import json
import os
import time
import urllib.request
from statistics import median, quantiles

from benchmarks.measured import Row
from benchmarks.served import analysed, served
from benchmarks.tables import table_path

CLICKS = int(os.environ.get("BENCHMARK_CLICKS", "30"))
TABLES = ("s10k", "s100k")
NORTH = {"column": "region", "op": "eq", "value": "North"}
ASKED = (
    {"metric": "count", "filters": [NORTH]},
    {"metric": "sum", "column": "revenue", "by": "category", "limit": 12, "filters": [NORTH]},
    {"metric": "sum", "column": "revenue", "by": "order_date", "grain": "month", "filters": [NORTH]},
)


def measure() -> list[Row]:
    """Return one row a table: what requests took, in milliseconds."""
    return [_row(name) for name in TABLES]


def markdown(rows: list[Row]) -> str:
    """Return the rows as a table."""
    lines = ["| table | clicks | first | p50 | p95 | least |", "|---|---:|---:|---:|---:|---:|"]
    lines += [
        f"| {row['table']} | {row['clicks']} | {row['first_ms']} ms | {row['p50_ms']} ms | {row['p95_ms']} ms "
        f"| {row['least_ms']} ms |"
        for row in rows
    ]
    return "\n".join(lines)


def _row(name: str) -> Row:
    with served() as address:
        job = analysed(address, table_path(name))
        first, *waits = [_click(address, job) for _ in range(1 + CLICKS)]
    return {
        "table": name,
        "clicks": CLICKS,
        "first_ms": round(first),
        "p50_ms": round(median(waits)),
        "p95_ms": round(quantiles(waits, n=20)[-1]),
        "least_ms": round(min(waits)),
    }


def _click(address: str, job: str) -> float:
    """Return the milliseconds from the question to its last byte."""
    start = time.perf_counter()
    body = json.dumps({"measures": ASKED}).encode()
    kind = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{address}/api/jobs/{job}/facts", body, kind)) as answer:
        answer.read()
    return (time.perf_counter() - start) * 1000
