"""Tell the words and bounds that stand where a number or date would be: `suppressed`, `(D)`, `*`, `<5`.

Offices withhold small counts, laboratories report what lies below the limit of detection, planners write `tbd`. Such
cells are no values, and without them the column is one of numbers or dates.
"""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from datapilot.reading.columns.evidence import Evidence

MOST_WORDS = 3  # different ones in a column: more are labels that say something
FEWEST_VALUES = 8  # different numbers or dates: fewer are levels, of which the word may be one
SHARE_OF_VALUES = 0.6  # of the filled cells, where different numbers are not many
MANY_VALUES = 100
LONGEST = 30

BOUND = re.compile(
    r"(?:[<>≤≥]=?|(?:less|fewer|more|greater) than|under|over|below|above)\s?[\d.,]*\d\s?%?", re.IGNORECASE
)
_SYMBOLS = re.compile(r"[*†‡§:;/#·•✱x×X~]{1,6}")
_IN_BRACKETS = re.compile(r"[(\[<]\s?[A-Za-z]{1,12}\s?[)\]>]")
_WORDS = re.compile(r"[^\W\d_][^\d]*[^\W\d_][^\d]*[^\W\d_][^\d]*")  # three letters at least: K and PK are levels
_ARE_VALUES = frozenset({
    "free", "gratis", "kostenlos", "gratuit", "gratuito", "zero", "nothing", "never", "all", "total", "other", "others",
    "ground", "basement", "studio", "one size", "kindergarten", "low", "high", "yes", "no", "true", "false",
})  # fmt: skip


def without_stand_ins(evidence: Evidence) -> Evidence | None:
    """Return the evidence with such cells counted as missing, or None where the column has none, or where they are too
    many or too various to be anything but values."""
    values = evidence.values
    gone = stand_ins(values)
    kept = Counter({text: count for text, count in values.items() if text not in gone})
    is_few = len(kept) < MANY_VALUES and kept.total() < SHARE_OF_VALUES * evidence.cells
    if not gone or len(kept) < FEWEST_VALUES or is_few:
        return None
    missing = Counter({text: count for text, count in values.items() if text in gone})  # in the order of the file
    return replace(evidence, values=kept, missing=evidence.missing + missing)


def stand_ins(texts: Collection[str]) -> frozenset[str]:
    """Return those of the texts that may stand for a number or date; none where texts without a digit are too many or
    say something."""
    bounds = {text for text in texts if BOUND.fullmatch(text)}
    words = {text for text in texts if text not in bounds and not any(map(str.isdigit, text))}
    if len({word.casefold() for word in words}) > MOST_WORDS or not all(map(_stands_in, words)):
        return frozenset()
    return frozenset(bounds | words)


def _stands_in(text: str) -> bool:
    if len(text) > LONGEST or text.casefold() in _ARE_VALUES:
        return False
    return any(shape.fullmatch(text) for shape in (_SYMBOLS, _IN_BRACKETS, _WORDS))


def said_of(evidence: Evidence, plain: Evidence, *, thing: str) -> str:
    """Return which cells of `plain` count as missing in `evidence`, most frequent first, as a reason; `thing` is what
    they are not: a number, a date."""
    told = [text for text, _ in (evidence.missing - plain.missing).most_common()]
    named = ", ".join(f"“{text}”" for text in told[:3]) + (f" and {len(told) - 3:,} more" if len(told) > 3 else "")
    return f"Cells that read {named} are no {thing} and count as missing."
