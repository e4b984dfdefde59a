"""Lengths of time arrive as numbers with a unit, whatever way they are written; times of day stay times of day."""

import pytest

pytestmark = pytest.mark.spec("B2")


@pytest.mark.parametrize(
    ("cells", "unit", "expected"),
    [
        pytest.param(["38:00:07", "01:30:00", "12:15:00"], "hours", [38.001944, 1.5, 12.25], id="beyond a day"),
        pytest.param(["-00:15", "01:30", "00:45"], "minutes", [-15, 90, 45], id="below zero"),
        pytest.param(["120:30", "7:45", "38:00"], "hours", [120.5, 7.75, 38], id="hours and minutes"),
        pytest.param(["45:30", "52:06", "39:59"], "minutes", [45.5, 52.1, 39.983333], id="minutes and seconds"),
        pytest.param(["1:02:03", "45:30", "59:00", "26:00:00"], "hours", [1.034167, 0.758333, 0.983333, 26], id="both"),
        pytest.param(["0 days 00:40:30", "1 days 02:00:00"], "hours", [0.675, 26], id="days and a clock"),
        pytest.param(["-1 days +23:40:00", "0 days 00:30:00"], "minutes", [-20, 30], id="less than no days"),
        pytest.param(["2 days, 3:00:00", "1 day, 0:00:00"], "hours", [51, 24], id="days, comma and a clock"),
        pytest.param(["PT1H30M", "P1DT2H", "PT45M"], "hours", [1.5, 26, 0.75], id="ISO 8601"),
        pytest.param(["1h 30m", "45m", "2h 5m"], "hours", [1.5, 0.75, 2.083333], id="letters"),
        pytest.param(
            ["3 min 20 sec", "59 sec", "4 min 5.5 sec"], "minutes", [3.333333, 0.983333, 4.091667], id="words"
        ),
    ],
)
def test_lengths_of_time_are_numbers(read_cells, cells, unit, expected):
    """They can be averaged, and the receipt says in which unit."""
    read = read_cells(cells * 3, name="waiting")

    column = read.column("waiting")
    assert (column.inferred_type, column.unit, column.role) == ("numeric", unit, "average")
    assert read.values("waiting")[: len(cells)] == expected
    assert f"in {unit}" in read.conversion("waiting").format


def test_two_parts_may_be_read_either_way(read_cells):
    """45:30 alone is minutes and seconds, or hours and minutes: the receipt asks."""
    read = read_cells(["45:30", "52:06", "39:59"] * 3)

    (ambiguity,) = read.receipt.ambiguities
    assert (ambiguity.chosen, ambiguity.other) == ("minutes:seconds", "hours:minutes")
    assert "instead of" in ambiguity.effect


@pytest.mark.parametrize(
    ("name", "cells", "storage"),
    [
        ("opens", ["08:30", "09:15", "23:59"], "TIME"),
        ("start", ["08:30:00", "23:59:59", "00:00:00"], "TIME"),
        ("duration", ["00:45:10", "01:02:00", "00:30:00"], "DOUBLE"),
        ("code", ["12m", "7m", "3m"], "DOUBLE"),
    ],
    ids=["hours and minutes", "clock", "the name says length", "one letter is a unit"],
)
def test_times_of_day_stay(read_cells, name, cells, storage):
    """Only a time that no clock shows, or the name, makes a length of time."""
    assert read_cells(cells * 5, name=name).column(name).storage == storage


def test_name_says_that_two_parts_are_hours(read_cells):
    """Forty hours and a half a week are no forty minutes where the name says hours."""
    read = read_cells(["44:30", "38:30", "40:00"], name="total hours")

    assert read.values("total hours") == [44.5, 38.5, 40.0]
    assert read.column("total hours").unit == "hours"


def test_years_and_months_are_years(read_cells):
    """How long somebody has been there, whichever of the two parts is missing."""
    read = read_cells(["13 yrs 6 mos", "2 years", "9 mos", "1 yr 3 mos"], name="tenure")

    assert read.values("tenure") == [13.5, 2.0, 0.75, 1.25]
    assert read.column("tenure").unit == "years"
