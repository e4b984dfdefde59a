"""Which columns hold what is there at a time: inhabitants, a balance, the customers of a month.

Over several times they are never added up: most of it was there before. Knows names, and how far each step goes; asks
the engine.
"""

from collections.abc import Sequence

from datapilot.contracts.profile import ColumnProfile
from datapilot.engine.table import Table
from datapilot.words.labels import is_row_name
from datapilot.words.meanings import may_be_level, names_level

SAID_AGAIN = 0.5  # different values against rows, below which a level is an attribute that records repeat
FEWEST_TIMES = 8
SMALL_STEP = 0.06  # of the usual number
_UNNAMED_IN_R = frozenset({"x", "X"})  # what R calls the numbers of the rows when it reads its own file


def find_levels(columns: Sequence[ColumnProfile], table: Table) -> frozenset[str]:
    """Return the columns with levels where rows are several moments of the same things, or say one level again and
    again; where each row is a thing of its own, levels add up."""
    added = [column for column in columns if column.role == "sum"]
    is_over_time = any(_is_clock(column) and column.unique_count > 1 for column in columns)
    is_of_moments = is_over_time and not any(_is_key(column, table.row_count) for column in columns)
    named = {
        column.name for column in added
        if names_level(column.name) and (is_of_moments or _is_said_again(column, table.row_count))
    }  # fmt: skip
    clock = next((one for one in columns if _is_clock(one) and one.unique_count == table.row_count), None)
    if clock is None or table.row_count < FEWEST_TIMES:
        return frozenset(named)
    return frozenset(named) | {
        column.name for column in added if may_be_level(column.name) and _moves_little(column, clock, table)
    }


def _is_clock(column: ColumnProfile) -> bool:
    return column.storage in {"DATE", "TIMESTAMP"} or column.subtype == "year"


def _is_key(column: ColumnProfile, rows: int) -> bool:
    """Whether a column names each row by itself: each is a thing of its own."""
    return (
        column.unique_count == rows and column.storage in {"VARCHAR", "BIGINT"} and column.role == "never"
        and column.subtype != "year" and not is_row_name(column.name) and column.name not in _UNNAMED_IN_R
    )  # fmt: skip


def _is_said_again(column: ColumnProfile, rows: int) -> bool:
    return column.unique_count < SAID_AGAIN * (rows - column.missing_count)


def _moves_little(column: ColumnProfile, clock: ColumnProfile, table: Table) -> bool:
    """Whether the usual step from one time to the next is small beside the numbers: so many are there each time, and do
    not come anew."""
    value, time = table.physical(column.name), table.physical(clock.name)
    query = f"""SELECT median(abs(step)) <= {SMALL_STEP} * median(abs(level)) FROM (
        SELECT {value} AS level, {value} - lag({value}) OVER (ORDER BY {time}) AS step FROM {table.relation})"""
    answer = table.connection.execute(query).fetchone()
    return answer is not None and bool(answer[0])
