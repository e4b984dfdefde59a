"""The columns that are named by years, quarters, months or days: a table whose times stand beside each other."""

import re

from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.words.orders import month_named

FEWEST_PERIODS = 6
_YEAR = re.compile(r"[XxYy]?_?(?P<year>1[89]\d{2}|20\d{2})(?:[-_/ ]?(?:[QqMm]?(?P<part>\d{1,2})))?")
_DAY = re.compile(r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(?:\d{2})?)")
_MONTH = re.compile(r"(?P<month>[^\W\d_]{3,10})\.?(?:[-_/ ]?(?P<year>(?:20)?\d{2}))?")


def time_columns(profile: TableProfile) -> list[ColumnProfile]:
    """Return the numeric columns named by a year, a part of one or a day, in the order of time."""
    found: dict[tuple[int, int], ColumnProfile] = {}
    days: list[ColumnProfile] = []
    for column in profile.columns:
        if column.role not in {"sum", "average"} or column.name not in profile.numeric:
            continue
        if period := period_of(column.name.strip()):
            found.setdefault(period, column)
        elif is_day(column.name):
            days.append(column)  # in the order of the file: 1/2 may be either
    return days if len(days) > len(found) else [found[period] for period in sorted(found)]


def is_day(name: str) -> bool:
    """Whether a column's name is a date: 1/27/2020, 2020-03-01."""
    return bool(_DAY.fullmatch(name.strip()))


def period_of(name: str) -> tuple[int, int] | None:
    """Return (year, part of the year) of a column's name, 0 for what it does not say; None where it is no period."""
    if match := _YEAR.fullmatch(name):
        return int(match["year"]), int(match["part"] or 0)
    if match := _MONTH.fullmatch(name):
        month = month_named(match["month"])
        return (int(match["year"] or 0), month) if month else None
    return None
