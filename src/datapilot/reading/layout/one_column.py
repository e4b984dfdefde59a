"""Tell a list with one name above it from a table: spaces, colons and commas inside its cells cut nothing."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from datapilot.contracts.errors import EmptyFile, NotATable
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions, Receipt
from datapilot.engine import duckdb
from datapilot.reading.encoding import Encoding
from datapilot.reading.late import late
from datapilot.reading.layout.body import evenly
from datapilot.reading.layout.header import column_names
from datapilot.reading.layout.header_rows import names_columns, told_header
from datapilot.reading.layout.layout import Layout
from datapilot.reading.layout.prose import SENTENCE_ENDS, are_sentences
from datapilot.reading.layout.row_shapes import kind_of
from datapilot.reading.records import COMMON, Dialect, RecordReader, Row
from datapilot.reading.text_table import RAW_RELATION, TextTable, store_rows

INSIDE_WORDS = frozenset({" ", "\u00a0", ":", "/", "=", "#", "&", "*", "!", "-"})  # they stand inside values
JUDGED_RECORDS = 2000
SAMPLE_ROWS = 200_000
LONGEST_HEADER = 120
PROSE_CHARACTERS = 200  # mean length of lines from which text without any quotes is no column
FEWEST_QUOTED_BLANKS = 2  # lines of nothing but a pair of quotes, from which they are an empty column

_JSON_BEGINS = re.compile(r"[\[{]\s*(?:$|[\"\[{])")
_PLAIN_NAME = re.compile(r"[^\W\d][\w.#/()\[\]-]*")
_SPACED_DATE = late(r"\d{1,2} \d{1,2} (?:19|20)\d{2}|(?:19|20)\d{2} \d{1,2} \d{1,2}")
_WHOLE_VALUE = late(
    r"""(?:(?:https?|ftp)://|www\.)\S+(?:[\s,;|]+(?:(?:https?|ftp)://|www\.)\S+)*
      |(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ,]+)?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?\s*(?:[ap]\.?m\.?)?\s*
       (?:[a-z]{1,4})?(?:[+-]\d{1,2}(?::?\d{2})?)?
      |\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}
      |[a-z]{3}\s[a-z]{3}\s+\d{1,2}\s\d{1,2}:\d{2}(?::\d{2})?(?:\s[a-z]{2,5})?\s\d{4}
      |(?:[a-z]{3,9}\.?,?\s+)?\d{1,2}(?:st|nd|rd|th)?[-\s]+[a-z]{3,9}\.?,?[-\s]+\d{2,4}
       (?:\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s+(?:[+-]\d{4}|[a-z]{1,5}))?)?
      |(?:[a-z]{3,9}\.?,?\s+)?[a-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?
      |[$€£¥]?\s?[+-]?\d[\d.,]*\s?[a-z%°²³µ/]{1,12}
      |\(\s*[+-]?\d+\.\d+[,\s]+[+-]?\d+\.\d+\s*\)
      |\[.*\]|\{.*\}
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)

_MOMENT_OF_MAIL = re.compile(  # RFC 5322, 3.3
    r"(?:[a-z]{3},\s+)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s+(?:[+-]\d{4}|[a-z]{1,5}))?",
    re.IGNORECASE,
)


def is_one_column(lines: Sequence[str], dialect: Dialect) -> bool:
    """True when what the dialect takes for a delimiter is part of the values: the lines are whole values by
    themselves, or the name above them has no delimiter and no second row of names follows it."""
    bare = [row.cells[0] for row in RecordReader(lines, Dialect("", dialect.quote)) if row.cells[0].strip()]
    if len(bare) < 2:
        return False
    values = [text.strip() for text in bare[1:]]
    if sum(bool(_WHOLE_VALUE().fullmatch(value)) for value in values) >= 0.9 * len(values):
        is_named = not is_moment_of_mail(bare[0])
        return dialect.delimiter in {" ", "\u00a0"} or not is_named or dialect.delimiter not in bare[0]
    is_named_by_a_word = bool(_PLAIN_NAME.fullmatch(bare[0].strip()))
    if dialect.delimiter == " " and is_named_by_a_word and _are_spaced_digits(values):
        return True
    rows = [row for row in RecordReader(lines, dialect) if any(cell.strip() for cell in row.cells)]
    widths = Counter(len(row.cells) for row in rows[1:])
    if not widths:
        return False
    width = widths.most_common(1)[0][0]
    named = len(rows[0].cells)
    if named == width >= 3 and len(widths) == 1 and len(rows) > 5:
        return False  # so many words in every line, the first one too, are no chance
    if named == 1 and is_named_by_a_word and dialect.delimiter not in (*COMMON, " ") and not _has_second_names(rows):
        return True
    if dialect.delimiter in INSIDE_WORDS:
        cells = [cell for row in rows[1:] for cell in row.cells if cell.strip()]
        numbers = sum(kind_of(cell) in {"number", "date"} for cell in cells)
        is_steady = widths[width] >= 0.9 * len(rows[1:])
        return numbers < 0.3 * len(cells) or (named != width and not (is_steady and numbers >= 0.6 * len(cells)))
    if named > 1 or len(bare[0].strip()) > LONGEST_HEADER or len(rows) < 3:
        return False
    spaced = all(
        line.count(dialect.delimiter) == line.count(dialect.delimiter + " ")
        for line in values
        if dialect.delimiter in line
    )
    if spaced and len(widths) > 1:
        return True
    # Titles may stand above a table: then a row of names follows them.
    at = next((k for k, row in enumerate(rows[1:12], start=1) if _width_named(row.cells) == width), len(rows))
    if at < len(rows) and len(rows[at].cells) != width:  # the names end with a delimiter, the rows do not
        rows[at] = rows[at]._replace(cells=rows[at].cells[:width])
    below = [row for row in rows[at + 1 :] if not row.cells[0].lstrip().startswith(("#", "//"))]
    narrow = sum(len(row.cells) == 1 for row in below)
    return not below or narrow > 0.2 * len(below) or not names_columns(rows, at, width)


def is_moment_of_mail(line: str) -> bool:
    """True for a whole line that is a moment as mails write it, "Fri, 01 Mar 2024 15:11:58 -0500"."""
    return bool(_MOMENT_OF_MAIL.fullmatch(line.strip()))


def _width_named(cells: Sequence[str]) -> int:
    """Return how many cells the line has but for a blank one at its end."""
    return len(cells) - (len(cells) > 1 and not cells[-1].strip())


def _are_spaced_digits(values: Sequence[str]) -> bool:
    """True for digits that spaces part into groups: dates, or codes and numbers that all have the same groups."""
    if sum(bool(_SPACED_DATE().fullmatch(value)) for value in values) >= 0.9 * len(values):
        return True
    shapes = {re.sub(r"\d", "0", value) for value in values}
    return len(values) >= 3 and len(shapes) == 1 and bool(re.fullmatch(r"0+(?: 0+)+", shapes.pop()))


def _has_second_names(rows: Sequence[Row]) -> bool:
    """True when the first line is a title, because the second one names columns of numbers or dates."""
    kinds = [kind_of(cell) for cell in rows[1].cells]
    below = [row.cells for row in rows[2:] if len(row.cells) == len(kinds)]
    return all(kind == "text" for kind in kinds) and any(
        sum(kind_of(cells[position]) in {"number", "date"} for cells in below) >= 0.6 * len(below) > 0
        for position in range(len(kinds))
    )


def read_one_column(
    lines: Iterable[str],
    dialect: Dialect,
    encoding: Encoding,
    *,
    options: ReadingOptions,
    limits: Limits,
    connection: duckdb.DuckDBPyConnection,
) -> TextTable:
    """Return the one column: every line after the name is a cell, a blank line between two cells or a quoted empty one
    a missing cell. Raises EmptyFile and NotATable, the latter for prose."""
    told = _QuotedBlanks(lines, dialect.quote)
    records = _without_blank_end(RecordReader(told, dialect), told)
    head = list(islice(records, JUDGED_RECORDS))
    filled = [row for row in head if row.cells[0].strip()]
    if not filled and len(head) < FEWEST_QUOTED_BLANKS:
        raise EmptyFile("The file holds nothing but blank lines. Check that the export finished and upload it again.")
    header = _header(head, filled, options)
    if header is not None:
        head = [row for row in head if row.line > header.line]
    if not head:
        raise NotATable(
            f"The file has a header ({filled[0].cells[0].strip()[:80]}) but no rows below it. "
            "Check that the export finished, or set the header row."
        )
    texts = [row.cells[0] for row in filled if row is not header]
    is_long = sum(map(len, texts)) > PROSE_CHARACTERS * len(texts)
    is_prose = is_long and told.quoted_lines < 0.3 * len(texts) and not _stands_under_a_name(head, header)
    if texts and (is_prose or (len(texts) == 1 and header is None)):
        raise _no_table(filled[0].cells[0])
    first = [[row.cells[0]] for row in head]
    store_rows(connection, chain(first, ([row.cells[0]] for row in records)), 1, limits)
    names = column_names([[header.cells[0]]] if header else [], 1)
    receipt = Receipt(
        file_type="csv",
        encoding=encoding.label,
        encoding_note=encoding.note,
        quote=dialect.quote or None,
        header_row=header.line if header else None,
        notes=("The lines hold no delimiter: the table has one column.",),
        options=options,
    )
    total = connection.execute(f"SELECT count(*) FROM {RAW_RELATION}").fetchone()
    rows = int(total[0]) if total else 0
    step = max(1, rows // SAMPLE_ROWS)
    sample = (
        first
        if rows == len(first)
        else connection.execute(f"SELECT c0 FROM {RAW_RELATION} WHERE rowid % {step} = 0 ORDER BY rowid").fetchall()
    )
    return TextTable(RAW_RELATION, names, evenly(sample, SAMPLE_ROWS), receipt, exact_sample=rows <= SAMPLE_ROWS)


def _header(head: Sequence[Row], filled: Sequence[Row], options: ReadingOptions) -> Row | None:
    """Return the row that names the column: the one that was told, else the first if it looks like a name."""
    if options.header_row is not None:
        return head[told_header(head, options.header_row)] if options.header_row else None
    return filled[0] if filled and _is_name(filled) else None


def _no_table(text: str) -> NotATable:
    """Return what is said of lines that are no cells, which begin with this text."""
    if _JSON_BEGINS.match(text.lstrip()):
        return NotATable(
            "The text begins like JSON, but is none: it breaks off or is damaged. Export it again, or save the"
            " table as CSV or Excel."
        )
    return NotATable(
        "No table was found in this text: the lines have no common delimiter. "
        "Name the delimiter, or save the table as CSV or Excel."
    )


def layout_of_one_column(rows: Sequence[Row], position: int) -> Layout:
    """Return where the table is when only the column at `position` holds anything: blank cells between filled ones are
    missing, not the end of a table."""
    filled = [index for index, row in enumerate(rows) if position < len(row.cells) and row.cells[position].strip()]
    alone = [Row(rows[index].line, [rows[index].cells[position]]) for index in filled]
    header = filled[:1] if len(filled) > 1 and names_columns(alone, 0, 1) else []
    return Layout(
        names=column_names([alone[0].cells] if header else [], 1),
        kept=(position,),
        body=tuple(range(filled[0] + len(header), filled[-1] + 1)),
        header=tuple(header),
        width=position + 1,
    )


class _QuotedBlanks:
    """The lines, passed on; remembers which hold nothing but a pair of quotes, and how many begin with a quote."""

    def __init__(self, lines: Iterable[str], quote: str) -> None:
        self._lines, self._quote = iter(lines), quote
        self._line = 0
        self.quoted_lines = 0
        self.blanks: set[int] = set()

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._line += 1
            if self._quote and line.startswith(self._quote):
                self.quoted_lines += 1
                if line.strip() == self._quote * 2:
                    self.blanks.add(self._line)
            yield line


def _without_blank_end(records: Iterable[Row], told: _QuotedBlanks) -> Iterator[Row]:
    """Yield the records but for the bare blank lines that follow the last cell."""
    waiting: list[Row] = []
    for row in records:
        if row.cells[0].strip() or row.line in told.blanks:
            told.blanks.discard(row.line)
            yield from waiting
            waiting.clear()
            yield row
        else:
            waiting.append(row)


def _stands_under_a_name(head: Sequence[Row], header: Row | None) -> bool:
    """True when the lines follow one another right below a single word: long cells of one column, not paragraphs."""
    return (
        header is not None
        and bool(_PLAIN_NAME.fullmatch(header.cells[0].strip()))
        and sum(not row.cells[0].strip() for row in head) < 0.3 * len(head)
    )


def _is_name(filled: Sequence[Row]) -> bool:
    """True when the first filled line names the column: it stands alone, or is of another kind than the rest, but no
    sentence above sentences."""
    texts = [row.cells[0] for row in filled]
    is_sentence = texts[0].strip().endswith(SENTENCE_ENDS) and are_sentences(texts, "")
    return len(filled) == 1 or (not is_sentence and names_columns(filled, 0, 1))
