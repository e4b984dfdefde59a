"""Cut a sheet to the table that its workbook marks as one, which leaves out what was scribbled beside it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from datapilot.contracts.table import RowNote
from datapilot.reading.layout.not_records import BELOW, TOTAL_ROW, note_above
from datapilot.reading.layout.row_shapes import filled_cells, snippet
from datapilot.reading.layout.side_by_side import Main, column_letters
from datapilot.reading.records import Row

FEWEST_COLUMNS, FEWEST_ROWS = 2, 2
MOSTLY = 0.5  # of the rows, from which a column right beside the area belongs to it
_GIVEN_NAME = re.compile(r"(\D+)(\d+)")  # Column1, Spalte1: what the program calls a column without a name


class MarkedTable(NamedTuple):
    """The rows from `top` to before `bottom` and the columns from `left` to before `right` of a sheet, counted from 0,
    the names included; `has_totals` says that the last row holds totals."""

    name: str
    top: int
    bottom: int
    left: int
    right: int
    has_totals: bool


def main_marked(rows: Sequence[Row], tables: Sequence[MarkedTable], *, first_column: int) -> Main | None:
    """Return the largest of the marked tables; None where more of the sheet stands outside of all, or nothing does.
    The first cells of rows are in the column `first_column` of the sheet, counted from 0."""
    if not rows:
        return None
    shift = (1 - rows[0].line, -first_column)
    areas = [area for one in tables if (area := _within(rows, one, shift)) is not None]
    if not areas:
        return None
    main = _grown(rows, max(areas, key=lambda area: _filled(rows, area)))
    others = [area for area in areas if area.name != main.name]
    everywhere = sum(filled_cells(row.cells) for row in rows)
    inside = _filled(rows, main)
    outside = everywhere - inside - sum(_filled(rows, area) for area in others)
    if inside == everywhere or outside >= inside:
        return None
    return _cut(rows, main, others, first_column=first_column)


def _within(rows: Sequence[Row], table: MarkedTable, shift: tuple[int, int]) -> MarkedTable | None:
    """Return the table with its places counted from the first of the rows and cells; None where it is too small."""
    down, right = shift
    area = table._replace(
        top=max(0, table.top + down),
        bottom=min(len(rows), table.bottom + down),
        left=max(0, table.left + right),
        right=table.right + right,
    )
    is_large = area.bottom - area.top >= FEWEST_ROWS and area.right - area.left >= FEWEST_COLUMNS
    return area if is_large else None


def _grown(rows: Sequence[Row], area: MarkedTable) -> MarkedTable:
    """Return the area with the rows and columns that were added right beside it, and without names that only the
    program gave."""
    bottom = area.bottom
    while not area.has_totals and bottom < len(rows) and filled_cells(_cells(rows[bottom], area)) > 1:
        bottom += 1
    area = area._replace(bottom=bottom)
    while _belongs(rows, area, area.right):
        area = area._replace(right=area.right + 1)
    while area.left > 0 and _belongs(rows, area, area.left - 1):
        area = area._replace(left=area.left - 1)
    given = [_GIVEN_NAME.fullmatch(cell.strip()) for cell in _cells(rows[area.top], area)]
    numbers = [int(name[2]) if name else 0 for name in given]
    words = {name[1] if name else "" for name in given}
    if len(words) == 1 and numbers == list(range(1, len(given) + 1)):
        area = area._replace(top=area.top + 1)
    return area


def _belongs(rows: Sequence[Row], area: MarkedTable, column: int) -> bool:
    """Whether the column right beside the area has a name and mostly values in its rows."""
    held = [column < len(row.cells) and bool(row.cells[column].strip()) for row in rows[area.top : area.bottom]]
    return held[0] and sum(held) > MOSTLY * len(held)


def _cells(row: Row, area: MarkedTable) -> Sequence[str]:
    return row.cells[area.left : area.right]


def _filled(rows: Sequence[Row], area: MarkedTable) -> int:
    return sum(filled_cells(_cells(row, area)) for row in rows[area.top : area.bottom])


def _cut(rows: Sequence[Row], main: MarkedTable, others: Sequence[MarkedTable], *, first_column: int) -> Main:
    last = main.bottom - main.has_totals
    lines, columns = slice(main.top, last), slice(main.left, main.right)
    above = [note_above(row) for row in rows[: main.top] if filled_cells(row.cells)]
    total = [_note(row, TOTAL_ROW, _cells(row, main)) for row in rows[last : main.bottom]]
    below = [_note(row, BELOW, row.cells) for row in rows[main.bottom :] if filled_cells(row.cells)]
    beside = sum(filled_cells(row.cells) for row in rows[main.top : main.bottom]) - _filled(rows, main)
    beside -= sum(
        _filled(rows, one._replace(top=max(one.top, main.top), bottom=min(one.bottom, main.bottom))) for one in others
    )
    where = _where(rows, main, first_column=first_column)
    said = f"The workbook marks {where} as a table, “{main.name}”, which was read"
    return Main(
        rows=[Row(row.line, list(_cells(row, main))) for row in rows[lines]],
        lines=lines,
        columns=columns,
        others=tuple(f"Table “{one.name}”: {_where(rows, one, first_column=first_column)}" for one in others),
        skipped=(*above, *total, *below),
        notes=(f"{said}; cells beside it: {beside:,}." if beside else f"{said}.",),
    )


def _note(row: Row, reason: str, cells: Sequence[str]) -> RowNote:
    return RowNote(line=row.line, reason=reason, text=snippet(cells))


def _where(rows: Sequence[Row], area: MarkedTable, *, first_column: int) -> str:
    first, last = (column_letters(first_column + place) for place in (area.left, area.right - 1))
    return f"columns {first}–{last}, lines {rows[area.top].line}–{rows[area.bottom - 1].line}"
