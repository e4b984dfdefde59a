"""The rows of the main table: repaired to its width, captions filled down, totals and notes at the end set aside."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from datapilot.contracts.table import RowNote
from datapilot.reading.layout.layout import Layout
from datapilot.reading.layout.not_records import HEADER_REPEATED, HEADING, TOTAL_ROW, is_total
from datapilot.reading.layout.repair import RowShape
from datapilot.reading.layout.row_shapes import is_blank, kind_of, snippet
from datapilot.reading.records import Dialect, Row

MOST_NOTES = 100
_Item = TypeVar("_Item")


@dataclass
class Notes:
    """What the receipt will say of single rows: the first hundred of each kind and the true number."""

    kept: list[RowNote] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, reason: str, text: str) -> None:
        self.count += 1
        if len(self.kept) < MOST_NOTES:
            self.kept.append(RowNote(line=line, reason=reason, text=text))


class Body:
    """The data rows: repaired to the table's width, captions filled down, the total at the end set aside."""

    def __init__(self, held: Sequence[Row], layout: Layout, dialect: Dialect, repaired: Notes, skipped: Notes) -> None:
        self._held = held
        self._repaired, self._skipped = repaired, skipped
        body = [held[index].cells for index in layout.body]
        self._shape = RowShape.of(body, layout.width, dialect)
        if layout.overlong and all(self._shape.shortened(held[index].cells) for index in layout.overlong):
            layout = layout.of_width()
        self._layout = layout
        self._header = [cell.strip() for cell in held[layout.header[-1]].cells] if layout.header else None
        self._extra_columns = max(layout.kept, default=0) >= layout.width
        self._caption = ""
        self._labels = [""] * layout.outline
        self.section_count = 0

    @property
    def layout(self) -> Layout:
        """The layout, without columns that only rows to be repaired would need."""
        return self._layout

    def as_they_stand(self, *, final: bool) -> Iterator[list[str]]:
        """Yield the held rows exactly as the file has them: totals, captions, repeated headers and rows of nothing but
        delimiters too. What stands above, below or beside the table, comments and blank lines are left out."""
        layout = self._layout
        known = {*layout.body, *layout.repeated, *layout.sums, *(lines.start for lines, _ in layout.sections)}
        if not known:
            return
        left_out = {note.line for note in layout.skipped if note.reason not in {HEADER_REPEATED, HEADING, TOTAL_ROW}}
        stop = max(known) + 1
        after = range(stop, len(self._held))
        if final and all(is_blank(self._held[index].cells) for index in after):
            stop = len(self._held)
        for index in range(min(known), stop):
            row = self._held[index]
            if row.line not in left_out:
                yield from self._as_it_stands(row)

    def stream_as_they_stand(self, reader: Iterable[Row], *, exhausted: bool) -> Iterator[list[str]]:
        """Yield the rows that come after the held ones, exactly as the file has them."""
        for row in () if exhausted else reader:
            yield from self._as_it_stands(row)

    def _as_it_stands(self, row: Row) -> Iterator[list[str]]:
        cells = row.cells
        if len(cells) == 1 and not cells[0].strip():
            return
        is_short = 2 * len(cells) <= self._shape.width and any(cells)
        yield (self._shape.cut_otherwise(cells) if is_short else None) or cells

    def rows(self, *, final: bool) -> Iterator[list[str]]:
        """Yield the held rows; `final` when the file ends with them."""
        indices = list(self._layout.body)
        if final:
            while len(indices) > 2 and self._is_total_row(indices):
                row = self._held[indices.pop()]
                self._skipped.add(row.line, TOTAL_ROW, snippet(row.cells))
        section = self._section_labels()
        for index in indices:
            for cells in self._row(self._held[index]):
                yield [*cells[: self._layout.width], section.get(index, "")] if section else cells

    def _section_labels(self) -> dict[int, str]:
        """Return the label of each row's innermost section."""
        return {index: label for rows, label in self._layout.sections for index in rows}

    def stream(self, reader: Iterable[Row], *, exhausted: bool) -> Iterator[list[str]]:
        """Yield the rows that come after the held ones, holding back the last few to tell notes and totals."""
        if exhausted:
            return
        waiting: deque[Row] = deque()
        for row in reader:
            if is_blank(row.cells) or [cell.strip() for cell in row.cells] == self._header:
                continue
            waiting.append(row)
            if len(waiting) > 20:
                yield from self._row(waiting.popleft())
        while waiting and (is_total(waiting[-1].cells) or len(waiting[-1].cells) == 1 < self._layout.width):
            row = waiting.pop()
            self._skipped.add(row.line, "note or total below the table", snippet(row.cells))
        for row in waiting:
            yield from self._row(row)

    def _row(self, row: Row) -> Iterator[list[str]]:
        cells = row.cells
        if self._layout.has_sections:
            if cells[0].strip() and not any(cell.strip() for cell in cells[1:]):
                self._caption = cells[0]
                self.section_count += 1
                return
            if not cells[0].strip():
                cells = [self._caption, *cells[1:]]
        if self._labels:
            cells = self._with_labels(cells)
        fitted = self._shape.fit(cells, keep_extra=self._extra_columns)
        if fitted.reason:
            self._repaired.add(row.line, fitted.reason, snippet(cells))
        yield fitted.cells

    def _with_labels(self, cells: Sequence[str]) -> list[str]:
        """Return the row with the labels that stand once for its group."""
        filled = list(cells)
        for place in range(min(len(self._labels), len(filled))):
            if filled[place].strip():
                self._labels[place:] = [filled[place], *[""] * (len(self._labels) - place - 1)]
            else:
                filled[place] = self._labels[place]
        return filled

    def _is_total_row(self, indices: Sequence[int]) -> bool:
        cells = self._held[indices[-1]].cells
        if not is_total(cells) or not any(kind_of(cell) == "number" for cell in cells):
            return False
        position = next(p for p, cell in enumerate(cells) if cell.strip())
        label = cells[position].strip()
        others = [self._held[i].cells for i in indices[:-1]]
        return not any(position < len(row) and row[position].strip() == label for row in others)


def evenly(items: Sequence[_Item], most: int) -> list[_Item]:
    """Return at most `most` of the items, spread evenly, in order."""
    if len(items) <= most:
        return list(items)
    return [items[k * len(items) // most] for k in range(most)]
