"""The sentences of a quantity that differs between groups: one that stands apart, or all of them from top to bottom."""

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact, Measure
from datapilot.insights.behind import Behind, behind_sentence
from datapilot.insights.candidate import Facts, Wording
from datapilot.insights.subjects.subjects import Category, Quantity
from datapilot.insights.wording.advice import Gap, on_gap, on_spread
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    across,
    among,
    entries,
    entry_slot,
    fact_slot,
    is_are,
    is_nameable,
    listing,
    named_group,
    number,
    of_all,
    records,
    says_its_column,
    speaks,
    without_sentinel,
)
from datapilot.words.render import column_slot, is_question, thing_slot, value_slot

LEAST_GROUP = 5  # rows a group needs to be compared
LEAST_NAMED, _ROWS_PER_NAMED = 10, 50
LEAST_SPREAD = 3  # groups that can be told to vary
_LISTED_GROUPS = 8


def half_of_them(facts: Facts, middle: Measure, quantity: Quantity, who: str) -> str:
    """Return the sentence that says where half of the group's records lie, which its average does not."""
    if number(facts, middle.fact_id) is None:
        return ""
    where = f"take {fact_slot(facts[middle.fact_id])} or less" if quantity.minus is not None else (
        f"lie at or below {fact_slot(facts[middle.fact_id])}"
    )  # fmt: skip
    return f" Half of the {who} {where}."


def word_gap(
    facts: Facts,
    quantity: Quantity,
    category: Category,
    label: Scalar,
    *,
    ids: tuple[str, str, str],
    behind: Behind | None,
) -> Wording | None:
    """Return what is said of a group that stands apart; `ids` are the facts of it, of the rest, and of each group."""
    one, rest, each = (facts[fact_id] for fact_id in ids)
    here, there = number(facts, one.id), number(facts, rest.id)
    if here is None or there is None or here == there or one.n < LEAST_GROUP:
        return None
    groups = [entry for entry in entries(each) if entry[3] >= LEAST_GROUP]
    headline = _headline(one, rest, quantity, category, label=label, groups=groups)
    shown = listing(each, most=_LISTED_GROUPS, keys=[key for _, key, _, _ in groups])
    detail = f"{_each(one, quantity)} {across(category.column)}: {shown}." if len(groups) >= 3 else ""
    detail += f" That compares {{{one.id}|n}} {records(category.column, label)} with {{{rest.id}|n}} others."
    detail += behind_sentence(behind, facts, who=f"the {records(category.column, label)}") + without_sentinel(quantity)
    gap = Gap(
        quantity, category, label, is_higher=here > there, value=fact_slot(one), n=one.n, n_slot=f"{{{one.id}|n}}",
        others=tuple(key for _, key, _, _ in groups if key != label), overlaps=behind.shares.by if behind else None,
        begin=_beginning(behind, facts),
    )  # fmt: skip
    story = _story(one, rest, quantity, category, label=label)
    return Wording(headline, detail.strip(), owner(*quantity.columns, category.column), on_gap(gap), story=story)


def _story(one: Fact, rest: Fact, quantity: Quantity, category: Category, *, label: Scalar) -> str:
    """Return the headline in other words: "Hardware records take longer from opened to closed than others: …"."""
    typical = "typically" if one.measure.metric == "median" else "on average"
    is_higher = float(one.value or 0) > float(rest.value or 0)  # type: ignore[arg-type]
    if quantity.minus is not None:
        more, figures = "longer" if is_higher else "less time", f"{fact_slot(one)} {typical} against {fact_slot(rest)}"
        return f"{records(category.column, label)} take {more} {quantity.span} than others: {figures}."
    more = "higher" if is_higher else "lower"
    figures = f"{fact_slot(one)} {typical}, {fact_slot(rest)} for all others"
    return (
        f"{quantity.name} {is_are(quantity.column)} {more} {among(category.column, label)} than elsewhere: {figures}."
    )


def _headline(
    one: Fact,
    rest: Fact,
    quantity: Quantity,
    category: Category,
    *,
    label: Scalar,
    groups: list[tuple[int, Scalar, float, int]],
) -> str:
    typical = "typical" if one.measure.metric == "median" else "average"
    others = next((key for _, key, _, _ in groups if key != label), None) if len(groups) == 2 else None
    rest_of = among(category.column, others) if others is not None and speaks(others) else "for the rest"
    against = f"against {fact_slot(rest)} {rest_of}"
    if quantity.minus is not None and is_nameable(category.column, label):
        verb = "typically takes" if typical == "typical" else "averages"
        return f"{named_group(category.column, label)} {verb} {fact_slot(one)} {quantity.span}, {against}"
    ordered = sorted((value, str(key)) for _, key, value, _ in groups)
    if (
        len(groups) >= LEAST_SPREAD
        and is_nameable(category.column, label)
        and str(label) in (ordered[0][1], ordered[-1][1])
    ):
        place = "highest" if ordered[-1][1] == str(label) else "lowest"
        who = named_group(category.column, label)
        where = f" {of_all(category.column)}" if who == value_slot(label) else ""
        return f"{who} has the {place} {typical} {quantity.name}{where}: {fact_slot(one)}, {against}"
    verb = is_are(quantity.column) if quantity.minus is None else "is"
    return f"{typical} {quantity.name} {verb} {fact_slot(one)} {among(category.column, label)}, {against}"


def _each(fact: Fact, quantity: Quantity) -> str:
    """Return what a list of groups lists: "average cost", "median time to close"."""
    return f"{'median' if fact.measure.metric == 'median' else 'average'} {quantity.name}"


def _least_named(rows: int) -> int:
    """Return how many rows a group needs to be named as the highest or lowest of many: the smallest ones scatter
    furthest."""
    return min(LEAST_NAMED, max(LEAST_GROUP, rows // _ROWS_PER_NAMED))


def word_spread(each: Fact, quantity: Quantity, category: Category) -> Wording | None:
    """Return from whom to whom the groups reach, where nobody stands apart."""
    parts = entries(each)
    enough = _least_named(sum(part[3] for part in parts))
    groups = sorted((part for part in parts if part[3] >= enough), key=lambda one: (one[2], one[0]))
    if len(groups) < LEAST_SPREAD or groups[0][2] == groups[-1][2]:
        return None
    (low, lowest, _, _), (high, highest, _, _) = groups[0], groups[-1]
    told = [key for _, key, _, _ in groups]
    is_median = each.measure.metric == "median"
    typical = "typical" if is_median else "average"
    top, bottom = entry_slot(each, high), entry_slot(each, low)
    column = category.column
    varies = "vary" if quantity.minus is None and is_are(quantity.column) == "are" else "varies"
    if is_question(column):
        headline = (
            f"{typical} {quantity.name} {varies} with the answers to {column_slot(column)}, from {top} for "
            f"{value_slot(highest)} down to {bottom} for {value_slot(lowest)}"
        )
    elif not (is_nameable(column, highest) and is_nameable(column, lowest)):
        headline = (
            f"{typical} {quantity.name} {varies} {across(column)}, from {top} {among(column, highest)} "
            f"down to {bottom} {among(column, lowest)}"
        )
    elif quantity.minus is not None:
        headline = (
            f"{named_group(column, highest)} takes longest {quantity.span}, {top} "
            f"{'typically' if is_median else 'on average'}; {value_slot(lowest)} is quickest with {bottom}"
        )
    else:
        who = named_group(column, highest)
        where = f" {of_all(column)}" if who == value_slot(highest) else ""
        headline = (
            f"{who} has the highest {typical} {quantity.name}{where}, {top}; "
            f"{value_slot(lowest)} has the lowest, {bottom}"
        )
    detail = (
        f"{_each(each, quantity)} {across(column)}: {listing(each, most=_LISTED_GROUPS, keys=told)}. "
        f"The highest rests on {entry_slot(each, high, 'n')} records, the lowest on {entry_slot(each, low, 'n')}."
    )
    what = on_spread(quantity, category, highest=(highest, top), lowest=(lowest, bottom))
    reach = f"from {bottom} {among(column, lowest)} to {top} {among(column, highest)}"
    differ = "differ" if varies == "vary" else "differs"
    story = f"{typical} {quantity.name} {differ} {across(column)}: {reach}."
    return Wording(headline, detail + without_sentinel(quantity), owner(*quantity.columns, column), what, story=story)


def with_totals(
    wording: Wording | None, totals: Fact | None, quantity: Quantity, category: Category, *, told: Scalar
) -> Wording | None:
    """Return the wording with who leads in total, which may be another group than the one with the highest average."""
    parts = entries(totals) if totals is not None else []
    if wording is None or totals is None or len(parts) < LEAST_SPREAD or parts[1][2] <= 0 or not speaks(parts[0][1]):
        return wording
    (first, top, _, _), (second, runner_up, _, _) = parts[0], parts[1]
    who = f"It also has the highest {quantity.total}"
    if top != told:
        who = f"{value_slot(top)} has the highest {quantity.total} {of_all(category.column)}"
    more = f" {who}, {entry_slot(totals, first)}, ahead of {value_slot(runner_up)} with {entry_slot(totals, second)}."
    return wording._replace(detail=wording.detail + more)


def _beginning(behind: Behind | None, facts: Facts) -> str:
    """Return where to begin looking: at the value that sets the group apart, where one does."""
    parts = entries(facts[behind.shares.fact_id]) if behind is not None else []
    if behind is None or behind.shares.by is None or len(parts) < 2:
        return ""
    column, key = behind.shares.by, parts[0][1]
    first = f"{thing_slot(column)} {entry_slot(facts[behind.shares.fact_id], parts[0][0], 'key')}"
    return f", beginning with {value_slot(key) if says_its_column(column, key) else first}"
