"""Amounts that gather just below a round number, as claims do below what needs a signature: "90 claims have an amount
just below $500".

Test: the binomial probability of so many in the twentieth below a round number, of all from a tenth below to a
twentieth above it, times the number of round numbers looked at (Bonferroni). Prices end so for no limit's sake.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Floats, Test, binomial_tail
from datapilot.insights.subjects.natures import is_price
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects, is_code
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, group, limit_slot, number, p_text, records, rows_text
from datapilot.words.meanings import name_words

STEPS = (1, 2, 2.5, 5, 7.5)
SIDE = 0.05  # of the round number, the width of what is compared
LEAST_BELOW = 25  # records
LEAST_TIMES = 3.0  # as many as in either of the two stretches beside
LEAST_DIFFERENT = 0.5  # of them: the same amount again and again is a price or a fee
LEAST_OF_GROUP = 0.5  # of them that one group has, and TWICE its part of all records, to be named
TWICE = 2.0
SHOWN_ROWS = 20
_MONEY = frozenset({"$", "€", "£", "USD", "EUR", "GBP", "CHF", "JPY", "INR"})
_AMOUNTS = frozenset({
    "amount", "claim", "claims", "claimed", "expense", "expenses", "payment", "invoice", "invoiced", "cost", "total",
    "spend", "betrag", "importe", "montant", "importo", "bedrag",
})  # fmt: skip


def find_under_limits(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of the round number below which most gather, of every amount of money."""
    for quantity in subjects.own_quantities:
        is_money = quantity.unit in _MONEY or bool(set(name_words(quantity.column)) & _AMOUNTS)
        if quantity.minus is not None or quantity.rate_of is not None or not is_money or is_price(quantity):
            continue
        values = quantity.values[quantity.is_known]
        limits = _round_numbers(values)
        if not limits:
            continue
        found = [(_tail(values, limit), limit) for limit in limits]
        p_value, limit = min(found)
        test = Test(min(1.0, p_value * len(limits)), 0.0, len(values))
        yield test, _candidate(subjects, quantity, limit, test) if _is_clear(values, limit) else None


def _round_numbers(values: Floats) -> list[float]:
    """Return the round numbers with enough amounts just below them."""
    positive = values[values > 0]
    if len(positive) < LEAST_BELOW:
        return []
    powers = 10.0 ** np.arange(1, np.floor(np.log10(positive.max())) + 1)
    return [
        limit for limit in (float(f"{one:.6g}") for one in np.unique(np.outer(powers, STEPS)))
        if _counts(values, limit)[1] >= LEAST_BELOW
    ]  # fmt: skip


def _counts(values: Floats, limit: float) -> tuple[int, int, int]:
    """Return how many lie before the stretch below a round number, in it, and above the number."""
    low, start, end = ends_beside(limit)
    before, below, above = (
        int(((values >= first) & (values < last)).sum()) for first, last in ((low, start), (start, limit), (limit, end))
    )
    return before, below, above


def ends_beside(limit: float) -> tuple[float, float, float]:
    """Return where the stretch before begins, where the one below the number does, and where the one above ends."""
    low, start, end = (float(f"{limit * by:.6g}") for by in (1 - 2 * SIDE, 1 - SIDE, 1 + SIDE))
    return low, start, end


def _tail(values: Floats, limit: float) -> float:
    before, below, above = _counts(values, limit)
    return binomial_tail(below, before + below + above, 1 / 3)


def _is_clear(values: Floats, limit: float) -> bool:
    before, below, above = _counts(values, limit)
    inside = values[(values >= ends_beside(limit)[1]) & (values < limit)]
    is_varied = len(np.unique(inside)) >= LEAST_DIFFERENT * len(inside)
    return is_varied and below >= LEAST_TIMES * max(before, above, 1)


def _candidate(subjects: Subjects, quantity: Quantity, limit: float, test: Test) -> Candidate:
    low, start, end = ends_beside(limit)
    bounds = [int(one) if float(one).is_integer() else one for one in (low, start, limit, end)]

    def between(first: float, last: float) -> tuple[Filter, ...]:
        return (
            Filter(column=quantity.column, op="ge", value=first), Filter(column=quantity.column, op="lt", value=last),
            *quantity.filters,
        )  # fmt: skip

    before, below, above = (Measure(metric="count", filters=between(*ends)) for ends in pairwise(bounds))
    inside = (quantity.values >= start) & (quantity.values < limit)
    most = _most_of(subjects, inside)
    theirs = None
    if most is not None:
        has = Filter(column=most[0].column, op="eq", value=most[0].codes.labels[most[1]])
        theirs = Measure(metric="count", filters=(*between(*bounds[1:3]), has))

    def word(facts: Facts) -> Wording | None:
        few = max(number(facts, before.fact_id) or 0.0, number(facts, above.fact_id) or 0.0, 1.0)
        if (number(facts, below.fact_id) or 0.0) < LEAST_TIMES * few:
            return None
        first, from_, to, last = (limit_slot(quantity, one) for one in bounds)
        headline = (
            f"{fact_slot(facts[below.fact_id])} records have {quantity.name} just below {to}: from {from_} on, against "
            f"{fact_slot(facts[above.fact_id])} from {to} to {last}"
        )
        detail = f"From {first} to {from_} there are {fact_slot(facts[before.fact_id])}."
        what = f"Ask whether {to} is a limit that these records are kept below, and look at them one by one."
        if theirs is not None and most is not None:
            column, label = most[0].column, most[0].codes.labels[most[1]]
            detail += f" {fact_slot(facts[theirs.fact_id])} of those just below are {records(column, label)}."
            what = f"{what.removesuffix('.')}, those of {group(column, label)} first."
        story = f"{quantity.name} just below {to}: {fact_slot(facts[below.fact_id])} records have it."
        return Wording(headline, detail, owner(quantity.column, default="finance"), what, story=story)

    rows = () if subjects.cells.is_sample else tuple(int(one) for one in subjects.cells.rows[inside][:SHOWN_ROWS])
    return Candidate(
        kind="outlier", columns=(quantity.column,), measures=(before, below, above, *([theirs] if theirs else [])),
        word=word, impact=max(0.3, float(inside.mean())), effect=1.0, n=test.n, p_value=test.p_value, rows=rows,
        statistics=f"binomial, times the round numbers looked at {p_text(test.p_value)}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{quantity.key}", "below"),
    )  # fmt: skip


def _most_of(subjects: Subjects, inside: np.ndarray) -> tuple[Category, int] | None:
    """Return the group that has most of these records, far more than its part; None where none has."""
    found: list[tuple[float, Category, int]] = []
    for category in subjects.categories:
        if category.is_personal or is_code(category.column):
            continue
        counts = np.bincount(category.codes.codes[inside & (category.codes.codes >= 0)], minlength=1)
        at = int(np.argmax(counts))
        share, usual = counts[at] / max(inside.sum(), 1), float(np.mean(category.codes.codes == at))
        if share >= LEAST_OF_GROUP and share >= TWICE * usual:
            found.append((float(share - usual), category, at))
    best = max(found, key=lambda one: one[0], default=None)
    return None if best is None else (best[1], best[2])
