"""The first distinct values of each column, in file order; personal ones masked."""

from datapilot.analysis.masking import masked
from datapilot.contracts.base import Scalar
from datapilot.contracts.table import Column
from datapilot.engine.preview import plain_value
from datapilot.engine.table import Table

SAMPLES = 5
LEADING_ROWS = 200  # nearly always hold five distinct values of every column; other columns are searched one by one
COLUMNS_AT_ONCE = 500


def sample_values(table: Table, unique_counts: dict[str, int]) -> dict[str, tuple[Scalar, ...]]:
    """Return up to five distinct values per column. `unique_counts` says how many there are to be found."""
    return {
        column.name: _shown(column, values)
        for start in range(0, len(table.columns), COLUMNS_AT_ONCE)
        for column, values in _first_values(table, table.columns[start : start + COLUMNS_AT_ONCE], unique_counts)
    }


def _first_values(
    table: Table, columns: tuple[Column, ...], unique_counts: dict[str, int]
) -> list[tuple[Column, list[object]]]:
    listed = ", ".join(table.physical(column.name) for column in columns)
    rows = table.connection.execute(
        f"SELECT {listed} FROM {table.relation} WHERE rowid < {LEADING_ROWS} ORDER BY rowid"
    ).fetchall()
    found = []
    for position, column in enumerate(columns):
        seen = dict.fromkeys(row[position] for row in rows if row[position] is not None)
        values = list(seen)[:SAMPLES]
        if len(values) < min(SAMPLES, unique_counts[column.name]) and table.row_count > LEADING_ROWS:
            values = _searched(table, column)
        found.append((column, values))
    return found


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
