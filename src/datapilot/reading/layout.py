"""Find the table among the rows of a file or sheet: titles above it, notes below it, header rows, other tables."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from datapilot.contracts.errors import InvalidOption
from datapilot.contracts.table import RowNote
from datapilot.reading.evidence import name_words
from datapilot.reading.header import column_names
from datapilot.reading.records import RULER, Row
from datapilot.reading.subtotals import find_subtotals
from datapilot.reading.vocabulary import word_set

CellKind = Literal["blank", "number", "date", "text"]
HEADER_FILL = 0.7  # a header names at least this share of the cells that its rows fill
TITLE_FILL = 0.4  # a line above the header fills at most this share of the table's width
LONGEST_SNIPPET = 120
LONGEST_VALUE = 200  # no number and no date is longer
MOST_HEADER_ROWS = 4
HEADER_REPEATED = "header repeated"
ONE_NAME_SHORT = (
    "The header has one name fewer than the rows have cells. Its names were given to the columns from the second on;"
    " the first column, which labels the rows, has none."
)
NUMBERING_WORDS = word_set("names", "id") | word_set("names", "number")
MEASURE_WORDS = word_set("roles", "summed") | word_set("roles", "averaged")
TOTAL_ROW = "total row: it would count everything twice"
JUDGED_ROWS = 400  # body rows that vote on whether the first row is a header
JUDGED_CELLS, FEWEST_JUDGED = 200_000, 50  # of very wide tables fewer rows: each column of thousands votes

_NUMBER = re.compile(
    r"[+\-−(]?\s*[$€£¥]?\s*\d[\d.,'’\u00a0\u202f ]*(?:[eE][+\-]?\d+)?\s*(?:%|[$€£¥])?\)?-?|[+\-]?\.\d+"
)
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T"
    r" ].*)?|\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:\s*[AaPp][Mm])?|\d{4}-\d{2}"
    r"|\d{1,2}[- ](?:[A-Za-z]{3,9})[- ,.]+\d{2,4}|[A-Z][a-z]{2,8}\.?[- ]\d{1,2}(?:,? |-)\d{4}"
)
_NOTE = re.compile(
    r"\s*(?:\*|†|‡|\(?\d?\)?\s*(?:source|sources|note|notes|quelle|fuente|fonte|remark|generated|exported|printed|report"
    r"|copyright|©|confidential|disclaimer|last updated|as of|page \d|end of (?:file|report)|data as|stand|hinweis"
    r"|\d+ rows?\b|rows? (?:count|returned)|\(?\d+ records?\b))",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\s*(?:grand[ -]?|sub[ -]?|overall"
    r" )?(?:total|totals|sum|summe|gesamt|gesamtsumme|insgesamt|somme|suma|totale|totaal|"
    r"итого|всего|合计|总计|合計|razem|celkem|összesen|toplam|(?:closing|ending) balance|endsaldo|schlusssaldo|"
    r"solde final|saldo final|saldo finale)\s*(?::|general|général)?\s*",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"\s*(?:(?:opening|beginning|starting) balance|balance (?:brought )?forward|anfangssaldo|eröffnungssaldo|"
    r"solde initial|saldo (?:inicial|iniziale|anterior))\s*:?\s*",
    re.IGNORECASE,
)
_PAGE_LINE = re.compile(r"\W*(?:page|seite|página|pagina|blatt|стр)\b.{0,20}", re.IGNORECASE)
MOST_TITLE_LINES = 30
MOST_LINES_BETWEEN = 6  # captions and blank lines between the names and the first full row
ABOVE_THE_ROWS = "line between the names and the first row"
FEWEST_NUMERIC_NAMES = 4
_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
_DIGITS = re.compile(r"\d+")
_IMPORT_ID = re.compile(r'\{"?ImportId"?.*\}', re.DOTALL)
_JUNK = re.compile(r"[\s,;|\u00a0\ufeff]*")


class Layout(NamedTuple):
    """Where the table is: positions into the rows given. `body` are its data rows in order.

    `names` has one name per kept column and `kept` their positions; `has_sections` says that rows of a single cell are
    captions that hold for the rows below them; `overlong` are the rows with more cells than `width`, `repeated` those
    that say the header again, `sums` those that add up rows above them.
    """

    names: tuple[str, ...]
    kept: tuple[int, ...]
    body: tuple[int, ...]
    header: tuple[int, ...]
    skipped: tuple[RowNote, ...] = ()
    other_tables: tuple[str, ...] = ()
    has_sections: bool = False
    notes: tuple[str, ...] = ()
    width: int = 0
    overlong: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()
    sums: tuple[int, ...] = ()

    def of_width(self) -> "Layout":
        """Return the layout without columns beyond the table's width."""
        inside = [k for k, position in enumerate(self.kept) if position < self.width]
        return self._replace(
            names=tuple(self.names[k] for k in inside), kept=tuple(self.kept[k] for k in inside), overlong=()
        )


class _Block(NamedTuple):
    start: int
    stop: int
    area: int


def kind_of(cell: str) -> CellKind:
    """Return what a cell looks like by itself."""
    if len(cell) > LONGEST_VALUE and not cell.isspace():
        return "text"
    text = cell.strip()
    if not text:
        return "blank"
    if _DATE.fullmatch(text):
        return "date"
    if _NUMBER.fullmatch(text):
        return "number"
    return "text"


def is_blank(cells: Sequence[str]) -> bool:
    """True for a row without content; cells that hold only stray separators count as empty."""
    return not any(cells) or all(not cell or _JUNK.fullmatch(cell) for cell in cells)


def snippet(cells: Sequence[str]) -> str:
    """Return the row's text, short enough for a receipt."""
    text = " | ".join(cell[:1000].strip() for cell in cells[:1000] if cell.strip())
    return text if len(text) <= LONGEST_SNIPPET else text[: LONGEST_SNIPPET - 1] + "…"


def find_layout(rows: Sequence[Row], *, header_row: int | None = None, complete: bool = True) -> Layout:
    """Return where the main table is. `header_row` is the line the user named (0: none). `complete` is False when the
    file goes on after these rows, so that its end is not judged here. Raises InvalidOption for a header row that is
    not there."""
    if header_row is not None:
        fill = [_filled(row.cells) for row in rows]
        return _layout_as_told(rows, fill, header_row, complete=complete)
    rulers = [index for index, row in enumerate(rows) if _is_ruler(row.cells)]
    gone = {*rulers, *(_spacing(rows) if not rulers else ())}
    if not gone:
        return _find_layout(rows, complete=complete)
    stay = [index for index in range(len(rows)) if index not in gone]
    found = _find_layout([rows[index] for index in stay], complete=complete)
    lines = [RowNote(line=rows[i].line, reason="ruler line", text=snippet(rows[i].cells)) for i in rulers]
    return found._replace(
        body=tuple(stay[index] for index in found.body),
        header=tuple(stay[index] for index in found.header),
        overlong=tuple(stay[index] for index in found.overlong),
        repeated=tuple(stay[index] for index in found.repeated),
        sums=tuple(stay[index] for index in found.sums),
        skipped=tuple(sorted([*found.skipped, *lines], key=lambda note: note.line)),
    )


def _is_ruler(cells: Sequence[str]) -> bool:
    """True for a line that is only drawn: dashes between header and rows, borders of a table."""
    return bool(RULER.fullmatch("".join(cells))) and all(
        len(cell.strip()) != 1 or cell.strip() in "|+" for cell in cells
    )


def _spacing(rows: Sequence[Row]) -> list[int]:
    """Return the blank lines of a file that has one after nearly every row: they part nothing."""
    blank = [index for index, row in enumerate(rows) if is_blank(row.cells)]
    filled = len(rows) - len(blank)
    after_rows = sum(1 for index in blank if index and not is_blank(rows[index - 1].cells))
    return blank if filled > 3 and after_rows > 0.6 * filled else []


def _find_layout(rows: Sequence[Row], *, complete: bool) -> Layout:
    fill = [_filled(row.cells) for row in rows]
    width = _usual_width(rows, fill)
    typical = _typical_fill(fill, width)
    blocks = _blocks(rows, fill, width)
    main = _main_block(rows, blocks, fill)
    skipped: list[RowNote] = []
    start, stop = main.start, main.stop

    header_at = _first_full_row(rows, fill, start, stop, typical=typical, width=width)
    start = _pull_header_from_above(rows, fill, blocks, main, typical=typical, header_at=header_at)
    if start != main.start:
        header_at = start
    after_captions = 0
    if _is_above_the_header(rows, header_at, stop, width):
        header_at += 1
    has_header = _is_header(rows, header_at, stop, width)
    if not has_header and (above := _names_further_above(rows, fill, header_at, stop, width)) is not None:
        after_captions, header_at, has_header = header_at, above, True
    header: list[int] = []
    if has_header:
        header = _header_rows(rows, fill, header_at, stop, width)
        first = max(header[-1] + 1, after_captions)
    else:
        first = header_at
    if first < stop - 1 and _OPENING.fullmatch(next((cell for cell in rows[first].cells if cell.strip()), "")):
        first += 1  # what an account held before its first movement is none
    top = header[0] if header else first
    skipped += [_above(rows[index]) for index in range(top) if fill[index] and index not in header]
    skipped += [
        RowNote(line=rows[index].line, reason=ABOVE_THE_ROWS, text=snippet(rows[index].cells))
        for index in range(header[-1] + 1 if header else first, first)
        if fill[index]
    ]
    others = _other_tables(rows, fill, blocks, main, top)
    body = [index for index in range(first, stop) if fill[index]]
    tail_notes: list[RowNote] = []
    if complete:
        body, tail_notes = _without_footnotes(rows, fill, body, typical)
    after = [index for index in range(stop, len(rows)) if fill[index]]
    said_again = _repeated_headers(rows, body, header)
    pages = _page_lines(rows, fill, body, said_again, top)
    body = [index for index in body if index not in pages]
    skipped += [RowNote(line=rows[i].line, reason="page line", text=snippet(rows[i].cells)) for i in sorted(pages)]
    repeated = [RowNote(line=rows[i].line, reason=HEADER_REPEATED, text=snippet(rows[i].cells)) for i in said_again]
    body = [index for index in body if index not in set(said_again)]
    body, comments = _without_comments(rows, body, width)
    sums = find_subtotals(rows, body) if complete else set()
    if sums:
        body = [index for index in body if index not in sums]
        skipped += [RowNote(line=rows[i].line, reason=TOTAL_ROW, text=snippet(rows[i].cells)) for i in sorted(sums)]
    told = {line for _, lines in others for line in lines}
    skipped += repeated + comments + tail_notes
    skipped += [
        RowNote(line=rows[index].line, reason="text below the table", text=snippet(rows[index].cells))
        for index in after
        if index not in told
    ]
    layout = _finish(rows, body, header, skipped, tuple(text for text, _ in others), width=width, typical=typical)
    return layout._replace(repeated=tuple(said_again), sums=tuple(sorted(sums)))


def _finish(
    rows: Sequence[Row],
    body: list[int],
    header: list[int],
    skipped: list[RowNote],
    others: tuple[str, ...],
    *,
    width: int,
    typical: int,
) -> Layout:
    header_cells = [rows[index].cells for index in header]
    notes: tuple[str, ...] = ()
    if _is_one_name_short(rows, header, body, width):
        header_cells = [["", *header_cells[0]]]
        notes = (ONE_NAME_SHORT,)
    overlong = tuple(index for index in body if any(not _JUNK.fullmatch(cell) for cell in rows[index].cells[width:]))
    full_width = max([width, *(len(rows[index].cells) for index in overlong)]) if len(overlong) > 0 else width
    names = list(column_names(_without_junk_tail(header_cells), max(full_width, 1)))
    lowest_named = {p for cells in _without_junk_tail(header_cells) for p, cell in enumerate(cells) if cell.strip()}
    has_content = [False] * full_width
    for index in body:
        for position, cell in enumerate(rows[index].cells[:full_width]):
            if not has_content[position] and cell and not _JUNK.fullmatch(cell):
                has_content[position] = True
    kept = tuple(p for p in range(full_width) if has_content[p] or p in lowest_named) or (0,)
    sections = _has_sections(rows, body, typical)
    return Layout(
        names=tuple(names[p] for p in kept),
        kept=kept,
        body=tuple(body),
        header=tuple(header),
        skipped=tuple(sorted(skipped, key=lambda note: note.line)),
        other_tables=others,
        has_sections=sections,
        notes=notes,
        width=width,
        overlong=overlong,
    )


def _is_one_name_short(rows: Sequence[Row], header: Sequence[int], body: Sequence[int], width: int) -> bool:
    """True where a header of one line has one cell fewer than all rows, whose first cells are labels that do not
    repeat: programs that print the names of the rows leave out the place above them."""
    if len(header) != 1 or width < 3 or not body:
        return False
    names = rows[header[0]].cells
    cells = [rows[index].cells for index in body[:JUDGED_ROWS]]
    if len(names) != width - 1 or not all(name.strip() for name in names) or any(len(row) != width for row in cells):
        return False
    labels = [row[0].strip() for row in cells]
    if not all(labels) or len(set(labels)) < len(labels) or set(name_words(names[0])) & NUMBERING_WORDS:
        return False
    return _measures_named(names, cells, shift=1) >= _measures_named(names, cells, shift=0)


def _measures_named(names: Sequence[str], cells: Sequence[Sequence[str]], *, shift: int) -> int:
    """Return how many names of measures stand over numbers when each names the column so many places to its right."""
    kinds = _column_kinds([Row(0, list(row[shift:])) for row in cells], len(names))
    measured = [bool(MEASURE_WORDS & set(name_words(name))) for name in names]
    return sum(is_measure and kind == "number" for is_measure, kind in zip(measured, kinds, strict=True))


def _layout_as_told(rows: Sequence[Row], fill: Sequence[int], header_row: int, *, complete: bool) -> Layout:
    header: list[int] = []
    first = 0
    if header_row > 0:
        at = told_header(rows, header_row)
        header, first = [at], at + 1
    width = _usual_width(rows[first:] or rows, fill[first:] or fill)
    if header:
        width = max(width, _extent(rows[header[0]].cells))
    typical = _typical_fill(fill[first:] or fill, width)
    body = [index for index in range(first, len(rows)) if fill[index]]
    notes: list[RowNote] = []
    if complete:
        body, notes = _without_footnotes(rows, fill, body, typical)
    skipped = [_above(rows[index]) for index in range(first) if fill[index] and index not in header] + notes
    return _finish(rows, body, header, skipped, (), width=width, typical=typical)


def told_header(rows: Sequence[Row], header_row: int) -> int:
    """Return the position of the row that begins in the line the user named, or next after it. Raises InvalidOption
    where there is none with content."""
    at = next((i for i, row in enumerate(rows) if row.line >= header_row), None)
    if at is None:
        last = rows[-1].line if rows else 0
        raise InvalidOption(f"There is no line {header_row:,} to be the header; the last one is line {last:,}.")
    if is_blank(rows[at].cells):
        raise InvalidOption(f"Line {rows[at].line:,} is blank and names no column. Choose the line with the names.")
    return at


def _filled(cells: Sequence[str]) -> int:
    return 0 if is_blank(cells) else sum(1 for cell in cells if cell and not cell.isspace())


def _extent(cells: Sequence[str]) -> int:
    for position in range(len(cells) - 1, -1, -1):
        if cells[position].strip():
            return position + 1
    return 0


def _usual_width(rows: Sequence[Row], fill: Sequence[int]) -> int:
    """Return how many cells a row of the table has: the width that covers most cells, stray empty ends left out."""
    raw = Counter(len(row.cells) for row, filled in zip(rows, fill, strict=True) if filled)
    if not raw:
        return 0
    width = max(raw, key=lambda w: (raw[w] * (w - 1), w))
    others = {w: count for w, count in raw.items() if w not in {1, width}}
    if raw[width] == 1 and others and raw.total() > 2:
        # One long row among others is a slip of its own. Where all differ, the first row says how wide the table is.
        width = max(others, key=lambda w: (others[w], w if others[w] > 1 else 0))
    longest = max((_extent(row.cells[:width]) for row, filled in zip(rows, fill, strict=True) if filled), default=0)
    return max(1, longest)


def _typical_fill(fill: Sequence[int], width: int) -> int:
    """Return how many cells a data row usually fills: the upper quartile, since sparse rows are data too."""
    counts = sorted(min(filled, width) for filled in fill if filled)
    return counts[(3 * len(counts)) // 4] if counts else 0


def _blocks(rows: Sequence[Row], fill: Sequence[int], width: int) -> list[_Block]:
    """Cut the rows at blank lines, and where the number of cells changes for good."""
    blocks: list[_Block] = []
    start: int | None = None
    for index in range(len(rows) + 1):
        ends = index == len(rows) or not fill[index]
        if not ends and start is not None and index > start:
            ends = _width_changes_for_good(rows, fill, index, width)
            if ends:
                blocks.append(_Block(start, index, sum(fill[start:index])))
                start = index
                continue
        if ends and start is not None:
            blocks.append(_Block(start, index, sum(fill[start:index])))
            start = None
        elif not ends and start is None:
            start = index
    return blocks


def _width_changes_for_good(rows: Sequence[Row], fill: Sequence[int], index: int, width: int) -> bool:
    """True where at least three rows of one other width begin after rows of the table's width, or the reverse."""
    here, before = len(rows[index].cells), len(rows[index - 1].cells)
    if here == before or min(here, before) < 2:
        return False
    run = rows[index : index + 3]
    same_ahead = len(run) == 3 and all(len(row.cells) == here and fill[index + k] for k, row in enumerate(run))
    same_behind = index >= 3 and all(len(row.cells) == before for row in rows[index - 3 : index])
    header_ahead = all(kind_of(cell) == "text" for cell in rows[index].cells)
    return same_ahead and same_behind and header_ahead and abs(here - before) >= 1 and width in {here, before}


def _main_block(rows: Sequence[Row], blocks: Sequence[_Block], fill: Sequence[int]) -> _Block:
    """Return the block that holds most cells, joined with the following ones that go on with the same columns."""
    if not blocks:
        return _Block(0, len(rows), 0)
    joined: list[_Block] = []
    for block in blocks:
        page_of = _printed_before(rows, fill, joined, block)
        if page_of is not None:
            area = sum(one.area for one in joined[page_of:])
            joined[page_of:] = [_Block(joined[page_of].start, block.stop, area + block.area)]
        elif joined and _continues(rows, joined[-1], block, fill):
            last = joined.pop()
            joined.append(_Block(last.start, block.stop, last.area + block.area))
        else:
            joined.append(block)
    return max(joined, key=lambda b: b.area)


def _printed_before(rows: Sequence[Row], fill: Sequence[int], blocks: Sequence[_Block], block: _Block) -> int | None:
    """Return the place of the earlier block whose header this one says again, as on the next page of a printed list:
    nothing stands between them but blank lines, the page and the title. None where there is none."""
    for place in range(len(blocks) - 1, max(-1, len(blocks) - 4), -1):
        first = blocks[place]
        header = next((i for i in range(first.start, min(first.stop, first.start + 3)) if fill[i] > 2), None)
        if header is None:
            continue
        label = [cell.strip() for cell in rows[header].cells]
        again = next(
            (
                i
                for i in range(block.start, min(block.stop, block.start + 3))
                if [cell.strip() for cell in rows[i].cells] == label
            ),
            None,
        )
        if again is None or _looks_like_data(rows[header].cells):
            return None
        titles = {_without_digits(rows[i].cells) for i in range(header) if fill[i]}
        between = [i for i in range(first.stop, again) if fill[i]]
        return place if all(_tells_the_page(rows[i].cells, titles) for i in between) else None
    return None


def _continues(rows: Sequence[Row], first: _Block, second: _Block, fill: Sequence[int]) -> bool:
    """True when the second block looks like more rows of the first: same width and kinds, no header of its own."""
    above = [rows[i] for i in range(first.start, first.stop)][-50:]
    below = [rows[i] for i in range(second.start, second.stop)][:50]
    if len(above) < 2:  # a header set off by a blank line
        head = above[0].cells
        texts = [cell for cell in head if cell.strip()]
        named = len(texts) > 1 and all(kind_of(cell) == "text" for cell in texts)
        return named and _extent(head) == max(_extent(row.cells) for row in below) and _looks_like_data(below[0].cells)
    width = Counter(_extent(row.cells) for row in above).most_common(1)[0][0]
    widths_below = Counter(_extent(row.cells) for row in below)
    if width < 2 or max(widths_below) > max(_extent(row.cells) for row in above):
        return False
    if fill[second.start] == 1 and len(below) > 1 and width > 2:
        return False
    if fill[second.start] == 1 and width >= 2:
        return False
    kinds = _column_kinds(above[1:], width)
    head = [kind_of(cell) for cell in below[0].cells[:width]]
    numeric = [p for p, kind in enumerate(kinds) if kind in {"number", "date"}]
    if numeric:
        filled = [p for p in numeric if p < len(head) and head[p] != "blank"] or numeric
        matches = sum(1 for p in filled if p < len(head) and head[p] in {kinds[p], "blank"})
        return matches >= 0.5 * len(filled)
    first_header = [cell.strip() for cell in rows[first.start].cells]
    return [cell.strip() for cell in below[0].cells] == first_header or len(below[0].cells) == len(above[-1].cells)


def _column_kinds(rows: Sequence[Row], width: int) -> list[CellKind]:
    """Return per column the kind that at least 60 % of its filled cells have, else text."""
    kinds: list[CellKind] = []
    for position in range(width):
        counts: Counter[CellKind] = Counter(
            kind for row in rows if position < len(row.cells) and (kind := kind_of(row.cells[position])) != "blank"
        )
        if not counts:
            kinds.append("blank")
            continue
        kind, count = counts.most_common(1)[0]
        kinds.append(kind if count >= 0.6 * sum(counts.values()) else "text")
    return kinds


def _first_full_row(
    rows: Sequence[Row], fill: Sequence[int], start: int, stop: int, *, typical: int, width: int
) -> int:
    """Return the first row that fills enough cells to be the header or the first data row."""
    for index in range(start, min(stop, start + 60)):
        # Lines of one or two cells may be many above a table of several columns: comments, the settings of the report.
        near = MOST_TITLE_LINES if fill[index] <= max(1, TITLE_FILL * typical) and typical > 2 else 5
        ahead = max((min(fill[i], typical) for i in range(index + 1, min(stop, index + 1 + near))), default=fill[index])
        if fill[index] and fill[index] >= HEADER_FILL * min(typical, max(ahead, 1)):
            return index
        if 2 * fill[index] >= typical and _extent(rows[index].cells) == width and (fill[index] > 1 or width == 2):
            below = rows[index + 1].cells if index + 1 < stop else []
            if not _looks_like_data(rows[index].cells) and _looks_like_data(below):
                return index
    return next((i for i in range(start, stop) if fill[i]), start)


def _pull_header_from_above(
    rows: Sequence[Row], fill: Sequence[int], blocks: Sequence[_Block], main: _Block, *, typical: int, header_at: int
) -> int:
    """Return where the main block really starts: a header row set off by a blank line belongs to it."""
    before = [block for block in blocks if block.stop <= main.start]
    if header_at != main.start or not before or not _looks_like_data(rows[main.start].cells):
        return main.start
    last = before[-1].stop - 1
    cells = rows[last].cells
    texts = [cell for cell in cells if cell.strip()]
    if fill[last] >= HEADER_FILL * typical and len(texts) > 1 and all(kind_of(cell) == "text" for cell in texts):
        return last
    return main.start


def _is_above_the_header(rows: Sequence[Row], at: int, stop: int, width: int) -> bool:
    """True for a line of settings that is longer than the table and stands above the names of its columns."""
    if at + 1 >= stop or len(rows[at].cells) <= width or len(rows[at + 1].cells) != width:
        return False
    below = [cell for cell in rows[at + 1].cells if cell.strip()]
    return (
        len(below) == width
        and all(kind_of(cell) == "text" for cell in below)
        and _looks_like_data(rows[at].cells)
        and _is_header(rows, at + 1, stop, width)
    )


def _names_further_above(rows: Sequence[Row], fill: Sequence[int], at: int, stop: int, width: int) -> int | None:
    """Return the row that names every column some lines above the first rows, captions and blank lines between; None
    where there is none."""
    for index in range(at - 1, max(-1, at - 1 - MOST_LINES_BETWEEN), -1):
        if fill[index] < 3 or fill[index] != width or len(rows[index].cells) != width:
            continue
        is_text = all(kind_of(cell) == "text" for cell in rows[index].cells)
        return index if is_text and _is_header(rows, index, stop, width) else None
    return None


def _looks_like_data(cells: Sequence[str]) -> bool:
    return any(kind_of(cell) in {"number", "date"} for cell in cells)


def judged_rows(width: int) -> int:
    """How many rows of so many cells are looked at: thousands of columns need fewer each to tell a header by."""
    return min(JUDGED_ROWS, max(FEWEST_JUDGED, JUDGED_CELLS // max(1, width)))


def names_columns(rows: Sequence[Row], at: int, width: int) -> bool:
    """True when the row at that position reads like the names of the columns whose cells stand below it."""
    return _is_header(rows, at, len(rows), width)


def _is_header(rows: Sequence[Row], at: int, stop: int, width: int) -> bool:
    """Vote, column by column, on whether the row names the columns or is already data."""
    header = rows[at].cells
    body = [rows[i] for i in range(at + 1, stop) if not is_blank(rows[i].cells)][: judged_rows(width)]
    cells = [cell.strip() for cell in header[:width]]
    again = [row for row in body if [cell.strip() for cell in row.cells[:width]] == cells]
    if 0 < len(again) <= 0.1 * len(body) and len(set(cells)) > 1:
        body = [row for row in body if row not in again]  # the header of another page
    if not body:
        return not any(kind_of(cell) in {"number", "date"} for cell in cells)
    if _are_numeric_names(cells, body) or _number_other_cells(cells, body):
        return True
    years = _is_run_of_periods(cells)
    votes = 0.0
    for position, cell in enumerate(cells):
        votes += _vote(cell, [row.cells[position].strip() for row in body if position < len(row.cells)], years=years)
    filled = [cell.casefold() for cell in cells if cell]
    if len(set(filled)) < 0.5 * len(filled):
        votes -= 1
    return votes >= 0


def _vote(cell: str, below: Sequence[str], *, years: bool) -> float:
    values = [value for value in below if value]
    if not cell:
        return 0.0
    kind = kind_of(cell)
    if not values:
        return 0.2 if kind == "text" else -0.2
    kinds = Counter(kind_of(value) for value in values)
    usual, count = kinds.most_common(1)[0]
    if usual in {"number", "date"} and count >= 0.6 * len(values):
        if kind == "text":
            return 1.0 if not _is_missing_word(cell) else -0.3
        return 0.3 if years or (kind, usual) == ("date", "number") else -1.0
    if kind in {"number", "date"}:
        return 0.1 if years else -0.4
    repeats = sum(1 for value in values if value == cell)
    if repeats:
        return -1.0 if repeats > 1 or len(values) < 20 else -0.3
    if len(cell) > 60 and len(cell) > 3 * max(len(value) for value in values):
        return 0.4
    lengths = {len(value) for value in values}
    if len(lengths) == 1 and len(values) > 2 and len(cell) not in lengths:
        return 0.6
    if re.search(r"@|https?://|\d{3,}", cell) and re.search(r"@|https?://|\d{3,}", values[0]):
        return -0.6
    return 0.25


def _are_numeric_names(cells: Sequence[str], body: Sequence[Row]) -> bool:
    """True for numbers that only rise or only fall, beside a blank cell where all rows have a label of their own: the
    head of a table of counts by two measures."""
    if len(cells) < FEWEST_NUMERIC_NAMES or cells[0] or len(body) < FEWEST_NUMERIC_NAMES:
        return False
    if not all(_PLAIN_NUMBER.fullmatch(cell) for cell in cells[1:]):
        return False
    labels = [row.cells[0].strip() for row in body]
    steps = {second > first for first, second in pairwise(map(float, cells[1:]))}
    return len(steps) == 1 and len(set(cells)) == len(cells) and all(labels) and len(set(labels)) == len(labels)


def _number_other_cells(cells: Sequence[str], body: Sequence[Row]) -> bool:
    """True for whole numbers, each of its own, behind a first name, where no cell below them is a number: the marks of
    samples or products, beside whose names the rows say yes or no."""
    numbers = cells[1:]
    if len(cells) < FEWEST_NUMERIC_NAMES or len(body) < 2 or kind_of(cells[0]) != "text":
        return False
    if not all(cell.isdecimal() for cell in numbers) or len(set(numbers)) < len(numbers):
        return False
    below = [cell.strip() for row in body for cell in row.cells[1 : len(cells)]]
    return any(below) and all(kind_of(cell) == "text" for cell in below if cell)


def _is_run_of_periods(cells: Sequence[str]) -> bool:
    """True when the numbers among the cells are years or month numbers in a row, as headers of time tables have."""
    numbers = [int(cell) for cell in cells if cell.isdecimal() and len(cell) < 10]  # "²" is a digit, but no number
    if len(numbers) < 2:
        return False
    steps = {second - first for first, second in pairwise(numbers)}
    in_range = all(1800 <= n <= 2200 for n in numbers)
    return (steps in ({1}, {-1}) and (in_range or len(numbers) >= 3)) or (in_range and len(steps) == 1 and steps != {0})


def _is_missing_word(cell: str) -> bool:
    return cell.casefold() in {"na", "n/a", "nan", "null", "none", "-", "#n/a", "?"}


def _header_rows(rows: Sequence[Row], fill: Sequence[int], at: int, stop: int, width: int) -> list[int]:
    """Return the positions of all rows of the header, the topmost first."""
    header = [at]
    body = [rows[i] for i in range(at + 1, stop)][:JUDGED_ROWS]
    # Rows of labels under the first: it leaves blanks that they fill, and the column of keys starts below them.
    while len(header) < MOST_HEADER_ROWS and header[-1] + 2 < stop and _is_sub_header(rows, header[-1], body, width):
        header.append(header[-1] + 1)
        body = body[1:]
    # Rows of group labels above it: adjacent, with blanks that the lower row fills.
    while len(header) < MOST_HEADER_ROWS and header[0] > 0:
        above = rows[header[0] - 1]
        texts = [cell for cell in above.cells if cell.strip()]
        if not 2 <= len(texts) <= fill[header[0]] + max(2, width // 3) or not all(_is_label(c) for c in texts):
            break
        if _extent(above.cells) > width + 1 or not _is_group_row(above.cells, rows[header[0]].cells, width):
            break
        header.insert(0, header[0] - 1)
    return header


def _is_label(cell: str) -> bool:
    return kind_of(cell) == "text" or bool(re.fullmatch(r"\s*(?:1[89]|2[01])\d{2}\s*", cell))


def _is_group_row(upper: Sequence[str], lower: Sequence[str], width: int) -> bool:
    """True when the upper row leaves blanks under which the lower row has labels: it names groups of columns."""
    blanks = [p for p in range(width) if p >= len(upper) or not upper[p].strip()]
    named_below = [p for p in blanks if p < len(lower) and lower[p].strip()]
    first_label = next((p for p, cell in enumerate(upper) if cell.strip()), 0)
    return any(p > first_label for p in named_below)


def _is_sub_header(rows: Sequence[Row], at: int, body: Sequence[Row], width: int) -> bool:
    upper, lower = rows[at].cells, rows[at + 1].cells
    if any(kind_of(cell) in {"number", "date"} for cell in lower[:width]):
        return False
    blanks = [p for p in range(min(width, len(upper))) if not upper[p].strip()]
    filled_below = [p for p in blanks if p < len(lower) and lower[p].strip()]
    rest = body[1:]
    if not rest:
        return False
    if blanks and len(filled_below) >= 0.5 * len(blanks) and len(filled_below) >= 1:
        empty_below = [p for p in range(width) if p >= len(lower) or not lower[p].strip()]
        # A key column that is blank only in this row, or numbers that start below it, tell labels from data.
        keys = any(
            sum(1 for row in rest if p < len(row.cells) and row.cells[p].strip()) >= 0.95 * len(rest)
            for p in empty_below
        )
        return keys or _numbers_start_below(lower, rest, width)
    return not blanks and _are_labels_of_numbers(lower, rest, width)


def _are_labels_of_numbers(lower: Sequence[str], rest: Sequence[Row], width: int) -> bool:
    """True for a full row of texts (labels, units, a survey tool's marks) under which two or more columns hold nothing
    but numbers or dates from the next row on."""
    cells = [cell.strip() for cell in lower[:width]]
    if len(cells) < width or not all(cells) or any(_is_missing_word(cell) for cell in cells):
        return False
    if all(_IMPORT_ID.fullmatch(cell) for cell in cells):
        return True
    body = rest[1:] if rest and all(_IMPORT_ID.fullmatch(cell.strip()) for cell in rest[0].cells[:width]) else rest
    values = [
        [row.cells[p].strip() for row in body if p < len(row.cells) and row.cells[p].strip()] for p in range(width)
    ]
    pure = [bool(column) and all(kind_of(value) in {"number", "date"} for value in column) for column in values]
    return len(body) >= 2 and sum(pure) >= max(2, 0.5 * width)


def _numbers_start_below(lower: Sequence[str], rest: Sequence[Row], width: int) -> bool:
    kinds = _column_kinds(rest, width)
    numeric = [p for p, kind in enumerate(kinds) if kind in {"number", "date"}]
    labelled = [p for p in numeric if p < len(lower) and lower[p].strip()]
    return len(labelled) >= 0.5 * len(numeric) > 0


def _without_junk_tail(header_rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return header rows whose cells lost stray separators at their end (`AH,,,,,` is `AH`)."""
    return [[re.sub(r"[,;|\s]{2,}$", "", cell) for cell in row] for row in header_rows]


def _above(row: Row) -> RowNote:
    first = next((cell.strip() for cell in row.cells if cell.strip()), "")
    reason = "comment line" if first.startswith(("#", "//", "%", "--")) else "title line above the header"
    return RowNote(line=row.line, reason=reason, text=snippet(row.cells))


def _other_tables(
    rows: Sequence[Row], fill: Sequence[int], blocks: Sequence[_Block], main: _Block, top: int
) -> list[tuple[str, range]]:
    others = []
    for block in blocks:
        if block.start >= main.start and block.stop <= main.stop:
            continue
        size = block.stop - block.start
        columns = max(_extent(rows[i].cells) for i in range(block.start, block.stop))
        two_wide = sum(1 for i in range(block.start, block.stop) if fill[i] >= 2)
        if two_wide < 3 or columns < 2 or (block.stop > top >= block.start):
            continue
        lines = range(block.start, block.stop)
        text = (
            f"Lines {rows[block.start].line}–{rows[block.stop - 1].line}: {size} rows × {columns} columns, beginning"
            f" with “{snippet(rows[block.start].cells)}”"
        )
        others.append((text, lines))
    return others


def _without_footnotes(
    rows: Sequence[Row], fill: Sequence[int], body: list[int], typical: int
) -> tuple[list[int], list[RowNote]]:
    """Cut notes off the end: rows that fill one or two cells of a wide table and read like notes, or stand apart."""
    kept = list(body)
    notes: list[RowNote] = []
    while len(kept) > 1 and typical >= 3:
        index = kept[-1]
        row = rows[index]
        first = next(cell for cell in row.cells if cell.strip())
        stands_apart = index > 0 and not fill[index - 1]
        narrow = len(row.cells) < len(rows[kept[0]].cells) and len(row.cells) <= 2
        few = fill[index] <= max(1, round(0.25 * typical)) and kind_of(first) == "text"
        if not few or not (stands_apart or narrow or _NOTE.match(first) or len(first) > 80):
            break
        if _has_sections(rows, kept[:-1], typical) and not _NOTE.match(first):
            break
        notes.append(RowNote(line=row.line, reason="note below the table", text=snippet(row.cells)))
        kept.pop()
    return kept, notes


def _repeated_headers(rows: Sequence[Row], body: list[int], header: Sequence[int]) -> list[int]:
    if not header:
        return []
    label = [cell.strip() for cell in rows[header[-1]].cells]
    if len([cell for cell in label if cell]) < 2:
        return []
    return [index for index in body if [cell.strip() for cell in rows[index].cells] == label]


def _page_lines(
    rows: Sequence[Row], fill: Sequence[int], body: list[int], said_again: Sequence[int], top: int
) -> set[int]:
    """Return the lines above a repeated header that say the page, or the title again with another number in it."""
    titles = {_without_digits(rows[i].cells) for i in range(top) if fill[i]}
    inside = set(body)
    pages = set[int]()
    for at in said_again:
        index = at - 1
        while index >= top and (not fill[index] or _tells_the_page(rows[index].cells, titles)):
            if index in inside:
                pages.add(index)
            index -= 1
    return pages


def _tells_the_page(cells: Sequence[str], titles: set[str]) -> bool:
    return _is_page_line(cells) or _without_digits(cells) in titles


def _without_digits(cells: Sequence[str]) -> str:
    return _DIGITS.sub("#", " ".join(" ".join(cells).split()))


def _without_comments(rows: Sequence[Row], body: list[int], width: int) -> tuple[list[int], list[RowNote]]:
    """Leave out comment lines between the data: they begin with a comment mark and are not cut like the table."""
    comments = [
        index
        for index in body
        if rows[index].cells[0].lstrip().startswith(("#", "//")) and len(rows[index].cells) != width and width > 1
    ]
    gone = set(comments)
    notes = [RowNote(line=rows[i].line, reason="comment line", text=snippet(rows[i].cells)) for i in comments]
    return [index for index in body if index not in gone], notes


def _is_page_line(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == 1 and bool(_PAGE_LINE.fullmatch(filled[0]))


def _has_sections(rows: Sequence[Row], body: Sequence[int], typical: int) -> bool:
    """True when rows that fill only the first cell caption the rows below, whose own first cell is blank."""
    if typical < 2 or len(body) < 4:
        return False
    captions = data = keyed = 0
    for index in body:
        cells = rows[index].cells
        first = bool(cells[0].strip())
        alone = first and not any(cell.strip() for cell in cells[1:])
        captions += alone
        data += not first
        keyed += first and not alone
    return captions >= 2 and data > captions and keyed <= 0.02 * len(body)


def is_total(cells: Sequence[str]) -> bool:
    """True when the row's first filled cell says that it is a total."""
    first = next((cell for cell in cells if cell.strip()), "")
    return bool(_TOTAL.fullmatch(first))
