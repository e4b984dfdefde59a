"""Write a table to a file: clean and safe to open in a spreadsheet, or raw, each cell's text as it stood."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions, Receipt, RowNote
from datapilot.engine import duckdb
from datapilot.engine.table import Table
from datapilot.reading.find_table import find_table, open_file
from datapilot.reading.formats.delimited import read_as_it_stands, read_delimited
from datapilot.reading.formats.delimited_scan import scan_delimited
from datapilot.reading.layout.body import MOST_NOTES
from datapilot.reading.text_table import TextTable, quoted, scratch_of

# A spreadsheet runs a cell that begins with one of these, the wide ones where East Asian languages are set; an
# apostrophe in front makes it text (OWASP, CSV injection).
_STARTS_OF_FORMULAS = "=+-@\t\r\n＝＋－＠"
_FORMULA_STARTS = ", ".join(f"chr({ord(start)})" for start in _STARTS_OF_FORMULAS)


@dataclass(frozen=True)
class LeftOut:
    """What stands in the file and not in the raw table: lines around it (the first hundred, and how many), and other
    tables."""

    lines: tuple[RowNote, ...] = ()
    line_count: int = 0
    tables: tuple[str, ...] = ()

    @classmethod
    def of(cls, receipt: Receipt) -> "LeftOut":
        return cls(receipt.skipped, receipt.skipped_count, receipt.other_tables)


def export_table(table: Table, out: Path, *, format: Literal["csv", "parquet"]) -> None:  # noqa: A002
    """Write the typed table with its own column names. In CSV, text that a spreadsheet would run gets a leading `'`;
    numbers and dates never do. Cells that did not fit their column's type keep their text in CSV and are missing in
    Parquet, whose columns have one type."""
    if format == "parquet":
        _copy_parquet(table, out)
        return
    cells = ", ".join(f"{_safe_text(table, column.name)} AS c{p}" for p, column in enumerate(table.columns))
    _copy_csv(table.connection, f"SELECT {cells} FROM {table.relation} ORDER BY rowid", _header(table), out)


def export_raw(
    path: Path,
    out: Path,
    *,
    name: str,
    options: ReadingOptions,
    limits: Limits,
    connection: duckdb.DuckDBPyConnection,
) -> LeftOut:
    """Write the main table of the file as CSV with every cell's text untouched, header first, and return what is not
    in it. Rows of delimited text keep as many cells as they have. Raises what `read_table` raises."""
    with tempfile.TemporaryDirectory(prefix="unpacked-", dir=scratch_of(connection)) as scratch:
        kind, path, name = open_file(path, name=name, options=options, limits=limits, scratch=Path(scratch))
        if kind == "delimited":
            return _export_delimited(path, out, options=options, limits=limits, connection=connection)
        text = find_table(
            path, name=name, options=options, limits=limits, connection=connection, scratch=Path(scratch)
        ).text
        _copy_raw(text, out, connection)
    connection.execute("DROP TABLE IF EXISTS raw")
    return LeftOut.of(text.receipt)


def _export_delimited(
    path: Path, out: Path, *, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> LeftOut:
    straight = scan_delimited(path, options=options, limits=limits)
    if straight is not None:
        try:
            _copy_raw(straight, out, connection)
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            pass  # a row of another width or bytes that are not UTF-8 somewhere inside: read with care below
        else:
            return LeftOut.of(straight.receipt)
    table = read_as_it_stands(path, options=options, limits=limits)
    if table is None:
        text = read_delimited(path, options=options, limits=limits, connection=connection, as_it_stands=True)
        _copy_raw(text, out, connection)
        return LeftOut.of(text.receipt)
    with out.open("w", encoding="utf-8", errors="replace", newline="") as file:
        file.write(",".join(map(_cell, table.header)) + "\n")
        file.writelines(",".join(map(_cell, row)) + "\n" for row in table.rows)
    return LeftOut(table.left_out[:MOST_NOTES], len(table.left_out), table.other_tables)


def _copy_raw(text: TextTable, out: Path, connection: duckdb.DuckDBPyConnection) -> None:
    columns = ", ".join(f"c{position}" for position in range(len(text.names)))
    _copy_csv(connection, f"SELECT {columns} FROM {text.source}", list(text.header or text.names), out)


def _header(table: Table) -> list[str]:
    return ["'" + c.name if c.name.startswith(tuple(_STARTS_OF_FORMULAS)) else c.name for c in table.columns]


def _safe_text(table: Table, name: str) -> str:
    column = table.column(name)
    c = table.physical(name)
    if column.storage == "VARCHAR":
        return f"CASE WHEN substr({c}, 1, 1) IN ({_FORMULA_STARTS}) THEN '''' || {c} ELSE {c} END"
    text = f"CAST({c} AS VARCHAR)"
    if column.storage == "DOUBLE":
        text = f"regexp_replace({text}, '\\.0$', '')"
    elif column.storage == "TIMESTAMP":
        text = f"replace({text}, ' ', 'T')"
    misfit = table.misfits.get(name)
    if misfit is None:
        return text
    return (
        f"coalesce({text}, CASE WHEN substr({misfit}, 1, 1) IN ({_FORMULA_STARTS}) THEN '''' || {misfit} ELSE {misfit}"
        " END)"
    )


def _copy_csv(connection: duckdb.DuckDBPyConnection, select: str, header: list[str], out: Path) -> None:
    """Write RFC 4180: comma, doubled quotes, CRLF-safe, UTF-8 without BOM, header first."""
    with out.open("wb") as file:
        file.write((",".join(_cell(name) for name in header) + "\n").encode("utf-8", "replace"))
    with tempfile.TemporaryDirectory(prefix="export-", dir=out.parent) as folder:
        body = Path(folder) / "body.csv"
        connection.execute(
            f"COPY ({select}) TO {quoted(str(body))} (FORMAT csv, HEADER false, DELIMITER ',', QUOTE '\"', ESCAPE '\"',"
            " NULLSTR '')"
        )
        with out.open("ab") as target, body.open("rb") as source:
            while chunk := source.read(1 << 20):
                target.write(chunk)


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(ch in text for ch in ',"\r\n') or text != text.strip() else text


def _copy_parquet(table: Table, out: Path) -> None:
    names = _spelled_apart(tuple(column.name for column in table.columns))
    renamed = ", ".join(f"c{p} AS {_identifier(name)}" for p, name in enumerate(names))
    table.connection.execute(
        f"COPY (SELECT {renamed} FROM {table.relation} ORDER BY rowid) TO {quoted(str(out))} (FORMAT parquet)"
    )


def _spelled_apart(names: tuple[str, ...]) -> list[str]:
    """The engine folds the case of names, so `Rate` and `rate` are told apart by a number."""
    seen: set[str] = set()
    result = []
    for name in names:
        chosen, number = name, 2
        while chosen.casefold() in seen:
            chosen, number = f"{name} ({number})", number + 1
        seen.add(chosen.casefold())
        result.append(chosen)
    return result


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""').replace("\x00", "") + '"'
