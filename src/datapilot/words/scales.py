"""Whether the values of a category have an order of their own, as sizes, answers, bands and months have.

The rule: every value, but those that say that nothing is known, must find its place in one and the same order. Orders
are those of numbers, of bands that do not overlap ("18-24", "65+"), of amounts of one thing ("2 stars"), of numbers
that the values begin with ("1 - Critical"), of numbered steps ("Q1", "Stage II"), of grades, and of the lists in
`orders.txt`. What is merely numbered ("Store 12") has none.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial

from datapilot.contracts.base import Scalar
from datapilot.words.bands import Place, amounts, bands
from datapilot.words.meanings import name_words
from datapilot.words.orders import bare, orders, plain

MOST_STEPS = 20
LONGEST = 60  # letters of a value; longer ones are sentences
FEWEST_LETTERS = 3  # values, before letters alone are a scale: "S" and "M" may be single and married
_LATE_START = 2  # of numbers that values begin with; higher ones are those of a classification
_GAPS = 2  # steps of such numbers that no row may have
_UNKNOWN = frozenset({
    "unknown", "n a", "na", "not stated", "not specified", "unspecified", "not available", "prefer not to say",
    "prefer not to answer", "no answer", "don t know", "do not know", "dont know", "no opinion", "missing", "not known",
    "unbekannt", "keine angabe", "k a", "weiss nicht", "inconnu", "inconnue", "non renseigne", "ne sait pas", "nsp",
    "desconocido", "desconocida", "no sabe", "ns nc", "sconosciuto", "desconhecido", "onbekend",
    "unfamiliar", "unfamiliar n a", "not applicable", "undefined", "tbd",
})  # fmt: skip
_STEP_WORDS = (
    "level|grade|tier|stage|phase|class|year|week|quarter|month|day|priority|prio|severity|sev|step|round|semester|term"
    "|quartile|quintile|decile|percentile|band|star|generation|gen|wave|hour|"
    "stufe|klasse|jahr|woche|quartal|monat|tag|prioritat|niveau|classe|annee|semaine|trimestre|mois|jour|nivel|clase|ano"
    "|semana|mes|dia|livello|anno|settimana|q"
)
_GRADED = frozenset({
    "grade", "grades", "rating", "score", "class", "band", "rank", "tier", "level", "priority", "note", "klasse",
    "energy", "efficiency", "efficacy", "abc", "quality", "stufe", "niveau", "classe", "nivel", "clase", "livello",
    "severity", "sev", "prio", "urgency", "impact", "risk", "stage", "phase", "week", "semester", "term", "year",
})  # fmt: skip
_ROMAN = {
    one: place for place, one in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"), start=1)
}
_LED = re.compile(r"[\[(]?(\d{1,2})\s*[-–—.:)\]=]+\s*([^\W\d_].*)")
_STEP = re.compile(rf"({_STEP_WORDS}|[a-z])[\s.\-_#]*(\d{{1,3}}|[ivx]{{1,4}})")
_PERIOD = re.compile(
    r"(?:(?:fy|cy)?\s*'?(\d{4}|\d{2})[\s\-/]*)?(q(?=\s*[1-4])|h(?=\s*[12]))\s*([1-4])"
    r"(?:[\s\-/]*(?:fy|cy)?\s*(\d{4}|'?\d{2}))?"
)
_IN_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$")
_GRADE = re.compile(r"([a-h])\s*([+-]?)")
_SHARED = {"+": -1, "": 0, "-": 1}  # places of a grade's sign


def in_own_order(values: Sequence[Scalar], *, name: str = "") -> tuple[Scalar, ...]:
    """Return the values of the category called `name` in their own order, those that say "unknown" last; () where they
    have none. `values` are different and not None."""
    if not 2 <= len(values) <= MOST_STEPS or any(isinstance(one, bool) for one in values):
        return ()
    if all(isinstance(one, int | float) for one in values):
        return tuple(sorted(values, key=lambda one: float(str(one))))
    texts = {one: plain(one) for one in values if isinstance(one, str)}
    if len(texts) < len(values) or max(map(len, texts)) > LONGEST:
        return ()
    said = {one: text for one, text in texts.items() if bare(text) not in _UNKNOWN}
    places = _places(list(said.values()), name) if len(said) > 1 else None
    if places is None:
        return ()
    at = dict(zip(said, places, strict=True))
    known = sorted(said, key=lambda one: (at[one], one))
    return (*known, *sorted(one for one in texts if one not in said))


def _places(texts: list[str], name: str) -> list[Place] | None:
    """Return the place of every text in the first order that has all of them, be it without a word that all share."""
    is_graded = bool(_GRADED & set(name_words(name)))
    ways: tuple[Callable[[list[str]], list[Place] | None], ...] = (
        bands, amounts, _led_by_numbers, partial(_steps, is_said=is_graded), _periods,
        partial(_grades, is_said=is_graded), _listed,
    )  # fmt: skip
    forms = [one for one in (texts, _without_shared(texts, -1), _without_shared(texts, 0)) if one]
    return next((found for form in forms for way in ways if (found := way(form)) is not None), None)


def _led_by_numbers(texts: list[str]) -> list[Place] | None:
    """What its author has numbered: "1 - Critical", "2 - High"."""
    found = [_LED.fullmatch(text) for text in texts]
    numbers = [int(match[1]) for match in found if match]
    is_whole = len(numbers) == len(texts) == len(set(numbers)) and min(numbers) <= _LATE_START
    return [(float(one),) for one in numbers] if is_whole and max(numbers) <= len(numbers) + _GAPS else None


def _steps(texts: list[str], *, is_said: bool) -> list[Place] | None:
    """Numbered steps of one thing that comes in steps: "Level 1", "Stage III", under a name that says so also "P2"."""
    found = [_STEP.fullmatch(text) for text in texts]
    if not is_said and any(match and len(match[1]) == 1 and match[1] != "q" for match in found):
        return None
    if not all(found) or len({match[1] for match in found if match}) != 1:
        romans = [_ROMAN.get(text) for text in texts]
        known = [(float(one),) for one in romans if one is not None]
        return list(known) if len(known) == len(texts) >= FEWEST_LETTERS else None
    ends = [match[2] for match in found if match]
    places = [_ROMAN.get(one) if not one.isdigit() else int(one) for one in ends]
    numbers = [(float(one),) for one in places if one is not None]
    return list(numbers) if len(numbers) == len(texts) == len(set(numbers)) else None


def _periods(texts: list[str]) -> list[Place] | None:
    """Quarters, with their year or without: "Q1", "2024-Q3", "Q2 '23"."""
    found = [_PERIOD.fullmatch(text) for text in texts]
    places = [(float((match[1] or match[4] or "0").lstrip("'")), float(match[3])) for match in found if match]
    is_one_kind = len({match[2] for match in found if match}) == 1 and len({place[0] > 0 for place in places}) == 1
    return list(places) if len(places) == len(texts) == len(set(places)) and is_one_kind else None


def _listed(texts: list[str]) -> list[Place] | None:
    words = [bare(_IN_BRACKETS.sub("", text)) for text in texts]
    is_short = all(len(one) == 1 for one in words) and not {"s", "m", "l"} <= {*words}
    if is_short or (len(words) < FEWEST_LETTERS and any(len(one) == 1 for one in words)):
        return None
    for steps in orders():
        if all(word in steps for word in words) and len({steps[word] for word in words}) > 1:
            return [(float(steps[word]),) for word in words]
    return None


def _without_shared(words: list[str], at: int) -> list[str] | None:
    """Return the texts without the word that all of them end or begin with: "Low risk", "High risk"."""
    parts = [one.split() for one in words]
    if any(len(one) < 2 for one in parts) or len({one[at] for one in parts}) > 1:
        return None
    return [" ".join(one[:-1] if at else one[1:]) for one in parts]


def _grades(texts: list[str], *, is_said: bool) -> list[Place] | None:
    """Marks from A on, where the column's name or a sign says that they are marks."""
    found = [_GRADE.fullmatch(text) for text in texts]
    if not all(found) or len(texts) < FEWEST_LETTERS:
        return None
    has_signs = any(match[2] for match in found if match)
    return (
        [(float(ord(match[1])), float(_SHARED[match[2]])) for match in found if match] if is_said or has_signs else None
    )
