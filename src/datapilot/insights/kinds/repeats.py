"""Records that repeat: whole rows, and one amount that comes back with the same companions again and again.

Repeated amounts: how often the most frequent value of a many-valued quantity occurs, against the Poisson
probability under its usual frequency; what the repeats have in common (all from one user, all in one category) is
counted. A quantity with few values (prices from a list, ratings) repeats by nature and is not looked at, nor is
one that only averages.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.contracts.profile import TableProfile
from datapilot.engine.p_values import poisson_tail
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.kinds.entered_again import find_entered_again
from datapilot.insights.kinds.gaps_in_data import holds_nothing
from datapilot.insights.statistics import Test
from datapilot.insights.subjects.natures import nature_of
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, number, p_text, rows_text
from datapilot.words.render import column_slot, value_slot

LEAST_REPEATS = 8
LEAST_SHARE = 0.01
MANY_VALUES = 0.25  # distinct values against rows
SMALL = 100
ROUND_DIGITS = 2
MANY_NAMES = 20  # a column with more values names people or things rather than kinds
SHORTEST_PACE = 6  # days between the records of a standing payment
MONTHS_DIFFER, EVEN = 3.0, 0.1  # days, and of the pace, by which its steps may differ
MOSTLY_EVEN = 0.9  # of the steps
ENTERED_TWICE = 0.7  # of rows that have a key
_ALIKE = 0.97  # of the repeats that share a companion value
_UNLIKE = 0.6  # of all records that may have it, else it is no sign


def find_repeats(subjects: Subjects) -> Iterator[tuple[Test | None, Candidate | None]]:
    """Yield whole-row duplicates and suspiciously repeated amounts."""
    profile = subjects.profile
    is_much = profile.rows >= 10 and profile.duplicate_rows >= max(1, 0.005 * profile.rows)
    is_much = is_much or _has_key(profile)
    if is_much and not holds_nothing(profile):
        yield None, _duplicates(subjects)
    again = find_entered_again(subjects)
    if again is not None:
        yield None, again
    for quantity in subjects.own_quantities:
        if quantity.minus is not None or not quantity.adds_up:
            continue
        values = quantity.values[np.isfinite(quantity.values)]
        distinct, counts = np.unique(values, return_counts=True)
        if len(values) < 50 or len(distinct) < MANY_VALUES * len(values):
            continue
        # A small whole number is a count, and counts come back by right.
        is_count = (np.abs(distinct) < SMALL) & (distinct == np.rint(distinct))
        counts = np.where(is_count, 0, counts)
        top = int(np.argmax(counts))
        usual = float((len(values) - counts[top]) / max(len(distinct) - 1, 1))
        p_value = min(1.0, poisson_tail(int(counts[top]), usual) * len(distinct))
        enough = counts[top] >= max(LEAST_REPEATS, LEAST_SHARE * len(values)) and counts[top] >= 5 * usual
        test = Test(p_value, float(counts[top]) / len(values), len(values))
        yield test, _repeated(subjects, quantity, float(distinct[top]), p_value) if enough else None


def _has_key(profile: TableProfile) -> bool:
    """Whether rows repeat although a column gives each of them a key of its own: an invoice entered twice."""
    return profile.duplicate_rows > 0 and any(
        column.inferred_type == "identifier" and column.missing_count == 0
        and column.unique_count == profile.rows - profile.duplicate_rows
        for column in profile.columns
    )  # fmt: skip


def _duplicates(subjects: Subjects) -> Candidate:
    profile = subjects.profile
    repeats = Measure(metric="duplicate_rows")
    share = profile.duplicate_rows / profile.rows

    def word(facts: Facts) -> Wording | None:
        fact = facts[repeats.fact_id]
        if not number(facts, fact.id):
            return None
        verb = "repeats" if fact.value == 1 else "repeat"
        headline = f"{fact_slot(fact)} of {{{fact.id}|n}} rows {verb} an earlier one in every column"
        detail = "Nothing was removed: lines of a log may repeat by right, orders and people may not."
        what = "Decide whether these rows are double entries, and if so remove them before adding anything up."
        is_copy = "row is an exact copy" if fact.value == 1 else "rows are exact copies"
        return Wording(headline, detail, "data", what, story=f"{fact_slot(fact)} {is_copy} of an earlier one.")

    return Candidate(
        kind="duplicates", columns=(), measures=(repeats,), word=word, impact=min(1.0, share * 3),
        effect=min(1.0, (ENTERED_TWICE if _has_key(profile) else 0.4) + share * 2), n=profile.rows,
        rows=profile.duplicate_row_examples[:20],
    )  # fmt: skip


def _repeated(subjects: Subjects, quantity: Quantity, value: float, p_value: float) -> Candidate | None:
    same = quantity.values == value
    amount = int(value) if value.is_integer() else value
    companions = [found for found in (_companion(one, same) for one in _companions(subjects, quantity)) if found]
    is_end = value in (float(np.nanmin(quantity.values)), float(np.nanmax(quantity.values)))
    if (
        (is_end and not companions)  # a wage nobody may fall below, a limit nobody may pass
        or _is_standing(subjects, same)
        or _is_fixed_price(same, quantity, companions)
        or (_is_round(value) and not _has_names(companions))
    ):
        return None
    named = [(category, code) for category, code in companions if not category.is_personal][:3]
    alone = [category for category, _ in companions if category.is_personal][:1]
    where = (
        Filter(column=quantity.column, op="eq", value=amount),
        *(Filter(column=category.column, op="eq", value=category.codes.labels[code]) for category, code in named),
    )
    count = Measure(metric="count", filters=where)
    top = quantity.measure("max", where=where)
    people = [Measure(metric="count_distinct", column=one.column, filters=where) for one in alone]
    rows = np.flatnonzero(same)[:20]
    share = float(same.mean())
    is_entered = quantity.unit is not None or bool(companions) or nature_of(quantity) == "outcome"

    def word(facts: Facts) -> Wording | None:
        fact = facts[count.fact_id]
        if (number(facts, fact.id) or 0) < LEAST_REPEATS:
            return None
        person = ""
        if people and facts[people[0].fact_id].value == 1:
            person = f", all from one {column_slot(alone[0].column)}"
        common = "".join(
            f", {column_slot(category.column)} {value_slot(category.codes.labels[code])}" for category, code in named
        )
        sum_ = fact_slot(facts[top.fact_id])
        headline = f"{fact_slot(fact)} records repeat the same {quantity.name} of {sum_}{common}{person}"
        always = f", always with {common.removeprefix(', ')}" if common else ""
        story = f"The same {quantity.name} of {sum_} comes {fact_slot(fact)} times{person}{always}."
        detail = "Other amounts hardly ever come twice, so these are either one thing entered again or a fixed charge."
        what = f"Review the records with {quantity.name} {sum_} before paying or counting them."
        if not is_entered:
            detail = "Other values hardly ever come twice, so this one may be a default, an estimate or a fixed quota."
            what = f"Find out where {quantity.name} {sum_} comes from before averaging it."
            return Wording(headline, detail, "data", what, story=story)
        who = owner(quantity.column, default="finance")
        return Wording(headline, detail, who, what, severity="high", story=story)

    return Candidate(
        kind="repeated_records",
        columns=(quantity.column, *(one.column for one, _ in named), *(one.column for one in alone)),
        measures=(count, top, *people),
        word=word,
        impact=min(1.0, share * 4),
        effect=1.0 if companions else 0.6 if is_entered else 0.4,
        n=int(same.sum()),
        p_value=p_value,
        rows=tuple(int(row) for row in subjects.cells.rows[rows]),
        statistics=f"Poisson {p_text(p_value)}, "
        f"{rows_text(int(np.isfinite(quantity.values).sum()), is_sample=subjects.cells.is_sample)}",
        subject=(f"{quantity.key}",),
    )


def _is_standing(subjects: Subjects, same: np.ndarray) -> bool:
    """Whether the records come at an even pace: a rent, a fee of each month."""
    if subjects.clock is None or not subjects.clock.has_days:
        return False
    days = np.sort(subjects.clock.days[same & np.isfinite(subjects.clock.days)])
    steps = np.diff(days)
    if len(steps) < LEAST_REPEATS - 1:
        return False
    usual = float(np.median(steps))
    even = np.abs(steps - usual) <= max(MONTHS_DIFFER, EVEN * usual)
    return usual >= SHORTEST_PACE and float(even.mean()) >= MOSTLY_EVEN


def _is_fixed_price(same: np.ndarray, quantity: Quantity, companions: list[tuple[Category, int]]) -> bool:
    """Whether a group always has this amount, and no person stands behind the repeats: then it is a price."""
    if _has_names(companions):
        return False
    return any(
        same[(category.codes.codes == code) & np.isfinite(quantity.values)].mean() > _ALIKE
        for category, code in companions
    )


def _is_round(value: float) -> bool:
    """Whether an amount has one or two digits before its zeros: people round, so that such amounts come back."""
    return len(f"{value:.10g}".replace(".", "").strip("0")) <= ROUND_DIGITS


def _has_names(companions: list[tuple[Category, int]]) -> bool:
    return any(category.is_personal or len(category.codes.labels) > MANY_NAMES for category, _ in companions)


def _companions(subjects: Subjects, quantity: Quantity) -> list[Category]:
    """People first, then the finest divisions: they say most about where repeats come from."""
    pool = [one for one in (*subjects.names, *subjects.categories) if one.column != quantity.column]
    return sorted(pool, key=lambda one: -len(one.codes.labels))


def _companion(category: Category, same: np.ndarray) -> tuple[Category, int] | None:
    codes = category.codes.codes[same]
    if len(codes) == 0 or (codes < 0).any():
        return None
    code, times = np.unique(codes, return_counts=True)
    best = int(np.argmax(times))
    overall = float(np.mean(category.codes.codes == code[best]))
    return (category, int(code[best])) if times[best] >= _ALIKE * len(codes) and overall <= _UNLIKE else None
