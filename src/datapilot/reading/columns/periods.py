"""Read months, quarters, half-years, weeks and years that go on into the next as the first day of each."""

import re

from datapilot.reading.columns.evidence import ENOUGH, Evidence
from datapilot.reading.columns.plan import Plan
from datapilot.reading.columns.written_dates import in_full, of_this_age

FEWEST_SEASONS = 3
MONTH_WORDS = frozenset(
    {"month", "monat", "mois", "mes", "mese", "period", "periode", "periodo", "ym", "yyyymm", "месяц"}
)
ISO_MONTH = re.compile(r"(?:19|20)\d{2}[-/](?:0[1-9]|1[0-2])")
MONTH_SLASH_YEAR = re.compile(r"(?:0?[1-9]|1[0-2])[-/.](?:19|20)\d{2}")
MONTH_SLASH_SHORT_YEAR = re.compile(r"(?:0?[1-9]|1[0-2])[-/.'’]\d{2}")
SEASON = re.compile(r"(?P<first>(?:1[5-9]|20)\d{2})\s?[-/–]\s?(?P<second>(?:(?:1[5-9]|20)\d{2})|\d{2})")
QUARTER = re.compile(
    r"(?:19|20)\d{2}\s*[-/ ]?\s*[QqTК][1-4]|[QqTК][1-4]\s*[-/ ,']?\s*(?:19|20)\d{2}|[Qq][1-4]\s*[-/ ,']?\s*\d{2}"
    r"|FY\s?'?(?:19|20)?\d{2}\s*[-/ ,]?\s*Q[1-4]|Q[1-4]\s*[-/ ,]?\s*FY\s?'?(?:19|20)?\d{2}"
    r"|[1-4][QqTК]\s*[-/ ,']?\s*(?:19|20)?\d{2}|[1-4]\.\s*(?:Quartal|Q|kvartál|квартал|trimestre)\s*(?:19|20)\d{2}",
    re.IGNORECASE,
)
HALF = re.compile(r"(?:19|20)\d{2}\s*[-/ ]?\s*[HhS][12]|[HhS][12]\s*[-/ ,']?\s*(?:19|20)\d{2}")
WEEK = re.compile(
    r"(?:19|20)\d{2}[-/ ]?W(?:0[1-9]|[1-4]\d|5[0-3])(?:-[1-7])?"
    r"|(?:KW|CW|WK|W|Week|Woche|Semaine|Semana|vecka|uge|týden)\s*(?:0?[1-9]|[1-4]\d|5[0-3])[-/ ,]+(?:19|20)\d{2}",
    re.IGNORECASE,
)
MONTH_BY_LETTER = re.compile(r"(?:19|20)\d{2}\s?M(?:0[1-9]|1[0-2])")
_YEAR_SQL = "regexp_extract({x}, '((?:19|20)\\d{2})', 1)"


def plan_period(evidence: Evidence) -> Plan | None:
    """Return the plan for periods with a mark of their own: a dash, a slash, a letter or a word."""
    share = evidence.share
    if share(MONTH_BY_LETTER) >= ENOUGH:
        value = "TRY_CAST(regexp_replace({x}, '\\s?[Mm]', '-') || '-01' AS DATE)"
        return Plan("datetime", "DATE", value, "year and month, as the month's first day", "month")
    if _are_seasons(evidence):
        value = "TRY_CAST(make_date(TRY_CAST(regexp_extract({x}, '^(\\d{4})\\s?[-/–]', 1) AS INTEGER), 1, 1) AS DATE)"
        return Plan("datetime", "DATE", value, "a year and the next, as the first one's first day", "year")
    if share(ISO_MONTH) >= ENOUGH:
        return Plan(
            "datetime",
            "DATE",
            "CASE WHEN length({x}) = 7 THEN TRY_CAST(replace({x}, '/', '-') || '-01' AS DATE) END",
            "year-month, as the month's first day",
            "month",
        )
    if share(MONTH_SLASH_YEAR) >= ENOUGH:
        value = "TRY_CAST(TRY_STRPTIME('01/' || translate({x}, '-.', '//'), '%d/%m/%Y') AS DATE)"
        return Plan("datetime", "DATE", value, "month/year, as the month's first day", "month")
    if evidence.words & MONTH_WORDS and share(MONTH_SLASH_SHORT_YEAR) >= ENOUGH:
        plain = "'01/' || regexp_replace({x}, '[^0-9]', '/')"
        month = of_this_age(f"TRY_STRPTIME({plain}, '%d/%m/%y')")
        value = f"TRY_CAST({month} AS DATE)"
        return Plan("datetime", "DATE", value, "month/year, as the month's first day", "month")
    if share(QUARTER) >= ENOUGH:
        return Plan("datetime", "DATE", _part_of_year_sql("1-4", 3), "quarter, as its first day", "quarter")
    if share(HALF) >= ENOUGH:
        return Plan("datetime", "DATE", _part_of_year_sql("1-2", 6), "half-year, as its first day", "half-year")
    if share(WEEK) >= ENOUGH:
        week = "lpad(regexp_extract({x}, '(?i)(?:W|KW|[a-zý]+)\\s*(\\d{1,2})(?:\\D|$)', 1), 2, '0')"
        value = f"TRY_CAST(TRY_STRPTIME({_YEAR_SQL} || '-' || {week} || '-1', '%G-%V-%u') AS DATE)"
        return Plan("datetime", "DATE", value, "ISO week, as its Monday", "week")
    return None


def _are_seasons(evidence: Evidence) -> bool:
    """True where all cells name a year and the one that follows it: 1920-21, 2019/2020. 2001-02 alone may be February;
    three of them that all go on to the next year are no months."""
    if len(evidence.values) < FEWEST_SEASONS or evidence.share(SEASON) < 1.0:
        return False
    matches = [SEASON.fullmatch(text) for text in evidence.values]
    return all(
        match is not None and (int(match["second"]) - int(match["first"]) - 1) % (10 ** len(match["second"])) == 0
        for match in matches
    )


def _part_of_year_sql(digits: str, months_each: int) -> str:
    """Return the SQL of the first day of a quarter or half-year."""
    short = (
        "coalesce(nullif(regexp_extract({x}, '(?i)^FY\\s?''?(\\d{2})', 1), ''), regexp_extract({x}, '(\\d{2})$', 1))"
    )
    year = f"CASE WHEN {_YEAR_SQL} <> '' THEN {_YEAR_SQL} ELSE {in_full(short)} END"
    part = f"regexp_extract({{x}}, '(?i)(?:[QTKКHS]([{digits}])|^([{digits}])[QTК.])', %d)"
    number = f"TRY_CAST(coalesce(nullif({part % 1}, ''), {part % 2}) AS INTEGER)"
    return f"TRY_CAST(make_date(TRY_CAST({year} AS INTEGER), ({number} - 1) * {months_each} + 1, 1) AS DATE)"
