"""Wide and long tables: how the processor time of an analysis grows with columns and with rows, and the memory held.

Each analysis is a process of its own. Those of wide tables take turns with DuckDB reading the same file and summarising
it; their ratio is told by processor time, which other processes on the machine disturb least, and by the clock.
`large_table` measures the long form: files larger than the memory.
"""

import os
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.curve_picture import Curve, draw_curves
from benchmarks.measured import Row, alternate
from benchmarks.tables import cache_folder, write_table

GIB, MIB = 2**30, 2**20
LIMIT = 2 * GIB
RUNS = int(os.environ.get("BENCHMARK_RUNS", "3"))
ROWS = (62_500, 125_000, 250_000, 500_000, 1_000_000)
WIDE = ((125, 10_000), (250, 10_000), (500, 10_000), (1_000, 10_000), (5_000, 1_000))
GATED = {1_000, 5_000}  # columns
GATE_WIDE = 0.7  # times DuckDB's reading and SUMMARIZE
GATE_MIB = 1_024
PICTURE = Path(__file__).parent / "results" / "table_shapes.svg"
_READ_AND_SUMMARIZE = (
    "import duckdb, sys; duckdb.sql(f\"CREATE TABLE t AS FROM read_csv('{sys.argv[1]}')\"); "
    'duckdb.sql("SUMMARIZE t").fetchall()'
)


def measure() -> list[Row]:
    """Return one row per shape; the wide ones beside DuckDB reading the file and summarising it."""
    rows = [
        _row(made(f"rows_{rows}", lambda path, rows=rows: write_table(path, rows)), rows, 13, is_wide=False)
        for rows in ROWS
    ]
    columns = [
        _row(made(f"wide_{columns}", lambda path, shape=(columns, rows): _write_wide(path, *shape)), rows, columns)
        for columns, rows in WIDE
    ]
    same_rows = [row for row in columns if row["rows"] == WIDE[0][1]]
    curves = [
        Curve("rows, of 13 columns", "DataPilot AI", _points(rows, "rows", "cpu_s")),
        Curve("columns, of 10,000 rows", "DataPilot AI", _points(same_rows, "columns", "cpu_s")),
        Curve("columns, of 10,000 rows", "DuckDB reading + SUMMARIZE", _points(same_rows, "columns", "duckdb_cpu_s")),
    ]
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(draw_curves("Processor seconds of an analysis", curves), encoding="utf-8")
    return [*rows, *columns]


def markdown(rows: list[Row]) -> str:
    """Return the rows as a table, the gates and how each series grows."""
    lines = [
        "| table | rows | columns | MB | CPU s | seconds | memory | CPU beside DuckDB | clock | result |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['table']} | {row['rows']:,} | {row['columns']:,} | {row['megabytes']} | {row['cpu_s']} "
        f"| {row['datapilot_s']} | {row['datapilot_mib']} MiB | {row.get('cpu_ratio', '')} | {row.get('ratio', '')} "
        f"| {row['result_kb']} kB |"
        for row in rows
    ]
    gates = [
        f"- {row['columns']:,} columns x {row['rows']:,} rows: {row['cpu_ratio']} of DuckDB's processor time (gate "
        f"{GATE_WIDE}: {_met(float(row['cpu_ratio']) <= GATE_WIDE)}), {row['datapilot_mib']} MiB (gate "
        f"{GATE_MIB:,}: {_met(float(row['datapilot_mib']) <= GATE_MIB)})."
        for row in rows
        if row["columns"] in GATED
    ]
    long = [row for row in rows if row["columns"] == 13]
    wide = [row for row in rows if row["rows"] == WIDE[0][1]]
    growth = [
        f"- From {_ends(series, of)} {of} the processor time grows {_growth(series, of)} times as fast as they do."
        for series, of in ((long, "rows"), (wide, "columns"))
    ]
    return "\n".join([*lines, "", *gates, *growth, "", f"![Processor seconds by rows and by columns]({PICTURE.name})"])


def _met(is_met: bool) -> str:
    return "met" if is_met else "missed"


def _ends(series: list[Row], of: str) -> str:
    return f"{series[0][of]:,} to {series[-1][of]:,}"


def _growth(series: list[Row], of: str) -> float:
    """Return how much faster than in proportion the time grows, 1 if just so, less where a fixed cost is spread."""
    first, last = series[0], series[-1]
    return round(float(last["cpu_s"]) / float(first["cpu_s"]) / (float(last[of]) / float(first[of])), 2)


def _points(series: list[Row], of: str, what: str) -> tuple[tuple[float, float], ...]:
    return tuple((float(row[of]), float(row[what])) for row in series)


def _row(path: Path, rows: int, columns: int, *, is_wide: bool = True) -> Row:
    with tempfile.TemporaryDirectory(prefix="datapilot-bench-") as folder:
        result = Path(folder) / "result.json"
        commands = {"datapilot": analysis_of(path, result, LIMIT)}
        if is_wide:
            commands["duckdb"] = [sys.executable, "-c", _READ_AND_SUMMARIZE, str(path)]
        taken = alternate(commands, RUNS)
        mine = taken["datapilot"]
        row: Row = {
            "table": path.stem,
            "rows": rows,
            "columns": columns,
            "megabytes": round(path.stat().st_size / 1e6, 1),
            "datapilot_s": round(mine.wall_s, 2),
            "cpu_s": round(mine.cpu_s, 2),
            "datapilot_mib": round(mine.peak_mib),
            "result_kb": round(result.stat().st_size / 1000),
        }
        if is_wide:
            theirs = taken["duckdb"]
            row["duckdb_s"], row["duckdb_cpu_s"] = round(theirs.wall_s, 2), round(theirs.cpu_s, 2)
            row["ratio"] = round(mine.wall_s / theirs.wall_s, 2)
            row["cpu_ratio"] = round(mine.cpu_s / theirs.cpu_s, 2)
        return row


def analysis_of(path: Path, result: Path, limit: int) -> list[str]:
    """Return the command that analyses the file within so many bytes."""
    datapilot = str(Path(sys.executable).with_name("datapilot"))
    return [
        "env",
        f"JOB_MEMORY_LIMIT_BYTES={limit}",
        datapilot,
        "analyze",
        str(path),
        "--json",
        str(result),
        "--no-llm",
    ]


def made(name: str, write: Callable[[Path], None]) -> Path:
    """Return the generated file, written into the cache folder on first use."""
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
