"""Rows as points of two columns, of the whole table or of a part."""

import pytest
from tests.engine.tables import column, make_table

from datapilot.contracts.errors import UnknownMeasure
from datapilot.contracts.measure import Filter
from datapilot.contracts.points import PointsAsked
from datapilot.engine.points import MOST_POINTS, points_of
from datapilot.engine.table import Table

pytestmark = pytest.mark.spec("B4")

NORTH = Filter(column="site", op="eq", value="North")


def test_points_are_the_rows_of_the_part_in_file_order() -> None:
    """Rows of another part, and those that lack one of the two values, are no points."""
    rows = [("North", 1, 2.5), ("South", 2, 3.5), ("North", None, 4.5), ("North", 4, None), ("North", 5, 6.5)]

    found = points_of(PointsAsked(columns=("units", "price"), filters=(NORTH,)), _sales(rows))

    assert (found.points, found.step, found.total) == (((1, 2.5), (5, 6.5)), 1, 2)


def test_many_rows_are_thinned_evenly() -> None:
    """Every so many rows of the part one is shown, however the part lies in the file; how many there are is told."""
    rows = [("North" if place % 3 else "South", place, place / 2) for place in range(3 * MOST_POINTS)]

    found = points_of(PointsAsked(columns=("units", "price"), filters=(NORTH,)), _sales(rows))

    assert (found.step, found.total, len(found.points)) == (2, 2 * MOST_POINTS, MOST_POINTS)
    assert found.points[:3] == ((1, 0.5), (4, 2.0), (7, 3.5))


def test_part_without_rows_has_no_points() -> None:
    """Nothing to draw is no error."""
    found = points_of(PointsAsked(columns=("units", "price"), filters=(NORTH,)), _sales([("South", 1, 2.0)]))

    assert (found.points, found.total) == ((), 0)


def test_unknown_column_is_refused() -> None:
    """A name that the table does not have is said, as of a measure."""
    with pytest.raises(UnknownMeasure, match="colour"):
        points_of(PointsAsked(columns=("units", "colour")), _sales([("North", 1, 2.0)]))


def _sales(rows: list[tuple[str, int | None, float | None]]) -> Table:
    return make_table([column("site", "VARCHAR"), column("units", "BIGINT"), column("price", "DOUBLE")], rows)
