"""Histograms: how a number is spread, in bins of a round width that start at round edges. What is not drawn is said."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from datapilot.analysis.drawing.candidate import Candidate, Facts, Record, Wording, X, Y, assemble, axis
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.contracts.profile import ColumnProfile, NumericStats
from datapilot.engine.values import published
from datapilot.words.render import column_slot

WANTED_BINS = 12  # Draco's preference is 8-12
MOST_BINS = 40
WHOLE_SHARE = 0.95  # a bin that holds more leaves nothing to see
FEWEST_DISTINCT = 8
_NEAR_BINS = 8
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_WHOLE_STEPS = (1.0, 2.0, 5.0, 10.0)
UPPER_EDGE = "to"


@dataclass(frozen=True)
class Bins:
    """Edges that cover `low` to `high`; `is_cut` says that values lie outside."""

    width: float
    low: float
    count: int
    is_cut: bool

    def edge(self, number: int) -> float:
        value = published((round(self.low / self.width) + number) * self.width)
        assert isinstance(value, int | float)
        return float(value)


def choose_bins(stats: NumericStats, *, whole: bool) -> Bins | None:
    """Return bins of a round width for a column; None where it has no spread.

    A few far values do not squeeze all others into one bin: bins then cover the middle 98 % and a bit, and the rest
    is counted in words.
    """
    low, high = stats.min, stats.max
    if low is None or high is None or low == high:
        return None
    near_low, near_high = stats.quantiles["p01"], stats.quantiles["p99"]
    middle = (stats.quantiles["p05"], stats.quantiles["p95"])
    assert near_low is not None and near_high is not None and middle[0] is not None and middle[1] is not None  # noqa: PT018
    span = middle[1] - middle[0] or near_high - near_low or high - low
    width = _round_width(span / WANTED_BINS, whole=whole)
    is_cut = (high - low) / width > MOST_BINS
    if is_cut:
        # Only the side that has far values is cut.
        low = low if near_low - low <= _NEAR_BINS * width else near_low
        high = high if high - near_high <= _NEAR_BINS * width else near_high
        if (high - low) / width > MOST_BINS:
            width = _round_width((high - low) / MOST_BINS, whole=whole)
    start = math.floor(round(low / width, 9))
    count = math.floor(round(high / width, 9)) - start + 1
    return Bins(width, start * width, count, is_cut) if count > 1 else None


def _round_width(wanted: float, *, whole: bool) -> float:
    """Return the smallest of 1, 2, 2.5, 5 times a power of ten that is at least as wide; whole for whole numbers."""
    scale = 10.0 ** math.floor(math.log10(wanted))
    steps = _WHOLE_STEPS if whole else _STEPS
    width = next(step * scale for step in steps if step * scale >= wanted * (1 - 1e-9))
    return max(1.0, width) if whole else float(f"{width:.6g}")


def propose_histograms(columns: Sequence[ColumnProfile], numeric: dict[str, NumericStats]) -> Iterator[Candidate]:
    """Offer one histogram per number, those of the main subjects first."""
    for place, column in enumerate(columns):
        if column.unique_count < FEWEST_DISTINCT:
            continue
        bins = choose_bins(numeric[column.name], whole=column.storage == "BIGINT")
        if bins is not None:
            measures = _measures(column, bins)
            yield Candidate(
                type="histogram",
                score=74.0 - 7 * place,
                columns=(column.name,),
                measures=measures,
                draw=_drawer(column, bins, measures),
            )


def _measures(column: ColumnProfile, bins: Bins) -> tuple[Measure, ...]:
    name = column.name
    inside = (
        Filter(column=name, op="ge", value=bins.edge(0)),
        Filter(column=name, op="lt", value=bins.edge(bins.count)),
    )
    known = (Filter(column=name, op="not_missing"),)
    return (
        Measure(metric="count", column=name, by=name, bin_width=bins.width, filters=inside if bins.is_cut else known),
        Measure(metric="quantile", column=name, q=0.25),
        Measure(metric="quantile", column=name, q=0.75),
        Measure(metric="count", column=name),
    )


def _drawer(column: ColumnProfile, bins: Bins, measures: tuple[Measure, ...]) -> Callable[[Facts], ChartSpec | None]:
    def draw(facts: Facts) -> ChartSpec | None:
        fact, lower, upper, whole = (facts[measure.fact_id] for measure in measures)
        data = _records(fact, bins)
        drawn = [int(record[Y] or 0) for record in data]
        if sum(count > 0 for count in drawn) < 3 or max(drawn) > WHOLE_SHARE * sum(drawn):
            return None
        slot = column_slot(column.name)
        is_spread = lower.value != upper.value
        outside = whole.n - sum(drawn)
        middle = f"The middle half of {slot} lies between {{{lower.id}}} and {{{upper.id}}}"
        return assemble(
            "histogram",
            measures[0],
            Wording(
                title=middle if is_spread else f"How {slot} is spread",
                subtitle=f"Values per bin, {{{whole.id}|n}} values in all",
                alt=f"Histogram of {slot}. {middle}." if is_spread else f"Histogram of {slot}.",
                note=f"Drawn are {{{fact.id}|n}} of {{{whole.id}|n}} values; the others lie far outside."
                if outside
                else None,
            ),
            facts,
            cited=measures,
            data=data,
            x_label=axis(column),
            y_label="Rows",
            unit="rows",
            points_total=fact.n,
        )

    return draw


def _records(fact: Fact, bins: Bins) -> list[Record]:
    """Return every bin, those without values too: a histogram without its gaps would lie."""
    assert isinstance(fact.value, tuple)
    found = {float(entry.key): entry.value for entry in fact.value if isinstance(entry.key, int | float)}
    return [
        {X: _plain(bins.edge(number)), UPPER_EDGE: _plain(bins.edge(number + 1)), Y: found.get(bins.edge(number), 0)}
        for number in range(bins.count)
    ]


def _plain(edge: float) -> int | float:
    return int(edge) if edge.is_integer() else edge
