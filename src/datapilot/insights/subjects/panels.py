"""Tables with one row for each of many at each of several times: countries by year, shares by month.

How many rows they have is their design, not news; what each of the many did from the first time to the last is.
"""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from datapilot.contracts.measure import Filter
from datapilot.insights.statistics import Floats, Ints
from datapilot.insights.subjects.subjects import Category, Clock, Quantity, Subjects, names_parts_of_year
from datapilot.insights.subjects.timeline import Span, between, month_days, period_numbers, spell_period

ONE_ROW_EACH = 0.98  # of the rows stand alone at their time
LEAST_FILLED = 0.5  # of all pairs of one of the many and a time; visits of customers fill far less
LEAST_AT_A_TIME = 1.5  # rows
FEWEST_TIMES = 3
FEWEST_ROWS = 20
MOST_TOGETHER = 3  # columns
MOST_LOOKED_AT = 6


class Panel(NamedTuple):
    """`times` are the numbers of the periods there are, in order; `place` gives each row its time, -1 for none. A
    joint panel has several rows for each of the many at a time (by sex, by region), whose amounts add up; where it
    `adds_months`, those of levels do not."""

    clock: Clock
    category: Category
    grain: Span
    times: Ints
    place: Ints
    is_joint: bool = False
    adds_months: bool = False

    @property
    def preposition(self) -> str:
        """What stands before its times: on a day, in a year."""
        return "on" if self.grain == "day" else "in"

    def within(self, at: int) -> Filter:
        """Return the condition for the rows of one time, by its place among the times."""
        return self.through(at, at)

    def through(self, first: int, last: int) -> Filter:
        """Return the condition for the rows from one time to another, both by their place among the times."""
        ends = (spell_period(int(self.times[at]), self.grain) for at in (first, last))
        return between(self.clock, *ends)

    @property
    def whole_times(self) -> tuple[Filter, ...]:
        """Return the condition that leaves out a first or last year that is a part; () where there is none."""
        first, last = (spell_period(int(self.times[at]), self.grain) for at in (0, -1))
        return (between(self.clock, first, last),) if any(self.clock.parts) else ()

    def tells(self, quantity: Quantity) -> bool:
        """Whether each of the many has one value of a quantity at a time."""
        return quantity.minus is None and (
            not self.is_joint or quantity.adds_up or (quantity.is_level and not self.adds_months)
        )

    def values(self, quantity: Quantity) -> Floats:
        """Return the quantity of each of the many (rows) at each time (columns), NaN where there is none."""
        many, times = len(self.category.codes.labels), len(self.times)
        rows = np.flatnonzero((self.place >= 0) & (self.category.codes.codes >= 0) & quantity.is_known)
        cells = self.category.codes.codes[rows] * times + self.place[rows]
        sums = np.bincount(cells, weights=quantity.values[rows], minlength=many * times)
        found = np.where(np.bincount(cells, minlength=many * times) > 0, sums, np.nan)
        return found.reshape(many, times)


def find_panels(subjects: Subjects) -> tuple[Panel, ...]:
    """Return how the rows are laid out by time and one column, or by time and several together; () for tables of single
    events, and for samples."""
    clock = subjects.clock
    if clock is None or subjects.cells.is_sample or subjects.rows < FEWEST_ROWS:
        return ()
    known = np.isfinite(clock.days)
    if not known.any():
        return ()
    grain = _grain(clock, clock.days[known])
    numbers = period_numbers(clock.days[known], grain)
    times = np.unique(numbers)
    times = times[clock.parts[0] : len(times) - clock.parts[1]]
    place = np.full(len(known), -1, dtype=np.int64)
    place[known] = np.where(np.isin(numbers, times), np.searchsorted(times, numbers), -1)
    pool = [one for one in (*subjects.categories, *subjects.names) if not one.is_personal]
    for size in range(1, MOST_TOGETHER + 1):
        for some in combinations(pool[:MOST_LOOKED_AT], size):
            if _is_laid_out(place, len(times), some):
                parts_of_years = {one.column for one in some if names_parts_of_year(one)}
                adds_months = bool(parts_of_years)
                return tuple(
                    Panel(clock, one, grain, times, place, is_joint=size > 1, adds_months=adds_months)
                    for one in some if one.column not in parts_of_years
                )  # fmt: skip
    return ()


def _grain(clock: Clock, days: Floats) -> Span:
    if not clock.has_days or np.ptp(period_numbers(days, "month") % 12) == 0:
        return "year"
    if not bool((month_days(days) == 1).all()):
        return "day"
    return "quarter" if np.ptp(period_numbers(days, "month") % 3) == 0 else "month"


def _is_laid_out(place: Ints, times: int, categories: Sequence[Category]) -> bool:
    """Whether rows are one for each combination of these columns at each time, and most combinations are there."""
    many = math.prod(len(one.codes.labels) for one in categories)
    if len(place) < LEAST_FILLED * many * times:
        return False
    cells = np.where(place >= 0, place, 0)
    known = place >= 0
    for one in categories:
        cells = cells * len(one.codes.labels) + np.maximum(one.codes.codes, 0)
        known &= one.codes.codes >= 0
    rows = int(known.sum())
    is_dense = rows >= max(FEWEST_ROWS, LEAST_FILLED * many * times, LEAST_AT_A_TIME * times)
    if times < FEWEST_TIMES or many < 2 or not is_dense:
        return False
    return int(np.count_nonzero(np.bincount(cells[known]))) >= ONE_ROW_EACH * rows
