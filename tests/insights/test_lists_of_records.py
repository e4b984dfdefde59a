"""Lists kept by hand: decisions in batches, texts instead of codes, one field under two names."""

from datetime import date
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
    told = headlines(insights_of(_list()))

    assert "By decided, 2021 brings 82 of 145 dated records; 2020 follows with 30" in told
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
