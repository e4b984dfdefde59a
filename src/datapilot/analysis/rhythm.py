"""How the moments of a date column follow each other: the usual step, how regular it is, and where moments are missing.
Knows distinct moments alone; nothing of rows, and nothing of what the dates are for."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.profile import Rhythm, StepUnit
from datapilot.engine.values import published

Moments = NDArray[np.int64]  # microseconds since 1970, each once, in any order
Marks = NDArray[np.bool_]

FEWEST_MOMENTS = 3  # two steps; one is always like itself
_MOSTLY = 0.5  # of the steps; a step that fewer take is not what is expected, so nothing is missing where it is not
_DAY = 86_400_000_000
_WEEKDAY_OF_1970 = 3  # its first day was a Thursday, counted from Monday
_FRIDAY = 4
_LENGTHS: tuple[tuple[int, StepUnit], ...] = (
    (7 * _DAY, "week"), (_DAY, "day"), (3_600_000_000, "hour"), (60_000_000, "minute"), (1_000_000, "second"),
)  # fmt: skip


class _Step(NamedTuple):
    """A step that may be the usual one, and which steps between neighbours are just so, and which are longer."""

    every: float
    unit: StepUnit
    is_taken: Marks
    is_longer: Marks

    @property
    def times(self) -> int:
        return int(self.is_taken.sum())


def rhythm_of(moments: Moments, *, has_clock: bool) -> Rhythm | None:
    """Return the rhythm of distinct moments, the gap in days where they have no time of day; None for fewer than three.

    The usual step is the one that most neighbours are apart: a length of time, a number of calendar months (of the same
    day, or from a month's last day to another's), or from weekday to weekday where no moment is on a weekend. The
    shortest of equally usual lengths counts; months count before lengths, and weekdays after.
    """
    if len(moments) < FEWEST_MOMENTS:
        return None
    moments = np.sort(moments)
    steps = np.diff(moments)
    usual = _length(steps)
    months = _months(moments) if usual.times < len(steps) or steps[0] >= 28 * _DAY else None
    if months is not None and months.times >= max(2, usual.times):
        usual = months
    weekdays = _weekdays(moments, steps)
    if weekdays is not None and weekdays.times > usual.times:
        usual = weekdays
    regularity = usual.times / len(steps)
    is_expected = regularity >= _MOSTLY
    gaps = int(usual.is_longer.sum()) if is_expected else None
    longest = int(np.where(usual.is_longer, steps, 0).argmax() if is_expected else steps.argmax())
    ends = moments[longest : longest + 2].view("M8[us]").astype("M8[us]" if has_clock else "M8[D]")
    return Rhythm(
        every=usual.every,
        unit=usual.unit,
        regularity=float(f"{regularity:.12g}"),
        gaps=gaps,
        gap_from=None if gaps == 0 else str(published(ends[0].item())),
        gap_to=None if gaps == 0 else str(published(ends[1].item())),
    )


def _length(steps: Moments) -> _Step:
    sizes, times = np.unique(steps, return_counts=True)
    usual = int(sizes[times.argmax()])
    length, unit = next((one for one in _LENGTHS if usual % one[0] == 0), (_LENGTHS[-1]))
    every = usual / length
    return _Step(int(every) if every.is_integer() else every, unit, steps == usual, steps > usual)


def _months(moments: Moments) -> _Step | None:
    month = moments.view("M8[us]").astype("M8[M]")
    start, end = (one.astype("M8[us]").astype(np.int64) for one in (month, month + 1))
    since, clock, is_last = moments - start, moments % _DAY, moments >= end - _DAY
    apart = np.diff(month.astype(np.int64))
    is_same_day = since[1:] == since[:-1]
    is_end_to_end = is_last[1:] & is_last[:-1] & (clock[1:] == clock[:-1])
    is_whole = (apart > 0) & (is_same_day | is_end_to_end)
    if not is_whole.any():
        return None
    numbers, times = np.unique(apart[is_whole], return_counts=True)
    usual = int(numbers[times.argmax()])
    is_taken = is_whole & (apart == usual)
    start, end = ((month[:-1] + more).astype("M8[us]").astype(np.int64) for more in (usual, usual + 1))
    due = np.minimum(start + since[:-1], end - _DAY + clock[:-1])
    length, unit = _calendar(usual)
    return _Step(usual // length, unit, is_taken, ~is_taken & (moments[1:] > due))


def _calendar(months: int) -> tuple[int, StepUnit]:
    if months % 12 == 0:
        return 12, "year"
    return (3, "quarter") if months % 3 == 0 else (1, "month")


def _weekdays(moments: Moments, steps: Moments) -> _Step | None:
    weekday = (moments // _DAY + _WEEKDAY_OF_1970) % 7
    if (weekday > _FRIDAY).any():
        return None
    is_taken = (steps == _DAY) | ((steps == 3 * _DAY) & (weekday[:-1] == _FRIDAY))
    return _Step(1, "weekday", is_taken, ~is_taken & (steps > _DAY))
