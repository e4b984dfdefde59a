"""Make column names from header rows: groups spelled out, blanks numbered, repetitions told apart."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain, count

from datapilot.reading.layout.row_shapes import are_import_ids
from datapilot.reading.vocabulary import word_set

UNITS = word_set("numbers", "units") | word_set("numbers", "currency_codes") | {"%", "$", "€", "£"}
_RATE = re.compile(r"[A-Za-zµ°]{1,4}/[A-Za-z]{1,4}\d?")
# Survey tools write one of these under every single-answer question; it names nothing.
_EMPTY_LABELS = {"response", "open-ended response", "value", "unnamed"}
LONGEST_NAME = 300
# A quote that nothing closes, at either end of plain words; behind a number it is inches.
_STRAY_QUOTED = re.compile(r'"?([^\W\d][\w .-]*?)(?:(?<!\d)")?')


def column_names(header_rows: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Return `width` distinct, non-empty names. In headers of several rows an upper label holds for the blank cells to
    its right as long as a lower row names them."""
    if not header_rows:
        return tuple(f"column_{position + 1}" for position in range(width))
    return distinct(labels(header_rows, width))


def labels(header_rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return what the header rows call each of the columns: the same name twice where they do, blank where they are."""
    rows = [[_clean(cell) for cell in row[:width]] + [""] * (width - len(row)) for row in header_rows]
    rows = [row for row in rows if not are_import_ids(row)] or rows
    *upper, lowest = rows
    if upper and _are_units(lowest):
        return [
            f"{name} ({unit})" if name and unit else name or unit
            for name, unit in zip(labels(upper, width), map(_bare_unit, lowest), strict=True)
        ]
    groups = [_spread(row, rows[level + 1 :]) for level, row in enumerate(upper)]
    columns = list(zip(*groups, lowest, strict=True))
    sharing = Counter(column[:-1] for column in columns)
    return [_join([label for label in column if label], is_alone=sharing[column[:-1]] == 1) for column in columns]


def _are_units(cells: Sequence[str]) -> bool:
    """True for a row that says nothing but units: "s", "°C", "l/min"."""
    said = [_bare_unit(cell) for cell in cells if cell]
    are_letters = all(len(unit) == 1 and unit.isupper() for unit in said)  # groups A and C
    return len(said) > 1 and not are_letters and all(unit in UNITS or _RATE.fullmatch(unit) for unit in said)


def _bare_unit(cell: str) -> str:
    return cell.strip("()[] ")


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names with blanks numbered (`column_3`) and repetitions marked (`name (2)`)."""
    taken = set(names)
    seen: Counter[str] = Counter()
    result: list[str] = []
    for position, name in enumerate(names):
        chosen = name or f"column_{position + 1}"
        seen[chosen] += 1
        if seen[chosen] > 1 or (not name and chosen in taken):
            number = max(2, seen[chosen])
            while f"{chosen} ({number})" in taken:
                number += 1
            chosen = f"{chosen} ({number})"
            taken.add(chosen)
        result.append(chosen)
    return tuple(result)


def _spread(row: Sequence[str], below: Sequence[Sequence[str]]) -> list[str]:
    """Return the labels of the row, each also over the blanks to its right that a row below names. One with nothing
    else below it names its own column and no group."""
    spread: list[str] = []
    label = ""
    for position, cell in enumerate(row):
        named = [lower[position] for lower in below if lower[position]]
        if cell:
            spread.append(cell)
            label = cell if any(name != cell for name in named) else ""
            continue
        if not named:
            label = ""
        spread.append(label)
    return spread


def _join(parts: Sequence[str], *, is_alone: bool) -> str:
    distinct_labels = list(dict.fromkeys(parts))
    if is_alone and len(distinct_labels) > 1 and distinct_labels[-1].casefold() in _EMPTY_LABELS:
        distinct_labels.pop()
    return ": ".join(distinct_labels)[:LONGEST_NAME]


def _clean(cell: str) -> str:
    name = re.sub(r"[\s\u00a0\ufeff]+", " ", cell).strip()
    found = _STRAY_QUOTED.fullmatch(name) if name.count('"') == 1 else None
    return found[1] if found else name


def free_name(name: str, taken: Sequence[str]) -> str:
    """Return the name, with a number behind it where a column already has it."""
    known = {one.casefold() for one in taken}
    numbered = (f"{name} {number}" for number in count(2))
    return next(one for one in chain([name], numbered) if one.casefold() not in known)
