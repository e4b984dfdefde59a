"""How much of an amount a yes or no holds, by group: "Only 44% of total hours are billable for Design, against 80% for
the rest".

Records do not say it: an entry of eight hours counts as much as one of one. Test: chi-square of independence over the
groups, with the amounts' own dispersion as for totals (mean of squares / mean); effect: how far the shares lie apart.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.engine.p_values import chi2_tail
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Ints, Test, without_top
from datapilot.insights.subjects.dividing import is_amount, is_time
from datapilot.insights.subjects.happenings import yes_of
from datapilot.insights.subjects.natures import is_adjective, said_of
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects, is_code
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    among,
    entries,
    fact_slot,
    group,
    is_are,
    listing,
    number,
    p_text,
    rows_text,
)
from datapilot.words.render import column_slot, is_question

MOST_AMOUNTS = 2
MOST_GROUPS = 12
LEAST_GROUP = 20  # records
LEAST_POINTS = 0.1  # between a group's share and that of all others
LEAST_SIDE = 0.05  # of the amount on either side, or nothing is divided
_LISTED = 8


def find_flagged_amounts(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of every amount that a yes or no divides, by every category."""
    amounts = [one for one in subjects.own_quantities if is_amount(one) and (one.adds_up or is_time(one))]
    amounts = sorted(amounts, key=lambda one: not is_time(one))[:MOST_AMOUNTS]
    groups = [
        one for one in subjects.categories
        if not one.is_personal and 2 < len(one.codes.labels) <= MOST_GROUPS and not is_code(one.column)
    ]  # fmt: skip
    for flag in subjects.categories:
        if not _divides(flag) or not is_adjective(flag.column):
            continue  # of things that are marked so, records are counted
        yes = flag.codes.codes == flag.codes.labels.index(True)
        for amount in amounts:
            held = float(amount.values[yes].sum() / max(amount.values.sum(), 1e-9))
            if not LEAST_SIDE <= held <= 1 - LEAST_SIDE:
                continue
            if any(float(amount.values[side].min()) == float(amount.values[side].max()) for side in (yes, ~yes)):
                continue
            for category in groups:
                yield from _by_group(subjects, amount, flag, category)


def _divides(flag: Category) -> bool:
    """Whether a column says yes or no of every record, and nothing that happened to it, which is told by how often."""
    labels = flag.codes.labels
    is_flag = len(labels) == len((True, False)) and all(isinstance(label, bool) for label in labels)
    return is_flag and bool((flag.codes.codes >= 0).all()) and yes_of(flag) is None and not is_question(flag.column)


def _by_group(
    subjects: Subjects, amount: Quantity, flag: Category, category: Category
) -> Iterator[tuple[Test, Candidate | None]]:
    rows = np.flatnonzero(category.codes.codes >= 0)
    codes, values = category.codes.codes[rows], amount.values[rows]
    sizes = np.bincount(codes, minlength=len(category.codes.labels))
    kept = sizes[codes] >= LEAST_GROUP
    rows, codes, values = rows[kept], codes[kept], values[kept]
    if len(np.unique(codes)) < len((True, False)):
        return
    yes = flag.codes.codes[rows] == flag.codes.labels.index(True)
    size = len(category.codes.labels)
    whole, part = (np.bincount(codes, weights=weights, minlength=size) for weights in (values, values * yes))
    share = part.sum() / whole.sum()
    spread = whole * share * (1 - share) * float((values**2).sum() / values.sum())
    distance = np.where(whole > 0, (part - whole * share) / np.sqrt(np.maximum(spread, 1e-9)), 0.0)
    groups = int((whole > 0).sum())
    at = int(np.argmax(np.abs(distance)))
    here, rest = _shares(values, yes, codes == at)
    test = Test(chi2_tail(float((distance**2).sum()), groups - 1), abs(here - rest), len(rows))
    fewer = without_top(values)
    less = _shares(values[fewer], yes[fewer], codes[fewer] == at)
    is_clear = abs(here - rest) >= LEAST_POINTS and (less[0] - less[1]) * np.sign(here - rest) >= LEAST_POINTS / 2
    yield test, _candidate(subjects, amount, flag, category, at=at, codes=codes, test=test) if is_clear else None


def _shares(values: np.ndarray, yes: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
    """Return the part of the amount that is so, in a group and in all others."""
    here, rest = (
        float(values[side & yes].sum() / max(values[side].sum(), 1e-9)) for side in (inside, ~inside)
    )  # fmt: skip
    return here, rest


class _Told(NamedTuple):
    """What is said of a group: how much of the amount is so there, among all others, over all records and by group."""

    amount: Quantity
    flag: Category
    category: Category
    label: Scalar
    here: Measure
    rest: Measure
    overall: Measure
    each: Measure
    whole: Measure

    @property
    def measures(self) -> tuple[Measure, ...]:
        return self.here, self.rest, self.overall, self.each, self.whole

    @property
    def place(self) -> str:
        return among(self.category.column, self.label)

    @property
    def so(self) -> str:
        return said_of(self.flag.column).replace("are", is_are(self.amount.column), 1)

    def detail(self, facts: Facts) -> str:
        """Return what else a reader asks: the share of all, the group's size, the other groups."""
        said = (
            f"Over all records it is {fact_slot(facts[self.overall.fact_id], 'percent')}; "
            f"{fact_slot(facts[self.whole.fact_id])} of {self.amount.name} lie {self.place}."
        )
        each = facts[self.each.fact_id]
        if len(entries(each)) <= len((self.here, self.rest)):
            return said
        return f"{said} By {column_slot(self.category.column)}: {listing(each, form='percent', most=_LISTED)}."


def _candidate(
    subjects: Subjects, amount: Quantity, flag: Category, category: Category, *, at: int, codes: Ints, test: Test
) -> Candidate:
    label: Scalar = category.codes.labels[at]
    so = Filter(column=flag.column, op="eq", value=True)
    where, others = (Filter(column=category.column, op=op, value=label) for op in ("eq", "ne"))
    own = amount.filters

    def share(*filters: Filter, by: str | None = None) -> Measure:
        return Measure(
            metric="ratio",
            column=amount.column,
            of="sum",
            by=by,
            filters=(*filters, so, *own),
            baseline=(*filters, *own),
        )

    # Of no rows there is no sum, and so no share: that none is so is told by their number.
    is_none = not (flag.codes.codes[category.codes.codes == at] == flag.codes.labels.index(True)).any()
    told = _Told(
        amount=amount, flag=flag, category=category, label=label,
        here=Measure(metric="count", filters=(where, so)) if is_none else share(where),
        rest=share(others), overall=share(), each=share(by=category.column),
        whole=amount.measure("sum", where=(where,)),
    )  # fmt: skip
    return Candidate(
        kind="rate", columns=(amount.column, flag.column, category.column), measures=told.measures,
        word=partial(_say_none if is_none else _say_part, told), impact=min(1.0, 0.3 + float((codes == at).mean())),
        effect=min(1.0, 0.5 + test.effect), n=test.n, p_value=test.p_value,
        statistics=f"χ² of equal shares of the amount {p_text(test.p_value)}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{amount.key}", flag.column),
    )  # fmt: skip


def _say_part(told: _Told, facts: Facts) -> Wording | None:
    inner, outer = number(facts, told.here.fact_id), number(facts, told.rest.fact_id)
    if inner is None or outer is None or abs(inner - outer) < LEAST_POINTS / 2:
        return None
    inside, outside = (fact_slot(facts[one.fact_id], "percent") for one in (told.here, told.rest))
    only = "only " if inner < outer else ""
    what = (
        f"Ask what the rest of {told.amount.name} is {told.place}, and whether "
        f"{group(told.category.column, told.label)} can come closer to the others."
    )
    return _wording(told, facts, f"{only}{inside} of {told.amount.total}", inside, outside, what=what)


def _say_none(told: _Told, facts: Facts) -> Wording | None:
    outer = number(facts, told.rest.fact_id)
    if number(facts, told.here.fact_id) != 0 or outer is None or outer < LEAST_POINTS / 2:
        return None
    outside = fact_slot(facts[told.rest.fact_id], "percent")
    so_here = f"{column_slot(told.flag.column)} {told.place}"
    what = f"Ask why nothing is {so_here}: it may be agreed so, or only never be marked."
    return _wording(told, facts, f"no {told.amount.name}", "none", outside, what=what)


def _wording(told: _Told, facts: Facts, subject: str, inside: str, outside: str, *, what: str) -> Wording:
    return Wording(
        f"{subject} {told.so} {told.place}, against {outside} for the rest",
        told.detail(facts),
        owner(told.amount.column, told.flag.column, told.category.column),
        what,
        story=f"Of {told.amount.total}, {inside} {told.so} {told.place} and {outside} for the rest.",
    )
