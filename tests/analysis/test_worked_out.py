"""A column that is another one's logarithm, square or inverse is known as that, and neither drawn nor told of."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.analysis.drawn_charts import charts_of, profiled
from tests.engine.tables import column, make_table

from datapilot.analysis.together import choose_pairs

pytestmark = pytest.mark.spec("B3")

ROWS = 300
RATE = {"role": "average"}


def wages(seed: int = 1) -> list[float]:
    return np.random.default_rng(seed).gamma(3, 8, ROWS).round(2).tolist()


def found(values: list[float], made: list[Any], name: str = "other") -> dict[str, str]:
    rows = [list(pair) for pair in zip(values, made, strict=True)]
    return profiled(make_table([column("wage", "DOUBLE", **RATE), column(name, "DOUBLE", **RATE)], rows)).worked_out


@pytest.mark.parametrize(
    "function",
    [math.log, math.log1p, lambda x: x * x, lambda x: x**3, lambda x: 60 / x, math.log10],
    ids=["logarithm", "logarithm of one more", "square", "cube", "inverse", "logarithm to ten"],
)
def test_function_of_a_column_is_known_by_its_figures(function: Callable[[float], float]) -> None:
    """Written in a few digits, and under whatever name."""
    values = [value + 0.5 for value in wages()]

    assert found(values, [round(function(value), 5) for value in values]) == {"other": "wage"}


def test_logarithm_is_missing_where_there_is_none() -> None:
    """Of nothing earned it has no value."""
    values = [0.0] * 20 + wages()[20:]

    assert found(values, [math.log(value) if value else None for value in values]) == {"other": "wage"}


@pytest.mark.parametrize(
    "made",
    [
        lambda x, noise: x * 1.1,
        lambda x, noise: math.log(x + 1) + noise / 50,
        lambda x, noise: noise,
    ],
    ids=["in other money", "nearly", "unrelated"],
)
def test_what_no_function_gives_is_another_column(made: Callable[[float, float], float]) -> None:
    """A figure in other money is one and the same, which others tell; a close relation is a finding."""
    values, noise = wages(), np.random.default_rng(2).normal(20, 3, ROWS).tolist()

    assert found(values, [round(made(*pair), 5) for pair in zip(values, noise, strict=True)]) == {}


def test_one_row_that_does_not_fit_makes_it_another_column() -> None:
    """The whole table decides."""
    values = [value + 0.5 for value in wages()]
    made = [math.log(value) for value in values]
    made[250] = 40.0

    assert found(values, made) == {}


def test_only_the_plain_column_is_drawn() -> None:
    """No cloud of a wage and its logarithm, no spread of a square, no pair of the two."""
    years = np.random.default_rng(3).integers(1, 40, ROWS).tolist()
    values = [round(5 + 2 * year + noise, 2) for year, noise in zip(years, wages(4), strict=True)]
    rows = [[wage, round(math.log(wage), 5), year, year * year] for wage, year in zip(values, years, strict=True)]
    columns = [column(name, "DOUBLE", **RATE) for name in ("wage", "lwage", "years", "years_sq")]
    table = make_table(columns, rows)

    drawn = [chart.title.lower() for chart in charts_of(table)]
    pairs = {(pair.column, pair.column2) for pair in choose_pairs(profiled(table)).pairs}

    assert drawn
    assert [title for title in drawn if "lwage" in title or "sq" in title] == []
    assert pairs == {("wage", "years")}
