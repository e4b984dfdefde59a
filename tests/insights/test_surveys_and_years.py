"""Findings about columns that belong together: one question asked of several things, years, boxes to tick."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.insights.tables import Cells, headlines, insights_of

from datapilot.contracts.insight import Insight
from datapilot.words.labels import question_and_item

ASKED = "How would you rate the following parts of our service?"
PARTS = ("Price", "Speed", "Kindness")


def _rng() -> np.random.Generator:
    return np.random.default_rng(47)


def _told(kind: str, cells: Cells, **known: dict[str, str]) -> list[Insight]:
    return [one for one in insights_of(cells, **known).analyst_insights if one.kind == kind]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("How good is it?: Price", ("How good is it?", "Price")),
        ("How good is it? [Price]", ("How good is it?", "Price")),
        ("Rate the service [Price]", ("Rate the service", "Price")),
        ("Price", None),
        ("Race: White", None),
        ("Temperature [C]", None),
        ("CO [ppm", None),
    ],
)
def test_a_question_and_the_thing_it_is_asked_of_are_told_apart(name: str, parts: tuple[str, str] | None) -> None:
    """The forms in which survey tools head the columns of one question."""
    assert question_and_item(name) == parts


@pytest.mark.spec("C6")
def test_ratings_of_several_things_are_compared() -> None:
    """The best and the worst rated thing are named, with the question once."""
    rng = _rng()
    levels = {"Price": 2.0, "Speed": 3.0, "Kindness": 4.2}
    cells = {f"{ASKED}: {part}": np.clip(rng.normal(levels[part], 0.8, 200).round(), 1, 5).tolist() for part in PARTS}

    (battery,) = _told("battery", cells)

    assert battery.headline.startswith("Kindness averages 4.")
    assert "Price 2" in battery.headline
    assert battery.headline.count("How would you rate") == 1


@pytest.mark.spec("C6")
def test_answers_about_several_things_are_compared() -> None:
    """Of the commonest answer it is told where it is given most and least; no single column is told beside it."""
    rng = _rng()
    chances = {"Price": 0.3, "Speed": 0.5, "Kindness": 0.8}
    cells = {
        f"{ASKED} [{part}]": ["Good" if rng.random() < chances[part] else "Bad" for _ in range(200)] for part in PARTS
    }

    told = insights_of(cells).analyst_insights

    assert [one.kind for one in told if one.kind in {"battery", "dominance"}] == ["battery"]
    assert told[0].headline.startswith("Good is said of Kindness in ")


@pytest.mark.spec("C6")
def test_boxes_to_tick_are_counted_and_not_called_missing() -> None:
    """An empty box says no; that is an answer."""
    rng = _rng()
    chances = {"Price": 0.3, "Speed": 0.5, "Kindness": 0.8}
    cells = {f"{ASKED}: {part}": [part if rng.random() < chances[part] else None for _ in range(200)] for part in PARTS}
    cells |= {"answer": [str(rng.choice(["a", "b"])) for _ in range(200)]}

    told = insights_of(cells).analyst_insights

    assert not [one for one in told if one.kind == "missing"]
    assert next(one for one in told if one.kind == "battery").headline.startswith("Kindness is ticked by ")


@pytest.mark.spec("C6")
def test_things_that_are_rated_alike_are_not_compared() -> None:
    """Chance alone makes some thing come first."""
    for seed in range(10):
        rng = np.random.default_rng(seed)
        cells = {f"{ASKED}: {part}": rng.integers(1, 6, 150).tolist() for part in PARTS}

        assert not _told("battery", cells)


@pytest.mark.spec("C6")
def test_years_in_a_column_of_plain_numbers_tell_the_time() -> None:
    """A table with a year and no date has trends too, by year."""
    rng = _rng()
    years = [1990 + row % 25 for row in range(500)]
    cells = {"year": years, "wage": [20 + 0.8 * (year - 1990) + float(rng.normal(0, 1)) for year in years]}

    (trend,) = _told("trend", cells, year={"subtype": "year"})

    assert trend.headline.startswith("Average wage ")
    assert "in 1990" in trend.headline
    assert "in 2014" in trend.headline


@pytest.mark.spec("C6")
def test_years_beside_each_other_are_a_series() -> None:
    """Columns named by years are added up one by one and told as a change."""
    rng = _rng()
    cells = {str(year): (rng.gamma(5, 20, 60) * (year - 1995)).round(2).tolist() for year in range(2000, 2012)}

    told = _told("trend", cells, **{name: {"role": "sum"} for name in cells})

    assert told[0].headline.startswith("The total over all records grew from ")
    assert " in 2000 to " in told[0].headline
    assert told[0].headline.endswith(" in 2011")


@pytest.mark.spec("C6")
def test_a_share_that_drifts_is_told_with_both_ends() -> None:
    """What a group made up in the first third of the records, and what it makes up now."""
    rng = _rng()
    days = [date(2021, 1, 1) + timedelta(days=row) for row in range(1000)]
    ways = ["Online" if rng.random() < 0.2 + 0.5 * row / 1000 else "Shop" for row in range(1000)]

    (mix,) = _told("mix_change", {"day": days, "way": ways})

    assert mix.headline.startswith("Online records make up ")
    assert ", up from " in mix.headline


@pytest.mark.spec("C6")
def test_a_column_that_spells_the_time_has_no_burst() -> None:
    """That all films of the nineties are of the decade "3" is how the column was made."""
    days = [date(2010, 1, 1) + timedelta(days=row) for row in range(1800)]
    cells: Cells = {"day": days, "phase": [f"Phase {(day.year - 2010) // 2}" for day in days]}

    assert not {"burst", "mix_change"} & {one.kind for one in insights_of(cells).analyst_insights}


@pytest.mark.spec("C6")
def test_classes_cut_from_a_quantity_are_no_finding() -> None:
    """Large orders have larger amounts, because large means that."""
    rng = _rng()
    amounts = rng.uniform(0, 100, 400).round(1).tolist()
    sizes = ["Small" if amount < 30 else "Middle" if amount < 70 else "Large" for amount in amounts]

    assert not _told("group_difference", {"band": sizes, "amount": amounts})


@pytest.mark.spec("C6")
def test_columns_that_miss_the_same_cells_are_told_once() -> None:
    """One export that lost two columns is one finding."""
    rng = _rng()
    lost = rng.random(300) < 0.2
    cells = {
        "height": [None if gone else float(rng.normal()) for gone in lost],
        "weight": [None if gone else float(rng.normal()) for gone in lost],
    }

    (missing,) = _told("missing", cells)

    assert missing.headline.startswith("Height is missing for ")
    assert missing.headline.endswith(", always together with weight")


@pytest.mark.spec("C6")
def test_a_round_amount_that_comes_back_is_no_double_entry() -> None:
    """People round; only who stands behind it makes it a finding."""
    rng = _rng()
    amounts = [2000.0 if row % 20 == 0 else round(float(rng.uniform(100, 5000)), 2) for row in range(400)]
    cells = {"amount": amounts, "way": [str(rng.choice(["Card", "Cash"])) for _ in amounts]}

    assert not _told("repeated_records", cells, amount={"role": "sum"})


@pytest.mark.spec("C6")
def test_answers_are_named_with_their_question() -> None:
    """“No” is nobody's name; the sentence says to what."""
    rng = _rng()
    fans = [bool(rng.random() < 0.5) for _ in range(300)]
    cells = {
        "Do you call yourself a fan of the film series?": fans,
        "score": [float(rng.normal(3 + fan, 0.5)) for fan in fans],
    }

    assert " with the answer " in headlines(insights_of(cells))[0]


@pytest.mark.spec("C6")
def test_a_trend_begins_where_there_are_records_enough() -> None:
    """The average of a single record of the first year is no starting point."""
    rng = _rng()
    years = [1990] + [1991 + row % 24 for row in range(500)]
    wages = [500.0] + [20 + 0.8 * (year - 1990) + float(rng.normal(0, 1)) for year in years[1:]]

    (trend,) = _told("trend", {"year": years, "wage": wages}, year={"subtype": "year"})

    assert "in 1991 to " in trend.headline


@pytest.mark.spec("C6")
def test_a_region_within_its_continent_is_no_finding() -> None:
    """That nearly all of one column's values lie in one value of another is how places are filed."""
    rng = _rng()
    where = {"Caribbean": "America", "Andes": "America", "Alps": "Europe", "Balkans": "Europe"}
    regions = [str(rng.choice(list(where))) for _ in range(300)]
    continents = [where[region] if rng.random() < 0.97 else "Asia" for region in regions]

    assert not _told("association", {"part": regions, "continent": continents})


def test_of_a_year_the_figure_is_missing() -> None:
    """A column named 2012 holds what was counted in 2012: the year itself is not gone."""
    rng = np.random.default_rng(4)
    cells: Cells = {
        str(year): [None if year == 2012 and at % 3 == 0 else float(rng.normal(50, 5)) for at in range(60)]
        for year in (2010, 2011, 2012, 2013)
    }

    told = insights_of(cells)

    (missing,) = [one for one in told.analyst_insights if one.kind == "missing"]
    assert missing.headline == "The figure for 2012 is missing for 33% of all records"
    assert "For 33% of all records the figure for 2012 is not known." in told.business_summary


@pytest.mark.spec("C6")
def test_statements_marked_with_points_stand_beside_each_other() -> None:
    """Each is a column of its own, with no question in common; what nobody gave five points belongs to them too."""
    rng = np.random.default_rng(19)

    def points(mean: float, most: int = 5) -> list[int]:
        return [int(one) for one in np.clip(rng.normal(mean, 0.9, 240).round(), 1, most)]

    cells: Cells = {
        "My manager listens to me": points(4.1), "Workload is fair": points(3.2),
        "I am satisfied with my pay": points(2.0, most=4), "How likely are you to recommend us?": points(7, most=10),
    }  # fmt: skip

    (told,) = (one for one in insights_of(cells).analyst_insights if one.kind == "battery")

    assert told.headline.startswith("“My manager listens to me” gets the most points, ")
    assert " on average; “I am satisfied with my pay” the fewest, " in told.headline
    assert told.recommendation.what == "Work on “I am satisfied with my pay” first: it gets the fewest points."
    assert "recommend" not in told.detail
