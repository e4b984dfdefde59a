"""Exact counts of a column that holds no numbers: how many values, which are frequent, first and last, how long."""

from datapilot.analysis.column_summary import ColumnSummary, share
from datapilot.contracts.profile import TopValue
from datapilot.contracts.table import Column
from datapilot.engine.preview import plain_value
from datapilot.engine.table import Table
from datapilot.engine.values import published


def summarize_values(table: Table, column: Column, *, top: int) -> ColumnSummary:
    """Return the counts of a column's typed cells. Cells are grouped once; the rest works on the groups."""
    is_text = column.storage == "VARCHAR"
    size, total_size = ("length(v)", "sum(length(v) * n)") if is_text else ("v", "NULL")
    physical = table.physical(column.name)
    sql = f"""
        WITH g AS MATERIALIZED (
            SELECT {physical} AS v, count(*) AS n FROM {table.relation} WHERE {physical} IS NOT NULL GROUP BY 1
        ), often AS (SELECT v, n FROM g WHERE n > 1 ORDER BY n DESC, v LIMIT {top})
        SELECT coalesce(sum(n), 0), count(*), min({size}), max({size}), {total_size},
               (SELECT list(v ORDER BY n DESC, v) FROM often), (SELECT list(n ORDER BY n DESC, v) FROM often)
        FROM g
    """
    found = table.connection.execute(sql).fetchone()
    assert found is not None
    count, unique, low, high, length, values, times = found
    tops = tuple(
        TopValue(value=plain_value(value), count=one, share=share(one, table.row_count))
        for value, one in zip(values or (), times or (), strict=True)
    )
    if not is_text:
        return ColumnSummary(int(count), unique, tops, minimum=published(low), maximum=published(high))
    mean_length = float(f"{length / count:.12g}") if count else None
    return ColumnSummary(int(count), unique, tops, min_length=low, max_length=high, mean_length=mean_length)
