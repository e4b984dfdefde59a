"""Open workbooks of the spreadsheet programs (XLSX, XLSB, XLS, ODS) with the calamine library."""

import io
import os
import re
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)  # fmt: skip

from datapilot.contracts.errors import CorruptFile, EncryptedFile, ExpandsTooFar
from datapilot.reading.formats.marked_tables import marked_tables
from datapilot.reading.formats.sheets import Cell, Cells, Sheet

VAST_CELLS = 4_000_000  # in the area of a sheet; rows of smaller ones are all as wide as it is
# Of an OpenDocument workbook the library reads these parts, and this is what it says of spaces between cells.
_READ_PARTS = {"mimetype", "META-INF/manifest.xml", "content.xml"}
_FOUND_SPACES = "found 'Text(BytesText"
_SPACES = re.compile(rb"(</?table:[^<>]*>|</text:p>|</office:annotation>|</draw:frame>)\s+(?=<)")


class CalamineBook:
    """A workbook that calamine reads. Raises EncryptedFile, CorruptFile or ExpandsTooFar."""

    encoding = None
    notes: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        self._path = path
        with _panics_refused():
            self._workbook = _open(path)
            self.sheets = _sizes(self._workbook)
            self.all_names: list[str] = [meta.name for meta in self._workbook.sheets_metadata]  # charts included

    def filled(self, sheet: str) -> int:
        with _panics_refused():
            rows = _load(self._workbook, sheet).to_python()
        return sum(1 for row in rows for cell in row if cell not in {None, ""})

    def cells(self, sheet: str) -> Cells:
        with _panics_refused():
            loaded = _load(self._workbook, sheet)
            rows: list[list[Cell]] = [list(row) for row in loaded.to_python(skip_empty_area=True)]
            start_row, start_column = loaded.start or (0, 0)
            merged = _fill_merged(rows, loaded)
            is_vast = sum(map(len, rows)) > VAST_CELLS
            rows = [_without_room(row, is_vast=is_vast) for row in rows]
            return Cells(sheet, start_row, start_column, rows, merged, marked_tables(self._path, sheet))


def _open(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError:
        raise EncryptedFile(
            "The workbook is protected by a password. Remove the password and upload it again."
        ) from None
    except (CalamineError, OSError, ValueError) as error:
        if _FOUND_SPACES in str(error):
            return _open_without_spaces(path)
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


def _open_without_spaces(path: Path) -> CalamineWorkbook:
    """Return the OpenDocument workbook whose XML was written with line ends between its elements, which the library
    takes for content of a row."""
    without = io.BytesIO()
    try:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(without, "w") as copy:
            for name in sorted(_READ_PARTS & set(archive.namelist()), reverse=True):  # what says the kind comes first
                part = archive.read(name)
                copy.writestr(name, _SPACES.sub(rb"\1", part) if name == "content.xml" else part)
        without.seek(0)
        return CalamineWorkbook.from_filelike(without)
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError) as error:
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


def _sizes(workbook: CalamineWorkbook) -> list[Sheet]:
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
        sheets.append(Sheet(meta.name, meta.visible == SheetVisibleEnum.Visible, sheet.height, sheet.width))
    if not sheets and problem is not None:
        raise problem
    return sheets


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


def _without_room(row: list[Cell], *, is_vast: bool) -> list[Cell]:
    """Return one blank cell for a blank row, and of a vast sheet the row up to its last filled cell: a stray cell in a
    corner, or one row longer than the others, claims millions of blank ones."""
    if row.count("") == len(row):
        return [""]
    if not is_vast:
        return row
    end = len(row)
    while row[end - 1] == "":
        end -= 1
    return row[:end]


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
