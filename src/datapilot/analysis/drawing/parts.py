"""Bars of the columns that make up a total, row by row: the parts side by side, the largest first."""

from collections.abc import Iterator, Sequence
from functools import partial

from datapilot.analysis.drawing.bar_words import leads
from datapilot.analysis.drawing.candidate import Axes, Candidate, Wording, X, Y, assemble, number_of
from datapilot.analysis.parts_of_totals import parts_of
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.engine.table import Table
from datapilot.words.labels import label
from datapilot.words.numbers import show
from datapilot.words.render import column_slot

MOST_BARS = 10
MOSTLY = 0.5  # of the total in the parts that are drawn; fewer leave more out than they show
WHOLE = 0.95  # of the total in one part, beside which the others are not seen


def propose_parts(table: Table, profile: TableProfile) -> Iterator[Candidate]:
    """Offer the sums of the parts of the table's total, where its columns make one and none of its cells is lost."""
    if profile.left_out is not None:
        return
    for total in profile.columns:
        parts = parts_of(total, profile.columns, table)
        if not parts or any(not isinstance(one.minimum, int | float) or one.minimum < 0 for one in parts):
            continue
        measures = [Measure(metric="sum", column=one.name) for one in (total, *parts)]
        shares = [Measure(metric="ratio", column=one.name, column2=total.name) for one in parts]
        yield Candidate("bar", 90.0, (total.name,), (*measures, *shares), partial(_draw, total, parts))
        return


def _draw(total: ColumnProfile, parts: Sequence[ColumnProfile], facts: Sequence[Fact]) -> ChartSpec | None:
    sums, shares = facts[1 : len(parts) + 1], facts[len(parts) + 1 :]
    rows = [
        (float(value), fact, share, column)
        for fact, share, column in zip(sums, shares, parts, strict=True)
        if (value := number_of(fact)) is not None and number_of(share) is not None
    ]
    rows.sort(key=lambda one: -one[0])
    drawn, whole = rows[:MOST_BARS], number_of(facts[0])
    names = [_bar_name(column.name) for *_, column in drawn]
    if len(drawn) < 2 or not whole or len(set(names)) < len(names):
        return None
    values = [value for value, *_ in drawn]
    if sum(values) < MOSTLY * whole or values[0] > WHOLE * whole or values[0] == values[-1]:
        return None
    of_all = column_slot(total.name)
    (_, first, share, largest), (*_, last, _, least) = drawn[0], drawn[-1]
    led = f"{column_slot(largest.name)} accounts for {{{share.id}|percent}} of {of_all}"
    ends = f"highest {column_slot(largest.name)} with {{{first.id}}}, lowest drawn "
    ends += f"{column_slot(least.name)} with {{{last.id}}}"
    return assemble(
        "bar",
        Wording(
            title=led if leads(values) else f"What {of_all} is made of",
            subtitle=f"Sum of each column that {of_all} adds up",
            alt=f"Bars of the parts of {of_all}: {ends}.",
            of_drawing=f"The {MOST_BARS} largest of {show(len(rows), None)} are drawn."
            if len(rows) > len(drawn)
            else "",
        ),
        Axes("Part", label(total.name).capitalize(), total.unit),
        [{X: name, Y: number_of(fact)} for name, (_, fact, *_) in zip(names, drawn, strict=True)],
        cited=[*(fact for _, fact, *_ in drawn), share, facts[0]],
        points_total=max(fact.n for _, fact, *_ in drawn),
    )


def _bar_name(name: str) -> str:
    said = label(name)
    return said[:1].upper() + said[1:]
