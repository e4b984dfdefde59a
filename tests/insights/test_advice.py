"""Advice follows from what the columns are, and the summary tells in other words what the headlines say."""

import re
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from tests.insights.planted import KINDS, planted_table
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight

ROWS = 400


def _rng() -> np.random.Generator:
    return np.random.default_rng(11)


def _advice(insight: Insight) -> str:
    return insight.recommendation.what


def _first(kind: str, cells: Cells, **known: dict[str, str]) -> Insight:
    return next(one for one in insights_of(cells, **known).analyst_insights if one.kind == kind)


@pytest.mark.spec("C6")
@pytest.mark.parametrize("kind", KINDS)
def test_a_summary_repeats_no_headline_and_sentences_are_clean(kind: str) -> None:
    """Whatever a table shows: a capital, one full stop, no word twice in a row, and advice of a length people read."""
    plant = planted_table(kind, 3)

    told = insights_of(plant.cells, **plant.known)

    sentences = [*told.business_summary, *(_advice(one) for one in told.analyst_insights)]
    assert not {one.removesuffix(".") for one in told.business_summary} & set(headlines(told))
    for sentence in sentences:
        assert sentence[0].isupper() or not sentence[0].isalpha()
        assert sentence.endswith(".")
        assert not sentence.endswith("..")
        assert not re.search(r"\b([a-z]+) \1\b", sentence)
    assert all(4 <= len(_advice(one).split()) <= 25 for one in told.analyst_insights)


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("cause", "outcome", "advice"),
    [
        ("discount", "margin", "Try another discount on a small part, and compare margin there with the rest."),
        ("fee", "omega", "Check records whose omega is far from what their fee would suggest: each may be a slip."),
        ("age", "spend", "Compare spend only among records with a similar age."),
        ("height", "weight", "Judge weight by height: look at records far from others with a similar height."),
        ("first_reply", "rating", "Start with records that have first reply below 200: their rating is lowest."),
        ("alpha", "omega", "Check records whose omega is far from what their alpha would suggest: each may be a slip."),
    ],
    ids=["a lever", "a lever of nothing", "a property", "two properties", "a verdict", "a close tie"],
)
def test_advice_on_a_relation_follows_from_its_columns(cause: str, outcome: str, advice: str) -> None:
    """What people set is tried, what they meet is allowed for, and an exception to a close tie is looked at."""
    rng = _rng()
    x = rng.uniform(100, 900, ROWS)

    found = _first("correlation", {cause: x.tolist(), outcome: (x / 10 + rng.normal(0, 6, ROWS)).tolist()})

    assert _advice(found) == advice


@pytest.mark.spec("C6")
def test_a_column_that_may_stand_behind_a_relation_is_named() -> None:
    """Large sites have more of both: the advice names the site, and promises no cause."""
    rng = _rng()
    sites = [str(rng.choice(["North", "South"])) for _ in range(ROWS)]
    level = np.array([10.0 if site == "North" else 14.0 for site in sites])
    x = level + rng.normal(0, 2, ROWS)
    cells: Cells = {"site": sites, "alpha": x.tolist(), "omega": (x + level + rng.normal(0, 2, ROWS)).tolist()}

    assert (
        _advice(_first("correlation", cells)) == "Compare omega within one site at a time: site may stand behind both."
    )


@pytest.mark.spec("C6")
def test_few_records_are_a_hint_only() -> None:
    """A clear relation of thirty records is told with what it rests on."""
    rng = _rng()
    x = rng.uniform(1, 9, 30)

    found = _first("correlation", {"alpha": x.tolist(), "omega": (x + rng.normal(0, 2, 30)).tolist()})

    assert _advice(found) == "Take it as a hint until there are more than 30 records to judge by."


@pytest.mark.spec("C6")
def test_a_slow_end_is_followed_step_by_step() -> None:
    """Small claims take longest: that is where to look, and what causes it is left open."""
    rng = _rng()
    days = [date(2024, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 300, ROWS)]
    amounts = rng.uniform(100, 9000, ROWS)
    waits = np.maximum(1, 40 - amounts / 300 + rng.normal(0, 2, ROWS)).round().astype(int)
    closed = [day + timedelta(days=int(wait)) for day, wait in zip(days, waits, strict=True)]

    found = _first("correlation", {"opened": days, "closed": closed, "amount": amounts.tolist()})

    assert re.fullmatch(
        r"Follow some records with amount below [\d,]+ all the way from opened to closed: they take longest\.",
        _advice(found),
    )


@pytest.mark.spec("C7")
def test_an_agreed_term_goes_through_no_steps() -> None:
    """Nobody hurries a warranty: whether it is worth its length is the question."""
    rng = np.random.default_rng(3)
    bought = [date(2024, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 300, 300)]
    model = rng.choice(["Server", "Phone"], 300).tolist()
    days = np.where(np.array(model) == "Server", 1100, 400) + rng.integers(0, 90, 300)
    ends = [start + timedelta(days=int(term)) for start, term in zip(bought, days, strict=True)]

    found = insights_of({"purchased_on": bought, "warranty_expiration": ends, "model": model}).analyst_insights

    told = next(one for one in found if one.kind == "duration_difference")
    assert "step by step" not in told.recommendation.what
    assert told.recommendation.what.endswith("before the next one is agreed on.")


@pytest.mark.spec("C6")
def test_what_people_are_is_compared_among_the_alike() -> None:
    """A gap between women and men is looked at within the same job, where jobs differ between them."""
    rng = _rng()
    genders = [str(rng.choice(["Women", "Men"])) for _ in range(ROWS)]
    jobs = [str(rng.choice(["Clerk", "Nurse"], p=[0.2, 0.8] if one == "Women" else [0.8, 0.2])) for one in genders]
    pay = [float(rng.normal(3000 if job == "Clerk" else 2500, 150)) for job in jobs]

    told = insights_of({"gender": genders, "job": jobs, "monthly_pay": pay}).analyst_insights
    gap = next(one for one in told if one.columns == ("monthly_pay", "gender"))
    pair = next(one for one in told if one.kind == "association")

    assert _advice(gap) == ("See whether the gap in monthly pay remains among records alike in job before judging it.")
    assert _advice(pair) == "Compare job only among records alike in gender: the mix differs."


@pytest.mark.spec("C6")
def test_the_whole_and_nothing_are_said_in_words() -> None:
    """ "All 40 Web records are …" reads better than 100%, and "none" better than 0%."""
    rng = _rng()
    channels = ["Web"] * 40 + [str(rng.choice(["Store", "Phone"])) for _ in range(360)]
    returned = ["yes"] * 40 + ["yes" if rng.random() < 0.1 else "no" for _ in range(360)]

    found = next(
        one for one in insights_of({"channel": channels, "returned": returned}).analyst_insights
        if one.columns == ("returned", "channel")
    )  # fmt: skip

    assert found.headline.startswith("All 40 Web records are returned, against ")


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("cells", "advice"),
    [
        ("score", "Say with every figure of score how many records it rests on, and ask why the others have none."),
        ("team", "Show records without team as a group of their own wherever the table is split by it."),
        ("due", "Find out whether records without due are still waiting for it or were never dated."),
    ],
    ids=["numbers", "groups", "dates"],
)
def test_advice_on_empty_cells_follows_from_the_column(cells: str, advice: str) -> None:
    """Numbers are averaged, groups are split by, dates are waited for."""
    rng = _rng()
    filled: dict[str, list[object]] = {
        "score": rng.normal(5, 1, ROWS).tolist(),
        "team": [str(rng.choice(["Red", "Blue"])) for _ in range(ROWS)],
        "due": [date(2024, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 300, ROWS)],
    }
    values = [None if rng.random() < 0.3 else one for one in filled[cells]]

    assert _advice(_first("missing", {cells: values, "other": rng.normal(0, 1, ROWS).tolist()})) == advice


@pytest.mark.spec("C6")
def test_two_series_are_compared_by_their_changes() -> None:
    """Where every record is another month, what drifts together need not be tied."""
    rng = _rng()
    months = [date(2000 + month // 12, month % 12 + 1, 1) for month in range(120)]
    drift = np.linspace(0, 10, 120)
    cells: Cells = {
        "month": months,
        "alpha": (drift + rng.normal(0, 2, 120)).tolist(),
        "omega": (drift + rng.normal(0, 2, 120)).tolist(),
    }

    found = next(one for one in insights_of(cells).analyst_insights if one.kind == "correlation")

    assert _advice(found) == ("Compare how alpha and omega change from one record to the next: both may only drift.")


@pytest.mark.spec("C6")
def test_a_value_that_names_its_column_stands_alone() -> None:
    """ "Choice choice3" would say it twice."""
    rng = _rng()
    choices = [f"choice{rng.integers(1, 6)}" for _ in range(ROWS)]
    costs = [float(rng.normal(5 + int(one[-1]), 1)) for one in choices]

    found = _first("group_difference", {"choice": choices, "cost": costs})

    assert _advice(found) == "Compare choice5 with choice1 before setting one target for cost."
    assert "within" not in found.detail.lower()


@pytest.mark.spec("C6")
def test_records_of_one_day_do_not_run_from_it_to_itself() -> None:
    """A night's log is all of one day."""
    rng = _rng()
    start = datetime.fromisoformat("2024-05-03T08:00")
    times = [start + timedelta(minutes=int(one)) for one in rng.integers(0, 600, 60)]

    told = insights_of({"logged": times, "load": rng.normal(0, 1, 60).tolist()})

    assert "The 60 records are all of 3 May 2024." in told.business_summary


@pytest.mark.spec("C6")
def test_a_group_of_one_kind_only_is_said_to_be_always_so() -> None:
    """ "Team is always Finance desk" says more plainly what "Finance desk 100%" means."""
    rng = _rng()
    topics = [str(rng.choice(["Billing", "Account", "Delivery"])) for _ in range(ROWS)]
    teams = ["Finance desk" if one == "Billing" else str(rng.choice(["First line", "Second line"])) for one in topics]
    hours = [float(rng.normal(30 if one == "Billing" else 10, 3)) for one in topics]

    gap = next(
        one for one in insights_of({"topic": topics, "team": teams, "hours": hours}).analyst_insights
        if one.columns == ("hours", "topic")
    )  # fmt: skip

    assert "Within the Billing records, team is always Finance desk." in gap.detail


@pytest.mark.spec("C6")
def test_a_figure_behind_a_name_that_ends_in_one_stands_in_brackets() -> None:
    """ "Zone 1 148" reads as one number; "1 (148)" does not."""
    rng = _rng()
    zones = [int(one) for one in rng.integers(1, 6, ROWS)]
    costs = [float(rng.normal(100 + 10 * zone, 4)) for zone in zones]

    gap = _first("group_difference", {"zone": zones, "cost": costs}, zone={"inferred_type": "categorical"})

    assert re.match(r"Average cost across zones: 5 \(1\d\d\), 4 \(1\d\d\), ", gap.detail)


@pytest.mark.spec("C6")
def test_a_value_that_says_nothing_alone_is_told_with_its_column() -> None:
    """Insurance is "yes" for most of one plan's records: that is to be allowed for, not a place to look at."""
    rng = _rng()
    plans = [str(rng.choice(["Basic", "Plus", "Max"])) for _ in range(ROWS)]
    insured = ["yes" if rng.random() < (0.8 if one == "Max" else 0.2) else "no" for one in plans]

    pair = _first("association", {"plan": plans, "insurance": insured})

    assert re.fullmatch(r"When judging Max records, allow for insurance: it is yes for \d\d% of them\.", _advice(pair))
