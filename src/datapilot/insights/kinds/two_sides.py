"""Two quantities that are the two sides of one record: "Average home goals are 1.6, average away goals 1.2", left and
right, before and after.

Test: Student's t of the differences within records; effect: their mean in units of their spread (Cohen 1988). Told
where as many records as the averages say go the same way.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.engine.p_values import t_tail
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Floats, Test
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, is_are, number, p_text, rows_text
from datapilot.words.meanings import name_words

SIDES = (("home", "away"), ("left", "right"), ("before", "after"), ("pre", "post"))
_FIRST_IS_EARLIER = frozenset({"before", "pre"})
FEWEST_ROWS = 30
LEAST_EFFECT = 0.15
SECOND_OF_A_PAIR = 0.6  # the next pair of the same two sides: shots after goals


def find_two_sides(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of every two quantities whose names differ by their side alone."""
    initials = _initials(subjects)
    plain = [one for one in subjects.own_quantities if one.minus is None and one.rate_of is None]
    told = 0
    for one, other in combinations(plain, 2):
        sides = sides_of(one.column, other.column, initials=initials)
        both = np.flatnonzero(one.is_known & other.is_known)
        if sides is None or one.unit != other.unit or len(both) < FEWEST_ROWS:
            continue
        apart = one.values[both] - other.values[both]
        test = _paired(apart)
        fits = test.effect >= LEAST_EFFECT and float(np.mean(np.sign(apart))) * float(apart.mean()) > 0
        found = _candidate(subjects, *((one, other) if apart.mean() > 0 else (other, one)), sides, test)
        yield test, found._replace(effect=found.effect * SECOND_OF_A_PAIR**told) if fits else None
        told += fits


def sides_of(one: str, other: str, *, initials: bool = False) -> tuple[str, str] | None:
    """Return the two sides in which names differ ("home_goals" and "away_goals"), with `initials` also where only H
    and A do ("FTHG" and "FTAG"); else None."""
    first, second = name_words(one), name_words(other)
    unlike = [(a, b) for a, b in zip(first, second, strict=False) if a != b]
    if len(first) == len(second) and len(unlike) == 1:
        for pair in SIDES:
            if set(unlike[0]) == set(pair):
                return pair
    letters = [(a, b) for a, b in zip(one.upper(), other.upper(), strict=False) if a != b]
    if initials and len(one) == len(other) and len(letters) == 1 and set(letters[0]) == {"H", "A"}:
        return SIDES[0]
    return None


def _initials(subjects: Subjects) -> bool:
    """Whether columns of the table name who is at home and who is away, so that H and A stand for them."""
    named = [name_words(one.name) for one in subjects.profile.columns if one.storage == "VARCHAR"]
    return all(any(side in words for words in named) for side in SIDES[0])


def _paired(apart: Floats) -> Test:
    spread = float(np.std(apart, ddof=1))
    if spread <= 0:
        return Test(1.0, 0.0, len(apart))
    effect = float(apart.mean()) / spread
    return Test(t_tail(effect * float(np.sqrt(len(apart))), len(apart) - 1), abs(effect), len(apart))


def _candidate(subjects: Subjects, more: Quantity, less: Quantity, sides: tuple[str, str], test: Test) -> Candidate:
    known = tuple(Filter(column=one.column, op="not_missing") for one in (more, less))
    averages = [one.measure("mean", where=known) for one in (more, less)]
    above, below = (
        Measure(metric="count", filters=(Filter(column=more.column, minus=less.column, op=op, value=0),))
        for op in ("gt", "lt")
    )
    columns = (more.column, less.column)

    def word(facts: Facts) -> Wording | None:
        high, low = (number(facts, one.fact_id) for one in averages)
        if high is None or low is None or high <= low:
            return None
        shown, other = (fact_slot(facts[one.fact_id]) for one in averages)
        headline = f"{more.average} {is_are(more.column)} {shown}, {less.average} {other}"
        detail = (
            f"{more.name} {is_are(more.column)} above {less.name} in {fact_slot(facts[above.fact_id])} records, "
            f"below in {fact_slot(facts[below.fact_id])}."
        )
        if sides == SIDES[0] and not set(name_words(more.column)) & set(sides):
            detail += " H stands for home, A for away."
        what = f"Judge {more.name} and {less.name} each by its own average: the two sides do not start level."
        if sides[0] in _FIRST_IS_EARLIER:
            what = "Compare with records of which nothing was changed in between before giving the change its credit."
        story = f"{more.average} {is_are(more.column)} {shown} against {other} for {less.name}, record by record."
        return Wording(headline, detail, owner(*columns), what, story=story)

    return Candidate(
        kind="group_difference", columns=columns, measures=(*averages, above, below), word=word, impact=1.0,
        effect=min(1.0, 0.45 + test.effect), n=test.n, p_value=test.p_value,
        statistics=f"paired t {p_text(test.p_value)}, d = {test.effect:.2f}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{more.key}", f"{less.key}"),
    )  # fmt: skip
