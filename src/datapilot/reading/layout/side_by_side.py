"""Part tables that stand side by side in one sheet or text, with an empty column between them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from datapilot.contracts.table import RowNote
from datapilot.reading.layout.header_rows import names_columns
from datapilot.reading.layout.row_shapes import snippet
from datapilot.reading.records import Row

FEWEST_COLUMNS, FEWEST_ROWS = 2, 3  # a header and two rows; less is a note beside the table
UNLIKE = 0.2  # share of the rows that only one of two tables has, from which they are no one table with a gap
GAPS = 0.1  # share of its height that a table may leave blank
GLANCED_ROWS = 300  # in which nearly all files show that no column is empty


class Part(NamedTuple):
    """The columns `first` to before `stop`, the rows in which they are filled, and the row `top` from which on the
    table's titles stand above them."""

    first: int
    stop: int
    rows: tuple[int, ...]
    top: int

    @property
    def height(self) -> int:
        return self.rows[-1] - self.rows[0] + 1


class Main(NamedTuple):
    """The table to read: its `rows`, cut to its columns, and which rows and columns of all they are. For the receipt,
    `others` say where the tables beside it are and how they begin, `skipped` which lines around it are none of its
    rows, `notes` how it was found."""

    rows: list[Row]
    lines: slice
    columns: slice
    others: tuple[str, ...]
    skipped: tuple[RowNote, ...] = ()
    notes: tuple[str, ...] = ()


def main_beside(rows: Sequence[Row], *, first_column: int = 0) -> Main | None:
    """Return the largest of the tables that stand side by side; None where the rows are one table. The first cells of
    rows are in the column `first_column` of the sheet, counted from 0."""
    parts = parts_beside(rows)
    if not parts:
        return None
    main, *others = parts
    lines, columns = slice(main.top, main.rows[-1] + 1), slice(main.first, main.stop)
    cut = [Row(row.line, row.cells[columns]) for row in rows[lines]]
    return Main(cut, lines, columns, tuple(_said_of(rows, part, first_column=first_column) for part in others))


def parts_beside(rows: Sequence[Row]) -> list[Part]:
    """Return the tables that stand side by side, the largest first; [] where the sheet is one table. An empty column
    parts two tables only where each has names of its own and they are of different heights or have the same names."""
    glanced = rows[:: max(1, len(rows) // GLANCED_ROWS)]
    if len(_neighbours(_filled(glanced))) < 2:
        return []
    filled = _filled(rows)
    parts = [_part(group, filled) for group in _neighbours(filled)]
    tables = [part for part in parts if _is_table(rows, part)]
    if len(tables) < 2 or len(tables) < len(parts):
        return []
    main = max(tables, key=lambda part: (part.stop - part.first) * len(part.rows))
    if any(not _are_apart(rows, main, part) for part in tables if part is not main):
        return []
    return [main, *(part for part in tables if part is not main)]


def _part(columns: Sequence[int], filled: Mapping[int, set[int]]) -> Part:
    """Return the table in those neighbouring columns, its titles apart: rows above all others that fill one cell."""
    counts = Counter(row for position in columns for row in filled[position])
    rows = sorted(counts)
    titles = next((place for place, row in enumerate(rows) if counts[row] > 1), 0)
    return Part(columns[0], columns[-1] + 1, tuple(rows[titles:]), rows[0])


def _filled(rows: Sequence[Row]) -> dict[int, set[int]]:
    """Return by column the rows in which it holds something."""
    filled: dict[int, set[int]] = {}
    for index, row in enumerate(rows):
        for position, cell in enumerate(row.cells):
            if cell and not cell.isspace():
                filled.setdefault(position, set()).add(index)
    return filled


def _neighbours(positions: Iterable[int]) -> list[list[int]]:
    """Return the positions in groups without a gap."""
    groups: list[list[int]] = []
    for position in sorted(positions):
        if groups and position == groups[-1][-1] + 1:
            groups[-1].append(position)
        else:
            groups.append([position])
    return groups


def _said_of(rows: Sequence[Row], part: Part, *, first_column: int) -> str:
    """Return where the table is and how it begins, for the receipt."""
    columns = f"{column_letters(first_column + part.first)}–{column_letters(first_column + part.stop - 1)}"
    beginning = snippet(rows[part.rows[0]].cells[part.first : part.stop])
    return (
        f"Columns {columns}, lines {rows[part.rows[0]].line}–{rows[part.rows[-1]].line}: {len(part.rows)} rows ×"
        f" {part.stop - part.first} columns, beginning with “{beginning}”"
    )


def _is_table(rows: Sequence[Row], part: Part) -> bool:
    if part.stop - part.first < FEWEST_COLUMNS or len(part.rows) < FEWEST_ROWS:
        return False
    return part.height - len(part.rows) <= GAPS * part.height and names_columns(
        _cut(rows, part), 0, part.stop - part.first
    )


def _are_apart(rows: Sequence[Row], main: Part, other: Part) -> bool:
    shared = len(set(main.rows) & set(other.rows))
    if max(len(main.rows), len(other.rows)) - shared > UNLIKE * max(len(main.rows), len(other.rows)):
        return True
    return _names(rows, main) == _names(rows, other)


def _names(rows: Sequence[Row], part: Part) -> list[str]:
    return [cell.strip().casefold() for cell in rows[part.rows[0]].cells[part.first : part.stop]]


def _cut(rows: Sequence[Row], part: Part) -> list[Row]:
    return [Row(rows[index].line, rows[index].cells[part.first : part.stop]) for index in part.rows]


def column_letters(position: int) -> str:
    """Return the name of a column of a sheet, counted from 0: A, B, … Z, AA."""
    letters = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
