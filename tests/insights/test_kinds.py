"""What single kinds of findings say, and when they keep silent."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight
from datapilot.insights.subjects.nouns import named, singular

REGIONS = ["North", "South", "East", "West"]


def _rng() -> np.random.Generator:
    return np.random.default_rng(31)


def _one(kind: str, cells: Cells, **known: dict[str, str]) -> Insight:
    return next(one for one in insights_of(cells, **known).analyst_insights if one.kind == kind)


@pytest.mark.spec("C6")
def test_group_that_stands_apart_is_compared_with_the_rest() -> None:
    """One group far from all others is told against them, with its column."""
    rng = _rng()
    teams = [str(rng.choice(["Blue", "Green", "Red", "Grey"])) for _ in range(400)]
    scores = [float(rng.normal(50, 5)) + 30 * (team == "Red") for team in teams]

    gap = _one("group_difference", {"squad": teams, "score": scores})

    assert gap.headline.startswith("The Red squad has the highest average score: ")
    assert gap.headline.endswith(" for the rest")


@pytest.mark.spec("C6")
def test_cells_that_give_a_bound_are_not_called_missing() -> None:
    """What a laboratory could not detect is low, not unknown: it is in no average, and that is what has to be said."""
    rng = _rng()
    lead = [None if at % 3 == 0 else float(rng.gamma(2, 0.05)) for at in range(300)]

    gap = _one("missing", {"sample": list(range(300)), "lead": lead}, lead={"bounds": 100})

    assert gap.headline == "Lead is no exact number for 33% of all records"
    assert gap.detail.startswith("100 of 300 cells of lead hold no number: most of them say only what it lies below or")


@pytest.mark.spec("C6")
def test_bounds_that_lie_in_one_group_are_bounds_all_the_same() -> None:
    """The clean river has most of what cannot be detected: its cells lack nothing."""
    rng = _rng()
    rivers = [str(rng.choice(["Clean", "Foul"])) for _ in range(300)]
    lead = [None if river == "Clean" and rng.random() < 0.8 else float(rng.gamma(2, 0.05)) for river in rivers]

    gap = _one("missing", {"river": rivers, "lead": lead}, lead={"bounds": lead.count(None)})

    assert gap.headline.startswith("Lead is no exact number for ")


def _levels(climb: float) -> Cells:
    """Return a level of a hundred by month, with a scatter of one, which climbs by so much in four years."""
    rng = _rng()
    days = [date(2020 + at // 12, at % 12 + 1, 1) for at in range(48)]
    return {"day": days, "level": [100 + climb * at / 47 + float(rng.normal(0, 1)) for at in range(48)]}


@pytest.mark.spec("C6")
def test_small_climb_is_told_where_it_stands_out_of_the_scatter() -> None:
    """What hardly moves otherwise has news in every twelve per cent: the CO2 of the air, a price index."""
    climb = _one("trend", _levels(climb=12))

    assert climb.headline.startswith("Level grew from ")


@pytest.mark.spec("C6")
def test_small_climb_within_the_scatter_is_not_told() -> None:
    """Two and a half per cent with months that go up and down by one: nobody would see it."""
    assert not any(one.kind == "trend" for one in insights_of(_levels(climb=2.5)).analyst_insights)


@pytest.mark.spec("C6")
def test_groups_in_a_row_are_told_from_first_to_last() -> None:
    """Where groups lie in steps nobody stands apart: the highest and the lowest are named with their values."""
    rng = _rng()
    teams = [str(rng.choice(["Blue", "Green", "Red", "Grey"])) for _ in range(400)]
    place = {"Blue": 0, "Green": 10, "Red": 20, "Grey": 30}
    scores = [float(rng.normal(50, 2)) + place[team] for team in teams]

    gap = _one("group_difference", {"squad": teams, "score": scores})

    assert gap.headline.startswith("The Grey squad has the highest average score, ")
    assert "; Blue has the lowest, " in gap.headline


@pytest.mark.spec("C6")
def test_total_of_a_group_is_split_by_what_sets_it_apart() -> None:
    """A dear department is explained by the dear things it buys, with total and average of each."""
    rng = _rng()
    units = [str(rng.choice(["Sales", "Support", "Finance", "Legal"])) for _ in range(600)]
    kinds = [
        "Server" if unit == "Legal" and rng.random() < 0.4 else str(rng.choice(["Laptop", "Screen"])) for unit in units
    ]
    costs = [float(rng.gamma(20, 400 if kind == "Server" else 50)) for kind in kinds]

    gap = next(
        one
        for one in insights_of({"unit": units, "thing": kinds, "cost": costs}, cost={"role": "sum"}).analyst_insights
        if one.kind == "group_difference" and "unit" in one.columns
    )

    assert gap.headline.startswith("The Legal unit has the highest average cost: ")
    assert "Largest in total cost there: Server " in gap.detail
    assert " each)" in gap.detail


@pytest.mark.spec("C6")
def test_relation_is_told_at_round_numbers() -> None:
    """Low and high are cut where a reader would cut: below 1,000 and at 5,000 or more."""
    rng = _rng()
    amounts = rng.uniform(100, 9000, 500).round(2)
    days = 40 - amounts / 300 + rng.normal(0, 1, 500)

    relation = _one("correlation", {"amount": amounts.tolist(), "wait": days.tolist()})

    assert relation.headline.startswith("Higher amount goes with lower wait: ")
    assert " below 1,000, " in relation.headline
    assert " at 5,000 or more" in relation.headline
    assert "correlation between amount and wait is −0.9" in relation.detail


@pytest.mark.spec("C6")
def test_load_is_not_told_of_people_who_work_everywhere() -> None:
    """In a large group everybody has more records; that says nothing of the people."""
    rng = _rng()
    regions = [str(rng.choice(REGIONS, p=[0.7, 0.1, 0.1, 0.1])) for _ in range(900)]
    agents = [f"Agent {code:02d}" for code in rng.integers(0, 40, 900)]

    told = insights_of({"region": regions, "agent": agents}).analyst_insights

    assert not any(one.kind == "load" for one in told)


@pytest.mark.spec("C6")
def test_long_tail_makes_no_spike() -> None:
    """Months of few large amounts differ by nature."""
    rng = _rng()
    days = [date(2022, 1, 1) + timedelta(days=int(day)) for day in np.sort(rng.integers(0, 730, 300))]
    amounts = np.exp(rng.normal(4, 1.6, 300)).round(2).tolist()

    told = insights_of({"day": days, "amount": amounts}, amount={"role": "sum"}).analyst_insights

    assert not any(one.kind == "spike" for one in told)


@pytest.mark.spec("C6")
def test_drift_is_seen_in_single_records() -> None:
    """Ten months of few cases are too few for a trend of months; the cases themselves show it."""
    rng = _rng()
    days = [date(2023, 1, 1) + timedelta(days=int(day)) for day in np.sort(rng.integers(0, 364, 160))]
    closed = [day + timedelta(days=5 + (day - days[0]).days // 6 + int(rng.integers(0, 9))) for day in days]

    trend = _one("trend", {"opened_at": days, "closed_at": closed})

    assert trend.headline.startswith("Average time to close ")
    assert any(word in trend.headline for word in ("rose from", "grew from"))
    assert "Time to close counts the days from opened to closed." in trend.detail


@pytest.mark.parametrize(
    ("key", "values", "noun"),
    [
        pytest.param("order_id", [f"A-{row:05d}" for row in range(300)], "orders", id="the key's name says it"),
        pytest.param("Project", [f"P-{row:03d}" for row in range(300)], "projects", id="the key's name is the thing"),
        pytest.param("number", [f"INC{row:07d}" for row in range(300)], "incidents", id="the keys' prefix says it"),
        pytest.param("row_id", [f"A-{row:05d}" for row in range(300)], "records", id="a row's number says nothing"),
        pytest.param("order_id", [f"A-{row // 2:05d}" for row in range(300)], "records", id="lines of an order"),
    ],
)
def test_rows_are_called_what_their_key_says(key: str, values: list[str], noun: str) -> None:
    """Orders are orders where every row has its own number; a table of lines stays a table of records."""
    rng = _rng()
    cells: Cells = {
        key: values,
        "day": [date(2023, 1, 1) + timedelta(days=row) for row in range(300)],
        "stage": [str(rng.choice(["Done", "Open", "Lost"], p=[0.8, 0.1, 0.1])) for _ in range(300)],
    }

    insights = insights_of(cells, **{key: {"inferred_type": "identifier", "role": "never"}})

    assert f"of 300 {noun} are Lost (" in headlines(insights)[0]
    assert f"The 300 {noun} run from " in " ".join(insights.business_summary)


def test_names_in_slots_are_never_renamed() -> None:
    """Only our own words change: a column called records keeps its name."""
    template = "Records per {col:records} are {f_00000000|n}; one record of {val:medical records}"

    said = named(template, "companies")

    assert said == "Companies per {col:records} are {f_00000000|n}; one company of {val:medical records}"
    assert singular("orders") == "order"


@pytest.mark.spec("C6")
def test_rare_value_in_one_group_is_told() -> None:
    """Seven servers among hundreds are too few for chi-square; that six of them are with one team is not chance."""
    rng = _rng()
    teams = [str(rng.choice(["Sales", "Support", "Finance", "Legal"], p=[0.4, 0.3, 0.2, 0.1])) for _ in range(500)]
    things = [str(rng.choice(["Laptop", "Screen", "Phone", "Printer"])) for _ in teams]
    for row in [at for at, team in enumerate(teams) if team == "Legal"][:6]:
        things[row] = "Server"
    things[next(at for at, team in enumerate(teams) if team == "Sales")] = "Server"

    told = headlines(insights_of({"team": teams, "thing": things}))

    assert any(headline.startswith("86% of Server records belong to the Legal team, against ") for headline in told)


@pytest.mark.spec("C6")
def test_total_says_from_how_many_records_it_comes() -> None:
    """Two thirds of the money from a quarter of the orders is the news, not two thirds alone."""
    rng = _rng()
    kinds = [str(rng.choice(["Sofa", "Lamp", "Rug", "Desk"])) for _ in range(600)]
    revenue = [float(rng.gamma(9, 10)) * (6 if kind == "Sofa" else 1) for kind in kinds]

    share = _one("share", {"kind": kinds, "revenue": revenue}, revenue={"role": "sum"})

    assert share.headline.startswith("The Sofa kind has the highest total revenue: ")
    assert share.headline.endswith("% of the records")


@pytest.mark.spec("C6")
def test_column_of_the_days_between_its_own_dates_is_no_relation() -> None:
    """A processing time beside the dates it was made of says the same thing twice."""
    rng = _rng()
    opened = [date(2023, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 300, 200)]
    took = [int(days) for days in rng.integers(1, 40, 200)]
    processed = [day + timedelta(days=more) for day, more in zip(opened, took, strict=True)]

    told = insights_of({"opened_at": opened, "processed_on": processed, "processing_time": took}).analyst_insights

    assert not any(one.kind == "correlation" for one in told)


@pytest.mark.spec("C6")
def test_season_is_no_drift() -> None:
    """A year that warms and cools again has not changed for good."""
    rng = _rng()
    days = [date(2023, 4, 1) + timedelta(days=row // 4) for row in range(4 * 360)]
    heat = [20 - 10 * float(np.cos((day - days[0]).days / 360 * 2 * np.pi + 0.6)) + float(rng.normal()) for day in days]

    told = insights_of({"day": days, "heat": heat}).analyst_insights

    assert not any(one.kind == "trend" for one in told)


@pytest.mark.spec("C6")
def test_parallel_columns_are_no_relations() -> None:
    """One question asked of many groups gives columns that all agree; nobody is told so six times."""
    rng = _rng()
    answers = rng.uniform(0, 90, 120)
    cells = {f"age {name}": np.clip(answers + rng.normal(0, 4, 120), 0, 100).tolist() for name in "abcd"}

    told = insights_of(cells, **{name: {"unit": "%"} for name in cells}).analyst_insights

    assert not any(one.kind == "correlation" for one in told)


@pytest.mark.spec("C6")
def test_what_a_group_cannot_have_is_said_so() -> None:
    """A declined claim has no date of payment: always missing, and seldom news."""
    rng = _rng()
    states = [str(rng.choice(["Paid", "Declined"])) for _ in range(300)]
    fees = [None if state == "Declined" or rng.random() < 0.05 else float(rng.normal(50, 5)) for state in states]

    missing = _one("missing", {"state": states, "fee": fees})

    assert missing.headline.startswith("Fee is always missing for Declined records, and for ")


@pytest.mark.spec("C6")
@pytest.mark.parametrize("name", ["pct", "%", "#"])
def test_column_whose_name_has_no_letter_is_compared_like_any_other(name: str) -> None:
    """A label that is a sign alone is no form of every other name: two numbers are related, or not, as by any name."""
    rng = _rng()
    paid = rng.normal(100, 20, 400)
    kinds = [str(rng.choice(["Blue", "Green"])) for _ in range(400)]

    insights = insights_of(
        {
            name: [float(one + rng.normal(0, 4)) for one in paid],
            "total": [float(one) for one in paid],
            "mood": [float(one) for one in rng.normal(0, 1, 400)],
            "kind": kinds,
        }
    )

    assert any(one.kind == "correlation" for one in insights.analyst_insights)


@pytest.mark.spec("C6")
def test_columns_that_no_record_fills_both_are_no_relation() -> None:
    """Where one question or the other was asked, their answers stand beside each other in no record."""
    chance = _rng()
    answers = [str(chance.choice(["often", "seldom", "never"])) for _ in range(200)]
    first, second = ([answer if at % 2 == half else None for at, answer in enumerate(answers)] for half in (0, 1))

    insights = insights_of({"reads": first, "cycles": second})

    assert not [one for one in insights.analyst_insights if one.kind == "association"]
