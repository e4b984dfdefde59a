"""Read heights in feet and inches, as English sports and health tables have them: 5'7, 6' 1", 5 ft 11 in, 6-2."""

import re

from datapilot.reading.columns.evidence import ENOUGH, Evidence
from datapilot.reading.columns.plan import Plan
from datapilot.reading.late import late
from datapilot.reading.text_table import quoted

INCHES_IN_A_FOOT = 12
_MARKED = late(
    r"\d{1,3} ?(?:['’′]|ft\.?|feet|foot)(?: ?(?:\d|1[01])(?:[.,]\d{1,2}|½)? ?(?:[\"”″]|''|’’|in(?:ch(?:es)?)?\.?)?)?",
    re.IGNORECASE,
)
# With a dash it could as well be a score, a date or a range: the name has to say that it is a height of people.
_DASHED = late(r"[4-7]-(?:0?\d|1[01])")
_SIGNS = frozenset("'’′f")  # of which one stands in any cell that says feet
_HEIGHTS = frozenset({"height", "ht", "hgt"})
_FEWEST_WITH_INCHES = 0.5  # of the cells; 5' alone may be minutes


def plan_feet_and_inches(evidence: Evidence) -> Plan | None:
    """Return the plan for such cells as a number of inches; None where fewer than 95 % of the cells are such."""
    is_height = bool(evidence.words & _HEIGHTS)
    if not is_height and not _SIGNS.intersection(next(iter(evidence.values)).lower()):
        return None
    pattern = _DASHED() if is_height and evidence.share(_DASHED()) >= ENOUGH else _MARKED()
    if evidence.share(pattern) < ENOUGH:
        return None
    with_inches = sum(count for text, count in evidence.values.items() if re.search(r"\d\D+\d", text))
    if with_inches < _FEWEST_WITH_INCHES * evidence.cells:
        return None
    feet = "TRY_CAST(regexp_extract({x}, '^(\\d+)', 1) AS DOUBLE)"
    inches = quoted(r"^\d+\D+?(\d+(?:[.,]\d+)?)")
    more = f"coalesce(TRY_CAST(replace(nullif(regexp_extract({{x}}, {inches}, 1), ''), ',', '.') AS DOUBLE), 0)"
    half = "CASE WHEN contains({x}, '½') THEN 0.5 ELSE 0 END"
    whole = f"regexp_full_match({{x}}, {quoted('(?i)' + pattern.pattern)})"
    value = f"CASE WHEN {whole} THEN {feet} * {INCHES_IN_A_FOOT} + {more} + {half} END"
    reason = "The cells are feet and inches, turned into inches."
    return Plan(
        "numeric", "DOUBLE", value, "feet and inches, in inches", "unit", "in", evidence.share(pattern), (reason,)
    )
