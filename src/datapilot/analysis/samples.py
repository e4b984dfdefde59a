"""The first distinct values of each column, in file order; personal ones masked."""

from collections.abc import Sequence

from datapilot.analysis.masking import masked
from datapilot.contracts.base import Scalar
from datapilot.contracts.table import Column
from datapilot.engine.preview import plain_value
from datapilot.engine.table import Table

SAMPLES = 5
# Rows that are looked through for five distinct values: a few hold them for most columns, more for nearly all others;
# what is left is searched one by one.
LEADING_ROWS = (32, 200)
COLUMNS_AT_ONCE = 500


def sample_values(table: Table, unique_counts: dict[str, int]) -> dict[str, tuple[Scalar, ...]]:
    """Return up to five distinct values per column. `unique_counts` says how many there are to be found."""
    found: dict[str, list[object]] = {}
    wanted: Sequence[Column] = table.columns
    for rows in LEADING_ROWS:
        found |= _among_first(table, wanted, rows)
        wanted = [one for one in wanted if len(found[one.name]) < min(SAMPLES, unique_counts[one.name])]
        if rows >= table.row_count:
            break
    else:
        found |= {column.name: _searched(table, column) for column in wanted}
    return {column.name: _shown(column, found[column.name]) for column in table.columns}


def _among_first(table: Table, columns: Sequence[Column], rows: int) -> dict[str, list[object]]:
    """Return up to five distinct values per column from the first rows."""
    found: dict[str, list[object]] = {}
    for start in range(0, len(columns), COLUMNS_AT_ONCE):
        batch = columns[start : start + COLUMNS_AT_ONCE]
        listed = ", ".join(table.physical(column.name) for column in batch)
        cells = table.connection.execute(
            f"SELECT {listed} FROM {table.relation} WHERE rowid < {rows} ORDER BY rowid"
        ).fetchall()
        for column, values in zip(batch, zip(*cells, strict=True), strict=False):
            seen = dict.fromkeys(values)
            seen.pop(None, None)
            found[column.name] = list(seen)[:SAMPLES]
    return {column.name: [] for column in columns} | found


def _searched(table: Table, column: Column) -> list[object]:
    physical = table.physical(column.name)
    sql = (
        f"SELECT {physical} FROM {table.relation} WHERE {physical} IS NOT NULL "
        f"GROUP BY 1 ORDER BY min(rowid) LIMIT {SAMPLES}"
    )
    return [value for (value,) in table.connection.execute(sql).fetchall()]


def _shown(column: Column, values: list[object]) -> tuple[Scalar, ...]:
    plain = [plain_value(value) for value in values]
    if column.pii is None:
        return tuple(plain)
    return tuple(dict.fromkeys(masked(value, column.pii) for value in plain))
