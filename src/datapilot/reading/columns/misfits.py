"""Cells that do not fit the type of their column: they may refute it, or be missing in a way not known before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from datapilot.contracts.table import ReadingOptions
from datapilot.engine import duckdb
from datapilot.reading.columns.column_types import FileHabits, plan_column
from datapilot.reading.columns.conversions import NO_DATES
from datapilot.reading.columns.evidence import WHITESPACE, Evidence
from datapilot.reading.columns.missing import missing_spellings, strip
from datapilot.reading.columns.pending import RELATION, PendingColumn, count_filled, decimal_of
from datapilot.reading.columns.plan import Plan
from datapilot.reading.columns.stand_ins import stand_ins
from datapilot.reading.text_table import quoted

MOST_MISFIT_TEXTS = 3000
TOLERATED = 0.05  # share of filled cells that may not fit a numeric or date column


def refute_plans(
    columns: Sequence[PendingColumn],
    rows: int,
    options: ReadingOptions,
    connection: duckdb.DuckDBPyConnection,
    *,
    last: bool,
) -> bool:
    """Look at all cells that did not fit. Returns True when a plan changed, so that the table must be loaded again."""
    typed = [column for column in columns if column.keeps_misfits]
    counts = count_filled(connection, [column.misfit_column for column in typed])
    disappointing = [column for column in typed if counts[column.misfit_column]]
    filled = count_filled(connection, [f"c{column.position}" for column in disappointing])
    changed = False
    for column in typed:
        column.misfits, column.missing, column.failed = Counter(), Counter(), 0
        if not counts[column.misfit_column]:
            continue
        found = _texts(connection, column)
        stripped: Counter[str] = Counter()
        for cell, count in found.items():
            stripped[strip(cell)] += count
        blank = stripped.pop("", 0)
        good, told = filled[f"c{column.position}"], column.evidence.name in options.types
        spellings = missing_spellings(column.evidence.values + stripped) | frozenset(column.evidence.missing)
        unknown = counts[column.misfit_column] - blank - sum(stripped[text] for text in spellings)
        if not told and _are_many(unknown, good):
            spellings |= stand_ins([text for text in stripped if text not in spellings])
        column.missing = Counter({s: n for s, n in stripped.items() if s in spellings})
        column.misfits = Counter({s: n for s, n in stripped.items() if s not in spellings})
        column.failed = counts[column.misfit_column] - column.missing.total() - blank
        if not column.misfits:
            _forget(connection, column, spellings, blank=blank > 0)
            continue
        grown = _grow(column, rows)
        strips = column.strips or any(strip(cell) != cell for cell in found)
        plan = plan_column(
            grown, options=options, habits=FileHabits(decimal_of([c for c in columns if c is not column]))
        )
        if told:
            plan = column.plan
        elif _are_many(column.failed, good) and plan.reads_like(column.plan):
            lost_date = options.date_order is not None and column.plan.inferred_type == "datetime"
            plan = _as_text(grown).but(reasons=(NO_DATES,)) if lost_date else _as_text(grown)
        if last and not plan.reads_like(column.plan):
            plan = _as_text(grown)
        if not plan.reads_like(column.plan) or strips != column.strips:
            column.plan, column.strips, changed = plan, strips, True
            column.misfits, column.failed = Counter(), 0  # what the next loading finds counts, and texts have none
            column.evidence = grown
            continue
        _forget(connection, column, spellings, blank=blank > 0)
    return changed


def _are_many(failed: int, good: int) -> bool:
    """Whether more cells do not fit than are tolerated beside so many that do."""
    return failed > TOLERATED * (good + failed)


def _as_text(evidence: Evidence) -> Plan:
    return plan_column(evidence, options=ReadingOptions(types={evidence.name: "text"}), habits=FileHabits()).but(
        inferred_type="text" if len(evidence.values) > 0.5 * evidence.cells else "categorical",
        reasons=("The cells are of several kinds.",),
    )


def _grow(column: PendingColumn, rows: int) -> Evidence:
    """Return the evidence with the misfits of all rows, the sample weighted up to them."""
    if not column.evidence.is_partial:
        return column.evidence
    factor = max(1, (rows - column.failed) // max(1, column.evidence.cells))
    weighted = Counter({value: count * factor for value, count in column.evidence.values.items()})
    return replace(column.evidence, values=weighted, missing=column.evidence.missing + column.missing).with_more(
        column.misfits
    )


def _texts(connection: duckdb.DuckDBPyConnection, column: PendingColumn) -> Counter[str]:
    m = column.misfit_column
    found = connection.execute(
        f"SELECT {m}, count(*) FROM {RELATION} WHERE {m} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT"
        f" {MOST_MISFIT_TEXTS}"
    ).fetchall()
    return Counter(dict(found))


def _forget(
    connection: duckdb.DuckDBPyConnection, column: PendingColumn, spellings: frozenset[str], *, blank: bool
) -> None:
    """Blank the misfit text of cells that are missing, so that they count as such."""
    m = column.misfit_column
    if not column.misfits:
        connection.execute(f"ALTER TABLE {RELATION} DROP COLUMN {m}")
        connection.execute(f"ALTER TABLE {RELATION} ADD COLUMN {m} VARCHAR")
        return
    if spellings or blank:
        literals = ", ".join(quoted(spelling) for spelling in sorted({*spellings, ""}))
        connection.execute(
            f"UPDATE {RELATION} SET {m} = NULL WHERE {m} IS NOT NULL AND trim({m}, {quoted(WHITESPACE)}) IN"
            f" ({literals})"
        )
