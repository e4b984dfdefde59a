"""The highest and the lowest position of a cycle, and how they are told of records and of what is measured."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact
from datapilot.insights.wording.phrases import entry_slot, told_in_turn

_MOST_TOLD = 12  # figures of a sentence: the months of a year, but not the hours of a day
_ENDS_TOLD = 3


class Peak(NamedTuple):
    """The templates of the highest position and its value, and of the lowest and its."""

    top: str
    most: str
    bottom: str
    least: str


class Told(NamedTuple):
    """The headline, and the same in other words."""

    headline: str
    story: str


def peak_of(
    fact: Fact,
    parts: Sequence[tuple[int, Scalar, float, int]],
    *,
    least_gap: float,
    form: str = "",
    named: Callable[[str], str] = lambda position: position,
) -> Peak | None:
    """Return the ends of these entries, None where they are no further apart than `least_gap` of the mean."""
    high, low = max(parts, key=lambda part: part[2]), min(parts, key=lambda part: part[2])
    level = float(np.mean([abs(part[2]) for part in parts])) or 1.0
    if (high[2] - low[2]) / level < least_gap:
        return None
    top, bottom = (named(entry_slot(fact, end[0], "key")) for end in (high, low))
    most, least = (entry_slot(fact, end[0], form=form) for end in (high, low))
    return Peak(top, most, bottom, least)


def course_told(fact: Fact, parts: Sequence[tuple[int, Scalar, float, int]], *, form: str = "") -> str:
    """Return the figures of these entries in turn, of a cycle too long to be read those of its ends."""
    if len(parts) <= _MOST_TOLD:
        return told_in_turn(fact, (at for at, _, _, _ in parts), form=form)
    falling = [at for at, _, _, _ in sorted(parts, key=lambda part: -part[2])]
    highest, lowest = falling[:_ENDS_TOLD], falling[: -_ENDS_TOLD - 1 : -1]
    return f"highest {told_in_turn(fact, highest, form=form)}; lowest {told_in_turn(fact, lowest, form=form)}"


def records_told(peak: Peak, one: str, *, is_hour: bool) -> Told:
    """Return how it is said that positions, of which one is called `one`, have more records than others; an hour's own
    name is only its beginning."""
    from_here, from_there = ("the hour from ", "that from ") if is_hour else ("", "")
    return Told(
        f"{from_here}{peak.top} brings {peak.most} of all records, {from_there}{peak.bottom} only {peak.least}",
        f"{peak.top} is the busiest {one} with {peak.most} of all records, {peak.bottom} the quietest with"
        f" {peak.least}.",
    )


def level_told(peak: Peak, name: str, verb: str, *, at: str, one: str) -> Told:
    """Return how it is said that what is called `name` is higher at some positions than at others."""
    return Told(
        f"{name} {verb} highest {at} {peak.top} ({peak.most}), lowest {at} {peak.bottom} ({peak.least})",
        f"{peak.top} has the highest {name.removeprefix('the ')} of all {one}s, {peak.most}, "
        f"and {peak.bottom} the lowest, {peak.least}.",
    )
