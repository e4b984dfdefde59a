"""A few dates that lie years after all others: "Release date is 1 Jan 2011 or later in 24 of 3,201 dated records, the
last on 31 Dec 2046".

They are counts of what is there. That so few lie so far off, after a year that was as full as ever, is seldom so in
the world: a year of two digits was read in the wrong century, or a far date stands for "never".
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.subjects.subjects import Clock, Subjects
from datapilot.insights.wording.phrases import fact_slot, number
from datapilot.words.render import column_slot, value_slot

_SHOWN_ROWS = 5


def find_far_dates(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the dates of which a few lie years after the rest."""
    for clock in subjects.clocks:
        last = subjects.profile.most_end.get(clock.column)
        if last is not None:
            yield _far(subjects, clock, last)


def _far(subjects: Subjects, clock: Clock, last: str) -> Candidate:
    beyond = (Filter(column=clock.column, op="ge", value=last),)
    many, latest = Measure(metric="count", filters=beyond), Measure(metric="max", column=clock.column)
    dated = Measure(metric="count", column=clock.column)
    is_far = np.isfinite(clock.days) & (clock.days >= float(np.datetime64(last).astype(np.int64)))
    rows = tuple(int(row) for row in subjects.cells.rows[np.flatnonzero(is_far)[:_SHOWN_ROWS]])

    def word(facts: Facts) -> Wording | None:
        if not number(facts, many.fact_id):
            return None
        some, end, when = fact_slot(facts[many.fact_id]), value_slot(last), column_slot(clock.column)
        furthest = fact_slot(facts[latest.fact_id], "day")
        whole = fact_slot(facts[dated.fact_id])
        headline = f"{when} is {end} or later in {some} of {whole} dated records, the last on {furthest}"
        detail = "The year before that has many times as many records as any year after it."
        what = f"Look at dates from {end} on at the source: years of two digits may stand in the wrong century."
        story = f"Take {when} from {end} on with care: only {some} records lie there, the last {furthest}."
        return Wording(headline, detail, "data", what, story=story)

    return Candidate(
        kind="outlier", columns=(clock.column,), measures=(many, dated, latest), word=word, impact=0.3, effect=0.75,
        n=int(np.isfinite(clock.days).sum()), rows=rows, subject=(clock.column,),
    )  # fmt: skip
