"""Find the table in the log of a program: a moment, a level, where from, and a message that may go on for lines."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine import duckdb
from datapilot.reading.encoding import decide_encoding, read_lines
from datapilot.reading.formats.log_lines import FEWEST_LINES, NEARLY_ALL, filled_columns, receipt_of_log, stored_table
from datapilot.reading.late import late
from datapilot.reading.layout.body import Notes
from datapilot.reading.layout.row_shapes import snippet
from datapilot.reading.text_table import TextTable, store_rows

NAMES = ("time", "level", "thread", "source", "message")
LEAST_HEADS = 0.3  # of the first lines: the others belong to the messages of those above them
LEVEL_WITHIN = 60  # letters after the moment
LONGEST_MESSAGE = 20_000

_HEAD = late(
    r"\[?(?P<time>\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:\s?(?:Z|[+-]\d\d:?\d\d))?)"
    r"\]?[\s|\-]+(?P<rest>\S.*)"
)
_DELIMITED = late(r".*(?:\t|\|.*\||;.*;)")  # such lines are a table already
_LEVEL = late(
    r"(?<![\w.])(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|CRITICAL|CRIT|FATAL|SEVERE|ALERT|EMERG)(?![\w.])"
    r"|\[(?:trace|debug|info|notice|warn|warning|error|err|critical|crit|fatal|alert|emerg)\]"
)
# After the level: a process, the thread in brackets, the logger's name up to its mark.
_REST = late(
    r"[\s\]|:\-]*(?:\d+\s+---\s+)?(?:\[\s*(?P<thread>[^\]\n]{1,60}?)\s*\]\s*)?"
    r"(?:(?P<source>[A-Za-z_][\w.$/\-]{0,80})\s*(?:\s-\s|:\s|\|\s)\s*)?(?P<message>.*)",
    re.DOTALL,
)


class _Entry(NamedTuple):
    time: str
    level: str
    thread: str
    source: str
    message: str


def holds_program_log(lines: Sequence[str]) -> bool:
    """True where the first line, and enough of those after it, begin with a moment, and nearly all of them have a
    level soon after."""
    begin = lines[0][:1] if lines else ""
    if begin != "[" and not begin.isdigit():  # no moment begins so
        return False
    heads = [line for line in lines if _HEAD().match(line)]
    if len(heads) < FEWEST_LINES or heads[0] != lines[0] or len(heads) < LEAST_HEADS * len(lines):
        return False
    if sum(_DELIMITED().match(line) is not None for line in heads) > 0.5 * len(heads):
        return False
    return sum(_entry(line) is not None for line in heads) >= NEARLY_ALL * len(heads)


def read_program_log(
    path: Path, *, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return one row per entry; lines without a moment go on with the message above them. A part that no entry has
    (thread, source) is left out."""
    encoding = decide_encoding(path)
    skipped = Notes()
    store_rows(connection, _entries(read_lines(path, encoding), skipped), len(NAMES), limits)
    note = "The lines are the log of a program; each entry is a row, lines without a moment go on with its message."
    receipt = receipt_of_log(encoding, skipped, (note,), options)
    return stored_table(connection, filled_columns(connection, NAMES), receipt)


def _entry(line: str) -> _Entry | None:
    head = _HEAD().match(line)
    if head is None:
        return None
    rest = head["rest"]
    level = _LEVEL().search(rest, 0, LEVEL_WITHIN)
    if level is None:
        return None
    after = _REST().match(rest, level.end())
    assert after is not None  # every part of it may be empty
    before = rest[: level.start()].strip(" -|:[]")
    moment = head["time"].replace("/", "-").replace(",", ".")
    source, message = after["source"] or "", after["message"]
    if before:  # it says where from, and what looked like that belongs to the message
        source, message = before, f"{source}: {message}" if source else message
    return _Entry(moment, level[0].strip("[]").upper(), after["thread"] or "", source, message.strip())


def _entries(lines: Iterator[str], skipped: Notes) -> Iterator[list[str]]:
    entry: _Entry | None = None
    for number, line in enumerate(lines, start=1):
        begun = _entry(line.rstrip("\r\n"))
        if begun is not None:
            if entry is not None:
                yield list(entry)
            entry = begun
        elif entry is not None and len(entry.message) < LONGEST_MESSAGE and not _HEAD().match(line):
            entry = entry._replace(message=f"{entry.message}\n{line.rstrip()}".strip())
        elif line.strip():
            skipped.add(number, "no entry of the log", snippet([line]))
    if entry is not None:
        yield list(entry)
