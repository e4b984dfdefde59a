"""Find the table in a Parquet file: its columns as text that means the same, nested ones as JSON."""

import re
from collections.abc import Sequence
from pathlib import Path

from datapilot.contracts.errors import CorruptFile, NotATable
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions, Receipt
from datapilot.engine import duckdb
from datapilot.reading.layout.header import distinct
from datapilot.reading.text_table import TextTable, check_width, quoted

SAMPLE_CELLS = 100_000
COLUMNS_AT_ONCE = 40  # more aggregates in one statement cost the planner more than they save the scan
_FLOATING = frozenset({"DOUBLE", "FLOAT"})
_NATIVE = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "DATE", "TIME", "BOOLEAN", "HUGEINT")


def read_parquet(
    path: Path, *, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return the table; raises CorruptFile for a file that cannot be decoded and NotATable for one without rows."""
    file = f"read_parquet({quoted(str(path))})"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()
        counted = connection.execute(f"SELECT count(*) FROM {file}").fetchone()
    except duckdb.Error as error:
        raise CorruptFile(
            f"The Parquet file is damaged or uses a feature that cannot be read ({str(error).splitlines()[0][:120]})."
            " Write it again."
        ) from None
    rows = int(counted[0]) if counted else 0
    if not described or not rows:
        raise NotATable("The Parquet file holds no rows. Check that the export finished and upload it again.")
    check_width(len(described), limits)
    names = [str(row[0]) for row in described]
    types = [str(row[1]) for row in described]
    cells = ", ".join(f"{_as_text(f'c{p}', kind)} AS c{p}" for p, kind in enumerate(types))
    aliases = ", ".join(f"c{p}" for p in range(len(names)))
    source = f"(SELECT {cells} FROM {file} AS t({aliases}))"
    step = max(1, rows * len(names) // SAMPLE_CELLS)
    sample = connection.execute(
        f"SELECT * EXCLUDE (n) FROM (SELECT *, row_number() OVER () AS n FROM {source}) WHERE n % {step} = 0 OR n = 1"
    ).fetchall()
    native = frozenset(p for p, kind in enumerate(types) if kind.startswith(_NATIVE) or "INT" in kind)
    notes = (*_notes(names, types), *_notes_on_infinity(connection, file, names, types))
    receipt = Receipt(file_type="parquet", notes=notes, options=options)
    return TextTable(source, distinct(names), sample, receipt, exact_sample=step == 1, native=native)


def _notes(names: Sequence[str], types: Sequence[str]) -> tuple[str, ...]:
    """Say where a cell's text means less, or something else, than the file's own type."""
    said = (
        ("Moments with a time zone were converted to UTC", lambda kind: kind == "TIMESTAMP WITH TIME ZONE"),
        ("Nested values are kept as JSON text", _is_nested),
        ("Moments are read to the microsecond", lambda kind: kind == "TIMESTAMP_NS"),
        ("Decimals and whole numbers beyond 15 digits are read as floating-point numbers", _is_beyond_float),
    )
    notes = []
    for sentence, applies in said:
        columns = [name for name, kind in zip(names, types, strict=True) if applies(kind)]
        if columns:
            notes.append(f"{sentence}: {', '.join(columns[:10])}{', …' if len(columns) > 10 else ''}.")
    return tuple(notes)


def _notes_on_infinity(
    connection: duckdb.DuckDBPyConnection, file: str, names: Sequence[str], types: Sequence[str]
) -> tuple[str, ...]:
    """Say which columns hold infinite numbers, which no sum survives: they count as missing."""
    floating = [(f"c{p}", name) for p, (name, kind) in enumerate(zip(names, types, strict=True)) if kind in _FLOATING]
    aliases = ", ".join(f"c{p}" for p in range(len(names)))
    found = []
    for start in range(0, len(floating), COLUMNS_AT_ONCE):
        batch = floating[start : start + COLUMNS_AT_ONCE]
        asked = ", ".join(f"count(*) FILTER (isinf({column}))" for column, _ in batch)
        counts = connection.execute(f"SELECT {asked} FROM {file} AS t({aliases})").fetchone() or ()
        found += [f"{name} ({count:,})" for (_, name), count in zip(batch, counts, strict=True) if count]
    if not found:
        return ()
    return (f"Infinite numbers count as missing: {', '.join(found[:10])}{', …' if len(found) > 10 else ''}.",)


def _is_nested(kind: str) -> bool:
    return kind.startswith(("STRUCT", "MAP", "LIST")) or kind.endswith("]")


def _is_beyond_float(kind: str) -> bool:
    match = re.fullmatch(r"DECIMAL\((\d+),\d+\)", kind)
    return kind in {"HUGEINT", "UHUGEINT"} or (match is not None and int(match[1]) > 18)


def _as_text(column: str, kind: str) -> str:
    if _is_nested(kind):
        return f"CAST(to_json({column}) AS VARCHAR)"
    if kind in _FLOATING:
        return (
            f"CASE WHEN isfinite({column}) THEN regexp_replace(CAST(CAST({column} AS DOUBLE) AS VARCHAR), '\\.0$',"
            " '') END"
        )
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"CAST({column} AT TIME ZONE 'UTC' AS VARCHAR)"
    if kind == "BLOB":
        return f"TRY_CAST({column} AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"
