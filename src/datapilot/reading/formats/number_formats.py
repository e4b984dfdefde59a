"""Tell how a workbook shows its numbers, as percent, as money or as dates: the cells' values do not say it."""

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Literal

from datapilot.reading.columns.numbers import PERCENT, currency_of
from datapilot.reading.formats.book_parts import ATTRIBUTE, PART_BYTES, TAG, column_number, head, part_of_sheet, tags

TimeKind = Literal["date", "duration"]

HEAD_BYTES = 1 << 18  # of the sheet: some thousand cells, which tell how a column is shown
MOSTLY = 0.95  # of a column's number cells
BUILT_IN = {9: PERCENT, 10: PERCENT}  # ECMA-376 18.8.30; what the built-in currency is depends on the machine
_CELL = re.compile(TAG.format(name="c"))
_OPEN_CELL = re.compile(r"<table:(?:covered-)?table-cell\b([^>]*)>")
_STYLES = re.compile(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_LETTERS = re.compile(r"[A-Z]{1,3}(?=\d)")
_PADDING = re.compile(r"[_*].|\\(?=.)")  # room as wide as a sign, a sign that fills the cell
_LITERAL = re.compile(r'"[^"]*"?|[\\_*].|\[\$[^\]]*\]')  # words, room, a language: nothing of the number itself
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[ymdhs]|e(?![+-])|a/p", re.IGNORECASE)  # e is the year of an era
_SPLIT_SECONDS = re.compile(r"(?<=[s\]])\.0+", re.IGNORECASE)
_DIGITS = re.compile(r"[0#?]")
LEADING_ZEROS = re.compile(r"0{3,20}")  # a code of so many digits; of two, it may be an hour or a month
_MONEY = re.compile(r"\[\$([^\]-]+)[^\]]*\]|\"([^\"]+)\"|([^\w\s#.,?/@;%\"\[\]()+\-:])")


def shown_as(path: Path, sheet: str) -> dict[int, str]:
    """Return "%", the currency's sign or as many zeros as digits for the columns, counted from 0, whose number cells
    are shown so; {} where the workbook does not tell."""
    try:
        with zipfile.ZipFile(path) as archive:
            if "content.xml" in archive.namelist():
                return mostly(_marks_of_open_document(head(archive, "content.xml", PART_BYTES), sheet))
            part = part_of_sheet(archive, sheet)
            if part is None:
                return {}
            return mostly(_marks_of_cells(head(archive, part, HEAD_BYTES), _marks_of_styles(archive)))
    except (KeyError, zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError):
        return {}  # the cells have been read: how they are shown is told where it can be


def mark_of(code: str) -> str | None:
    """Return "%" or the currency's sign that a number format shows, or its zeros where it shows codes of so many
    digits; None for anything else."""
    first = _PADDING.sub("", code.partition(";")[0])
    if LEADING_ZEROS.fullmatch(first):
        return first
    if PERCENT in re.sub(r'"[^"]*"', "", first):
        return PERCENT
    written = (next(filter(None, found)).strip() for found in _MONEY.findall(first))
    return next((sign for one in written if (sign := currency_of(one)) is not None), None)


def time_kind_of(code: str) -> TimeKind | None:
    """Return whether a number format shows a day or a time of day ("date"), hours passed ("duration"), or neither. One
    that has room for digits shows a number, whatever letters stand beside them."""
    first = _SPLIT_SECONDS.sub("", _LITERAL.sub("", code).partition(";")[0])
    if _DURATION.search(first):
        return "duration"
    bare = re.sub(r"\[[^\]]*\]|general|standard", "", first, flags=re.IGNORECASE)
    return "date" if _DATE_LETTERS.search(bare) and not _DIGITS.search(bare) else None


def _marks_of_styles(archive: zipfile.ZipFile) -> list[str | None]:
    """Return what each style of a cell shows, by its place."""
    text = head(archive, "xl/styles.xml", PART_BYTES)
    codes = {int(one["numFmtId"]): mark_of(one.get("formatCode", "")) for one in tags(text, "numFmt")}
    styles = _STYLES.search(text)
    numbers = [int(one.get("numFmtId", "0")) for one in tags(styles[0], "xf")] if styles else []
    return [codes.get(number, BUILT_IN.get(number)) for number in numbers]


def _marks_of_open_document(text: str, sheet: str) -> Iterator[tuple[int, str | None]]:
    """Yield the column and the mark of each number cell of an ODS sheet's head, whose cells say themselves what they
    are (OpenDocument 1.3, 19.385)."""
    _, _, after = text.partition(f'table:name="{escape(sheet, quote=True)}"')
    rows = re.split(r"<table:table-row\b", after[: after.find("</table:table>")][:HEAD_BYTES])[1:]
    for row in rows:
        column = 0
        for found in _OPEN_CELL.findall(row):
            cell = dict(ATTRIBUTE.findall(found))
            kind = cell.get("office:value-type")
            if kind in {"float", "percentage", "currency"}:
                mark = {"percentage": PERCENT, "currency": currency_of(cell.get("office:currency", ""))}.get(kind)
                yield column, mark
            column += int(cell.get("table:number-columns-repeated", "1"))


def _marks_of_cells(text: str, marks: list[str | None]) -> Iterator[tuple[int, str | None]]:
    """Yield the column and the mark of each number cell of an XLSX sheet's head."""
    for found in _CELL.findall(text):
        cell = dict(ATTRIBUTE.findall(found))
        letters = _LETTERS.match(cell.get("r", ""))
        if letters is None or found.endswith("/") or cell.get("t", "n") != "n":
            continue
        style = int(cell.get("s") or 0)  # some programs write s=""
        yield column_number(letters[0]), marks[style] if style < len(marks) else None


def mostly(cells: Iterable[tuple[int, str | None]]) -> dict[int, str]:
    """Return the mark of the columns nearly all of whose number cells have it."""
    counts: dict[int, Counter[str | None]] = {}
    for position, mark in cells:
        counts.setdefault(position, Counter())[mark] += 1
    shown = {}
    for position, said in counts.items():
        mark, count = said.most_common(1)[0]
        if mark is not None and count >= MOSTLY * said.total():
            shown[position] = mark
    return shown
