"""Exact counts of a column that holds no numbers: how many values, which are frequent, first and last, how long."""

import heapq
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from datapilot.analysis.column_summary import ColumnSummary, share
from datapilot.analysis.rhythm import FEWEST_MOMENTS, Moments, rhythm_of
from datapilot.contracts.profile import Rhythm, TopValue
from datapilot.contracts.table import Column
from datapilot.engine.beside import Beside
from datapilot.engine.grouped import (
    COUNTED_AT_ONCE_ROWS,
    MOST_KEYS,
    TOP_VALUES,
    Grouped,
    are_distinct,
    count_cells,
    group_values,
    hashes_of,
    keys_grouped,
)
from datapilot.engine.preview import plain_value
from datapilot.engine.table import Table
from datapilot.engine.values import published

FEW_ROWS = 50_000  # up to here, fetching all groups is faster than asking three questions about them
MOST_MOMENTS = 4_000_000  # distinct ones whose rhythm is looked for: 32 MB, and some copies of it
_FIRST_DAY = date(1970, 1, 1).toordinal()
_MICROSECONDS_PER_DAY = 86_400_000_000


def summarize_values(table: Table, columns: Sequence[Column]) -> Iterator[tuple[str, ColumnSummary]]:
    """Yield the counts of each column's typed cells. Cells are grouped once; the rest works on the groups."""
    unknown = []
    for column in columns:
        grouped = table.grouped.get(table.physical(column.name))
        if grouped is not None:
            yield column.name, _from_grouped(grouped, table, column)
        else:
            unknown.append(column)
    if table.row_count <= COUNTED_AT_ONCE_ROWS:
        for storage in dict.fromkeys(column.storage for column in unknown):
            alike = [column for column in unknown if column.storage == storage]
            physicals = [table.physical(column.name) for column in alike]
            counted = count_cells(table.connection, table.relation, physicals, rows=table.row_count)
            for column, (_, groups) in zip(alike, counted, strict=True):
                yield column.name, _from_groups(table, column, groups)
        return
    yield from _one_by_one(table, unknown)


def _one_by_one(table: Table, columns: Sequence[Column]) -> Iterator[tuple[str, ColumnSummary]]:
    """Yield the counts of columns of many rows; whether the first key is one turns out while others are grouped."""
    key = next((one for one in columns if _may_be_key(table, one)), None)
    hashes = hashes_of(table.connection, table.relation, table.physical(key.name)) if key else None
    with Beside(lambda: hashes is not None and are_distinct(hashes), is_long=hashes is not None) as looking:
        for column in sorted(columns, key=lambda one: one is key):
            physical = table.physical(column.name)
            place = (table.connection, table.relation, physical)
            if _may_be_key(table, column) and (looking.answer() if column is key else are_distinct(hashes_of(*place))):
                yield column.name, _from_grouped(keys_grouped(*place), table, column)
            elif table.row_count <= FEW_ROWS:
                yield column.name, _from_groups(table, column, _groups(table, column))
            else:
                grouped, _ = group_values(*place, is_text=column.storage == "VARCHAR")
                yield column.name, _from_grouped(grouped, table, column)


def _may_be_key(table: Table, column: Column) -> bool:
    return table.physical(column.name) in table.keys and table.row_count <= MOST_KEYS


def _groups(table: Table, column: Column) -> list[tuple[Any, int]]:
    physical = table.physical(column.name)
    return table.connection.execute(
        f"SELECT {physical}, count(*) FROM {table.relation} WHERE {physical} IS NOT NULL GROUP BY 1"
    ).fetchall()


def _from_groups(table: Table, column: Column, groups: list[tuple[Any, int]]) -> ColumnSummary:
    count = sum(times for _, times in groups)
    frequent = heapq.nsmallest(TOP_VALUES, ((-times, value) for value, times in groups if times > 1))
    tops = _top_values([(value, -times) for times, value in frequent], table)
    values = [value for value, _ in groups]
    if column.storage != "VARCHAR":
        low, high = min(values, default=None), max(values, default=None)
        return ColumnSummary(
            count,
            len(groups),
            tops,
            minimum=published(low),
            maximum=published(high),
            rhythm=_rhythm(column, _microseconds(values)) if _has_rhythm(column, len(values)) else None,
        )
    lengths = [(len(value), times) for value, times in groups]
    return ColumnSummary(
        count,
        len(groups),
        tops,
        min_length=min((length for length, _ in lengths), default=None),
        max_length=max((length for length, _ in lengths), default=None),
        mean_length=_mean_length(sum(length * times for length, times in lengths), count),
    )


def _from_grouped(grouped: Grouped, table: Table, column: Column) -> ColumnSummary:
    tops = _top_values(list(grouped.top), table)
    if column.storage != "VARCHAR":
        low, high = published(grouped.minimum), published(grouped.maximum)
        rhythm = (
            _rhythm(column, _moments(table, column, grouped)) if _has_rhythm(column, grouped.unique_count) else None
        )
        return ColumnSummary(grouped.count, grouped.unique_count, tops, minimum=low, maximum=high, rhythm=rhythm)
    return ColumnSummary(
        grouped.count,
        grouped.unique_count,
        tops,
        min_length=grouped.min_length,
        max_length=grouped.max_length,
        mean_length=_mean_length(grouped.total_length, grouped.count),
    )


def _has_rhythm(column: Column, unique_count: int) -> bool:
    is_date = column.storage in ("DATE", "TIMESTAMP") and column.pii is None
    return is_date and FEWEST_MOMENTS <= unique_count <= MOST_MOMENTS


def _rhythm(column: Column, moments: Moments) -> Rhythm | None:
    return rhythm_of(moments, has_clock=column.storage == "TIMESTAMP")


def _microseconds(values: Sequence[date]) -> Moments:
    """Return dates, with or without a time of day, since 1970: numpy itself takes 30 times as long for dates."""
    days = np.fromiter(map(date.toordinal, values), dtype=np.int64, count=len(values)) - _FIRST_DAY
    moments: Moments = days * _MICROSECONDS_PER_DAY
    if isinstance(values[0], datetime):
        clock = (
            ((one.hour * 60 + one.minute) * 60 + one.second) * 1_000_000 + one.microsecond
            for one in values
            if isinstance(one, datetime)
        )
        moments += np.fromiter(clock, dtype=np.int64, count=len(values))
    return moments


def _moments(table: Table, column: Column, grouped: Grouped) -> Moments:
    """Return each moment once, in any order: 8 bytes a moment, where the engine's groups would be objects here."""
    physical = table.physical(column.name)
    each_once = "DISTINCT " if grouped.unique_count < grouped.count else ""
    found = table.connection.execute(
        f"SELECT {each_once}{physical} FROM {table.relation} WHERE {physical} IS NOT NULL"
    ).fetchnumpy()
    return np.ma.getdata(found[physical]).astype("M8[us]").astype(np.int64)


def _top_values(counted: list[tuple[Any, int]], table: Table) -> tuple[TopValue, ...]:
    return tuple(
        TopValue(value=plain_value(value), count=times, share=share(times, table.row_count)) for value, times in counted
    )


def _mean_length(total: int | None, count: int) -> float | None:
    return None if not count or total is None else float(f"{total / count:.12g}")
