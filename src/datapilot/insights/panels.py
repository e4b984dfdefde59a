"""Tables with one row for each of many at each of several times: countries by year, shares by month.

How many rows they have is their design, not news; what each of the many did from the first time to the last is.
"""

from typing import NamedTuple

import numpy as np

from datapilot.contracts.measure import Filter
from datapilot.insights.statistics import Floats, Ints
from datapilot.insights.subjects import Category, Clock, Quantity, Subjects
from datapilot.insights.timeline import Span, between, month_days, period_numbers, spell_period

ONE_ROW_EACH = 0.98  # of the rows stand alone at their time
LEAST_FILLED = 0.5  # of all pairs of one of the many and a time; visits of customers fill far less
LEAST_AT_A_TIME = 1.5  # rows
FEWEST_TIMES = 3
FEWEST_ROWS = 20


class Panel(NamedTuple):
    """`times` are the numbers of the periods there are, in order; `place` gives each row its time, -1 for none."""

    clock: Clock
    category: Category
    grain: Span
    times: Ints
    place: Ints

    @property
    def preposition(self) -> str:
        """The preposition of its times: on a day, in a year."""
        return "on" if self.grain == "day" else "in"

    def within(self, at: int) -> Filter:
        """Return the condition for the rows of one time, by its place among the times."""
        key = spell_period(int(self.times[at]), self.grain)
        return between(self.clock, key, key)

    def values(self, quantity: Quantity) -> Floats:
        """Return the quantity of each of the many (rows) at each time (columns), NaN where there is none."""
        found = np.full((len(self.category.codes.labels), len(self.times)), np.nan)
        rows = np.flatnonzero((self.place >= 0) & (self.category.codes.codes >= 0) & quantity.is_known)
        found[self.category.codes.codes[rows], self.place[rows]] = quantity.values[rows]
        return found


def find_panel(subjects: Subjects) -> Panel | None:
    """Return how the rows are laid out by time and one column; None for tables of single events, and for samples."""
    clock = subjects.clock
    if clock is None or subjects.cells.is_sample or subjects.rows < FEWEST_ROWS:
        return None
    known = np.isfinite(clock.days)
    if not known.any():
        return None
    grain = _grain(clock, clock.days[known])
    times = np.unique(period_numbers(clock.days[known], grain))
    place = np.full(len(known), -1, dtype=np.int64)
    place[known] = np.searchsorted(times, period_numbers(clock.days[known], grain))
    for category in (*subjects.categories, *subjects.names):
        panel = Panel(clock, category, grain, times, place)
        if not category.is_personal and _is_panel(panel):
            return panel
    return None


def _grain(clock: Clock, days: Floats) -> Span:
    if not clock.has_days or np.ptp(period_numbers(days, "month") % 12) == 0:
        return "year"
    return "month" if bool((month_days(days) == 1).all()) else "day"


def _is_panel(panel: Panel) -> bool:
    codes, times = panel.category.codes.codes, len(panel.times)
    rows = np.flatnonzero((codes >= 0) & (panel.place >= 0))
    pairs = len(np.unique(codes[rows] * times + panel.place[rows]))
    many = len(panel.category.codes.labels)
    return (
        times >= FEWEST_TIMES and many > 1
        and len(rows) >= max(FEWEST_ROWS, LEAST_FILLED * many * times, LEAST_AT_A_TIME * times)
        and pairs >= ONE_ROW_EACH * len(rows)
    )  # fmt: skip
