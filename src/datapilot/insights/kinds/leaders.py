"""Who leads a list: "Gare du Nord has the highest passengers: 34.5M of 944M in all; Saint-Lazare follows".

For tables with one row for each name (stations, products, customers), whose own rows are what a reader looks for.
Counted, not tested; the effect is the part of the whole that the first has, and nothing is told where two share it.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.profile import ColumnProfile
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.kinds.dominance import has_corrections
from datapilot.insights.subjects.choose_columns import of_earlier_years
from datapilot.insights.subjects.natures import is_earned, is_unwelcome
from datapilot.insights.subjects.row_names import FEWEST_NAMES, names_rows
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import entries, entry_slot, fact_slot, listing
from datapilot.words.render import column_slot, value_slot

FEWEST_KNOWN = 0.5  # of the rows have the amount
LEAST_TIMES = 1.5  # the first against the middle
MOST_TOLD = 2  # amounts


def find_leaders(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the first of all names by the main amounts."""
    name = names_rows(subjects.profile)
    if name is None:
        return
    amounts = (one for one in subjects.own_quantities if one.minus is None and (one.adds_up or one.is_level))
    told, earlier = 0, of_earlier_years(subjects.profile)
    for quantity in (one for one in amounts if one.column not in earlier):
        values = quantity.values[quantity.is_known]
        if told == MOST_TOLD or len(values) < FEWEST_KNOWN * subjects.rows or len(values) < FEWEST_NAMES:
            continue
        first, middle = float(values.max()), float(np.median(values))
        if has_corrections(values) or first <= 0 or first < LEAST_TIMES * middle or int((values == first).sum()) > 1:
            continue
        told += 1
        yield _leader(name, quantity, share=first / float(values.sum()), n=len(values))


def _advice(quantity: Quantity, top: str, runner_up: str) -> str:
    if is_unwelcome(quantity):
        return f"Start with {top} and {runner_up} to bring {quantity.name} down: nowhere is more to gain."
    if is_earned(quantity):
        return f"Secure {top} and {runner_up} first: nothing else brings as much {quantity.name}."
    return f"Plan for {top} by itself: an average over all hides how far it is ahead."


def _leader(name: ColumnProfile, quantity: Quantity, *, share: float, n: int) -> Candidate:
    each = quantity.measure("sum", by=name.name, limit=6)
    whole = quantity.measure("sum")

    def word(facts: Facts) -> Wording | None:
        fact = facts[each.fact_id]
        parts = entries(fact)
        if len(parts) < 3 or parts[0][2] <= parts[1][2]:
            return None
        (first, top, _, _), (second, runner_up, _, _) = parts[0], parts[1]
        headline = (
            f"{value_slot(top)} has the highest {quantity.name}: {entry_slot(fact, first)} of "
            f"{fact_slot(facts[whole.fact_id])} in all; {value_slot(runner_up)} follows with {entry_slot(fact, second)}"
        )
        detail = f"From the highest down by {column_slot(name.name)}: {listing(fact)}."
        what = _advice(quantity, value_slot(top), value_slot(runner_up))
        story = (
            f"With {entry_slot(fact, first)}, {value_slot(top)} is ahead of all others in {quantity.name}; second is "
            f"{value_slot(runner_up)} with {entry_slot(fact, second)}."
        )
        return Wording(headline, detail, owner(quantity.column, name.name), what, story=story)

    return Candidate(
        kind="leader", columns=(quantity.column, name.name), measures=(each, whole), word=word,
        impact=min(1.0, 0.2 + share), effect=min(1.0, 0.4 + share), n=n, subject=(f"{quantity.key}",),
    )  # fmt: skip
