"""Column names as a reader would say them: `unit_price` is “unit price”. Never invents a word."""

import re
from functools import lru_cache

from datapilot.words.cleaning import clean_text

_ACRONYMS = {
    word.lower(): word
    for word in ("ID", "URL", "IP", "API", "SKU", "VAT", "KPI", "GDP", "IBAN", "SSN", "EAN", "ISBN",
                 "UK", "EU", "USA", "HR", "IT", "kWh", "MWh", "kW", "MW", "CO2",
                 "USD", "EUR", "GBP", "CHF", "JPY", "MwSt",
                 "MRR", "ARPU", "ADR", "CSAT", "NPS", "BMI", "ROI", "ROAS", "CTR", "CPC", "CPA", "CPM", "AOV", "LTV",
                 "CLV", "FTE", "SLA", "GMV", "COGS", "EBITDA", "LDL", "HDL", "RPM", "GPA", "PLZ",
                 "YoY", "QoQ", "YTD", "CPU", "GPU", "RAM")
} | {"pct": "%"}  # fmt: skip
# "it" is mostly a pronoun in lower case; only the capital form is the department.
_ONLY_IN_CAPITALS = frozenset({"it"})
_PROPER = frozenset({
    "january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    "januar", "februar", "märz", "mrz", "mai", "juni", "juli", "oktober", "okt", "dezember", "dez",
})  # fmt: skip
# German writes its nouns with a capital wherever they stand.
_GERMAN = frozenset({
    "abteilung", "alter", "anzahl", "artikel", "auftrag", "bestand", "bestellung", "betrag", "datum", "einheit",
    "erlös", "filiale", "firma", "gehalt", "gewicht", "gewinn", "gruppe", "hersteller", "jahr", "kategorie", "konto",
    "kosten", "kunde", "kunden", "lager", "lieferant", "lieferung", "lohn", "menge", "mitarbeiter", "monat",
    "ort", "plz", "preis", "produkt", "quartal", "rabatt", "rechnung", "retoure", "saldo", "standort", "steuer",
    "straße", "stück", "stunden", "tage", "umsatz", "verkäufer", "vertrieb", "vertreter", "ware", "wert",
    "woche", "zahlung", "zeit", "ziel", "verbrauch", "strom", "leistung", "temperatur", "zähler", "storno",
    "schicht", "vertragsart", "grundgehalt", "mahnung", "urlaub", "reihe", "land", "linie", "anlage",
    "stunde", "tagen", "jahren", "bundesland", "bewertung", "schüler", "verwendungszweck", "buchungstext",
    "kommentar", "betreff", "notiz",
})  # fmt: skip
_GERMAN_ENDINGS = (
    "abteilung", "anzahl", "bestand", "betrag", "datum", "ung", "heit", "keit", "schaft", "gruppe", "kosten",
    "kunde", "menge", "nummer", "preis", "satz", "stelle", "tage", "wert", "zahl", "zeit", "bezeichnung", "gebiet",
    "konto", "steuer", "summe", "klasse", "temperatur", "verbrauch", "stempel", "zähler", "dauer", "kanal", "leistung",
)  # fmt: skip
_ENGLISH_TOO = frozenset({"Alter", "Ort", "Gruppe", "Firma", "Ware", "Wert", "Note", "Temperatur"})
_OF_WARMTH = frozenset({"temperature", "temp", "outdoor", "indoor", "temperatur", "dewpoint", "ambient"})
_UMLAUT = re.compile("[äöüßÄÖÜ]")
_LONG_ENOUGH = 7  # letters of a compound
_IDENTIFIER = re.compile(r"[^\W\d]\w*(?:[._-][^\W_]\w*)*[$€£¥%]?", re.UNICODE)
_HUMPS = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ONE_WORD = frozenset({"overtime", "downtime", "uptime", "workload", "turnover", "payroll", "backlog", "feedback",
                       "checkout", "lifetime", "website", "username", "deadline"})  # fmt: skip
_SHOUTED_FROM = 6  # letters: "HDD" and "DOHMH" are abbreviations, "REVENUE" is a word in capitals
_NOUN = re.compile(r"(?:[a-z]+-)?[a-z]{3,}(?<!ed)(?<!ing)")
_CUT_SHORT = re.compile(r"[bcdfghjkmnpqstvxz]l$")
_NO_NOUNS = frozenset({"genus", "opus", "corpus",
                       "for", "from", "with", "into", "active", "open", "valid", "visible", "new", "free", "male",
                       "arkansas", "kansas", "texas", "massachusetts", "dallas", "wales", "athens", "honduras",
                       "female", "sex", "age", "gender", "staff", "data", "status", "series", "news"})  # fmt: skip
_NUMBERS = frozenset({"id", "no", "nr", "number", "code", "nummer"})
KNOWN_BY_NUMBER = frozenset({
    "machine", "store", "shop", "branch", "plant", "site", "warehouse", "depot", "station", "terminal", "till", "pump",
    "line", "lane", "oven", "press", "robot", "tank", "well", "device", "sensor", "meter", "room", "ward", "gate",
    "vehicle", "truck", "bus", "route", "team", "crew", "shift", "region", "zone", "district", "department", "dept",
    "school", "clinic", "hospital", "restaurant", "hotel", "building", "supplier", "vendor", "customer", "client",
    "account", "employee", "operator", "driver", "agent", "seller", "product", "item", "campaign", "maschine",
    "filiale", "werk", "linie", "anlage", "standort", "fahrzeug", "kunde", "lieferant",
})  # fmt: skip
_PLURALS = frozenset({"children", "people", "men", "women", "mice", "feet"})
_WORDS_OF_TIME = frozenset({"seconds", "minutes", "hours", "days", "weeks", "months", "years"})
_LENGTHS_OF_TIME = frozenset({"time", "duration", "delay", "wait", "downtime", "uptime", "age", "tenure", "lag"})
_SAME_UNIT = {
    "m²": ("m2", "sqm"),
    "m³": ("m3",),
    "km²": ("km2",),
    "in": ("inch", "inches"),
    "ft": ("feet",),
    "km/h": ("kmh", "kph"),
    "°C": ("c", "celsius"),
    "°F": ("f", "fahrenheit"),
    "min": ("mins", "minutes"),
    "hours": ("h", "hr", "hrs"),
    "seconds": ("s", "sec", "secs"),
    "years": ("yrs",),
    "minutes": ("min", "mins"),
    "€": ("eur",),
    "$": ("usd",),
    "£": ("gbp",),
    "EUR": ("€",),
    "USD": ("$",),
    "GBP": ("£",),
}
_ASKED_OF = re.compile(r"(?P<question>.+?(?:[.?!]|(?= \[)))(?:: ?(?P<item>[^\[\]]+)| \[(?P<boxed>[^\[\]]+)\])")
# "Delivery speed (1-5)": what is asked is how many points.
_ON_A_SCALE = re.compile(r"(?P<item>[^()\[\]?]{2,60}) [(\[](?P<scale>[01] ?(?:-|–|to) ?\d{1,2})[)\]]")
_ROW_NAME = re.compile(
    r"|unnamed.*|column[\W_]*\d*|index|obs|#|s\.?no\.?|sl|row[ ._]?(?:names?|numbers?|nos?\.?|num|id|index)?"
)
OF_WHICH = re.compile(r"(?:of which|thereof|davon|dont|di cui|waarvan)[ _]+(?=\w)", re.IGNORECASE)
_LONGEST_QUESTION = 400  # characters
_SHORTEST_QUESTION = 3  # words
_LONGEST_PLURAL = 3  # words
_TITLE_WORDS = 6  # a longer name is a sentence of its own (a survey's question) and keeps its capitals


def is_row_name(column_name: str) -> bool:
    """Whether a name says no more than that rows have a number or name: none at all, `Unnamed: 0`, `row.id`."""
    return bool(_ROW_NAME.fullmatch(column_name.strip().lower()))


@lru_cache(maxsize=4096)
def label(column_name: str) -> str:
    """Return the name in plain words, lower case but for abbreviations and names of months and days.

    Names that are formulas or codes (`CO(GT)`, `ISO3166-1-Alpha-2`) stay as they are. "unnamed column" for a name
    without a readable character.
    """
    name = clean_text(column_name).strip("\"“”„'‘’ ")  # quotes are left over from a file, or would stand doubled
    name = OF_WHICH.sub("", name, count=1)  # "of which unauthorised" is no name that a sentence can use
    if not name:
        return "unnamed column"
    words = _put_together(_words(name)) if _HUMPS.search(name) else _words(name)
    if [word.lower() for word in words] == ["pct"]:
        return "percent"  # a sign alone is no noun
    if "May" in words and all(word == "May" or word.isdigit() for word in words):
        return " ".join(words)  # the month; "May contain nuts" begins with no name
    if len(words) > _TITLE_WORDS:
        return " ".join(words)
    spelled = [word for word in words if word.isalpha()]
    shouted = len(spelled) > 1 and all(word.isupper() for word in spelled)  # "DO (mg/L)" is one abbreviation
    if len(words) > 1 and words[-1] in {"c", "C", "f", "F"} and _OF_WARMTH & {word.lower() for word in words}:
        words = [*words[:-1], f"°{words[-1].upper()}"]
    is_german = any(_is_german(word) for word in words)
    return " ".join(word if is_german and word.istitle() else _said(word, shouted=shouted) for word in words)


def plural(said: str) -> str | None:
    """Return a label's plural ("model category" -> "model categories"), None where it has none that reads well.

    Names of events and states ("assigned to", "returned"), formulas and whole questions have none.
    """
    first, of, rest = said.partition(" of ")
    if of and rest and plural(first) is not None:
        return f"{plural(first)}{of}{rest}"  # times of day
    head, _, last = said.rpartition(" ")
    if not _NOUN.fullmatch(last) or last in _NO_NOUNS or len(said.split()) > _LONGEST_PLURAL:
        return None
    if last in _PLURALS:
        return said
    if not set(last) & set("aeiou") or _CUT_SHORT.search(last):
        return None  # "hwy" and "maritl" are abbreviations
    if last.endswith("s") and not last.endswith(("ss", "us", "is")):
        return said
    if last.endswith("y") and last[-2] not in "aeiou":
        many = last[:-1] + "ies"
    elif last.endswith(("s", "x", "z", "ch", "sh")):
        many = last + "es"
    else:
        many = last + "s"
    return f"{head} {many}".lstrip()


def numbered_thing(column_name: str) -> str | None:
    """Return what a column numbers, where people know such things by their numbers ("machine_id" -> "machine"); None
    for every other name."""
    head, _, last = label(column_name).rpartition(" ")
    is_number = last.lower() in _NUMBERS and bool(head) and head.split()[-1].lower() in KNOWN_BY_NUMBER
    return head if is_number else None


def many_of(column_name: str) -> str | None:
    """Return the plural of what a column names: "regions", of `machine_id` "machines"; None where none reads well."""
    return plural(numbered_thing(column_name) or label(column_name))


def tells_length_of_time(said: str) -> bool:
    """Whether a label is a length of time with its unit behind it: "lead time days", of which only the time is said."""
    words = said.lower().split()
    return len(words) > 1 and words[-1].strip("()[]") in _WORDS_OF_TIME and words[-2] in _LENGTHS_OF_TIME


def without_unit(said: str, unit: str) -> str | None:
    """Return a label without the unit it ends in ("wait min" -> "wait", "length (mm)" -> "length"); "" where the unit
    is a word that the name needs ("overtime hours"), None where it ends in no unit or is nothing else."""
    head, _, last = said.rpartition(" ")
    bare = last.strip("()[]")
    if not head or bare.lower() not in {unit.lower(), *_SAME_UNIT.get(unit, ())}:
        return None
    if bare.lower() in _WORDS_OF_TIME and not tells_length_of_time(said):
        return ""
    return head.removesuffix(" in").rstrip(" ,-")


def question_and_item(column_name: str) -> tuple[str, str] | None:
    """Return the two parts of a survey's column that asks one question of one of several things ("How good is it?:
    Price", "How good is it? [Price]"), or of a thing and the scale it is marked on ("Price (1-5)"); None for every
    other name."""
    scale = _ON_A_SCALE.fullmatch(clean_text(column_name))
    if scale is not None:
        return scale["scale"], scale["item"].strip()
    match = _ASKED_OF.fullmatch(clean_text(column_name, limit=_LONGEST_QUESTION))
    if match is None or len(match["question"].split()) < _SHORTEST_QUESTION:
        return None  # "Temperature [C]" has a unit in its brackets
    return match["question"].strip(), (match["item"] or match["boxed"]).strip()


def heading_and_group(column_name: str) -> tuple[str, str] | None:
    """Return the heading that several columns of a printed table share, and what the one is called below it ("Age:
    18 - 34"); None for a name without a heading."""
    heading, colon, group = column_name.partition(": ")
    return (heading.strip(), group.strip()) if colon and heading.strip() and group.strip() else None


def _words(name: str) -> list[str]:
    if " " in name:
        return name.replace("_", " ").split()
    if not _IDENTIFIER.fullmatch(name.strip("_")):
        return [name]
    return [
        hump
        for part in re.split(r"[._]", name)
        if part
        for hump in (_HUMPS.split(part) if part.lower() not in _ACRONYMS and len(_HUMPS.split(part)[0]) > 1 else [part])
    ]


def _put_together(words: list[str]) -> list[str]:
    """Return the words with those put together again that are one word, whatever capitals a name has: OverTime."""
    joined: list[str] = []
    for word in words:
        is_rest = bool(joined) and f"{joined[-1]}{word}".lower() in _ONE_WORD
        joined.append(f"{joined.pop()}{word}".capitalize() if is_rest else word)
    return joined


def _said(word: str, *, shouted: bool) -> str:
    lower = word.lower()
    if lower in _ACRONYMS and not (lower in _ONLY_IN_CAPITALS and not word.isupper()):
        return _ACRONYMS[lower]
    if lower in _PROPER and word[0].isupper():
        return word.capitalize()
    bare = word.rstrip(":,;")
    if bare != word and bare:
        return _said(bare, shouted=shouted) + word[len(bare) :]
    if not word.replace("-", "").isalpha():
        return word
    if word.isupper() and len(word) < _SHOUTED_FROM and not shouted:
        return word
    if word.istitle() and _is_german_noun(lower):
        return word
    if word.isupper() or word.istitle():
        return lower
    return word


def _is_german(word: str) -> bool:
    """Whether a word can only be German: then every capital of the name stands for a noun."""
    return bool(_UMLAUT.search(word)) or (word.istitle() and _is_german_noun(word.lower()) and word not in _ENGLISH_TOO)


def _is_german_noun(lower: str) -> bool:
    return lower in _GERMAN or (len(lower) >= _LONG_ENOUGH and lower.endswith(_GERMAN_ENDINGS))
