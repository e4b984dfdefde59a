"""Describe a column in numbers for the model that names its class: its name, a few values, its counts."""

import math
import re
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from datapilot.reading.columns.evidence import name_words

NAME_BUCKETS = 2048  # the words of the name and its pieces of two to four letters, hashed
MOST_VALUES = 5  # the labelled columns that the model learns from come with five values each

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?",
        r"[+-]?\d+",
        r"[^\d]{0,4}\s?[+-]?\d[\d.,' ]*\s?[^\d\s]{0,12}|\(\d[\d.,]*\)",
        (
            r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|\d{1,2}:\d{2}.*|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
            r"|\d{1,2}[- ][a-z]{3,9}[- ,]+\d{2,4}.*|[a-z]{3,9}\.? \d{1,2},? \d{2,4}.*|\d{1,2}-[a-z]{3}|[a-z]{3}-\d{2}"
        ),
        r"(?:1[6-9]|20)\d{2}(?:\.0)?",
        r"(?:https?://|www\.)\S+|\S+\.(?:com|org|net|jpg|png|html?|php)\S*",
        r"\S+@\S+\.\w+",
    )
)
_SHAPES = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"\[.*\]|\{.*\}|\(.*,.*\)",
        r"[^,]+(?:,[^,]+)+",
        r"[^;]+(?:;[^;]+)+",
        r"[^|]+(?:\|[^|]+)+",
        r"0\d+",
        r"-9+|\.|99+",
        r"[A-Z]{1,3}",
        r"[A-Z]{2,}[-_ ]?\d+.*",
        r"true|false|yes|no|y|n|t|f|m|male|female|0|1",
        r"\(?-?\d+\.\d{3,}[ ,]+-?\d+\.\d{3,}\)?",
        r".*\b(?:st|street|ave|avenue|rd|road|blvd|dr|drive|way|lane|ln)\b\.?.*",
        r"[a-z][a-z'’.-]+(?: [a-z][a-z'’.-]*){1,2}",
        r"[$€£¥]\s?-?[\d.,]+.*",
        r"-?[\d.,]+\s?%",
        r"-?\d[\d.,]*\s?[a-z°/\"']{1,8}",
        r"\d{1,3}(?:,\d{3})+(?:\.\d+)?",
        r"\d+-\d+",
        r"<?\S*\d\S*[a-z]\S*|\S*[a-z]\S*\d\S*",
        r"[0-9a-f]{8,}",
        r"#+",
        r"(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*",
        r".*[.!?]\s+\S.*",
        r"[a-z_]+",
        r"[a-z][a-z]+",
        r"\d{5}(?:-\d{4})?",
        r"\d{1,2}",
        r"\d",
    )
)
_LONGEST_JUDGED = 2000  # characters of a cell; what follows says nothing new of its shape
_NUMBER = _PATTERNS[0]
_WHOLE = re.compile(r"-?\d{1,15}")
_KINDS_OF_CHARACTER: tuple[Callable[[str], bool], ...] = (
    str.isdigit,
    str.isalpha,
    str.isupper,
    str.isspace,
    lambda character: not character.isalnum() and not character.isspace(),
)
_MARKS = ",;|.-/:%$_([{#'@"


class ColumnCounts(NamedTuple):
    """Counts over the whole column; the last four are 0 unless the column is numeric."""

    rows: int
    missing: int
    distinct: int
    mean: float = 0.0
    std: float = 0.0
    minimum: float = 0.0
    maximum: float = 0.0


def features(
    name: str, values: Sequence[str], counts: ColumnCounts, *, buckets: Sequence[int] = range(NAME_BUCKETS)
) -> list[float]:
    """Return the column's features, always as many and in the same order; `values` are up to five filled cells.
    `buckets` are those of the name's that are wanted, which come last."""
    pieces = [0] * len(buckets)
    for place, count in pieces_of_name(name, places_of(buckets)).items():
        pieces[place] = count
    return [*features_before_name(name, values, counts), *pieces]


def features_before_name(name: str, values: Sequence[str], counts: ColumnCounts) -> list[float]:
    """Return the features but for the buckets of the name's pieces, of which nearly all are 0."""
    few = [value[:_LONGEST_JUDGED] for value in values[:MOST_VALUES]]
    return [*_of_values(few), *_of_counts(counts), *_of_name(name), *_of_shapes(few)]


def _of_values(values: Sequence[str]) -> list[float]:
    n = len(values)
    if n == 0:
        return [0.0] * (3 + len(_PATTERNS) + 8 + len(_KINDS_OF_CHARACTER) + len(_MARKS) + 8)
    found: list[float] = [n, len(set(values)), len(set(values)) / n]
    stripped = [value.strip() for value in values]
    found += [_matched(pattern, stripped) / n for pattern in _PATTERNS]
    found += _spread([len(value) for value in values]) + _spread([value.count(" ") + 1 for value in values])
    found += [sum(sum(map(kind, value)) / max(1, len(value)) for value in values) / n for kind in _KINDS_OF_CHARACTER]
    found += [count / n for count in map("".join(values).count, _MARKS)]
    numbers = [float(value) for value in stripped if _NUMBER.fullmatch(value)]
    return found + _of_numbers([number for number in numbers if math.isfinite(number)])


def _matched(pattern: re.Pattern[str], texts: Sequence[str]) -> int:
    """Return how many of the texts the pattern matches as a whole."""
    return len(texts) - [*map(pattern.fullmatch, texts)].count(None)


def _spread(sizes: Sequence[int]) -> list[float]:
    mean = sum(sizes) / len(sizes)
    return [mean, max(sizes), min(sizes), math.sqrt(sum((size - mean) ** 2 for size in sizes) / len(sizes))]


def _of_numbers(numbers: Sequence[float]) -> list[float]:
    if not numbers:
        return [-1.0] * 8
    n, sizes = len(numbers), [abs(number) for number in numbers]
    mean = sum(numbers) / n
    std = math.sqrt(sum((number - mean) ** 2 for number in numbers) / n) if max(sizes) < 1e150 else 0.0
    return [
        math.log1p(max(sizes)),
        math.log1p(min(sizes)),
        math.log1p(sum(sizes) / n),
        sum(number != math.floor(number) for number in numbers) / n,
        sum(number < 0 for number in numbers) / n,
        float(all(second > first for first, second in pairwise(numbers))),
        std / (abs(mean) + 1e-9),
        float(max(numbers) - min(numbers) + 1 == len(set(numbers))),
    ]


def _of_counts(counts: ColumnCounts) -> list[float]:
    filled = max(0, counts.rows - counts.missing)
    return [
        counts.missing / max(1, counts.rows),
        math.log1p(counts.rows),
        math.log1p(counts.distinct),
        counts.distinct / max(1, filled),
        counts.distinct / max(1, counts.rows),
        math.log1p(filled),
        *(math.copysign(math.log1p(abs(x)), x) for x in (counts.mean, counts.std, counts.minimum, counts.maximum)),
        float(counts.mean == counts.std == counts.minimum == counts.maximum == 0),
        counts.maximum - counts.minimum + 1 - counts.distinct,
    ]


def _of_name(name: str) -> list[float]:
    length = max(1, len(name))
    return [
        len(name),
        len(name_words(name)),
        sum(map(str.isdigit, name)),
        sum(map(str.isupper, name)) / length,
        name.count("_"),
        name.count(" "),
        float(name[:1].isupper()),
        float(name.isupper()),
    ]


def _of_shapes(values: Sequence[str]) -> list[float]:
    stripped = [value.strip() for value in values]
    whole = [int(value) for value in stripped if _WHOLE.fullmatch(value)]
    return [
        *(_matched(shape, stripped) / max(1, len(values)) for shape in _SHAPES),
        *(min((value.count(mark) for value in values), default=0) for mark in ",;| "),
        len({len(value) for value in values}),
        max(whole, default=-1),
        min(whole, default=-1),
        max(whole) - min(whole) if whole else -1,
        float(bool(whole) and sorted(whole) == whole),
        float(len(whole) > 1 and all(second - first == 1 for first, second in pairwise(whole))),
        float(len(set(values)) == 1),
        float(0 < len(whole) == len(values)),
    ]


def pieces_of_name(name: str, places: Mapping[int, int]) -> dict[int, int]:
    """Return how often pieces of the name fall into each bucket of `places`, by place; others are left out."""
    text = "^" + "".join(character if character.isalnum() else "_" for character in name.lower()) + "$"
    pieces = [text[start : start + size] for size in (2, 3, 4) for start in range(len(text) - size + 1)]
    pieces += [f"w:{word}" for word in name_words(name)]
    found = Counter(zlib.crc32(piece.encode("utf-8", "replace")) % NAME_BUCKETS for piece in pieces)
    return {place: count for bucket, count in found.items() if (place := places.get(bucket)) is not None}


def places_of(buckets: Sequence[int]) -> dict[int, int]:
    """Return the place of each bucket among those that are wanted."""
    return {bucket: place for place, bucket in enumerate(buckets)}
