"""Tell the rows that name the columns from the rows that are data."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise

from datapilot.contracts.errors import InvalidOption
from datapilot.reading.late import late
from datapilot.reading.layout.blocks import Block
from datapilot.reading.layout.header import labels
from datapilot.reading.layout.row_shapes import are_import_ids, column_kinds, extent, is_blank, kind_of, looks_like_data
from datapilot.reading.layout.subtotals import is_sum_of
from datapilot.reading.records import Row

HEADER_FILL = 0.7  # a header names at least this share of the cells that its rows fill
TITLE_FILL = 0.4  # a line above the header fills at most this share of the table's width
MOST_HEADER_ROWS = 4
JUDGED_ROWS = 400  # body rows that vote on whether the first row is a header
JUDGED_CELLS, FEWEST_JUDGED = 200_000, 50  # of very wide tables fewer rows: each column of thousands votes
MOST_HEADINGS = 3  # lines of one cell between the names and the first row, the row with it
MOST_TITLE_LINES = 30
MOST_LINES_BETWEEN = 6  # captions and blank lines between the names and the first full row
FEWEST_NUMERIC_NAMES = 4
FEWEST_RECORDS = 5  # below a line that names no columns
FEWEST_GROUPED, FEWEST_LABELS = 3, 2  # columns, of which two may stand below one of the labels of a row
FEWEST_YEARS = 3  # that only rise or only fall, and so name columns
LEAST_LABELLED = 0.25  # of the columns: those of numbers below a full row of texts
MOST_ABOUT_SERIES, FEWEST_OF_SERIES = 12, 10  # lines between the names and the first value, and lines with values
LONGEST_PLAIN_NAME = 40
FEWEST_LEFT_NAMES, FEWEST_LEFT_ROWS = 3, 2  # of a header that stops before its table does
_TELLS_A_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d{2}(?!\d)")
_YEAR = re.compile(r"(?:1[89]|20)\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")  # as date cells of a workbook come
_CENTS = late(r"[+\-−(]?[$€£]?\d[\d.,'\u00a0\u202f ]*[.,]\d{2}\)?")
_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")


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


def first_full_row(rows: Sequence[Row], fill: Sequence[int], start: int, stop: int, *, typical: int, width: int) -> int:
    """Return the first row that fills enough cells to be the header or the first data row."""
    for index in range(start, min(stop, start + 60)):
        # Lines of one or two cells may be many above a table of several columns: comments, the settings of the report.
        near = MOST_TITLE_LINES if fill[index] <= max(1, TITLE_FILL * typical) and typical > 2 else 5
        ahead = max((min(fill[i], typical) for i in range(index + 1, min(stop, index + 1 + near))), default=fill[index])
        if fill[index] and fill[index] >= HEADER_FILL * min(typical, max(ahead, 1)):
            return index
        if rows_of_names(rows, index, stop, width):
            return index
        if 2 * fill[index] >= typical and extent(rows[index].cells) == width and (fill[index] > 1 or width == 2):
            lines = range(index + 1, min(stop, index + 1 + (MOST_HEADINGS if width > 2 else 1)))
            below = next((rows[i].cells for i in lines if fill[i] > 1), [])  # past the heading of the first rows
            if not looks_like_data(rows[index].cells) and looks_like_data(below):
                return index
    return next((i for i in range(start, stop) if fill[i]), start)


def rows_of_names(rows: Sequence[Row], at: int, stop: int, width: int) -> int:
    """Return how many rows from `at` on name the columns only together: some labels are groups of those below them
    (Sales over 2023 and 2024), some stand in the first row alone; 0 where a single row names them, or none does."""
    if width < FEWEST_GROUPED:
        return 0
    for count in range(2, MOST_HEADER_ROWS + 1):
        if at + count >= stop:
            return 0
        names = [_filled_up(rows[i].cells, width) for i in range(at, at + count)]
        if not all(map(_is_label, filter(None, chain(*names)))):
            return 0
        if not _name_together(names, width):
            continue
        # Programs that group tables name the columns of the row labels in a row of their own, below the others.
        keys = [bool(cell) for cell in _filled_up(rows[at + count].cells, width)]
        has_keys = any(keys) and not any(key and any(column) for key, *column in zip(keys, *names, strict=True))
        first = at + count + has_keys
        body = [rows[i] for i in range(first, stop) if not is_blank(rows[i].cells)][: judged_rows(width)]
        if body and _stand_below(body, names[-1]):
            return first - at
    return 0


def _filled_up(cells: Sequence[str], width: int) -> list[str]:
    return [cell.strip() for cell in [*cells, *[""] * width][:width]]


def _once(labelled: Sequence[str]) -> list[str]:
    """Return the labels of groups once each, also where a program says them above each of their columns."""
    return [cell if place == 0 or cell != labelled[place - 1] else "" for place, cell in enumerate(labelled)]


def _name_together(names: Sequence[Sequence[str]], width: int) -> bool:
    """True for rows of labels of which each names groups of what the next one names, so that each column but that of
    the row labels has a name of its own."""
    *upper, lowest = names
    if any(width - row.count("") < FEWEST_LABELS for row in upper):
        return False  # a title
    if not all(_is_group_row(_once(one), other, width) for one, other in pairwise(names)):
        return False
    if all(lowest) and not any(one == other for one, other in zip(upper[-1], lowest, strict=True)):
        return False  # the lowest names all: what stands above it is a title, unless labels are merged into both
    named = labels(names, width)
    return all(named[1:]) and len(set(named)) == width


def _stand_below(body: Sequence[Row], lowest: Sequence[str]) -> bool:
    """True where rows of data follow: numbers or dates, or else texts of their own in every column."""
    columns = [
        [cell for row in body if position < len(row.cells) and (cell := row.cells[position].strip())]
        for position in range(len(lowest))
    ]
    years = [column for name, column in zip(lowest, columns, strict=True) if _YEAR.fullmatch(name)]
    if any(all(map(_YEAR.fullmatch, column)) for column in years):
        return False  # a first record with its year
    if looks_like_data(body[0].cells):
        return True
    is_own = all(name not in column for name, column in zip(lowest, columns, strict=True) if name)
    return is_own and len(body) >= FEWEST_RECORDS and all(len(column) >= 0.95 * len(body) for column in columns)


def pull_header_from_above(
    rows: Sequence[Row], fill: Sequence[int], blocks: Sequence[Block], main: Block, *, typical: int, header_at: int
) -> int:
    """Return where the main block really starts: a header row set off by a blank line belongs to it."""
    before = [block for block in blocks if block.stop <= main.start]
    if header_at != main.start or not before or not looks_like_data(rows[main.start].cells):
        return main.start
    last = before[-1].stop - 1
    cells = rows[last].cells
    texts = [cell for cell in cells if cell.strip()]
    if fill[last] >= HEADER_FILL * typical and len(texts) > 1 and all(kind_of(cell) == "text" for cell in texts):
        return last
    return main.start


def is_above_the_header(rows: Sequence[Row], at: int, stop: int, width: int) -> bool:
    """True for a line of settings that is longer or shorter than the table, and stands above its names."""
    if at + 1 >= stop:
        return False
    if _ends_early(rows[at].cells, rows[at + 1].cells):
        return is_header(rows, at + 1, stop, width)
    if len(rows[at].cells) <= width or len(rows[at + 1].cells) != width:
        return False
    below = [cell for cell in rows[at + 1].cells if cell.strip()]
    return (
        len(below) == width
        and all(kind_of(cell) == "text" for cell in below)
        and looks_like_data(rows[at].cells)
        and is_header(rows, at + 1, stop, width)
    )


def names_further_above(rows: Sequence[Row], fill: Sequence[int], at: int, stop: int, width: int) -> int | None:
    """Return the row that names every column some lines above the first rows, captions and blank lines between; None
    where there is none."""
    for index in range(at - 1, max(-1, at - 1 - MOST_LINES_BETWEEN), -1):
        if fill[index] < 3 or fill[index] != width or len(rows[index].cells) != width:
            continue
        is_text = all(kind_of(cell) == "text" for cell in rows[index].cells)
        return index if is_text and is_header(rows, index, stop, width) else None
    return None


def names_only_the_left(rows: Sequence[Row], at: int, stop: int, width: int) -> bool:
    """True for the line right above the first full row that names the columns from the first on and stops well before
    the last: whoever added columns to a sheet gave them no names. Two words alone may be a title with what it is about,
    unless one of them stands over numbers or dates."""
    if at < 1 or not (names := [cell.strip() for cell in rows[at - 1].cells[: extent(rows[at - 1].cells)]]):
        return False
    if not 2 <= len(names) < width or len({name.casefold() for name in names}) < len(names):
        return False
    if not all(kind_of(name) == "text" and len(name) <= LONGEST_PLAIN_NAME and name[-1] not in ":." for name in names):
        return False
    kinds = column_kinds(rows[at : min(stop, at + JUDGED_ROWS)], len(names))
    is_told = len(names) >= FEWEST_LEFT_NAMES or any(kind in {"number", "date"} for kind in kinds)
    return is_told and stop - at >= FEWEST_LEFT_ROWS and is_header(rows, at - 1, stop, len(names))


def names_columns(rows: Sequence[Row], at: int, width: int) -> bool:
    """True when the row at that position reads like the names of the columns whose cells stand below it."""
    return is_header(rows, at, len(rows), width)


def is_header(rows: Sequence[Row], at: int, stop: int, width: int) -> bool:
    """Vote, column by column, on whether the row names the columns or is already data."""
    header = rows[at].cells
    body = [rows[i] for i in range(at + 1, stop) if not is_blank(rows[i].cells)][: judged_rows(width)]
    cells = [cell.strip() for cell in header[:width]]
    again = [row for row in body if [cell.strip() for cell in row.cells[:width]] == cells]
    if 0 < len(again) <= 0.1 * len(body) and len(set(cells)) > 1:
        body = [row for row in body if row not in again]  # the header of another page
    if not body:
        return not any(kind_of(cell) in {"number", "date"} for cell in cells)
    if _are_numeric_names(cells, body) or _number_other_cells(cells, body) or _are_days(cells, body):
        return True
    years = _is_run_of_periods(cells)
    votes = 0.0
    for position, cell in enumerate(cells):
        votes += _vote(cell, [row.cells[position].strip() for row in body if position < len(row.cells)], years=years)
    filled = [cell.casefold() for cell in cells if cell]
    if len(set(filled)) < 0.5 * len(filled):
        votes -= 1
    if any(kind_of(cell) == "date" for cell in filled) and any(map(_CENTS().fullmatch, filled)):
        votes -= 1  # a day and an amount to the cent stand in a record
    return votes >= 0


def is_of_the_account(rows: Sequence[Row], at: int, stop: int) -> bool:
    """True for a first line that is as wide as the records but has a word where each of them has its day: banks put the
    account and its balance there, and no names."""
    body = [rows[i].cells for i in range(at + 1, stop) if not is_blank(rows[i].cells)][:JUDGED_ROWS]
    first = rows[at].cells[0] if rows[at].cells else ""
    return (
        len(body) >= FEWEST_RECORDS and kind_of(first) == "text" and all(kind_of(cells[0]) == "date" for cells in body)
    )


def lines_about_the_series(rows: Sequence[Row], at: int, stop: int) -> int:
    """Return how many lines from `at` on tell about the series whose values follow: their unit, their source. None of
    them begins with a year or holds a number, and each line after them begins with a year."""
    filled = [i for i in range(at, stop) if not is_blank(rows[i].cells)]
    first = next((k for k, i in enumerate(filled) if _TELLS_A_YEAR.search(rows[i].cells[0])), 0)
    if not 0 < first <= MOST_ABOUT_SERIES or len(filled) - first < FEWEST_OF_SERIES:
        return 0
    if any(kind_of(cell) == "number" for i in filled[:first] for cell in rows[i].cells[1:]):
        return 0
    is_series = all(_TELLS_A_YEAR.search(rows[i].cells[0]) for i in filled[first:])
    return filled[first] - at if is_series else 0


def opening_headings(rows: Sequence[Row], at: int, start: int, stop: int) -> int:
    """Return where the headings begin that stand right above the first full row, each with a sum of its name below."""
    first = at
    while first > start:
        cells = rows[first - 1].cells
        label = cells[0].strip() if cells else ""
        if not label or any(cell.strip() for cell in cells[1:]):
            break
        if not any(is_sum_of(label, rows[i].cells[0]) for i in range(at, stop)):
            break
        first -= 1
    return first


def names_all_but_first(rows: Sequence[Row], at: int, width: int) -> bool:
    """True for a row that is blank above the items and names the columns beside them, by years as well."""
    cells = [cell.strip() for cell in [*rows[at].cells, *[""] * width][:width]]
    if width < 2 or cells[0]:
        return False
    are_years = all(_YEAR.fullmatch(cell) for cell in cells[1:]) and len(set(cells)) == width
    return are_years or all(kind_of(cell) == "text" for cell in cells[1:])


def judged_rows(width: int) -> int:
    """How many rows of so many cells are looked at: thousands of columns need fewer each to tell a header by."""
    return min(JUDGED_ROWS, max(FEWEST_JUDGED, JUDGED_CELLS // max(1, width)))


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


def _are_days(cells: Sequence[str], body: Sequence[Row]) -> bool:
    """True for days that only rise behind a first name, where no cell below them is a date: a roster, or what was
    counted each day."""
    days = [cell for cell in cells[1:] if cell]
    if len(days) < FEWEST_NUMERIC_NAMES or len(body) < 2 or kind_of(cells[0]) not in {"text", "blank"}:
        return False
    if not all(_DAY.fullmatch(day) for day in days) or days != sorted(set(days)):
        return False
    return not any(kind_of(cell) == "date" for row in body for cell in row.cells[1 : len(cells)])


def _is_run_of_periods(cells: Sequence[str]) -> bool:
    """True when the numbers among the cells are years or month numbers in a row, as headers of time tables have."""
    numbers = [int(cell) for cell in cells if cell.isdecimal() and len(cell) < 10]  # "²" is a digit, but no number
    if len(numbers) < 2:
        return False
    steps = {second - first for first, second in pairwise(numbers)}
    in_range = all(1800 <= n <= 2200 for n in numbers)
    if in_range and len(numbers) >= FEWEST_YEARS and (min(steps) > 0 or max(steps) < 0):
        return True  # with some years left out
    return (steps in ({1}, {-1}) and (in_range or len(numbers) >= 3)) or (in_range and len(steps) == 1 and steps != {0})


def _is_missing_word(cell: str) -> bool:
    return cell.casefold() in {"na", "n/a", "nan", "null", "none", "-", "#n/a", "?"}


def header_rows(rows: Sequence[Row], fill: Sequence[int], at: int, stop: int, width: int) -> list[int]:
    """Return the positions of all rows of the header, the topmost first."""
    header = [at]
    body = [rows[i] for i in range(at + 1, stop)][:JUDGED_ROWS]
    # Rows of labels under the first: it leaves blanks that they fill, and the column of keys starts below them.
    while len(header) < MOST_HEADER_ROWS and header[-1] + 2 < stop:
        is_third = len(header) > 1 and _is_label_row(rows[header[-1] + 1].cells, body[1:], width)
        if not is_third and not _is_sub_header(rows, header[-1], body, width):
            break
        header.append(header[-1] + 1)
        body = body[1:]
    return with_groups_above(rows, fill, header, width)


def with_groups_above(rows: Sequence[Row], fill: Sequence[int], header: list[int], width: int) -> list[int]:
    """Return the header with the rows of group labels right above it, whose blanks its topmost row fills."""
    header = [*header]
    while len(header) < MOST_HEADER_ROWS and header[0] > 0:
        above = rows[header[0] - 1]
        texts = [cell for cell in above.cells if cell.strip()]
        if not 2 <= len(texts) <= fill[header[0]] + max(2, width // 3) or not all(_is_label(c) for c in texts):
            break
        if extent(above.cells) > width + 1 or not _is_group_row(above.cells, rows[header[0]].cells, width):
            break
        if _ends_early(above.cells, rows[header[0]].cells):
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


def _ends_early(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """True when the upper row is a line of its own, not padded to the table's width: it has several cells, each above a
    name of its own, and stops cells before the names do."""
    filled = [p for p, cell in enumerate(upper) if cell.strip()]
    is_run = filled == list(range(len(filled))) and len(filled) > 1
    is_short = len(upper) == len(filled) and len(upper) + 1 < len(lower)
    return is_run and is_short and all(cell.strip() for cell in lower[: len(filled)])


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
    if are_import_ids(cells):
        return True
    body = rest[1:] if rest and are_import_ids(rest[0].cells[:width]) else rest
    values = [
        [row.cells[p].strip() for row in body if p < len(row.cells) and row.cells[p].strip()] for p in range(width)
    ]
    pure = [bool(column) and all(kind_of(value) in {"number", "date"} for value in column) for column in values]
    return len(body) >= 2 and sum(pure) >= max(2, LEAST_LABELLED * width)


def _is_label_row(lower: Sequence[str], rest: Sequence[Row], width: int) -> bool:
    """True for a row below two of the header that has texts above numbers alone (how they were measured: Avg, Smp), and
    blanks beside them."""
    texts = [p for p in range(min(width, len(lower))) if lower[p].strip()]
    if len(rest) < FEWEST_RECORDS or len(texts) < 2 or any(kind_of(lower[p]) != "text" for p in texts):
        return False
    if any(_is_missing_word(lower[p].strip()) for p in texts):
        return False
    kinds = column_kinds(rest, width)
    return all(kinds[p] == "number" for p in texts)


def _numbers_start_below(lower: Sequence[str], rest: Sequence[Row], width: int) -> bool:
    kinds = column_kinds(rest, width)
    numeric = [p for p, kind in enumerate(kinds) if kind in {"number", "date"}]
    labelled = [p for p in numeric if p < len(lower) and lower[p].strip()]
    return len(labelled) >= 0.5 * len(numeric) > 0
