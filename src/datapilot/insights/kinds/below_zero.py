"""What was taken back: "Quantity is below zero in 5.0% of records: −4,310 in all, against 82,917 above zero".

A few entries below zero in what is sold or counted are returns, cancellations or slips; they shrink every total
without being seen in it. Counted, not tested.
"""

from collections.abc import Iterator

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.subjects.natures import is_earned, is_profit
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, is_are, number
from datapilot.words.meanings import name_words

FEWEST = 5  # records
LEAST_SHARE, MOST_SHARE = 0.001, 0.2  # of them; where more lie below zero, both sides are as they should be
LEAST_TAKEN = 0.005  # of what stands above zero
_COUNTED = frozenset({
    "quantity", "qty", "units", "pieces", "pcs", "items", "menge", "anzahl", "stück", "stückzahl", "cantidad",
    "unidades", "quantité", "pièces", "quantità", "pezzi", "quantidade", "aantal", "stuks", "ilość", "antal", "adet",
})  # fmt: skip


def find_taken_back(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the numbers sold or counted of which a few lie below zero."""
    for quantity in subjects.own_quantities:
        if quantity.minus is not None or not quantity.adds_up or is_profit(quantity):
            continue
        if not (is_earned(quantity) or _COUNTED.intersection(name_words(quantity.column))):
            continue
        values = quantity.values[quantity.is_known]
        below, above = values[values < 0], float(values[values > 0].sum())
        share = len(below) / max(len(values), 1)
        if len(below) >= FEWEST and LEAST_SHARE <= share <= MOST_SHARE and -float(below.sum()) >= LEAST_TAKEN * above:
            yield _candidate(quantity, share=share, taken=-float(below.sum()) / above, n=len(values))


def _candidate(quantity: Quantity, *, share: float, taken: float, n: int) -> Candidate:
    known = (Filter(column=quantity.column, op="not_missing"), *quantity.filters)
    below, above = (Filter(column=quantity.column, op=op, value=0) for op in ("lt", "gt"))
    often = Measure(metric="ratio", of="count", filters=(below, *quantity.filters), baseline=known)
    back, kept = (quantity.measure("sum", where=(side,)) for side in (below, above))

    def word(facts: Facts) -> Wording | None:
        if any(number(facts, one.fact_id) is None for one in (often, back, kept)):
            return None
        lost, won = (fact_slot(facts[one.fact_id]) for one in (back, kept))
        name, part = quantity.name, fact_slot(facts[often.fact_id], "percent")
        is_below = f"{is_are(quantity.column)} below zero"
        headline = f"{name} {is_below} in {part} of records: {lost} in all, against {won} above zero"
        detail = f"{{{back.fact_id}|n}} records lie below zero. Totals of {name} have them taken off already."
        what = f"Settle whether {name} below zero means what was returned or cancelled, and report it by itself."
        story = f"In {part} of records {name} {is_below}, which takes {lost} off the total."
        return Wording(headline, detail, owner(quantity.column), what, story=story)

    return Candidate(
        kind="loss", columns=quantity.columns, measures=(often, back, kept), word=word,
        impact=min(1.0, 5 * share), effect=min(1.0, 0.3 + 2 * taken), n=n, subject=(f"{quantity.key}",),
    )  # fmt: skip
