"""Records entered again under another number: "22 of 722 claims repeat an earlier one in everything but claim ID".

Counted, not tested. Told only where the same amount on the same day hardly comes about otherwise: most records that
share both with an earlier one share all the rest too, so that a price list or a busy shop gives no alarm.
"""

import math
from collections import Counter

import numpy as np

from datapilot.contracts.measure import Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Ints
from datapilot.insights.subjects.subjects import Clock, Quantity, Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, number
from datapilot.words.render import column_slot

FEWEST_REPEATS = 3
MOST_REPEATS = 0.3  # of the rows; more is how the table is made
FEWEST_COLUMNS = 4  # with the key; of fewer, chance makes rows equal
MANY_VALUES = 0.25  # distinct amounts against rows
MOSTLY = 0.5  # of the records with an amount and a day that came before
EXAMPLES = 20


def find_entered_again(subjects: Subjects) -> Candidate | None:
    """Return how many records repeat an earlier one under a key of their own, or None."""
    key, clock = _key_of(subjects.profile), subjects.clock
    if key is None or clock is None or len(subjects.profile.columns) < FEWEST_COLUMNS:
        return None
    amount = next((one for one in subjects.own_quantities if _is_telling(one)), None)
    if amount is None:
        return None
    rows = _same_amount_and_day(amount, clock)
    seen: Counter[tuple[object, ...]] = Counter()
    again, shared = [], Counter(zip(amount.values[rows].tolist(), clock.days[rows].tolist(), strict=True))
    for row, cells in zip(rows.tolist(), _told_of(subjects, rows, without=key.name), strict=True):
        again += [row] if cells in seen else []
        seen[cells] += 1
    came_before = sum(times - 1 for times in shared.values())
    if not FEWEST_REPEATS <= len(again) <= MOST_REPEATS * subjects.rows or len(again) < MOSTLY * came_before:
        return None
    return _candidate(subjects, key, amount, clock, again)


def _key_of(profile: TableProfile) -> ColumnProfile | None:
    """Return the column that numbers the records, each by its own."""
    keys = (
        one for one in profile.columns
        if one.inferred_type == "identifier" and one.missing_count == 0 and one.unique_count == profile.rows
    )  # fmt: skip
    return next(keys, None) if profile.duplicate_rows == 0 else None


def _is_telling(quantity: Quantity) -> bool:
    """Whether few records have the same amount: not a count, nor a price from a list."""
    values = quantity.values[quantity.is_known]
    is_many = len(np.unique(values)) >= MANY_VALUES * max(len(values), 1)
    return quantity.minus is None and quantity.adds_up and is_many and bool((values != np.rint(values)).any())


def _same_amount_and_day(amount: Quantity, clock: Clock) -> Ints:
    """Return the rows whose amount and moment another row has too, in file order."""
    known = np.flatnonzero(amount.is_known & np.isfinite(clock.days))
    moments = np.unique(clock.days[known], return_inverse=True)[1]
    pairs = amount.places[known].astype(np.int64) * (int(moments.max(initial=0)) + 1) + moments
    _, place, times = np.unique(pairs, return_inverse=True, return_counts=True)
    rows: Ints = known[times[place] > 1].astype(np.int64)
    return rows


def _told_of(subjects: Subjects, rows: Ints, *, without: str) -> list[tuple[object, ...]]:
    """Return what is known of each row besides its key; NaN, which equals nothing, as None."""
    cells = subjects.cells
    columns = [
        [None if math.isnan(value) else value for value in values[rows].tolist()]
        for name, values in (*cells.numbers.items(), *cells.days.items()) if name != without
    ]  # fmt: skip
    columns += [codes.codes[rows].tolist() for name, codes in cells.codes.items() if name != without]
    return list(zip(*columns, strict=True))


def _candidate(subjects: Subjects, key: ColumnProfile, amount: Quantity, clock: Clock, again: list[int]) -> Candidate:
    repeats = Measure(metric="duplicate_rows", column=key.name)
    share = len(again) / subjects.rows

    def word(facts: Facts) -> Wording | None:
        fact = facts[repeats.fact_id]
        if (number(facts, fact.id) or 0) < FEWEST_REPEATS:
            return None
        name = column_slot(key.name)
        headline = f"{fact_slot(fact)} of {{{fact.id}|n}} records repeat an earlier one in everything but {name}"
        detail = (
            f"They agree in {column_slot(clock.column)}, {amount.name} and every other column. "
            "The same amount on the same day is rare here otherwise."
        )
        what = f"Check the records listed here before paying or counting them: only {name} tells them apart."
        story = f"Under another {name}, {fact_slot(fact)} records say exactly what an earlier one says."
        return Wording(headline, detail, owner(amount.column, default="finance"), what, severity="high", story=story)

    return Candidate(
        kind="repeated_records", columns=(key.name, amount.column), measures=(repeats,), word=word,
        impact=min(1.0, 0.2 + 4 * share), effect=1.0, n=subjects.rows,
        rows=tuple(int(row) for row in subjects.cells.rows[again[:EXAMPLES]]),
    )  # fmt: skip
