"""Tables of pandas and Polars, of every kind that people have, through `datapilot.analyze`."""

from typing import Any

import pandas as pd
import polars as pl
import pytest

import datapilot
from datapilot.contracts.errors import NotATable


def kinds(source: object) -> dict[str, tuple[str, str]]:
    """Return what the report takes each column of a table for: its type, and how it is kept."""
    return {column.name: (column.inferred_type, column.storage) for column in datapilot.analyze(source).columns}


NUMBERS = [number * 7 % 60 for number in range(60)]  # in no order, or they would number the rows
STAMPS = pd.date_range("2026-01-01", periods=60, freq="D")
SOME = (*("x", "y", None),) * 20

PANDAS = {
    "rows that are merely numbered": (pd.DataFrame({"v": NUMBERS}), {"v": ("numeric", "BIGINT")}),
    "an index with a name": (
        pd.DataFrame({"v": NUMBERS}, index=pd.Index([f"shop {n % 3}" for n in NUMBERS], name="shop")),
        {"shop": ("categorical", "VARCHAR"), "v": ("numeric", "BIGINT")},
    ),
    "an index of dates without a name": (
        pd.DataFrame({"v": NUMBERS}, index=STAMPS),
        {"index": ("datetime", "TIMESTAMP"), "v": ("numeric", "BIGINT")},
    ),
    "an index of several levels": (
        pd.DataFrame({"v": NUMBERS}, index=pd.MultiIndex.from_product([list("abc"), range(20)], names=["g", None])),
        {"g": ("categorical", "VARCHAR"), "v": ("numeric", "BIGINT")},
    ),
    "categories": (pd.DataFrame({"c": pd.Categorical(SOME)}), {"c": ("categorical", "VARCHAR")}),
    "nullable types": (
        pd.DataFrame({
            "whole": pd.array([1, None, 3] * 20, dtype="Int64"),
            "yes": pd.array([True, None, False] * 20, dtype="boolean"),
            "text": pd.array(SOME, dtype="string"),
            "broken": pd.array([1.5, None, 2.5] * 20, dtype="Float64"),
        }),
        {
            "whole": ("numeric", "BIGINT"), "yes": ("boolean", "BOOLEAN"), "text": ("categorical", "VARCHAR"),
            "broken": ("numeric", "DOUBLE"),
        },
    ),
    "mixed objects": (pd.DataFrame({"m": [1, "two", 3.5, None] * 15}), {"m": ("categorical", "VARCHAR")}),
    "dates as objects": (pd.DataFrame({"d": [day.date() for day in STAMPS]}), {"d": ("datetime", "DATE")}),
    "times of two kinds": (
        pd.DataFrame({"t": pd.Series([pd.Timestamp("2024-03-01T08:00Z"), STAMPS[1]] * 30, dtype=object)}),
        {"t": ("datetime", "TIMESTAMP")},
    ),
    "periods": (
        pd.DataFrame({"p": pd.period_range("2026-01", periods=60, freq="M")}), {"p": ("datetime", "DATE")},
    ),
    "bins": (pd.DataFrame({"b": pd.cut(pd.Series(NUMBERS), 5)}), {"b": ("categorical", "VARCHAR")}),
    "sparse": (pd.DataFrame({"s": pd.arrays.SparseArray([0, 0, 7] * 20)}), {"s": ("numeric", "BIGINT")}),
    "two columns of one name": (
        pd.DataFrame([[n, n * 2.5] for n in NUMBERS], columns=["a", "a"]),
        {"a": ("numeric", "BIGINT"), "a_1": ("numeric", "DOUBLE")},
    ),
    "numbers as names": (pd.DataFrame({2025: NUMBERS}), {"2025": ("numeric", "BIGINT")}),
    "names of two levels": (
        pd.DataFrame([[n, n] for n in NUMBERS], columns=pd.MultiIndex.from_tuples([("units", "sum"), ("price", "")])),
        {"units sum": ("numeric", "BIGINT"), "price": ("numeric", "BIGINT")},
    ),
    "a column of nothing": (
        pd.DataFrame({"n": [None] * 60, "v": NUMBERS}), {"n": ("empty", "VARCHAR"), "v": ("numeric", "BIGINT")},
    ),
    "a series": (pd.Series(NUMBERS, name="units"), {"units": ("numeric", "BIGINT")}),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), PANDAS.values(), ids=PANDAS)
def test_pandas_frame_is_taken_with_what_it_means(source: Any, expected: dict[str, tuple[str, str]]) -> None:
    """Types stay, gaps stay gaps, an index that means something is a column; the frame itself is not touched."""
    before = source.copy()

    assert kinds(source) == expected

    assert source.equals(before)
    assert list(source.index.names) == list(before.index.names)


POLARS = {
    "categories and enums": (
        pl.DataFrame({
            "c": pl.Series(SOME, dtype=pl.Categorical),
            "e": pl.Series(["a", "b", "c"] * 20, dtype=pl.Enum(["a", "b", "c"])),
        }),
        {"c": ("categorical", "VARCHAR"), "e": ("categorical", "VARCHAR")},
    ),
    "a column of nothing": (
        pl.DataFrame({"n": [None] * 60, "v": NUMBERS}), {"n": ("empty", "VARCHAR"), "v": ("numeric", "BIGINT")},
    ),
    "nested values": (pl.DataFrame({"s": [{"a": n} for n in NUMBERS]}), {"s": ("json", "VARCHAR")}),
    "a series": (pl.Series("units", NUMBERS), {"units": ("numeric", "BIGINT")}),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), POLARS.values(), ids=POLARS)
def test_polars_frame_is_taken_with_what_it_means(source: Any, expected: dict[str, tuple[str, str]]) -> None:
    """The same by the Arrow interface."""
    assert kinds(source) == expected


def test_time_with_a_zone_counts_in_utc() -> None:
    """As in a file: half past midnight in Berlin is the day before, whatever library says it."""
    stamps = pd.date_range("2026-01-01 00:30", periods=48, freq="h", tz="Europe/Berlin")
    polars = pl.DataFrame({"t": stamps.tz_localize(None).to_list()}).with_columns(
        pl.col("t").dt.replace_time_zone("Europe/Berlin")
    )

    for source in (pd.DataFrame({"t": stamps}), polars):
        assert datapilot.analyze(source).columns[0].minimum == "2025-12-31T23:30:00"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        pytest.param(pd.DataFrame(), "no columns", id="an empty pandas frame"),
        pytest.param(pd.DataFrame(index=[1, 2]), "no columns", id="an index alone"),
        pytest.param(pd.DataFrame({"a": []}), "no rows", id="a pandas frame without rows"),
        pytest.param(pl.DataFrame(), "no columns", id="an empty Polars frame"),
        pytest.param(pl.DataFrame(schema={"a": pl.Int64}), "no rows", id="a Polars frame without rows"),
        pytest.param(
            pl.DataFrame({"a": pl.Series([object()], dtype=pl.Object)}),
            "a holds Python objects",
            id="objects of Python",
        ),
    ],
)
def test_table_of_nothing_is_refused(source: object, sentence: str) -> None:
    """One error of ours with what is the matter, never one of the engine."""
    with pytest.raises(NotATable, match=sentence):
        datapilot.analyze(source)
