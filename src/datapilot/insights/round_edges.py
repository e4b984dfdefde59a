"""Where the low and the high end of a condition lie: at round numbers, with brackets between them."""

import numpy as np

from datapilot.contracts.measure import Filter, FilterOp, Measure
from datapilot.insights.statistics import Floats
from datapilot.insights.subjects.subjects import Quantity

LEAST_ZEROS, MOST_ZEROS = 0.25, 0.95  # of the rows; then zero against the rest says more than two ends
LEAST_END, MOST_END = 0.08, 0.5  # of the rows beyond a round number that stands for low or high
FEWEST_IN_BRACKET, LEAST_BRACKET = 5, 0.03  # rows, and of all rows
MOST_EDGES = 4
FAR_END, FEWEST_FAR = 0.05, 50  # of the rows, and rows


def ends_of(
    cause: Quantity, outcome: Quantity, values: Floats, *, where: tuple[Filter, ...] = ()
) -> tuple[Measure, ...]:
    """Return the outcome's mean where the condition is low and where it is high, then in the brackets between round
    numbers (of many zeros, above zero), lowest first; () where it has no two ends.

    `values` are the condition's, of the rows `where`.
    """

    def mean(*conditions: Filter) -> Measure:
        return outcome.measure("mean", where=(*conditions, *where, *cause.filters))

    def condition(op: FilterOp, edge: float) -> Filter:
        return Filter(column=cause.column, minus=cause.minus, op=op, value=_whole(edge))

    if LEAST_ZEROS <= float(np.mean(values == 0)) <= MOST_ZEROS and values.min() >= 0:
        steps = _brackets(values[values > 0])
        positive = tuple(
            mean(
                condition("gt", 0) if start is None else condition("ge", start),
                *((condition("lt", end),) if end is not None else ()),
            )
            for start, end in zip((None, *steps), (*steps, None), strict=True)
        )
        return (mean(condition("eq", 0)), mean(condition("gt", 0)), *(positive if steps else ()))
    edges = edges_of(values)
    if edges is None:
        return ()
    below, above = condition("lt", edges[0]), condition("ge", edges[1])
    between = _brackets(values)
    brackets = tuple(
        mean(
            *((condition("ge", start),) if start is not None else ()),
            *((condition("lt", end),) if end is not None else ()),
        )
        for start, end in zip((None, *between), (*between, None), strict=True)
    )
    return (mean(below), mean(above), *(brackets if len(between) > 1 else ()))


def edges_of(values: Floats) -> tuple[float, float] | None:
    """Return two edges, round where they can be, that cut off the low and the high end; None where there are none. Of
    two values the larger is both."""
    if len(steps := np.unique(values)) == len(("low", "high")):
        return float(steps[1]), float(steps[1])
    return _round_edges(values) or _quarters(values)


def far_edges_of(values: Floats) -> tuple[float, float] | None:
    """Return two edges of two figures that cut off about FAR_END at either end, for what begins late; None where too
    few rows lie beyond one."""
    low, high = (float(f"{edge:.2g}") for edge in np.quantile(values, [FAR_END, 1 - FAR_END]))
    beyond = min(int((values < low).sum()), int((values >= high).sum()))
    return (low, high) if low < high and beyond >= FEWEST_FAR else None


def _whole(edge: float) -> int | float:
    return int(edge) if float(edge).is_integer() else edge


def _brackets(values: Floats) -> tuple[float, ...]:
    """Return at most MOST_EDGES round numbers that cut the values into brackets with enough rows each."""
    if values.min() < 0 or values.max() <= 0:
        return ()
    ordered = np.sort(values)
    enough = max(FEWEST_IN_BRACKET, LEAST_BRACKET * len(values))
    powers = 10.0 ** np.arange(np.floor(np.log10(values.max())) - 3, np.floor(np.log10(values.max())) + 1)
    for steps in ((1, 2, 5), (1, 5), (1,)):
        edges, last = list[float](), 0
        for edge in (float(f"{one:.6g}") for one in np.unique(np.outer(powers, steps))):
            at = int(np.searchsorted(ordered, edge))
            if at - last >= enough and len(values) - at >= enough:
                edges.append(edge)
                last = at
        if len(edges) <= MOST_EDGES:
            return tuple(edges)
    return ()


def _round_edges(values: Floats) -> tuple[float, float] | None:
    """Return two round numbers that cut off about a quarter at either end: "below 1,000", "5,000 or more"."""
    largest = float(np.abs(values).max())
    if values.min() < 0 or largest <= 0:
        return None
    # An edge that cuts off nothing but zeros is no amount.
    least = float(values[values > 0].min()) if (values == 0).any() else 0.0
    powers = 10.0 ** np.arange(np.floor(np.log10(largest)) - 4, np.floor(np.log10(largest)) + 1)
    for steps in ((1, 5), (1, 2, 5), (1, 2, 3, 4, 5, 6, 7, 8, 9)):
        rounds = np.unique(np.outer(powers, steps))
        rounds = np.array([edge for edge in (float(f"{edge:.6g}") for edge in rounds) if edge > least])
        below = np.searchsorted(np.sort(values), rounds) / len(values)
        lows, highs = rounds[_fits(below)], rounds[_fits(1 - below)]
        if len(lows) and len(highs):
            low = lows[int(np.argmin(np.abs(below[_fits(below)] - 1 / 4)))]
            high = highs[int(np.argmin(np.abs(below[_fits(1 - below)] - 3 / 4)))]
            if low < high:
                return float(low), float(high)
    return None


def _fits(share: Floats) -> np.ndarray:
    return (share >= LEAST_END) & (share <= MOST_END)


def _quarters(values: Floats) -> tuple[float, float] | None:
    """Three figures are enough for where a quarter begins. Where few different values leave too few rows beyond one,
    the next value that has enough takes its place."""
    low, high = (float(f"{edge:.3g}") for edge in np.quantile(values, [0.25, 0.75]))
    steps = np.unique(values)
    if float(np.mean(values < low)) < LEAST_END:
        low = next((float(edge) for edge in steps if edge > low and float(np.mean(values < edge)) >= LEAST_END), high)
    if low >= high:
        high = next((float(edge) for edge in steps if edge > low), low)
    return (low, high) if low < high and float(np.mean(values >= high)) >= LEAST_END else None
