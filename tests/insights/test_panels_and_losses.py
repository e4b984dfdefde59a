"""Tables of many at several times, totals among their parts, levels, losses, and averages that say nothing."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.insights.tables import collected, headlines, insights_of, table_of

from datapilot.contracts.insight import Insight

SUM = {"role": "sum"}
YEAR = {"subtype": "year", "role": "never"}
FUELS = {"Coal": lambda at: 400 - 12 * at, "Wind": lambda at: 10 + 14 * at, "Water": lambda at: 100 + at % 3}


def _told(kind: str, cells: dict[str, Any], **known: Any) -> list[Insight]:
    return [one for one in insights_of(cells, **known).analyst_insights if one.kind == kind]


def _generation(*, with_total: bool = False) -> dict[str, list[Any]]:
    rows = [(2001 + at, fuel, float(of(at))) for at in range(20) for fuel, of in FUELS.items()]
    if with_total:
        rows += [(2001 + at, "All fuels", float(sum(of(at) for of in FUELS.values()))) for at in range(20)]
    years, fuels, output = (list(column) for column in zip(*rows, strict=True))
    return {"year": years, "fuel": fuels, "output": output}


@pytest.mark.spec("C6")
def test_the_part_of_a_total_that_grew_is_told_with_both_years() -> None:
    """One row per fuel and year: what matters is whose part of the total grew, not that each has as many rows."""
    insights = insights_of(_generation(), year=YEAR, output=SUM)

    (mix,) = [one for one in insights.analyst_insights if one.kind == "mix_change"]
    # 10 of 510 in 2001, 276 of 549 in 2020.
    assert mix.headline == "The Wind fuel makes up 50% of total output in 2020, up from 2.0% in 2001"
    assert "2020: Wind 276, Coal 172, Water 101" in mix.detail
    assert not any("records" in one and "2001" in one for one in headlines(insights))


@pytest.mark.spec("C6")
def test_the_one_that_went_furthest_is_told_from_first_to_last() -> None:
    """In multiples of where it began; beside it stands who went the other way."""
    (mover,) = _told("mover", _generation(), year=YEAR, output=SUM)

    assert mover.headline == "Output rose most for Wind: from 10 in 2001 to 276 in 2020"
    assert "The other way, it fell for Coal from 400 in 2001 to 172 in 2020" in mover.detail


@pytest.mark.spec("C6")
def test_what_stands_by_quarter_is_told_by_quarter() -> None:
    """The first day of a quarter stands for the quarter, not for its first month."""
    quarters = [date(year, month, 1) for year in range(2010, 2020) for month in (1, 4, 7, 10)]
    ends = {"North": 300, "South": 110, "West": 105}
    rows = [(day, name, 100 + (end - 100) * at / 39) for at, day in enumerate(quarters) for name, end in ends.items()]
    days, regions, output = (list(column) for column in zip(*rows, strict=True))

    (mover,) = _told("mover", {"quarter": days, "region": regions, "output": output}, output=SUM)

    assert mover.headline == "Output rose most for North: from 100 in Q1 2010 to 300 in Q4 2019"


def _lives(*, falling: int) -> dict[str, list[Any]]:
    """Return what 20 countries were measured at, every fifth year; so many of them lose as much as the others gain."""
    ways = {f"Land {'ABCDEFGHIJKLMNOPQRST'[at]}": -1.5 - at / 10 if at < falling else 1.5 + at / 10 for at in range(20)}
    rows = [(1952 + 5 * at, land, 50 + at * way) for land, way in ways.items() for at in range(8)]
    years, lands, spans = (list(column) for column in zip(*rows, strict=True))
    return {"year": years, "country": lands, "life_span": spans}


@pytest.mark.spec("C6")
def test_where_nearly_all_went_the_average_went_and_who_did_not_is_named() -> None:
    """Eight years are too few to test one series that remembers itself; twenty countries are twenty witnesses."""
    (way,) = _told("trend", _lives(falling=2), year=YEAR)

    assert way.headline == "Average life span rose from 50 in 1952 to 65 in 1987"
    assert way.detail.startswith("Against that, it fell most for Land B: from 50 in 1952 to 38.8 in 1987.")
    assert way.statistics.startswith("18 of 20 rose, sign test p < .001")


@pytest.mark.spec("C6")
def test_where_all_went_one_way_none_is_named() -> None:
    """That nobody did otherwise is what there is to add."""
    (way,) = _told("trend", _lives(falling=0), year=YEAR)

    assert way.detail.startswith("No country went the other way.")


@pytest.mark.spec("C6")
def test_where_many_went_either_way_the_average_is_no_news() -> None:
    """Twelve rose and eight fell: the average of all is nobody's way."""
    assert not _told("trend", _lives(falling=8), year=YEAR)


@pytest.mark.spec("C6")
def test_who_stands_highest_now_is_told() -> None:
    """Of series that remember, the last time is what a reader asks for."""
    (standing,) = _told("standing", _generation(), year=YEAR, output=SUM)

    assert standing.headline == "The Wind fuel has the highest output in 2020, 276; Water has the lowest, 101"
    assert standing.detail == "From the highest down: Wind 276, Coal 172, Water 101. In 2001 Wind had 10."


@pytest.mark.spec("C6")
def test_rows_that_total_the_others_are_told_and_counted_once() -> None:
    """“All fuels” is the sum of the rest: shares are of the rest, and a reader is warned."""
    insights = insights_of(_generation(with_total=True), year=YEAR, output=SUM)

    assert any(
        one.headline.startswith("All fuels records repeat the total of all others: output of ")
        for one in insights.analyst_insights
    )
    assert not any("All fuels" in one for one in headlines(insights) if "repeat" not in one)


def test_levels_are_not_added_up_over_time() -> None:
    """Six towns over twelve years: their inhabitants are averaged, for no year has the sum of all of them."""
    towns = [town for _ in range(12) for town in ("Aa", "Bo", "Cy", "Du", "Em", "Fo")]
    years = [2001 + at for at in range(12) for _ in range(6)]
    people = [1000.0 * (1 + at % 6) + 10 * (at // 6) for at in range(72)]
    cells = {"year": years, "town": towns, "population": people}

    _, profile = collected(table_of(cells, year=YEAR, population=SUM))

    assert {column.name: column.role for column in profile.columns}["population"] == "average"


def test_levels_of_different_things_add_up() -> None:
    """One row per account with a key of its own: the balances have a sum, whenever the accounts were opened."""
    keys = [f"A-{at:04d}" for at in range(60)]
    opened = [date(2020, 1 + at % 12, 1 + at % 28) for at in range(60)]
    cells = {"account": keys, "opened_at": opened, "balance": [100.0 + at for at in range(60)]}

    _, profile = collected(table_of(cells, account={"inferred_type": "identifier", "role": "never"}, balance=SUM))

    assert {column.name: column.role for column in profile.columns}["balance"] == "sum"


@pytest.mark.spec("C6")
def test_a_group_that_loses_while_all_earn_is_told_first() -> None:
    """What a manager wants to know of a profit: where money is lost, and how often."""
    rng = np.random.default_rng(3)
    kinds = [str(kind) for kind in rng.choice(["Chairs", "Desks", "Lamps", "Tables"], 600)]
    profit = [float(rng.normal(-25 if kind == "Tables" else 40, 30)) for kind in kinds]

    first = insights_of({"kind": kinds, "profit": profit}, profit=SUM).analyst_insights[0]

    assert first.kind == "loss"
    assert first.headline.startswith("The Tables kind makes a loss: total profit is −")
    assert ". By kind, the lowest first: Tables −" in first.detail
    assert first.recommendation.what == "Find out which Tables records lose money, and reprice or stop them."


def test_loss_of_a_few_records_is_not_told_of_their_group() -> None:
    """One return of −9,000 does not make a kind of goods lose money."""
    rng = np.random.default_rng(4)
    kinds = [str(kind) for kind in rng.choice(["Chairs", "Desks", "Tables"], 300)]
    profit = rng.normal(20, 5, 300).tolist()
    profit[kinds.index("Tables")] = -9_000.0

    assert _told("loss", {"kind": kinds, "profit": profit}, profit=SUM) == []


def test_follow_up_time_is_not_averaged_by_what_ended_it() -> None:
    """Those who died were watched for a shorter time: that is how watching ends, and nothing about them."""
    rng = np.random.default_rng(6)
    dead = [bool(one) for one in rng.random(300) < 0.4]
    days = [float(rng.gamma(2, 100 if one else 300)) for one in dead]

    insights = insights_of({"death": dead, "followup": days, "age": rng.normal(50, 9, 300).tolist()})

    assert not any({"death", "followup"} <= set(one.columns) for one in insights.analyst_insights)


def test_latest_records_are_open_and_have_not_become_so() -> None:
    """Of the last months' tickets fewer are closed: they had less time, and nothing changed."""
    rng = np.random.default_rng(15)
    days = sorted(date(2023, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 700, 600))
    states = ["Open" if (date(2024, 12, 1) - day).days < rng.gamma(2, 60) else "Closed" for day in days]

    told = insights_of({"opened_at": days, "state": states}).analyst_insights

    assert not {"mix_change", "burst"} & {one.kind for one in told}


def test_dates_that_stand_for_months_have_no_weekday() -> None:
    """The first of a month falls on some weekday; what was sold that month was not sold on it."""
    rng = np.random.default_rng(7)
    months = [date(2010 + at // 12, at % 12 + 1, 1) for at in range(120) for _ in range(4)]
    sold = [float(rng.normal(100, 4)) + 30 * (month.weekday() == 2) for month in months]

    insights = insights_of({"month": months, "sold": sold})

    assert not any("Wednesday" in one for one in headlines(insights))


def test_value_looked_up_per_group_has_no_average() -> None:
    """The capital's distance is one number per town, however many rows repeat it."""
    rng = np.random.default_rng(8)
    towns = [str(town) for town in rng.choice(["Aa", "Bo", "Cy", "Du"], 200)]
    away = [{"Aa": 5.0, "Bo": 55.0, "Cy": 130.0, "Du": 131.0}[town] for town in towns]

    assert _told("group_difference", {"town": towns, "remoteness": away}) == []


def test_class_made_of_a_number_is_no_relation_to_it() -> None:
    """Levels 1 to 4 are slices of the years at school."""
    rng = np.random.default_rng(10)
    years = rng.normal(12, 2, 300)
    level = [float(one) for one in np.digitize(years, [10, 12, 14]) + 1]

    assert _told("correlation", {"schooling": years.tolist(), "level": level}) == []


def test_one_reason_is_told_once() -> None:
    """Length, width and weight are one thing's size: that its price grows with it is one finding, price last."""
    rng = np.random.default_rng(11)
    size = rng.gamma(6, 1, 300)
    cells = {
        "price": (90 * size + rng.normal(0, 120, 300)).tolist(), "reach": (size + rng.normal(0, 0.4, 300)).tolist(),
        "span": (2 * size + rng.normal(0, 0.9, 300)).tolist(),
    }  # fmt: skip

    told = [one.headline for one in _told("correlation", cells) if "price" in one.columns]

    assert len(told) == 1
    assert " goes with higher price: average " in told[0]


def test_what_people_are_is_not_to_be_tried_elsewhere() -> None:
    """That women survived more often is no practice to copy."""
    rng = np.random.default_rng(12)
    sexes = [str(one) for one in rng.choice(["female", "male"], 400)]
    survived = [bool(rng.random() < (0.7 if sex == "female" else 0.2)) for sex in sexes]

    told = _told("event_rate", {"sex": sexes, "survived": survived})[0]

    assert "of records whose sex is female survived, against " in told.headline
    assert told.recommendation.what.startswith("Report the share by sex")


def test_numbered_columns_are_one_question_asked_often() -> None:
    """Twelve months side by side rise and fall together: no pair of them is a finding."""
    rng = np.random.default_rng(13)
    level = rng.normal(6, 1.5, 60)
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]

    cells = {month: (level + rng.normal(0, 0.2, 60)).tolist() for month in months}

    assert _told("correlation", cells) == []


@pytest.mark.spec("C6")
def test_part_is_told_where_each_has_several_rows_at_a_time() -> None:
    """By year, source and site: a source's part is the sum over its sites."""
    rows = [(2001 + at, fuel, site, of(at) / 2) for at in range(20) for fuel, of in FUELS.items() for site in "NS"]
    years, fuels, sites, output = (list(column) for column in zip(*rows, strict=True))

    told = _told("mix_change", {"year": years, "fuel": fuels, "site": sites, "output": output}, year=YEAR, output=SUM)

    assert told[0].headline == "The Wind fuel makes up 50% of total output in 2020, up from 2.0% in 2001"


@pytest.mark.spec("C6")
def test_series_of_one_row_a_year_is_told_from_its_first_to_its_last_year() -> None:
    """No average of one row, no second sentence about the same way, and no trend of a column that counts the years."""
    years = list(range(1870, 2015))
    people = [37.0 * 1.015**at for at in range(145)]

    insights = insights_of({"year": years, "people": people, "step": [float(at) for at in range(145)]}, year=YEAR)

    assert headlines(insights) == ["People grew from 37 in 1870 to 316 in 2014"]


def test_cells_of_a_cross_table_have_no_average() -> None:
    """Each row counts one combination: that fewer are children is a total, and their average cell says nothing."""
    cells = [(a, b, c, float(10 + 9 * (a == "x") + ord(c))) for a in "xyz" for b in "uv" for c in "klmnop"]
    first, second, third, freq = (list(column) for column in zip(*cells, strict=True))

    told = _told("group_difference", {"a": first, "b": second, "c": third, "freq": freq}, freq=SUM)

    assert told == []


def test_two_amounts_that_go_together_are_shared_out_once() -> None:
    """Gross at home and worldwide have the same leader: one finding."""
    rng = np.random.default_rng(14)
    kinds = [str(kind) for kind in rng.choice(["Comedy", "Drama", "Horror"], 300, p=[0.6, 0.25, 0.15])]
    world = [float(rng.gamma(3, 9) * (3 if kind == "Comedy" else 1)) for kind in kinds]
    home = [0.5 * one + float(rng.normal(0, 1)) for one in world]

    told = _told("share", {"kind": kinds, "worldwide": world, "domestic": home}, worldwide=SUM, domestic=SUM)

    assert len(told) == 1


def test_every_finding_has_a_sentence_behind_its_headline() -> None:
    """A page or a terminal never shows an empty line below one."""
    rng = np.random.default_rng(9)
    planned = rng.gamma(9, 100, 60)
    cells = {
        "budget": planned.tolist(), "actual": (planned * 1.2 + rng.normal(0, 20, 60)).tolist(),
        "currency": ["EUR"] * 60, "stock": [float(max(0, round(one))) for one in rng.normal(12, 9, 60)],
    }  # fmt: skip

    told = insights_of(cells, budget=SUM, actual=SUM, stock=SUM).analyst_insights

    assert {"against_plan", "constant"} <= {one.kind for one in told}
    assert all(one.detail.strip() for one in told)


@pytest.mark.spec("C6")
def test_table_without_a_single_value_says_so_first() -> None:
    """That all rows are alike is the least of it when none of them holds anything."""
    cells = {name: [None] * 30 for name in ("city", "price", "size")}

    insights = insights_of(cells, **{name: {"inferred_type": "empty"} for name in cells})

    assert headlines(insights) == ["None of the 30 rows has a value in any column"]


@pytest.mark.spec("C6")
@pytest.mark.parametrize("role", ["sum", "average"])
def test_a_total_among_the_countries_leads_nothing_whatever_its_amounts_are_taken_for(role: str) -> None:
    """Amounts under a name that says nothing are averaged; the rows that add them up are found all the same."""
    chance = np.random.default_rng(3)
    amounts = {year: chance.integers(100, 900, 6).tolist() for year in range(2005, 2024)}
    lines = [
        (year, country, float(amount), float(amount) % 7)
        for year, found in amounts.items()
        for country, amount in zip(
            ("Austria", "Belgium", "Chile", "Denmark", "Egypt", "Total"), [*found[:5], sum(found[:5])], strict=True
        )
    ]
    years, countries, shipped, score = (list(column) for column in zip(*lines, strict=True))

    told = headlines(
        insights_of({"year": years, "country": countries, "score": score, "shipped": shipped}, year=YEAR,
                    shipped={"role": role})
    )  # fmt: skip

    assert [one for one in told if one.startswith("Total records repeat the total of all others: shipped of")]
    assert not [one for one in told if one.startswith("Total ") and " highest " in one]
