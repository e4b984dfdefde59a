"""The cells the tests look at: the whole table, or a fixed sample of a long one. Figures are never taken from here.

Screening needs ranks and tables of counts, which no batch of measures gives. What survives it is said with facts,
which the engine computes on every row; a sample can only miss something, never misstate it.
"""

from collections import defaultdict
from datetime import time
from itertools import count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.base import Scalar
from datapilot.engine.table import Table
from datapilot.insights.statistics import Floats, Ints

SAMPLE_ROWS = 20_000  # enough for any effect worth a sentence; all tests on it take about 0.1 s
LONGEST_TEXT = 400  # characters, in which a text has said what it is about
# Multiplying by an odd constant scatters the row numbers (Knuth's multiplicative hash): every k-th row would see
# only one hour of the day in an hourly file.
_SCATTER = 2_654_435_761
_MODULUS = 2**32


class Codes(NamedTuple):
    """A category column as numbers: `codes` index `labels`, -1 where the cell is missing. Labels by frequency."""

    codes: Ints
    labels: tuple[Scalar, ...]
    counts: Ints


class Cells(NamedTuple):
    """`rows` are the indices of the rows held, of `table_rows`; numbers and days are NaN where missing.

    `days` counts days since 1970-01-01, with fractions for times; of a time of day it is the part of the day. Those in
    `dates` have no time of day.
    """

    rows: Ints
    table_rows: int
    numbers: dict[str, Floats]
    days: dict[str, Floats]
    codes: dict[str, Codes]
    missing: dict[str, NDArray[np.bool_]]
    dates: frozenset[str] = frozenset()

    def span(self, end: str, start: str) -> Floats:
        """Return the days from one date to another, as a measure with `minus` counts them."""
        ends, starts = self.days[end], self.days[start]
        if (end in self.dates) != (start in self.dates):
            ends, starts = np.floor(ends), np.floor(starts)
        return ends - starts

    @property
    def is_sample(self) -> bool:
        """Some rows of the table are not held."""
        return len(self.rows) < self.table_rows


def load_cells(
    table: Table, *, numbers: list[str], days: list[str], categories: list[str], texts: list[str], missing: list[str]
) -> Cells:
    """Return the cells of these columns for all rows, or for about SAMPLE_ROWS scattered ones of a longer table.

    Of `texts` the first LONGEST_TEXT characters are among the codes; of the columns in `missing` only whether each cell
    is missing.
    """
    names = list(dict.fromkeys((*numbers, *days, *categories)))
    texts = [name for name in texts if name not in names]
    condition = ""
    if table.row_count > SAMPLE_ROWS:
        share = SAMPLE_ROWS / table.row_count
        condition = f" WHERE (rowid * {_SCATTER}) % {_MODULUS} < {int(share * _MODULUS)}"
    columns = "".join(f", {table.physical(name)}" for name in names)
    columns += "".join(f", left({table.physical(name)}, {LONGEST_TEXT}) AS {table.physical(name)}" for name in texts)
    columns += "".join(f", ({_is_missing(table, name)}) AS m_{table.physical(name)}" for name in missing)
    fetched = table.connection.execute(
        f"SELECT rowid AS row{columns} FROM {table.relation}{condition} ORDER BY rowid"
    ).fetchnumpy()
    return Cells(
        rows=np.asarray(fetched["row"], dtype=np.int64),
        table_rows=table.row_count,
        numbers={name: _numbers(fetched[table.physical(name)]) for name in numbers},
        days={name: _days(fetched[table.physical(name)]) for name in days},
        codes={name: encode(fetched[table.physical(name)]) for name in (*categories, *texts)},
        missing={name: np.asarray(fetched[f"m_{table.physical(name)}"], dtype=np.bool_) for name in missing},
        dates=frozenset(name for name in days if table.column(name).storage == "DATE"),
    )


def encode(column: NDArray[np.generic]) -> Codes:
    """Return the column's values as codes, the most frequent value first; ties by first appearance."""
    values = np.ma.getdata(column).astype(object)
    values[np.ma.getmaskarray(column)] = None
    cells: list[Scalar] = values.tolist()
    places: defaultdict[Scalar, int] = defaultdict(count().__next__, {None: -1})
    raw = np.fromiter(map(places.__getitem__, cells), dtype=np.int64, count=len(cells))
    seen = [value for value in places if value is not None]
    counts = np.bincount(raw[raw >= 0], minlength=len(seen)).astype(np.int64)
    order = np.argsort(-counts, kind="stable")
    renumber = np.empty(len(seen) + 1, dtype=np.int64)
    renumber[order] = np.arange(len(seen))
    renumber[-1] = -1
    return Codes(renumber[raw], tuple(seen[position] for position in order), counts[order])


def _is_missing(table: Table, name: str) -> str:
    """A cell with something unreadable in it is not missing."""
    column, misfit = table.physical(name), table.misfits.get(name)
    return f"{column} IS NULL AND {misfit} IS NULL" if misfit else f"{column} IS NULL"


def _part_of_day(cell: object) -> float:
    if not isinstance(cell, time):
        return np.nan
    return (cell.hour * 60 + cell.minute) / 1_440 + cell.second / 86_400


def _numbers(column: NDArray[np.generic]) -> Floats:
    return np.ma.filled(np.ma.asarray(column).astype(np.float64), np.nan)


def _days(column: NDArray[np.generic]) -> Floats:
    masked = np.ma.asarray(column)
    if masked.dtype == object:
        return np.array([_part_of_day(cell) for cell in np.ma.filled(masked, None)], dtype=np.float64)
    moments = np.ma.getdata(masked).astype("datetime64[us]")
    days: Floats = moments.astype(np.int64) / 86_400e6
    days[np.ma.getmaskarray(masked) | np.isnat(moments)] = np.nan
    return days
