"""Totals until each day are never added up: the last one holds all the others."""

from datetime import date, timedelta
from itertools import accumulate

import pytest
from tests.engine.tables import column, make_table

from datapilot.analysis.profiling import profile_table

pytestmark = pytest.mark.spec("B2")

DAYS = [date(2021, 1, 1) + timedelta(days=at) for at in range(40)]
NEW = [at % 7 for at in range(40)]


def _role(name: str, values: dict[str, list[int]]) -> str:
    rows = [[place, day, value] for place, each in values.items() for day, value in zip(DAYS, each, strict=True)]
    columns = [
        column("place", "VARCHAR").model_copy(update={"role": "count"}), column("day", "DATE"),
        column(name, "BIGINT").model_copy(update={"role": "sum"}),
    ]  # fmt: skip
    profile = profile_table(make_table(columns, rows)).profile
    return next(one.role for one in profile.columns if one.name == name)


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        pytest.param("total cases", {"A": list(accumulate(NEW)), "B": list(accumulate(NEW))}, "average", id="of many"),
        pytest.param("sales ytd", {"A": list(accumulate(NEW))}, "average", id="of the whole table"),
        pytest.param("sales ytd", {"A": list(accumulate(NEW[:20])) * 2}, "average", id="begun anew"),
        pytest.param("total cases", {"A": NEW, "B": NEW}, "sum", id="a total of each day falls too"),
        pytest.param("cases", {"A": list(accumulate(NEW)), "B": list(accumulate(NEW))}, "sum", id="not called so"),
        pytest.param("cases", {key: list(accumulate(NEW)) for key in "ABCD"}, "average", id="not called so, but long"),
        pytest.param(
            "cases",
            {key: NEW if key == "D" else list(accumulate(NEW)) for key in "ABCD"},
            "sum",
            id="one of many falls",
        ),
        pytest.param("total cases", {"A": [5] * 40, "B": [7] * 40}, "sum", id="what never rises adds nothing up"),
    ],
)
def test_a_total_so_far_is_not_added_up(name: str, values: dict[str, list[int]], role: str) -> None:
    """It is called a total and never falls from one date to the next, for each of many or for all."""
    assert _role(name, values) == role


@pytest.mark.parametrize(
    ("name", "numbers", "role"),
    [
        pytest.param("customers", [400 + 9 * at for at in range(40)], "average", id="so many are there"),
        pytest.param("customers", [400 + 150 * (at % 5) for at in range(40)], "sum", id="so many came"),
        pytest.param("new customers", [400 + 9 * at for at in range(40)], "sum", id="called new"),
    ],
)
def test_what_is_there_at_a_time_is_not_added_up_over_time(name: str, numbers: list[int], role: str) -> None:
    """Customers of a month are those of the month before, a few more; customers of a day in a shop come anew."""
    columns = [column("day", "DATE"), column(name, "BIGINT").model_copy(update={"role": "sum"})]
    rows = [[day, number] for day, number in zip(DAYS, numbers, strict=True)]

    profile = profile_table(make_table(columns, rows)).profile

    assert next(one.role for one in profile.columns if one.name == name) == role
