"""Find the table in a web server's log, one request a line, in the Common or Combined Log Format (Apache, nginx)."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine import duckdb
from datapilot.reading.encoding import decide_encoding, read_lines
from datapilot.reading.formats.log_lines import FEWEST_LINES, NEARLY_ALL, receipt_of_log, stored_table
from datapilot.reading.layout.body import Notes
from datapilot.reading.layout.row_shapes import snippet
from datapilot.reading.text_table import RAW_RELATION, TextTable, store_rows

NAMES = (
    "host", "identity", "user", "time", "method", "path", "protocol", "status code", "bytes", "referrer", "user agent",
    "rest",
)  # fmt: skip
NOT_SAID = "-"
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_LINE = re.compile(rf"(\S+) (\S+) (\S+) \[([^\]]+)\] {_QUOTED} (\d{{3}}) (\d+|-)(?: {_QUOTED} {_QUOTED})?(?: (.*))?")
_REQUEST = re.compile(r"([A-Z]{3,10}) (\S+)(?: (HTTP/[\d.]+))?")


def holds_web_log(lines: Sequence[str]) -> bool:
    """True where a file's first lines are requests as web servers log them."""
    found = [_LINE.fullmatch(line) for line in lines]
    return len(found) >= FEWEST_LINES and sum(one is not None for one in found) >= NEARLY_ALL * len(found)


def read_web_log(
    path: Path, *, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return one row a request, its first line cut into method, path and protocol. What no line says (`-`) is missing,
    and a column that no line fills is left out; lines of any other make are named in the receipt."""
    encoding = decide_encoding(path)
    skipped = Notes()
    store_rows(connection, _rows(read_lines(path, encoding), skipped), len(NAMES), limits)
    said = ", ".join(f"count(c{place}) FILTER (c{place} <> '{NOT_SAID}')" for place in range(len(NAMES)))
    filled = connection.execute(f"SELECT {said} FROM {RAW_RELATION}").fetchone() or ()
    kept = [place for place, cells in enumerate(filled) if cells]
    unsaid = [name for place, name in enumerate(NAMES[:-1]) if place not in kept]
    note = "The file is a web server's log (Common Log Format); each request is a row."
    if unsaid:
        note += f" No line says its {', '.join(unsaid)}."
    receipt = receipt_of_log(encoding, skipped, note, options)
    return stored_table(connection, {NAMES[place]: f"nullif(c{place}, '{NOT_SAID}')" for place in kept}, receipt)


def _rows(lines: Iterator[str], skipped: Notes) -> Iterator[list[str | None]]:
    for number, line in enumerate(lines, start=1):
        text = line.rstrip("\r\n")
        match = _LINE.fullmatch(text)
        if match is None:
            if text.strip():
                skipped.add(number, "no request as the other lines are", snippet([text]))
            continue
        before, request, after = match.groups()[:4], match[5], match.groups()[5:]
        parts = _REQUEST.fullmatch(request)
        # What is no request in the protocol's form (a probe, garbage) stands whole under the path.
        yield [*before, *(parts.groups() if parts else (None, request, None)), *after]
