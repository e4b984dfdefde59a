"""Sentences and advice that somebody would put a name under: things called by their numbers, what happened said as
people say it, and next steps that follow from the fact."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight
from datapilot.words.labels import many_of, numbered_thing
from datapilot.words.render import render, thing_slot

pytestmark = pytest.mark.spec("C6")

ROWS = 600
SUM = {"role": "sum"}
NUMBER = {"inferred_type": "identifier", "role": "never"}


def _rng() -> np.random.Generator:
    return np.random.default_rng(29)


def _told(kind: str, cells: Cells, **known: Any) -> list[Insight]:
    return [one for one in insights_of(cells, **known).analyst_insights if one.kind == kind]


@pytest.mark.parametrize(
    ("name", "thing", "many"),
    [
        ("machine_id", "machine", "machines"),
        ("Store No", "store", "stores"),
        ("regionCode", "region", "regions"),
        ("postal_code", None, None),
        ("id", None, None),
        ("machine", None, "machines"),
    ],
)
def test_what_a_column_numbers_is_read_from_its_name(name: str, thing: str | None, many: str | None) -> None:
    """Machines and shops are known by their numbers; nobody knows a postcode's by heart."""
    assert numbered_thing(name) == thing
    assert many_of(name) == many or thing is None
    assert render(f"{thing_slot(name)} stood still", {}).lower().startswith(thing or name.replace("_", " ").lower())


def test_the_machine_with_most_defects_is_told_by_its_number() -> None:
    """Six numbers that come back are six machines, not identifiers of the rows."""
    rng = _rng()
    machine = rng.integers(101, 107, ROWS)
    defects = rng.poisson(np.where(machine == 104, 9, 4))

    told = headlines(insights_of({"machine_id": machine.tolist(), "defects": defects.tolist()}, machine_id=NUMBER,
                                 defects=SUM))  # fmt: skip

    assert any("for machine 104" in one for one in told)
    assert not any("machine ID" in one for one in told)


def test_numbers_of_the_rows_divide_nothing() -> None:
    """A number that hardly comes back names a record."""
    rng = _rng()
    cells = {"machine_id": rng.integers(1, 400, ROWS).tolist(), "defects": rng.poisson(4, ROWS).tolist()}

    assert not any("machine" in one for one in headlines(insights_of(cells, machine_id=NUMBER, defects=SUM)))


def test_a_missed_appointment_is_what_happened() -> None:
    """Of "No-show" and "Attended" the bad one is told by how often it happens, and who waits longer."""
    rng = _rng()
    days = rng.integers(0, 40, ROWS)
    missed = rng.random(ROWS) < 0.05 + 0.01 * days
    booked = [date(2025, 1, 1) + timedelta(int(one)) for one in rng.integers(0, 300, ROWS)]
    cells: Cells = {
        "booked on": booked,
        "appointment date": [day + timedelta(int(lead)) for day, lead in zip(booked, days, strict=True)],
        "outcome": np.where(missed, "No-show", "Attended").tolist(),
    }

    told = headlines(insights_of(cells))

    assert any("from booked to appointment are No-show, against" in one for one in told)


def test_being_out_of_stock_is_said_as_people_say_it() -> None:
    """A flag called out_of_stock says of things that they are out of stock."""
    rng = _rng()
    supplier = rng.choice(["Kestrel", "Omni", "Delta"], ROWS)
    gone = rng.random(ROWS) < np.where(supplier == "Kestrel", 0.3, 0.05)

    told = headlines(insights_of({"supplier": supplier.tolist(), "out_of_stock": gone.tolist()}))

    assert any("of Kestrel records are out of stock, against " in one for one in told)


def test_who_has_most_to_do_is_not_asked_of_what_became_of_the_records() -> None:
    """More claims of each employee are approved than rejected; neither needs more people."""
    rng = _rng()
    cells = {
        "employee": [f"Person {one}" for one in rng.integers(0, 25, ROWS)],
        "status": rng.choice(["Approved", "Rejected"], ROWS, p=[0.9, 0.1]).tolist(),
        "currency": rng.choice(["EUR", "USD"], ROWS, p=[0.9, 0.1]).tolist(),
    }

    assert not _told("load", cells)


def test_what_takes_longest_is_late_by_definition() -> None:
    """The breach of a limit in time is told by team, never by the time itself."""
    rng = _rng()
    team = rng.choice(["Billing", "Network", "Accounts"], ROWS)
    hours = rng.lognormal(2, 0.6, ROWS) * np.where(team == "Billing", 2.5, 1)
    start = datetime.fromisoformat("2025-03-01")
    opened = [start + timedelta(minutes=int(one)) for one in rng.integers(0, 250_000, ROWS)]
    cells: Cells = {
        "opened at": opened,
        "closed at": [at + timedelta(hours=float(took)) for at, took in zip(opened, hours, strict=True)],
        "team": team.tolist(),
        "sla breached": (hours > 24).tolist(),
    }

    rates = [one.columns for one in _told("event_rate", cells)]

    assert ("sla breached", "team") in rates
    assert not any("closed at" in columns for columns in rates)


def test_the_calendar_is_named_only_where_both_follow_it() -> None:
    """Hours and what is billed for them go together on any day; ice cream and visitors do in summer."""
    rng = _rng()
    days = [date(2025, 1, 1) + timedelta(int(one)) for one in np.sort(rng.integers(0, 360, ROWS))]
    alpha = rng.uniform(2, 12, ROWS)
    warm = np.array([np.cos((day.month - 7) / 6 * np.pi) for day in days])

    steady = _told("correlation", {"day": days, "alpha": alpha.tolist(),
                                   "omega": (alpha + rng.normal(0, 2, ROWS)).tolist()})  # fmt: skip
    seasonal = _told("correlation", {"day": days, "alpha": (warm * 5 + rng.normal(0, 2, ROWS)).tolist(),
                                     "omega": (warm * 3 + rng.normal(0, 1.5, ROWS)).tolist()})  # fmt: skip

    assert steady[0].recommendation.what.endswith("would suggest, and ask what else decides there.")
    assert all("the calendar alone may move both" in one.recommendation.what for one in seasonal)


def _claims(*, twice: int, prices: bool = False) -> Cells:
    rng = _rng()
    amounts = rng.choice([12.5, 49.9, 99.9], ROWS) if prices else rng.lognormal(4, 1, ROWS).round(2)
    made = [
        (date(2025, 1, 1) + timedelta(int(day)), person, kind, float(amount))
        for day, person, kind, amount in zip(
            rng.integers(0, 200, ROWS), rng.choice(["Ana", "Ben", "Eva"], ROWS).tolist(),
            rng.choice(["Taxi", "Hotel"], ROWS).tolist(), amounts, strict=True,
        )
    ]  # fmt: skip
    made += made[:twice]
    return {
        "claim_id": [f"C{at:04d}" for at in range(len(made))],
        **{name: [row[at] for row in made] for at, name in enumerate(("date", "employee", "type", "amount"))},
    }


def test_claims_entered_again_under_a_new_number_are_told() -> None:
    """Whole rows differ by their number alone; the same amount on the same day hardly comes twice by chance."""
    (told,) = _told("repeated_records", _claims(twice=9), claim_id={"inferred_type": "identifier"}, amount=SUM)

    assert told.headline == "9 of 609 claims repeat an earlier one in everything but claim ID"
    assert ROWS in next(one.row_indices for one in told.evidence if one.row_indices)
    assert told.recommendation.what.startswith("Check the claims listed here before paying or counting them")


@pytest.mark.parametrize("cells", [_claims(twice=0), _claims(twice=2), _claims(twice=5, prices=True)],
                         ids=["none", "two may be chance", "of list prices many are equal"])  # fmt: skip
def test_equal_records_that_chance_makes_are_no_alarm(cells: Cells) -> None:
    """A shop sells one thing twice a day."""
    assert not _told("repeated_records", cells, claim_id={"inferred_type": "identifier"}, amount=SUM)


def test_a_profit_comes_after_the_price() -> None:
    """A profit that is sometimes lost is still what comes out, and is not told as what moves the price."""
    rng = _rng()
    price = rng.lognormal(3, 0.6, ROWS).round(2)
    profit = (price * rng.normal(0.4, 0.35, ROWS)).round(2)

    (told,) = _told("correlation", {"unit price": price.tolist(), "profit": profit.tolist()}, profit=SUM)

    assert told.headline.startswith("Higher unit price goes with higher profit: average ")
