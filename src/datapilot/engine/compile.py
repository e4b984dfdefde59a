"""Measure -> atoms and a formula over them. Every metric is defined here, once; running is `evaluate`'s."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from datapilot.contracts.errors import UnknownMeasure
from datapilot.contracts.measure import Aggregate, Measure, Metric
from datapilot.engine.association import chi_square, correlation_ratio, settled_r
from datapilot.engine.atoms import Atom, What
from datapilot.engine.conditions import Rows, rows_of
from datapilot.engine.durations import STORAGE, UNIT, duration
from datapilot.engine.keys import Key, key_of
from datapilot.engine.table import Table

Look = Callable[[Atom], Any]
Formula = Callable[[Look], tuple[Any, int]]

_NUMERIC = frozenset({"BIGINT", "DOUBLE", "BOOLEAN"})
_WITHOUT_KEYS: frozenset[Metric] = frozenset({"association", "correlation_ratio", "duplicate_rows"})
_WITHOUT_DURATIONS: frozenset[Metric] = frozenset(
    {"missing_count", "missing_share", "duplicate_rows", "share_rows", "association"}
)
_OF_PAIRS: frozenset[Metric] = frozenset({"correlation", "association", "correlation_ratio"})
_NEEDS_KEYS: frozenset[Metric] = frozenset({"argmax", "argmin", "slope"})
_COMPARED: frozenset[Metric] = frozenset({"difference", "change", "ratio"})
_OWN_UNITS: frozenset[str] = frozenset({"sum", "mean", "median", "min", "max", "std", "quantile"})
_UNITS: dict[str, str] = {
    "count": "rows", "duplicate_rows": "rows", "outlier_count": "rows", "missing_count": "cells",
    "missing_share": "share", "share_rows": "share", "share_sum": "share", "change": "share",
}  # fmt: skip


class Part(NamedTuple):
    """What one value needs: atoms, and the formula that makes (value, n) of them."""

    atoms: tuple[Atom, ...]
    formula: Formula


class Plan(NamedTuple):
    """A measure ready to run. `key` splits `part`; `selects` says that the answer is a key (argmax, argmin) or one
    number over all keys (slope) rather than the list of entries."""

    measure: Measure
    part: Part
    key: Key | None
    unit: str | None
    selects: bool


def compile_measure(measure: Measure, table: Table) -> Plan:
    """Return what to compute for a measure. Raises UnknownMeasure when the table cannot answer it."""
    key = key_of(measure, table)
    metric = measure.metric
    if key is None and metric in _NEEDS_KEYS:
        raise UnknownMeasure(f"“{metric}” needs a column to split by.")
    if key is not None and metric in _WITHOUT_KEYS:
        raise UnknownMeasure(f"“{metric}” cannot be split by a column.")
    if measure.limit is not None and measure.limit < 1:
        raise UnknownMeasure("A limit keeps at least one key.")
    if measure.column2 is not None and metric not in (*_OF_PAIRS, "ratio", "change"):
        raise UnknownMeasure(f"“{metric}” takes one column.")
    if measure.minus is not None and (measure.column is None or metric in _WITHOUT_DURATIONS):
        raise UnknownMeasure(f"“{metric}” takes no column to subtract.")
    part = _part(measure, table, key)
    return Plan(measure, part, key, _unit(measure, table), metric in _NEEDS_KEYS)


def _part(measure: Measure, table: Table, key: Key | None) -> Part:
    rows = rows_of(measure.filters, table)
    metric = measure.metric
    if metric in ("share_rows", "share_sum"):
        return _share(measure, table, rows, key)
    if measure.baseline and metric not in _COMPARED:
        raise UnknownMeasure(f"“{metric}” compares nothing, so it takes no baseline.")
    if measure.column2 is not None and metric in ("ratio", "change"):
        return _of_columns(measure, table, rows, key)
    if metric in _COMPARED:
        return _compared(measure, table, rows, key)
    if metric in _OF_PAIRS:
        return _pair(measure, table, rows, key)
    if metric == "duplicate_rows":
        return _duplicates(measure, table, rows)
    aggregate = _inner(measure) if metric in _NEEDS_KEYS else metric
    return _aggregate(aggregate, measure.column, measure, table, rows=rows, key=key)


def _share(measure: Measure, table: Table, rows: Rows, key: Key | None) -> Part:
    """The rows, or a column's sum over them, as a share. With keys the whole is the rows of all keys together; without,
    the rows compared against."""
    whole_rows = rows if key is not None else rows_of(measure.baseline, table)
    what: Metric = "count" if measure.metric == "share_rows" else "sum"
    column = None if measure.metric == "share_rows" else measure.column
    if measure.metric == "share_sum":
        _numeric(measure, table)
    some = _aggregate(what, column, measure, table, rows=rows, key=key)
    whole = _aggregate(what, column, measure, table, rows=whole_rows, key=None)
    return Part(some.atoms + whole.atoms, _quotient(some, whole, n_of_whole=key is None))


def _of_columns(measure: Measure, table: Table, rows: Rows, key: Key | None) -> Part:
    """The ratio of two columns, or its change against that of other rows."""
    if measure.minus is not None:
        raise UnknownMeasure("A ratio of two columns subtracts nothing.")
    some = _ratio_of_columns(measure, table, rows, key)
    if measure.metric == "change":
        other = _ratio_of_columns(measure, table, rows_of(measure.baseline, table), key)
        return Part(some.atoms + other.atoms, _quotient(some, other, less=True))
    if measure.baseline:
        raise UnknownMeasure("A ratio of two columns takes no baseline.")
    return some


def _ratio_of_columns(measure: Measure, table: Table, rows: Rows, key: Key | None) -> Part:
    """The sum of one column over that of another, or values per distinct value of the only one."""
    metrics: tuple[Metric, Metric] = ("sum", "sum") if measure.column is not None else ("count", "count_distinct")
    above = _aggregate(metrics[0], measure.column or measure.column2, measure, table, rows=rows, key=key)
    below = _aggregate(metrics[1], measure.column2, measure, table, rows=rows, key=key)
    return Part(above.atoms + below.atoms, _quotient(above, below))


def _compared(measure: Measure, table: Table, rows: Rows, key: Key | None) -> Part:
    """One aggregate over two sets of rows, as a difference, a ratio or a change."""
    compared = rows_of(measure.baseline, table)
    some = _aggregate(_inner(measure), measure.column, measure, table, rows=rows, key=key)
    other = _aggregate(_inner(measure), measure.column, measure, table, rows=compared, key=key)
    if measure.metric == "difference":
        return Part(some.atoms + other.atoms, _difference(some, other))
    return Part(some.atoms + other.atoms, _quotient(some, other, less=measure.metric == "change"))


def _duplicates(measure: Measure, table: Table, rows: Rows) -> Part:
    """Rows equal to an earlier one, of which a column that is to be left out may differ."""
    without, misfits = None, None
    if measure.column is not None:
        without, misfits = table.physical(measure.column), table.misfits.get(measure.column)
    total, repeats = Atom("rows", rows=rows), Atom("repeats", without, column2=misfits, rows=rows)
    return Part((repeats, total), lambda look: (look(repeats), look(total)))


def _inner(measure: Measure) -> Aggregate:
    if measure.of is not None:
        return measure.of
    return "sum" if measure.column is not None else "count"


def _unit(measure: Measure, table: Table) -> str | None:
    metric: str = measure.metric
    if metric in ("difference", "slope"):
        metric = _inner(measure)
    if metric in _UNITS:
        return _UNITS[metric]
    if metric == "ratio" and measure.column is not None and measure.column2 is not None:
        above, below = table.column(measure.column), table.column(measure.column2)
        return above.unit if above.subtype == "currency" and below.unit is None else None  # euros per order are euros
    if metric not in _OWN_UNITS or measure.column is None:
        return None
    return UNIT if measure.minus is not None else table.column(measure.column).unit


def _numeric(measure: Measure, table: Table) -> None:
    if measure.column is None or _storage(measure.column, measure.minus, table) not in _NUMERIC:
        raise UnknownMeasure(f"“{measure.metric}” needs a numeric column.")


def _storage(name: str, minus: str | None, table: Table) -> str:
    return table.column(name).storage if minus is None else STORAGE


def _physical(name: str, minus: str | None, table: Table) -> str:
    return table.physical(name) if minus is None else duration(name, minus, table)


def _aggregate(
    metric: Metric, name: str | None, measure: Measure, table: Table, *, rows: Rows, key: Key | None
) -> Part:
    """Return the part of one aggregate of one column, or of rows, over a set of rows; n counts the column's values."""
    if metric == "count" and name is None:
        total = Atom("rows", rows=rows, key=key)
        return Part((total,), lambda look: (look(total) or 0, look(total) or 0))
    if metric in ("missing_count", "missing_share"):
        return _missing(metric, name, table, rows, key)
    if name is None:
        raise UnknownMeasure(f"“{metric}” needs a column.")
    storage = _storage(name, measure.minus, table)
    _check_storage(metric, name, storage)
    atom = _atoms_of(_physical(name, measure.minus, table), storage, rows, key)
    values = atom("values")

    def part(value: Callable[[Look], Any], *atoms: Atom) -> Part:
        return Part((*atoms, values), lambda look: (value(look), look(values) or 0))

    match metric:
        case "count":
            return part(lambda look: look(values) or 0)
        case "count_distinct":
            distinct = atom("distinct")
            return part(lambda look: look(distinct) or 0, distinct)
        case "sum" | "min" | "max" | "std":
            one = atom(metric)
            return part(lambda look: look(one), one)
        case "mean":
            total = atom("sum")
            return part(lambda look: _over(look(total), look(values)), total)
        case "median" | "quantile":
            one = atom("quantile", _quantile(0.5 if metric == "median" else measure.q))
            return part(lambda look: look(one), one)
        case "skew" | "kurtosis":
            moments, low, high = atom("moments"), atom("min"), atom("max")
            shape = skew if metric == "skew" else kurtosis
            return part(
                lambda look: shape(look(values), look(moments)) if look(low) != look(high) else None,
                moments, low, high,
            )  # fmt: skip
        case "outlier_count":
            outliers = atom("outliers")
            return part(lambda look: look(outliers) or 0, outliers)
        case _:
            raise AssertionError(f"{metric} is not an aggregate of one column")


def _atoms_of(physical: str, storage: str, rows: Rows, key: Key | None) -> Callable[..., Atom]:
    def atom(what: What, q: float | None = None) -> Atom:
        return Atom(what, physical, storage, q=q, rows=rows, key=key)

    return atom


def _check_storage(metric: Metric, name: str, storage: str) -> None:
    if storage in _NUMERIC or metric in ("count", "count_distinct", "min", "max"):
        return
    if metric in ("median", "quantile") and storage in ("DATE", "TIMESTAMP"):
        return
    raise UnknownMeasure(f"“{metric}” of “{name}” is not defined: its cells are not numbers.")


def _quantile(q: float | None) -> float:
    if q is None or not 0 <= q <= 1:
        raise UnknownMeasure("A quantile needs q between 0 and 1.")
    return float(q)


def _missing(metric: Metric, name: str | None, table: Table, rows: Rows, key: Key | None) -> Part:
    """Missing cells of one column, or of all columns together; n is the number of cells looked at."""
    names = [name] if name is not None else [column.name for column in table.columns]
    total = Atom("rows", rows=rows, key=key)
    filled = tuple(
        Atom("filled", table.physical(one), column2=table.misfits.get(one), rows=rows, key=key) for one in names
    )

    def formula(look: Look) -> tuple[Any, int]:
        cells = (look(total) or 0) * len(names)
        missing = cells - sum(look(atom) or 0 for atom in filled)
        return (missing if metric == "missing_count" else _over(missing, cells)), cells

    return Part((total, *filled), formula)


def _pair(measure: Measure, table: Table, rows: Rows, key: Key | None) -> Part:
    if measure.column is None or measure.column2 is None:
        raise UnknownMeasure(f"“{measure.metric}” needs two columns.")
    one, other = _physical(measure.column, measure.minus, table), table.physical(measure.column2)
    low, high = sorted((one, other))  # whichever is named first, it is asked once
    pairs = Atom("pairs", low, column2=high, rows=rows, key=key)
    if measure.metric == "association":
        counts = Atom("contingency", one, column2=other, rows=rows)
        return Part((counts, pairs), lambda look: (chi_square(look(counts)).corrected_v, look(pairs)))
    if measure.metric == "correlation_ratio":
        storage = _storage(measure.column, measure.minus, table)
        if storage not in _NUMERIC:
            raise UnknownMeasure("“correlation_ratio” needs a numeric column, and one to split it by.")
        spreads = Atom("spreads", one, storage, column2=other, rows=rows)
        return Part((spreads, pairs), lambda look: (correlation_ratio(look(spreads)), look(pairs) or 0))
    if {_storage(measure.column, measure.minus, table), table.column(measure.column2).storage} - _NUMERIC:
        raise UnknownMeasure("“correlation” needs two numeric columns.")
    r = Atom("correlation", low, column2=high, rows=rows, key=key)

    def formula(look: Look) -> tuple[float | None, int]:
        value, n = look(r), look(pairs) or 0
        return (None if value is None or n < 2 else settled_r(value)), n

    return Part((r, pairs), formula)


def _over(above: Any, below: Any) -> Any:
    return None if above is None or not below else above / below


def _quotient(some: Part, other: Part, *, less: bool = False, n_of_whole: bool = False) -> Formula:
    def formula(look: Look) -> tuple[Any, int]:
        (above, n), (below, whole_n) = some.formula(look), other.formula(look)
        quotient = _over(above, below)
        return (quotient - 1 if less and quotient is not None else quotient), (whole_n if n_of_whole else n)

    return formula


def _difference(some: Part, other: Part) -> Formula:
    def formula(look: Look) -> tuple[Any, int]:
        (one, n), (two, _) = some.formula(look), other.formula(look)
        return (None if one is None or two is None else one - two), n

    return formula


def skew(n: int | None, moments: Any) -> float | None:
    """Return G1 (Joanes & Gill 1998) from the sums of powers about the mean; None for n < 3 or no spread."""
    if not n or n < 3 or moments is None or not _has_spread(moments[0] / n):
        return None
    m2, m3 = moments[0] / n, moments[1] / n
    return float(m3 / m2**1.5 * math.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(n: int | None, moments: Any) -> float | None:
    """Return G2, the excess kurtosis (Joanes & Gill 1998), likewise; None for n < 4 or no spread."""
    if not n or n < 4 or moments is None or not _has_spread(moments[0] / n):
        return None
    m2, m4 = moments[0] / n, moments[2] / n
    return float((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6))


def _has_spread(variance: float) -> bool:
    """Whether powers of a variance stay within the range of a double."""
    return 1e-150 < variance < 1e150
