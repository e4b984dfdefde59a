"""What looks like a finding and is none: reversals, single rows, censored ends, sparse groups."""

from datetime import date, timedelta

import numpy as np
from tests.insights.tables import headlines, insights_of


def _rng() -> np.random.Generator:
    return np.random.default_rng(23)


def test_group_that_reverses_in_its_strata_is_not_told() -> None:
    """Simpson: men seem paid less overall, and are paid more in every grade; neither is said of all."""
    rng = _rng()
    grades = [str(rng.choice(["Junior", "Senior"])) for _ in range(800)]
    sexes = [("Man" if rng.random() < (0.85 if grade == "Junior" else 0.15) else "Woman") for grade in grades]
    pay = [
        float(rng.normal(30 if grade == "Junior" else 60, 3)) + 4 * (sex == "Man")
        for grade, sex in zip(grades, sexes, strict=True)
    ]

    told = insights_of({"grade": grades, "sex": sexes, "pay": pay}).analyst_insights

    assert any(set(insight.columns) == {"pay", "grade"} for insight in told)
    assert not any(set(insight.columns) == {"pay", "sex"} for insight in told)


def test_relation_that_reverses_in_its_strata_is_not_told() -> None:
    """Two numbers that rise together over all sites but fall together at each are no relation."""
    rng = _rng()
    sites = [str(rng.choice(["Alpha", "Bravo", "Charlie"])) for _ in range(600)]
    centre = {"Alpha": 0.0, "Bravo": 20.0, "Charlie": 40.0}
    heat = [centre[site] + float(rng.normal(0, 4)) for site in sites]
    wear = [2 * centre[site] - value + float(rng.normal(0, 1)) for site, value in zip(sites, heat, strict=True)]

    told = insights_of({"site": sites, "heat": heat, "wear": wear}).analyst_insights

    assert not any(insight.kind == "correlation" for insight in told)


def test_single_row_makes_no_correlation() -> None:
    """One far point on both axes lifts Pearson's r and nothing else."""
    rng = _rng()
    x, y = rng.normal(size=300).tolist(), rng.normal(size=300).tolist()
    x[7], y[7] = 400.0, 400.0

    told = insights_of({"x": x, "y": y}).analyst_insights

    assert not any(insight.kind == "correlation" for insight in told)


def test_open_ends_make_no_trend() -> None:
    """Recent cases are closed only when they were quick: durations of late periods are not compared."""
    rng = _rng()
    starts = sorted(date(2023, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 600, 900))
    ends = [start + timedelta(days=int(rng.gamma(2, 60))) for start in starts]
    closed = [end if end <= date(2024, 8, 24) else None for end in ends]

    told = insights_of({"opened_at": starts, "closed_at": closed}).analyst_insights

    assert not any(insight.kind in {"trend", "change_point"} and "closed_at" in insight.columns for insight in told)


def test_backward_dates_are_told_instead_of_a_duration() -> None:
    """Dates that often stand the wrong way round are a flaw, and no duration is made of them."""
    rng = _rng()
    starts = [date(2024, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 300, 400)]
    ends = [date(2024, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 300, 400)]

    told = insights_of({"opened_at": starts, "processed_on": ends})

    assert any(headline.startswith("Processed on lies before opened at in ") for headline in headlines(told))
    assert not any("from opened to processed" in headline for headline in headlines(told))


def test_groups_of_a_few_rows_are_not_compared() -> None:
    """A group of three rows, however far off, is no group."""
    rng = _rng()
    teams = ["Blue", "Green"] * 150
    scores = rng.normal(50, 5, 300).tolist()
    for row in (3, 50, 120):
        teams[row], scores[row] = "Tiny", 90.0

    told = headlines(insights_of({"team": teams, "score": scores}))

    assert not any("Tiny" in headline for headline in told)


def test_two_names_of_one_division_are_told_once() -> None:
    """A building and its use divide the rows alike; the gap is one sentence."""
    rng = _rng()
    codes = rng.integers(0, 3, 400)
    buildings = [("B-01", "B-02", "B-03")[code] for code in codes]
    uses = [("Office", "School", "Sports hall")[code] for code in codes]
    energy = (rng.normal(100, 10, 400) + 80 * (codes == 2)).tolist()

    told = insights_of({"building": buildings, "use": uses, "energy": energy}).analyst_insights

    assert sum(insight.kind == "group_difference" for insight in told) == 1


def test_all_groups_rising_are_told_as_the_whole() -> None:
    """When every channel grows, the growth of all records is the finding, not five sentences."""
    rng = _rng()
    months = rng.choice(24, 2400, p=np.arange(10, 34) / np.arange(10, 34).sum())
    days = [date(2023 + month // 12, 1 + month % 12, int(rng.integers(1, 29))) for month in months.tolist()]
    channels = [str(rng.choice(["Online", "Store", "Partner"])) for _ in days]

    trends = [one for one in insights_of({"day": days, "channel": channels}).analyst_insights if one.kind == "trend"]

    assert len(trends) == 1
    assert trends[0].headline.startswith("Records per month grew from ")


def test_salary_among_withdrawals_is_no_mark_for_missing() -> None:
    """A round amount that comes every month, far above the rest, is what it is."""
    rng = _rng()
    amounts = [3800.0 if row % 30 == 0 else -float(round(rng.uniform(3, 95), 2)) for row in range(360)]

    told = insights_of({"payee": [f"P{row % 7}" for row in range(360)], "amount": amounts}).analyst_insights

    assert not any(insight.kind == "sentinel" for insight in told)


def test_marks_for_missing_are_told() -> None:
    """Nines behind the greatest value, with tenths as weather services write them, and a number below zero where
    nothing else is."""
    rng = _rng()
    heights = [9999.0 if row % 25 == 0 else float(round(rng.normal(170, 8), 1)) for row in range(400)]
    depths = [-200.0 if row % 20 == 0 else float(round(rng.uniform(2, 9), 2)) for row in range(400)]

    pressures = [9999.9 if row % 15 == 0 else float(round(rng.normal(1010, 6), 1)) for row in range(400)]

    told = insights_of({"height": heights, "depth": depths, "pressure": pressures}).analyst_insights

    marked = {insight.columns for insight in told if insight.kind == "sentinel"}
    assert marked == {("height",), ("depth",), ("pressure",)}


def test_flags_made_of_one_column_are_no_relation() -> None:
    """Where one of two yes-or-no columns rules the other out, or implies it, that is how they were made."""
    rng = _rng()
    kinds = rng.integers(0, 3, 600)
    table = {f"is_{name}": ["yes" if kind == code else "no" for kind in kinds] for code, name in enumerate("abc")}

    told = insights_of(table).analyst_insights

    assert not any(insight.kind == "association" for insight in told)


def test_small_counts_that_come_back_are_no_repeated_amount() -> None:
    """Twenty orders of one piece among many sizes are twenty orders."""
    rng = _rng()
    pieces = [1.0 if row % 10 == 0 else float(rng.integers(2, 5000)) for row in range(300)]

    told = insights_of({"pieces": pieces}).analyst_insights

    assert not any(insight.kind == "repeated_records" for insight in told)


def test_gap_that_no_reader_would_see_is_not_told() -> None:
    """1.021 against 1.018 prints as 1.02 against 1.02."""
    rng = _rng()
    found = [str(rng.choice(["yes", "no"])) for _ in range(400)]
    gravity = [round(float(rng.normal(1.0212 if one == "yes" else 1.0188, 0.001)), 4) for one in found]

    told = insights_of({"crystals": found, "gravity": gravity}).analyst_insights

    assert not any("1.02" in insight.headline and insight.headline.count("1.02") > 1 for insight in told)
