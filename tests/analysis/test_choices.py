"""One choice that is spread over several yes-or-no columns is known as the one choice it is."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.analysis.drawn_charts import charts_of, profiled
from tests.engine.tables import column, make_table

from datapilot.analysis.choices import are_times
from datapilot.analysis.together import choose_pairs
from datapilot.contracts.profile import SpreadChoice
from datapilot.contracts.table import Column

pytestmark = pytest.mark.spec("B3")

ROWS = 400
REGIONS = ("north", "south", "west")


def flag(name: str) -> Column:
    return column(name, "BOOLEAN", inferred_type="boolean", role="count")


def chosen(groups: int, *, seed: int = 1) -> np.ndarray[Any, Any]:
    """Which of so many groups each row belongs to, the first of them most often."""
    parts = np.arange(groups, 0, -1, dtype=float) ** 2
    return np.random.default_rng(seed).choice(groups, ROWS, p=parts / parts.sum())


def spread(where: np.ndarray[Any, Any], groups: int = 3) -> list[list[Any]]:
    return [[bool(at == k) for k in range(groups)] for at in where]


def found(columns: list[Column], rows: list[list[Any]]) -> list[tuple[str, ...]]:
    return [one.columns for one in profiled(make_table(columns, rows)).choices]


def test_columns_of_which_every_row_has_one_are_a_choice() -> None:
    """As models want their categories; their names need nothing in common."""
    where = chosen(3)

    assert found([flag(one) for one in REGIONS], spread(where)) == [REGIONS]


@pytest.mark.parametrize("first", ["region_", "region "], ids=["underscore", "space"])
def test_one_of_the_groups_may_be_left_out(first: str) -> None:
    """Where the first of all is what is left when no other is so, names say that they belong together."""
    names = [first + one for one in REGIONS]
    where = chosen(4)

    assert found([flag(one) for one in names], spread(where)) == [tuple(names)]


def test_columns_that_meet_are_no_choice() -> None:
    """Boxes to tick, of which one row may have two."""
    rng = np.random.default_rng(2)
    rows = (rng.random((ROWS, 3)) < 0.4).tolist()

    assert found([flag("has_car"), flag("has_bike"), flag("has_boat")], rows) == []


def test_rare_things_that_happen_never_to_meet_are_no_choice() -> None:
    """Of three illnesses with four cases each chance alone lets none meet another."""
    rows = [[at < 4, 10 <= at < 14, 20 <= at < 24] for at in range(ROWS)]

    assert found([flag("polio"), flag("hepatitis"), flag("tuberculosis")], rows) == []


def test_what_became_of_records_stays_what_it_is() -> None:
    """How many were approved is asked by itself, whatever rules the others out."""
    where = chosen(3)
    names = ("approved", "rejected", "withdrawn")

    assert found([flag(one) for one in names], spread(where)) == []


def test_cells_missing_here_and_there_make_no_choice() -> None:
    """Of a row with one answer missing nobody knows which it has."""
    where = chosen(3)
    rows = spread(where)
    rows[7][0] = None

    assert found([flag(one) for one in REGIONS], rows) == []


@pytest.mark.parametrize(
    ("names", "are_so"),
    [
        (["jan", "feb", "mar"], True),
        (["Mon", "Tue", "Wed"], True),
        (["y81", "y82", "y83"], True),
        (["d98", "d99", "d00"], True),
        (["2019", "2020", "2021"], True),
        (["type1", "type2", "type3"], False),
        (["age20", "age30", "age40"], False),
        (REGIONS, False),
    ],
)
def test_names_of_months_weekdays_and_years_are_times(names: list[str], are_so: bool) -> None:
    """That a row is of 1983 is no group of rows."""
    assert are_times(names) is are_so


@pytest.mark.parametrize("says", ["a column of kinds", "a date"])
def test_choice_that_a_column_says_is_marked_as_told(says: str) -> None:
    """A type beside type1, type2 and type3; a date beside its quarters."""
    first = date(2023, 1, 1)
    days = [first + timedelta(days=2 * at) for at in range(ROWS // 2)]
    where = [(one.month - 1) // 3 for one in days]
    beside = column("day", "DATE") if says == "a date" else column("kind", "VARCHAR", inferred_type="categorical")
    rows = [
        [day if says == "a date" else f"kind {at}", *flags_of_row]
        for day, at, flags_of_row in zip(days, where, spread(np.array(where), 4), strict=True)
    ]
    flags = [flag(f"part{k}") for k in range(1, 5)]

    choices = profiled(make_table([beside, *flags], rows)).choices

    assert choices == (SpreadChoice(columns=tuple(one.name for one in flags), is_told=True),)


def test_choice_is_drawn_as_one_and_its_parts_by_no_bars_of_their_own() -> None:
    """Three bars side by side; and no pair of what rules each other out."""
    where = chosen(3)
    amount = column("amount", "DOUBLE", role="sum")
    rows = [[100.0 + 7 * (at % 13) + 40 * int(where[at]), *flags] for at, flags in enumerate(spread(where))]
    table = make_table([amount, *(flag(one) for one in REGIONS)], rows)

    charts = charts_of(table)
    pairs = choose_pairs(profiled(table)).pairs

    assert [chart.title for chart in charts if "north" in chart.title.lower()] == ["North is the most frequent: 68%"]
    assert [pair for pair in pairs if {pair.column, pair.column2} <= {*REGIONS}] == []
