"""Bars: an amount, a rate or the number of rows by category or by the day of the week. Bars start at zero, the
largest first and the rest in one bar at the end, but for categories with an order of their own, which stand in it."""

import math
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from statistics import median
from typing import NamedTuple

from datapilot.analysis.drawing.bar_words import CLOSE, FAR, extremes, leads, subtitle_of, title_of, trails
from datapilot.analysis.drawing.candidate import (
    Axes,
    Candidate,
    Record,
    Subject,
    Wording,
    X,
    Y,
    assemble,
    axis,
    subject_of,
)
from datapilot.analysis.timeline import Timeline
from datapilot.contracts.base import Scalar
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact, Grain, KeyedValue, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.engine.evaluate import OTHER
from datapilot.words.meanings import name_words
from datapilot.words.numbers import show
from datapilot.words.render import column_slot, show_key

TOP_BARS = 8
Order = tuple[Scalar, ...]

MOST_PAIRS = 2  # categories of two values
WHOLE_SHARE = 0.95  # a bar that holds more leaves nothing to compare
EQUAL = 0.05  # spread of averages, of the largest, below which they are all alike
MIRRORED = 0.05  # by which no part of an amount differs from the part of the rows that it comes from
PLAIN_SHARE = 0.8  # a bar that holds more of such an amount only says that most rows are there
REST_SHARE = 0.5  # where the bar of all further values holds more, a named one must stand out
CLEAR_LEAD = 2.0  # times the smallest named bar, or a usual further one, from which it does
TELLING_SHARE = 0.03  # of an average's variance that its groups explain, below which bars of them say nothing
CHANCE = 2.0  # standard errors of a count by which the fullest and the emptiest group must differ to tell anything
EXPLAINING = 30.0  # score points of bars whose groups explain all of an average
MOST_GAPS = 4
LEAST_TOLD, ALL_TOLD = 0.4, 0.98  # of the correlation ratio
GAP, GAP_TOLD = 55.0, 25.0  # score points of an average that a category tells, and of one that it tells all of
LOSING = 14.0  # and of bars of which some lie below zero
MOST_SIGNED = 20  # groups of an amount that may be lost, all of which are drawn
SIGNED = 8.0  # and of an amount of which some may
FEWEST_ROWS = 3  # behind a bar of averages; fewer, and it shows chance
LONGEST_LABEL = 60
WEEKS_SEEN = timedelta(weeks=8)  # for each day of the week to come up often
DAYS_SEEN = timedelta(days=7)  # for each hour of the day
MOST_BETWEEN_HOURS = timedelta(hours=6)  # between two moments, usually; fewer a day say little of its hours
FEWEST_TIMES = 12  # different times of the day; fewer are shifts


def propose_bars(
    categories: Sequence[ColumnProfile],
    subjects: Sequence[Subject],
    rows: Subject,
    *,
    orders: Mapping[str, Order],
    side_by_side: Container[str] = (),
) -> Iterator[Candidate]:
    """Offer each category with the main subjects, and with the number of its rows, unless another drawing has that
    `side_by_side` with others'. Two bars say little: of categories of two values the first ones are offered, each with
    one subject. `orders` are those of the categories that have one of their own."""
    pairs = 0
    for place, category in enumerate(categories):
        is_pair = category.unique_count == 2
        pairs += is_pair
        if is_pair and pairs > MOST_PAIRS:
            continue
        order = orders.get(category.name, ())
        fewer = 6.0 * (category.unique_count > 30) + 8.0 * is_pair
        told = [one for one in subjects if one.side is None or one.side.column != category.name]
        for rank, subject in enumerate(told[:1] if is_pair else told):
            signed = SIGNED * (rank > 0 and _may_lose(subject))
            yield _candidate(category, subject, order, 92 - 5 * place - 16 * rank - fewer + signed)
        if not (is_pair and subjects) and category.name not in side_by_side:
            yield _candidate(category, rows, order, 68 - 4 * place - fewer - (0 if not subjects else 8))


def propose_gaps(
    profile: TableProfile, numbers: Sequence[ColumnProfile], *, orders: Mapping[str, Order]
) -> Iterator[Candidate]:
    """Offer the averages that a category tells best, also of amounts: what smokers are charged, beside what all of them
    are charged together. A class of the number itself tells it too well."""
    columns = {one.name: one for one in profile.columns}
    spread = {name for choice in profile.choices for name in choice.columns}  # each is half a category
    told = [
        (one.strength, columns[one.column], columns[one.column2]) for one in profile.relations
        if one.kind == "correlation_ratio" and LEAST_TOLD <= one.strength < ALL_TOLD
    ]  # fmt: skip
    fit = [
        one for one in told
        if one[1] in numbers and one[2].pii is None and one[2].unique_count <= TOP_BARS and one[2].name not in spread
        and not set(name_words(one[1].name)) & set(name_words(one[2].name))
    ]  # fmt: skip
    for strength, number, category in sorted(fit, key=lambda one: -one[0])[:MOST_GAPS]:
        subject = subject_of(number.model_copy(update={"role": "average"}), profile)
        yield _candidate(category, subject, orders.get(category.name, ()), GAP + GAP_TOLD * strength)


def _may_lose(subject: Subject) -> bool:
    return subject.metric == "sum" and not subject.is_never_negative


def _candidate(category: ColumnProfile, subject: Subject, order: Order, score: float) -> Candidate:
    by = category.name
    whole = category.unique_count if _may_lose(subject) and category.unique_count <= MOST_SIGNED else len(order)
    limit = max(TOP_BARS, whole + (category.missing_count > 0))  # nothing is folded of a whole scale, nor what may lose
    share_metric = {"sum": "share_sum", "count": "share_rows"}.get(subject.metric)
    measures = [subject.measure(by=by, limit=limit)]
    column = subject.column.name if subject.column is not None else None
    if subject.is_average:
        measures.append(Measure(metric="correlation_ratio", column=column, column2=by, filters=subject.filters))
    if share_metric is not None:
        measures.append(
            Measure.model_validate(
                {"metric": share_metric, "column": column, "by": by, "limit": limit, "filters": subject.filters}
            )
        )
    return Candidate(
        type="bar",
        score=score,
        columns=(by, *subject.names),
        measures=tuple(measures),
        draw=partial(_draw, category, subject, order),
        gain=partial(_gain, subject),
    )


def _gain(subject: Subject, facts: Sequence[Fact]) -> float:
    """Return what bars gain by how much their groups explain of an average, or where some groups make a loss that the
    others make up for."""
    fact, beside = facts
    if subject.is_average:
        return EXPLAINING * float(beside.value) ** 2 if isinstance(beside.value, int | float) else 0.0
    assert isinstance(fact.value, tuple)
    values = [entry.value for entry in fact.value if entry.other is None and isinstance(entry.value, int | float)]
    return LOSING if values and min(values) < 0 < max(values) else 0.0


def _draw(category: ColumnProfile, subject: Subject, order: Order, facts: Sequence[Fact]) -> ChartSpec | None:
    fact, beside = facts
    shares, ratio = (None, beside) if subject.is_average else (beside, None)
    assert isinstance(fact.value, tuple)
    bars = [entry for entry in fact.value if isinstance(entry.value, int | float)]
    named = [entry for entry in bars if entry.key is not None and entry.other is None]
    if len(named) < 2 or _says_nothing(bars, shares) or (subject.column is None and _is_chance(named)):
        return None
    if ratio is not None and not _tells(ratio, groups=category.unique_count + (category.missing_count > 0)):
        return None
    if shares is not None and (_is_mostly_rest(bars) or (subject.column is not None and _is_only_rows(shares))):
        return None
    if subject.is_average and min(entry.n for entry in named) < FEWEST_ROWS:
        return None
    if any(entry.other for entry in fact.value) and subject.is_average and len(named) < TOP_BARS - 1:
        return None
    records = _records(fact, shares)
    places = _in_order(fact, order, len(records))
    first = next(index for index, entry in enumerate(fact.value) if entry.key is not None and entry.other is None)
    return assemble(
        "bar",
        Wording(
            title=title_of(category, subject, fact, shares, first),
            subtitle=subtitle_of(category, subject, fact, ratio),
            alt=f"Bars of {subject.slot} by {column_slot(category.name)}: {extremes(fact, subject.form)}.",
            note=subject.note,
            of_drawing=_without_values(fact),
        ),
        Axes(axis(category), subject.axis, subject.unit),
        records if places is None else [records[place] for place in places],
        cited=facts,
        points_total=fact.n,
        order=places,
    )


def _says_nothing(bars: Sequence[KeyedValue], shares: Fact | None) -> bool:
    """Whether one bar holds nearly all, or all bars are alike."""
    values = [float(entry.value) for entry in bars if not isinstance(entry.value, str | None)]
    if shares is not None and isinstance(shares.value, tuple):
        held = [entry.value for entry in shares.value if isinstance(entry.value, int | float)]
        if any(share > WHOLE_SHARE for share in held):
            return True
    alike = [value for value, entry in zip(values, bars, strict=True) if entry.other is None]
    return max(alike) - min(alike) <= (EQUAL if shares is None else CLOSE) * max(abs(value) for value in alike)


def _is_mostly_rest(bars: Sequence[KeyedValue]) -> bool:
    """Whether most of the whole lies in the bar of all further values, and none of the named ones stands out: from the
    others, or from what a further one has."""
    named = [float(str(entry.value)) for entry in bars if entry.other is None]
    rest = sum(float(str(entry.value)) for entry in bars if entry.other is not None)
    usual = rest / max(1, sum(entry.other or 0 for entry in bars))  # of the further ones
    return min(named) > 0 and rest > REST_SHARE * (rest + sum(named)) and max(named) < CLEAR_LEAD * min(*named, usual)


def _is_only_rows(shares: Fact) -> bool:
    """Whether an amount lies nearly all in one group, or parts between two, because the rows do, which its chart would
    not say."""
    assert isinstance(shares.value, tuple)
    parts = [(float(entry.value), entry.n) for entry in shares.value if isinstance(entry.value, int | float)]
    rows = sum(n for _, n in parts)
    return (
        rows > 0
        and (len(parts) == len(("one", "other")) or max(share for share, _ in parts) > PLAIN_SHARE)
        and all(abs(share - n / rows) <= MIRRORED for share, n in parts)
    )


def _is_chance(groups: Sequence[KeyedValue]) -> bool:
    """Whether groups of rows are no less alike than as many draws of equal chance would be (Poisson)."""
    counts = [entry.n for entry in groups]
    return max(counts) - min(counts) <= CHANCE * math.sqrt(sum(counts) / len(counts))


def _records(fact: Fact, shares: Fact | None) -> list[Record]:
    assert isinstance(fact.value, tuple)
    records: list[Record] = []
    taken: set[str] = set()
    drawn = len(fact.value) - _groups_without_values(fact)
    for place, entry in enumerate(fact.value):
        if place >= drawn:
            break
        name = _rest_name(entry, place, shares) if entry.other else _bar_name(entry.key, fact.measure, taken)
        taken.add(name)
        records.append({X: name, Y: entry.value})
    return records


def _in_order(fact: Fact, order: Order, drawn: int) -> tuple[int, ...] | None:
    """Return the places of the fact's drawn entries as their category's own order has them, rows without one last; None
    where it has no order, or not for all of them."""
    assert isinstance(fact.value, tuple)
    at: dict[Scalar, int] = {key: place for place, key in enumerate(order)} | {None: len(order)}
    entries = fact.value[:drawn]
    if not order or any(entry.other or entry.key not in at for entry in entries):
        return None
    return tuple(sorted(range(drawn), key=lambda place: at[entries[place].key]))


def _groups_without_values(fact: Fact) -> int:
    """Return how many groups have no value and no bar, as one of no length would say zero. They stand last, unless the
    bar of all further groups follows them."""
    assert isinstance(fact.value, tuple)
    return sum(entry.value is None for entry in fact.value) if not any(one.other for one in fact.value) else 0


def _without_values(fact: Fact) -> str:
    absent = _groups_without_values(fact)
    if not absent:
        return ""
    return f"{show(absent, None)} {'group has' if absent == 1 else 'groups have'} no value and no bar."


def _bar_name(key: Scalar, measure: Measure, taken: set[str]) -> str:
    name = show_key(key, measure)
    if len(name) > LONGEST_LABEL:
        name = name[: LONGEST_LABEL - 1] + "…"
    while name in taken:  # two long texts with one beginning
        name += " "
    return name or "(blank)"


def _rest_name(entry: KeyedValue, place: int, shares: Fact | None) -> str:
    share = None
    if shares is not None and isinstance(shares.value, tuple) and place < len(shares.value):
        share = shares.value[place].value
    part = f", {show(share, 'share')}" if isinstance(share, float) and 0 <= share <= 1 else ""
    return f"{OTHER} ({show(entry.other, None)} values{part})"


def _tells(ratio: Fact, *, groups: int) -> bool:
    """Whether an average depends on the category: in many rows even chance puts one group ahead, and the more groups
    there are, the more of the variance they explain by chance alone, which is taken off (Kelley 1935)."""
    return isinstance(ratio.value, float) and _explains(ratio.value**2, ratio.n, groups)


def _goes_by(entries: Sequence[KeyedValue], spread: Fact) -> bool:
    """The same of averages by the hour or the day of the week, from the spread of all values."""
    sizes = [entry.n for entry in entries]
    means = [float(str(entry.value)) for entry in entries]
    if not isinstance(spread.value, int | float) or not spread.value:
        return False
    middle = sum(n * mean for n, mean in zip(sizes, means, strict=True)) / sum(sizes)
    between = sum(n * (mean - middle) ** 2 for n, mean in zip(sizes, means, strict=True))
    return _explains(between / (sum(sizes) * float(spread.value) ** 2), sum(sizes), len(entries))


def _explains(share: float, rows: int, groups: int) -> bool:
    """Whether groups account for enough of the variance, of which chance alone would give them some."""
    return rows > groups and 1 - (1 - share) * (rows - 1) / (rows - groups) >= TELLING_SHARE


class _Cycle(NamedTuple):
    """What comes round and round: the days of a week, the hours of a day."""

    grain: Grain
    name: str
    preposition: str


_WEEK = _Cycle("weekday", "day of the week", "on")
_DAY = _Cycle("hour_of_day", "hour of the day", "at")


def propose_cycles(
    timeline: Timeline | None, columns: Sequence[ColumnProfile], subjects: Sequence[Subject]
) -> Iterator[Candidate]:
    """Offer the days of the week where the data is daily and long enough for each day to come up often, and the hours
    of the day, of the timeline's moments or of a column of times beside its dates. What is measured through the day
    goes by its hours, each of the subjects in its own way."""
    if timeline is None or timeline.last - timeline.first < DAYS_SEEN:
        return
    if timeline.step <= timedelta(days=2) and timeline.last - timeline.first >= WEEKS_SEEN:
        yield _cycle(_WEEK, timeline.column, subjects[0], score=52.0)
    moments = timeline.column.storage == "TIMESTAMP" and timeline.step <= MOST_BETWEEN_HOURS
    times = [column for column in columns if column.storage == "TIME" and column.unique_count >= FEWEST_TIMES]
    if not moments and len(times) != 1:
        return
    clock = timeline.column if moments else times[0]
    for rank, subject in enumerate(subjects):
        if subject.is_average:
            yield _cycle(_DAY, clock, subject, score=80.0 - 8 * rank)
        elif rank == 0:
            yield _cycle(_DAY, clock, subject, score=60.0)


def _cycle(cycle: _Cycle, column: ColumnProfile, subject: Subject, *, score: float) -> Candidate:
    measures = [subject.measure(by=column.name, grain=cycle.grain)]
    if subject.metric == "mean":
        measures.append(Measure(metric="std", column=subject.name, filters=subject.filters))
    columns = (column.name, *subject.names)
    return Candidate("bar", score, columns, tuple(measures), partial(_draw_cycle, cycle, subject))


def _draw_cycle(cycle: _Cycle, subject: Subject, facts: Sequence[Fact]) -> ChartSpec | None:
    fact, *spread = facts
    assert isinstance(fact.value, tuple)
    entries = [one for one in fact.value if one.key is not None and isinstance(one.value, int | float)]
    if len(entries) < 2 or _says_nothing(entries, None) or (subject.column is None and _is_chance(entries)):
        return None
    if spread and not _goes_by(entries, spread[0]):
        return None
    return assemble(
        "bar",
        Wording(
            title=subject.title(_of_cycle(cycle, subject, fact, entries)),
            subtitle=f"{'Rows' if subject.column is None else subject.how} by {cycle.name}, "
            f"over {{{fact.id}|n}} values",
            alt=f"Bars of {subject.slot} by {cycle.name}: {extremes(fact, subject.form)}.",
            note=subject.note,
        ),
        Axes(cycle.name[:1].upper() + cycle.name[1:], subject.axis, subject.unit),
        [{X: show_key(entry.key, fact.measure), Y: entry.value} for entry in entries],
        cited=[fact],
        points_total=fact.n,
    )


def _of_cycle(cycle: _Cycle, subject: Subject, fact: Fact, entries: Sequence[KeyedValue]) -> str:
    """Return what a title says behind its subject: which day or hour is highest, or of averages the lowest."""
    assert isinstance(fact.value, tuple)
    values = [float(entry.value) for entry in entries if isinstance(entry.value, int | float)]
    is_far = not subject.is_average or max(values) >= FAR * median(values)
    if leads(sorted(values, reverse=True)) and is_far:
        end, place = "highest", fact.value.index(entries[values.index(max(values))])
    elif subject.is_average and trails(values):
        end, place = "lowest", fact.value.index(entries[values.index(min(values))])
    else:
        return f" by {cycle.name}"
    return f" is {end} {cycle.preposition} {{{fact.id}[{place}].key}}: {{{fact.id}[{place}].value{subject.form}}}"
