"""Two groups that only together show it: "The attrition rate is 50% for Support where overtime is yes, against 12%
for other Support employees".

Test: Kruskal & Wallis between the records in both groups and those in only one of them, the larger of the two
p-values, times the number of pairs of values looked at (Bonferroni); effect: how many times as much. The first look is
at the shares and rates of all pairs of values.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Floats, Ints, Test, kruskal
from datapilot.insights.subjects.dividing import counted, divided, one_of
from datapilot.insights.subjects.happenings import Event, events_of, tells_ends
from datapilot.insights.subjects.natures import nature_of
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects, is_code, names_parts_of_year
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    among,
    fact_slot,
    group,
    is_are,
    number,
    p_text,
    records,
    rows_text,
    speaks,
)
from datapilot.words.render import column_slot, is_question, value_slot

MOST_VALUES = 12  # of a category
MOST_CATEGORIES = 8
LEAST_GROUP = 20  # records, in both groups and in either alone
LEAST_HAPPENED = 8
LEAST_TIMES = 1.6  # as much as in either group alone
LEAST_OF_MEANS = 1.4
LEAST_BEYOND, LEAST_BEYOND_OF_MEANS = 1.25, 1.5  # of what the two groups give where each only multiplies the other
LOOKED_AT = 3  # pairs of values, by how far they lie above what either has alone
TIMES_AS_MUCH = 1.5  # the logarithm of how many times that counts fully


class _Outcome(NamedTuple):
    """What may be more where two groups meet, as what each row adds above (`tops`) and below (`bases`) a line.

    Of an event a row adds 1 or 0 to 1, of an average its value to 1, of a rate one amount to another.
    """

    kind: str
    columns: tuple[str, ...]
    tops: Floats
    bases: Floats
    event: Event | None = None
    above: Quantity | None = None
    below: Quantity | None = None
    is_part: bool = False

    @property
    def is_rate(self) -> bool:
        """Whether a row adds one amount to another, not itself to a count."""
        return self.below is not None or (self.above is not None and self.above.rate_of is not None)

    def measure(self, *where: Filter) -> Measure:
        """Return the share, average or rate of the rows that meet the conditions."""
        if self.event is not None:
            return self.event.rate(*where)
        assert self.above is not None
        if self.below is None:
            return self.above.measure("mean", where=where)
        return Measure(metric="ratio", column=self.above.column, column2=self.below.column, filters=where)


class _Cell(NamedTuple):
    """A value of one category and a value of another; `one` is the group that the sentence begins with."""

    one: Category
    code: int
    other: Category
    with_code: int

    @property
    def labels(self) -> tuple[Scalar, Scalar]:
        return self.one.codes.labels[self.code], self.other.codes.labels[self.with_code]

    def sides(self) -> tuple[np.ndarray, np.ndarray]:
        """Which rows are in the first group, and which in the second."""
        return self.one.codes.codes == self.code, self.other.codes.codes == self.with_code


def find_crossings(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield, for every event, rate and result, the test of the two groups that have most of it together."""
    fit = [
        one for one in subjects.categories
        if not one.is_personal and 2 <= len(one.codes.labels) <= MOST_VALUES
        and not is_code(one.column) and not is_question(one.column) and not tells_ends(one)
        and not names_parts_of_year(one)
    ][:MOST_CATEGORIES]  # fmt: skip
    outcomes = list(_outcomes(subjects))
    looked_at = [0] * len(outcomes)
    cells: list[list[tuple[float, _Cell]]] = [[] for _ in outcomes]
    for one, other in combinations(fit, 2):
        inside = np.flatnonzero((one.codes.codes >= 0) & (other.codes.codes >= 0))
        place = one.codes.codes[inside] * len(other.codes.labels) + other.codes.codes[inside]
        for at, outcome in enumerate(outcomes):
            if {one.column, other.column} & set(outcome.columns):
                continue
            looked_at[at] += len(one.codes.labels) * len(other.codes.labels)
            cells[at] += _promising(outcome, one, other, inside, place)
    for at, outcome in enumerate(outcomes):
        first = sorted(cells[at], key=lambda found: -found[0])[:LOOKED_AT]
        if first:
            tested = [(_tested(outcome, cell, looked_at[at]), cell) for _, cell in first]
            test, cell = min(tested, key=lambda found: found[0].p_value)
            yield test, _candidate(subjects, outcome, cell, test)


def _outcomes(subjects: Subjects) -> Iterator[_Outcome]:
    for event in events_of(subjects):
        if not event.is_welcome:
            happened = np.where(event.known, event.happened, False).astype(np.float64)
            yield _Outcome("event_rate", event.columns, happened, event.known.astype(np.float64), event=event)
    rated: set[str] = set()
    for above, below, form, rate in divided(subjects.own_quantities):
        if rate is not None:
            yield from _own_rate(rate)
            continue
        if counted(below) is None and form != "part":
            continue  # what is measured differs with how much of it there is
        rated |= {above.column}
        columns = (above.column, below.column)
        yield _Outcome("rate", columns, above.values, below.values, above=above, below=below, is_part=form == "part")
    for quantity in (one for one in subjects.own_quantities if one.rate_of is None):
        known = quantity.is_known
        is_result = nature_of(quantity) == "outcome" and quantity.column not in rated
        if is_result and known.any() and float(quantity.values[known].min()) >= 0:
            kind = "group_difference" if quantity.minus is None else "duration_difference"
            values = np.where(known, quantity.values, 0.0)
            yield _Outcome(kind, quantity.columns, values, known.astype(np.float64), above=quantity)


def _own_rate(rate: Quantity) -> Iterator[_Outcome]:
    """Yield what a rate of the table's own is made of; not where its amounts may be below nothing."""
    parts = rate.rate_of
    assert parts is not None
    known = np.isfinite(parts.tops) & np.isfinite(parts.bases)
    if known.any() and min(parts.tops[known].min(), parts.bases[known].min()) >= 0:
        tops, bases = (np.where(known, part, 0.0) for part in (parts.tops, parts.bases))
        yield _Outcome("rate", rate.columns, tops, bases, above=rate)


def _least_times(outcome: _Outcome) -> float:
    return LEAST_TIMES if outcome.event is not None or outcome.is_rate else LEAST_OF_MEANS


def _promising(
    outcome: _Outcome, one: Category, other: Category, inside: Ints, place: Ints
) -> Iterator[tuple[float, _Cell]]:
    """Yield the pairs of values that have clearly more together than either has alone, with how far they lie above;
    `place` says which pair each of the rows `inside` has."""
    shape = len(one.codes.labels), len(other.codes.labels)
    n, tops, bases = (
        np.bincount(place, weights=weights, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
        for weights in (None, outcome.tops[inside], outcome.bases[inside])
    )
    if not outcome.is_rate:
        n = bases  # the rows of which it is known
    rate = tops / np.maximum(bases, 1e-9)
    alone = []
    enough = n >= LEAST_GROUP
    for axis in (0, 1):
        rest_n, rest_tops, rest_bases = (part.sum(axis=axis, keepdims=True) - part for part in (n, tops, bases))
        enough &= rest_n >= LEAST_GROUP
        alone.append(rest_tops / np.maximum(rest_bases, 1e-9))
    most = np.maximum(*alone)
    # What two groups have more of each by itself multiplies where they meet: dear things that are bought in numbers.
    rest = [
        part.sum() - part.sum(axis=0, keepdims=True) - part.sum(axis=1, keepdims=True) + part for part in (tops, bases)
    ]
    beyond = LEAST_BEYOND if outcome.event is not None or outcome.is_rate else LEAST_BEYOND_OF_MEANS
    neither = rest[0] / np.maximum(rest[1], 1e-9)
    most = np.maximum(most, beyond * alone[0] * alone[1] / (_least_times(outcome) * np.maximum(neither, 1e-9)))
    if outcome.event is not None:
        enough &= tops >= LEAST_HAPPENED
    for row, column in np.argwhere(enough & (rate >= _least_times(outcome) * most) & (rate > 0)).tolist():
        first, second = _Cell(one, row, other, column), _Cell(other, column, one, row)
        is_first = speaks(first.labels[0]) or not speaks(second.labels[0])
        ahead = float((rate[row, column] - most[row, column]) * np.sqrt(n[row, column]))
        yield ahead, first if is_first else second


def _tested(outcome: _Outcome, cell: _Cell, looked_at: int) -> Test:
    """Return the test of both groups against either alone; p = 1 where one row makes it."""
    inside, beside = cell.sides()
    known = outcome.bases > 0
    common = outcome.tops[known].sum() / outcome.bases[known].sum()
    above = (outcome.tops - common * outcome.bases) / np.sqrt(np.maximum(outcome.bases, 1e-9))
    tests = []
    for alone in (inside & ~beside & (cell.other.codes.codes >= 0), beside & ~inside & (cell.one.codes.codes >= 0)):
        rows = np.flatnonzero(known & ((inside & beside) | alone))
        tests.append(kruskal(above[rows], alone[rows].astype(np.int64), 2))
        both = np.flatnonzero(known & inside & beside)
        kept = np.delete(both, np.argmax(above[both]))
        rest = known & alone
        least = 1 + (_least_times(outcome) - 1) / 2
        if _rate(outcome, kept) < least * _rate(outcome, np.flatnonzero(rest)):
            return Test(1.0, 0.0, len(rows))
    worst = max(tests, key=lambda test: test.p_value)
    return Test(min(1.0, worst.p_value * looked_at), worst.effect, int(known.sum()))


def _rate(outcome: _Outcome, rows: np.ndarray) -> float:
    return float(outcome.tops[rows].sum() / max(outcome.bases[rows].sum(), 1e-9))


def _candidate(subjects: Subjects, outcome: _Outcome, cell: _Cell, test: Test) -> Candidate:
    label, with_label = cell.labels
    is_one, is_other = (
        Filter(column=category.column, op="eq", value=value)
        for category, value in ((cell.one, label), (cell.other, with_label))
    )
    not_one, not_other = (condition.model_copy(update={"op": "ne"}) for condition in (is_one, is_other))
    here, first, second = (
        outcome.measure(*where) for where in ((is_one, is_other), (is_one, not_other), (not_one, is_other))
    )
    overall = outcome.measure()
    rows = Measure(metric="count", filters=(is_one, is_other))
    inside, beside = cell.sides()
    both = np.flatnonzero(inside & beside)
    times = _rate(outcome, both) / max(
        _rate(outcome, np.flatnonzero(inside & ~beside)), _rate(outcome, np.flatnonzero(beside & ~inside)), 1e-9
    )

    def word(facts: Facts) -> Wording | None:
        values = [number(facts, one.fact_id) for one in (here, first, second)]
        if any(value is None for value in values) or number(facts, overall.fact_id) is None:
            return None
        top, one_alone, other_alone = (float(value or 0.0) for value in values)
        if top < (1 + (_least_times(outcome) - 1) / 2) * max(one_alone, other_alone):
            return None
        form = "percent" if outcome.event is not None or outcome.is_part else ""
        high, low, beside_it, all_of_it = (
            fact_slot(facts[one.fact_id], form) for one in (here, first, second, overall)
        )
        who = records(cell.one.column, label)
        whose = _with(cell.other.column, with_label, is_first_named=speaks(label))
        headline = f"{_said(outcome, high, f'{among(cell.one.column, label)} {whose}')}, against {low} for other {who}"
        if outcome.event is not None and outcome.event.rate_name is None:
            headline = f"{high} of {who} {whose} {outcome.event.became}, against {low} of other {who}"
        detail = (
            f"For other {records(cell.other.column, with_label)} it is {beside_it}, over all records {all_of_it}. "
            f"{fact_slot(facts[rows.fact_id])} records are both."
        )
        what = (
            f"Look at {group(cell.one.column, label)} {whose} first: "
            "neither of the two alone explains it, so ask what happens where they meet."
        )
        story = f"{who} {whose} stand out: {_said(outcome, high, 'there')}, over all records {all_of_it}."
        return Wording(headline, detail, owner(*outcome.columns, cell.one.column), what, story=story)

    part = float(outcome.tops[both].sum() / max(outcome.tops.sum(), 1e-9))
    return Candidate(
        kind=outcome.kind, columns=(*outcome.columns, cell.one.column, cell.other.column),
        measures=(here, first, second, overall, rows), word=word, impact=min(1.0, 1.5 * part),
        effect=min(1.0, 0.45 + float(np.log(max(times, 1.0))) / TIMES_AS_MUCH), n=test.n, p_value=test.p_value,
        statistics=f"Kruskal–Wallis against either group alone {p_text(test.p_value)}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=outcome.columns, crossed=(cell.one.column, cell.other.column),
    )  # fmt: skip


def _with(column: str, value: Scalar, *, is_first_named: bool) -> str:
    """Return the template "with shift Night", or "where overtime is yes"; "and overtime is yes" behind another such."""
    if not is_first_named:
        return f"and {column_slot(column)} {is_are(column)} {value_slot(value)}"
    if isinstance(value, bool):
        return f"where {column_slot(column)} {is_are(column)} {value_slot(value)}"
    return f"with {column_slot(column)} {value_slot(value)}"


def _said(outcome: _Outcome, value: str, where: str) -> str:
    """Return "the churn rate is 50% for Basic with channel Ads", or the same of a rate or an average."""
    if outcome.event is not None:
        name = outcome.event.rate_name
        return f"the {name} is {value} {where}" if name is not None else f"{value} {outcome.event.became} {where}"
    assert outcome.above is not None
    if outcome.below is None:
        return f"{outcome.above.average} is {value} {where}"
    verb = is_are(outcome.above.column)
    if outcome.is_part:
        return f"{outcome.above.name} {verb} {value} of {outcome.below.name} {where}"
    return f"{outcome.above.name} per {one_of(outcome.below)} {verb} {value} {where}"
