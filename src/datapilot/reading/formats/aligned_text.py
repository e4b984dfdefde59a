"""Find tables in words that stand on a page, by the white space between columns; knows no file format."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

COLUMN_GAP = 0.75  # of the words' height: words further apart than this stand in different cells
SAME_LINE = 0.5  # of the words' height
FAR_BELOW = 3.0  # of the words' height: a larger gap between lines ends a table
FEWEST_LINES = 3
MOST_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box in points, y growing downwards."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class AlignedTable:
    """Rows of texts, every row as long as the table has columns; where it stands; how sure we are, 0-1."""

    rows: tuple[tuple[str, ...], ...]
    top: float
    left: float
    right: float
    confidence: float


@dataclass(frozen=True)
class _Cell:
    text: str
    left: float
    right: float


@dataclass(frozen=True)
class _Line:
    top: float
    bottom: float
    cells: tuple[_Cell, ...]


def aligned_tables(words: Sequence[Word]) -> list[AlignedTable]:
    """Return the tables from top to bottom; [] where no lines agree on columns."""
    if not words:
        return []
    height = median(word.bottom - word.top for word in words) or 1.0
    tables = []
    for lines in _runs(_lines(words, height), height):
        table = _table(lines, height)
        if table is not None:
            tables.append(table)
    return tables


def _lines(words: Sequence[Word], height: float) -> list[_Line]:
    """Return the words as lines, each cut into cells where the space between words is wide."""
    ordered = sorted(words, key=lambda word: ((word.top + word.bottom) / 2, word.left))
    grouped: list[list[Word]] = []
    for word in ordered:
        middle = (word.top + word.bottom) / 2
        if grouped:
            first = grouped[-1][0]
            if abs(middle - (first.top + first.bottom) / 2) <= SAME_LINE * height:
                grouped[-1].append(word)
                continue
        grouped.append([word])
    lines = []
    for group in grouped:
        cells: list[_Cell] = []
        for word in sorted(group, key=lambda w: w.left):
            if cells and word.left - cells[-1].right <= COLUMN_GAP * height:
                last = cells.pop()
                cells.append(_Cell(f"{last.text} {word.text}", last.left, max(last.right, word.right)))
            else:
                cells.append(_Cell(word.text, word.left, word.right))
        lines.append(_Line(min(w.top for w in group), max(w.bottom for w in group), tuple(cells)))
    return lines


def _runs(lines: Sequence[_Line], height: float) -> list[list[_Line]]:
    """Cut the lines into runs that may be tables: no wide gap inside, no long stretch of running text."""
    runs: list[list[_Line]] = []
    current: list[_Line] = []
    for line in lines:
        if current and line.top - current[-1].bottom > FAR_BELOW * height:
            runs.append(current)
            current = []
        current.append(line)
        if len(current) >= 3 and all(len(one.cells) == 1 for one in current[-3:]):
            runs.append(current[:-3])
            current = current[-3:]
    runs.append(current)
    return [trimmed for run in runs if len(trimmed := _trim(run)) >= FEWEST_LINES]


def _trim(run: Sequence[_Line]) -> list[_Line]:
    """Take lines of a single cell off both ends: captions above, notes below."""
    first, last = 0, len(run)
    while first < last and len(run[first].cells) == 1:
        first += 1
    while last > first and len(run[last - 1].cells) == 1:
        last -= 1
    return list(run[first:last])


def _table(lines: Sequence[_Line], height: float) -> AlignedTable | None:
    columns = _columns(lines)
    if not 2 <= len(columns) <= MOST_COLUMNS:
        return None
    rows: list[list[str]] = []
    tops: list[_Line] = []
    strays = 0
    for line in lines:
        row = [""] * len(columns)
        for cell in line.cells:
            position, stray = _place(cell, columns)
            strays += stray
            row[position] = f"{row[position]} {cell.text}".strip()
        if rows and _continues(row, line, rows[-1], tops[-1], height):
            rows[-1] = [f"{above} {below}".strip() for above, below in zip(rows[-1], row, strict=True)]
            tops[-1] = line
        else:
            rows.append(row)
            tops.append(line)
    full = Counter(sum(map(bool, row)) for row in rows)
    agreeing = sum(count for filled, count in full.items() if filled >= max(2, 0.6 * len(columns)))
    cells = sum(len(line.cells) for line in lines)
    if len(rows) < FEWEST_LINES or agreeing < 0.6 * len(rows) or strays > 0.1 * cells:
        return None
    if _is_prose(rows):
        return None
    steady = agreeing / len(rows) - strays / cells
    confidence = round(0.45 + 0.25 * steady + min(0.1, 0.01 * len(rows)), 2)
    left = min(column[0] for column in columns)
    right = max(column[1] for column in columns)
    return AlignedTable(tuple(map(tuple, rows)), lines[0].top, left, right, confidence)


def _columns(lines: Sequence[_Line]) -> list[tuple[float, float]]:
    """Return the columns as stretches of x: what the cells of the usual lines cover, cut where nothing stands."""
    counts = Counter(len(line.cells) for line in lines if len(line.cells) > 1)
    if not counts:
        return []
    usual = max(counts, key=lambda n: (counts[n] * n, n))
    stretches: list[list[float]] = []
    for cell in sorted(
        (cell for line in lines if len(line.cells) >= 0.8 * usual for cell in line.cells), key=lambda c: c.left
    ):
        if stretches and cell.left <= stretches[-1][1]:
            stretches[-1][1] = max(stretches[-1][1], cell.right)
        else:
            stretches.append([cell.left, cell.right])
    return [(left, right) for left, right in stretches]


def _place(cell: _Cell, columns: Sequence[tuple[float, float]]) -> tuple[int, bool]:
    """Return the column that the cell shares most width with (the nearest when none), and whether it covers others."""
    shared = [min(cell.right, right) - max(cell.left, left) for left, right in columns]
    best = max(range(len(columns)), key=lambda k: shared[k])
    return best, sum(width > 1 for width in shared) > 1


def _continues(row: Sequence[str], line: _Line, above: Sequence[str], last: _Line, height: float) -> bool:
    """True for the second line of a cell that was too long: few cells, none in the first column, close below."""
    filled = [k for k, cell in enumerate(row) if cell]
    close = line.top - last.bottom < 0.35 * height
    return (
        close and bool(filled) and 0 not in filled and len(filled) <= 0.5 * len(row) and all(above[k] for k in filled)
    )


def _is_prose(rows: Sequence[Sequence[str]]) -> bool:
    """True for text set in columns: cells as long as lines, and hardly a number."""
    cells = [cell for row in rows for cell in row if cell]
    words = sum(cell.count(" ") + 1 for cell in cells) / len(cells)
    numbers = sum(any(ch.isdigit() for ch in cell) for cell in cells)
    return words > 5 and numbers < 0.3 * len(cells)
