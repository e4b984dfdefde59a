"""How often something happened, by category: the drawing beside "customers on monthly contracts leave"."""

import random

import pytest
from tests.analysis.drawn_charts import drawn
from tests.engine.tables import column, make_table

from datapilot.contracts.chart import ChartSpec
from datapilot.engine.table import Table

pytestmark = pytest.mark.spec("B4")

LEAVING = {"Monthly": 0.4, "One year": 0.1, "Two years": 0.03}


def customers(event: str = "churned", *, rates: dict[str, float] = LEAVING, rows: int = 600, few: int = 0) -> Table:
    """Customers whose contract says how many of them leave; their colour says nothing of it."""
    chance = random.Random(11)
    data: list[list[object]] = []
    for at in range(rows):
        contract = list(rates)[at % len(rates)]
        left = None if at % 50 == 49 else chance.random() < rates[contract]
        data.append([contract, chance.choice(["red", "green", "blue"]), left])
    data += [["Trial", "red", True]] * few
    return make_table([column("contract", "VARCHAR"), column("colour", "VARCHAR"), column(event, "BOOLEAN")], data)


def happened(table: Table) -> list[ChartSpec]:
    return [one for one in drawn(table).charts if one.y_label == "Share of yes"]


def test_what_happened_is_drawn_by_the_category_that_tells_most_of_it() -> None:
    """A bar for each contract, as long as the share that left; the colour, which tells nothing, has no drawing."""
    (spec,) = happened(customers())

    assert spec.x_label == "Contract"
    assert [record["x"] for record in spec.data] == ["Monthly", "One year", "Two years"]
    assert spec.title.startswith("Churned is yes most often for Monthly: ")
    assert spec.unit == "share"


def test_the_share_is_of_those_of_whom_it_is_known() -> None:
    """Every fiftieth customer is neither gone nor here: the subtitle counts the others."""
    (spec,) = happened(customers())

    assert spec.subtitle == "Share of yes where churned is known, over 588 rows"


def test_a_yes_that_did_not_happen_to_anybody_is_no_event() -> None:
    """Whether a customer has a car parts customers; it is not what became of them."""
    assert happened(customers("has car")) == []


@pytest.mark.parametrize(
    "rates", [{"Monthly": 0.2, "Yearly": 0.2}, {"Gone": 1.0, "Here": 0.0}], ids=["no difference", "the same column"]
)
def test_a_category_that_tells_nothing_or_everything_is_not_drawn(rates: dict[str, float]) -> None:
    """Chance is no drawing, nor is a status that was made of the same answer."""
    assert happened(customers(rates=rates)) == []


def test_a_group_of_few_rows_has_no_bar() -> None:
    """Three customers on trial who all left would stand above hundreds; the note says that they are left out."""
    (spec,) = happened(customers(few=3))

    assert [record["x"] for record in spec.data] == ["Monthly", "One year", "Two years"]
    assert spec.title.startswith("Churned is yes most often for Monthly: ")
    assert spec.note == "1 group of fewer than 10 rows is not drawn."


def test_a_group_that_is_a_number_is_called_by_its_column() -> None:
    """ "Most often for 1" would say nothing."""
    (spec,) = happened(customers("survived", rates={"1": 0.6, "2": 0.4, "3": 0.1}))

    assert spec.title.startswith("Survived is yes most often for contract 1: ")
