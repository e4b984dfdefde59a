"""Which of a choice that is spread over several yes-or-no columns most records have: "52% of records are marked type1,
18% type2".

Test: chi-square of equal parts; effect: how far the first lies above an equal part.
"""

from collections.abc import Iterator

import numpy as np

from datapilot.contracts.measure import Filter, Measure
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import Test, evenness
from datapilot.insights.subjects.natures import became
from datapilot.insights.subjects.subjects import Choice, Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, number, p_text, rows_text
from datapilot.words.render import column_slot

LEAST_SHARE, ALMOST_ALL = 0.25, 0.97  # of all records
LEAST_LEAD = 1.5  # the first against an equal part
LEAST_OVER_SECOND = 1.2
_LISTED = 6


def find_choice_shares(subjects: Subjects) -> Iterator[tuple[Test, Candidate | None]]:
    """Yield the test of equal parts for every choice, by records."""
    for choice in subjects.choices:
        counts = choice.whole.codes.counts[: len(choice.members)]
        test = evenness(counts.astype(np.float64))
        order = np.argsort(-counts, kind="stable")
        share, lead = counts[order[0]] / len(choice.whole.codes.codes), counts[order[0]] / counts.mean()
        fits = LEAST_SHARE <= share < ALMOST_ALL and lead >= LEAST_LEAD
        fits = fits and counts[order[0]] >= LEAST_OVER_SECOND * counts[order[1]]
        is_told = fits and all(choice.told(int(at)) for at in order)
        yield test, _candidate(subjects, choice, order.tolist(), test=test, lead=float(lead)) if is_told else None


def _candidate(subjects: Subjects, choice: Choice, order: list[int], *, test: Test, lead: float) -> Candidate:
    names = [choice.members[at].column for at in order[:_LISTED]]
    shares = [_share_of_yes(choice, at) for at in order[:_LISTED]]

    def word(facts: Facts) -> Wording | None:
        parts = [number(facts, one.fact_id) for one in shares]
        if parts[0] is None or parts[1] is None or parts[0] < LEAST_OVER_SECOND * parts[1]:
            return None
        told = [fact_slot(facts[one.fact_id], "percent") for one in shares]
        first, second = column_slot(names[0]), column_slot(names[1])
        headline = f"{told[0]} of records {became(names[0])}, {told[1]} {second}"
        listed = ", ".join(f"{column_slot(name)} {part}" for name, part in zip(names, told, strict=True))
        more = f" and {len(order) - _LISTED} more" if len(order) > _LISTED else ""
        detail = f"No record has two of these: {listed}{more}."
        what = f"Check figures over all records with and without {first}, which makes up {told[0]} of them."
        story = f"More records {became(names[0])} than anything else beside it: {told[0]}, and {told[1]} {second}."
        return Wording(headline, detail, owner(*names), what, story=story)

    return Candidate(
        kind="dominance", columns=tuple(names), measures=tuple(shares), word=word,
        impact=float(choice.whole.codes.counts[order[0]] / len(choice.whole.codes.codes)),
        effect=min(1.0, (lead - 1) / 4 + 0.15), n=subjects.rows, p_value=test.p_value,
        statistics=f"χ² of equal shares {p_text(test.p_value)}, w = {test.effect:.2f}, "
        f"{rows_text(int(choice.whole.codes.counts.sum()), is_sample=subjects.cells.is_sample)}",
    )  # fmt: skip


def _share_of_yes(choice: Choice, at: int) -> Measure:
    told = choice.told(at)
    assert told is not None  # asked before
    member, yes = told
    so = Filter(column=member.column, op="eq", value=member.codes.labels[yes])
    return Measure(
        metric="ratio", of="count", filters=(so,), baseline=(Filter(column=member.column, op="not_missing"),)
    )
