"""Who gained and who lost of a total whose periods stand beside each other, a column each: "Corporation Income Taxes
fell from 21% of the total in 1962 to 6.6% in 2020".

Counted, not tested: the columns hold all there is. Effect: the points between the first and the last column.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.contracts.profile import ColumnProfile
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.subjects.subjects import Category, Subjects, is_code
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import entries, fact_slot, group, listing, number
from datapilot.words.render import column_slot
from datapilot.words.time_columns import FEWEST_PERIODS

MOST_GROUPS = 30
LEAST_POINTS = 0.05
ALMOST_ALL = 0.97  # of a total that one group holds at both ends
MOSTLY_ONE = 0.8  # of the rows of the smaller of two groups
_LISTED = 5


def find_shares_across(subjects: Subjects) -> Iterator[Candidate]:
    """Yield, of every category, the groups that gained and lost most of the total from first to last column."""
    columns = [one for one in subjects.times if one.name in subjects.cells.numbers]
    if len(columns) < FEWEST_PERIODS or any(one.role != "sum" for one in columns) or subjects.cells.is_sample:
        return
    told: list[np.ndarray] = []
    for category in subjects.categories:
        if category.is_personal or is_code(category.column) or len(category.codes.labels) > MOST_GROUPS:
            continue
        first, last = (_shares(subjects, column, category) for column in (columns[0], columns[-1]))
        if first is None or last is None:
            continue
        for at in {int(np.argmax(last - first)): None, int(np.argmin(last - first)): None}:
            label, moved, rows = category.codes.labels[at], float(last[at] - first[at]), category.codes.codes == at
            is_small = abs(moved) < LEAST_POINTS or max(first.max(), last.max()) > ALMOST_ALL
            if is_small or not isinstance(label, str):
                continue
            if any((rows & one).sum() >= MOSTLY_ONE * min(rows.sum(), one.sum()) for one in told):
                continue  # an agency and its bureau, a category and its largest part
            told.append(rows)
            ends, most = (columns[0], columns[-1]), float(max(first[at], last[at]))
            yield _candidate(subjects, category, ends, label, moved=moved, most=most)


def _shares(subjects: Subjects, column: ColumnProfile, category: Category) -> np.ndarray | None:
    """Return each group's share of a column's total; None where a group takes off, or rows have no group."""
    codes, values = category.codes.codes, np.nan_to_num(subjects.cells.numbers[column.name])
    if (codes < 0).any() or subjects.profile.left_out is not None:
        return None
    totals = np.bincount(codes, weights=values, minlength=len(category.codes.labels))
    return totals / totals.sum() if totals.sum() > 0 and totals.min() >= 0 else None


def _candidate(
    subjects: Subjects, category: Category, ends: tuple[ColumnProfile, ColumnProfile], label: Scalar, *, moved: float,
    most: float,
) -> Candidate:  # fmt: skip
    start, end = ends
    member = (Filter(column=category.column, op="eq", value=label),)
    before, after = (Measure(metric="share_sum", column=one.name, filters=member) for one in ends)
    each_before, each_after = (
        Measure(metric="share_sum", column=one.name, by=category.column, limit=_LISTED) for one in ends
    )
    measures = (before, after, each_before, each_after)

    def word(facts: Facts) -> Wording | None:
        was, became = number(facts, before.fact_id), number(facts, after.fact_id)
        if was is None or became is None or (became > was) != (moved > 0) or not entries(facts[each_after.fact_id]):
            return None
        verb, moves = ("rose", "gained") if moved > 0 else ("fell", "lost")
        who = group(category.column, label)
        parts = fact_slot(facts[before.fact_id]), fact_slot(facts[after.fact_id])
        way = f"from {parts[0]} of the total in {column_slot(start.name)} to {parts[1]} in {column_slot(end.name)}"
        detail = (
            f"The largest by {column_slot(category.column)} in {column_slot(start.name)}: "
            f"{listing(facts[each_before.fact_id])}; in {column_slot(end.name)}: {listing(facts[each_after.fact_id])}."
        )
        what = f"Plan with the mix of {column_slot(end.name)}, and ask why {who} {moves} most."
        story = f"No {column_slot(category.column)} {moves} more of the whole than {who}: {way}."
        return Wording(f"{who} {verb} {way}", detail, owner(category.column, default="finance"), what, story=story)

    return Candidate(
        kind="mix_change", columns=(category.column, start.name, end.name), measures=measures, word=word,
        impact=most, effect=min(1.0, 0.45 + 2 * abs(moved)), n=subjects.rows, group=label,
        statistics=f"shares of the totals of two columns, n = {subjects.rows:,}",
    )  # fmt: skip
