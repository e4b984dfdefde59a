"""Atoms as SQL: many of them in one statement, values bound. Knows how to print and to read back, not how to run.

The text is plain DuckDB SQL that sqlglot parses (tests/engine/test_statements.py), which is how another engine gets
its own dialect of the same tree. It is printed here directly because importing sqlglot costs as long as analysing
a small file (docs/decisions/0008-printed-sql.md).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from datapilot.engine.atoms import Atom, What
from datapilot.engine.conditions import Rows
from datapilot.engine.durations import expression, select_list
from datapilot.engine.keys import Key
from datapilot.engine.table import Table

AGGREGATES_PER_STATEMENT = 120  # the planner's time grows with the square of this; 1,000 columns were fastest so
OUTLIER_MADS = 3.5 * 1.4826  # Iglewicz & Hoaglin 1993; 1.4826 MAD is one sigma on normal data

Reading = tuple[Atom, Any, Any]


class Statement(NamedTuple):
    """One statement with its bound values; `read` turns its rows into (atom, raw key, value), the key () if none."""

    sql: str
    values: tuple[Any, ...]
    read: Callable[[Sequence[tuple[Any, ...]]], Iterator[Reading]]


def statements(atoms: Iterable[Atom], table: Table) -> Iterator[Statement]:
    """Return the statements that compute all atoms, in an order that does not depend on the atoms' order of hash."""
    plain: dict[Key | None, list[Atom]] = defaultdict(list)
    centred: dict[tuple[Key | None, Rows], list[Atom]] = defaultdict(list)
    for atom in dict.fromkeys(atoms):
        alone = _ALONE.get(atom.what)
        if alone is not None:
            yield alone(atom, table)
        elif atom.what in ("moments", "outliers"):
            centred[atom.key, atom.rows].append(atom)
        else:
            plain[atom.key].append(atom)
    for key, group in plain.items():
        for chunk in _chunks(_with_quantiles_together(group)):
            yield _plain(key, chunk, table)
    for (key, _), group in centred.items():
        for chunk in _chunks([[atom] for atom in group]):
            yield _centred(key, [atom for (atom,) in chunk], table)


def _with_quantiles_together(atoms: list[Atom]) -> list[list[Atom]]:
    """Return the atoms as groups of one expression each: the quantiles of one column share one sort."""
    groups: dict[Any, list[Atom]] = {}
    for atom in atoms:
        name = (atom.column, atom.rows) if atom.what == "quantile" else atom
        groups.setdefault(name, []).append(atom)
    return list(groups.values())


def _chunks(groups: list[list[Atom]]) -> Iterator[list[list[Atom]]]:
    for start in range(0, len(groups), AGGREGATES_PER_STATEMENT):
        yield groups[start : start + AGGREGATES_PER_STATEMENT]


def _plain(key: Key | None, groups: list[list[Atom]], table: Table) -> Statement:
    sets = list(dict.fromkeys(group[0].rows for group in groups))
    reads = sorted(frozenset[str]().union(*(group[0].reads for group in groups)))
    flags = {} if len(sets) == 1 else {rows: f"f{number}" for number, rows in enumerate(sets) if rows.sql}
    inner = [
        *select_list(reads),
        *([f"{key.sql} AS k"] if key else []),
        *(f"({rows.sql}) AS {flag}" for rows, flag in flags.items()),
    ]
    outer = [f"{_expression_of_all(group)}{_filter(flags.get(group[0].rows))}" for group in groups]
    bound = sets[0].values if len(sets) == 1 else tuple(value for rows in flags for value in rows.values)
    where = f" WHERE {sets[0].sql}" if len(sets) == 1 and sets[0].sql else ""
    source = f"(SELECT {', '.join(inner) or '1 AS one'} FROM {table.relation}{where}) AS d"
    if key is None:
        sql = f"SELECT {', '.join(outer)} FROM {source}"
    else:
        sql = f"SELECT k, {', '.join(outer)} FROM {source} GROUP BY k"

    def read(rows: Sequence[tuple[Any, ...]]) -> Iterator[Reading]:
        for row in rows:
            raw_key, values = (row[0], row[1:]) if key else ((), row)
            for group, value in zip(groups, values, strict=True):
                if group[0].what != "quantile":
                    yield group[0], raw_key, value
                else:
                    several = value if value is not None else [None] * len(group)
                    yield from ((atom, raw_key, one) for atom, one in zip(group, several, strict=True))

    return Statement(sql, bound, read)


def _filter(flag: str | None) -> str:
    return f" FILTER (WHERE {flag})" if flag else ""


def _expression_of_all(group: list[Atom]) -> str:
    """Return the SQL of atoms that are computed together: quantiles of one column, or just one atom."""
    if group[0].what == "quantile":
        return f"quantile_cont({_number(group[0])}, [{', '.join(repr(one.q) for one in group)}])"
    return expression_of(group[0])


def expression_of(atom: Atom) -> str:
    """Return the SQL of one aggregate over the rows that the statement names."""
    column = atom.column
    number = _number(atom)
    match atom.what:
        case "rows":
            return "count(*)"
        case "values":
            return f"count({column})"
        case "filled" if atom.column2:
            return f"count(CASE WHEN {column} IS NOT NULL OR {atom.column2} IS NOT NULL THEN 1 END)"
        case "filled":
            return f"count({column})"
        case "distinct":
            return f"count(DISTINCT {column})"
        case "sum":
            # fsum compensates rounding, so that the order of rows and threads does not show in twelve digits.
            return f"fsum({column})" if atom.storage == "DOUBLE" else f"sum({number})"
        case "min" | "max":
            return f"{atom.what}({column})"
        case "std":
            return f"stddev_samp({number})"
        case "pairs":
            return f"count(CASE WHEN {column} IS NOT NULL AND {atom.column2} IS NOT NULL THEN 1 END)"
        case "correlation":
            return f"corr(CAST({column} AS DOUBLE), CAST({atom.column2} AS DOUBLE))"
        case _:
            raise AssertionError(f"{atom.what} has a statement of its own")


def _number(atom: Atom) -> str:
    return f"CAST({atom.column} AS INTEGER)" if atom.storage == "BOOLEAN" else str(atom.column)


def _centred(key: Key | None, atoms: list[Atom], table: Table) -> Statement:
    """Aggregates about the mean or the median: two passes in one statement, because power sums about zero cancel."""
    rows = atoms[0].rows
    columns = {str(atom.column): expression(_number(atom)) for atom in atoms}
    inner = [f"CAST({number} AS DOUBLE) AS {column}" for column, number in columns.items()]
    centres = [
        f"favg({column}) AS m_{column}, median({column}) AS q_{column}, mad({column}) AS a_{column}"
        for column in columns
    ]
    where = f" WHERE {rows.sql}" if rows.sql else ""
    data = f"SELECT {', '.join([*inner, *([f'{key.sql} AS k'] if key else [])])} FROM {table.relation}{where}"
    outer = [_centred_expression(atom) for atom in atoms]
    if key is None:
        sql = f"WITH d AS ({data}), m AS (SELECT {', '.join(centres)} FROM d) SELECT {', '.join(outer)} FROM d, m"
    else:
        sql = (
            f"WITH d AS ({data}), m AS (SELECT k AS mk, {', '.join(centres)} FROM d GROUP BY k) "
            f"SELECT k, {', '.join(outer)} FROM d JOIN m ON k IS NOT DISTINCT FROM mk GROUP BY k"
        )

    def read(found: Sequence[tuple[Any, ...]]) -> Iterator[Reading]:
        for row in found:
            raw_key, values = (row[0], row[1:]) if key else ((), row)
            yield from ((atom, raw_key, value) for atom, value in zip(atoms, values, strict=True))

    return Statement(sql, rows.values, read)


def _centred_expression(atom: Atom) -> str:
    column = atom.column
    if atom.what == "moments":
        powers = (f"fsum(pow({column} - m_{column}, {power}))" for power in (2, 3, 4))
        return f"[{', '.join(powers)}]"
    distance = f"abs({column} - q_{column})"
    return f"count(CASE WHEN a_{column} > 0 AND {distance} > {OUTLIER_MADS!r} * a_{column} THEN 1 END)"


def _repeats(atom: Atom, table: Table) -> Statement:
    """Rows equal to an earlier one, exactly: rows are compared in full only where their hashes meet."""
    cells = ", ".join(one for one in cell_columns(table) if one not in {atom.column, atom.column2}) or "NULL"
    where = f" WHERE {atom.rows.sql}" if atom.rows.sql else ""
    sql = (
        f"WITH d AS (SELECT {cells}, hash({cells}) AS h FROM {table.relation}{where}), "
        f"twice AS (SELECT h AS th FROM d GROUP BY h HAVING count(*) > 1) "
        f"SELECT coalesce(sum(times - 1), 0) FROM "
        f"(SELECT count(*) AS times FROM d WHERE h IN (SELECT th FROM twice) GROUP BY {cells}) AS g"
    )
    return Statement(sql, atom.rows.values, lambda rows: iter([(atom, (), int(rows[0][0]))]))


def cell_columns(table: Table) -> list[str]:
    """Return every physical column that makes two rows equal or different, misfits' texts included."""
    return [*(f"c{position}" for position in range(len(table.columns))), *table.misfits.values()]


def _contingency(atom: Atom, table: Table) -> Statement:
    where = f" AND {atom.rows.sql}" if atom.rows.sql else ""
    sql = (
        f"SELECT {atom.column}, {atom.column2}, count(*) FROM {table.relation} "
        f"WHERE {atom.column} IS NOT NULL AND {atom.column2} IS NOT NULL{where} GROUP BY ALL"
    )
    return Statement(sql, atom.rows.values, lambda rows: iter([(atom, (), list(rows))]))


def _spreads(atom: Atom, table: Table) -> Statement:
    """Two passes in one statement, as _centred makes them, but by the values of the other column."""
    where = f" AND {atom.rows.sql}" if atom.rows.sql else ""
    number = expression(_number(atom))
    sql = (
        f"WITH d AS (SELECT CAST({number} AS DOUBLE) AS x, {atom.column2} AS k FROM {table.relation} "
        f"WHERE {number} IS NOT NULL AND {atom.column2} IS NOT NULL{where}), "
        "m AS (SELECT k AS mk, favg(x) AS middle FROM d GROUP BY k) "
        "SELECT count(*), any_value(middle), fsum(x - middle), fsum(pow(x - middle, 2)) "
        "FROM d JOIN m ON k = mk GROUP BY k"
    )
    return Statement(sql, atom.rows.values, lambda rows: iter([(atom, (), list(rows))]))


# Atoms that take a statement each.
_ALONE: dict[What, Callable[[Atom, Table], Statement]] = {
    "repeats": _repeats,
    "contingency": _contingency,
    "spreads": _spreads,
}
