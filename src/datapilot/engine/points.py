"""Rows as points of two columns: what a scatter shows of a part of a table."""

from datapilot.contracts.points import Points, PointsAsked
from datapilot.engine.conditions import rows_of
from datapilot.engine.preview import plain_value
from datapilot.engine.table import Table

MOST_POINTS = 500  # more would hide each other, and each is a node of the page


def points_of(asked: PointsAsked, table: Table) -> Points:
    """Return the rows asked for, evenly thinned. Raises UnknownMeasure for an unknown column or an unfit condition."""
    rows = rows_of(asked.filters, table)
    one, other = (table.physical(name) for name in asked.columns)
    known = " AND ".join([f"{one} IS NOT NULL", f"{other} IS NOT NULL", *([rows.sql] if rows.sql else [])])
    counted = table.connection.execute(f"SELECT count(*) FROM {table.relation} WHERE {known}", rows.values).fetchone()
    total = counted[0] if counted else 0
    step = max(1, -(-total // MOST_POINTS))
    found = table.connection.execute(
        f"SELECT x, y FROM (SELECT {one} AS x, {other} AS y, row_number() OVER (ORDER BY rowid) AS place "
        f"FROM {table.relation} WHERE {known}) WHERE (place - 1) % {step} = 0 ORDER BY place",
        rows.values,
    ).fetchall()
    return Points(step=step, total=total, points=tuple((plain_value(x), plain_value(y)) for x, y in found))
