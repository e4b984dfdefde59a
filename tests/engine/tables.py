"""Tables made straight from Python rows, for tests of rooms that work on a read table."""

import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

import duckdb

from datapilot.contracts.table import Column
from datapilot.engine.memory import Memory
from datapilot.engine.table import Table

ROWS_PER_INSERT = 100
_NUMBERS = count()
_INFERRED = {
    "BIGINT": ("numeric", "sum", "numeric"),
    "DOUBLE": ("numeric", "sum", "numeric"),
    "BOOLEAN": ("boolean", "count", "categorical"),
    "DATE": ("datetime", "count", "datetime"),
    "TIME": ("datetime", "count", "datetime"),
    "TIMESTAMP": ("datetime", "count", "datetime"),
    "VARCHAR": ("categorical", "count", "categorical"),
}


def column(name: str, storage: str, **known: Any) -> Column:
    """Return a column of a storage type with the ordinary role of that type; `known` overrides."""
    inferred, role, ml_type = _INFERRED[storage]
    given = {"inferred_type": inferred, "role": role, "ml_type": ml_type, "confidence": 1.0} | known
    return Column.model_validate({"name": name, "storage": storage} | given)


def make_table(
    columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, misfits: Mapping[str, Mapping[int, str]] | None = None
) -> Table:
    """Return a table of the given rows, one value per column; `misfits` maps a column to its unreadable cells' texts
    by row index (the typed value there must be None). It is dropped when nobody holds it any more."""
    connection = _engine()
    relation = f"data{next(_NUMBERS)}"
    listed = [tuple(row) for row in rows]
    hidden = {name: f"m{number}" for number, name in enumerate(misfits or {})}
    kinds = [f"c{position} {one.storage}" for position, one in enumerate(columns)]
    kinds += [f"{name} VARCHAR" for name in hidden.values()]
    connection.execute(f"CREATE TABLE {relation} ({', '.join(kinds)})")
    width = len(columns) + len(hidden)
    filled = [(*row, *((misfits or {})[name].get(index) for name in hidden)) for index, row in enumerate(listed)]
    for start in range(0, len(filled), ROWS_PER_INSERT):
        part = filled[start : start + ROWS_PER_INSERT]
        marks = ", ".join([f"({', '.join('?' * width)})"] * len(part))
        connection.execute(f"INSERT INTO {relation} VALUES {marks}", [value for row in part for value in row])
    table = Table(connection, tuple(columns), len(listed), relation, hidden)
    weakref.finalize(table, connection.execute, f"DROP TABLE IF EXISTS {relation}")
    return table


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """One engine for all tables: opening one takes longer than most tests."""
    return duckdb.connect()


def forgetful(table: Table) -> Table:
    """Return the same table with nothing remembered, so that facts are computed from its cells."""
    return replace(table, memory=Memory())
