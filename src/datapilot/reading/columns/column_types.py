"""Decide what one column is, from its cells and its name, with the reasons in words."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from datapilot.contracts.table import Column, DateOrder, InferredType, MlType, ReadingOptions
from datapilot.reading.columns.booleans import plan_boolean, plan_flag
from datapilot.reading.columns.dates import plan_date, plan_iso
from datapilot.reading.columns.digit_dates import DATE_WORDS, EPOCH_AND_PART
from datapilot.reading.columns.durations import plan_duration
from datapilot.reading.columns.entities import entities_of, has_entities, unescaped, unescaping_sql
from datapilot.reading.columns.evidence import ENOUGH, WHITESPACE, Evidence
from datapilot.reading.columns.feet_and_inches import plan_feet_and_inches
from datapilot.reading.columns.missing import strip
from datapilot.reading.columns.mixed_units import plan_mixed_units
from datapilot.reading.columns.number_kinds import (
    CODE_WORDS,
    ID_WORDS,
    LATITUDE_WORDS,
    LONGITUDE_WORDS,
    YEAR,
    name_number,
)
from datapilot.reading.columns.numbers import PERCENT, currencies, plan_number, plan_out_of, plan_plain
from datapilot.reading.columns.personal import find_personal, is_phone
from datapilot.reading.columns.plan import ANY_NUMBER, Plan
from datapilot.reading.columns.roles import SUMMED, role_of
from datapilot.reading.columns.text_kinds import plan_marked_text, plan_text
from datapilot.reading.columns.vulgar_fractions import plan_fractions
from datapilot.reading.late import late
from datapilot.reading.text_table import quoted
from datapilot.reading.vocabulary import marked_months, word_set

UNTOLD = ReadingOptions()
NO_NUMBERS = {
    mark: f"With the decimal {word} that you chose, the cells are no numbers."
    for mark, word in ((",", "comma"), (".", "point"))
}
SEVERAL_CURRENCIES = "The cells are amounts in several currencies"
SPELLED_OUT = word_set("names", "spelled_out")
# Arabic, Persian, Devanagari, Bengali, Thai and full-width digits.
_OTHER_TENS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９"
_OTHER, _LATIN = _OTHER_TENS + "٫٬٪", "0123456789" * (len(_OTHER_TENS) // 10) + ".,%"  # with the Arabic marks
_UNSEEN = "\u200e\u200f\u061c"  # turn the direction of writing, as beside the slashes of an Arabic date
_TO_LATIN = str.maketrans(_OTHER, _LATIN, _UNSEEN)
_MIDNIGHT = re.compile(
    r".*\d[T ]\s?(?:0?0:00(?::00(?:[.,]0+)?)?(?:\s?Z|\s?[+-]00:?00)?|12:00(?::00)?\s?AM)", re.IGNORECASE
)
BUDDHIST_AHEAD, FEWEST_BUDDHIST = 543, 3  # years ahead of ours, and different cells
_BUDDHIST_YEAR = re.compile(r"\b(?:24[5-9]\d|25\d{2})\b")  # 1907 to 2056
_BUDDHIST = re.compile(rf".{{0,24}}?{_BUDDHIST_YEAR.pattern}.{{0,24}}")
_COMMA_AND_THREE = re.compile(r"[+-]?\d{1,3},\d{3}")
_MARKED_MONTHS = marked_months()
_ANY_MARKED = "|".join(map(re.escape, _MARKED_MONTHS))
_MARKED_NAME = late(_ANY_MARKED)
_MARKED_MONTH = late(rf"[\d\s.,/'-]*(?:{_ANY_MARKED})[\d\s.,:/'-]*\d[\d\s.,:/'-]*")
_OUR_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OTHER_DIGITS = re.compile(rf"[^0-9]*[{_OTHER_TENS}][^0-9]*")


class FileHabits(NamedTuple):
    """What other columns of the file settle: the decimal mark and the order of day and month, None where open."""

    decimal: str | None = None
    date_order: DateOrder | None = None


def plan_column(evidence: Evidence, *, options: ReadingOptions, habits: FileHabits) -> Plan:
    """Return how to read the column's cells."""
    told = options.types.get(evidence.name)
    if told is not None:
        return _plan_as_told(evidence, told, options, habits)
    if not evidence.values:
        return Plan("empty", "VARCHAR", words="no cell holds anything", reasons=("No cell holds anything.",))
    if evidence.share(_OTHER_DIGITS) >= ENOUGH:
        return _plan_other_digits(evidence, options, habits)
    plan = (
        _plan_plain(evidence, options, habits)
        or _plan_marked_months(evidence, options, habits)
        or _plan_buddhist(evidence, options, habits)
        or plan_iso(evidence)
        or plan_fractions(evidence)
        or plan_feet_and_inches(evidence)
        or plan_boolean(evidence)
        or plan_marked_text(evidence)
        or plan_duration(evidence)
        or plan_date(evidence, date_order=options.date_order, file_order=habits.date_order)
        or _plan_numbers(evidence, options, habits)
        or plan_out_of(evidence)
        or plan_mixed_units(evidence, decimal=options.decimal, file_decimal=habits.decimal)
        or plan_text(evidence)
    )
    if plan.inferred_type in {"categorical", "text"} and plan.value is None and has_entities(evidence):
        plan = _plan_escaped(evidence, options, habits) or plan
    if plan.storage == "TIMESTAMP" and not evidence.is_native and evidence.share(_MIDNIGHT) == 1.0:
        return _as_days(plan)
    if plan.value is None and (kinds := currencies(evidence)):
        return plan.but(reasons=(f"{SEVERAL_CURRENCIES} ({', '.join(kinds[:8])}), which cannot be added up.",))
    if options.decimal and plan.value is None and (plan_plain(evidence) or _plan_numbers(evidence, UNTOLD, habits)):
        return plan.but(reasons=(NO_NUMBERS[options.decimal],))
    return plan


def _as_days(plan: Plan) -> Plan:
    """Return the plan for moments that all are midnights, as databases write days: a cell with another time, further
    down, refutes it."""

    def day(moment: str) -> str:
        return f"CASE WHEN CAST({moment} AS TIME) = TIME '00:00' THEN CAST({moment} AS DATE) END"

    other = plan.other and replace(plan.other, value=plan.other.value and day(plan.other.value), storage="DATE")
    return plan.but(
        storage="DATE", value=plan.value and day(plan.value), words=f"{plan.words}, always 00:00: days", other=other
    )


def _plan_other_digits(evidence: Evidence, options: ReadingOptions, habits: FileHabits) -> Plan:
    """Return the plan for cells whose digits are those of another script: that of the same in ours, or their text."""
    latin: Counter[str] = Counter()
    for text, count in evidence.values.items():
        latin[text.translate(_TO_LATIN)] += count
    plan = plan_column(replace(evidence, values=latin), options=options, habits=habits)
    if plan.value is None:
        return plan
    return _of_cells(plan, f"translate({{x}}, '{_OTHER}{_UNSEEN}', '{_LATIN}')", "in the digits of another script")


def _plan_escaped(evidence: Evidence, options: ReadingOptions, habits: FileHabits) -> Plan | None:
    """Return the plan for numbers or dates beside HTML escapes (`&euro; 12`); None where the texts stay texts."""
    meant = {text: strip(unescaped(text)) for text in evidence.values}
    plain: Counter[str] = Counter()
    for text, count in evidence.values.items():
        plain[meant[text]] += count
    if "" in plain or any(map(entities_of, plain)):
        return None
    plan = plan_column(replace(evidence, values=plain), options=options, habits=habits)
    if plan.value is None:
        return None
    read = unescaping_sql("{x}", {entity for text in evidence.values for entity in entities_of(text)})
    return _of_cells(plan, f"trim({read}, {quoted(WHITESPACE)})", "behind HTML escapes")


def _plan_buddhist(evidence: Evidence, options: ReadingOptions, habits: FileHabits) -> Plan | None:
    """Return the plan for dates whose years all lie 543 ahead, as Thailand counts them; None for any other cells."""
    if len(evidence.values) < FEWEST_BUDDHIST or evidence.share(_BUDDHIST) < 1.0:
        return None
    ours: Counter[str] = Counter()
    for text, count in evidence.values.items():
        ours[_BUDDHIST_YEAR.sub(lambda found: str(int(found[0]) - BUDDHIST_AHEAD), text, count=1)] += count
    shifted = replace(evidence, values=ours)
    plan = plan_iso(shifted) or plan_date(shifted, date_order=options.date_order, file_order=habits.date_order)
    if plan is None or plan.value is None:
        return None
    year = quoted(_BUDDHIST_YEAR.pattern)
    number = f"TRY_CAST(regexp_extract({{x}}, {year}) AS INTEGER) - {BUDDHIST_AHEAD}"
    said = f"years of the Buddhist era, {BUDDHIST_AHEAD} ahead of ours: 2567 is 2024"
    return _of_cells(plan, f"regexp_replace({{x}}, {year}, CAST({number} AS VARCHAR))", said)


def _plan_marked_months(evidence: Evidence, options: ReadingOptions, habits: FileHabits) -> Plan | None:
    """Return the plan for dates with the name of a month in Hindi, Bengali or Thai; None for any other cells."""
    if all(text.isascii() for text in evidence.values) or evidence.share(_MARKED_MONTH()) < ENOUGH:
        return None
    named: Counter[str] = Counter()
    found: set[str] = set()
    for text, count in evidence.values.items():
        if (match := _MARKED_NAME().search(text)) is not None:
            found.add(match[0])
        named[_MARKED_NAME().sub(lambda one: f" {_OUR_MONTHS[_MARKED_MONTHS[one[0]] - 1]} ", text).strip()] += count
    plan = plan_column(replace(evidence, values=named), options=options, habits=habits)
    if plan.inferred_type != "datetime":
        return None
    read = "{x}"
    for name in (name for name in _MARKED_MONTHS if name in found):
        read = f"replace({read}, {quoted(name)}, ' {_OUR_MONTHS[_MARKED_MONTHS[name] - 1]} ')"
    return _of_cells(plan, f"trim({read})", "month by its name in another script")


def _of_cells(plan: Plan, read: str, said: str) -> Plan:
    """Return the plan for cells that it fits once they are read by that SQL, and `said` with its words."""
    other = plan.other and replace(plan.other, value=plan.other.value and plan.other.value.replace("{x}", read))
    return plan.but(
        value=plan.value and plan.value.replace("{x}", read),
        only_if=plan.only_if and plan.only_if.replace("{x}", read),
        words=f"{plan.words}, {said}",
        other=other,
    )


def _plan_plain(evidence: Evidence, options: ReadingOptions, habits: FileHabits) -> Plan | None:
    if options.decimal == "," and not evidence.is_native:
        return None
    plan = plan_plain(evidence, file_decimal=habits.decimal)
    if plan is None:
        return None
    if plan.storage == "BIGINT" or evidence.words & DATE_WORDS or evidence.share(EPOCH_AND_PART) == 1.0:
        dated = plan_date(evidence, date_order=options.date_order, file_order=None)
        if dated is not None:
            return dated
    if is_phone(evidence):
        return Plan("phone", "VARCHAR", words="telephone numbers", reasons=("The name and the digits say telephone.",))
    return name_number(plan, evidence)


def _plan_numbers(evidence: Evidence, options: ReadingOptions, habits: FileHabits) -> Plan | None:
    decimal = options.decimal or ("," if _are_degrees(evidence) else None)
    plan = plan_number(evidence, decimal=decimal, file_decimal=habits.decimal)
    return name_number(plan, evidence) if plan is not None else None


def _are_degrees(evidence: Evidence) -> bool:
    """Whether the comma of `48,100` cannot part thousands: there are no thousands of degrees."""
    return bool(evidence.words & (LATITUDE_WORDS | LONGITUDE_WORDS)) and evidence.share(_COMMA_AND_THREE) == 1.0


def siblings(names: Sequence[str]) -> frozenset[str]:
    """Return the names that another column spells out: `Region` beside `Region Name`, `key_id` beside `key_text`."""
    told = {stem for name in names for stem in _stems(name, SPELLED_OUT)}
    return frozenset(name for name in names if {name.casefold(), *_stems(name, ID_WORDS | CODE_WORDS)} & told)


def _stems(name: str, endings: frozenset[str]) -> set[str]:
    """Return the name without its last word, where that is one of the endings."""
    stem, _, last = re.sub(r"[\s_.\-]+", " ", name.casefold()).strip().rpartition(" ")
    return {stem} if stem and last in endings else set()


def as_sibling(plan: Plan, evidence: Evidence) -> Plan:
    """Return the plan for a column that another one spells out: its whole numbers name what the other says."""
    if evidence.words & SUMMED:
        return plan
    if plan.inferred_type != "numeric" or plan.storage != "BIGINT" or plan.subtype is not None or plan.unit:
        return plan
    kind: InferredType = "categorical" if len(evidence.values) < 0.5 * evidence.cells else "identifier"
    reason = "Another column spells out what each number stands for."
    return plan.but(inferred_type=kind, subtype="code", words="codes", reasons=(reason,))


def as_shown(plan: Plan, mark: str) -> Plan:
    """Return the plan for numbers that the file shows as percent or in a currency, which their cells do not say."""
    if plan.inferred_type != "numeric" or plan.value is None or plan.subtype not in {None, "percent", "currency"}:
        return plan
    if mark != PERCENT:
        words = f"{plan.words}, shown in {mark} in the workbook"
        reason = f"The workbook shows the numbers in {mark}."
        return plan if plan.unit else plan.but(unit=mark, subtype="currency", words=words, reasons=(reason,))
    return plan.but(
        storage="DOUBLE",
        # 0.07 * 100 is 7.000000000000001; twelve places are right for all shares, and lose nothing of them.
        value=f"round(CAST({plan.value} AS DOUBLE) * 100, 12)",
        only_if=None,
        unit=PERCENT,
        subtype="percent",
        words=f"{plan.words}, shown as percent in the workbook: 0.25 is 25%",
        reasons=("The workbook shows the numbers as percent.",),
    )


def _plan_as_told(evidence: Evidence, told: InferredType, options: ReadingOptions, habits: FileHabits) -> Plan:
    """Return the plan for the type the user chose; cells that do not fit become misfits."""
    reasons = ("You chose this type.",)
    with_digits = Counter({text: count for text, count in evidence.values.items() if re.search(r"\d", text)})
    if told == "numeric":
        relaxed = replace(evidence, values=with_digits)
        plan = plan_plain(relaxed) or plan_number(relaxed, decimal=options.decimal, file_decimal=habits.decimal)
        plan = plan or Plan("numeric", "DOUBLE", ANY_NUMBER, "decimal point")
        return plan.but(inferred_type="numeric", reasons=reasons)
    if told == "datetime":
        relaxed = replace(evidence, name=evidence.name + " date", values=with_digits)
        plan = plan_iso(relaxed) or plan_date(relaxed, date_order=options.date_order, file_order=habits.date_order)
        if plan is None and relaxed.share(YEAR) >= 0.9:
            plan = Plan(
                "datetime",
                "DATE",
                "CASE WHEN length({x}) = 4 THEN TRY_CAST({x} || '-01-01' AS DATE) END",
                "years, as their first day",
                "year",
            )
        return (plan or Plan("datetime", "TIMESTAMP", "TRY_CAST({x} AS TIMESTAMP)", "year-month-day")).but(
            reasons=reasons
        )
    if told == "boolean":
        return (plan_boolean(evidence) or plan_flag()).but(reasons=reasons)
    return Plan(told, "VARCHAR", words="text as it stands", reasons=reasons)


def describe(plan: Plan, evidence: Evidence, ml_type: MlType) -> Column:
    """Return the column as the contract says it, with its role and the kind of personal data it holds."""
    is_number = plan.storage in {"BIGINT", "DOUBLE"}
    pii = find_personal(evidence, is_number=is_number, is_date=plan.inferred_type == "datetime")
    subtype = plan.subtype
    if pii in {"ip", "ssn", "card", "name", "address", "iban"} and subtype is None:
        subtype = pii
    inferred = plan.inferred_type
    if pii in {"card", "iban", "ssn", "national_id"}:
        inferred = "identifier"
    confidence = min(1.0, max(0.3, plan.fit)) if plan.other is None else 0.6
    if inferred in {"text", "categorical"} and evidence.cells < 5:
        confidence = min(confidence, 0.7)
    final = plan.but(inferred_type=inferred)
    return Column(
        name=evidence.name,
        inferred_type=inferred,
        storage=plan.storage,
        subtype=subtype,
        role=role_of(final, evidence),
        unit=plan.unit,
        pii=pii,
        ml_type=ml_type,
        confidence=round(confidence, 3),
        reasons=plan.reasons or (f"{evidence.cells:,} cells looked at read as: {plan.words}.",),
    )
