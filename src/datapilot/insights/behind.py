"""What stands behind a group: the other category in which its records differ most from all others."""

from typing import NamedTuple

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Facts
from datapilot.insights.statistics import binomial_tail
from datapilot.insights.subjects.natures import is_event
from datapilot.insights.subjects.subjects import Category, Quantity, Subjects
from datapilot.insights.wording.phrases import entries, entry_slot, holds

LEAST_GAIN = 0.15  # of the share of one value, inside the group against outside
LEAST_ROWS = 5
MOST_VALUES = 20
CERTAIN = 1e-4  # of the binomial tail; many values are looked at
_LISTED_TOTALS = 3


class Behind(NamedTuple):
    """The shares of a category's values within a group; of a quantity that adds up also its totals and averages."""

    shares: Measure
    totals: Measure | None = None
    means: Measure | None = None
    total: Quantity | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Those there are."""
        return tuple(one for one in (self.shares, self.totals, self.means) if one is not None)


def find_behind(
    subjects: Subjects,
    inside: np.ndarray,
    where: tuple[Filter, ...],
    *,
    without: tuple[str, ...],
    total: Quantity | None = None,
) -> Behind | None:
    """Return what the group consists of by the category that sets it apart most, None where none clearly does.

    `inside` marks the group's rows, `where` is the same as filters, `without` names the columns it is made of;
    `total` is the quantity to be split within the group, if it adds up.
    """
    known_rows = np.ones(len(inside), dtype=np.bool_)
    if total is not None and total.minus is not None:
        # What has no duration yet is no part of the group's.
        known_rows = total.is_known
        where = (*where, Filter(column=total.column, minus=total.minus, op="not_missing"))
    best: tuple[float, Category] | None = None
    for category in subjects.categories:
        is_told = category.column in without or category.is_personal or is_event(category.column)
        if is_told or len(category.codes.labels) > MOST_VALUES:
            continue
        if any(by.column in without and _holds_groups(category, by) for by in subjects.categories):
            continue
        gain = _gain(category, inside, known_rows)
        if gain >= LEAST_GAIN and (best is None or gain > best[0]):
            best = gain, category
    if best is None:
        return None
    column = best[1].column
    known = (*where, Filter(column=column, op="not_missing"))
    shares = Measure(metric="share_rows", by=column, filters=known, limit=6)
    if total is None or not total.adds_up or total.minus is not None:
        return Behind(shares)
    return Behind(
        shares,
        totals=total.measure("sum", where=known, by=column),
        means=total.measure("mean", where=known, by=column),
        total=total,
    )


def behind_sentence(behind: Behind | None, facts: Facts, *, who: str) -> str:
    """Return the templates " Within the Hardware records, location is Australia 48%, … ." and of which total."""
    if behind is None or behind.shares.by is None or len(entries(facts[behind.shares.fact_id])) == 0:
        return ""
    said = f" Within {who}, {holds(behind.shares.by, facts[behind.shares.fact_id])}."
    if behind.totals is None or behind.means is None or behind.total is None:
        return said
    totals, means = facts[behind.totals.fact_id], facts[behind.means.fact_id]
    places = {key: position for position, key, _, _ in entries(means)}
    parts = [
        f"{entry_slot(totals, position, 'key')} {entry_slot(totals, position)} ({entry_slot(means, places[key])} each)"
        for position, key, value, _ in entries(totals)[:_LISTED_TOTALS]
        if key in places and value > 0
    ]
    return f"{said} Largest in {behind.total.total} there: {', '.join(parts)}." if len(parts) > 1 else said


def _holds_groups(category: Category, by: Category) -> bool:
    """Whether a category's values hold the groups of another, each in one: a class lies in one year, and other classes
    lie there too, so that the year does not set it apart."""
    both = (category.codes.codes >= 0) & (by.codes.codes >= 0)
    pairs = np.unique(np.stack((by.codes.codes[both], category.codes.codes[both])), axis=1)
    groups, values = (len(np.unique(one)) for one in pairs)
    return bool(pairs.shape[1] == groups) and values < groups


def _gain(category: Category, inside: np.ndarray, known: np.ndarray) -> float:
    codes = np.where(known, category.codes.codes, -1)
    size = len(category.codes.labels)
    within = np.bincount(codes[inside & (codes >= 0)], minlength=size)
    others = np.bincount(codes[~inside & (codes >= 0)], minlength=size)
    n, m = int(within.sum()), int(others.sum())
    if n < LEAST_ROWS or m < LEAST_ROWS:
        return 0.0
    gains = within / n - others / m
    usual = (others + 1) / (m + 2)
    clear = [
        float(gains[at])
        for at in np.flatnonzero((within >= LEAST_ROWS) & (gains >= LEAST_GAIN))
        if binomial_tail(int(within[at]), n, float(usual[at])) < CERTAIN
    ]
    return max(clear, default=0.0)
