"""Places of amounts and of bands of amounts that texts name: "18-24", "65+", "under a year", "2 stars"."""

import re
from itertools import pairwise

from datapilot.words.orders import bare

Place = tuple[float, ...]  # where a value stands; places are compared with those of the same order alone

_ONE = "a|an|one|1|ein|eine|einem|einer|un|une|uno|una|um|uma|een"
_NOUGHT = frozenset(
    {"none", "never", "zero", "no", "nie", "niemals", "keine", "aucun", "aucune", "jamais", "nunca", "ninguno", "mai"}
)
_UNITS_OF_TIME = (
    (1, "minute minutes min mins minuten minuto minutos minuti"),
    (60, "hour hours hr hrs stunde stunden std heure heures hora horas ora ore uur uren"),
    (1_440, "day days tag tage tagen jour jours dia dias giorno giorni dag dagen"),
    (10_080, "week weeks wk wks woche wochen semaine semaines semana semanas settimana settimane weken"),
    (43_800, "month months mo mos monat monate monaten mois mes meses mese mesi maand maanden"),
    (525_600, "year years yr yrs jahr jahre jahren an ans annee annees ano anos anno anni jaar"),
)
_MINUTES_OF = {word: minutes for minutes, words in _UNITS_OF_TIME for word in words.split()}
_LENGTH_UNIT = re.compile(rf"\b({'|'.join(_MINUTES_OF)})\b")
# Compiled when a value with figures in it asks for them.
_AMOUNT = r"(?:[$€£¥₹]|usd|eur|gbp|rs\.?)?\s*(-?\d[\d,.': ]*)\s*(k|m|mn|bn|b)?\s*(?:[$€£¥₹%]|usd|eur|gbp)?"
_UNIT = r"\s*(?:[^\W\d_][^\d]{0,24})?"
_RANGE = rf"[\[(]?\s*{_AMOUNT}{_UNIT}\s*(?:-|–|—|\.\.+|to|bis|a|à|al|until|,|and|through)\s*{_AMOUNT}{_UNIT}[\])]?"
_ABOVE = (
    r"(?:>=?|≥|over|above|more than|at least|from|older than|greater than|uber|ab|mehr als|plus de|mas de|oltre"
    r"|meer dan|mindestens|acima de|mais de)"
)
_BELOW = (
    r"(?:<=?|≤|under|below|within|less than|up to|younger than|fewer than|at most|unter|bis|weniger als|moins de"
    r"|menos de|meno di|minder dan|hasta|jusqu'a|bis zu|fino a|ate)"
)
_FROM = rf"{_ABOVE}\s*{_AMOUNT}{_UNIT}"
_TILL = rf"{_BELOW}\s*{_AMOUNT}{_UNIT}"
_MORE = r"\s*(?:\+|(?:[^\W\d_]+\s+)?(?:and|or|und|oder|et|ou|y|o|e|en)\s+(?:{ends})\b|{alone}\b){unit}"
_AND_MORE = _AMOUNT + _MORE.format(
    ends="over|older|above|more|up|alter|mehr|daruber|alteren|plus|mas|oltre|meer|mais|greater|higher",
    alone="plus",
    unit=_UNIT,
)
_AND_LESS = (
    _AMOUNT
    + r"\s*(?:[^\W\d_]+\s+)?(?:and|or|und|oder|et|ou|y|o|e)\s+"
    + r"(?:under|younger|below|less|fewer|junger|weniger|darunter|moins|menos|lower)\b.*"
)
_COUNTED = re.compile(r"(\d+(?:\.\d+)?)(?:(?:st|nd|rd|th|'?s)\b\s*|[\s\-]+)([^\W\d_][^\d]*)?")
_THOUSANDS = {"": 1.0, "k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9}


def _number(digits: str, scale: str | None) -> float | None:
    """Return a number with its thousands set apart in whatever way; None for what is none."""
    text = re.sub(r"[\s']|[.,](?=\d{3}(?!\d))", "", digits.strip()).rstrip(".,").replace(",", ".").replace(":", ".")
    try:
        return float(text) * _THOUSANDS[scale or ""]
    except ValueError:
        return None


def _band(text: str) -> tuple[float, float] | None:
    """Return the ends of a band; both are the number where it is one."""
    if match := re.fullmatch(_RANGE, text):
        low, high = _number(match[1], match[2] or match[4]), _number(match[3], match[4])
        unscaled = _number(match[1], match[2])
        # "1-5k" begins at a thousand, "500-1k" at five hundred.
        if low is not None and high is not None and unscaled is not None:
            low = low if low < high else unscaled
            return (low, high) if low < high else None
    for pattern in (_FROM, _AND_MORE):
        if (match := re.fullmatch(pattern, text)) and (low := _number(match[1], match[2])) is not None:
            return low, float("inf")
    for pattern in (_TILL, _AND_LESS):
        if (match := re.fullmatch(pattern, text)) and (high := _number(match[1], match[2])) is not None:
            return float("-inf"), high
    if (match := re.fullmatch(_AMOUNT + _UNIT, text)) and (value := _number(match[1], match[2])) is not None:
        return value, value
    return None


def _with_figures(text: str) -> str:
    """Return a text in which one thing and none are figures: "less than a year" is "less than 1 year"."""
    if re.search(r"\d", text):
        return text
    if bare(text) in _NOUGHT:
        return "0"
    return re.sub(rf"\b(?:{_ONE})(?= (?:{'|'.join(_MINUTES_OF)})\b)", "1", text).replace("d'1", "de 1")


def _in_one_unit(texts: list[str]) -> list[str]:
    """Return texts with lengths of time in one unit, where they name several: months and years are one scale."""
    texts = [_with_figures(text) for text in texts]
    found = [_LENGTH_UNIT.findall(text) for text in texts]
    if not all(found) or len({_MINUTES_OF[unit] for units in found for unit in units}) < 2:
        return texts
    return [_in_minutes(text) for text in texts]


def _in_minutes(text: str) -> str:
    """Return a text with every figure in the unit that is named next after it, and no unit."""
    parts, factor = re.split(rf"(\d+(?:\.\d+)?|\b(?:{'|'.join(_MINUTES_OF)})\b)", text), 1
    for place in range(len(parts) - 2, 0, -2):
        if parts[place] in _MINUTES_OF:
            factor, parts[place] = _MINUTES_OF[parts[place]], ""
        else:
            parts[place] = str(round(float(parts[place]) * factor))
    return " ".join("".join(parts).split())


def bands(texts: list[str]) -> list[Place] | None:
    """Bands that do not overlap, and amounts between them: "under 18", "18-24", "65+"."""
    texts = _in_one_unit(texts)
    if not all(re.search(r"\d", text) for text in texts):
        return None
    found = [_band(text) for text in texts]
    known = sorted(one for one in found if one is not None)
    if len(known) < len(found) or sum(low < high for low, high in known) < (2 if len(known) == 2 else 1):
        return None
    is_apart = all(high <= later or low == high == later for (low, high), (later, _) in pairwise(known))
    return [one for one in found if one is not None] if is_apart else None


def amounts(texts: list[str]) -> list[Place] | None:
    """Amounts of one thing: "1 star" and "2 stars", "36 months", "3rd class"."""
    in_one = _in_one_unit(texts)
    found = [
        _COUNTED.fullmatch(text if text == plain else f"{text} minutes")
        for text, plain in zip(in_one, texts, strict=True)
    ]
    things = {(match[2] or "").strip().rstrip("s") for match in found if match}
    if not all(found) or len(things) != 1:
        return None
    places = [(float(match[1]),) for match in found if match]
    return list(places) if len(set(places)) == len(places) else None
