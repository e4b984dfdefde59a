"""Rates whose two parts stand beside them come from the parts' sums, in cards and charts."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.analysis.drawn_charts import charts_of, chosen, profiled
from tests.engine.tables import column, make_table

from datapilot.contracts.profile import Quotient
from datapilot.contracts.report import KpiCard
from datapilot.contracts.table import Column

pytestmark = pytest.mark.spec("B3")

FEW, MANY = 10, 10_000  # impressions of a row
RATE = column("click rate", "DOUBLE", role="average", unit="share", subtype="percent")
COLUMNS = [
    column("day", "DATE"),
    column("channel", "VARCHAR"),
    column("impressions", "BIGINT"),
    column("clicks", "BIGINT"),
    RATE,
]


def shown(days: int = 60) -> list[list[Any]]:
    """A small channel of which nearly every second view is clicked, and a large one of which hardly any is."""
    rows: list[list[Any]] = []
    for number in range(days):
        day = date(2024, 1, 1) + timedelta(days=number)
        for channel, views, clicks in (("mail", FEW + number % 7, 4 + number % 3), ("web", MANY + number, 50 + number)):
            rows.append([day, channel, views, clicks, round(clicks / views, 4)])
    return rows


def quotients(columns: list[Column], rows: list[list[Any]]) -> tuple[Quotient, ...]:
    return profiled(make_table(columns, rows)).quotients


def card(columns: list[Column], rows: list[list[Any]], word: str) -> KpiCard:
    found = chosen(make_table(columns, rows))
    return next(one for one in found.cards if word in one.label.lower())


def test_rate_is_known_by_its_figures() -> None:
    """Clicks divided by impressions, as rounded, is the click rate of every row."""
    found = quotients(COLUMNS, shown())

    assert found == (Quotient(column="click rate", above="clicks", below="impressions", is_percent=True, is_part=True),)


@pytest.mark.parametrize("scale", [1, 100], ids=["as a fraction", "as a percentage"])
def test_card_of_a_rate_comes_from_sums(scale: int) -> None:
    """A row with ten views does not count like one with ten thousand."""
    rows = [[*row[:4], round(scale * row[4], 4)] for row in shown()]
    rate = RATE.model_copy(update={"unit": "share" if scale == 1 else "%"})

    figure = card([*COLUMNS[:4], rate], rows, "click rate")

    assert figure.label == "Click rate"
    assert figure.value == pytest.approx(sum(row[3] for row in rows) / sum(row[2] for row in rows))
    assert figure.display == "0.8%"
    assert figure.how.startswith("Sum of clicks divided by sum of impressions")


def test_change_of_a_rate_is_that_of_its_sums() -> None:
    """The last whole month against the one before, each with its own sums."""
    rows = shown(121)  # to the end of April
    sums = {month: [sum(row[at] for row in rows if row[0].month == month) for at in (2, 3)] for month in (3, 4)}

    figure = card(COLUMNS, rows, "click rate")

    march, april = (clicks / views for views, clicks in sums.values())
    assert figure.period == "Apr 2024 against Mar 2024"
    assert figure.change == pytest.approx(april / march - 1)


def test_chart_of_a_rate_comes_from_sums() -> None:
    """Its line shows percentages, in title and axis, and says what is divided by what."""
    table = make_table(COLUMNS, shown())

    charts = charts_of(table)

    line = next(one for one in charts if one.type == "line" and "click rate" in one.y_label.lower())
    assert line.unit == "share"
    assert line.subtitle.startswith("Sum of clicks divided by sum of impressions per week")
    assert "%" in line.title + line.alt
    assert all(isinstance(point["y"], float) and 0.005 < point["y"] < 0.02 for point in line.data)


def test_price_is_what_a_unit_earned() -> None:
    """The average price is revenue by units, though there are few prices: most units go at the low one."""
    names = ["product", "units", "unit price", "revenue"]
    columns = [column(names[0], "VARCHAR"), column(names[1], "BIGINT"), column(names[2], "DOUBLE", role="average"),
               column(names[3], "DOUBLE")]  # fmt: skip
    prices = (2.5, 10.0, 400.0)
    rows = [["ABC"[at % 3], units := 1 + at * 7 % (40 if at % 3 == 0 else 9), prices[at % 3], units * prices[at % 3]]
            for at in range(90)]  # fmt: skip

    figure = card(columns, rows, "unit price")

    assert figure.label == "Average unit price"
    assert figure.value == pytest.approx(sum(row[3] for row in rows) / sum(row[1] for row in rows))


def test_rate_without_its_parts_says_what_it_averages() -> None:
    """Where nothing to weigh by is known, the card says that rows are averaged."""
    rows = [[row[0], row[1], row[2], row[4]] for row in shown()]

    figure = card([*COLUMNS[:3], RATE], rows, "click rate")

    assert figure.label == "Click rate, average of rows"
    assert "large and small rows count alike" in figure.how


@pytest.mark.parametrize(
    "spoil",
    [
        lambda row, at: [*row[:4], row[4] * (1 + at % 5 / 50)],
        lambda row, at: [*row[:3], row[3] if at % 2 else None, row[4]],
    ],
    ids=["a rate of something else", "clicks that are unknown in half of the rows"],
)
def test_what_does_not_come_out_is_no_quotient(spoil: Any) -> None:
    """Names make no rate of two amounts, nor do sums over other rows."""
    rows = [spoil(row, at) for at, row in enumerate(shown())]

    assert quotients(COLUMNS, rows) == ()


def test_marks_near_a_quotient_are_none() -> None:
    """Whole numbers from one to three lie within a digit of many quotients."""
    columns = [column("tries", "BIGINT"), column("hits", "BIGINT"), column("stars", "BIGINT", role="average")]
    rows = [[10 + at % 17, 20 + at * 7 % 13, 1 + at % 3] for at in range(60)]

    assert quotients(columns, rows) == ()
