"""Columns that add up to a total beside them, row by row, are used as their total is."""

import pytest

pytestmark = pytest.mark.spec("B2")


def rows(*, missed: int = 0, count: int = 60) -> list[list[int]]:
    """Few casual riders with a long tail, many registered ones that vary little, and both together."""
    parts = [[200 if number % 20 == 0 else number % 7, 40 + 3 * number % 50] for number in range(count)]
    return [[casual, registered, casual + registered + missed] for casual, registered in parts]


def csv(header: str, body: list[list[int]]) -> str:
    return header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in body)


@pytest.mark.parametrize(
    ("header", "place"),
    [("casual,registered,cnt", 2), ("total,casual,registered", 0)],
    ids=["the total stands behind its parts", "the total stands before them"],
)
def test_parts_of_a_total_are_added_up_as_it_is(read_text, header, place):
    """By its values alone the one part adds up and the other does not."""
    body = [[row[2], *row[:2]] if place == 0 else row for row in rows()]

    read = read_text(csv(header, body))

    assert {column.role for column in read.table.columns} == {"sum"}


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("casual,registered,cnt", rows(missed=1)),
        ("casual,registered,cnt", rows(count=12)),
        ("casual,temperature,cnt", rows()),
        ("casual,registered,visits", rows()),
    ],
    ids=[
        "they do not add up",
        "too few rows to tell",
        "a name that says an average",
        "a name that says no total",
    ],
)
def test_other_neighbours_keep_their_own_use(read_text, header, body):
    """Only a total that is one in every row lends its use to its parts."""
    read = read_text(csv(header, body))

    assert read.table.columns[1].role == "average"


def test_numbers_too_large_to_add_are_no_parts(read_text):
    """Their sum is beyond what a number holds, and no failure."""
    body = "".join(
        f"{400 if number % 20 == 0 else number % 7},1.7{number % 9}e308,1.7e308,1.7e308\n" for number in range(40)
    )

    read = read_text("casual,registered,members,total\n" + body)

    assert len(read.table.columns) == 4
