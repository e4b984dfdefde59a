"""A group whose profit is below zero while all together earn: "The Tables sub-category makes a loss: total profit is
−17,725, against 286,397 over all records".

Test: Student's t of the group's mean against zero, one-sided, its p-value multiplied by the number of groups that were
looked at; effect: the loss against what all earn. The loss must stand without the most extreme records.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.engine.p_values import t_tail
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Test, without_top
from datapilot.insights.subjects.natures import is_profit
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects, is_code
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    entries,
    fact_slot,
    named_group,
    number,
    p_text,
    records,
    rows_text,
    told_in_turn,
)
from datapilot.words.render import column_slot, value_slot

LEAST_ROWS = 20  # of the group
MOST_GROUPS = 50
_LISTED = 8


def find_losses(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield, for every profit and category, the test of the group that loses most."""
    for quantity in subjects.own_quantities:
        if not (is_profit(quantity) and quantity.adds_up):
            continue
        for category in subjects.categories:
            if category.is_personal or is_code(category.column) or len(category.codes.labels) > MOST_GROUPS:
                continue
            rows = np.flatnonzero(quantity.is_known & (category.codes.codes >= 0))
            codes, values = category.codes.codes[rows], quantity.values[rows]
            size = len(category.codes.labels)
            totals = np.bincount(codes, weights=values, minlength=size)
            enough = np.bincount(codes, minlength=size) >= LEAST_ROWS
            if not enough.any() or values.sum() <= 0:
                continue
            at = int(np.argmin(np.where(enough, totals, np.inf)))
            own = values[codes == at]
            test = _below_zero(own, int(enough.sum()))
            kept = own[without_top(np.abs(own - float(np.median(own))))]
            fits = totals[at] < 0 and float(kept.sum()) < 0
            yield test, _loss(subjects, quantity, category, at, test) if fits else None


def _below_zero(values: np.ndarray, groups: int) -> Test:
    spread = float(values.std(ddof=1))
    mean = float(values.mean())
    if spread == 0 or mean >= 0:
        return Test(1.0, 0.0, len(values))
    p_value = min(1.0, t_tail(mean / (spread / len(values) ** 0.5), len(values) - 1) * groups)
    return Test(p_value, abs(mean) / spread, len(values))


def _loss(subjects: Subjects, quantity: Quantity, category: Category, at: int, test: Test) -> Candidate:
    value = category.codes.labels[at]
    where = (Filter(column=category.column, op="eq", value=value),)
    below = Filter(column=quantity.column, op="lt", value=0)
    lost, earned = quantity.measure("sum", where=where), quantity.measure("sum")
    each = quantity.measure("sum", by=category.column)
    often = Measure(
        metric="ratio", of="count", filters=(*where, below),
        baseline=(*where, Filter(column=quantity.column, op="not_missing")),
    )  # fmt: skip
    red = quantity.measure("sum", where=(below,))

    def word(facts: Facts) -> Wording | None:
        loss, whole = number(facts, lost.fact_id), number(facts, earned.fact_id)
        if loss is None or whole is None or loss >= 0 or whole <= 0:
            return None
        who = named_group(category.column, value)
        headline = (
            f"{who} makes a loss: {quantity.total} is {fact_slot(facts[lost.fact_id])}, against "
            f"{fact_slot(facts[earned.fact_id])} over all records"
        )
        detail = (
            f"{fact_slot(facts[often.fact_id], 'percent')} of its {{{lost.fact_id}|n}} records are below zero. "
            f"Over the whole table, records below zero add up to {fact_slot(facts[red.fact_id])}. "
            f"By {column_slot(category.column)}, the lowest first: {_lowest(facts[each.fact_id])}."
        )
        what = f"Find out which {records(category.column, value)} lose money, and reprice or stop them."
        story = (
            f"All records together make {fact_slot(facts[earned.fact_id])} in {quantity.total}, but "
            f"{value_slot(value)} loses {fact_slot(facts[lost.fact_id], 'abs')}."
        )
        return Wording(headline, detail, owner(quantity.column, category.column, default="finance"), what, story=story)

    inside = category.codes.codes == at
    known = quantity.values[quantity.is_known]
    weight = float(-np.nansum(quantity.values[inside]) / known.sum())
    return Candidate(
        kind="loss", columns=(quantity.column, category.column), measures=(lost, earned, each, often, red), word=word,
        impact=min(1.0, 0.5 + 3 * weight), effect=min(1.0, 0.75 + weight), n=test.n, p_value=test.p_value,
        statistics=f"t of the mean against zero {p_text(test.p_value)} over all groups, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{quantity.key}",),
    )  # fmt: skip


def _lowest(each: Fact) -> str:
    """Return who loses most, and who else does: "Tables −17,725, Bookcases −3,473"."""
    found = sorted(entries(each), key=lambda part: part[2])
    return told_in_turn(each, [position for position, _, _, _ in found[:_LISTED]])
