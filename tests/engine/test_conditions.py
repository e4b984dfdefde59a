"""Filters choose exactly the rows they name, and a value that cannot be in a column is refused."""

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.tables import column, make_table

from datapilot.contracts.errors import UnknownMeasure
from datapilot.contracts.measure import Filter, Measure
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table

ROWS = [
    ["a", 1, 1.5, True, date(2024, 1, 31), datetime.fromisoformat("2024-01-31T23:30"), time(8, 0)],
    ["b", 2, 2.5, False, date(2024, 2, 1), datetime.fromisoformat("2024-02-01T00:00"), time(9, 30)],
    ["O'Hara; --", 3, -1.0, None, date(2024, 2, 29), datetime.fromisoformat("2024-02-29T12:00"), time(23, 59)],
    [None, None, None, None, None, None, None],
]


@pytest.fixture
def table() -> Table:
    kinds = ["VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "TIME"]
    return make_table([column(kind.lower(), kind) for kind in kinds], ROWS)


def rows_with(table: Table, name: str, op: str, value: Any = None) -> int:
    filter_ = Filter.model_validate({"column": name, "op": op, "value": value})
    found = evaluate([Measure(metric="count", filters=(filter_,))], table)[0].value
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize(
    ("name", "op", "value", "expected"),
    [
        ("varchar", "eq", "a", 1), ("varchar", "ne", "a", 2), ("varchar", "in", ("a", "b", "c"), 2),
        ("varchar", "in", (), 0), ("varchar", "eq", "O'Hara; --", 1), ("varchar", "is_missing", None, 1),
        ("varchar", "not_missing", None, 3), ("varchar", "gt", "a", 1), ("varchar", "eq", 1, 0),
        ("bigint", "ge", 2, 2), ("bigint", "lt", 2.5, 2), ("bigint", "eq", 2.0, 1), ("bigint", "eq", "2", 1),
        ("bigint", "between", (1, 2), 2),
        ("double", "le", 1.5, 2), ("double", "eq", "2.5", 1), ("double", "ne", 2.5, 2),
        ("boolean", "eq", True, 1), ("boolean", "eq", "false", 1), ("boolean", "eq", 0, 1),
        ("date", "between", ("2024-02-01", "2024-02-29"), 2), ("date", "lt", "2024-02-01", 1),
        ("timestamp", "between", ("2024-01-31", "2024-01-31"), 1),
        ("timestamp", "between", ("2024-01-31T00:00:00", "2024-01-31T12:00:00"), 0),
        ("timestamp", "ge", "2024-02-01", 2), ("timestamp", "eq", "2024-02-29T12:00:00", 1),
        ("time", "le", "09:30:00", 2),
    ],
)  # fmt: skip
def test_a_condition_names_its_rows(table: Table, name: str, op: str, value: Any, expected: int) -> None:
    """A missing cell satisfies none of them but `is_missing`; a bare date closes a range with its whole day."""
    assert rows_with(table, name, op, value) == expected


TEXTS = ["The refund is late", "REFUNDED at last", "a credit-card refund!", "refund", "Überweisung, über Nacht", None]


@pytest.mark.spec("C5")
@pytest.mark.parametrize(
    ("value", "mentioned"),
    [
        ("refund", 3), ("Refund", 3), ("credit card", 1), ("card refund", 1), ("fund", 0), ("über", 1), ("a.c", 0),
        ("nacht", 1), ("refunded", 1),
    ],
)  # fmt: skip
def test_a_text_mentions_whole_words_in_capitals_or_not(value: str, mentioned: int) -> None:
    """What does not mention it is every other text; a missing cell does neither."""
    table = make_table([column("note", "VARCHAR")], [[text] for text in TEXTS])

    assert rows_with(table, "note", "mentions", value) == mentioned
    assert rows_with(table, "note", "not_mentions", value) == len(TEXTS) - 1 - mentioned


@pytest.mark.parametrize(
    ("name", "op", "value"),
    [
        ("bigint", "eq", "many"), ("bigint", "eq", 2.5), ("bigint", "eq", True), ("bigint", "eq", 2**70),
        ("double", "eq", "x"), ("double", "gt", float("inf")), ("double", "eq", None), ("boolean", "eq", "perhaps"),
        ("boolean", "eq", 2), ("date", "eq", "soon"), ("date", "eq", "2024-02-01T10:00:00"), ("date", "eq", 3),
        ("timestamp", "eq", "2024-02-01T10:00:00+02:00"), ("varchar", "eq", None), ("varchar", "eq", True),
        ("varchar", "in", "a"), ("bigint", "between", (1,)), ("bigint", "eq", (1, 2)), ("nobody", "eq", 1),
        ("bigint", "mentions", "one"), ("varchar", "mentions", " "), ("varchar", "not_mentions", 3),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused(table: Table, name: str, op: str, value: Any) -> None:
    """Comparing a number with a word is a mistake to tell, not an empty answer."""
    with pytest.raises(UnknownMeasure):
        rows_with(table, name, op, value)


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=20))
def test_no_text_can_break_out_of_its_value(text: str) -> None:
    """Hostile cells are values, never SQL: each finds itself and nothing else."""
    table = make_table([column("c", "VARCHAR")], [[text], [text + "x"]])

    assert rows_with(table, "c", "eq", text) == 1


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [("lt", 0, 1), ("ge", 0, 2), ("between", (-1, 0), 2), ("not_missing", None, 3), ("is_missing", None, 1)],
)
def test_a_condition_can_be_on_one_number_less_another(op: str, value: Any, expected: int) -> None:
    """What is on hand less the point at which is ordered again; missing where either is."""
    condition = Filter.model_validate({"column": "bigint", "minus": "low", "op": op, "value": value})
    rows = [[1, 2.0], [2, 2.0], [3, -1.0], [None, 1.0]]
    numbers = make_table([column("bigint", "BIGINT"), column("low", "DOUBLE")], rows)

    assert evaluate([Measure(metric="count", filters=(condition,))], numbers)[0].value == expected


def test_a_number_less_a_date_is_refused(table: Table) -> None:
    """Days lie between two dates, and numbers between two numbers."""
    condition = Filter(column="bigint", minus="date", op="lt", value=0)

    with pytest.raises(UnknownMeasure, match="holds no dates"):
        evaluate([Measure(metric="count", filters=(condition,))], table)
