"""Read the day numbers of spreadsheets, which count from 1899-12-30."""

import re
from datetime import date, timedelta

from datapilot.reading.columns.evidence import Evidence
from datapilot.reading.columns.plan import OtherReading, Plan

FIRST_SERIAL, LAST_SERIAL = 25_000, 60_000  # the days from 1968 to 2064
FEWEST_MONTHS, FEWEST_WORKDAYS = 8, 40  # different days that chance does not put there: once in 10**11, in 10**5
SERIAL_DAY = re.compile(r"\d{5}")
_SERIAL_START = date(1899, 12, 30)
_SERIAL_SQL = "CAST(DATE '1899-12-30' + TRY_CAST({x} AS INTEGER) AS DATE)"
_SERIAL_MOMENT = re.compile(r"\d{5}(?:\.\d{1,12})?")


def may_be_serial(number: float) -> bool:
    """Whether a spreadsheet may have made the number of a day of our age."""
    return FIRST_SERIAL <= number <= LAST_SERIAL


def keep_the_calendar(evidence: Evidence) -> bool:
    """True for whole numbers that are day numbers of a spreadsheet although their column names no date: all are first
    days of months, or all last days, or every day of the week occurs among many but no Saturday and no Sunday."""
    if len(evidence.values) < FEWEST_MONTHS or evidence.share(SERIAL_DAY) < 1.0:
        return False
    numbers = [int(text) for text in evidence.values]
    if not all(map(may_be_serial, numbers)):
        return False
    days = [_SERIAL_START + timedelta(days=number) for number in numbers]
    if all(day.day == 1 for day in days) or all((day + timedelta(days=1)).day == 1 for day in days):
        return True
    return len(days) >= FEWEST_WORKDAYS and {day.weekday() for day in days} == set(range(5))


def plan_serial_days() -> Plan:
    other = OtherReading(
        "Are these day numbers of a spreadsheet or plain numbers?",
        "days since 1899-12-30",
        "plain numbers",
        "TRY_CAST({x} AS BIGINT)",
        "BIGINT",
    )
    value = f"CASE WHEN regexp_full_match({{x}}, '\\d{{5}}') THEN {_SERIAL_SQL} END"
    return Plan("datetime", "DATE", value, "spreadsheet day numbers", "serial", other=other)


def plan_serial_moments(evidence: Evidence) -> Plan | None:
    """Return the plan for day numbers of which some have a part of a day behind the point."""
    if evidence.share(_SERIAL_MOMENT) < 1.0:
        return None
    days = [float(text) for text in evidence.values]
    if not all(map(may_be_serial, days)) or not any(day % 1 for day in days):
        return None
    seconds = "CAST(round(TRY_CAST({x} AS DOUBLE) * 86400) AS BIGINT)"
    other = OtherReading(
        "Are these moments of a spreadsheet or plain numbers?",
        "days since 1899-12-30, the time of day behind the point",
        "plain numbers",
        "TRY_CAST({x} AS DOUBLE)",
        "DOUBLE",
    )
    return Plan(
        "datetime",
        "TIMESTAMP",
        "CASE WHEN TRY_CAST({x} AS DOUBLE) BETWEEN 1 AND 100000"
        f" THEN TIMESTAMP '1899-12-30' + to_seconds({seconds}) END",
        "spreadsheet day numbers with the time of day",
        "serial",
        other=other,
    )
