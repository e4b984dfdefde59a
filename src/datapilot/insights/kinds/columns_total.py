"""Columns that are the parts of a total beside them: "HPD makes up 31% of total, 12,400 of 40,000; DOB follows with
18%".

That they are parts is seen by their sums, which give the total's; the shares are all there is, no sample, so chance
has no part in it.
"""

from collections.abc import Iterator

from datapilot.contracts.measure import Measure
from datapilot.contracts.profile import TableProfile
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.subjects.subjects import Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, is_are, number
from datapilot.words.meanings import names_total
from datapilot.words.render import column_slot

FEWEST_PARTS = 3
NEAR = 1e-6  # of the total, that the parts' sums may be off
LEAST_LEAD = 1.2  # the largest part against the next
LEAST_SHARE = 0.2
ALMOST_ALL = 0.97
_LISTED = 6


def find_column_totals(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the largest part of a total that stands in a column of its own, if there is one."""
    for total, parts in _totals(subjects.profile):
        yield from _largest(subjects, total, parts)


def parts_of_totals(profile: TableProfile) -> frozenset[str]:
    """Return the columns that are parts of a total beside them."""
    return frozenset(part for _, parts in _totals(profile) for part in parts)


def _totals(profile: TableProfile) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each total with the sums of its parts, largest first."""
    numeric = {
        column.name: column for column in profile.columns
        if column.role in {"sum", "average"} and column.pii is None and column.missing_count == 0
        and column.name in profile.numeric
    }  # fmt: skip
    sums = {name: float(profile.numeric[name].sum or 0) for name in numeric}
    for name in (one for one in numeric if names_total(one) and sums[one] > 0):
        parts = {other: sums[other] for other in numeric if other != name and numeric[other].unit == numeric[name].unit}
        if len(parts) < FEWEST_PARTS or min(parts.values()) < 0:
            continue
        if abs(sum(parts.values()) - sums[name]) <= NEAR * sums[name]:
            yield name, dict(sorted(parts.items(), key=lambda part: -part[1]))


def _largest(subjects: Subjects, total: str, parts: dict[str, float]) -> Iterator[Candidate]:
    top, second = list(parts.values())[:2]
    share = top / sum(parts.values())
    if LEAST_SHARE <= share < ALMOST_ALL and top >= LEAST_LEAD * second:
        yield _candidate(subjects, total, [part for part, amount in parts.items() if amount > 0][:_LISTED], share)


def _candidate(subjects: Subjects, total: str, parts: list[str], share: float) -> Candidate:
    whole = Measure(metric="sum", column=total)
    shares = [Measure(metric="ratio", column=part, column2=total) for part in parts]
    amounts = [Measure(metric="sum", column=part) for part in parts]

    def word(facts: Facts) -> Wording | None:
        if any(number(facts, one.fact_id) is None for one in (whole, *shares, *amounts)):
            return None
        part_of = [fact_slot(facts[one.fact_id], "percent") for one in shares]
        some = [fact_slot(facts[one.fact_id]) for one in amounts]
        names = [column_slot(part) for part in parts]
        makes = "make" if is_are(parts[0]) == "are" else "makes"
        headline = (
            f"{names[0]} {makes} up {part_of[0]} of {column_slot(total)}: {some[0]} of "
            f"{fact_slot(facts[whole.fact_id])}; {names[1]} follows with {part_of[1]}"
        )
        listed = ", ".join(f"{name} {amount}" for name, amount in zip(names, some, strict=True))
        what = f"Start with {names[0]} when planning for {column_slot(total)}: it moves the whole most."
        story = f"Of {column_slot(total)}, {part_of[0]} is {names[0]} and {part_of[1]} {names[1]}."
        return Wording(headline, f"Sums over all records: {listed}.", owner(total), what, story=story)

    return Candidate(
        kind="share", columns=(total, parts[0]), measures=(whole, *shares, *amounts), word=word, impact=share,
        effect=min(1.0, 0.4 + share), n=subjects.rows, subject=(total,),
    )  # fmt: skip
