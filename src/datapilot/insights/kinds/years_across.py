"""Years, quarters or months that stand beside each other, a column each: "The total over all records grew from 99.7M
in 1962 to 3.42bn in 2020", and of rows that have names the one that went furthest: "IT rose most: from 60,112 in
January to 87,300 in December".

Effect: Spearman's rho of the columns' totals (or means, where they do not add up) with time; only nearly steady
series are told. The totals are all there is, no sample of years, so chance has no part in it. Columns with very
different holes are not compared. A row's way is tested by Mann & Kendall, its p-value multiplied by the number of
rows, and told where it does not turn back and goes twice as far as half of the others.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Filter, Measure, Metric
from datapilot.contracts.profile import ColumnProfile
from datapilot.engine.p_values import normal_tail
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.series import turned_back
from datapilot.insights.series_tests import trend
from datapilot.insights.statistics import Floats, pearson, ranks
from datapilot.insights.subjects.cells import Codes
from datapilot.insights.subjects.row_names import names_rows
from datapilot.insights.subjects.subjects import Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, number
from datapilot.words.render import column_slot, value_slot
from datapilot.words.time_columns import FEWEST_PERIODS, is_day

LEAST_RHO = 0.85
LEAST_CHANGE = 0.2  # of the mean level, from the first to the last year
FEWEST_COMPARED = 8  # columns of a row
FEWEST_ROWS = 5
MOSTLY_KNOWN = 0.9  # of the rows have both ends
LEAST_MOVED = 0.2  # of a row, as a logarithm
LEAST_PART = 0.1  # of an equal part
AHEAD = 2.0  # as far as half of the others went
CERTAIN = 0.01
MOST_BACK = 0.4  # of the range
MOST_UNLIKE_HOLES = 0.1  # of the cells, between the fullest and the emptiest column
_LISTED = 6


def find_years_across(subjects: Subjects) -> Iterator[Candidate]:
    """Yield how the totals of columns that are named by years move, if there are any."""
    columns = list(subjects.times)
    if len(columns) < FEWEST_PERIODS:
        return
    holes = [column.missing_share for column in columns]
    if max(holes) - min(holes) > MOST_UNLIKE_HOLES:
        return
    stats = [subjects.profile.numeric[column.name] for column in columns]
    adds_up = all(column.role == "sum" for column in columns)
    levels = np.array([(one.sum if adds_up else one.mean) or 0.0 for one in stats], dtype=np.float64)
    if np.ptp(levels) == 0:
        return
    rho = pearson(ranks(levels), np.arange(len(levels), dtype=np.float64))
    rise = float(levels[-1] - levels[0]) / (float(np.mean(np.abs(levels))) or 1.0)
    if abs(rho) >= LEAST_RHO and abs(rise) >= LEAST_CHANGE:
        yield _candidate(subjects, columns, rho, adds_up=adds_up)
    yield from _moved_most(subjects, [column for column in columns if column.name in subjects.cells.numbers])


def _moved_most(subjects: Subjects, columns: list[ColumnProfile]) -> Iterator[Candidate]:
    """Yield the row that went furthest one way, if rows have names and it did not only go to and fro."""
    name = names_rows(subjects.profile)
    if name is None or len(columns) < FEWEST_COMPARED or subjects.cells.is_sample:
        return
    values = np.column_stack([subjects.cells.numbers[column.name] for column in columns])
    ends = values[:, [0, -1]]
    fit = np.flatnonzero(np.isfinite(ends).all(axis=1) & (np.nan_to_num(ends).min(axis=1) > 0))
    if len(fit) < max(FEWEST_ROWS, MOSTLY_KNOWN * len(values)):
        return
    ways, size = np.log(values[fit, -1] / values[fit, 0]), ends[fit].mean(axis=1)
    at = int(np.argmax(np.abs(ways)))
    series, others = values[fit[at]], np.delete(np.abs(ways), at)
    # A small row goes far for little, and then none is told: that another went furthest would not be true.
    matters = size[at] >= LEAST_PART * size.mean() and bool(np.isfinite(series).all())
    is_alone = abs(ways[at]) >= LEAST_MOVED and abs(ways[at]) >= AHEAD * float(np.median(others))
    codes = subjects.cells.codes[name.name]
    is_one = int(codes.counts[codes.codes[fit[at]]]) == 1
    if not matters or not is_alone or not is_one:
        return
    goes_on = turned_back(series, up=bool(ways[at] > 0)) <= MOST_BACK * float(np.ptp(series))
    if goes_on and _by_chance(series) * len(fit) <= CERTAIN:
        yield _mover(name.name, columns, codes, int(fit[at]), float(ways[at]))


def _by_chance(series: Floats) -> float:
    """Return the p-value of a row's way by Mann & Kendall: how long a row remembers, a dozen columns do not tell."""
    n = len(series)
    pairs = n * (n - 1) / 2
    s = abs(trend(series).tau) * pairs
    return normal_tail(max(s - 1, 0.0) / np.sqrt(pairs * (2 * n + 5) / 9))


def _mover(name: str, columns: list[ColumnProfile], codes: Codes, row: int, way: float) -> Candidate:
    label = codes.labels[codes.codes[row]]
    member = Filter(column=name, op="eq", value=label)
    shown = [*columns[:1], *columns[-_LISTED:]] if len(columns) > _LISTED else columns
    measures = [Measure(metric="sum", column=column.name, filters=(member,)) for column in shown]

    def word(facts: Facts) -> Wording | None:
        first, last = (number(facts, one.fact_id) for one in (measures[0], measures[-1]))
        if first is None or last is None or (last > first) != (way > 0):
            return None
        start, end = (fact_slot(facts[one.fact_id]) for one in (measures[0], measures[-1]))
        verb = "rose" if way > 0 else "fell"
        at = "on" if is_day(shown[0].name) else "in"
        ends = f"from {start} {at} {column_slot(shown[0].name)} to {end} {at} {column_slot(shown[-1].name)}"
        headline = f"{value_slot(label)} {verb} most: {ends}"
        listed = ", ".join(
            f"{column_slot(column.name)} ({fact_slot(facts[one.fact_id])})"
            for column, one in list(zip(shown, measures, strict=True))[1:]
        )
        what = f"Ask what is behind it for {value_slot(label)}, and whether the others are to follow."
        story = f"No other {column_slot(name)} {verb} as far as {value_slot(label)}: {ends}."
        detail = f"Each {column_slot(name)} is measured against where it began. The last ones: {listed}."
        return Wording(headline, detail, owner(name, default="finance"), what, story=story)

    return Candidate(
        kind="mover", columns=(shown[0].name, shown[-1].name, name), measures=tuple(measures), word=word, impact=0.6,
        effect=min(1.0, 0.5 + abs(way) / 3), n=len(columns), group=label,
        statistics=f"Mann–Kendall over {len(columns)} columns, over all rows at most {CERTAIN}",
    )  # fmt: skip


def _candidate(subjects: Subjects, columns: list[ColumnProfile], rho: float, *, adds_up: bool) -> Candidate:
    metric: Metric = "sum" if adds_up else "mean"
    shown = [columns[0], *columns[-_LISTED:]] if len(columns) > _LISTED else columns
    kept = (subjects.profile.left_out,) if subjects.profile.left_out else ()
    measures = [Measure(metric=metric, column=column.name, filters=kept) for column in shown]

    def word(facts: Facts) -> Wording | None:
        first, last = (number(facts, one.fact_id) for one in (measures[0], measures[-1]))
        if first is None or last is None or np.sign(last - first) != np.sign(rho):
            return None
        what = "the total over all records" if adds_up else "the average of all records"
        verb = "grew" if last > first else "fell"
        start, end = (fact_slot(facts[one.fact_id]) for one in (measures[0], measures[-1]))
        at = "on" if is_day(shown[0].name) else "in"
        headline = (
            f"{what} {verb} from {start} {at} {column_slot(shown[0].name)} to {end} {at} {column_slot(shown[-1].name)}"
        )
        listed = ", ".join(
            f"{column_slot(column.name)} ({fact_slot(facts[one.fact_id])})"
            for column, one in list(zip(shown, measures, strict=True))[1:]
        )
        advice = "Find the records that moved most between the two: they carry the change."
        ends = f"{start} {at} {column_slot(shown[0].name)} and {end} {at} {column_slot(shown[-1].name)}"
        who = owner(shown[-1].name, default="finance")
        story = f"Over all records {'the total' if adds_up else 'the average'} was {ends}."
        return Wording(headline, f"The last ones: {listed}.", who, advice, story=story)

    return Candidate(
        kind="trend", columns=(shown[0].name, shown[-1].name), measures=tuple(measures), word=word, impact=1.0,
        effect=min(1.0, abs(rho)), n=subjects.rows,
        statistics=f"Spearman ρ with time = {rho:.2f}, {len(columns)} columns",
    )  # fmt: skip
