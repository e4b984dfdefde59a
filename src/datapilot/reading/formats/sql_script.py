"""Find the table in a script of SQL, as databases dump them: rows in INSERT statements, or below PostgreSQL's COPY."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from datapilot.contracts.errors import NotATable
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine import duckdb
from datapilot.reading.encoding import decide_encoding, read_lines
from datapilot.reading.formats.log_lines import receipt_of_log, stored_table
from datapilot.reading.late import late
from datapilot.reading.layout.body import Notes
from datapilot.reading.layout.header import distinct
from datapilot.reading.text_table import TextTable, store_rows

_PART = r"(?:[`\"\[][^`\"\]\n]{1,128}[`\"\]]|[\w$]+)"  # only in quotes a name has spaces
_NAME = rf"{_PART}(?:\.{_PART})*"
_BEGINS = re.compile(r"\s*(?:--|/\*|SET |CREATE |DROP |INSERT |BEGIN|PRAGMA |USE |COPY |LOCK |START )", re.IGNORECASE)
_TELLS = late(
    rf"\s*(?:INSERT\s+(?:INTO\s+)?{_NAME}\s*(?:\(|VALUES)|COPY {_NAME} \(.*\) FROM stdin;|CREATE TABLE )", re.IGNORECASE
)
_CREATE = late(rf"CREATE TABLE (?:IF NOT EXISTS )?({_NAME})\s*\((.*?)\)[^,)(]*;", re.IGNORECASE | re.DOTALL)
_COLUMN = late(r"\s*([`\"\[]?)(\w[\w$ ]*?)([`\"\]]?)\s+\w")
_NO_COLUMNS = frozenset({"primary", "key", "unique", "constraint", "index", "foreign", "check", "fulltext", "spatial"})
_INSERT = late(
    rf"INSERT\s+(?:OR \w+ |IGNORE )?(?:INTO\s+)?({_NAME})\s*(?:\(([^()]*)\)\s*)?VALUES\s*(?=\()", re.IGNORECASE
)
_COPY = late(rf"^COPY ({_NAME}) \((.*)\) FROM stdin;\n(.*?)^\\\.$", re.DOTALL | re.MULTILINE)
_STRING = r"'(?:[^'\\]|''|\\.)*+'"
_VALUE = late(
    rf"\s*(?:(?:N|E|X|_\w+ ?)?({_STRING})|([^'(),]*\((?:[^()']|{_STRING}|\([^()']*\))*\)[^'(),]*)|([^'(),]*))\s*([,)])",
    re.DOTALL,
)
_IN_QUOTES = re.compile(_STRING, re.DOTALL)
_ESCAPED = re.compile(r"\\(.)|''", re.DOTALL)
_MEANT = {"n": "\n", "t": "\t", "r": "\r", "0": "", "b": "", "Z": ""}
_COPY_NULL = "\\N"

Rows = list[list[str | None]]


def holds_sql(lines: Sequence[str]) -> bool:
    """True where a file begins as scripts of SQL do, and soon creates or fills a table."""
    first = next((line for line in lines if line.strip()), "")
    return _BEGINS.match(first) is not None and any(map(_TELLS().match, lines))


def read_sql(
    path: Path, *, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return the rows of the table that gets most of them; the others are named in the receipt. Nothing of the script
    is run. Raises NotATable for a script that holds no rows."""
    encoding = decide_encoding(path)
    text = "".join(read_lines(path, encoding)).replace("\r\n", "\n")
    names: dict[str, list[str]] = {_bare(found[1]): _columns(found[2]) for found in _CREATE().finditer(text)}
    tables: dict[str, Rows] = {}
    for table, told, rows in _filled(text):
        if told:
            names[table] = told
        tables.setdefault(table, []).extend(rows)
    if not any(tables.values()):
        raise NotATable(
            "This script of SQL creates tables and holds no rows of them. Export the table as CSV and upload that."
        )
    main = max(tables, key=lambda table: len(tables[table]))
    rows = tables.pop(main)
    width = max(map(len, rows))
    known = names.get(main, [])
    shown = known if len(known) == width else [f"column_{place + 1}" for place in range(width)]
    store_rows(connection, rows, width, limits)
    note = f"The file is a script of SQL; the rows that it puts into “{main}” are the table. Nothing of it was run."
    receipt = receipt_of_log(encoding, Notes(), (note,), options, delimiter=",", quote="'")
    others = tuple(f"Table “{table}”: {len(found):,} rows" for table, found in tables.items() if found)
    receipt = receipt.model_copy(update={"other_tables": others})
    return stored_table(connection, {name: f"c{place}" for place, name in enumerate(distinct(shown))}, receipt)


def _filled(text: str) -> Iterator[tuple[str, list[str], Rows]]:
    """Yield the table, the names of its columns where they are told, and the rows of every statement that fills one."""
    for found in _COPY().finditer(text):
        cells = ([_copied(cell) for cell in line.split("\t")] for line in found[3].splitlines())
        yield _bare(found[1]), [_bare(name) for name in found[2].split(",")], list(cells)
    position = 0
    while (begun := _INSERT().search(text, position)) is not None:
        rows, position = _tuples(text, begun.end())
        yield _bare(begun[1]), [_bare(name) for name in (begun[2] or "").split(",") if name.strip()], rows


def _tuples(text: str, position: int) -> tuple[Rows, int]:
    """Return the rows in brackets from the position on, and where they end."""
    rows: Rows = []
    while text[position : position + 1] == "(":
        position += 1
        row: list[str | None] = []
        while (value := _VALUE().match(text, position)) is not None:
            row.append(_meant(value))
            position = value.end()
            if value[4] == ")":
                break
        else:
            return rows, position
        rows.append(row)
        after = re.compile(r"\s*,\s*").match(text, position)
        if after is None:
            break
        position = after.end()
    return rows, position


def _meant(value: re.Match[str]) -> str | None:
    """Return what a value says: a text, the first text that a function is called with, a number; None for NULL."""
    if value[1] is not None:
        return _unescaped(value[1])
    if value[2] is not None:
        inner = _IN_QUOTES.search(value[2])
        return _unescaped(inner[0]) if inner else value[2].strip()
    bare = (value[3] or "").strip()
    return None if bare.upper() in {"NULL", "DEFAULT", ""} else bare


def _unescaped(quoted: str) -> str:
    return _ESCAPED.sub(lambda found: "'" if found[1] is None else _MEANT.get(found[1], found[1]), quoted[1:-1])


def _copied(cell: str) -> str | None:
    if cell == _COPY_NULL:
        return None
    return re.sub(r"\\(.)", lambda found: _MEANT.get(found[1], found[1]), cell) if "\\" in cell else cell


def _columns(body: str) -> list[str]:
    """Return the names of the columns that a CREATE TABLE lists, one at the beginning of each part."""
    parts = re.split(r",(?![^(]*\))", body)
    found = (_COLUMN().match(part) for part in parts)
    return [match[2] for match in found if match is not None and (match[1] or match[2].lower() not in _NO_COLUMNS)]


def _bare(name: str) -> str:
    return re.sub(r"[`\"\[\]]", "", name).strip().rpartition(".")[2]
