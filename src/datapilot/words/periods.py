"""Dates and periods as a reader would say them: `2024-03` is “Mar 2024”, weekday 1 is “Monday”."""

import re
from datetime import date, datetime, timedelta

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Grain

_MONTHS = ("January", "February", "March", "April", "May", "June", "July",
           "August", "September", "October", "November", "December")  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_YEAR = re.compile(r"\d{4}")


def show_period(key: Scalar, grain: Grain) -> str:
    """Return the words for a period as the engine writes it; the key itself where it is none."""
    text = str(key)
    if grain == "weekday" and text.isdecimal() and 1 <= int(text) <= len(_WEEKDAYS):
        return _WEEKDAYS[int(text) - 1]
    if grain == "month_of_year" and text.isdecimal() and 1 <= int(text) <= len(_MONTHS):
        return _MONTHS[int(text) - 1]
    if grain == "hour_of_day" and text.isdecimal():
        return f"{int(text):02d}:00"
    if grain == "month" and (match := _MONTH.fullmatch(text)) and 1 <= int(match[2]) <= len(_MONTHS):
        return f"{_MONTHS[int(match[2]) - 1][:3]} {match[1]}"
    if grain == "quarter" and (match := _QUARTER.fullmatch(text)):
        return f"Q{match[2]} {match[1]}"
    if grain == "week" and (match := _WEEK.fullmatch(text)):
        return f"week {int(match[2])} of {match[1]}"
    if grain in {"hour", "minute"} and re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}(?::\d{2})?", text):
        return f"{show_date(text[:10])} {text[11:]}{'' if ':' in text else ':00'}"
    return show_date(text)


def show_date(text: str) -> str:
    """Return "12 Mar 2024", or "12 Mar 2024 10:05" for a time of day, for ISO text; other text as it is."""
    if _DATE.fullmatch(text) or _INSTANT.fullmatch(text):
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            return text
        day = f"{instant.day} {_MONTHS[instant.month - 1][:3]} {instant.year:04d}"
        return day if (instant.hour, instant.minute, instant.second) == (0, 0, 0) else f"{day} {instant:%H:%M}"
    return text


def period_ends(period: str) -> tuple[str, str] | None:
    """Return the first and last day of a year, quarter, month, week or day in the engine's writing, else None."""
    if _DATE.fullmatch(period):
        return period, period
    if match := _WEEK.fullmatch(period):
        try:
            first = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            last = date.fromisocalendar(int(match[1]), int(match[2]), 7)
        except ValueError:
            return None
        return first.isoformat(), last.isoformat()
    if match := _QUARTER.fullmatch(period):
        year, first_month, months = match[1], 3 * int(match[2]) - 2, 3
    elif match := _MONTH.fullmatch(period):
        year, first_month, months = match[1], int(match[2]), 1
    elif _YEAR.fullmatch(period):
        year, first_month, months = period, 1, 12
    else:
        return None
    last_month = first_month + months - 1
    if not 1 <= last_month <= len(_MONTHS) or int(year) == 0:
        return None
    last_day = 31 if last_month == len(_MONTHS) else (date(int(year), last_month + 1, 1) - timedelta(days=1)).day
    return f"{year}-{first_month:02d}-01", f"{year}-{last_month:02d}-{last_day:02d}"


def grain_of(period: str) -> Grain | None:
    """Return which grain the engine's writing of a period shows, None for text that is no period."""
    shapes: tuple[tuple[re.Pattern[str], Grain], ...] = (
        (_DATE, "day"), (_WEEK, "week"), (_QUARTER, "quarter"), (_MONTH, "month"), (_YEAR, "year"),
    )  # fmt: skip
    return next((grain for shape, grain in shapes if shape.fullmatch(period)), None)
