"""Clouds of rows of two numbers, places where they lie, and the map of all correlations."""

import random
import re

import numpy as np
import pytest
from tests.analysis.drawn_charts import chart, drawn, sales
from tests.engine.tables import column, make_table

pytestmark = pytest.mark.spec("B4")


def test_a_scatter_shows_every_nth_row() -> None:
    """The points can be found again in the file."""
    table = sales(rows=2000)

    spec = chart(drawn(table), "scatter")

    assert spec.sample is not None
    assert spec.sample.step == 4
    one, other = spec.sample.columns
    units = {column.name: column.unit for column in table.columns}
    assert (spec.x_unit, spec.unit) == (units[one], units[other])
    assert "EUR" in (spec.x_unit, spec.unit)
    both = f"{table.physical(one)}, {table.physical(other)}"
    rows = table.connection.execute(
        f"SELECT {both} FROM {table.relation} WHERE rowid % 4 = 0 ORDER BY rowid"
    ).fetchall()
    assert [(record["x"], record["y"]) for record in spec.data] == rows


def test_a_map_of_correlations_has_no_gaps() -> None:
    """Where there are more relations than a profile keeps, the map's own pairs are computed all the same."""
    chance = np.random.default_rng(3)
    amounts = chance.normal(size=(300, 24))
    amounts[:, 1:] += 0.4 * amounts[:, :1]

    columns = [column(f"n{place}", "DOUBLE") for place in range(24)]
    spec = chart(drawn(make_table(columns, amounts.tolist())), "heatmap")

    shown = {record["x"] for record in spec.data}
    assert len(spec.data) == len(shown) * (len(shown) - 1)


def test_a_handful_of_rows_has_no_map_of_correlations() -> None:
    """Three rows nearly always lie on a line; a map would show what chance made."""
    rows = [[3, 1, 9, 2], [2, 2, 4, 7], [1, 3, 1, 5]]

    found = drawn(make_table([column(name, "DOUBLE") for name in "abcd"], rows))

    assert all(one.type != "heatmap" for one in found.charts)


def test_columns_that_say_the_same_have_no_map() -> None:
    """Years side by side that hardly differ would be a wall of ones."""
    rows = [[index * factor for factor in (1, 1.01, 1.02, 1.03, 1.04)] for index in range(80)]

    found = drawn(make_table([column(f"y{year}", "DOUBLE") for year in range(5)], rows))

    assert all(one.type != "heatmap" for one in found.charts)


def test_number_that_stands_for_no_value_keeps_no_column_from_its_cloud() -> None:
    """Three sensors of one thing: where one fails it writes -200, which lies in no cloud and makes no relation."""
    chance = random.Random(29)
    rows = []
    for index in range(400):
        level = chance.gauss(20, 3)
        fails = [index % 5 == 0, index % 7 == 0, False]
        rows.append([-200.0 if one else round(level + chance.gauss(0, 2), 2) for one in fails])
    names = ("north", "south", "roof")

    found = drawn(make_table([column(name, "DOUBLE", role="average") for name in names], rows))

    clouds = [one for one in found.charts if one.type == "scatter"]
    assert clouds
    assert all(float(str(value)) > 0 for one in clouds for record in one.data for value in record.values())
    assert all("−200 stands for no value: rows with it are left out." in (one.note or "") for one in clouds)
    (heatmap,) = (one for one in found.charts if one.type == "heatmap")
    assert all(0.3 < float(str(record["value"])) < 0.9 for record in heatmap.data)
    assert (heatmap.note or "").startswith("−200 stands for no value")


def test_columns_are_not_one_figure_because_both_fail_together() -> None:
    """-200 in the same rows of two unrelated columns correlates them at one; each is still drawn."""
    chance = random.Random(30)
    rows = [
        [-200.0, -2_000.0] if index % 3 == 0 else [chance.gauss(20, 1), chance.gauss(300, 10)] for index in range(300)
    ]

    found = drawn(make_table([column(name, "DOUBLE", role="average") for name in ("heat", "light")], rows))

    assert {one.x_label for one in found.charts if one.type == "histogram"} == {"Heat", "Light"}
    assert not [one for one in found.charts if one.type == "scatter"]


def test_map_does_not_repeat_the_title_of_a_cloud() -> None:
    """The closest pair is named once, by its cloud."""
    found = drawn(sales())

    titles = [one.title for one in found.charts if one.type in {"scatter", "heatmap"}]
    assert sum("r =" in title for title in titles) == sum(one.type == "scatter" for one in found.charts)
    assert any(one.type == "heatmap" for one in found.charts)


def test_cloud_of_two_columns_that_others_have_shown_is_left_out() -> None:
    """Where length goes with width and with weight, width and weight go together as well."""
    chance = random.Random(12)
    rows = []
    for _ in range(300):
        size = chance.gauss(50, 10)
        rows.append([size, *(size + chance.gauss(0, 3) for _ in range(2)), chance.gauss(0, 1)])
    names = ("length", "width", "weight", "noise")

    found = drawn(make_table([column(name, "DOUBLE", role="average") for name in names], rows))

    assert sum(one.type == "scatter" for one in found.charts) == 2


def test_cloud_whose_points_lie_on_one_another_is_not_drawn() -> None:
    """Two costs that are zero in nearly every row make one dot and a few strays."""
    rows = [[0.0, 0.0] if index % 12 else [index * 10.0, index * 12.0 + index % 5] for index in range(480)]
    table = make_table([column("repairs", "DOUBLE"), column("others", "DOUBLE")], rows)

    assert not any(one.type == "scatter" for one in drawn(table).charts)


def test_cloud_whose_direction_one_of_its_rows_makes_is_not_drawn() -> None:
    """Small codes of one state, with all of its land, beside those of its many parts: without the state nothing goes
    with anything, however the parts lie apart."""
    chance = random.Random(25)
    rows = [[chance.choice([510.0, 540.0, 570.0]) + chance.random(), chance.gauss(100, 30)] for _ in range(300)]
    columns = [column("level", "DOUBLE", role="average"), column("land", "DOUBLE", role="average")]

    found = drawn(make_table(columns, [[40.0, 2_000.0], *rows]))

    assert not [one for one in found.charts if one.type == "scatter"]


def test_cloud_that_one_far_row_makes_is_not_drawn() -> None:
    """Two columns without relation correlate at .98 through one sentinel; a cloud of it would show that one row."""
    chance = random.Random(24)
    rows = [[chance.gauss(10, 1), chance.gauss(20, 1)] for _ in range(300)] + [[900.0, 1_800.0]]
    columns = [column("one", "DOUBLE", role="average"), column("other", "DOUBLE", role="average")]

    found = drawn(make_table(columns, rows))

    assert not [one for one in found.charts if one.type == "scatter"]


def test_numbers_that_do_not_move_together_have_no_map() -> None:
    """A map of correlations near zero would be a page of pale squares."""
    chance = random.Random(25)
    names = ["a", "b", "c", "d"]

    found = drawn(
        make_table(
            [column(name, "DOUBLE") for name in names], [[chance.gauss(0, 1) for _ in names] for _ in range(400)]
        )
    )

    assert not [one for one in found.charts if one.type == "heatmap"]


def test_labels_of_a_map_are_cut_between_words() -> None:
    """Questions that begin alike are told apart by what follows, word for word."""
    chance = random.Random(29)
    asked = "Please rate the films of the series by how well you like them: "
    names = [asked + film for film in ("The Long Way Home", "The Short Way Back", "The Way Nobody Took")]
    rows = []
    for _ in range(200):
        taste = chance.gauss(0, 1)
        rows.append([taste + chance.gauss(0, 0.5) for _ in names])

    found = drawn(make_table([column(name, "DOUBLE", role="average") for name in names], rows))

    cells = {str(record["x"]) for record in chart(found, "heatmap").data}
    assert cells == {"… Long Way Home", "… Short Way Back", "… Way Nobody Took"}


def test_figure_is_no_cloud_against_itself_in_other_money() -> None:
    """A budget rises with the same budget in the money of 2013, and both with the takings: one cloud tells it."""
    chance = random.Random(23)
    rows = []
    for _ in range(300):
        budget, inflation = chance.lognormvariate(3, 1), chance.uniform(1, 2)
        gross = budget * chance.uniform(1, 3)
        rows.append([budget, budget * inflation, gross, gross * inflation])
    columns = [column(name, "DOUBLE") for name in ("budget", "budget_2013$", "gross", "gross_2013$")]

    clouds = [one for one in drawn(make_table(columns, rows)).charts if one.type == "scatter"]

    assert len(clouds) == 1
    assert {"Budget", "Gross"} == {re.sub(r" 2013\$", "", said) for said in (clouds[0].x_label, clouds[0].y_label)}


def test_rows_with_places_are_drawn_where_they_lie() -> None:
    """Longitude runs to the right and latitude up."""
    chance = random.Random(5)
    rows = [[chance.uniform(-60, 60), chance.uniform(-180, 180)] for _ in range(80)] + [[10.0, None]]
    place = {"inferred_type": "location", "role": "never"}
    columns = [
        column(name, "DOUBLE", subtype=kind, **place) for name, kind in (("lat", "latitude"), ("lon", "longitude"))
    ]

    (spec,) = drawn(make_table(columns, rows)).charts

    assert (spec.type, spec.title, spec.x_label, spec.y_label) == ("scatter", "Where the 80 places lie", "Lon", "Lat")
    assert [(record["x"], record["y"]) for record in spec.data] == [(lon, lat) for lat, lon in rows[:80]]
