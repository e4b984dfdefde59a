"""The days between two dates, as if they were a column: an alias that atoms carry and the SQL behind it."""

import re
from collections.abc import Iterable

from datapilot.contracts.errors import UnknownMeasure
from datapilot.engine.table import Table

STORAGE = "DOUBLE"
UNIT = "days"
_DATES = frozenset({"DATE", "TIMESTAMP"})
_ALIAS = re.compile(r"(c\d+)_(c\d+)(_days)?")
_MICROSECONDS_PER_DAY = "86400e6"


def duration(end: str, start: str, table: Table) -> str:
    """Return the alias of the days from `start` to `end`: from date to date where one of the two has no time of day,
    or what happens on the day it was asked for would end before it began. Raises UnknownMeasure unless both hold
    dates."""
    for name in (end, start):
        if table.column(name).storage not in _DATES:
            raise UnknownMeasure(f"Days cannot be counted from or to “{name}”: it holds no dates.")
    are_alike = table.column(end).storage == table.column(start).storage
    return f"{table.physical(end)}_{table.physical(start)}{'' if are_alike else '_days'}"


def expression(column: str) -> str:
    """Return the SQL of a physical column, which is its name, or of a duration's alias."""
    match = _ALIAS.fullmatch(column)
    if match is None:
        return column
    if match[3]:
        return f"CAST(date_diff('day', CAST({match[2]} AS DATE), CAST({match[1]} AS DATE)) AS DOUBLE)"
    end, start = (f"epoch_us(CAST({name} AS TIMESTAMP))" for name in match.groups()[:2])
    return f"(({end} - {start}) / {_MICROSECONDS_PER_DAY})"


def select_list(columns: Iterable[str]) -> list[str]:
    """Return the columns as entries of a SELECT; durations are computed once and named by their alias."""
    return [column if expression(column) == column else f"{expression(column)} AS {column}" for column in columns]


def physical_columns(column: str) -> frozenset[str]:
    """Return the physical columns behind a column or an alias."""
    match = _ALIAS.fullmatch(column)
    return frozenset(match.groups()[:2]) if match else frozenset({column})
