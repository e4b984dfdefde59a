"""Find the table among the rows of a file or sheet: titles above it, notes below it, header rows, other tables."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from datapilot.contracts.table import RowNote
from datapilot.reading.columns.evidence import name_words
from datapilot.reading.layout.blocks import Block, cut_blocks, main_block, spacing
from datapilot.reading.layout.header import column_names, free_name
from datapilot.reading.layout.header_rows import (
    HEADER_FILL,
    JUDGED_ROWS,
    first_full_row,
    header_rows,
    is_above_the_header,
    is_header,
    is_of_the_account,
    lines_about_the_series,
    names_all_but_first,
    names_further_above,
    names_only_the_left,
    opening_headings,
    pull_header_from_above,
    rows_of_names,
    told_header,
    with_groups_above,
)
from datapilot.reading.layout.not_records import (
    HEADER_REPEATED,
    HEADING,
    TOTAL_ROW,
    has_captions,
    is_opening,
    note_above,
    page_lines,
    repeated_headers,
    without_comments,
    without_footnotes,
)
from datapilot.reading.layout.outline import outline_depth
from datapilot.reading.layout.pivot import names_the_values
from datapilot.reading.layout.row_shapes import (
    JUNK,
    column_kinds,
    extent,
    filled_cells,
    first_filled,
    snippet,
    typical_fill,
    usual_width,
)
from datapilot.reading.layout.subtotals import (
    behind_sums,
    find_balances,
    find_parents,
    find_sections,
    find_subtotals,
    find_taxes,
    named_by_header,
)
from datapilot.reading.records import RULER, Row
from datapilot.reading.vocabulary import word_set

ONE_NAME_SHORT = (
    "The header has one name fewer than the rows have cells. Its names were given to the columns from the second on;"
    " the first column, which labels the rows, has none."
)
NAMES_END_EARLY = "The header names only the columns up to “{}”; those behind it are called by their number."
NUMBERING_WORDS = word_set("names", "id") | word_set("names", "number")
MEASURE_WORDS = word_set("roles", "summed") | word_set("roles", "averaged")
FEWEST_OUTLINED = 4
SECTION_COLUMN = "Section"
ABOVE_THE_ROWS = "line between the names and the first row"


class Layout(NamedTuple):
    """Where the table is: positions into the rows given. `body` are its data rows in order.

    `names` has one name per kept column and `kept` their positions; `has_sections` says that rows of a single cell are
    captions that hold for the rows below them, `outline` in how many of the first columns a label stands once for the
    rows of its group; `sections` are the rows below a heading up to the sum that bears its name, whose label is one
    more cell at the table's width; `overlong` are the rows with more cells than `width`, `repeated` those
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
    outline: int = 0
    sections: tuple[tuple[range, str], ...] = ()

    def of_width(self) -> "Layout":
        """Return the layout without columns beyond the table's width."""
        inside = [k for k, position in enumerate(self.kept) if position < self.width]
        return self._replace(
            names=tuple(self.names[k] for k in inside), kept=tuple(self.kept[k] for k in inside), overlong=()
        )


def find_layout(rows: Sequence[Row], *, header_row: int | None = None, complete: bool = True) -> Layout:
    """Return where the main table is. `header_row` is the line the user named (0: none). `complete` is False when the
    file goes on after these rows, so that its end is not judged here. Raises InvalidOption for a header row that is
    not there."""
    if header_row is not None:
        fill = [filled_cells(row.cells) for row in rows]
        return _layout_as_told(rows, fill, header_row, complete=complete)
    rulers = [index for index, row in enumerate(rows) if _is_ruler(row.cells)]
    gone = {*rulers, *(spacing(rows) if not rulers else ())}
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


def _find_layout(rows: Sequence[Row], *, complete: bool) -> Layout:
    fill = [filled_cells(row.cells) for row in rows]
    width = usual_width(rows, fill)
    typical = typical_fill(fill, width)
    blocks = cut_blocks(rows, fill, width)
    main = main_block(rows, blocks, fill)
    if (own := max(extent(rows[index].cells) for index in range(main.start, main.stop))) < width:
        width, typical = own, typical_fill(fill[main.start : main.stop], own)  # another block is wider
    header, first = _find_header(rows, fill, blocks, main, typical=typical, width=width)
    top = header[0] if header else first
    others = _other_tables(rows, fill, blocks, main, top)
    told = {line for _, lines in others for line in lines}

    skipped = [note_above(rows[index]) for index in range(top) if fill[index] and index not in header]
    between = [index for index in range(header[-1] + 1 if header else first, first) if fill[index]]
    skipped += _notes(rows, between, ABOVE_THE_ROWS)
    body = [index for index in range(first, main.stop) if fill[index]]
    tail_notes: list[RowNote] = []
    if complete:
        body, tail_notes = without_footnotes(rows, fill, body, typical)
    repeated = repeated_headers(rows, body, header)
    pages = page_lines(rows, fill, body, repeated, top)
    body = [index for index in body if index not in pages and index not in set(repeated)]
    body, comments = without_comments(rows, body, width)
    sums = find_subtotals(rows, body) if complete else set()
    sums |= find_taxes(rows, body, sums)
    body = [index for index in body if index not in sums]
    parents = find_parents(rows, body) if complete else []
    sections = [(lines, first_filled(rows[lines.start].cells).strip()) for lines in parents]
    sums |= {lines.start for lines in parents}
    sections = sections or find_sections(rows, body, sums)
    headings = {lines.start for lines, _ in sections} - sums
    balances = find_balances(rows, behind_sums(body, headings, sums), sums) if sections and not parents else set()
    if headings and (named := named_by_header(rows, header, body, sums)) is not None:
        sections = [named, *sections]
    sums |= balances
    apart = headings | sums
    body = [index for index in body if index not in apart]
    below = [index for index in range(main.stop, len(rows)) if fill[index] and index not in told]
    skipped += _notes(rows, sorted(pages), "page line")
    skipped += _notes(rows, sorted(sums), TOTAL_ROW)
    skipped += _notes(rows, sorted(headings), HEADING)
    skipped += _notes(rows, repeated, HEADER_REPEATED)
    skipped += [*comments, *tail_notes, *_notes(rows, below, "text below the table")]
    layout = _finish(rows, body, header, skipped, tuple(text for text, _ in others), width=width, typical=typical)
    layout = layout._replace(repeated=tuple(repeated), sums=tuple(sorted(sums)))
    if parents and not any(rows[index].cells[0].strip() for index in body if index < parents[-1].stop):
        return _with_parents(layout, sections)
    return _with_sections(layout, sections, [first_filled(rows[index].cells).strip() for index in sorted(balances)])


def _with_parents(layout: Layout, sections: Sequence[tuple[range, str]]) -> Layout:
    """Return the layout whose first column holds the labels of the groups, which stand in the rows of their sums."""
    said = f"The labels of “{layout.names[0]}” stand beside the sums of groups; each row was given that of its group."
    kept = (layout.width, *layout.kept[1:])
    return layout._replace(kept=kept, sections=tuple(sections), notes=(*layout.notes, said), outline=0)


def _with_sections(layout: Layout, sections: Sequence[tuple[range, str]], balances: Sequence[str]) -> Layout:
    """Return the layout with one more column, in which each row has the heading that it stands below. `balances` names
    what some sections leave of others."""
    if not sections or layout.overlong or layout.outline:
        return layout
    name = free_name(SECTION_COLUMN, layout.names)
    return layout._replace(
        names=(*layout.names, name),
        kept=(*layout.kept, layout.width),
        sections=tuple(sections),
        notes=(*layout.notes, *_said_of_sections(name, balances)),
    )


def _said_of_sections(name: str, balances: Sequence[str]) -> Iterator[str]:
    yield f"The column “{name}” says which heading a row stands below; it is not in the file."
    if balances:
        yield (
            f"“{balances[0]}” is what one section leaves of another: a sum over all rows adds up what is to be"
            " subtracted, so look at the sections one by one."
        )


def _find_header(
    rows: Sequence[Row], fill: Sequence[int], blocks: Sequence[Block], main: Block, *, typical: int, width: int
) -> tuple[list[int], int]:
    """Return the rows of the header, none where the columns have no names, and the first row that may be data."""
    at = first_full_row(rows, fill, main.start, main.stop, typical=typical, width=width)
    pulled = pull_header_from_above(rows, fill, blocks, main, typical=typical, header_at=at)
    if pulled != main.start:
        at = pulled
    if is_above_the_header(rows, at, main.stop, width):
        at += 1
    header: list[int] = []
    first = at
    if together := rows_of_names(rows, at, main.stop, width):
        header = with_groups_above(rows, fill, list(range(at, at + together)), width)
        first = header[-1] + 1
    elif is_header(rows, at, main.stop, width):
        header = header_rows(rows, fill, at, main.stop, width)
        first = header[-1] + 1
    elif (above := names_further_above(rows, fill, at, main.stop, width)) is not None:
        header = header_rows(rows, fill, above, main.stop, width)
        first = max(header[-1] + 1, at)
    elif names_only_the_left(rows, at, main.stop, width):
        header = [at - 1]
    if header:
        first += lines_about_the_series(rows, first, main.stop)
    elif (opening := opening_headings(rows, first, main.start, main.stop)) < first:
        first = opening
        header = [first - 1] if first > main.start and names_all_but_first(rows, first - 1, width) else []
    elif at > main.start and names_all_but_first(rows, at - 1, width):
        header = [at - 1]
    elif is_of_the_account(rows, first, main.stop):
        first += 1
    if first < main.stop - 1 and is_opening(rows[first].cells):
        first += 1
    return header, first


def _notes(rows: Sequence[Row], at: Sequence[int], reason: str) -> list[RowNote]:
    return [RowNote(line=rows[index].line, reason=reason, text=snippet(rows[index].cells)) for index in at]


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
    if len(header) > 1 and names_the_values(rows[header[0]].cells):
        skipped = [*skipped, note_above(rows[header[0]])]
        header = header[1:]
    header_cells = [rows[index].cells for index in header]
    notes: tuple[str, ...] = ()
    if _is_one_name_short(rows, header, body, width):
        header_cells = [["", *header_cells[0]]]
        notes = (ONE_NAME_SHORT,)
    elif len(header_cells) == 1 and 1 < (named := extent(header_cells[0])) < HEADER_FILL * width:
        notes = (NAMES_END_EARLY.format(header_cells[0][named - 1].strip()),)
    overlong = tuple(index for index in body if any(not JUNK.fullmatch(cell) for cell in rows[index].cells[width:]))
    full_width = max([width, *(len(rows[index].cells) for index in overlong)]) if len(overlong) > 0 else width
    names = list(column_names(_without_junk_tail(header_cells), max(full_width, 1)))
    lowest_named = {p for cells in _without_junk_tail(header_cells) for p, cell in enumerate(cells) if cell.strip()}
    has_content = [False] * full_width
    for index in body:
        for position, cell in enumerate(rows[index].cells[:full_width]):
            if not has_content[position] and cell and not JUNK.fullmatch(cell):
                has_content[position] = True
    kept = tuple(p for p in range(full_width) if has_content[p] or p in lowest_named) or (0,)
    sections = has_captions(rows, body, typical)
    outline = 0 if sections else _outline(rows, body, skipped, names)
    if outline:
        notes = (*notes, _said_of_outline(names[:outline]))
    return Layout(
        names=tuple(names[p] for p in kept),
        kept=kept,
        body=tuple(body),
        header=tuple(header),
        skipped=tuple(sorted(skipped, key=lambda note: note.line)),
        other_tables=others,
        has_sections=sections,
        outline=outline,
        notes=notes,
        width=width,
        overlong=overlong,
    )


def _outline(rows: Sequence[Row], body: Sequence[int], skipped: Sequence[RowNote], names: Sequence[str]) -> int:
    if len(body) < FEWEST_OUTLINED or len(names) < 2 or all(rows[index].cells[0].strip() for index in body):
        return 0
    totals = [note.text for note in skipped if note.reason == TOTAL_ROW]
    return outline_depth([rows[index].cells for index in body], totals)


def _said_of_outline(names: Sequence[str]) -> str:
    listed = ", ".join(f"“{name}”" for name in names)
    return f"Blank cells of {listed} were given the label above them, which stands once for the rows of its group."


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
    kinds = column_kinds([Row(0, list(row[shift:])) for row in cells], len(names))
    measured = [bool(MEASURE_WORDS & set(name_words(name))) for name in names]
    return sum(is_measure and kind == "number" for is_measure, kind in zip(measured, kinds, strict=True))


def _layout_as_told(rows: Sequence[Row], fill: Sequence[int], header_row: int, *, complete: bool) -> Layout:
    header: list[int] = []
    first = 0
    if header_row > 0:
        at = told_header(rows, header_row)
        header, first = [at], at + 1
    width = usual_width(rows[first:] or rows, fill[first:] or fill)
    if header:
        width = max(width, extent(rows[header[0]].cells))
    typical = typical_fill(fill[first:] or fill, width)
    body = [index for index in range(first, len(rows)) if fill[index]]
    notes: list[RowNote] = []
    if complete:
        body, notes = without_footnotes(rows, fill, body, typical)
    skipped = [note_above(rows[index]) for index in range(first) if fill[index] and index not in header] + notes
    return _finish(rows, body, header, skipped, (), width=width, typical=typical)


def _without_junk_tail(header_rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return header rows whose cells lost stray separators at their end (`AH,,,,,` is `AH`)."""
    return [[re.sub(r"[,;|\s]{2,}$", "", cell) for cell in row] for row in header_rows]


def _other_tables(
    rows: Sequence[Row], fill: Sequence[int], blocks: Sequence[Block], main: Block, top: int
) -> list[tuple[str, range]]:
    others = []
    for block in blocks:
        if block.start >= main.start and block.stop <= main.stop:
            continue
        size = block.stop - block.start
        columns = max(extent(rows[i].cells) for i in range(block.start, block.stop))
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
