"""Stock below its least, plans where two groups meet, totals so far, years of making, and what came of a price."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight

pytestmark = pytest.mark.spec("C6")

ROWS = 900
SUM = {"role": "sum"}


def _rng() -> np.random.Generator:
    return np.random.default_rng(53)


def _told(kind: str, cells: Cells, **known: Any) -> list[Insight]:
    return [one for one in insights_of(cells, **known).analyst_insights if one.kind == kind]


def test_stock_below_its_reorder_point_is_told_by_supplier() -> None:
    """Two numbers of a row say what has to be ordered, and no column says so."""
    rng = _rng()
    supplier = rng.choice(["Nordex", "Halbrook", "Ogawa"], ROWS)
    point = rng.integers(20, 80, ROWS)
    is_short = rng.random(ROWS) < np.where(supplier == "Nordex", 0.4, 0.05)
    stock = np.where(is_short, point - 5, point + rng.integers(0, 200, ROWS))

    told = _told(
        "event_rate",
        {"supplier": supplier.tolist(), "qty on hand": stock.tolist(), "reorder point": point.tolist()},
        **{"qty on hand": SUM},
    )

    assert told[0].headline == "42% of Nordex records are below their reorder point, against 3.8% of the others"
    assert told[0].recommendation.what.startswith("Order again for Nordex first")
    assert told[1].headline == "147 of 900 records are below their reorder point (16%)"


def test_the_value_of_a_stock_has_no_least() -> None:
    """What stock is worth is money, not a number of pieces that may run out."""
    rng = _rng()
    cells: Cells = {
        "stock value": rng.integers(10, 90, ROWS).tolist(), "reorder point": rng.integers(20, 80, ROWS).tolist(),
    }  # fmt: skip

    assert not any("below their" in one for one in headlines(insights_of(cells)))


def _budget() -> dict[str, list[Any]]:
    rng = _rng()
    rows = [
        (date(2023, month, 1), department, account)
        for month in range(1, 13) for department in ("Sales", "IT", "Staff", "Plant")
        for account in ("Pay", "Travel", "Software", "Services")
    ]  # fmt: skip
    budget = [{"Pay": 60_000, "Travel": 9_000, "Software": 12_000, "Services": 15_000}[one[2]] for one in rows]
    times = [
        (1.5 if one[1:] == ("Sales", "Services") else 0.8 if one[1:] == ("IT", "Software") else 1.0)
        * rng.normal(1, 0.02)
        for one in rows
    ]
    return {
        "month": [one[0] for one in rows], "department": [one[1] for one in rows], "account": [one[2] for one in rows],
        "budget": budget, "actual": [round(one * by, 2) for one, by in zip(budget, times, strict=True)],
    }  # fmt: skip


def test_a_plan_that_was_missed_where_two_groups_meet_comes_first() -> None:
    """Neither the department nor the account went over its budget: one account of one department did."""
    first, second = headlines(insights_of(_budget(), budget=SUM, actual=SUM))[:2]

    assert first.startswith("Actual is 150% of budget for Sales with account Services: 269,")
    assert second.startswith("Actual is 80% of budget for IT with account Software: 114,")


def test_where_plan_and_outcome_say_the_same_what_came_is_told() -> None:
    """The price that was paid, not the one that was asked."""
    rng = _rng()
    area = rng.gamma(9, 14, ROWS)
    asked = area * 4_000 * rng.lognormal(0, 0.02, ROWS)
    place = rng.choice(["Lakeside", "Hill", "Mill"], ROWS)
    asked = np.where(place == "Lakeside", asked * 1.5, asked).round()

    told = headlines(insights_of({
        "place": place.tolist(), "list price": asked.tolist(), "sale price": (asked * 0.97).round().tolist(),
    }))  # fmt: skip

    assert any("average sale price" in one for one in told)
    assert not any("average list price" in one for one in told)


def test_totals_so_far_are_no_finding() -> None:
    """That a total until each day rises is how it is made, for each of many too."""
    rng = _rng()
    days = [date(2021, 1, 1) + timedelta(days=at) for at in range(120)]
    new = rng.poisson(np.repeat([100, 20, 5], 120))
    cells: Cells = {
        "date": days * 3, "place": np.repeat(["Norvia", "Maravia", "Costa"], 120).tolist(), "new cases": new.tolist(),
        "total cases": np.concatenate([np.cumsum(new[at : at + 120]) for at in (0, 120, 240)]).tolist(),
    }  # fmt: skip

    told = insights_of(cells, **{"new cases": SUM, "total cases": SUM}).analyst_insights

    assert any("new cases" in one.columns for one in told)
    assert not any("total cases" in one.columns for one in told)


def test_sales_to_date_that_begin_anew_each_year_are_no_sales_either() -> None:
    """What is called so is never added up, and what it adds up is told."""
    months = [date(2021 + at // 12, at % 12 + 1, 1) for at in range(36)]
    sales = [100 + at for at in range(36)]
    to_date = [sum(sales[at - at % 12 : at + 1]) for at in range(36)]

    told = insights_of(
        {"month": months, "sales": sales, "sales ytd": to_date}, **{"sales": SUM, "sales ytd": SUM}
    ).analyst_insights  # fmt: skip

    assert any("sales" in one.columns for one in told)
    assert not any("sales ytd" in one.columns for one in told)


def test_the_last_of_something_ends_no_work() -> None:
    """Who signed up early has been there longer when last seen: nothing became faster."""
    rng = _rng()
    signed = [date(2022, 1, 1) + timedelta(days=int(one)) for one in rng.integers(0, 900, ROWS)]
    seen = [date(2024, 11, 30) - timedelta(days=int(one)) for one in rng.exponential(20, ROWS)]

    assert not any("last" in one for one in headlines(insights_of({"signed up": signed, "last login": seen})))


def _cars() -> dict[str, list[Any]]:
    rng = _rng()
    year = rng.integers(2004, 2023, ROWS)
    price = 30_000 * np.exp(-0.1 * (2024 - year)) * rng.lognormal(0, 0.2, ROWS)
    return {"model year": year.tolist(), "price": price.round().tolist()}


def test_the_year_a_thing_is_of_is_no_course_of_events() -> None:
    """Old cars are cheap: that is no growth to plan with, and the year keeps its writing."""
    told = insights_of(_cars(), **{"model year": {"subtype": "year", "role": "never"}}).analyst_insights

    assert [one.kind for one in told] == ["correlation"]
    assert told[0].headline.startswith("Higher model year goes with higher price: average 5,")
    assert "below 2010" in told[0].headline


def test_kilometres_gone_come_before_the_price() -> None:
    """Miles per gallon come out; a car's mileage is met, and its price is found."""
    rng = _rng()
    gone = rng.uniform(5_000, 200_000, ROWS)
    price = (30_000 - gone / 10) * rng.lognormal(0, 0.1, ROWS)

    told = headlines(insights_of({"price": price.round().tolist(), "mileage": gone.round().tolist()}))

    assert told[0].startswith("Higher mileage goes with lower price")


def test_when_something_was_last_sold_orders_no_rows() -> None:
    """Only the latest sale is kept, so that most of them lie in the last weeks says nothing."""
    rng = _rng()
    days = [date(2024, 9, 30) - timedelta(days=int(one)) for one in rng.exponential(40, ROWS)]
    cells: Cells = {"last sold": days, "category": rng.choice(["A", "B"], ROWS).tolist()}

    told = insights_of(cells)

    assert {one.kind for one in told.analyst_insights} == {"duplicates"}
    assert not any("run from" in one for one in told.business_summary)


def test_tips_are_told_as_a_share_of_the_bill() -> None:
    """Dear dishes have large tips; who gets more of the same bill is the news."""
    rng = _rng()
    server = rng.choice(["Luca", "Maya", "Sofia"], ROWS)
    total = rng.uniform(5, 60, ROWS).round(2)
    tip = (total * np.where(server == "Maya", 0.12, 0.05) * rng.lognormal(0, 0.2, ROWS)).round(2)

    told = _told("rate", {"server": server.tolist(), "total": total.tolist(), "tip": tip.tolist()}, total=SUM)

    assert told[0].headline.startswith("Tip is 12% of total for Maya, but 5")


def test_what_came_back_of_what_was_spent_is_told_of_channels_that_bring_little() -> None:
    """Channels that spend much and bring little are what a return on spend is for."""
    rng = _rng()
    channel = np.tile(["Brand", "Social"], ROWS // 2)
    cost = np.where(channel == "Brand", 300, 900) * rng.lognormal(0, 0.1, ROWS)
    clicks = (cost * 2).round()
    orders = rng.poisson(clicks * np.where(channel == "Brand", 0.06, 0.01))
    cells: Cells = {
        "channel": channel.tolist(), "cost": cost.round(2).tolist(), "clicks": clicks.astype(int).tolist(),
        "conversions": orders.tolist(), "conv. value": (orders * 60.0 * rng.lognormal(0, 0.2, ROWS)).round(2).tolist(),
    }  # fmt: skip

    told = _told("rate", cells, **dict.fromkeys(("cost", "clicks", "conversions", "conv. value"), SUM))

    assert ("conv. value", "cost", "channel") in [one.columns for one in told[:2]]
