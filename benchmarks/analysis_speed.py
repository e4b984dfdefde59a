"""The complete, exact analysis of a file beside DuckDB's own SUMMARIZE (approximate, no charts): whole processes.

The second table says where the time goes: processor milliseconds of each stage, of all threads, the median of as many
processes. What reports on a table loads while the file is read and scanned, so that a stage's milliseconds are not
those of the clock. `python -m benchmarks.statements FILE` tells a warm analysis statement by statement.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.measured import Row, alternate, as_installed
from benchmarks.stages import STAGES
from benchmarks.tables import ROWS, table_path

RUNS = int(os.environ.get("BENCHMARK_RUNS", "5"))
GATES = {"s10k": 2.5, "s100k": 1.8, "s1m": 1.3}  # times SUMMARIZE; the goal on s1m is 1.0
_SUMMARIZE = "import duckdb, sys; duckdb.sql(f\"SUMMARIZE FROM '{sys.argv[1]}'\").fetchall()"


def measure() -> list[Row]:
    """Return one row per table: medians of alternating runs, and the ratio of the two."""
    datapilot = str(Path(sys.executable).with_name("datapilot"))
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        for name, count in ROWS.items():
            path = str(table_path(name))
            taken = alternate(
                {
                    "datapilot": [datapilot, "analyze", path, "--json", str(result), "--no-llm"],
                    "summarize": [sys.executable, "-c", _SUMMARIZE, path],
                },
                RUNS,
            )
            ours, theirs = taken["datapilot"], taken["summarize"]
            stages = [_stages_of(path) for _ in range(RUNS)]
            rows.append(
                {
                    "table": name,
                    "rows": count,
                    "megabytes": round(Path(path).stat().st_size / 1e6, 1),
                    "datapilot_s": round(ours.wall_s, 3),
                    "summarize_s": round(theirs.wall_s, 3),
                    "ratio": round(ours.wall_s / theirs.wall_s, 2),
                    "cpu_ratio": round(ours.cpu_s / theirs.cpu_s, 2),
                    "gate": GATES[name],
                    "datapilot_mib": round(ours.peak_mib),
                    "summarize_mib": round(theirs.peak_mib),
                    "result_kb": round(result.stat().st_size / 1000),
                }
                | {f"{stage}_ms": round(median(one[stage] for one in stages)) for stage in STAGES}
            )
    return rows


def _stages_of(path: str) -> dict[str, float]:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.stages", path],
        capture_output=True,
        text=True,
        check=True,
        env=as_installed(),
    )
    return dict(zip(STAGES, map(float, told.stdout.split()), strict=True))


def markdown(rows: list[Row]) -> str:
    """Return the rows as a table."""
    lines = [
        "| table | rows | MB | DataPilot AI | SUMMARIZE | ratio | gate | CPU ratio | memory |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['table']} | {row['rows']:,} | {row['megabytes']} | {row['datapilot_s']} s | {row['summarize_s']} s "
        f"| {row['ratio']} | {row['gate']} | {row['cpu_ratio']} | {row['datapilot_mib']} MiB |"
        for row in rows
    ]
    lines += ["", f"| processor ms | {' | '.join(STAGES)} |", "|---" + "|---:" * len(STAGES) + "|"]
    lines += [f"| {row['table']} | {' | '.join(str(row[f'{stage}_ms']) for stage in STAGES)} |" for row in rows]
    return "\n".join(lines)
