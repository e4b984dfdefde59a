"""The highest and the lowest position of a cycle, and how they are told of records and of what is measured."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact
from datapilot.insights.phrases import entry_slot


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
