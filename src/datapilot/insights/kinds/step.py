"""A step to a new level that lasts, unless the same season of another year has it too.

The greatest two-sample t over all splits (Worsley 1979), see statistics.level_shift.
"""

from collections.abc import Sequence

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.insights.candidate import Candidate, Facts, Telling, Wording
from datapilot.insights.series import Series
from datapilot.insights.series_words import (
    advice_on,
    movement_found,
    names_spelled_out,
    periods_left_out,
    records_behind,
)
from datapilot.insights.statistics import Test, median
from datapilot.insights.subjects.subjects import Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import entries, entry_slot, p_text, rows_text

_YEAR_OF = {"day": 365, "week": 52, "month": 12, "quarter": 4}  # periods
_OF_STEP = 0.5  # that must be left of it against the same periods of another year


def is_season(series: Series, at: int, gap: float) -> bool:
    """Whether a step of less than a year is small against the same periods of the year before or after: the last
    quarter of a year is high in every shop."""
    year, values = _YEAR_OF.get(series.timeline.grain, len(series.values)), series.values
    short = [side for side in (slice(0, at), slice(at, len(values))) if side.stop - side.start < year]
    for side in short:
        moved = year if side.start == 0 else -year
        other = slice(side.start + moved, side.stop + moved)
        if other.start < 0 or other.stop > len(values):
            continue
        difference = (median(values[side]) - median(values[other])) * (-1 if side.start == 0 else 1)
        if difference * np.sign(gap) < _OF_STEP * abs(gap):
            return True
    return False


def step_candidate(subjects: Subjects, series: Series, index: int, gap: float, p_value: float) -> Candidate:
    each = series.measure("each")
    keys = [series.timeline.keys[place] for place in series.places]
    level = float(np.mean(np.abs(series.values))) or 1.0

    def word(facts: Facts) -> Wording | None:
        fact = facts[each.fact_id]
        parts = {key: (position, value) for position, key, value, _ in entries(fact)}
        if keys[index] not in parts or keys[index - 1] not in parts:
            return None
        before = [value for key, (_, value) in parts.items() if str(key) < keys[index]]
        after = [value for key, (_, value) in parts.items() if str(key) >= keys[index]]
        (old, old_value), (new, new_value) = parts[keys[index - 1]], parts[keys[index]]
        if not before or np.sign(np.median(after) - np.median(before)) != np.sign(gap):
            return None
        if np.sign(new_value - old_value) != np.sign(gap):
            return None
        verb = "jumped" if gap > 0 else "dropped"
        grain = series.timeline.grain
        stayed = _stayed(before, after, grain, up=gap > 0)
        unit = "" if series.of == "mean" else f" per {grain}"
        usual, since = _middle_entry(parts, keys[:index]), _middle_entry(parts, keys[index:])
        headline = (
            f"{series.name} {verb} {series.when(fact, new)}: usually {entry_slot(fact, usual)}{unit} before, "
            f"{entry_slot(fact, since)} since"
        )
        detail = (
            f"It went from {entry_slot(fact, old)} {series.when(fact, old)} to {entry_slot(fact, new)}"
            f"{stayed}.{records_behind(series, fact, usual, since)}{names_spelled_out(series)}"
            f"{periods_left_out(series)}"
        )
        what = advice_on(series, up=gap > 0, at=entry_slot(fact, new, "key"))
        story = (
            f"Before {entry_slot(fact, new, 'key')} {series.name} usually stood at {entry_slot(fact, usual)}{unit}, "
            f"since then at {entry_slot(fact, since)}."
        )
        return Wording(headline, detail, owner(*series.columns), what, story=story)

    return movement_found(
        series, "change_point", Telling((each,), word), up=gap > 0,
        test=Test(p_value, effect=0.35 + abs(gap) / level / 2, n=series.n),
        statistics=f"greatest t of all splits {p_text(p_value)}, {len(series.values)} {series.timeline.grain}s, "
        f"{rows_text(series.n, is_sample=subjects.cells.is_sample)}",
    )  # fmt: skip


def _middle_entry(parts: dict[Scalar, tuple[int, float]], keys: Sequence[str]) -> int:
    """Return the place of the period whose value is the (lower) median of these."""
    ordered = sorted((parts[key][1], parts[key][0]) for key in keys if key in parts)
    return ordered[(len(ordered) - 1) // 2][1]


def _stayed(before: list[float], after: list[float], grain: str, *, up: bool) -> str:
    if up and min(after) > max(before):
        return f", and stayed above all earlier {grain}s"
    if not up and max(after) < min(before):
        return f", and stayed below all earlier {grain}s"
    return ""
