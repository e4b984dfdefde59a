"""Find the table in a log of `key=value` pairs (logfmt), one record a line, whichever keys each line has."""

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
from datapilot.reading.text_table import TextTable, check_width, store_rows

FEWEST_PAIRS = 3  # a line of two may be an equation
_PAIR = re.compile(r'([A-Za-z_][\w.\-/@]{0,60})=("(?:[^"\\]|\\.)*"|[^\s"=]*)(?:\s+|$)')
_ESCAPED = re.compile(r"\\(.)")


def holds_key_values(lines: Sequence[str]) -> bool:
    """True where nearly all of a file's first lines are nothing but pairs, and share their first key."""
    if len(lines) < FEWEST_LINES or sum(line.count("=") >= FEWEST_PAIRS for line in lines) < NEARLY_ALL * len(lines):
        return False
    found = [pairs for line in lines if (pairs := _pairs(line)) is not None]
    firsts = {next(iter(pairs)) for pairs in found if len(pairs) >= FEWEST_PAIRS}
    return len(found) >= NEARLY_ALL * len(lines) and len(firsts) == 1


def read_key_values(
    path: Path, *, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return one row a line and one column a key, in the order in which keys first occur; lines that are no pairs are
    named in the receipt."""
    encoding = decide_encoding(path)
    names: dict[str, int] = {}
    for line in read_lines(path, encoding):
        for key in _pairs(line) or ():
            names.setdefault(key, len(names))
        check_width(len(names), limits)
    skipped = Notes()
    store_rows(connection, _rows(read_lines(path, encoding), names, skipped), len(names), limits)
    note = "The lines are pairs of key=value; each line is a row, each key a column."
    receipt = receipt_of_log(encoding, skipped, (note,), options)
    return stored_table(connection, {name: f"c{place}" for name, place in names.items()}, receipt)


def _pairs(line: str) -> dict[str, str] | None:
    """Return the values by their keys, the first of a key that comes twice; None for a line of any other make."""
    text, at = line.strip(), 0
    pairs: dict[str, str] = {}
    while at < len(text):
        match = _PAIR.match(text, at)
        if match is None:
            return None
        value = match[2]
        pairs.setdefault(match[1], _ESCAPED.sub(r"\1", value[1:-1]) if value[:1] == '"' else value)
        at = match.end()
    return pairs or None


def _rows(lines: Iterator[str], names: dict[str, int], skipped: Notes) -> Iterator[list[str | None]]:
    for number, line in enumerate(lines, start=1):
        pairs = _pairs(line)
        if pairs is None:
            if line.strip():
                skipped.add(number, "no pairs of key=value", snippet([line]))
            continue
        row: list[str | None] = [None] * len(names)
        for key, value in pairs.items():
            row[names[key]] = value
        yield row
