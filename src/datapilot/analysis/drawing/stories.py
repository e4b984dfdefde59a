"""When two charts tell one story: the same bars under other names, amounts that part or run alike, numbers that are
spread alike. The second of them is not worth a reader's time."""

from itertools import accumulate
from typing import NamedTuple

from datapilot.analysis.drawing.candidate import Candidate
from datapilot.contracts.base import Scalar
from datapilot.contracts.chart import ChartSpec
from datapilot.engine.evaluate import OTHER

SAME_PARTS = 0.05  # of the whole, by which no bar differs where two amounts part alike
SAME_ROWS = 1e-9  # the same of the numbers of rows by two categories
SAME_NAMES = 0.5  # of the whole, in bars that bear one name in both charts, from which they are compared
SAME_SPREAD = 0.08  # of the values, by which no part of the way from the least to the most differs in two spreads
SAME_COURSE = 0.1  # of the highest point, by which no period differs where two amounts run alike
TENTHS = 10


def bars_of(chart: ChartSpec) -> object:
    """Return what two charts share that draw the same bars under other names, in whatever order."""
    if chart.type != "bar":
        return chart.id
    values = (record[chart.y_key] for record in chart.data)
    return (chart.y_label, *sorted(float(value) for value in values if isinstance(value, int | float)))


class Shape(NamedTuple):
    """How an amount parts among the values of a category, as parts of the whole, or runs over the periods of a time
    axis, as parts of its highest point; the bar of all further values is one of them. Of a number how it is spread."""

    type: str
    metric: str
    by: str
    parts: dict[Scalar, float]


def shape_of(candidate: Candidate, chart: ChartSpec) -> Shape | None:
    """Return the shape of a chart of an amount, of rows or of how a number is spread; None for any other chart."""
    if chart.type == "histogram":
        return Shape(chart.type, "count", "", _spread_of(chart))
    values = {_point_name(record[chart.x_key]): record[chart.y_key] for record in chart.data}
    known = {name: float(value) for name, value in values.items() if isinstance(value, int | float)}
    metric = candidate.measures[0].metric
    is_amount = chart.type in ("bar", "line") and metric in ("sum", "count")
    if not is_amount or min(known.values()) < 0 or (most := max(known.values())) == 0:
        return None
    whole = sum(known.values()) if chart.type == "bar" else most
    return Shape(chart.type, metric, candidate.columns[0], {name: value / whole for name, value in known.items()})


def _spread_of(chart: ChartSpec) -> dict[Scalar, float]:
    """Return the part of the values that lies in each tenth of the way from the first bin to the last, added up: the
    picture that a reader has, whatever the unit."""
    counts = [float(str(record[chart.y_key])) for record in chart.data]
    sums = [0.0, *accumulate(counts)]
    marks = [tenth / TENTHS * len(counts) for tenth in range(1, TENTHS)]
    below = [sums[int(mark)] + (mark - int(mark)) * (sums[int(mark) + 1] - sums[int(mark)]) for mark in marks]
    return {tenth: part / (sums[-1] or 1.0) for tenth, part in enumerate(below)}


def _point_name(x: Scalar) -> Scalar:
    return OTHER if isinstance(x, str) and x.startswith(f"{OTHER} (") else x


def is_same_story(one: Shape, other: Shape) -> bool:
    """Whether two amounts part or run so much alike that the second chart shows what the first has shown; bars of
    another category, too, where most of the whole lies under the same names, as in a class and its parts."""
    if one.type != other.type:
        return False
    if one.type == "histogram":
        return _are_close(one, other, SAME_SPREAD)
    if one.type == "line":
        return one.by == other.by and one.parts.keys() == other.parts.keys() and _are_close(one, other, SAME_COURSE)
    shared = one.parts.keys() & other.parts.keys()
    if min(sum(shape.parts[name] for name in shared) for shape in (one, other)) < SAME_NAMES:
        return False
    # Numbers of answers to two questions are two stories, however alike, unless the same rows are counted.
    is_of_rows = one.by != other.by and "count" in (one.metric, other.metric)
    return _are_close(one, other, SAME_ROWS if is_of_rows else SAME_PARTS)


def _are_close(one: Shape, other: Shape, most: float) -> bool:
    """Whether what bears one name in both is nearly as large in both; all further values are not the same ones."""
    shared = one.parts.keys() & other.parts.keys()
    kept = shared if one.parts.keys() == other.parts.keys() else shared - {OTHER}
    return all(abs(one.parts[name] - other.parts[name]) <= most for name in kept)
