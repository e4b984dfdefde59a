"""Take a named stream out of a compound file ([MS-CFB]), the small file system that the old office formats live in."""

import struct
from collections.abc import Iterator, Sequence
from itertools import chain

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER_BYTES = 512
ENTRY_BYTES = 128
MINI_SECTOR_BYTES = 64
SECTOR_BYTES = {9: 512, 12: 4096}  # by the exponent that the header gives
LAST_SECTOR = 0xFFFFFFFA  # greater numbers mean “end” and “free”, no place
STREAM, ROOT = 2, 5  # kinds of entries


def stream_of(data: bytes, *names: str) -> bytes | None:
    """Return the first of these streams that the file has; None where it has none of them or is no compound file."""
    if data[:8] != SIGNATURE or len(data) < HEADER_BYTES:
        return None
    (exponent,) = struct.unpack_from("<H", data, 30)
    first_directory, _, mini_below, first_mini_fat = struct.unpack_from("<4I", data, 48)
    size = SECTOR_BYTES.get(exponent)
    if size is None:
        return None
    table = _numbers(data, size, _table_sectors(data, size))
    root: int | None = None
    named: dict[str, tuple[int, int]] = {}
    for name, kind, first, length in _entries(_chain(data, size, table, first_directory)):
        if kind == ROOT:
            root = first
        elif kind == STREAM:
            named.setdefault(name.casefold(), (first, length))
    found = next((named[name.casefold()] for name in names if name.casefold() in named), None)
    if found is None:
        return None
    first, length = found
    if length >= mini_below or root is None:
        return _chain(data, size, table, first)[:length]
    small = _chain(data, size, table, root)
    mini_table = _numbers(data, size, _places(table, first_mini_fat))
    pieces = (small[at * MINI_SECTOR_BYTES : (at + 1) * MINI_SECTOR_BYTES] for at in _places(mini_table, first))
    return b"".join(pieces)[:length]


def _table_sectors(data: bytes, size: int) -> Iterator[int]:
    """Yield the sectors that hold the allocation table: the header names 109, and chained sectors the rest."""
    yield from _used(struct.unpack_from("<109I", data, 76))
    (following,) = struct.unpack_from("<I", data, 68)
    seen: set[int] = set()
    while following < LAST_SECTOR and following not in seen:
        seen.add(following)
        listed = _numbers(data, size, [following])
        if not listed:
            return
        yield from _used(listed[:-1])
        following = listed[-1]


def _used(sectors: Sequence[int]) -> list[int]:
    return [sector for sector in sectors if sector < LAST_SECTOR]


def _numbers(data: bytes, size: int, sectors: Iterator[int] | Sequence[int]) -> list[int]:
    whole = (part[: len(part) // 4 * 4] for part in (_sector(data, size, sector) for sector in sectors))
    return list(chain.from_iterable(struct.unpack(f"<{len(part) // 4}I", part) for part in whole))


def _sector(data: bytes, size: int, sector: int) -> bytes:
    return data[(sector + 1) * size : (sector + 2) * size]


def _places(table: Sequence[int], first: int) -> Iterator[int]:
    """Yield the sectors of a chain; one that leads back into itself ends there."""
    seen = bytearray(len(table))
    while first < len(table) and not seen[first]:
        seen[first] = 1
        yield first
        first = table[first]


def _chain(data: bytes, size: int, table: Sequence[int], first: int) -> bytes:
    return b"".join(_sector(data, size, sector) for sector in _places(table, first))


def _entries(directory: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Yield name, kind, first sector and length of each entry."""
    for at in range(0, len(directory) - ENTRY_BYTES + 1, ENTRY_BYTES):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        first, size = struct.unpack_from("<II", directory, at + 116)
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        yield name, kind, first, size
