"""How many go on from step to step: "50% of the 430 sessions at added to cart go on to reached checkout".

Where columns of yes and no stand in the order of a way and each yes needs the one before. Counted, not tested.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from datapilot.contracts.measure import Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.subjects.natures import is_event
from datapilot.insights.subjects.subjects import Group, Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, number
from datapilot.words.meanings import name_words
from datapilot.words.render import column_slot

FEWEST_AT_THE_END = 20
NEEDS = 0.99  # of a step's records that have taken the one before
MOST_GO_ON = 0.95  # or the two steps are one
MOST_STEPS = 5
_STEPS = frozenset({
    "reached", "added", "cart", "basket", "checkout", "viewed", "visited", "opened", "clicked", "contacted", "replied",
    "qualified", "demo", "trial", "offered", "offer", "proposal", "signed", "registered", "started", "completed",
    "submitted", "applied", "screened", "shortlisted", "interviewed", "interview", "invited", "activated", "paid",
    "ordered", "delivered",
})  # fmt: skip


def find_steps(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the longest way that the columns of yes and no make, if there is one."""
    way: list[Group] = []
    for step in _flags(subjects):
        if not way or _follows(step, way[-1]):
            way.append(step)
    if len(way) > 1 and way[-1].rows.sum() >= FEWEST_AT_THE_END:
        yield _candidate(subjects, way[:MOST_STEPS])


def _flags(subjects: Subjects) -> Iterator[Group]:
    """Yield the columns that say whether a step was taken, in file order."""
    by_name = {one.column: one for one in subjects.categories if not one.is_personal}
    for column in subjects.profile.columns:
        category = by_name.get(column.name)
        if category is None or not (is_event(column.name) or set(name_words(column.name)) & _STEPS):
            continue
        if len(category.codes.labels) == len(("yes", "no")) and category.yes is not None:
            yield Group(category, category.yes)


def _follows(step: Group, before: Group) -> bool:
    """Whether hardly a record takes a step without the one before, and clearly fewer take it."""
    some, all_before = int(step.rows.sum()), int(before.rows.sum())
    is_within = int((step.rows & before.rows).sum()) >= NEEDS * some
    return 0 < some <= MOST_GO_ON * all_before and is_within


def _candidate(subjects: Subjects, way: list[Group]) -> Candidate:
    whole = Measure(metric="count")
    counts = [Measure(metric="count", filters=(step.has,)) for step in way]
    shares = [
        Measure(metric="ratio", of="count", filters=(before.has, step.has), baseline=(before.has,))
        for before, step in pairwise(way)
    ]
    lost = [int(before.rows.sum()) - int((before.rows & step.rows).sum()) for before, step in pairwise(way)]
    worst = int(np.argmax(lost))

    def word(facts: Facts) -> Wording | None:
        if any(number(facts, one.fact_id) is None for one in (*counts, *shares)):
            return None
        names = [column_slot(step.column) for step in way]
        going = [fact_slot(facts[one.fact_id], "percent") for one in shares]
        many = [fact_slot(facts[one.fact_id]) for one in counts]
        headline = f"{going[0]} of the {many[0]} records at {names[0]} go on to {names[1]}"
        if len(way) > len(going[:1]) + 1:
            headline += f"; of these, {going[1]} to {names[2]}"
        listed = ", ".join(f"{name} {count}" for name, count in zip(names, many, strict=True))
        detail = f"Of {fact_slot(facts[whole.fact_id])} records: {listed}."
        what = f"Work on the step from {names[worst]} to {names[worst + 1]} first: most are lost there."
        story = (
            f"Of {fact_slot(facts[whole.fact_id])} records, {many[0]} come to {names[0]} and {many[-1]} to {names[-1]}."
        )
        return Wording(headline, detail, owner(*(step.column for step in reversed(way))), what, story=story)

    return Candidate(
        kind="event_rate", columns=tuple(step.column for step in way), measures=(whole, *counts, *shares), word=word,
        impact=0.8, effect=0.8, n=subjects.rows, subject=(way[-1].column,),
    )  # fmt: skip
