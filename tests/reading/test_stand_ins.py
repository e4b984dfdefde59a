"""Columns of numbers or dates in which some cells say why there is none: withheld, below a limit, not yet known."""

import random
from datetime import date

import pytest

pytestmark = pytest.mark.spec("B2", "B7")

NUMBERS = [str(7 * n) for n in range(1, 13)]


@pytest.mark.parametrize(
    "word", ["suppressed", "(D)", "*", ":", "x", "not reported", "DNF", "<5", "< 0.5", "fewer than 10", "≥ 90"]
)
def test_cell_that_stands_for_a_number_is_missing(read_cells, word):
    """The column is one of numbers, the cells with the word are missing, and the receipt says how they read."""
    read = read_cells([*NUMBERS, word, word, word])

    assert read.column("value").inferred_type == "numeric"
    assert read.values("value") == [*map(int, NUMBERS), None, None, None]
    assert read.conversion("value").missing_tokens == {word: 3}
    assert f"“{word}”" in read.column("value").reasons[-1]


def test_words_as_frequent_as_each_other_are_named_in_the_order_of_the_file(read_cells):
    """The same file gives the same sentence in every run."""
    words = ["withheld", "(D)", "<5", "fewer than 10", "DNF", "< 0.5", "≥ 90"]
    read = read_cells([*NUMBERS, *words])

    assert "Cells that read “withheld”, “(D)”, “<5” and 4 more" in read.column("value").reasons[-1]


def test_dates_that_are_not_yet_known(read_cells):
    """A plan's "to be confirmed" leaves the column one of dates."""
    days = [f"2024-03-{day:02d}" for day in range(1, 11)]
    read = read_cells([*days, "to be confirmed", "to be confirmed"])

    assert read.column("value").storage == "DATE"
    assert read.values("value")[0] == date(2024, 3, 1)
    assert read.conversion("value").missing_tokens == {"to be confirmed": 2}


def test_bounds_are_said_to_count_in_no_figure(read_cells):
    """An average of the cells above a limit is too high: who reads it is told."""
    read = read_cells([*NUMBERS, "<5", "<2", "<5"])

    assert (
        "3 cells of “value” give only a bound, such as “<5”; no figure of the column counts them." in read.receipt.notes
    )
    assert read.table.columns[-1].bounds == 3


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([*NUMBERS, "K", "PK", "K"], id="levels of one or two letters"),
        pytest.param(["36", "38", "40", "42", "S", "S", "36", "38"], id="few different numbers"),
        pytest.param([*NUMBERS, "free", "free"], id="a word for a number"),
        pytest.param([*NUMBERS, "red", "green", "blue", "grey"], id="many words"),
        pytest.param([*NUMBERS[:8], *["suppressed"] * 8], id="as many words as numbers"),
        pytest.param(["A12", "B7", "C9", *NUMBERS, "lobby"], id="codes"),
    ],
)
def test_words_that_may_be_values_keep_the_column_text(read_cells, cells):
    """What may be an answer of its own is never called missing."""
    read = read_cells(cells)

    assert read.column("value").storage == "VARCHAR"
    assert read.values("value") == cells


@pytest.mark.spec("B8")
def test_user_may_keep_the_words(read_text):
    """A column told to be text keeps every cell."""
    cells = [*NUMBERS, "suppressed", "suppressed"]
    read = read_text("\n".join(["value,other", *(f"{cell},1" for cell in cells)]), types={"value": "text"})

    assert read.values("value") == cells


def test_long_table_of_which_a_part_is_looked_at(read_text):
    """What the sampled rows show holds for all: the words and the bounds of 60,000 rows are counted."""
    draw = random.Random(7)
    cells = [draw.choice(["withheld", f"<{1 + n % 97}", *[str(n)] * 3]) for n in range(60_000)]
    read = read_text("\n".join(["value,other", *(f"{cell},1" for cell in cells)]))

    assert read.column("value").inferred_type == "numeric"
    assert read.values("value").count(None) == sum(not cell.isdigit() for cell in cells)
    assert read.conversion("value").failed == 0


@pytest.mark.parametrize(
    ("cells", "flags"),
    [
        pytest.param(["12.3", "12.5 p", "13.1", "9.8 b", "11.2", "10.4"], "b, p", id="letters of statistical offices"),
        pytest.param(["120", "140*", "95", "130†", "88", "101"], "*, †", id="marks of footnotes"),
    ],
)
def test_flags_behind_numbers_are_taken_off(read_cells, cells, flags):
    """A flag says something of one number and is no unit; the receipt names it."""
    read = read_cells(cells)

    assert read.column("value").inferred_type == "numeric"
    assert read.column("value").unit is None
    assert read.values("value") == [float(cell.rstrip(" pb*†")) for cell in cells]
    assert f"flag {flags} taken off" in read.conversion("value").format


def test_flags_are_judged_by_cells_and_not_by_different_texts(read_cells):
    """Where a few plain numbers come again and again and each flagged one is another, the flag is still no unit."""
    cells = ["10.5"] * 8 + ["12.1 p", "12.2 p", "12.3 p"]
    read = read_cells(cells)

    assert (read.column("value").inferred_type, read.column("value").unit) == ("numeric", None)


def test_letters_close_behind_numbers_are_part_of_a_name(read_cells):
    """12b is a house and no number with a flag."""
    assert read_cells(["12", "12b", "14", "3", "7c", "9", "21", "30"]).column("value").storage == "VARCHAR"


def test_kinds_of_missing_that_statistics_programs_write(read_cells):
    """Stata and SAS tell 27 kinds of missing numbers apart by a letter behind the point."""
    read = read_cells(["12", ".a", "30", ".", ".b", "45", "._", ".Z", "18"])

    assert read.values("value") == [12, None, 30, None, None, 45, None, None, 18]
    assert read.conversion("value").missing_tokens == {".a": 1, ".": 1, ".b": 1, "._": 1, ".Z": 1}


@pytest.mark.parametrize("filler", ["-1.7976931348623157e308", "1.79769313486232E+308"])
def test_number_that_maps_and_models_write_for_none_is_missing(filler, read_cells):
    """No temperature is the largest double; one such cell would be the average of all."""
    read = read_cells(["12.5", filler, "30.25", "45.0", filler, "18.5", "21.0", "19.75"])

    assert read.values("value") == [12.5, None, 30.25, 45.0, None, 18.5, 21.0, 19.75]
    assert read.conversion("value").missing_tokens == {filler: 2}


def test_point_and_letter_among_texts_are_a_text(read_cells):
    """The endings of files of source are no missing numbers."""
    read = read_cells([".c", ".h", ".py", ".c", ".h", ".py"])

    assert read.values("value") == [".c", ".h", ".py", ".c", ".h", ".py"]
