"""Take off the apostrophe that spreadsheets, and exports made for them, put before a cell to keep it text: '01000."""

import re
from collections.abc import Sequence
from dataclasses import replace

from datapilot.reading.text_table import TextTable

MARK = "'"
FEWEST_MARKED = 3
_SHORT_YEAR = re.compile(r"'\d{2}")


def without_apostrophes(text: TextTable) -> TextTable:
    """Return the table without the apostrophe before the cells of those columns whose filled cells all begin with one
    that nothing closes; the receipt says so."""
    marked = [place for place in _candidates(text) if _are_marked([row[place] or "" for row in text.sample])]
    if not marked:
        return text
    bare = ", ".join(f"CASE WHEN c{p} LIKE '''%' THEN substr(c{p}, 2) ELSE c{p} END AS c{p}" for p in marked)
    sample = [list(row) for row in text.sample]
    for cells in sample:
        for place in marked:
            cells[place] = (cells[place] or "").removeprefix(MARK) or None
    listed = ", ".join(f"“{text.names[place]}”" for place in marked[:5])
    said = f"The apostrophe before each cell of {listed} was left out: it only marks the cell as text."
    receipt = text.receipt.model_copy(update={"notes": (*text.receipt.notes, said)})
    return replace(text, source=f"(SELECT * REPLACE ({bare}) FROM {text.source})", sample=sample, receipt=receipt)


def _candidates(text: TextTable) -> list[int]:
    """Return the columns of which one of the first cells begins with the mark: hardly a table has any."""
    first = text.sample[: 10 * FEWEST_MARKED]
    return sorted({place for row in first for place, cell in enumerate(row) if cell and cell.startswith(MARK)})


def _are_marked(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell and not cell.isspace()]
    is_marked = all(cell.startswith(MARK) and cell.count(MARK) == 1 and len(cell) > 1 for cell in filled)
    return is_marked and len(filled) >= FEWEST_MARKED and not all(map(_SHORT_YEAR.fullmatch, filled))
