"""Bring rows of the wrong number of cells to the table's width without losing a cell, and say so."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from datapilot.reading.layout import CellKind, is_blank, kind_of

KIND_ROWS = 300


@dataclass(frozen=True)
class Repair:
    """A row at its new width, and what was done; an empty `reason` means nothing had to be."""

    cells: list[str]
    reason: str


@dataclass(frozen=True)
class RowShape:
    """What a regular row looks like: its width and the kind of each column."""

    width: int
    kinds: tuple[CellKind, ...]
    delimiter: str

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]], width: int, delimiter: str) -> "RowShape":
        """Learn the shape from rows that have the right width."""
        step = max(1, len(rows) // KIND_ROWS)
        kinds: list[CellKind] = []
        regular = [cells for cells in rows[::step] if len(cells) == width]
        for position in range(width):
            counts = Counter(kind_of(cells[position]) for cells in regular)
            counts.pop("blank", None)
            kind, count = counts.most_common(1)[0] if counts else ("blank", 0)
            kinds.append(kind if count >= 0.9 * counts.total() else "text")
        return cls(width, tuple(kinds), delimiter)

    def fit(self, cells: list[str], *, keep_extra: bool) -> Repair:
        """Return the row at the table's width. Extra cells are joined back where a delimiter stood inside a text;
        where no place fits they stay as extra cells if `keep_extra`."""
        missing = self.width - len(cells)
        if missing == 0:
            return Repair(cells, "")
        if missing > 0:
            what = "1 cell is" if missing == 1 else f"{missing} cells are"
            return Repair(cells + [""] * missing, f"{what} missing at the end; read as empty")
        extra = cells[self.width :]
        if is_blank(extra):
            return Repair(cells[: self.width], "")
        joined = self._join(cells)
        if joined is not None:
            return Repair(
                joined, f"{len(extra)} more than {self.width} cells: a text with the delimiter in it was joined"
            )
        if keep_extra:
            return Repair(cells, f"{len(extra)} more than {self.width} cells; kept in extra columns")
        return Repair([*cells[: self.width - 1], self.delimiter.join(cells[self.width - 1 :])], "extra cells joined")

    def _join(self, cells: list[str]) -> list[str] | None:
        """Return the row with the one run of cells joined that makes every number and date stand in its column."""
        surplus = len(cells) - self.width
        anchors = [p for p, kind in enumerate(self.kinds) if kind in {"number", "date"}]
        if not anchors:
            return None
        fitting = []
        for start in range(self.width):
            if self.kinds[start] not in {"text", "blank"}:
                continue
            merged = self.delimiter.join(cells[start : start + surplus + 1])
            row = [*cells[:start], merged, *cells[start + surplus + 1 :]]
            if all(kind_of(row[p]) in {self.kinds[p], "blank"} for p in anchors):
                fitting.append((start, row))
        spaced = [
            (start, row)
            for start, row in fitting
            if all(cell.startswith(" ") for cell in cells[start + 1 : start + surplus + 1])
        ]
        chosen = spaced if len(spaced) == 1 else fitting
        return chosen[0][1] if len(chosen) == 1 else None
