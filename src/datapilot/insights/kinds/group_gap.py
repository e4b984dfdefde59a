"""A group whose typical value differs from the rest: "Hardware averages 51 days from opened to closed, others 7".

Test: Kruskal & Wallis (1952) over the groups; effect: epsilon squared (Kelley 1935; Tomczak & Tomczak 2014). The
sentence says means when they agree with the ranks and do not hang on a single row, else medians. Dropped when most
strata of another category show the opposite (Simpson 1951).
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.behind import behind_sentence, find_behind
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.owners import owner
from datapilot.insights.phrases import (
    among,
    entries,
    fact_slot,
    listing,
    number,
    p_text,
    rows_text,
    speaks,
    without_sentinel,
)
from datapilot.insights.statistics import Floats, Ints, Test, independent_share, kruskal, persistence, ranks, remembered
from datapilot.insights.subjects import Category, Quantity, Subjects
from datapilot.words.render import column_slot, value_slot

LEAST_GROUP = 5  # rows a group needs to be compared
LEAST_EPSILON2 = 0.01
LEAST_IN_STRATUM = 10
MOST_STRATA = 20
LEAST_SIGMAS = 0.2  # Cohen's d of the group against the rest: below it the groups overlap almost wholly
NEARLY = 0.75
_LISTED_GROUPS = 8


def find_group_gaps(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield every test of a quantity by a category, with the candidate it supports if any."""
    for quantity in subjects.own_quantities:
        for category in subjects.categories:
            if category.column in quantity.columns or category.is_personal:
                continue
            values, codes, size = compared(quantity, category)
            if size < 2:
                continue
            kept = independent_share(persistence(codes), remembered(_residual_ranks(values, codes)))
            test = kruskal(values, codes, size, kept=kept)
            yield test, _candidate(subjects, quantity, category, values=values, codes=codes, test=test)


def compared(quantity: Quantity, category: Category) -> tuple[Floats, Ints, int]:
    """Return values and codes of the rows in groups of at least LEAST_GROUP, and how many codes there are."""
    both = np.isfinite(quantity.values) & (category.codes.codes >= 0)
    values, codes = quantity.values[both], category.codes.codes[both]
    sizes = np.bincount(codes, minlength=len(category.codes.labels))
    kept = sizes[codes] >= LEAST_GROUP
    size = len(sizes) if (sizes >= LEAST_GROUP).sum() >= 2 else 0
    return values[kept], codes[kept], size


def _candidate(
    subjects: Subjects, quantity: Quantity, category: Category, *, values: Floats, codes: Ints, test: Test
) -> Candidate | None:
    if test.effect < LEAST_EPSILON2:
        return None
    chosen = _most_different(values, codes)
    inside = codes == chosen
    use_median = _means_mislead(values, inside)
    sigma = float(values.std()) or 1.0
    gap = (float(values[inside].mean()) - float(values[~inside].mean())) / sigma
    if abs(gap) < LEAST_SIGMAS and not use_median:
        return None
    label = category.codes.labels[chosen]
    metric: Literal["median", "mean"] = "median" if use_median else "mean"
    where = (Filter(column=category.column, op="eq", value=label),)
    one = quantity.measure(metric, where=where)
    rest = quantity.measure(metric, where=(Filter(column=category.column, op="ne", value=label),))
    each = quantity.measure(metric, by=category.column, limit=_LISTED_GROUPS)
    group = category.codes.codes == chosen
    behind = find_behind(subjects, group, where, without=(*quantity.columns, category.column))

    def word(facts: Facts) -> Wording | None:
        return _word(facts, quantity, category, label, ids=(one.fact_id, rest.fact_id, each.fact_id), behind=behind)

    return Candidate(
        kind="group_difference" if quantity.minus is None else "duration_difference",
        columns=(*quantity.columns, category.column),
        measures=(one, rest, each, *((behind,) if behind else ())),
        word=word,
        impact=min(1.0, float(inside.mean()) * 2),
        effect=min(1.0, test.effect**0.5 * 1.4),
        n=test.n,
        p_value=test.p_value,
        statistics=(
            f"Kruskal–Wallis {p_text(test.p_value)}, ε² = {test.effect:.2f}, "
            f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}"
        ),
        subject=(f"{quantity.key}",),
        stands=lambda: not reverses(subjects, quantity, category, chosen),
    )


def _residual_ranks(values: Floats, codes: Ints) -> Floats:
    """Return the ranks with each group's mean rank taken off, in row order: what the groups do not explain."""
    rank = ranks(values)
    sizes = np.maximum(np.bincount(codes), 1)
    return rank - (np.bincount(codes, weights=rank) / sizes)[codes]


def _most_different(values: Floats, codes: Ints) -> int:
    """Return the group whose mean rank lies furthest from the middle, in standard errors."""
    rank = ranks(values)
    sizes = np.bincount(codes).astype(float)
    sums = np.bincount(codes, weights=rank)
    filled = sizes >= LEAST_GROUP
    n = len(values)
    distance = np.zeros(len(sizes))
    middle, spread = (n + 1) / 2, n / 12**0.5
    distance[filled] = np.abs(sums[filled] / sizes[filled] - middle) / (spread / np.sqrt(sizes[filled]))
    # A small group's error shrinks its distance only by its size; the share of the others it is told from counts too.
    distance[filled] *= np.sqrt(np.maximum(1 - sizes[filled] / n, 0)) ** -1
    means = np.bincount(codes, weights=values) / np.maximum(sizes, 1)
    # Among groups about as clearly apart, the one furthest in value is what a reader would name.
    clear = distance >= NEARLY * distance.max()
    return int(np.argmax(np.where(clear, np.abs(means - values.mean()), -1)))


def _means_mislead(values: Floats, inside: np.ndarray) -> bool:
    """The means' order contradicts the ranks', or turns round when the most extreme row is left out."""
    rank = ranks(values)
    direction = np.sign(rank[inside].mean() - rank[~inside].mean())
    group_values, rest = values[inside], values[~inside]
    gaps = [group_values.mean() - rest.mean()]
    for side, other, sign in ((group_values, rest, 1), (rest, group_values, -1)):
        if len(side) > 2:
            trimmed = np.delete(side, int(np.argmax(np.abs(side - np.median(values)))))
            gaps.append(sign * (trimmed.mean() - other.mean()))
            cut = np.quantile(side, [0.005, 0.995])
            gaps.append(sign * (np.clip(side, *cut).mean() - other.mean()))
    return any(np.sign(gap) != direction for gap in gaps)


def reverses(subjects: Subjects, quantity: Quantity, category: Category, chosen: int) -> bool:
    """Whether within two thirds of another category's strata the group differs the other way round."""
    codes = category.codes.codes
    known = np.flatnonzero(np.isfinite(quantity.values) & (codes >= 0))
    rank = ranks(quantity.values[known])
    inside = codes[known] == chosen
    overall = np.sign(rank[inside].mean() - rank[~inside].mean())
    for other in subjects.categories:
        if other.column == category.column or len(other.codes.labels) > MOST_STRATA:
            continue
        strata = other.codes.codes[known]
        # Four sums per stratum: rows and ranks, of the group and of the others.
        place = np.where(strata >= 0, strata * 2 + inside, 2 * len(other.codes.labels))
        rows = np.bincount(place, minlength=2 * len(other.codes.labels) + 2)[: 2 * len(other.codes.labels)]
        sums = np.bincount(place, weights=rank, minlength=2 * len(other.codes.labels) + 2)[: len(rows)]
        enough = (rows[0::2] >= LEAST_IN_STRATUM) & (rows[1::2] >= LEAST_IN_STRATUM)
        signs = np.sign(sums[1::2][enough] / rows[1::2][enough] - sums[0::2][enough] / rows[0::2][enough])
        if len(signs) >= 2 and float(np.sum(signs == -overall)) >= 2 * len(signs) / 3:
            return True
    return False


def _place(label: Scalar, groups: list[tuple[int, Scalar, float, int]]) -> str | None:
    """Return "highest" or "lowest" when the group is the first or last of three or more, all of them listed."""
    if not 3 <= len(groups) <= _LISTED_GROUPS - 1:
        return None
    ordered = sorted((value, str(key)) for _, key, value, _ in groups)
    return {str(label): None, ordered[0][1]: "lowest", ordered[-1][1]: "highest"}[str(label)]


def _word(
    facts: Facts,
    quantity: Quantity,
    category: Category,
    label: Scalar,
    *,
    ids: tuple[str, str, str],
    behind: Measure | None,
) -> Wording | None:
    one, rest, each = (facts[fact_id] for fact_id in ids)
    here, there = number(facts, one.id), number(facts, rest.id)
    if here is None or there is None or here == there or one.n < LEAST_GROUP:
        return None
    groups = entries(each)
    is_median = one.measure.metric == "median"
    others = next((key for _, key, _, _ in groups if key != label), None) if len(groups) == 2 else None
    rest_of = among(category.column, others) if others is not None and speaks(others) else "for the rest"
    against = f"{fact_slot(one)}, against {fact_slot(rest)} {rest_of}"
    typical = "typical" if is_median else "average"
    place = _place(label, groups)
    by, who = column_slot(category.column), among(category.column, label)
    if quantity.minus is not None and speaks(label):
        verb = "typically takes" if is_median else "averages"
        headline = f"{value_slot(label)} {verb} {fact_slot(one)} {quantity.span}, against {fact_slot(rest)} {rest_of}"
    elif place is not None and speaks(label):
        headline = f"{typical} {quantity.name} by {by} is {place} {who}: {against}"
    else:
        headline = f"{typical} {quantity.name} is {fact_slot(one)} {who}, against {fact_slot(rest)} {rest_of}"
    shown = listing(each, most=_LISTED_GROUPS)
    measure = "Medians" if is_median else "Averages"
    detail = f"{measure} by {column_slot(category.column)}: {shown}." if len(groups) >= 3 else ""
    detail += f" {{{one.id}|n}} records are in this group, {{{rest.id}|n}} in the others."
    detail += behind_sentence(behind, facts) + without_sentinel(quantity)
    answers = owner(*quantity.columns, category.column)
    here_is = "lower" if here < there else "higher"
    if quantity.minus is not None:
        here_is = "shorter" if here < there else "longer"
        what = f"Find out what makes the {quantity.name} {here_is} {among(category.column, label)}."
    else:
        what = f"Ask why {quantity.name} is {here_is} {among(category.column, label)} before setting common targets."
    return Wording(headline, detail.strip(), answers, what)
