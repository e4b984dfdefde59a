"""A written number as SQL: conventions of decimal and group marks, and the value of a text that obeys one."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from math import log10

from datapilot.reading.text_table import quoted
from datapilot.reading.vocabulary import scales

SCALES = scales()
DEBIT, CREDIT = frozenset({"Dr", "DR", "Dr.", "dr"}), frozenset({"Cr", "CR", "Cr.", "cr"})  # sides of an account
CONVENTIONS: tuple[tuple[str, str], ...] = (
    (".", ","), (",", "."), (".", ""), (",", ""), (".", " "), (",", " "), (".", "'"), (",", "'"),
)  # fmt: skip
_GROUP_CLASS = {"": "", ",": ",", ".": r"\.", " ": r" \x{00a0}\x{2009}\x{202f}", "'": "'’"}
GROUP_CHARS = {"": "", ",": ",", ".": ".", " ": " \u00a0\u2009\u202f", "'": "'’"}


def are_sides(marks: Iterable[str]) -> bool:
    """True for the two sides of an account and no other mark."""
    found = set(marks)
    return bool(found & DEBIT and found & CREDIT) and found <= DEBIT | CREDIT


def value_of(body: str, convention: tuple[str, str]) -> float:
    decimal, group = convention
    plain = "".join(ch for ch in body if ch not in GROUP_CHARS[group]).replace(decimal, ".")
    try:
        return float(plain)
    except ValueError:
        return float("nan")


@cache
def pattern_of(convention: tuple[str, str]) -> re.Pattern[str]:
    return re.compile(
        _body_regex(convention)
        .replace(r"\x{00a0}", "\u00a0")
        .replace(r"\x{2009}", "\u2009")
        .replace(r"\x{202f}", "\u202f")
    )


def _body_regex(convention: tuple[str, str]) -> str:
    decimal, group = convention
    d = re.escape(decimal)
    plain = rf"\d*(?:{d}\d*)?"
    if not group:
        return rf"(?:{plain})"
    g = f"[{_GROUP_CLASS[group]}]"
    indian = rf"|\d{{1,2}}(?:{g}\d{{2}})+{g}\d{{3}}(?:{d}\d*)?" if group == "," else ""
    return rf"(?:[1-9]\d{{0,2}}(?:{g}\d{{3}})+(?:{d}\d*)?|{plain}{indian})"


def bare_sql(convention: tuple[str, str], bodies: Counter[str], *, whole: bool) -> str:
    """Return the SQL of the value of digits without any dress: a tenth of the price of the full form, most of which is
    building its patterns. A cell in any other dress does not fit, and is looked at then."""
    decimal, group = convention
    is_grouped = any(ch in body for body in bodies for ch in GROUP_CHARS[group])
    digits = f"translate({{x}}, {quoted(GROUP_CHARS[group])}, '')" if is_grouped else "{x}"
    digits = f"replace({digits}, ',', '.')" if decimal == "," else digits
    if whole or is_grouped:
        pattern = quoted(rf"[+-]?{_body_regex(convention) if is_grouped else '[0-9]+'}")
        number = f"TRY_CAST({digits} AS {'BIGINT' if whole else 'DOUBLE'})"
        return f"CASE WHEN regexp_full_match({{x}}, {pattern}) THEN {number} END"
    number = f"TRY_CAST({digits} AS DOUBLE)"
    other_mark = "." if decimal == "," else ","
    return f"CASE WHEN NOT contains({{x}}, '{other_mark}') THEN {number} END"


def marked_sql(
    convention: tuple[str, str], bodies: Counter[str], texts: Sequence[str], mark: str, *, whole: bool
) -> str | None:
    """Return the SQL of the value of digits with the mark at the one end where all texts have it, at the price of bare
    digits; None where some are dressed otherwise."""
    if all(text.endswith(mark) for text in texts):
        bare = [text[: -len(mark)].rstrip(" ") for text in texts]
        cell, has_mark = f"rtrim(substr({{x}}, 1, length({{x}}) - {len(mark)}))", f"suffix({{x}}, {quoted(mark)})"
    else:
        bare = [text.removeprefix(mark).lstrip(" ") for text in texts]
        cell, has_mark = f"ltrim(substr({{x}}, {len(mark) + 1}))", f"starts_with({{x}}, {quoted(mark)})"
    if not all(pattern_of(convention).fullmatch(text[1:] if text[:1] in {"+", "-"} else text) for text in bare):
        return None
    return f"CASE WHEN {has_mark} THEN {bare_sql(convention, bodies, whole=whole).replace('{x}', cell)} END"


def number_sql(
    convention: tuple[str, str], marks: list[str], scales: list[str], *, whole: bool, below: str = ""
) -> str:
    """Return the SQL of the number's value; NULL for text of any other make."""
    decimal, group = convention
    body = _body_regex(convention)
    mark = "|".join(_re2(mark) for mark in marks)
    scale = "|".join(_re2(scale) for scale in scales)
    space = r"[\s\x{00a0}]*"
    sign = r"[+\-−–▲▼△▽↑↓]?"
    before = (
        rf"\(?{space}{sign}{space}(?:{mark})?{space}{sign}{space}\(?{space}" if marks else rf"\(?{space}{sign}{space}"
    )
    after = (
        rf"(?:/[-=])?{space}(?:{scale})?{space}(?:{mark})?{space}[-−–]?{space}\)?"
        if marks or scales
        else rf"(?:/[-=])?{space}[-−–]?{space}\)?"
    )
    pattern = quoted(rf"^{before}({body})([eE][+-]?\d{{1,3}})?{after}$")
    digits = f"regexp_extract({{x}}, {pattern}, 1)"
    if group:
        digits = f"translate({digits}, {quoted(GROUP_CHARS[group])}, '')"
    if decimal == ",":
        digits = f"replace({digits}, ',', '.')"
    exponent = f"regexp_extract({{x}}, {pattern}, 2)"
    if scales:
        # As a power behind the digits: multiplied, 8.2 billion would be 8,199,999,999.999999.
        cases = " ".join(
            f"WHEN regexp_matches({{x}}, {quoted(chr(92) + 'd' + chr(92) + 's*' + _re2(s))}) THEN"
            f" 'e{round(log10(SCALES[s]))}'"
            for s in scales
        )
        exponent = f"CASE {cases} ELSE {exponent} END"
    number = f"TRY_CAST({digits} || {exponent} AS {'BIGINT' if whole else 'DOUBLE'})"
    debit = r"|\d\s*[Dd][Rr]\.?\s*$" if are_sides(marks) else ""
    negative = rf"regexp_matches({{x}}, '^[^0-9]*[-−–({below}]|[^/][-−–]\s*${debit}')"
    return (
        f"CASE WHEN regexp_matches({{x}}, {pattern}) AND {digits} NOT IN ('', '.') "
        f"THEN CASE WHEN {negative} THEN -({number}) ELSE {number} END END"
    )


def _re2(text: str) -> str:
    return re.sub(r"([\\.^$|?*+()\[\]{}/])", r"\\\1", text)
