"""Lines of a table that were quoted once more as a whole, `"a,b,c"`: what comes of pasting CSV into a spreadsheet's
first column and saving it again."""

import re
from collections.abc import Sequence

from datapilot.reading.records import COMMON, Dialect, RecordReader

FEWEST_LINES = 3

_WRAPPED = re.compile(r'"((?:[^"\r\n]|"")*)"[ \t]*([\r\n]*)')


def are_wrapped(lines: Sequence[str]) -> bool:
    """True when each line but blank ones is one quoted cell, and all of these hold the same number of cells again. A
    list whose values have a comma and a space inside (“Boston, MA”) is none."""
    if not lines or not lines[0].startswith('"'):
        return False
    told = [line for line in lines if not line.isspace()]
    if len(told) < FEWEST_LINES or not all(_WRAPPED.fullmatch(line) for line in told):
        return False
    inside = [unwrapped(line) for line in told]
    return any(_are_cut_alike(inside, delimiter) for delimiter in COMMON)


def unwrapped(line: str) -> str:
    """Return what stands in the quotes around the whole line, its own end behind it; another line as it is."""
    found = _WRAPPED.fullmatch(line)
    return line if found is None else found.group(1).replace('""', '"') + found.group(2)


def _are_cut_alike(lines: Sequence[str], delimiter: str) -> bool:
    widths = {len(row.cells) for row in RecordReader(lines, Dialect(delimiter, '"'))}
    return len(widths) == 1 and widths.pop() > 1 and not all(delimiter + " " in line for line in lines)
