"""The quality bill: every point lost, what lost it, and what fixing it gives back."""

from typing import Literal

from datapilot.contracts.base import Contract

QualityRule = Literal["missing", "duplicates", "inconsistent"]


class ColumnShare(Contract):
    """How many of a deduction's cells stand in one column."""

    column: str
    cells: int


class Deduction(Contract):
    """One line of the bill. `points` is what it costs and so what fixing it gives back, before the final rounding.

    `rows` counts the rows affected, `row_indices` names the first 20 of them (from 0), `cells` the cells, `share` is of
    all cells of the table (of all rows for duplicates).
    """

    rule: QualityRule
    title: str
    points: float
    rows: int
    cells: int
    share: float
    row_indices: tuple[int, ...] = ()
    columns: tuple[ColumnShare, ...] = ()
    fix: str
    fact_ids: tuple[str, ...] = ()


class QualityBill(Contract):
    """`score` = max(0, 100 - the points of all deductions), rounded half up once (spec B5)."""

    score: int
    deductions: tuple[Deduction, ...]
    checked_cells: int
