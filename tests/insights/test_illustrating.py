"""A finding is shown by a chart of the same thing, or by none."""

from typing import Any

import pytest

from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Measure
from datapilot.insights.illustrating import chart_of

pytestmark = pytest.mark.spec("B4")


def drawn(kind: str = "bar", **measure: Any) -> tuple[list[ChartSpec], dict[str, Measure]]:
    main = Measure.model_validate(measure)
    chart = ChartSpec.model_validate(
        {
            "id": "chart_1", "type": kind, "title": "A", "title_template": "A", "subtitle": "B", "alt": "C",
            "x_key": "x", "y_key": "y", "x_label": "X", "y_label": "Y", "data": (), "points_shown": 0,
            "points_total": 1, "fact_ids": (main.fact_id,),
        }
    )  # fmt: skip
    return [chart], {main.fact_id: main}


WEST = {"column": "region", "op": "eq", "value": "West"}
IN_2024 = {"column": "day", "op": "between", "value": ("2024-01-01", "2024-12-31")}
REVENUE = {"metric": "sum", "column": "revenue", "by": "region"}
MONTHLY = {"metric": "mean", "column": "price", "by": "day", "grain": "month"}
SPREAD = {"metric": "count", "column": "price", "by": "price", "bin_width": 10.0}


@pytest.mark.parametrize(
    ("kind", "chart", "said"),
    [
        ("bar", REVENUE | {"limit": 8}, REVENUE | {"limit": 6}),
        ("bar", REVENUE | {"limit": 8}, {"metric": "share_sum", "column": "revenue", "by": "region"}),
        ("line", MONTHLY, MONTHLY | {"filters": (IN_2024,)}),
        ("scatter", {"metric": "correlation", "column": "a", "column2": "b"},
         {"metric": "correlation", "column": "b", "column2": "a"}),
        ("histogram", SPREAD, {"metric": "max", "column": "price"}),
        ("line", {"metric": "sum", "column": "1962"}, {"metric": "sum", "column": "1962"}),
    ],
    ids=[
        "fewer bars", "the same bars as shares", "complete months alone", "a pair the other way", "a far value",
        "the course of columns of years",
    ],
)  # fmt: skip
def test_a_chart_of_the_same_thing_is_found(kind: str, chart: dict[str, Any], said: dict[str, Any]) -> None:
    """Where the rest begins and how much of the time is covered change nothing in what is seen."""
    charts, measures = drawn(kind, **chart)

    assert chart_of([Measure.model_validate(said)], charts, measures) is charts[0]


@pytest.mark.parametrize(
    ("kind", "chart", "said"),
    [
        ("bar", REVENUE, {"metric": "mean", "column": "revenue", "by": "region"}),
        ("bar", REVENUE, REVENUE | {"by": "product"}),
        ("bar", REVENUE, REVENUE | {"filters": ({"column": "paid", "op": "eq", "value": True},)}),
        ("line", MONTHLY, MONTHLY | {"filters": (WEST,)}),
        ("line", MONTHLY, MONTHLY | {"grain": "week"}),
        ("line", MONTHLY, MONTHLY | {"minus": "opened"}),
        ("heatmap", {"metric": "correlation", "column": "a", "column2": "b"},
         {"metric": "correlation", "column": "a", "column2": "b"}),
        ("histogram", SPREAD, {"metric": "missing_share", "column": "price"}),
        ("histogram", SPREAD, {"metric": "max", "column": "price", "filters": (WEST,)}),
        ("line", {"metric": "sum", "column": "1962"}, {"metric": "mean", "column": "1962"}),
    ],
    ids=[
        "the average of what is added up", "another category", "a part of the rows", "one group of many",
        "weeks beside months", "a time between dates", "one pair of a map", "what is missing", "of one group",
        "the average of a year beside totals",
    ],
)  # fmt: skip
def test_a_chart_of_something_else_is_none(kind: str, chart: dict[str, Any], said: dict[str, Any]) -> None:
    """A chart beside a finding reads like its proof, so one of the same columns is not enough."""
    charts, measures = drawn(kind, **chart)

    assert chart_of([Measure.model_validate(said)], charts, measures) is None


def test_what_lies_behind_a_finding_is_not_drawn_for_it() -> None:
    """A sentence on averages that also cites the totals is not shown by the chart of totals."""
    charts, measures = drawn("bar", **REVENUE)
    said = [Measure.model_validate(REVENUE | {"metric": metric}) for metric in ("mean", "sum")]

    assert chart_of(said, charts, measures) is None
    assert chart_of(said[::-1], charts, measures) is charts[0]
