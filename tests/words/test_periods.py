"""Periods are said as on a calendar."""

import pytest

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Grain
from datapilot.words.periods import grain_of, period_ends, show_period


@pytest.mark.parametrize(
    ("key", "grain", "said"),
    [
        ("2024-03", "month", "Mar 2024"),
        ("2024-Q1", "quarter", "Q1 2024"),
        ("2024", "year", "2024"),
        ("2024-W09", "week", "week 9 of 2024"),
        ("2024-03-12", "day", "12 Mar 2024"),
        ("2024-03-12T10", "hour", "12 Mar 2024 10:00"),
        ("2024-03-12T10:05", "minute", "12 Mar 2024 10:05"),
        (1, "weekday", "Monday"),
        (7, "weekday", "Sunday"),
        (0, "hour_of_day", "00:00"),
        (3, "month_of_year", "March"),
        ("2024-13", "month", "2024-13"),
    ],
)  # fmt: skip
def test_period_is_said_in_words(key: Scalar, grain: Grain, said: str) -> None:
    """The engine's writing of a period becomes the reader's."""
    assert show_period(key, grain) == said


@pytest.mark.parametrize(
    ("period", "ends"),
    [
        ("2024", ("2024-01-01", "2024-12-31")),
        ("2024-Q2", ("2024-04-01", "2024-06-30")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("1900-02", ("1900-02-01", "1900-02-28")),
        ("9999-12", ("9999-12-01", "9999-12-31")),
        ("2024-W01", ("2024-01-01", "2024-01-07")),
        ("2024-02-30", ("2024-02-30", "2024-02-30")),
        ("2020-W53", ("2020-12-28", "2021-01-03")),
        ("2021-W53", None),
        ("2024-13", None),
        ("soon", None),
    ],
)
def test_period_knows_its_first_and_last_day(period: str, ends: tuple[str, str] | None) -> None:
    """A period is the days it holds, leap years included."""
    assert period_ends(period) == ends


def test_grain_is_read_off_the_writing() -> None:
    """The five calendar grains each have their own writing."""
    grains = [grain_of(text) for text in ("2024", "2024-Q1", "2024-03", "2024-W09", "2024-03-12", "March")]

    assert grains == ["year", "quarter", "month", "week", "day", None]
