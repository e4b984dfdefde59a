"""Find the table in a workbook: the sheet or sheets, the header row, and the text of the cells."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from datapilot.contracts.errors import EmptyFile, ExpandsTooFar, InvalidOption, SheetNotFound
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import FileType, ReadingOptions, Receipt, RowNote
from datapilot.engine import duckdb
from datapilot.reading.formats.archive import check_members
from datapilot.reading.formats.calamine_book import CalamineBook
from datapilot.reading.formats.file_type import Kind
from datapilot.reading.formats.number_formats import LEADING_ZEROS, shown_as
from datapilot.reading.formats.sheet_area import check_sheet_areas
from datapilot.reading.formats.sheets import MOST_CELLS, Book, Cell, Cells, Sheet
from datapilot.reading.formats.xls_book import XlsBook
from datapilot.reading.layout.body import MOST_NOTES, Body, Notes, evenly
from datapilot.reading.layout.header import free_name
from datapilot.reading.layout.layout import find_layout
from datapilot.reading.layout.marked_table import main_marked
from datapilot.reading.layout.one_column import layout_of_one_column
from datapilot.reading.layout.pivot import Levels, levels_of
from datapilot.reading.layout.sheets_alike import Joined, Part, asks_for_all, join, names_alike
from datapilot.reading.layout.side_by_side import main_beside
from datapilot.reading.records import Dialect, Row
from datapilot.reading.text_table import (
    RAW_RELATION,
    WIDEST_TABLE,
    TextTable,
    check_width,
    said_of_far_columns,
    store_rows,
)

SAMPLE_CELLS = 200_000
COUNTED_CELLS = 1_000_000  # sheets up to this size are compared by filled cells, larger ones by their area
NATIVE_SHARE = 0.95


@dataclass(frozen=True)
class _Found:
    """The table of one sheet and what was done to find it; `columns` are its columns' places in the sheet."""

    part: Part
    columns: list[int]
    header_row: int | None
    beside: tuple[str, ...]
    skipped: Sequence[RowNote]
    skipped_count: int
    repaired: Notes
    merged: int
    captions: int
    is_lone_row: bool
    notes: tuple[str, ...]


def read_workbook(
    path: Path, *, kind: Kind, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return the table of the chosen sheet, the largest visible one unless told otherwise, together with the sheets
    that carry it on. Formulas count by their stored value. Raises EncryptedFile, CorruptFile, SheetNotFound, EmptyFile
    or ExpandsTooFar."""
    book = _open_book(path, kind, limits)
    chosen, alike = _chosen_sheets(book, options=options, limits=limits)
    found = _find_table(chosen, options.header_row)
    main, read = found.part, [found]
    joined = None
    if found.header_row is not None:
        others = list(_tables_of(alike, options.header_row))
        if joined := join(main, [one.part for one in others], [sheet.name for sheet in book.sheets]):
            tables = {one.part.sheet: one for one in (found, *others)}
            read = [tables[name] for name in joined.parts]
            main = joined.whole
    width = len(main.names)
    shift = width - len(found.part.names)
    marks = {place + shift: mark for place, mark in _shown(book, path, kind, found).items()}
    main = _with_zeros(_without_far_columns(main), marks)
    store_rows(connection, main.rows, len(main.names), limits)
    receipt = Receipt(
        file_type=_file_type(kind),
        encoding=book.encoding,
        header_row=found.header_row,
        sheet=main.sheet,
        sheets=tuple(sheet.name for sheet in book.sheets),
        other_tables=found.beside,
        skipped=tuple(note for one in read for note in _told_of(one.skipped, one, read))[:MOST_NOTES],
        skipped_count=sum(one.skipped_count for one in read),
        repaired=tuple(note for one in read for note in _told_of(one.repaired.kept, one, read))[:MOST_NOTES],
        repaired_count=sum(one.repaired.count for one in read),
        notes=(*book.notes, *_notes(book.sheets, read, joined, options), *said_of_far_columns(width, len(main.names))),
        options=options,
    )
    sample = evenly(main.rows, max(200, SAMPLE_CELLS // max(1, len(main.names))))
    shown = {p: mark for p, mark in marks.items() if p < len(main.names) and not LEADING_ZEROS.fullmatch(mark)}
    return TextTable(RAW_RELATION, main.names, sample, receipt, len(sample) == len(main.rows), main.native, shown=shown)


def _tables_of(sheets: Iterable[Cells], header_row: int | None) -> Iterator[_Found]:
    """Yield the tables of those sheets that hold one below a header."""
    for cells in sheets:
        try:
            found = _find_table(cells, header_row)
        except (EmptyFile, InvalidOption):
            continue
        if found.header_row is not None:
            yield found


def _find_table(opened: Cells, header_row: int | None) -> _Found:
    """Return the table among a sheet's cells. Raises EmptyFile, or InvalidOption for a header row that is not there."""
    cells = opened.rows
    rows = [Row(opened.start_row + index + 1, [text_of(cell) for cell in row]) for index, row in enumerate(cells)]
    first = opened.start_column
    marked = None if header_row is not None else main_marked(rows, opened.tables, first_column=first)
    if main := marked or main_beside(rows, first_column=first):
        rows, first = main.rows, first + main.columns.start
        cells = [row[main.columns] for row in cells[main.lines]]
    filled = {position for row in rows for position, cell in enumerate(row.cells) if cell.strip()}
    if not filled:
        raise EmptyFile(
            f"The sheet “{opened.sheet}” holds no filled cell, or nothing but errors. Check that it was saved."
        )
    if len(filled) == 1 and header_row is None:
        layout = layout_of_one_column(rows, filled.pop())
    else:
        layout = find_layout(rows, header_row=header_row)
    is_lone_row = not layout.body and header_row is None
    if is_lone_row:  # a sheet of one row: its cells are all there is to read
        layout = find_layout(rows, header_row=0)
    repaired, skipped = Notes(), Notes()
    body = Body(rows, layout, Dialect("", ""), repaired, skipped)
    table = [[row[p] if p < len(row) else "" for p in layout.kept] for row in body.rows(final=True)]
    native = _native_columns([cells[index] for index in layout.body], layout.kept)
    part = Part(opened.sheet, layout.names, table, native)
    columns = [first + position for position in layout.kept]
    notes = (*(main.notes if main else ()), *layout.notes)
    around = main.skipped if main else ()
    if (levels := levels_of(layout.names[0], table)) is not None:
        part, columns = _with_groups(part, levels), [columns[0], *columns]
        notes = (
            *notes,
            f"{len(levels.groups):,} rows hold the sums of those below them: they became a column, “{part.names[0]}”.",
        )
    return _Found(
        part=part,
        columns=columns,
        header_row=rows[layout.header[-1]].line if layout.header else None,
        beside=(*layout.other_tables, *(main.others if main else ())),
        skipped=sorted([*around, *layout.skipped, *skipped.kept], key=lambda note: note.line)[:MOST_NOTES],
        skipped_count=len(around) + len(layout.skipped) + skipped.count,
        repaired=repaired,
        merged=opened.merged,
        captions=body.section_count,
        is_lone_row=is_lone_row,
        notes=notes,
    )


def _without_far_columns(part: Part) -> Part:
    """Return the table up to the widest one that fits a job: sheets filled to the last column hold thousands more."""
    if len(part.names) <= WIDEST_TABLE:
        return part
    near = frozenset(place for place in part.native if place < WIDEST_TABLE)
    return part._replace(names=part.names[:WIDEST_TABLE], rows=[row[:WIDEST_TABLE] for row in part.rows], native=near)


def _with_zeros(part: Part, marks: Mapping[int, str]) -> Part:
    """Return the table with the zeros that the workbook shows before numbers of fewer digits than their format has:
    they are codes, which came out of a file that had lost them."""
    widths = {p: len(mark) for p, mark in marks.items() if p < len(part.names) and LEADING_ZEROS.fullmatch(mark)}
    short = {p for p, digits in widths.items() if any(row[p].isdecimal() and len(row[p]) < digits for row in part.rows)}
    if not short:
        return part
    rows = [[cell.zfill(widths[p]) if p in short and cell else cell for p, cell in enumerate(row)] for row in part.rows]
    return part._replace(rows=rows, native=part.native - short)


def _with_groups(part: Part, levels: Levels) -> Part:
    """Return the table without the rows of groups, whose labels become the first column."""
    label = part.names[0]
    rows = [[part.rows[group][0], *part.rows[place]] for place, group in levels.members.items()]
    names = (label, free_name(label, part.names), *part.names[1:])
    return Part(part.sheet, names, rows, frozenset(place + 1 for place in part.native))


def _told_of(notes: Iterable[RowNote], found: _Found, read: Sequence[_Found]) -> Iterator[RowNote]:
    """Yield the notes on a sheet's lines, with the sheet's name where several were read."""
    for note in notes:
        yield note if len(read) == 1 else note.model_copy(update={"text": f"{found.part.sheet}: {note.text}"})


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


def _open_book(path: Path, kind: Kind, limits: Limits) -> Book:
    if kind in {"html", "xml_workbook"}:
        from datapilot.reading.formats.markup_book import web_page, xml_workbook  # noqa: PLC0415  # few files need it

        return web_page(path) if kind == "html" else xml_workbook(path)
    if kind in {"xlsx", "xlsb", "ods"}:
        check_members(path, limits)
    if kind in {"xlsx", "xlsb"}:
        check_sheet_areas(path)
    return XlsBook(path) if kind == "xls" else CalamineBook(path)


def _chosen_sheets(book: Book, *, options: ReadingOptions, limits: Limits) -> tuple[Cells, list[Cells]]:
    """Return the cells of the chosen sheet, and of others that may carry it on, in the order of the workbook."""
    chosen = _choose(book, None if asks_for_all(options) else options.sheet)
    _check_size(chosen, book.sheets, limits)
    filled = [sheet for sheet in book.sheets if sheet.is_visible and sheet.rows and sheet.columns and sheet != chosen]
    alike = set(names_alike(chosen.name, [one.name for one in filled], rows=chosen.rows, options=options))
    others = [sheet for sheet in filled if sheet.name in alike]
    if sum(sheet.rows * sheet.columns for sheet in (chosen, *others)) > MOST_CELLS:
        others = []
    return book.cells(chosen.name), [book.cells(sheet.name) for sheet in others]


def _check_size(chosen: Sheet, sheets: Sequence[Sheet], limits: Limits) -> None:
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


def _choose(book: Book, told: str | None) -> Sheet:
    sheets = book.sheets
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
    return max(likely, key=lambda sheet: book.filled(sheet.name))


def _native_columns(body: Sequence[Sequence[Cell]], kept: Sequence[int]) -> frozenset[int]:
    """Return the positions of columns whose cells the workbook itself holds as numbers, dates or booleans."""
    native = set()
    for position, column in enumerate(kept):
        filled = [row[column] for row in body if column < len(row) and row[column] not in {None, ""}]
        if filled and sum(not isinstance(cell, str) for cell in filled) >= NATIVE_SHARE * len(filled):
            native.add(position)
    return frozenset(native)


def _shown(book: Book, path: Path, kind: Kind, found: _Found) -> dict[int, str]:
    """Return how the workbook shows the numbers of the table's columns."""
    if isinstance(book, XlsBook):
        marks = book.shown(found.part.sheet)
    else:
        marks = shown_as(path, found.part.sheet) if kind in {"xlsx", "ods"} else {}
    return {place: marks[column] for place, column in enumerate(found.columns) if column in marks}


def _notes(
    sheets: Iterable[Sheet], read: Sequence[_Found], joined: Joined | None, options: ReadingOptions
) -> tuple[str, ...]:
    notes = list(_said_of_sheets(sheets, [one.part.sheet for one in read], joined, options))
    if merged := sum(one.merged for one in read):
        said = "1 merged cell spans rows; its" if merged == 1 else f"{merged:,} merged cells span rows; their"
        notes.append(f"{said} value was written into each row.")
    if captions := sum(one.captions for one in read):
        notes.append(f"{captions} caption lines were written into the first column of the rows below them.")
    notes += dict.fromkeys(note for one in read for note in one.notes)
    if any(one.is_lone_row for one in read):
        notes.append("There is no row below the first filled one; it was read as data, not as a header.")
    return tuple(notes)


def _said_of_sheets(
    sheets: Iterable[Sheet], read: Sequence[str], joined: Joined | None, options: ReadingOptions
) -> Iterator[str]:
    told = {*read, *(joined.copies if joined is not None else ())}
    others = [sheet for sheet in sheets if sheet.name not in told]
    listed = ", ".join(
        f"“{s.name}” ({s.rows:,} × {s.columns:,}{'' if s.is_visible else ', hidden'})" for s in others[:10]
    )
    if joined is not None:
        names = ", ".join(f"“{name}”" for name in read[:12]) + (
            f" and {len(read) - 12:,} more" if len(read) > 12 else ""
        )
        yield f"{len(read):,} sheets have the same columns and were read as one table: {names}."
        if joined.sheet_column:
            yield f"The column “{joined.sheet_column}” says which sheet a row is from; it is not in the workbook."
        if joined.copies:
            copies = ", ".join(f"“{name}”" for name in joined.copies)
            yield f"Not read, because every row of it stands in another sheet: {copies}."
        if others:
            yield f"Not read: {listed}."
    elif others:
        if asks_for_all(options):
            which = "No other sheet has the columns of the largest one, which"
        else:
            which = "The largest sheet" if options.sheet is None else "The sheet that you chose"
        yield f"{which} was read; not read: {listed}."


def _file_type(kind: Kind) -> FileType:
    return {"xls": "xls", "xml_workbook": "xls", "ods": "ods", "html": "html"}.get(kind, "xlsx")  # type: ignore[return-value]
