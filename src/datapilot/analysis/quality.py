"""The quality bill: what each flaw of the data costs, where it is, and what repairing it gives back (spec B5)."""

import math
from fractions import Fraction
from typing import NamedTuple

from datapilot.contracts.measure import Fact, Filter, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.contracts.quality import ColumnShare, Deduction, QualityBill
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table

MISSING_COST, MISSING_MOST = 30, 30
INCONSISTENT_COST, INCONSISTENT_MOST = 30, 20
DUPLICATES_COST = 10
DUPLICATES_FROM = Fraction(1, 100)  # of all rows; at or below it repeated rows cost nothing
NAMED_ROWS = 20
NAMED_COLUMNS = 20


class Judged(NamedTuple):
    """The bill, and the facts its lines cite."""

    bill: QualityBill
    facts: tuple[Fact, ...]


def judge_quality(profile: TableProfile, table: Table) -> Judged:
    """Return the score with one deduction for each flaw that costs points, dearest first.

    Arithmetic is exact until the score is rounded half up, once. An empty table has nothing wrong with it.
    """
    cells = profile.rows * len(profile.columns)
    lines = [
        line
        for line in (_missing(profile, table, cells), _duplicates(profile), _inconsistent(profile, table, cells))
        if line is not None
    ]
    lines.sort(key=lambda line: -line.cost)
    score = math.floor(max(Fraction(0), 100 - sum((line.cost for line in lines), Fraction(0))) + Fraction(1, 2))
    measures = list(dict.fromkeys(measure for line in lines for measure in line.cites))
    facts = tuple(evaluate(measures, table)) if measures else ()
    bill = QualityBill(score=score, deductions=tuple(line.deduction for line in lines), checked_cells=cells)
    return Judged(bill, facts)


class _Line(NamedTuple):
    """A deduction with its exact cost and the measures it cites."""

    cost: Fraction
    deduction: Deduction
    cites: tuple[Measure, ...]


def _missing(profile: TableProfile, table: Table, cells: int) -> _Line | None:
    if not profile.missing_cells:
        return None
    share = Fraction(profile.missing_cells, cells)
    cost = min(share * MISSING_COST, Fraction(MISSING_MOST))
    concerned = _worst([(one, one.missing_count) for one in profile.columns])
    rows, indices = _rows_lacking(table, [one.name for one, _ in concerned])
    names = [one.name for one, _ in concerned[:NAMED_COLUMNS]]
    optional = " If an empty cell is an answer of its own, write that answer." if len(names) == 1 else ""
    cites = (
        Measure(metric="missing_count"),
        Measure(metric="missing_share"),
        *(Measure(metric="missing_count", column=name) for name in names),
    )
    fix = f"Fill in the empty cells at the source, first in the columns that lack most.{optional}"
    if profile.are_mostly_bounds:
        fix = "Decide what a bound such as <5 counts as, and write that number; fill in what is empty at the source."
    deduction = Deduction(
        rule="missing",
        title="Cells without an exact number" if profile.are_mostly_bounds else "Missing values",
        points=_decimal(cost),
        rows=rows,
        cells=profile.missing_cells,
        share=_decimal(share),
        row_indices=indices,
        columns=_named(concerned),
        fix=fix,
        fact_ids=_ids(cites),
    )
    return _Line(cost, deduction, cites)


def _duplicates(profile: TableProfile) -> _Line | None:
    if not profile.rows or Fraction(profile.duplicate_rows, profile.rows) <= DUPLICATES_FROM:
        return None
    cites = (Measure(metric="duplicate_rows"), Measure(metric="count"))
    deduction = Deduction(
        rule="duplicates",
        title="Repeated rows",
        points=DUPLICATES_COST,
        rows=profile.duplicate_rows,
        cells=0,
        share=_decimal(Fraction(profile.duplicate_rows, profile.rows)),
        row_indices=profile.duplicate_row_examples[:NAMED_ROWS],
        fix="Check whether the repeated rows are one record entered twice, or lines that are alike by right (items of "
        "an order, readings of a log, whose order may matter); remove copies only of the first kind.",
        fact_ids=_ids(cites),
    )
    return _Line(Fraction(DUPLICATES_COST), deduction, cites)


def _inconsistent(profile: TableProfile, table: Table, cells: int) -> _Line | None:
    if not profile.inconsistent_cells:
        return None
    share = Fraction(profile.inconsistent_cells, cells)
    cost = min(share * INCONSISTENT_COST, Fraction(INCONSISTENT_MOST))
    concerned = _worst([(one, one.inconsistent_count) for one in profile.columns])
    rows, indices = _rows_where(table, [f"{table.misfits[one.name]} IS NOT NULL" for one, _ in concerned])
    # A cell that is there but has no value of its column's type is one that does not fit: filled less typed.
    cites = tuple(
        measure
        for one, _ in concerned[:NAMED_COLUMNS]
        for measure in (
            Measure(metric="count", filters=(Filter(column=one.name, op="not_missing"),)),
            Measure(metric="count", column=one.name),
        )
    )
    deduction = Deduction(
        rule="inconsistent",
        title="Cells that do not fit their column",
        points=_decimal(cost),
        rows=rows,
        cells=profile.inconsistent_cells,
        share=_decimal(share),
        row_indices=indices,
        columns=_named(concerned),
        fix="Write these cells the way the rest of their column is written, or choose another type for the column.",
        fact_ids=_ids(cites),
    )
    return _Line(cost, deduction, cites)


def _decimal(exact: Fraction) -> float:
    return float(f"{float(exact):.12g}")


def _named(concerned: list[tuple[ColumnProfile, int]]) -> tuple[ColumnShare, ...]:
    return tuple(ColumnShare(column=one.name, cells=count) for one, count in concerned[:NAMED_COLUMNS])


def _ids(measures: tuple[Measure, ...]) -> tuple[str, ...]:
    return tuple(measure.fact_id for measure in measures)


def _worst(counted: list[tuple[ColumnProfile, int]]) -> list[tuple[ColumnProfile, int]]:
    """Return the columns that have such cells, the worst first, equals in file order."""
    return sorted((pair for pair in counted if pair[1]), key=lambda pair: -pair[1])


def _rows_lacking(table: Table, names: list[str]) -> tuple[int, tuple[int, ...]]:
    """Return how many rows lack a value in any of the columns, and the first 20 of them."""
    if table.cells.leave_no_row_whole([table.physical(name) for name in names if name not in table.misfits]):
        return table.row_count, tuple(range(min(table.row_count, NAMED_ROWS)))
    return _rows_where(table, [f"{table.physical(name)} IS NULL" + _and_no_misfit(table, name) for name in names])


def _and_no_misfit(table: Table, name: str) -> str:
    hidden = table.misfits.get(name)
    return f" AND {hidden} IS NULL" if hidden else ""


def _rows_where(table: Table, tests: list[str]) -> tuple[int, tuple[int, ...]]:
    """Return how many rows pass any of the tests, and the first 20 of them."""
    where = " OR ".join(tests)  # an AND in one of them binds closer
    found = table.connection.execute(
        f"SELECT count(*), min(rowid, {NAMED_ROWS}) FROM {table.relation} WHERE {where}"
    ).fetchone()
    assert found is not None
    count, first = found
    return count, tuple(first or ())
