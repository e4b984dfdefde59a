"""Vote on how lines are cut into cells: every candidate is tried on lines from all parts of the file."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from datapilot.reading.layout.one_column import is_moment_of_mail, is_one_column
from datapilot.reading.layout.prose import are_sentences
from datapilot.reading.records import COMMON, RULER, Dialect, RecordReader, runs_over_gaps

RARE = ("||", "::", ";;", "\t\t", "|~|", "~|~", "<>", "$$", "##", "\x1f", "\x1e", "\x01", "¦", "§", "~", "^", "#", "!",
        "/", "*", "&", "=", ":", "\u00a0", " ")  # fmt: skip
PRIOR = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 0.99, "||": 0.99, "::": 0.97, ";;": 0.97, "|~|": 0.99, "~|~": 0.99,
         "~": 0.95, "^": 0.95, "\x1f": 1.0, "\x1e": 0.98, "\x01": 1.0, "¦": 0.97, "§": 0.97, "&": 0.8, "#": 0.8,
         "/": 0.5,
         "*": 0.7, "!": 0.7, ":": 0.55, "=": 0.55, " ": 0.6, "\u00a0": 0.6}  # fmt: skip
MOST_ABOVE_A_RULER, FEWEST_RULED, KEPT_RULED = 30, 2, 0.9  # lines, lines, share of those below it
FEWEST_OF_PART, REGULAR_PART = 3, 0.7  # lines, and what `score` must say, of one of several tables
WORTH_A_COLUMN = 0.35  # below this no candidate cuts the lines into a table: the file has one column
MOSTLY_PARTED = 0.8  # of the lines
MOST_CUTS = 40_000  # of the first line: what occurs more often parts words, not columns
ALIGNED_PRIOR = 0.97
MOST_ABOVE_COLUMNS, FEWEST_ALIGNED, FEWEST_COLUMNS_BELOW = 15, 10, 3  # lines of text, lines below them, columns
FEWEST_CUT_SHORT, CLEAN_CUT_SHORT = 3, 0.98  # lines, and share of their cells that look like values
_GAP_SHARE = 0.97  # of the lines that leave a position blank between two aligned columns

_RULED = re.compile(r" *(?:-{2,}(?: +-{2,})+|={2,}(?: +={2,})+)")
_QUOTED_WHOLE = re.compile(r'"(?:[^"]|"")*+"', re.DOTALL)
_NAME = re.compile(r"[^\W\d_][\w .%()/-]{0,40}")
_CLEAN_CELL = re.compile(
    r"""\s*(?:
      |[+\-−(]?\s*[$€£¥]?\s*\d[\d.,'’\u00a0\u202f ]*(?:[eE][+\-]?\d+)?\s*(?:%|[$€£¥]|[A-Za-z]{1,3})?\)?   # a number
      |\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?.{0,6})?            # a date
      |\d{1,2}[:.]\d{2}(?:[:.]\d{2})?                                                                     # a time
      |[^\s;|\t,"]+@[^\s;|\t,"]+|https?://\S+
      |(?:[^;|\t,"~^\x1f\x01\n]|,[ ]){1,60}                                                              # a short text
    )\s*""",
    re.VERBOSE,
)


def decide_dialect(
    lines: Sequence[str], *, delimiter: str | None = None, without: frozenset[str] = frozenset()
) -> Dialect:
    """Return the dialect under which the lines look most like a table: same number of cells in every row, cells that
    look like values. `lines` keep their line ends; `delimiter` settles that part, those in `without` were found to be
    part of the values. One column gives an empty one."""
    text = "".join(lines)
    quotes = _likely_quotes(text)
    backslashes = {quote: _has_backslashes(text, quote) for quote in quotes}
    if delimiter is not None:
        told = (_escaped_or_not(lines, Dialect(delimiter, quote, backslashes[quote])) for quote in quotes)
        return max(told, key=lambda d: score(lines, d))
    all_lines, lines = lines, _without_drawn_lines(lines)
    filled = [line for line in lines if line.strip()]
    if not filled:
        return Dialect("", quotes[0])
    whole = _without_open_quotes(filled, text)
    if _are_quoted_whole(whole):
        return Dialect("", '"')
    best, best_score = Dialect(""), 0.0
    for candidate in (*COMMON, *RARE):
        if candidate in without or PRIOR.get(candidate, 1.0) <= best_score:  # a score is at most 1: it could not win
            continue
        if filled[0].count(candidate) > MOST_CUTS:
            continue
        present = sum(candidate in line for line in whole)
        if present < (0.3 if candidate in COMMON else 0.7) * len(whole):
            continue
        for quote in quotes:
            dialect = Dialect(candidate, quote, backslashes[quote])
            value = score(lines, dialect) * PRIOR.get(candidate, 1.0)
            if value > best_score + 1e-9:
                best, best_score = dialect, value
    aligned = _ruled(all_lines) or _aligned_below(filled) or _aligned(filled)
    if aligned is not None and score(lines, aligned) * ALIGNED_PRIOR > best_score:
        return aligned
    if best_score < WORTH_A_COLUMN:
        return _cut_short(filled, quotes[0], without) or _of_parts(lines, quotes, without) or Dialect("", quotes[0])
    first = next(iter(RecordReader(filled, best)))
    is_named = best.delimiter in COMMON and len(first.cells) > 1 and not is_moment_of_mail(filled[0])
    has_borders = best.delimiter == "|" and any(RULER.fullmatch(line.strip()) for line in all_lines)
    is_parted = is_named or has_borders or _parts_quoted_cells(filled, best)
    may_be_one = not is_parted and not _is_header_cut_otherwise(filled, best)
    if are_sentences(filled, best.delimiter) or (may_be_one and is_one_column(lines, best)):
        return decide_dialect(lines, without=without | {best.delimiter})
    return _with_space(filled, _escaped_or_not(lines, best))


def _of_parts(lines: Sequence[str], quotes: Sequence[str], without: frozenset[str]) -> Dialect | None:
    """Return the dialect of several tables of different widths, blank lines between them: each is regular by itself,
    most of all the one of most cells. None for any other text."""
    parts = [list(part) for is_filled, part in groupby(lines, key=lambda line: bool(line.strip())) if is_filled]
    parts = [part for part in parts if len(part) >= FEWEST_OF_PART]
    if len(parts) < 2:
        return None
    told = (Dialect(delimiter, quote) for delimiter in COMMON if delimiter not in without for quote in quotes)
    regular = [
        (len(part) * (usual_width(part, dialect) or 0), dialect)
        for dialect in told
        for part in parts
        if score(part, dialect) >= REGULAR_PART
    ]
    return max(regular, key=lambda found: found[0])[1] if regular else None


def _cut_short(lines: Sequence[str], quote: str, without: frozenset[str]) -> Dialect | None:
    """Return the dialect of a table whose rows end with their last filled cell, whatever their widths: the first line
    names more columns than any row has, and a usual delimiter cuts every line into values. None for any other text."""
    if len(lines) < FEWEST_CUT_SHORT:
        return None
    for delimiter in COMMON:
        if delimiter in without or not all(delimiter in line for line in lines):
            continue
        rows = [row.cells for row in RecordReader(lines, Dialect(delimiter, quote))]
        cells = [cell for row in rows for cell in row]
        named = [cell.strip() for cell in rows[0] if cell.strip()]
        if (
            len(rows[0]) >= max(3, *map(len, rows))
            and all(_NAME.fullmatch(name) for name in named)
            and sum(1 for cell in cells if _CLEAN_CELL.fullmatch(cell)) >= CLEAN_CUT_SHORT * len(cells)
        ):
            return Dialect(delimiter, quote)
    return None


def _without_drawn_lines(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines without rulers, borders and comments, which no delimiter cuts, where enough others stay."""
    kept = [
        line
        for line in lines
        if not RULER.fullmatch(line.strip())
        and not (line.startswith(("#", "%", "//")) and not any(delimiter in line for delimiter in COMMON))
    ]
    return kept if len(kept) >= max(2, 0.2 * len(lines)) else lines


def _without_open_quotes(lines: Sequence[str], text: str) -> Sequence[str]:
    """Return the lines with those joined that a quoted cell runs over: only there need the delimiter stand."""
    if text.count('"') % 2 or '"' not in text:
        return lines
    joined: list[str] = []
    is_open = False
    for line in lines:
        if is_open:
            joined[-1] += line
        else:
            joined.append(line)
        is_open ^= line.count('"') % 2 == 1
    return joined


def _are_quoted_whole(lines: Sequence[str]) -> bool:
    """True when every line below the first is one quoted cell, and the first names one column."""
    if len(lines) < 2 or any(delimiter in lines[0] for delimiter in COMMON):
        return False
    return all(_QUOTED_WHOLE.fullmatch(line.strip()) for line in lines[1:])


def _parts_quoted_cells(lines: Sequence[str], dialect: Dialect) -> bool:
    """True when the delimiter stands between two quotes in most lines, as in no text."""
    between = f"{dialect.quote}{dialect.delimiter}{dialect.quote}"
    return bool(dialect.quote) and sum(between in line for line in lines) >= MOSTLY_PARTED * len(lines)


def _is_header_cut_otherwise(lines: Sequence[str], dialect: Dialect) -> bool:
    """True when the first line has as many cells as the rows, but by another delimiter."""
    reader = RecordReader(lines, dialect, width=usual_width(lines, dialect))
    first = next(iter(reader), None)
    return first is not None and first.line in reader.recut


def usual_width(lines: Sequence[str], dialect: Dialect) -> int | None:
    """Return how many cells most rows have, or None when no number of cells is usual."""
    widths = Counter(len(row.cells) for row in RecordReader(lines, dialect) if any(cell.strip() for cell in row.cells))
    if not widths:
        return None
    width, count = widths.most_common(1)[0]
    return width if count > 0.5 * widths.total() else None


def score(lines: Sequence[str], dialect: Dialect) -> float:
    """Return 0-1: how much the lines look like a table when cut this way."""
    rows = [row.cells for row in RecordReader(lines, dialect) if any(cell.strip() for cell in row.cells)]
    if not rows:
        return 0.0
    widths = Counter(len(cells) for cells in rows)
    # A table of w columns and n rows weighs n * (w - 1) / w: rows of one cell prove nothing.
    weight = {width: count * (width - 1) / width for width, count in widths.items()}
    width = max(weight, key=lambda w: (weight[w], w))
    if width < 2:
        return 0.0
    consistency = (widths[width] + 0.5 * sum(widths[w] for w in (width - 1, width + 1))) / len(rows)
    regular = [cells for cells in rows if len(cells) == width][:200]
    cells = [cell for row in regular for cell in row[:50]]
    clean = sum(1 for cell in cells if len(cell) < 200 and _CLEAN_CELL.fullmatch(cell)) / len(cells)
    filled = sum(1 for cell in cells if cell.strip()) / len(cells)
    if width > 2 and not any(cell for row in regular for cell in row[1::2]):
        return 0.0  # every other cell is empty: the delimiter is twice as long
    share_in_quotes = sum(1 for cell in cells if _is_quoted(cell, dialect.quote)) / len(cells)
    value = (
        min(1.0, consistency) ** 1.5
        * (0.55 + 0.45 * clean)
        * (0.6 + 0.4 * min(1.0, filled * 2))
        * (1 - 0.5 * share_in_quotes)
        * (1 - 0.25 / width)
    )
    return float(value)


def _is_quoted(cell: str, quote: str) -> bool:
    """True for a cell that begins with the quote, or that another quote embraces or is open on one side of."""
    first, last = cell[:1], cell[-1:]
    if quote and first == quote:
        return True
    return (first in {'"', "'"}) != (last in {'"', "'"}) or (first in {'"', "'"} and first == last and len(cell) > 1)


def _likely_quotes(text: str) -> tuple[str, ...]:
    if text.count("'") <= 4:
        return ('"',)
    double = len(re.findall(r'(?:^|[^\w\s])"|"(?=[^\w\s]|$)', text, re.MULTILINE))
    opened = len(re.findall(r"(?:^|[,;\t|~:] ?)'", text, re.MULTILINE))
    closed = len(re.findall(r"'(?= ?[,;\t|~:]|\r?$)", text, re.MULTILINE))
    single = 2 * min(opened, closed)  # of '02134 that a spreadsheet shall keep as text, none is closed
    if single > 4 and single > 2 * double:
        return ("'", '"')
    return ('"', "'") if single > 4 else ('"',)


def _has_backslashes(text: str, quote: str) -> bool:
    r"""True when quotes inside cells are written \" rather than doubled."""
    if not quote:
        return False
    escaped = len(re.findall(r"\\" + quote + r"(?=[^,;\t|\r\n])", text))
    doubled = len(re.findall(rf"[^,;\t|\r\n\\{quote}]{quote}{quote}[^{quote}]", text))
    return escaped > doubled


def _escaped_or_not(lines: Sequence[str], dialect: Dialect) -> Dialect:
    """Return the dialect with backslashes before delimiters inside cells, if the rows become more regular by them."""
    mark = "\\" + dialect.delimiter
    if not dialect.delimiter or not any(mark in line for line in lines):
        return dialect
    escaping = replace(dialect, escapes_delimiter=True)
    gain = score(lines, escaping) - score(lines, dialect)
    if abs(gain) > 0.02:
        return escaping if gain > 0 else dialect
    # Both are regular: a backslash before every one of these delimiters may end a cell. The first line tells.
    first = len(next((row.cells for row in RecordReader(lines, dialect) if len(row.cells) > 1), []))
    return escaping if first == usual_width(lines, escaping) != usual_width(lines, dialect) else dialect


def _with_space(lines: Sequence[str], dialect: Dialect) -> Dialect:
    """Return the dialect with the space that follows every delimiter as part of it (`a, b, c`)."""
    if dialect.delimiter not in {",", ";", "|", ":"} or not all(dialect.delimiter + " " in line for line in lines[:1]):
        return dialect
    rows = [row.cells for row in RecordReader(lines, replace(dialect, quote=""))]
    cells = [cell for row in rows for cell in row[1:]]
    if not cells or any(cell[:1] != " " or cell[1:2] == " " for cell in cells):
        return dialect
    spaced = replace(dialect, delimiter=dialect.delimiter + " ")
    return spaced if usual_width(lines, spaced) == usual_width(lines, dialect) else dialect


def _ruled(lines: Sequence[str]) -> Dialect | None:
    """Return the dialect of columns that a line of dashes marks, as database consoles and old reports print them; None
    where the lines below it do not keep to it."""
    at = next((k for k, line in enumerate(lines[:MOST_ABOVE_A_RULER]) if _RULED.fullmatch(line.rstrip())), None)
    below = [line.rstrip() for line in lines[at + 1 :] if line.strip()] if at is not None else []
    if at is None or len(below) < FEWEST_RULED:
        return None
    starts = [match.start() for match in re.finditer(r"[-=]+", lines[at])]
    kept = sum(all(line[start - 1 : start] in {"", " "} for start in starts[1:]) for line in below)
    return Dialect("", "", starts=(0, *starts[1:])) if kept >= KEPT_RULED * len(below) else None


def _aligned(lines: Sequence[str]) -> Dialect | None:
    """Return the dialect of columns that spaces align, or None where the lines leave no common gaps."""
    bodies = [line.rstrip() for line in lines]
    if len(set(bodies)) < 3 or sum("  " in body.strip() for body in bodies) < 0.8 * len(bodies):
        return None
    if any("\t" in body for body in bodies):
        return None
    longest = min(max(map(len, bodies)), 2000)
    # A last line without any gap is what the program says of the table ("20 rows").
    voters = bodies[:-1] if len(bodies) > FEWEST_ALIGNED and "  " not in bodies[-1].strip() else bodies
    blanks = [
        sum(body[at : at + 1] in {"", " "} for body in voters) >= _GAP_SHARE * len(voters) for at in range(longest)
    ]
    # A name may be wider than the cells below it, and stand over the gap beside them; a title stands over several.
    starts = max(_starts(blanks, names=bodies[0]), _starts(blanks, names=""), key=len)
    if len(starts) < 2:
        return None
    return Dialect("", "", starts=(0, *starts[1:]))


def _aligned_below(lines: Sequence[str]) -> Dialect | None:
    """Return the dialect of aligned columns that stand below lines of text; None where there are none, or where lines
    of text are not told from rows by running over the gaps."""
    last = min(MOST_ABOVE_COLUMNS, len(lines) - FEWEST_ALIGNED)
    dialect = _aligned(lines[last:]) if last > 0 else None
    if dialect is None or len(dialect.starts) < FEWEST_COLUMNS_BELOW:
        return None
    above = [runs_over_gaps(line.rstrip(), dialect.starts) for line in lines[:last]]
    named = _aligned(lines[sum(above) :]) if above[0] and above == sorted(above, reverse=True) else None
    return replace(named, is_below_text=True) if named is not None else None


def _starts(blanks: Sequence[bool], *, names: str) -> list[int]:
    """Return where columns begin behind a gap that is blank in the line of their names too."""
    starts, gap = [], 2
    for at, is_blank in enumerate(blanks):
        if is_blank and names[at : at + 1] in {"", " "}:
            gap += 1
            continue
        # One space at the same place in every line may stand inside a cell, as in dates with times, unless a name that
        # stands apart begins right behind it.
        is_named = at > 1 and names[at - 2 : at] == "  " and not names[at : at + 1].isspace()
        if gap >= 2 or (gap == 1 and is_named):
            starts.append(at)
        gap = 0
    ends = [*starts[1:], len(blanks)]
    return [at for start, end in zip(starts, ends, strict=True) for at in _parts_named(blanks, names, start, end)]


def _parts_named(blanks: Sequence[bool], names: str, start: int, end: int) -> list[int]:
    """Return where a stretch begins, and where it is parted by single blanks in every line with a name on either side:
    programs that align numbers on the right print no more between full columns."""
    starts = [start]
    for at in range(start + 1, end):
        parts = names[starts[-1] : at].strip(), names[at + 1 : end].strip()
        if blanks[at] and names[at : at + 1] == " " and all(parts) and " " not in parts[0]:
            starts.append(at + 1)
    return starts
