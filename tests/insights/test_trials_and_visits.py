"""What a trial is made for, what visits come to, and what begins late: how often, told by whom and from where on."""

from typing import Any

import numpy as np
import pytest
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight

pytestmark = pytest.mark.spec("C6")

ROWS = 6_000


def _rng() -> np.random.Generator:
    return np.random.default_rng(47)


def _rates(cells: Cells, **known: Any) -> list[Insight]:
    return [one for one in insights_of(cells, **known).analyst_insights if one.kind == "event_rate"]


def test_the_lift_of_a_trial_comes_first() -> None:
    """A lift of a fifth is little between regions, and all that a trial is run for."""
    rng = _rng()
    arm = rng.choice(["control", "treatment"], 2 * ROWS)
    share = np.where(arm == "treatment", 0.125, 0.1)

    first = _rates({"group": arm.tolist(), "converted": (rng.random(2 * ROWS) < share).tolist()})[0]

    assert first.columns == ("converted", "group")
    assert first.headline == (
        "12.4% of records whose group is treatment are converted, against 9.4% of those where it is control"
    )
    assert first.recommendation.what.startswith("Give group treatment to more")


def test_a_trial_that_changed_nothing_has_no_lift() -> None:
    """Two arms that differ by chance are not told apart."""
    rng = _rng()
    cells: Cells = {
        "group": rng.choice(["control", "treatment"], ROWS).tolist(), "converted": (rng.random(ROWS) < 0.1).tolist(),
    }  # fmt: skip

    assert all(one.columns == ("converted",) for one in _rates(cells))


def test_a_yes_of_transactions_says_whether_a_visit_came_to_one() -> None:
    """Exports of web analytics call the yes of a visit by what it counts."""
    rng = _rng()
    device = rng.choice(["mobile", "desktop"], ROWS)
    bought = rng.random(ROWS) < np.where(device == "desktop", 0.08, 0.02)

    first = _rates({"device": device.tolist(), "transactions": bought.tolist()})[0]

    assert first.headline.endswith("whose device is desktop have transactions, against 1.8% of the others")


def test_letters_opened_and_courses_completed_are_what_happened() -> None:
    """No other column says so: by the variant of a letter, and by course."""
    rng = _rng()
    variant = rng.choice(["A", "B"], ROWS)
    course = rng.choice(["Safety", "Python"], ROWS)
    opened = rng.random(ROWS) < np.where(variant == "B", 0.28, 0.22)
    completed = rng.random(ROWS) < np.where(course == "Python", 0.5, 0.8)

    letters = _rates({"variant": variant.tolist(), "opened": opened.tolist()})
    courses = _rates({"course": course.tolist(), "completed": completed.tolist(), "logins": [1, 2, 3] * (ROWS // 3)})

    assert letters[0].headline.endswith("% of those where it is A")
    assert courses[0].columns == ("completed", "course")
    assert " are completed, against " in courses[0].headline


def test_what_an_end_is_made_of_is_no_cause_of_it() -> None:
    """A visit of one page is what bounced means."""
    rng = _rng()
    bounced = rng.random(ROWS) < 0.4
    pages = np.where(bounced, 1, 1 + rng.poisson(3, ROWS))
    source = rng.choice(["Search", "Social"], ROWS)

    told = _rates({"pages": pages.tolist(), "bounced": bounced.tolist(), "source": source.tolist()})

    assert not any("pages" in one.columns for one in told)


def test_what_begins_late_is_told_from_there_on() -> None:
    """Only the last hours of a tool's life matter, and no rank or quarter shows it."""
    rng = _rng()
    wear = rng.uniform(0, 100, ROWS)
    failed = rng.random(ROWS) < np.where(wear > 96, 0.16, 0.05)

    told = headlines(insights_of({"wear": wear.tolist(), "failure": failed.tolist()}))

    assert told[0].startswith("The failure rate is 13% with wear at 96 or more, against ")


def test_what_few_records_show_is_told_by_its_ends() -> None:
    """A small table's test need not be beyond all doubt for its two ends to be told."""
    rng = _rng()
    before = rng.poisson(3, 400)
    again = rng.random(400) < np.where(before >= 5, 0.42, 0.22)

    told = [
        one for one in _rates({"offences before": before.tolist(), "failed": again.tolist()}) if len(one.columns) > 1
    ]

    assert len(told) == 1
    assert " with offences before at 5 or more " in told[0].headline or " below 2 " in told[0].headline


def test_two_ends_of_a_status_are_told_once() -> None:
    """Who was not delivered was cancelled: the rarer of the two is the news."""
    rng = _rng()
    zone = rng.choice(["Harbor", "Hill", "Mill"], ROWS)
    status = np.where(rng.random(ROWS) < np.where(zone == "Harbor", 0.2, 0.05), "Cancelled", "Delivered")

    told = [one.headline for one in _rates({"zone": zone.tolist(), "status": status.tolist()}) if "zone" in one.columns]

    assert told == ["19% of Harbor records are Cancelled, against 4.6% of the others"]


def test_a_column_of_two_amounts_in_a_unit_can_be_what_decides() -> None:
    """Loans run three or five years: two values, and an amount."""
    rng = _rng()
    term = rng.choice([3, 5], ROWS)
    status = np.where(rng.random(ROWS) < np.where(term == 5, 0.25, 0.1), "Charged Off", "Fully Paid")

    told = _rates(
        {"term": term.tolist(), "loan status": status.tolist()}, term={"unit": "years", "subtype": "unit"}
    )  # fmt: skip

    assert told[0].headline == (
        "24% of records with term at 5 years or more are Charged Off, against 9.5% below 5 years"
    )
