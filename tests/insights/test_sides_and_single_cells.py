"""What people look for first: the one month that is out of line, the side that has the better of it, the shift in which
the rare thing goes wrong."""

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
