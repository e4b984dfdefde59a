"""Write small XLS files: records in a stream ([MS-XLS]), the stream in a compound file ([MS-CFB])."""

import struct
from dataclasses import dataclass
from pathlib import Path

SECTOR, END_OF_CHAIN, FREE, IS_TABLE = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
LEAST_BYTES = 4096  # of a stream that lies in whole sectors


@dataclass(frozen=True)
class Formatted:
    """A number as a cell holds it, with the format it is shown in; `is_formula`: it is a formula's stored result."""

    value: float
    style: int = 0
    is_formula: bool = False


Value = str | float | Formatted


def xls(
    path: Path,
    rows: list[list[Value]],
    *,
    styles: list[int] | None = None,
    formats: dict[int, str] | None = None,
    is_1904: bool = False,
    chart: list[list[Value]] | None = None,
) -> Path:
    """Write a workbook of one sheet. `styles` gives the number of each style's format, `formats` the codes that the
    file itself defines, `chart` numbers that a chart on the sheet keeps for itself."""
    head = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))]
    head.append(_record(0x0022, struct.pack("<H", is_1904)))
    head += [_record(0x041E, struct.pack("<H", n) + _text(code)) for n, code in (formats or {}).items()]
    head += [_record(0x00E0, struct.pack("<HH", 0, number) + bytes(16)) for number in styles or [0]]
    name = b"Sheet1"
    length = sum(map(len, head)) + 4 + 8 + len(name) + 4
    head.append(_record(0x0085, struct.pack("<IBBBB", length, 0, 0, len(name), 0) + name))
    begin, end = struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0), _record(0x000A, b"")
    sheet = [_record(0x0809, begin), *_cells(rows)]
    if chart is not None:
        sheet += [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0020, 0, 0, 0, 0)), *_cells(chart), end]
    path.write_bytes(compound_file("Workbook", b"".join([*head, end, *sheet, end])))
    return path


def _cells(rows: list[list[Value]]) -> list[bytes]:
    return [_cell(row, column, value) for row, cells in enumerate(rows) for column, value in enumerate(cells)]


def _cell(row: int, column: int, value: Value) -> bytes:
    if isinstance(value, str):
        return _record(0x0204, struct.pack("<HHH", row, column, 0) + _text(value))
    held = value if isinstance(value, Formatted) else Formatted(value)
    number = struct.pack("<HHHd", row, column, held.style, held.value)
    if held.is_formula:  # the number itself, as its expression
        return _record(0x0006, number + struct.pack("<HIHBd", 0, 0, 9, 0x1F, held.value))
    return _record(0x0203, number)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def compound_file(name: str, stream: bytes, *, is_small: bool = False) -> bytes:
    """Return a file that holds the stream under that name, in whole sectors or, where it is small, in shared ones."""
    unit = 64 if is_small else SECTOR
    data = stream if is_small else stream.ljust(LEAST_BYTES, b"\0")
    data += bytes(-len(data) % unit)
    count, shared = len(data) // unit, data + bytes(-len(data) % SECTOR)
    held = len(shared) // SECTOR
    chain = [*range(1, count), END_OF_CHAIN]
    # The sectors: allocation table, directory, table of the shared sectors, then the stream.
    table = [IS_TABLE, END_OF_CHAIN, END_OF_CHAIN, *(n + 3 for n in range(1, held)), END_OF_CHAIN]
    root = _entry("Root Entry", 5, 3 if is_small else END_OF_CHAIN, len(shared) if is_small else 0, child=1)
    entry = _entry(name, 2, 0 if is_small else 3, len(stream) if is_small else max(len(stream), LEAST_BYTES))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    small = struct.pack("<II", 2, 1) if is_small else struct.pack("<II", END_OF_CHAIN, 0)
    head += struct.pack("<IIII", 0, 1, 1, 0) + struct.pack("<I", LEAST_BYTES) + small
    head += struct.pack("<II", END_OF_CHAIN, 0) + _longs([0], 109)
    return head + _longs(table, 128) + root + entry + bytes(256) + _longs(chain if is_small else [], 128) + shared


def _longs(numbers: list[int], room: int) -> bytes:
    return struct.pack(f"<{room}I", *numbers, *[FREE] * (room - len(numbers)))


def _entry(name: str, kind: int, first: int, size: int, *, child: int = FREE) -> bytes:
    written = name.encode("utf-16-le")
    head = written.ljust(64, b"\0") + struct.pack("<HBBIII", len(written) + 2, kind, 1, FREE, FREE, child)
    return head.ljust(116, b"\0") + struct.pack("<IQ", first, size)
