"""Lengths, recipes and quotes of securities write parts of one as 1/2; days and marks look alike and are none."""

import pytest

pytestmark = pytest.mark.spec("B2")


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["3 1/4", "5", "4 1/2", "6 3/8", "-1 1/2"], [3.25, 5.0, 4.5, 6.375, -1.5]),
        (["1/2", "1/4", "2/3", "3/8", "1"], [0.5, 0.25, 2 / 3, 0.375, 1.0]),
        (["2½", "½", "10 ¾", "7"], [2.5, 0.5, 10.75, 7.0]),
        (["3-1/4", "2-1/2", "1-7/8"], [3.25, 2.5, 1.875]),
    ],
    ids=["whole numbers and parts", "parts alone", "signs of one character", "a hyphen between them"],
)
def test_fractions_are_numbers(read_cells, cells, values):
    """Inches, cups and prices in eighths are measured, averaged and compared."""
    read = read_cells(cells)

    assert read.column("value").inferred_type == "numeric"
    assert read.values("value") == values
    assert read.conversion("value").format == "whole numbers and fractions"


@pytest.mark.parametrize(
    "cells",
    [
        ["7/10", "9/10", "3/10", "1/10"],
        ["3/5", "4/5", "1/5", "5/5"],
        ["1/4", "2/3", "12/3", "30/4"],
        ["1/2", "3/4", "1/2", "3/4"],
    ],
    ids=["marks out of ten", "marks out of five", "days and months", "two fractions alone"],
)
def test_what_only_looks_like_fractions_stays_as_it_is(read_cells, cells):
    """No mark, day or number of a house becomes a fraction of one."""
    read = read_cells(cells)

    assert read.column("value").storage == "VARCHAR"
    assert read.values("value") == cells


def test_day_and_month_below_a_name_that_says_date(read_cells):
    """1/2, 3/4 and 5/8 are days where the column is called date."""
    read = read_cells(["1/2", "3/4", "5/8", "2/3"], name="date")

    assert read.column("date").inferred_type != "numeric"


def test_cell_that_is_no_fraction_is_kept_apart(read_cells):
    """A word among many fractions is an inconsistent cell, not a missing one."""
    read = read_cells([*["3 1/4", "5 1/2"] * 20, "about 3"])

    assert read.values("value")[:2] == [3.25, 5.5]
    assert read.conversion("value").failed_examples == ("about 3",)
