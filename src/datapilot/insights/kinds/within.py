"""A relation that all records together hide and one group shows: "For Computer, higher cost goes with longer time from
purchased to warranty expiration: 1,100 days below 2,000, 1,500 days at 5,000 or more".

Test: Spearman's rank correlation within the group, times the number of pairs and groups looked at (Bonferroni), so
that the table's family of tests does not grow with them; effect: its rho. The first look is at every k-th row.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.kinds.correlation import are_versions, in_order_of_cause
from datapilot.insights.round_edges import ends_of
from datapilot.insights.spurious import is_arithmetic, is_time_alone
from datapilot.insights.statistics import Floats, Test, pearson, ranks, spearman
from datapilot.insights.subjects.dividing import are_divided
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects, is_code
from datapilot.insights.wording.advice import Relation, on_relation
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import among, fact_slot, number, p_text, records, rows_text
from datapilot.insights.wording.relation_words import relation_in_words

MOST_QUANTITIES = 6
MOST_CATEGORIES = 4
MOST_GROUPS = 12
SCREENED_ROWS = 2_000
NEAR = 0.1  # what the first look may be off
LEAST_GROUP = 30
LEAST_RHO = 0.6
MOST_OVERALL = 0.4  # a clearer relation of all records is told by itself
LEAST_MORE = 0.3  # than over all records


class _Found(NamedTuple):
    """A group in which two quantities are related, and their correlation over all records."""

    category: Category
    code: int
    test: Test
    overall: float


def find_relations_within(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield, for every pair of quantities that look unrelated, the group in which they are most related."""
    categories = [
        one for one in subjects.categories
        if not one.is_personal and 2 <= len(one.codes.labels) <= MOST_GROUPS and not is_code(one.column)
        and one.column not in subjects.comparisons
    ][:MOST_CATEGORIES]  # fmt: skip
    quantities = [one for one in subjects.own_quantities if np.isfinite(one.values).sum() >= LEAST_GROUP]
    quantities = quantities[:MOST_QUANTITIES]
    looked_at = len(quantities) * (len(quantities) - 1) // 2 * sum(len(one.codes.labels) for one in categories)
    step = -(-len(subjects.cells.rows) // SCREENED_ROWS)
    ranked = {one.key: _ranked(one.values[::step]) for one in quantities}
    for one, other in combinations(quantities, 2):
        if set(one.columns) & set(other.columns) or are_versions(one, other):
            continue
        near = _most_related(ranked[one.key], ranked[other.key], categories, step)
        found = _confirmed(one, other, near) if near is not None else None
        if found is None:
            continue
        p_value = min(1.0, found.test.p_value * looked_at)
        yield Test(p_value, found.test.effect, found.test.n), _candidate(subjects, one, other, found, p_value)


def _ranked(values: Floats) -> Floats:
    """Return the ranks, NaN where there is no value."""
    result = np.full(len(values), np.nan)
    known = np.isfinite(values)
    result[known] = ranks(values[known])
    return result


def _most_related(x: Floats, y: Floats, categories: list[Category], step: int) -> tuple[Category, int] | None:
    """Return the group in which the ranks go together most, if clearly more than over all rows; a first look."""
    known = np.isfinite(x) & np.isfinite(y)
    if known.sum() < LEAST_GROUP:
        return None
    x, y = x[known], y[known]
    overall = abs(pearson(x, y)) if np.ptp(x) and np.ptp(y) else 1.0
    best, most = None, max(LEAST_RHO, overall + LEAST_MORE) - NEAR
    for category in categories:
        codes = category.codes.codes[::step][known]
        inside, size = codes >= 0, len(category.codes.labels)
        n, sx, sy, sxx, syy, sxy = (
            np.bincount(codes[inside], weights=None if one is None else one[inside], minlength=size)
            for one in (None, x, y, x * x, y * y, x * y)
        )
        rows = np.maximum(n, 1)
        spread = np.sqrt(np.maximum((sxx - sx**2 / rows) * (syy - sy**2 / rows), 1e-9))
        r = np.where(n >= LEAST_GROUP, np.abs(sxy - sx * sy / rows) / spread, 0.0)
        if r.max() > most:
            best, most = (category, int(np.argmax(r))), float(r.max())
    return best


def _confirmed(one: Quantity, other: Quantity, near: tuple[Category, int]) -> _Found | None:
    """Return the group with its test on all rows; None where it does not hold there, or only the group has any."""
    category, code = near
    if category.column in {*one.columns, *other.columns}:
        return None
    known = np.isfinite(one.values) & np.isfinite(other.values)
    inside = known & (category.codes.codes == code)
    outside = known & ~inside
    parts = (one.values[inside], other.values[inside], one.values[outside], other.values[outside])
    if not all(len(part) and np.ptp(part) for part in parts):
        return None
    test, r = spearman(parts[0], parts[1]), pearson(parts[0], parts[1])
    overall = pearson(ranks(one.values[known]), ranks(other.values[known]))
    is_clear = abs(test.effect) >= LEAST_RHO and r * np.sign(test.effect) >= LEAST_RHO
    is_weak = abs(overall) < MOST_OVERALL and abs(test.effect) - abs(overall) >= LEAST_MORE
    is_hidden = is_weak or test.effect * overall < 0
    return _Found(category, code, test, overall) if is_clear and is_hidden else None


def _candidate(subjects: Subjects, one: Quantity, other: Quantity, found: _Found, p_value: float) -> Candidate | None:
    cause, outcome = in_order_of_cause(one, other)
    if cause.minus is not None or is_arithmetic(subjects, one, other) or are_divided(one, other):
        return None
    label = found.category.codes.labels[found.code]
    where = Filter(column=found.category.column, op="eq", value=label)
    own = tuple(dict.fromkeys((*one.filters, *other.filters)))
    inside, everywhere = (
        Measure(metric="correlation", column=outcome.column, minus=outcome.minus, column2=cause.column, filters=filters)
        for filters in ((where, *own), own)
    )
    rows = (found.category.codes.codes == found.code) & np.isfinite(cause.values) & np.isfinite(outcome.values)
    if is_time_alone(subjects, one, other, rows, float(np.sign(found.test.effect))):
        return None
    ends = ends_of(cause, outcome, cause.values[rows], where=(where,))

    def word(facts: Facts) -> Wording | None:
        here, overall = number(facts, inside.fact_id), number(facts, everywhere.fact_id)
        if here is None or overall is None or abs(here) < LEAST_RHO or abs(here) - abs(overall) < LEAST_MORE / 2:
            return None
        group = among(found.category.column, label)
        shown = fact_slot(facts[inside.fact_id], "coefficient")
        told = relation_in_words(facts, cause, outcome, ends, here, shown=shown)
        headline, detail = f"{group}, {told.headline[:1].lower()}{told.headline[1:]}", told.detail
        detail += (
            f"The correlation is {shown} over these {{{inside.fact_id}|n}} records and only "
            f"{fact_slot(facts[everywhere.fact_id], 'coefficient')} over all; it does not say which causes which."
        )
        link = Relation(cause, outcome, here, facts[inside.fact_id].n, f"{{{inside.fact_id}|n}}", *told.ends)
        what = on_relation(link, subjects, without=(found.category.column,))
        story = f"Among {records(found.category.column, label)}, {told.story[:1].lower()}{told.story[1:]}"
        return Wording(headline, detail, owner(*outcome.columns, *cause.columns), what, story=story)

    return Candidate(
        kind="correlation", columns=(*cause.columns, *outcome.columns, found.category.column),
        measures=(inside, everywhere, *ends), word=word, impact=min(1.0, float(rows.mean()) * 1.5),
        effect=0.9 * abs(found.test.effect), n=found.test.n, p_value=p_value,
        statistics=f"Spearman ρ = {found.test.effect:.2f} within the group, {p_text(p_value)}, "
        f"{rows_text(found.test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{one.key}", f"{other.key}"),
    )  # fmt: skip
