"""Say what a column's numbers are, from the numbers and its name: years, identifiers, codes, coordinates, flags or
quantities. How they are written is decided in `numbers`."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from datapilot.contracts.table import InferredType
from datapilot.reading.columns.booleans import plan_flag
from datapilot.reading.columns.digit_dates import DATE_WORDS
from datapilot.reading.columns.evidence import Evidence
from datapilot.reading.columns.numbers import POINT_ZERO_WORDS
from datapilot.reading.columns.plan import Plan
from datapilot.reading.columns.roles import AVERAGED, SEXES, SUMMED, names_a_group
from datapilot.reading.columns.units_in_names import SHARE_OF_ONE, are_fractions, unit_of_name
from datapilot.reading.vocabulary import word_set
from datapilot.words.labels import KNOWN_BY_NUMBER, is_row_name

FEWEST_NAMED = 12  # different values under a name such as `townid`; fewer under `lwid` may be widths
NUMBERED_FROM_ZERO = word_set("names", "year") | {"season", "cluster", "fold", "wave", "phase", "quarter", "semester"}
# Names of groups that nobody answers with yes; where the name says more, one may: `new_type`.
NAMED_FROM_ZERO = SEXES | {
    "race", "ethnicity", "species", "class", "type", "group", "grp", "category", "region", "party", "team", "color",
    "colour", "location", "site", "industry", "nationality", "country", "state", "city", "zone",
}  # fmt: skip
ANSWERED = frozenset({"is", "has", "same", "known", "other", "change", "changed", "mixed"})
FEWEST_CODED = 30  # cells from which nothing but 1 and 2 are two codes rather than small counts
FEWEST_COUNTED = 30  # rows from which a run of whole numbers can be called their numbering
COUNTED_THINGS = word_set("names", "numbered") | {"applicant", "candidate", "participant", "visitor", "donor", "pupil"}
COUNTING_WORDS = frozenset({
    "age", "cycle", "day", "days", "distance", "epoch", "frame", "generation", "hour", "iteration", "lap", "level",
    "minute", "month", "period", "position", "quarter", "rank", "ranking", "round", "second", "step", "time", "trial",
    "week", "x", "year", "years",
})  # fmt: skip
FEW_CATEGORIES = 20
MANY_GROUPS = 100  # the states, districts or judges of a large table
ID_WORDS = word_set("names", "id")
NUMBER_WORDS = word_set("names", "number")
NUMERALS = word_set("names", "numeral")  # at the end of a name they number things, in front of it they count them
NOT_IDS = word_set("names", "not_id")
MEASURED_BESIDE_ID = SUMMED - NUMERALS | {"rating", "score", "events", "results", "metrics"}
CODE_WORDS = word_set("names", "code")
CENTRES = ("centre", "center", "centres", "centers")  # of costs: accounts, known by their numbers
SHORT_CODES, LEAST_CODE = frozenset({"hs", "cp", "cap"}), 1_000  # two letters may also be initials of what is counted
SIZE_WORDS = frozenset({"count", "total", "sqft", "sq", "square", "size", "km"})  # beside which a code word is none
HAPPENED = word_set("names", "happened")
LATITUDE_WORDS = word_set("names", "latitude")
LONGITUDE_WORDS = word_set("names", "longitude")
FEWEST_DAYS = 3  # different ones
_DAY_AND_MONTH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])")
_CODED_IN_ONE = re.compile(r"[a-z]{1,12}codes?|[a-zäöü]{0,16}schlüssel")
YEAR_WORDS = word_set("names", "year")
YEAR = re.compile(r"(?:1[5-9]|20)\d{2}")
_PART_YEAR = re.compile(YEAR.pattern + r"(?:[.,]\d{1,15})?")
_LATE_YEAR = re.compile(rf"{YEAR.pattern}|21\d{{2}}")  # projections reach 2100 and beyond


def name_number(plan: Plan, evidence: Evidence) -> Plan:
    """Say what the numbers are: years, identifiers, codes, coordinates, flags or quantities."""
    if plan.words == POINT_ZERO_WORDS:
        evidence = replace(evidence, values=Counter({text[:-2]: count for text, count in evidence.values.items()}))
    if plan.unit is not None:
        return plan.but(reasons=(f"The cells are numbers with “{plan.unit}”.",))
    readings: tuple[Callable[[Plan, Evidence], Plan | None], ...]
    if plan.storage == "BIGINT":
        readings = (
            _as_years,
            _as_days_of_a_year,
            _as_coordinate,
            _as_identifier,
            _as_code,
            _as_group,
            _as_flag,
            _as_one_of_two,
        )
    else:
        readings = (_as_parts_of_years, _as_coordinate, _as_fractions)
    found = next(filter(None, (reading(plan, evidence) for reading in readings)), None)
    return found or _as_quantity(plan, evidence)


def _as_years(plan: Plan, evidence: Evidence) -> Plan | None:
    if not _are_years(evidence):
        return None
    return plan.but(subtype="year", words="years", reasons=("The cells are years.",))


def _as_days_of_a_year(plan: Plan, evidence: Evidence) -> Plan | None:
    """105 and 1703 below "Belegdatum": day and month, the year of which stands elsewhere."""
    says_date = evidence.words & DATE_WORDS or any(word.endswith(("date", "datum")) for word in evidence.words)
    if not says_date or len(evidence.values) < FEWEST_DAYS or evidence.share(_DAY_AND_MONTH) < 1.0:
        return None
    reason = "The name says date, and all digits are a day and a month without a year."
    return plan.but(inferred_type="categorical", subtype="code", words="day and month", reasons=(reason,))


def _as_parts_of_years(plan: Plan, evidence: Evidence) -> Plan | None:
    """2024.083: the years of a series, with the month behind the point."""
    if evidence.share(_PART_YEAR) < 0.99 or plan.other is not None:
        return None
    is_rising_time = "time" in evidence.words and _only_rises(list(evidence.values))
    if not evidence.words & (YEAR_WORDS | DATE_WORDS) and not is_rising_time:
        return None
    reason = "The cells are years, with the part of the year behind the point."
    return plan.but(subtype="year", words="years and parts of years", reasons=(reason,))


def _as_coordinate(plan: Plan, evidence: Evidence) -> Plan | None:
    if plan.storage == "BIGINT" and _span(list(evidence.values)) > 180:
        return None
    coordinate = _coordinate(evidence)
    if not coordinate:
        return None
    reason = f"The name and the range say {coordinate}."
    return plan.but(inferred_type="location", subtype=coordinate, other=None, reasons=(reason,))


def _as_identifier(plan: Plan, evidence: Evidence) -> Plan | None:
    by_name = _names_an_id(evidence)
    if _is_identifier(evidence):
        is_named = by_name or evidence.words & NUMBER_WORDS
        reason = "The name says identifier and hardly a value repeats." if is_named else "The values count the rows."
    elif by_name:
        reason = "The name says identifier."
    else:
        return None
    return plan.but(inferred_type="identifier", words="whole numbers that name things", reasons=(reason,))


def _as_code(plan: Plan, evidence: Evidence) -> Plan | None:
    words = evidence.words
    said = words & CODE_WORDS
    if said <= SHORT_CODES and _span(list(evidence.values)) < LEAST_CODE:
        said = frozenset()
    says_code = said or evidence.name.lower() in CODE_WORDS - SHORT_CODES or _ends_in_code(evidence)
    if not says_code or words & SIZE_WORDS or _is_measured_area(evidence):
        return None
    distinct = len(evidence.values)
    is_category = distinct < 0.5 * evidence.cells or distinct <= FEW_CATEGORIES
    kind: InferredType = "categorical" if is_category else "identifier"
    reason = "The name says code: the digits name something."
    return plan.but(inferred_type=kind, subtype="code", words="codes", reasons=(reason,))


def _as_group(plan: Plan, evidence: Evidence) -> Plan | None:
    if not names_a_group(evidence) or not _are_few(evidence) or set(evidence.values) == {"0", "1"}:
        return None
    reason = "The name says group, and few whole numbers occur: they name the groups."
    return plan.but(inferred_type="categorical", subtype="code", words="codes", reasons=(reason,))


def _as_flag(plan: Plan, evidence: Evidence) -> Plan | None:
    if set(evidence.values) != {"0", "1"} or not _is_flag(evidence):
        return None
    if _names_two(evidence):
        reason = "Only 0 and 1 occur, and the name says that they number what they stand for."
        return plan.but(inferred_type="categorical", subtype="code", words="codes", reasons=(reason,))
    return plan_flag().but(reasons=("Only 0 and 1 occur.",))


def _as_one_of_two(plan: Plan, evidence: Evidence) -> Plan | None:
    is_measured = evidence.words & (SUMMED | AVERAGED)
    if set(evidence.values) != {"1", "2"} or evidence.cells < FEWEST_CODED or is_measured:
        return None
    reason = "Only 1 and 2 occur: they name two groups."
    return plan.but(inferred_type="categorical", subtype="code", words="codes", reasons=(reason,))


def _as_fractions(plan: Plan, evidence: Evidence) -> Plan | None:
    _, subtype = unit_of_name(evidence.name)
    if not are_fractions(evidence, says_percent=subtype == "percent"):
        return None
    said = f"{plan.words}, fractions of one: 0.25 is 25%"
    reason = "The name says percent or rate, and no cell is beyond one: the cells are fractions of one."
    return plan.but(unit=SHARE_OF_ONE, subtype="percent", words=said, reasons=(reason,))


def _as_quantity(plan: Plan, evidence: Evidence) -> Plan:
    unit, subtype = unit_of_name(evidence.name)
    return plan.but(unit=unit, subtype=plan.subtype or subtype, reasons=(f"The cells are numbers: {plan.words}.",))


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
    is_one_word = bool(re.fullmatch(r"[a-z]{1,10}id", last)) and last not in NOT_IDS
    if is_one_word and (len(evidence.values) >= FEWEST_NAMED or last[:-2] in KNOWN_BY_NUMBER):
        return True
    return bool(evidence.words & ID_WORDS) and not evidence.words & MEASURED_BESIDE_ID


def _ends_in_code(evidence: Evidence) -> bool:
    """True for `countrycode` and `ccode2`, written as one word, and for "Cost centre"."""
    if "cost" in evidence.words and evidence.spelled[-1] in CENTRES:
        return True
    return bool(evidence.spelled) and bool(_CODED_IN_ONE.fullmatch(evidence.spelled[-1]))


def _are_few(evidence: Evidence) -> bool:
    """True for a handful of values, or some dozen that come back again and again."""
    distinct = len(evidence.values)
    return distinct <= FEW_CATEGORIES or (distinct <= MANY_GROUPS and distinct <= 0.2 * evidence.cells)


def _names_two(evidence: Evidence) -> bool:
    """True where 0 and 1 stand for two of something, as for the sexes, and not for no and yes."""
    words = evidence.words
    is_sex = evidence.spelled[-1:] and evidence.spelled[-1] in SEXES and not words & ANSWERED
    return bool(words & NUMBERED_FROM_ZERO or is_sex or (words and words <= NAMED_FROM_ZERO))


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
    if not is_row_name(evidence.name):
        return _counts_the_rows(evidence)
    # A name that says nothing, and the numbers of the rows: from the first on, or of those that a selection left over.
    numbers = [int(text) for text in texts if text.isdecimal()]
    return len(numbers) > 2 and (min(numbers) in {0, 1} or numbers == sorted(numbers) or "row" in evidence.name.lower())


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
    is_of_somebody = bool(evidence.words & COUNTED_THINGS)
    if len(numbers) < evidence.cells or (numbers[0] not in {0, 1} and not is_of_somebody):
        return False
    first = numbers[:FEWEST_COUNTED]
    return first == list(range(first[0], first[0] + FEWEST_COUNTED)) and numbers == sorted(numbers)
