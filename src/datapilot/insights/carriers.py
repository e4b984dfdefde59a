"""Which group moves the whole table: one machine that shakes makes the average of all machines rise."""

from collections.abc import Sequence

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.insights.candidate import Candidate
from datapilot.insights.series import followed_groups
from datapilot.insights.subjects.subjects import Subjects

FEWEST_FOLLOWED = 2  # groups of a category, of which one may move by itself
MOVES_ALONE = 0.5  # of all that moves, made by hardly any records; more records have to make more
Carrier = tuple[str, str]  # a movement of the whole, and the category of which one group alone makes it


def carrier_of(candidate: Candidate) -> Carrier:
    """Return the movement that a group's candidate repeats, and the column of the group."""
    return candidate.repeats, candidate.columns[-2] if len(candidate.columns) > 1 else ""


def find_carriers(candidates: Sequence[Candidate], subjects: Subjects) -> frozenset[Carrier]:
    """Return the movements that only one of a category's groups makes as the whole table does."""
    wholes = {one.tells for one in candidates if one.tells}
    moving: dict[Carrier, set[Scalar]] = {}
    for one in candidates:
        if one.repeats in wholes and not one.tells:
            moving.setdefault(carrier_of(one), set()).add(one.group)
    followed = {one.column: followed_groups(one) for one in subjects.categories}
    return frozenset(
        (movement, column)
        for (movement, column), groups in moving.items()
        if len(groups) == 1 and followed.get(column, 0) >= FEWEST_FOLLOWED
        and _moves_alone(movement, column, next(iter(groups)), subjects)
    )  # fmt: skip


def _moves_alone(movement: str, column: str, label: Scalar, subjects: Subjects) -> bool:
    """Whether a group goes further than all others together, from the first third of the time to the last."""
    quantity = next((one for one in subjects.quantities if movement.startswith(f"{one.key} ")), None)
    category = next(one for one in subjects.categories if one.column == column)
    if subjects.clock is None or quantity is None or label not in category.codes.labels:
        return False
    days, inside = subjects.clock.days, category.codes.codes == category.codes.labels.index(label)
    known = np.isfinite(days) & quantity.is_known
    early, late = np.quantile(days[known], (1 / 3, 2 / 3))
    moved = []
    for group in (inside, ~inside):
        before, after = (quantity.values[known & group & side] for side in (days <= early, days >= late))
        if not len(before) or not len(after):
            return False
        # The sum of a group, or its part of the average of all.
        way = after.sum() - before.sum() if quantity.adds_up else (after.mean() - before.mean()) * group.mean()
        moved.append(abs(float(way)))
    least = MOVES_ALONE + (1 - MOVES_ALONE) * float(inside[known].mean())  # half of all records make half of any move
    return moved[0] >= least * sum(moved)
