"""Values as business readers write them: 48,210, 1.24M, €3,200, 38%, 3.4%, 51 days. One place for every page.

Whole counts keep their digits below a million, because "48,210" is as short as "48.2k" and says more; from a million
on three figures are enough. Charts' axes and narrow cards may ask for the form "short".
"""

from datapilot.contracts.base import Scalar
from datapilot.words.cleaning import clean_text
from datapilot.words.periods import show_date

FORMS = ("percent", "signed", "abs", "plain", "full", "short", "digits", "day", "fine", "coefficient", "step")

MINUS = "−"
_SCALES = ((1e12, "T"), (1e9, "bn"), (1e6, "M"))
_THOUSAND = (1e3, "k")
_PREFIXES = {"$": "$", "€": "€", "£": "£", "¥": "¥", "₹": "₹", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_SINGULAR = {"days": "day", "hours": "hour", "minutes": "minute", "seconds": "second", "years": "year",
             "months": "month", "weeks": "week", "rows": "row", "cells": "cell", "points": "point"}  # fmt: skip
_TIMES = frozenset({"days", "hours", "minutes", "weeks", "months", "years"})
ALMOST_ONE = 0.99
_COUNTED = frozenset({"rows", "cells"})  # the sentence names what is counted; "100 rows rows" must not happen


def show(value: Scalar, unit: str | None, *, form: str | None = None) -> str:
    """Return the value with its unit in words. `form` is one of FORMS, or several joined by "|".

    percent: a fraction 0-1 as per cent · signed: with + or - · abs: without the sign · plain: without the unit ·
    full: every digit · short: thousands as k · digits: neither unit nor separators (years) · day: of a moment
    only the date · fine: a share with one decimal, for lists whose entries are compared · coefficient: two decimals,
    never 1 for almost · step: a difference, which of percentages is in points.
    Text is cleaned, ISO dates become "12 Mar 2024". Raises ValueError for an unknown form.
    """
    forms = tuple(form.split("|")) if form else ()
    for asked in forms:
        if asked not in FORMS:
            raise ValueError(f"“{asked}” is no form of a number; the forms are {', '.join(FORMS)}.")
    if value is None:
        return "n/a"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return clean_text(show_date(value[:10] if "day" in forms and "T" in value else value))
    sign = _sign(value, forms)
    size = abs(value)
    if "digits" in forms:
        return sign + _plain_digits(size)
    if "coefficient" in forms:
        return sign + (f"{size:.2f}" if size >= 1 else f"{min(size, ALMOST_ONE):.2f}")
    if unit == "share" and "step" in forms:
        unit, size = "%", size * 100
    if unit == "share" or "percent" in forms:
        text = show_share(size, fine="fine" in forms) if "full" not in forms else f"{_all_digits(size * 100)}%"
        return sign + (text.removesuffix("%") if "plain" in forms else text)
    text = _all_digits(size) if "full" in forms else _rounded(size, short="short" in forms)
    if unit in _PREFIXES and size < 999.5 and "." in text and size >= 0.01:
        text = f"{size:,.2f}"  # €3.20, not €3.2
    elif unit in _TIMES and 1 <= size < 999.5 and "full" not in forms:
        text = f"{size:,.1f}".removesuffix(".0") if size < 99.95 else text  # 7.3 days: hundredths are quarter hours
    elif unit in _TIMES and 0.001 <= size < 1 and "full" not in forms:
        text = f"{size:.2g}"
    if "step" in forms and unit == "%":
        unit = "points"
    return _with_unit(sign, text, None if "plain" in forms else unit)


def counted(count: int, noun: str) -> str:
    """Return "1 row", "1,546 rows"; `noun` in the singular, one whose plural takes an s."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def show_share(fraction: float, *, fine: bool = False) -> str:
    """Return a fraction as per cent with the digits that matter: 38% (`fine`: 38.2%), 3.4%, 0.8%; never 0% or 100%
    for almost."""
    percent = abs(fraction) * 100
    if percent == 0:
        return "0%"
    if percent < 0.01:
        return "under 0.01%"
    if percent < 0.1:
        return f"{percent:.2f}%"
    if percent < 9.95:
        return f"{percent:.1f}%"
    if 99 < percent < 100:
        return f"{min(percent, 99.9):.1f}%"
    return f"{percent:,.1f}".removesuffix(".0") + "%" if fine else f"{percent:,.0f}%"


def _sign(value: float, forms: tuple[str, ...]) -> str:
    if "abs" in forms:
        return ""
    if value < 0:
        return MINUS
    return "+" if "signed" in forms and value > 0 else ""


def _rounded(size: float, *, short: bool) -> str:
    if size == int(size) and size < 1e6 and not (short and size >= 1e4):
        return f"{int(size):,}"
    if size >= 1e15:
        return f"{size:.2e}"
    for scale, letter in (*_SCALES, _THOUSAND) if short else _SCALES:
        # 999,999.7 is a million to three figures: the scale is chosen after rounding.
        if size >= scale * 0.9995:
            return _three_figures(size / scale) + letter
    if size >= 999.5:
        return f"{size:,.0f}"
    return _three_figures(size)


def _three_figures(size: float) -> str:
    if 0 < size < 1e-6:
        return f"{size:.1e}"
    decimals = 0 if size >= 99.95 else 1 if size >= 9.995 else 2 if size >= 0.995 else 3
    while size and size < 0.0995 and round(size, decimals) * 10 ** (decimals - 2) < 1 and decimals < 8:
        decimals += 1
    text = f"{size:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _all_digits(size: float) -> str:
    if size == int(size):
        return f"{int(size):,}"
    return f"{size:,.12g}" if size < 1e12 else f"{size:,.2f}"


def _plain_digits(size: float) -> str:
    return str(int(size)) if size == int(size) else f"{size:.12g}"


def _with_unit(sign: str, text: str, unit: str | None) -> str:
    if unit is None or unit in _COUNTED:
        return sign + text
    cleaned = clean_text(unit, limit=12)
    if cleaned in _PREFIXES:
        return f"{sign}{_PREFIXES[cleaned]}{text}"
    if cleaned in {"%", "°"}:
        return f"{sign}{text}{cleaned}"
    return f"{sign}{text} {_SINGULAR.get(cleaned, cleaned) if text == '1' else cleaned}"
