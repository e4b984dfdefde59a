"""Have the engine scan delimited text straight from the file, where the parts looked at need no care; where anything
does, `delimited` reads it row by row."""

import io
import itertools
import re
from collections.abc import Sequence
from pathlib import Path

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions, Receipt
from datapilot.reading.encoding import Encoding, encoded_once, encoding_of_head
from datapilot.reading.formats.delimited import (
    END_OF_FILE_MARK,
    SAMPLE_CELLS,
    SEPARATOR_LINE,
    VOTING_LINES,
    header_as_it_stands,
    not_too_long,
)
from datapilot.reading.formats.dialect import decide_dialect, usual_width
from datapilot.reading.layout.body import MOST_NOTES, evenly
from datapilot.reading.layout.column_notes import has_column_notes
from datapilot.reading.layout.layout import Layout, find_layout
from datapilot.reading.layout.not_records import is_total
from datapilot.reading.layout.pairs import records_of_pairs
from datapilot.reading.layout.row_shapes import is_blank
from datapilot.reading.layout.subtotals import is_labelled_sum
from datapilot.reading.records import RecordReader, Row
from datapilot.reading.text_table import WIDEST_TABLE, TextTable, check_width, column_types, csv_scan

FAST_FROM_BYTES = 300_000  # smaller files are read row by row within a tenth of a second
HEAD_BYTES, PART_BYTES, PARTS, TAIL_BYTES = 32_768, 8_192, 10, 8_192
# Where lines are long, so much more is looked at that each part has a few of them: types rest on some hundred rows of a
# table of thousands of columns too.
HEAD_LINES, PART_LINES, LONGEST_HEAD_BYTES = 50, 4, 8_000_000


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
    if options.delimiter is None and SEPARATOR_LINE.fullmatch(head[0]):
        return None
    if options.delimiter is not None and not any(options.delimiter in line for line in head):
        return None
    voting = not_too_long([*head[:VOTING_LINES], *itertools.chain.from_iterable(part[:40] for part in samples)])
    dialect = decide_dialect(voting, delimiter=options.delimiter)
    if not dialect.delimiter or len(dialect.delimiter.encode()) > 1 or dialect.backslash or dialect.escapes_delimiter:
        return None
    reader = RecordReader(head, dialect, width=usual_width(voting, dialect))
    rows = list(reader)
    if (options.header_row or 0) > rows[-1].line or records_of_pairs(rows) is not None or has_column_notes(rows):
        return None
    layout = find_layout(rows, header_row=options.header_row, complete=False)
    if not layout.body:  # the first rows are longer than the part that was looked at
        return None
    if not _is_plain(head, reader, rows, layout):
        return None
    sampled = [row.cells for part in samples for row in RecordReader(part, dialect)]
    ending = [row.cells for row in RecordReader(tail, dialect)]
    while ending and is_blank(ending[-1]):
        ending.pop()
    if not ending or any(_is_odd(cells, layout.width) for cells in ending[-50:]):
        return None
    check_width(layout.width, limits)
    if layout.width > WIDEST_TABLE:
        return None
    sample = evenly([rows[i].cells for i in layout.body], max(HEAD_LINES, SAMPLE_CELLS // (2 * layout.width)))
    sample += [cells for cells in sampled + ending if len(cells) == layout.width and not is_blank(cells)]
    receipt = Receipt(
        file_type="csv",
        encoding=Encoding("utf-8", mark_bytes).label,
        delimiter=dialect.delimiter,
        quote=dialect.quote or None,
        header_row=rows[layout.header[-1]].line if layout.header else None,
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
        skip=rows[layout.body[0]].line - 1,
    )
    stands = tuple(header_as_it_stands(rows, layout))
    return TextTable(source, layout.names, sample, receipt, may_have_blank_rows=True, header=stands)


def _is_plain(head: Sequence[str], reader: RecordReader, rows: Sequence[Row], layout: Layout) -> bool:
    """Return whether the head is nothing but a header and rows of its width, cut as the engine would cut them."""
    return (
        not reader.forgotten
        and not reader.recut
        and layout.kept == tuple(range(layout.width))
        and not layout.overlong
        and not layout.has_sections
        and not layout.outline
        and not layout.other_tables
        and all(len(rows[index].cells) == layout.width for index in layout.body)
        and rows[layout.body[0]].line == layout.body[0] + 1
        and not any(is_labelled_sum(rows[index].cells) for index in layout.body)
        and not any(re.search(r'(?:^|[,;\t|]) +"', line) for line in head)
        and not any('="' in line for line in head)
    )


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
    if any(map(encoded_once, "".join([text, *middles, end]).splitlines())):
        return None
    lines = [_lines(text), *(_lines(middle) for middle in middles), _lines(end)]
    return lines[0], lines[1:-1], lines[-1], encoding.mark_bytes if encoding else 0


def _lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


def _is_odd(cells: Sequence[str], width: int) -> bool:
    return len(cells) != width or is_blank(cells) or is_total(cells)
