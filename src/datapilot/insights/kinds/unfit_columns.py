"""What cannot be added up as it stands: columns with one value, marks for "no value", ends before starts. All of them
are counts."""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.contracts.profile import ColumnProfile
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.wording.phrases import entry_slot, fact_slot, number
from datapilot.words.render import column_slot, value_slot


def find_constants(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the first column that has one value, or none at all: it can be dropped without loss."""
    for column in subjects.profile.columns:
        if column.unique_count == 1 and column.missing_count == 0 and subjects.rows >= 20 and column.pii is None:
            yield _constant(column)
            return


def _constant(column: ColumnProfile) -> Candidate:
    values = Measure(metric="count_distinct", column=column.name)
    first = Measure(metric="min", column=column.name)
    if column.storage in {"VARCHAR", "BOOLEAN"}:
        first = Measure(metric="share_rows", by=column.name, limit=1)

    def word(facts: Facts) -> Wording | None:
        fact = facts[first.fact_id]
        if facts[values.fact_id].value != 1 or fact.value in {None, ()}:
            return None
        headline = (
            f"{column_slot(column.name)} is the same in all {{{values.fact_id}|n}} records and tells nothing apart"
        )
        what = f"Leave {column_slot(column.name)} out of reports, or ask why it never changes."
        cell = entry_slot(fact, 0, "key") if isinstance(fact.value, tuple) else fact_slot(fact)
        return Wording(headline, f"Every cell reads {cell}.", "data", what, severity="info")

    return Candidate(
        kind="constant", columns=(column.name,), measures=(values, first), word=word, impact=0.1, effect=0.15,
        n=column.unique_count,
    )  # fmt: skip


def find_sentinels(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the quantities in which a number stands for "no value"."""
    for quantity in subjects.quantities:
        if quantity.sentinel is not None:
            yield _sentinel(subjects, quantity)


def _sentinel(subjects: Subjects, quantity: Quantity) -> Candidate:
    assert quantity.sentinel is not None
    mark = quantity.sentinel.value
    marked = Filter(column=quantity.column, op="eq", value=mark)
    count = Measure(metric="count", filters=(marked,))
    without = quantity.measure("mean")
    raw = Measure(metric="mean", column=quantity.column)
    share = quantity.sentinel.count / len(subjects.cells.rows)

    def word(facts: Facts) -> Wording | None:
        if any(number(facts, one.fact_id) is None for one in (count, without, raw)):
            return None
        headline = (
            f"{fact_slot(facts[count.fact_id])} cells of {quantity.name} read {value_slot(mark)}; "
            f"without them the average is {fact_slot(facts[without.fact_id])}, not {fact_slot(facts[raw.fact_id])}"
        )
        detail = "The number lies far from all others and comes back again and again, as marks for a missing value do."
        what = f"Treat {value_slot(mark)} in {quantity.name} as missing before anyone averages it."
        story = (
            f"{quantity.name} averages {fact_slot(facts[without.fact_id])} once its {fact_slot(facts[count.fact_id])} "
            f"cells of {value_slot(mark)} count as missing, not {fact_slot(facts[raw.fact_id])}."
        )
        return Wording(headline, detail, "data", what, severity="high", story=story)

    return Candidate(
        kind="sentinel", columns=quantity.columns, measures=(count, without, raw), word=word,
        impact=min(1.0, 0.3 + share), effect=min(1.0, 0.75 + share), n=quantity.sentinel.count,
    )  # fmt: skip


def find_untimely(subjects: Subjects) -> Iterator[Candidate]:
    """Yield pairs of dates that should be start and end but often stand the wrong way round."""
    for start, end in subjects.untimely:
        yield _untimely(subjects, start, end)


def _untimely(subjects: Subjects, start: str, end: str) -> Candidate:
    backwards = (Filter(column=end, minus=start, op="lt", value=0),)
    known = (Filter(column=end, minus=start, op="not_missing"),)
    count = Measure(metric="count", filters=backwards)
    share = Measure(metric="ratio", of="count", filters=backwards, baseline=known)
    days = subjects.cells

    def word(facts: Facts) -> Wording | None:
        if not number(facts, count.fact_id):
            return None
        part = fact_slot(facts[share.fact_id], "percent")
        headline = f"{column_slot(end)} lies before {column_slot(start)} in {part} of records"
        detail = (
            f"{fact_slot(facts[count.fact_id])} records run backwards, so days between the two dates are not reported."
        )
        what = f"Settle which of {column_slot(start)} and {column_slot(end)} is wrong before measuring durations."
        story = f"{column_slot(start)} and {column_slot(end)} stand the wrong way round in {part} of records."
        return Wording(headline, detail, "data", what, story=story)

    gap = days.span(end, start)
    backwards_share = float(np.mean(gap[np.isfinite(gap)] < 0))
    return Candidate(
        kind="date_order", columns=(start, end), measures=(count, share), word=word, impact=backwards_share,
        effect=min(1.0, 0.4 + backwards_share), n=int(np.isfinite(gap).sum()),
    )  # fmt: skip
