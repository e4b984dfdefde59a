"""What people look for first: the one month that is out of line, the side that has the better of it, the shift in which
the rare thing goes wrong."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight
from datapilot.insights.kinds.two_sides import sides_of

pytestmark = pytest.mark.spec("C6")

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DEPARTMENTS = ("Parks", "Roads", "Libraries", "Police", "Fire", "Waste", "Housing", "Culture")


def _told(kind: str, cells: Cells, **known: Any) -> list[Insight]:
    return [one for one in insights_of(cells, **known).analyst_insights if one.kind == kind]


def _budget(*, out_of_line: float, december: float = 1.0) -> Cells:
    rng = np.random.default_rng(5)
    usual = rng.uniform(40_000, 400_000, len(DEPARTMENTS))[:, None]
    spent = np.round(usual * rng.normal(1, 0.05, (len(DEPARTMENTS), len(MONTHS))))
    spent[:, 11] = np.round(spent[:, 11] * december)
    spent[1, 8] = np.round(usual[1, 0] * out_of_line)
    columns = {month: spent[:, at].astype(int).tolist() for at, month in enumerate(MONTHS)}
    return {"Department": list(DEPARTMENTS), **columns}


def _budget_told(cells: Cells) -> list[Insight]:
    return _told("spike", cells, Department={"inferred_type": "text"}, **{one: {"role": "sum"} for one in MONTHS})


@pytest.mark.parametrize(("times", "verb"), [(6.0, "went up to"), (0.1, "fell to")])
def test_one_month_out_of_line_is_told_in_a_budget_of_months(times: float, verb: str) -> None:
    """Eight rows are too few for tests, but one figure at six times its usual is seen by everybody."""
    (told,) = _budget_told(_budget(out_of_line=times))

    assert told.headline.startswith(f"Roads {verb} ")
    assert "in Sep" in told.headline
    assert "Aug" in told.headline
    assert "Oct (" in told.detail


@pytest.mark.parametrize(("times", "december"), [(1.0, 1.0), (1.0, 6.0)], ids=["no month", "December for all"])
def test_a_month_that_is_usual_or_high_for_all_is_no_single_figure(times: float, december: float) -> None:
    """Where every department spends six times as much in December, no cell stands out of its row and column."""
    assert not _budget_told(_budget(out_of_line=times, december=december))


def _matches(*, ahead: float) -> Cells:
    rng = np.random.default_rng(9)
    teams = [f"{name} FC" for name in ("Ashby", "Corby", "Derry", "Ilkley", "Kelso", "Louth")]
    return {
        "HomeTeam": rng.choice(teams, 300).tolist(),
        "AwayTeam": rng.choice(teams, 300).tolist(),
        "FTHG": rng.poisson(1.2 + ahead, 300).tolist(),
        "FTAG": rng.poisson(1.2, 300).tolist(),
    }


def test_the_side_that_has_the_better_of_it_is_told() -> None:
    """H and A stand for home and away where the table names both teams."""
    first = insights_of(_matches(ahead=0.6)).analyst_insights[0]

    assert first.headline.startswith("Average FTHG is ")
    assert "average FTAG " in first.headline
    assert "H stands for home" in first.detail


def test_two_sides_that_are_level_are_not_told() -> None:
    """Chance lets one of them lead in every table."""
    assert not any("FTHG" in one and "FTAG" in one for one in headlines(insights_of(_matches(ahead=0.0))))


@pytest.mark.parametrize(
    ("one", "other", "initials", "sides"),
    [
        ("home_goals", "away_goals", False, ("home", "away")),
        ("Grip left", "Grip right", False, ("left", "right")),
        ("score after", "score before", False, ("before", "after")),
        ("FTHG", "FTAG", True, ("home", "away")),
        ("FTHG", "FTAG", False, None),
        ("home_goals", "away_shots", False, None),
    ],
)
def test_sides_are_read_from_two_names(one: str, other: str, initials: bool, sides: tuple[str, str] | None) -> None:
    """Names that differ by their side and by nothing else are two sides of one thing."""
    assert sides_of(one, other, initials=initials) == sides


def test_records_of_a_side_are_called_by_it() -> None:
    """“Corby records” would be those at home and those away."""
    cells = dict(_matches(ahead=0.0))
    rng = np.random.default_rng(3)
    lost = np.where(np.array(cells["AwayTeam"]) == "Corby FC", 0.9, 0.3)
    cells["result"] = np.where(rng.random(300) < lost, "Home win", "Other").tolist()

    told = [one for one in headlines(insights_of(cells)) if "Corby" in one and "Home win" in one]

    assert told
    assert all("away team is Corby FC" in one for one in told)


def test_the_shift_in_which_the_rare_thing_goes_wrong_is_told() -> None:
    """Of 3,000 picks 3% are wrong, by night three times as often: V is small, and it is what a manager asks first."""
    rng = np.random.default_rng(4)
    shift = rng.choice(["Early", "Late", "Night"], 3_000)
    wrong = rng.random(3_000) < np.where(shift == "Night", 0.07, 0.018)

    told = _told("association", {"Shift": shift.tolist(), "Mispick": wrong.tolist()}, Mispick={"role": "count"})

    assert "of Night records are marked mispick, against " in told[0].headline
    assert told[0].recommendation.what == "Find out what is different about Night: more of them are marked mispick."


def test_nothing_is_billable_for_one_client() -> None:
    """A group without a single yes has no share to compute, and is the one to be told."""
    rng = np.random.default_rng(8)
    client = rng.choice(["Acme", "Bolt", "Crane", "Delta Partners"], 500)
    billable = (rng.random(500) < 0.75) & (client != "Delta Partners")
    cells = {"Client": client.tolist(), "Hours": rng.integers(1, 9, 500).tolist(), "Billable": billable.tolist()}

    (told,) = _told("rate", cells, Hours={"role": "sum"})

    assert told.headline.startswith("No hours are billable for Delta Partners, against 7")


def test_what_people_say_and_what_work_takes_come_last() -> None:
    """More units take more seconds, and a long wait makes people unhappy; neither is told the other way round."""
    rng = np.random.default_rng(6)
    units = 1 + rng.poisson(4, 400)
    wait = rng.exponential(60, 400).round()
    cells = {
        "Units": units.tolist(),
        "Seconds": (18 + 6 * units + rng.normal(0, 3, 400)).round().astype(int).tolist(),
        "wait_sec": wait.tolist(),
        "csat": np.clip(5 - wait / 60 + rng.normal(0, 0.4, 400), 1, 5).round(1).tolist(),
    }

    told = [one.headline for one in _told("correlation", cells, Units={"role": "sum"}, wait_sec={"role": "sum"})]

    assert any(one.startswith("Higher units go with higher seconds") for one in told)
    assert any(one.startswith("Higher wait sec goes with lower CSAT") for one in told)


def _sites(*, step: float) -> Cells:
    """Six sites over two years: a season and a price that all share, and one that uses more from May of the second."""
    rng = np.random.default_rng(7)
    months = [date(2022 + at // 12, at % 12 + 1, 1) for at in range(24)]
    sites = ("North", "South", "East", "West", "Centre", "Harbour")
    used = [
        size * (1 + 0.3 * np.cos(at / 12 * 2 * np.pi)) * (1.2 if at >= 12 else 1) * rng.normal(1, 0.04)
        * (step if site == "South" and at >= 16 else 1)
        for site, size in zip(sites, rng.uniform(2_000, 20_000, 6), strict=True) for at in range(24)
    ]  # fmt: skip
    return {
        "site": [site for site in sites for _ in range(24)],
        "month": months * len(sites),
        "energy used": [round(one) for one in used],
    }


def test_a_site_that_leaves_the_way_of_the_others_is_told() -> None:
    """What all of them share, a winter or a dearer price, is no news of one of them."""
    first = insights_of(_sites(step=1.6), **{"energy used": {"role": "sum"}}).analyst_insights[0]

    assert first.headline.startswith("From May 2023 on energy used is ")
    assert "higher for South than before, against" in first.headline


def test_sites_that_share_a_season_do_not_depart() -> None:
    """Each of them is higher in winter and dearer in the second year, and none goes its own way."""
    told = headlines(insights_of(_sites(step=1.0), **{"energy used": {"role": "sum"}}))

    assert not any("than before, against" in one for one in told)


def _calls(*, monday: float, odd_day: float = 1.0) -> Cells:
    """Four weeks of calls; on Mondays, or on one Monday alone, people wait longer."""
    rng = np.random.default_rng(2)
    start = datetime(2024, 3, 4)  # noqa: DTZ001 - as a file holds it
    days = np.repeat(np.arange(28), 60)
    usual = np.where(days % 7 == 0, monday, 1.0) * np.where(days == 7, odd_day, 1.0)
    return {
        "start": [start + timedelta(days=int(day), minutes=int(at)) for day, at in enumerate_minutes(days)],
        "wait": (rng.exponential(60, len(days)) * usual).round(1).tolist(),
    }


def enumerate_minutes(days: Any) -> list[tuple[int, int]]:
    """Return each day with a minute of its own."""
    return [(int(day), 480 + at % 60 * 9) for at, day in enumerate(days)]


def test_four_weeks_of_many_calls_show_their_mondays() -> None:
    """A month is what most exports hold; the days of one weekday are compared with the others."""
    (told,) = _told("seasonality", _calls(monday=2.6))

    assert told.headline.startswith("Average wait is highest on Monday (")
    assert "t of the days' averages" in told.statistics


@pytest.mark.parametrize(("monday", "odd_day"), [(1.0, 1.0), (1.0, 6.0)], ids=["level", "one Monday alone"])
def test_one_odd_day_is_no_rhythm(monday: float, odd_day: float) -> None:
    """A breakdown on one Monday makes that day long, not the Mondays."""
    assert not _told("seasonality", _calls(monday=monday, odd_day=odd_day))


def test_a_class_lies_in_its_year_and_is_not_told_by_it() -> None:
    """All of 9B is in year 9, as 9A and 9C are: the year does not set it apart."""
    rng = np.random.default_rng(1)
    classes = [f"{year}{letter}" for year in range(7, 12) for letter in "ABC"] * 36
    absent = [int(rng.binomial(280, 0.12 if one == "9B" else 0.055)) for one in classes]
    cells = {"class": classes, "year group": [f"Year {one[:-1]}" for one in classes], "absent": absent}

    told = next(one for one in _told("group_difference", cells, absent={"role": "sum"}) if "9B" in one.headline)

    assert "year group" not in told.detail + told.recommendation.what


def test_records_are_with_or_without_what_they_have() -> None:
    """“Records whose has video is no” is nobody's English."""
    rng = np.random.default_rng(3)
    video = rng.random(900) < 0.6
    lost = rng.random(900) < np.where(video, 0.05, 0.3)

    told = headlines(insights_of({"has_video": video.tolist(), "failed": lost.tolist()}))

    assert any("of records without video failed" in one for one in told)


def test_records_are_marked_or_not_marked_what_they_are() -> None:
    """“Records whose is active member is no” is nobody's English either."""
    rng = np.random.default_rng(3)
    active = rng.random(900) < 0.6
    left = rng.random(900) < np.where(active, 0.05, 0.3)

    told = headlines(insights_of({"IsActiveMember": active.tolist(), "exited": left.tolist()}))

    assert any("of records not marked active member exited" in one for one in told)


def test_what_people_say_again_and_again_is_no_group() -> None:
    """Thirty reviews that come back are texts, of which words are told, and not groups that are spelt badly."""
    rng = np.random.default_rng(3)
    good = ["Love it and use it daily", "Works great on my phone", "Very easy app to use", "Nice design and quite fast"]
    bad = ["It crashes on every login", "I cannot login since today", "The login fails each time"]
    rating = np.where(rng.random(600) < 0.3, 1, rng.integers(4, 6, 600))
    said = [str(rng.choice(bad if one == 1 else good)) + str(rng.choice(["", ".", "!"])) for one in rating]

    told = headlines(insights_of({"review": said, "rating": rating.tolist(), "likes": rng.poisson(9, 600).tolist()}))

    assert any("mentions “login”" in one for one in told)
    assert not any("spells" in one or "The " in one for one in told)


def test_a_part_is_called_by_its_own_name() -> None:
    """“Average of which unauthorised” is no sentence, and that a part grows with its whole is no news."""
    rng = np.random.default_rng(3)
    absent = rng.binomial(280, 0.1, 400)
    cells = {"sessions absent": absent.tolist(), "of which unauthorised": rng.binomial(absent, 0.4).tolist()}

    told = insights_of(cells, **{name: {"role": "sum"} for name in cells})

    assert not [one for one in told.analyst_insights if one.kind == "correlation"]
    assert "of which" not in " ".join(headlines(told))
