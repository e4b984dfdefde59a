"""How a quantity went that hardly changes from one period to the next: "Nonfarm fell from 138,365 in Jan 2008 to
129,733 in Feb 2010, then rose to 143,097 in Dec 2015".

Such a series is no sample of anything: it has one long memory, and no test can tell its direction from a walk's. What
it did is there all the same, and is told as what it did: start, end, and the turn between, if it went clearly beyond
both. Only series whose lag-1 correlation is LEAST_MEMORY or more are told, which noise never reaches.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Filter, Metric
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.series import added_up, turned_back
from datapilot.insights.series_words import season_caution
from datapilot.insights.statistics import Floats, remembered, within_groups
from datapilot.insights.subjects.natures import nature_of
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.subjects.timeline import Timeline
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import entries, entry_slot

LEAST_MEMORY = 0.8
LEAST_RANGE = 0.1  # of the mean level, from the lowest to the highest period
MOST_BACK = 0.5  # of the range, that a stretch may go against its own direction
_NO_NEWS = 0.4  # what the weather did, beside what came of it
LEAST_ERRORS = 6.0  # standard errors of a period's average, from the lowest to the highest: noise reaches four
LEAST_TURN = 0.25  # of the range, that a turn lies beyond start and end


def find_courses(subjects: Subjects, timeline: Timeline | None) -> Iterator[Candidate]:
    """Yield the course of every quantity along the main clock that remembers so much."""
    if timeline is None:
        return
    for quantity in subjects.own_quantities:
        if quantity.minus is not None:
            continue
        rows = timeline.per_period(mask=quantity.is_known)
        if rows.min() == 0 or (quantity.adds_up and np.ptp(rows) > 0):
            continue  # a period without a value, or totals of more and fewer records
        (added,), (base,) = added_up(quantity, timeline, np.zeros(len(timeline.index), dtype=np.int64))
        if base.min() <= 0:
            continue
        series = added / (1 if quantity.adds_up else base)
        level = float(np.mean(np.abs(series))) or 1.0
        if not quantity.adds_up and np.ptp(series) < LEAST_ERRORS * _error(quantity, timeline, base):
            continue
        is_smooth = remembered(series) >= LEAST_MEMORY and not _wavers(series)
        if is_smooth and np.ptp(series) >= LEAST_RANGE * level:
            yield _course(timeline, quantity, series, level)


def _error(quantity: Quantity, timeline: Timeline, rows: Floats) -> float:
    """Return the standard error of the average of a period with the usual number of rows, 0 where each has one row."""
    usual = float(np.median(rows))
    if usual < 2 or not np.ptp(rows):
        return 0.0  # the same ones every time: how they differ from each other is no error of their average
    known = quantity.is_known & (timeline.index >= 0)
    return float(np.std(within_groups(quantity.values[known], timeline.index[known])) / np.sqrt(usual))


def _turn(values: Floats) -> int | None:
    """Return the place of the highest or lowest period between the ends that lies clearly beyond both."""
    beyond = np.maximum(values - max(values[0], values[-1]), min(values[0], values[-1]) - values)
    at = int(np.argmax(beyond))
    return at if beyond[at] >= LEAST_TURN * float(np.ptp(values)) else None


def _wavers(values: Floats) -> bool:
    """Whether a series goes back and forth between its turn and its ends, as seasons do."""
    turn = _turn(values)
    legs = [values] if turn is None else [values[: turn + 1], values[turn:]]
    return any(turned_back(leg, up=bool(leg[-1] >= leg[0])) > MOST_BACK * float(np.ptp(values)) for leg in legs)


def _course(timeline: Timeline, quantity: Quantity, series: Floats, level: float) -> Candidate:
    where: tuple[Filter, ...] = (timeline.whole,)
    metric: Metric = "sum" if quantity.adds_up and timeline.per_period().max() > 1 else "mean"
    is_mean = timeline.per_period().max() > 1
    each = quantity.measure(metric, where=where, by=timeline.clock.column, grain=timeline.grain)

    def word(facts: Facts) -> Wording | None:
        fact = facts[each.fact_id]
        parts = entries(fact)
        if len(parts) < len(timeline.keys):
            return None
        values = np.array([value for _, _, value, _ in parts])

        def at(place: int) -> str:
            position = parts[place][0]
            return f"{entry_slot(fact, position)} {timeline.at} {entry_slot(fact, position, 'key')}"

        name = quantity.total if metric == "sum" else quantity.name
        if metric == "mean" and is_mean:
            name = quantity.average
        first = "rose" if values[-1] > values[0] else "fell"
        headline = f"{name} {first} from {at(0)} to {at(-1)}"
        story = f"{name} stood at {at(0)} and at {at(-1)}."
        what = f"See what else moved in these {timeline.grain}s before planning with the last level of {quantity.name}."
        turn = _turn(values)
        if turn is not None:
            first, then = ("rose", "fell") if values[turn] > values[0] else ("fell", "rose")
            headline = f"{name} {first} from {at(0)} to {at(turn)}, then {then} to {at(-1)}"
            key = entry_slot(fact, parts[turn][0], "key")
            what = f"Find out what turned {quantity.name} around {key}, and watch for it to come again."
            if season_caution(timeline):
                same = f"the same {timeline.grain}s of another year"
                what = f"Compare {quantity.name} with {same} before looking for a cause."
            if nature_of(quantity) == "met":
                what = f"Allow for the turn of {quantity.name} around {key} when comparing {timeline.grain}s."
            story = f"{name} turned around {key}: {at(0)}, {at(turn)}, {at(-1)}."
        low, high = int(np.argmin(values)), int(np.argmax(values))
        detail = f"Lowest was {at(low)}, highest {at(high)}.{season_caution(timeline)}"
        return Wording(headline, detail, owner(*quantity.columns, timeline.clock.column), what, story=story)

    way = "up" if series[-1] > series[0] else "down"
    return Candidate(
        kind="course", columns=(*quantity.columns, timeline.clock.column), measures=(each,), word=word, impact=1.0,
        effect=min(1.0, 0.4 + float(np.ptp(series)) / level / 2) * (_NO_NEWS if nature_of(quantity) == "met" else 1.0),
        n=len(series), subject=(f"{quantity.key}",),
        repeats=f"{quantity.key} {way}", group="",
        statistics=f"lag-1 correlation {remembered(series):.2f}, {len(series)} {timeline.grain}s",
    )  # fmt: skip
