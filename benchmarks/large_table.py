"""A file several times larger than the memory of a job: what its analysis takes, and the most it held.

BENCHMARK_LARGE_GB sets the size: 1, or 5 for the long form, which needs three times that on disk. The analysis is told
JOB_MEMORY_LIMIT_BYTES, keeps the engine's share of it and has to spill what does not fit.
"""

import os
import tempfile
from pathlib import Path

from benchmarks.measured import Row, run
from benchmarks.table_shapes import GIB, MIB, analysis_of, made
from benchmarks.tables import write_table

LARGE_GB = float(os.environ.get("BENCHMARK_LARGE_GB", "1"))
LIMIT = GIB if LARGE_GB > 2 else GIB // 2
BYTES_PER_ROW = 139


def measure() -> list[Row]:
    """Return one row: the file, and what its analysis took."""
    rows = int(LARGE_GB * 1e9 / BYTES_PER_ROW)
    path = made(f"large_{LARGE_GB:g}", lambda path: write_table(path, rows))
    with tempfile.TemporaryDirectory(prefix="datapilot-bench-") as folder:
        result = Path(folder) / "result.json"
        taken = run(analysis_of(path, result, LIMIT))
        return [
            {
                "table": path.stem,
                "rows": rows,
                "megabytes": round(path.stat().st_size / 1e6),
                "limit_mib": LIMIT // MIB,
                "peak_mib": round(taken.peak_mib),
                "seconds": round(taken.wall_s),
                "cpu_s": round(taken.cpu_s),
                "result_kb": round(result.stat().st_size / 1000),
            }
        ]


def markdown(rows: list[Row]) -> str:
    """Return the row as a table."""
    return "\n".join([
        "| table | rows | MB | limit | peak | within | CPU s | seconds | result |",
        "|---|---:|---:|---:|---:|---|---:|---:|---:|",
        *(
            f"| {row['table']} | {row['rows']:,} | {row['megabytes']:,} | {row['limit_mib']:,} MiB "
            f"| {row['peak_mib']:,} MiB | {'yes' if float(row['peak_mib']) <= float(row['limit_mib']) else 'no'} "
            f"| {row['cpu_s']:,} | {row['seconds']:,} | {row['result_kb']} kB |"
            for row in rows
        ),
    ])  # fmt: skip
