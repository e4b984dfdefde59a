"""Many measures make few statements, and their text is a tree another dialect can be printed from."""

import pytest
import sqlglot
from tests.engine.tables import column, make_table

from datapilot.contracts.measure import Filter, Measure
from datapilot.engine.compile import compile_measure
from datapilot.engine.statements import AGGREGATES_PER_STATEMENT, Statement, statements
from datapilot.engine.table import Table


@pytest.fixture(scope="module")
def table() -> Table:
    columns = [
        column("region", "VARCHAR"),
        column("revenue", "DOUBLE"),
        column("units", "BIGINT"),
        column("day", "DATE"),
    ]
    rows = [["North", 1.5, 2, "2024-03-01"], ["South", 2.0, 7, "2024-04-01"]]
    return make_table(columns, rows, misfits={"revenue": {}})


def compiled(table: Table, *measures: Measure) -> list[Statement]:
    return list(statements((atom for one in measures for atom in compile_measure(one, table).part.atoms), table))


def test_measures_of_one_split_share_a_statement(table: Table) -> None:
    """Two filters and four metrics over months are one scan."""
    north = (Filter(column="region", op="eq", value="North"),)

    found = compiled(
        table,
        Measure(metric="sum", column="revenue", by="day", grain="month"),
        Measure(metric="mean", column="revenue", by="day", grain="month"),
        Measure(metric="count", by="day", grain="month", filters=north),
        Measure(metric="median", column="units", by="day", grain="month", filters=north),
    )

    assert len(found) == 1
    assert found[0].values == ("North",)


def test_quantiles_of_one_column_share_a_sort(table: Table) -> None:
    """Three quantiles of a column are one aggregate."""
    found = compiled(table, *(Measure(metric="quantile", column="units", q=q) for q in (0.1, 0.5, 0.9)))

    assert len(found) == 1
    assert found[0].sql.count("quantile_cont") == 1


def test_a_long_list_is_cut(table: Table) -> None:
    """The planner is quadratic in the aggregates of a statement, so no statement holds very many."""
    many = [Measure(metric="quantile", column="units", q=0.5, filters=(Filter(column="units", op="gt", value=value),))
            for value in range(2 * AGGREGATES_PER_STATEMENT)]  # fmt: skip

    found = compiled(table, *many)

    assert len(found) >= 4


@pytest.mark.parametrize(
    "measure",
    [
        {"metric": "sum", "column": "revenue", "filters": [{"column": "region", "op": "in", "value": ["a", "b"]}]},
        {"metric": "missing_share", "by": "region"},
        {"metric": "count", "by": "day", "grain": "weekday"},
        {"metric": "count", "by": "revenue", "bin_width": 0.5},
        {"metric": "quantile", "column": "units", "q": 0.9, "by": "region"},
        {"metric": "skew", "column": "units", "by": "day", "grain": "quarter"},
        {"metric": "outlier_count", "column": "revenue"},
        {"metric": "correlation", "column": "revenue", "column2": "units"},
        {"metric": "association", "column": "region", "column2": "units"},
        {"metric": "correlation_ratio", "column": "revenue", "column2": "region"},
        {"metric": "duplicate_rows"},
    ],
    ids=lambda measure: measure["metric"],
)
def test_the_text_is_a_tree(table: Table, measure: dict[str, object]) -> None:
    """sqlglot reads every statement, and what it prints for DuckDB gives the same rows."""
    for statement in compiled(table, Measure.model_validate(measure)):
        tree = sqlglot.parse_one(statement.sql, read="duckdb")

        printed = tree.sql(dialect="duckdb")
        again = table.connection.execute(printed, statement.values).fetchall()
        first = table.connection.execute(statement.sql, statement.values).fetchall()
        assert sorted(again, key=repr) == sorted(first, key=repr)
