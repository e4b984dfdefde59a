"""Bars: by category, by the day of the week and the hour, and thing by thing."""

import math
import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from tests.analysis.drawn_charts import chart, drawn, sales
from tests.engine.tables import column, make_table

from datapilot.engine.table import Table

pytestmark = pytest.mark.spec("B4")


def test_a_share_is_of_all_rows_also_those_without_a_key() -> None:
    """The rows without a region stay in the whole and have a bar of their own."""
    spec = chart(drawn(sales()), "bar", "{col:revenue}")

    assert "no value" in [record["x"] for record in spec.data]
    table = sales()
    total, north = table.connection.execute(
        f"SELECT sum(c5), sum(c5) FILTER (c3 = 'North') FROM {table.relation}"
    ).fetchone()  # type: ignore[misc]
    assert f"{100 * north / total:.0f}%" in spec.title
    assert spec.title.startswith("North")


def test_the_rest_of_many_categories_stands_last_with_its_share() -> None:
    """Eight bars and one “Other” that says how many values it holds."""
    chance = random.Random(3)
    names = [f"Product {number:02d}" for number in range(40)]
    weights = [1 / (number + 1) ** 1.5 for number in range(40)]
    rows = [[chance.choices(names, weights)[0], chance.uniform(1, 5)] for _ in range(900)]

    spec = chart(drawn(make_table([column("product", "VARCHAR"), column("sales", "DOUBLE")], rows)), "bar", "sales")

    assert len(spec.data) == 9
    assert str(spec.data[-1]["x"]).startswith(f"Other ({len({row[0] for row in rows}) - 8} values, ")


@pytest.mark.parametrize(("lead", "is_drawn"), [(3.0, True), (1.0, False)], ids=["a few stand out", "all alike"])
def test_many_categories_are_drawn_where_the_first_stand_out(lead: float, is_drawn: bool) -> None:
    """Of sixty products the eight that sell most have bars, though most is sold by the others."""
    sold = [lead - (lead - 1) * number / 16 if number < 8 else 1.0 for number in range(60)]
    rows = [[f"Product {at % 60:02d}", sold[at % 60] * (20.0 + at % 7)] for at in range(1_200)]

    found = drawn(make_table([column("product", "VARCHAR"), column("sales", "DOUBLE")], rows))

    bars = [one for one in found.charts if one.type == "bar" and "product" in one.subtitle]
    assert bool(bars) is is_drawn
    if is_drawn:
        assert str(bars[0].data[-1]["x"]).startswith("Other (52 values, ")


def test_a_bare_label_is_named_with_its_column() -> None:
    """Who reads “ok accounts for half of the budget” must ask: what is ok?"""
    columns = [column("clean_test", "VARCHAR"), column("budget", "BIGINT")]
    rows = [["ok" if index % 3 else "notalk", (100 if index % 3 else 60) + index % 7] for index in range(90)]

    found = drawn(make_table(columns, rows))

    title = chart(found, "bar", "accounts for").title
    assert title.startswith("Clean test ok accounts for ")


def test_averages_of_a_handful_of_rows_are_not_ranked() -> None:
    """A group of two rows is no group to be highest."""
    rows = [["big", 1.0 + index % 7] for index in range(50)] + [["tiny", 99.0], ["tiny", 98.0]]

    found = drawn(make_table([column("team", "VARCHAR"), column("score", "DOUBLE", role="average")], rows))

    assert not any(one.type == "bar" and "score" in one.title_template for one in found.charts)


def test_bars_that_are_nearly_alike_name_no_leader() -> None:
    """A lead of a few per cent is chance more often than not: the title says the subject."""
    rows = [["abcd"[index % 4], [3.3, 3.4, 3.45, 3.6][index % 4] + (index // 4 % 9 - 4) / 8] for index in range(360)]

    spec = chart(drawn(make_table([column("team", "VARCHAR"), column("score", "DOUBLE", role="average")], rows)), "bar")

    assert spec.title == "Average score by team"


def test_groups_without_a_value_have_no_bar() -> None:
    """A bar of no length would say zero; how many groups have none is said."""
    columns = [column("account", "VARCHAR"), column("credit", "DOUBLE", role="average")]
    rows = [["abcde"[index % 5], 10 * (index % 5) + index % 3 if index % 5 < 3 else None] for index in range(200)]

    spec = chart(drawn(make_table(columns, rows)), "bar", "{col:credit}")

    assert [record["x"] for record in spec.data] == ["c", "b", "a"]
    assert "2 groups have no value and no bar." in (spec.note or "")


def _levels_by_day(*, sunday: float) -> Table:
    """Forty weeks whose other days are nearly alike, Saturday ahead by a hair."""
    rows = []
    for index in range(280):
        day = date(2024, 1, 1) + timedelta(days=index)
        rows.append([day, {5: 100.6, 6: sunday}.get(day.weekday(), 100.0 + day.weekday() / 10)])
    return make_table([column("day", "DATE"), column("level", "DOUBLE", role="average")], rows)


def test_weekday_that_hardly_leads_is_not_called_the_highest() -> None:
    """Averages of two days that differ by less than chance would make name no winner."""
    days = next(one for one in drawn(_levels_by_day(sunday=94.0)).charts if one.x_label == "Day of the week")

    assert days.title == "Average level by day of the week"


def test_day_far_below_all_others_is_named_where_none_leads() -> None:
    """A closed Sunday is what the week tells, not the hair by which Saturday is ahead."""
    days = next(one for one in drawn(_levels_by_day(sunday=80.0)).charts if one.x_label == "Day of the week")

    assert days.title == "Average level is lowest on Sunday: 80"


def test_group_far_below_all_others_is_named_where_none_leads() -> None:
    """Three of four are alike: the title names the fourth."""
    levels = {"Planned": 79.0, "Started": 79.2, "Stopped": 78.0, "Done": 60.0}
    rows = [[state, level + row % 3] for row in range(40) for state, level in levels.items()]

    found = drawn(make_table([column("state", "VARCHAR"), column("goal", "DOUBLE", role="average")], rows))

    assert chart(found, "bar", "{col:goal}").title == "Average goal is lowest for Done: 61"


def test_category_that_explains_most_comes_before_those_that_explain_little() -> None:
    """Of two values or of many: what an average hangs on is asked first."""
    chance = random.Random(23)
    rows = []
    for row in range(600):
        is_smoker = row % 5 == 0
        region, plan = chance.choice(["North", "South", "East", "West"]), chance.choice(["Basic", "Plus", "Full"])
        at_home = {"North": 400, "South": 0, "East": 0, "West": 0}[region]
        level = 2_000 + at_home + 9_000 * is_smoker + chance.gauss(0, 500)
        rows.append([region, plan, chance.choice(["f", "m"]), is_smoker, level])
    columns = [*(column(name, "VARCHAR") for name in ("region", "plan", "sex")), column("smoker", "BOOLEAN")]
    table = make_table([*columns, column("level", "DOUBLE", role="average")], rows)

    bars = [one for one in drawn(table).charts if one.type == "bar" and "level" in one.subtitle]

    assert bars[0].x_label == "Smoker"


def test_groups_that_make_a_loss_are_shown_among_the_first() -> None:
    """That one kind of goods loses what others earn is no detail."""
    chance = random.Random(24)
    goods = {"Tables": -40.0, "Chairs": 60.0, "Lamps": 30.0, "Desks": 50.0}
    rows = []
    for _ in range(800):
        kind = chance.choice([*goods])
        rows.append([chance.choice("NSEW"), chance.choice(["Home", "Office"]), kind, 300.0, goods[kind]])
        rows[-1][3:] = [300 + chance.gauss(0, 60), goods[kind] + chance.gauss(0, 90)]
    columns = [*(column(name, "VARCHAR") for name in ("region", "segment", "goods"))]
    amounts = [column(name, "DOUBLE", role="sum") for name in ("sales", "profit")]

    found = drawn(make_table([*columns, *amounts], rows)).charts

    losing = next(one for one in found[:3] if one.x_label == "Goods" and one.y_label == "Profit")
    assert losing.title.startswith("Profit is lowest for Tables: −")


def test_none_that_makes_a_loss_is_folded_away() -> None:
    """The bar of all further values would hide it."""
    chance = random.Random(25)
    rows = [[kind, (-30 if kind == "L" else 40) + chance.gauss(0, 25)] for _ in range(60) for kind in "ABCDEFGHIJKL"]
    table = make_table([column("goods", "VARCHAR"), column("profit", "DOUBLE", role="sum")], rows)

    bars = chart(drawn(table), "bar", "{col:profit}")

    assert len(bars.data) == 12
    assert bars.title.startswith("Profit is lowest for goods L: −")


def test_average_that_hangs_on_no_category_is_not_drawn() -> None:
    """One of six groups is always ahead by chance; where the groups make no difference their bars say nothing."""
    chance = random.Random(14)
    rows = [[chance.choice("ABCDEF"), chance.lognormvariate(0, 1.5)] for _ in range(3_000)]
    columns = [column("site", "VARCHAR"), column("wait", "DOUBLE", role="average")]

    found = drawn(make_table(columns, rows))

    assert not [one for one in found.charts if one.type == "bar" and "{col:wait}" in one.title_template]


def test_average_that_hangs_on_a_category_names_the_leader() -> None:
    """With the share of the variance that the groups make, which is the square of the ratio that the chart cites."""
    chance = random.Random(15)
    rows = [[site, chance.gauss(10 + 4 * place, 2)] for _ in range(300) for place, site in enumerate("ABC")]
    columns = [column("site", "VARCHAR"), column("wait", "DOUBLE", role="average")]

    found = drawn(make_table(columns, rows))

    bars = chart(found, "bar", "{col:wait}")
    ratio = next(fact for fact in found.facts if fact.measure.metric == "correlation_ratio")
    assert bars.title.startswith("Average wait is highest for site C: ")
    assert ratio.id in bars.fact_ids
    assert isinstance(ratio.value, float)
    assert bars.subtitle.endswith(f"; the groups account for {100 * ratio.value**2:.0f}% of its variance")


def test_averages_that_chance_parts_are_not_drawn() -> None:
    """The more groups there are, the more of a number's variance they explain by chance alone."""
    chance = random.Random(18)
    rows = [[f"site {chance.randrange(20)}", chance.gauss(50, 9)] for _ in range(900)]

    found = drawn(make_table([column("site", "VARCHAR"), column("wait", "DOUBLE", role="average")], rows))

    assert not [one for one in found.charts if one.type == "bar" and "wait" in one.title]


def test_title_names_no_leader_by_a_hair() -> None:
    """One row more among six hundred makes no value the most frequent one."""
    names = ["rain"] * 641 + ["sun"] * 640 + ["fog"] * 100

    found = drawn(make_table([column("weather", "VARCHAR")], [[name] for name in names]))

    assert chart(found, "bar", "weather").title == "Number of rows by weather"


def test_groups_of_rows_that_chance_would_make_are_not_counted() -> None:
    """Of 59 patients 31 get the drug: that is how the study was made, and no news."""
    rows = [["drug" if place < 31 else "none", place % 7] for place in range(59)]

    found = drawn(make_table([column("arm", "VARCHAR"), column("visits", "BIGINT", role="never")], rows))

    assert not found.charts


def test_few_charts_have_two_bars() -> None:
    """Seven questions answered by yes or no are no seven charts of two bars each, but one of all."""
    chance = random.Random(26)
    names = [f"asked {word}" for word in ("first", "again", "later", "twice", "early", "often", "there")]
    columns = [column("spent", "DOUBLE"), *(column(name, "BOOLEAN") for name in names)]
    said = [[chance.random() < 0.3 for _ in names] for _ in range(500)]
    rows = [[chance.lognormvariate(3 + sum(each[:4]) / 2, 1), *each] for each in said]

    found = drawn(make_table(columns, rows))

    *pairs, all_of_them = sorted(len(one.data) for one in found.charts if one.type == "bar")
    assert all_of_them == len(names)
    assert pairs in ([2], [2, 2])


def of_a_scale(values: dict[str, float], *, rows_each: int = 30, missing: int = 0) -> Table:
    """Orders of so many rows per age band, each of them of the amount given."""
    data: list[list[Any]] = [[band, amount] for band, amount in values.items() for _ in range(rows_each)]
    data += [[None, 5.0]] * missing
    random.Random(3).shuffle(data)
    return make_table([column("age_band", "VARCHAR"), column("amount", "DOUBLE")], data)


def test_bars_of_a_scale_stand_in_its_order() -> None:
    """From the youngest to the oldest, rows without an age last; the title still names the highest."""
    table = of_a_scale({"65+": 40.0, "18-24": 10.0, "25-34": 90.0, "35-64": 55.0}, missing=9)

    found = drawn(table)
    spec = chart(found, "bar", "{col:amount}")

    assert [record["x"] for record in spec.data] == ["18-24", "25-34", "35-64", "65+", "no value"]
    assert spec.title.startswith("25-34 accounts for")
    fact = next(one for one in found.facts if one.id == spec.fact_ids[0])
    assert spec.order is not None
    assert isinstance(fact.value, tuple)
    assert [fact.value[place].value for place in spec.order] == [record["y"] for record in spec.data]
    assert spec.alt.startswith("Bars of amount by age band: highest 25-34")


def test_nothing_of_a_scale_is_folded() -> None:
    """Twelve months are twelve bars, of which one has too few rows to be among the most frequent."""
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    data: list[list[Any]] = [
        [month, float(10 + 7 * place % 40)]
        for place, month in enumerate(months)
        for _ in range(1 if place == 6 else 30)
    ]

    spec = chart(
        drawn(make_table([column("month", "VARCHAR"), column("amount", "DOUBLE")], data)), "bar", "{col:amount}"
    )

    assert [record["x"] for record in spec.data] == months


def test_row_that_adds_up_a_scale_does_not_unsettle_it() -> None:
    """“All ages” stands among the bands and has no bar."""
    bands = {"65+": 40.0, "18-24": 10.0, "25-34": 90.0, "35-64": 55.0}
    rows: list[list[Any]] = [
        [f"{year}", band, value]
        for year in range(2001, 2021)
        for band, value in (*bands.items(), ("All ages", sum(bands.values())))
    ]
    columns = [column("year", "VARCHAR"), column("age_band", "VARCHAR"), column("amount", "DOUBLE")]

    spec = chart(drawn(make_table(columns, rows)), "bar", "{col:amount}", "accounts")

    assert [record["x"] for record in spec.data] == ["18-24", "25-34", "35-64", "65+"]


@pytest.mark.parametrize("is_apart", [True, False], ids=["date and time in two columns", "one moment"])
def test_hours_of_the_day_are_drawn_where_they_differ(is_apart: bool) -> None:
    """Sales by the hour stand in the order of the clock, and the title names the hour that stands out."""
    moments = [datetime.combine(date(2024, 1, 1), time()) + timedelta(hours=hour) for hour in range(24 * 70)]
    sold = [10 + (30 if moment.hour == 18 else moment.hour) for moment in moments]
    columns = (
        [column("day", "DATE", role="never"), column("time", "TIME", role="never")]
        if is_apart
        else [column("at", "TIMESTAMP", role="never")]
    )
    rows = [
        [*((moment.date(), moment.time()) if is_apart else (moment,)), amount]
        for moment, amount in zip(moments, sold, strict=True)
    ]

    found = drawn(make_table([*columns, column("sold", "BIGINT")], rows))

    hours = next(one for one in found.charts if one.x_label == "Hour of the day")
    assert [record["x"] for record in hours.data] == [f"{hour:02d}:00" for hour in range(24)]
    assert hours.title == "Sold is highest at 18:00: 2,800"


def test_each_measurement_is_drawn_by_the_hours_of_the_day() -> None:
    """A room is warm in the afternoon and full in office hours: two charts, the first before any spread."""
    chance = random.Random(41)
    moments = [datetime.combine(date(2024, 1, 1), time()) + timedelta(hours=hour) for hour in range(24 * 30)]
    columns = [column("at", "TIMESTAMP", role="never")]
    columns += [column(name, "DOUBLE", role="average") for name in ("warmth", "air")]
    rows = [
        [moment, 20 - 4 * math.cos((moment.hour - 3) * math.pi / 12) + chance.random(),
         400 + 300 * (8 <= moment.hour < 18) + chance.gauss(0, 9)]
        for moment in moments
    ]  # fmt: skip

    found = drawn(make_table(columns, rows))

    hours = [at for at, one in enumerate(found.charts) if one.x_label == "Hour of the day"]
    spreads = [at for at, one in enumerate(found.charts) if one.type == "histogram"]
    assert {found.charts[at].y_label for at in hours} == {"Average warmth", "Average air"}
    assert min(hours) < min(spreads)


def test_hours_that_are_alike_are_not_drawn() -> None:
    """A machine that writes a row every hour has no rush hour."""
    moments = [datetime.combine(date(2024, 1, 1), time()) + timedelta(hours=hour) for hour in range(24 * 70)]
    chance = random.Random(31)

    found = drawn(make_table(
        [column("at", "TIMESTAMP", role="never"), column("level", "DOUBLE", role="average")],
        [[moment, 100 + chance.random()] for moment in moments],
    ))  # fmt: skip

    assert all(one.x_label != "Hour of the day" for one in found.charts)


@pytest.mark.parametrize(("rows", "is_named"), [(8, False), (80, True)], ids=["of eight", "of eighty"])
def test_title_names_no_average_that_rests_on_few_rows(rows: int, is_named: bool) -> None:
    """The best of eight students is no best school beside schools of hundreds."""
    chance = random.Random(37)
    schools = {"North": (400, 60), "South": (400, 70), "East": (400, 80), "Small": (rows, 95)}
    data = [[name, level + chance.gauss(0, 5)] for name, (times, level) in schools.items() for _ in range(times)]

    found = drawn(make_table([column("school", "VARCHAR"), column("score", "DOUBLE", role="average")], data))

    assert chart(found, "bar", "score").title.startswith("Average score is highest for Small") == is_named


@pytest.mark.parametrize("count", [6, 25])
def test_a_list_of_named_things_is_drawn_thing_by_thing(count: int) -> None:
    """Each row has a name of its own: its figure is drawn, nothing is averaged, and what is not drawn is said."""
    rows = [[f"Land {chr(65 + at)}", 1_000.0 - 37 * at, 1.5 + at * 5 % 7] for at in range(count)]
    columns = [column("country", "VARCHAR", inferred_type="text", role="never"), column("sales", "DOUBLE"),
               column("rate", "DOUBLE", role="average", unit="%")]  # fmt: skip

    found = drawn(make_table(columns, rows))
    specs = [spec for spec in found.charts if spec.type == "bar"]

    assert specs[0].title == "Land A has the highest sales: 1,000"
    assert [record["y"] for record in specs[0].data] == [row[1] for row in rows[:10]]
    assert (specs[0].note == "The 10 highest of 25 are drawn.") is (count == 25)
    assert {spec.y_label for spec in specs} == {"Sales", "Rate (%)"}


@pytest.mark.parametrize(
    "name",
    [
        lambda at: f"Event {at}",
        lambda at: "North" if at % 2 else "South",
        lambda at: "word " * 12 + chr(65 + at),
        lambda at: f"Printer of desk {chr(65 + at)} is out of paper.",
    ],
    ids=["numbers", "names that come again", "long sentences", "sentences"],
)
def test_rows_without_names_are_not_drawn_one_by_one(name: Callable[[int], str]) -> None:
    """Nobody knows Event 12, two regions are categories, and a sentence is no label."""
    columns = [column("what", "VARCHAR", inferred_type="text", role="never"), column("sales", "DOUBLE")]

    found = drawn(make_table(columns, [[name(at), 1_000.0 - 37 * at] for at in range(20)]))

    assert not any("of each" in spec.subtitle for spec in found.charts)


def test_averages_that_chance_parts_by_the_hour_are_not_drawn() -> None:
    """Answers from one to five come at any hour: a few of each give averages that differ, and say nothing."""
    chance = random.Random(43)
    start = datetime.combine(date(2024, 3, 1), time())
    rows = [[start + timedelta(hours=3 * at), chance.randint(1, 5)] for at in range(240)]

    found = drawn(make_table([column("at", "TIMESTAMP"), column("score", "BIGINT", role="average")], rows))

    assert all(one.x_label != "Hour of the day" for one in found.charts)


@pytest.mark.parametrize("heading", ["column_1", "Unnamed: 0", "rownames"])
def test_short_list_is_drawn_whole_and_item_by_item_where_its_names_have_no_heading(heading: str) -> None:
    """The largest costs of a statement are its lowest figures: none of twelve lines is left out."""
    rows = [[name, 900 - 170 * at] for at, name in enumerate(("Revenue", "Fees", "Grants", "Sales", "Rents"))]
    rows += [
        [name, -700 - 90 * at]
        for at, name in enumerate(("Freight", "Energy", "Travel", "Wages", "Interest", "Tax", "Losses"))
    ]

    found = drawn(make_table([column(heading, "VARCHAR", inferred_type="text"), column("2024", "BIGINT")], rows))

    lines = next(one for one in found.charts if one.type == "bar")
    assert [record["x"] for record in lines.data] == [str(name) for name, _ in rows]
    assert (lines.title, lines.x_label, lines.note) == ("2024, item by item", "Item", None)


def test_hours_of_the_day_need_no_two_months() -> None:
    """After a week each hour has come up often enough; days of the week have not."""
    start = datetime.combine(date(2024, 3, 1), time())
    rows = [[start + timedelta(hours=at), 5.0 + (at % 24 in range(8, 18)) * 3 + at % 5 * 0.1] for at in range(24 * 12)]

    found = drawn(make_table([column("time", "TIMESTAMP"), column("load", "DOUBLE", role="average")], rows))

    assert {spec.x_label for spec in found.charts if spec.type == "bar"} == {"Hour of the day"}


def test_an_average_that_a_group_tells_is_drawn_beside_the_total() -> None:
    """Smokers are charged four times as much: the total of either group would not say so."""
    chance = random.Random(41)
    rows = [
        [smokes := chance.random() < 0.2, chance.choice("NESW"), chance.gauss(32_000 if smokes else 8_000, 2_000)]
        for _ in range(300)
    ]
    columns = [column("smoker", "BOOLEAN"), column("region", "VARCHAR"), column("charges", "DOUBLE")]

    found = drawn(make_table(columns, rows)).charts

    spec = next(one for one in found if one.y_label == "Average charges" and one.x_label == "Smoker")
    assert spec.title.startswith("Average charges is highest for smoker yes: 3")
    assert not [one for one in found if one.y_label == "Average charges" and one.x_label == "Region"]


def test_an_amount_that_parts_between_two_as_the_rows_do_is_not_drawn() -> None:
    """Men are half of the customers and pay half of the sum."""
    chance = random.Random(43)
    rows = [[("male", "female")[at % 2], round(chance.gauss(50, 9), 2)] for at in range(400)]

    found = drawn(make_table([column("sex", "VARCHAR"), column("paid", "DOUBLE")], rows)).charts

    assert not [one for one in found if one.type == "bar"]
