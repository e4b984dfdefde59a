"""Which columns of a table are looked at, and for what, as their profile alone tells."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.tables import column, make_table

from datapilot.analysis.profiling import profile_table
from datapilot.contracts.profile import TableProfile
from datapilot.insights.subjects.choose_columns import (
    MOST_CATEGORIES,
    MOST_QUANTITIES,
    choose_columns,
    of_earlier_years,
)

pytestmark = pytest.mark.spec("C1")

ROWS = 40


def profiled(**columns: list[object]) -> TableProfile:
    """Return the profile of a table with these columns, whose storage is that of their first value."""
    kinds = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", str: "VARCHAR", date: "DATE"}
    told = [column(name, kinds[type(values[0])]) for name, values in columns.items()]
    return profile_table(make_table(told, list(zip(*columns.values(), strict=True)))).profile


def test_each_column_is_chosen_for_what_it_can_tell() -> None:
    """Amounts are compared, groups divide, names come back too often to be keys and not often enough to divide."""
    profile = profiled(
        amount=[1.5 * at for at in range(300)], region=[("north", "south")[at % 2] for at in range(300)],
        customer=[f"C{at % 120}" for at in range(300)],
        day=[date(2024, 1, 1) + timedelta(days=at) for at in range(300)],
    )  # fmt: skip

    chosen = choose_columns(profile)

    assert [one.name for one in chosen.numbers] == ["amount"]
    assert [one.name for one in chosen.groups] == ["region"]
    assert [one.name for one in chosen.names] == ["customer"]
    assert [one.name for one in chosen.dates] == ["day"]
    assert chosen.has_times


def test_the_date_that_charts_follow_comes_first() -> None:
    """Sentences and charts speak of one date."""
    days = [date(2024, 1, 1) + timedelta(days=at) for at in range(ROWS)]
    profile = profiled(ordered=[*days], shipped=[day + timedelta(days=3) for day in days])

    assert choose_columns(profile).dates[0].name == "ordered"
    assert choose_columns(profile, clock="shipped").dates[0].name == "shipped"


def test_numbers_of_the_rows_are_no_amount() -> None:
    """An unnamed column with another whole number in every row says nothing of them."""
    rows = list(range(ROWS))

    chosen = choose_columns(profiled(**{"Unnamed: 0": list(rows), "sold": [at % 9 for at in rows]}))

    assert [one.name for one in chosen.numbers] == ["sold"]


def test_measured_numbers_without_a_heading_are_amounts() -> None:
    """Weights that all differ are looked at under whatever name the file left them."""
    weights = [3.1 + at * 0.7 for at in range(ROWS)]

    chosen = choose_columns(profiled(column_1=[*weights], sold=[at % 9 for at in range(ROWS)]))

    assert {one.name for one in chosen.numbers} == {"column_1", "sold"}


@pytest.mark.parametrize(("hours", "is_one"), [(range(24), True), (range(1, 30), False)], ids=["0 to 23", "past 23"])
def test_hours_of_the_day_go_round(hours: range, is_one: bool) -> None:
    """What numbers the hours is no amount but a round, unless it has more of them than a day."""
    values = [hours[at % len(hours)] for at in range(240)]
    told = [column("hour", "BIGINT", role="average"), column("sold", "BIGINT")]
    profile = profile_table(make_table(told, [[hour, at % 7] for at, hour in enumerate(values)])).profile

    chosen = choose_columns(profile)

    assert [one.name for one in chosen.hours] == (["hour"] if is_one else [])
    assert ("hour" in [one.name for one in chosen.numbers]) != is_one


def test_a_table_without_dates_tells_the_time_by_its_years() -> None:
    """A column of years stands in where there is no day."""
    told = [column("year", "BIGINT", subtype="year", role="never"), column("sold", "BIGINT")]
    profile = profile_table(make_table(told, [[1980 + at, at * 7 % 11] for at in range(ROWS)])).profile

    chosen = choose_columns(profile)

    assert [one.name for one in chosen.years] == ["year"]
    assert chosen.has_times
    assert not chosen.dates


@settings(max_examples=20)
@given(years=st.lists(st.integers(1900, 2099), min_size=1, max_size=6, unique=True))
def test_of_columns_named_by_year_the_latest_tells_what_is(years: list[int]) -> None:
    """All but the latest are of earlier years, whatever their order, and none of them comes before it."""
    names = [f"population {year}" for year in years]
    profile = profiled(**{name: [at * 3 + number for at in range(ROWS)] for number, name in enumerate(names)})

    latest = f"population {max(years)}"

    assert of_earlier_years(profile) == set(names) - {latest}
    assert choose_columns(profile).numbers[0].name == latest


def test_of_many_numbers_the_most_telling_are_looked_at() -> None:
    """A total comes first, and the last of too many are left out: the tests' number grows with their products."""
    names = [f"part {chr(97 + at)}" for at in range(MOST_QUANTITIES + 3)] + ["total"]
    profile = profiled(
        **{name: [(at * 7 + 3 * number) % 31 for at in range(ROWS)] for number, name in enumerate(names)}
    )

    chosen = choose_columns(profile).numbers

    assert chosen[0].name == "total"
    assert [one.name for one in chosen[1:]] == names[: MOST_QUANTITIES - 1]


def test_of_many_categories_the_one_that_says_what_happened_is_never_left_out() -> None:
    """Whether a customer left stands last in most tables, and is what all columns before it are asked about."""
    told = {f"option {chr(97 + at)}": [("on", "off")[at2 % 2] for at2 in range(ROWS)] for at in range(MOST_CATEGORIES)}
    profile = profiled(**told, churn=[("Yes", "No", "No", "No")[at % 4] for at in range(ROWS)])

    chosen = choose_columns(profile).groups

    assert len(chosen) == MOST_CATEGORIES
    assert chosen[-1].name == "churn"
