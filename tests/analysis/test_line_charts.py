"""Lines over time, and the course of tables whose times stand beside each other."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from tests.analysis.drawn_charts import by_years, chart, drawn, prices, sales
from tests.engine.tables import column, make_table

pytestmark = pytest.mark.spec("B4")


@pytest.mark.parametrize(("last", "is_partial"), [(date(2024, 6, 30), False), (date(2024, 6, 17), True)])
def test_a_part_period_is_marked(last: date, is_partial: bool) -> None:
    """A month that ends on the 17th is no month, and the page says so; it is never the highest either."""
    found = drawn(sales(rows=1080, last=last))

    spec = found.charts[0]

    assert spec.partial_last is is_partial
    assert ("17 Jun 2024" in str(spec.note)) is is_partial


def test_gaps_in_time_stay_gaps() -> None:
    """A month without rows is drawn as nothing, not as zero."""
    days = [date(2024, month, day) for month in (1, 2, 4, 5, 6, 7, 8) for day in range(1, 29)]
    rows = [[day, float(index % 13)] for index, day in enumerate(days)]

    found = drawn(make_table([column("day", "DATE"), column("amount", "DOUBLE")], rows))

    line = next(one for one in found.charts if one.type == "line")
    assert [record["x"] for record in line.data][:4] == ["2024-01", "2024-02", "2024-03", "2024-04"]
    assert line.data[2]["y"] is None


@pytest.mark.parametrize(
    ("names", "role", "first", "title"),
    [
        (["2019", "2020", "2022", "2023"], "sum", "2019", "Total per year rose from 150 in 2019 to 195 in 2023"),
        (
            ["Nov 2023", "Dec 2023", "Jan 2024", "Feb 2024"],
            "average",
            "2023-11",
            "Average per month rose from 15 in Nov 2023",
        ),
    ],
)
def test_columns_named_by_times_are_drawn_as_a_line(names: list[str], role: str, first: str, title: str) -> None:
    """A table whose years or months stand beside each other shows its course, a missing one as a gap."""
    rows: list[list[object]] = [[f"thing {n}", *(10 + n + 1.5 * place for place in range(4))] for n in range(10)]
    rows = [[name, *(value + 0.5 for value in values)] for name, *values in rows]
    columns = [column("name", "VARCHAR"), *(column(name, "DOUBLE", role=role) for name in names)]

    spec = chart(drawn(make_table(columns, rows)), "line")

    assert spec.title.startswith(title)
    assert spec.data[0]["x"] == first
    assert len(spec.data) == (5 if "2022" in names else 4)
    assert [record["x"] for record in spec.data if record["y"] is None] == (["2021"] if "2022" in names else [])


@pytest.mark.parametrize(
    "names", [["2020", "2021", "2022"], ["1990", "2001", "2012", "2023"], ["Jan", "Feb", "Mar", "Apr"]]
)
def test_few_or_scattered_times_are_no_course(names: list[str]) -> None:
    """Three points, decades apart, or months of no year make no line."""
    rows: list[list[object]] = [[n + 2.5 * place for place in range(len(names))] for n in range(10)]
    columns = [column(name, "DOUBLE", role="sum") for name in names]

    assert not [spec for spec in drawn(make_table(columns, rows)).charts if spec.type == "line"]


def test_an_average_that_few_rows_make_is_no_peak() -> None:
    """The highest month rests on three rows where others have forty: the title does not call it a peak."""
    columns = [column("day", "DATE"), column("age", "DOUBLE", role="average")]
    rows = [[date(2024, month, 1 + index % 27), 30 + index % 9] for month in range(1, 13) for index in range(40)]
    rows += [[date(2023, 12, index), 90] for index in (1, 2, 31)]

    spec = chart(drawn(make_table(columns, rows)), "line", "{col:age}")

    assert spec.title == "Average age by month"


@pytest.mark.parametrize("years", [range(1990, 2020), range(1952, 2010, 5)], ids=["every year", "every fifth year"])
def test_table_of_plain_years_is_drawn_along_them(years: range) -> None:
    """Years are a time axis where no column has dates; those that never occur between regular ones are no gaps."""
    line = chart(drawn(by_years(years)), "line", "{col:sales}")

    assert [record["x"] for record in line.data] == [str(year) for year in years]
    assert all(record["y"] is not None for record in line.data)
    assert line.x_label == "Year"
    assert not line.partial_last


def test_few_years_far_apart_are_no_line() -> None:
    """A line would jump over most of the time."""
    rows = [[year, k] for year in (1800, 1850, 1851, 1990) for k in range(9)]
    table = make_table([column("year", "BIGINT", subtype="year", role="never"), column("sales", "BIGINT")], rows)

    assert not any(one.type == "line" for one in drawn(table).charts)


def test_rows_of_a_calendar_are_not_counted() -> None:
    """With one row a day, the rows of a month are its days: that line says nothing of the table."""
    assert not any(one.type == "line" and one.y_label == "Rows" for one in drawn(prices()).charts)


def test_periods_with_equally_many_rows_are_not_counted() -> None:
    """Fourteen rows in every month and fewer in the last year is how a table was made, not what it says."""
    chance = random.Random(11)
    rows = [
        [date(2000 + month // 12, month % 12 + 1, 1), round(chance.uniform(1, 9), 2)]
        for month in range(122)
        for _ in range(14)
    ]
    table = make_table([column("month", "DATE"), column("rate", "DOUBLE", role="average")], rows)

    assert not any(one.y_label == "Rows" and one.type == "line" for one in drawn(table).charts)


def test_flat_average_and_a_single_filled_period_are_no_line() -> None:
    """A stretched axis would make a story of a price that moves by one per cent; one full month leaves no course."""
    days = [date(2023, 1, 1) + timedelta(days=day) for day in range(365)]
    rows = [[day, 100 + day.day % 2 / 10, 5000 if day.month == 2 else 1] for day in days]
    columns = [column("day", "DATE"), column("price", "DOUBLE", role="average"), column("paid", "BIGINT")]

    found = drawn(make_table(columns, rows))

    assert [one.title for one in found.charts if one.type == "line"] == []


def test_line_that_is_mostly_gap_is_not_drawn() -> None:
    """A gauge that worked in three of twelve months has no course to show; one beside it that always worked has."""
    days = [date(2023, 1, 1) + timedelta(days=day) for day in range(365)]
    chance = random.Random(21)
    rows = [[day, chance.gauss(50, 5) if day.month < 4 else None, chance.gauss(80, 5)] for day in days]
    # Values stand in half of the rows, so that only the months can tell.
    rows += [[days[3], chance.gauss(50, 5), None] for _ in range(300)]
    columns = [
        column("day", "DATE"),
        column("broken", "DOUBLE", role="average"),
        column("kept", "DOUBLE", role="average"),
    ]

    lines = [one for one in drawn(make_table(columns, rows)).charts if one.type == "line"]

    assert [one.y_label for one in lines if one.unit != "rows"] == ["Average kept"]


@pytest.mark.parametrize(
    ("course", "said"),
    [
        (range(10, 34), "Average level rose from 10 in Jan 2022 to 33 in Dec 2023"),
        (range(33, 9, -1), "Average level fell from 33 in Jan 2022 to 10 in Dec 2023"),
        ([20, 21] * 12, "Average level by month"),
        ([*range(10, 21), 40, *range(21, 9, -1)], "Average level peaked in Dec 2022 at 40"),
        ([40, *range(20, 9, -1), *range(10, 22)], "Average level was highest in Jan 2022 at 40"),
    ],
    ids=["up to the end", "down to the end", "to and fro", "high in the middle", "high at once"],
)
def test_title_of_a_line_says_where_it_went(course: list[int], said: str) -> None:
    """What only rises or falls has no peak: its title names both ends."""
    rows = [
        [date(2022 + month // 12, month % 12 + 1, day), level]
        for month, level in enumerate(course)
        for day in (1, 9, 17, 28)
    ]

    found = drawn(make_table([column("day", "DATE"), column("level", "DOUBLE", role="average")], rows))

    assert chart(found, "line", "{col:level}").title == said


@pytest.mark.parametrize("undated", [0, 5])
def test_average_of_a_part_period_above_all_others_leaves_no_peak(undated: int) -> None:
    """An average does not wait for the rest of its month, so no month before it is called the highest; rows without a
    date are no period behind it."""
    rows: list[list[Any]] = [
        [date(2023, 1, 1) + timedelta(days=day), 10 + day / 30 + (day > 365) * 20] for day in range(400)
    ]
    rows += [[None, 1.0]] * undated

    line = chart(drawn(make_table([column("day", "DATE"), column("level", "DOUBLE", role="average")], rows)), "line")

    assert line.partial_last
    assert line.title == "Average level by month"


@pytest.mark.parametrize("kind", ["DATE", "TIMESTAMP"])
def test_a_line_ends_where_the_records_do_though_a_few_dates_lie_years_on(kind: str) -> None:
    """A century read wrong is no future: the line says that these dates are left out, and counts the last day whole."""
    days = [date(2016, 1, 1) + timedelta(days=day) for day in range(4 * 365 + 1)]
    moments: list[Any] = [*days, date(2044, 5, 1), date(2046, 5, 1)]
    if kind == "TIMESTAMP":
        moments = [datetime.combine(day, time(18)) for day in moments]
    rows = [[moment, 10.0 + place // 400] for place, moment in enumerate(moments)]

    line = chart(drawn(make_table([column("seen", kind), column("level", "DOUBLE", role="average")], rows)), "line")

    assert str(line.data[-1]["x"]).startswith("2019")
    assert line.points_total == len(days)
    assert line.note == "The few dates from 1 Jan 2020 on are left out."


@pytest.mark.parametrize(
    ("course", "said"),
    [
        ([60 + 0.5 * step for step in range(12)], "Average age rose from 60 in Jan 2022 to 65.5 in Dec 2022"),
        ([66 - 0.5 * step for step in range(12)], "Average age fell from 66 in Jan 2022 to 60.5 in Dec 2022"),
        ([60, 63, 61, 64, 62, 64.5, 61.5, 63.5, 62.5, 64, 63, 65.5], "Average age by month"),
    ],
    ids=["one that rises", "one that falls", "one that goes up and down"],
)
def test_steady_course_is_told_however_small_its_steps(course: list[float], said: str) -> None:
    """What grows every month is no peak at its end, though it never grows by a tenth."""
    rows = [[date(2022, month, day), level] for month, level in enumerate(course, 1) for day in (1, 9, 17, 28)]

    found = drawn(make_table([column("day", "DATE"), column("age", "DOUBLE", role="average")], rows))

    assert chart(found, "line", "{col:age}").title == said
