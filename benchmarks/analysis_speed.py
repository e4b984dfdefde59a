"""The complete, exact analysis of a file beside DuckDB's own SUMMARIZE (approximate, no charts): whole processes."""

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.measured import Row, alternate
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
            )
    return rows


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
    return "\n".join(lines)
