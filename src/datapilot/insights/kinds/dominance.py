"""One value that holds far more than its part: of the records, or of a total.

Test: chi-square of equal parts, for totals with the amounts' own dispersion (a compound Poisson sum varies by
mean of squares / mean); effect: how far the leader lies above an equal part. Shares are of all records, or of the
whole total, and the sentence says so.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.kinds.spellings import spelt_alike
from datapilot.insights.statistics import Test, evenness, is_looked_up, without_top
from datapilot.insights.subjects.happenings import ends_of_status, no_among_ends, tells_ends, yes_of
from datapilot.insights.subjects.natures import is_earned, is_reason, is_unwelcome, nature_of
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects, is_code, names_people
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    across,
    among,
    entries,
    entry_slot,
    fact_slot,
    group,
    is_are,
    listing,
    named_group,
    of_all,
    p_text,
    records,
    rows_text,
    speaks,
)
from datapilot.words.labels import label
from datapilot.words.render import column_slot, is_question, value_slot
from datapilot.words.time_columns import FEWEST_PERIODS

MOST_PARTS = 30
LEAST_TIMES_USUAL = 4.0  # a name's records against the mean over all names
NAME_WORDS = 4  # more words are a description, which nobody can relieve
LEAST_WORDS_AHEAD = 1.1  # a description's records against the next one's
LEAST_NAME_SHARE = 0.05  # of all records
LEAST_SHARE = 0.25  # of all records
MOST_UNPLACED = 0.2  # of a quantity's records without a group
MOSTLY_FILLED = 0.9  # of the records, below which shares are of those that have a value
MOSTLY_ONCE = 0.9  # of a column's other values, that occur once
LEAST_LEAD = 1.5  # the leader against an equal part
LEAST_OVER_SECOND = 1.2
ALMOST_ALL = 0.97  # a column with one value nearly everywhere divides nothing
MOST_TAKEN_OFF = 0.02  # of what was added
MOSTLY = 0.5  # of all records, from which on their average is mostly that of one value
BY_NUMBER = 0.1  # between the share of the total and that of the records
BY_RECORDS = 0.45  # what a large total is worth that follows from many records
ITS_PART, OF_ITS_PART = 0.03, 0.25  # what is said of a total that is nothing but the part of the records
LESS_THAN_ITS_PART = 0.6  # and one that is large although it holds less than its part of the records
MOST_BY_NUMBER = 0.6  # nearly all records hold nearly all of anything
LEAST_RICH_LEAD = 1.15  # the same for a total that is not explained by the number of records
LEAST_COMPARED = 3
MOST_OTHERWISE = 3  # columns by which a total is also split
_LISTED = 6
_TWO = 2  # ends, of which the one is what the other leaves


def find_dominant_values(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of equal parts for every category, by records."""
    if len(subjects.times) >= FEWEST_PERIODS:
        return  # rows are lines of an account: how many of them a group has is how finely it is booked
    leaders: set[tuple[Scalar, int]] = set()
    asked = {column for battery in subjects.batteries for column in battery.columns}
    for category in subjects.categories:
        if category.column in {one.column for one in subjects.rounds}:
            continue
        ends = ends_of_status(category)
        is_told = (
            yes_of(category) is not None
            or no_among_ends(category) is not None
            or 0 in ends
            or (bool(ends) and len(category.codes.labels) == _TWO)
        )
        if category.column in asked or is_told:
            continue  # told beside its like, or by how often it happens
        counts = category.codes.counts
        if not 2 <= len(counts) <= MOST_PARTS or category.is_personal or is_code(category.column):
            continue
        test = evenness(counts.astype(np.float64))
        share = counts[0] / len(category.codes.codes)
        lead, over_second = counts[0] / counts.mean(), counts[0] / counts[1]
        if category.is_flag:
            continue  # that most are not smokers is no finding; by what few are told apart, others say
        if not isinstance(category.codes.labels[0], str | bool):
            continue  # a number that stands for something: what most have, nobody knows by it
        if spelt_alike(category):
            continue  # who leads depends on what is put together
        fits = LEAST_SHARE <= share < ALMOST_ALL and lead >= LEAST_LEAD and over_second >= LEAST_OVER_SECOND
        leader = category.codes.labels[0], int(counts[0])
        fits = fits and leader not in leaders  # a category and its subcategory may be led by the same records
        leaders.add(leader)
        yield test, _by_records(subjects, category, test, float(share), float(lead)) if fits else None


def find_busy_names(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of equal parts for columns of many names: one person or product with a multiple of the usual."""
    if len(subjects.times) >= FEWEST_PERIODS:
        return
    many = (one for one in subjects.categories if len(one.codes.labels) > MOST_PARTS)
    leaders: set[tuple[Scalar, int]] = set()
    for category in (*subjects.names, *many):
        counts = category.codes.counts
        if is_code(category.column) or category.is_personal or len(counts) <= MOST_PARTS:
            continue
        test = evenness(counts)
        times, share = counts[0] / counts.mean(), counts[0] / len(category.codes.codes)
        ahead = counts[0] >= _ahead(category.codes.labels[0]) * counts[1]
        fits = times >= LEAST_TIMES_USUAL and share >= LEAST_NAME_SHARE and ahead
        if float((counts[1:] == 1).mean()) >= MOSTLY_ONCE:
            continue  # references, each of its own record, and what is written where there is none
        leader = category.codes.labels[0], int(counts[0])
        fits = fits and leader not in leaders  # an agency and its bureau
        leaders.add(leader)
        yield test, _busy_name(subjects, category, test, float(share), float(times)) if fits else None


def _ahead(label: Scalar) -> float:
    """Return how far a value must be ahead of the next: of descriptions the most frequent is worth knowing anyway."""
    return 1.5 if len(str(label).split()) <= NAME_WORDS else LEAST_WORDS_AHEAD


def _busy_name(subjects: Subjects, category: Category, test: Test, share: float, times: float) -> Candidate:
    each = Measure(metric="count", by=category.column, limit=5)
    names = Measure(metric="count_distinct", column=category.column)

    def word(facts: Facts) -> Wording | None:
        fact = facts[each.fact_id]
        parts = entries(fact)
        if len(parts) < 2 or parts[0][2] < _ahead(parts[0][1]) * parts[1][2]:
            return None
        (first, top, _, _), (second, runner_up, _, _) = parts[0], parts[1]
        who, column = value_slot(top), column_slot(category.column)
        if len(str(top).split()) > NAME_WORDS:
            return _frequent_words(fact, facts[names.fact_id], column=category.column)
        headline = (
            f"{column} {who} appears in {entry_slot(fact, first)} of {{{names.fact_id}|n}} records; "
            f"{value_slot(runner_up)} follows with {entry_slot(fact, second)}"
        )
        detail = f"The most frequent of {fact_slot(facts[names.fact_id])}: {listing(fact)}."
        other = f"value of {column}" if is_are(category.column) == "are" else column
        what = f"Check whether {who} is meant to stand in so many records, or stands for what is not known."
        story = (
            f"With {entry_slot(fact, first)} of {{{names.fact_id}|n}} records, {who} is ahead of every other {other}."
        )
        if names_people(category):
            what = f"Check whether {who} can carry that much, or share it out."
        return Wording(headline, detail, owner(category.column), what, story=story)

    return Candidate(
        kind="dominance",
        columns=(category.column,),
        measures=(each, names),
        word=word,
        impact=share,
        effect=min(1.0, 0.4 + times / 20),
        n=subjects.rows,
        p_value=test.p_value,
        statistics=f"χ² of equal shares {p_text(test.p_value)}, "
        f"{rows_text(int(category.codes.counts.sum()), is_sample=subjects.cells.is_sample)}",
    )


def _frequent_words(fact: Fact, names: Fact, *, column: str) -> Wording:
    """Say which description comes back most often, and which next."""
    (first, top, _, _), (second, runner_up, _, _) = entries(fact)[:2]
    said, many = f"“{value_slot(top)}”", f"{entry_slot(fact, first)} of {{{names.id}|n}} records"
    headline = f"{said} is the most frequent {column_slot(column)}: {many}; "
    headline += f"“{value_slot(runner_up)}” follows with {entry_slot(fact, second)}"
    detail = f"In all, {column_slot(column)} reads in {fact_slot(names)} ways."
    what = f"Give the frequent wordings of {column_slot(column)} a short name each: then they can be counted."
    story = f"No {column_slot(column)} comes back more often than {said}: {many}."
    return Wording(headline, detail, owner(column), what, story=story)


def find_dominant_totals(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of equal totals for every quantity that adds up and every category."""
    fit = [one for one in subjects.categories if not spelt_alike(one)]
    for quantity in subjects.own_quantities:
        if not quantity.adds_up or has_corrections(quantity.values):
            continue
        for category in fit:
            size = len(category.codes.counts)
            if not 2 <= size <= MOST_PARTS or category.is_personal or tells_ends(category):
                continue  # that most of a total has not been lost is told by how often it happens
            if quantity.column in subjects.comparisons.get(category.column, ()):
                continue
            both = np.isfinite(quantity.values) & (category.codes.codes >= 0)
            values = quantity.values[both]
            if both.sum() < (1 - MOST_UNPLACED) * quantity.is_known.sum():
                continue  # a reason that only some have: what the others hold is no one's
            if len(values) < 20 or values.sum() <= 0:
                continue
            if is_looked_up(values, category.codes.codes[both]):
                continue  # two blanks for "2 blanks": the group is called by the amount
            totals = np.bincount(category.codes.codes[both], weights=values, minlength=size)
            if totals.min() < 0:
                continue
            test = evenness(totals, dispersion=float((values**2).mean() / values.mean()))
            kept = without_top(values)
            without = np.bincount(category.codes.codes[both][kept], weights=values[kept], minlength=size)
            leader = int(np.argmax(totals))
            if category.is_flag and str(category.codes.labels[leader]).lower() in {"no", "false"}:
                continue  # what most are not
            of_records = _part_of_records(quantity, category, leader)
            stands = int(np.argmax(without)) == leader and _leads(without, leader, of_records)
            yield test, _by_total(subjects, quantity, category, test, totals) if stands else None


def has_corrections(values: np.ndarray) -> bool:
    """Whether so much is taken off again that shares of the total would mislead."""
    known = values[np.isfinite(values)]
    return -float(known[known < 0].sum()) > MOST_TAKEN_OFF * float(known[known > 0].sum())


def _by_records(subjects: Subjects, category: Category, test: Test, share: float, lead: float) -> Candidate:
    # Of a column that many records leave empty (why a deal was lost), the part of those that have a value is told.
    is_partly = float((category.codes.codes >= 0).mean()) < MOSTLY_FILLED
    known = (Filter(column=category.column, op="not_missing"),) if is_partly else ()
    shares = Measure(metric="share_rows", by=category.column, limit=_LISTED, filters=known)
    not_first = Filter(column=category.column, op="ne", value=category.codes.labels[0])
    others = Measure(metric="count", filters=(not_first,))

    def word(facts: Facts) -> Wording | None:
        fact = facts[shares.fact_id]
        parts = entries(fact)
        if len(parts) < 2 or parts[0][2] < parts[1][2] * LEAST_OVER_SECOND:
            return None
        (first, top, _, _), (second, runner_up, _, _) = parts[0], parts[1]
        column, share_of = column_slot(category.column), entry_slot(fact, first)
        whom = f"records where {column} {is_are(category.column)} known" if is_partly else "records"
        many = f"{entry_slot(fact, first, 'n')} of {{{fact.id}|n}} {whom} ({share_of})"
        headline = f"{column} {_is(category.column)} {value_slot(top)} in {many}"
        if speaks(top):
            of_what = f"answer to {column}" if is_question(category.column) else column
            headline = f"{value_slot(top)} is the most frequent {of_what}: {many}"
            headline += f"; {value_slot(runner_up)} follows with {entry_slot(fact, second, 'n')}"
        detail = f"Shares of all {{{fact.id}|n}} {whom} {across(category.column)}: {listing(fact)}."
        leader = group(category.column, top)
        what = f"Check figures over all records with and without {leader}, which makes up {share_of} of them."
        if is_reason(category.column):
            what = f"Begin with {leader}: no other {column} is named as often."
        elif parts[0][2] >= MOSTLY and not subjects.quantities:
            what = f"Decide whether the other {fact_slot(facts[others.fact_id])} belong in what is made of this list."
        elif parts[0][2] >= MOSTLY:
            what = f"Report {leader} apart from the rest: figures over all records mostly describe it."
        story = f"{column} {_is(category.column)} {value_slot(top)} for {share_of} of all {whom}."
        if is_question(category.column):
            what = f"Read the other answers to {column} too: {value_slot(top)} is not what everybody says."
            story = f"Asked {column}, {share_of} of all records say {value_slot(top)}."
        return Wording(headline, detail, owner(category.column), what, story=story)

    return Candidate(
        kind="dominance",
        columns=(category.column,),
        measures=(shares,) if subjects.quantities else (shares, others),
        word=word,
        impact=share,
        effect=min(1.0, (lead - 1) / 4 + 0.15),
        n=subjects.rows,
        p_value=test.p_value,
        statistics=f"χ² of equal shares {p_text(test.p_value)}, w = {test.effect:.2f}, "
        f"{rows_text(int(category.codes.counts.sum()), is_sample=subjects.cells.is_sample)}",
    )


def _is(column: str) -> str:
    """Return "is", or "reads" after a name that begins with it ("is independent")."""
    return "reads" if label(column).split()[0].lower() in {"is", "has", "was", "can", "does"} else "is"


def _split_otherwise(facts: Facts, measures: dict[str, Measure]) -> str:
    """Return who leads when the total is split by other columns, or nothing."""
    leaders = [
        f"{entry_slot(facts[one.fact_id], 0, 'key')} by {column_slot(column)} ({entry_slot(facts[one.fact_id], 0)})"
        for column, one in measures.items()
        if (parts := entries(facts[one.fact_id])) and parts[0][0] == 0
    ]
    return f" Split in other ways, the largest part is {', '.join(leaders)}." if leaders else ""


def _part_of_records(quantity: Quantity, category: Category, place: int) -> float:
    """Return the share of a group among the records that have the quantity: others add nothing to any total."""
    codes = category.codes.codes[quantity.is_known]
    return float((codes[codes >= 0] == place).mean())


def _leads(totals: np.ndarray, leader: int, of_records: float) -> bool:
    """Whether a group's total is large, and not only because the group is nearly everybody."""
    if totals[leader] <= 0:
        return False
    share = totals[leader] / totals.sum()
    is_by_number = abs(share - of_records) < BY_NUMBER
    lead = float(totals[leader] / totals.mean())
    return lead >= (LEAST_LEAD if is_by_number else LEAST_RICH_LEAD) and not (
        is_by_number and of_records > MOST_BY_NUMBER
    )


class _Leader(NamedTuple):
    """The group with the largest total of a quantity: `is_by_number` when its records alone explain that, `is_rich`
    when it holds more of the total than of the records."""

    quantity: Quantity
    category: Category
    label: Scalar
    is_by_number: bool
    is_rich: bool


def _by_total(
    subjects: Subjects, quantity: Quantity, category: Category, test: Test, totals: np.ndarray
) -> Candidate | None:
    order = np.argsort(-totals)
    place, top = int(order[0]), totals[order[0]]
    of_total, of_records = top / totals.sum(), _part_of_records(quantity, category, place)
    if totals[order[1]] <= 0 or of_total >= ALMOST_ALL or not _leads(totals, place, of_records):
        return None
    leader = _Leader(
        quantity, category, category.codes.labels[place],
        is_by_number=abs(of_total - of_records) < BY_NUMBER, is_rich=bool(of_total > of_records),
    )  # fmt: skip
    if leader.is_by_number and nature_of(quantity) != "outcome" and not is_earned(quantity):
        return None  # half of the records hold half of anything
    here = Filter(column=category.column, op="eq", value=leader.label)
    part = {"filters": (here, *quantity.filters), "baseline": quantity.filters}
    each, whole = quantity.measure("sum", by=category.column, limit=_LISTED), quantity.measure("sum")
    share = Measure(metric="share_sum", column=quantity.column, **part)
    rows = Measure(metric="share_rows", **part)  # of all records, as the share of the total is of all
    otherwise = _otherwise(subjects, quantity, category)
    is_its_part = leader.is_by_number and abs(of_total - of_records) < ITS_PART

    def word(facts: Facts) -> Wording | None:
        fact = facts[each.fact_id]
        parts = entries(fact)
        if len(parts) < 2 or parts[0][1] != leader.label or parts[1][2] <= 0 or facts[share.fact_id].value is None:
            return None
        percent, of_rows = fact_slot(facts[share.fact_id]), fact_slot(facts[rows.fact_id], "percent")
        holds, of_whole = entry_slot(fact, parts[0][0]), fact_slot(facts[whole.fact_id])
        headline = f"{records(category.column, leader.label)} hold {percent} of {quantity.total}: {holds} of {of_whole}"
        if speaks(leader.label) and len(parts) >= LEAST_COMPARED:
            who = named_group(category.column, leader.label)
            where = f" {of_all(category.column)}" if who == value_slot(leader.label) else ""
            headline = f"{who} has the highest {quantity.total}{where}: {holds}, {percent} of {of_whole}"
        falls = "fall" if is_are(quantity.column) == "are" else "falls"
        story = f"{percent} of {quantity.total} {falls} to {records(category.column, leader.label)}"
        if is_its_part:
            headline += f", from {of_rows} of the records"
        elif not leader.is_by_number:
            headline += f", from {of_rows} of the records"
            story += f", {'which are' if leader.is_rich else 'though they are'} {of_rows} of all records"
        detail = f"{quantity.total} {across(category.column)}: {listing(fact)}.{_split_otherwise(facts, otherwise)}"
        what = _advice_on_total(leader, percent)
        return Wording(headline, detail, owner(quantity.column, category.column), what, story=f"{story}.")

    known = int(np.isfinite(quantity.values).sum())
    worth = (
        OF_ITS_PART
        if is_its_part
        else BY_RECORDS
        if leader.is_by_number
        else 1.0
        if leader.is_rich
        else LESS_THAN_ITS_PART
    )
    return Candidate(
        kind="share",
        columns=(quantity.column, category.column),
        measures=(each, whole, share, rows, *otherwise.values()),
        word=word,
        impact=float(of_total),
        group=leader.label if leader.is_by_number or not leader.is_rich else None,
        effect=min(1.0, (float(top / totals.mean()) - 1) / 3 + 0.2) * worth,
        n=known,
        p_value=test.p_value,
        statistics=f"χ² of equal totals {p_text(test.p_value)}, {rows_text(known, is_sample=subjects.cells.is_sample)}",
        subject=(f"{quantity.key}",),
    )


def _otherwise(subjects: Subjects, quantity: Quantity, category: Category) -> dict[str, Measure]:
    """Return the largest part of the total by each of the next categories that divide it into named groups."""
    measures = {
        other.column: quantity.measure("sum", by=other.column, limit=1)
        for other in subjects.categories
        if other.column != category.column and not other.is_personal and not is_code(other.column)
        and 2 < len(other.codes.labels) <= MOST_PARTS and speaks(other.codes.labels[0])
    }  # fmt: skip
    return dict(islice(measures.items(), MOST_OTHERWISE))


def _advice_on_total(leader: _Leader, percent: str) -> str:
    quantity, who = leader.quantity, group(leader.category.column, leader.label)
    if not leader.is_rich and not leader.is_by_number:
        return f"Ask why {who} holds less {quantity.name} than its part of the records."
    if nature_of(quantity) != "outcome":
        where = among(leader.category.column, leader.label)
        return f"Decide on {quantity.name} {where} first: {percent} of all of it lies there."
    if is_unwelcome(quantity):
        return f"Look for savings in {who} first: {percent} of {quantity.total} arises there."
    if leader.is_rich and not leader.is_by_number and is_earned(quantity):
        return f"Ask what would become of {quantity.total} without {who}: {percent} depends on it."
    return f"Start with {who} when planning {quantity.name}: it moves the total most."
