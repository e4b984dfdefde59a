"""Find the table in text that gives each record a block of lines, one field a line: what database consoles print when
rows are too wide (MySQL's `\\G`, psql's `\\x`), lists in YAML, directories (LDIF), and blocks that blank lines part."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine import duckdb
from datapilot.reading.encoding import decide_encoding, read_lines
from datapilot.reading.formats.log_lines import NEARLY_ALL, head_lines, receipt_of_log, stored_table
from datapilot.reading.layout.body import Notes
from datapilot.reading.layout.row_shapes import snippet
from datapilot.reading.text_table import TextTable, check_width, store_rows

FEWEST_BLOCKS, FEWEST_FIELDS = 2, 2
MOSTLY = 0.8  # of the blocks begin with the same field
NOT_SAID = frozenset({"NULL", "null", "~"})


class _Form(NamedTuple):
    """`starts` matches the beginning of a record's first line, which is no field but for what follows the match;
    without it a blank line does. `field` matches a line with its name and value."""

    words: str
    starts: re.Pattern[str] | None
    field: re.Pattern[str]
    delimiter: str


_YAML_NAME = r"[\w\"'][\w .\"'-]{0,63}:"
FORMS = (
    _Form(
        "what MySQL prints with \\G",
        re.compile(r"\*{3,} \d+\. row \*{3,}$"),
        re.compile(r"\s*(\S[^:]{0,63}): ?(.*)"),
        ":",
    ),
    _Form(
        "what psql prints with \\x",
        re.compile(r"-\[ RECORD \d+ \][-+]*$"),
        re.compile(r"(\S[^|]{0,63}?)\s*\| ?(.*)"),
        "|",
    ),
    _Form(
        "a list in YAML",
        re.compile(rf"- (?={_YAML_NAME}(?: |$))"),
        re.compile(rf"\s*({_YAML_NAME})(?: +(.*))?"),
        ":",
    ),
    _Form("blank lines part them", None, re.compile(r"([A-Za-z][\w;.\- ]{0,63}:):?(?:\s+(.*))?"), ":"),
)
Record = dict[str, str]


def holds_record_blocks(lines: Sequence[str]) -> bool:
    """True where a file's first lines are blocks of fields in one of the forms."""
    return _form_of(lines) is not None


def _form_of(lines: Sequence[str]) -> _Form | None:
    filled = [line for line in lines if line.strip()]
    for form in FORMS:
        started = [line for line in filled if form.starts is not None and form.starts.match(line)]
        if form.starts is not None and (len(started) < FEWEST_BLOCKS or started[0] != filled[0]):
            continue
        skipped = Notes()
        blocks = list(_records(lines, form, skipped))
        first = Counter(next(iter(block)) for block in blocks)
        if len(blocks) < FEWEST_BLOCKS + (form.starts is None) or skipped.count > (1 - NEARLY_ALL) * len(filled) + 1:
            continue
        if first.most_common(1)[0][1] >= MOSTLY * len(blocks):
            return form
    return None


def read_record_blocks(
    path: Path, *, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return a row a block and a column a field, in the order in which fields first occur; values that a block names
    several times are joined, lines of any other make are named in the receipt."""
    form = _form_of(head_lines(path))
    assert form is not None  # the same lines were looked at before
    encoding = decide_encoding(path)
    names: dict[str, int] = {}
    for record in _records(read_lines(path, encoding), form, Notes()):
        for name in record:
            names.setdefault(name, len(names))
        check_width(len(names), limits)
    skipped = Notes()
    records = _records(read_lines(path, encoding), form, skipped)
    rows = ([None if record.get(name) in NOT_SAID else record.get(name) for name in names] for record in records)
    store_rows(connection, rows, len(names), limits)
    note = f"The file gives each record a block of lines ({form.words}); each block is a row."
    receipt = receipt_of_log(encoding, skipped, (note,), options, delimiter=form.delimiter, quote=None)
    return stored_table(connection, {name: f"c{place}" for name, place in names.items()}, receipt)


def _records(lines: Iterable[str], form: _Form, skipped: Notes) -> Iterator[Record]:
    fewest = FEWEST_FIELDS if form.starts is None else 1
    record: Record = {}
    last, begun = "", 0
    for number, line in enumerate(itertools.chain(lines, [None]), start=1):
        text = line.rstrip() if line is not None else ""
        start = form.starts.match(text) if form.starts is not None else None
        if line is None or start is not None or (form.starts is None and not text):
            if len(record) >= fewest:
                yield record
            elif record:  # what stands above the first record, such as a version
                skipped.add(begun, "no field of a record", snippet([f"{name}: {record[name]}" for name in record]))
            record, last = {}, ""
            text = text[start.end() :] if start is not None else ""
        if not text.strip():
            continue
        field = form.field.fullmatch(text)
        if field is None and last and text[0] == " ":
            record[last] = f"{record[last]}\n{text.strip(' |')}".strip()  # goes on with the value above it
        elif field is None:
            if not text.startswith("#"):
                skipped.add(number, "no field of a record", snippet([text]))
        else:
            name, value = _bare(field[1].removesuffix(":")), _bare(field[2] or "")
            begun = begun if record else number
            record[name] = f"{record[name]}; {value}" if name in record else value
            last = name


def _bare(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
