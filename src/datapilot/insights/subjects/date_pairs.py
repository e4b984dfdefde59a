"""Which dates belong together: a start and an end, a promise and what happened; by their names and by their order."""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from datapilot.contracts.profile import ColumnProfile
from datapilot.insights.statistics import Floats
from datapilot.insights.subjects.cells import Cells
from datapilot.insights.subjects.event_names import is_bookkeeping, leaning_of, promise_of
from datapilot.insights.subjects.subjects import FEWEST_VALUES, Quantity
from datapilot.words.meanings import names_latest

DURATION_NEGATIVES = 0.05  # more often negative than this, two dates are not start and end
MOSTLY_LATE = 0.8  # of the records: then by how much is the question
MOST_BACKWARDS = 0.25  # of the rows; more are an error only where the names say which date begins


class DatePairs(NamedTuple):
    """Dates that belong together: the days between a start and an end, pairs that ought to be one but are not, and
    pairs of a promise and what happened."""

    durations: tuple[Quantity, ...]
    untimely: tuple[tuple[str, str], ...]
    promises: tuple[tuple[str, str], ...]


def pair_dates(dates: list[ColumnProfile], cells: Cells) -> DatePairs:
    durations: list[Quantity] = []
    untimely: list[tuple[str, str]] = []
    promises: list[tuple[str, str]] = []
    dates = [column for column in dates if column.subtype != "year"]  # a season has no day to count from
    dates = [column for column in dates if not names_latest(column.name)]  # the later it began, the shorter until then
    events = [column for column in dates if not is_bookkeeping(column.name)]
    for one, other in combinations(events if len(events) > 1 else dates, 2):
        days = cells.span(other.name, one.name)
        known = days[np.isfinite(days)]
        if len(known) < FEWEST_VALUES:
            continue
        promise = promise_of(one.name, other.name)
        if promise is not None:
            promises.append(promise)
            promised, happened = promise
            late = cells.span(happened, promised)
            if float(np.mean(late[np.isfinite(late)] > 0)) >= MOSTLY_LATE:
                durations.append(Quantity(happened, promised, "days", False, late))
            continue
        is_forward = _is_start(one.name, other.name, float(np.mean(known < 0)))
        start, end = (one.name, other.name) if is_forward else (other.name, one.name)
        values = days if is_forward else -days
        backwards = float(np.mean(values[np.isfinite(values)] < 0))
        if backwards > DURATION_NEGATIVES:
            if backwards <= MOST_BACKWARDS or leaning_of(start, end) > 0:
                untimely.append((start, end))
            continue
        is_trivial = float(np.mean(values[np.isfinite(values)] == 0)) > 0.5
        if is_trivial or any(_same(values, earlier.values) for earlier in durations):
            continue
        durations.append(Quantity(end, start, "days", False, values))
    return DatePairs(tuple(durations), tuple(untimely), tuple(promises))


def _is_start(one: str, other: str, backwards: float) -> bool:
    """Whether the first date begins what the second ends: by the dates, or by the names when the dates do not agree."""
    if not DURATION_NEGATIVES < backwards < 1 - DURATION_NEGATIVES:
        return backwards <= DURATION_NEGATIVES
    leaning = leaning_of(one, other)
    return leaning > 0 or (leaning == 0 and backwards < 0.5)


def _same(values: Floats, others: Floats) -> bool:
    both = np.isfinite(values) & np.isfinite(others)
    if both.sum() < FEWEST_VALUES:
        return False
    return float(np.mean(np.abs(values[both] - others[both]) < 1)) > 0.9
