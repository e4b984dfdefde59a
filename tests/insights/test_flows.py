"""An account of single payments: what came in, what went out, and who stands behind most of either."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.insights.tables import Cells, headlines, insights_of

SUM = {"role": "sum"}


def _account(*, name: str = "amount", salaries: float = -9000.0) -> Cells:
    """Return a year of payments: three customers pay, rent and salaries are due every month, fuel now and then."""
    rng = np.random.default_rng(5)
    rows: list[tuple[date, str, float]] = []
    for month in range(1, 13):
        first = date(2024, month, 1)
        rows += [(first, "Rent", -1500.0), (first + timedelta(days=2), "Salaries", salaries)]
        rows += [(first + timedelta(days=at), "Fuel", -float(rng.integers(40, 90))) for at in (5, 12, 20)]
        customers = ((3, "Hotel Krone"), (8, "Bistro Luna"), (15, "Hotel Krone"), (22, "Cafe Nord"))
        rows += [(first + timedelta(days=at), who, float(rng.integers(2500, 3500))) for at, who in customers]
    days, payees, amounts = zip(*rows, strict=True)
    return {"day": days, "payee": payees, name: amounts}


@pytest.mark.spec("C6")
def test_what_came_in_and_what_went_out_is_told() -> None:
    """Sums of both ways, and the difference; a column of payments has no other total worth a word."""
    insights = insights_of(_account(), amount=SUM)

    told = next(one for one in insights.analyst_insights if one.headline.startswith("More came in than went out: "))

    assert told.recommendation.who == "finance"
    assert "48 records have amount above zero, 60 below" in told.detail


@pytest.mark.spec("C6")
def test_who_is_behind_most_of_either_way_is_named() -> None:
    """A share of what went out is no share of what came in."""
    said = headlines(insights_of(_account(), amount=SUM))

    assert any("of what went out is for Salaries: 108,000 of " in one for one in said)
    assert any("of what came in is from Hotel Krone: " in one for one in said)


@pytest.mark.spec("C6")
def test_an_account_that_shrinks_asks_what_can_wait() -> None:
    """When more went out, the advice is about payments out."""
    insights = insights_of(_account(salaries=-12_000.0), amount=SUM)

    told = next(one for one in insights.analyst_insights if one.headline.startswith("More went out than came in: "))

    assert "can wait or shrink" in told.recommendation.what


@pytest.mark.spec("C6")
@pytest.mark.parametrize("name", ["profit", "price change", "temperature", "deviation amount"])
def test_other_numbers_below_zero_are_no_payments(name: str) -> None:
    """Profits are lost, changes go down and nights are cold; nothing of that comes in or goes out."""
    insights = insights_of(_account(name=name), **{name: SUM})

    assert not [one for one in insights.analyst_insights if one.kind == "flow"]


@pytest.mark.spec("C6")
def test_numbers_finer_than_coins_are_no_payments() -> None:
    """Standardized values lie on both sides of zero too, but nobody pays a part of a cent."""
    rng = np.random.default_rng(7)
    cells: Cells = {"sample": [f"S{at}" for at in range(300)], "value": rng.normal(size=300).tolist()}

    assert not [one for one in insights_of(cells, value=SUM).analyst_insights if one.kind == "flow"]


@pytest.mark.spec("C6")
def test_a_return_now_and_then_is_a_correction() -> None:
    """Sales with a few credit notes have a total; they are no account."""
    rng = np.random.default_rng(6)
    amounts = [float(-20 if at % 40 == 0 else rng.integers(10, 90)) for at in range(400)]
    cells: Cells = {"customer": [f"Shop {at % 6}" for at in range(400)], "amount": amounts}

    assert not [one for one in insights_of(cells, amount=SUM).analyst_insights if one.kind == "flow"]
