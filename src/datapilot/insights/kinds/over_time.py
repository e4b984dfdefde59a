"""What changes with time: a steady trend (trend.py), a step to a new level (step.py), a last period unlike the earlier
ones (last_period.py). Series are whole periods only; one shows a trend or a step, whichever leaves less unexplained.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.insights.candidate import Candidate
from datapilot.insights.kinds.last_period import LEAST_STEP, last_change
from datapilot.insights.kinds.step import is_season, step_candidate
from datapilot.insights.kinds.trend import drift_candidates, is_told, trend_candidate
from datapilot.insights.series import Series, all_series
from datapilot.insights.series_tests import ONE_WAY_P, level_shift, trend
from datapilot.insights.statistics import Floats, Test, median
from datapilot.insights.subjects.subjects import Subjects
from datapilot.insights.subjects.timeline import Timeline

LEAST_TAU = 0.3
_SHIFT_PERIODS = 12
_CLEAR = 1e-4  # a trend or a step so clear is not looked for again
BY_CHANCE = 3.0  # standard errors between the parts before and after
SAME_PART = 1.2  # times the smaller part


def find_changes(subjects: Subjects, timeline: Timeline | None) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield every test of a series along the main clock, with the candidate it supports if any."""
    if timeline is None:
        return
    for series in all_series(subjects, timeline):
        yield from _tests(subjects, series)


def _tests(subjects: Subjects, series: Series) -> Iterator[tuple[Test, Candidate | None]]:
    values = series.values
    periods = len(values)
    if np.ptp(values) == 0:
        return
    line = trend(values)
    level = float(np.mean(np.abs(values))) or 1.0
    rise = line.slope * (periods - 1)
    linear_error = _error(values - line.slope * np.arange(periods))
    step = level_shift(values) if periods >= _SHIFT_PERIODS else None
    step_error, is_clear = np.inf, False  # a step that is not clear does not stand in the way of a trend
    if step is not None and 3 <= step.at <= periods - 3:
        before, after = values[: step.at], values[step.at :]
        step_error = (_error(before) * len(before) + _error(after) * len(after)) / periods
        gap = median(after) - median(before)
        is_sudden = series.places[step.at] - series.places[step.at - 1] == 1
        is_lasting = is_sudden and not is_season(series, step.at, gap) and not _keeps_its_part(series, step.at)
        fits = step_error < linear_error and abs(gap) >= LEAST_STEP * level and is_lasting
        is_clear = fits and step.p_value <= _CLEAR
        step_error = step_error if step.p_value <= _CLEAR else np.inf
        yield (
            Test(step.p_value, gap / level, periods),
            step_candidate(subjects, series, step.at, gap, step.p_value) if fits else None,
        )
    fits = abs(line.tau) >= LEAST_TAU and is_told(rise, level, linear_error) and linear_error <= step_error
    fits = fits and not _keeps_its_part(series, periods // 2)
    is_clear = is_clear or (fits and line.p_value <= ONE_WAY_P)
    yield (
        Test(line.p_value, line.tau, periods),
        trend_candidate(subjects, series, line.tau, rise / level, line.p_value) if fits else None,
    )
    if series.of == "mean" and not is_clear:
        yield from drift_candidates(subjects, series)
    if not series.where and series.of in {"count", "sum"} and values.min() > 0:
        last = last_change(series)
        if last is not None:
            yield last


def _keeps_its_part(series: Series, at: int) -> bool:
    """Whether the records of a group only go with all others: their part before a period and from it on is the same."""
    if not series.where or series.quantity is not None:
        return False
    everybody = series.timeline.per_period()[series.places]
    sides = slice(at), slice(at, None)
    ours, all_ = ([float(values[side].sum()) for side in sides] for values in (series.values, everybody))
    before, after = (mine / max(whole, 1.0) for mine, whole in zip(ours, all_, strict=True))
    if min(before, after) * SAME_PART > max(before, after):
        return True
    # A part of few records is another one by chance.
    common = sum(ours) / max(sum(all_), 1.0)
    spread = (common * (1 - common) * sum(1 / max(whole, 1.0) for whole in all_)) ** 0.5
    return bool(abs(after - before) <= BY_CHANCE * spread)


def _error(values: Floats) -> float:
    return median(np.abs(values - median(values))) if len(values) else 0.0
