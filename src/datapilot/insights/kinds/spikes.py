"""One period far above or below all others: "Records peaked at 97 in Aug 2023, against a usual 44 per month".

Test: the period's distance from the median of the others in their own standard deviations, on the plain scale and on
the one that levels their spread, whichever is smaller (Student's t, Bonferroni over the periods): a long tail alone
makes no spike.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Measure
from datapilot.engine.p_values import t_tail
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import MAD_TO_SIGMA, Floats, Test
from datapilot.insights.subjects.subjects import Quantity, Subjects
from datapilot.insights.subjects.timeline import Timeline
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import entries, entry_slot, fact_slot, number, p_text, rows_text, told_in_turn

LEAST_TIMES = 1.5  # the spike against the usual period, or the other way round
_LEAST_PER_PERIOD = 3.0  # records of a usual period


def find_spikes(subjects: Subjects, timeline: Timeline | None) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of the most unusual whole period: of all records, and of each total."""
    if timeline is None:
        return
    counts = timeline.per_period()
    if counts.max() > 1 and float(np.median(counts)) >= _LEAST_PER_PERIOD:
        yield _most_unusual(subjects, timeline, counts, None)
    for quantity in subjects.own_quantities:
        if quantity.adds_up and quantity.minus is None:
            known = np.isfinite(quantity.values)
            sums = timeline.per_period(np.where(known, quantity.values, 0.0), mask=known)
            if sums.min() > 0:
                yield _most_unusual(subjects, timeline, sums, quantity)


def _most_unusual(
    subjects: Subjects, timeline: Timeline, series: Floats, quantity: Quantity | None
) -> tuple[Test, Candidate | None]:
    at = int(np.argmax(np.abs(series - np.median(series))))
    others = np.delete(series, at)
    # Counts spread with their square root, amounts with their size.
    scale = np.sqrt if quantity is None else np.log1p
    z = min(_distance(series[at], others), _distance(float(scale(series[at])), scale(others)))
    p_value = min(1.0, t_tail(z, len(others) - 1) * len(series))
    usual = float(np.median(others))
    times = float(series[at]) / usual if usual > 0 else 0.0
    is_far = times >= LEAST_TIMES or times <= 1 / LEAST_TIMES
    test = Test(p_value, times, len(series))
    if times > 1 and quantity is not None and _is_of_one_record(timeline, quantity, at, usual):
        return test, None  # told as the record that it is
    return test, _candidate(subjects, timeline, quantity, at=at, times=times, p_value=p_value) if is_far else None


def _is_of_one_record(timeline: Timeline, quantity: Quantity, at: int, usual: float) -> bool:
    """Whether a period's largest record alone makes its peak."""
    known = np.isfinite(quantity.values)
    largest = int(np.argmax(np.where(known & (timeline.index == at), quantity.values, -np.inf)))
    known[largest] = False
    without = timeline.per_period(np.where(known, quantity.values, 0.0), mask=known)[at]
    return bool(without < LEAST_TIMES * usual)


def _distance(value: float, others: Floats) -> float:
    middle = float(np.median(others))
    spread = max(float(np.std(others, ddof=1)), MAD_TO_SIGMA * float(np.median(np.abs(others - middle))))
    return abs(value - middle) / spread if spread > 0 else 0.0


def _candidate(
    subjects: Subjects, timeline: Timeline, quantity: Quantity | None, *, at: int, times: float, p_value: float
) -> Candidate | None:
    key = timeline.keys[at]
    own = quantity.filters if quantity else ()
    column = quantity.column if quantity else None
    each = Measure(
        metric="sum" if quantity else "count", column=column, by=timeline.clock.column, grain=timeline.grain,
        filters=(timeline.whole, *own),
    )  # fmt: skip
    inside = (timeline.within(at, at), *own)
    share = Measure(
        metric="share_sum" if quantity else "share_rows", column=column, filters=inside, baseline=(timeline.whole, *own)
    )
    columns = (*(quantity.columns if quantity else ()), timeline.clock.column)
    is_peak = times > 1

    def word(facts: Facts) -> Wording | None:
        fact, part = facts[each.fact_id], facts[share.fact_id]
        parts = sorted(entries(fact), key=lambda entry: entry[2])
        extreme, middle = (parts[-1] if is_peak else parts[0]), parts[(len(parts) - 1) // 2]
        if str(extreme[1]) != key or not middle[2] or number(facts, part.id) is None:
            return None
        ratio = extreme[2] / middle[2]
        if 1 / LEAST_TIMES < ratio < LEAST_TIMES:
            return None
        subject = f"{quantity.total}" if quantity else "records"
        when = entry_slot(fact, extreme[0], "key")
        headline = (
            f"{subject} {'peaked' if is_peak else 'fell'} at {entry_slot(fact, extreme[0])} {timeline.at} {when}, "
            f"against a usual {entry_slot(fact, middle[0])} per {timeline.grain}"
        )
        if not is_peak:
            headline = headline.replace(" fell at ", " fell to ")
        near = [part for part in entries(fact) if abs(part[0] - extreme[0]) <= 2]
        around = told_in_turn(fact, (one[0] for one in near))
        detail = f"That one {timeline.grain} makes {fact_slot(part)} of the whole. Around it: {around}."
        what = (
            f"Find out what happened {timeline.at} {when}, and leave it out when setting a usual level for {subject}."
        )
        story = (
            f"One {timeline.grain} stands out: {subject} came to {entry_slot(fact, extreme[0])} {timeline.at} {when}, "
            f"usually it is {entry_slot(fact, middle[0])}."
        )
        return Wording(headline, detail, owner(*columns), what, story=story)

    return Candidate(
        kind="spike", columns=columns, measures=(each, share), word=word, impact=min(1.0, times / len(timeline.keys)),
        effect=min(1.0, 0.3 + abs(float(np.log(max(times, 1e-3)))) / 3), n=subjects.rows, p_value=p_value,
        statistics=f"distance from the other {timeline.grain}s {p_text(p_value)}, {len(timeline.keys)} "
        f"{timeline.grain}s, {rows_text(subjects.rows, is_sample=subjects.cells.is_sample)}",
        subject=(f"{quantity.key}" if quantity else "records",),
    )  # fmt: skip
