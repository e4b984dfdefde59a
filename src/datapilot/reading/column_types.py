"""Decide what one column is, from its cells and its name, with the reasons in words."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from datapilot.contracts.table import Column, DateOrder, InferredType, MlType, ReadingOptions
from datapilot.reading.booleans import plan_boolean, plan_flag
from datapilot.reading.dates import DATE_WORDS, EPOCH_AND_PART, YEAR, YEAR_WORDS, plan_date, plan_iso
from datapilot.reading.durations import DURATION_WORDS, plan_duration
from datapilot.reading.evidence import Evidence
from datapilot.reading.numbers import (
    CURRENCY_CODES,
    CURRENCY_SIGNS,
    PERCENT,
    POINT_ZERO_WORDS,
    UNITS,
    currencies,
    plan_number,
    plan_out_of,
    plan_plain,
)
from datapilot.reading.personal import (
    BARE_DOMAIN_PATH,
    EMAIL,
    IPV4,
    IPV6,
    MAILBOX,
    URL,
    UUID,
    find_personal,
    is_phone,
)  # fmt: skip
from datapilot.reading.plan import Plan
from datapilot.reading.roles import AVERAGED, SUMMED, names_a_group, role_of
from datapilot.reading.vocabulary import word_set

ENOUGH = 0.95
UNTOLD = ReadingOptions()
NO_NUMBERS = {
    mark: f"With the decimal {word} that you chose, the cells are no numbers."
    for mark, word in ((",", "comma"), (".", "point"))
}
FEWEST_NAMED = 12  # different values under a name such as `townid`; fewer under `lwid` may be widths
FEWEST_CODED = 30  # cells from which nothing but 1 and 2 are two codes rather than small counts
FEWEST_COUNTED = 30  # rows from which a run of whole numbers can be called their numbering
COUNTING_WORDS = frozenset({
    "age", "cycle", "day", "days", "distance", "epoch", "frame", "generation", "hour", "iteration", "lap", "level",
    "minute", "month", "period", "position", "quarter", "rank", "ranking", "round", "second", "step", "time", "trial",
    "week", "x", "year", "years",
})  # fmt: skip
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
_PLAIN_DECIMAL = re.compile(r"[+-]?\d*\.?\d+(?:[eE]-\d+)?")
SEVERAL_CURRENCIES = "The cells are amounts in several currencies"
FEW_CATEGORIES = 20
MANY_GROUPS = 100  # the states, districts or judges of a large table
LONG_TEXT_CHARACTERS = 60
LONG_TEXT_WORDS = 8
ID_WORDS = word_set("names", "id")
NUMBER_WORDS = word_set("names", "number")
NUMERALS = word_set("names", "numeral")  # at the end of a name they number things, in front of it they count them
NOT_IDS = word_set("names", "not_id")
MEASURED_BESIDE_ID = SUMMED - NUMERALS | {"rating", "score"}
SPELLED_OUT = word_set("names", "spelled_out")
CODE_WORDS = word_set("names", "code")
HAPPENED = word_set("names", "happened")
LATITUDE_WORDS = word_set("names", "latitude")
LONGITUDE_WORDS = word_set("names", "longitude")
_LIST = re.compile(r"\[[^\[\]{}]*\]|\([^()]*,[^()]*\)|\{[^{}:]*,[^{}:]*\}")
_AMOUNT_IN_BRACKETS = re.compile(r"\((?:\d{1,3}(?:[. '’\u00a0\u202f]?\d{3})*,\d{2}|\d{1,3}(?:,\d{3})+(?:\.\d+)?)\)")
_PAIR = re.compile(
    r"\(?\s*[+-]?\d{1,2}\.\d{2,}\s*[,; ]\s*[+-]?\d{1,3}\.\d{2,}\s*\)?|POINT\s*\([-\d. ]+\)", re.IGNORECASE
)
_DEGREES = re.compile(r"\d{1,3}\s?[°º\ufffd]\s?\d{1,2}\s?['′’].*")
_PART_YEAR = re.compile(YEAR.pattern + r"(?:[.,]\d{1,15})?")
_LATE_YEAR = re.compile(rf"{YEAR.pattern}|21\d{{2}}")  # projections reach 2100 and beyond
_CODE_SHAPE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]+(?:[-_/.:][A-Za-z0-9]+)*|[A-Z]{2,}[-_]?\d+|\d+(?:-\d+)+")
_SHORT_CODE = re.compile(r"[A-Z0-9]{2,5}")
_ENTITY = re.compile(
    r"&(?:#\d{2,5}|#x[0-9a-fA-F]{2,4}|amp|lt|gt|quot|apos|nbsp|[aeiouAEIOU](?:acute|grave|circ|uml|tilde)|[nN]tilde|[cC]cedil|szlig|ndash|mdash|rsquo|lsquo|ldquo|rdquo|hellip|copy|reg|trade|deg|euro|pound);"
)


# Arabic, Persian, Devanagari, Bengali and full-width digits, and the Arabic marks between them.
_OTHER = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯０１２３４５６７８９٫٬٪"
_LATIN = "0123456789" * 5 + ".,%"
_TO_LATIN = str.maketrans(_OTHER, _LATIN)
_OTHER_DIGITS = re.compile(rf"[^0-9]*[{_OTHER[:50]}][^0-9]*")


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
        or plan_iso(evidence)
        or plan_boolean(evidence)
        or _plan_marked_text(evidence)
        or plan_duration(evidence)
        or plan_date(evidence, date_order=options.date_order, file_order=habits.date_order)
        or _plan_numbers(evidence, options, habits)
        or plan_out_of(evidence)
        or _plan_text(evidence)
    )
    if plan.value is None and (kinds := currencies(evidence)):
        return plan.but(reasons=(f"{SEVERAL_CURRENCIES} ({', '.join(kinds[:8])}), which cannot be added up.",))
    if options.decimal and plan.value is None and (plan_plain(evidence) or _plan_numbers(evidence, UNTOLD, habits)):
        return plan.but(reasons=(NO_NUMBERS[options.decimal],))
    return plan


def _plan_other_digits(evidence: Evidence, options: ReadingOptions, habits: FileHabits) -> Plan:
    """Return the plan for cells whose digits are those of another script: that of the same in ours, or their text."""
    latin: Counter[str] = Counter()
    for text, count in evidence.values.items():
        latin[text.translate(_TO_LATIN)] += count
    plan = plan_column(replace(evidence, values=latin), options=options, habits=habits)
    if plan.value is None:
        return plan
    read = f"translate({{x}}, '{_OTHER}', '{_LATIN}')"
    other = plan.other and replace(plan.other, value=plan.other.value and plan.other.value.replace("{x}", read))
    return plan.but(
        value=plan.value.replace("{x}", read),
        only_if=plan.only_if and plan.only_if.replace("{x}", read),
        words=f"{plan.words}, in the digits of another script",
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
    return _name_number(plan, evidence)


def _plan_numbers(evidence: Evidence, options: ReadingOptions, habits: FileHabits) -> Plan | None:
    plan = plan_number(evidence, decimal=options.decimal, file_decimal=habits.decimal)
    return _name_number(plan, evidence) if plan is not None else None


def _name_number(plan: Plan, evidence: Evidence) -> Plan:
    """Say what the numbers are: years, identifiers, codes, coordinates, flags or quantities."""
    words = evidence.words
    whole = plan.storage == "BIGINT"
    if plan.words == POINT_ZERO_WORDS:
        evidence = replace(evidence, values=Counter({text[:-2]: count for text, count in evidence.values.items()}))
    texts = list(evidence.values)
    if plan.unit is not None:
        return plan.but(reasons=(f"The cells are numbers with “{plan.unit}”.",))
    unit, subtype = unit_of_name(evidence.name)
    if whole and _are_years(evidence):
        return plan.but(subtype="year", words="years", reasons=("The cells are years.",))
    if (
        not whole
        and evidence.share(_PART_YEAR) >= 0.99
        and plan.other is None
        and (words & (YEAR_WORDS | DATE_WORDS) or ("time" in words and _only_rises(texts)))
    ):
        reason = "The cells are years, with the part of the year behind the point."
        return plan.but(subtype="year", words="years and parts of years", reasons=(reason,))
    if not whole or _span(texts) <= 180:
        coordinate = _coordinate(evidence)
        if coordinate:
            return plan.but(
                inferred_type="location", subtype=coordinate, reasons=(f"The name and the range say {coordinate}.",)
            )
    if whole and _is_identifier(evidence):
        return plan.but(
            inferred_type="identifier",
            words="whole numbers that name things",
            reasons=(
                (
                    "The name says identifier and hardly a value repeats."
                    if _names_an_id(evidence) or words & NUMBER_WORDS
                    else "The values count the rows."
                ),
            ),
        )
    if whole and _names_an_id(evidence):
        return plan.but(
            inferred_type="identifier", words="whole numbers that name things", reasons=("The name says identifier.",)
        )
    if (
        whole
        and (words & CODE_WORDS or evidence.name.lower() in CODE_WORDS or _ends_in_code(evidence))
        and not words & {"count", "total", "sqft", "sq", "square", "size", "km"}
        and not _is_measured_area(evidence)
    ):
        kind: InferredType = (
            "categorical" if len(texts) < 0.5 * evidence.cells or len(texts) <= FEW_CATEGORIES else "identifier"
        )
        return plan.but(
            inferred_type=kind,
            subtype="code",
            words="codes",
            reasons=("The name says code: the digits name something.",),
        )
    if whole and names_a_group(evidence) and _are_few(evidence) and set(texts) != {"0", "1"}:
        return plan.but(
            inferred_type="categorical",
            subtype="code",
            words="codes",
            reasons=("The name says group, and few whole numbers occur: they name the groups.",),
        )
    if whole and set(texts) == {"0", "1"} and _is_flag(evidence):
        return plan_flag().but(reasons=("Only 0 and 1 occur.",))
    if whole and set(texts) == {"1", "2"} and evidence.cells >= FEWEST_CODED and not words & (SUMMED | AVERAGED):
        reason = "Only 1 and 2 occur: they name two groups."
        return plan.but(inferred_type="categorical", subtype="code", words="codes", reasons=(reason,))
    if not whole and are_fractions(evidence, says_percent=subtype == "percent"):
        said = f"{plan.words}, fractions of one: 0.25 is 25%"
        reason = "The name says percent or rate, and no cell is beyond one: the cells are fractions of one."
        return plan.but(unit=SHARE_OF_ONE, subtype="percent", words=said, reasons=(reason,))
    return plan.but(unit=unit, subtype=plan.subtype or subtype, reasons=(f"The cells are numbers: {plan.words}.",))


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


def _are_years(evidence: Evidence) -> bool:
    """True for years that the name announces, or that leave no doubt by themselves."""
    words, texts = evidence.words, list(evidence.values)
    if words & (YEAR_WORDS | DATE_WORDS) or any(word.endswith(("year", "jahr")) for word in words):
        return evidence.share(_LATE_YEAR) >= 0.99
    if words & HAPPENED and not words & {"count", "number"}:
        return len(texts) >= 3 and evidence.share(YEAR) >= 0.99
    if evidence.share(YEAR) < 0.99 or len(texts) < 3:
        return False
    return ("time" in words and _only_rises(texts)) or (_is_year_run(texts) and not words & {"count", "amount"})


def _only_rises(texts: Sequence[str]) -> bool:
    """True for numbers each of which is above the one before, as the time of a series is."""
    numbers = [float(text.replace(",", ".")) for text in texts]
    return len(numbers) > 2 and all(one < other for one, other in pairwise(numbers))


def _names_an_id(evidence: Evidence) -> bool:
    """True where the name's last word says identifier, or another one does and no word says what is measured."""
    last = next((word for word in reversed(evidence.spelled) if word not in NUMERALS), "")
    if last in ID_WORDS:
        return True
    if re.fullmatch(r"[a-z]{1,10}id", last) and last not in NOT_IDS and len(evidence.values) >= FEWEST_NAMED:
        return True
    return bool(evidence.words & ID_WORDS) and not evidence.words & MEASURED_BESIDE_ID


def _ends_in_code(evidence: Evidence) -> bool:
    """True for `countrycode` and `ccode2`, written as one word."""
    return bool(evidence.spelled) and bool(re.fullmatch(r"[a-z]{1,12}codes?", evidence.spelled[-1]))


def _are_few(evidence: Evidence) -> bool:
    """True for a handful of values, or some dozen that come back again and again."""
    distinct = len(evidence.values)
    return distinct <= FEW_CATEGORIES or (distinct <= MANY_GROUPS and distinct <= 0.2 * evidence.cells)


def _is_flag(evidence: Evidence) -> bool:
    """True unless the name says that things are counted, and nearly always there are none."""
    return not evidence.words & SUMMED or evidence.values["1"] >= 0.02 * evidence.cells


def _is_measured_area(evidence: Evidence) -> bool:
    return "area" in evidence.words and "code" not in evidence.words


def _is_year_run(texts: list[str]) -> bool:
    years = sorted({int(text) for text in texts if text.isdecimal()})
    return (
        bool(years)
        and years[0] >= 1900
        and years[-1] <= 2100
        and years[-1] - years[0] <= 3 * len(years)
        and len(years) >= 3
    )


def _span(texts: list[str]) -> float:
    try:
        return max(abs(float(text.replace(",", "."))) for text in texts[:2000])
    except ValueError:
        return float("inf")


def _coordinate(evidence: Evidence) -> str | None:
    words = evidence.words if evidence.spelled[-1:] == ("long",) else evidence.words - {"long"}  # “long term” is none
    span = _span(list(evidence.values))
    if (words & LATITUDE_WORDS or any(word.endswith("latitude") for word in words)) and span <= 90:
        return "latitude"
    if (words & LONGITUDE_WORDS or any(word.endswith("longitude") for word in words)) and span <= 180:
        return "longitude"
    return None


def _is_identifier(evidence: Evidence) -> bool:
    texts, cells = evidence.values, evidence.cells
    if len(texts) < 0.98 * cells or cells < 2:
        return False
    spelled = evidence.spelled
    things = evidence.words & (NUMBER_WORDS - NUMERALS | {"rownum", "index"}) - MEASURED_BESIDE_ID
    if _names_an_id(evidence) or evidence.name.strip() == "#" or (things and not evidence.words & MEASURED_BESIDE_ID):
        return True
    is_counted = evidence.words & {"of", "total", "yes"} or spelled.count("no") > 1
    if spelled and spelled[-1] in NUMERALS and not is_counted:
        return True
    # A name that says nothing and values that count the rows: an index that was exported with the table.
    unnamed = not evidence.name or bool(
        re.fullmatch(r"column_\d+|unnamed.*|index|row|#|s\.?no\.?|sl", evidence.name.lower())
    )
    if not unnamed:
        return _counts_the_rows(evidence)
    numbers = sorted(int(text) for text in texts if re.fullmatch(r"\d+", text))
    return len(numbers) > 2 and numbers[0] in {0, 1}


def _counts_the_rows(evidence: Evidence) -> bool:
    """True for 1, 2, 3, … down the file, or from 0 on: the row's number, whatever its name (respondent, participant).
    Steps of time, ages and ranks go up by one as well, but are measured."""
    if (
        evidence.cells < FEWEST_COUNTED
        or len(evidence.values) < evidence.cells
        or evidence.words & (COUNTING_WORDS | SUMMED)
    ):
        return False
    numbers = [int(text) for text in evidence.values if text.isdecimal()]
    if len(numbers) < evidence.cells or numbers[0] not in {0, 1}:
        return False
    first = numbers[:FEWEST_COUNTED]
    return first == list(range(first[0], first[0] + FEWEST_COUNTED)) and numbers == sorted(numbers)


def _plan_marked_text(evidence: Evidence) -> Plan | None:
    """Texts whose make alone says what they are."""
    share = evidence.share
    if share(EMAIL) + share(MAILBOX) >= 0.9:
        return Plan("email", "VARCHAR", words="e-mail addresses", reasons=("The cells are e-mail addresses.",))
    if share(URL) >= 0.9 or (share(URL) + share(BARE_DOMAIN_PATH) >= ENOUGH):
        return Plan("url", "VARCHAR", words="web addresses", reasons=("The cells are web addresses.",))
    if (share(IPV4) >= ENOUGH and not evidence.words & {"version", "release", "firmware", "build"}) or share(
        IPV6
    ) >= ENOUGH:
        return Plan(
            "identifier", "VARCHAR", words="IP addresses", subtype="ip", reasons=("The cells are IP addresses.",)
        )
    if share(UUID) >= ENOUGH:
        return Plan("identifier", "VARCHAR", words="UUIDs", subtype="uuid", reasons=("The cells are UUIDs.",))
    if _json_share(evidence) >= ENOUGH:
        return Plan("json", "VARCHAR", words="JSON documents", reasons=("The cells are JSON objects or arrays.",))
    if share(_PAIR) >= ENOUGH or share(_DEGREES) >= ENOUGH:
        return Plan(
            "location",
            "VARCHAR",
            words="coordinates",
            subtype="coordinates",
            reasons=("The cells are pairs of coordinates.",),
        )
    if share(_LIST) >= ENOUGH and share(_AMOUNT_IN_BRACKETS) < ENOUGH:
        return Plan("list", "VARCHAR", words="lists", reasons=("Each cell holds several values in brackets.",))
    if is_phone(evidence):
        return Plan("phone", "VARCHAR", words="telephone numbers", reasons=("The cells are telephone numbers.",))
    return None


def _json_share(evidence: Evidence) -> float:
    candidates = [text for text in evidence.values if text[:1] == "{" and text[-1:] == "}"]
    if not candidates:
        candidates = [text for text in evidence.values if text[:2] in {"[{", "[["} and text[-1:] == "]"]
    if len(candidates) < 0.9 * len(evidence.values):
        return 0.0
    good = 0
    for text in candidates[:200]:
        try:
            json.loads(text)
            good += 1
        except (ValueError, RecursionError):
            continue
    return good / len(candidates[:200])


def _plan_text(evidence: Evidence) -> Plan:
    """Texts of no particular make: labels, codes, identifiers or prose, told apart by length and repetition."""
    texts, cells, words = evidence.values, evidence.cells, evidence.words
    distinct = len(texts)
    mean_length = sum(len(text) * count for text, count in texts.items()) / cells
    mean_words = sum((text.count(" ") + 1) * count for text, count in texts.items()) / cells
    zero_padded = (
        sum(c for t, c in texts.items() if re.fullmatch(r"0\d+", t)) > 0 and evidence.share(re.compile(r"\d+")) >= 0.9
    )
    if zero_padded or (words & CODE_WORDS and evidence.share(re.compile(r"[\w.\-/ ]{1,12}")) >= 0.9):
        kind: InferredType = "identifier" if distinct > 0.9 * cells and distinct > FEW_CATEGORIES else "categorical"
        why = "Leading zeros would be lost in a number." if zero_padded else "The name says code."
        return Plan(kind, "VARCHAR", words="codes, kept as text", subtype="code", reasons=(why,))
    coded = evidence.share(_CODE_SHAPE) >= 0.9
    if words & ID_WORDS and (coded or distinct > 0.5 * cells) and mean_words < 2:
        return Plan("identifier", "VARCHAR", words="identifiers", reasons=("The name says identifier.",))
    if coded and distinct > 0.95 * cells and cells >= 10 and mean_length >= 4:
        return Plan(
            "identifier", "VARCHAR", words="identifiers", reasons=("Codes of letters and digits that do not repeat.",)
        )
    if evidence.share(_SHORT_CODE) >= ENOUGH and distinct > 0.9 * cells and cells >= FEW_CATEGORIES:
        return Plan(
            "identifier", "VARCHAR", words="codes", subtype="code", reasons=("Short codes that do not repeat.",)
        )
    if _is_list(evidence):
        return Plan("list", "VARCHAR", words="lists", reasons=("Most cells hold several values with a separator.",))
    if (mean_words >= LONG_TEXT_WORDS and distinct > 0.3 * cells) or (
        mean_length > 2 * LONG_TEXT_CHARACTERS and distinct > FEW_CATEGORIES
    ):
        return Plan("text", "VARCHAR", reasons=("Long texts that hardly repeat.",))
    if (distinct <= FEW_CATEGORIES and (distinct < cells or cells <= 5)) or distinct <= 0.5 * cells:
        return Plan(
            "categorical",
            "VARCHAR",
            words="labels as they stand",
            reasons=(
                f"{distinct:,} labels in {cells:,} cells looked at."
                if distinct > 1
                else "One label; other cells are blank.",
            ),
        )
    return Plan("text", "VARCHAR", reasons=("Texts that hardly repeat.",))


def _is_list(evidence: Evidence) -> bool:
    """True when the cells are short items joined by a separator, and the items recur."""
    if evidence.words & {
        "address",
        "name",
        "description",
        "notes",
        "note",
        "comment",
        "title",
        "city",
        "location",
        "capital",
    }:
        return False
    for separator in ("|", ";", ","):
        joined = {t: c for t, c in evidence.values.items() if separator in t}
        if sum(joined.values()) < 0.4 * evidence.cells:
            continue
        items: Counter[str] = Counter()
        longest = 0
        for text, count in evidence.values.items():
            parts = [part.strip() for part in text.split(separator)]
            longest = max(longest, len(parts))
            items.update(dict.fromkeys(parts, count))
        short = sum(len(item) <= 30 and item.count(" ") <= 3 for item in items) >= 0.9 * len(items)
        if short and longest >= 3 and len(items) < 0.5 * sum(len(t.split(separator)) for t in joined):
            return True
    return False


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


_PRICES = frozenset({"price", "cost", "fee", "tariff", "preis", "kosten", "prix", "precio", "prezzo"})


_TIMES = {
    "seconds": "seconds", "minutes": "minutes", "hours": "hours", "days": "days", "weeks": "weeks", "months": "months",
    "years": "years", "secs": "seconds", "mins": "min", "hrs": "hours", "yrs": "years",
}  # fmt: skip
_SHORT_TIMES = {"min": "min", "sec": "seconds", "s": "seconds", "hr": "hours", "h": "hours"}
_LENGTHS = DURATION_WORDS | {"time", "wait", "waiting", "delay", "response", "travel", "ride"}


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
            return candidate, "unit"
        # Beside a word for a length of time "min" is a minute; alone it is the least of something.
        times = _TIMES | (_SHORT_TIMES if _LENGTHS & {part.lower() for part in parts[:-1]} else {})
        if not bracket and candidate.lower() in times:
            return times[candidate.lower()], None  # how it is aggregated, its other words say: hours worked add up
    if re.search(r"\$\s*$", name):
        return "$", "currency"
    if re.search(r"[€£¥%]\s*$", name.strip()):
        sign = name.strip()[-1]
        return sign, "percent" if sign == "%" else "currency"
    return None, None


def _plan_as_told(evidence: Evidence, told: InferredType, options: ReadingOptions, habits: FileHabits) -> Plan:
    """Return the plan for the type the user chose; cells that do not fit become misfits."""
    reasons = ("You chose this type.",)
    if told == "numeric":
        relaxed = Evidence(
            evidence.name,
            Counter({t: c for t, c in evidence.values.items() if re.search(r"\d", t)}),
            evidence.missing,
            evidence.blanks,
            evidence.is_native,
        )
        plan = plan_plain(relaxed) or plan_number(relaxed, decimal=options.decimal, file_decimal=habits.decimal)
        value = "CASE WHEN isfinite(TRY_CAST({x} AS DOUBLE)) THEN TRY_CAST({x} AS DOUBLE) END"
        return (plan or Plan("numeric", "DOUBLE", value, "decimal point")).but(inferred_type="numeric", reasons=reasons)
    if told == "datetime":
        relaxed = Evidence(
            evidence.name + " date",
            Counter({t: c for t, c in evidence.values.items() if re.search(r"\d", t)}),
            evidence.missing,
            evidence.blanks,
            evidence.is_native,
        )
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


def has_entities(evidence: Evidence) -> bool:
    """True when texts carry HTML escapes such as `&amp;`, left there by an export from a web page."""
    return any("&" in text and _ENTITY.search(text) for text in evidence.values)
