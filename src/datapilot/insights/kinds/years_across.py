"""Years, quarters or months that stand beside each other, a column each: "The total over all records grew from 99.7M
in 1962 to 3.42bn in 2020".

Effect: Spearman's rho of the columns' totals (or means, where they do not add up) with time; only nearly steady
series are told. The totals are all there is, no sample of years, so chance has no part in it. Columns with very
different holes are not compared.
"""

import re
from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Measure, Metric
from datapilot.contracts.profile import ColumnProfile
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.owners import owner
from datapilot.insights.phrases import fact_slot, number
from datapilot.insights.statistics import pearson, ranks
from datapilot.insights.subjects import Subjects
from datapilot.words.render import column_slot

FEWEST_PERIODS = 6
LEAST_RHO = 0.85
LEAST_CHANGE = 0.2  # of the mean level, from the first to the last year
MOST_UNLIKE_HOLES = 0.1  # of the cells, between the fullest and the emptiest column
_YEAR = re.compile(r"[XxYy]?_?(?P<year>1[89]\d{2}|20\d{2})(?:[-_/ ]?(?:[QqMm]?(?P<part>\d{1,2})))?")
_MONTH = re.compile(r"(?P<month>[A-Za-z]{3,9})\.?(?:[-_/ ]?(?P<year>(?:20)?\d{2}))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december")  # fmt: skip
_LISTED = 6


def find_years_across(subjects: Subjects) -> Iterator[Candidate]:
    """Yield how the totals of columns that are named by years move, if there are any."""
    columns = _years(subjects)
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


def _years(subjects: Subjects) -> list[ColumnProfile]:
    """Return the numeric columns named by a year, or a part of one, in the order of time."""
    found: dict[tuple[int, int], ColumnProfile] = {}
    for column in subjects.profile.columns:
        period = _period_of(column.name.strip())
        if period and column.role in {"sum", "average"} and column.name in subjects.profile.numeric:
            found.setdefault(period, column)
    return [found[period] for period in sorted(found)]


def _period_of(name: str) -> tuple[int, int] | None:
    """Return (year, part of the year) of a column's name, 0 for what it does not say; None where it is no period."""
    if match := _YEAR.fullmatch(name):
        return int(match["year"]), int(match["part"] or 0)
    if match := _MONTH.fullmatch(name):
        word = match["month"].lower()
        month = next((at for at, names in enumerate(zip(_MONTHS, _FULL_MONTHS, strict=True), 1) if word in names), None)
        return (int(match["year"] or 0), month) if month else None
    return None


def _candidate(subjects: Subjects, columns: list[ColumnProfile], rho: float, *, adds_up: bool) -> Candidate:
    metric: Metric = "sum" if adds_up else "mean"
    shown = [columns[0], *columns[-_LISTED:]] if len(columns) > _LISTED else columns
    measures = [Measure(metric=metric, column=column.name) for column in shown]

    def word(facts: Facts) -> Wording | None:
        first, last = (number(facts, one.fact_id) for one in (measures[0], measures[-1]))
        if first is None or last is None or np.sign(last - first) != np.sign(rho):
            return None
        what = "the total over all records" if adds_up else "the average of all records"
        verb = "grew" if last > first else "fell"
        start, end = (fact_slot(facts[one.fact_id]) for one in (measures[0], measures[-1]))
        headline = (
            f"{what} {verb} from {start} in {column_slot(shown[0].name)} to {end} in {column_slot(shown[-1].name)}"
        )
        listed = ", ".join(
            f"{column_slot(column.name)} ({fact_slot(facts[one.fact_id])})"
            for column, one in list(zip(shown, measures, strict=True))[1:]
        )
        advice = "Find the records that moved most between the two: they carry the change."
        ends = f"{start} in {column_slot(shown[0].name)} and {end} in {column_slot(shown[-1].name)}"
        who = owner(shown[-1].name, default="finance")
        story = f"Over all records {'the total' if adds_up else 'the average'} was {ends}."
        return Wording(headline, f"The last ones: {listed}.", who, advice, story=story)

    return Candidate(
        kind="trend", columns=(shown[0].name, shown[-1].name), measures=tuple(measures), word=word, impact=1.0,
        effect=min(1.0, abs(rho)), n=subjects.rows,
        statistics=f"Spearman ρ with time = {rho:.2f}, {len(columns)} columns",
    )  # fmt: skip
