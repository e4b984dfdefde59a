"""What stands behind a group: the other category in which its records differ most from all others."""

import math

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.engine.p_values import normal_tail
from datapilot.insights.candidate import Facts
from datapilot.insights.phrases import entries, listing
from datapilot.insights.subjects import Category, Subjects
from datapilot.words.render import column_slot

LEAST_GAIN = 0.15  # of the share of one value, inside the group against outside
LEAST_ROWS = 10
MOST_VALUES = 20
CERTAIN = 1e-4  # two shares compared by their normal deviate; many are looked at


def find_behind(
    subjects: Subjects, inside: np.ndarray, where: tuple[Filter, ...], *, without: tuple[str, ...]
) -> Measure | None:
    """Return the shares within the group of the category that sets it apart most, None where none clearly does.

    `inside` marks the group's rows, `where` is the same as filters, `without` names the columns it is made of.
    """
    best: tuple[float, Category] | None = None
    for category in subjects.categories:
        if category.column in without or category.is_personal or len(category.codes.labels) > MOST_VALUES:
            continue
        gain = _gain(category, inside)
        if gain >= LEAST_GAIN and (best is None or gain > best[0]):
            best = gain, category
    if best is None:
        return None
    column = best[1].column
    return Measure(metric="share_rows", by=column, filters=(*where, Filter(column=column, op="not_missing")), limit=6)


def behind_sentence(behind: Measure | None, facts: Facts) -> str:
    """Return the template " Of these records, by location: Australia 48%, …", or nothing."""
    if behind is None or behind.by is None or len(entries(facts[behind.fact_id])) == 0:
        return ""
    return f" By {column_slot(behind.by)}, these records are {listing(facts[behind.fact_id])}."


def _gain(category: Category, inside: np.ndarray) -> float:
    codes = category.codes.codes
    size = len(category.codes.labels)
    within = np.bincount(codes[inside & (codes >= 0)], minlength=size)
    others = np.bincount(codes[~inside & (codes >= 0)], minlength=size)
    n, m = int(within.sum()), int(others.sum())
    if n < LEAST_ROWS or m < LEAST_ROWS:
        return 0.0
    gains = np.where(within >= LEAST_ROWS, within / n - others / m, 0.0)
    at = int(np.argmax(gains))
    pooled = (within[at] + others[at]) / (n + m)
    error = math.sqrt(max(pooled * (1 - pooled) * (1 / n + 1 / m), 1e-12))
    return float(gains[at]) if normal_tail(float(gains[at]) / error) < CERTAIN else 0.0
