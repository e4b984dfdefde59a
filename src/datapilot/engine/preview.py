"""The first rows of a table as plain values, small enough for any page."""

from datetime import date, datetime, time

from datapilot.contracts.base import Scalar
from datapilot.engine.table import Table

PREVIEW_ROWS = 50  # what a reader scrolls through; the whole table can be downloaded
PREVIEW_CELLS = 25_000  # keeps a 5,000-column preview under 400 kB
CELL_CHARACTERS = 300  # longer text is cut with an ellipsis; the download holds all of it
FEWEST_CHARACTERS = 20
PREVIEW_BYTES = 600_000  # of the 2 MB a result may have


def preview_rows(table: Table) -> tuple[dict[str, Scalar], ...]:
    """Return the first 50 rows in file order, fewer for very wide tables, one record per row keyed by column name.

    Values are typed and clean: numbers, booleans, ISO dates; missing cells and cells that did not fit are None. Where
    texts are long and columns many, texts are cut shorter, and rows end where the preview would grow too large.
    """
    if not table.columns:
        return ()
    limit = min(PREVIEW_ROWS, max(1, PREVIEW_CELLS // len(table.columns)))
    names = [column.name for column in table.columns]
    listed = ", ".join(table.physical(name) for name in names)
    rows = table.connection.execute(f"SELECT {listed} FROM {table.relation} ORDER BY rowid LIMIT {limit}").fetchall()
    longest = max(FEWEST_CHARACTERS, min(CELL_CHARACTERS, PREVIEW_BYTES // (3 * len(names))))
    shown: list[dict[str, Scalar]] = []
    left = PREVIEW_BYTES
    for row in rows:
        record = {name: shortened(plain_value(cell), longest) for name, cell in zip(names, row, strict=True)}
        left -= sum(len(name.encode()) + len(str(cell).encode()) + 6 for name, cell in record.items())
        if shown and left < 0:
            break
        shown.append(record)
    return tuple(shown)


def shortened(value: Scalar, longest: int) -> Scalar:
    """Return a text cut to so many characters, its end told by an ellipsis; other values as they are."""
    return value if not isinstance(value, str) or len(value) <= longest else value[: longest - 1] + "…"


def plain_value(value: object) -> Scalar:
    """Return a cell as JSON knows it: dates and times as ISO 8601, long text cut at 300 characters."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat(timespec="auto")
    if isinstance(value, date | time):
        return value.isoformat()
    return shortened(str(value), CELL_CHARACTERS)
