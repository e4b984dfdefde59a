"""A group whose share of the records drifts: "Online orders make up 45% of all from 2020 to 2023, up from 12% from
2015 to 2017".

Test: Spearman's rank correlation of belonging to the group with time, on the rows that count as independent
(statistics.spearman); effect: how far the share moves from the first third of the records to the last. Periods are
whole, and the middle third must lie between the two, or the group came and went.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Ints, Test, spearman
from datapilot.insights.subjects.natures import is_unfinished
from datapilot.insights.subjects.subjects import Category, Subjects, is_code
from datapilot.insights.subjects.timeline import Timeline
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import (
    entries,
    entry_slot,
    fact_slot,
    group,
    listing,
    number,
    p_text,
    records,
    rows_text,
)
from datapilot.words.render import column_slot

FEWEST_ROWS = 100
LEAST_ROWS = 20  # of each third
LEAST_POINTS = 0.1  # from the first third to the last
LEAST_TIMES = 1.3
MOST_VALUES = 12
RATHER_UP = 1e-6
TOLD_BY_TIME = 0.98  # of the records have the commonest value of their period: the column spells the time
_NO = frozenset({"no", "false", "n", "0"})


def find_mix_changes(subjects: Subjects, timeline: Timeline | None) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield, for every category, the test of the value whose share moves most."""
    if timeline is None:
        return
    for category in subjects.categories:
        if category.is_personal or not 2 <= len(category.codes.labels) <= MOST_VALUES or is_code(category.column):
            continue
        rows = timeline.order[category.codes.codes[timeline.order] >= 0]
        if len(rows) < FEWEST_ROWS or is_told_by_time(category, timeline) or is_unfinished(category.column):
            continue
        yield _moved_most(subjects, category, timeline, rows)


def is_told_by_time(category: Category, timeline: Timeline) -> bool:
    """Whether a column spells the time in other words, as a code of the decade does."""
    known = (timeline.index >= 0) & (category.codes.codes >= 0)
    counts = np.zeros((len(timeline.keys), len(category.codes.labels)), dtype=np.int64)
    np.add.at(counts, (timeline.index[known], category.codes.codes[known]), 1)
    return bool(counts.max(axis=1).sum() >= TOLD_BY_TIME * max(counts.sum(), 1)) and len(counts) > 2


def _moved_most(
    subjects: Subjects, category: Category, timeline: Timeline, rows: Ints
) -> tuple[Test, Candidate | None]:
    index, codes = timeline.index[rows], category.codes.codes[rows]
    first_end, last_start = (int(index[round(len(rows) * part)]) for part in (1 / 3, 2 / 3))
    early, late = index <= first_end, index >= last_start
    middle = ~early & ~late
    size = len(category.codes.labels)
    shares = [np.bincount(codes[mask], minlength=size) / max(int(mask.sum()), 1) for mask in (early, middle, late)]
    before, between, after = shares
    told = np.array([not (size == 2 and str(label).lower() in _NO) for label in category.codes.labels])
    # Of two values one rises as the other falls: the one that rises is told.
    code = int(np.argmax(np.where(told, np.abs(after - before) + RATHER_UP * (after > before), -1)))
    ends = sorted((float(before[code]), float(after[code])))
    is_between = not middle.any() or ends[0] <= float(between[code]) <= ends[1]
    is_clear = ends[1] - ends[0] >= LEAST_POINTS and ends[1] >= LEAST_TIMES * ends[0]
    enough = min(int(early.sum()), int(late.sum())) >= LEAST_ROWS and first_end < last_start
    if not (is_between and is_clear and enough):
        return Test(1.0, 0.0, len(rows)), None  # counted as tested, whatever its p-value would have been
    test = spearman(timeline.clock.days[rows], (codes == code).astype(np.float64))
    test = Test(min(1.0, test.p_value * int(told.sum())), test.effect, test.n)  # the most moved of so many
    if (after[code] > before[code]) != (test.effect > 0):
        return test, None
    thirds = (first_end, last_start)
    return test, _candidate(subjects, category, timeline, code=code, thirds=thirds, moved=ends[1] - ends[0], test=test)


def _candidate(
    subjects: Subjects,
    category: Category,
    timeline: Timeline,
    *,
    code: int,
    thirds: tuple[int, int],
    moved: float,
    test: Test,
) -> Candidate:
    label: Scalar = category.codes.labels[code]
    last = len(timeline.keys) - 1
    member = Filter(column=category.column, op="eq", value=label)
    known = Filter(column=category.column, op="not_missing")
    spans = (timeline.within(0, thirds[0]), timeline.within(thirds[1], last))
    before, after = (
        Measure(metric="ratio", of="count", filters=(span, member), baseline=(span, known)) for span in spans
    )
    periods = Measure(metric="count", by=timeline.clock.column, grain=timeline.grain, filters=(timeline.whole, known))
    whole = Measure(metric="share_rows", by=category.column, filters=(timeline.whole, known), limit=6)

    def word(facts: Facts) -> Wording | None:
        was, now = number(facts, before.fact_id), number(facts, after.fact_id)
        fact = facts[periods.fact_id]
        places = {str(key): position for position, key, _, _ in entries(fact)}
        ends = [timeline.keys[place] for place in (0, thirds[0], thirds[1], last)]
        if was is None or now is None or abs(now - was) < LEAST_POINTS or any(end not in places for end in ends):
            return None
        first, first_end, last_start, last_end = (entry_slot(fact, places[end], "key") for end in ends)
        early = f"from {first} to {first_end}" if ends[0] != ends[1] else f"{timeline.at} {first}"
        late = f"from {last_start} to {last_end}" if ends[2] != ends[3] else f"{timeline.at} {last_end}"
        way = "up" if now > was else "down"
        headline = (
            f"{records(category.column, label)} make up {fact_slot(facts[after.fact_id], 'percent')} of all {late}, "
            f"{way} from {fact_slot(facts[before.fact_id], 'percent')} {early}"
        )
        detail = (
            f"Over the whole time, the shares by {column_slot(category.column)} are {listing(facts[whole.fact_id])}."
        )
        who = group(category.column, label)
        what = f"Decide whether {who} is meant to {'grow' if now > was else 'shrink'}, and plan with the later share."
        then, later = (fact_slot(facts[one.fact_id], "percent") for one in (before, after))
        story = f"{records(category.column, label)} were {then} of all {early} and {later} {late}."
        return Wording(headline, detail, owner(category.column), what, story=story)

    return Candidate(
        kind="mix_change", columns=(category.column, timeline.clock.column), measures=(before, after, periods, whole),
        word=word, impact=min(1.0, 0.3 + moved), effect=min(1.0, 0.35 + 1.5 * moved), n=test.n, p_value=test.p_value,
        statistics=f"Spearman ρ with time = {test.effect:.2f}, {p_text(test.p_value)}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        group=label,
    )  # fmt: skip
