"""Bring rows of the wrong number of cells to the table's width without losing a cell, and say so."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from datapilot.reading.layout.row_shapes import CellKind, is_blank, kind_of
from datapilot.reading.records import COMMON, Dialect, cut

KIND_ROWS = 300
KIND_CELLS, FEWEST_ROWS = 200_000, 50  # fewer rows of very wide tables


class Repair(NamedTuple):
    """A row at its new width, and what was done; an empty `reason` means nothing had to be."""

    cells: list[str]
    reason: str


class RowShape(NamedTuple):
    """What a regular row looks like: its width and the kind of each column."""

    width: int
    kinds: tuple[CellKind, ...]
    dialect: Dialect

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]], width: int, dialect: Dialect) -> "RowShape":
        """Learn the shape from rows that have the right width."""
        step = max(1, len(rows) // min(KIND_ROWS, max(FEWEST_ROWS, KIND_CELLS // max(1, width))))
        kinds: list[CellKind] = []
        regular = [cells for cells in rows[::step] if len(cells) == width]
        for position in range(width):
            counts = Counter(kind_of(cells[position]) for cells in regular)
            counts.pop("blank", None)
            kind, count = counts.most_common(1)[0] if counts else ("blank", 0)
            kinds.append(kind if count >= 0.9 * counts.total() else "text")
        return cls(width, tuple(kinds), dialect)

    def fit(self, cells: list[str], *, keep_extra: bool) -> Repair:
        """Return the row at the table's width. Extra cells are joined back where a delimiter stood inside a text;
        where no place fits they stay as extra cells if `keep_extra`."""
        missing = self.width - len(cells)
        if missing == 0:
            return Repair(cells, "")
        if 2 * len(cells) <= self.width and (other := self.cut_otherwise(cells)) is not None:
            return Repair(other, "cut by another delimiter than the other rows")
        if missing > 0:
            what = "1 cell is" if missing == 1 else f"{missing} cells are"
            return Repair(cells + [""] * missing, f"{what} missing at the end; read as empty")
        extra = cells[self.width :]
        if is_blank(extra):
            return Repair(cells[: self.width], "")
        shorter = self.shortened(cells)
        if shorter is not None:
            return shorter
        if keep_extra:
            return Repair(cells, f"{len(extra)} more than {self.width} cells; kept in extra columns")
        return Repair(
            [*cells[: self.width - 1], self.dialect.delimiter.join(cells[self.width - 1 :])], "extra cells joined"
        )

    def cut_otherwise(self, row: Sequence[str]) -> list[str] | None:
        """Return the cells of a short row as another delimiter cuts it, when that gives a row of this shape."""
        text = self.dialect.delimiter.join(row)
        anchors = [p for p, kind in enumerate(self.kinds) if kind in {"number", "date"}]
        if self.width < 2 or not anchors or not self.dialect.delimiter:
            return None
        for delimiter in (*COMMON, " "):
            cells, opened_at = cut(text, Dialect(delimiter, self.dialect.quote or '"', self.dialect.backslash))
            if opened_at is None and len(cells) == self.width and self._fits(cells, anchors):
                return cells
        return None

    def shortened(self, cells: list[str]) -> Repair | None:
        """Return the row without its surplus cells where only one way is right: empty cells left out, or a text joined
        that held the delimiter. None where the row leaves it open."""
        surplus = len(cells) - self.width
        anchors = [p for p, kind in enumerate(self.kinds) if kind in {"number", "date"}]
        if not anchors or surplus < 1:
            return None
        emptied = {
            tuple(row)
            for start in range(self.width + 1)
            if not any(cells[start : start + surplus])
            and self._fits(row := [*cells[:start], *cells[start + surplus :]], anchors)
        }
        what = f"{surplus} more than {self.width} cells: "
        if len(emptied) == 1:
            return Repair(list(emptied.pop()), what + "empty ones were left out")
        joined = self._joined(cells, surplus, anchors)
        return Repair(joined, what + "a text with the delimiter in it was joined") if joined is not None else None

    def _joined(self, cells: list[str], surplus: int, anchors: Sequence[int]) -> list[str] | None:
        """Return the row with the one run of cells joined that makes every number and date stand in its column."""
        fitting = []
        for start in range(self.width):
            run = cells[start : start + surplus + 1]
            if self.kinds[start] not in {"text", "blank"} or not all(cell.strip() for cell in run):
                continue
            row = [*cells[:start], self.dialect.delimiter.join(run), *cells[start + surplus + 1 :]]
            if self._fits(row, anchors):
                fitting.append((start, row))
        spaced = [
            (start, row)
            for start, row in fitting
            if all(cell.startswith(" ") for cell in cells[start + 1 : start + surplus + 1])
        ]
        chosen = spaced if len(spaced) == 1 else fitting
        return chosen[0][1] if len(chosen) == 1 else None

    def _fits(self, row: Sequence[str], anchors: Sequence[int]) -> bool:
        return all(kind_of(row[p]) in {self.kinds[p], "blank"} for p in anchors)
