"""What to do about a relation or a gap: who can act on what its columns are, and what to look at next in this table.

A price can be tried, an age can only be allowed for, a duration can be followed step by step. No advice promises a
cause: where another column of the table could stand behind what is seen, that column is named.
"""

from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.insights.statistics import Floats, Ints, ranks
from datapilot.insights.subjects.dividing import one_of
from datapilot.insights.subjects.event_names import is_agreed, is_bookkeeping
from datapilot.insights.subjects.natures import differs_by_nature, is_event, is_profit, is_trait, is_verdict, nature_of
from datapilot.insights.subjects.subjects import (
    Category,
    Clock,
    Quantity,
    Subjects,
    is_code,
    names_parts_of_year,
)
from datapilot.insights.wording.phrases import among, group, is_are, records, speaks
from datapilot.words.render import column_slot, is_question, value_slot

CLOSE = 0.9  # of Pearson's r: then a record off the line is the exception
FEW = 60  # records of a relation
FEW_IN_GROUP = 20
MOST_GROUPS = 12
LEAST_IN_GROUP = 5  # rows
ONE_A_TIME = 0.95  # of the records, each of another time
LEAST_SHARED = 0.1  # of both quantities' ranks that the groups of a category explain


class Relation(NamedTuple):
    """Two quantities that go together as advice sees them: `r` over `n` records, whose number the slot `n_slot` shows;
    `low` and `high` are the templates of the condition's ends ("below …", "at … or more"), if it has two."""

    cause: Quantity
    outcome: Quantity
    r: float
    n: int
    n_slot: str
    low: str = ""
    high: str = ""


class Gap(NamedTuple):
    """A group that differs from the others in a quantity as advice sees it: `value` is the slot of its figure over `n`
    records, `others` the other groups, `overlaps` a column whose values gather in the group, `begin` where to begin."""

    quantity: Quantity
    category: Category
    label: Scalar
    is_higher: bool
    value: str
    n: int
    n_slot: str
    others: tuple[Scalar, ...] = ()
    overlaps: str | None = None
    begin: str = ""


def rival_of(subjects: Subjects, one: Quantity, other: Quantity, *, without: tuple[str, ...] = ()) -> Category | None:
    """Return the category within which two quantities should be compared, because its groups differ clearly in both."""
    known = one.is_known & other.is_known
    best: tuple[float, Category] | None = None
    for category in subjects.categories:
        if not _can_stand_behind(category) or category.column in {*one.columns, *other.columns, *without}:
            continue
        rows = np.flatnonzero(known & (category.codes.codes >= 0))
        codes = category.codes.codes[rows]
        if len(rows) == 0 or np.sort(np.bincount(codes))[-2:].min() < LEAST_IN_GROUP:
            continue
        shared = min(_explained(ranks(quantity.places[rows]), codes) for quantity in (one, other))
        if shared >= LEAST_SHARED and (best is None or shared > best[0]):
            best = shared, category
    return None if best is None else best[1]


def _can_stand_behind(category: Category) -> bool:
    column = category.column
    is_plain = not (category.is_personal or is_code(column) or is_bookkeeping(column) or is_event(column))
    return is_plain and not is_question(column) and 2 <= len(category.codes.labels) <= MOST_GROUPS


def _explained(values: Floats, codes: Ints) -> float:
    """Return the share of the values' variance that lies between groups (eta squared)."""
    sizes = np.maximum(np.bincount(codes), 1)
    means = np.bincount(codes, weights=values) / sizes
    whole = float(((values - values.mean()) ** 2).sum())
    return float((sizes * (means - values.mean()) ** 2).sum()) / whole if whole else 0.0


def on_relation(relation: Relation, subjects: Subjects, *, without: tuple[str, ...] = ()) -> str:
    """Return what to do about two quantities that go together. `without` names columns already held fixed."""
    cause, outcome = relation.cause, relation.outcome
    if cause.minus is not None:
        return f"Shorten the longest {cause.name} first, and see whether {outcome.name} follows."
    if nature_of(cause) == "met":
        return _on_what_is_met(cause, outcome)
    worst = _on_the_worst(relation)
    if worst is not None:
        return worst
    rival = rival_of(subjects, cause, outcome, without=without)
    if nature_of(cause) == "set" and _is_aim(outcome):
        return _on_what_is_set(cause, outcome, rival)
    if rival is not None:
        return _on_a_rival(rival, outcome)
    return _on_mere_company(relation, subjects)


def _is_aim(quantity: Quantity) -> bool:
    """Whether people work for more or less of it: only for that a price or a budget is changed."""
    return nature_of(quantity) == "outcome" or is_profit(quantity) or is_verdict(quantity)


def _on_the_worst(relation: Relation) -> str | None:
    """Return where to look first: at the records with the slowest or lowest outcome; None where it has no such end."""
    cause, outcome = relation.cause, relation.outcome
    slow, low = (relation.high, relation.low) if relation.r > 0 else (relation.low, relation.high)
    if outcome.minus is not None and slow:
        if is_agreed(outcome.column):
            return f"See whether records with {cause.name} {slow} need the long term before the next one is agreed on."
        return f"Follow some records with {cause.name} {slow} all the way {outcome.span}: they take longest."
    if is_verdict(outcome) and low:
        is_lowest = f"{outcome.name} {is_are(outcome.column)} lowest"
        return f"Start with records that have {cause.name} {low}: their {is_lowest}."
    return None


def _on_what_is_set(cause: Quantity, outcome: Quantity, rival: Category | None) -> str:
    if cause.adds_up and outcome.adds_up:
        by = f" by {column_slot(rival.column)}" if rival is not None else ""
        return f"Compare {outcome.name} per {one_of(cause)}{by} before moving any {cause.name}: totals hide what pays."
    another = "other" if is_are(cause.column) == "are" else "another"
    return f"Try {another} {cause.name} on a small part, and compare {outcome.name} there with the rest."


def _on_a_rival(rival: Category, outcome: Quantity) -> str:
    """Return how to compare where a category may be behind both quantities."""
    held = column_slot(rival.column)
    if rival.is_flag:
        return f"Compare {outcome.name} with and without {held} apart: {held} may stand behind both."
    return f"Compare {outcome.name} within one {held} at a time: {held} may stand behind both."


def _on_mere_company(relation: Relation, subjects: Subjects) -> str:
    """Return what to do where nothing says which of the two moves the other."""
    cause, outcome = relation.cause, relation.outcome
    misfits = f"records whose {outcome.name} {is_are_of(outcome)} far from what their {cause.name} would suggest"
    if _is_series(subjects):
        return f"Compare how {cause.name} and {outcome.name} change from one record to the next: both may only drift."
    if relation.n < FEW:
        return f"Take it as a hint until there are more than {relation.n_slot} records to judge by."
    if abs(relation.r) >= CLOSE:
        return f"Check {misfits}: each may be a slip."
    if cause.adds_up and outcome.adds_up:
        return f"Judge {outcome.name} per {one_of(cause)}, not in total: the two mostly grow together."
    if subjects.clock is not None and _both_move(subjects.clock, cause, outcome):
        return f"Compare {outcome.name} among records of the same time: the calendar alone may move both."
    return f"List {misfits}, and ask what else decides there."


def is_are_of(quantity: Quantity) -> str:
    """Return the verb of a quantity's name: the time from start to end is, defects are."""
    return "is" if quantity.minus is not None else is_are(quantity.column)


def _both_move(clock: Clock, cause: Quantity, outcome: Quantity) -> bool:
    """Whether both quantities differ between the months of the clock, so that the time may stand behind both."""
    rows = np.flatnonzero(cause.is_known & outcome.is_known & np.isfinite(clock.days))
    months = clock.days[rows].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    months = np.unique(months, return_inverse=True)[1]
    if len(rows) < FEW or months.max(initial=0) < 1 or len(rows) < LEAST_IN_GROUP * (int(months.max()) + 1):
        return False
    return min(_explained(ranks(one.places[rows]), months) for one in (cause, outcome)) >= LEAST_SHARED


def _is_series(subjects: Subjects) -> bool:
    """Whether nearly every record is of another time."""
    if subjects.clock is None:
        return False
    days = subjects.clock.days[np.isfinite(subjects.clock.days)]
    return len(np.unique(days)) > ONE_A_TIME * len(subjects.clock.days)


def _on_what_is_met(cause: Quantity, outcome: Quantity) -> str:
    similar = "similar" if is_are(cause.column) == "are" else "a similar"
    if nature_of(outcome) == "met":
        return f"Judge {outcome.name} by {cause.name}: look at records far from others with {similar} {cause.name}."
    return f"Compare {outcome.name} only among records with {similar} {cause.name}."


def on_gap(gap: Gap) -> str:
    """Return what to do about a group that differs from the others."""
    quantity, column = gap.quantity, gap.category.column
    who = among(column, gap.label)
    if is_trait(column):
        alike = f"alike in {column_slot(gap.overlaps)}" if gap.overlaps is not None else "alike in all else"
        return f"See whether the gap in {quantity.name} remains among records {alike} before judging it."
    if quantity.minus is not None:
        if is_agreed(quantity.column):
            term = "the longer term" if gap.is_higher else "no longer term"
            return f"See whether {records(column, gap.label)} need {term} before the next one is agreed on."
        if not gap.begin:
            return f"Compare, step by step, how {records(column, gap.label)} and the others go {quantity.span}."
        return f"Find out what makes the {quantity.name} {'longer' if gap.is_higher else 'shorter'} {who}{gap.begin}."
    if nature_of(quantity) == "outcome":
        end = gap.begin or " before setting common targets"
        return f"Ask why {quantity.name} {is_are(quantity.column)} {'higher' if gap.is_higher else 'lower'} {who}{end}."
    if is_question(column):
        return _by_group(quantity, column, "one figure for all records hides the gap")
    if gap.overlaps is not None:
        return (
            f"Find out whether {column_slot(column)} or {column_slot(gap.overlaps)} is what counts for "
            f"{quantity.name}: the two overlap."
        )
    if gap.n < FEW_IN_GROUP:
        return f"Wait for more than {gap.n_slot} records {who} before planning {quantity.name} by it."
    if differs_by_nature(quantity):
        return _by_group(quantity, column, "an average over unlike things says little about any")
    if quantity.adds_up:
        return f"Plan {quantity.name} {who} with {gap.value}, not with the average of all records."
    return _reported_apart(gap)


def _by_group(quantity: Quantity, column: str, why: str) -> str:
    return f"Report {quantity.name} by {column_slot(column)}: {why}."


def _reported_apart(gap: Gap) -> str:
    quantity, column = gap.quantity, gap.category.column
    if len(gap.others) == 1:
        other = gap.others[0]
        if speaks(gap.label) and speaks(other):
            both = f"{value_slot(gap.label)} and {value_slot(other)}"
            return f"Report {quantity.name} of {both} apart: the average of the two describes neither."
        return _by_group(quantity, column, "the average of the two groups describes neither")
    return _what_makes(quantity, is_higher=gap.is_higher, who=among(column, gap.label), end=gap.begin)


def _what_makes(quantity: Quantity, *, is_higher: bool, who: str, end: str) -> str:
    makes = f"Find out what makes {quantity.name} {'higher' if is_higher else 'lower'} {who}"
    return f"{makes}{end or f', and judge {quantity.name} there by itself until then'}."


def on_spread(
    quantity: Quantity, category: Category, *, highest: tuple[Scalar, str], lowest: tuple[Scalar, str]
) -> str:
    """Return what to do about groups that reach from a highest to a lowest, each with the slot of its figure."""
    column = category.column
    (top, most), (bottom, least) = highest, lowest
    if names_parts_of_year(category):
        return f"Compare {quantity.name} only with the same {column_slot(column)} of another year."
    pair = f"{group(column, top)} with {group(column, bottom)}"
    if is_trait(column):
        return f"See whether the gap in {quantity.name} remains among records alike in all else before judging it."
    if quantity.minus is not None:
        if is_agreed(quantity.column):
            return f"See whether {group(column, top)} needs the longest term before the next one is agreed on."
        return f"Compare {pair} step by step {quantity.span} before setting one target."
    if nature_of(quantity) == "outcome":
        return f"Compare {pair} before setting one target for {quantity.name}."
    if is_question(column):
        return _by_group(quantity, column, "one figure for all records hides the gap")
    if differs_by_nature(quantity):
        return _by_group(quantity, column, "an average over unlike things says little about any")
    if quantity.adds_up:
        each = f"with {most} {among(column, top)} and {least} {among(column, bottom)}"
        return f"Plan {quantity.name} by {column_slot(column)}, {each}."
    return f"Find out what sets {group(column, top)} apart from {group(column, bottom)} in {quantity.name}."


def on_pair(who: tuple[str, Scalar], what: tuple[str, Scalar], *, share: str, is_all: bool) -> str:
    """Return what to do about two groups that share most of their records: `share` is the slot of the first's part that
    lies in the second."""
    (column, value), (other, found) = who, what
    subject, thing = group(column, value), group(other, found)
    if is_question(column) or is_question(other):
        agrees = "agree" if is_question(column) else "say so"
        return f"Look at {records(column, value)} by themselves: {share} of them {agrees}."
    if is_trait(column) or is_trait(other):
        trait, judged = (column, other) if is_trait(column) else (other, column)
        return f"Compare {column_slot(judged)} only among records alike in {column_slot(trait)}: the mix differs."
    if is_all and isinstance(found, bool):
        return f"Ask whether it has to be so for {subject}, or whether nobody marks it otherwise."
    if is_all:
        return f"Report {subject} and {thing} as one finding: wherever the first is, the second is too."
    if not speaks(found):
        it_is = f"it is {value_slot(found)} for {share} of them"
        return f"When judging {records(column, value)}, allow for {column_slot(other)}: {it_is}."
    return f"When judging {records(column, value)}, look at {thing} apart: {share} of them belong there."
