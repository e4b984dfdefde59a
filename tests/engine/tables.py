"""Tables made straight from Python rows, for tests of rooms that work on a read table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from datapilot.contracts.table import Column
from datapilot.engine.table import Table

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
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    misfits: Mapping[str, Mapping[int, str]] | None = None,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> Table:
    """Return a table of the given rows, one value per column; `misfits` maps a column to its unreadable cells' texts
    by row index (the typed value there must be None)."""
    connection = connection or duckdb.connect()
    listed = [tuple(row) for row in rows]
    hidden = {name: f"m{number}" for number, name in enumerate(misfits or {})}
    kinds = [f"c{position} {one.storage}" for position, one in enumerate(columns)]
    connection.execute(f"CREATE OR REPLACE TABLE data ({', '.join([*kinds, *(f'{name} VARCHAR' for name in hidden.values())])})")
    width = len(columns) + len(hidden)
    filled = [(*row, *((misfits or {})[name].get(index) for name in hidden)) for index, row in enumerate(listed)]
    if filled:
        connection.executemany(f"INSERT INTO data VALUES ({', '.join('?' * width)})", filled)
    return Table(connection=connection, columns=tuple(columns), row_count=len(listed), misfits=hidden)
