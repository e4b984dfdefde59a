"""A chart is a measure with `by`, drawn. The spec carries its own data."""

from typing import Literal

from pydantic import Field

from datapilot.contracts.base import Contract, Scalar

ChartType = Literal["line", "area", "bar", "histogram", "scatter", "heatmap"]


class RowSample(Contract):
    """Which rows a scatter shows: every `step`-th row in file order where both columns have a value."""

    columns: tuple[str, str]
    step: int


class ChartSpec(Contract):
    """One chart, ready to draw: at most 1,000 points, each a record with `x_key` and `y_key`.

    `title` says the finding or the subject, and is `title_template` rendered with the chart's facts.
    `alt` describes the chart for someone who cannot see it. `points_total` is how many rows the points summarise.
    A histogram's records also have `to`, and `closed` on the last one where that edge itself is in it.
    A bar's y axis starts at 0. Bars stand as the entries of their fact do, the largest first; those of a category with
    an order of its own (ages, months, answers) stand in it, and `order` names the entry behind each bar.
    `partial_last` marks a last period that the data does not cover to its end.
    Heat map records have a third key, `value_key`. `sample` and `x_unit` are set on scatters, whose points are
    rows, not facts; `unit` is that of the y axis.
    """

    id: str
    type: ChartType
    title: str
    title_template: str
    subtitle: str
    alt: str
    x_key: str
    y_key: str
    value_key: str | None = None
    x_label: str
    y_label: str
    unit: str | None = None
    x_unit: str | None = None
    data: tuple[dict[str, Scalar], ...] = Field(max_length=1000)
    points_shown: int
    points_total: int
    partial_last: bool = False
    note: str | None = None
    fact_ids: tuple[str, ...] = ()
    order: tuple[int, ...] | None = None
    sample: RowSample | None = None
