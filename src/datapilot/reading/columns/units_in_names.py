"""Read off a column's name what its numbers are counted in: kilograms, euros, hours, percent, fractions of one."""

import re

from datapilot.reading.columns.durations import DURATION_WORDS
from datapilot.reading.columns.evidence import Evidence
from datapilot.reading.columns.numbers import CURRENCY_CODES, CURRENCY_SIGNS, UNITS

SHARE_OF_ONE = "share"  # the unit of a fraction of one
FEWEST_FRACTIONS = 4  # different values
LEAST_FRACTION = 0.3  # reached by some of the fractions under a name with "percent"
RATE_ENDINGS = frozenset({"rate", "share", "quote", "taux", "tasa", "tasso"})
RATES_OF_ALL = frozenset({
    "conversion", "bounce", "churn", "click", "clickthrough", "open", "opening", "response", "retention", "occupancy",
    "return", "defect", "scrap", "fill", "completion", "attendance", "win", "success", "error", "failure", "pass",
    "approval", "acceptance", "renewal", "utilization", "utilisation", "absence", "absenteeism", "turnover",
    "attrition", "cancellation", "unsubscribe", "market", "capacity", "retouren", "storno", "ausschuss", "ocupación",
    "transformation", "remplissage",
})  # fmt: skip
# Percentages that are small of themselves.
SMALL_PERCENTAGES = frozenset({
    "change", "growth", "inflation", "error", "errors", "defect", "defects", "interest", "yield", "return", "returns",
    "alcohol", "abv", "fat", "moisture", "gdp", "mortality", "deviation", "fee", "loss", "scrap", "impurity", "var",
    "diff", "variance", "wachstum", "zins",
})  # fmt: skip
_PLAIN_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE]-\d+)?")
_PRICES = frozenset({"price", "cost", "fee", "tariff", "preis", "kosten", "prix", "precio", "prezzo"})
_TIMES = {
    "seconds": "seconds", "minutes": "minutes", "hours": "hours", "days": "days", "weeks": "weeks", "months": "months",
    "years": "years", "secs": "seconds", "mins": "min", "hrs": "hours", "yrs": "years",
}  # fmt: skip
_SHORT_TIMES = {"min": "min", "sec": "seconds", "s": "seconds", "hr": "hours", "h": "hours"}
_LENGTHS = DURATION_WORDS | {"time", "wait", "waiting", "delay", "response", "travel", "ride"}


def are_fractions(evidence: Evidence, *, says_percent: bool) -> bool:
    """Whether numbers under a name with "percent", or under that of a rate, are fractions of one: 0.127 for 12.7 %.

    None lies beyond one, and some are written with hundredths. Under "percent" some reach LEAST_FRACTION too, and the
    name is of nothing that is usually less than one in a hundred: then 0.4 is what it says.
    """
    if not (says_percent or (evidence.words & RATE_ENDINGS and evidence.words & RATES_OF_ALL)):
        return False
    if says_percent and evidence.words & SMALL_PERCENTAGES:
        return False
    texts = [text.replace(",", ".") for text in evidence.values]
    sizes = [abs(float(text)) for text in texts if _PLAIN_DECIMAL.fullmatch(text)]
    if len(sizes) < max(FEWEST_FRACTIONS, 0.95 * len(texts)) or max(sizes) > 1:
        return False
    has_hundredths = any(len(text.partition(".")[2].rstrip("0")) > 1 for text in texts)
    return has_hundredths and (not says_percent or max(sizes) >= LEAST_FRACTION)


# Short units that are letters of anything else but behind a word for what they measure, with how they are written.
_MEASURES: tuple[tuple[frozenset[str], dict[str, str]], ...] = (
    (frozenset({"mass", "weight", "gewicht", "poids", "peso", "masse", "payload"}),
     {"g": "g", "t": "t", "oz": "oz", "mg": "mg"}),
    (frozenset({"length", "width", "height", "depth", "distance", "altitude", "elevation", "diameter", "radius",
                "thickness", "circumference", "länge", "breite", "höhe", "tiefe", "longueur", "largeur", "hauteur"}),
     {"m": "m", "ft": "ft", "in": "in", "inch": "in", "inches": "in", "feet": "ft", "yd": "yd"}),
    (frozenset({"volume", "capacity", "displacement", "volumen"}), {"l": "l", "ml": "ml", "cl": "cl", "m3": "m³"}),
    (frozenset({"temp", "temperature", "temperatur", "dewpoint"}),
     {"c": "°C", "f": "°F", "celsius": "°C", "fahrenheit": "°F"}),
    (frozenset({"power", "leistung", "puissance"}), {"w": "W", "kw": "kW", "mw": "MW", "hp": "hp", "ps": "PS"}),
    (frozenset({"pressure", "druck", "pression"}), {"bar": "bar", "psi": "psi", "kpa": "kPa", "hpa": "hPa"}),
    (frozenset({"speed", "windspeed", "velocity", "geschwindigkeit"}), {"kmh": "km/h", "kph": "km/h", "kt": "kt"}),
    (frozenset({"area", "fläche", "surface"}), {"m2": "m²", "sqm": "m²", "ha": "ha", "km2": "km²"}),
)  # fmt: skip
_WRITTEN = {"kwh": "kWh", "mb": "MB", "gb": "GB"}


def unit_of_name(name: str) -> tuple[str | None, str | None]:
    """Return (unit, subtype) that a column's name gives away: `Weight (kg)`, `price_eur`, `discount %`."""
    bracket = re.search(r"[(\[]\s*([^()\[\]]{1,12})\s*[)\]]\s*$", name)
    candidates = [bracket.group(1).strip()] if bracket else []
    parts = re.split(r"[_\s\-]+", name.strip())
    if len(parts) > 1 and "per" not in {part.lower() for part in parts}:
        candidates.append(parts[-1])
    for candidate in candidates:
        upper = candidate.upper()
        if candidate in CURRENCY_SIGNS:
            return CURRENCY_SIGNS[candidate], "currency"
        if upper in CURRENCY_CODES and (
            bracket or candidate.isupper() or upper in {"USD", "EUR", "GBP", "JPY", "CHF", "INR", "CAD", "AUD", "CNY"}
        ):
            return upper, "currency"
        if candidate in {"%", "percent", "pct", "percentage"}:
            return "%", "percent"
        if "/" not in candidate and _PRICES & {part.lower() for part in parts}:
            continue  # "price_kg" is money per kilogram, whatever money
        if bracket and (candidate in UNITS or re.fullmatch(r"[A-Za-zµ°]{1,4}/[A-Za-z]{1,4}\d?", candidate)):
            return candidate, "unit"
        if candidate in {"kg", "km", "cm", "mm", "kwh", "kWh", "mi", "lbs", "lb", "ms", "mb", "gb", "sqft", "mph"}:
            return _WRITTEN.get(candidate, candidate), "unit"
        before = {part.lower() for part in parts[:-1]}
        measured = next((units for words, units in _MEASURES if words & before and candidate.lower() in units), None)
        if measured is not None:
            return measured[candidate.lower()], None
        # Beside a word for a length of time "min" is a minute; alone it is the least of something.
        times = _TIMES | (_SHORT_TIMES if _LENGTHS & {part.lower() for part in parts[:-1]} else {})
        is_span = len(parts) > 1 and parts[-2][-1:].isdigit()  # "Under 5 years" are people, not years
        if not bracket and candidate.lower() in times and not is_span:
            return times[candidate.lower()], None  # how it is aggregated, its other words say: hours worked add up
    if re.search(r"\$\s*$", name):
        return "$", "currency"
    if re.search(r"[€£¥%]\s*$", name.strip()):
        sign = name.strip()[-1]
        return sign, "percent" if sign == "%" else "currency"
    return None, None
