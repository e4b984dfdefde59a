"""Vote on how lines are cut into cells: every candidate is tried on lines from all parts of the file."""

import re
from collections import Counter
from collections.abc import Sequence

from datapilot.reading.one_column import is_one_column
from datapilot.reading.records import Dialect, RecordReader

COMMON = (",", ";", "\t", "|")
RARE = ("||", "::", ";;", "|~|", "~|~", "<>", "$$", "##", "\x1f", "\x1e", "\x01", "¦", "§", "~", "^", "#", "!", "/",
        "*", "&", "=", ":", "\u00a0", " ")  # fmt: skip
PRIOR = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 0.99, "||": 0.99, "::": 0.97, ";;": 0.97, "|~|": 0.99, "~|~": 0.99,
         "~": 0.95, "^": 0.95, "\x1f": 1.0, "\x1e": 0.98, "\x01": 1.0, "¦": 0.97, "§": 0.97, "&": 0.8, "#": 0.8,
         "/": 0.5,
         "*": 0.7, "!": 0.7, ":": 0.55, "=": 0.55, " ": 0.6, "\u00a0": 0.6}  # fmt: skip
WORTH_A_COLUMN = 0.35  # below this no candidate cuts the lines into a table: the file has one column

_CLEAN_CELL = re.compile(
    r"""\s*(?:
      |[+\-−(]?\s*[$€£¥]?\s*\d[\d.,'’\u00a0\u202f ]*(?:[eE][+\-]?\d+)?\s*(?:%|[$€£¥]|[A-Za-z]{1,3})?\)?   # a number
      |\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?.{0,6})?            # a date
      |\d{1,2}[:.]\d{2}(?:[:.]\d{2})?                                                                     # a time
      |[^\s;|\t,"]+@[^\s;|\t,"]+|https?://\S+
      |[^;|\t,"~^\x1f\x01\n]{1,60}                                                                        # a short text
    )\s*""",
    re.VERBOSE,
)


def decide_dialect(lines: Sequence[str], *, delimiter: str | None = None) -> Dialect:
    """Return the dialect under which the lines look most like a table: same number of cells in every row, cells that
    look like values. `lines` keep their line ends; `delimiter` settles that part. One column gives an empty one."""
    text = "".join(lines)
    quotes = _likely_quotes(text)
    if delimiter is not None:
        return max(
            (Dialect(delimiter, quote, _has_backslashes(text, quote)) for quote in quotes),
            key=lambda d: score(lines, d),
        )
    filled = [line for line in lines if line.strip()]
    best, best_score = Dialect(""), 0.0
    for candidate in (*COMMON, *RARE):
        if PRIOR.get(candidate, 1.0) <= best_score:  # a score is at most 1, so it could not win
            continue
        present = sum(candidate in line for line in filled)
        if present < (0.3 if candidate in COMMON else 0.7) * len(filled):
            continue
        for quote in quotes:
            dialect = Dialect(candidate, quote, _has_backslashes(text, quote))
            value = score(lines, dialect) * PRIOR.get(candidate, 1.0)
            if value > best_score + 1e-9:
                best, best_score = dialect, value
        if candidate == COMMON[-1] and best_score > 0.9:
            break
    if best_score < WORTH_A_COLUMN:
        return Dialect("", quotes[0])
    return Dialect("", best.quote) if is_one_column(lines, best) else best


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
    share_in_quotes = 0.0
    if dialect.quote:
        share_in_quotes = sum(1 for cell in cells if cell[:1] == dialect.quote) / len(cells)
    value = (
        min(1.0, consistency) ** 1.5
        * (0.55 + 0.45 * clean)
        * (0.6 + 0.4 * min(1.0, filled * 2))
        * (1 - 0.5 * share_in_quotes)
        * (1 - 0.25 / width)
    )
    return float(value)


def _likely_quotes(text: str) -> tuple[str, ...]:
    if text.count("'") <= 4:
        return ('"',)
    double = len(re.findall(r'(?:^|[^\w\s])"|"(?=[^\w\s]|$)', text, re.MULTILINE))
    single = len(re.findall(r"(?:^|[,;\t|])'|'(?=[,;\t|]|$)", text, re.MULTILINE))
    if single > 4 and single > 2 * double:
        return ("'", '"')
    return ('"',)


def _has_backslashes(text: str, quote: str) -> bool:
    r"""True when quotes inside cells are written \" rather than doubled."""
    if not quote:
        return False
    escaped = len(re.findall(r"\\" + quote + r"(?=[^,;\t|\r\n])", text))
    doubled = len(re.findall(f"[^,;\t|\r\n{quote}]{quote}{quote}[^{quote}]", text))
    return escaped > doubled
