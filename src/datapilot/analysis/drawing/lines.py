"""Lines: how an amount, a rate or the number of rows went over time. Gaps stay gaps; a part period is marked."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from statistics import median

from datapilot.analysis.drawing.candidate import Axes, Candidate, Record, Subject, Wording, X, Y, assemble, axis
from datapilot.analysis.timeline import Timeline
from datapilot.contracts.base import Scalar
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact, Filter, Grain, Measure
from datapilot.words.render import column_slot, value_slot

MOST_POINTS = 1000
FEWEST_POINTS = 3  # complete periods with a value; fewer show no course
MOSTLY_KNOWN = 0.5  # of the periods; a line of fewer is mostly gap
EVEN = 0.05  # spread of the numbers of rows, of the largest, below which they are all alike
FLAT = 0.02  # and of averages
WHOLE_SHARE = 0.95  # of all that is added up; a period that holds more leaves a line of nothing
PEAK = 1.1  # times the middle value before a title calls it one
FEWEST_STEADY = 8  # values of a course that goes one way without going far
STEADY = 0.8  # of its steps
PEAK_ROWS = 0.25  # of the rows of the middle period, that an average must rest on to be called one
_IN: dict[Grain, str] = {"day": "on", "hour": "at", "minute": "at"}


def propose_lines(timeline: Timeline | None, subjects: Sequence[Subject]) -> Iterator[Candidate]:
    """Offer one line per subject, the main one first."""
    if timeline is None or len(timeline.starts()) > MOST_POINTS:
        return
    for rank, subject in enumerate(subjects):
        if subject.column is None and timeline.counts_days:
            continue
        yield Candidate(
            type="line",
            score=100 - 14 * rank - (10 if subject.column is None else 0),
            columns=(timeline.column.name, *subject.names),
            measures=line_measures(timeline, subject),
            draw=partial(_draw, timeline, subject),
        )


def line_measures(timeline: Timeline, subject: Subject) -> tuple[Measure, ...]:
    """Return the line's own measure first, then those its texts cite."""
    by = timeline.column.name
    until = () if timeline.end is None else (Filter(column=by, op="lt", value=timeline.end),)
    return (
        subject.measure(by=by, grain=timeline.grain, filters=(*subject.filters, *until)),
        Measure(metric="missing_count", column=by),
        Measure(metric="max", column=by, filters=until),
    )


def _draw(timeline: Timeline, subject: Subject, facts: Sequence[Fact]) -> ChartSpec | None:
    fact, undated, latest = facts
    data = _points(timeline, fact)
    is_partial = timeline.is_last_partial
    known = [point[Y] for point in data if point[Y] is not None]
    whole = len(known) - (is_partial and data[-1][Y] is not None)
    if whole < FEWEST_POINTS or len(known) < MOSTLY_KNOWN * len(data) or len(set(known)) == 1:
        return None
    inner = [point[Y] for point in data[1 : -1 if is_partial else None]]
    if subject.is_average:
        says_nothing = _is_even(known, within=FLAT)
    else:
        says_nothing = _is_one_period(known) or (subject.column is None and _is_even(inner, within=EVEN))
    if says_nothing:
        return None
    return assemble(
        "line",
        Wording(
            title=_title(timeline, subject, fact, is_partial=is_partial),
            subtitle=_subtitle(subject, timeline.grain, fact),
            alt=_alt(timeline, subject, fact),
            note=_note(timeline, subject, undated, latest),
        ),
        Axes(axis(timeline.column), subject.axis, subject.unit),
        data,
        cited=facts,
        points_total=fact.n,
        partial_last=is_partial,
    )


def _note(timeline: Timeline, subject: Subject, undated: Fact, latest: Fact) -> str:
    """Say which periods the data covers in part, and which rows are left out."""
    grain, is_first, is_last = timeline.grain, timeline.is_first_partial, timeline.is_last_partial
    said = []
    if is_last:
        said.append(f"The last {grain} is not complete: the data ends {_IN.get(grain, 'on')} {{{latest.id}}}.")
    if is_first:
        said.append(
            "The first one is not complete either." if is_last else f"The data begins within the first {grain}."
        )
    if undated.value:
        said.append(f"{{{undated.id}|plain}} rows without a {column_slot(timeline.column.name)} are left out.")
    if timeline.end is not None:
        said.append(f"The few dates from {value_slot(timeline.end)} on are left out.")
    return " ".join(filter(None, (*said, subject.note)))


def _is_even(course: Sequence[Scalar], *, within: float) -> bool:
    """Whether every period has about the value of any other: as many rows, which says how the table was made and
    nothing else, or an average that a stretched axis would make a story of."""
    values = [value for value in course if isinstance(value, int | float)]
    return len(values) == len(course) > 1 and max(values) - min(values) <= within * max(map(abs, values))


def _is_one_period(course: Sequence[Scalar]) -> bool:
    """Whether one period holds nearly all, beside which the others are no line."""
    sizes = [abs(value) for value in course if isinstance(value, int | float)]
    return max(sizes) > WHOLE_SHARE * sum(sizes)


def _points(timeline: Timeline, fact: Fact) -> list[Record]:
    assert isinstance(fact.value, tuple)
    found = {entry.key: entry.value for entry in fact.value}
    return [{X: name, Y: found.get(name)} for name in timeline.names()]


def _title(timeline: Timeline, subject: Subject, fact: Fact, *, is_partial: bool) -> str:
    """Say from where to where a course went that ends at its extremes, name the highest period where one stands out;
    else say the subject."""
    assert isinstance(fact.value, tuple)
    partial = timeline.names()[-1] if is_partial else None
    complete = [
        (float(entry.value), index)
        for index, entry in enumerate(fact.value)
        if entry.key is not None
        and entry.value is not None
        and entry.key != partial
        and not isinstance(entry.value, str)
    ]
    values = [value for value, _ in complete]
    if len(values) > FEWEST_POINTS:
        highest, index = max(complete)
        rows = [entry.n for entry in fact.value if entry.n]
        is_chance = subject.is_average and fact.value[index].n < PEAK_ROWS * median(rows)
        # An average does not wait for the rest of its period: a part of one may stand above all others.
        average = subject.is_average
        part = next((one.value for one in fact.value if average and one.key and one.key == partial), None)
        is_beaten = isinstance(part, int | float) and part >= highest
        is_far = highest > 0 and highest >= PEAK * max(0.0, median(values))
        if is_chance or is_beaten or values.count(highest) > 1:
            return subject.title(f" by {timeline.grain}")
        preposition = _IN.get(timeline.grain, "in")
        (_, first), (_, last) = complete[0], complete[-1]
        is_clipped = not average and timeline.is_first_partial  # less in it, whatever the course
        are_ends = index in (first, last) and not is_clipped and min(complete)[1] in (first, last)
        if are_ends and (is_far or _is_steady(values)):
            verb = "rose" if index == last else "fell"
            ends = (
                f"{{{fact.id}[{end}].value{subject.form}}} {preposition} {{{fact.id}[{end}].key}}"
                for end in (first, last)
            )
            return subject.title(f" {verb} from {' to '.join(ends)}")
        if is_far:
            said = "was highest" if index in (first, last) else "peaked"
            return subject.title(
                f" {said} {preposition} {{{fact.id}[{index}].key}} at {{{fact.id}[{index}].value{subject.form}}}"
            )
    return subject.title(f" by {timeline.grain}")


def _is_steady(course: Sequence[float]) -> bool:
    """Whether nearly all steps of a course go the way from its first to its last value, however small they are."""
    steps = [later - earlier for earlier, later in pairwise(course)]
    along = sum((step > 0) == (course[-1] > course[0]) for step in steps if step)
    return len(course) >= FEWEST_STEADY and along >= STEADY * len(steps)


def _subtitle(subject: Subject, grain: Grain, fact: Fact) -> str:
    if subject.column is None:
        return f"Rows per {grain}, {{{fact.id}|n}} in all"
    return f"{subject.how} per {grain}, over {{{fact.id}|n}} values"


def _alt(timeline: Timeline, subject: Subject, fact: Fact) -> str:
    known = _known(fact)
    (_, low), (_, high) = min(known), max(known)
    first, last = known[0][1], known[-1][1]
    return (
        f"Line of {subject.slot} per {timeline.grain} from {{{fact.id}[{first}].key}} to {{{fact.id}[{last}].key}}: "
        f"lowest {{{fact.id}[{low}].value{subject.form}}} ({{{fact.id}[{low}].key}}), "
        f"highest {{{fact.id}[{high}].value{subject.form}}} ({{{fact.id}[{high}].key}})."
    )


def _known(fact: Fact) -> list[tuple[float, int]]:
    """Return the value and the place of every period that has one, in time order."""
    assert isinstance(fact.value, tuple)
    return [
        (float(entry.value), index)
        for index, entry in enumerate(fact.value)
        if entry.key is not None and isinstance(entry.value, int | float)
    ]
