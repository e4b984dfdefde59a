"""Histograms: how a number is spread, in bins of a round width that start at round edges. What is not drawn is said."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from datapilot.analysis.bins import Bins, bins_measure, choose_bins
from datapilot.analysis.drawing.candidate import (
    Axes,
    Candidate,
    Record,
    Wording,
    X,
    Y,
    assemble,
    axis,
    filler_note,
    number_of,
)
from datapilot.analysis.subjects import filler_of
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.contracts.profile import ColumnProfile, NumericStats, TableProfile
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table
from datapilot.words.numbers import show
from datapilot.words.render import column_slot

WHOLE_SHARE = 0.8  # a bin that holds more leaves nothing to see
EVEN = 0.02  # spread of the bins but the outer ones, of the fullest, below which a number only counts the rows
WIDE_ENOUGH = 5  # from here on one more whole number makes no bin look fuller than the others
FEWEST_DISTINCT = 8
FEWEST_STEPS = 3  # of whole numbers, each of which is a bin: points from one to five
STEPS_COST = 16.0  # score points of such a picture, of which the average tells most
FEWEST_VALUES = 25  # of which a spread is a picture; fewer are read in the table
UPPER_EDGE = "to"
CLOSED = "closed"  # set where the bin holds its upper edge too


class Spread(NamedTuple):
    """How a column's values lie, without those equal to `filler`, which stand for none."""

    column: ColumnProfile
    stats: NumericStats
    filler: int | float | None = None

    @property
    def filters(self) -> tuple[Filter, ...]:
        return () if self.filler is None else (Filter(column=self.column.name, op="ne", value=self.filler),)


def spread_of(column: ColumnProfile, profile: TableProfile, table: Table) -> Spread:
    """Return how the values of a numeric column lie; the least that stands for no value is left out."""
    stats = profile.numeric[column.name]
    filler = filler_of(column, stats)
    if filler is None:
        return Spread(column, stats)
    spread = Spread(column, stats, filler)
    asked = {
        name: Measure(metric="quantile", column=column.name, q=int(name[1:]) / 100, filters=spread.filters)
        for name in stats.quantiles
    }
    ends = [Measure(metric=metric, column=column.name, filters=spread.filters) for metric in ("min", "max")]
    least, most, *quantiles = (number_of(fact) for fact in evaluate([*ends, *asked.values()], table))
    real = {"min": least, "max": most, "quantiles": dict(zip(asked, quantiles, strict=True))}
    return spread._replace(stats=stats.model_copy(update=real))


def propose_histograms(spreads: Sequence[Spread]) -> Iterator[Candidate]:
    """Offer one histogram per number, those of the main subjects first."""
    for place, spread in enumerate(spreads):
        column = spread.column
        is_whole = column.storage == "BIGINT"
        fewest = FEWEST_STEPS if is_whole else FEWEST_DISTINCT
        if column.unique_count < fewest or spread.stats.count < FEWEST_VALUES:
            continue
        are_steps = column.unique_count < FEWEST_DISTINCT
        bins = choose_bins(spread.stats, whole=is_whole)
        if bins is not None and (bins.width == 1 or not are_steps):
            if spread.filler is not None:
                bins = replace(bins, is_cut=True)  # the filler lies outside
            yield Candidate(
                type="histogram",
                score=62.0 - 7 * place - STEPS_COST * are_steps,
                columns=(column.name,),
                measures=_measures(spread, bins),
                draw=partial(_draw, spread, bins),
            )


def _measures(spread: Spread, bins: Bins) -> tuple[Measure, ...]:
    name, filters = spread.column.name, spread.filters
    return (
        bins_measure(name, bins),
        Measure(metric="quantile", column=name, q=0.25, filters=filters),
        Measure(metric="quantile", column=name, q=0.75, filters=filters),
        Measure(metric="count", column=name, filters=filters),
    )


def _draw(spread: Spread, bins: Bins, facts: Sequence[Fact]) -> ChartSpec | None:
    column = spread.column
    fact, lower, upper, whole = facts
    data = _records(fact, bins, spread.stats.max, whole=column.storage == "BIGINT")
    drawn = [int(record[Y] or 0) for record in data]
    if sum(count > 0 for count in drawn) < 3 or max(drawn) > WHOLE_SHARE * sum(drawn) or _is_counter(column, drawn):
        return None
    slot = column_slot(column.name)
    per = "Values per bin" if UPPER_EDGE in data[0] else "Rows per value"
    is_one = lower.value == upper.value
    assert not isinstance(lower.value, tuple)
    assert not isinstance(upper.value, tuple)
    is_spread = show(lower.value, lower.unit) != show(upper.value, upper.unit)
    middle = f"The middle half of {slot} lies between {{{lower.id}}} and {{{upper.id}}}"
    return assemble(
        "histogram",
        Wording(
            title=middle if is_spread else f"How {slot} is spread",
            subtitle=f"{per}, {{{whole.id}|n}} values in all",
            alt=f"Histogram of {slot}. {middle}."
            if is_spread
            else f"Histogram of {slot}. Half of the values or more are {{{lower.id}}}."
            if is_one
            else f"Histogram of {slot}. Half of the values lie close to {{{lower.id}}}.",
            note=_note(spread, fact, whole, outside=whole.n - sum(drawn)),
        ),
        Axes(axis(column), "Rows", "rows"),
        data,
        cited=facts,
        points_total=fact.n,
    )


def _note(spread: Spread, fact: Fact, whole: Fact, *, outside: int) -> str:
    said = []
    if outside:
        said.append(f"Drawn are {{{fact.id}|n}} of {{{whole.id}|n}} values; the others lie far outside.")
    if spread.filler is not None:
        said.append(filler_note(spread.filler))
    return " ".join(said)


def _is_counter(column: ColumnProfile, drawn: Sequence[int]) -> bool:
    """Whether the number goes up by one from row to row, so that every bin is as full as it is wide."""
    inner = drawn[1:-1]
    is_own = column.storage == "BIGINT" and column.unique_count > (1 - EVEN) * sum(drawn)
    return is_own and len(inner) > 1 and max(inner) - min(inner) <= EVEN * max(inner)


def _records(fact: Fact, bins: Bins, most: float | None, *, whole: bool) -> list[Record]:
    """Return every bin, those without values too: a histogram without its gaps would lie. A bin of a single whole
    number has no upper edge: it is that number. The last bin holds its upper edge where `most` is that edge, as a
    bin of 100 to 110 per cent would promise what cannot be."""
    assert isinstance(fact.value, tuple)
    found = {float(entry.key): entry.value for entry in fact.value if isinstance(entry.key, int | float)}
    is_single = whole and bins.width == 1
    records: list[Record] = []
    for number in range(bins.count):
        edge, upper = bins.edge(number), bins.edge(number + 1)
        records.append({X: _plain(edge), **({} if is_single else {UPPER_EDGE: _plain(upper)}), Y: found.get(edge, 0)})
    is_open = whole and bins.width < WIDE_ENOUGH
    if len(records) > 1 and not is_open and most is not None and most == float(str(records[-1][X])):
        beyond = records.pop()
        rows = int(records[-1][Y] or 0) + int(beyond[Y] or 0)
        records[-1] = {**records[-1], Y: rows, CLOSED: True}
    return records


def _plain(edge: float) -> int | float:
    return int(edge) if edge.is_integer() else edge
