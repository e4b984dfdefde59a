"""Two categories that go together: "78% of Hardware records are in Australia, against 12% of the others".

Test: chi-square of independence, refused on sparse tables (Cochran 1954); effect: bias-corrected V (Bergsma 2013).
The sentence shows the pair of values that departs most from independence, by its standardised residual. One column
that merely repeats or refines another (city and country) is no finding.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.owners import owner
from datapilot.insights.phrases import (
    fact_slot,
    group,
    listing,
    named_group,
    number,
    p_text,
    records,
    rows_text,
    speaks,
)
from datapilot.insights.statistics import Ints, Test, association, contingency, independent_share, persistence
from datapilot.insights.subjects import Category, Subjects
from datapilot.words.render import column_slot, value_slot

LEAST_V = 0.12
REFINES = 0.98  # of rows whose one value tells the other
LEAST_POINTS = 0.10  # between the share within the group and outside it
LEAST_ROWS = 10
_MOST_VALUES = 30


def find_associations(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of every pair of categories."""
    fit = [one for one in subjects.categories if not one.is_personal and len(one.codes.labels) <= _MOST_VALUES]
    for one, other in combinations(fit, 2):
        both = (one.codes.codes >= 0) & (other.codes.codes >= 0)
        codes, codes2 = one.codes.codes[both], other.codes.codes[both]
        counts = contingency(codes, codes2, len(one.codes.labels), len(other.codes.labels))
        test = association(counts, kept=independent_share(persistence(codes), persistence(codes2)))
        if test.n == 0:
            continue
        yield (
            test,
            None if test.effect < LEAST_V or _refines(counts) else _candidate(subjects, one, other, counts, test),
        )


def _refines(counts: Ints) -> bool:
    """Whether the column with more values tells the other's value almost always."""
    n = counts.sum()
    finer = counts if counts.shape[0] >= counts.shape[1] else counts.T
    return bool(finer.max(axis=1).sum() / n >= REFINES)


def _candidate(subjects: Subjects, one: Category, other: Category, counts: Ints, test: Test) -> Candidate | None:
    n = counts.sum()
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    inside = counts / np.maximum(rows[:, None], 1)
    outside = (columns[None, :] - counts) / np.maximum(n - rows[:, None], 1)
    expected = np.outer(rows, columns) / n
    residual = (counts - expected) / np.sqrt(np.maximum(expected, 1e-9))
    residual[(counts < LEAST_ROWS) | (inside - outside < LEAST_POINTS)] = 0
    if residual.max() <= 0:
        return None
    row, column = np.unravel_index(int(np.argmax(residual)), residual.shape)
    # Which of the two is the group: the way round that sets the shares further apart says more.
    outside_other = (rows[row] - counts[row, column]) / max(n - columns[column], 1)
    forward, backward = (
        inside[row, column] - outside[row, column],
        counts[row, column] / columns[column] - outside_other,
    )
    who, what = (one, int(row)), (other, int(column))
    if backward > forward:
        who, what = what, who
    where = Filter(column=who[0].column, op="eq", value=who[0].codes.labels[who[1]])
    rest = Filter(column=who[0].column, op="ne", value=who[0].codes.labels[who[1]])
    share = Filter(column=what[0].column, op="eq", value=what[0].codes.labels[what[1]])
    known = Filter(column=what[0].column, op="not_missing")
    here = Measure(metric="ratio", of="count", filters=(where, share), baseline=(where, known))
    there = Measure(metric="ratio", of="count", filters=(rest, share), baseline=(rest, known))
    each = Measure(metric="share_rows", by=what[0].column, filters=(where, known), limit=6)

    def word(facts: Facts) -> Wording | None:
        inner, outer = number(facts, here.fact_id), number(facts, there.fact_id)
        if inner is None or outer is None or inner - outer < LEAST_POINTS / 2 or facts[here.fact_id].n < LEAST_ROWS:
            return None
        label, other_label = who[0].codes.labels[who[1]], what[0].codes.labels[what[1]]
        is_plain = speaks(other_label) and label != other_label
        subject, value = group(who[0].column, label), group(what[0].column, other_label)
        have = "are" if is_plain else "have"
        if not is_plain:
            value = f"{column_slot(what[0].column)} {value_slot(other_label)}"
        elif (named := named_group(what[0].column, other_label)) != value:
            have, value = "belong to", named
        headline = (
            f"{fact_slot(facts[here.fact_id], 'percent')} of {records(who[0].column, label)} {have} {value}, "
            f"against {fact_slot(facts[there.fact_id], 'percent')} of the others"
        )
        detail = (
            f"{column_slot(what[0].column)} of the {{{each.fact_id}|n}} {records(who[0].column, label)}: "
            f"{listing(facts[each.fact_id])}."
        )
        advice = f"Ask why {subject} and {value} meet so often, and plan for the two together."
        return Wording(headline, detail, owner(who[0].column, what[0].column), advice)

    return Candidate(
        kind="association", columns=(who[0].column, what[0].column), measures=(here, there, each), word=word,
        impact=min(1.0, 2 * float(counts[row, column]) / float(n)), effect=min(1.0, float(max(forward, backward))),
        n=test.n, p_value=test.p_value,
        statistics=f"χ² of independence {p_text(test.p_value)}, Cramér's V = {test.effect:.2f}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
    )  # fmt: skip
