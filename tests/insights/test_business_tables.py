"""What a manager reads of sales, staff, machines and accounts: rates instead of volumes, nothing that follows by
arithmetic, no part of a day against whole ones."""

import re
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from tests.insights.tables import Cells, insights_of

from datapilot.contracts.insight import Insight
from datapilot.insights.wording.owners import owner
from datapilot.words.labels import label


def _rng() -> np.random.Generator:
    return np.random.default_rng(53)


def _told(kind: str, cells: Cells, **known: dict[str, str]) -> list[Insight]:
    return [one for one in insights_of(cells, **known).analyst_insights if one.kind == kind]


def _visits() -> Cells:
    rng = _rng()
    ways = [str(rng.choice(["Email", "Search", "Social"])) for _ in range(900)]
    sessions = [int(rng.poisson({"Email": 100, "Search": 500, "Social": 300}[way])) for way in ways]
    chance = {"Email": 0.06, "Search": 0.03, "Social": 0.01}
    orders = [int(rng.binomial(seen, chance[way])) for seen, way in zip(sessions, ways, strict=True)]
    return {"channel": ways, "sessions": sessions, "orders": orders}


@pytest.mark.spec("C6")
def test_rates_are_compared_by_group() -> None:
    """Who gets most out of a visit is another question than who has most visits."""
    (rate,) = _told("rate", _visits(), sessions={"role": "sum"}, orders={"role": "sum"})

    assert rate.headline.startswith("Orders are 5.9%")
    assert " of sessions for Email, but " in rate.headline
    assert rate.headline.endswith(" for Social")


@pytest.mark.spec("C6")
def test_a_rate_that_is_the_same_everywhere_is_not_told() -> None:
    """Large groups have more of both; their rate says nothing."""
    for seed in range(10):
        rng = np.random.default_rng(seed)
        ways = [str(rng.choice(["Email", "Search", "Social"])) for _ in range(400)]
        sessions = [int(rng.poisson({"Email": 100, "Search": 500, "Social": 300}[way])) for way in ways]
        orders = [int(rng.binomial(seen, 0.03)) for seen in sessions]
        cells: Cells = {"channel": ways, "sessions": sessions, "orders": orders}

        assert not _told("rate", cells, sessions={"role": "sum"}, orders={"role": "sum"})


@pytest.mark.spec("C6")
@pytest.mark.parametrize("how", ["product", "sum", "quotient"])
def test_what_follows_by_arithmetic_is_no_relation(how: str) -> None:
    """Revenue is price times units in every shop of the world."""
    rng = _rng()
    price, units = rng.uniform(5, 50, 400), rng.integers(1, 40, 400)
    revenue = {"product": price * units, "sum": price + units, "quotient": units / price}[how]
    cells = {"price": price.tolist(), "units": units.tolist(), "revenue": revenue.tolist()}

    assert not _told("correlation", cells)


@pytest.mark.spec("C6")
def test_rounded_parts_are_not_related_to_their_rounded_total() -> None:
    """Months and their sum, each shown to the cent, differ by some cents; January does not go with the year."""
    rng = _rng()
    months = {f"{month} 2024": rng.uniform(0, 9000, 200) for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun")}
    total = np.sum(list(months.values()), axis=0)
    cells: Cells = {name: values.round(2).tolist() for name, values in months.items()}

    assert not _told("correlation", cells | {"Total": total.round(2).tolist()}, Total={"role": "sum"})


@pytest.mark.spec("C6")
def test_two_columns_that_only_drift_together_are_not_related() -> None:
    """What both follow is the calendar; between days of one season nothing is left."""
    rng = _rng()
    days = [date(2020, 1, 1) + timedelta(days=row) for row in range(800)]
    cells: Cells = {
        "day": days,
        "ants": [float(row * 0.02 + rng.normal(0, 2)) for row in range(800)],
        "bees": [float(row * 0.03 + rng.normal(0, 2)) for row in range(800)],
    }

    assert not _told("correlation", cells)


@pytest.mark.spec("C6")
def test_a_day_that_is_not_over_is_not_compared() -> None:
    """A machine's log that ends in the afternoon has no fall in output."""
    rng = _rng()
    start = datetime(2024, 5, 1)  # noqa: DTZ001 - files have no zones
    moments = [start + timedelta(minutes=20 * row) for row in range(40 * 72 + 30)]
    cells: Cells = {"ts": moments, "made": [int(rng.poisson(50)) for _ in moments]}

    told = insights_of(cells, made={"role": "sum"}).analyst_insights

    assert not [one for one in told if one.kind in {"period_change", "spike"}]


@pytest.mark.spec("C6")
@pytest.mark.parametrize("starts", [0, 1, 2, 3])
def test_a_week_that_began_before_the_data_is_not_compared(starts: int) -> None:
    """A shop that is closed on Sundays, in an export that begins in the middle of a week."""
    rng = _rng()
    days = [date(2024, 4, 1) + timedelta(days=starts + day) for day in range(110)]
    sold = [day for day in days if day.weekday() < 6 for _ in range(5)]
    cells: Cells = {"day": sold, "units": [int(rng.poisson(100)) for _ in sold]}

    told = insights_of(cells, units={"role": "sum"}).analyst_insights

    assert not [one for one in told if one.kind in {"period_change", "spike", "trend"}]


@pytest.mark.spec("C6")
def test_a_running_balance_is_not_averaged_by_group() -> None:
    """What is left on the account after a purchase says nothing of the purchase."""
    rng = _rng()
    amounts = rng.normal(20, 100, 600).round(2)
    cells: Cells = {
        "day": [date(2023, 1, 1) + timedelta(days=row) for row in range(600)],
        "kind": [str(rng.choice(["Food", "Rent", "Travel"])) for _ in range(600)],
        "amount": amounts.tolist(),
        "balance": amounts.cumsum().round(2).tolist(),
    }

    assert not [one for one in insights_of(cells).analyst_insights if "balance" in one.columns]


@pytest.mark.spec("C6")
def test_what_became_of_records_is_told_by_group() -> None:
    """Who leaves is told of those who work overtime, not the other way round."""
    rng = _rng()
    late = [bool(rng.random() < 0.3) for _ in range(800)]
    left = [bool(rng.random() < (0.4 if works else 0.1)) for works in late]

    found = _told("event_rate", {"overtime": late, "attrition": left})[0]

    assert re.fullmatch(r"The attrition rate is \d+% where overtime is yes, against \d+% for the rest", found.headline)
    assert found.recommendation.what.startswith("Begin with records whose overtime is yes when working on attrition: ")


@pytest.mark.spec("C6")
def test_an_account_is_told_by_its_name_not_its_number() -> None:
    """Of two columns that divide alike the one that speaks is used."""
    rng = _rng()
    codes = [int(code) for code in rng.choice([4000, 6000, 7000], 300)]
    names = {4000: "Sales", 6000: "Rent", 7000: "Interest"}
    cells: Cells = {
        "account": codes,
        "account_name": [names[code] for code in codes],
        "amount": [float(rng.normal(code / 10, 10)) for code in codes],
    }

    told = insights_of(cells, account={"inferred_type": "categorical", "role": "count"}).analyst_insights

    assert told
    assert not [one for one in told if "account" in one.columns]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Umsatz", "Umsatz"),
        ("Warengruppe", "Warengruppe"),
        ("Rechnungsnummer", "Rechnungsnummer"),
        ("umsatz", "umsatz"),
        ("Department", "department"),
        ("Rating", "rating"),
        ("revenue_usd", "revenue USD"),
    ],
)
def test_german_nouns_keep_their_capital(name: str, said: str) -> None:
    """In a sentence too; English names lose theirs."""
    assert label(name) == said


def test_who_answers_is_read_from_the_first_column_that_says_it() -> None:
    """A region in the table does not make everything a matter of sales."""
    assert owner("share of minors", "region") == "operations"
    assert owner("amount", "customer") == "finance"
    assert owner("Please rank the films in order of preference.: A") == "marketing"


@pytest.mark.spec("C6")
def test_a_relation_that_one_group_shows_is_told_of_it() -> None:
    """Dear computers come with long warranties; among all things the two hardly go together."""
    rng = _rng()
    kinds = [str(rng.choice(["Computer", "Rack", "Printer"])) for _ in range(600)]
    costs = rng.uniform(500, 5000, 600).round(2)
    months = [
        float(cost / 200 + rng.normal(0, 1)) if kind == "Computer" else float(rng.uniform(0, 60))
        for kind, cost in zip(kinds, costs, strict=True)
    ]

    told = [
        one
        for one in _told("correlation", {"kind": kinds, "cost": costs.tolist(), "months": months})
        if "kind" in one.columns
    ]

    assert told[0].headline.startswith("For Computer, higher cost goes with higher months: ")
    assert " over these " in told[0].detail
    assert " and only " in told[0].detail


@pytest.mark.spec("C6")
def test_no_group_of_unrelated_quantities_is_told() -> None:
    """Of many groups one always looks related by chance."""
    for seed in range(10):
        rng = np.random.default_rng(seed)
        cells: Cells = {
            "kind": [str(rng.choice(list("ABCDEFGH"))) for _ in range(400)],
            "cost": rng.normal(0, 1, 400).tolist(),
            "months": rng.normal(0, 1, 400).tolist(),
        }

        assert not _told("correlation", cells)


@pytest.mark.spec("C6")
def test_a_relation_is_followed_through_its_brackets() -> None:
    """After the two ends a reader asks how it goes in between."""
    rng = _rng()
    amounts = rng.uniform(100, 9000, 500).round(2)
    waits = (40 - amounts / 300 + rng.normal(0, 1, 500)).tolist()

    (found,) = _told("correlation", {"amount": amounts.tolist(), "wait": waits})

    assert re.search(r"Average wait by amount: [\d.]+ below 500, [\d.]+ from 500, ", found.detail)
    assert " from 1,000, " in found.detail
    assert " from 5,000. " in found.detail


@pytest.mark.spec("C6")
def test_a_column_of_days_between_two_dates_says_nothing_beside_them() -> None:
    """The dates tell it, in days; the column may count hours, or run backwards with them."""
    rng = _rng()
    opened = [date(2023, 1, 1) + timedelta(days=int(day)) for day in np.sort(rng.integers(0, 300, 400))]
    days = rng.integers(1, 30, 400)
    cells: Cells = {
        "team": [str(rng.choice(["Blue", "Red"])) for _ in range(400)],
        "opened_at": opened,
        "closed_at": [start + timedelta(days=int(took)) for start, took in zip(opened, days, strict=True)],
        "hours": [float(took * 24) for took in days],
        "effort": [float(took + rng.normal(0, 1)) for took in days],
    }

    told = insights_of(cells).analyst_insights

    assert told
    assert not [one for one in told if "hours" in one.columns]


@pytest.mark.spec("C6")
def test_an_average_that_few_records_make_is_shown_beside_the_middle() -> None:
    """Half of a group may be done in a third of its average time."""
    rng = _rng()
    teams = [str(rng.choice(["Blue", "Red", "Green"])) for _ in range(600)]
    waits = [21 + float(rng.lognormal(3, 1.3)) if team == "Red" else float(rng.normal(20, 2)) for team in teams]

    (gap,) = _told("group_difference", {"team": teams, "wait": waits})

    assert gap.headline.startswith("The Red team has the highest average wait: ")
    assert " Half of the Red records lie at or below 4" in gap.detail


@pytest.mark.spec("C6")
def test_one_leader_of_two_columns_is_told_once() -> None:
    """A category without subcategories stands in both columns."""
    rng = _rng()
    kinds = [str(rng.choice(["Misc", "Tax", "Fee"], p=[0.6, 0.2, 0.2])) for _ in range(300)]
    finer = [kind if kind == "Misc" else f"{kind} {rng.choice(['old', 'new', 'other'])}" for kind in kinds]

    assert len(_told("dominance", {"kind": kinds, "finer kind": finer})) == 1


@pytest.mark.spec("C6")
def test_a_relation_of_all_records_is_not_told_again_of_a_group() -> None:
    """What everybody shows is no secret of one group."""
    rng = _rng()
    kinds = [str(rng.choice(["A", "B", "C"])) for _ in range(600)]
    size = rng.normal(0, 1, 600)
    load = [float(x + rng.normal(0, 0.3 if kind == "A" else 1.5)) for x, kind in zip(size, kinds, strict=True)]

    told = _told("correlation", {"kind": kinds, "size": size.tolist(), "load": load})

    assert [one.columns for one in told] == [("size", "load")]


@pytest.mark.spec("C6")
def test_what_people_say_at_the_end_follows_from_how_long_it_took() -> None:
    """A rating is given when the ticket is closed; it makes none close sooner."""
    rng = _rng()
    opened = [date(2023, 1, 1) + timedelta(days=int(day)) for day in np.sort(rng.integers(0, 300, 400))]
    days = rng.integers(1, 40, 400)
    cells: Cells = {
        "opened_at": opened,
        "closed_at": [start + timedelta(days=int(took)) for start, took in zip(opened, days, strict=True)],
        "csat": [float(5 - took / 10 + rng.normal(0, 0.3)) for took in days],
    }

    (found,) = _told("correlation", cells)

    assert re.match(r"Longer time to close goes with lower CSAT: average 4\.\d+ below \d+ days, ", found.headline)
    assert re.search(r"[\d.]+ below \d+ days", found.detail)


@pytest.mark.spec("C6")
def test_what_one_group_holds_is_told_once_of_nested_columns() -> None:
    """A brand and its maker are the same records of a shop."""
    rng = _rng()
    shops = [str(rng.choice(["Outlet", "Mall", "Web"])) for _ in range(900)]
    odds = {"Outlet": [0.7, 0.1, 0.1, 0.1], "Mall": [0.1, 0.3, 0.3, 0.3], "Web": [0.1, 0.3, 0.3, 0.3]}
    brands = [str(rng.choice(["Alto", "Brio", "Coda", "Dolce"], p=odds[shop])) for shop in shops]
    makers = [{"Alto": "Arco", "Brio": "Berg", "Coda": "Berg", "Dolce": "Deli"}[brand] for brand in brands]
    # A few of each maker's records lie elsewhere, so that neither column merely spells the other.
    makers = [
        str(rng.choice(["Berg", "Deli"])) if maker != "Arco" and rng.random() < 0.3 else maker for maker in makers
    ]

    found = _told("association", {"shop": shops, "brand": brands, "maker": makers})
    told = [one for one in found if "shop" in one.columns]

    assert len(told) == 1
