"""What only shows where two groups meet, how much of one amount comes on another, and the one record that makes a
total."""

import re
from datetime import date, time, timedelta
from typing import Any

import numpy as np
import pytest
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight

SUM = {"role": "sum"}


def _told(kind: str, cells: Cells, **known: Any) -> list[Insight]:
    return [one for one in insights_of(cells, **known).analyst_insights if one.kind == kind]


def _batches(seed: int, *, apart: float) -> Cells:
    rng = np.random.default_rng(seed)
    lines, shifts = rng.choice(["Line 1", "Line 2", "Line 3"], 600), rng.choice(["Early", "Late", "Night"], 600)
    produced = rng.integers(400, 1600, 600)
    share = np.where((lines == "Line 3") & (shifts == "Night"), apart, 0.02)
    return {
        "line": lines.tolist(), "shift": shifts.tolist(), "produced qty": produced.tolist(),
        "scrap qty": rng.binomial(produced, share).tolist(),
    }  # fmt: skip


@pytest.mark.spec("C6")
def test_two_groups_that_only_together_have_more_are_told_as_such() -> None:
    """Neither the line nor the shift is to blame alone, so neither is told first."""
    known = {"produced qty": SUM, "scrap qty": SUM}
    first, *others = insights_of(_batches(1, apart=0.09), **known).analyst_insights

    assert first.headline.startswith("Scrap qty is ")
    assert " of produced qty for Line 3 with shift Night, against 2.0% for other Line 3 records" in first.headline
    assert "neither of the two alone explains it" in first.recommendation.what
    assert any(one.columns == ("scrap qty", "produced qty", "line") for one in others)


@pytest.mark.spec("C6")
def test_an_event_is_told_of_the_two_groups_it_happens_in() -> None:
    """Support leaves, but only those who work overtime."""
    rng = np.random.default_rng(3)
    department, overtime = rng.choice(["Sales", "Support", "Finance"], 900), rng.random(900) < 0.3
    left = rng.random(900) < np.where((department == "Support") & overtime, 0.5, 0.1)
    cells = {"department": department.tolist(), "overtime": overtime.tolist(), "attrition": left.tolist()}

    first = insights_of(cells).analyst_insights[0]

    assert first.headline.startswith("The attrition rate is ")
    assert " for Support where overtime is yes, against " in first.headline


@pytest.mark.spec("C6")
def test_groups_that_add_nothing_to_each_other_are_not_crossed() -> None:
    """What a line has more of, it has more of in every shift."""
    told: list[Insight] = []
    for seed in range(5):
        cells = dict(_batches(seed, apart=0.02))
        rng = np.random.default_rng(seed)
        share = np.where(np.array(cells["line"]) == "Line 3", 0.06, 0.02)
        cells["scrap qty"] = rng.binomial(np.array(cells["produced qty"]), share).tolist()
        found = insights_of(cells, **{"produced qty": SUM, "scrap qty": SUM}).analyst_insights
        told += [one for one in found if {"line", "shift"} <= set(one.columns)]

    assert not told


@pytest.mark.spec("C6")
def test_fuel_is_divided_by_the_way_it_lasted() -> None:
    """Longer trips need more; how much for a kilometre is the finding."""
    rng = np.random.default_rng(5)
    kind = rng.choice(["Truck", "Van"], 400)
    way = rng.gamma(3, 60, 400).round(1)
    fuel = (way * np.where(kind == "Truck", 0.24, 0.1) * rng.normal(1, 0.05, 400)).round(2)
    cells = {"vehicle type": kind.tolist(), "distance km": way.tolist(), "fuel litres": fuel.tolist()}

    first, *_ = headlines(insights_of(cells, **{"distance km": {"unit": "km"}}))

    assert first == "The Truck vehicle type has the highest fuel litres per km, 0.239; Van the lowest, 0.101"


@pytest.mark.spec("C6")
def test_a_price_that_is_mostly_paid_is_told_by_who_pays_less() -> None:
    """Of nearly all, what is lacking is the news."""
    rng = np.random.default_rng(6)
    district = rng.choice(["Harbour", "Suburb", "Hills"], 400)
    asked = rng.normal(400_000, 90_000, 400).round(-3)
    paid = (asked * np.where(district == "Suburb", 0.9, 0.98) * rng.normal(1, 0.01, 400)).round(-2)
    cells = {"district": district.tolist(), "asking price": asked.tolist(), "sale price": paid.tolist()}

    (rate,) = _told("rate", cells)

    assert rate.headline.startswith("Sale price is only 90% of asking price for Suburb, against 98% for ")


@pytest.mark.spec("C6")
def test_hours_are_not_divided_by_hours() -> None:
    """Planned hours for each hour worked: nobody would say that."""
    rng = np.random.default_rng(7)
    team, target = rng.choice(["North", "South"], 400), rng.choice([4, 8, 24], 400)
    taken = (target * rng.lognormal(0, 0.3, 400) * np.where(team == "North", 2, 1)).round(1)
    cells = {"team": team.tolist(), "target hours": target.tolist(), "resolution hours": taken.tolist()}

    assert not _told("rate", cells, **{"target hours": {"unit": "hours"}, "resolution hours": {"unit": "hours"}})


@pytest.mark.spec("C6")
def test_what_is_missing_where_nearly_all_are_served_is_told() -> None:
    """Three groups are alike; the fourth is what to look at."""
    rng = np.random.default_rng(8)
    queue = rng.choice(["Billing", "Sales", "Technical", "Orders"], 900)
    solved = rng.random(900) < np.where(queue == "Technical", 0.5, 0.8)

    cells = {"queue": queue.tolist(), "resolved first call": solved.tolist(), "call": list(range(900))}

    first = headlines(insights_of(cells, call={"inferred_type": "identifier", "role": "never"}))[0]

    assert first.startswith("Only ")
    assert "of Technical records are marked resolved first call, against " in first


@pytest.mark.spec("C6")
def test_one_record_that_makes_a_total_is_told_once() -> None:
    """Neither a tenth of the records nor its week holds the total: that one gift does."""
    rng = np.random.default_rng(9)
    amount = rng.lognormal(3.6, 0.7, 800).round(1)
    amount[300] = 60_000.0
    days = [date(2025, 1, 1) + timedelta(days=at * 360 // 800) for at in range(800)]

    told = insights_of({"day": days, "amount": amount.tolist()}, amount=SUM).analyst_insights

    assert [one.kind for one in told] == ["outlier"]
    assert told[0].headline.startswith("A single record, whose amount is 60,000, makes up ")
    assert " of total amount (" in told[0].headline


@pytest.mark.spec("C6")
def test_an_average_that_one_record_makes_is_told_by_the_middle() -> None:
    """The typical claim of a kind, where one claim pulls their average away."""
    rng = np.random.default_rng(10)
    kind = rng.choice(["Fire", "Theft", "Storm"], 600)
    amount = (rng.lognormal(7, 0.6, 600) * np.where(kind == "Fire", 4, 1)).round(1)
    amount[int(np.flatnonzero(kind == "Fire")[0])] = 2_000_000.0

    (gap,) = _told("group_difference", {"kind": kind.tolist(), "claim amount": amount.tolist()})

    assert "has the highest typical claim amount" in gap.headline


@pytest.mark.spec("C6")
def test_an_outcome_is_compared_with_its_own_plan_only() -> None:
    """Hours are no outcome of a budget, nor costs of planned hours."""
    rng = np.random.default_rng(11)
    budget = rng.gamma(4, 15_000, 200).round(-2)
    cost = budget * 1.2 * rng.normal(1, 0.05, 200)
    cells = {
        "budget": budget.tolist(), "actual cost": cost.round(2).tolist(),
        "planned hours": (budget / 95).round(1).tolist(), "actual hours": (cost / 95).round(1).tolist(),
    }  # fmt: skip

    pairs = {one.columns for one in _told("against_plan", cells, **dict.fromkeys(cells, SUM))}

    assert pairs == {("actual cost", "budget"), ("actual hours", "planned hours")}


@pytest.mark.spec("C6")
def test_how_early_was_booked_is_not_how_long_was_watched() -> None:
    """Lead time in days tells beforehand who cancels."""
    rng = np.random.default_rng(12)
    lead = rng.gamma(1.5, 40, 900).round()
    status = np.where(rng.random(900) < np.where(lead > 90, 0.5, 0.1), "Cancelled", "Stayed")

    told = _told("event_rate", {"lead time days": lead.tolist(), "status": status.tolist()})

    assert any("with lead time days at" in one.headline and "are Cancelled" in one.headline for one in told)


@pytest.mark.spec("C6")
def test_half_of_the_records_holding_half_of_a_number_is_no_news() -> None:
    """Logins of a plan that half of the customers have."""
    rng = np.random.default_rng(13)
    cells = {"plan": rng.choice(["Basic", "Plus", "Max"], 900, p=[0.5, 0.3, 0.2]).tolist()}
    cells["logins"] = rng.poisson(9, 900).tolist()

    assert not _told("share", cells, logins=SUM)


@pytest.mark.parametrize(
    ("column", "said"),
    [("is_active", "are not active"), ("has_garage", "have no garage"), ("billable", "are not billable"),
     ("gift aid", "are not marked gift aid")],
)  # fmt: skip
def test_a_no_is_said_in_words(column: str, said: str) -> None:
    """Not "have billable no"."""
    rng = np.random.default_rng(14)
    group = rng.choice(["Design", "Sales", "Finance"], 600)
    yes = rng.random(600) < np.where(group == "Design", 0.2, 0.9)

    told = headlines(insights_of({"department": group.tolist(), column: yes.tolist()}))

    assert any(f"of Design records {said}, against " in one for one in told)


def _entries(seed: int, *, apart: float) -> Cells:
    rng = np.random.default_rng(seed)
    department = rng.choice(["Strategy", "Technology", "Design"], 900)
    hours = rng.choice([1, 2, 3, 4, 6, 8], 900)
    billable = rng.random(900) < np.where(department == "Design", apart, 0.8)
    return {"department": department.tolist(), "hours": hours.tolist(), "billable": billable.tolist()}


@pytest.mark.spec("C6")
def test_hours_are_billable_not_entries() -> None:
    """A day counts more than an hour, so the share is one of the amount."""
    cells = _entries(1, apart=0.4)
    design = [at for at, one in enumerate(cells["department"]) if one == "Design"]
    billed = sum(cells["hours"][at] for at in design if cells["billable"][at])

    (first,) = (one.headline for one in _told("rate", cells, hours=SUM))

    share = billed / sum(cells["hours"][at] for at in design)
    assert first.startswith(f"Only {share:.0%} of total hours are billable for Design, against ")


@pytest.mark.spec("C6")
def test_hours_that_are_billable_alike_everywhere_are_no_finding() -> None:
    """No group has a share of its own."""
    for seed in range(5):
        assert not _told("rate", _entries(seed, apart=0.8), hours=SUM)


def _orders(seed: int, *, rush: float) -> Cells:
    rng = np.random.default_rng(seed)
    hour = rng.integers(11, 23, 900)
    wait = rng.gamma(6, 2.2, 900) + np.where(hour == 19, rush, 0)
    return {"hour": hour.tolist(), "wait minutes": wait.round().tolist()}


@pytest.mark.spec("C6")
def test_an_hour_in_a_column_of_its_own_is_a_time_not_an_amount() -> None:
    """The hour with the longest wait is told; hours have no average."""
    found = insights_of(_orders(2, rush=15), **{"wait minutes": {"unit": "minutes"}})

    assert [one for one in headlines(found) if one.startswith("Average wait is highest in hour 19 (")]
    assert not [one for one in headlines(found) if "verage hour" in one]


@pytest.mark.spec("C6")
def test_a_time_beside_its_date_is_told_by_hour() -> None:
    """How often it happens at each hour, of appointments with a time of day alone."""
    rng = np.random.default_rng(4)
    hours = rng.integers(8, 18, 1200)
    missed = rng.random(1200) < np.where(hours == 8, 0.25, 0.05)
    cells = {"time": [time(int(one), int(rng.integers(60))) for one in hours], "no show": missed.tolist()}

    told = _told("seasonality", cells)

    assert any(one.headline.startswith("The no show rate is highest at 08:00 (") for one in told)


@pytest.mark.spec("C6")
def test_of_the_hours_of_a_day_the_ends_are_told() -> None:
    """Nobody reads twenty-four figures in a sentence; the evidence has them all."""
    rng = np.random.default_rng(4)
    hours = rng.integers(0, 24, 2400)
    missed = rng.random(2400) < np.where(hours == 8, 0.4, 0.05 + hours / 240)
    cells = {"time": [time(int(one), int(rng.integers(60))) for one in hours], "no show": missed.tolist()}

    (told, *_) = [one for one in _told("seasonality", cells) if one.headline.startswith("The no show rate is highest")]

    assert re.search(r": highest 08:00 \(\d+%\), \d\d:00 \([^)]+\), \d\d:00 \([^)]+\); lowest 0\d:00 ", told.detail)
    assert told.detail.count(":00 (") == 6


@pytest.mark.spec("C6")
def test_hours_that_are_alike_are_no_finding() -> None:
    """Of twelve hours one always has the longest wait."""
    for seed in range(5):
        assert not _told("seasonality", _orders(seed, rush=0))


@pytest.mark.spec("C6")
def test_the_busiest_weekday_is_told_by_its_name() -> None:
    """Where no date says which day it was."""
    rng = np.random.default_rng(3)
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    cells = {"weekday": rng.choice(days, 900, p=[0.32, 0.2, 0.16, 0.2, 0.12]).tolist(), "visit": list(range(900))}

    (first,) = _told("seasonality", cells, visit={"inferred_type": "identifier", "role": "never"})

    assert first.headline.startswith("Monday brings ")
    assert ", Friday only " in first.headline


@pytest.mark.spec("C6")
def test_what_two_groups_each_multiply_is_not_told_as_theirs_together() -> None:
    """Dear things, bought in numbers by one channel: each explains its part."""
    told: list[Insight] = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        kind, channel = rng.choice(["Sofa", "Lamp", "Rug"], 900), rng.choice(["Shop", "Web", "Partner"], 900)
        revenue = rng.gamma(4, 25, 900) * np.where(kind == "Sofa", 4, 1) * np.where(channel == "Partner", 2, 1)
        cells = {"kind": kind.tolist(), "channel": channel.tolist(), "revenue": revenue.round(2).tolist()}
        told += [one for one in insights_of(cells, revenue=SUM).analyst_insights if len(one.columns) > 2]

    assert not told


@pytest.mark.spec("C6")
def test_one_thing_under_two_names_is_no_finding() -> None:
    """All meals come from the one supplier of meals."""
    rng = np.random.default_rng(15)
    kind = rng.choice(["Meals", "Travel", "Software", "Hardware"], 600)
    vendor = np.where(kind == "Meals", "Bistro", np.where(kind == "Travel", "Rail", rng.choice(["Soft", "Bytes"], 600)))

    assert not _told("association", {"kind": kind.tolist(), "vendor": vendor.tolist()})


@pytest.mark.spec("C6")
def test_what_divides_some_groups_further_is_not_missing_elsewhere() -> None:
    """Only regions with parts of their own have a name for them."""
    rng = np.random.default_rng(16)
    region = rng.choice(["Asia", "Europe", "Africa", "America"], 400)
    part = [f"{one} {rng.choice(['East', 'West'])}" if one in {"Africa", "America"} else None for one in region]

    assert not _told("missing", {"region": region.tolist(), "intermediate region": part})


@pytest.mark.spec("C6")
def test_that_most_came_to_their_end_stands_behind_what_did_not() -> None:
    """Processed is what expenses are for; declined is what to ask about."""
    rng = np.random.default_rng(17)
    status = rng.choice(["Processed", "Declined", "Pending"], 600, p=[0.6, 0.2, 0.2])
    ids = {"expense id": {"inferred_type": "identifier", "role": "never"}}

    told = headlines(insights_of({"expense id": list(range(600)), "status": status.tolist()}, **ids))

    assert [one.split(" are ")[1].split()[0] for one in told] == ["Declined", "Processed"]


@pytest.mark.spec("C6")
def test_where_nearly_all_are_late_the_days_are_told() -> None:
    """How often says nothing then; by how much does."""
    rng = np.random.default_rng(18)
    firm = rng.choice(["Alpha", "Beta", "Gamma"], 300)
    planned = [date(2024, 1, 1) + timedelta(days=int(one)) for one in rng.integers(0, 500, 300)]
    late = rng.poisson(6, 300) + np.where(firm == "Gamma", 30, 0)
    done = [day + timedelta(days=int(more)) for day, more in zip(planned, late, strict=True)]
    cells = {"contractor": firm.tolist(), "planned completion": planned, "actual completion": done}

    (gap,) = _told("duration_difference", cells)

    assert gap.headline.startswith("The Gamma contractor averages 36")


@pytest.mark.spec("C6")
def test_work_is_divided_by_the_hours_it_took() -> None:
    """Lines per hour, errors per line, and no errors as a share of hours."""
    rng = np.random.default_rng(19)
    zone = rng.choice(["Dry", "Cold"], 500)
    lines = rng.integers(40, 300, 500)
    cells = {
        "zone": zone.tolist(), "lines picked": lines.tolist(),
        "errors": rng.poisson(lines * np.where(zone == "Cold", 0.03, 0.006)).tolist(),
        "hours worked": (lines / np.where(zone == "Cold", 28, 45) * rng.normal(1, 0.1, 500)).round(2).tolist(),
    }  # fmt: skip

    told = [one.headline for one in _told("rate", cells, **dict.fromkeys(("errors", "hours worked"), SUM))]

    assert "Errors are 3.0% of lines picked for Cold, but 0.6% for Dry" in told
    assert any("highest lines picked per hour worked" in one for one in told)
    assert not [one for one in told if "of hours worked" in one]


@pytest.mark.spec("C6")
def test_what_came_right_is_told_as_a_share_of_the_trials() -> None:
    """So many of so many: neither the average number of the one nor of the other."""
    rng = np.random.default_rng(23)
    method = rng.choice(["Guided", "Alone"], 400)
    trials = rng.integers(10, 60, 400)
    cells = {
        "method": method.tolist(), "trials": trials.tolist(),
        "correct": rng.binomial(trials, np.where(method == "Guided", 0.8, 0.5)).tolist(),
    }  # fmt: skip

    told = [one.headline for one in _told("rate", cells, correct=SUM, trials=SUM)]

    assert "Correct is only 49% of trials for Alone, against 80% for Guided" in told


@pytest.mark.spec("C6")
def test_two_groups_that_are_a_yes_or_a_number_are_joined_by_and() -> None:
    """Not "where the one is yes where the other is yes"."""
    rng = np.random.default_rng(20)
    one, other = rng.random(900) < 0.3, rng.choice([1, 2, 3], 900)
    late = rng.random(900) < np.where(one & (other == 3), 0.6, 0.1)
    cells = {"insured": one.tolist(), "level": other.tolist(), "late": late.tolist()}

    told = headlines(insights_of(cells, level={"inferred_type": "categorical", "role": "count"}))

    assert any(re.match(r"\d+% of records whose \w+ is \w+ and \w+ is \w+ are late, against ", one) for one in told)


@pytest.mark.spec("C6")
def test_a_mark_comes_of_the_days_that_were_missed() -> None:
    """Not the other way round."""
    rng = np.random.default_rng(21)
    absences = rng.poisson(7, 400)
    mark = np.clip(85 - 2 * absences + rng.normal(0, 6, 400), 20, 100).round()

    (found,) = _told("correlation", {"absences": absences.tolist(), "mark": mark.tolist()}, absences=SUM)

    assert found.headline.startswith("Higher absences go with lower mark: average ")
