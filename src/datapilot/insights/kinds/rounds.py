"""Hours and weekdays that differ, told by a column of their own beside the date: "Average wait min is highest at 19:00
(27 min), lowest at 11:00 (13 min)".

Test: chi-square of equal numbers, Kruskal & Wallis of a quantity, chi-square of independence of an event, over the
positions of the round. Neighbouring records of one day are taken for independent.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.insights.candidate import Candidate, Wording
from datapilot.insights.kinds.peaks import course_told, level_told, peak_of, records_told
from datapilot.insights.statistics import Ints, Test, association, contingency, evenness, kruskal, without_top
from datapilot.insights.subjects.happenings import Event, events_of
from datapilot.insights.subjects.natures import nature_of
from datapilot.insights.subjects.subjects import Quantity, Round, Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import entries, is_are, p_text, rows_text
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
    each = _measure(round_, what)
    rows = Measure(metric="count", by=round_.column, grain=round_.grain)
    is_aim = isinstance(what, Event) or (isinstance(what, Quantity) and nature_of(what) == "outcome")
    return Candidate(
        kind="seasonality", columns=(*(what.columns if what is not None else ()), round_.column),
        measures=(each, rows), word=lambda facts: _word(facts[each.fact_id], facts[rows.fact_id], round_, what),
        impact=1.0, effect=min(1.0, (0.35 if is_aim else 0.25) + test.effect**0.5), n=test.n, p_value=test.p_value,
        statistics=f"over {round_.one}s {p_text(test.p_value)}, effect {test.effect:.2f}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=(f"{what.key}",) if isinstance(what, Quantity) else what.columns if what is not None else ("records",),
    )  # fmt: skip


def _measure(round_: Round, what: Quantity | Event | None) -> Measure:
    """Return what is compared between the positions: a mean, how often it happens, or the records' shares."""
    if isinstance(what, Quantity):
        return what.measure("mean", by=round_.column, grain=round_.grain)
    if what is not None:
        return Measure(
            metric="ratio", of="count", by=round_.column, grain=round_.grain, filters=(what.so,),
            baseline=(what.is_known,),
        )  # fmt: skip
    known = Filter(column=round_.column, op="not_missing")
    return Measure(metric="share_rows", by=round_.column, grain=round_.grain, filters=(known,))


def _word(fact: Fact, sizes: Fact, round_: Round, what: Quantity | Event | None) -> Wording | None:
    rows = {key: size for _, key, size, _ in entries(sizes)}
    parts = [part for part in entries(fact) if rows.get(part[1], 0) >= LEAST_RECORDS]
    if len(parts) < FEWEST_POSITIONS:
        return None
    form = "percent" if isinstance(what, Event) else ""
    peak = peak_of(fact, parts, least_gap=LEAST_TIMES - 1, form=form, named=lambda key: _named(round_, key))
    if peak is None:
        return None
    shown = course_told(fact, parts, form=form)
    if what is None:
        told = records_told(peak, round_.one, is_hour=round_.one == "hour" and round_.grain is not None)
        detail = f"share of all records by {round_.one}: {shown}."
        advice = f"Plan people for {peak.top}, and move what can wait towards {peak.bottom}."
        return Wording(told.headline, detail, owner(round_.column), advice, story=told.story)
    at = "on" if round_.one == "weekday" else "in" if round_.grain is None else "at"
    name, verb = _name_and_verb(what)
    told = level_told(peak, name, verb, at=at, one=round_.one)
    alike = f"compare {name.removeprefix('average ')} only with the same {round_.one} of other times"
    advice = f"Ask what sets {peak.top} apart, and {alike}."
    return Wording(told.headline, f"{name} by {round_.one}: {shown}.", owner(*what.columns), advice, story=told.story)


def _name_and_verb(what: Quantity | Event) -> tuple[str, str]:
    if isinstance(what, Quantity):
        return what.average, "is" if what.minus is not None else is_are(what.column)
    return f"the {what.rate_name}" if what.rate_name else f"the share of records that {what.became}", "is"


def _named(round_: Round, key: str) -> str:
    """Return the template of a position: 19:00, Monday, "hour 11"."""
    return f"{column_slot(round_.column)} {key}" if round_.one == "hour" and round_.grain is None else key
