"""Write a table to a file: clean and safe to open in a spreadsheet, or raw, each cell's text as it stood."""

import tempfile
from pathlib import Path
from typing import Literal

import duckdb

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.table import Table
from datapilot.reading.find_table import find_table
from datapilot.reading.text_table import quoted

# A spreadsheet runs a cell that begins with one of these; an apostrophe in front makes it text (OWASP, CSV injection).
_FORMULA_STARTS = "'=', '+', '-', '@', chr(9), chr(13)"


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
) -> None:
    """Write the main table of the file with every cell's text untouched, header first: CSV, or Parquet of text columns
    when `out` ends in `.parquet`. Raises what `read_table` raises."""
    with tempfile.TemporaryDirectory(prefix="unpacked-") as scratch:
        found = find_table(
            path, name=name, options=options, limits=limits, connection=connection, scratch=Path(scratch)
        )
        try:
            _write_raw(connection, found.text.source, found.text.names, out)
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            if found.closer is None:
                raise
            text = found.closer()
            _write_raw(connection, text.source, text.names, out)
    connection.execute("DROP TABLE IF EXISTS raw")


def _write_raw(connection: duckdb.DuckDBPyConnection, source: str, names: tuple[str, ...], out: Path) -> None:
    columns = [f"c{p}" for p in range(len(names))]
    if out.suffix.lower() == ".parquet":
        renamed = ", ".join(f"{c} AS {_identifier(n)}" for c, n in zip(columns, _spelled_apart(names), strict=True))
        connection.execute(f"COPY (SELECT {renamed} FROM {source}) TO {quoted(str(out))} (FORMAT parquet)")
        return
    _copy_csv(connection, f"SELECT {', '.join(columns)} FROM {source}", list(names), out)


def _header(table: Table) -> list[str]:
    return ["'" + c.name if c.name[:1] in {"=", "+", "-", "@", "\t", "\r"} else c.name for c in table.columns]


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
