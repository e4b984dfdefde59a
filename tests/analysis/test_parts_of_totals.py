"""Columns that add up to a total, row by row, are used as their total is."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.tables import column, make_table

from datapilot.analysis.parts_of_totals import find_parts_of_totals
from datapilot.analysis.profiling import profile_table

pytestmark = pytest.mark.spec("B2")

Row = list[Any]


def riders(*, missed: int = 0, count: int = 60) -> list[Row]:
    """Few casual riders with a long tail, many registered ones that vary little, and both together."""
    parts = [(200 if number % 20 == 0 else number % 7, 40 + 3 * number % 50) for number in range(count)]
    return [[casual, registered, casual + registered + missed] for casual, registered in parts]


def roles(names: str, rows: Sequence[Row], *, averaged: str, storage: str = "BIGINT") -> dict[str, str]:
    """Return what each column is used for, where those averaged would be so by themselves."""
    columns = [
        column(name, storage, role="average" if name in averaged.split() else "sum") for name in names.split(",")
    ]
    return {one.name: one.role for one in profile_table(make_table(columns, rows)).profile.columns}


@pytest.mark.parametrize("names", ["casual,registered,cnt", "cnt,registered,casual"], ids=["before it", "behind it"])
@pytest.mark.parametrize("beside", [True, False], ids=["another number in the table", "all numbers of the table"])
def test_parts_of_a_total_are_added_up_as_it_is(names: str, beside: bool) -> None:
    """Whichever of them is averaged by itself, and whatever else the table counts."""
    rows = riders() if names.startswith("casual") else [row[::-1] for row in riders()]
    if beside:
        names, rows = names + ",warnings", [[*row, number % 9] for number, row in enumerate(rows)]

    assert set(roles(names, rows, averaged="registered").values()) == {"sum"}


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        ("casual,registered,cnt,warnings", [[*row, 1 + at % 3] for at, row in enumerate(riders(missed=1))]),
        ("casual,registered,cnt,warnings", [[*row, 1 + at % 3] for at, row in enumerate(riders(count=12))]),
        ("casual,registered,visits", riders()),
    ],
    ids=["they do not add up", "too few rows to tell neighbours from chance", "a name that says no total"],
)
def test_other_neighbours_keep_their_own_use(names: str, rows: list[Row]) -> None:
    """Only a total that is one in every row lends its use to its parts."""
    assert roles(names, rows, averaged="registered")["registered"] == "average"


def test_what_all_other_numbers_make_needs_few_rows() -> None:
    """There is one choice of parts only, so that few rows tell."""
    assert roles("casual,registered,cnt", riders(count=12), averaged="registered")["registered"] == "sum"


@pytest.mark.parametrize(
    ("rest", "is_nothing", "role"),
    [(4, True, "sum"), (4, False, "average"), (1, False, "average"), (-4, False, "sum")],
    ids=["most are nothing", "most are not known", "all are not known", "some are not known"],
)
def test_an_empty_part_is_none_of_the_total_or_not_known(rest: int, is_nothing: bool, role: str) -> None:
    """A wide table leaves cells empty that are zero; another lost them, and then enough rows without them must tell."""
    rows = riders()
    for at, (casual, registered, total) in enumerate(riders()):
        is_empty = at % rest != 0 if rest > 1 else at % abs(rest) == 0
        rows[at] = [casual, None if is_empty else registered, casual if is_empty and is_nothing else total]

    assert roles("casual,registered,cnt", rows, averaged="registered")["registered"] == role


@settings(max_examples=15)  # each makes two tables and their profiles
@given(
    counts=st.lists(st.tuples(*[st.integers(0, 2**53) for _ in range(3)]), min_size=2, max_size=30, unique_by=sum),
    off=st.integers(1, 1000), at=st.integers(0, 29),
)  # fmt: skip
def test_one_row_that_does_not_add_up_is_enough(counts: list[tuple[int, int, int]], off: int, at: int) -> None:
    """Whatever the counts are: with their sum they are parts, and no more when one sum is another."""
    whole: list[Row] = [[*row, sum(row)] for row in counts]
    broken = [list(row) for row in whole]
    broken[at % len(broken)][3] = sum(counts[at % len(counts)]) + off * 100

    assert roles("a,b,c,total", whole, averaged="a b")["a"] == "sum"
    assert roles("a,b,c,total", broken, averaged="a b")["a"] == "average"


def test_numbers_too_large_to_add_are_no_parts() -> None:
    """Their sum is beyond what a number holds, and no failure."""
    columns = [column(name, "DOUBLE") for name in ("a", "b", "total")]
    rows = [[at % 7, at % 5, at % 7 + at % 5] for at in range(40)]
    a, b, total = profile_table(make_table(columns, rows)).profile.columns
    told = (a, b.model_copy(update={"role": "average"}), total)
    huge = make_table(columns, [*rows, [1.7e308] * 3])

    assert find_parts_of_totals(told, make_table(columns, rows)) == {"b"}
    assert find_parts_of_totals(told, huge) == frozenset()


def test_whole_numbers_whose_sum_has_no_room_are_no_parts() -> None:
    """Two of the largest whole numbers are more than the engine adds as such."""
    rows: list[Row] = [[2**62 + at, 2**62 + 3 * at, at] for at in range(30)]

    assert roles("a,b,total", rows, averaged="a")["a"] == "average"


@pytest.mark.parametrize(("off", "role"), [(0.004, "sum"), (1.0, "average")], ids=["to the cent", "by one"])
def test_amounts_that_make_a_total_to_the_cent_are_added(off: float, role: str) -> None:
    """Months of a statement beside their total add up, though the cents were rounded."""
    rows: list[Row] = [[1.1 * n, 2.3 * n - 5, 1.1 * n + (2.3 * n - 5) + (off if n == 7 else 0)] for n in range(30)]

    found = roles("January,February,Total", rows, averaged="January February", storage="DOUBLE")

    assert found == {"January": role, "February": role, "Total": "sum"}
