"""Read numbers as people write them: marks, groups, currencies, units, percent, brackets, thousands and millions."""

import re
from collections import Counter
from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from datapilot.reading.columns.evidence import ENOUGH, Evidence
from datapilot.reading.columns.number_sql import (
    CONVENTIONS,
    GROUP_CHARS,
    SCALES,
    are_sides,
    bare_sql,
    marked_sql,
    number_sql,
    pattern_of,
    value_of,
)
from datapilot.reading.columns.plan import ANY_NUMBER, IS_COMPUTABLE, OtherReading, Plan
from datapilot.reading.text_table import quoted
from datapilot.reading.vocabulary import currency_signs, word_set

PERCENT = "%"
_GROUP_OR_DECIMAL = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})?")  # 1.234 may be either, 0.123 and 1.5 may not
RARE_COMMAS = 0.1
# Programs that know missing numbers only among decimals write 3 as 3.0.
_POINT_ZERO = re.compile(r"(?:0|-?[1-9]\d{0,14})\.0")
POINT_ZERO_WORDS = "whole numbers written with a point and a zero"
INTEGER = re.compile(r"0|-?[1-9]\d{0,17}")
DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
CURRENCY_SIGNS = currency_signs()
CURRENCY_CODES = word_set("numbers", "currency_codes")
UNITS = word_set("numbers", "units")
# Spaces are never given back (`*+`): trying all ways to part a long run of them would take hours.
_NUMBER = re.compile(
    r"""(?P<open>\()?\s*+(?P<sign>[+\-−–▲▼△▽↑↓])?\s*+
        (?P<prefix>[A-Z]{3}(?=[\s\d])|US\$|R\$|C\$|A\$|Rs\.?|[$€£¥￥₹₽₩₺₫฿₪₴₦₱₡₲₵₸₮₼₾]|~|<|>|≈|kr)?\s*+
        (?P<sign2>[+\-−–])?\s*+(?P<open2>\()?
        (?P<body>\d(?:[\d.,'’\u00a0\u2009\u202f ]*\d)?[.,]?|[.,]\d+)
        (?P<exponent>[eE][+\-]?\d{1,3})?
        (?P<only>/[-=])?(?P<gap>[\s\u00a0]*+)
        (?P<suffix>[^\d\s()\-−–][^\d()]{0,14}?|[mk]m?[23²³])?\s*+
        (?P<trail>[-−–])?\s*+(?P<close>\))?""",
    re.VERBOSE,
)
UP, DOWN = "▲△↑", "▼▽↓"  # beside each other they say more and less; alone ▲ and △ are a minus, as in Japan
ARROWS = frozenset(UP + DOWN)
_OUT_OF = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?) (?:out of|von|sur) (\d{1,3})(?: [^\d\s]{1,12})?", re.IGNORECASE)
_GROUP_NAMES = {",": "comma", ".": "point", " ": "space", "'": "apostrophe"}
_FLAG_LETTERS = re.compile(r"[bcdefnprsuz]{1,2}")  # as statistical offices use them (SDMX code list of statuses)
_FOOTNOTE = re.compile(r"[*†‡§#¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3}|\[[a-z]\]")
_NO_UNIT = re.compile(r"[\[\]{}:;|<>=]|^[A-Z]\S* [A-Z]")  # a bracket that was cut off, the name of a street
_APART = re.compile(r"[+-]\s")  # the engine reads no sign that stands apart
LONGEST_NUMBER = 18  # digits that the engine's whole numbers hold for certain
_LONG_DIGITS = re.compile(rf"-?[1-9]\d{{{LONGEST_NUMBER},}}")


class _Number(NamedTuple):
    body: str
    mark: str  # currency, unit or percent as written, "" for none
    scale: str
    is_dressed: bool  # brackets, trailing minus, typographic minus, exponent


def plan_plain(evidence: Evidence, *, file_decimal: str | None = None) -> Plan | None:
    """Return the plan for a column whose cells the engine's own parser reads: integers and decimals with a point."""
    whole = evidence.share(INTEGER)
    if evidence.is_native and whole >= ENOUGH and evidence.share(DECIMAL) > whole:
        return Plan("numeric", "DOUBLE", ANY_NUMBER, "decimal point", only_if=IS_COMPUTABLE)
    if whole >= (1.0 if not evidence.is_native else ENOUGH):
        # The text must come back from the number, so that 007, 1e3 and 1.7 are never taken for whole numbers.
        only_if = "CAST({v} AS VARCHAR) = {x}"
        return Plan("numeric", "BIGINT", "TRY_CAST({x} AS BIGINT)", "whole numbers", only_if=only_if)
    if not evidence.is_native and evidence.share(_POINT_ZERO) == 1.0:
        value = "TRY_CAST(TRY_CAST({x} AS DOUBLE) AS BIGINT)"
        return Plan("numeric", "BIGINT", value, POINT_ZERO_WORDS, only_if="{v} = TRY_CAST({x} AS DOUBLE)")
    if evidence.share(DECIMAL) < 1.0 or _has_codes(evidence):
        return None
    plan = Plan("numeric", "DOUBLE", ANY_NUMBER, "decimal point", only_if=IS_COMPUTABLE)
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
    if are_flags := marks_allowed is None:
        marks_allowed = _flags(parsed, marks)
    if marks_allowed is None:
        return None
    bodies = Counter[str]()
    for text, number in parsed.items():
        if number.mark in marks_allowed:
            bodies[number.body] += evidence.values[text]
    if bodies.total() < ENOUGH * evidence.cells:
        return None
    convention, rival = convention_of(bodies, decimal=decimal, file_decimal=file_decimal)
    if convention is None:
        return None
    written = _Written(
        evidence,
        parsed,
        allowed=marks_allowed,
        scales=sorted((scale for scale in scales if scale), key=len, reverse=True),
        bodies=bodies,
        convention=convention,
        are_flags=are_flags,
    )
    return _plan(written, rival=rival)


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
        or match["only"]  # "Rs. 500/-": five hundred and no paise
        or (match["sign"] or match["sign2"] or "") in {"−", "–", *ARROWS}
    )
    return _Number(match["body"], prefix or suffix, scale, dressed)


def _allowed_marks(marks: Counter[str]) -> frozenset[str] | None:
    """Return the one mark of the column, with and without which its numbers may stand; None when they differ."""
    named = {mark: count for mark, count in marks.items() if mark}
    if not named:
        return frozenset({""})
    if are_sides(named) and marks[""] < 0.05 * marks.total():
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
    if not known and (count < 3 or count < 0.99 * marks.total() or len(main) > 12 or _NO_UNIT.search(main)):
        return None
    if main == "%" or count > 0.5 * marks.total():
        return (
            frozenset({"", *family})
            if main in {"%", "‰"}
            else frozenset(family | ({""} if marks[""] < 0.05 * marks.total() else set()))
        )
    return None


def _flags(parsed: dict[str, _Number], marks: Counter[str]) -> frozenset[str] | None:
    """Return the marks where they only flag some of the numbers: `12.3 p` is provisional, `140*` has a footnote. Most
    numbers have none; letters stand apart, because 12b is a house."""
    named = {mark for mark in marks if mark}
    letters = {mark for mark in named if _FLAG_LETTERS.fullmatch(mark)}
    if marks[""] < 0.5 * marks.total() or not all(map(_FOOTNOTE.fullmatch, named - letters)):
        return None
    if any(number.mark in letters and text[-len(number.mark) - 1] not in " \u00a0" for text, number in parsed.items()):
        return None
    return frozenset({"", *named})


def currency_of(mark: str) -> str | None:
    """Return the sign or code by which the currency that the mark stands for is known; None for no currency."""
    if mark in CURRENCY_SIGNS:
        return CURRENCY_SIGNS[mark]
    return mark if mark in CURRENCY_CODES else None


def convention_of(
    bodies: Counter[str], *, decimal: str | None, file_decimal: str | None
) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """Return the (decimal, group) marks that most cells obey, and a rival that as many obey with another meaning."""
    fits = {c: sum(n for body, n in bodies.items() if pattern_of(c).fullmatch(body)) for c in CONVENTIONS}
    allowed = [c for c in CONVENTIONS if decimal is None or c[0] == decimal]
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
            bool(c[1]) and not any(ch in body for body in bodies for ch in GROUP_CHARS[c[1]]),
            CONVENTIONS.index(c),
        )

    chosen = min(tied, key=rank)
    settled = decimal is not None or chosen[0] == file_decimal
    rivals = [c for c in ([] if settled else allowed) if fits[c] >= best and _differs(bodies, chosen, c)]
    return chosen, (rivals[0] if rivals else None)


def _differs(bodies: Counter[str], first: tuple[str, str], second: tuple[str, str]) -> bool:
    """True when some cell is a number by both conventions, and another one by each."""
    values = [(value_of(body, first), value_of(body, second)) for body in bodies if not body.isdigit()]
    return any(one != other and isfinite(one) and isfinite(other) for one, other in values)


class _Written(NamedTuple):
    """How the numbers of a column are written. `allowed` are the marks that may stand at one ("" for none), which
    `are_flags` where they say something of single numbers and are no unit; `scales` the longest first; `bodies` counts
    the digits with their decimal and group marks, of cells with an allowed mark."""

    evidence: Evidence
    parsed: dict[str, _Number]
    allowed: frozenset[str]
    scales: list[str]
    bodies: Counter[str]
    convention: tuple[str, str]
    are_flags: bool

    @property
    def marks(self) -> list[str]:
        return sorted(mark for mark in self.allowed if mark)

    @property
    def has_fractions(self) -> bool:
        """Whether a value need not be whole."""
        has_exponent = any(number.is_dressed and "e" in text.lower() for text, number in self.parsed.items())
        return self.has_decimals or bool(self.scales) or has_exponent

    @property
    def has_decimals(self) -> bool:
        return any(self.convention[0] in body for body in self.bodies)

    @property
    def below_zero(self) -> str:
        """The arrows that stand for a minus."""
        return _below_zero(list(self.parsed))


def _plan(written: _Written, *, rival: tuple[str, str] | None) -> Plan:
    whole = not written.has_fractions
    unit, subtype = _unit_of(written)
    fitting = (
        written.evidence.values[text]
        for text, number in written.parsed.items()
        if number.mark in written.allowed and pattern_of(written.convention).fullmatch(number.body)
    )
    return Plan(
        "numeric",
        "BIGINT" if whole else "DOUBLE",
        _value_sql(written, whole=whole),
        _in_words(written, subtype),
        subtype,
        unit,
        sum(fitting) / written.evidence.cells,
        other=None if rival is None else _other_reading(written, rival),
    )


def _value_sql(written: _Written, *, whole: bool) -> str:
    """Return the cheapest SQL that reads every cell: bare digits, one mark at one end, or any dress."""
    marks, scales, numbers = written.marks, written.scales, written.parsed.values()
    if not marks and not scales and not any(number.is_dressed for number in numbers):
        return bare_sql(written.convention, written.bodies, whole=whole)
    if len(marks) == 1 and not scales and all(number.mark == marks[0] for number in numbers):
        sql = marked_sql(written.convention, written.bodies, list(written.parsed), marks[0], whole=whole)
        if sql is not None:
            return sql
    return number_sql(written.convention, marks, scales, whole=whole, below=written.below_zero)


_IN_TENS = frozenset({"age", "ages", "decade", "decades", "generation", "alter", "edad"})


def _unit_of(written: _Written) -> tuple[str | None, str | None]:
    """Return the unit that the marks stand for and its subtype: currency, percent or unit."""
    marks = written.marks
    if not marks or are_sides(marks) or marks == ["+"]:  # "500+" is 500 or more, and no unit
        return None, None
    if written.are_flags or all(map(_FOOTNOTE.fullmatch, marks)):
        return None, None
    if (
        marks == ["s"]
        and written.evidence.words & _IN_TENS
        and all(number.body.endswith("0") for number in written.parsed.values())
    ):
        return None, None  # people in their 40s, and no seconds
    currency = currency_of(marks[0])
    if currency is not None:
        return currency, "currency"
    cells: Counter[str] = Counter()
    for text, number in written.parsed.items():
        cells[number.mark] += written.evidence.values[text]
    unit = max(marks, key=lambda mark: cells[mark])
    if unit not in UNITS and _FLAG_LETTERS.fullmatch(unit):
        return None, None  # every figure of the column is provisional, or estimated
    return unit, "percent" if unit in {"%", "‰"} else "unit"


def _in_words(written: _Written, subtype: str | None) -> str:
    """Return how the numbers are written, as the receipt says it."""
    decimal, group = written.convention
    words = [f"decimal {'comma' if decimal == ',' else 'point'}" if written.has_decimals else "whole numbers"]
    if group and any(ch in body for body in written.bodies for ch in GROUP_CHARS[group]):
        words.append(f"thousands {_GROUP_NAMES[group]}")
    if written.marks:
        marks = f"{'flag' if written.are_flags else 'mark'} {', '.join(written.marks)}"
        taken_off = "percent sign" if subtype == "percent" else marks
        words.append(f"{taken_off} taken off")
    if written.scales:
        words.append(f"{', '.join(written.scales)} multiplied out")
    if are_sides(written.marks):
        words.append("Dr is negative")
    if written.below_zero:
        words.append(f"{written.below_zero[0]} is negative")
    if any(text.endswith(")") for text in written.parsed):
        words.append("brackets are negative")
    return ", ".join(words)


def _other_reading(written: _Written, rival: tuple[str, str]) -> OtherReading:
    chosen = written.convention
    example = next(body for body in written.bodies if _differs(Counter([body]), chosen, rival))
    here, there = (f"{value_of(example, convention):,.10g}" for convention in (chosen, rival))
    return OtherReading(
        question=f"Is {example} {here} or {there}?",
        chosen=here,
        other=there,
        value=number_sql(rival, written.marks, written.scales, whole=False, below=written.below_zero),
        storage="DOUBLE",
        option={"decimal": rival[0]},
    )


def _below_zero(texts: Sequence[str]) -> str:
    """Return which arrows in front of the column's numbers stand for a minus."""
    arrows = {text[0] for text in texts} & ARROWS
    is_direction = bool(arrows & set(DOWN)) or all(text[0] in ARROWS or text[:1] == "0" for text in texts)
    return "".join(sorted(arrows & set(DOWN if is_direction else UP)))
