"""Read dates, times and periods in the forms people write, by a vote of the whole column."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache

from datapilot.contracts.table import DateOrder
from datapilot.reading.columns.clocks import DOTTED_CLOCK, plan_clock, says_clock
from datapilot.reading.columns.day_numbers import SERIAL_DAY, may_be_serial, plan_serial_days
from datapilot.reading.columns.digit_dates import plan_digits
from datapilot.reading.columns.evidence import ENOUGH, Evidence
from datapilot.reading.columns.periods import plan_period
from datapilot.reading.columns.plan import Plan
from datapilot.reading.columns.written_dates import ISO_DATE, ISO_STAMP, ZONED, plan_written
from datapilot.reading.vocabulary import months

MOSTLY_SERIAL = 0.5
_EAST_ASIAN = re.compile(r"(?P<y>\d{4})[年년]\s*(?P<m>\d{1,2})[月월]\s*(?:(?P<d>\d{1,2})[日일号])?")
# The years of Japan's emperors count from 1, which is written 元; before them lie so many of our years.
_ERAS = {
    "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018,
    "M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018,
}  # fmt: skip
_ERA_DATE = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和)(?P<y>元|\d{1,2})年\s*(?P<m>\d{1,2})月\s*(?:(?P<d>\d{1,2})日)?"
    r"|(?P<letter>[MTSHR])(?P<y2>\d{1,2})[./](?P<m2>\d{1,2})[./](?P<d2>\d{1,2})"
)


def plan_iso(evidence: Evidence) -> Plan | None:
    """Return the plan for ISO 8601 dates and times, which the engine reads by itself."""
    if evidence.share(ISO_DATE) == 1.0 and evidence.values:
        only_if = "length({x}) = 10"
        return Plan("datetime", "DATE", "TRY_CAST({x} AS DATE)", "year-month-day", only_if=only_if)
    if evidence.values and evidence.share(ISO_STAMP) == 1.0:
        if not any(re.search(r"(?:Z|[+\-]\d{2}(?::?\d{2})?)$", text[11:]) for text in evidence.values):
            only_if = "length({x}) > 10"
            return Plan(
                "datetime", "TIMESTAMP", "TRY_CAST({x} AS TIMESTAMP)", "year-month-day and time", only_if=only_if
            )
        value = f"CASE WHEN length({{x}}) > 10 THEN {ZONED} END"
        return Plan("datetime", "TIMESTAMP", value, "year-month-day and time, converted to UTC")
    return None


def plan_date(evidence: Evidence, *, date_order: DateOrder | None, file_order: DateOrder | None) -> Plan | None:
    """Return the plan for dates, times or periods in any form, or None when fewer than 95 % of the cells are such.
    `date_order` is the user's word, `file_order` what other columns of the file settle."""
    if not evidence.values:
        return None
    written: Plan | None = None
    if evidence.share(DOTTED_CLOCK) >= ENOUGH:
        # 01.03.24 is a day to all but a clock; most times have minutes or seconds that no day or month can be.
        written = plan_written(evidence, date_order=date_order, file_order=file_order)
        if written is not None and written.fit == 1.0 and not says_clock(evidence):
            return written
    return (
        _plan_day(evidence)
        or plan_clock(evidence)
        or _plan_by_characters(evidence)
        or plan_period(evidence)
        or plan_digits(evidence)
        or _plan_half_converted(evidence, date_order=date_order, file_order=file_order)
        or written
        or plan_written(evidence, date_order=date_order, file_order=file_order)
    )


def _plan_day(evidence: Evidence) -> Plan | None:
    if evidence.share(ISO_DATE) < ENOUGH:
        return None
    value = "CASE WHEN length({x}) = 10 THEN TRY_CAST({x} AS DATE) END"
    return Plan("datetime", "DATE", value, "year-month-day")


def _plan_by_characters(evidence: Evidence) -> Plan | None:
    if evidence.share(_EAST_ASIAN) >= ENOUGH:
        return _plan_east_asian(evidence)
    return _plan_era(evidence) if evidence.share(_ERA_DATE) >= ENOUGH else None


def _plan_east_asian(evidence: Evidence) -> Plan:
    has_days = any((match := _EAST_ASIAN.fullmatch(text)) and match["d"] for text in evidence.values)
    digits = "trim(regexp_replace({x}, '[^0-9]+', '-', 'g'), '-')"
    if has_days:
        value = f"TRY_CAST(TRY_STRPTIME({digits}, '%Y-%m-%d') AS DATE)"
        return Plan("datetime", "DATE", value, "year, month and day by their characters")
    value = f"TRY_CAST(TRY_STRPTIME({digits} || '-1', '%Y-%m-%d') AS DATE)"
    return Plan("datetime", "DATE", value, "year and month, as the month's first day", "month")


def _plan_era(evidence: Evidence) -> Plan:
    has_days = all(
        (match := _ERA_DATE.fullmatch(text)) is None or match["d"] or match["d2"] for text in evidence.values
    )
    digits = "regexp_extract_all(replace({x}, '元', '1'), '\\d+')"
    first = " ".join(f"WHEN starts_with({{x}}, '{era}') THEN {before}" for era, before in _ERAS.items())
    year, month, day = (f"TRY_CAST({digits}[{place}] AS INTEGER)" for place in (1, 2, 3))
    value = f"TRY(make_date({year} + CASE {first} END, {month}, {day if has_days else 1}))"
    words = (
        "Japanese era, year, month and day" if has_days else "Japanese era, year and month, as the month's first day"
    )
    return Plan("datetime", "DATE", value, words, None if has_days else "month")


def _plan_half_converted(
    evidence: Evidence, *, date_order: DateOrder | None, file_order: DateOrder | None
) -> Plan | None:
    """Return the plan for a column in which a spreadsheet made day numbers of some dates and left others as texts."""
    if not MOSTLY_SERIAL <= evidence.share(SERIAL_DAY) < 1.0:
        return None
    texts = Counter({text: count for text, count in evidence.values.items() if not SERIAL_DAY.fullmatch(text)})
    if not all(may_be_serial(int(text)) for text in evidence.values if text not in texts):
        return None
    if not all(_tells_a_day().search(text) for text in texts):
        return None
    plan = plan_serial_days()
    written = plan_written(replace(evidence, values=texts), date_order=date_order, file_order=file_order)
    if written is not None and written.storage == "DATE":
        value = f"coalesce({plan.value}, {written.value})"
        words = f"{plan.words}, and others {written.words}"
        return plan.but(value=value, words=words, fit=1.0, other=written.other)
    fit = evidence.share(SERIAL_DAY)
    return plan.but(fit=fit, other=None) if fit >= ENOUGH else None


@cache
def _tells_a_day() -> re.Pattern[str]:
    month = "|".join(map(re.escape, months()))
    return re.compile(
        rf"\b(?:{month})\b.*\b(?:19|20)\d{{2}}\b|\b\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}\b", re.IGNORECASE
    )
