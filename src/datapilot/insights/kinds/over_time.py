"""What changes with time: a steady trend, a step to a new level, a last period unlike the earlier ones.

Series are whole periods only. Trend: Theil-Sen slope with the Mann-Kendall test, its variance widened for memory
(statistics.trend). Step: the greatest two-sample t over all splits
(Worsley 1979). A series shows one of the two, whichever leaves less unexplained. Last
period: its change against the distribution of the earlier ones, in robust standard deviations (Student's t).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.engine.p_values import t_tail
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.owners import owner
from datapilot.insights.phrases import (
    among,
    entries,
    entry_slot,
    fact_slot,
    number,
    p_text,
    records,
    rows_text,
    spelled_out,
    told_in_turn,
)
from datapilot.insights.statistics import Floats, Ints, Test, level_shift, median, spearman, trend
from datapilot.insights.subjects import Quantity, Subjects
from datapilot.insights.timeline import Timeline
from datapilot.words.meanings import names_origin

LEAST_TAU = 0.3
LEAST_CHANGE = 0.2  # of the mean level, from the first to the last period
LEAST_STEP = 0.15
MANY_MORE = 1.2  # records behind one total than behind another
_LEAST_PER_PERIOD = 3  # rows behind each mean
_LEAST_KNOWN = 0.8  # of the periods have so many
_FEWEST_KNOWN = 10
LEAST_FOLLOWED = 0.1  # of the records; smaller groups are too thin per period
MOST_FOLLOWED = 0.7  # larger ones repeat what all records show
_GROUPS_FOLLOWED = 6  # values of a category whose own series are looked at
_CENSORED = 0.1  # share of open ends above which recent durations are too short to compare
_SHIFT_PERIODS = 12
_CLEAR = 1e-4  # a trend or a step so clear is not looked for again
_YEAR_OF = {"day": 365, "week": 52, "month": 12, "quarter": 4}  # periods
_OF_STEP = 0.5  # that must be left of it against the same periods of another year
_TWO_YEARS = 730.0  # days
_FAR = 2.0  # the ends against the whole slope; further off, they are no picture of the trend
LEAST_DRIFT = 0.3
MOST_TURNED_BACK = 0.4  # of the range of the periods
_FEWEST_DRIFTING = 60  # rows
_VARIED = 0.15  # of the mean; the lengths of months alone vary by 0.03


class _Series(NamedTuple):
    """One number per whole period that has enough records. `quantity=None` counts records; `of` says how a quantity
    is put together; `places` are the positions of the values among the timeline's periods."""

    timeline: Timeline
    values: Floats
    places: Ints
    quantity: Quantity | None
    of: str
    where: tuple[Filter, ...]
    share: float
    n: int
    mask: np.ndarray

    def measure(self, metric: str) -> Measure:
        filters = (self.timeline.whole, *self.where, *(self.quantity.filters if self.quantity else ()))
        keyed = metric == "each"
        return Measure.model_validate({
            "metric": self.of if keyed else metric,
            "of": None if keyed else self.of,
            "column": self.quantity.column if self.quantity else None,
            "minus": self.quantity.minus if self.quantity else None,
            "by": self.timeline.clock.column, "grain": self.timeline.grain, "filters": filters,
        })  # fmt: skip

    def when(self, fact: Fact, index: int) -> str:
        """Return the template "in Mar 2024" for an entry by period."""
        return f"{self.timeline.at} {entry_slot(fact, index, 'key')}"

    @property
    def columns(self) -> tuple[str, ...]:
        own = self.quantity.columns if self.quantity else ()
        return tuple(dict.fromkeys((*own, *(one.column for one in self.where), self.timeline.clock.column)))

    @property
    def least_rows(self) -> int:
        """How many rows a period needs for its mean to be told."""
        return _least_rows(self.timeline.per_period(mask=self.mask))

    @property
    def about(self) -> str:
        """What is counted or measured, whatever the group: all groups rising together are one finding."""
        return f"{self.quantity.key}" if self.quantity else "records"

    @property
    def group(self) -> Scalar:
        """The value of a category whose records these are, "" for all records."""
        value = self.where[0].value if self.where else ""
        return value if not isinstance(value, tuple) else None

    def repeats(self, movement: str) -> str:
        """Return what would be told again: of a group the way of all, of all the way that totals go with each other."""
        if self.where:
            return movement
        return f"totals {movement.rpartition(' ')[2]}" if self.of != "mean" else ""

    @property
    def name(self) -> str:
        """Template: "records", "total revenue", "average cost for Hardware"."""
        who = ""
        if self.where:
            value = self.where[0].value
            label = value if not isinstance(value, tuple) else None
            if self.quantity is None:
                return records(self.where[0].column, label)
            who = f" {among(self.where[0].column, label)}"
        if self.quantity is None:
            return "records"
        if self.of == "mean":
            return (f"average {self.quantity.name}" if self.least_rows > 1 else self.quantity.name) + who
        return self.quantity.total + who


def find_changes(subjects: Subjects, timeline: Timeline | None) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield every test of a series along the main clock, with the candidate it supports if any."""
    if timeline is None:
        return
    for series in _all_series(subjects, timeline):
        yield from _tests(subjects, series)


def _all_series(subjects: Subjects, timeline: Timeline) -> Iterator[_Series]:
    everyone = np.zeros(len(subjects.cells.rows), dtype=np.int64)
    yield from _series(subjects, timeline, everyone, {0: ()})
    for category in subjects.categories:
        if category.is_personal:
            continue
        labels, counts = category.codes.labels[:_GROUPS_FOLLOWED], category.codes.counts
        followed = {
            code: (Filter(column=category.column, op="eq", value=label),)
            for code, label in enumerate(labels)
            if LEAST_FOLLOWED <= float(counts[code]) / len(everyone) <= MOST_FOLLOWED
        }
        yield from _series(subjects, timeline, category.codes.codes, followed)


def _series(
    subjects: Subjects, timeline: Timeline, codes: Ints, followed: Mapping[int, tuple[Filter, ...]]
) -> Iterator[_Series]:
    """Yield the series of the groups that are followed, whose rows are those of the code, and whose condition."""
    if not followed:
        return
    counted = timeline.per_group(codes)
    tallies = [
        (quantity, timeline.per_group(codes, mask=known), timeline.per_group(codes, quantity.values, mask=known))
        for quantity in subjects.own_quantities
        if quantity.minus is None or _open_share(subjects, quantity) <= _CENSORED
        for known in (quantity.is_known,)
    ]
    everywhere = np.arange(counted.shape[1])
    adds_up = not names_origin(timeline.clock.column)  # how many houses of a year are left is no course of events
    for code, where in followed.items():
        counts, mask = counted[code], codes == code
        share = float(mask.mean())
        # One record a period (a daily series of measurements) says nothing by its number.
        if adds_up and counts.max() > 1 and counts.sum() >= 3 * len(counts):
            yield _Series(timeline, counts, everywhere, None, "count", where, share, int(counts.sum()), mask)
        for quantity, known, added in tallies:
            rows, sums = known[code], added[code]
            if adds_up and quantity.adds_up and (not where or not _is_priced(counts)):
                yield _Series(timeline, sums, everywhere, quantity, "sum", where, share, int(rows.sum()), mask)
            places = np.flatnonzero(rows >= _least_rows(counts))
            is_told = len(places) >= max(_FEWEST_KNOWN, _LEAST_KNOWN * len(rows))
            if is_told and (not quantity.adds_up or _is_priced(counts)):
                means = sums[places] / rows[places]
                yield _Series(timeline, means, places, quantity, "mean", where, share, int(rows.sum()), mask)


def _least_rows(counts: Floats) -> int:
    """Return how many rows a period needs for its mean: where each has one, that is the value itself."""
    return _LEAST_PER_PERIOD if counts.max() > 1 else 1


def _is_priced(counts: Floats) -> bool:
    """Whether periods hold records in varying number, so that their mean tells something else than their sum."""
    return float(np.std(counts)) >= _VARIED * float(np.mean(counts))


def _open_share(subjects: Subjects, quantity: Quantity) -> float:
    return next(one.missing_share for one in subjects.profile.columns if one.name == quantity.column)


def _tests(subjects: Subjects, series: _Series) -> Iterator[tuple[Test, Candidate | None]]:
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
        is_lasting = is_sudden and not _is_season(series, step.at, gap) and not _keeps_its_part(series, step.at)
        fits = step_error < linear_error and abs(gap) >= LEAST_STEP * level and is_lasting
        is_clear = fits and step.p_value <= _CLEAR
        step_error = step_error if step.p_value <= _CLEAR else np.inf
        yield (
            Test(step.p_value, gap / level, periods),
            _step(subjects, series, step.at, gap, step.p_value) if fits else None,
        )
    fits = abs(line.tau) >= LEAST_TAU and abs(rise) >= LEAST_CHANGE * level and linear_error <= step_error
    fits = fits and not _keeps_its_part(series, periods // 2)
    is_clear = is_clear or (fits and line.p_value <= _CLEAR)
    yield (
        Test(line.p_value, line.tau, periods),
        _trend(subjects, series, line.tau, rise / level, line.p_value) if fits else None,
    )
    if series.of == "mean" and not is_clear:
        yield from _drift(subjects, series)
    if not series.where and series.of in {"count", "sum"} and values.min() > 0:
        last = _last_change(series)
        if last is not None:
            yield last


def _keeps_its_part(series: _Series, at: int) -> bool:
    """Whether the records of a group only go with all others: their part before a period and from it on is the same."""
    if not series.where or series.quantity is not None:
        return False
    everybody = series.timeline.per_period()[series.places]
    before, after = (
        float(series.values[side].sum()) / max(float(everybody[side].sum()), 1.0)
        for side in (slice(at), slice(at, None))
    )
    return min(before, after) * SAME_PART > max(before, after)


def _is_season(series: _Series, at: int, gap: float) -> bool:
    """Whether a step of less than a year is small against the same periods of the year before or after: the last
    quarter of a year is high in every shop."""
    year, values = _YEAR_OF.get(series.timeline.grain, len(series.values)), series.values
    short = [side for side in (slice(0, at), slice(at, len(values))) if side.stop - side.start < year]
    for side in short:
        moved = year if side.start == 0 else -year
        other = slice(side.start + moved, side.stop + moved)
        if other.start < 0 or other.stop > len(values):
            continue
        difference = (median(values[side]) - median(values[other])) * (-1 if side.start == 0 else 1)
        if difference * np.sign(gap) < _OF_STEP * abs(gap):
            return True
    return False


def _drift(subjects: Subjects, series: _Series) -> Iterator[tuple[Test, Candidate | None]]:
    """Test the records one by one along the clock: few periods, or a leap among them, hide what hundreds of rows show.

    Spearman's rank correlation with time, on the rows that count as independent (statistics.spearman).
    """
    assert series.quantity is not None
    days, places = series.timeline.clock.days, series.quantity.places
    ordered = series.timeline.order
    rows = ordered[(series.mask & series.quantity.is_known)[ordered]]
    if len(rows) < _FEWEST_DRIFTING:
        return
    test = spearman(days[rows], places[rows])
    yield test, _drifting(subjects, series, test) if abs(test.effect) >= LEAST_DRIFT else None


def _drifting(subjects: Subjects, series: _Series, test: Test) -> Candidate:
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
            f"{series.name} by {grain}: {shown}.{_could_be_season(series)}{_spelled_out(series)}{_left_out(series)}"
        )
        what = _advice(series, up=is_up, last=entry_slot(fact, last))
        story = _between(series, fact, first, last, up=is_up)
        return Wording(headline, detail, owner(*series.columns), what, story=story)

    movement = _movement(series, up=is_up)
    return Candidate(
        kind="trend", columns=series.columns, measures=(each,), word=word, impact=series.share,
        effect=min(1.0, abs(test.effect)), n=test.n, p_value=test.p_value,
        statistics=f"Spearman ρ with time = {test.effect:.2f}, {p_text(test.p_value)}, "
        f"{rows_text(test.n, is_sample=subjects.cells.is_sample)}",
        subject=_subject(series), tells="" if series.where else movement, repeats=series.repeats(movement),
        group=series.group,
    )  # fmt: skip


def turned_back(values: Floats, *, up: bool) -> float:
    """Return the largest move against a direction."""
    path = values if up else -values
    return float((np.maximum.accumulate(path) - path).max())


def _turns_back(values: list[float], *, up: bool) -> float:
    """Return the largest move against the direction, of the whole range: a year's rise and fall is no drift."""
    return turned_back(np.array(values), up=up) / (float(np.ptp(values)) or 1.0)


def _error(values: Floats) -> float:
    return median(np.abs(values - median(values))) if len(values) else 0.0


def _trend(subjects: Subjects, series: _Series, tau: float, rise: float, p_value: float) -> Candidate:
    slope, each = series.measure("slope"), series.measure("each")

    def word(facts: Facts) -> Wording | None:
        found = number(facts, slope.fact_id)
        parts = [
            part for part in entries(facts[each.fact_id]) if series.of != "mean" or part[3] >= series.least_rows
        ]  # the average of one record is no beginning
        if not found or len(parts) < 3 or np.sign(found) != np.sign(tau):
            return None
        fact, (first, _, start, _), (last, _, end, _) = facts[each.fact_id], parts[0], parts[-1]
        grain = series.timeline.grain
        verb = "grew" if found > 0 else "fell"
        unit = "" if series.of == "mean" else f" per {grain}"
        step = f"about {fact_slot(facts[slope.fact_id], 'abs|step')} each {grain}"
        whole = found * (len(series.timeline.keys) - 1)
        if np.sign(end - start) == np.sign(found) and 1 / _FAR <= (end - start) / whole <= _FAR:
            headline = (
                f"{series.name}{unit} {verb} from {entry_slot(fact, first)} {series.when(fact, first)} "
                f"to {entry_slot(fact, last)} {series.when(fact, last)}"
            )
            detail = f"The typical step on the way is {step} (median).{_behind(series, fact, first, last)}"
            detail += _spelled_out(series) + _left_out(series)
            story = _between(series, fact, first, last, up=found > 0)
        else:
            headline = (
                f"{series.name}{unit} {verb} by {step} "
                f"from {entry_slot(fact, first, 'key')} to {entry_slot(fact, last, 'key')}"
            )
            detail = f"Single {grain}s scatter around the trend.{_behind(series, fact, first, last)}"
            detail += _spelled_out(series) + _left_out(series)
            more = "more" if found > 0 else "less"
            story = (
                f"From {entry_slot(fact, first, 'key')} to {entry_slot(fact, last, 'key')}, each {grain} brought "
                f"{step.removesuffix(f' each {grain}')} {more} in {series.name}."
            )
        has_more = bool(_behind(series, fact, first, last))
        what = _advice(series, up=found > 0, last=entry_slot(fact, last), has_more_records=has_more)
        return Wording(headline, detail, owner(*series.columns), what, story=story)

    movement = _movement(series, up=tau > 0)
    return Candidate(
        kind="trend",
        columns=series.columns,
        measures=(slope, each),
        word=word,
        impact=series.share,
        effect=min(1.0, abs(tau) * min(1.0, 0.4 + abs(rise))),
        n=series.n,
        p_value=p_value,
        statistics=f"Mann–Kendall τ = {tau:.2f}, {p_text(p_value)}, {len(series.values)} {series.timeline.grain}s, "
        f"{rows_text(series.n, is_sample=subjects.cells.is_sample)}",
        subject=_subject(series),
        tells="" if series.where else movement,
        repeats=series.repeats(movement),
        group=series.group,
    )


def _between(series: _Series, fact: Fact, first: int, last: int, *, up: bool) -> str:
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


def _could_be_season(series: _Series) -> str:
    return season_caution(series.timeline) if series.of == "mean" and not series.where else ""


def _behind(series: _Series, fact: Fact, first: int, last: int) -> str:
    """Return how many records stand behind two periods of a total, where their number moved too."""
    if series.of != "sum" or not isinstance(fact.value, tuple):
        return ""
    early, late = fact.value[first].n, fact.value[last].n
    if min(early, late) <= 0 or max(early, late) < MANY_MORE * min(early, late):
        return ""
    return f" The two figures rest on {entry_slot(fact, first, 'n')} and {entry_slot(fact, last, 'n')} records."


def _spelled_out(series: _Series) -> str:
    return spelled_out(series.quantity) if series.quantity is not None else ""


def _left_out(series: _Series) -> str:
    timeline = series.timeline
    if not (timeline.dropped_first or timeline.dropped_last):
        return ""
    which = "first and last" if timeline.dropped_first and timeline.dropped_last else (
        "first" if timeline.dropped_first else "last"
    )  # fmt: skip
    plural = "s are" if which == "first and last" else " is"
    return f" The {which} {timeline.grain}{plural} incomplete and left out."


def _step(subjects: Subjects, series: _Series, index: int, gap: float, p_value: float) -> Candidate:
    each = series.measure("each")
    keys = [series.timeline.keys[place] for place in series.places]
    level = float(np.mean(np.abs(series.values))) or 1.0

    def word(facts: Facts) -> Wording | None:
        fact = facts[each.fact_id]
        parts = {key: (position, value) for position, key, value, _ in entries(fact)}
        if keys[index] not in parts or keys[index - 1] not in parts:
            return None
        before = [value for key, (_, value) in parts.items() if str(key) < keys[index]]
        after = [value for key, (_, value) in parts.items() if str(key) >= keys[index]]
        (old, old_value), (new, new_value) = parts[keys[index - 1]], parts[keys[index]]
        if not before or np.sign(np.median(after) - np.median(before)) != np.sign(gap):
            return None
        if np.sign(new_value - old_value) != np.sign(gap):
            return None
        verb = "jumped" if gap > 0 else "dropped"
        grain = series.timeline.grain
        stayed = _stayed(before, after, grain, up=gap > 0)
        unit = "" if series.of == "mean" else f" per {grain}"
        usual, since = _middle_entry(parts, keys[:index]), _middle_entry(parts, keys[index:])
        headline = (
            f"{series.name} {verb} {series.when(fact, new)}: usually {entry_slot(fact, usual)}{unit} before, "
            f"{entry_slot(fact, since)} since"
        )
        detail = (
            f"It went from {entry_slot(fact, old)} {series.when(fact, old)} to {entry_slot(fact, new)}"
            f"{stayed}.{_behind(series, fact, usual, since)}{_spelled_out(series)}{_left_out(series)}"
        )
        what = _advice(series, up=gap > 0, at=entry_slot(fact, new, "key"))
        story = (
            f"Before {entry_slot(fact, new, 'key')} {series.name} usually stood at {entry_slot(fact, usual)}{unit}, "
            f"since then at {entry_slot(fact, since)}."
        )
        return Wording(headline, detail, owner(*series.columns), what, story=story)

    movement = _movement(series, up=gap > 0)
    return Candidate(
        kind="change_point",
        columns=series.columns,
        measures=(each,),
        word=word,
        impact=series.share,
        effect=min(1.0, 0.35 + abs(gap) / level / 2),
        n=series.n,
        p_value=p_value,
        statistics=f"greatest t of all splits {p_text(p_value)}, {len(series.values)} {series.timeline.grain}s, "
        f"{rows_text(series.n, is_sample=subjects.cells.is_sample)}",
        subject=_subject(series),
        tells="" if series.where else movement,
        repeats=series.repeats(movement),
        group=series.group,
    )


def _middle_entry(parts: dict[Scalar, tuple[int, float]], keys: Sequence[str]) -> int:
    """Return the place of the period whose value is the (lower) median of these."""
    ordered = sorted((parts[key][1], parts[key][0]) for key in keys if key in parts)
    return ordered[(len(ordered) - 1) // 2][1]


def _stayed(before: list[float], after: list[float], grain: str, *, up: bool) -> str:
    if up and min(after) > max(before):
        return f", and stayed above all earlier {grain}s"
    if not up and max(after) < min(before):
        return f", and stayed below all earlier {grain}s"
    return ""


def _last_change(series: _Series) -> tuple[Test, Candidate | None] | None:
    steps = np.diff(np.log(series.values))
    earlier = steps[:-1]
    if len(earlier) < FEWEST_STEPS:
        return None
    spread = max(float(np.std(earlier, ddof=1)), 1.4826 * float(np.median(np.abs(earlier - np.median(earlier)))))
    if spread <= 0:
        return None
    z = float((steps[-1] - np.median(earlier)) / (spread * (1 + 1 / len(earlier)) ** 0.5))
    p_value = t_tail(z, len(earlier) - 1)
    size = abs(float(np.expm1(steps[-1])))
    test = Test(p_value, size, len(series.values))
    if size < LEAST_STEP or abs(steps[-1]) <= np.abs(earlier).max():
        return test, None
    return test, _last_candidate(series, size, p_value, up=steps[-1] > 0)


FEWEST_STEPS = 10
SAME_PART = 1.2  # times the smaller part


def _last_candidate(series: _Series, size: float, p_value: float, *, up: bool) -> Candidate:
    last, before = (
        series.timeline.within(at, at) for at in (len(series.timeline.keys) - 1, len(series.timeline.keys) - 2)
    )
    own = (*series.where, *(series.quantity.filters if series.quantity else ()))
    change = Measure.model_validate({
        "metric": "change", "of": series.of, "column": series.quantity.column if series.quantity else None,
        "minus": series.quantity.minus if series.quantity else None,
        "filters": (last, *own), "baseline": (before, *own),
    })  # fmt: skip
    each = series.measure("each")

    def word(facts: Facts) -> Wording | None:
        found = number(facts, change.fact_id)
        parts = entries(facts[each.fact_id])
        if found is None or len(parts) < FEWEST_STEPS or (found > 0) != up:
            return None
        changes = np.abs(np.diff(np.log([max(value, 1e-12) for _, _, value, _ in parts])))
        if changes[-1] <= changes[:-1].max():
            return None
        fact, (old, _, _, _), (new, _, _, _) = facts[each.fact_id], parts[-2], parts[-1]
        verb = "rose" if up else "fell"
        headline = (
            f"{series.name} {verb} {fact_slot(facts[change.fact_id], 'abs')} {series.when(fact, new)}: "
            f"{entry_slot(fact, new)} after {entry_slot(fact, old)} {series.when(fact, old)}"
        )
        detail = f"No earlier change from one whole {series.timeline.grain} to the next was as large."
        detail += _spelled_out(series) + _left_out(series)
        what = _advice(series, up=up, at=entry_slot(fact, new, "key"))
        story = (
            f"{series.when(fact, new)}, {series.name} came to {entry_slot(fact, new)}, "
            f"{fact_slot(facts[change.fact_id], 'abs')} {'more' if up else 'less'} than {series.when(fact, old)}."
        )
        return Wording(headline, detail, owner(*series.columns), what, story=story)

    return Candidate(
        kind="period_change", columns=series.columns, measures=(change, each), word=word, impact=series.share,
        effect=min(1.0, 0.4 + size), n=series.n, p_value=p_value,
        statistics=f"change against the {len(series.values) - 2} earlier ones, {p_text(p_value)}",
        subject=_subject(series),
    )  # fmt: skip


def _movement(series: _Series, *, up: bool) -> str:
    """All groups rising together are one finding: that of the whole table."""
    return f"{series.about} {'up' if up else 'down'}"


def _subject(series: _Series) -> tuple[str, ...]:
    return (f"{series.quantity.key}" if series.quantity else "records",)


def _advice(
    series: _Series, *, up: bool, at: str | None = None, last: str | None = None, has_more_records: bool = False
) -> str:
    if at is not None:
        return f"Find out what changed around {at}, and whether it is meant to last."
    if _could_be_season(series):
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
