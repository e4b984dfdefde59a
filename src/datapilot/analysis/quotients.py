"""Which rates are the quotient of two amounts of their table: clicks / impressions, revenue / units. Such a rate of
many rows is the one sum over the other, not the average of the rows' rates, of which a row of ten counts like one of a
million.

Figures decide, not names: the quotient must come out in every row, to the digits in which the rate is written.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np

from datapilot.analysis.sampling import Numbers, numbers_all_over
from datapilot.contracts.profile import ColumnProfile, Quotient, TableProfile
from datapilot.engine.table import Table

MOST_RATES, MOST_PARTS = 8, 8  # columns looked at: 900 quotients of 500 rows, about 30 ms
LOOKED_AT = 500  # rows, about; what fits in all of them is then asked of the whole table
FEWEST_ROWS = 5  # that show it
FEWEST_VALUES = 3  # different ones that must come out
FEWEST_BASES = 5  # of different sizes, or chance may have made them
MOST_OFF = 0.25  # of a rate's spread, by which its last digit may be off to tell anything
MOST_DECIMALS = 8
FITTING = 0.99  # of the rows; a slip of the pen is no other rate
_SCALES = (1.0, 100.0)  # 0.034 or 3.4


class _Written(NamedTuple):
    """A rate's values in the rows looked at, and the most by which a quotient written with its digits is off."""

    values: Numbers
    off: float


def find_quotients(table: Table, profile: TableProfile) -> tuple[Quotient, ...]:
    """Return the rates that are quotients, one entry each, in file order."""
    rates = [one for one in profile.columns if one.role == "average" and _is_open(one, profile)][:MOST_RATES]
    parts = [one for one in profile.columns if one.role == "sum" and _is_open(one, profile)][:MOST_PARTS]
    if not rates or len(parts) < 2:
        return ()
    cells = numbers_all_over(table, [*rates, *parts], rows=LOOKED_AT)
    return tuple(
        found for rate in rates
        if (found := next(_quotients(rate, parts, cells, table), None)) is not None
    )  # fmt: skip


def _is_open(column: ColumnProfile, profile: TableProfile) -> bool:
    return (
        column.pii is None
        and column.storage in ("BIGINT", "DOUBLE")
        and column.name in profile.numeric
        and column.unique_count > 1
    )


def _quotients(
    rate: ColumnProfile, parts: Sequence[ColumnProfile], cells: dict[str, Numbers], table: Table
) -> Iterator[Quotient]:
    written = _written(cells[rate.name])
    for above, below in permutations(parts, 2):
        for scale in _SCALES:
            if _fits(written, cells[above.name], cells[below.name], scale) and _holds(
                table, rate, above, below, scale=scale, off=written.off
            ):
                is_percent = scale != 1 or rate.unit in ("share", "%")
                is_part = is_percent or (isinstance(rate.maximum, int | float) and rate.maximum <= 1)
                yield Quotient(
                    column=rate.name, above=above.name, below=below.name, is_percent=is_percent, is_part=is_part
                )


def _written(values: Numbers) -> _Written:
    known = values[np.isfinite(values)]
    decimals = next(
        (digits for digits in range(MOST_DECIMALS) if np.array_equal(np.round(known, digits), known)), MOST_DECIMALS
    )
    return _Written(values, 1.01 * 10.0**-decimals)  # the last digit may be rounded or cut off


def _fits(written: _Written, above: Numbers, below: Numbers, scale: float) -> bool:
    """Whether the quotient comes out in the rows looked at."""
    known = np.isfinite(written.values) & np.isfinite(above) & np.isfinite(below) & (below != 0)
    values = written.values[known]
    if len(values) < FEWEST_ROWS or len(np.unique(values)) < FEWEST_VALUES:
        return False
    if len(np.unique(below[known])) < FEWEST_BASES or written.off > MOST_OFF * float(np.std(values)):
        return False
    made = scale * above[known] / below[known]
    return float(np.mean(np.abs(made - values) <= written.off + 1e-9 * np.abs(values))) >= FITTING


def _holds(
    table: Table, rate: ColumnProfile, above: ColumnProfile, below: ColumnProfile, *, scale: float, off: float
) -> bool:
    """Whether it comes out in the whole table, and both parts are known of the same rows."""
    told, top, base = (f"CAST({table.physical(one.name)} AS DOUBLE)" for one in (rate, above, below))
    known = f"{told} IS NOT NULL AND {top} IS NOT NULL AND {base} <> 0"
    fits = f"abs({scale} * {top} / {base} - {told}) <= {off} + 1e-9 * abs({told})"
    row = table.connection.execute(
        f"SELECT count(*) FILTER (WHERE {known}), count(*) FILTER (WHERE {known} AND {fits}), "
        f"count(*) FILTER (WHERE ({top} IS NULL) <> ({base} IS NULL)) FROM {table.relation}"
    ).fetchone()
    assert row is not None
    rows, fitting, halves = row
    return bool(fitting >= FITTING * rows and halves <= (1 - FITTING) * table.row_count)
