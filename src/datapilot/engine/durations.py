"""The days between two dates, as if they were a column: an alias that atoms carry and the SQL behind it."""

import re
from collections.abc import Iterable

from datapilot.contracts.errors import UnknownMeasure
from datapilot.engine.table import Table

STORAGE = "DOUBLE"
UNIT = "days"
_DATES = frozenset({"DATE", "TIMESTAMP"})
_ALIAS = re.compile(r"(c\d+)_(c\d+)")
_MICROSECONDS_PER_DAY = "86400e6"


def duration(end: str, start: str, table: Table) -> str:
    """Return the alias of the days from `start` to `end`. Raises UnknownMeasure unless both hold dates."""
    for name in (end, start):
        if table.column(name).storage not in _DATES:
            raise UnknownMeasure(f"Days cannot be counted from or to “{name}”: it holds no dates.")
    return f"{table.physical(end)}_{table.physical(start)}"


def expression(column: str) -> str:
    """Return the SQL of a physical column, which is its name, or of a duration's alias."""
    match = _ALIAS.fullmatch(column)
    if match is None:
        return column
    end, start = (f"epoch_us(CAST({name} AS TIMESTAMP))" for name in match.groups())
    return f"(({end} - {start}) / {_MICROSECONDS_PER_DAY})"


def select_list(columns: Iterable[str]) -> list[str]:
    """Return the columns as entries of a SELECT; durations are computed once and named by their alias."""
    return [column if expression(column) == column else f"{expression(column)} AS {column}" for column in columns]


def physical_columns(column: str) -> frozenset[str]:
    """Return the physical columns behind a column or an alias."""
    match = _ALIAS.fullmatch(column)
    return frozenset(match.groups()) if match else frozenset({column})
