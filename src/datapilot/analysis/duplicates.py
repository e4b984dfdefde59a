"""Rows equal to an earlier row: how many, and the first of them."""

from collections.abc import Mapping

from datapilot.contracts.measure import Measure
from datapilot.engine.evaluate import evaluate
from datapilot.engine.statements import cell_columns
from datapilot.engine.table import Table

EXAMPLES = 20  # rows named in the report; a reader checks a few
FEW_COLUMNS = 8  # those with most distinct values nearly always tell all rows apart
MANY_COLUMNS = 40  # from here on it pays to ask the few first


def count_duplicates(table: Table, unique_counts: Mapping[str, int]) -> int:
    """Return how many rows equal an earlier row in every cell. `unique_counts` are the columns' distinct values."""
    if len(table.columns) >= MANY_COLUMNS and _few_tell_apart(table, unique_counts):
        return 0
    value = evaluate([Measure(metric="duplicate_rows")], table)[0].value
    assert isinstance(value, int)
    return value


def _few_tell_apart(table: Table, unique_counts: Mapping[str, int]) -> bool:
    """Whether a few columns alone show that no two rows are equal. Different hashes are of different cells; equal ones
    prove nothing."""
    chosen = sorted(unique_counts, key=lambda name: -unique_counts[name])[:FEW_COLUMNS]
    cells = ", ".join(table.physical(name) for name in chosen)
    found = table.connection.execute(f"SELECT count(DISTINCT hash({cells})) FROM {table.relation}").fetchone()
    return found is not None and found[0] == table.row_count


def first_duplicates(table: Table) -> tuple[int, ...]:
    """Return the indices of the first 20 rows that equal an earlier row, in file order."""
    cells = ", ".join(cell_columns(table))
    sql = f"""
        WITH d AS (SELECT rowid AS r, {cells}, hash({cells}) AS h FROM {table.relation}),
        twice AS (SELECT h AS th FROM d GROUP BY h HAVING count(*) > 1)
        SELECT r FROM (
            SELECT r, row_number() OVER (PARTITION BY {cells} ORDER BY r) AS nth FROM d
            WHERE h IN (SELECT th FROM twice)
        ) AS numbered WHERE nth > 1 ORDER BY r LIMIT {EXAMPLES}
    """
    return tuple(row for (row,) in table.connection.execute(sql).fetchall())
