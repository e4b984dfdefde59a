"""Read dates and moments that are written as bare digits: only where the name says date, or every cell is a plausible
one."""

import re

from datapilot.reading.columns.clocks import plan_bare_clock
from datapilot.reading.columns.day_numbers import (
    keep_the_calendar,
    may_be_serial,
    plan_serial_days,
    plan_serial_moments,
)
from datapilot.reading.columns.evidence import ENOUGH, Evidence
from datapilot.reading.columns.periods import MONTH_WORDS
from datapilot.reading.columns.plan import Plan
from datapilot.reading.columns.written_dates import of_this_age
from datapilot.reading.vocabulary import word_set

EPOCH_WORDS = word_set("names", "moment")
DATE_WORDS = word_set("names", "date")
EPOCH_FROM, EPOCH_TO = 946_684_800, 2_145_916_800  # from 2000 to 2037, in seconds since 1970
EPOCH_AND_PART = re.compile(r"\d{9,10}\.\d{1,9}")
COMPACT_MONTH = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])")
COMPACT = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
COMPACT_HOUR = re.compile(COMPACT.pattern + r"(?:[01]\d|2[0-3])(?:[0-5]\d)?")
COMPACT_STAMP = re.compile(COMPACT.pattern + r"[T ]?(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ?")
_SHORT_COMPACT: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("%y%m%d", "yearmonthday", re.compile(r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")),
    ("%d%m%y", "daymonthyear", re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}")),
    ("%m%d%y", "monthdayyear", re.compile(r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{2}")),
)
_SINCE_1970 = ((1, "", "* 1000000"), (10**3, "milli", "* 1000"), (10**6, "micro", "* 1"), (10**9, "nano", "// 1000"))


def plan_digits(evidence: Evidence) -> Plan | None:
    """Return the plan for dates, moments or times of day in digits alone."""
    words = evidence.words
    is_dated = bool(words & (DATE_WORDS | EPOCH_WORDS)) or any("date" in word or "time" in word for word in words)
    compact = _plan_compact(evidence, is_dated=is_dated) or _plan_compact_month(evidence) or plan_bare_clock(evidence)
    if compact is not None:
        return compact
    if not is_dated:
        return plan_serial_days() if keep_the_calendar(evidence) else None
    if words & DATE_WORDS and (short := _plan_short_compact(evidence)) is not None:
        return short
    says_days = bool(words & (DATE_WORDS | {"dates"}))
    if says_days and (moments := plan_serial_moments(evidence)) is not None:
        return moments
    return _plan_counted(evidence, says_days=says_days)


def _plan_compact(evidence: Evidence, *, is_dated: bool) -> Plan | None:
    """Return the plan for whole dates such as 20240229, with or without the time of day behind them."""
    is_enough = is_dated or len(evidence.values) >= 20
    if evidence.share(COMPACT) >= (ENOUGH if is_dated else 1.0) and is_enough:
        return Plan(
            "datetime",
            "DATE",
            "CASE WHEN length({x}) = 8 THEN TRY_CAST(TRY_STRPTIME({x}, '%Y%m%d') AS DATE) END",
            "yearmonthday",
        )
    if evidence.share(COMPACT_STAMP) >= ENOUGH and is_enough:
        value = "TRY_STRPTIME(regexp_replace({x}, '[^0-9]', '', 'g'), '%Y%m%d%H%M%S')"
        return Plan("datetime", "TIMESTAMP", value, "yearmonthdayhourminutesecond")
    if is_dated and evidence.share(COMPACT_HOUR) >= ENOUGH:  # under other names, the number of an order of that day
        value = (
            "CASE length({x}) WHEN 12 THEN TRY_STRPTIME({x}, '%Y%m%d%H%M')"
            " WHEN 10 THEN TRY_STRPTIME({x} || '00', '%Y%m%d%H%M') END"
        )
        has_minutes = any(len(text) == 12 for text in evidence.values)
        return Plan("datetime", "TIMESTAMP", value, "yearmonthdayhourminute" if has_minutes else "yearmonthdayhour")
    return None


def _plan_compact_month(evidence: Evidence) -> Plan | None:
    months = evidence.share(COMPACT_MONTH)
    says_months = evidence.words & MONTH_WORDS or "yearmonth" in evidence.name.lower().replace("_", "")
    are_all_months = evidence.words & DATE_WORDS and months == 1.0 and evidence.share(_SHORT_COMPACT[0][2]) < 1.0
    if months < ENOUGH or not (says_months or are_all_months):
        return None
    value = "CASE WHEN length({x}) = 6 THEN TRY_CAST(TRY_STRPTIME({x} || '01', '%Y%m%d') AS DATE) END"
    return Plan("datetime", "DATE", value, "yearmonth, as the month's first day", "month")


def _plan_short_compact(evidence: Evidence) -> Plan | None:
    """Return the plan for dates of six digits such as 870521, where they allow one order of their parts alone."""
    fitting = [(form, words) for form, words, pattern in _SHORT_COMPACT if evidence.share(pattern) == 1.0]
    if len(fitting) != 1:
        return None
    form, words = fitting[0]
    moment = of_this_age(f"TRY_STRPTIME({{x}}, '{form}')")
    value = f"CASE WHEN length({{x}}) = 6 THEN TRY_CAST({moment} AS DATE) END"
    return Plan("datetime", "DATE", value, f"{words} with years of two digits")


def _plan_counted(evidence: Evidence, *, says_days: bool) -> Plan | None:
    """Return the plan for seconds, or parts of them, since 1970, and for the day numbers of a spreadsheet."""
    if evidence.share(EPOCH_AND_PART) == 1.0 and all(EPOCH_FROM <= float(text) < EPOCH_TO for text in evidence.values):
        value = "make_timestamp(CAST(round(TRY_CAST({x} AS DOUBLE) * 1000000) AS BIGINT))"
        return Plan("datetime", "TIMESTAMP", value, "seconds since 1970 and their part, UTC", "epoch")
    numbers = [int(text) for text in evidence.values if text.isdecimal()]
    if not numbers or len(numbers) < 0.95 * len(evidence.values):
        return None
    for factor, part, microseconds in _SINCE_1970:
        if all(EPOCH_FROM * factor <= number < EPOCH_TO * factor for number in numbers):
            value = f"make_timestamp(TRY_CAST({{x}} AS BIGINT) {microseconds})"
            return Plan("datetime", "TIMESTAMP", value, f"{part}seconds since 1970, UTC", "epoch")
    return plan_serial_days() if says_days and all(map(may_be_serial, numbers)) else None
