"""The table as a whole: how many records, over which time, how complete. For the summary, not for findings."""

from collections.abc import Mapping, Sequence

from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.insights.subjects.subjects import Subjects
from datapilot.insights.wording.phrases import fact_slot
from datapilot.words.render import column_slot, value_slot

NOTABLE_MISSING = 0.01
NEARLY_ALL_DATED = 0.95  # fewer are told beside the time that the records cover


def overview_measures(subjects: Subjects) -> tuple[Measure, ...]:
    """Return the measures of the table as a whole: records, missing cells, repeats, period, and a typical quantity."""
    measures = [Measure(metric="count"), Measure(metric="missing_share"), Measure(metric="duplicate_rows")]
    if subjects.clock is not None:
        measures += [
            Measure(metric="min", column=subjects.clock.column),
            Measure(metric="max", column=subjects.clock.column),
        ]
        last = subjects.profile.most_end.get(subjects.clock.column)
        if last is not None:
            beyond = Filter(column=subjects.clock.column, op="ge", value=last)
            measures.append(Measure(metric="count", filters=(beyond,)))
    plain = [quantity for quantity in subjects.quantities if quantity.minus is None]
    if plain:
        measures += [plain[0].measure("median"), plain[0].measure("min"), plain[0].measure("max")]
    return tuple(measures)


def size_sentence(facts: Sequence[Fact]) -> str:
    """Return the template "The 500 records run from 2 Jan 2023 to 4 Feb 2024"."""
    found = _by_metric(facts)
    rows = found["count"]
    first, last = _clock_ends(facts)
    number = f"{fact_slot(rows, 'full')} {_records(rows)}"
    if first is None or last is None:
        return f"The table holds {number}."
    form = "day" if isinstance(first.value, str) else "digits"  # plain years
    if isinstance(rows.value, int) and first.n < NEARLY_ALL_DATED * rows.value:
        number += f", {{{first.id}|n}} of them dated,"
    if str(first.value)[:10] == str(last.value)[:10]:
        return f"The {number} are all of {fact_slot(first, form)}."
    stray = next((fact for fact in facts if fact.measure.metric == "count" and fact.measure.filters), None)
    but = ""
    if stray is not None and isinstance(end := stray.measure.filters[0].value, str):
        but = f", but only {fact_slot(stray)} of them are of {value_slot(end)} or later"
    return f"The {number} run from {fact_slot(first, form)} to {fact_slot(last, form)}{but}."


def quality_sentence(facts: Sequence[Fact], *, are_bounds: bool = False) -> str:
    """Return the template that says how complete the table is and whether rows repeat; `are_bounds` says that most of
    what counts as missing gives a bound such as <5."""
    found = _by_metric(facts)
    missing, repeats = found["missing_share"], found["duplicate_rows"]
    if not missing.value and not repeats.value:
        return "No cell is empty and no row repeats another."
    without = "Cells without an exact number" if are_bounds else "Empty cells"
    holes = f"{without} make up {fact_slot(missing)} of the table" if missing.value else "No cell is empty"
    again = "no row repeats another"
    if repeats.value:
        again = f"{fact_slot(repeats)} {'row repeats' if repeats.value == 1 else 'rows repeat'} an earlier one"
    return f"{holes}, and {again}."


def is_flawed(facts: Sequence[Fact]) -> bool:
    """Whether missing cells or repeated rows are many enough to bear on the story."""
    found = _by_metric(facts)
    missing, repeats, rows = (found[name].value for name in ("missing_share", "duplicate_rows", "count"))
    is_holey = isinstance(missing, float) and missing >= NOTABLE_MISSING
    return is_holey or (isinstance(repeats, int) and isinstance(rows, int) and repeats > 0.01 * rows)


def quantity_sentence(facts: Sequence[Fact]) -> str | None:
    """Return the template "Half of the unit price values lie at or below €12, between €1 and €90", or None."""
    middle = next((fact for fact in facts if fact.measure.metric == "median" and fact.value is not None), None)
    if middle is None or middle.measure.column is None:
        return None
    low, high = (
        next(
            (fact for fact in facts if fact.measure.metric == metric and fact.measure.column == middle.measure.column),
            None,
        )
        for metric in ("min", "max")
    )
    if low is None or high is None or low.value is None or high.value is None:
        return None
    return (
        f"{column_slot(middle.measure.column)} runs from {fact_slot(low)} to {fact_slot(high)}, "
        f"and half of the values lie at or below {fact_slot(middle)}."
    )


def _clock_ends(facts: Sequence[Fact]) -> tuple[Fact | None, Fact | None]:
    """Return the first and the last moment; least and greatest of the typical quantity are none."""
    typical = next((fact.measure.column for fact in facts if fact.measure.metric == "median"), None)
    ends = [fact for fact in facts if fact.measure.metric in {"min", "max"} and fact.measure.column != typical]
    first, last = (next((one for one in ends if one.measure.metric == metric), None) for metric in ("min", "max"))
    return first, last


def _records(rows: Fact) -> str:
    return "record" if rows.value == 1 else "records"


def _by_metric(facts: Sequence[Fact]) -> Mapping[str, Fact]:
    return {fact.measure.metric: fact for fact in reversed(facts) if _is_of_all(fact.measure)}


def _is_of_all(measure: Measure) -> bool:
    return measure.column is None and not measure.filters
