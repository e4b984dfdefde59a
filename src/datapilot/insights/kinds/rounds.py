"""Hours and weekdays that differ, told by a column of their own beside the date: "Average wait min is highest at 19:00
(27 min), lowest at 11:00 (13 min)".

Test: chi-square of equal numbers, Kruskal & Wallis of a quantity, chi-square of independence of an event, over the
positions of the round. Neighbouring records of one day are taken for independent.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.happenings import Event, events_of
from datapilot.insights.natures import nature_of
from datapilot.insights.owners import owner
from datapilot.insights.phrases import entries, entry_slot, is_are, p_text, rows_text, told_in_turn
from datapilot.insights.statistics import Ints, Test, association, contingency, evenness, kruskal, without_top
from datapilot.insights.subjects import Quantity, Round, Subjects
from datapilot.words.render import column_slot

LEAST_EPSILON2 = 0.02
LEAST_V = 0.08
LEAST_TIMES = 1.3  # the highest position against the lowest, or the usual one
LEAST_RECORDS = 20  # of a position
FEWEST_POSITIONS = 3


def find_rounds(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the tests of the number of records, of every quantity and of every event by hour or weekday."""
    for round_ in subjects.rounds:
        inside = round_.positions >= 0
        counts = np.bincount(round_.positions[inside])
        if (counts >= LEAST_RECORDS).sum() < FEWEST_POSITIONS:
            continue
        if not _is_weekday_beside_dates(subjects, round_):
            filled = counts[counts > 0].astype(np.float64)
            test = evenness(filled)
            is_clear = bool(filled.max() >= LEAST_TIMES * filled.mean())
            yield test, _candidate(subjects, round_, None, test) if is_clear else None
        if round_.one == "weekday":
            continue  # a category like others: what differs between its groups is told as such
        enough = inside & (counts[round_.positions] >= LEAST_RECORDS)
        for quantity in subjects.own_quantities:
            yield from _by_quantity(subjects, round_, quantity, np.flatnonzero(enough & quantity.is_known))
        for event in events_of(subjects):
            yield from _by_event(subjects, round_, event, np.flatnonzero(enough & event.known))


def _is_weekday_beside_dates(subjects: Subjects, round_: Round) -> bool:
    """Whether the dates of the records tell their weekdays too."""
    return round_.one == "weekday" and subjects.clock is not None


def _by_quantity(
    subjects: Subjects, round_: Round, quantity: Quantity, rows: Ints
) -> Iterator[tuple[Test, Candidate | None]]:
    positions, values = round_.positions[rows], quantity.values[rows]
    if len(np.unique(positions)) < FEWEST_POSITIONS or not np.ptp(values):
        return
    test = kruskal(quantity.tested_places[rows], positions, int(positions.max()) + 1)
    fewer = without_top(values)
    at = [_ends(values[kept], positions[kept]) for kept in (np.ones(len(rows), dtype=bool), fewer)]
    is_clear = test.effect >= LEAST_EPSILON2 and at[0] == at[1]
    yield test, _candidate(subjects, round_, quantity, test) if is_clear else None


def _ends(values: np.ndarray, positions: Ints) -> int:
    """Return the position with the highest mean, of those with enough records."""
    n = np.bincount(positions)
    means = np.bincount(positions, weights=values) / np.maximum(n, 1)
    return int(np.argmax(np.where(n >= LEAST_RECORDS / 2, means, -np.inf)))


def _by_event(subjects: Subjects, round_: Round, event: Event, rows: Ints) -> Iterator[tuple[Test, Candidate | None]]:
    positions, happened = round_.positions[rows], event.happened[rows].astype(np.int64)
    if len(np.unique(positions)) < FEWEST_POSITIONS or not 0 < happened.mean() < 1:
        return
    test = association(contingency(positions, happened, int(positions.max()) + 1, 2))
    if test.n:
        yield test, _candidate(subjects, round_, event, test) if test.effect >= LEAST_V else None


def _candidate(subjects: Subjects, round_: Round, what: Quantity | Event | None, test: Test) -> Candidate:
    if isinstance(what, Quantity):
        each = what.measure("mean", by=round_.column, grain=round_.grain)
    elif what is not None:
        each = Measure(
            metric="ratio", of="count", by=round_.column, grain=round_.grain, filters=(what.so,),
            baseline=(what.is_known,),
        )  # fmt: skip
    else:
        known = Filter(column=round_.column, op="not_missing")
        each = Measure(metric="share_rows", by=round_.column, grain=round_.grain, filters=(known,))
    rows = Measure(metric="count", by=round_.column, grain=round_.grain)

    def word(facts: Facts) -> Wording | None:
        fact = facts[each.fact_id]
        sizes = {key: size for _, key, size, _ in entries(facts[rows.fact_id])}
        parts = [part for part in entries(fact) if sizes.get(part[1], 0) >= LEAST_RECORDS]
        if len(parts) < FEWEST_POSITIONS:
            return None
        high, low = max(parts, key=lambda part: part[2]), min(parts, key=lambda part: part[2])
        level = float(np.mean([abs(part[2]) for part in parts]))
        if high[2] - low[2] < (LEAST_TIMES - 1) * level:
            return None
        form = "percent" if isinstance(what, Event) else ""
        most, least = (entry_slot(fact, one[0], form=form) for one in (high, low))
        top, bottom = (_named(round_, entry_slot(fact, one[0], "key")) for one in (high, low))
        at = "on" if round_.one == "weekday" else "in" if round_.grain is None else "at"
        shown = told_in_turn(fact, (one[0] for one in parts), form=form)
        advice = f"Plan people for {top}, and move what can wait towards {bottom}."
        if what is None:
            hour = round_.one == "hour" and round_.grain is not None
            headline = f"{'the hour from ' if hour else ''}{top} brings {most} of all records"
            headline += f", {'that from ' if hour else ''}{bottom} only {least}"
            story = f"{top} is the busiest {round_.one} with {most} of all records, {bottom} the quietest with {least}."
            return Wording(
                headline, f"share of all records by {round_.one}: {shown}.", owner(round_.column), advice, story=story
            )
        if isinstance(what, Quantity):
            name, verb = what.average, "is" if what.minus is not None else is_are(what.column)
            who = owner(*what.columns)
        else:
            name = f"the {what.rate_name}" if what.rate_name else f"the share of records that {what.became}"
            verb, who = "is", owner(*what.columns)
        headline = f"{name} {verb} highest {at} {top} ({most}), lowest {at} {bottom} ({least})"
        story = (
            f"{top} has the highest {name.removeprefix('the ')} of all {round_.one}s, {most}, "
            f"and {bottom} the lowest, {least}."
        )
        advice = f"Ask what is different {at} {top}, and compare people, load and mix there with those {at} {bottom}."
        return Wording(headline, f"{name} by {round_.one}: {shown}.", who, advice, story=story)

    is_aim = isinstance(what, Event) or (isinstance(what, Quantity) and nature_of(what) == "outcome")
    return Candidate(
        kind="seasonality", columns=(*(what.columns if what is not None else ()), round_.column),
        measures=(each, rows), word=word, impact=1.0,
        effect=min(1.0, (0.35 if is_aim else 0.25) + test.effect**0.5), n=test.n, p_value=test.p_value,
        statistics=f"over {round_.one}s {p_text(test.p_value)}, effect {test.effect:.2f}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{what.key}",) if isinstance(what, Quantity) else what.columns if what is not None else ("records",),
    )  # fmt: skip


def _named(round_: Round, key: str) -> str:
    """Return the template of a position: 19:00, Monday, "hour 11"."""
    return f"{column_slot(round_.column)} {key}" if round_.one == "hour" and round_.grain is None else key
