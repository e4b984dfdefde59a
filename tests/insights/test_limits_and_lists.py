"""What gathers below a limit, one name of many that takes long, reasons of a few, and parts that are only parts."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight

pytestmark = pytest.mark.spec("C6")

ROWS = 2_400
SUM = {"role": "sum"}


def _rng() -> np.random.Generator:
    return np.random.default_rng(59)


def _told(kind: str, cells: Cells, **known: Any) -> list[Insight]:
    return [one for one in insights_of(cells, **known).analyst_insights if one.kind == kind]


def _claims(just_below: int) -> dict[str, list[Any]]:
    rng = _rng()
    amount = rng.lognormal(4.5, 0.8, ROWS).round(2)
    kind = rng.choice(["Meals", "Travel", "Guests"], ROWS, p=[0.5, 0.4, 0.1])
    amount[:just_below], kind[:just_below] = rng.uniform(480, 499.9, just_below).round(2), "Guests"
    order = rng.permutation(ROWS)
    return {"kind": kind[order].tolist(), "amount": amount[order].tolist()}


def test_claims_just_below_a_limit_are_told() -> None:
    """What is signed for from 500 on is claimed for 499, and by whom most of it."""
    (told,) = _told("outlier", _claims(80), amount=SUM)

    assert told.headline.startswith("84 records have amount just below 500: from 475 on, against ")
    assert "81 of those just below are Guests records" in told.detail
    assert told.recommendation.what == (
        "Ask whether 500 is a limit that these records are kept below, and look at them one by one, those of Guests "
        "first."
    )


def test_amounts_that_come_as_they_fall_have_no_limit() -> None:
    """A few just below a round number are what chance puts there."""
    assert not any("just below" in one for one in headlines(insights_of(_claims(0), amount=SUM)))


def test_one_amount_again_and_again_is_no_limit() -> None:
    """A fee of 499 is charged to everybody."""
    rng = _rng()
    fee = np.where(rng.random(ROWS) < 0.2, 499.0, rng.lognormal(4.5, 0.8, ROWS).round(2))

    assert not any("just below" in one for one in headlines(insights_of({"amount": fee.tolist()}, amount=SUM)))


def test_one_customer_of_many_who_pays_late_is_named() -> None:
    """A column of more names than a chart has bars holds the one to call."""
    rng = _rng()
    customer = rng.choice([f"Firm {one}" for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] + [
        f"{one} Works" for one in ("Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Ivy", "Juniper", "Larch", "Maple",
        "Oak", "Pine", "Rowan", "Spruce", "Teak", "Walnut", "Willow", "Yew", "Alder", "Beech", "Box", "Cherry",
        "Cypress", "Ebony", "Holly", "Linden", "Olive", "Plane", "Poplar", "Sorb")
    ], ROWS)  # fmt: skip
    days = rng.normal(np.where(customer == "Larch Works", 80, 28), 5).round()
    issued = [date(2024, 1, 1) + timedelta(days=int(one)) for one in rng.integers(0, 300, ROWS)]
    paid = [one + timedelta(days=int(late)) for one, late in zip(issued, days, strict=True)]

    (told,) = _told("duration_difference", {"customer": customer.tolist(), "issued": issued, "paid": paid})

    assert told.headline.startswith("Customer Larch Works averages 78.8 days")


def test_kinds_of_yes_are_a_yes() -> None:
    """Readmitted is NO, or when it was: how often it happened is told, and by what."""
    rng = _rng()
    before = rng.poisson(0.8, ROWS)
    back = rng.random(ROWS) < 0.2 + 0.12 * np.minimum(before, 4)
    readmitted = np.where(back, np.where(rng.random(ROWS) < 0.3, "<30", ">30"), "NO")

    told = headlines(insights_of({"stays before": before.tolist(), "readmitted": readmitted.tolist()}))

    assert any(one.startswith("4") and "at 2 or more are readmitted, against 19% below 1" in one for one in told)
    assert not any("Readmitted is NO" in one for one in told)


def test_the_reasons_of_the_few_who_have_one_are_told() -> None:
    """Why something was sent back stands only where it was, and differs between what was sent back."""
    rng = _rng()
    kind = rng.choice(["Shoes", "Shirts", "Bags"], ROWS)
    back = rng.random(ROWS) < 0.25
    wrong = rng.random(ROWS) < np.where(kind == "Shoes", 0.8, 0.3)
    reason = [("Wrong size" if no else "Damaged") if one else None for one, no in zip(back, wrong, strict=True)]

    told = _told("association", {"kind": kind.tolist(), "return reason": [*reason]})

    assert any({"return reason", "kind"} == set(one.columns) for one in told)


def test_a_part_of_an_amount_that_is_the_part_of_the_records_says_so() -> None:
    """Half of the orders bring half of the money: that comes last, and is told as what it is."""
    rng = _rng()
    country = rng.choice(["Denmark", "Austria", "Norway", "Chile"], ROWS, p=[0.5, 0.2, 0.2, 0.1])
    revenue = rng.lognormal(3, 0.3, ROWS).round(2)

    told = _told("share", {"country": country.tolist(), "revenue": revenue.tolist()}, revenue=SUM)

    assert len(told) == 1
    assert told[0].headline.endswith("50% of 50,471, from 49% of the records")


def test_nobody_is_told_to_bring_down_arrests() -> None:
    """An arrest is what some work for and others fear."""
    rng = _rng()
    kind = rng.choice(["Theft", "Drugs", "Fraud"], ROWS)
    arrest = rng.random(ROWS) < np.where(kind == "Drugs", 0.9, 0.1)

    told = _told("event_rate", {"kind": kind.tolist(), "arrest": arrest.tolist()})

    assert told[0].headline.startswith("The arrest rate is 9")
    assert not any("Bring down" in one.recommendation.what for one in told)
