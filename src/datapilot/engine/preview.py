"""The first rows of a table as plain values, small enough for any page."""

from datetime import date, datetime, time

from datapilot.contracts.base import Scalar
from datapilot.engine.table import Table

PREVIEW_ROWS = 50  # what a reader scrolls through; the whole table can be downloaded
PREVIEW_CELLS = 25_000  # keeps a 5,000-column preview under 400 kB
CELL_CHARACTERS = 300  # longer text is cut with an ellipsis; the download holds all of it


def preview_rows(table: Table) -> tuple[dict[str, Scalar], ...]:
    """Return the first 50 rows in file order, fewer for very wide tables, one record per row keyed by column name.

    Values are typed and clean: numbers, booleans, ISO dates; missing cells and cells that did not fit are None.
    """
    if not table.columns:
        return ()
    limit = min(PREVIEW_ROWS, max(1, PREVIEW_CELLS // len(table.columns)))
    names = [column.name for column in table.columns]
    listed = ", ".join(table.physical(name) for name in names)
    rows = table.connection.execute(f"SELECT {listed} FROM {table.relation} ORDER BY rowid LIMIT {limit}").fetchall()
    return tuple(dict(zip(names, map(plain_value, row), strict=True)) for row in rows)


def plain_value(value: object) -> Scalar:
    """Return a cell as JSON knows it: dates and times as ISO 8601, long text cut at 300 characters."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat(timespec="auto")
    if isinstance(value, date | time):
        return value.isoformat()
    text = str(value)
    return text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 1] + "…"
