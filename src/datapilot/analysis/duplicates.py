"""Rows equal to an earlier row: how many, and the first of them."""

from datapilot.contracts.measure import Measure
from datapilot.engine.evaluate import evaluate
from datapilot.engine.statements import cell_columns
from datapilot.engine.table import Table

EXAMPLES = 20  # rows named in the report; a reader checks a few


def count_duplicates(table: Table) -> int:
    """Return how many rows equal an earlier row in every cell."""
    value = evaluate([Measure(metric="duplicate_rows")], table)[0].value
    assert isinstance(value, int)
    return value


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
