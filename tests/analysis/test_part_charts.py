"""Charts of the columns that make a total: which part is the largest, in one drawing."""

import random
from datetime import date, timedelta

import pytest
from tests.analysis.drawn_charts import chart, drawn, profiled
from tests.engine.tables import column, make_table

from datapilot.contracts.chart import ChartSpec
from datapilot.engine.table import Table

pytestmark = pytest.mark.spec("B4")

OFFICES = ("Housing", "Parks", "Police", "Schools")


def calls(*, missed: int = 0, rare: bool = False, role: str = "sum", sign: int = 1) -> Table:
    """Calls of a hundred days to four offices, two of five to the first of them, with the day's total."""
    chance = random.Random(11)
    rows = []
    for day in range(100):
        parts = [sign * chance.randrange(40, 80), *(chance.randrange(10, 60) for _ in OFFICES[1:])]
        parts += [int(day % 50 == 0)] if rare else []
        rows.append([date(2024, 1, 1) + timedelta(days=day), *parts, sum(parts) + missed])
    offices = [column(name, "BIGINT", role="sum") for name in OFFICES[:-1]]
    offices.append(column(OFFICES[-1], "BIGINT", role=role))
    offices += [column("Mayor", "BIGINT", inferred_type="categorical", role="count")] if rare else []
    return make_table([column("day", "DATE"), *offices, column("total", "BIGINT", role="sum")], rows)


def parts_chart(table: Table) -> ChartSpec | None:
    return next((one for one in drawn(table).charts if one.x_label == "Part"), None)


@pytest.mark.parametrize("rare", [False, True], ids=["numbers alone", "beside a part that reads as a code"])
def test_parts_of_a_total_stand_side_by_side(rare: bool) -> None:
    """The largest first, with its share of the whole in the title."""
    spec = parts_chart(calls(rare=rare))

    assert spec is not None
    assert spec.title.startswith("Housing accounts for ")
    assert spec.title.endswith("% of total")
    assert spec.data[0]["x"] == "Housing"
    assert {record["x"] for record in spec.data} == set(OFFICES)


def test_number_that_is_never_used_by_itself_is_a_part_where_it_adds_up() -> None:
    """An office may be called as elsewhere a day of birth is: what is counted for it belongs to the whole."""
    table = calls(role="never")

    assert {one.name: one.role for one in profiled(table).columns}["Schools"] == "sum"
    assert "Schools" in [record["x"] for record in chart(drawn(table), "bar", "accounts for").data]


@pytest.mark.parametrize(
    "table", [calls(missed=1), calls(sign=-1)], ids=["a total of more than the columns", "parts that are taken off"]
)
def test_what_are_no_parts_of_a_whole_are_not_drawn_as_such(table: Table) -> None:
    """One call more than the offices have, or calls taken back: then shares of the total would be none."""
    assert parts_chart(table) is None
