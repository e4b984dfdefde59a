"""A group that swells in one period: "Hardware makes up 85% of records in Jul 2023, against 40% overall".

Test: the binomial probability of that many records among the period's, given the group's share of all,
times the number of cells looked at (Bonferroni); effect: how far the share rises. The group's own usual spread must
be exceeded too, because records often come in clusters.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.behind import Behind, behind_sentence, find_behind
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.kinds.mix import is_told_by_time
from datapilot.insights.statistics import Test, binomial_tail, contingency
from datapilot.insights.subjects.natures import is_unfinished
from datapilot.insights.subjects.subjects import Category, Group, Subjects, names_parts_of_year
from datapilot.insights.subjects.timeline import Timeline
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    entries,
    entry_slot,
    fact_slot,
    group,
    number,
    p_text,
    records,
    rows_text,
    told_in_turn,
)

LEAST_ROWS = 10
LEAST_TIMES = 1.5  # the share in the period against the share overall
LEAST_Z = 2.5  # of the group's own periods, in robust standard deviations
ALONE = 0.9  # of the records of each period
_MOST_VALUES = 20


class _Burst(NamedTuple):
    """A group that swells in an unbroken run of the timeline's periods."""

    group: Group
    periods: range
    test: Test


class _Shares(NamedTuple):
    """What the sentences need: the value's share in these periods and usually, and its records period by period."""

    here: Measure
    usual: Measure
    each: Measure


def find_bursts(subjects: Subjects, timeline: Timeline | None) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the strongest cell of every category against the whole periods of the main clock."""
    if timeline is None or timeline.grain == "day":
        return
    for category in subjects.categories:
        if category.is_personal or not 2 <= len(category.codes.labels) <= _MOST_VALUES:
            continue
        if is_told_by_time(category, timeline) or is_unfinished(category.column) or names_parts_of_year(category):
            continue
        found = _strongest(category, timeline)
        if found is not None:
            yield found.test, _candidate(subjects, found, timeline)


def _strongest(category: Category, timeline: Timeline) -> _Burst | None:
    both = (category.codes.codes >= 0) & (timeline.index >= 0)
    counts = contingency(
        category.codes.codes[both], timeline.index[both], len(category.codes.labels), len(timeline.keys)
    )
    n = counts.sum()
    if n < 50:
        return None
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    residual = (counts - expected) / np.sqrt(np.maximum(expected, 0.5))
    shares = counts / np.maximum(counts.sum(axis=0), 1)[None, :]
    overall = counts.sum(axis=1) / n
    middle = np.median(shares, axis=1)
    spread = np.maximum(1.4826 * np.median(np.abs(shares - middle[:, None]), axis=1), 0.01)
    z = (shares - middle[:, None]) / spread[:, None]
    residual[(counts < LEAST_ROWS) | (shares < LEAST_TIMES * overall[:, None]) | (z < LEAST_Z)] = 0
    code, period = (int(at) for at in np.unravel_index(int(np.argmax(residual)), residual.shape))
    if residual[code, period] <= 0:
        return None
    run = _run(shares[code] >= LEAST_TIMES * overall[code], period)
    is_at_an_end = run.start == 0 or run.stop == shares.shape[1]
    if is_at_an_end and float(shares[code, run.start : run.stop].min()) >= ALONE:
        return None  # the first or last of a kind to be collected did not swell
    inside = slice(run.start, run.stop)
    p_run = binomial_tail(int(counts[code, inside].sum()), int(counts[:, inside].sum()), float(overall[code]))
    # Any cell could have been the strongest, and any length of run could have been taken around it.
    p_value = min(1.0, p_run * counts.size * len(run))
    return _Burst(Group(category, code), run, Test(p_value, float(residual[code, period]), int(n)))


def _run(swollen: np.ndarray, at: int) -> range:
    """Return the unbroken run of swollen periods around one of them."""
    first = last = at
    while first > 0 and swollen[first - 1]:
        first -= 1
    while last + 1 < len(swollen) and swollen[last + 1]:
        last += 1
    return range(first, last + 1)


def _candidate(subjects: Subjects, found: _Burst, timeline: Timeline) -> Candidate | None:
    if len(found.periods) > len(timeline.keys) / 3:
        return None
    shares = _shares(found, timeline)
    columns = (found.group.column, timeline.clock.column)
    in_periods = np.isin(timeline.index, list(found.periods))
    behind = find_behind(subjects, in_periods & found.group.rows, shares.here.filters, without=columns)
    inside_share, overall_share = float(found.group.rows[in_periods].mean()), float(found.group.rows.mean())
    cells = len(timeline.keys) * len(found.group.category.codes.labels)
    return Candidate(
        kind="burst",
        columns=columns,
        measures=(*shares, *(behind.measures if behind else ())),
        word=lambda facts: _word(facts, found, shares, timeline, behind),
        impact=min(1.0, inside_share),
        effect=min(1.0, 0.4 + inside_share - overall_share),
        n=subjects.rows,
        p_value=found.test.p_value,
        group=found.group.label,
        statistics=f"binomial {p_text(found.test.p_value)} over {cells} cells, "
        f"{rows_text(int((timeline.index >= 0).sum()), is_sample=subjects.cells.is_sample)}",
    )


def _shares(found: _Burst, timeline: Timeline) -> _Shares:
    here = timeline.within(found.periods[0], found.periods[-1])
    member = found.group.has
    known = Filter(column=found.group.column, op="not_missing")
    return _Shares(
        here=Measure(metric="ratio", of="count", filters=(here, member), baseline=(here, known)),
        usual=Measure(metric="ratio", of="count", filters=(timeline.whole, member), baseline=(timeline.whole, known)),
        each=Measure(metric="count", by=timeline.clock.column, grain=timeline.grain, filters=(timeline.whole, member)),
    )


def _word(facts: Facts, found: _Burst, shares: _Shares, timeline: Timeline, behind: Behind | None) -> Wording | None:
    inside, overall = number(facts, shares.here.fact_id), number(facts, shares.usual.fact_id)
    fact = facts[shares.each.fact_id]
    parts = {str(key): position for position, key, _, _ in entries(fact)}
    first, last = timeline.keys[found.periods[0]], timeline.keys[found.periods[-1]]
    if inside is None or overall is None or inside < overall * 1.2 or first not in parts or last not in parts:
        return None
    when = f"{timeline.at} {entry_slot(fact, parts[first], 'key')}"
    if first != last:
        when = f"from {entry_slot(fact, parts[first], 'key')} to {entry_slot(fact, parts[last], 'key')}"
    who = records(found.group.column, found.group.label)
    inside_is, usual_is = (fact_slot(facts[one.fact_id], "percent") for one in (shares.here, shares.usual))
    headline = f"{who} make up {inside_is} of all {when}, against {usual_is} over the whole time"
    near = [key for key in timeline.keys[max(0, found.periods[0] - 2) : found.periods[-1] + 3] if key in parts]
    around = told_in_turn(fact, (parts[key] for key in near[:8]))
    detail = f"{who} around that time: {around}.{behind_sentence(behind, facts, who='the rise')}"
    story = f"{when}, {who} were {inside_is} of all; over the whole time they are {usual_is}."
    what = f"Find out what happened to {group(found.group.column, found.group.label)} {when}."
    return Wording(headline, detail, owner(found.group.column), what, story=story)
