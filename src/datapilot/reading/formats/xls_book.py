"""Open an XLS by calamine, and let the workbook's own number formats say which of its numbers are dates.

The library passes over formats that a file defines under a number below 164, and never asks how the result of a formula
is shown, so that amounts come out as days of 1900 and days as amounts. The records of the file tell both ([MS-XLS])."""

import math
import struct
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from datapilot.reading.formats.calamine_book import CalamineBook
from datapilot.reading.formats.compound_file import stream_of
from datapilot.reading.formats.number_formats import TimeKind, mark_of, mostly, time_kind_of
from datapilot.reading.formats.sheets import Cell, Cells

BOF, END, DATE_MODE, SHEET, EXTENDED_FORMAT, FORMAT = 0x0809, 0x000A, 0x0022, 0x0085, 0x00E0, 0x041E
NUMBER, RK, MULTIPLE_RK, FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
BIFF8 = 0x0600  # whose texts say how wide their letters are
# What a number means where the file defines no format for it (ECMA-376 18.8.30): days and times, here and in East Asia.
BUILT_IN: dict[int, str] = {9: "0%", 10: "0.00%", 46: "[h]:mm:ss"} | dict.fromkeys(
    (*range(14, 23), *range(27, 37), 45, 47, *range(50, 59), *range(71, 82)), "yyyy-mm-dd"
)
LEAP_DAY = 60  # Excel counts 1900-02-29, a day that never was: serials from there on are one too high
LAST_SERIAL = 2_958_466  # the day after 9999-12-31
DAY_MS = 86_400_000


class _Record(NamedTuple):
    kind: int
    data: bytes


class _NumberCell(NamedTuple):
    row: int
    column: int
    value: float
    style: int


class XlsBook(CalamineBook):
    """An XLS whose dates are those that the workbook shows as dates. Raises as CalamineBook does."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._path = path

    def cells(self, sheet: str) -> Cells:
        cells = super().cells(sheet)
        kinds = [time_kind_of(code) for code in self._head.codes]
        for number in self._numbers(sheet):
            _correct(cells, number, kinds, is_1904=self._head.is_1904)
        return cells

    def shown(self, sheet: str) -> dict[int, str]:
        """Return "%" or the currency's sign for the columns, counted from 0, whose number cells are shown so."""
        marks = [mark_of(code) for code in self._head.codes]
        if not any(marks):
            return {}
        return mostly(
            (one.column, marks[one.style] if one.style < len(marks) else None) for one in self._numbers(sheet)
        )

    @cached_property
    def _stream(self) -> bytes:
        return stream_of(self._path.read_bytes(), "Workbook", "Book") or b""

    @cached_property
    def _head(self) -> "_Head":
        return _head_of(self._stream)

    def _numbers(self, sheet: str) -> Iterator[_NumberCell]:
        """Yield the cells of the sheet that hold a number, results of formulas included."""
        place = dict(zip(self.all_names, self._head.sheets, strict=False)).get(sheet)
        if place is None:
            return
        depth = 0  # a chart on the sheet stands between the sheet's own records, with numbers of its own
        for kind, data in _records(self._stream, place):
            depth += (kind == BOF) - (kind == END)
            if depth == 0:
                return
            if depth == 1 and kind in _READERS:
                yield from _READERS[kind](data)


class _Head(NamedTuple):
    """What the workbook says of all its sheets: the code of each style's number format, where each sheet begins."""

    codes: list[str]
    sheets: list[int]
    is_1904: bool


def _head_of(stream: bytes) -> _Head:
    is_wide, is_1904 = True, False
    own: dict[int, str] = {}
    styles: list[int] = []
    sheets: list[int] = []
    for kind, data in _records(stream, 0):
        if kind == END:
            break
        if kind == BOF and len(data) >= 2:
            is_wide = _word(data, 0) == BIFF8
        elif kind == DATE_MODE and len(data) >= 2:
            is_1904 = _word(data, 0) == 1
        elif kind == FORMAT and len(data) >= 3:
            own[_word(data, 0)] = _text(data[2:], is_wide=is_wide)
        elif kind == EXTENDED_FORMAT and len(data) >= 4:
            styles.append(_word(data, 2))
        elif kind == SHEET and len(data) >= 4:
            sheets.append(int.from_bytes(data[:4], "little"))
    return _Head([own.get(style) or BUILT_IN.get(style, "") for style in styles], sheets, is_1904)


def _records(stream: bytes, at: int) -> Iterator[_Record]:
    end = len(stream) - 4
    while at <= end:
        kind, size = struct.unpack_from("<HH", stream, at)
        yield _Record(kind, stream[at + 4 : at + 4 + size])
        at += 4 + size


def _text(data: bytes, *, is_wide: bool) -> str:
    """Return a format's code. Of the old one-byte texts only the ASCII letters matter."""
    if not is_wide:
        return data[1 : 1 + data[0]].decode("latin-1")
    count, flags = _word(data, 0), data[2] if len(data) > 2 else 0
    return (
        data[3 : 3 + 2 * count].decode("utf-16-le", "replace") if flags & 1 else data[3 : 3 + count].decode("latin-1")
    )


def _word(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")


def _number(data: bytes) -> Iterator[_NumberCell]:
    if len(data) >= 14:
        row, column, style, value = struct.unpack_from("<HHHd", data)
        yield _NumberCell(row, column, value, style)


def _formula(data: bytes) -> Iterator[_NumberCell]:
    if len(data) >= 14 and data[12:14] != b"\xff\xff":  # else the result is a text, a truth value or an error
        yield from _number(data)


def _rk(data: bytes) -> Iterator[_NumberCell]:
    if len(data) >= 10:
        row, column, style, packed = struct.unpack_from("<HHHI", data)
        yield _NumberCell(row, column, _unpacked(packed), style)


def _multiple_rk(data: bytes) -> Iterator[_NumberCell]:
    row, first = struct.unpack_from("<HH", data) if len(data) >= 6 else (0, 0)
    for place, at in enumerate(range(4, len(data) - 7, 6)):
        style, packed = struct.unpack_from("<HI", data, at)
        yield _NumberCell(row, first + place, _unpacked(packed), style)


_READERS = {NUMBER: _number, FORMULA: _formula, RK: _rk, MULTIPLE_RK: _multiple_rk}


def _unpacked(packed: int) -> float:
    """Return the number of an RkNumber ([MS-XLS] 2.5.217): thirty bits of an integer or of a float, perhaps x 100."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        (value,) = struct.unpack("<d", bytes(4) + (packed & 0xFFFFFFFC).to_bytes(4, "little"))
    return value / 100 if packed & 1 else value


def _correct(cells: Cells, number: _NumberCell, kinds: list[TimeKind | None], *, is_1904: bool) -> None:
    """Give the cell the meaning that its format has, where the library gave it the other."""
    row, column = number.row - cells.start_row, number.column - cells.start_column
    if not (0 <= row < len(cells.rows) and 0 <= column < len(cells.rows[row])):
        return
    kind = kinds[number.style] if number.style < len(kinds) else None
    held = cells.rows[row][column]
    if isinstance(held, date | time | timedelta) and kind is None:
        cells.rows[row][column] = number.value
    elif isinstance(held, int | float) and not isinstance(held, bool) and kind is not None:
        cells.rows[row][column] = _time_of(number.value, kind, is_1904=is_1904)


def _time_of(serial: float, kind: TimeKind, *, is_1904: bool) -> Cell:
    """Return what a serial means under a format of dates, or of durations; the number itself where there is none."""
    if not math.isfinite(serial) or not 0 <= serial < LAST_SERIAL:
        return serial
    ms = round(serial * DAY_MS)
    if kind == "duration":
        return timedelta(milliseconds=ms)
    start = date(1904, 1, 1) if is_1904 else date(1899, 12, 30 if serial >= LEAP_DAY else 31)
    moment = datetime.combine(start, time(0)) + timedelta(milliseconds=ms)
    if serial < 1:
        return moment.time()
    return moment if ms % DAY_MS else moment.date()
