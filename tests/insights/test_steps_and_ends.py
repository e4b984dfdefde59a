"""How many go on from step to step, periods that cannot be whole, and one relation told once."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight

pytestmark = pytest.mark.spec("C6")

ROWS = 1_200
SUM = {"role": "sum"}


def _rng() -> np.random.Generator:
    return np.random.default_rng(43)


def _told(kind: str, cells: Cells, **known: Any) -> list[Insight]:
    return [one for one in insights_of(cells, **known).analyst_insights if one.kind == kind]


def _sessions() -> dict[str, list[Any]]:
    rng = _rng()
    cart = rng.random(ROWS) < 0.4
    checkout = cart & (rng.random(ROWS) < 0.5)
    bought = checkout & (rng.random(ROWS) < 0.7)
    return {"added_to_cart": cart.tolist(), "reached_checkout": checkout.tolist(), "purchased": bought.tolist()}


def test_a_way_of_steps_is_told_by_how_many_go_on() -> None:
    """Each yes needs the one before it: that buyers had been at the checkout is no finding, where they are lost is."""
    told = _told("event_rate", _sessions())

    (way,) = (one for one in told if " go on to " in one.headline)
    assert way.columns == ("added_to_cart", "reached_checkout", "purchased")
    assert way.headline == (
        "51% of the 468 records at added to cart go on to reached checkout; of these, 67% to purchased"
    )
    assert way.recommendation.what == (
        "Work on the step from added to cart to reached checkout first: most are lost there."
    )
    assert not any("against none" in one.headline for one in told)


def test_answers_that_do_not_need_each_other_are_no_way() -> None:
    """Who opened a letter may have replied to another."""
    rng = _rng()
    cells: Cells = {name: (rng.random(ROWS) < share).tolist() for name, share in (("opened", 0.5), ("replied", 0.3))}

    assert not any(" go on to " in one for one in headlines(insights_of(cells)))


def test_months_after_the_last_booking_are_no_decline() -> None:
    """Appointments thin out behind the day on which the list of bookings ends."""
    rng = _rng()
    leads = rng.exponential(25, ROWS)
    booked = [date(2024, 1, 1) + timedelta(int(one)) for one in np.sort(rng.integers(0, 500, ROWS))]
    cells: Cells = {
        "appointment date": [day + timedelta(int(one)) for day, one in zip(booked, leads, strict=True)],
        "booked on": booked,
        "service": rng.choice(["Dental", "Eyes"], ROWS).tolist(),
    }  # fmt: skip

    changes = [one for one in insights_of(cells).analyst_insights if one.kind in {"period_change", "trend", "course"}]

    assert not changes


def test_two_causes_that_go_together_are_told_once() -> None:
    """Hours planned and hours worked go together, each with what was billed."""
    rng = _rng()
    planned = rng.uniform(2, 12, ROWS)
    worked = planned * rng.normal(1, 0.15, ROWS)
    cells: Cells = {
        "weight": planned.tolist(), "length": worked.tolist(), "rating": (worked + rng.normal(0, 2, ROWS)).tolist(),
    }  # fmt: skip

    about = [one.columns for one in _told("correlation", cells) if "rating" in one.columns]

    assert len(about) == 1


def test_age_is_what_others_follow() -> None:
    """Nothing makes anybody older: schooling differs by age, not the other way round."""
    rng = _rng()
    age = rng.integers(20, 80, ROWS)
    education = 16 - age / 20 + rng.normal(0, 1, ROWS)

    (told,) = _told("correlation", {"education": education.tolist(), "age": age.tolist()})

    assert told.headline.startswith("Higher age goes with lower education: average ")


def test_things_without_stock_are_told_once() -> None:
    """What is not on hand has no value either; both columns say the same of the same rows."""
    rng = _rng()
    stock = np.where(rng.random(ROWS) < 0.2, 0, rng.integers(1, 300, ROWS))
    cells: Cells = {
        "stock on hand": stock.tolist(), "stock value": (stock * rng.lognormal(2, 1, ROWS)).round(2).tolist()
    }  # fmt: skip

    assert len(_told("distribution", cells, **{"stock on hand": SUM, "stock value": SUM})) == 1


def test_what_most_are_not_holds_no_news() -> None:
    """That those who do not smoke have most of the claims follows from how few smoke."""
    rng = _rng()
    smokes = rng.random(ROWS) < 0.25
    claims = rng.exponential(np.where(smokes, 60.0, 100.0))

    told = _told("share", {"smoker": smokes.tolist(), "claims": claims.tolist()}, claims=SUM)

    assert not any("smoker is no" in one.headline for one in told)


def test_advice_names_the_records_of_a_no() -> None:
    """“Begin with reminder no” is no sentence: those without one are."""
    rng = _rng()
    reminded = rng.random(ROWS) < 0.5
    missed = rng.random(ROWS) < np.where(reminded, 0.08, 0.25)

    told = _told("event_rate", {"reminder": reminded.tolist(), "no show": missed.tolist()})

    advice = next(one.recommendation.what for one in told if "reminder" in one.columns)
    assert advice.startswith("Begin with records whose reminder is no when working on no show")
