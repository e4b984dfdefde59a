"""Measure -> the words that name it: "average price where region is North". One naming, for readers and for models.

How a column and a value are written is the caller's: slots that the renderer fills, or tokens that say nothing of
the table.
"""

from collections.abc import Sequence
from typing import Protocol

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter, Measure
from datapilot.words.render import column_slot, value_slot


class Namer(Protocol):
    """How columns and values are written."""

    def column(self, name: str) -> str: ...

    def value(self, column: str, value: Scalar) -> str: ...


class Unnameable(ValueError):
    """The measure has no name short enough to be read."""


class SlotNamer:
    """Writes templates for the renderer; every value is one that the fact itself filters by."""

    def column(self, name: str) -> str:
        return column_slot(name)

    def value(self, column: str, value: Scalar) -> str:  # noqa: ARG002 - tokens need the column, slots do not
        return value_slot(value)


_NAMES = {
    "count": "number of {} values", "count_distinct": "number of different {} values", "sum": "total {}",
    "mean": "average {}", "median": "median {}", "min": "smallest {}", "max": "largest {}",
    "std": "standard deviation of {}", "skew": "skewness of {}", "kurtosis": "kurtosis of {}",
    "missing_count": "missing {} values", "missing_share": "share of missing {} values",
    "outlier_count": "outliers of {}",
}  # fmt: skip
_QUANTILES = {0.25: "lower quartile of {}", 0.5: "median {}", 0.75: "upper quartile of {}"}
_OF_THE_TABLE = {
    "count": "number of records", "missing_count": "missing cells", "missing_share": "share of missing cells",
    "duplicate_rows": "rows that repeat an earlier one",
}  # fmt: skip
_OPERATORS = {
    "eq": "is", "ne": "is not", "in": "is one of", "gt": "is above", "ge": "is at least", "lt": "is below",
    "le": "is at most", "between": "lies between", "mentions": "mentions", "not_mentions": "does not mention",
    "is_missing": "is missing", "not_missing": "is known",
}  # fmt: skip
_GRAINS = {"weekday": "day of the week", "hour_of_day": "hour of the day", "month_of_year": "month of the year"}
_MOST_VALUES = 4


def name_measure(measure: Measure, namer: Namer) -> str:
    """Return what the measure is, filters included. Raises Unnameable."""
    words = _what(measure, namer)
    if measure.by is not None and measure.metric not in {"argmax", "argmin", "slope"}:
        words += f" by {_key(measure, namer)}"
    if measure.filters:
        words += f" where {_conditions(measure.filters, namer)}"
    if measure.metric in {"difference", "change", "ratio"} and measure.column2 is None:
        against = f"where {_conditions(measure.baseline, namer)}" if measure.baseline else "all records"
        words += f", compared with {against}"
    elif measure.baseline:
        words += f", of those where {_conditions(measure.baseline, namer)}"
    return words


def _what(measure: Measure, namer: Namer) -> str:
    metric = measure.metric
    if measure.column is None:
        if metric == "share_rows":
            return "share of records"
        if metric in _OF_THE_TABLE:
            return _OF_THE_TABLE[metric]
    match metric:
        case "share_rows":
            return "share of records"
        case "share_sum":
            return f"share of total {_subject(measure, namer)}"
        case "difference":
            return f"difference in {_inner(measure, namer)}"
        case "change":
            return f"change of {_inner(measure, namer)}"
        case "ratio" if measure.column2 is not None and measure.column is None:
            return f"number of records per {namer.column(measure.column2)}"
        case "ratio" if measure.column2 is not None:
            return f"total {_subject(measure, namer)} per {namer.column(measure.column2)}"
        case "ratio":
            return f"ratio of {_inner(measure, namer)}"
        case "correlation" | "association" if measure.column2 is not None:
            return f"{metric} of {_subject(measure, namer)} and {namer.column(measure.column2)}"
        case "correlation_ratio" if measure.column2 is not None:
            return f"correlation ratio of {_subject(measure, namer)} by {namer.column(measure.column2)}"
        case "duplicate_rows":
            return f"rows that repeat an earlier one in all but {_subject(measure, namer)}"
        case "slope":
            return f"change of {_inner(measure, namer)} per {_period(measure)}"
        case "argmax" | "argmin":
            most = "most" if metric == "argmax" else "least"
            return f"{_key(measure, namer)} with the {most} {_inner(measure, namer).removeprefix('number of ')}"
        case "quantile":
            if measure.q not in _QUANTILES:
                raise Unnameable("This quantile has no name.")
            return _QUANTILES[measure.q].replace("{}", _subject(measure, namer))
        case _ if metric in _NAMES and measure.column is not None:
            return _NAMES[metric].replace("{}", _subject(measure, namer))
    raise Unnameable("This measure has no name.")


def _inner(measure: Measure, namer: Namer) -> str:
    inner = measure.of or ("count" if measure.column is None else "sum")
    if measure.column is None:
        return _OF_THE_TABLE["count"]
    return _NAMES[inner].replace("{}", _subject(measure, namer))


def _subject(measure: Measure, namer: Namer) -> str:
    if measure.column is None:
        raise Unnameable("This measure has no column.")
    if measure.minus is not None:
        return f"time from {namer.column(measure.minus)} to {namer.column(measure.column)}"
    return namer.column(measure.column)


def _key(measure: Measure, namer: Namer) -> str:
    assert measure.by is not None
    if measure.grain is None:
        return namer.column(measure.by)
    return f"{_period(measure)} of {namer.column(measure.by)}"


def _period(measure: Measure) -> str:
    return "period" if measure.grain is None else _GRAINS.get(measure.grain, measure.grain)


def _conditions(filters: Sequence[Filter], namer: Namer) -> str:
    return " and ".join(_condition(one, namer) for one in filters)


def _condition(condition: Filter, namer: Namer) -> str:
    subject = namer.column(condition.column)
    if condition.minus is not None:
        subject = f"time from {namer.column(condition.minus)} to {subject}"
    words = f"{subject} {_OPERATORS[condition.op]}"
    if condition.op in {"is_missing", "not_missing"}:
        return words
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if len(values) > _MOST_VALUES:
        raise Unnameable("The condition names too many values.")
    said = [namer.value(condition.column, value) for value in values]
    return f"{words} {(' and ' if condition.op == 'between' else ', ').join(said)}"
