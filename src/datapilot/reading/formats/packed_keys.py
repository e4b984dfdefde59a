"""Find the table in the bulk files of Eurostat: tabs between the periods, commas between the keys of the first column
(`freq,unit,geo\\TIME_PERIOD`)."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine import duckdb
from datapilot.reading.encoding import decide_encoding, read_lines
from datapilot.reading.formats.log_lines import receipt_of_log, stored_table
from datapilot.reading.layout.body import Notes
from datapilot.reading.layout.header import distinct
from datapilot.reading.layout.row_shapes import snippet
from datapilot.reading.text_table import TextTable, store_rows

MOSTLY = 0.9  # of the first lines
_KEYS = re.compile(r"\w+(?:,\w+)+\\\w+")


def holds_packed_keys(lines: Sequence[str]) -> bool:
    """True where the first line names several keys in its first cell, and nearly all of the next lines have as many."""
    if len(lines) < 2 or _KEYS.fullmatch(_cells(lines[0])[0]) is None:
        return False
    keys = lines[0].split("\t")[0].count(",")
    return sum(line.split("\t")[0].count(",") == keys for line in lines[1:]) >= MOSTLY * (len(lines) - 1)


def read_packed_keys(
    path: Path, *, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return the table with a column for each key and each period; lines of another shape are named in the receipt."""
    encoding = decide_encoding(path)
    first, *periods = _cells(next(iter(read_lines(path, encoding))))
    names = distinct([*first.partition("\\")[0].split(","), *periods])
    skipped = Notes()
    store_rows(connection, _rows(read_lines(path, encoding), len(names), skipped), len(names), limits)
    notes = (
        f"The keys in the first column ({first}) were parted into a column each.",
        "A colon stands where there is no value.",
    )
    receipt = receipt_of_log(encoding, skipped, notes, options, delimiter="\t", quote=None, header_row=1)
    return stored_table(connection, {name: f"c{place}" for place, name in enumerate(names)}, receipt)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.rstrip("\r\n").split("\t")]


def _rows(lines: Iterator[str], width: int, skipped: Notes) -> Iterator[list[str]]:
    for number, line in enumerate(lines, start=1):
        first, *values = _cells(line)
        row = [*first.split(","), *("" if value.startswith(":") else value for value in values)]
        if number == 1 or not line.strip():
            continue
        if len(row) == width:
            yield row
        else:
            skipped.add(number, "a line of another shape", snippet([line]))
