"""The first rows of a table as plain values, small enough for any page."""

from collections.abc import Sequence
from datetime import date, datetime, time

from datapilot.contracts.base import Scalar
from datapilot.engine.table import Table

PREVIEW_ROWS = 50  # what a reader scrolls through; the whole table can be downloaded
PREVIEW_CELLS = 25_000  # keeps a 5,000-column preview under 400 kB
CELL_CHARACTERS = 300  # longer text is cut with an ellipsis; the download holds all of it
FEWEST_CHARACTERS = 20
PREVIEW_BYTES = 600_000  # of the 2 MB a result may have
FEWEST_ROWS = 5  # a table so wide that these do not fit shows its first columns alone


def preview_rows(
    table: Table, names: Sequence[str] | None = None, *, most_bytes: int = PREVIEW_BYTES
) -> tuple[dict[str, Scalar], ...]:
    """Return the first 50 rows in file order, fewer for very wide tables, one record per row keyed by column name.

    Values are typed and clean: numbers, booleans, ISO dates; missing cells and cells that did not fit are None. Where
    texts are long and columns many, texts are cut shorter, and rows end where the preview would grow too large. It
    holds the columns in `names`, all by default, or the first of them where five rows of all would not fit.
    """
    names = _as_fit([column.name for column in table.columns] if names is None else names, most_bytes // FEWEST_ROWS)
    if not names:
        return ()
    limit = min(PREVIEW_ROWS, max(1, PREVIEW_CELLS // len(names)))
    listed = ", ".join(table.physical(name) for name in names)
    rows = table.connection.execute(
        f"SELECT {listed} FROM {table.relation} WHERE rowid < {limit} ORDER BY rowid"
    ).fetchall()
    longest = max(FEWEST_CHARACTERS, min(CELL_CHARACTERS, most_bytes // (3 * len(names))))
    shown: list[dict[str, Scalar]] = []
    left = most_bytes
    around = sum(len(name.encode()) + 6 for name in names)  # bytes of a row without its cells
    for row in rows:
        cells = [shortened(plain_value(cell), longest) for cell in row]
        left -= around + len("".join(map(str, cells)).encode())
        if shown and left < 0:
            break
        shown.append(dict(zip(names, cells, strict=True)))
    return tuple(shown)


def _as_fit(names: Sequence[str], most_bytes: int) -> list[str]:
    """Return as many of the first names as a row of `most_bytes` can have, at least one if there is any."""
    fits: list[str] = []
    for name in names:
        most_bytes -= len(name.encode()) + FEWEST_CHARACTERS
        if fits and most_bytes < 0:
            break
        fits.append(name)
    return fits


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
