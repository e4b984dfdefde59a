"""Read where a workbook says that its tables are: the areas that a spreadsheet program holds as table objects."""

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from posixpath import normpath

from datapilot.reading.formats.book_parts import PART_BYTES, column_number, head, part_of_sheet, tags
from datapilot.reading.layout.marked_table import MarkedTable

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
_RELATION = "/table"


def marked_tables(path: Path, sheet: str) -> tuple[MarkedTable, ...]:
    """Return the table objects of the sheet (ECMA-376 18.5.1); none where the workbook, or its format, has none."""
    try:
        with zipfile.ZipFile(path) as archive:
            part = part_of_sheet(archive, sheet) if "xl/workbook.xml" in archive.namelist() else None
            found = [] if part is None else [_read(archive, target) for target in _targets(archive, part)]
    except (KeyError, ValueError, zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError):
        return ()  # the cells have been read: where the table is, their layout tells as well
    return tuple(table for table in found if table is not None)


def _targets(archive: zipfile.ZipFile, part: str) -> list[str]:
    """Return the parts of the sheet's table objects."""
    place = PurePosixPath(part)
    relations = f"{place.parent}/_rels/{place.name}.rels"
    if relations not in archive.namelist():
        return []
    listed = tags(head(archive, relations, PART_BYTES), "Relationship")
    targets = [one.get("Target", "") for one in listed if one.get("Type", "").endswith(_RELATION)]
    return [one.lstrip("/") if one.startswith("/") else normpath(f"{place.parent}/{one}") for one in targets]


def _read(archive: zipfile.ZipFile, part: str) -> MarkedTable | None:
    told = next(iter(tags(head(archive, part, PART_BYTES), "table")), {})
    area = _AREA.fullmatch(told.get("ref", ""))
    if area is None:
        return None
    first, top, last, bottom = area.groups()
    return MarkedTable(
        told.get("displayName", told.get("name", "")), int(top) - 1, int(bottom), column_number(first),
        column_number(last) + 1, told.get("totalsRowCount", "0") != "0",
    )  # fmt: skip
