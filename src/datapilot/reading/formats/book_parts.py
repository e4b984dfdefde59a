"""Find the parts of an XLSX archive that the workbook library does not tell of, and the tags in them."""

import re
import zipfile
from html import unescape

PART_BYTES = 4 << 20  # of the workbook's own lists; no program writes longer ones
TAG = r"<(?:\w+:)?{name}\b([^>]*)>"
ATTRIBUTE = re.compile(r'([\w:\-]+)="([^"]*)"')


def head(archive: zipfile.ZipFile, part: str, size: int) -> str:
    """Return the first bytes of the part as text."""
    with archive.open(part) as file:
        return file.read(size).decode("utf-8", "replace")


def tags(text: str, name: str) -> list[dict[str, str]]:
    """Return the attributes of each element of that name, whatever its namespace is called."""
    return [
        {key.rpartition(":")[2]: unescape(value) for key, value in ATTRIBUTE.findall(found)}
        for found in re.findall(TAG.format(name=name), text)
    ]


def part_of_sheet(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the part in the archive that holds the sheet."""
    ids = {one.get("name"): one.get("id") for one in tags(head(archive, "xl/workbook.xml", PART_BYTES), "sheet")}
    relations = tags(head(archive, "xl/_rels/workbook.xml.rels", PART_BYTES), "Relationship")
    target = next((one.get("Target", "") for one in relations if one.get("Id") == ids.get(sheet)), "")
    return (target.lstrip("/") if target.startswith("/") else f"xl/{target}") if target else None


def column_number(letters: str) -> int:
    """Return the place of a column of a sheet, counted from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
