"""Read numbers with vulgar fractions, as rulers, recipes and quotes of securities have them: 1/2, 3 1/4, 2½."""

import re
import unicodedata
from math import gcd

from datapilot.reading.columns.digit_dates import DATE_WORDS
from datapilot.reading.columns.evidence import ENOUGH, Evidence
from datapilot.reading.columns.plan import Plan
from datapilot.reading.text_table import quoted

SIGNS = {sign: unicodedata.normalize("NFKC", sign).replace("\u2044", "/") for sign in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"}
_CELL = re.compile(
    rf"[+-]?(?:(\d{{1,5}})(?:[ \u00a0-]*([{''.join(SIGNS)}])|[ \u00a0-]+(\d{{1,2}})[/\u2044](\d{{1,2}}))?"
    rf"|([{''.join(SIGNS)}])|(\d{{1,2}})[/\u2044](\d{{1,2}}))"
)
_WRITTEN = re.compile(r"(\d{1,2})[/\u2044](\d{1,2})$")
# Parts that things are measured in. Tenths are written as decimals; "7/10" is a mark.
MEASURED_IN = frozenset({2, 3, 4, 5, 6, 8, 16, 32, 64})
FEWEST, FEWEST_DENOMINATORS = 3, 2  # different fractions, and different parts of one, that are no marks or days
_SQL = quoted(r"^([+-]?)(?:(\d{1,5})(?:[ -]+|$))?(?:(\d{1,2})/(\d{1,2}))?$")


def plan_fractions(evidence: Evidence) -> Plan | None:
    """Return the plan for such numbers, whole ones among them; None for marks (7/10), days (3/4) and any other cells.
    Every fraction is below one and in its lowest terms, of parts that things are measured in."""
    if evidence.share(_CELL) < ENOUGH or evidence.words & DATE_WORDS:
        return None
    plain = [_plain(text) for text in evidence.values]
    found = [match for text in plain if (match := _WRITTEN.search(text)) is not None]
    parts = {(int(match[1]), int(match[2])) for match in found}
    if not all(0 < one < of and of in MEASURED_IN and gcd(one, of) == 1 for one, of in parts):
        return None
    is_mixed = any(" " in text for text in plain)
    if not found or not (is_mixed or (len(parts) >= FEWEST and len({of for _, of in parts}) >= FEWEST_DENOMINATORS)):
        return None
    group = "coalesce(TRY_CAST(nullif(regexp_extract({x}, %s, %d), '') AS DOUBLE), %d)"
    whole, above, below = (group % (_SQL, place, empty) for place, empty in ((2, 0), (3, 0), (4, 1)))
    sign = "CASE WHEN starts_with({x}, '-') THEN -1 ELSE 1 END"
    value = f"CASE WHEN regexp_matches({{x}}, {_SQL}) AND {{x}} <> '' THEN {sign} * ({whole} + {above} / {below}) END"
    return Plan(
        "numeric",
        "DOUBLE",
        value.replace("{x}", _plain_sql(evidence)),
        "whole numbers and fractions",
        fit=evidence.share(_CELL),
        reasons=("The cells are numbers with fractions such as 3 1/4.",),
    )


def _plain(text: str) -> str:
    for sign, written in SIGNS.items():
        text = text.replace(sign, f" {written}")
    return " ".join(re.sub(r"(?<=\d)-", " ", text.replace("\u2044", "/")).split())


def _plain_sql(evidence: Evidence) -> str:
    read = "translate({x}, '\u2044\u00a0', '/ ')"
    for sign, written in SIGNS.items():
        if any(sign in text for text in evidence.values):
            read = f"replace({read}, '{sign}', ' {written}')"
    return f"trim({read})"
