"""Find the table in a workbook (XLSX, XLS, XLSB, ODS): the sheet, its header row, and the text of its cells."""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)  # fmt: skip

from datapilot.contracts.errors import CorruptFile, EmptyFile, EncryptedFile, ExpandsTooFar, SheetNotFound
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import FileType, ReadingOptions, Receipt
from datapilot.engine import duckdb
from datapilot.reading.archive import check_members
from datapilot.reading.body import MOST_NOTES, Body, Notes, evenly
from datapilot.reading.file_type import Kind
from datapilot.reading.layout import find_layout
from datapilot.reading.number_formats import shown_as
from datapilot.reading.one_column import layout_of_one_column
from datapilot.reading.records import Dialect, Row
from datapilot.reading.sheet_area import check_sheet_areas
from datapilot.reading.side_by_side import main_beside
from datapilot.reading.text_table import RAW_RELATION, TextTable, check_width, store_rows

MOST_CELLS = 60_000_000  # a sheet of a million rows and sixty columns; more does not fit a job's memory
SAMPLE_CELLS = 200_000
COUNTED_CELLS = 1_000_000  # sheets up to this size are compared by filled cells, larger ones by their area
NATIVE_SHARE = 0.95

Cell = str | int | float | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True)
class _Sheet:
    name: str
    is_visible: bool
    rows: int
    columns: int


@dataclass(frozen=True)
class _OpenSheet:
    """The cells of the chosen sheet; `merged` counts the ranges whose value was written into each of their rows."""

    sheets: list[_Sheet]
    chosen: _Sheet
    start_row: int
    start_column: int
    cells: list[list[Cell]]
    merged: int


def read_workbook(
    path: Path, *, kind: Kind, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return the table of the chosen sheet, the largest visible one unless told otherwise. Formulas count by their
    stored value. Raises EncryptedFile, CorruptFile, SheetNotFound, EmptyFile or ExpandsTooFar."""
    if kind in {"xlsx", "xlsb", "ods"}:
        check_members(path, limits)
    if kind in {"xlsx", "xlsb"}:
        check_sheet_areas(path)
    with _panics_refused():
        opened = _open_sheet(path, options=options, limits=limits)
    sheets, chosen, cells = opened.sheets, opened.chosen, opened.cells
    rows = [Row(opened.start_row + index + 1, [text_of(cell) for cell in row]) for index, row in enumerate(cells)]
    beside: tuple[str, ...] = ()
    first = opened.start_column
    if main := main_beside(rows, first_column=opened.start_column):
        rows, beside, first = main.rows, main.others, first + main.columns.start
        cells = [row[main.columns] for row in cells[main.lines]]
    filled = {position for row in rows for position, cell in enumerate(row.cells) if cell.strip()}
    if not filled:
        raise EmptyFile(
            f"The sheet “{chosen.name}” holds no filled cell, or nothing but errors. Check that it was saved."
        )
    if len(filled) == 1 and options.header_row is None:
        layout = layout_of_one_column(rows, filled.pop())
    else:
        layout = find_layout(rows, header_row=options.header_row)
    lone_row = not layout.body and options.header_row is None
    if lone_row:  # a sheet of one row: its cells are all there is to read
        layout = find_layout(rows, header_row=0)
    repaired, skipped = Notes(), Notes()
    body = Body(rows, layout, Dialect("", ""), repaired, skipped)
    table = [[row[p] if p < len(row) else "" for p in layout.kept] for row in body.rows(final=True)]
    store_rows(connection, table, len(layout.kept), limits)
    native = _native_columns([cells[index] for index in layout.body], layout.kept)
    notes = _notes(sheets, chosen, opened.merged, body.section_count, is_told=options.sheet is not None)
    if lone_row:
        notes = (*notes, "There is no row below the first filled one; it was read as data, not as a header.")
    receipt = Receipt(
        file_type=_file_type(kind),
        header_row=rows[layout.header[-1]].line if layout.header else None,
        sheet=chosen.name,
        sheets=tuple(item.name for item in sheets),
        other_tables=(*layout.other_tables, *beside),
        skipped=tuple(sorted([*layout.skipped, *skipped.kept], key=lambda note: note.line)[:MOST_NOTES]),
        skipped_count=len(layout.skipped) + skipped.count,
        repaired=tuple(repaired.kept),
        repaired_count=repaired.count,
        notes=notes,
        options=options,
    )
    sample = evenly(table, max(200, SAMPLE_CELLS // max(1, len(layout.kept))))
    shown = _shown(path, kind, opened.chosen.name, [first + position for position in layout.kept])
    return TextTable(RAW_RELATION, layout.names, sample, receipt, len(sample) == len(table), native, shown=shown)


@contextmanager
def _panics_refused() -> Iterator[None]:
    """Turn a panic of the workbook library into CorruptFile. A panic is no Exception, and it writes a trace of its own
    to the terminal, which is held back."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as held:
        terminal = os.dup(2)
        os.dup2(held.fileno(), 2)
        panicked = True
        try:
            yield
            panicked = False
        except BaseException as error:
            panicked = type(error).__module__ == "pyo3_runtime"
            if not panicked:
                raise
            raise _corrupt(Exception("its parts contradict each other")) from None
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
            held.seek(0)
            if not panicked and (said := held.read()):
                os.write(2, said)


def text_of(cell: Cell) -> str:
    """Return the cell as text that means the same everywhere: point decimals, ISO dates."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case int():
            return str(cell)
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            if cell.time() == time(0):
                return cell.date().isoformat()
            return cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return _clock(cell)


def _clock(duration: timedelta) -> str:
    seconds = int(duration.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _open_sheet(path: Path, *, options: ReadingOptions, limits: Limits) -> _OpenSheet:
    workbook = _open(path)
    sheets = _sizes(workbook)
    chosen = _choose(workbook, sheets, options.sheet)
    sheet = _load(workbook, chosen.name)
    if not chosen.rows or not chosen.columns:
        filled = ", ".join(f"“{sheet.name}”" for sheet in sheets if sheet.rows and sheet.columns)
        raise EmptyFile(
            f"The sheet “{chosen.name}” holds no filled cell."
            f"{f' Choose one that does: {filled}.' if filled else ' Check that the workbook was saved with its data.'}"
        )
    check_width(chosen.columns, limits)
    if chosen.rows * chosen.columns > MOST_CELLS:
        raise ExpandsTooFar(
            f"The sheet “{chosen.name}” claims {chosen.rows:,} × {chosen.columns:,} cells, more than can be read. "
            "Delete unused formatted rows and columns, or save the table as CSV."
        )
    cells: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=True)]
    start_row, start_column = sheet.start or (0, 0)
    return _OpenSheet(sheets, chosen, start_row, start_column, cells, _fill_merged(cells, sheet))


def _open(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError:
        raise EncryptedFile(
            "The workbook is protected by a password. Remove the password and upload it again."
        ) from None
    except (CalamineError, OSError, ValueError) as error:
        if "password" in str(error).lower():
            raise EncryptedFile(
                "The workbook is protected by a password. Remove the password and upload it again."
            ) from None
        if "limit exceeded" in str(error).lower():
            raise ExpandsTooFar(
                "A sheet of the workbook claims more cells than can be read. Delete unused rows and columns, or save"
                " the table as CSV."
            ) from None
        raise _corrupt(error) from None


def _corrupt(error: Exception) -> CorruptFile:
    return CorruptFile(
        "The workbook is damaged and cannot be opened"
        f" ({str(error).splitlines()[0][:120] if str(error) else 'unreadable'}). Open it in a spreadsheet program, save"
        " it again and upload that."
    )


def _load(workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        if "limit" in str(error).lower():
            raise ExpandsTooFar(
                f"The sheet “{name}” claims more cells than can be read. Delete unused formatted rows and columns."
            ) from None
        raise _corrupt(error) from None


def _sizes(workbook: CalamineWorkbook) -> list[_Sheet]:
    """Return the worksheets with the size of their filled area; charts and macros are no tables."""
    sheets = []
    problem: Exception | None = None
    for meta in workbook.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = _load(workbook, meta.name)
        except (CorruptFile, ExpandsTooFar) as error:
            problem = error
            continue
        sheets.append(_Sheet(meta.name, meta.visible == SheetVisibleEnum.Visible, sheet.height, sheet.width))
    if not sheets and problem is not None:
        raise problem
    return sheets


def _choose(workbook: CalamineWorkbook, sheets: Sequence[_Sheet], told: str | None) -> _Sheet:
    if told is not None:
        for sheet in sheets:
            if sheet.name.casefold() == told.strip().casefold():
                return sheet
        known = ", ".join(f"“{sheet.name}”" for sheet in sheets) or "none"
        raise SheetNotFound(f"The workbook has no sheet “{told}”. Its sheets are: {known}.")
    visible = [sheet for sheet in sheets if sheet.is_visible and sheet.rows] or [
        sheet for sheet in sheets if sheet.rows
    ]
    if not visible:
        raise EmptyFile("The workbook holds no filled cell. Check that it was saved with its data and upload it again.")
    largest = max(sheet.rows * sheet.columns for sheet in visible)
    likely = [sheet for sheet in visible if sheet.rows * sheet.columns >= 0.2 * largest]
    if len(likely) == 1 or largest > COUNTED_CELLS:
        return max(likely, key=lambda sheet: sheet.rows * sheet.columns)
    return max(likely, key=lambda sheet: _filled_cells(_load(workbook, sheet.name)))


def _filled_cells(sheet: CalamineSheet) -> int:
    return sum(1 for row in sheet.to_python() for cell in row if cell not in {None, ""})


def _fill_merged(cells: list[list[Cell]], sheet: CalamineSheet) -> int:
    """Write the value of a vertically merged cell into all of its rows: it holds for each. Returns how many."""
    ranges = sheet.merged_cell_ranges
    if not ranges:
        return 0
    top, left = sheet.start or (0, 0)
    filled = 0
    for (first_row, first_column), (last_row, _) in ranges:
        row, column = first_row - top, first_column - left
        if last_row <= first_row or not (0 <= row < len(cells)) or not (0 <= column < len(cells[row])):
            continue
        value = cells[row][column]
        for below in range(row + 1, min(last_row - top + 1, len(cells))):
            if cells[below][column] in {None, ""}:
                cells[below][column] = value
        filled += 1
    return filled


def _native_columns(body: Sequence[Sequence[Cell]], kept: Sequence[int]) -> frozenset[int]:
    """Return the positions of columns whose cells the workbook itself holds as numbers, dates or booleans."""
    native = set()
    for position, column in enumerate(kept):
        filled = [row[column] for row in body if column < len(row) and row[column] not in {None, ""}]
        if filled and sum(not isinstance(cell, str) for cell in filled) >= NATIVE_SHARE * len(filled):
            native.add(position)
    return frozenset(native)


def _shown(path: Path, kind: Kind, sheet: str, columns: Sequence[int]) -> dict[int, str]:
    """Return how the workbook shows the numbers of the table's columns, which stand in those of the sheet."""
    marks = shown_as(path, sheet) if kind in {"xlsx", "ods"} else {}
    return {place: marks[column] for place, column in enumerate(columns) if column in marks}


def _notes(sheets: Iterable[_Sheet], chosen: _Sheet, merged: int, sections: int, *, is_told: bool) -> tuple[str, ...]:
    notes = []
    others = [sheet for sheet in sheets if sheet.name != chosen.name]
    if others:
        listed = ", ".join(
            f"“{s.name}” ({s.rows:,} × {s.columns:,}{'' if s.is_visible else ', hidden'})" for s in others[:10]
        )
        notes.append(f"{'The sheet that you chose' if is_told else 'The largest sheet'} was read; not read: {listed}.")
    if merged:
        said = "1 merged cell spans rows; its" if merged == 1 else f"{merged:,} merged cells span rows; their"
        notes.append(f"{said} value was written into each row.")
    if sections:
        notes.append(f"{sections} caption lines were written into the first column of the rows below them.")
    return tuple(notes)


def _file_type(kind: Kind) -> FileType:
    return {"xls": "xls", "ods": "ods"}.get(kind, "xlsx")  # type: ignore[return-value]
