"""One cell that stands apart where months or years stand beside each other, a column each: "Roads went up to 1.46M in
Sep, 6.1 times Aug".

Effect: what the medians of its row and of its column leave of a cell, as a logarithm (Tukey 1977, one polish). Told
where that is many times what they leave of most cells, where no other cell comes near, and where both neighbours lie
on the same side: a level that stays is no spike. A single cell is no sample, so chance has no part in it.
"""

from collections.abc import Iterator, Sequence
from math import log
from typing import NamedTuple

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.contracts.profile import ColumnProfile
from datapilot.insights.candidate import Candidate, Facts, Wording
from datapilot.insights.statistics import MAD_TO_SIGMA, Floats
from datapilot.insights.subjects.row_names import names_rows
from datapilot.insights.subjects.subjects import Subjects
from datapilot.insights.wording.owners import owner
from datapilot.insights.wording.phrases import fact_slot, number
from datapilot.words.render import column_slot, value_slot
from datapilot.words.time_columns import is_day

FEWEST_COLUMNS, FEWEST_ROWS = 8, 3
LEAST_TIMES = 3.0  # what its row and column lead to expect
LEAST_TIMES_OF_NEIGHBOURS = 2.0
LEAST_SPREADS = 8.0  # of what the medians leave of the cells
MOST_OF_NEXT = 0.6  # of the cell's own distance, that the next cell may have
_AROUND = 2  # columns on either side that are shown


class _Cell(NamedTuple):
    """A cell that stands apart: its row's name in the column `by`, its place among the `columns`."""

    by: str
    label: Scalar
    columns: Sequence[ColumnProfile]
    at: int
    times: float

    @property
    def member(self) -> Filter:
        return Filter(column=self.by, op="eq", value=self.label)

    def measure(self, place: int) -> Measure:
        return Measure(metric="sum", column=self.columns[place].name, filters=(self.member,))

    def when(self, place: int) -> str:
        name = self.columns[place].name
        return f"{'on' if is_day(name) else 'in'} {column_slot(name)}"

    @property
    def neighbour(self) -> int:
        """The column before it, or after it where it is the first."""
        return self.at - 1 if self.at else 1


def find_spikes_across(subjects: Subjects) -> Iterator[Candidate]:
    """Yield the one cell of such columns that stands apart, if rows have names."""
    columns = [one for one in subjects.times if one.name in subjects.cells.numbers]
    name = names_rows(subjects.profile)
    if name is None or len(columns) < max(FEWEST_COLUMNS, len(subjects.times)) or subjects.cells.is_sample:
        return
    values = np.column_stack([subjects.cells.numbers[one.name] for one in columns])
    codes = subjects.cells.codes[name.name]
    fit = np.flatnonzero(np.isfinite(values).all(axis=1) & (np.nan_to_num(values).min(axis=1) > 0))
    if len(fit) < max(FEWEST_ROWS, len(values) / 2):
        return
    left = _left_by_medians(np.log(values[fit]))
    row, at = (int(place) for place in np.unravel_index(int(np.argmax(np.abs(left))), left.shape))
    if not _stands_apart(left, row, at) or int(codes.counts[codes.codes[fit[row]]]) != 1:
        return
    near = [values[fit[row], place] for place in (at - 1, at + 1) if 0 <= place < len(columns)]
    apart = [float(np.log(values[fit[row], at] / one)) * np.sign(left[row, at]) for one in near]
    if min(apart) >= log(LEAST_TIMES_OF_NEIGHBOURS):
        label = codes.labels[codes.codes[fit[row]]]
        yield _candidate(_Cell(name.name, label, columns, at, float(np.exp(left[row, at]))), subjects)


def _left_by_medians(logs: Floats) -> Floats:
    """Return what the medians of rows, then of columns, leave of each cell."""
    left = logs - np.median(logs, axis=1, keepdims=True)
    rest: Floats = left - np.median(left, axis=0, keepdims=True)
    return rest


def _stands_apart(left: Floats, row: int, at: int) -> bool:
    sizes = np.sort(np.abs(left), axis=None)
    spread = MAD_TO_SIGMA * float(np.median(sizes))
    size = float(abs(left[row, at]))
    return size >= max(log(LEAST_TIMES), LEAST_SPREADS * spread) and float(sizes[-2]) <= MOST_OF_NEXT * size


def _candidate(cell: _Cell, subjects: Subjects) -> Candidate:
    around = [place for place in range(cell.at - _AROUND, cell.at + _AROUND + 1) if 0 <= place < len(cell.columns)]
    shown = [cell.measure(place) for place in around]
    own, beside = cell.measure(cell.at), cell.measure(cell.neighbour)
    times = Measure(
        metric="ratio", column=cell.columns[cell.at].name, column2=cell.columns[cell.neighbour].name,
        filters=(cell.member,),
    )  # fmt: skip
    is_peak = cell.times > 1

    def word(facts: Facts) -> Wording | None:
        value, other = number(facts, own.fact_id), number(facts, beside.fact_id)
        if value is None or other is None or (value > other) != is_peak:
            return None
        who, when = value_slot(cell.label), cell.when(cell.at)
        much, usual = fact_slot(facts[own.fact_id]), fact_slot(facts[beside.fact_id])
        headline = f"{who} fell to {much} {when}, from {usual} {cell.when(cell.neighbour)}"
        if is_peak:
            near = column_slot(cell.columns[cell.neighbour].name)
            headline = f"{who} went up to {much} {when}, {fact_slot(facts[times.fact_id])} times {near} ({usual})"
        listed = ", ".join(
            f"{column_slot(cell.columns[place].name)} ({fact_slot(facts[one.fact_id])})"
            for place, one in zip(around, shown, strict=True)
        )
        detail = f"Around it: {listed}. No other figure is as far from what its row and its column usually show."
        what = f"Ask what stands behind {who} {when}, and leave that figure out of what is usual until it is known."
        story = f"One figure stands out: {who} comes to {much} {when}, against {usual} {cell.when(cell.neighbour)}."
        return Wording(headline, detail, owner(cell.by, default="finance"), what, story=story)

    return Candidate(
        kind="spike", columns=(cell.columns[cell.at].name, cell.by), measures=(own, beside, times, *shown), word=word,
        impact=0.8, effect=min(1.0, 0.5 + abs(log(cell.times)) / 3), n=subjects.rows, group=cell.label,
        statistics=f"what medians of rows and columns leave, {subjects.rows:,} rows by {len(cell.columns)} columns",
    )  # fmt: skip
