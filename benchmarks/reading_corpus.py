"""Score the reader on polluted files: the table it gives against the clean twin's, and `table --raw` against the file.

`cells` is the F1 of the typed cells, each bound to its column's name, beside the twin read the same way. `raw` is 0-10
in the manner of the Pollock benchmark: success, then precision, recall and F1 of header, rows and cells as they stand.
"""

import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from statistics import fmean

from benchmarks.clean_tables import clean_tables
from benchmarks.measured import Row
from benchmarks.pollutions import KINDS, Kind, Polluted, delimited
from datapilot.contracts.errors import DataPilotError
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.export_table import export_raw, export_table
from datapilot.reading.read_table import read_table

LIMITS = Limits()


def measure() -> list[Row]:
    """Return one row a kind: the mean over the tables, and which tables fell short."""
    return [_measure_kind(kind) for kind in KINDS]


def _measure_kind(kind: Kind) -> Row:
    scores = {clean.name: score(kind.pollute(clean)) for clean in clean_tables()}
    short = [name for name, (cells, raw) in scores.items() if cells < 0.9995 or raw < 9.995]
    return {
        "kind": kind.name,
        "lost": int(kind.is_lost),
        "cells": round(fmean(cells for cells, _ in scores.values()), 4),
        "raw": round(fmean(raw for _, raw in scores.values()), 3),
        "short": ", ".join(short),
    }


def markdown(rows: list[Row]) -> str:
    """Return the means first, then the kinds that fell short, then those that are lost."""
    held = [row for row in rows if not row["lost"]]
    lost = [row for row in rows if row["lost"]]
    count = len(clean_tables())
    means = (
        f"{len(held)} kinds of pollution x {count} tables = {len(held) * count} files. "
        f"Cell F1 against the clean twin: **{fmean(float(row['cells']) for row in held):.4f}** (goal 0.995). "
        f"`table --raw` against the file as it stands, 0-10: **{fmean(float(row['raw']) for row in held):.3f}**."
    )
    lines = [
        means,
        "",
        "| kind | cell F1 | raw, 0-10 | tables that fell short |",
        "|---|---|---|---|",
    ]
    lines += [f"| {row['kind']} | {row['cells']} | {row['raw']} | {row['short']} |" for row in held if row["short"]]
    lines += ["", f"All other {sum(not row['short'] for row in held)} kinds: 1.0 and 10."]
    lines += [
        "",
        "Lost kinds, whose files no longer hold the twin:",
        "",
        "| kind | cell F1 | raw, 0-10 |",
        "|---|---|---|",
    ]
    lines += [f"| {str(row['kind']).removeprefix('lost: ')} | {row['cells']} | {row['raw']} |" for row in lost]
    return "\n".join(lines)


def score(polluted: Polluted) -> tuple[float, float]:
    """Return the cell F1 of the table and the raw score of one polluted file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        twin = folder / "twin.csv"
        twin.write_text(delimited(polluted.table.lines), encoding="utf-8", newline="")
        dirty = folder / "dirty"
        dirty.write_bytes(polluted.content)
        want = _typed(twin, "twin.csv", folder, header_row=1)
        got = _typed(dirty, polluted.name, folder)
        raw = _raw(dirty, polluted.name, folder)
    return f1(bound(want), bound(got)), as_it_stands(polluted.stands, raw)


def _typed(path: Path, name: str, folder: Path, header_row: int | None = None) -> list[list[str]]:
    out = folder / "typed.csv"
    with connect(LIMITS, folder) as connection:
        try:
            options = ReadingOptions(header_row=header_row)
            read = read_table(path, name=name, options=options, limits=LIMITS, connection=connection)
        except DataPilotError as error:
            print(f"  {error.code}: {error}", file=sys.stderr)
            return []
        export_table(read.table, out, format="csv")
    return _rows(out)


def _raw(path: Path, name: str, folder: Path) -> list[list[str]]:
    out = folder / "raw.csv"
    with connect(LIMITS, folder) as connection:
        try:
            export_raw(path, out, name=name, options=ReadingOptions(), limits=LIMITS, connection=connection)
        except DataPilotError as error:
            print(f"  {error.code}: {error}", file=sys.stderr)
            return []
    return _rows(out)


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def bound(lines: Sequence[Sequence[str]]) -> Counter[Hashable]:
    """Cells with their column's name: a table whose columns are exchanged is another table."""
    if not lines:
        return Counter()
    header, *rows = lines
    return Counter((name, cell) for row in rows for name, cell in zip(header, row, strict=False))


def f1(want: Counter[Hashable], got: Counter[Hashable]) -> float:
    """Return the harmonic mean of precision and recall; 1 when both are empty."""
    return _measures(want, got)[2]


def as_it_stands(want: Sequence[Sequence[str]], got: Sequence[Sequence[str]]) -> float:
    """Return 0-10: one point for an answer, nine for header, rows and cells. Empty cells at a row's end count for
    nothing: whether they are written is taste."""
    if not got:
        return 0.0
    want, got = [_trimmed(row) for row in want], [_trimmed(row) for row in got]
    parts = (
        _measures(Counter(want[0]), Counter(got[0])),
        _measures(Counter(map(tuple, want[1:])), Counter(map(tuple, got[1:]))),
        _measures(_flat(want[1:]), _flat(got[1:])),
    )
    return 1.0 + sum(sum(part) for part in parts)


def _trimmed(row: Sequence[str]) -> list[str]:
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return list(row[:end])


def _flat(rows: Iterable[Sequence[str]]) -> Counter[str]:
    return Counter(cell for row in rows for cell in row)


def _measures(want: Counter, got: Counter) -> tuple[float, float, float]:  # type: ignore[type-arg]
    if not want and not got:
        return 1.0, 1.0, 1.0
    both = (want & got).total()
    if not both:
        return 0.0, 0.0, 0.0
    precision, recall = both / got.total(), both / want.total()
    return precision, recall, 2 * precision * recall / (precision + recall)
