"""Read numbers as people write them: marks, groups, currencies, units, percent, brackets, thousands and millions."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from math import isfinite, log10
from typing import NamedTuple

from datapilot.reading.evidence import Evidence
from datapilot.reading.plan import ANY_NUMBER, IS_FINITE, OtherReading, Plan
from datapilot.reading.text_table import quoted
from datapilot.reading.vocabulary import currency_signs, scales, word_set

ENOUGH = 0.95  # share of cells that must be numbers; the rest are listed as misfits
_GROUP_OR_DECIMAL = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})?")  # 1.234 may be either, 0.123 and 1.5 may not
RARE_COMMAS = 0.1
# Programs that know missing numbers only among decimals write 3 as 3.0.
_POINT_ZERO = re.compile(r"(?:0|-?[1-9]\d{0,14})\.0")
POINT_ZERO_WORDS = "whole numbers written with a point and a zero"
INTEGER = re.compile(r"0|-?[1-9]\d{0,17}")
DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")

CURRENCY_SIGNS = currency_signs()
CURRENCY_CODES = word_set("numbers", "currency_codes")
SCALES = scales()
UNITS = word_set("numbers", "units")

_NUMBER = re.compile(
    r"""(?P<open>\()?\s*(?P<sign>[+\-−–▲▼△▽↑↓])?\s*
        (?P<prefix>[A-Z]{3}(?=[\s\d])|US\$|R\$|C\$|A\$|Rs\.?|[$€£¥￥₹₽₩₺₫฿₪₴₦₱₡₲₵₸₮₼₾]|~|<|>|≈|kr)?\s*
        (?P<sign2>[+\-−–])?\s*(?P<open2>\()?
        (?P<body>\d(?:[\d.,'’\u00a0\u2009\u202f ]*\d)?[.,]?|[.,]\d+)
        (?P<exponent>[eE][+\-]?\d{1,3})?
        (?P<gap>[\s\u00a0]*)
        (?P<suffix>[^\d\s()\-−–][^\d()]{0,14}?|[mk]m?[23²³])?\s*
        (?P<trail>[-−–])?\s*(?P<close>\))?""",
    re.VERBOSE,
)
UP, DOWN = "▲△↑", "▼▽↓"  # beside each other they say more and less; alone ▲ and △ are a minus, as in Japan
ARROWS = frozenset(UP + DOWN)
DEBIT, CREDIT = frozenset({"Dr", "DR", "Dr.", "dr"}), frozenset({"Cr", "CR", "Cr.", "cr"})  # sides of an account
_OUT_OF = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?) (?:out of|von|sur) (\d{1,3})(?: [^\d\s]{1,12})?", re.IGNORECASE)
_APART = re.compile(r"[+-]\s")  # the engine reads no sign that stands apart
_CONVENTIONS: tuple[tuple[str, str], ...] = (
    (".", ","), (",", "."), (".", ""), (",", ""), (".", " "), (",", " "), (".", "'"), (",", "'"),
)  # fmt: skip
_GROUP_CLASS = {"": "", ",": ",", ".": r"\.", " ": r" \x{00a0}\x{2009}\x{202f}", "'": "'’"}
_GROUP_CHARS = {"": "", ",": ",", ".": ".", " ": " \u00a0\u2009\u202f", "'": "'’"}


class _Number(NamedTuple):
    body: str
    mark: str  # currency, unit or percent as written, "" for none
    scale: str
    is_dressed: bool  # brackets, trailing minus, typographic minus, exponent


LONGEST_NUMBER = 18  # digits that the engine's whole numbers hold for certain
_LONG_DIGITS = re.compile(rf"-?[1-9]\d{{{LONGEST_NUMBER},}}")


def plan_plain(evidence: Evidence, *, file_decimal: str | None = None) -> Plan | None:
    """Return the plan for a column whose cells the engine's own parser reads: integers and decimals with a point."""
    whole = evidence.share(INTEGER)
    if evidence.is_native and whole >= ENOUGH and evidence.share(DECIMAL) > whole:
        return Plan("numeric", "DOUBLE", ANY_NUMBER, "decimal point", only_if=IS_FINITE)
    if whole >= (1.0 if not evidence.is_native else ENOUGH):
        # The text must come back from the number, so that 007, 1e3 and 1.7 are never taken for whole numbers.
        only_if = "CAST({v} AS VARCHAR) = {x}"
        return Plan("numeric", "BIGINT", "TRY_CAST({x} AS BIGINT)", "whole numbers", only_if=only_if)
    if not evidence.is_native and evidence.share(_POINT_ZERO) == 1.0:
        value = "TRY_CAST(TRY_CAST({x} AS DOUBLE) AS BIGINT)"
        return Plan("numeric", "BIGINT", value, POINT_ZERO_WORDS, only_if="{v} = TRY_CAST({x} AS DOUBLE)")
    if evidence.share(DECIMAL) < 1.0 or _has_codes(evidence):
        return None
    plan = Plan("numeric", "DOUBLE", ANY_NUMBER, "decimal point", only_if=IS_FINITE)
    if evidence.is_native or evidence.share(_GROUP_OR_DECIMAL) < 1.0:
        return plan
    reading = _read(evidence, file_decimal=file_decimal)
    if reading is None:
        return plan
    return reading if "thousands" in reading.words else plan.but(other=reading.other)


def plan_number(evidence: Evidence, *, decimal: str | None, file_decimal: str | None) -> Plan | None:
    """Return the plan for numbers in any dress, or None when fewer than 95 % of the cells are numbers. `decimal` is
    the user's word, `file_decimal` what the rest of the file uses."""
    if evidence.share(_NUMBER) < ENOUGH or _has_codes(evidence):
        return None
    return _read(evidence, decimal=decimal, file_decimal=file_decimal)


def plan_out_of(evidence: Evidence) -> Plan | None:
    """Return the plan for marks that say of how many: "4.1 out of 5 stars". None for any other cells, and where the
    scale differs."""
    if evidence.share(_OUT_OF) < ENOUGH:
        return None
    found = [match for text in evidence.values if (match := _OUT_OF.fullmatch(text)) is not None]
    tops = {int(match[2]) for match in found}
    if len(tops) > 1 or any(float(match[1].replace(",", ".")) > max(tops) for match in found):
        return None
    pattern = quoted(f"(?i)^{_OUT_OF.pattern}$")
    mark = f"TRY_CAST(replace(regexp_extract({{x}}, {pattern}, 1), ',', '.') AS DOUBLE)"
    words = f"marks out of {max(tops)}"
    reason = f"The cells are {words}."
    return Plan("numeric", "DOUBLE", mark, words, fit=evidence.share(_OUT_OF), reasons=(reason,))


def currencies(evidence: Evidence) -> tuple[str, ...]:
    """Return the currencies of a column of amounts in several of them, the most frequent first; () for any other."""
    if evidence.share(_NUMBER) < ENOUGH:
        return ()
    kinds: Counter[str] = Counter()
    for text, count in evidence.values.items():
        number = _parse(text)
        if number is not None and (kind := currency_of(number.mark)) is not None:
            kinds[kind] += count
    return tuple(kind for kind, _ in kinds.most_common()) if len(kinds) > 1 else ()


def _has_codes(evidence: Evidence) -> bool:
    """True when leading zeros or sheer length show that the digits are a code, whose text must be kept."""
    padded = long = 0
    for text, count in evidence.values.items():
        if text[:1] == "0":
            padded += count if len(text) > 1 and text.isdecimal() else 0
        elif len(text) > LONGEST_NUMBER and _LONG_DIGITS.fullmatch(text):
            long += count
    return padded > 0.005 * evidence.cells or long > 0.05 * evidence.cells


def _read(evidence: Evidence, *, decimal: str | None = None, file_decimal: str | None = None) -> Plan | None:
    if evidence.share(_NUMBER) < ENOUGH:
        return None
    parsed = {text: number for text in evidence.values if (number := _parse(text)) is not None}
    fitting = sum(evidence.values[text] for text in parsed)
    if not parsed or fitting < ENOUGH * evidence.cells:
        return None
    marks: Counter[str] = Counter()
    scales: Counter[str] = Counter()
    for text, number in parsed.items():
        marks[number.mark] += evidence.values[text]
        scales[number.scale] += evidence.values[text]
    marks_allowed = _allowed_marks(marks)
    if marks_allowed is None:
        return None
    bodies = Counter[str]()
    for text, number in parsed.items():
        if number.mark in marks_allowed:
            bodies[number.body] += evidence.values[text]
    if bodies.total() < ENOUGH * evidence.cells:
        return None
    convention, rival = _convention(bodies, decimal=decimal, file_decimal=file_decimal)
    if convention is None:
        return None
    return _plan(evidence, parsed, marks_allowed, scales, convention=convention, rival=rival, bodies=bodies)


def _parse(text: str) -> _Number | None:
    match = _NUMBER.fullmatch(text)
    if match is None or bool(match["open"] or match["open2"]) != bool(match["close"]):
        return None
    prefix, suffix = match["prefix"] or "", (match["suffix"] or "").strip()
    if prefix in {"~", "<", ">", "≈"}:
        return None
    if prefix.isalpha() and prefix not in CURRENCY_CODES and prefix not in CURRENCY_SIGNS:
        return None
    scale = ""
    if suffix:
        first, _, rest = suffix.partition(" ")
        if first in SCALES and (
            prefix
            or rest in CURRENCY_SIGNS
            or rest in CURRENCY_CODES
            or first not in {"m", "b", "T", "B"}
            or not match["gap"]
        ):
            if first not in UNITS or prefix or not match["gap"]:
                scale, suffix = first, rest.strip()
        elif suffix[0] in "kKMBT" and suffix[1:] in CURRENCY_SIGNS:
            scale, suffix = suffix[0], suffix[1:]
    if prefix and suffix and suffix not in CURRENCY_CODES:
        return None
    dressed = bool(
        _APART.match(text)
        or match["close"]
        or match["trail"]
        or match["exponent"]
        or (match["sign"] or match["sign2"] or "") in {"−", "–", *ARROWS}
    )
    return _Number(match["body"], prefix or suffix, scale, dressed)


def _allowed_marks(marks: Counter[str]) -> frozenset[str] | None:
    """Return the one mark of the column, with and without which its numbers may stand; None when they differ."""
    named = {mark: count for mark, count in marks.items() if mark}
    if not named:
        return frozenset({""})
    if _are_sides(named) and marks[""] < 0.05 * marks.total():
        return frozenset(named)
    money = {mark for mark in named if currency_of(mark)}
    if money:
        kinds = {currency_of(mark) for mark in money}
        if len(kinds) > 1 or len(money) < len(named):
            return None
        return frozenset({"", *money})
    main, count = max(named.items(), key=lambda item: item[1])
    known = main in UNITS or main in {"%", "‰"} or main.lower() in {unit.lower() for unit in UNITS}
    family = {mark for mark in named if mark.lower().rstrip("s.") == main.lower().rstrip("s.")}
    if not known and (count < 3 or count < 0.99 * marks.total() or len(main) > 12):
        return None
    if main == "%" or count > 0.5 * marks.total():
        return (
            frozenset({"", *family})
            if main in {"%", "‰"}
            else frozenset(family | ({""} if marks[""] < 0.05 * marks.total() else set()))
        )
    return None


def _are_sides(marks: Iterable[str]) -> bool:
    """True for the two sides of an account and no other mark."""
    found = set(marks)
    return bool(found & DEBIT and found & CREDIT) and found <= DEBIT | CREDIT


def currency_of(mark: str) -> str | None:
    """Return the sign or code by which the currency that the mark stands for is known; None for no currency."""
    if mark in CURRENCY_SIGNS:
        return CURRENCY_SIGNS[mark]
    return mark if mark in CURRENCY_CODES else None


def _convention(
    bodies: Counter[str], *, decimal: str | None, file_decimal: str | None
) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """Return the (decimal, group) marks that most cells obey, and a rival that as many obey with another meaning."""
    fits = {c: sum(n for body, n in bodies.items() if _pattern(c).fullmatch(body)) for c in _CONVENTIONS}
    allowed = [c for c in _CONVENTIONS if decimal is None or c[0] == decimal]
    with_comma = sum(n for body, n in bodies.items() if "," in body)
    if decimal is None and file_decimal != "," and 0 < with_comma < RARE_COMMAS * bodies.total():
        # A comma in a few cells among whole numbers ("2,2") is a list or a slip, not how the column writes decimals.
        allowed = [c for c in allowed if c[0] == "."]
    best = max(fits[c] for c in allowed)
    if best < ENOUGH * bodies.total():
        return None, None
    tied = [c for c in allowed if fits[c] == best]
    preferred = file_decimal or "."

    def rank(c: tuple[str, str]) -> tuple[bool, bool, int]:
        # Point decimals are read as such ("1.234" is 1.234) unless the rest of the file writes decimal commas.
        return (
            c[0] != preferred,
            bool(c[1]) and not any(ch in body for body in bodies for ch in _GROUP_CHARS[c[1]]),
            _CONVENTIONS.index(c),
        )

    chosen = min(tied, key=rank)
    settled = decimal is not None or chosen[0] == file_decimal
    rivals = [c for c in ([] if settled else allowed) if fits[c] >= best and _differs(bodies, chosen, c)]
    return chosen, (rivals[0] if rivals else None)


def _differs(bodies: Counter[str], first: tuple[str, str], second: tuple[str, str]) -> bool:
    """True when some cell is a number by both conventions, and another one by each."""
    values = [(_value(body, first), _value(body, second)) for body in bodies if not body.isdigit()]
    return any(one != other and isfinite(one) and isfinite(other) for one, other in values)


def _value(body: str, convention: tuple[str, str]) -> float:
    decimal, group = convention
    plain = "".join(ch for ch in body if ch not in _GROUP_CHARS[group]).replace(decimal, ".")
    try:
        return float(plain)
    except ValueError:
        return float("nan")


@cache
def _pattern(convention: tuple[str, str]) -> re.Pattern[str]:
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


def _plan(
    evidence: Evidence,
    parsed: dict[str, _Number],
    marks: frozenset[str],
    scales: Counter[str],
    *,
    convention: tuple[str, str],
    rival: tuple[str, str] | None,
    bodies: Counter[str],
) -> Plan:
    named = sorted(mark for mark in marks if mark)
    used_scales = sorted((scale for scale in scales if scale), key=len, reverse=True)
    decimal, group = convention
    fractional = (
        any(decimal in body for body in bodies)
        or bool(used_scales)
        or any(n.is_dressed and "e" in t.lower() for t, n in parsed.items())
    )
    whole = not fractional
    is_bare = not named and not used_scales and not any(number.is_dressed for number in parsed.values())
    below = _below_zero(list(parsed))
    value = _sql(convention, named, used_scales, whole=whole, below=below)
    if is_bare:
        value = _bare_sql(convention, bodies, whole=whole)
    elif len(named) == 1 and not used_scales and all(number.mark == named[0] for number in parsed.values()):
        value = _marked_sql(convention, bodies, list(parsed), named[0], whole=whole) or value
    unit, subtype = None, None
    if named and not _are_sides(named) and named != ["+"]:  # "500+" is 500 or more, and no unit
        unit = currency_of(named[0]) or max(
            named, key=lambda m: sum(evidence.values[t] for t, n in parsed.items() if n.mark == m)
        )
        subtype = "currency" if currency_of(named[0]) else "percent" if unit in {"%", "‰"} else "unit"
    words = (
        [f"decimal {'comma' if decimal == ',' else 'point'}"]
        if any(decimal in body for body in bodies)
        else ["whole numbers"]
    )
    if group and any(ch in body for body in bodies for ch in _GROUP_CHARS[group]):
        words.append(
            {",": "thousands comma", ".": "thousands point", " ": "thousands space", "'": "thousands apostrophe"}[group]
        )
    if named:
        words.append(
            f"{'percent sign' if subtype == 'percent' else 'mark'} {', '.join(named)} taken off"
            if subtype != "percent"
            else "percent sign taken off"
        )
    if used_scales:
        words.append(f"{', '.join(used_scales)} multiplied out")
    if _are_sides(named):
        words.append("Dr is negative")
    if below:
        words.append(f"{below[0]} is negative")
    if any(text.endswith(")") for text in parsed):
        words.append("brackets are negative")
    other = None
    if rival is not None:
        example = next(body for body in bodies if _differs(Counter([body]), convention, rival))
        other = OtherReading(
            question=f"Is {example} {_value(example, convention):,.10g} or {_value(example, rival):,.10g}?",
            chosen=f"{_value(example, convention):,.10g}",
            other=f"{_value(example, rival):,.10g}",
            value=_sql(rival, named, used_scales, whole=False, below=below),
            storage="DOUBLE",
            option={"decimal": rival[0]},
        )
    fit = (
        sum(evidence.values[t] for t, n in parsed.items() if n.mark in marks and _pattern(convention).fullmatch(n.body))
        / evidence.cells
    )
    return Plan("numeric", "BIGINT" if whole else "DOUBLE", value, ", ".join(words), subtype, unit, fit, other=other)


def _bare_sql(convention: tuple[str, str], bodies: Counter[str], *, whole: bool) -> str:
    """Return the SQL of the value of digits without any dress: a tenth of the price of the full form, most of which is
    building its patterns. A cell in any other dress does not fit, and is looked at then."""
    decimal, group = convention
    is_grouped = any(ch in body for body in bodies for ch in _GROUP_CHARS[group])
    digits = f"translate({{x}}, {quoted(_GROUP_CHARS[group])}, '')" if is_grouped else "{x}"
    digits = f"replace({digits}, ',', '.')" if decimal == "," else digits
    if whole or is_grouped:
        pattern = quoted(rf"[+-]?{_body_regex(convention) if is_grouped else '[0-9]+'}")
        number = f"TRY_CAST({digits} AS {'BIGINT' if whole else 'DOUBLE'})"
        return f"CASE WHEN regexp_full_match({{x}}, {pattern}) THEN {number} END"
    number = f"TRY_CAST({digits} AS DOUBLE)"
    other_mark = "." if decimal == "," else ","
    return f"CASE WHEN contains({{x}}, '{other_mark}') OR NOT isfinite({number}) THEN NULL ELSE {number} END"


def _marked_sql(
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
    if not all(_pattern(convention).fullmatch(text[1:] if text[:1] in {"+", "-"} else text) for text in bare):
        return None
    return f"CASE WHEN {has_mark} THEN {_bare_sql(convention, bodies, whole=whole).replace('{x}', cell)} END"


def _below_zero(texts: Sequence[str]) -> str:
    """Return which arrows in front of the column's numbers stand for a minus."""
    arrows = {text[0] for text in texts} & ARROWS
    is_direction = bool(arrows & set(DOWN)) or all(text[0] in ARROWS or text[:1] == "0" for text in texts)
    return "".join(sorted(arrows & set(DOWN if is_direction else UP)))


def _sql(convention: tuple[str, str], marks: list[str], scales: list[str], *, whole: bool, below: str = "") -> str:
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
        rf"{space}(?:{scale})?{space}(?:{mark})?{space}[-−–]?{space}\)?"
        if marks or scales
        else rf"{space}[-−–]?{space}\)?"
    )
    pattern = quoted(rf"^{before}({body})([eE][+-]?\d{{1,3}})?{after}$")
    digits = f"regexp_extract({{x}}, {pattern}, 1)"
    if group:
        digits = f"translate({digits}, {quoted(_GROUP_CHARS[group])}, '')"
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
    debit = r"|\d\s*[Dd][Rr]\.?\s*$" if _are_sides(marks) else ""
    negative = rf"regexp_matches({{x}}, '^[^0-9]*[-−–({below}]|[-−–]\s*${debit}')"
    return (
        f"CASE WHEN regexp_matches({{x}}, {pattern}) AND {digits} NOT IN ('', '.') "
        f"THEN CASE WHEN {negative} THEN -({number}) ELSE {number} END END"
    )


def _re2(text: str) -> str:
    return re.sub(r"([\\.^$|?*+()\[\]{}/])", r"\\\1", text)
