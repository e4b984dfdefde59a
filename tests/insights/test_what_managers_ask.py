"""Stories that managers look for, and sentences that would have told them nothing: made-up exports of shops,
warehouses, plants and surveys."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight
from datapilot.insights.series_tests import level_shift

SUM = {"role": "sum"}


def _rng() -> np.random.Generator:
    return np.random.default_rng(71)


def _all(cells: Cells, **known: Any) -> list[Insight]:
    return list(insights_of(cells, **known).analyst_insights)


def _told(kind: str, cells: Cells, **known: Any) -> list[Insight]:
    return [one for one in _all(cells, **known) if one.kind == kind]


def _months(count: int) -> list[date]:
    return [date(2022 + at // 12, at % 12 + 1, 1) for at in range(count)]


def _seasonal(growth: float, *, months: int = 36) -> Cells:
    rng = _rng()
    at = np.arange(months)
    sales = 80_000 * (1 + 0.3 * np.cos(at * np.pi / 6)) * (1 + growth * at / 12) * rng.normal(1, 0.03, months)
    return {"month": _months(months), "net sales": sales.round().tolist()}


@pytest.mark.spec("C6")
def test_growth_that_a_season_hides_is_told_year_on_year() -> None:
    """Neighbouring months only show winter and summer; the same months a year before show the growth."""
    (grown,) = _told("year_on_year", _seasonal(0.15), **{"net sales": SUM})

    assert grown.headline.startswith("Total net sales grew ")
    assert " from 2023 to 2024: " in grown.headline
    assert not _told("year_on_year", _seasonal(0.0), **{"net sales": SUM})


@pytest.mark.spec("C6")
def test_a_year_that_is_not_over_is_compared_with_none() -> None:
    """Of three and a half years the last two whole ones are told."""
    (grown,) = _told("year_on_year", _seasonal(0.15, months=42), **{"net sales": SUM})

    assert " from 2023 to 2024: " in grown.headline


@pytest.mark.spec("C6")
def test_a_percentage_falls_by_points() -> None:
    """From 30 % to 24 % is six points, not a fifth less."""
    rng = _rng()
    season = 0.1 * np.cos(np.arange(24) * np.pi / 6)
    margin = [(30 if at < 12 else 24) * (1 + season[at]) + rng.normal(0, 0.4) for at in range(24)]
    cells: Cells = {"month": _months(24), "margin": [round(float(one), 1) for one in margin]}

    found = _told("year_on_year", cells, margin={"unit": "%", "subtype": "percent"})

    assert all(" points from 2022 to 2023: " in one.headline for one in found)
    assert found


@pytest.mark.spec("C6")
def test_one_city_in_three_spellings_is_told_and_leads_nothing() -> None:
    """Who has most depends on what is put together first."""
    rng = _rng()
    cities = ["London"] * 120 + ["LONDON"] * 40 + ["london"] * 30 + ["Leeds"] * 170 + ["York"] * 40
    cells: Cells = {"city": cities, "amount": [float(one) for one in rng.gamma(3, 30, len(cities)).round(2)]}

    told = _all(cells, amount=SUM)

    assert told[0].headline == "City spells London in several ways: London 120, LONDON 40 and london 30 records"
    assert not [one for one in told if one.kind in {"dominance", "share"}]


@pytest.mark.spec("C6")
def test_codes_that_differ_by_capitals_stay_apart() -> None:
    """Two letters may be two codes, and one slip is no habit."""
    cells: Cells = {"grade": ["ab", "AB"] * 50, "team": ["Alpha team", "Bravo team"] * 49 + ["alpha team", "Delta"]}

    assert not _told("spelling", cells)


@pytest.mark.spec("C6")
def test_a_stock_out_is_told_as_a_rate_and_not_by_what_it_is_made_of() -> None:
    """Which warehouse runs out is news; that nothing is on hand then is what the word says."""
    rng = _rng()
    depots = [str(rng.choice(["North", "South", "West"])) for _ in range(900)]
    out = [bool(rng.random() < (0.25 if depot == "South" else 0.05)) for depot in depots]
    cells: Cells = {"warehouse": depots, "on hand": [0 if one else int(rng.integers(5, 200)) for one in out],
                    "stock-out": out}  # fmt: skip

    told = _told("event_rate", cells, **{"on hand": SUM})

    assert told[0].headline.startswith("The stock-out rate is 2")
    assert " for South, against " in told[0].headline
    assert not [one for one in told if "on hand" in one.columns]


@pytest.mark.spec("C6")
def test_what_an_order_costs_is_told_by_campaign_although_dear_ones_bring_little() -> None:
    """Money and results hardly go together where a channel is a waste: that is the finding."""
    rng = _rng()
    brings = {"Search": 0.06, "Social": 0.02, "Display": 0.002}
    ways = list(brings) * 60
    clicks = [int(rng.normal({"Search": 200, "Social": 600, "Display": 700}[way], 30)) for way in ways]
    cells: Cells = {
        "campaign": ways,
        "spend": [round(float(one * rng.normal(1.2, 0.05)), 2) for one in clicks],
        "clicks": clicks,
        "conversions": [int(rng.poisson(one * brings[way])) for one, way in zip(clicks, ways, strict=True)],
    }

    told = _told("rate", cells, spend=SUM, clicks=SUM, conversions=SUM)

    assert "spend per conversion" in told[0].headline
    assert told[0].headline.startswith("The Display campaign has the highest ")
    assert told[0].recommendation.what.startswith("Move some spend from Display to Search on trial")


def _sites(months: int = 30) -> Cells:
    rng = _rng()
    rows = [(site, month) for month in range(months) for site in ("Plant", "Depot", "Office", "Lab")]
    level = {"Plant": 900.0, "Depot": 400.0, "Office": 200.0, "Lab": 300.0}
    return {
        "month": [_months(months)[month] for _, month in rows],
        "site": [site for site, _ in rows],
        "energy": [
            round(level[site] * (1.04**month if site == "Lab" else 1) * float(rng.normal(1, 0.02)), 1)
            for site, month in rows
        ],
        "floor area": [{"Plant": 5000, "Depot": 9000, "Office": 1200, "Lab": 800}[site] for site, _ in rows],
    }


@pytest.mark.spec("C6")
def test_what_never_changes_has_no_standing_at_the_last_time() -> None:
    """The floor area of a depot is no news in December."""
    told = _all(_sites(), energy=SUM)

    assert any("energy" in one.columns for one in told)
    assert not [one for one in told if one.kind == "standing" and "floor area" in one.columns]


@pytest.mark.spec("C6")
def test_the_way_of_the_one_that_moved_most_is_told_once() -> None:
    """As the one that moved most, not as its own trend again, nor year on year."""
    told = [one for one in headlines(insights_of(_sites(), energy=SUM)) if "for Lab" in one]

    assert len(told) == 1
    assert told[0].startswith("Energy rose most for Lab: from ")


@pytest.mark.spec("C6")
def test_an_invoice_without_a_date_of_payment_is_what_open_means() -> None:
    """Open and overdue invoices have none, paid ones all: the status says so."""
    rng = _rng()
    status = [str(rng.choice(["Paid", "Open", "Overdue"], p=[0.8, 0.12, 0.08])) for _ in range(400)]
    paid = [date(2024, 1, 1) + timedelta(days=int(rng.integers(300))) if one == "Paid" else None for one in status]

    assert not _told("missing", {"status": status, "paid date": paid})


@pytest.mark.spec("C6")
def test_a_column_worked_out_from_another_is_told_of_once() -> None:
    """The square of the age and the logarithm of the wage say what age and wage say."""
    rng = _rng()
    age, wage = rng.integers(20, 65, 500), rng.gamma(4, 500, 500).round(2)
    sex = [str(one) for one in rng.choice(["Women", "Men"], 500)]
    wage = np.where(np.array(sex) == "Men", wage * 1.5, wage)
    cells: Cells = {"sex": sex, "age": age.tolist(), "asq": (age**2).tolist(), "wage": wage.tolist(),
                    "lwage": np.log(wage).tolist()}  # fmt: skip

    told = _all(cells)

    assert any("wage" in one.columns for one in told)
    assert not [
        one for one in told if {"asq", "lwage"} & set(one.columns) and "say nearly the same" not in one.headline
    ]


@pytest.mark.spec("C6")
def test_numbers_of_other_records_are_not_averaged() -> None:
    """Who infected whom is a number of the table's own key."""
    rng = _rng()
    keys = (2_000_000_000 + np.arange(400) * 7).tolist()
    wards = [str(one) for one in rng.choice(["North ward", "South ward"], 400)]
    by = [int(keys[int(rng.integers(0, 60 if ward == "North ward" else 400))]) for ward in wards]

    cells: Cells = {"patient": keys, "ward": wards, "infected by": by}

    assert not [
        one for one in _all(cells, patient={"inferred_type": "identifier", "role": "never"})
        if "infected by" in one.columns
    ]  # fmt: skip


@pytest.mark.spec("C6")
def test_a_group_with_many_records_holds_its_part_of_everything_once() -> None:
    """Six tenths of the rows hold six tenths of each amount; one sentence is enough."""
    rng = _rng()
    cells: Cells = {"size": [str(one) for one in rng.choice(["Small", "Large", "Huge"], 600, p=[0.58, 0.32, 0.1])]}
    for name in ("sales", "units", "returns value"):
        cells[name] = [float(one) for one in rng.gamma(5, 20, 600).round(2)]

    assert len(_told("share", cells, sales=SUM, units=SUM, **{"returns value": SUM})) <= 1


@pytest.mark.spec("C6")
def test_months_and_seasons_of_the_calendar_are_not_related() -> None:
    """All of October lies in one season of every year."""
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    rows = [(month, day) for month in range(12) for day in range(40)]
    cells: Cells = {
        "mnth": [months[month] for month, _ in rows],
        "season": [f"S{(month + (day > 28)) % 12 // 3}" for month, day in rows],
    }

    assert not _told("association", cells)


@pytest.mark.spec("C6")
def test_of_columns_named_by_years_the_latest_is_told() -> None:
    """A reader of 2021 does not ask for 1996 first."""
    rng = _rng()
    kinds = [str(one) for one in rng.choice(["City", "Town", "Village"], 300, p=[0.1, 0.4, 0.5])]
    base = np.array([{"City": 90_000, "Town": 9_000, "Village": 900}[one] for one in kinds]) * rng.gamma(8, 1 / 8, 300)
    cells: Cells = {"kind": kinds} | {
        f"population {year}": (base * factor).round().tolist()
        for year, factor in ((1996, 0.9), (2006, 0.95), (2021, 1.0))
    }

    share = _told("share", cells, **{name: SUM for name in cells if name != "kind"})

    assert share
    assert "population 2021" in share[0].columns


def _across(columns: list[str], *, moving: str | None) -> Cells:
    """Return what eight departments cost, a column a period; one of them may go up all the way."""
    rng = _rng()
    names = ["Sales", "Marketing", "Research", "IT", "People", "Finance", "Operations", "Legal"]
    return {"Department": names} | {
        column: [float(round(50_000 * (1 + 0.04 * at * (name == moving)) * rng.normal(1, 0.02))) for name in names]
        for at, column in enumerate(columns)
    }


MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@pytest.mark.spec("C6")
def test_the_row_that_moved_most_across_columns_of_months_is_told() -> None:
    """A budget has its months beside each other; eight rows are enough to see whose cost ran away."""
    known = dict.fromkeys(MONTHS, SUM)

    (moved,) = _told("mover", _across(MONTHS, moving="IT"), **known)

    assert moved.headline.startswith("IT rose most: from ")
    assert " in Jan to " in moved.headline
    assert moved.headline.endswith(" in Dec")
    assert not _told("mover", _across(MONTHS, moving=None), **known)


@pytest.mark.spec("C6")
def test_no_row_is_said_to_have_moved_most_when_a_small_one_went_further() -> None:
    """What a department of two people doubled is hardly worth a word, but it went further."""
    cells = _across(MONTHS, moving="IT")
    for at, month in enumerate(MONTHS):
        cells[month][7] = float(round(100 * 1.15**at))

    assert not _told("mover", cells, **dict.fromkeys(MONTHS, SUM))


@pytest.mark.spec("C6")
def test_columns_named_by_days_tell_their_total() -> None:
    """Counts of each day beside each other, in the order of the file."""
    days = [f"1/{day}/2020" for day in range(20, 32)]
    cells: Cells = {"place": [f"Place {row}" for row in range(30)]} | {
        day: [int(10 * (1 + at) + row) for row in range(30)] for at, day in enumerate(days)
    }

    told = headlines(insights_of(cells, **dict.fromkeys(days, SUM)))

    assert "The total over all records grew from 735 on 1/20/2020 to 4,035 on 1/31/2020" in told


@pytest.mark.spec("C6")
def test_the_account_with_half_of_the_last_year_is_told() -> None:
    """Accounts have long names, a few are booked below zero, and last year comes before the years before it."""
    names = [f"Fund {row}, transfers from general revenue and other receipts" for row in range(120)]
    amounts = [90_000, 30_000, *[500] * 116, -40, -60]
    cells: Cells = {
        "account name": names,
        "2019": [one * 0.9 for one in amounts],
        "2020": [float(one) for one in amounts],
    }

    leaders = _told("leader", cells, **{"2019": SUM, "2020": SUM})

    assert [one.columns[0] for one in leaders] == ["2020"]
    assert ": 90,000 of 177,900 in all; Fund 1" in leaders[0].headline
    assert leaders[0].recommendation.what.endswith(" by itself: an average over all hides how far it is ahead.")


@pytest.mark.spec("C6")
def test_the_wage_is_told_and_not_its_logarithm_whichever_comes_first() -> None:
    """What was worked out stands behind what it was worked out of."""
    rng = _rng()
    grades = [str(one) for one in rng.choice(["Junior", "Senior"], 400)]
    wage = np.where(np.array(grades) == "Senior", 1.6, 1.0) * rng.gamma(20, 100, 400)
    cells: Cells = {"logwage": np.log(wage).tolist(), "grade": grades, "wage": wage.tolist()}

    (gap,) = _told("group_difference", cells)

    assert gap.columns == ("wage", "grade")


@pytest.mark.spec("C6")
def test_what_comes_first_in_an_order_has_the_smallest_number() -> None:
    """Where 1 is the favourite, the highest average is the last place."""
    rng = _rng()
    question = "Please rank the teas with 1 being your favorite and 3 your least favorite."
    ranks = [[int(one) for one in np.argsort(np.argsort(rng.normal([0, 1.5, 3], 1))) + 1] for _ in range(200)]
    cells: Cells = {
        f"{question}: {tea}": [row[at] for row in ranks] for at, tea in enumerate(("Assam", "Darjeeling", "Ceylon"))
    }

    (told,) = _told("battery", cells)

    assert told.headline.startswith("Assam comes first in “Please rank the teas")
    assert "; Ceylon comes last, at " in told.headline
    assert told.recommendation.what.startswith("Build on Assam")


@pytest.mark.spec("C6")
def test_how_far_a_task_is_does_not_tell_whether_it_is_completed() -> None:
    """The one says in figures what the other says in words."""
    rng = _rng()
    state = [str(rng.choice(["Completed", "Open"])) for _ in range(400)]
    done = [float(rng.uniform(60, 100) if one == "Completed" else rng.uniform(0, 80)) for one in state]

    assert not [one for one in _all({"state": state, "percent complete": done}) if "percent complete" in one.columns]


@pytest.mark.spec("C6")
def test_a_quarter_of_the_year_goes_no_way_of_its_own() -> None:
    """Years by quarters are one series; no quarter rose most."""
    rng = _rng()
    rows = [(year, quarter) for year in range(1990, 2020) for quarter in range(1, 5)]
    cells: Cells = {
        "year": [year for year, _ in rows],
        "quarter": [quarter for _, quarter in rows],
        "output": [round(100 * 1.03 ** (year - 1990) * float(rng.normal(1, 0.01)), 1) for year, _ in rows],
    }
    known = {"year": {"subtype": "year", "role": "never"}, "quarter": {"inferred_type": "categorical", "role": "count"}}

    assert not [one for one in _all(cells, **known) if one.kind in {"mover", "standing", "mix_change"}]


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("name", "said"),
    [("minutes on site", "Average minutes on site is highest in "), ("visits", "Average visits are highest in "),
     ("Kansas", "Average kansas is highest in ")],
)  # fmt: skip
def test_seasons_keep_the_name_and_the_number_of_what_they_move(name: str, said: str) -> None:
    """Visits are, Kansas is, and a name's own words stay as they are."""
    cells = _seasonal(0.0)
    cells[name] = cells.pop("net sales")

    (season,) = _told("seasonality", cells)

    assert season.headline.startswith(said)


@pytest.mark.spec("C6")
def test_a_group_that_grows_as_all_do_has_no_story_of_its_own() -> None:
    """Twice as many orders of every kind from one month on are one finding, about all."""
    rng = _rng()
    months = _months(24)
    rows = [(month, kind) for at, month in enumerate(months) for kind in ("Tea", "Cups", "Pots", "Tins")
            for _ in range(int(rng.poisson(20 if at < 12 else 40)))]  # fmt: skip
    cells: Cells = {"ordered": [month for month, _ in rows], "kind": [kind for _, kind in rows]}

    told = [one.headline for one in _all(cells) if one.kind in {"change_point", "trend"}]

    assert len(told) == 1
    assert told[0].startswith("Records jumped in Jan 2023")


@pytest.mark.spec("C6")
def test_what_a_shop_is_recommended_with_is_asked_about() -> None:
    """A low mark is no level to plan with."""
    rng = _rng()
    regions = [str(one) for one in rng.choice(["Nordics", "Iberia", "Alps"], 600)]
    asked = "How likely are you to recommend us? (0-10)"
    marks = [int(np.clip(round(rng.normal(6 if one == "Iberia" else 8, 1.5)), 0, 10)) for one in regions]

    (gap,) = _told("group_difference", {"region": regions, asked: marks})

    assert gap.recommendation.what.startswith("Ask why ")


@pytest.mark.spec("C6")
@pytest.mark.parametrize("kind", ["spike", "drift"])
def test_a_spike_or_a_slow_drift_is_no_new_level(kind: str) -> None:
    """What is taken back at once did not last, and what came step by step did not come at once."""
    rng = _rng()
    series = rng.normal(100, 1, 30)
    if kind == "spike":
        series[18] += 60
    else:
        series += np.clip(np.arange(30) - 8, 0, 14) * 2.0

    assert level_shift(series).p_value > 0.5


@pytest.mark.spec("C6")
def test_a_level_that_came_at_once_is_told() -> None:
    """The same series with a step in the middle."""
    series = np.random.default_rng(5).normal(100, 1, 30) + np.where(np.arange(30) < 15, 0, 12)

    shift = level_shift(series)

    assert shift.at == 15
    assert shift.p_value < 1e-6


@pytest.mark.spec("C6")
def test_amounts_that_leap_at_first_and_sink_are_told_from_their_peak() -> None:
    """Calls about a storm: the first month has few, the second most; from the first to the last hardly fewer."""
    sinking = [90, *(int(980 * 0.92**at) + 5 for at in range(47))]
    cells: Cells = {"month": _months(48), "calls": sinking}

    (told,) = _told("trend", cells, calls=SUM)

    assert told.headline == "Total calls per month fell from its peak of 985 in Feb 2022 to 26 in Dec 2025"


@pytest.mark.spec("C6")
def test_amounts_that_grow_unevenly_are_told_by_their_ends() -> None:
    """A month that was lower than the first is no beginning to grow from."""
    rng = _rng()
    growing = [round(1_000 + 30 * at + float(rng.normal(0, 120))) for at in range(36)]
    cells: Cells = {"month": _months(36), "calls": growing}

    told = [one.headline for one in _told("trend", cells, calls=SUM)]

    assert told
    assert not any("its low" in one for one in told)
