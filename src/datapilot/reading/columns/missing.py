"""Tell cells that say "nothing here" from cells that say something."""

import re
from collections import Counter
from collections.abc import Collection

from datapilot.reading.columns.evidence import WHITESPACE
from datapilot.reading.vocabulary import boolean_pairs, word_set

# Compared in lower case after stripping.
ALWAYS_MISSING = word_set("missing", "always")
# How a spreadsheet's accounting form shows that there is nothing: a dash where the amount would be.
_MONEY_DASH = re.compile(r"(?:[$€£¥₹]|[A-Z]{1,2}\$|[A-Z]{3}|kr\.?|zł)\s*[-–—]+|[-–—]+\s*(?:[$€£¥₹]|[A-Z]{3}|kr\.?|zł)")
# What a system that has no empty date writes: SAP, MySQL.
_NO_DAY = re.compile(r"(?:00[./-]00[./-]0000|0000[./-]00[./-]00)(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_NO_TEXT = re.compile(r"(?:&nbsp;|&#160;|&#[xX][aA]0;)+")  # an empty cell of a web page
_NOTHING = re.compile(f"{_MONEY_DASH.pattern}|{_NO_DAY.pattern}|{_NO_TEXT.pattern}")
# What Stata and SAS write for a missing number: 27 kinds of it, of which each survey uses some.
_KIND_OF_MISSING = re.compile(r"\.[A-Za-z_]")
_LARGEST_DOUBLE = re.compile(r"[+-]?1[.,]797\d*[eE]\+?308")  # what maps and models write for none
MOST_LABELS = 20
_YES_OR_NO = frozenset(word for pair in boolean_pairs() for word in pair) | {"1", "0"}
_WORDY = re.compile(r"[^\W\d_]{2}")  # no number, no date
_SHORT_CODE = re.compile(r"[A-Z]{1,3}")
# How companies divide the world; `NA` beside them is North America.
_PARTS_OF_THE_WORLD = frozenset({
    "EMEA", "APAC", "LATAM", "MENA", "AMEA", "JAPAC", "APJ", "CALA", "ANZ", "DACH", "CEE", "EU", "MEA", "ROW", "SA",
    "AP", "LA", "AS", "AF", "OC", "ASIA", "EUROPE",
})  # fmt: skip
_FEWEST_PARTS = 2


def strip(text: str) -> str:
    """Return the text without white space at its ends, no-break and zero-width spaces included."""
    return text.strip(WHITESPACE)


def missing_spellings(values: Counter[str]) -> frozenset[str]:
    """Return those of the texts (stripped) that stand for a missing cell in a column with these values.

    `NA` is Namibia or North America where the other cells are upper-case codes of the same length, or parts of the
    world.
    """
    found = {text for text in values if text.lower() in ALWAYS_MISSING or _NOTHING.fullmatch(text)}
    found -= {text for text in found if text.lower() == "none" and _is_label_among_labels(values, found)}
    kinds = {text for text in values if _KIND_OF_MISSING.fullmatch(text) or _LARGEST_DOUBLE.fullmatch(text)}
    if kinds and _are_numbers([text for text in values if text not in found and text not in kinds]):
        found |= kinds
    for text in values:
        if text.lower() == "na" and not _is_code_among_codes(text, values):
            found.add(text)
    return frozenset(found)


def _are_numbers(texts: Collection[str]) -> bool:
    return bool(texts) and all(text.lstrip("+-")[:1].isdecimal() for text in texts)


def _is_label_among_labels(values: Counter[str], missing: set[str]) -> bool:
    """True where the other cells are a few words that come again and again: `none` beside `some` and `marked` is an
    answer. Beside yes and no it is what a program writes where there was none."""
    others = {value: count for value, count in values.items() if value not in missing}
    if not 1 <= len(others) <= MOST_LABELS or sum(others.values()) < 2 * len(others):
        return False
    if {value.lower() for value in others} <= _YES_OR_NO:
        return False
    return sum(bool(_WORDY.match(value)) for value in others) >= 0.8 * len(others)


def _is_code_among_codes(text: str, values: Counter[str]) -> bool:
    others = [value for value in values if value != text and value.lower() not in ALWAYS_MISSING]
    if text != "NA" or len(others) < _FEWEST_PARTS:
        return False
    if sum(value.upper() in _PARTS_OF_THE_WORLD for value in others) >= max(_FEWEST_PARTS, 0.5 * len(others)):
        return True
    if len(others) < 3:
        return False
    codes = [value for value in others if _SHORT_CODE.fullmatch(value)]
    if len(codes) < 0.8 * len(others):
        return False
    of_two = [value for value in codes if len(value) == 2]
    # Among codes of mixed length it is one of them where it stands no more often than they do.
    return len(of_two) >= 0.8 * len(codes) or (len(codes) >= 10 and values[text] <= max(values[code] for code in codes))
