"""Find the table in delimited text: straight into the engine when the file is clean, row by row when it is not."""

import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from datapilot.contracts.errors import EmptyFile, InvalidOption, NotATable
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions, Receipt, RowNote
from datapilot.engine import duckdb
from datapilot.reading.body import MOST_NOTES, Body, Notes, evenly
from datapilot.reading.dialect import decide_dialect, usual_width
from datapilot.reading.encoding import Encoding, decide_encoding, encoding_of_head, read_lines
from datapilot.reading.header import column_names, distinct, labels
from datapilot.reading.layout import HEADER_REPEATED, TOTAL_ROW, Layout, find_layout, is_blank, is_total
from datapilot.reading.one_column import read_one_column
from datapilot.reading.pairs import Records, records_of_pairs
from datapilot.reading.records import COMMON, Dialect, RecordReader, Row
from datapilot.reading.subtotals import is_labelled_sum
from datapilot.reading.text_table import RAW_RELATION, TextTable, check_width, column_types, csv_scan, store_rows
from datapilot.reading.wrapped_lines import are_wrapped, unwrapped

FAST_FROM_BYTES = 300_000  # smaller files are read row by row within a tenth of a second
HELD_CHARACTERS = 48_000_000  # what layout may see at once; what follows streams by the same rules
HEAD_BYTES, PART_BYTES, PARTS, TAIL_BYTES = 32_768, 8_192, 10, 8_192
# Where lines are long, so much more is looked at that each part has a few of them: types rest on some hundred rows of a
# table of thousands of columns too.
HEAD_LINES, PART_LINES, LONGEST_HEAD_BYTES = 50, 4, 8_000_000
SAMPLE_CELLS = 200_000
VOTING_LINES = 400
VOTING_CHARACTERS = 4_000_000  # of all of them: lines of 5,000 texts are long, and half a line has half its cells
LONGEST_VOTER = 1_000_000  # of one line: more of it tells nothing new
LONGEST_NAME_LINE = 1_000_000
LONGEST_SAMPLED = 10_000  # characters of a cell that typing looks at
NAMED = {"\t": "tab", " ": "space"}
END_OF_FILE_MARK = "\x1a"
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_SEPARATOR_LINE = re.compile(r"\s*sep=(.)\s*", re.IGNORECASE)


# -- the straight way ---------------------------------------------------------------------------------------------


def scan_delimited(path: Path, *, options: ReadingOptions, limits: Limits) -> TextTable | None:
    """Return a table that the engine scans straight from the file, or None when anything in the parts looked at (head,
    tail, and samples through the file) asks for care. Rows of another width or bad bytes fail at the scan itself."""
    size = path.stat().st_size
    if size < FAST_FROM_BYTES:
        return None
    parts = _parts(path, size)
    if parts is None:
        return None
    head, samples, tail, mark_bytes = parts
    if options.delimiter is None and _SEPARATOR_LINE.fullmatch(head[0]):
        return None
    if options.delimiter is not None and not any(options.delimiter in line for line in head):
        return None
    voting = _not_too_long([*head[:VOTING_LINES], *itertools.chain.from_iterable(part[:40] for part in samples)])
    dialect = decide_dialect(voting, delimiter=options.delimiter)
    if not dialect.delimiter or len(dialect.delimiter.encode()) > 1 or dialect.backslash or dialect.escapes_delimiter:
        return None
    reader = RecordReader(head, dialect, width=usual_width(voting, dialect))
    rows = list(reader)
    if (options.header_row or 0) > rows[-1].line or records_of_pairs(rows) is not None:
        return None
    layout = find_layout(rows, header_row=options.header_row, complete=False)
    if not layout.body:  # the first rows are longer than the part that was looked at
        return None
    first_line = rows[layout.body[0]].line
    is_plain = (
        not reader.forgotten
        and not reader.recut
        and layout.kept == tuple(range(layout.width))
        and not layout.overlong
        and not layout.has_sections
        and not layout.other_tables
        and all(len(rows[index].cells) == layout.width for index in layout.body)
        and first_line == layout.body[0] + 1
        and not any(is_labelled_sum(rows[index].cells) for index in layout.body)
        and not any(re.search(r'(?:^|[,;\t|]) +"', line) for line in head)
        and not any('="' in line for line in head)
    )
    sampled = [row.cells for part in samples for row in RecordReader(part, dialect)]
    ending = [row.cells for row in RecordReader(tail, dialect)]
    while ending and is_blank(ending[-1]):
        ending.pop()
    if not is_plain or not ending or any(_is_odd(cells, layout.width) for cells in ending[-50:]):
        return None
    check_width(layout.width, limits)
    sample = evenly([rows[i].cells for i in layout.body], max(HEAD_LINES, SAMPLE_CELLS // (2 * layout.width)))
    sample += [cells for cells in sampled + ending if len(cells) == layout.width and not is_blank(cells)]
    header = rows[layout.header[-1]].line if layout.header else None
    receipt = Receipt(
        file_type="csv",
        encoding=Encoding("utf-8", mark_bytes).label,
        delimiter=dialect.delimiter,
        quote=dialect.quote or None,
        header_row=header,
        skipped=layout.skipped[:MOST_NOTES],
        skipped_count=len(layout.skipped),
        notes=layout.notes,
        options=options,
    )
    quote = dialect.quote if any(dialect.quote in line for line in voting) or dialect.quote == '"' else ""
    source = csv_scan(
        path,
        columns=column_types(layout.width),
        delimiter=dialect.delimiter,
        quote=quote,
        escape=quote,
        skip=first_line - 1,
    )
    stands = tuple(_header_as_it_stands(rows, layout))
    return TextTable(source, layout.names, sample, receipt, may_have_blank_rows=True, header=stands)


def _parts(path: Path, size: int) -> tuple[list[str], list[list[str]], list[str], int] | None:
    """Return the lines of the head, of parts spread through the file and of its tail, or None if they are not UTF-8."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        encoding = encoding_of_head(head)
        if encoding is not None and encoding.codec != "utf-8":
            return None
        line_bytes = 0
        if head.count(b"\n") < HEAD_LINES:
            line_bytes = len(head + file.readline()) // (head.count(b"\n") + 1)
            file.seek(0)
            head = file.read(min(max(HEAD_BYTES, HEAD_LINES * line_bytes), LONGEST_HEAD_BYTES))
        part_bytes, tail_bytes = (max(least, PART_LINES * line_bytes) for least in (PART_BYTES, TAIL_BYTES))
        if size < len(head) + PARTS * part_bytes + tail_bytes:
            return None
        places = [len(head) + (size - len(head) - tail_bytes) * k // (PARTS + 1) for k in range(1, PARTS + 1)]
        chunks = []
        for place in places:
            file.seek(place)
            chunks.append(file.read(part_bytes))
        file.seek(size - tail_bytes)
        tail = file.read()
    if b"\x00" in head or b"\x00" in tail or tail.endswith(END_OF_FILE_MARK.encode()) or not head.count(b"\n"):
        return None
    try:
        text = head[: head.rfind(b"\n") + 1].decode("utf-8-sig")
        middles = [chunk[chunk.find(b"\n") + 1 : chunk.rfind(b"\n") + 1].decode() for chunk in chunks]
        end = tail[tail.find(b"\n") + 1 :].decode()
    except UnicodeDecodeError:
        return None
    lines = [_lines(text), *(_lines(middle) for middle in middles), _lines(end)]
    return lines[0], lines[1:-1], lines[-1], encoding.mark_bytes if encoding else 0


def _lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


def _is_odd(cells: Sequence[str], width: int) -> bool:
    return len(cells) != width or is_blank(cells) or is_total(cells)


# -- row by row ---------------------------------------------------------------------------------------------------


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


def _open(path: Path, options: ReadingOptions, limits: Limits) -> _Opened:
    encoding = decide_encoding(path)
    cleaner = _Cleaner(read_lines(path, encoding))
    head = list(itertools.islice(cleaner, 5000))
    lines = itertools.chain(head, cleaner)
    wrapped = are_wrapped(head[:VOTING_LINES])
    if wrapped:
        head = [unwrapped(line) for line in head]
        lines = itertools.chain(head, map(unwrapped, cleaner))
    told = _SEPARATOR_LINE.fullmatch(head[0]) if head else None
    delimiter = options.delimiter or (told.group(1) if told else None)
    voting = head[:VOTING_LINES]
    if len(head) > 2 * VOTING_LINES:
        voting += evenly(head[VOTING_LINES:], VOTING_LINES)
    if delimiter is None:
        _refuse_endless_line(voting, limits)
    voting = _not_too_long(voting)
    if options.delimiter is not None and not any(options.delimiter in line for line in head):
        _refuse_absent(options.delimiter, voting)
    dialect = decide_dialect(voting, delimiter=delimiter)
    return _Opened(encoding, dialect, cleaner, lines, usual_width(voting, dialect), told is not None, wrapped)


def _not_too_long(lines: Sequence[str]) -> list[str]:
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
    opened = _open(path, options, limits)
    if opened.is_one_column:
        return None
    reader = RecordReader(opened.lines, opened.dialect, width=opened.usual_width)
    held, is_whole = _hold(opened, reader)
    layout = find_layout(held, header_row=options.header_row, complete=is_whole)
    reader.width = layout.width
    body = Body(held, layout, opened.dialect, Notes(), Notes())
    rows = itertools.chain(body.as_they_stand(final=is_whole), body.stream_as_they_stand(reader, exhausted=is_whole))
    left_out = tuple(note for note in layout.skipped if note.reason not in {HEADER_REPEATED, TOTAL_ROW})
    return RawTable(_header_as_it_stands(held, layout), rows, left_out, layout.other_tables)


def _header_as_it_stands(held: Sequence[Row], layout: Layout) -> list[str]:
    header = [held[index].cells for index in layout.header]
    if len(header) == 1:
        return header[0]
    return labels(header, layout.width) if header else list(column_names([], layout.width))


def read_delimited(
    path: Path, *, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Read the file row by row into the engine. Every line ends up in a row, in `skipped` or in `repaired`. Raises
    EmptyFile or NotATable."""
    opened = _open(path, options, limits)
    encoding, dialect, cleaner = opened.encoding, opened.dialect, opened.cleaner
    if opened.is_one_column:
        return read_one_column(opened.lines, dialect, encoding, options=options, limits=limits, connection=connection)
    reader = RecordReader(opened.lines, dialect, width=opened.usual_width)
    held, exhausted = _hold(opened, reader)
    notes = ["The first line names the delimiter; it is not part of the table."] if opened.told else []
    if opened.wrapped:
        notes.append("Each line stands in quotes as a whole; they were taken off, and what they held was read.")
    if exhausted and options.header_row is None and (records := records_of_pairs(held)) is not None:
        return _record_table(records, dialect, encoding, options=options, limits=limits, connection=connection)
    layout = find_layout(held, header_row=options.header_row, complete=exhausted)
    reader.width = layout.width
    if not layout.body:
        shown = ", ".join(name if len(name) <= 40 else name[:39] + "…" for name in layout.names[:5])
        raise NotATable(
            f"The file has a header ({shown}{', …' if len(layout.names) > 5 else ''}) but no rows below it. "
            "Check that the export finished, or set the header row."
        )
    notes += layout.notes
    repaired, skipped = Notes(), Notes()
    body = Body(held, layout, dialect, repaired, skipped)
    layout = body.layout
    kept, width = layout.kept, len(layout.kept)
    sample: list[list[str]] = []
    unwrapper = _Unwrapper()
    first_rows = list(_project(unwrapper.unwrap(body.rows(final=exhausted)), kept))
    streamed = _project(unwrapper.unwrap(body.stream(reader, exhausted=exhausted)), kept)
    store_rows(connection, itertools.chain(first_rows, streamed), width, limits)
    sample = evenly(first_rows, max(200, SAMPLE_CELLS // width))
    is_cut = any(len(cell) > LONGEST_SAMPLED for row in sample for cell in row)
    if is_cut:
        sample = [[cell[:LONGEST_SAMPLED] for cell in row] for row in sample]
    if reader.forgotten:
        lines = ", ".join(str(line) for line in reader.forgotten[:5])
        notes.append(f"A quote is opened and never closed in line {lines}; it was read as text.")
    if reader.recut:
        lines = ", ".join(str(line) for line in reader.recut[:5])
        notes.append(f"{len(reader.recut):,} lines are cut by another delimiter than the rest (line {lines}).")
    if cleaner.mark_count:
        notes.append("A byte order mark stands inside the file, as where two files were joined; it was removed.")
    if cleaner.has_end_mark:
        notes.append("The file ends with the end-of-file mark of old programs (Ctrl-Z); it was left out.")
    if cleaner.nul_count:
        notes.append(f"{cleaner.nul_count:,} NUL bytes were removed.")
    if unwrapper.count:
        notes.append(
            f'{unwrapper.count:,} cells are written as formulas around a text, like ="007", as exports do for'
            " spreadsheets; the text was read."
        )
    if body.section_count:
        notes.append(
            f"{body.section_count} caption lines stand between the rows; each was written into the first column of the"
            " rows below it."
        )
    blank = sum(1 for row in held if is_blank(row.cells))
    if blank:
        notes.append(f"{blank:,} blank line{' was' if blank == 1 else 's were'} left out.")
    all_skipped = sorted([*layout.skipped, *skipped.kept], key=lambda note: note.line)
    receipt = Receipt(
        file_type="csv",
        encoding=encoding.label,
        encoding_note=encoding.note,
        delimiter=dialect.delimiter or None,
        quote=dialect.quote or None,
        header_row=held[layout.header[-1]].line if layout.header else None,
        other_tables=layout.other_tables,
        skipped=tuple(all_skipped[:MOST_NOTES]),
        skipped_count=len(layout.skipped) + skipped.count,
        repaired=tuple(repaired.kept),
        repaired_count=repaired.count,
        notes=tuple(notes),
        options=options,
    )
    return TextTable(
        RAW_RELATION,
        layout.names,
        sample,
        receipt,
        exact_sample=exhausted and not is_cut and len(sample) == len(first_rows),
    )


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
