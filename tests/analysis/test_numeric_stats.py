"""Statistics from counts of distinct values are those from sorted values, whichever way the values were counted."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.engine.tables import column

from datapilot.analysis import numeric_stats
from datapilot.analysis.numeric_stats import COUNTED_FROM, summarize_numbers

N = COUNTED_FROM
Values = NDArray[np.generic]


def columns() -> dict[str, Callable[[np.random.Generator], Values]]:
    """Columns that can be counted place by place, and such that cannot, seen early or late."""
    return {
        "small whole numbers": lambda chance: chance.integers(-5, 20, N),
        "whole numbers far apart": lambda chance: chance.integers(-(10**15), 10**15, N),
        "whole numbers at the end of their range": lambda chance: 2**63 - 1 - chance.integers(0, 50, N),
        "cents": lambda chance: np.round(chance.normal(40, 30, N), 2),
        "cents but for one": lambda chance: np.append(np.round(chance.random(N) * 90, 2), 1 / 3),
        "cents but for a huge one": lambda chance: np.append(np.round(chance.random(N) * 90, 2), 1e300),
        "two kinds of zero": lambda chance: np.where(chance.random(N) < 0.5, -0.0, 0.0) + chance.integers(-1, 2, N),
        "no decimals in common": lambda chance: chance.normal(size=N),
        "values that are not finite": lambda chance: np.append(
            chance.integers(0, 9, N).astype(float), [np.inf, np.nan]
        ),
    }


@pytest.mark.spec("B2")
@pytest.mark.parametrize("name", columns())
@pytest.mark.parametrize("role", ["sum", "never"])
def test_counting_by_place_equals_sorting(name: str, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every figure is the same to the last digit."""
    values = columns()[name](np.random.default_rng(20240229))
    told = column("x", "BIGINT" if values.dtype.kind == "i" else "DOUBLE", role=role)

    counted = summarize_numbers(told, [values.copy()], rows=len(values), top=10)
    monkeypatch.setattr(numeric_stats, "COUNTED_FROM", 10**9)
    in_order = summarize_numbers(told, [values.copy()], rows=len(values), top=10)

    assert counted == in_order


@pytest.mark.spec("B3")
@pytest.mark.parametrize("name", columns())
def test_parts_of_a_column_give_what_the_whole_gives(name: str) -> None:
    """Every figure is the same to the last digit, however a long column is cut, parts without values included."""
    values = columns()[name](np.random.default_rng(7))
    told = column("x", "BIGINT" if values.dtype.kind == "i" else "DOUBLE")
    parts = [values[:0], values[:3], values[3 : N // 2], values[N // 2 : N // 2], values[N // 2 :]]

    whole = summarize_numbers(told, [values.copy()], rows=len(values), top=10)
    in_parts = summarize_numbers(told, [part.copy() for part in parts], rows=len(values), top=10)

    assert in_parts == whole


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(-40, 40) | st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_outliers_are_those_of_the_definition(numbers: list[float]) -> None:
    """More than 3.5 x 1.4826 MAD from the median, counted over every value (Iglewicz & Hoaglin 1993)."""
    values = np.array(numbers, dtype=np.float64)

    summary = summarize_numbers(column("x", "DOUBLE"), [values.copy()], rows=len(values), top=10)

    distances = np.abs(values - np.median(values))
    spread = float(np.median(distances))
    expected = int(np.sum(distances > numeric_stats.OUTLIER_MADS * spread)) if spread > 0 else 0
    assert summary.stats is not None
    assert summary.stats.outliers == expected
