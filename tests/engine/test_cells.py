"""Cells of small tables are fetched once and answer several questions; those of large ones are not kept."""

import numpy as np
import pytest
from tests.engine.tables import column, make_table

from datapilot.engine import cells

COLUMNS = [column("x", "DOUBLE"), column("n", "BIGINT")]
ROWS = [[1.5, 1], [None, 2], [2.5, None], [0.0, None]]


def test_held_cells_are_those_of_the_table():
    """Missing cells are masked; what was fetched is counted without asking the engine again."""
    table = make_table(COLUMNS, ROWS)

    fetched = table.fetch(["n", "x"])
    table.connection.execute(f"DELETE FROM {table.relation}")

    assert fetched["n"].tolist() == [1, 2, None, None]
    assert table.fetch(["x"])["x"].tolist() == [1.5, None, 2.5, 0.0]
    assert (table.cells.count("c0"), table.cells.count("c1")) == (3, 2)


def test_cells_beyond_the_room_are_fetched_and_let_go(monkeypatch: pytest.MonkeyPatch):
    """A large table's cells are the same, and nobody holds them."""
    monkeypatch.setattr(cells, "MOST_HELD", len(ROWS))
    table = make_table(COLUMNS, ROWS)

    fetched = table.fetch(["x", "n"])

    assert fetched["x"].tolist() == [1.5, None, 2.5, 0.0]
    assert table.cells.held(["c0", "c1"]) is None
    assert table.cells.count("c0") is None


def test_rows_that_all_lack_something_are_seen():
    """Only columns that are held can show it, and one row that is whole speaks against it."""
    table = make_table(COLUMNS, [[1.5, None], [None, 2]])
    whole = make_table(COLUMNS, ROWS)

    before = table.cells.leave_no_row_whole(["c0", "c1"])
    for one in (table, whole):
        one.fetch(["x", "n"])

    assert not before
    assert table.cells.leave_no_row_whole(["c0", "c1"])
    assert not table.cells.leave_no_row_whole(["c0"])
    assert not whole.cells.leave_no_row_whole(["c0", "c1"])


@pytest.mark.parametrize("odd", [np.inf, -np.inf, np.nan])
def test_any_number_that_is_not_finite_is_seen(odd: float):
    """A missing cell beside it is none."""
    table = make_table(COLUMNS[:1], [[1.0], [None]])
    other = make_table(COLUMNS[:1], [[1.0], [None], [odd]])

    assert table.cells.are_computable(table.connection, table.relation, ["c0"])
    assert not other.cells.are_computable(other.connection, other.relation, ["c0"])
