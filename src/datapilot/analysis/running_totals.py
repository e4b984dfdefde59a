"""Which columns run up over time: cases of a country until each day, sales of the year to date.

Their rows are never added up, the last one says it all. Knows names, and what each step adds; asks the engine.
"""

from collections.abc import Iterable, Iterator, Sequence

from datapilot.contracts.profile import ColumnProfile
from datapilot.engine.table import Table
from datapilot.words.meanings import names_total, names_total_so_far

MOST_LOOKED_AT = 3  # categories, by which the many of a table may be told apart
MOST_FALLS = 0.01  # of the steps: corrections, and years that begin anew
LEAST_RISES = 0.3
FEWEST_STEPS, FEWEST_UNNAMED = 20, 100  # of a column called a total, and of any other
MOST_ROWS = 200_000  # of a table in which columns that are not called totals are looked at
ONE_AT_A_TIME = 0.98  # of the rows


def find_running_totals(columns: Iterable[ColumnProfile], table: Table) -> frozenset[str]:
    """Return the columns that are called totals so far, which a year may begin anew, and those that never fall from one
    date to the next, over all rows or for each of many: after 20 steps where they are called totals, counts of any name
    after 100."""
    columns = tuple(columns)
    added = [one for one in columns if one.role == "sum" and one.unique_count > 1]
    said = frozenset(one.name for one in added if names_total_so_far(one.name))
    is_any = table.row_count <= MOST_ROWS
    looked_at = [
        one.name
        for one in added
        if one.name not in said and (names_total(one.name) or (is_any and one.storage == "BIGINT"))
    ]
    times = [one for one in columns if one.storage in {"DATE", "TIMESTAMP"} and one.unique_count >= FEWEST_STEPS]
    if not looked_at or not times:
        return said
    found = (_running(looked_at, times[0].name, group, table) for group in _groups(columns, times[0], table))
    return said.union(*found)


def _groups(columns: Iterable[ColumnProfile], time: ColumnProfile, table: Table) -> Iterator[str | None]:
    """Yield None and the categories by which there can be one row at a time."""
    least = ONE_AT_A_TIME * table.row_count
    if time.unique_count >= least:
        yield None
    fit = [
        one for one in columns
        if one.storage == "VARCHAR" and one.role == "count" and 1 < one.unique_count <= table.row_count // FEWEST_STEPS
        and one.unique_count * time.unique_count >= least
    ]  # fmt: skip
    yield from (one.name for one in fit[:MOST_LOOKED_AT])


def _running(names: Sequence[str], time: str, group: str | None, table: Table) -> frozenset[str]:
    """Return the columns whose values of each of many, one at a time, go up and not down."""
    clock = table.physical(time)
    many = "" if group is None else table.physical(group)
    part = f"PARTITION BY {many} " if many else ""
    places = f"({many}, {clock})" if many else clock
    values = [table.physical(name) for name in names]
    # Two rows of one time stand in the order of their values, or the order of rows in the file would tell.
    steps = ", ".join(
        f"{value} - lag({value} IGNORE NULLS) OVER ({part}ORDER BY {clock}, {value}) AS s{at}"
        for at, value in enumerate(values)
    )
    counts = ", ".join(
        f"count(s{at}), count(*) FILTER (s{at} < 0), count(*) FILTER (s{at} > 0)" for at in range(len(values))
    )
    row = table.connection.execute(
        f"SELECT count(*), count(DISTINCT place), {counts} FROM "
        f"(SELECT {places} AS place, {steps} FROM {table.relation} WHERE {clock} IS NOT NULL)"
    ).fetchone()
    assert row is not None
    rows, one_at_a_time, *counted = row
    if one_at_a_time < ONE_AT_A_TIME * rows:
        return frozenset()
    each = zip(names, counted[::3], counted[1::3], counted[2::3], strict=True)
    return frozenset(
        name for name, steps, falls, rises in each
        if steps >= (FEWEST_STEPS if names_total(name) else FEWEST_UNNAMED)
        and falls <= MOST_FALLS * steps and rises >= LEAST_RISES * steps
    )  # fmt: skip
