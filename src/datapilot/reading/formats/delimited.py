"""Find the table in delimited text, row by row: whatever its form, every line is accounted for."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from datapilot.contracts.errors import EmptyFile, InvalidOption, NotATable
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions, Receipt, RowNote
from datapilot.engine import duckdb
from datapilot.reading.encoding import Encoding, decide_encoding, read_lines
from datapilot.reading.formats.dialect import decide_dialect, usual_width
from datapilot.reading.formats.wrapped_lines import are_wrapped, unwrapped
from datapilot.reading.layout.body import MOST_NOTES, Body, Notes, evenly
from datapilot.reading.layout.column_notes import without_column_notes
from datapilot.reading.layout.header import column_names, distinct, labels
from datapilot.reading.layout.layout import Layout, find_layout
from datapilot.reading.layout.not_records import HEADER_REPEATED, TOTAL_ROW
from datapilot.reading.layout.one_column import read_one_column
from datapilot.reading.layout.pairs import Records, records_of_pairs
from datapilot.reading.layout.prose import is_running_text, is_source
from datapilot.reading.layout.row_shapes import is_blank
from datapilot.reading.layout.side_by_side import main_beside
from datapilot.reading.records import COMMON, Dialect, RecordReader, Row
from datapilot.reading.text_table import (
    RAW_RELATION,
    WIDEST_TABLE,
    TextTable,
    check_width,
    said_of_far_columns,
    store_rows,
)

HELD_CHARACTERS = 48_000_000  # what layout may see at once; what follows streams by the same rules
SAMPLE_CELLS = 200_000
VOTING_LINES = 400
VOTING_CHARACTERS = 4_000_000  # of all of them: lines of 5,000 texts are long, and half a line has half its cells
LONGEST_VOTER = 1_000_000  # of one line: more of it tells nothing new
LONGEST_NAME_LINE = 1_000_000
LONGEST_SAMPLED = 10_000  # characters of a cell that typing looks at
NAMED = {"\t": "tab", " ": "space"}
END_OF_FILE_MARK = "\x1a"
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
SEPARATOR_LINE = re.compile(r"\s*sep=(.)\s*", re.IGNORECASE)


class _Opened(NamedTuple):
    """A file that is ready to be cut: `lines` are all of its lines, `told` says that the first names the delimiter,
    `wrapped` that each stood in quotes as a whole."""

    encoding: Encoding
    dialect: Dialect
    cleaner: "_Cleaner"
    lines: Iterator[str]
    usual_width: int | None
    told: bool
    wrapped: bool

    @property
    def is_one_column(self) -> bool:
        return not self.dialect.delimiter and not self.dialect.starts


class RawTable(NamedTuple):
    """The table exactly as the file has it: rows may differ in length. `left_out` are lines that are none of its rows,
    `other_tables` what else the file holds."""

    header: list[str]
    rows: Iterator[list[str]]
    left_out: tuple[RowNote, ...]
    other_tables: tuple[str, ...]


def _refuse_endless_line(lines: Sequence[str], limits: Limits) -> None:
    """Raise TooManyColumns where the first line has more delimiters than a table may have columns, NotATable where it
    has none at all and no end."""
    first = next((line for line in lines if not line.isspace()), "")
    if len(first) > LONGEST_NAME_LINE and not any(delimiter in first for delimiter in COMMON):
        raise NotATable(
            "No table was found in this text: its first line has no delimiter and no end. "
            "Name the delimiter, or save the table as CSV or Excel."
        )
    if '"' not in first and "'" not in first:
        check_width(max(first.count(delimiter) for delimiter in COMMON) + 1, limits)


def _open(path: Path, options: ReadingOptions, limits: Limits, *, as_it_stands: bool = False) -> _Opened:
    found = decide_encoding(path)
    encoding = found.as_written if as_it_stands else found
    cleaner = _Cleaner(read_lines(path, encoding))
    head = list(itertools.islice(cleaner, 5000))
    lines = itertools.chain(head, cleaner)
    wrapped = are_wrapped(head[:VOTING_LINES])
    if wrapped:
        head = [unwrapped(line) for line in head]
        lines = itertools.chain(head, map(unwrapped, cleaner))
    told = SEPARATOR_LINE.fullmatch(head[0]) if head else None
    delimiter = options.delimiter or (told.group(1) if told else None)
    voting = head[:VOTING_LINES]
    if len(head) > 2 * VOTING_LINES:
        voting += evenly(head[VOTING_LINES:], VOTING_LINES)
    if delimiter is None:
        _refuse_endless_line(voting, limits)
    voting = not_too_long(voting)
    if options.delimiter is not None and not any(options.delimiter in line for line in head):
        _refuse_absent(options.delimiter, voting)
    dialect = decide_dialect(voting, delimiter=delimiter)
    if delimiter is None and not dialect.starts and is_running_text(voting, dialect.delimiter):
        raise NotATable(
            "No table was found in this text: its lines are sentences. Save the table as CSV or Excel, or name the "
            "delimiter that separates its cells."
        )
    if delimiter is None and not dialect.starts and is_source(voting):
        raise NotATable(
            "No table was found in this text: it reads like the source of a program. If its lines are data, name the"
            " delimiter that separates their cells."
        )
    return _Opened(encoding, dialect, cleaner, lines, usual_width(voting, dialect), told is not None, wrapped)


def not_too_long(lines: Sequence[str]) -> list[str]:
    """Return as many of the lines, from the first on and at least two, as a vote can take, endless ones cut."""
    cut = [line if len(line) <= LONGEST_VOTER else line[:LONGEST_VOTER] + "\n" for line in lines]
    lengths = itertools.accumulate(map(len, cut))
    fitting = sum(1 for length in lengths if length <= VOTING_CHARACTERS)
    return cut[: max(fitting, 2)]


def _refuse_absent(delimiter: str, voting: Sequence[str]) -> None:
    """Raise InvalidOption for a delimiter that the file does not have, unless nothing else separates cells either."""
    found = decide_dialect(voting)
    if found.delimiter or found.starts:
        what = f"“{NAMED.get(found.delimiter, found.delimiter)}” does" if found.delimiter else "aligned columns do"
        raise InvalidOption(
            f"The delimiter “{NAMED.get(delimiter, delimiter)}” does not occur in the file; {what}. Leave it out, or"
            " name the one that separates the cells."
        )


def _hold(opened: _Opened, reader: RecordReader) -> tuple[list[Row], bool]:
    """Return the first records, and whether they are all. Raises EmptyFile."""
    held: list[Row] = []
    characters = 0
    is_whole = True
    for row in reader:
        held.append(row)
        characters += sum(map(len, row.cells)) + 20 * len(row.cells)
        if characters > HELD_CHARACTERS:
            is_whole = False
            break
    if opened.told:
        held = held[1:]
    if not any(not is_blank(row.cells) for row in held):
        raise EmptyFile("The file holds nothing but blank lines. Check that the export finished and upload it again.")
    return held, is_whole


def read_as_it_stands(path: Path, *, options: ReadingOptions, limits: Limits) -> RawTable | None:
    """Return the main table with every row and cell as the file has them; nothing is repaired, named or filled down.
    None for a file of one column. Raises EmptyFile."""
    opened = _open(path, options, limits, as_it_stands=True)
    if opened.is_one_column:
        return None
    reader = RecordReader(opened.lines, opened.dialect, width=opened.usual_width)
    held, is_whole = _hold(opened, reader)
    held, said = without_column_notes(held) if options.header_row is None else (held, ())
    held, beside = _main_of(held, is_whole=is_whole)
    layout = find_layout(held, header_row=options.header_row, complete=is_whole)
    reader.width = layout.width
    body = Body(held, layout, opened.dialect, Notes(), Notes())
    rows = itertools.chain(body.as_they_stand(final=is_whole), body.stream_as_they_stand(reader, exhausted=is_whole))
    left_out = (*said, *(note for note in layout.skipped if note.reason not in {HEADER_REPEATED, TOTAL_ROW}))
    return RawTable(header_as_it_stands(held, layout), rows, left_out, (*layout.other_tables, *beside))


def _main_of(held: list[Row], *, is_whole: bool) -> tuple[list[Row], tuple[str, ...]]:
    """Return the rows of the main one of the tables that stand side by side in a file that is held as a whole, and
    where the others are; all rows and () where there is one."""
    main = main_beside(held) if is_whole else None
    return (main.rows, main.others) if main else (held, ())


def header_as_it_stands(held: Sequence[Row], layout: Layout) -> list[str]:
    header = [held[index].cells for index in layout.header]
    if len(header) == 1:
        return header[0]
    return labels(header, layout.width) if header else list(column_names([], layout.width))


def read_delimited(
    path: Path,
    *,
    options: ReadingOptions,
    limits: Limits,
    connection: duckdb.DuckDBPyConnection,
    as_it_stands: bool = False,
) -> TextTable:
    """Read the file row by row into the engine. Every line ends up in a row, in `skipped` or in `repaired`;
    `as_it_stands` keeps letters that were encoded twice. Raises EmptyFile or NotATable."""
    opened = _open(path, options, limits, as_it_stands=as_it_stands)
    encoding, dialect = opened.encoding, opened.dialect
    if opened.is_one_column:
        return read_one_column(opened.lines, dialect, encoding, options=options, limits=limits, connection=connection)
    reader = RecordReader(opened.lines, dialect, width=opened.usual_width)
    held, exhausted = _hold(opened, reader)
    if exhausted and options.header_row is None and (records := records_of_pairs(held)) is not None:
        return _record_table(records, dialect, encoding, options=options, limits=limits, connection=connection)
    blank = sum(1 for row in held if is_blank(row.cells))
    held, said = without_column_notes(held) if options.header_row is None else (held, ())
    held, beside = _main_of(held, is_whole=exhausted)
    layout = find_layout(held, header_row=options.header_row, complete=exhausted)
    if not layout.body:
        _refuse_bare_header(layout)
    reader.width = layout.width
    repaired, skipped = Notes(), Notes()
    body = Body(held, layout, dialect, repaired, skipped)
    layout = body.layout
    check_width(len(layout.kept), limits)
    kept, names = layout.kept[:WIDEST_TABLE], layout.names[:WIDEST_TABLE]
    unwrapper = _Unwrapper()
    first_rows = list(_project(unwrapper.unwrap(body.rows(final=exhausted)), kept))
    streamed = _project(unwrapper.unwrap(body.stream(reader, exhausted=exhausted)), kept)
    store_rows(connection, itertools.chain(first_rows, streamed), len(kept), limits)
    sample = evenly(first_rows, max(200, SAMPLE_CELLS // len(kept)))
    is_cut = any(len(cell) > LONGEST_SAMPLED for row in sample for cell in row)
    if is_cut:
        sample = [[cell[:LONGEST_SAMPLED] for cell in row] for row in sample]
    receipt = Receipt(
        file_type="csv",
        encoding=encoding.label,
        encoding_note=encoding.note,
        delimiter=dialect.delimiter or None,
        quote=dialect.quote or None,
        header_row=held[layout.header[-1]].line if layout.header else None,
        other_tables=(*layout.other_tables, *beside),
        skipped=tuple(sorted([*said, *layout.skipped, *skipped.kept], key=lambda note: note.line)[:MOST_NOTES]),
        skipped_count=len(said) + len(layout.skipped) + skipped.count,
        repaired=tuple(repaired.kept),
        repaired_count=repaired.count,
        notes=(
            *_said_of_form(opened),
            *layout.notes,
            *_said_of_lines(reader, opened.cleaner),
            *_said_of_rows(unwrapper.count, body.section_count, blank),
            *said_of_far_columns(len(layout.kept), len(kept)),
        ),
        options=options,
    )
    is_all = exhausted and not is_cut and len(sample) == len(first_rows)
    return TextTable(RAW_RELATION, names, sample, receipt, exact_sample=is_all)


def _refuse_bare_header(layout: Layout) -> NoReturn:
    shown = ", ".join(name if len(name) <= 40 else name[:39] + "…" for name in layout.names[:5])
    raise NotATable(
        f"The file has a header ({shown}{', …' if len(layout.names) > 5 else ''}) but no rows below it. "
        "Check that the export finished, or set the header row."
    )


# What the receipt's notes say, in the order in which they stand there.


def _said_of_form(opened: _Opened) -> Iterator[str]:
    if opened.told:
        yield "The first line names the delimiter; it is not part of the table."
    if opened.wrapped:
        yield "Each line stands in quotes as a whole; they were taken off, and what they held was read."


def _said_of_lines(reader: RecordReader, cleaner: "_Cleaner") -> Iterator[str]:
    if reader.forgotten:
        lines = ", ".join(str(line) for line in reader.forgotten[:5])
        yield f"A quote is opened and never closed in line {lines}; it was read as text."
    if reader.recut:
        lines = ", ".join(str(line) for line in reader.recut[:5])
        yield f"{len(reader.recut):,} lines are cut by another delimiter than the rest (line {lines})."
    if cleaner.mark_count:
        yield "A byte order mark stands inside the file, as where two files were joined; it was removed."
    if cleaner.has_end_mark:
        yield "The file ends with the end-of-file mark of old programs (Ctrl-Z); it was left out."
    if cleaner.nul_count:
        yield f"{cleaner.nul_count:,} NUL byte{' was' if cleaner.nul_count == 1 else 's were'} removed."


def _said_of_rows(formulas: int, captions: int, blank_lines: int) -> Iterator[str]:
    if formulas:
        yield (
            f'{formulas:,} cells are written as formulas around a text, like ="007", as exports do for spreadsheets;'
            " the text was read."
        )
    if captions:
        yield (
            f"{captions} caption lines stand between the rows; each was written into the first column of the rows"
            " below it."
        )
    if blank_lines:
        yield f"{blank_lines:,} blank line{' was' if blank_lines == 1 else 's were'} left out."


def _record_table(
    records: Records,
    dialect: Dialect,
    encoding: Encoding,
    *,
    options: ReadingOptions,
    limits: Limits,
    connection: duckdb.DuckDBPyConnection,
) -> TextTable:
    store_rows(connection, records.rows, len(records.names), limits)
    note = (
        f"The file lists labels and values; its {records.lines:,} lines were turned into {len(records.rows):,} records "
        f"of {len(records.names)} columns. {records.joined:,} lines without a label continue the value above them."
    )
    receipt = Receipt(
        file_type="csv",
        encoding=encoding.label,
        encoding_note=encoding.note,
        delimiter=dialect.delimiter or None,
        quote=dialect.quote or None,
        notes=(note,),
        options=options,
    )
    return TextTable(RAW_RELATION, distinct(records.names), records.rows, receipt, exact_sample=True)


class _Cleaner:
    """Lines without NUL bytes, which are no text, without marks at their start, which it counts, and without the mark
    by which old programs end a file."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.nul_count = 0
        self.mark_count = 0
        self.has_end_mark = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if line[-1:] == END_OF_FILE_MARK:  # every line but the last ends with a line end
            self.has_end_mark, line = True, line[:-1]
        if "\x00" in line:
            self.nul_count += line.count("\x00")
            line = line.replace("\x00", "")
        if line[:1] == "\ufeff":
            self.mark_count += 1
            line = line[1:]
        return line


class _Unwrapper:
    """Takes the text out of cells like `="007"`, which exports write so that a spreadsheet keeps the zeros; counts
    them."""

    def __init__(self) -> None:
        self.count = 0

    def unwrap(self, rows: Iterable[list[str]]) -> Iterator[list[str]]:
        for cells in rows:
            yield [self._bare(cell) for cell in cells] if any(cell[:2] == '="' for cell in cells) else cells

    def _bare(self, cell: str) -> str:
        match = _TEXT_FORMULA.fullmatch(cell)
        if match is None:
            return cell
        self.count += 1
        return match[1].replace('""', '"')


def _project(rows: Iterable[list[str]], kept: Sequence[int]) -> Iterator[list[str]]:
    for cells in rows:
        yield [cells[p] if p < len(cells) else "" for p in kept]
