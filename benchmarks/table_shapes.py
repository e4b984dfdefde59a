"""Large and wide tables: memory held, and how the cost grows with rows and with columns.

Each analysis is a process of its own that is told JOB_MEMORY_LIMIT_BYTES and has to spill a table that does not fit;
the memory told is the most it held. BENCHMARK_LARGE_GB sets the size of the largest file: 1, or 5 for the long form,
which needs three times that on disk.
"""

import os
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.bar_picture import Bar, draw_bars
from benchmarks.measured import Row, Run, alternate, run
from benchmarks.tables import cache_folder, write_table

GIB, MIB = 2**30, 2**20
LARGE_GB = float(os.environ.get("BENCHMARK_LARGE_GB", "1"))
LARGE_LIMIT = GIB if LARGE_GB > 2 else GIB // 2
BYTES_PER_ROW = 139
RUNS = int(os.environ.get("BENCHMARK_RUNS", "3"))
ROWS = (62_500, 125_000, 250_000, 500_000, 1_000_000)
WIDE = ((125, 10_000), (250, 10_000), (500, 10_000), (1_000, 10_000), (5_000, 1_000))
GATE_WIDE = 0.7  # times DuckDB's reading and SUMMARIZE
PICTURE = Path(__file__).parent / "results" / "table_shapes.svg"
_READ_AND_SUMMARIZE = (
    "import duckdb, sys; duckdb.sql(f\"CREATE TABLE t AS FROM read_csv('{sys.argv[1]}')\"); "
    'duckdb.sql("SUMMARIZE t").fetchall()'
)


def measure() -> list[Row]:
    """Return one row per shape; the wide ones beside DuckDB reading the file and summarising it."""
    rows, columns = _in_rows(), _in_columns()
    bars = [Bar("rows, 13 columns", f"{row['rows']:,}", float(row["cpu_s"])) for row in rows]
    bars += [Bar("columns, 10,000 rows", f"{row['columns']:,}", float(row["cpu_s"])) for row in columns[:-1]]
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(draw_bars("Processor seconds of an analysis (logarithmic)", bars), encoding="utf-8")
    return [*rows, *columns, _large()]


def markdown(rows: list[Row]) -> str:
    """Return the rows as a table."""
    lines = [
        "| table | rows | columns | MB | limit | seconds | CPU s | memory | beside read + SUMMARIZE | gate | result |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['table']} | {row['rows']:,} | {row['columns']:,} | {row['megabytes']} | {row['limit_mib']} MiB "
        f"| {row['datapilot_s']} | {row['cpu_s']} | {row['datapilot_mib']} MiB | {row.get('ratio', '')} "
        f"| {row.get('gate', '')} | {row['result_kb']} kB |"
        for row in rows
    ]
    return "\n".join([*lines, "", f"![Processor seconds by rows and by columns]({PICTURE.name})"])


def _in_rows() -> list[Row]:
    found = []
    for rows in ROWS:
        path = _made(f"rows_{rows}", lambda path, rows=rows: write_table(path, rows))
        found.append(_row(path, rows, 13, 2 * GIB))
    return found


def _in_columns() -> list[Row]:
    return [
        _row(
            _made(f"wide_{columns}", lambda path, shape=(columns, rows): _write_wide(path, *shape)),
            rows,
            columns,
            2 * GIB,
            is_wide=True,
        )
        for columns, rows in WIDE
    ]


def _large() -> Row:
    rows = int(LARGE_GB * 1e9 / BYTES_PER_ROW)
    path = _made(f"large_{LARGE_GB:g}", lambda path: write_table(path, rows))
    return _row(path, rows, 13, LARGE_LIMIT)


def _row(path: Path, rows: int, columns: int, limit: int, *, is_wide: bool = False) -> Row:
    with tempfile.TemporaryDirectory(prefix="datapilot-bench-") as folder:
        result = Path(folder) / "result.json"
        datapilot = str(Path(sys.executable).with_name("datapilot"))
        told = ["env", f"JOB_MEMORY_LIMIT_BYTES={limit}"]
        ours = [*told, datapilot, "analyze", str(path), "--json", str(result), "--no-llm"]
        theirs: Run | None = None
        if is_wide:
            taken = alternate(
                {"datapilot": ours, "duckdb": [sys.executable, "-c", _READ_AND_SUMMARIZE, str(path)]}, RUNS
            )
            mine, theirs = taken["datapilot"], taken["duckdb"]
        else:
            mine = run(ours)
        row: Row = {
            "table": path.stem,
            "rows": rows,
            "columns": columns,
            "megabytes": round(path.stat().st_size / 1e6, 1),
            "limit_mib": limit // MIB,
            "datapilot_s": round(mine.wall_s, 2),
            "cpu_s": round(mine.cpu_s, 2),
            "datapilot_mib": round(mine.peak_mib),
            "result_kb": round(result.stat().st_size / 1000),
        }
        if theirs is not None:
            row["duckdb_s"] = round(theirs.wall_s, 2)
            row["ratio"] = round(mine.wall_s / theirs.wall_s, 2)
            row["gate"] = GATE_WIDE
        return row


def _made(name: str, write: Callable[[Path], None]) -> Path:
    path = cache_folder() / f"{name}.csv"
    if not path.exists():
        partial = path.with_suffix(".partial")
        write(partial)
        partial.replace(path)
    return path


def _write_wide(path: Path, columns: int, rows: int) -> None:
    """Half of the columns numbers, a quarter labels, an eighth dates, an eighth codes; 2 % missing."""
    chance = random.Random(columns)
    draw, choose = chance.random, chance.choice
    labels = [f"label {number}" for number in range(12)]
    days = [f"2023-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29)]
    kinds = ("number", "number", "label", "number", "date", "number", "label", "code")
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(f"{kinds[place % 8]}_{place}" for place in range(columns)) + "\n")
        for row in range(rows):
            cells = []
            for place in range(columns):
                kind = kinds[place % 8]
                if draw() < 0.02:
                    cells.append("")
                elif kind == "number":
                    cells.append(f"{draw() * 1000:.2f}")
                elif kind == "label":
                    cells.append(choose(labels))
                elif kind == "date":
                    cells.append(choose(days))
                else:
                    cells.append(f"K{row * 7 + place:07d}")
            file.write(",".join(cells) + "\n")
