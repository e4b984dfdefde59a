"""Lists kept by hand: decisions in batches, texts instead of codes, one field under two names."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.insights.tables import headlines, insights_of

BATCHES = {date(2019, 3, 1): 8, date(2020, 6, 9): 30, date(2021, 5, 4): 12, date(2021, 12, 17): 70,
           date(2022, 11, 30): 25}  # fmt: skip
ROWS = sum(BATCHES.values())


def _list(**more: list[Any]) -> dict[str, list[Any]]:
    decided = [day for day, count in BATCHES.items() for _ in range(count)]
    return {"decided": decided, "file": [f"Case {number:04d}-{number % 7}" for number in range(ROWS)], **more}


@pytest.mark.spec("C6")
def test_of_records_in_batches_the_year_and_the_day_that_bring_most_are_told() -> None:
    """Dates without a date are no part of the whole that is told."""
    cells = _list() | {"decided": [*_list()["decided"], *[None] * 20], "file": [f"File {n}" for n in range(ROWS + 20)]}
    insights = insights_of(cells)
    told = headlines(insights)

    assert "The 165 records, 145 of them dated, run from 1 Mar 2019 to 30 Nov 2022." in insights.business_summary
    assert not [one for one in told if one.startswith("By decided, 2021")]  # one story, and the day is most of the year
    assert "By decided, 17 Dec 2021 brings 70 of 145 dated records; 9 Jun 2020 follows with 30" in told


def test_of_even_batches_none_is_told() -> None:
    """A day that brings as many as the others is not the one."""
    cells = _list() | {"decided": [date(2018 + number % 5, 3, 1 + number % 5) for number in range(ROWS)]}

    assert not [one for one in headlines(insights_of(cells)) if " brings " in one]


@pytest.mark.spec("C6")
def test_the_most_frequent_wording_is_told_though_another_comes_close() -> None:
    """A name must be far ahead to be news; what a long text says most often is worth knowing anyway."""
    terms = ["Two years' notice; then a fine of the usual kind"] * 20 + ["Suspended for one year; then reviewed"] * 16
    terms += [f"Reviewed after {number} months by the board" for number in range(2, 2 + (ROWS - 36) // 2)] * 2
    terms += ["Referred back to the board"] * (ROWS - len(terms))

    told = headlines(insights_of(_list(ruling=terms)))

    assert (
        "“Two years' notice; then a fine of the usual kind” is the most frequent ruling: 20 of 145 records; "
        "“Suspended for one year; then reviewed” follows with 16"
    ) in told


@pytest.mark.spec("C6")
def test_two_columns_of_which_every_record_fills_one_are_told_as_that() -> None:
    """Neither is told to have gaps: the other one fills them."""
    old = [f"Grant of kind {number}" if number % 4 == 0 else None for number in range(ROWS)]
    new = [None if number % 4 == 0 else f"Terms of kind {number}" for number in range(ROWS)]

    told = headlines(insights_of(_list(grant=old, terms=new)))

    assert "No record has both terms and grant: 108 have the one, 37 the other" in told
    assert not [one for one in told if "missing" in one]


def test_columns_that_are_both_filled_now_and_then_do_not_take_turns() -> None:
    """One record with both is enough: then they are two fields."""
    old = [f"Grant of kind {number}" if number % 4 == 0 else None for number in range(ROWS)]
    new = [None if number % 4 == 0 and number else f"Terms of kind {number}" for number in range(ROWS)]

    assert not [one for one in headlines(insights_of(_list(grant=old, terms=new))) if one.startswith("No record has")]


def _days(last: int, stray: list[int]) -> list[date]:
    """A record every third day from 2009 to `last`, and one in each of the years given."""
    ordered = [date(2009, 1, 1) + timedelta(days=3 * number) for number in range((last - 2008) * 121)]
    return [*ordered, *(date(year, 7, 1) for year in stray)]


@pytest.mark.spec("C6")
def test_a_few_dates_years_after_all_others_are_told_and_no_end_of_the_records() -> None:
    """With how many they are, where the rest ends and what to look for; the summary does not stretch without a word."""
    days = _days(2019, [2044, 2046, 2046])

    told = insights_of({"released": days, "file": [f"F-{number}" for number in range(len(days))]})

    assert "Released is 1 Jan 2020 or later in 3 of 1,334 dated records, the last on 1 Jul 2046" in headlines(told)
    assert any(
        said.endswith("run from 1 Jan 2009 to 1 Jul 2046, but only 3 of them are of 1 Jan 2020 or later.")
        for said in told.business_summary
    )


@pytest.mark.parametrize(("column", "stray"), [("valid until", [2044, 2046]), ("released", []), ("released", [2021])])
def test_dates_that_may_lie_ahead_or_end_soon_are_no_strays(column: str, stray: list[int]) -> None:
    """What runs out lies ahead, and a year after a full one is how records go on."""
    days = _days(2019, stray)

    told = insights_of({column: days, "file": [f"F-{number}" for number in range(len(days))]})

    assert not [one for one in headlines(told) if "dated records, the last" in one]
    assert not [said for said in told.business_summary if "but only" in said]
