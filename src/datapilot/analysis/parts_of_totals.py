"""Which columns make a total with others, row by row: what holds of the sum holds of its parts.

Their rows are added up as those of the total are. Knows names and neighbours; asks the engine whether they add up.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, islice, takewhile

from datapilot.analysis.numeric_stats import ADDABLE
from datapilot.contracts.profile import ColumnProfile
from datapilot.engine.table import Table
from datapilot.words.meanings import TOTALS, name_words

# What a column that holds the sum of its neighbours may be called, where elsewhere it would be one number of many.
COUNTS_OF_ALL = TOTALS | {"totals", "all", "cnt", "count", "overall", "insgesamt", "totale", "totaal", "suma", "somme"}
ROWS_SEEN = 1000  # of which each must add up
MOST_TRIED = 60  # choices of parts, of about .5 ms each; a table with more is wide and of something else
FEWEST_ROWS = 20  # to tell neighbours that add up from chance; all the numbers of a table are one choice only
MOST_NEIGHBOURS = 8
MOST_PARTS = 200
FEWEST_PARTS = 3  # that are worth a drawing side by side
ROUNDED_PART = 0.006  # of each part: amounts are written to the cent

Parts = Sequence[ColumnProfile]


def find_parts_of_totals(columns: Sequence[ColumnProfile], table: Table) -> frozenset[str]:
    """Return the numbers not added up by themselves that make a total, which is added up, with others: all other
    numbers of the table, or neighbours of which one is added up. An empty part is none of the total, or its row is left
    out."""
    choices = chain.from_iterable(
        ((total, parts) for parts in _choices(place, columns, table))
        for place, total in enumerate(columns) if _is_total(total)
    )  # fmt: skip
    return frozenset(
        part.name
        for total, parts in islice(choices, MOST_TRIED) if _add_up(parts, total, table)
        for part in parts if part.role != "sum" and part.inferred_type == "numeric"
    )  # fmt: skip


def parts_of(total: ColumnProfile, columns: Sequence[ColumnProfile], table: Table) -> tuple[ColumnProfile, ...]:
    """Return the columns that are added up and make this one row by row, with those of so few different counts that
    they read as codes: all other numbers of the table, or neighbours on one side. () for a column that is not named a
    total, or that none make."""
    if not _is_total(total):
        return ()
    place = columns.index(total)
    numbers = [one for one in columns if one is not total and _may_be_part(one)]
    runs = [list(takewhile(_may_be_part, side)) for side in (columns[:place][::-1], columns[place + 1 :])]
    enough = [
        parts for parts in (numbers, *runs)
        if len(parts) <= MOST_PARTS and sum(map(_is_amount, parts)) >= FEWEST_PARTS
    ]  # fmt: skip
    found = next((parts for parts in enough if _add_up(parts, total, table)), ())
    return tuple(filter(_is_amount, found))


def _may_be_part(column: ColumnProfile) -> bool:
    is_number = column.storage in {"BIGINT", "DOUBLE", "BOOLEAN"} and column.subtype in {None, "currency"}
    return is_number and column.pii is None


def _is_amount(column: ColumnProfile) -> bool:
    return column.role == "sum" and _may_add(column) and column.unique_count > 1


def _is_total(column: ColumnProfile) -> bool:
    is_named = bool(COUNTS_OF_ALL & {*name_words(column.name)})
    return is_named and column.role == "sum" and _may_add(column) and column.unique_count > 1


def _may_add(column: ColumnProfile) -> bool:
    return column.storage in {"BIGINT", "DOUBLE"} and column.role in ADDABLE and column.subtype in {None, "currency"}


def _choices(place: int, columns: Sequence[ColumnProfile], table: Table) -> Iterator[Parts]:
    """Yield what may make the total at this place: all other numbers, counts below zero left aside, then also those
    never used by themselves (an office called as a birthday is), then neighbours on either side, the nearest first."""
    total = columns[place]
    others = [one for one in columns if one is not total and _may_add(one) and not _is_whole_below_zero(one)]
    if 2 <= len(others) <= MOST_PARTS and any(one.role == "average" for one in others):
        yield others
    numbers = [one for one in columns if one is not total and _may_be_part(one)]
    if len(others) < len(numbers) <= MOST_PARTS and sum(one.role == "sum" for one in others) >= FEWEST_PARTS:
        yield numbers
    if table.row_count - total.missing_count >= FEWEST_ROWS:
        yield from _neighbours(columns[:place][::-1])
        yield from _neighbours(columns[place + 1 :])


def _is_whole_below_zero(column: ColumnProfile) -> bool:
    return column.storage == "BIGINT" and isinstance(column.minimum, int) and column.minimum < 0


def _neighbours(beside: Sequence[ColumnProfile]) -> Iterator[Parts]:
    for count in range(2, min(MOST_NEIGHBOURS, len(beside)) + 1):
        run = beside[:count]
        if not all(_may_add(one) and one.unique_count > 1 for one in run):
            return
        if {one.role for one in run} == ADDABLE:
            yield run


def _add_up(parts: Parts, total: ColumnProfile, table: Table) -> bool:
    """Whether the parts make the total in every row seen; of whole numbers exactly, whatever their size."""
    is_whole = all(column.storage == "BIGINT" for column in (*parts, total))
    kind, most = ("HUGEINT", 0) if is_whole else ("DOUBLE", ROUNDED_PART * len(parts))
    cells = [f"CAST({table.physical(part.name)} AS {kind})" for part in parts]
    told = f"CAST({table.physical(total.name)} AS {kind})"
    filled, known = " + ".join(f"coalesce({cell}, 0)" for cell in cells), " + ".join(cells)
    row = table.connection.execute(
        f"SELECT bool_and(abs({filled} - {told}) <= {most}), "
        f"bool_and(abs({known} - {told}) <= {most}) AND count({known}) >= {FEWEST_ROWS} "
        f"FROM {table.relation} WHERE rowid < {ROWS_SEEN} AND {told} IS NOT NULL"
    ).fetchone()
    return row is not None and any(row)
