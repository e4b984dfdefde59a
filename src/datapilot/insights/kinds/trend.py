"""A steady way: the trend of a series, or the drift of single records along the clock.

Trend: Theil-Sen slope with the Mann-Kendall test, its variance widened for memory (statistics.trend).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.insights.candidate import Candidate, Facts, Telling, Wording
from datapilot.insights.series import Series, turned_back
from datapilot.insights.series_words import (
    advice_on,
    between_periods,
    could_be_season,
    movement_found,
    names_spelled_out,
    periods_left_out,
    records_behind,
)
from datapilot.insights.statistics import Test, spearman
from datapilot.insights.subjects.subjects import Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import entries, entry_slot, fact_slot, number, p_text, rows_text, told_in_turn

LEAST_CHANGE = 0.2  # of the mean level, from the first to the last period
CLEAR_CHANGE = 0.03  # of it, where the trend stands out of what single periods scatter about it
_STANDS_OUT = 6.0  # median deviations; some four standard deviations
_HIDDEN = 5.0  # times what lies between the ends; a range that wide has its story elsewhere
_FAR = 2.0  # the ends against the whole slope; further off, they are no picture of the trend
LEAST_DRIFT = 0.3
MOST_TURNED_BACK = 0.4  # of the range of the periods
_FEWEST_DRIFTING = 60  # rows


def is_told(rise: float, level: float, scatter: float) -> bool:
    """Whether the way from the first to the last period is news: a large part of the level, or far more than what
    periods deviate from the line (their median deviation), for what hardly moves otherwise, as the CO2 of the air."""
    return abs(rise) >= LEAST_CHANGE * level or (
        abs(rise) >= CLEAR_CHANGE * level and abs(rise) >= _STANDS_OUT * scatter
    )


def drift_candidates(subjects: Subjects, series: Series) -> Iterator[tuple[Test, Candidate | None]]:
    """Test the records one by one along the clock: few periods, or a leap among them, hide what hundreds of rows show.

    Spearman's rank correlation with time, on the rows that count as independent (statistics.spearman).
    """
    assert series.quantity is not None
    days, places = series.timeline.clock.days, series.quantity.tested_places
    ordered = series.timeline.order
    rows = ordered[(series.mask & series.quantity.is_known)[ordered]]
    if len(rows) < _FEWEST_DRIFTING:
        return
    test = spearman(days[rows], places[rows])
    yield test, _drifting(subjects, series, test) if abs(test.effect) >= LEAST_DRIFT else None


def _drifting(subjects: Subjects, series: Series, test: Test) -> Candidate:
    each = series.measure("each")
    is_up = test.effect > 0

    def word(facts: Facts) -> Wording | None:
        fact = facts[each.fact_id]
        parts = [part for part in entries(fact) if part[3] >= series.least_rows]
        third = len(parts) // 3
        if third < 1:
            return None
        early, late = (float(np.mean([part[2] for part in some])) for some in (parts[:third], parts[-third:]))
        (first, _, start, _), (last, _, end, _) = parts[0], parts[-1]
        if _turns_back([part[2] for part in parts], up=is_up) > MOST_TURNED_BACK:
            return None
        if (late > early) != is_up or (end > start) != is_up or abs(late - early) < LEAST_CHANGE * max(early, late):
            return None
        grain = series.timeline.grain
        headline = (
            f"{series.name} {'rose' if is_up else 'fell'} from {entry_slot(fact, first)} "
            f"{series.when(fact, first)} to {entry_slot(fact, last)} {series.when(fact, last)}"
        )
        shown = told_in_turn(fact, (at for at, _, _, _ in parts[-12:]))
        detail = (
            f"{series.name} by {grain}: {shown}.{could_be_season(series)}{names_spelled_out(series)}"
            f"{periods_left_out(series)}"
        )
        what = advice_on(series, up=is_up, last=entry_slot(fact, last))
        story = between_periods(series, fact, first, last, up=is_up)
        return Wording(headline, detail, owner(*series.columns), what, story=story)

    return movement_found(
        series, "trend", Telling((each,), word), up=is_up, test=test._replace(effect=abs(test.effect)),
        statistics=f"Spearman ρ with time = {test.effect:.2f}, {p_text(test.p_value)}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
    )  # fmt: skip


def _turns_back(values: list[float], *, up: bool) -> float:
    """Return the largest move against the direction, of the whole range: a year's rise and fall is no drift."""
    return turned_back(np.array(values), up=up) / (float(np.ptp(values)) or 1.0)


def trend_candidate(subjects: Subjects, series: Series, tau: float, rise: float, p_value: float) -> Candidate:
    each = series.measure("each")
    # No measure gives the usual step of a rate.
    slope = series.measure("slope") if series.quantity is None or series.quantity.rate_of is None else None

    def word(facts: Facts) -> Wording | None:
        parts = [
            part for part in entries(facts[each.fact_id]) if series.of != "mean" or part[3] >= series.least_rows
        ]  # the average of one record is no beginning
        found = number(facts, slope.fact_id) if slope is not None else _slope(rise, parts)
        if not found or len(parts) < 3 or np.sign(found) != np.sign(tau):
            return None
        fact, first, last = facts[each.fact_id], parts[0][0], parts[-1][0]
        begin = _beginning(series, parts, found)
        grain = series.timeline.grain
        verb = "grew" if found > 0 else "fell"
        unit = "" if series.of == "mean" else f" per {grain}"
        step = f"about {fact_slot(facts[slope.fact_id], 'abs|step')} each {grain}" if slope is not None else ""
        if begin is not None:
            first = begin.place
            extreme = f"its {'low' if found > 0 else 'peak'} of " if begin.is_turn else ""
            headline = (
                f"{series.name}{unit} {verb} from {extreme}{entry_slot(fact, first)} {series.when(fact, first)} "
                f"to {entry_slot(fact, last)} {series.when(fact, last)}"
            )
            detail = f"The typical step on the way is {step} (median)." if step else ""
            story = between_periods(series, fact, first, last, up=found > 0)
        elif not step:
            return None
        else:
            headline = (
                f"{series.name}{unit} {verb} by {step} "
                f"from {entry_slot(fact, first, 'key')} to {entry_slot(fact, last, 'key')}"
            )
            detail = f"Single {grain}s scatter around the trend."
            more = "more" if found > 0 else "less"
            story = (
                f"From {entry_slot(fact, first, 'key')} to {entry_slot(fact, last, 'key')}, each {grain} brought "
                f"{step.removesuffix(f' each {grain}')} {more} in {series.name}."
            )
        behind = records_behind(series, fact, first, last)
        detail += behind + names_spelled_out(series) + periods_left_out(series)
        what = advice_on(series, up=found > 0, last=entry_slot(fact, last), has_more_records=bool(behind))
        return Wording(headline, detail, owner(*series.columns), what, story=story)

    measures = (slope, each) if slope is not None else (each,)
    return movement_found(
        series, "trend", Telling(measures, word), up=tau > 0,
        test=Test(p_value, effect=abs(tau) * min(1.0, 0.4 + abs(rise)), n=series.n),
        statistics=f"Mann–Kendall τ = {tau:.2f}, {p_text(p_value)}, {len(series.values)} {series.timeline.grain}s, "
        f"{rows_text(series.n, is_sample=subjects.cells.is_sample)}",
    )  # fmt: skip


def _slope(rise: float, parts: list[tuple[int, Scalar, float, int]]) -> float:
    """Return the step from one period to the next of a rise told as a part of the usual level."""
    return rise * float(np.mean([abs(part[2]) for part in parts] or [0.0])) / max(len(parts) - 1, 1)


class _Beginning(NamedTuple):
    """The period from which a trend is told, and whether that is its peak or low rather than the first."""

    place: int
    is_turn: bool


def _beginning(series: Series, parts: list[tuple[int, Scalar, float, int]], slope: float) -> _Beginning | None:
    """Return where the trend of such a slope begins; None where no period and the last make a picture of it."""
    start, end = parts[0][2], parts[-1][2]
    whole = slope * (len(series.timeline.keys) - 1)
    is_picture = np.sign(end - start) == np.sign(slope) and 1 / _FAR <= (end - start) / whole <= _FAR
    if series.of != "mean":
        # Amounts that leap at first and sink for years are told from their peak on; those that climb, from their low.
        turn = max(parts[: len(parts) // 3] or parts[:1], key=lambda part: -np.sign(slope) * part[2])
        swing = float(np.ptp([part[2] for part in parts]))
        is_hidden = swing > _HIDDEN * abs(end - start) or (turn is parts[0] and not is_picture)
        if is_hidden and swing <= _FAR * abs(end - turn[2]):
            return _Beginning(turn[0], is_turn=True)
    return _Beginning(parts[0][0], is_turn=False) if is_picture else None
