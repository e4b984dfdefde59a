"""How large a result gets: tables made to be as wide and as long-named as they come, in bytes against 2 MB."""

import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measured import Row
from datapilot.actions.analyze_dataset import analyze_file, report_json
from datapilot.analysis.wide import RESULT_BYTES
from datapilot.contracts.limits import MEBIBYTE, Limits
from datapilot.contracts.table import ReadingOptions

ROWS = 20  # a result hardly grows with rows: previews, samples and charts are capped


@dataclass(frozen=True)
class Shape:
    """A table of so many columns of numbers, labels and dates, whose names are filled up with `letter`."""

    title: str
    columns: int
    name_length: int = 10
    letter: str = "x"


SHAPES = (
    Shape("500 columns", 500),
    Shape("5,000 columns", 5_000),
    Shape("5,000 columns, names of 200 characters", 5_000, 200),
    Shape("5,000 columns, names of 200 three-byte characters", 5_000, 200, "表"),
)


def measure() -> list[Row]:
    """Return one row per shape."""
    with tempfile.TemporaryDirectory(prefix="datapilot-bench-") as folder:
        return [_row(shape, Path(folder) / f"shape_{place}.csv") for place, shape in enumerate(SHAPES)]


def markdown(rows: list[Row]) -> str:
    """Return the rows as a table."""
    lines = [
        "| table | result, kB | at most, kB | columns in full | in brief | left out | columns beside it, kB |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['table']} | {row['result_kb']:,} | {row['gate_kb']:,} | {row['in_full']:,} | {row['in_brief']:,} "
        f"| {row['left_out']:,} | {row['columns_kb']:,} |"
        for row in rows
    ]
    return "\n".join(lines)


def _row(shape: Shape, path: Path) -> Row:
    _write(shape, path)
    beside = path.with_suffix(".jsonl")
    limits = Limits(memory_bytes=2048 * MEBIBYTE)
    report = analyze_file(
        path, name=path.name, job_id="local", options=ReadingOptions(), limits=limits, columns_out=beside
    )
    told = report.columns_told
    assert told is not None
    return {
        "table": shape.title,
        "result_kb": round(len(report_json(report).encode()) / 1000),
        "gate_kb": RESULT_BYTES // 1000,
        "in_full": told.in_full,
        "in_brief": told.in_brief,
        "left_out": told.left_out,
        "columns_kb": round(beside.stat().st_size / 1000) if beside.exists() else 0,
    }


def _write(shape: Shape, path: Path) -> None:
    chance = random.Random(shape.columns)
    kinds = ("number", "label", "number", "date")
    names = [
        f"{kinds[place % 4]} {place} ".ljust(shape.name_length, shape.letter).strip() for place in range(shape.columns)
    ]
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(names) + "\n")
        for _ in range(ROWS):
            file.write(",".join(_cell(kinds[place % 4], chance) for place in range(shape.columns)) + "\n")


def _cell(kind: str, chance: random.Random) -> str:
    if kind == "number":
        return f"{chance.random() * 1000:.2f}"
    return f"label {chance.randrange(12)}" if kind == "label" else f"2023-{chance.randint(1, 12):02d}-15"
