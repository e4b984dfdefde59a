"""Rows that total the others: "Records whose product is All products repeat the sum of all others: 4.1M of 4.1M". They
are a count of what is there; every other sentence about the quantity leaves these rows out."""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.wording.phrases import fact_slot, number, records
from datapilot.words.meanings import says_all
from datapilot.words.render import value_slot

NEAR = 0.1  # of the others' sum, by the cells looked at; that the rows add up is seen on all (analysis.total_rows)


def find_double_counts(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the first quantity of which some rows are the total of the others."""
    left_out = subjects.profile.left_out
    if left_out is None or not says_all(str(left_out.value)):
        return
    codes = subjects.cells.codes[left_out.column]
    inside = np.array([label == left_out.value for label in codes.labels] + [False])[codes.codes]
    for quantity in (one for one in subjects.own_quantities if left_out in one.filters):
        values = subjects.cells.numbers[quantity.column]
        whole, others = float(np.nansum(values[inside])), float(np.nansum(values[~inside]))
        if abs(whole - others) <= NEAR * abs(others):
            yield _double(quantity, left_out)
            return


def _double(quantity: Quantity, left_out: Filter) -> Candidate:
    total = left_out.model_copy(update={"op": "eq"})
    rest = tuple(one for one in quantity.filters if one != left_out)
    whole = Measure(metric="sum", column=quantity.column, filters=(total, *rest))
    others = quantity.measure("sum")
    value = left_out.value
    assert not isinstance(value, tuple)

    def word(facts: Facts) -> Wording | None:
        if number(facts, whole.fact_id) is None or number(facts, others.fact_id) is None:
            return None
        who = records(left_out.column, value)
        headline = (
            f"{who} repeat the total of all others: {quantity.name} of {fact_slot(facts[whole.fact_id])}, "
            f"against {fact_slot(facts[others.fact_id])}"
        )
        detail = f"Adding up every row would count {quantity.name} twice; figures of it here leave these rows out."
        what = f"Leave {value_slot(value)} out before adding up {quantity.name}."
        story = f"Added up as it is, {quantity.name} would count twice: {who} already total all others."
        return Wording(headline, detail, "data", what, story=story)

    return Candidate(
        kind="double_count", columns=(quantity.column, left_out.column), measures=(whole, others), word=word,
        impact=0.5, effect=0.7, n=len(quantity.values), subject=(f"{quantity.key}",),
    )  # fmt: skip
