"""Rows as points of two columns, for the part of a table that is looked at."""

from datapilot.contracts.base import Contract, Scalar
from datapilot.contracts.measure import Filter


class PointsAsked(Contract):
    """The rows to draw as points of two columns: those that satisfy `filters` and have a value in both."""

    columns: tuple[str, str]
    filters: tuple[Filter, ...] = ()


class Points(Contract):
    """Every `step`-th of `total` such rows, the first one first, in file order: a pair of values each, at most 500."""

    step: int
    total: int
    points: tuple[tuple[Scalar, Scalar], ...]
