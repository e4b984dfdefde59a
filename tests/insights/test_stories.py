"""One story is told once and best: what only follows from how a table is made stays out, and what a season, a part of
a year, an open record or another column brings about is no news."""

import re
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.insights.tables import Cells, insights_of

from datapilot.contracts.insight import Insight

SUM = {"role": "sum"}
YEAR = {"subtype": "year", "role": "never"}
START = date(2020, 1, 1)


def _rng() -> np.random.Generator:
    return np.random.default_rng(61)


def _all(cells: Cells, **known: Any) -> list[Insight]:
    return list(insights_of(cells, **known).analyst_insights)


def _told(kind: str, cells: Cells, **known: Any) -> list[Insight]:
    return [one for one in _all(cells, **known) if one.kind == kind]


def _one_line_leaps() -> Cells:
    """Return a year of records of three lines, of which one takes three times the hours from September on."""
    rng = _rng()
    days = [START + timedelta(days=at // 6) for at in range(366 * 6)]
    lines = [str(rng.choice(["Alpha", "Bravo", "Charlie"])) for _ in days]
    hours = [
        float(rng.normal(30 if line == "Bravo" and day >= date(2020, 9, 1) else 10, 2))
        for day, line in zip(days, lines, strict=True)
    ]
    return {"opened": days, "line": lines, "hours": hours}


def _months(count: int) -> list[date]:
    return [date(START.year + at // 12, at % 12 + 1, 1) for at in range(count)]


@pytest.mark.spec("C6")
def test_a_number_that_is_looked_up_by_stage_does_not_tell_who_wins() -> None:
    """Won deals are 100 % probable and lost ones 0 %: that is what the stage is called in numbers."""
    rng = _rng()
    sources = [str(rng.choice(["Referral", "Web", "Fair"])) for _ in range(600)]
    chance = {"Referral": 0.6, "Web": 0.2, "Fair": 0.2}
    stages = ["Closed Won" if rng.random() < chance[one] else "Closed Lost" for one in sources]
    stages = ["Proposal" if rng.random() < 0.15 else one for one in stages]
    looked_up = {"Closed Won": 100, "Closed Lost": 0, "Proposal": 50}
    cells: Cells = {"source": sources, "stage": stages, "probability": [looked_up[one] for one in stages]}

    found = _all(cells)

    assert found[0].headline.endswith(" of the others")
    assert " of Referral records are Closed Won, against " in found[0].headline
    assert not any("probability" in one.columns for one in found)


@pytest.mark.spec("C6")
def test_requests_that_failed_are_told_of_the_path_where_they_do() -> None:
    """A column of what a server answered holds events: 404 and 500 are no groups like any other."""
    rng = _rng()
    paths = [str(rng.choice(["/", "/basket", "/login"], p=[0.6, 0.2, 0.2])) for _ in range(1500)]
    answers = [500 if rng.random() < (0.2 if path == "/basket" else 0.02) else 200 for path in paths]

    told = _told("event_rate", {"path": paths, "status": answers}, status={"inferred_type": "categorical"})
    (found,) = [one for one in told if "path" in one.columns]

    assert " of records whose path is /basket have status 500, against " in found.headline


@pytest.mark.spec("C6")
def test_the_bad_one_of_two_ends_is_an_event_under_any_name() -> None:
    """Pass and fail need no column called outcome."""
    rng = _rng()
    lines = [str(rng.choice(["Alpha", "Bravo", "Charlie"])) for _ in range(900)]
    checks = ["Fail" if rng.random() < (0.3 if line == "Bravo" else 0.05) else "Pass" for line in lines]

    found = _told("event_rate", {"line": lines, "check": checks})

    assert found[0].headline.startswith("3")
    assert " of Bravo records have check Fail, against " in found[0].headline


@pytest.mark.spec("C6")
def test_a_date_that_open_records_cannot_have_is_not_missing() -> None:
    """Who is still there has not left yet."""
    rng = _rng()
    states = [str(rng.choice(["Active", "Left"], p=[0.8, 0.2])) for _ in range(300)]
    left = [START + timedelta(days=int(rng.integers(900))) if one == "Left" else None for one in states]
    left[states.index("Active")], states[0] = START, states[0]

    assert not _told("missing", {"left on": [START, *left], "status": ["Left", *states]})


@pytest.mark.spec("C6")
def test_the_months_of_a_year_that_is_not_over_are_no_decline() -> None:
    """Seven months of 2023 against all of 2022: a column of months beside the years says so."""
    rng = _rng()
    rows = [(year, month, town) for year in range(2008, 2024) for month in range(1, 13) for town in ("Ahlen", "Bonn")]
    rows = [row for row in rows if row[:2] <= (2023, 7)]
    years, months, towns = (list(column) for column in zip(*rows, strict=True))
    sold = [int(rng.poisson(40 if town == "Ahlen" else 60)) for town in towns]
    cells: Cells = {"year": years, "month": months, "town": towns, "sold": sold}

    found = _all(cells, year=YEAR, sold=SUM, month={"inferred_type": "categorical", "role": "count"})

    assert not any("2023" in one.headline for one in found)


@pytest.mark.spec("C6")
def test_the_season_at_the_end_of_a_series_is_no_step() -> None:
    """October to December are high in every year, so the last three months are no new level."""
    rng = _rng()
    months = _months(48)
    orders = [float((900 if month.month >= 10 else 400) * rng.normal(1, 0.05)) for month in months]

    found = _all({"month": months, "orders": orders}, orders=SUM)

    assert not any(one.kind == "change_point" for one in found)
    assert any(one.kind == "seasonality" for one in found)


@pytest.mark.spec("C6")
def test_growth_does_not_hide_a_season() -> None:
    """Sales that quadruple over eight years peak in July all the same."""
    rng = _rng()
    months = _months(96)
    season = {6: 1.2, 7: 1.3, 8: 1.25, 1: 0.85, 2: 0.8}
    sales = [
        100 * 1.015**at * season.get(month.month, 1.0) * float(rng.normal(1, 0.03)) for at, month in enumerate(months)
    ]

    (found,) = _told("seasonality", {"month": months, "sales": sales}, sales=SUM)

    assert "highest in July" in found.headline


@pytest.mark.spec("C6")
def test_a_step_of_a_group_is_told_once_although_it_is_a_trend_too() -> None:
    """A year of months is enough for a step so clear; "rose from" and "jumped in" are one story."""
    told = _all(_one_line_leaps())
    (found,) = [one for one in told if "opened" in one.columns and "Bravo" in one.headline]

    assert found.headline.startswith("Average hours for Bravo jumped in Sep 2020")


@pytest.mark.spec("C6")
def test_what_a_group_explains_is_not_told_of_the_amount_beside_it() -> None:
    """Dear orders come back because shoes do, and shoes are dear; among shoes the price makes no difference."""
    rng = _rng()
    kinds = [str(rng.choice(["Shoes", "Shirts", "Belts"])) for _ in range(1500)]
    price = [float({"Shoes": 90, "Shirts": 30, "Belts": 20}[kind] * rng.uniform(0.8, 1.2)) for kind in kinds]
    back = [bool(rng.random() < (0.3 if kind == "Shoes" else 0.05)) for kind in kinds]

    found = _told("event_rate", {"kind": kinds, "price": price, "returned": back})

    assert found[0].columns == ("returned", "kind")
    assert not any("price" in one.columns for one in found)


@pytest.mark.spec("C6")
def test_an_amount_less_its_discount_follows_by_arithmetic() -> None:
    """Price times units, of which up to a third was given away, is still no relation to the price."""
    rng = _rng()
    price = rng.lognormal(3, 0.7, 700).round(2)
    units = rng.choice([1, 2, 3], 700, p=[0.7, 0.2, 0.1])
    paid = (price * units * (1 - rng.choice([0, 0.1, 0.2, 0.3], 700))).round(2)
    cells: Cells = {"price": price.tolist(), "units": units.tolist(), "paid": paid.tolist()}

    assert not _told("correlation", cells, units=SUM, paid=SUM)


@pytest.mark.spec("C6")
def test_the_gap_to_the_plan_is_told_as_a_share_of_the_plan_only() -> None:
    """A column of actual less budget says in money what the share says."""
    rng = _rng()
    teams = [str(rng.choice(["Ads", "Legal", "Sales"])) for _ in range(300)]
    budget = rng.uniform(900, 1100, 300).round(2)
    spent = [
        float(round(plan * (1.4 if team == "Ads" else 1.0) * rng.normal(1, 0.04), 2))
        for plan, team in zip(budget, teams, strict=True)
    ]
    cells: Cells = {
        "team": teams, "budget": budget.tolist(), "actual": spent,
        "variance": [float(round(one - plan, 2)) for one, plan in zip(spent, budget, strict=True)],
    }  # fmt: skip

    found = _all(cells, budget=SUM, actual=SUM)

    assert " of budget for Ads" in found[0].headline
    assert not any(one.kind == "group_difference" and "variance" in one.columns for one in found)


@pytest.mark.spec("C6")
def test_houses_left_of_a_year_are_no_course_of_events() -> None:
    """When things were built says how many are left of each year, not how many there were."""
    rng = _rng()
    built = sorted(int(one) for one in rng.triangular(1950, 2010, 2010, 900))
    area = [float(rng.normal(100, 5)) for _ in built]

    found = _all({"year built": built, "area": area}, area=SUM, **{"year built": YEAR})

    assert not any(one.kind in {"trend", "change_point", "period_change"} for one in found)


@pytest.mark.spec("C6")
def test_the_price_of_an_item_is_not_compared_by_who_bought_it() -> None:
    """Where every item has one price, the average price of a shop says which items it sells more of."""
    rng = _rng()
    items = [str(rng.choice(["Tea", "Cake", "Juice"])) for _ in range(600)]
    shops = ["North" if rng.random() < (0.8 if item == "Cake" else 0.3) else "South" for item in items]
    price = [{"Tea": 2.5, "Cake": 6.0, "Juice": 4.0}[item] for item in items]

    assert not _told("group_difference", {"item": items, "shop": shops, "price": price})


@pytest.mark.spec("C6")
def test_kinds_of_events_in_a_log_are_compared_by_how_long_they_take() -> None:
    """A column called event with many values is no end of a follow-up."""
    rng = _rng()
    events = [str(rng.choice(["Login", "Export", "View", "Error"])) for _ in range(800)]
    lasted = [float(rng.gamma(3, 40 if event == "Export" else 10)) for event in events]

    (found,) = _told("group_difference", {"event": events, "duration": lasted})

    assert "Export" in found.headline


@pytest.mark.spec("C6")
def test_a_column_for_a_few_records_is_no_matter_of_weight() -> None:
    """What hardly any record has was never meant for all."""
    kept = [f"see {at}" if at % 40 == 0 else None for at in range(400)]
    kept[0], plain = "see 0", list(range(400))

    (found,) = _told("missing", {"second reader": kept, "reading": plain})

    assert found.severity in {"low", "info"}


@pytest.mark.spec("C6")
def test_a_list_of_names_says_who_leads_it() -> None:
    """One row a station: which has most is what a reader looks for; a second amount that goes along adds nothing."""
    rng = _rng()
    names = [f"Stop {letter}{other}" for letter in "ABCDEFGH" for other in "KLMNO"]
    riders = [int(one) for one in rng.lognormal(8, 1, 40)]
    riders[7], riders[9] = 900_000, 400_000
    cells: Cells = {"station": names, "riders": riders, "tickets": [one // 2 for one in riders]}

    (found,) = _told("leader", cells, riders=SUM, tickets=SUM, station={"inferred_type": "text"})

    assert found.headline.startswith(f"{names[7]} has the highest riders: 900,000 of ")
    assert found.headline.endswith(f"; {names[9]} follows with 400,000")
    summary = insights_of(cells, riders=SUM, tickets=SUM, station={"inferred_type": "text"}).business_summary
    assert f"With 900,000, {names[7]} is ahead of all others in riders; second is {names[9]} with 400,000." in summary


@pytest.mark.spec("C6")
def test_a_tie_has_no_leader() -> None:
    """Where two have as much as can be had, none is first."""
    names = [f"Stop {letter}{other}" for letter in "ABCDEFGH" for other in "KLMNO"]
    riders = [900 if at < 2 else at for at in range(40)]

    assert not _told("leader", {"station": names, "riders": riders}, riders=SUM, station={"inferred_type": "text"})


@pytest.mark.spec("C6")
def test_the_group_that_moves_the_whole_is_told_beside_it() -> None:
    """All moved because one line did: both are said, and the line first."""
    told = [one.headline for one in _told("change_point", _one_line_leaps())]

    assert told[0].startswith("Average hours for Bravo jumped in Sep 2020")
    assert told[1].startswith("Average hours jumped in Sep 2020")


@pytest.mark.spec("C6")
def test_who_stands_highest_is_told_of_the_last_whole_year() -> None:
    """Of many towns by month, the year that is not over neither leads nor names the figures of the year before."""
    rows = [(year, month, town) for year in range(2008, 2024) for month in range(1, 13) for town in "ABCD"]
    rows = [row for row in rows if row[:2] <= (2023, 7)]
    years, months, towns = (list(column) for column in zip(*rows, strict=True))
    sold = [100 * ("ABCD".index(town) + 1) + 10 * (year - 2008) for year, _, town in rows]
    towns = [f"Town {town}" for town in towns]
    cells: Cells = {"year": years, "month": months, "town": towns, "sold": sold}

    found = _all(cells, year=YEAR, sold=SUM, month={"inferred_type": "categorical", "role": "count"})

    told = [one.headline for one in found if "town" in one.columns and re.search("20[12][0-9]", one.headline)]
    assert told
    assert not any("2023" in headline for headline in told)
    assert any("in 2022" in headline for headline in told)


@pytest.mark.spec("C6")
@pytest.mark.parametrize(("role", "told"), [("identifier", 1), ("text", 0)], ids=["keys", "notes"])
def test_an_invoice_entered_twice_is_told_however_many_there_are(role: str, told: int) -> None:
    """Two lines of a log may be alike by chance; of seven hundred numbered invoices none may."""
    rng = _rng()
    numbers = [f"RE-{at:05d}" for at in range(700)]
    amounts = [float(one) for one in rng.lognormal(6, 1, 700).round(2)]
    cells: Cells = {"number": [*numbers, *numbers[:2]], "amount": [*amounts, *amounts[:2]]}

    found = _told("duplicates", cells, number={"inferred_type": role, "role": "never"}, amount=SUM)

    assert len(found) == told


@pytest.mark.spec("C6")
def test_time_that_a_way_of_shipping_is_chosen_for_comes_after_what_is_news() -> None:
    """Same-day orders leave the same day: nobody needs to be told before hearing which goods lose money."""
    rng = _rng()
    days = {"Standard Class": 5, "Second Class": 3, "Same Day": 0}
    modes = [str(rng.choice(list(days), p=[0.6, 0.3, 0.1])) for _ in range(600)]
    ordered = [START + timedelta(days=int(day)) for day in sorted(rng.integers(0, 700, 600))]
    shipped = [
        day + timedelta(days=days[mode] + int(rng.integers(0, 2))) for day, mode in zip(ordered, modes, strict=True)
    ]
    goods = [str(rng.choice(["Chairs", "Lamps", "Tables"])) for _ in modes]
    profit = [float(rng.normal(-15 if kind == "Tables" else 30, 30)) for kind in goods]
    cells: Cells = {"Order Date": ordered, "Ship Date": shipped, "Ship Mode": modes, "goods": goods, "profit": profit}

    found = _all(cells, profit=SUM)

    assert found[0].kind == "loss"
    assert any(one.kind == "duration_difference" and "Ship Mode" in one.columns for one in found)


@pytest.mark.spec("C6")
def test_winter_is_told_after_what_was_used_in_it() -> None:
    """That it was cold in January is no news to who reads a meter; what the cold cost is."""
    rng = _rng()
    days = [START + timedelta(days=at) for at in range(270)]
    cold = [18 - 20 * float(np.sin(np.pi * at / 269)) + float(rng.normal(0, 0.5)) for at in range(270)]
    used = [900 - 30 * one + float(rng.normal(0, 60)) for one in cold]
    averaged = {"role": "average"}

    told = _told("course", {"day": days, "temperature": cold, "energy": used}, temperature=averaged, energy=averaged)

    assert [one.columns[0] for one in told] == ["energy", "temperature"]
