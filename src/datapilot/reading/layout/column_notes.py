"""The two lines below the names by which Orange says the kind and the use of each column: they are no rows."""

from collections.abc import Sequence

from datapilot.contracts.table import RowNote
from datapilot.reading.layout.row_shapes import snippet
from datapilot.reading.records import Row

KINDS = frozenset({"c", "continuous", "d", "discrete", "s", "string", "t", "time", "n", "numeric"})
USES = frozenset({"", "class", "i", "ignore", "m", "meta", "w", "weight", "instance"})
SAID = "says the kind of each column", "says the use of each column"


def without_column_notes(rows: list[Row]) -> tuple[list[Row], tuple[RowNote, ...]]:
    """Return the rows without those two lines, which are said; all rows and () where they are rows of the table."""
    if not has_column_notes(rows):
        return rows, ()
    notes = tuple(
        RowNote(line=row.line, reason=reason, text=snippet(row.cells))
        for row, reason in zip(rows[1:3], SAID, strict=True)
    )
    return [rows[0], *rows[3:]], notes


def has_column_notes(rows: Sequence[Row]) -> bool:
    """True where the line below the first names a kind for every column, or lists its few values, and the next one
    nothing but uses."""
    if len(rows) < 4:
        return False
    names, kinds, uses = (row.cells for row in rows[:3])
    words = [cell.strip().lower() for cell in kinds]
    if len(words) < 2 or len(words) != len(names) or not all(names):
        return False
    known = sum(word in KINDS for word in words)
    if 4 * known < len(words) or not all(word in KINDS or len(word.split()) > 1 for word in words):
        return False
    told = [cell.strip().lower().split() for cell in uses]
    return len(told) <= len(names) and all(USES.issuperset(cell) or "=" in cell[0] for cell in told)
