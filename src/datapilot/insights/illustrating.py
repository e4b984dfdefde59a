"""Which chart shows what a finding says. Knows measures and charts; draws nothing."""

from collections.abc import Mapping, Sequence

from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Filter, Measure

_SAME_BARS = {"share_rows": "count", "share_sum": "sum"}  # a share of the whole and the amount look alike
_OF_ONE_COLUMN = frozenset({"min", "max", "median", "quantile", "std", "skew", "kurtosis", "outlier_count"})


def chart_of(
    measures: Sequence[Measure], charts: Sequence[ChartSpec], drawn: Mapping[str, Measure]
) -> ChartSpec | None:
    """Return the first chart that draws one of a finding's measures; None where none does, as a chart of something
    else beside a finding reads like its proof. `drawn` holds the measure of each chart's first fact."""
    # The first measure with an entry for each key is what the finding is about; further ones say what lies behind it.
    keyed = next((one for one in measures if one.by is not None), None)
    said = [one for one in measures if one.by is None or one is keyed]
    for chart in charts:
        main = drawn.get(chart.fact_ids[0]) if chart.fact_ids else None
        # Of a map of all pairs no reader finds the one that is meant.
        if main is not None and chart.type != "heatmap" and any(_draws(main, one) for one in said):
            return chart
    return None


def _draws(main: Measure, said: Measure) -> bool:
    if main.metric == "correlation":
        return said.metric == "correlation" and {main.column, main.column2} == {said.column, said.column2}
    if main.bin_width is not None:
        return said.metric in _OF_ONE_COLUMN and said.column == main.by and said.minus is None and not said.filters
    if main.by is None:  # the course of columns named by times, from the first of them on
        return main == said
    return said.by is not None and _what(main) == _what(said)


def _what(measure: Measure) -> tuple[object, ...]:
    """Return all of a measure that a drawing shows: not where the rest begins, nor how much time it covers."""
    metric = _SAME_BARS.get(measure.metric, measure.metric)
    return (metric, measure.column, measure.column2, measure.minus, measure.by, measure.grain, _rows(measure))


def _rows(measure: Measure) -> frozenset[tuple[object, ...]]:
    others = (one for one in measure.filters if one.column != measure.by)
    return frozenset(map(_condition, others))


def _condition(one: Filter) -> tuple[object, ...]:
    return (one.column, one.minus, one.op, one.value)
