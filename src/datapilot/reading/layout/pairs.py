"""Turn a file of `key, value` lines into one row per record: blocks of the same labels that follow one another."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from datapilot.reading.layout.row_shapes import is_blank
from datapilot.reading.records import Row

FEWEST_RECORDS = 5
MOST_KEYS = 40
_LABELLED = re.compile(r"\s*([A-Z][\w /&'-]{2,40}):\s+(\S.*)", re.DOTALL)


class Records(NamedTuple):
    """`names` are the labels; `rows` one list of texts per record, in file order; `joined` lines went on a cell."""

    names: tuple[str, ...]
    rows: list[list[str]]
    lines: int
    joined: int


def records_of_pairs(rows: Sequence[Row]) -> Records | None:
    """Return the records, or None when the lines are no repeating blocks of labelled values.

    A line without a label goes on the value above it, or, right before the first label of a block, names the record.
    """
    filled = [row for row in rows if not is_blank(row.cells)]
    if filled and [cell.strip().lower() for cell in filled[0].cells[:1]] in (["key"], ["label"], ["field"]):
        filled = filled[1:]
    if len(filled) < 3 * FEWEST_RECORDS or any(len(row.cells) > 2 and any(row.cells[2:]) for row in filled):
        return None
    keys = Counter(_key(row) for row in filled if _key(row) and _value(row))
    labels = [
        key for key, count in keys.items() if count >= FEWEST_RECORDS and key.endswith(":")
    ]  # in order of appearance
    if not 2 <= len(labels) <= MOST_KEYS or sum(keys[label] for label in labels) < 0.35 * len(filled):
        return None
    first = labels[0]
    if keys[first] < 0.5 * max(keys[label] for label in labels) or not _recur(filled, labels):
        return None
    return _collect(filled, labels, first)


def _key(row: Row) -> str:
    """The label in one spelling: stray characters behind its colon and capitals inside make no other label."""
    key = row.cells[0].strip()
    label, colon, rest = key.partition(":")
    return label.strip().capitalize() + ":" if colon and not any(ch.isalnum() and ch.isascii() for ch in rest) else key


def _value(row: Row) -> str:
    return row.cells[1].strip() if len(row.cells) > 1 else ""


def _recur(rows: Sequence[Row], labels: Sequence[str]) -> bool:
    """True when the label that follows a label is nearly always the same one."""
    following: dict[str, Counter[str]] = {label: Counter() for label in labels}
    last = ""
    for row in rows:
        key = _key(row)
        if key in following:
            if last:
                following[last][key] += 1
            last = key
    usual = sum(counts.most_common(1)[0][1] for counts in following.values() if counts)
    return usual >= 0.7 * sum(counts.total() for counts in following.values())


def _collect(rows: Sequence[Row], labels: Sequence[str], first: str) -> Records:
    inner = Counter(match[1] for row in rows if not _key(row) and (match := _LABELLED.match(_value(row))))
    known = {label.rstrip(": ") for label in labels} | {
        name for name, count in inner.items() if count >= FEWEST_RECORDS
    }
    columns: dict[str, None] = {"name": None, "section": None, **dict.fromkeys(label.rstrip(": ") for label in labels)}
    records: list[dict[str, str]] = []
    current: dict[str, str] = {}
    last, section, joined = "", "", 0
    for position, row in enumerate(rows):
        key, value = _key(row), _value(row)
        following = next((_key(later) for later in rows[position + 1 : position + 2]), "")
        match = _LABELLED.match(value) if value else None
        if key in labels:
            if key == first and first.rstrip(": ") in current:
                current = {}
            if key == first and current not in records[-1:]:
                current["section"] = section
                records.append(current)
            name = key.rstrip(": ")
            value = re.sub(rf"^{re.escape(key)}\s*", "", value, flags=re.IGNORECASE)
            current[name] = f"{current[name]}\n{value}" if name in current else value
            last = name
        elif not key and value and following == first:
            current = {"name": value.lstrip("•*- ")}
            last = ""
        elif not key and match and match[1] in known:
            columns.setdefault(match[1])
            current[match[1]] = match[2]
            last = match[1]
        elif not key and value and last:
            current[last] = f"{current[last]}\n{value}"
            joined += 1
        elif key and not value:
            section = key
    used = [name for name in columns if any(record.get(name) for record in records)]
    table = [[record.get(name, "") for name in used] for record in records]
    return Records(tuple(used), table, len(rows), joined)
