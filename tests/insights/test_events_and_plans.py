"""What became of records, what came later than promised, what was planned and what came of it, parts of a total."""

import re
from datetime import date, timedelta

import numpy as np
import pytest
from tests.insights.planted import remembering
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight
from datapilot.insights.series_tests import ONE_WAY, ONE_WAY_P, trend
from datapilot.words.labels import label
from datapilot.words.render import label_in_sentence

START = date(2024, 1, 1)


def _told(kind: str, cells: Cells, **known: dict[str, str]) -> list[Insight]:
    return [one for one in insights_of(cells, **known).analyst_insights if one.kind == kind]


def _contracts(seed: int, leaving: dict[str, float]) -> Cells:
    rng = np.random.default_rng(seed)
    contracts = [str(one) for one in rng.choice(list(leaving), 800)]
    return {"contract": contracts, "churn": [bool(rng.random() < leaving[one]) for one in contracts]}


@pytest.mark.spec("C6")
def test_how_often_something_happens_is_told_of_the_group_where_it_does() -> None:
    """With the rate of every group and the number of cases, so that a reader sees how much lies there."""
    found = _told("event_rate", _contracts(1, {"Monthly": 0.35, "Yearly": 0.05, "Two years": 0.02}))

    assert found[0].headline.startswith("The churn rate is 3")
    assert " for Monthly, against " in found[0].headline
    assert re.match(r"Churn rate across contracts: Monthly 3\d%, Yearly [\d.]+%, Two years [\d.]+%\. ", found[0].detail)
    assert " cases are Monthly records." in found[0].detail
    assert found[-1].headline.startswith("The churn rate is 1")


@pytest.mark.spec("C6")
def test_groups_in_which_it_happens_alike_are_not_told_apart() -> None:
    """The rate of all records is what there is to say."""
    for seed in range(10):
        found = _told("event_rate", _contracts(seed, {"Monthly": 0.1, "Yearly": 0.1, "Two years": 0.1}))

        assert all(one.columns == ("churn",) for one in found)


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("is_canceled", " of records with lead at "),
        ("churn", "The churn rate is "),
        ("survived", " survived, against "),
        ("returned", " are returned, against "),
    ],
)
def test_an_event_is_told_by_the_amount_it_comes_with(column: str, said: str) -> None:
    """In words that fit what happened: a rate, what records are, what they did."""
    rng = np.random.default_rng(2)
    lead = rng.integers(0, 300, 900)
    cells: Cells = {"lead": lead.tolist(), column: [bool(rng.random() < 0.05 + days / 500) for days in lead]}

    found = [one for one in _told("event_rate", cells) if "lead" in one.columns]

    assert said in found[0].headline
    assert ", against " in found[0].headline


@pytest.mark.spec("C6")
def test_what_happens_most_in_the_middle_is_not_told_of_an_end() -> None:
    """More of the dear than of the cheap come back, but most of those between."""
    rng = np.random.default_rng(4)
    price = rng.gamma(2, 40, 1500)
    chances = np.select([price < 50, price < 100], [0.01, 0.15], 0.08)
    cells: Cells = {"price": price.tolist(), "returned": (rng.random(1500) < chances).tolist()}

    assert all("price" not in one.columns for one in _told("event_rate", cells))


@pytest.mark.spec("C6")
def test_how_often_it_happens_over_all_says_what_is_left() -> None:
    """Every finding has its second sentence."""
    found = _told("event_rate", _contracts(5, {"Monthly": 0.1, "Yearly": 0.1}))

    assert re.fullmatch(r"That leaves 7\d\d to which it did not happen\.", found[0].detail)


@pytest.mark.spec("C6")
def test_what_only_records_with_the_event_have_is_no_condition_of_it() -> None:
    """An order value is there because something was bought."""
    rng = np.random.default_rng(3)
    bought = [bool(rng.random() < 0.3) for _ in range(600)]
    cells: Cells = {"purchased": bought, "spend": [float(rng.gamma(4, 20)) if one else 0.0 for one in bought]}

    assert all("spend" not in one.columns for one in _told("event_rate", cells))


@pytest.mark.spec("C6")
def test_a_rate_that_turns_round_within_the_strata_is_not_told() -> None:
    """Simpson: the better clinic takes the worse cases."""
    rng = np.random.default_rng(4)
    clinic = [str(one) for one in rng.choice(["A", "B"], 4000)]
    hard = [bool(rng.random() < (0.9 if one == "A" else 0.1)) for one in clinic]
    chance = {("A", True): 0.4, ("B", True): 0.55, ("A", False): 0.05, ("B", False): 0.12}
    died = [bool(rng.random() < chance[one, bad]) for one, bad in zip(clinic, hard, strict=True)]
    cells: Cells = {"clinic": clinic, "case": ["hard" if bad else "easy" for bad in hard], "died": died}

    assert all("clinic" not in one.columns for one in _told("event_rate", cells))


@pytest.mark.spec("C6")
def test_where_records_end_is_told_by_group_and_counted() -> None:
    """A deal that is won, of a column that says how far each deal has come."""
    rng = np.random.default_rng(14)
    ways = [str(one) for one in rng.choice(["Partner", "Inbound", "Event"], 700)]
    won = [bool(rng.random() < (0.6 if one == "Partner" else 0.25)) for one in ways]
    open_or_lost = rng.choice(["Closed Lost", "Proposal", "Negotiation"], 700)
    cells: Cells = {
        "lead source": ways,
        "stage": ["Closed Won" if one else str(other) for one, other in zip(won, open_or_lost, strict=True)],
    }

    told = _told("event_rate", cells)

    assert re.match(r"\d+% of Partner records are Closed Won, against \d+% of the others", told[0].headline)
    assert any(re.fullmatch(r"The share across lead sources: Partner \d+%, .*%, .*%\.", one.detail) for one in told)
    assert not _told("association", cells)


def _deliveries(late: dict[str, float]) -> Cells:
    rng = np.random.default_rng(5)
    carriers = [str(one) for one in rng.choice(list(late), 600)]
    planned = [START + timedelta(days=int(day)) for day in np.sort(rng.integers(0, 300, 600))]
    more = [round(float(rng.normal(late[one], 1))) for one in carriers]
    actual = [day + timedelta(days=days) for day, days in zip(planned, more, strict=True)]
    return {"carrier": carriers, "planned_delivery": planned, "actual_delivery": actual}


@pytest.mark.spec("C6")
def test_what_came_later_than_promised_is_told_with_who_is_late() -> None:
    """A planned date and an actual one are no start and end, and early is no error."""
    insights = insights_of(_deliveries({"Swift": 0, "Slow": 3})).analyst_insights
    told = [one.headline for one in insights]

    assert any(" of Slow records are late, against " in one for one in told)
    assert any(" of records are late: actual delivery comes after planned delivery" in one for one in told)
    assert not [one for one in insights if one.kind in {"date_order", "duration_difference"}]


@pytest.mark.spec("C6")
def test_dates_in_no_order_are_not_called_wrong() -> None:
    """Half of any two unrelated dates stand the other way round."""
    rng = np.random.default_rng(6)
    cells: Cells = {
        name: [START + timedelta(days=int(day)) for day in rng.integers(0, 900, 400)] for name in ("date 1", "date 2")
    }

    assert not headlines(insights_of(cells))


def _costs(over: float) -> Cells:
    rng = np.random.default_rng(7)
    departments = [name for name in ("Sales", "IT", "Legal", "Marketing") for _ in range(40)]
    budget = rng.integers(8, 60, 160) * 1000.0
    spent = [
        float(round(plan * rng.normal(over if name == "Marketing" else 1.0, 0.05)))
        for name, plan in zip(departments, budget, strict=True)
    ]
    return {"department": departments, "budget": budget.tolist(), "actual": spent}


@pytest.mark.spec("C6")
def test_what_came_of_a_plan_is_told_as_a_share_of_it() -> None:
    """Of who is furthest off, and of the whole; that both move together is no finding."""
    known = {"role": "sum"}
    insights = insights_of(_costs(1.25), budget=known, actual=known).analyst_insights
    told = [one.headline for one in insights]

    assert any(one.startswith("Actual is 12") and " of budget for Marketing, against " in one for one in told)
    assert any(one.startswith("Total actual is 10") and " of budget: " in one for one in told)
    advice = next(one.recommendation.what for one in insights if "Marketing" in one.headline)
    assert advice == "Find out why actual runs above budget for Marketing, and correct one of the two."
    assert not [one for one in insights if one.kind == "correlation"]


@pytest.mark.spec("C6")
def test_a_plan_that_everybody_meets_is_no_finding() -> None:
    """A per cent or two off is what plans are."""
    known = {"role": "sum"}

    assert not _told("against_plan", _costs(1.0), budget=known, actual=known)


@pytest.mark.spec("C6")
def test_the_largest_part_of_a_total_beside_it_is_told() -> None:
    """Parts are columns whose sums give the total's."""
    rng = np.random.default_rng(8)
    parts = {name: rng.poisson(usual, 90) for name, usual in (("police", 4), ("parks", 1), ("housing", 20))}
    cells = {name: calls.tolist() for name, calls in parts.items()}
    cells["total"] = np.sum(list(parts.values()), axis=0).tolist()
    known = {name: {"role": "sum"} for name in cells}

    (share,) = [one for one in _told("share", cells, **known) if one.columns == ("total", "housing")]

    assert share.headline.startswith("Housing makes up ")
    assert "; police follows with " in share.headline


@pytest.mark.spec("C6")
def test_a_total_is_told_before_its_parts() -> None:
    """Calls fall, and those to one office fall more clearly than all together: the whole comes first."""
    rng = np.random.default_rng(12)
    months = range(36)
    parts = {
        "police": [int(rng.poisson(60 - month)) for month in months],
        "housing": [100 - 2 * month for month in months],
        "parks": [int(rng.poisson(4)) for _ in months],
    }
    cells: Cells = {"month": [date(2021 + at // 12, at % 12 + 1, 1) for at in months]} | parts
    cells["total"] = [sum(of) for of in zip(*parts.values(), strict=True)]

    trends = _told("trend", cells, **{name: {"role": "sum"} for name in (*parts, "total")})

    assert [one.columns[0] for one in trends][:2] == ["total", "housing"]


@pytest.mark.spec("C6")
def test_who_won_is_not_told_by_what_decided_it() -> None:
    """A category that says which of two columns is greater says nothing more of them."""
    rng = np.random.default_rng(9)
    home, away = rng.poisson(1.6, 400), rng.poisson(1.1, 400)
    result = ["H" if one > other else "A" if one < other else "D" for one, other in zip(home, away, strict=True)]
    cells: Cells = {"home goals": home.tolist(), "away goals": away.tolist(), "result": result}

    told = [one for one in insights_of(cells).analyst_insights if one.kind in {"group_difference", "share"}]

    assert [one.columns for one in told] == [("home goals", "away goals")]  # that one side is ahead needs no result


@pytest.mark.spec("C6")
def test_two_volumes_that_only_differ_by_group_are_not_related() -> None:
    """Large channels have more of everything; within a channel nothing goes with anything."""
    rng = np.random.default_rng(10)
    sizes = {"Search": 900, "Email": 100, "Social": 400}
    channels = [str(one) for one in rng.choice(list(sizes), 600)]
    cells: Cells = {
        "channel": channels,
        "bounces": [int(rng.poisson(sizes[one])) for one in channels],
        "income": [float(rng.normal(sizes[one], 30)) for one in channels],
    }

    assert not _told("correlation", cells)


@pytest.mark.spec("C6")
def test_a_skewed_quantity_without_a_gap_has_no_outlier() -> None:
    """The largest of some districts is large, and no error of entry."""
    rng = np.random.default_rng(11)

    for _ in range(5):
        assert not _told("outlier", {"voters": rng.lognormal(10, 0.5, 400).round().tolist()})


@pytest.mark.spec("C6")
def test_answers_in_favour_are_counted_together() -> None:
    """Who agrees strongly also agrees."""
    rng = np.random.default_rng(12)
    scale = ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]
    odds = {"My work is seen": [0.05, 0.1, 0.15, 0.3, 0.4], "Pay is fair": [0.3, 0.3, 0.2, 0.1, 0.1],
            "I can grow": [0.1, 0.2, 0.3, 0.2, 0.2]}  # fmt: skip
    cells: Cells = {
        f"How much do you agree with this? [{item}]": [str(one) for one in rng.choice(scale, 300, p=p)]
        for item, p in odds.items()
    }

    (found,) = _told("battery", cells)

    assert found.headline.startswith(("Strongly agree or Agree is said of ", "Agree or Strongly agree is said of "))
    assert "“My work is seen” in 6" in found.headline
    assert " of “Pay is fair” in 2" in found.headline


@pytest.mark.spec("C6")
def test_things_marked_on_one_scale_are_compared() -> None:
    """A column each, and the scale in its name."""
    rng = np.random.default_rng(15)
    marks = {"Speed (1-5)": 2.5, "Quality (1-5)": 4.3, "Price (1-5)": 3.2}
    cells: Cells = {
        name: [int(one) for one in np.clip(rng.normal(usual, 0.8, 200).round(), 1, 5)] for name, usual in marks.items()
    }

    (found,) = _told("battery", cells)

    assert found.headline.startswith("Quality averages 4.")
    assert " on the scale “1-5”, the highest; Speed 2." in found.headline


@pytest.mark.spec("C5")
def test_smooth_growth_is_a_trend_and_a_random_walk_is_none() -> None:
    """Growth on growth leaves a bow about its line that looks like memory; walks hardly ever go one way only."""
    growth = 100 * np.power(1.03, np.arange(36, dtype=np.float64))
    rng = np.random.default_rng(13)
    walks = rng.normal(size=(20_000, 20)).cumsum(axis=1)
    later, earlier = np.tril_indices(20, -1)
    taus = np.abs(np.sign(walks[:, later] - walks[:, earlier]).sum(axis=1)) * 2 / (20 * 19)

    assert trend(growth).p_value == ONE_WAY_P
    assert float(np.mean(taus >= ONE_WAY)) <= 2 * ONE_WAY_P


def _by_month(values: list[float]) -> Cells:
    months = [date(2010 + month // 12, month % 12 + 1, 1) for month in range(len(values))]
    return {"month": months, "staff": values}


@pytest.mark.spec("C6")
def test_a_smooth_series_is_told_by_what_it_did() -> None:
    """Start, turn and end are there, whatever tests can say of so long a memory."""
    valley = [1000 - 9.0 * month for month in range(50)] + [560 + 6.0 * month for month in range(40)]

    (course,) = _told("course", _by_month(valley))

    assert course.headline == "Staff fell from 1,000 in Jan 2010 to 559 in Feb 2014, then rose to 794 in Jun 2017"
    assert course.recommendation.what.startswith("Find out what turned staff around Feb 2014")


@pytest.mark.spec("C6")
@pytest.mark.parametrize("kind", ["noise", "memory", "season"])
def test_what_goes_back_and_forth_has_no_course(kind: str) -> None:
    """Noise, noise that remembers its neighbour, and summers and winters."""
    for seed in range(10):
        rng = np.random.default_rng(seed)
        values = rng.normal(100, 20, 96)
        if kind == "memory":
            values = 100 + 20 * remembering(rng, 96, 0.6)
        if kind == "season":
            values = 100 + 40 * np.sin(np.arange(96) / 12 * 2 * np.pi) + rng.normal(0, 2, 96)

        assert not _told("course", _by_month([float(one) for one in values]))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Außentemperatur", "Außentemperatur"),
        ("Lieferzeit in Tagen", "Lieferzeit in Tagen"),
        ("Verbrauch_kWh", "Verbrauch kWh"),
        ("Durchschnittlicher Umsatz", "Durchschnittlicher Umsatz"),
        ("humidity_pct", "humidity %"),
        ("mrr", "MRR"),
        ("Sales Region", "sales region"),
        ("outdoor_temp_c", "outdoor temp °C"),
        ("group_c", "group c"),
    ],
)
def test_names_are_written_as_their_language_does(name: str, said: str) -> None:
    """One German word makes the name German; its capitals stay."""
    assert label(name) == said


def test_a_short_question_keeps_its_writing_in_quotes() -> None:
    """A quote begins as it was asked."""
    assert label_in_sentence("Which team are you in?") == "“Which team are you in?”"


def test_what_was_made_of_a_column_is_not_told_by_it() -> None:
    """Each grade is a pass or a fail: that all of grade C failed is what the word means."""
    rng = np.random.default_rng(5)
    grades = [str(one) for one in rng.choice(["A", "B", "C", "D"], 400)]
    rooms = [str(one) for one in rng.choice(["North", "South"], 400)]
    outcome = ["Failed" if grade in "CD" else "Passed" for grade in grades]

    told = insights_of({"grade": grades, "room": rooms, "outcome": outcome}).analyst_insights

    assert not [one for one in told if set(one.columns) == {"grade", "outcome"}]
