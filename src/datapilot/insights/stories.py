"""Which of several findings tell one story: only the best told of each is kept. Knows candidates; words no sentence."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.insight import Finding
from datapilot.insights.candidate import Candidate, Facts
from datapilot.insights.carriers import Carrier, carrier_of
from datapilot.insights.ranking import score
from datapilot.insights.statistics import Floats, pearson, spearman
from datapilot.insights.subjects.subjects import Subjects

MOST_ALIKE = 2
BEHIND_ITS_CARRIER = 0.8  # of its effect, where one group moves the whole
FURTHER = 1.25  # than the whole, of its effect
ONE_RELATION = 0.8  # of Pearson's r
ONE_STORY, FEWEST_ALIKE = 0.9, 20  # of Pearson's r, over so many rows
_ONES_WAY = frozenset({"trend", "year_on_year"})
_ALL_ALONG = frozenset({"trend", "course", "change_point"})
_WAYS = frozenset({"trend", "course"})
_BY_QUANTITY = frozenset({
    "share", "group_difference", "seasonality", "mover", "mix_change", "standing", "event_rate", "concentration",
    "leader",
})  # fmt: skip
_OVER_TIME = frozenset({"trend", "change_point", "mix_change", "burst", "course", "year_on_year"})


def without_repeats(candidates: list[Candidate], carried: Container[Carrier] = ()) -> list[Candidate]:
    """Leave out groups that move as the whole table is said to, and all but the two clearest that move alike; the one
    that moves clearly further than the whole is what moves it, and stays."""
    whole = {one.tells: one.effect for one in candidates if one.tells}
    told = Counter(dict.fromkeys(whole, MOST_ALIKE))
    kept, alone = [], set()
    for one in sorted(candidates, key=score, reverse=True):
        if carrier_of(one) in carried:
            kept.append(one)
            alone.add(one.repeats)
            continue
        is_mover = told[one.repeats] == MOST_ALIKE and one.effect >= FURTHER * whole.get(one.repeats, np.inf)
        if not one.repeats or told[one.repeats] < MOST_ALIKE or is_mover:
            kept.append(one)
        told[one.repeats] += bool(one.repeats)
    return [one._replace(effect=one.effect * BEHIND_ITS_CARRIER) if one.tells in alone else one for one in kept]


def each_story_once(candidates: Sequence[Candidate], subjects: Subjects) -> list[Candidate]:
    """Leave out what a better told candidate says already, best first: by the same column of a quantity that goes with
    its own (gross at home and worldwide, the warmest and the coldest hour of a day), of one group over time in another
    way (a step and a trend, a part that grew and a burst of it), or of one group that holds its part of everything."""
    values = {one.column: one.values for one in subjects.quantities if one.minus is None}
    candidates = _who_moved_most(candidates)
    followed = {(frozenset(one.columns), one.group) for one in candidates if one.kind in _ALL_ALONG}
    ranked_last = {one.columns[:2] for one in candidates if one.kind == "standing"}
    related = {frozenset(one.columns) for one in candidates if one.kind == "correlation" and one.stands()}
    kept: list[Candidate] = []
    courses: set[tuple[frozenset[str], Scalar]] = set()
    for one in sorted(candidates, key=score, reverse=True):
        course: tuple[frozenset[str], Scalar] | None = None
        if one.kind in _OVER_TIME and one.group is not None:
            course = frozenset(one.columns), one.group
        if one.kind == "share" and one.group is not None:
            course = frozenset(one.columns[1:]), one.group  # many records hold much of everything
        if one.kind == "year_on_year" and course in followed:
            continue  # two years are a part of that
        if one.kind == "group_difference" and one.columns[:2] in ranked_last:
            continue  # where each of many stands now says more than their averages over all time
        if one.kind == "correlation" and related & {frozenset(one.columns) - {column} for column in one.columns}:
            continue  # what all records show needs no single group
        if one.kind == "event_rate" and len(one.columns) > 1:
            course = frozenset(one.columns), "how often"  # the end that most came to, and the one that few did
        if one.kind == "rate":
            course = frozenset((one.columns[0], one.columns[-1])), one.group  # spend per click and per conversion
        if course in courses or any(_says_as_much(one, other, values) for other in kept):
            continue
        kept.append(one)
        if course is not None:
            courses.add(course)
    return kept


def _who_moved_most(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates without the trend of the one that moved most of all: that it did so says more, and counts
    as much."""
    movers = {(frozenset(one.columns), one.group): one for one in candidates if one.kind == "mover"}
    kept = []
    for one in candidates:
        about = frozenset(one.columns), one.group
        mover = movers.get(about)
        if one.kind not in _ONES_WAY or mover is None or one.group is None:
            kept.append(one)
        elif score(one) > score(mover):
            movers[about] = mover._replace(impact=max(one.impact, mover.impact), effect=max(one.effect, mover.effect))
    return [movers[frozenset(one.columns), one.group] if one.kind == "mover" else one for one in kept]


def _says_as_much(one: Candidate, other: Candidate, values: dict[str, Floats]) -> bool:
    """Whether two candidates of a kind differ by one quantity only, and the two quantities go together."""
    if one.kind == other.kind == "correlation":
        return _is_same_relation(one, other, values)
    if one.kind != other.kind or one.kind not in _BY_QUANTITY or len(one.columns) != len(other.columns):
        return False
    apart = [pair for pair in zip(one.columns, other.columns, strict=True) if pair[0] != pair[1]]
    if len(apart) != 1 or not values.keys() >= set(apart[0]):
        return False
    return _go_together(values[apart[0][0]], values[apart[0][1]])


def _is_same_relation(one: Candidate, other: Candidate, values: dict[str, Floats]) -> bool:
    """Whether two relations share a column and their other columns go together: hours planned and hours worked, each
    with what was billed."""
    apart = set(one.columns) ^ set(other.columns)
    if len(one.columns) != len(other.columns) or len(apart) != len(one.columns) or not values.keys() >= apart:
        return False
    first, second = sorted(apart)
    both = np.isfinite(values[first]) & np.isfinite(values[second])
    return both.sum() >= FEWEST_ALIKE and abs(pearson(values[first][both], values[second][both])) > ONE_RELATION


def _go_together(x: Floats, y: Floats) -> bool:
    both = np.isfinite(x) & np.isfinite(y)
    if both.sum() < FEWEST_ALIKE:
        return False
    # By rank too: one huge order makes units and revenue look alike.
    return abs(pearson(x[both], y[both])) > ONE_STORY and abs(spearman(x[both], y[both]).effect) > ONE_STORY


def told_once(findings: Iterable[Finding], facts: Facts) -> Iterator[Finding]:
    """Leave out a finding that gives the same figures as a better one: a building and its use may be one division."""
    told: set[tuple[str, ...]] = set()
    for finding in findings:
        values = (facts[fact_id].value for fact_id in finding.fact_ids)
        figures = tuple(f"{value:.2g}" for value in values if isinstance(value, float))
        about = (finding.kind, *finding.columns[:1], *figures)
        if finding.kind == "distribution":
            about = (finding.kind, *(str(facts[one].value) for one in finding.fact_ids[:1]))  # the same rows are empty
        if finding.kind == "association":
            # A continent and its sub-region hold the same records of one group, against other others.
            about = (finding.kind, *figures[:1], str(facts[finding.fact_ids[0]].n))
        series = (one for one in finding.fact_ids if facts[one].measure.grain and isinstance(facts[one].value, tuple))
        course = next(series, None)
        if finding.kind in _WAYS and course is not None:
            about = (course,)  # one series has one way, however it was found
        elif len(figures) < 2:
            yield finding
            continue
        if about not in told:
            yield finding
        told.add(about)
