"""Filters as SQL with bound values. The only place where a value meets a column's type; no value is ever printed."""

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from datapilot.contracts.base import Scalar
from datapilot.contracts.errors import UnknownMeasure
from datapilot.contracts.measure import Filter, FilterOp
from datapilot.contracts.table import Column
from datapilot.engine.durations import STORAGE, duration, expression, physical_columns
from datapilot.engine.table import Table

_COMPARISONS: dict[FilterOp, str] = {"eq": "=", "ne": "<>", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
_ORDERING: frozenset[FilterOp] = frozenset({"gt", "ge", "lt", "le", "between"})
_INT64 = range(-(2**63), 2**63)
_BETWEEN_WORDS = r"[^\p{L}\p{M}\p{N}]"


class Rows(NamedTuple):
    """A set of rows: a condition with `?` for each of `values`. An empty condition means every row.

    `columns` are the physical columns it reads.
    """

    sql: str = ""
    values: tuple[Any, ...] = ()
    columns: frozenset[str] = frozenset()

    def and_also(self, other: "Rows") -> "Rows":
        """Return the rows that are in both sets."""
        if not self.sql or not other.sql:
            return self if self.sql else other
        return Rows(f"{self.sql} AND {other.sql}", self.values + other.values, self.columns | other.columns)


ALL_ROWS = Rows()

_NUMBERS = frozenset({"BIGINT", "DOUBLE"})


def rows_of(filters: Sequence[Filter], table: Table) -> Rows:
    """Return the rows that satisfy all filters. Raises UnknownMeasure for an unknown column or an unfit value."""
    rows = ALL_ROWS
    for filter_ in filters:
        rows = rows.and_also(_condition(filter_, table))
    return rows


def having(physical: str, cell: Any) -> Rows:
    """Return the rows whose cell in the column is this one."""
    return Rows(f"({physical} = ?)", (cell,), frozenset({physical}))


def filled(table: Table, name: str) -> str:
    """Return the SQL that is true where the cell is not missing, be it readable or not."""
    column, misfit = table.physical(name), table.misfits.get(name)
    return f"({column} IS NOT NULL OR {misfit} IS NOT NULL)" if misfit else f"({column} IS NOT NULL)"


def _condition(filter_: Filter, table: Table) -> Rows:
    column = table.column(filter_.column)
    physical = table.physical(filter_.column)
    misfit = table.misfits.get(filter_.column)
    op, value = filter_.op, filter_.value
    if filter_.minus is not None:
        return _duration_condition(filter_, filter_.minus, column, table)
    if op in ("is_missing", "not_missing"):
        reads = frozenset({physical, misfit} if misfit else {physical})
        test = filled(table, filter_.column)
        return Rows(test if op == "not_missing" else f"NOT {test}", (), reads)
    reads = frozenset({physical})
    if op == "in":
        cells = tuple(_cell(item, op, column) for item in _several(value, filter_))
        marks = ", ".join("?" * len(cells))
        return Rows(f"({physical} IN ({marks}))" if cells else "(FALSE)", cells, reads if cells else frozenset())
    if op == "between":
        low, high = _pair(value, filter_)
        ends_before = _end_of_day(high, column)
        if ends_before is not None:
            return Rows(f"({physical} >= ? AND {physical} < ?)", (_cell(low, op, column), ends_before), reads)
        return Rows(f"({physical} BETWEEN ? AND ?)", (_cell(low, op, column), _cell(high, op, column)), reads)
    if op in ("mentions", "not_mentions"):
        return _mention(filter_, column, physical)
    if isinstance(value, tuple):
        raise UnknownMeasure(f"The condition “{op}” on “{filter_.column}” takes one value, not a list.")
    cell = _cell(value, op, column)
    return having(physical, cell) if op == "eq" else Rows(f"({physical} {_COMPARISONS[op]} ?)", (cell,), reads)


def _mention(filter_: Filter, column: Column, physical: str) -> Rows:
    """The texts that hold these words in a row, or those that do not."""
    words = filter_.value.lower().split() if isinstance(filter_.value, str) else []
    if column.storage != "VARCHAR" or not words:
        raise UnknownMeasure(
            f"The condition “{filter_.op}” takes a word and a column of texts; “{column.name}” was asked for "
            f"“{filter_.value}”."
        )
    pattern = f"(^|{_BETWEEN_WORDS}){f'{_BETWEEN_WORDS}+'.join(map(re.escape, words))}($|{_BETWEEN_WORDS})"
    # Looking for the bare word first spares most cells the pattern.
    holds = f"contains(lower({physical}), ?) AND regexp_matches(lower({physical}), ?)"
    is_asked = f"({holds})" if filter_.op == "mentions" else f"({physical} IS NOT NULL AND NOT ({holds}))"
    return Rows(is_asked, (words[0], pattern), frozenset({physical}))


def _duration_condition(filter_: Filter, minus: str, column: Column, table: Table) -> Rows:
    """A condition on the days between two dates, or on one number less another: compared with a number, or known and
    not known."""
    if {column.storage, table.column(minus).storage} <= _NUMBERS:
        one, other = table.physical(filter_.column), table.physical(minus)
        days, reads = f"(CAST({one} AS DOUBLE) - {other})", frozenset({one, other})
    else:
        alias = duration(filter_.column, minus, table)
        days, reads = expression(alias), physical_columns(alias)
    if filter_.op in ("is_missing", "not_missing"):
        return Rows(f"({days} IS {'NOT ' if filter_.op == 'not_missing' else ''}NULL)", (), reads)
    cells = filter_.value if isinstance(filter_.value, tuple) else (filter_.value,)
    numbers = tuple(_cell(cell, filter_.op, column.model_copy(update={"storage": STORAGE})) for cell in cells)
    if filter_.op == "between" and len(numbers) == 2:
        return Rows(f"({days} BETWEEN ? AND ?)", numbers, reads)
    if filter_.op not in _COMPARISONS or len(numbers) != 1:
        raise UnknownMeasure(f"The condition “{filter_.op}” does not fit the days between two dates.")
    return Rows(f"({days} {_COMPARISONS[filter_.op]} ?)", numbers, reads)


def _several(value: Scalar | tuple[Scalar, ...], filter_: Filter) -> tuple[Scalar, ...]:
    if not isinstance(value, tuple):
        raise UnknownMeasure(f"The condition “{filter_.op}” on “{filter_.column}” takes a list of values.")
    return value


def _pair(value: Scalar | tuple[Scalar, ...], filter_: Filter) -> tuple[Scalar, Scalar]:
    ends = _several(value, filter_)
    if len(ends) != 2:
        raise UnknownMeasure(f"The condition “between” on “{filter_.column}” takes a low and a high value.")
    return ends[0], ends[1]


def _end_of_day(high: Scalar, column: Column) -> datetime | None:
    """Return the first moment after a bare date that closes a range of timestamps; None where that is not so."""
    if column.storage != "TIMESTAMP" or not isinstance(high, str):
        return None
    try:
        day = date.fromisoformat(high)
    except ValueError:
        return None
    return datetime.combine(day, time()) + timedelta(days=1)


def _cell(value: Scalar, op: FilterOp, column: Column) -> Any:
    """Return the value as the column's storage type has it; raises UnknownMeasure when it cannot be one."""
    try:
        cell = _cast(value, op, column.storage)
    except (ValueError, OverflowError):
        cell = None
    if cell is None:
        raise UnknownMeasure(
            f"“{value}” cannot be a value of “{column.name}”, which holds {column.inferred_type} cells."
        )
    return cell


def _cast(value: Scalar, op: FilterOp, storage: str) -> Any:
    if value is None:
        return None
    match storage:
        case "VARCHAR":
            return None if isinstance(value, bool) else str(value)
        case "BOOLEAN":
            return _boolean(value)
        case "BIGINT":
            return _integer(value, op)
        case "DOUBLE":
            return _real(value)
        case _:
            return _moment(value, storage)


def _boolean(value: Scalar) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return bool(value) if value in (0, 1) else None


def _integer(value: Scalar, op: FilterOp) -> int | float | None:
    """Return a whole number; only a comparison of order may lie between two whole numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if value in _INT64 else None
    number = _real(value)
    if number is None:
        return None
    if number.is_integer() and int(number) in _INT64:
        return int(value) if isinstance(value, str) and value.strip("+-").isdigit() else int(number)
    return number if op in _ORDERING else None


def _real(value: Scalar) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def _moment(value: Scalar, storage: str) -> date | datetime | time | None:
    if not isinstance(value, str):
        return None
    if storage == "TIME":
        return time.fromisoformat(value)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is not None:
        return None
    if storage == "TIMESTAMP":
        return moment
    return moment.date() if moment.time() == time() else None
