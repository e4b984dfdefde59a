"""Parquet: the file's own types hold, and what its cells cannot keep is said."""
# ruff: noqa: DTZ001  (tables hold wall-clock times, without a zone)

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.spec("A2", "B7")

QUERY = """
    SELECT i::INTEGER AS id, (i * 1.25)::DECIMAL(12,4) AS price, (i * 1.5)::DECIMAL(38,2) AS huge,
        {'a': i, 'b': 'x' || i} AS nested, [i, i + 1] AS listed, TIMESTAMPTZ '2024-03-01 10:00:00+02' AS zoned,
        TIMESTAMP '2024-03-01 10:00:00' + to_days(i::INT) AS moment, DATE '2024-03-01' + i::INT AS day,
        i % 2 = 0 AS even, (CASE WHEN i % 2 = 0 THEN 'red' ELSE 'blue' END)::ENUM('red', 'blue') AS colour,
        '0' || i AS code, CASE WHEN i % 3 = 0 THEN 'NaN'::DOUBLE ELSE i / 4 END AS gaps
    FROM range(1, 41) AS t(i)
"""


@pytest.fixture
def table(tmp_path: Path, read_file):
    duckdb.execute(f"COPY ({QUERY}) TO '{tmp_path / 't.parquet'}' (FORMAT parquet)")
    return read_file(tmp_path / "t.parquet")


@pytest.mark.parametrize(
    ("name", "storage", "inferred", "first"),
    [
        ("id", "BIGINT", "identifier", 1),
        ("price", "DOUBLE", "numeric", 1.25),
        ("nested", "VARCHAR", "json", '{"a":1,"b":"x1"}'),
        ("listed", "VARCHAR", "list", "[1,2]"),
        ("zoned", "TIMESTAMP", "constant", datetime(2024, 3, 1, 8)),
        ("moment", "TIMESTAMP", "datetime", datetime(2024, 3, 2, 10)),
        ("day", "DATE", "datetime", date(2024, 3, 2)),
        ("even", "BOOLEAN", "boolean", False),
        ("colour", "VARCHAR", "categorical", "blue"),
        ("code", "VARCHAR", "identifier", "01"),
    ],
)
def test_types_of_the_file_hold(table, name, storage, inferred, first):
    """Decimals, moments, dictionaries and nested values come out as what they are."""
    column = table.column(name)

    assert (column.storage, column.inferred_type, table.values(name)[0]) == (storage, inferred, first)


def test_not_a_number_is_missing(table):
    """NaN is no value."""
    assert table.values("gaps")[:3] == [0.25, 0.5, None]


def test_receipt_says_what_was_changed(table):
    """Time zones, nested values and digits beyond a float are named with their columns."""
    assert table.receipt.notes == (
        "Moments with a time zone were converted to UTC: zoned.",
        "Nested values are kept as JSON text: nested, listed.",
        "Decimals and whole numbers beyond 15 digits are read as floating-point numbers: huge.",
    )


def test_infinite_numbers_are_told(tmp_path: Path, read_file):
    """They count as missing, because no sum survives them, and the receipt says how many there are."""
    query = "SELECT i, CASE WHEN i > 37 THEN '-inf'::DOUBLE ELSE i / 4 END AS x FROM range(1, 41) AS t(i)"
    duckdb.execute(f"COPY ({query}) TO '{tmp_path / 't.parquet'}' (FORMAT parquet)")

    read = read_file(tmp_path / "t.parquet")

    assert read.values("x")[-1] is None
    assert "Infinite numbers count as missing: x (3)." in read.receipt.notes
