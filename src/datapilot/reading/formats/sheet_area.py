"""Refuse a sheet whose few cells span more than memory holds, before the workbook library makes room for them all."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from datapilot.contracts.errors import CorruptFile, ExpandsTooFar

WIDEST_SHEET = 16_384  # columns of a spreadsheet program
MOST_AREA = 100_000_000  # cells between the first and the last one; 32 bytes each when the library makes room
CHUNK_BYTES = 4 << 20
OVERLAP_BYTES = 64  # longer than a cell's reference, so that none is cut in two
ROW_RECORD, LAST_CELL_RECORD = 0, 11  # of a binary sheet: a row's head, and the last kind of record that is a cell
# A row's own number, or that in the place of a cell; hostile ones lie far behind the last of any program.
_ROW = re.compile(rb'\br="[A-Z]{0,3}(\d{1,12})"')
_FAR_COLUMN = re.compile(rb'\br="([A-Z]{2,3})\d')


def check_sheet_areas(path: Path) -> None:
    """Raise ExpandsTooFar for a workbook (XLSX, XLSB) in which some sheet's first and last cell are too far apart, and
    CorruptFile where a sheet cannot be unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                name = info.filename.lower().replace("\\", "/").lstrip("/")
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _check(archive, info)
                elif name.startswith("xl/worksheets/") and name.endswith(".bin"):
                    _refuse_area(*_binary_extent(archive.read(info)))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
        raise CorruptFile(
            "The workbook is damaged and a sheet of it cannot be unpacked. Open it in a spreadsheet program, save it"
            " again and upload that."
        ) from None


def _check(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    last_row = 1
    for chunk in _chunks(archive, info):
        if (found := chunk.rfind(b' r="')) >= 0:
            last_row = max([last_row, *(int(row) for row in _ROW.findall(chunk, max(0, found - 400)))])
    if last_row * WIDEST_SHEET <= MOST_AREA:
        return
    columns = 26
    for chunk in _chunks(archive, info):
        columns = max([columns, *(_number(letters) for letters in set(_FAR_COLUMN.findall(chunk)))])
    _refuse_area(last_row, columns)


def _refuse_area(rows: int, columns: int) -> None:
    if rows * columns > MOST_AREA:
        raise ExpandsTooFar(
            f"A sheet of the workbook spans {rows:,} × {columns:,} cells, more than can be read. "
            "Delete unused rows and columns, or save the table as CSV."
        )


def _binary_extent(sheet: bytes) -> tuple[int, int]:
    """Return the greatest row and column, counted from 1, of the cells of a binary sheet ([MS-XLSB] 2.1.4): records of
    a kind and a size in seven bits a byte each, rows and cells beginning with their place."""
    rows = columns = row = at = 0
    end = len(sheet)
    while at < end:
        kind, at = _seven_bits(sheet, at, 2)
        size, at = _seven_bits(sheet, at, 4)
        if kind <= LAST_CELL_RECORD and size >= 4:
            place = int.from_bytes(sheet[at : at + 4], "little")
            if kind == ROW_RECORD:
                row = place + 1
            elif place < WIDEST_SHEET:
                rows, columns = max(rows, row), max(columns, place + 1)
        at += size
    return rows, columns


def _seven_bits(sheet: bytes, at: int, most_bytes: int) -> tuple[int, int]:
    """Return the number at that place, low bits first, and the place behind it."""
    number = 0
    for position in range(most_bytes):
        byte = sheet[at] if at < len(sheet) else 0
        at += 1
        number |= (byte & 0x7F) << (7 * position)
        if byte < 0x80:
            break
    return number, at


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as part:
        rest = b""
        while chunk := part.read(CHUNK_BYTES):
            yield rest + chunk
            rest = chunk[-OVERLAP_BYTES:]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
