"""What a row looks like by itself: the kinds of its cells, how many are filled, how wide it is."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from datapilot.reading.records import Row

CellKind = Literal["blank", "number", "date", "text"]
LONGEST_SNIPPET = 120
LONGEST_VALUE = 200  # no number and no date is longer
_NUMBER = re.compile(
    r"[+\-−(]?\s*+[$€£¥]?\s*+\d[\d.,'’\u00a0\u202f ]*+(?:[eE][+\-]?\d+)?\s*+(?:%|[$€£¥])?\)?-?|[+\-]?\.\d+"
)
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T"
    r" ].*)?|\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:\s*[AaPp][Mm])?|\d{4}-\d{2}"
    r"|\d{1,2}[- ](?:[A-Za-z]{3,9})[- ,.]+\d{2,4}|[A-Z][a-z]{2,8}\.?[- ]\d{1,2}(?:,? |-)\d{4}"
)
_IMPORT_ID = re.compile(r'\{"?ImportId"?.*\}', re.DOTALL)
JUNK = re.compile(r"[\s,;|\u00a0\ufeff]*")


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
    return not any(cells) or all(not cell or JUNK.fullmatch(cell) for cell in cells)


def are_import_ids(cells: Sequence[str]) -> bool:
    """True for a survey tool's own marks, which stand in a row below the names."""
    return all(_IMPORT_ID.fullmatch(cell.strip()) for cell in cells)


def snippet(cells: Sequence[str]) -> str:
    """Return the row's text, short enough for a receipt."""
    text = " | ".join(cell[:1000].strip() for cell in cells[:1000] if cell.strip())
    return text if len(text) <= LONGEST_SNIPPET else text[: LONGEST_SNIPPET - 1] + "…"


def first_filled(cells: Sequence[str]) -> str:
    """Return the first cell that holds something, "" where none does."""
    return next((cell for cell in cells if cell.strip()), "")


def filled_cells(cells: Sequence[str]) -> int:
    return 0 if is_blank(cells) else sum(1 for cell in cells if cell and not cell.isspace())


def extent(cells: Sequence[str]) -> int:
    for position in range(len(cells) - 1, -1, -1):
        if cells[position].strip():
            return position + 1
    return 0


def usual_width(rows: Sequence[Row], fill: Sequence[int]) -> int:
    """Return how many cells a row of the table has: the width that covers most cells, stray empty ends left out."""
    raw = Counter(len(row.cells) for row, filled in zip(rows, fill, strict=True) if filled)
    if not raw:
        return 0
    width = max(raw, key=lambda w: (raw[w] * (w - 1), w))
    others = {w: count for w, count in raw.items() if w not in {1, width}}
    if raw[width] == 1 and others and raw.total() > 2:
        # One long row among others is a slip of its own. Where all differ, the first row says how wide the table is.
        width = max(others, key=lambda w: (others[w], w if others[w] > 1 else 0))
    longest = max((extent(row.cells[:width]) for row, filled in zip(rows, fill, strict=True) if filled), default=0)
    return max(1, longest)


def typical_fill(fill: Sequence[int], width: int) -> int:
    """Return how many cells a data row usually fills: the upper quartile, since sparse rows are data too."""
    counts = sorted(min(filled, width) for filled in fill if filled)
    return counts[(3 * len(counts)) // 4] if counts else 0


def column_kinds(rows: Sequence[Row], width: int) -> list[CellKind]:
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


def looks_like_data(cells: Sequence[str]) -> bool:
    return any(kind_of(cell) in {"number", "date"} for cell in cells)
