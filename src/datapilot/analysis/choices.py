"""Which yes-or-no columns are one choice spread over several: `region_north`, `region_south`, `region_west`, of which
no row has two. Each alone is half a column, and what is told of one is told against all others.

Cells decide, names only where a row may have none of them: without a name in common, and with too few rows for chance
to have let them meet, columns that never meet are no choice.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.profile import ColumnProfile, SpreadChoice
from datapilot.engine.table import Table
from datapilot.words.meanings import names_event
from datapilot.words.orders import bare, orders, plain

FEWEST_FLAGS, MOST_FLAGS = 3, 200  # columns of one choice, and of a table
LOOKED_AT = 20_000  # rows, about; what holds in all of them is then asked of the whole table
FEWEST_ROWS = 20
LEAST_MET = 3.0  # rows in which chance alone would let a column meet the others of its choice
LEAST_MET_UNNAMED = 10.0  # the same of columns without a name in common
MOSTLY = 0.5  # of the rows, that have one of columns without a name in common
MOST_VALUES = 50  # of a column that says which it is
_YEAR = re.compile(r"(?:y|yr|year|jahr|d|fy)[\W_]*(?:(?:19|20)\d\d|\d\d)|(?:19|20)\d\d")
MOST_BETWEEN = 10  # years, from one such column to the next
_NUMBERED = re.compile(r"(?P<stem>.*?[^\d])[\W_]*\d[\d\W_]*")
_OF_KIND = re.compile(r"(?P<stem>.*[^\W_])[\W_]+[^\W_]+")

Flags = NDArray[np.bool_]


def find_choices(table: Table, columns: Sequence[ColumnProfile]) -> tuple[SpreadChoice, ...]:
    """Return the choices in file order, () for a table without one. Columns that say what became of a record (approved,
    rejected) stay what they are: each is asked for by itself."""
    flags = [one.name for one in columns if _is_flag(one)][:MOST_FLAGS]
    if len(flags) < FEWEST_FLAGS or table.row_count < FEWEST_ROWS:
        return ()
    cells = _cells(table, flags)
    found = (names for names in _choices(flags, cells) if _holds(table, names))
    order = {name: place for place, name in enumerate(flags)}
    return tuple(
        SpreadChoice(columns=names, is_told=are_times(names) or _is_told(table, names, columns))
        for names in sorted(found, key=lambda names: order[names[0]])
    )


def _is_flag(column: ColumnProfile) -> bool:
    is_yes_or_no = column.inferred_type == "boolean" and column.storage == "BOOLEAN" and column.unique_count > 1
    return is_yes_or_no and column.pii is None


def _cells(table: Table, names: Sequence[str]) -> dict[str, Flags]:
    """Return which rows from all over the table have each column's yes; what is missing is none."""
    step = max(1, table.row_count // LOOKED_AT)
    listed = ", ".join(f"coalesce({table.physical(name)}, false) AS {table.physical(name)}" for name in names)
    asked = f"SELECT {listed} FROM {table.relation} WHERE rowid % {step} = 0"
    fetched: dict[str, Any] = table.connection.execute(asked).fetchnumpy()
    return {
        name: np.asarray(np.ma.getdata(cells), dtype=np.bool_)
        for name, cells in zip(names, fetched.values(), strict=True)
    }


def _choices(flags: Sequence[str], cells: dict[str, Flags]) -> Iterator[tuple[str, ...]]:
    """Yield the columns that never meet: first those with a name in common, then neighbours of which every row has one,
    then neighbours of which most have."""
    left = list(flags)
    for family in _families(flags):
        members = [cells[name] for name in family]
        if _never_meet(members) and (_is_whole(members) or _would_meet(members, LEAST_MET)):
            yield tuple(family)
            left = [name for name in left if name not in family]
    for is_whole in (True, False):
        start = 0
        while start < len(left):
            run = _run_from(left[start:], cells, is_whole=is_whole)
            if run and not _tell_ends(run):
                yield run
                left = [name for name in left if name not in run]
            else:
                start += 1


def _families(flags: Iterable[str]) -> list[list[str]]:
    """Return the columns that differ by a number or by their last word, each family by itself."""
    found: dict[str, list[str]] = {}
    for name in flags:
        match = _NUMBERED.fullmatch(name.strip()) or _OF_KIND.fullmatch(name.strip())
        if match is not None:
            found.setdefault(match["stem"].lower(), []).append(name)
    return [names for names in found.values() if len(names) >= FEWEST_FLAGS]


def _run_from(names: Sequence[str], cells: dict[str, Flags], *, is_whole: bool) -> tuple[str, ...]:
    """Return the neighbours from the first on of which no row has two, and every row one or most of them; () else."""
    taken = np.zeros_like(cells[names[0]])
    run: list[str] = []
    for name in names:
        if (taken & cells[name]).any():
            break
        taken = taken | cells[name]
        run.append(name)
    members = [cells[name] for name in run]
    if len(run) < FEWEST_FLAGS:
        return ()
    if is_whole:
        return tuple(run) if taken.all() else ()
    return tuple(run) if taken.mean() >= MOSTLY and _would_meet(members, LEAST_MET_UNNAMED) else ()


def _tell_ends(names: Sequence[str]) -> bool:
    """Whether most of the columns say what became of a record."""
    return 2 * sum(map(names_event, names)) > len(names)


def _never_meet(members: Sequence[Flags]) -> bool:
    return bool((np.sum(members, axis=0, dtype=np.int64) <= 1).all())


def _is_whole(members: Sequence[Flags]) -> bool:
    return bool(np.any(members, axis=0).all())


def _would_meet(members: Sequence[Flags], least: float) -> bool:
    """Whether chance would have let each of the columns meet the others in so many rows, had they nothing to do with
    each other."""
    rows = len(members[0])
    shares = np.array([one.mean() for one in members])
    return bool((rows * shares * (shares.sum() - shares) >= least).all())


def _holds(table: Table, names: Sequence[str]) -> bool:
    """Whether no row of the whole table has two of them, and none is missing where another is known."""
    cells = [table.physical(name) for name in names]
    yes = " + ".join(f"coalesce({one}, false)::INTEGER" for one in cells)
    known = " + ".join(f"({one} IS NOT NULL)::INTEGER" for one in cells)
    row = table.connection.execute(
        f"SELECT count(*) FILTER (WHERE {yes} > 1 OR ({known}) NOT IN (0, {len(names)})) FROM {table.relation}"
    ).fetchone()
    assert row is not None
    return bool(row[0] == 0)


def are_times(names: Sequence[str]) -> bool:
    """Whether columns are called by months or weekdays, or by years one after the other: jan, feb; y81, y82."""
    words = {bare(plain(name)) for name in names}
    if any(words <= set(one) for one in orders() if "january" in one or "monday" in one):
        return True
    if not all(_YEAR.fullmatch(name.strip().lower()) for name in names):
        return False
    years = [int(re.sub(r"\D", "", name)) % 100 for name in names]
    return all(0 < (late - early) % 100 <= MOST_BETWEEN for early, late in pairwise(years))


def _is_told(table: Table, names: Sequence[str], columns: Sequence[ColumnProfile]) -> bool:
    """Whether each value of a column, or of a part of its dates, belongs to one of the choice."""
    which = " ".join(f"WHEN {table.physical(name)} THEN {place}" for place, name in enumerate(names))
    tellers = [told for one in columns for told in _tellers(table, one)]
    if not tellers:
        return False
    counts = ", ".join(
        f"count(DISTINCT {one}), count(DISTINCT CASE WHEN {one} IS NOT NULL THEN ({one}, which) END)" for one in tellers
    )
    row = table.connection.execute(
        f"SELECT {counts} FROM (SELECT *, CASE {which} ELSE -1 END AS which FROM {table.relation})"
    ).fetchone()
    assert row is not None
    return any(1 < values == pairs for values, pairs in zip(row[::2], row[1::2], strict=True))


def _tellers(table: Table, column: ColumnProfile) -> Iterator[str]:
    """Yield what may tell a choice: a column of few values, the year, quarter, month and weekday of a date."""
    cell = table.physical(column.name)
    if column.storage in {"DATE", "TIMESTAMP"}:
        yield from (f"{part}({cell})" for part in ("year", "quarter", "month", "isodow"))
    elif column.storage in {"VARCHAR", "BIGINT"} and FEWEST_FLAGS <= column.unique_count <= MOST_VALUES:
        yield cell
