"""Which columns run up over time: total cases of a country until each day, sales of the year to date.

Their rows are never added up, the last one says it all. Knows names, and what each step adds; asks the engine.
"""

from collections.abc import Iterable, Iterator

from datapilot.contracts.profile import ColumnProfile
from datapilot.engine.table import Table
from datapilot.words.meanings import names_total, names_total_so_far

MOST_LOOKED_AT = 3  # categories, by which the many of a table may be told apart
MOST_FALLS = 0.01  # of the steps: corrections, and years that begin anew
LEAST_RISES = 0.3
FEWEST_STEPS = 20
ONE_AT_A_TIME = 0.98  # of the rows


def find_running_totals(columns: Iterable[ColumnProfile], table: Table) -> frozenset[str]:
    """Return the columns that are called totals so far, which a year may begin anew, and those called totals that never
    fall from one date to the next, over all rows or for each of many."""
    columns = tuple(columns)
    added = [one for one in columns if one.role == "sum" and one.unique_count > 1]
    said = frozenset(one.name for one in added if names_total_so_far(one.name))
    named = [one for one in added if names_total(one.name) and one.name not in said]
    times = [one for one in columns if one.storage in {"DATE", "TIMESTAMP"} and one.unique_count >= FEWEST_STEPS]
    if not named or not times:
        return said
    time = table.physical(times[0].name)
    groups = ["", *_of_many(columns, table)]
    return said | frozenset(
        one.name for one in named if any(_runs_up(table.physical(one.name), time, group, table) for group in groups)
    )  # fmt: skip


def _of_many(columns: Iterable[ColumnProfile], table: Table) -> Iterator[str]:
    fit = [
        one for one in columns
        if one.storage == "VARCHAR" and one.role == "count" and 1 < one.unique_count <= table.row_count // FEWEST_STEPS
    ]  # fmt: skip
    yield from (table.physical(one.name) for one in fit[:MOST_LOOKED_AT])


def _runs_up(column: str, time: str, group: str, table: Table) -> bool:
    """Whether the values of each of many, one at a time, go up and not down."""
    many = f"{group}, " if group else ""
    window = f"OVER ({f'PARTITION BY {group} ' if group else ''}ORDER BY {time})"
    known = f"FROM {table.relation} WHERE {column} IS NOT NULL AND {time} IS NOT NULL"
    row = table.connection.execute(
        f"SELECT count(step), count(*) FILTER (step < 0), count(*) FILTER (step > 0), count(*) "
        f"FROM (SELECT {column} - lag({column}) {window} AS step {known})"
    ).fetchone()
    places = table.connection.execute(f"SELECT count(*) FROM (SELECT DISTINCT {many}{time} {known})").fetchone()
    assert row is not None
    assert places is not None
    steps, falls, rises, rows = row
    return bool(
        steps >= FEWEST_STEPS and falls <= MOST_FALLS * steps and rises >= LEAST_RISES * steps
        and places[0] >= ONE_AT_A_TIME * rows
    )  # fmt: skip
