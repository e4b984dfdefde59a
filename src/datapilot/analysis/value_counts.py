"""Exact counts of a column that holds no numbers: how many values, which are frequent, first and last, how long."""

import heapq
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datapilot.analysis.column_summary import ColumnSummary, share
from datapilot.analysis.numeric_stats import count_distinct, most_frequent
from datapilot.analysis.rhythm import FEWEST_MOMENTS, rhythm_of
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
COUNTED_HERE_ROWS = 2_000_000  # of dates, up to here: they are fetched whole
_UNITS = {"DATE": "M8[D]", "TIMESTAMP": "M8[us]"}


def summarize_values(table: Table, columns: Sequence[Column]) -> Iterator[tuple[str, ColumnSummary]]:
    """Yield the counts of each column's typed cells. Dates are counted here, as numbers are; other cells are grouped
    once, and the rest works on the groups."""
    unknown, moments = [], []
    for column in columns:
        grouped = table.grouped.get(table.physical(column.name))
        if grouped is not None:
            yield column.name, _from_grouped(grouped, table, column)
        elif column.storage in _UNITS and table.row_count <= COUNTED_HERE_ROWS:
            moments.append(column)
        else:
            unknown.append(column)
    yield from _moments_counted(table, moments)
    if table.row_count <= COUNTED_AT_ONCE_ROWS:
        for storage in dict.fromkeys(column.storage for column in unknown):
            alike = [column for column in unknown if column.storage == storage]
            physicals = [table.physical(column.name) for column in alike]
            counted = count_cells(table.connection, table.relation, physicals, rows=table.row_count)
            for column, (_, groups) in zip(alike, counted, strict=True):
                yield column.name, _from_groups(table, column, groups)
        return
    yield from _one_by_one(table, unknown)


def _moments_counted(table: Table, columns: Sequence[Column]) -> Iterator[tuple[str, ColumnSummary]]:
    at_once = max(1, COUNTED_HERE_ROWS // max(1, table.row_count))
    for start in range(0, len(columns), at_once):
        batch = columns[start : start + at_once]
        for column, cells in zip(batch, table.fetch([one.name for one in batch]).values(), strict=True):
            unit = _UNITS[column.storage]
            numbers, times = count_distinct(cells.compressed().astype(unit).view(np.int64))
            distinct = numbers.view(unit)
            frequent = most_frequent(times, TOP_VALUES)
            tops = list(zip(distinct[frequent].tolist(), times[frequent].tolist(), strict=True))
            ends = [published(one) for one in distinct[[0, -1]].tolist()] if len(distinct) else [None, None]
            yield (
                column.name,
                ColumnSummary(
                    int(times.sum()),
                    len(distinct),
                    _top_values(tops, table),
                    minimum=ends[0],
                    maximum=ends[1],
                    rhythm=_rhythm(column, distinct) if _has_rhythm(column, len(distinct)) else None,
                ),
            )


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


def _rhythm(column: Column, moments: NDArray[np.datetime64]) -> Rhythm | None:
    return rhythm_of(moments.astype("M8[us]").view(np.int64), has_clock=column.storage == "TIMESTAMP")


def _moments(table: Table, column: Column, grouped: Grouped) -> NDArray[np.datetime64]:
    """Return each moment once, in any order: 8 bytes a moment, where the engine's groups would be objects here."""
    physical = table.physical(column.name)
    each_once = "DISTINCT " if grouped.unique_count < grouped.count else ""
    found = table.connection.execute(
        f"SELECT {each_once}{physical} FROM {table.relation} WHERE {physical} IS NOT NULL"
    ).fetchnumpy()
    moments: NDArray[np.datetime64] = np.ma.getdata(found[physical])
    return moments


def _top_values(counted: list[tuple[Any, int]], table: Table) -> tuple[TopValue, ...]:
    return tuple(
        TopValue(value=plain_value(value), count=times, share=share(times, table.row_count)) for value, times in counted
    )


def _mean_length(total: int | None, count: int) -> float | None:
    return None if not count or total is None else float(f"{total / count:.12g}")
