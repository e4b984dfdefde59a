"""Find the table in a log that names its fields in a line of comment: the W3C extended format (`#Fields: date time …`;
IIS, CloudFront, the firewall of Windows) and Zeek's (`#fields`)."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine import duckdb
from datapilot.reading.encoding import decide_encoding, read_lines
from datapilot.reading.formats.log_lines import filled_columns, receipt_of_log, stored_table
from datapilot.reading.layout.body import Notes
from datapilot.reading.layout.row_shapes import snippet
from datapilot.reading.text_table import TextTable, check_width, store_rows

FEWEST_FIELDS = 3
MOSTLY = 0.8  # of the first records, whose names stand above them
NOT_SAID = frozenset({"-", "(empty)"})
_DIRECTIVE = re.compile(r"#fields(?::\s*|\t)(\S.*)", re.IGNORECASE)
_QUOTED_OR_BARE = re.compile(r'"((?:[^"]|"")*)"(?:\s+|$)|(\S+)')


def holds_named_fields(lines: Sequence[str]) -> bool:
    """True where the comments above the first record name fields, and most records have as many of them."""
    if not lines or not lines[0].startswith("#"):
        return False
    names: list[str] = []
    fitting = records = 0
    for line in lines:
        if line.startswith("#"):
            names = _names(line) or names
        elif line.strip():
            records += 1
            fitting += len(_cells(line)) == len(names)
    return len(names) >= FEWEST_FIELDS and records > 0 and fitting >= MOSTLY * records


def read_named_fields(
    path: Path, *, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return a row a record, and a column for every field that any of the file's directives names and any line fills.
    Other comments, and lines with another number of fields, are named in the receipt."""
    encoding = decide_encoding(path)
    names: dict[str, int] = {}
    has_tabs, header_row = False, None
    for number, line in enumerate(read_lines(path, encoding), start=1):
        for name in _names(line):
            header_row = header_row or number
            names.setdefault(name, len(names))
        has_tabs = has_tabs or (not line.startswith("#") and "\t" in line)
        check_width(len(names), limits)
    skipped = Notes()
    store_rows(connection, _rows(read_lines(path, encoding), names, skipped), len(names), limits)
    filled = filled_columns(connection, list(names))
    unsaid = [name for name in names if name not in filled]
    note = "The file is a log whose comments name its fields; each line is a row. A hyphen says nothing."
    if unsaid:
        note += f" No line says its {', '.join(unsaid)}."
    receipt = receipt_of_log(
        encoding, skipped, (note,), options, delimiter="\t" if has_tabs else " ", header_row=header_row
    )
    return stored_table(connection, filled, receipt)


def _names(line: str) -> list[str]:
    """Return the fields that a directive names; [] for any other line."""
    match = _DIRECTIVE.fullmatch(line.rstrip("\r\n")) if line.startswith("#") else None
    return match[1].split() if match else []


def _cells(line: str) -> list[str]:
    text = line.rstrip("\r\n")
    if "\t" in text:
        return text.split("\t")
    return text.split() if '"' not in text else [quoted or bare for quoted, bare in _QUOTED_OR_BARE.findall(text)]


def _rows(lines: Iterator[str], names: dict[str, int], skipped: Notes) -> Iterator[list[str | None]]:
    current: list[str] = []
    for number, line in enumerate(lines, start=1):
        if line.startswith("#"):
            current = _names(line) or current
            skipped.add(number, "a comment", snippet([line.strip()]))
            continue
        if not line.strip():
            continue
        cells = _cells(line)
        if len(cells) != len(current):
            skipped.add(number, "another number of fields than named", snippet([line.strip()]))
            continue
        row: list[str | None] = [None] * len(names)
        for name, cell in zip(current, cells, strict=True):
            row[names[name]] = None if cell in NOT_SAID else cell
        yield row
