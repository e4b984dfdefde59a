"""The score is that of the formula to the digit, and every lost point can be found in the table."""

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.tables import column, forgetful, make_table

from datapilot.analysis.profiling import profile_table
from datapilot.analysis.quality import Judged, judge_quality
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table

pytestmark = pytest.mark.spec("B5")


def judged(table: Table) -> Judged:
    return judge_quality(profile_table(table).profile, table)


def numbered(rows: list[list[Any]], **kwargs: Any) -> Table:
    columns = [column(f"c{place}", "BIGINT") for place in range(len(rows[0]))]
    return make_table(columns, rows, **kwargs)


def test_clean_data_loses_nothing() -> None:
    """No deduction is listed that costs nothing."""
    bill = judged(numbered([[1, 2], [3, 4]])).bill

    assert (bill.score, bill.deductions, bill.checked_cells) == (100, (), 4)


def test_missing_cells_cost_thirty_times_their_share() -> None:
    """One of four cells missing costs 7.5 points: 92.5 is rounded half up to 93."""
    bill = judged(numbered([[1, None], [3, 4]])).bill

    (line,) = bill.deductions
    assert (bill.score, line.points, line.share, line.cells, line.rows) == (93, 7.5, 0.25, 1, 1)
    assert line.row_indices == (0,)
    assert [(one.column, one.cells) for one in line.columns] == [("c1", 1)]


def test_cells_that_give_a_bound_are_called_what_they_are() -> None:
    """`<0.02` is no empty cell: it costs what a cell without a number costs, and is not to be filled in."""
    table = make_table(
        [column("lead", "BIGINT", bounds=2), column("other", "BIGINT")], [[None, 1], [None, 2], [3, None]]
    )

    (line,) = judged(table).bill.deductions

    assert (line.rule, line.title) == ("missing", "Cells without an exact number")
    assert line.fix.startswith("Decide what a bound such as <5 counts as")


def test_cells_that_do_not_fit_cost_at_most_twenty() -> None:
    """They are not missing, and their cost is capped."""
    bill = judged(numbered([[None], [1]], misfits={"c0": {0: "many"}})).bill

    (line,) = bill.deductions
    assert (bill.score, line.rule, line.points) == (85, "inconsistent", 15.0)
    capped = judged(numbered([[None], [None], [None]], misfits={"c0": {0: "a", 1: "b", 2: "c"}})).bill
    assert (capped.score, capped.deductions[0].points) == (80, 20.0)


@pytest.mark.parametrize(("copies", "score"), [(1, 100), (2, 90), (60, 90)])
def test_repeated_rows_cost_ten_above_one_percent(copies: int, score: int) -> None:
    """Exactly one row in a hundred is free; above it the price is fixed."""
    rows = [[number] for number in range(100 - copies)] + [[0]] * copies

    bill = judged(numbered(rows)).bill

    assert bill.score == score
    assert [line.rule for line in bill.deductions] == ([] if score == 100 else ["duplicates"])
    # Items of one order may be alike by right: nobody is told to delete them unseen.
    assert all("alike by right" in line.fix for line in bill.deductions)
    if score != 100:
        assert (bill.deductions[0].rows, bill.deductions[0].share) == (copies, copies / 100)


def test_the_score_never_falls_below_zero_and_rounds_once() -> None:
    """All three flaws together are subtracted exactly, then rounded."""
    rows = [[None, None, 1], [None, None, 1], [None, 5, 1]]
    bill = judged(numbered(rows, misfits={"c0": {2: "x"}})).bill

    expected = 100 - (30 * 4 / 9 + 10 + 30 * 1 / 9)
    assert bill.score == math.floor(expected + 0.5)
    assert [line.rule for line in bill.deductions] == ["missing", "duplicates", "inconsistent"]


def test_a_bill_of_an_empty_table_is_clean() -> None:
    """Nothing is wrong with nothing."""
    bill = judged(make_table([column("a", "BIGINT")], [])).bill

    assert (bill.score, bill.checked_cells) == (100, 0)


def test_rows_are_named_up_to_twenty_and_worst_columns_first() -> None:
    """A reader can go to the rows; the column that lacks most stands first."""
    rows = [[None if index % 2 else index, None, index] for index in range(60)]

    (line,) = judged(numbered(rows)).bill.deductions

    assert line.rows == 60
    assert line.row_indices == tuple(range(20))
    assert [(one.column, one.cells) for one in line.columns] == [("c1", 60), ("c0", 30)]


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=3, max_size=3), min_size=1, max_size=25)
)
def test_any_table_is_judged_by_the_formula(rows: list[list[int | None]]) -> None:
    """The score equals the formula in fractions, and each cited fact is recomputed alike."""
    table = numbered(rows)

    found = judged(table)

    cells = sum(len(row) for row in rows)
    missing = sum(cell is None for row in rows for cell in row)
    repeated = len(rows) - len({tuple(row) for row in rows})
    penalty = min(Fraction(30), Fraction(30 * missing, cells)) + (10 if repeated * 100 > len(rows) else 0)
    assert found.bill.score == math.floor(100 - penalty + Fraction(1, 2))
    assert {fact.id for fact in found.facts} == {one for line in found.bill.deductions for one in line.fact_ids}
    assert evaluate([fact.measure for fact in found.facts], forgetful(table)) == list(found.facts)
