"""Find what tells the time in a table: the dates, best first, or the years."""

import math
from collections.abc import Sequence
from itertools import islice

import numpy as np

from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.insights.statistics import Floats
from datapilot.insights.subjects.cells import Cells
from datapilot.insights.subjects.event_names import is_bookkeeping
from datapilot.insights.subjects.subjects import MONTHS, Category, Clock, Quantity, names_months
from datapilot.words.meanings import names_origin

MOST_CLOCKS = 3
MOST_YEARS_MISSING = 0.2


def find_dates(profile: TableProfile) -> list[ColumnProfile]:
    """The clocks, best first: filled, not bookkeeping, in file order."""
    fit = [
        column
        for column in profile.columns
        if column.storage in {"DATE", "TIMESTAMP"} and column.pii is None and column.unique_count > 1
    ]
    fit.sort(key=lambda column: (round(column.missing_share, 1), is_bookkeeping(column.name)))
    return fit[:MOST_CLOCKS]


def find_years(profile: TableProfile) -> list[ColumnProfile]:
    """The first column of plain years, for a table without dates."""
    fit = (
        column for column in profile.columns
        if column.subtype == "year" and column.storage == "BIGINT" and column.missing_share < MOST_YEARS_MISSING
        and not names_origin(column.name)  # cars of a year are no course of events
    )  # fmt: skip
    return list(islice(fit, 1))


def whole_between(end: str, durations: Sequence[Quantity], cells: Cells) -> tuple[float, float]:
    """Return between which days everything that ends is in the table: what began before the first start, or begins
    after the last one, is not."""
    first, last = -math.inf, math.inf
    for one in durations:
        if one.minus is not None and one.column == end:
            starts = cells.days[one.minus]
            first = max(first, float(np.nanmin(starts)) + float(np.nanmedian(one.values)))
            last = min(last, float(np.nanmax(starts)))
    return first, last


def clock_of_years(column: str, years: Floats, categories: tuple[Category, ...]) -> Clock:
    months = next((one for one in categories if names_months(one)), None)
    parts = (False, False)
    if months is not None and np.isfinite(years).any():
        first, last = float(np.nanmin(years)), float(np.nanmax(years))
        of_ends = [
            len(np.unique(months.codes.codes[(years == end) & (months.codes.codes >= 0)])) for end in (first, last)
        ]
        parts = of_ends[0] < MONTHS, of_ends[1] < MONTHS
    return Clock(column, _new_years(years), has_time=False, has_days=False, parts=parts)


def _new_years(years: Floats) -> Floats:
    """Return the days since 1970 of each year's first of January."""
    days = np.full(len(years), np.nan)
    known = np.isfinite(years)
    days[known] = (years[known].astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(float)
    return days
