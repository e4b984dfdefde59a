"""Measures by their names: complete, with filters and comparison, and as templates that the renderer accepts."""

from typing import Any

import pytest
from tests.engine.tables import column, make_table

from datapilot.contracts.measure import Measure
from datapilot.engine.evaluate import evaluate
from datapilot.insights.wording.naming import SlotNamer, Unnameable, name_measure
from datapilot.words.render import render

NORTH = {"column": "region", "op": "eq", "value": "North"}
FROM_MARCH = {"column": "sold_on", "op": "between", "value": ["2024-03-01", "2024-03-31"]}

CASES: list[tuple[dict[str, Any], str]] = [
    ({"metric": "count"}, "Number of records"),
    ({"metric": "missing_share"}, "Share of missing cells"),
    ({"metric": "missing_count", "column": "price"}, "Missing price values"),
    ({"metric": "count_distinct", "column": "region"}, "Number of different region values"),
    ({"metric": "mean", "column": "price", "filters": [NORTH]}, "Average price where region is North"),
    ({"metric": "quantile", "column": "price", "q": 0.75}, "Upper quartile of price"),
    ({"metric": "share_rows", "filters": [NORTH]}, "Share of records where region is North"),
    ({"metric": "share_sum", "column": "price", "filters": [NORTH]}, "Share of total price where region is North"),
    (
        {"metric": "change", "column": "price", "of": "mean", "filters": [NORTH]},
        "Change of average price where region is North, compared with all records",
    ),
    (
        {"metric": "difference", "column": "price", "of": "median", "filters": [NORTH],
         "baseline": [{"column": "price", "op": "lt", "value": 25}]},
        "Difference in median price where region is North, compared with where price is below 25",
    ),
    ({"metric": "ratio", "column": "price", "column2": "units"}, "Total price per units"),
    ({"metric": "correlation", "column": "price", "column2": "units"}, "Correlation of price and units"),
    ({"metric": "argmax", "column": "price", "by": "region"}, "Region with the most total price"),
    ({"metric": "argmin", "by": "region"}, "Region with the least records"),
    ({"metric": "slope", "by": "sold_on", "grain": "month"}, "Change of number of records per month"),
    (
        {"metric": "sum", "column": "price", "filters": [FROM_MARCH]},
        "Total price where sold on lies between 1 Mar 2024 and 31 Mar 2024",
    ),
    (
        {"metric": "count", "filters": [{"column": "region", "op": "in", "value": ["North", "South"]},
                                        {"column": "price", "op": "not_missing"}]},
        "Number of records where region is one of North, South and price is known",
    ),
    (
        {"metric": "mean", "column": "shipped_on", "minus": "sold_on"},
        "Average time from sold on to shipped on",
    ),
]  # fmt: skip


def table() -> Any:
    columns = [column("region", "VARCHAR"), column("price", "DOUBLE"), column("units", "BIGINT"),
               column("sold_on", "DATE"), column("shipped_on", "DATE")]  # fmt: skip
    cells = [("North", 10.0, 1, "2024-01-05", "2024-01-07"), ("North", 20.0, 2, "2024-02-05", "2024-02-06"),
             ("South", 30.0, 3, "2024-03-05", "2024-03-09")]  # fmt: skip
    return make_table(columns, cells)


@pytest.mark.spec("C5")
@pytest.mark.parametrize(("measure", "name"), CASES, ids=[name for _, name in CASES])
def test_a_measure_is_named_whole(measure: dict[str, Any], name: str) -> None:
    """Filter, comparison and subject stand in the name, and its template holds no digit outside slots."""
    made = Measure.model_validate(measure)
    (fact,) = evaluate([made], table())

    assert render(name_measure(made, SlotNamer()), {fact.id: fact}) == name


@pytest.mark.parametrize(
    "measure",
    [
        {"metric": "quantile", "column": "price", "q": 0.123},
        {"metric": "sum"},
        {"metric": "count", "filters": [{"column": "region", "op": "in", "value": list("abcdefgh")}]},
    ],
    ids=str,
)
def test_what_has_no_short_name_gets_none(measure: dict[str, Any]) -> None:
    """Better no sentence than one nobody can read."""
    with pytest.raises(Unnameable):
        name_measure(Measure.model_validate(measure), SlotNamer())


def test_a_name_with_braces_is_no_slot() -> None:
    """A hostile column name stays a name."""
    measure = Measure(metric="sum", column="{f_00000000}")

    assert render(name_measure(measure, SlotNamer()), {}) == "Total {f_00000000}"
