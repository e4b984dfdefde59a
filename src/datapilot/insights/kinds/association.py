"""Two categories that go together: "78% of Hardware records are in Australia, against 12% of the others".

Test: chi-square of independence, refused on sparse tables (Cochran 1954); effect: bias-corrected V (Bergsma 2013).
The sentence shows the pair of values that departs most from independence, by its standardised residual. One column
that merely repeats or refines another (city and country) is no finding.
"""

import math
import re
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import (
    Floats,
    Ints,
    Test,
    association,
    binomial_tail,
    contingency,
    independent_share,
    persistence,
)
from datapilot.insights.subjects.happenings import tells_ends
from datapilot.insights.subjects.natures import is_event, is_experiment, is_outcome_value, is_status, said_of
from datapilot.insights.subjects.subjects import Category, Group, Subjects, is_code
from datapilot.insights.wording.advice import on_pair
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    fact_slot,
    group,
    holds,
    is_geography,
    listing,
    named_group,
    number,
    p_text,
    records,
    rows_text,
    share_alone,
    share_of,
    speaks,
)
from datapilot.words.labels import label
from datapilot.words.render import column_slot, is_question, value_slot

LEAST_V = 0.12
REFINES = 0.95  # of rows whose one value tells the other
MOST_MISSED = 0.5  # of the rows that the most frequent value misses
LEAST_POINTS = 0.10  # between the share within the group and outside it
LEAST_POINTS_OF_FLAG, TIMES_OF_FLAG = 0.02, 1.8  # of a yes that few have, whose V is small however often it is
MOST_OF_FLAG = 0.2  # of the records
LEAST_ROWS = 10
LEAST_RARE_ROWS = 5
LEAST_RARE = 0.5  # of a rare value's records in one group
MOST_USUAL = 0.5  # share of the group in all records; a larger one holds most of anything
FEWEST_RECORDS = 50
MOST_TOLD = 6  # values of a small group that are all listed
LEAST_ALIKE = 4
ALIKE_BY_CHANCE = 0.01
NESTED = 0.7  # a group that is wholly of one kind mostly is so by what the words mean
TIMES_AS_OFTEN = 1.5  # the logarithm of how many times as often that counts fully
LEAST_INDEPENDENT = 0.9
_MOST_VALUES = 30
_CALENDAR = frozenset({
    "season", "month", "mnth", "quarter", "qtr", "week", "weekday", "weekend", "workingday", "day", "dow", "year",
    "holiday", "hour", "jahreszeit", "monat", "quartal", "wochentag",
})  # fmt: skip


class _Table(NamedTuple):
    """How many records have each value of one category (rows) and of another (columns)."""

    one: Category
    other: Category
    counts: Ints


class _Side(Group):
    """One value of a category."""

    @property
    def lacks(self) -> Filter:
        return Filter(column=self.column, op="ne", value=self.label)

    @property
    def is_event(self) -> bool:
        is_rare = self.label == self.category.codes.labels[self.category.yes or 0] and _has_rare_yes(self.category)
        return is_event(self.column) or is_outcome_value(self.label) or is_rare


class _Pair(NamedTuple):
    """A group and the value that it has more often than the others do; `counts` has the groups as rows."""

    who: _Side
    what: _Side
    counts: Ints
    share_here: float  # of the group's records
    weight: float
    has_event: bool

    @property
    def records(self) -> int:
        return int(self.counts[self.who.code, self.what.code])


class _Asked(NamedTuple):
    here: Measure
    there: Measure
    each: Measure
    rest: Measure | None = None
    alike: _Side | None = None  # another group that is so too, and `also` its values
    also: Measure | None = None


def find_associations(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of every pair of categories."""
    fit = [one for one in subjects.categories if not one.is_personal and len(one.codes.labels) <= _MOST_VALUES]
    for one, other in combinations(fit, 2):
        if tells_ends(one) != tells_ends(other):
            continue  # how often something happens is told as such
        both = (one.codes.codes >= 0) & (other.codes.codes >= 0)
        codes, codes2 = one.codes.codes[both], other.codes.codes[both]
        counts = contingency(codes, codes2, len(one.codes.labels), len(other.codes.labels))
        kept = independent_share(persistence(codes), persistence(codes2))
        test = association(counts, kept=kept)
        are_places = is_geography(one.column) and is_geography(other.column)
        refines = (
            are_places
            or _are_a_place_and_a_code(one, other)
            or _are_a_place_and_a_code(other, one)
            or _are_of_the_calendar(one, other)
            or _refines(counts)
            or _is_by_construction(counts)
            or _are_one_question(one.column, other.column)
        )
        candidate: Candidate | None = None
        if test.n:
            fits = (test.effect >= LEAST_V or _has_rare_yes(one) != _has_rare_yes(other)) and not refines
            candidate = _candidate(subjects, one, other, counts, test) if fits else None
            yield test, candidate
        are_words = not (is_code(one.column) or is_code(other.column))
        rare = _rare(counts, kept) if candidate is None and not refines and are_words else None
        if rare is not None:
            found, at = rare
            fits = found.effect >= LEAST_RARE
            yield found, _candidate(subjects, one, other, counts, found, at=at) if fits else None


def _are_a_place_and_a_code(place: Category, code: Category) -> bool:
    """Whether a number that stands for something gathers in a part of the world: nobody moves either."""
    are_numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in code.codes.labels)
    return is_geography(place.column) and are_numbers


def _greatest(residual: Floats) -> tuple[int, int]:
    row, column = np.unravel_index(int(np.argmax(residual)), residual.shape)
    return int(row), int(column)


def _others(pair: _Pair) -> Measure | None:
    """Return the number of the group's records under values that it never has; None where it has them all."""
    row, labels = pair.counts[pair.who.code], pair.what.category.codes.labels
    told = [labels[code] for code in np.flatnonzero(row)]
    if len(told) > MOST_TOLD or len(told) == len(row):
        return None
    unlike = tuple(Filter(column=pair.what.column, op="ne", value=label) for label in told)
    known = Filter(column=pair.what.column, op="not_missing")
    return Measure(metric="count", filters=(pair.who.has, known, *unlike))


def _nothing_else(facts: Facts, rest: Measure | None) -> str:
    return (
        f", any other {fact_slot(facts[rest.fact_id])}" if rest is not None and facts[rest.fact_id].value == 0 else ""
    )


def _alike(pair: _Pair) -> int | None:
    """Return another small group that gathers under the same value, if one clearly does."""
    sizes, inside = pair.counts.sum(axis=1), pair.counts[:, pair.what.code]
    usual = float(inside.sum() / max(pair.counts.sum(), 1))
    for row in np.argsort(-inside):
        is_small = inside[row] >= LEAST_ALIKE and sizes[row] < FEWEST_RECORDS
        if row == pair.who.code or not is_small or inside[row] < LEAST_RARE * sizes[row]:
            continue
        if binomial_tail(int(inside[row]), int(sizes[row]), usual) * len(sizes) < ALIKE_BY_CHANCE:
            return int(row)
    return None


def _yes(category: Category) -> int | None:
    """Return the code of "yes" in a column of yes and no, None for other columns."""
    said = [str(one).lower() for one in category.codes.labels]
    return next((said.index(word) for word in ("yes", "true") if len(said) == 2 and word in said), None)


def _rare(counts: Ints, kept: float) -> tuple[Test, tuple[int, int]] | None:
    """Test a table's rare values, which chi-square does not see, by the most telling cell: the binomial probability of
    so many of a value's records in one group, times the number of cells (Bonferroni). The effect is their share.

    None without rare values, and for records that remember their neighbour, which the binomial takes for independent.
    """
    n = int(counts.sum())
    if n < FEWEST_RECORDS or kept < LEAST_INDEPENDENT:
        return None
    best: tuple[float, float, tuple[int, int]] | None = None
    for table, is_turned in ((counts, False), (counts.T, True)):
        groups, values = table.sum(axis=1), table.sum(axis=0)
        for row, column in np.argwhere((table >= LEAST_RARE_ROWS) & (values < FEWEST_RECORDS)).tolist():
            count, overall = int(table[row, column]), float(groups[row] / n)
            share = count / int(values[column])
            p_value = min(1.0, binomial_tail(count, int(values[column]), overall) * counts.size)
            if overall < MOST_USUAL and (best is None or p_value < best[0]):
                best = p_value, share, (column, row) if is_turned else (row, column)
    return None if best is None else (Test(best[0], best[1], n), best[2])


def _refines(counts: Ints) -> bool:
    """Whether one column's value tells the other's almost always, and better than the most frequent value does by
    itself: a city its country. That nearly nobody was mispicked, whatever the shift, tells nothing of the shift."""
    n = int(counts.sum())
    for axis in (0, 1):
        missed = n - int(counts.max(axis=axis).sum())
        missed_by_the_usual = n - int(counts.sum(axis=1 - axis).max())
        if n and missed <= (1 - REFINES) * n and missed <= MOST_MISSED * missed_by_the_usual:
            return True
    return False


def _are_of_the_calendar(one: Category, other: Category) -> bool:
    """Whether both divide the year or the week: that June is summer is no finding."""
    return all(bool(set(label(category.column).lower().split()) & _CALENDAR) for category in (one, other))


def _are_one_question(one: str, other: str) -> bool:
    """Whether two names differ by their figures alone: the same asked in two years, or of two halves."""
    first, second = (re.sub(r"[\d_\s]+", "", name).lower() for name in (one, other))
    return bool(first) and first == second


def _is_by_construction(counts: Ints) -> bool:
    """Whether one of two yes-or-no columns rules the other out or implies it, as flags made from one column do."""
    return counts.shape == (2, 2) and bool((counts == 0).any())


def _candidate(
    subjects: Subjects, one: Category, other: Category, counts: Ints, test: Test, *, at: tuple[int, int] | None = None
) -> Candidate | None:
    """Return what the most telling cell says: the one at `at`, else that of the largest residual."""
    least = LEAST_ROWS if at is None else LEAST_RARE_ROWS
    pair = _telling_pair(_Table(one, other, counts), least=least, at=at)
    if pair is None:
        return None
    asked = _ask(pair)
    how = (
        f"χ² of independence {p_text(test.p_value)}, Cramér's V = {test.effect:.2f}" if at is None
        else f"binomial {p_text(test.p_value)} over {counts.size} cells"
    )  # fmt: skip
    is_nested = pair.share_here >= REFINES and not pair.has_event
    return Candidate(
        kind="association", columns=(pair.who.column, pair.what.column),
        word=lambda facts: _word(pair, asked, facts, least=least),
        measures=tuple(one for one in (asked.here, asked.there, asked.each, asked.rest, asked.also) if one is not None),
        impact=min(1.0, 2 * pair.records / float(counts.sum())),
        effect=min(1.0, pair.weight) * (NESTED if is_nested else 1.0),
        n=test.n, p_value=test.p_value,
        statistics=f"{how}, {rows_text(test.n, is_sample=subjects.cells.is_sample)}",
    )  # fmt: skip


def _telling_pair(table: _Table, *, least: int, at: tuple[int, int] | None) -> _Pair | None:
    """Return the cell that departs most from independence, read the way round that says more."""
    counts, n = table.counts, table.counts.sum()
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    inside = counts / np.maximum(rows[:, None], 1)
    outside = (columns[None, :] - counts) / np.maximum(n - rows[:, None], 1)
    expected = np.outer(rows, columns) / n
    residual = (counts - expected) / np.sqrt(np.maximum(expected, 1e-9))
    is_clear = inside - outside >= LEAST_POINTS
    for side, axis in ((table.one, 0), (table.other, 1)):
        code = side.yes if _has_rare_yes(side) else None
        if code is not None:
            here, there = _shares_of_yes(counts, code, axis)
            clear = (here - there >= LEAST_POINTS_OF_FLAG) & (here >= TIMES_OF_FLAG * there)
            np.moveaxis(is_clear, axis, 0)[code] |= clear
    residual[(counts < least) | ~is_clear] = 0
    if residual.max() <= 0:
        return None
    row, column = at or _greatest(residual)
    yes, other_yes = _yes(table.one), _yes(table.other)
    if yes is not None and other_yes is not None and residual[yes, other_yes] > 0:
        row, column = yes, other_yes  # that both are so is said rather than that neither is
    first, second = _Side(table.one, row), _Side(table.other, column)
    if first.label == second.label and (yes is None or other_yes is None):
        return None  # the same answer to two questions
    forward = float(inside[row, column]), float(outside[row, column])
    count = int(counts[row, column])
    backward = float(count / columns[column]), float((rows[row] - count) / max(n - columns[column], 1))
    gaps = forward[0] - forward[1], backward[0] - backward[1]
    has_event = first.is_event or second.is_event
    if _is_same_twice(forward, backward) and not has_event:
        return None
    is_flag, is_other_flag = (isinstance(side.label, bool) for side in (first, second))
    is_turned = first.is_event if first.is_event != second.is_event else gaps[1] > gaps[0]
    if is_flag != is_other_flag and not has_event:
        is_turned = is_flag  # of a group is said how often it is so
    ends, trials = ([says(side.column) for side in (first, second)] for says in (is_status, is_experiment))
    if not has_event and (ends[0] != ends[1] or trials[0] != trials[1]):
        # What came of it is told of what was tried, not the other way round.
        is_turned = ends[0] if ends[0] != ends[1] else trials[1]
    share_here, share_there = backward if is_turned else forward
    weight = max(gaps)
    if has_event:
        # Thrice as often is news, however seldom it is.
        weight = max(weight, min(1.0, math.log(share_here / max(share_there, 1 / n)) / TIMES_AS_OFTEN))
    who, what = (second, first) if is_turned else (first, second)
    return _Pair(who, what, counts.T if is_turned else counts, share_here, weight, has_event)


def _has_rare_yes(category: Category) -> bool:
    """Whether a column of yes and no is yes of few records, as what goes wrong is."""
    yes = category.yes
    if yes is None or len(category.codes.labels) != len(("yes", "no")):
        return False
    return bool(category.codes.counts[yes] <= MOST_OF_FLAG * category.codes.counts.sum())


def _shares_of_yes(counts: Ints, code: int, axis: int) -> tuple[Floats, Floats]:
    """Return which part of each group has the yes `code` of `axis`, and of all others."""
    so = np.moveaxis(counts, axis, 0)[code]
    sizes = counts.sum(axis=axis)
    rest = np.maximum(sizes.sum() - sizes, 1)
    return so / np.maximum(sizes, 1), (so.sum() - so) / rest


def _is_same_twice(forward: tuple[float, float], backward: tuple[float, float]) -> bool:
    """Whether two values stand in the same records and nowhere else: one thing under two names."""
    return min(forward[0], backward[0]) >= REFINES and max(forward[1], backward[1]) <= 1 - REFINES


def _ask(pair: _Pair) -> _Asked:
    """Return the measures that the sentence cites."""
    who, what, known = pair.who, pair.what, Filter(column=pair.what.column, op="not_missing")
    here = Measure(metric="ratio", of="count", filters=(who.has, what.has), baseline=(who.has, known))
    there = Measure(metric="ratio", of="count", filters=(who.lacks, what.has), baseline=(who.lacks, known))
    if int((who.category.codes.codes == who.code).sum()) >= FEWEST_RECORDS:
        each = Measure(metric="share_rows", by=what.column, filters=(who.has, known), limit=6)
        return _Asked(here, there, each)
    # Of a small group counts say more than shares.
    each = Measure(metric="count", by=what.column, filters=(who.has, known), limit=6)
    code = _alike(pair)
    alike = None if code is None else _Side(who.category, code)
    also = alike and Measure(metric="count", by=what.column, filters=(alike.has, known), limit=6)
    return _Asked(here, there, each, _others(pair), alike, also)


def _word(pair: _Pair, asked: _Asked, facts: Facts, *, least: int) -> Wording | None:
    who, what = pair.who, pair.what
    inner, outer = number(facts, asked.here.fact_id), number(facts, asked.there.fact_id)
    apart = LEAST_POINTS_OF_FLAG if _has_rare_yes(what.category) else LEAST_POINTS
    if inner is None or outer is None or inner - outer < apart / 2 or facts[asked.here.fact_id].n < least:
        return None
    subject, (have, value) = group(who.column, who.label), _having(who, what)
    headline = (
        f"{share_of(facts[asked.here.fact_id], records(who.column, who.label))} {have} {value}, "
        f"against {share_alone(facts[asked.there.fact_id])} of the others"
    )
    detail = (
        f"Within the {{{asked.each.fact_id}|n}} {records(who.column, who.label)}, "
        f"{holds(what.column, facts[asked.each.fact_id])}{_nothing_else(facts, asked.rest)}."
    )
    if asked.also is not None and asked.alike is not None:
        detail += f" Likewise the {records(who.column, asked.alike.label)}: {listing(facts[asked.also.fact_id])}."
    share = fact_slot(facts[asked.here.fact_id], "percent")
    advice = on_pair((who.column, who.label), (what.column, what.label), share=share, is_all=inner == 1)
    if pair.has_event:
        thing = group(what.column, what.label)
        advice = f"Find out what is different about {subject}: {thing} comes up there far more often."
        if isinstance(what.label, bool):
            advice = f"Find out what is different about {subject}: more of them {have} {value}."
    elsewhere = share_alone(facts[asked.there.fact_id])
    story = (
        f"{value} is more common among {records(who.column, who.label)} than elsewhere: {share} against {elsewhere}."
    )
    if isinstance(what.label, bool):
        story = f"Among {records(who.column, who.label)}, {share} {have} {value}; among all others it is {elsewhere}."
    return Wording(headline, detail, owner(who.column, what.column), advice, story=story)


def _having(who: _Side, what: _Side) -> tuple[str, str]:
    """Return the verb and the words that say that a record has the value: "are" Hardware, "belong to" Sales."""
    value = group(what.column, what.label)
    if is_question(what.column):
        return "gave", value
    if isinstance(what.label, bool):
        verb, _, said = said_of(what.column, is_so=what.label).partition(" ")
        return verb, said
    if not speaks(what.label) or what.label == who.label:
        return "have", f"{column_slot(what.column)} {value_slot(what.label)}"
    named = named_group(what.column, what.label)
    return ("are", value) if named == value else ("belong to", named)
