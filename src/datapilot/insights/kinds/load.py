"""Who carries how much: records per person by group, "IT has 50.5 records per manager, the most of all departments".

Test: chi-square of records in proportion to the people of each group, damped by how unevenly people within a group
carry (overdispersion; McCullagh & Nelder 1989); effect: how far the leader lies above the others. Only where people
belong to groups: people who turn up in every group have more records in a large one for no other reason.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.engine.p_values import chi2_tail
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Ints, Test, contingency
from datapilot.insights.subjects.happenings import tells_ends
from datapilot.insights.subjects.natures import is_event, is_status
from datapilot.insights.subjects.subjects import Category, Subjects, names_people
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    across,
    among,
    entries,
    entry_slot,
    group,
    listing,
    named_group,
    p_text,
    rows_text,
)
from datapilot.words.labels import label, plural
from datapilot.words.render import column_slot

FEWEST_PEOPLE = 12
MOST_GROUPS = 20
LEAST_ROWS = 10  # of a group
USUAL = 0.8  # of the records; where one group has as many, everybody seems to belong to it
LEAST_TIMES = 1.5  # the leader's load against that of all others
BELONG = 0.8  # of the records lie in their person's main group
_LISTED = 8


def find_loads(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of every column of people by every category they belong to."""
    for people in (*subjects.names, *subjects.categories):
        if len(people.codes.labels) < FEWEST_PEOPLE or not names_people(people):
            continue
        for category in subjects.categories:
            if category.column == people.column or category.is_personal or not _are_groups(category):
                continue
            counts = _nested(people, category)
            if counts is None:
                continue
            test, load = _evenly_loaded(counts)
            leader = int(np.argmax(load))
            rest = np.delete(counts, leader, axis=1)
            usual = rest.sum() / max((rest > 0).sum(), 1)
            times = float(load[leader] / usual)
            yield (
                test,
                _candidate(subjects, people, category, leader=leader, times=times, test=test)
                if times >= LEAST_TIMES
                else None,
            )


def _are_groups(category: Category) -> bool:
    """Whether people can belong to the groups: teams and places, neither the answers yes and no nor
    what became of a record."""
    if tells_ends(category) or is_event(category.column) or is_status(category.column):
        return False
    labels = {str(one).lower() for one in category.codes.labels}
    return len(labels) <= MOST_GROUPS and not category.is_flag


def _nested(people: Category, category: Category) -> Ints | None:
    """Return records by person and group, of groups large enough; None where people do not belong to groups."""
    both = (people.codes.codes >= 0) & (category.codes.codes >= 0)
    counts = contingency(
        people.codes.codes[both], category.codes.codes[both], len(people.codes.labels), len(category.codes.labels)
    )
    large = counts.sum(axis=0) >= LEAST_ROWS
    by_chance = counts.sum(axis=0).max() >= USUAL * counts.sum()
    if large.sum() < 2 or by_chance or counts.max(axis=1).sum() < BELONG * counts.sum():
        return None
    counts[:, ~large] = 0
    return counts


def _evenly_loaded(counts: Ints) -> tuple[Test, np.ndarray]:
    """Return the test of equal loads, and each group's records per person (0 for groups left out)."""
    people = (counts > 0).sum(axis=0)
    rows = counts.sum(axis=0)
    filled = people > 0
    load = np.where(filled, rows / np.maximum(people, 1), 0.0)
    n, heads, groups = int(rows.sum()), int(people.sum()), int(filled.sum())
    if heads < FEWEST_PEOPLE or heads <= groups:
        return Test(1.0, 0.0, n), load
    within = float((((counts - load) ** 2) * (counts > 0)).sum()) / (heads - groups)
    dispersion = max(1.0, within / (n / heads))
    expected = n * people[filled] / heads
    statistic = float((((rows[filled] - expected) ** 2) / expected).sum()) / dispersion
    return Test(chi2_tail(statistic, groups - 1), float(load.max()) / (n / heads), n), load


def _candidate(
    subjects: Subjects, people: Category, category: Category, *, leader: int, times: float, test: Test
) -> Candidate:
    top: Scalar = category.codes.labels[leader]
    known = (Filter(column=category.column, op="not_missing"),)
    each = Measure(metric="ratio", column2=people.column, by=category.column, filters=known)
    heads = Measure(metric="count_distinct", column=people.column, by=category.column, filters=known)

    def word(facts: Facts) -> Wording | None:
        fact, number_of = facts[each.fact_id], facts[heads.fact_id]
        parts = [part for part in entries(fact) if part[3] >= LEAST_ROWS]
        heads_of = {key: value for _, key, value, _ in entries(number_of)}
        # One person with all the records is told by name, not by an average.
        if len(parts) < 2 or heads_of.get(top, 0) < 2 or parts[0][1] != top or parts[0][2] < LEAST_TIMES * parts[1][2]:
            return None
        (first, _, _, _), (last, lowest, _, _) = parts[0], parts[-1]
        at = next(position for position, key, _, _ in entries(number_of) if key == top)
        who, low = named_group(category.column, top), group(category.column, lowest)
        per = f"per {column_slot(people.column)}"
        if label(people.column).lower() == "assigned to":
            per = "per assignee"
        elif plural(label(people.column)) is None:
            per = f"for each name in {column_slot(people.column)}"
        headline = f"{who} has the most records {per}: {entry_slot(fact, first)}; {low} has {entry_slot(fact, last)}"
        detail = (
            f"Records {per} {across(category.column)}: {listing(fact, most=_LISTED)}. "
            f"At the top, {entry_slot(fact, first, 'n')} records fall on {entry_slot(number_of, at)} names. "
            f"Different names: {listing(number_of, most=_LISTED)}."
        )
        what = f"Check whether {who} needs more people for its records, or whether some of them belong elsewhere."
        story = (
            f"Records {per} range from {entry_slot(fact, last)} {among(category.column, lowest)} to "
            f"{entry_slot(fact, first)} {among(category.column, top)}."
        )
        return Wording(headline, detail, owner(category.column), what, story=story)

    return Candidate(
        kind="load", columns=(people.column, category.column), measures=(each, heads), word=word,
        impact=min(1.0, 2 * float((category.codes.codes == leader).mean())), effect=min(1.0, 0.3 + times / 8), n=test.n,
        p_value=test.p_value,
        statistics=f"χ² of records per person {p_text(test.p_value)}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
    )  # fmt: skip
