"""Words that every finding about a series shares: its movement, what stands behind it, what was left out, advice."""

import numpy as np

from datapilot.contracts.measure import Fact
from datapilot.insights.candidate import Candidate, Telling
from datapilot.insights.series import Series
from datapilot.insights.statistics import Test
from datapilot.insights.subjects.timeline import Timeline
from datapilot.insights.wording.phrases import entry_slot, spelled_out

MANY_MORE = 1.2  # records behind one total than behind another
_TWO_YEARS = 730.0  # days


def between_periods(series: Series, fact: Fact, first: int, last: int, *, up: bool) -> str:
    """Return a trend in other words: "Between Jan 2024 and Jun 2025 total revenue went up from … to … per month."."""
    unit = "" if series.of == "mean" else f" per {series.timeline.grain}"
    return (
        f"Between {entry_slot(fact, first, 'key')} and {entry_slot(fact, last, 'key')} {series.name} went "
        f"{'up' if up else 'down'} from {entry_slot(fact, first)} to {entry_slot(fact, last)}{unit}."
    )


def season_caution(timeline: Timeline) -> str:
    """Return the caution that a table of less than two years deserves, or nothing."""
    days = timeline.clock.days
    if float(np.nanmax(days) - np.nanmin(days)) >= _TWO_YEARS:
        return ""
    return " In less than two years a season cannot be told from a lasting change."


def could_be_season(series: Series) -> str:
    return season_caution(series.timeline) if series.of == "mean" and not series.where else ""


def records_behind(series: Series, fact: Fact, first: int, last: int) -> str:
    """Return how many records stand behind two periods of a total, where their number moved too."""
    if series.of != "sum" or not isinstance(fact.value, tuple):
        return ""
    early, late = fact.value[first].n, fact.value[last].n
    if min(early, late) <= 0 or max(early, late) < MANY_MORE * min(early, late):
        return ""
    return f" The two figures rest on {entry_slot(fact, first, 'n')} and {entry_slot(fact, last, 'n')} records."


def names_spelled_out(series: Series) -> str:
    return spelled_out(series.quantity) if series.quantity is not None else ""


def periods_left_out(series: Series) -> str:
    timeline = series.timeline
    if not (timeline.dropped_first or timeline.dropped_last):
        return ""
    which = "first and last" if timeline.dropped_first and timeline.dropped_last else (
        "first" if timeline.dropped_first else "last"
    )  # fmt: skip
    plural = "s are" if which == "first and last" else " is"
    return f" The {which} {timeline.grain}{plural} incomplete and left out."


def movement_found(series: Series, kind: str, telling: Telling, *, up: bool, test: Test, statistics: str) -> Candidate:
    """Return the candidate of a series that rises or falls; `test` says in how many rows, and how strongly.

    All groups rising together are one finding: what a group does repeats what is told of the whole table.
    """
    movement = f"{series.about} {'up' if up else 'down'}"
    return Candidate(
        kind=kind, columns=series.columns, measures=telling.measures, word=telling.word, impact=series.share,
        effect=min(1.0, test.effect), n=test.n, p_value=test.p_value, statistics=statistics,
        subject=subject_of(series), tells="" if series.where else movement,
        repeats=series.repeats(movement), group=series.group,
    )  # fmt: skip


def subject_of(series: Series) -> tuple[str, ...]:
    return (f"{series.quantity.key}" if series.quantity else "records",)


def advice_on(
    series: Series, *, up: bool, at: str | None = None, last: str | None = None, has_more_records: bool = False
) -> str:
    if at is not None:
        return f"Find out what changed around {at}, and whether it is meant to last."
    if could_be_season(series):
        return f"Compare {series.name} with the same months of another year before calling it a trend."
    way, grain = "growth" if up else "decline", series.timeline.grain
    level = f"{last} rather than the past average" if last is not None else "it"
    if series.quantity is None:
        return f"Plan people and stock for {last} {series.name} a {grain}, and ask where the {way} comes from."
    if series.quantity.minus is not None:
        return f"Follow the latest records step by step {series.quantity.span}, and plan with {level} meanwhile."
    if series.of == "sum" and has_more_records:
        return f"Tell apart how much of the {way} comes from the number of records and how much from their size."
    return f"Find out what is behind the {way} in {series.name}, and plan the coming {grain}s with {level}."
