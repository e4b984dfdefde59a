"""Compare reading (types, roles, receipt included) with DuckDB's own `read_csv` into a table, in one run.

Both read the file of the speed figures from disk into a typed table in memory with two threads; the seconds are those
of the processors, which other work on the machine does not stretch, and of the clock. Peak memory is that of a process
which reads the file once. READING_ROWS limits the tables, by name.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.measured import Row
from benchmarks.tables import ROWS, table_path
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.read_table import read_table

TIMES = 5
LIMITS = Limits()


def read_theirs(path: Path) -> None:
    """Read the file as DuckDB does by itself: its sniffer, its types, a table in memory."""
    with duckdb.connect(config={"threads": str(LIMITS.threads)}) as connection:
        connection.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{path}')")


def read_ours(path: Path) -> None:
    """Read the file as a job does: dialect, header, types over all rows, roles, receipt, the table in memory."""
    with tempfile.TemporaryDirectory() as folder, connect(LIMITS, Path(folder)) as connection:
        read_table(path, name=path.name, options=ReadingOptions(), limits=LIMITS, connection=connection)


READERS: dict[str, Callable[[Path], None]] = {"read_csv": read_theirs, "reading": read_ours}


def measure() -> list[Row]:
    """Return one row a table: both readers' median seconds and peak memory, and the ratios."""
    names = os.environ.get("READING_ROWS", ",".join(ROWS)).split(",")
    return [_measure(name) for name in names]


def _measure(name: str) -> Row:
    path = table_path(name)
    clock: dict[str, list[float]] = {reader: [] for reader in READERS}
    processors: dict[str, list[float]] = {reader: [] for reader in READERS}
    for turn in range(TIMES + 1):
        for reader, read in READERS.items():
            started, used = time.perf_counter(), _processor_seconds()
            read(path)
            if turn:  # the first turn warms the file cache and loads what is loaded once
                clock[reader].append(time.perf_counter() - started)
                processors[reader].append(_processor_seconds() - used)
    row: Row = {"table": name, "megabytes": round(path.stat().st_size / 1e6, 1)}
    for reader in READERS:
        row[f"{reader}_s"] = round(median(clock[reader]), 3)
        row[f"{reader}_processor_s"] = round(median(processors[reader]), 3)
        row[f"{reader}_mib"] = _peak_mib(reader, path)
    row["ratio"] = round(median(clock["reading"]) / median(clock["read_csv"]), 2)
    row["processor_ratio"] = round(median(processors["reading"]) / median(processors["read_csv"]), 2)
    return row


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _peak_mib(reader: str, path: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.reading_speed", reader, str(path)], capture_output=True, check=True
    )
    return int(done.stdout)


def markdown(rows: list[Row]) -> str:
    """Return the comparison, one line a table."""
    lines = [
        "| table | DuckDB `read_csv`, s (processor s, MiB) | reading, s (processor s, MiB) | ratio | by processor |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['table']}, {row['megabytes']} MB"
        f" | {row['read_csv_s']} ({row['read_csv_processor_s']}, {row['read_csv_mib']})"
        f" | {row['reading_s']} ({row['reading_processor_s']}, {row['reading_mib']})"
        f" | {row['ratio']} | {row['processor_ratio']} |"
        for row in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    READERS[sys.argv[1]](Path(sys.argv[2]))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
