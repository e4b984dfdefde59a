"""Find the tables in a PDF: ruled ones by their lines, others by the white space between columns; pages that go on with
the same columns are one table. Deterministic; pictures of text are not read."""

import logging
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from datapilot.contracts.errors import CorruptFile, EncryptedFile, ExpandsTooFar, NotATable, SheetNotFound
from datapilot.contracts.limits import MEBIBYTE, Limits
from datapilot.contracts.table import ReadingOptions, Receipt
from datapilot.engine import duckdb
from datapilot.reading.formats.aligned_text import Word, aligned_tables
from datapilot.reading.layout.body import MOST_NOTES, Body, Notes
from datapilot.reading.layout.layout import find_layout
from datapilot.reading.records import Dialect, Row
from datapilot.reading.text_table import RAW_RELATION, TextTable, check_width, store_rows

if TYPE_CHECKING:
    from pdfplumber.page import Page

MOST_PAGES = 400  # about a minute; a report of more pages is a book
MOST_PAGE_OBJECTS = 200_000  # characters and lines on one page; drawings beyond that are maps, not tables
SAME_EDGE_POINTS = 4.0  # how far the columns of one table may shift from page to page
MOST_STREAM_BYTES = 64 * MEBIBYTE  # of drawing instructions when unpacked; a page of text has some thousand bytes
RULED_CONFIDENCE = 0.95
FEWEST_FILLED = 0.3  # a grid with fewer filled cells is a form or a frame

# What pdfminer raises on damaged files, besides its own family: it trusts the numbers that it finds in them.
_DAMAGE = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, ArithmeticError, RecursionError,
    NotImplementedError, EOFError, OSError, struct.error, zlib.error,
)  # fmt: skip
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|blatt|p[áa]gina|p[áa]g\.|sida|side|sivu|strona|strana|oldal|sayfa|страница|стр\.|p\.)\s?\d{1,4}"
    r"(?:\s?(?:/|of|von|de|di|sur|av|af|z|van|из)\s?\d{1,4})?",
    re.IGNORECASE,
)
_STREAM = re.compile(rb"stream\r?\n")


@dataclass(frozen=True)
class PdfTable:
    """One table: its rows of texts, the pages it stands on (from 1), the x of its left edge and right edge, and how
    sure we are that this is how it reads, 0-1."""

    rows: tuple[tuple[str, ...], ...]
    first_page: int
    last_page: int
    left: float
    right: float
    confidence: float
    is_last_on_page: bool = False
    is_first_on_page: bool = False

    @property
    def width(self) -> int:
        return max(len(row) for row in self.rows)

    @property
    def place(self) -> str:
        if self.first_page == self.last_page:
            return f"Page {self.first_page}"
        return f"Pages {self.first_page}–{self.last_page}"


def read_pdf(
    path: Path, *, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return the largest table of the PDF, or the one that `options.sheet` names by its place ("Page 3"). Raises
    NotATable for PDFs without tables or without text, EncryptedFile, CorruptFile and ExpandsTooFar."""
    tables = find_pdf_tables(path)
    places = _places(tables)
    chosen = _choose(tables, places, options.sheet)
    table = tables[chosen]
    check_width(table.width, limits)
    rows = [Row(number, [*cells]) for number, cells in enumerate(table.rows, start=1)]
    layout = find_layout(rows, header_row=options.header_row)
    if not layout.body and options.header_row is None:
        layout = find_layout(rows, header_row=0)
    repaired, skipped = Notes(), Notes()
    body = Body(rows, layout, Dialect("", ""), repaired, skipped)
    cells = [[row[p] if p < len(row) else "" for p in layout.kept] for row in body.rows(final=True)]
    store_rows(connection, cells, len(layout.kept), limits)
    receipt = Receipt(
        file_type="pdf",
        header_row=rows[layout.header[-1]].line if layout.header else None,
        sheet=places[chosen],
        sheets=tuple(places),
        other_tables=tuple(
            f"{place}: {_size(other)}, beginning with “{_beginning(other)}”, confidence {other.confidence:.2f}"
            for place, other in zip(places, tables, strict=True)
            if other is not table
        )[:MOST_NOTES],
        skipped=tuple(sorted([*layout.skipped, *skipped.kept], key=lambda note: note.line)[:MOST_NOTES]),
        skipped_count=len(layout.skipped) + skipped.count,
        repaired=tuple(repaired.kept),
        repaired_count=repaired.count,
        notes=_notes(tables, table, places[chosen]),
        options=options,
    )
    return TextTable(RAW_RELATION, layout.names, cells, receipt, exact_sample=True)


def find_pdf_tables(path: Path) -> list[PdfTable]:
    """Return the tables in reading order; at least one. Raises as `read_pdf` does."""
    import pdfplumber  # noqa: PLC0415 - 0.3 s, and only PDFs need it
    from pdfminer.pdfdocument import PDFPasswordIncorrect  # noqa: PLC0415
    from pdfminer.psparser import PSException  # noqa: PLC0415
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException  # noqa: PLC0415

    _check_streams(path)
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it remarks on every odd font
    found: list[PdfTable] = []
    has_text = has_pictures = False
    try:
        with pdfplumber.open(path) as document:
            if not document.pages:
                raise CorruptFile("The PDF holds no readable page. Open it in a PDF program, print it to a new PDF.")
            if len(document.pages) > MOST_PAGES:
                raise ExpandsTooFar(
                    f"The PDF has {len(document.pages):,} pages; at most {MOST_PAGES} are read. Extract the pages with"
                    " the table and upload those."
                )
            for number, page in enumerate(document.pages, start=1):
                has_text |= bool(page.chars)
                has_pictures |= bool(page.images)
                found += _tables_of(page, number)
                page.close()
    except (PSException, MalformedPDFException, PdfminerException, *_DAMAGE) as error:
        if isinstance(error, PDFPasswordIncorrect) or "PDFPasswordIncorrect" in repr(error):
            raise EncryptedFile(
                "The PDF is protected by a password. Remove the password and upload it again."
            ) from None
        raise CorruptFile(
            f"The PDF is damaged and cannot be read ({type(error).__name__}). Open it in a PDF program and print it to"
            " a new PDF, or export the table as CSV or Excel."
        ) from None
    if not has_text:
        what = "pictures of pages (a scan)" if has_pictures else "no text"
        raise NotATable(
            f"The PDF holds {what}, and pictures of text are not read. Export the table from the program that made it,"
            " or run text recognition first."
        )
    tables = _join_over_pages([_without_page_number(table) for table in found])
    if not tables:
        raise NotATable(
            "The PDF holds text but no table was found in it. Export the table as CSV or Excel and upload that."
        )
    return tables


def _check_streams(path: Path) -> None:
    """Raise ExpandsTooFar when a packed stream, pictures aside, unpacks to more than any page needs."""
    raw = path.read_bytes()
    for match in _STREAM.finditer(raw):
        dictionary = raw[max(0, match.start() - 2000) : match.start()].rpartition(b" obj")[2]
        if b"/Image" in dictionary or b"Flate" not in dictionary:
            continue
        packed = memoryview(raw)[match.end() :]
        for _ in range(2):  # packed twice is allowed, and the way to pack a bomb small
            try:
                unpacked = zlib.decompressobj().decompress(packed, MOST_STREAM_BYTES + 1)
            except zlib.error:
                break
            if len(unpacked) > MOST_STREAM_BYTES:
                raise ExpandsTooFar(
                    f"A part of the PDF unpacks to more than {MOST_STREAM_BYTES // MEBIBYTE} MB. Print the pages with"
                    " the table to a new PDF."
                )
            packed = memoryview(unpacked)


def _tables_of(page: "Page", number: int) -> list[PdfTable]:
    """Return the tables of one page from top to bottom."""
    if sum(map(len, page.objects.values())) > MOST_PAGE_OBJECTS:
        raise ExpandsTooFar(
            f"Page {number} of the PDF holds more than {MOST_PAGE_OBJECTS:,} objects, a drawing rather than a table."
            " Extract the page with the table and upload that."
        )
    placed: list[tuple[float, PdfTable]] = []
    taken: list[tuple[float, float, float, float]] = []
    for grid in page.find_tables():
        rows = _explode([[_clean(cell) for cell in row] for row in grid.extract(x_tolerance_ratio=0.15)])
        rows = [row for row in rows if any(row)]
        if len(rows) < 2 or max(map(len, rows)) < 2 or _filled_share(rows) < FEWEST_FILLED:
            continue
        left, top, right, bottom = grid.bbox
        taken.append((left, top, right, bottom))
        placed.append((top, PdfTable(tuple(map(tuple, rows)), number, number, left, right, _ruled_confidence(rows))))
    words = [
        word
        for found in page.extract_words(x_tolerance_ratio=0.15)
        if not _is_within(word := Word(found["text"], found["x0"], found["x1"], found["top"], found["bottom"]), taken)
    ]
    placed += [
        (table.top, PdfTable(table.rows, number, number, table.left, table.right, table.confidence))
        for table in aligned_tables(words)
    ]
    tables = [table for _, table in sorted(placed, key=lambda item: item[0])]
    last = len(tables) - 1
    return [replace(t, is_first_on_page=k == 0, is_last_on_page=k == last) for k, t in enumerate(tables)]


def _is_within(word: Word, boxes: Sequence[tuple[float, float, float, float]]) -> bool:
    x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)


def _explode(rows: list[list[str]]) -> list[list[str]]:
    """Cut a row whose cells hold several lines each into rows: a grid that has lines between its columns only."""
    result: list[list[str]] = []
    for row in rows:
        lines = [cell.split("\n") for cell in row]
        counts = {len(parts) for parts, cell in zip(lines, row, strict=True) if cell}
        if len(counts) == 1 and (count := counts.pop()) >= 3 and sum(bool(cell) for cell in row) >= 2:
            result += [[parts[k] if len(parts) > k else "" for parts in lines] for k in range(count)]
        else:
            result.append([" ".join(parts) for parts in lines])
    return result


def _clean(cell: str | None) -> str:
    return "\n".join(line.strip() for line in (cell or "").split("\n")).strip()


def _filled_share(rows: Sequence[Sequence[str]]) -> float:
    cells = [cell for row in rows for cell in row]
    return sum(bool(cell) for cell in cells) / len(cells)


def _ruled_confidence(rows: Sequence[Sequence[str]]) -> float:
    """A full grid is read as it stands; gaps come from merged cells or from lines that serve something else."""
    return round(RULED_CONFIDENCE - 0.4 * max(0.0, 0.8 - _filled_share(rows)), 2)


def _without_page_number(table: PdfTable) -> PdfTable:
    """Return the table without a last row that is the foot of its page: the page's number, and one cell at most."""
    *rows, last = table.rows
    filled = [cell for cell in last if cell.strip()]
    is_foot = any(_PAGE_NUMBER.fullmatch(cell.strip()) for cell in filled)
    if not is_foot or len(filled) > 2 or len(filled) == table.width or len(rows) < 2:
        return table
    return replace(table, rows=tuple(rows))


def _join_over_pages(found: Sequence[PdfTable]) -> list[PdfTable]:
    """Join a table with the one that goes on with the same columns at the top of the next page."""
    joined: list[PdfTable] = []
    for table in found:
        before = joined[-1] if joined else None
        if before is None or not _goes_on(before, table):
            joined.append(table)
            continue
        rows = table.rows
        head = _header_of(before)
        repeated = next((k for k in range(min(len(head), len(rows)), 0, -1) if rows[:k] == head[:k]), 0)
        joined[-1] = replace(
            before,
            rows=before.rows + rows[repeated:],
            last_page=table.last_page,
            confidence=min(before.confidence, table.confidence),
            is_last_on_page=table.is_last_on_page,
        )
    return joined


def _header_of(table: PdfTable) -> tuple[tuple[str, ...], ...]:
    return table.rows[:3]


def _goes_on(before: PdfTable, after: PdfTable) -> bool:
    return (
        before.is_last_on_page
        and after.is_first_on_page
        and after.first_page == before.last_page + 1
        and before.width == after.width
        and abs(before.left - after.left) <= 5 * SAME_EDGE_POINTS
        and abs(before.right - after.right) <= 10 * SAME_EDGE_POINTS
    )


def _places(tables: Sequence[PdfTable]) -> list[str]:
    """Return a name for each table: its page, numbered where a page has several."""
    names: list[str] = []
    for table in tables:
        name, number = table.place, 1
        while name in names:
            number += 1
            name = f"{table.place}, table {number}"
        names.append(name)
    return names


def _choose(tables: Sequence[PdfTable], places: Sequence[str], told: str | None) -> int:
    if told is not None:
        for position, place in enumerate(places):
            if place.casefold() == told.strip().casefold():
                return position
        known = ", ".join(f"“{place}”" for place in places[:20])
        raise SheetNotFound(f"The PDF has no table “{told}”. Its tables are: {known}.")
    return max(range(len(tables)), key=lambda k: (len(tables[k].rows) * tables[k].width, -k))


def _notes(tables: Sequence[PdfTable], table: PdfTable, place: str) -> tuple[str, ...]:
    how = "its lines" if table.confidence >= 0.85 else "the white space between its columns"
    count = "One table was" if len(tables) == 1 else f"{len(tables):,} tables were"
    which = "" if len(tables) == 1 else " The largest was read;" if table is _largest(tables) else " You chose one;"
    said = f"{count} found in the PDF.{which} it is on {place[0].lower()}{place[1:]}, cut by {how}, confidence"
    notes = [f"{said} {table.confidence:.2f}.".replace(". it is", ". It is")]
    if table.confidence < 0.85:
        notes.append("Without lines the columns are inferred: compare a few rows with the PDF.")
    return tuple(notes)


def _largest(tables: Sequence[PdfTable]) -> PdfTable:
    return max(tables, key=lambda t: len(t.rows) * t.width)


def _size(table: PdfTable) -> str:
    return f"{len(table.rows):,} rows × {table.width} columns"


def _beginning(table: PdfTable) -> str:
    return " | ".join(cell for cell in table.rows[0] if cell)[:80]
