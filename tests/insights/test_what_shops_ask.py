"""What the exports of shops and services show: what is given away, taken back, or only seems to be told."""

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pytest
from tests.insights.tables import Cells, insights_of

from datapilot.contracts.insight import Insight

SUM = {"role": "sum"}


def _rng() -> np.random.Generator:
    return np.random.default_rng(19)


def _told(cells: Cells, **known: Any) -> list[Insight]:
    return list(insights_of(cells, **known).analyst_insights)


@pytest.mark.spec("C6")
def test_what_a_discount_does_to_the_profit_is_told_in_spite_of_a_long_tail() -> None:
    """A few huge orders make Pearson's r small; ranks, and the averages of both ends, show that money is lost."""
    rng = _rng()
    discount = rng.choice([0.0, 0.2, 0.5], 900, p=[0.5, 0.35, 0.15])
    sales = 100 * rng.lognormal(0, 1.1, 900)
    profit = sales * (0.25 - discount) + rng.normal(0, 2, 900)

    found = _told({"discount": discount.tolist(), "profit": profit.round(2).tolist()}, profit=SUM)

    (told,) = [one for one in found if one.kind == "correlation"]
    assert told.headline.startswith("Higher discount goes with lower profit: average ")
    assert "−" in told.headline


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("returned", "is_told"),
    [(0.05, True), (0.0, False), (0.4, False)],
    ids=["a few returns", "none", "two sides of one account"],
)
def test_what_was_returned_is_told_where_it_is_a_few(returned: float, *, is_told: bool) -> None:
    """Units below zero shrink every total without being seen in it."""
    rng = _rng()
    units = rng.integers(1, 20, 500) * np.where(rng.random(500) < returned, -1, 1)

    found = _told({"quantity": units.tolist(), "price": rng.uniform(1, 9, 500).round(2).tolist()}, quantity=SUM)

    told = [one for one in found if " below zero in " in one.headline]
    assert bool(told) is is_told
    assert all(one.headline.startswith("Quantity is below zero in ") for one in told)


@pytest.mark.spec("C6")
def test_that_a_desk_is_closed_at_night_is_no_rhythm() -> None:
    """Between the hours in which it is open, calls come as they like."""
    rng = _rng()
    begin = datetime.fromisoformat("2024-02-01")
    told = 0
    for _ in range(5):
        days, hours, minutes = rng.integers(0, 120, 3000), rng.integers(7, 18, 3000), rng.integers(0, 60, 3000)
        calls = [
            begin + timedelta(days=int(day), hours=int(hour), minutes=int(minute))
            for day, hour, minute in zip(days, hours, minutes, strict=True)
        ]
        told += any("The hour from" in one.headline for one in _told({"called_at": calls}))

    assert told <= 1


@pytest.mark.spec("C6")
def test_a_part_of_a_total_is_held_against_the_records_that_have_any() -> None:
    """Where only those called before have days since then, half of those hold half of the days: no news."""
    rng = _rng()
    before = rng.choice(["never", "failure", "success"], 900, p=[0.7, 0.2, 0.1]).tolist()
    days = [None if one == "never" else int(rng.integers(20, 300)) for one in before]

    found = _told({"result before": before, "days": days}, days=SUM)

    assert not [one for one in found if one.kind == "share"]


@pytest.mark.spec("C6")
def test_names_of_things_that_come_back_are_not_what_texts_are_about() -> None:
    """A product's description stands in every record that sold it."""
    rng = _rng()
    sold = [f"BLUE LUNCH BAG no {at}" if at % 3 == 0 else f"WALL CLOCK with {at} marks" for at in range(60)]

    found = _told(
        {"description": rng.choice(sold, 900).tolist(), "quantity": rng.integers(1, 9, 900).tolist()},
        description={"inferred_type": "text", "role": "never", "ml_type": "sentence"},
    )

    assert not [one for one in found if "mentions most" in one.headline]


@pytest.mark.spec("C6")
def test_the_yes_of_a_column_called_target_is_what_is_told_of_groups() -> None:
    """Not how long those talked who said yes, but who said it."""
    rng = _rng()
    channel = rng.choice(["mail", "phone"], 900)
    yes = [bool(one) for one in rng.random(900) < np.where(channel == "phone", 0.4, 0.1)]

    found = _told({"channel": channel.tolist(), "y": yes})

    assert found[0].kind == "event_rate"
    assert "of records whose channel is phone are marked y, against" in found[0].headline


@pytest.mark.spec("C6")
def test_how_long_somebody_waited_for_a_day_counts_from_day_to_day() -> None:
    """Who books at noon for the same day has waited no time, not half a day less than none."""
    rng = _rng()
    wait = rng.choice([0, 3, 30], 1500, p=[0.4, 0.3, 0.3])
    days = [date(2024, 2, 1) + timedelta(days=int(day)) for day in rng.integers(0, 100, 1500)]
    booked = [
        datetime.fromisoformat(f"{day}T{hour:02d}:20")
        for day, hour in zip(days, rng.integers(8, 18, 1500), strict=True)
    ]
    came = [day + timedelta(days=int(gap)) for day, gap in zip(days, wait, strict=True)]
    missed = [bool(one) for one in rng.random(1500) < np.where(wait == 30, 0.35, 0.08)]

    found = _told({"scheduled": booked, "appointment": came, "no-show": missed})

    assert any(
        one.headline.startswith("The no-show rate is ") and "from scheduled to appointment" in one.headline
        for one in found
    )


@pytest.mark.spec("C6")
def test_one_group_under_names_of_several_columns_is_told_once() -> None:
    """Who has no internet has no backup and no support either: three columns name the same customers."""
    rng = _rng()
    internet = rng.choice(["fibre", "cable", "none"], 1200).tolist()
    services = {
        name: ["no internet" if one == "none" else str(rng.choice(["yes", "no"])) for one in internet]
        for name in ("backup", "support")
    }
    charges = [round(float(rng.normal({"fibre": 80, "cable": 55, "none": 20}[one], 5)), 2) for one in internet]

    found = _told({"internet": internet, **services, "charges": charges})

    gaps = [one for one in found if one.kind == "group_difference"]
    assert [one.columns for one in gaps] == [("charges", "internet")]


@pytest.mark.spec("C6")
@pytest.mark.parametrize(("paid", "is_told"), [(1009.5, False), (2345.5, True)], ids=["the least", "amid the others"])
def test_the_least_that_is_paid_is_no_payment_made_twice(paid: float, *, is_told: bool) -> None:
    """A minimum wage comes back by right; the same odd amount amid others asks for a look."""
    rng = _rng()
    wages = [round(float(one), 2) for one in rng.uniform(1100, 9000, 600)]
    wages[::20] = [paid] * 30

    found = _told({"wage": wages, "team": rng.choice(["a", "b", "c"], 600).tolist()}, wage=SUM)

    assert any(one.kind == "repeated_records" for one in found) is is_told


def _purchases(seed: int = 31) -> Cells:
    """Orders of four suppliers: Delta delivers too late, of what Borealis sends a tenth is rejected."""
    rng = np.random.default_rng(seed)
    supplier = rng.choice(["Alpha Metals", "Borealis Steel", "Cobalt Tools", "Delta Plastics"], 800)
    ordered = [date(2024, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 300, 800)]
    lead = rng.integers(5, 20, 800) + np.where(supplier == "Delta Plastics", 16, 0)
    units = rng.integers(50, 500, 800)
    rejected = (units * np.where(supplier == "Borealis Steel", 0.1, 0.01)).round().astype(int)
    return {
        "supplier": supplier.tolist(), "order date": ordered,
        "promised date": [day + timedelta(days=21) for day in ordered],
        "delivery date": [day + timedelta(days=int(days)) for day, days in zip(ordered, lead, strict=True)],
        "quantity": units.tolist(), "rejected units": rejected.tolist(),
        "total": (units * rng.uniform(2, 40, 800)).round(2).tolist(),
    }  # fmt: skip


@pytest.mark.spec("C6")
def test_a_delivery_after_the_promised_day_is_late_not_a_slip() -> None:
    """Nobody has to settle which of the two dates is wrong."""
    found = _told(_purchases(), quantity=SUM, total=SUM, **{"rejected units": SUM})

    assert any("of Delta Plastics records are late, against" in one.headline for one in found)
    assert not [one for one in found if one.kind == "date_order"]


@pytest.mark.spec("C7")
def test_nobody_learns_how_to_have_more_rejected() -> None:
    """Advice follows what is wished for, and no amount is told by the piece that was sent back."""
    found = _told(_purchases(), quantity=SUM, total=SUM, **{"rejected units": SUM})

    told = [one for one in found if "ejected" in one.headline]
    assert any("Rejected units are 10% of quantity for Borealis Steel" in one.headline for one in told)
    assert not any(
        "could raise" in one.recommendation.what or "would become" in one.recommendation.what for one in told
    )
    assert not any("per rejected unit" in one.headline for one in found)


@pytest.mark.spec("C6")
@pytest.mark.parametrize("name", ["loan_status", "outcome", "bank_decision"])
def test_a_status_of_yes_and_no_is_what_happened(name: str) -> None:
    """Of a loan's status is told whose loans have it, not what those earn that do; so is what else says what came."""
    rng = _rng()
    income = rng.uniform(20_000, 120_000, 900).round()
    status = [bool(one) for one in rng.random(900) < np.where(income < 50_000, 0.6, 0.1)]

    found = _told({"income": income.tolist(), name: status}, income={"role": "average"})

    assert f"have {name.replace('_', ' ')} yes, against" in found[0].headline
    assert not [one for one in found if one.kind == "group_difference"]


@pytest.mark.spec("C6")
def test_zeros_that_a_status_explains_are_no_news() -> None:
    """A lost deal has no value."""
    rng = _rng()
    stage = rng.choice(["Won", "Lost", "Withdrawn"], 600, p=[0.5, 0.4, 0.1])
    value = np.where(stage == "Lost", 0, rng.uniform(500, 9000, 600).round())

    found = _told({"stage": stage.tolist(), "value": value.tolist()}, value=SUM)

    assert not [one for one in found if " zero in " in one.headline]


@pytest.mark.spec("C6")
def test_what_was_not_answered_took_no_time_by_nature() -> None:
    """Where a yes or no says which cells are empty, nobody forgot to fill them in."""
    rng = _rng()
    answered = rng.random(800) < 0.8
    resolved = answered & (rng.random(800) < 0.85)
    waits = [int(rng.integers(10, 120)) if one else None for one in answered]

    found = _told({"answered": answered.tolist(), "resolved": resolved.tolist(), "seconds waited": waits})

    assert not [one for one in found if one.kind == "missing"]


@pytest.mark.spec("C6")
def test_that_march_comes_in_march_is_no_burst() -> None:
    """Nor where another date is followed than the one whose month a column names."""
    rng = _rng()
    stays = [date(2022, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 720, 3000)]
    settled = [day + timedelta(days=int(after)) for day, after in zip(stays, rng.integers(1, 20, 3000), strict=True)]

    found = _told({"arrival month": [f"{day:%B}" for day in stays], "settled on": settled})

    assert not [one for one in found if one.kind == "burst"]


@pytest.mark.spec("C6")
def test_two_columns_of_the_same_hours_are_one_rhythm() -> None:
    """When it was to leave and when it left."""
    rng = _rng()
    hours = rng.integers(5, 23, 2000)
    left = [time(int(hour), int(minute)) for hour, minute in zip(hours, rng.integers(0, 60, 2000), strict=True)]
    late = (rng.exponential(1, 2000) * (hours - 3)).round(1).tolist()

    found = _told({"hour": hours.tolist(), "left": left, "minutes late": late}, hour={"role": "never"})

    assert len([one for one in found if one.kind == "seasonality" and "minutes late" in one.columns]) == 1
