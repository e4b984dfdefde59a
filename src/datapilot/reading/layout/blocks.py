"""Cut the rows of a file or sheet into blocks, and find the one that is the main table."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from datapilot.reading.layout.not_records import tells_the_page, without_digits
from datapilot.reading.layout.row_shapes import column_kinds, extent, is_blank, kind_of, looks_like_data
from datapilot.reading.layout.subtotals import is_sum_of
from datapilot.reading.records import Row

SHORTEST_SECTION = 3  # rows: a heading, an item and their sum


class Block(NamedTuple):
    start: int
    stop: int
    area: int


def cut_blocks(rows: Sequence[Row], fill: Sequence[int], width: int) -> list[Block]:
    """Cut the rows at blank lines, and where the number of cells changes for good."""
    blocks: list[Block] = []
    start: int | None = None
    for index in range(len(rows) + 1):
        ends = index == len(rows) or not fill[index]
        if not ends and start is not None and index > start:
            ends = _width_changes_for_good(rows, fill, index, width)
            if ends:
                blocks.append(Block(start, index, sum(fill[start:index])))
                start = index
                continue
        if ends and start is not None:
            blocks.append(Block(start, index, sum(fill[start:index])))
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


def main_block(rows: Sequence[Row], blocks: Sequence[Block], fill: Sequence[int]) -> Block:
    """Return the block that holds most cells, joined with the following ones that go on with the same columns."""
    if not blocks:
        return Block(0, len(rows), 0)
    joined: list[Block] = []
    for block in blocks:
        page_of = _printed_before(rows, fill, joined, block)
        if page_of is not None:
            area = sum(one.area for one in joined[page_of:])
            joined[page_of:] = [Block(joined[page_of].start, block.stop, area + block.area)]
        elif joined and (_continues(rows, joined[-1], block, fill) or _is_section(rows, joined[-1], block, fill)):
            last = joined.pop()
            joined.append(Block(last.start, block.stop, last.area + block.area))
        else:
            joined.append(block)
    return max(joined, key=lambda b: b.area)


def _printed_before(rows: Sequence[Row], fill: Sequence[int], blocks: Sequence[Block], block: Block) -> int | None:
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
        if again is None or looks_like_data(rows[header].cells):
            return None
        titles = {without_digits(rows[i].cells) for i in range(header) if fill[i]}
        between = [i for i in range(first.stop, again) if fill[i]]
        return place if all(tells_the_page(rows[i].cells, titles) for i in between) else None
    return None


def _continues(rows: Sequence[Row], first: Block, second: Block, fill: Sequence[int]) -> bool:
    """True when the second block looks like more rows of the first: same width and kinds, no header of its own."""
    above = [rows[i] for i in range(first.start, first.stop)][-50:]
    below = [rows[i] for i in range(second.start, second.stop)][:50]
    if len(above) < 2:  # a header set off by a blank line
        head = above[0].cells
        texts = [cell for cell in head if cell.strip()]
        named = len(texts) > 1 and all(kind_of(cell) == "text" for cell in texts)
        return named and extent(head) == max(extent(row.cells) for row in below) and looks_like_data(below[0].cells)
    width = Counter(extent(row.cells) for row in above).most_common(1)[0][0]
    widths_below = Counter(extent(row.cells) for row in below)
    if width < 2 or max(widths_below) > max(extent(row.cells) for row in above):
        return False
    if fill[second.start] == 1 and len(below) > 1 and width > 2:
        return False
    if fill[second.start] == 1 and width >= 2:
        return False
    kinds = column_kinds(above[1:], width)
    head = [kind_of(cell) for cell in below[0].cells[:width]]
    numeric = [p for p, kind in enumerate(kinds) if kind in {"number", "date"}]
    if numeric:
        filled = [p for p in numeric if p < len(head) and head[p] != "blank"] or numeric
        matches = sum(1 for p in filled if p < len(head) and head[p] in {kinds[p], "blank"})
        return matches >= 0.5 * len(filled)
    first_header = [cell.strip() for cell in rows[first.start].cells]
    return [cell.strip() for cell in below[0].cells] == first_header or len(below[0].cells) == len(above[-1].cells)


def _is_section(rows: Sequence[Row], first: Block, second: Block, fill: Sequence[int]) -> bool:
    """True for a heading with its rows and the sum that bears its name, set off by a blank line: the next section of a
    statement, whose columns the first block names."""
    heading = rows[second.start].cells
    if fill[second.start] != 1 or not heading[0].strip() or second.stop - second.start < SHORTEST_SECTION:
        return False
    last = rows[second.stop - 1].cells
    width = max(extent(rows[i].cells) for i in range(first.start, first.stop))
    is_as_wide = width > 1 and max(extent(rows[i].cells) for i in range(second.start, second.stop)) == width
    return is_as_wide and is_sum_of(heading[0], last[0])


def spacing(rows: Sequence[Row]) -> list[int]:
    """Return the blank lines of a file that has one after nearly every row: they part nothing."""
    blank = [index for index, row in enumerate(rows) if is_blank(row.cells)]
    filled = len(rows) - len(blank)
    after_rows = sum(1 for index in blank if index and not is_blank(rows[index - 1].cells))
    return blank if filled > 3 and after_rows > 0.6 * filled else []
