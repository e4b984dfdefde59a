"""What the names of two columns have in common: a stem, a number, a month, a mark of what was done to them."""

import re

from datapilot.insights.subjects.subjects import Quantity
from datapilot.words.labels import label

_MONTH_NAMES = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
})  # fmt: skip
_MONTHS, _SHORT_MONTH = frozenset(name[:3] for name in _MONTH_NAMES), "jan"
_FORMS_BEFORE = frozenset({"", "l", "ln", "log", "sqrt", "sq", "avg", "adj"})
_FORMS_AFTER = frozenset(
    {"", "grp", "group", "cat", "class", "bin", "band", "bracket", "sq", "log", "idx", "adj", "cum"}
)
_LEAST_STEM, LEAST_START = 5, 3  # letters


def stem_of(quantity: Quantity) -> str:
    """Return the words of a name without figures and signs: the same for `budget` and `budget_2013$`."""
    words = re.split(r"[\W\d_]+", label(quantity.column).lower())
    return " ".join(word for word in words if len(word) > 1) or quantity.column


def family_of(column: str) -> str | None:
    """Return what a numbered column is one of ("score" for `score_3`), "month" for `Mar`; None for the rest."""
    said = label(column).lower()
    if said[:3] in _MONTHS and (len(said) == len(_SHORT_MONTH) or said in _MONTH_NAMES):
        return "month"
    stem = re.sub(r"[\d_.\s]+", "", said)
    return stem if any(character.isdigit() for character in said) else None


def measure_alike(one: Quantity, other: Quantity) -> bool:
    """Whether two names end in the same word: math score and writing score."""
    first, second = (label(quantity.column).lower().split() for quantity in (one, other))
    is_word = first[-1].isalpha() and len(first[-1]) >= LEAST_START
    return (
        one.minus is None
        and other.minus is None
        and min(len(first), len(second)) > 1
        and (is_word and first[-1] == second[-1])
    )


_BOUNDS = frozenset({"min", "max", "minimum", "maximum", "low", "high", "lowest", "highest", "avg", "average", "mean",
                     "median", "open", "close", "first", "last", "lower", "upper", "adj", "p10", "p90"})  # fmt: skip
_BOUND = re.compile(r"t?(?:min|max)(?:imum)?")


def are_bounds(one: Quantity, other: Quantity) -> bool:
    """Whether two names are the least, the most or the middle of one thing ("temp min" and "temp max", "open" and
    "high"): that they move together is no news."""
    first, second = (label(quantity.column).lower().split() for quantity in (one, other))
    both = [[word for word in words if word not in _BOUNDS and not _BOUND.fullmatch(word)] for words in (first, second)]
    return both[0] == both[1] and len(both[0]) < len(first) and len(both[1]) < len(second)


def is_form_of(one: str, other: str) -> bool:
    """Whether a name is another with a mark of what was done to it: agegrp, logwage, income2."""
    if len(other) < LEAST_START:
        return False
    before, found, after = one.partition(other)
    is_marked = before in _FORMS_BEFORE and (after in _FORMS_AFTER or after.isdigit())
    return bool(found) and is_marked


def share_a_stem(one: str, other: str) -> bool:
    """Whether two long words end alike and only begin apart: domgross and intgross, but not weight and height."""
    shared = next((n for n in range(min(len(one), len(other)), 0, -1) if one[-n:] == other[-n:]), 0)
    return shared >= _LEAST_STEM and min(len(one), len(other)) - shared >= LEAST_START
