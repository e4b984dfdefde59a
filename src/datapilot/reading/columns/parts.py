"""Find the columns that add up to a total beside them, row by row: what holds of the sum holds of its parts."""

from collections.abc import Iterator, Sequence
from itertools import islice

from datapilot.contracts.table import Column
from datapilot.engine import duckdb
from datapilot.reading.columns.evidence import name_words
from datapilot.reading.columns.roles import AVERAGED

# What a column that holds the others' sum is called.
TOTALS = frozenset({
    "total", "totals", "sum", "all", "cnt", "count", "overall", "gesamt", "insgesamt", "summe", "totale", "totaal",
    "suma", "somme",
})  # fmt: skip
ROWS_SEEN = 1000  # of which each must add up
MOST_TRIED = 60  # choices of parts, of about .5 ms each; a table with more is wide and of something else
FEWEST_ROWS = 20
MOST_PARTS = 8
CENT = 0.011  # by which rounded parts may miss their total


def with_parts_added(
    columns: Sequence[Column], relation: str, connection: duckdb.DuckDBPyConnection
) -> tuple[Column, ...]:
    """Return the columns, a part averaged beside one that is added up made one that is added up: casual and registered
    riders of a count of both. Columns stand in the `relation` as c0, c1, …"""
    found = list(columns)
    totals = [
        place for place, column in enumerate(columns)
        if column.role == "sum" and _is_number(column) and TOTALS & {*name_words(column.name)}
    ]  # fmt: skip
    choices = ((total, parts) for total in totals for parts in _runs_beside(total, columns))
    for total, parts in islice(choices, MOST_TRIED):
        if _add_up(parts, total, relation, connection):
            for part in parts:
                found[part] = found[part].model_copy(update={"role": "sum"})
    return tuple(found)


def _runs_beside(total: int, columns: Sequence[Column]) -> Iterator[tuple[int, ...]]:
    """Yield neighbours on either side that may be the parts, the nearest first: some added up and some averaged, but
    for those whose name says that they are to be averaged."""
    for step in (-1, 1):
        run: list[int] = []
        place = total + step
        while 0 <= place < len(columns) and len(run) < MOST_PARTS and _may_be_part(columns[place]):
            run.append(place)
            if {columns[one].role for one in run} == {"sum", "average"}:
                yield tuple(run)
            place += step


def _may_be_part(column: Column) -> bool:
    is_named = bool(AVERAGED & {*name_words(column.name)})
    return _is_number(column) and (
        column.role == "sum" or (column.role == "average" and column.subtype is None and not is_named)
    )


def _is_number(column: Column) -> bool:
    return column.inferred_type == "numeric" and column.storage in {"BIGINT", "DOUBLE"}


def _add_up(parts: Sequence[int], total: int, relation: str, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the parts make the total in every row seen, each of them in some."""
    added = " + ".join(f"CAST(c{part} AS DOUBLE)" for part in parts)
    used = " AND ".join(f"count(DISTINCT c{part}) > 1" for part in parts)
    row = connection.execute(
        f"SELECT count(*) >= {FEWEST_ROWS} AND bool_and(abs({added} - c{total}) <= {CENT}) AND {used} "
        f"FROM {relation} WHERE rowid < {ROWS_SEEN} AND ({added}) IS NOT NULL AND c{total} IS NOT NULL"
    ).fetchone()
    return bool(row and row[0])
