"""Charts are chosen by rules, titled by facts, and pass the lint, whatever the table."""

import random
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.analysis.drawn_charts import chart, drawn, prices, sales
from tests.engine.tables import column, forgetful, make_table

from datapilot.analysis.charts import Drawn
from datapilot.analysis.drawing.candidate import axis
from datapilot.analysis.profiling import profile_table
from datapilot.contracts.limits import Limits
from datapilot.contracts.measure import KeyedValue
from datapilot.contracts.table import Column, ReadingOptions
from datapilot.engine.connect import connect
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table
from datapilot.reading.read_table import read_table

pytestmark = pytest.mark.spec("B4")

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_sales_table_gets_each_kind_of_chart() -> None:
    """Time, categories, spread, relation and map, at most twelve, the main amount over time first."""
    found = drawn(sales())

    assert {"line", "bar", "histogram", "scatter", "heatmap"} <= {one.type for one in found.charts}
    assert len(found.charts) <= 12
    assert found.charts[0].type == "line"
    assert "{col:revenue}" in found.charts[0].title_template


def test_every_cited_fact_is_there_and_recomputes() -> None:
    """What charts show is what measures give again."""
    table = sales()

    found = drawn(table)

    again = evaluate([fact.measure for fact in found.facts], forgetful(table))
    for fact, other in zip(found.facts, again, strict=True):
        if isinstance(fact.value, float):
            assert other.value == pytest.approx(fact.value, rel=1e-9)
        else:
            assert other == fact
    assert {fact.id for fact in found.facts} == {one for spec in found.charts for one in spec.fact_ids}


def test_codes_personal_data_and_constants_are_on_no_axis() -> None:
    """Nobody wants the sum of ZIP codes or a bar per e-mail address."""
    found = drawn(sales())

    told = " ".join(one.model_dump_json() for one in found.charts)
    for name in ("order_id", "email", "region_code", "zip", '"same"', "example.com"):
        assert name not in told


def test_a_filler_number_is_left_out_and_said() -> None:
    """-200 for "not measured" would drag every average below zero."""
    chance = random.Random(9)
    rows = [
        [date(2024, 1, 1) + timedelta(days=index), -200.0 if index % 5 == 0 else round(chance.gauss(20, 3), 1)]
        for index in range(300)
    ]

    found = drawn(make_table([column("day", "DATE"), column("co", "DOUBLE", role="average")], rows))

    line = chart(found, "line", "{col:co}")
    assert all(15 < float(str(record["y"])) < 25 for record in line.data)
    assert "−200" in str(line.note)


def test_columns_with_the_same_groups_are_drawn_once() -> None:
    """An agency and its only bureau bear one name: the second chart would repeat the first to the word."""
    columns = [column("agency", "VARCHAR"), column("bureau", "VARCHAR"), column("revenue", "BIGINT")]
    names = ("Treasury", "Defense", "Energy", "Justice")
    rows = [[names[index % 4], names[index % 4], 100 * (index % 4) + index % 7] for index in range(200)]

    found = drawn(make_table(columns, rows))

    titles = [one.title for one in found.charts]
    assert len(set(titles)) == len(titles)
    assert sum("accounts for" in title for title in titles) == 1


def test_what_says_nothing_is_not_drawn() -> None:
    """One bar, equal bars, a bar with nearly all rows, one point in time: none of them is a chart."""
    columns = [column("all_equal", "VARCHAR"), column("nearly_one", "VARCHAR"), column("day", "DATE")]
    rows = [["ab"[index % 2], "x" if index else "y", date(2024, 1, 1)] for index in range(100)]

    assert drawn(make_table(columns, rows)).charts == ()


@pytest.mark.parametrize("rows", [0, 1])
def test_hardly_any_rows_have_no_charts(rows: int) -> None:
    """There is nothing to compare."""
    assert drawn(sales(rows=rows)).charts == ()


def test_hostile_names_and_cells_stay_text() -> None:
    """Braces, quotes and markup in names and cells neither break a template nor leave their place."""
    chance = random.Random(1)
    columns = [column('re{gion}"; DROP TABLE data', "VARCHAR"), column("{f_00000000}", "DOUBLE")]
    rows = [[chance.choice(["<b>a</b>", "{col:x}", "c'd"]), chance.uniform(0, 9)] for _ in range(200)]

    assert drawn(make_table(columns, rows)).charts


@pytest.mark.parametrize(
    "name", ["sales_demo.csv", "umsatz_filialen.csv", "energy_readings.json", "support_tickets.xlsx"]
)
def test_the_shipped_samples_have_clean_charts(name: str) -> None:
    """What a newcomer sees first passes the lint."""
    limits = Limits()
    with connect(limits, None) as connection:
        read = read_table(EXAMPLES / name, name=name, options=ReadingOptions(), limits=limits, connection=connection)
        assert len(drawn(read.table).charts) >= 5


cells = {
    "BIGINT": st.integers(-1000, 1000),
    "DOUBLE": st.floats(-1e6, 1e6).map(lambda x: float(f"{x:.6g}")),
    "VARCHAR": st.sampled_from(["a", "b", "cc", "Ü", "long " * 20, ""]),
    "BOOLEAN": st.booleans(),
    "DATE": st.dates(date(2020, 1, 1), date(2024, 1, 1)),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Column], list[list[Any]]]:
    kinds = draw(st.lists(st.sampled_from(sorted(cells)), min_size=1, max_size=6))
    roles = draw(st.lists(st.sampled_from(["sum", "average", "never"]), min_size=6, max_size=6))
    columns = [
        column(f"{kind.lower()} {place}", kind, **({"role": roles[place]} if kind in ("BIGINT", "DOUBLE") else {}))
        for place, kind in enumerate(kinds)
    ]
    seed = draw(st.integers(0, 10_000))
    pools = [draw(st.lists(cells[kind], min_size=2, max_size=12)) for kind in kinds]
    chance = np.random.default_rng(seed)
    rows = draw(st.integers(2, 120))
    return columns, [
        [None if chance.random() < 0.1 else pool[chance.integers(len(pool))] for pool in pools] for _ in range(rows)
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made=tables())
def test_any_table_has_charts_without_a_finding(made: tuple[list[Column], list[list[Any]]]) -> None:
    """The lint has nothing to say about charts of generated tables."""
    drawn(make_table(*made))


def test_keyed_values_are_what_the_data_shows() -> None:
    """A bar's data is its fact, entry by entry."""
    found = drawn(sales())
    spec = chart(found, "bar", "{col:revenue}")
    fact = next(fact for fact in found.facts if fact.id == spec.fact_ids[0])

    assert isinstance(fact.value, tuple)
    assert all(isinstance(entry, KeyedValue) for entry in fact.value)
    assert [record["y"] for record in spec.data] == [entry.value for entry in fact.value]


def test_a_unit_that_the_name_says_stands_once_on_the_axis() -> None:
    """“Order Value (EUR)” needs no second EUR; a name without its unit gets it."""
    units = {"Order Value (EUR)": "EUR", "revenue": "EUR", "gross_2013$": "$", "target_percentage": "%"}
    columns = [column(name, "DOUBLE", unit=unit) for name, unit in units.items()]
    profile = profile_table(make_table(columns, [[1.5, 2.5, 3.5, 4.5], [2.5, 3.5, 4.5, 5.5]])).profile

    said = ["Order value (EUR)", "Revenue (EUR)", "Gross 2013$", "Target percentage"]
    assert [axis(one) for one in profile.columns] == said


@pytest.mark.parametrize(
    ("name", "is_time"),
    [("Last Counted", False), ("lastSeenAt", False), ("latest_invoice", False), ("Lasting from", True), ("day", True)],
)
def test_nothing_is_added_up_over_dates_of_a_state(name: str, is_time: bool) -> None:
    """When each item was last counted makes no course of the stock."""
    rows = [[date(2024, 1, 1) + timedelta(days=index * 2), 10 + index % 7] for index in range(150)]

    found = drawn(make_table([column(name, "DATE"), column("stock", "BIGINT")], rows))

    assert any(one.type == "line" for one in found.charts) == is_time


def test_columns_that_say_the_same_are_drawn_once() -> None:
    """Open, high and low of a day are one figure three times: one line, one spread, one row of the map."""
    found = drawn(prices())

    drawn_prices = {
        name
        for one in found.charts
        for fact in found.facts
        if fact.id in one.fact_ids
        for name in (fact.measure.column, fact.measure.column2)
        if name in {"open", "high", "low"}
    }
    assert len(drawn_prices) == 1


def test_price_is_asked_about_before_the_measures_of_a_thing() -> None:
    """Of numbers that only average, the price comes first whatever the order of the columns."""
    chance = random.Random(13)
    rows = [
        [chance.gauss(5, 1), chance.gauss(60, 2), chance.gauss(900, 90), chance.choice(["Ideal", "Fair", "Good"])]
        for _ in range(300)
    ]
    columns = [column(name, "DOUBLE", role="average") for name in ("width", "depth", "price")]

    found = drawn(make_table([*columns, column("cut", "VARCHAR")], rows))

    assert "{col:price}" in next(one.title_template for one in found.charts if one.type == "histogram")


def test_of_columns_named_by_year_the_latest_is_drawn() -> None:
    """A budget with a column for each year is shown as it is, not as it was sixty years ago."""
    chance = random.Random(16)
    names = [str(year) for year in range(1990, 2020)]
    rows = [
        [*chance.choices(["Tax", "Fees", "Loans"], [5, 3, 1]), *(chance.lognormvariate(5, 1) for _ in names)]
        for _ in range(200)
    ]

    found = drawn(make_table([column("source", "VARCHAR"), *(column(name, "DOUBLE") for name in names)], rows))

    assert "{col:2019}" in next(one.title_template for one in found.charts if one.type == "bar")


def test_figures_of_one_kind_for_several_years_are_drawn_for_the_latest() -> None:
    """The density of 2006 beside that of 2021 is the same chart twice."""
    chance = random.Random(17)
    names = ["density_2006", "density_2011", "density_2021"]
    rows = [[10 * chance.lognormvariate(1, 0.4) for _ in names] for _ in range(300)]

    found = drawn(make_table([column(name, "DOUBLE", role="average") for name in names], rows))

    assert {one.x_label for one in found.charts if one.type == "histogram"} == {"Density 2021"}


def bars_of_amounts(found: Drawn) -> list[str]:
    return [one.title for one in found.charts if one.type == "bar" and one.unit != "rows"]


def test_two_amounts_that_part_alike_are_drawn_once() -> None:
    """Where cost goes with revenue, cost by region and the rows by region repeat what revenue by region has shown."""
    chance = random.Random(19)
    rows = []
    for _ in range(400):
        revenue = chance.randint(50, 150)
        rows.append(
            [*chance.choices(["North", "South", "East"], [5, 3, 2]), revenue, revenue // 2 + chance.randint(0, 30)]
        )

    found = drawn(
        make_table([column("region", "VARCHAR"), column("revenue", "BIGINT"), column("cost", "BIGINT")], rows)
    )

    assert [one.type for one in found.charts].count("bar") == 1
    assert bars_of_amounts(found)[0].startswith("North accounts for ")


def test_two_amounts_that_run_alike_are_drawn_once() -> None:
    """The number of orders by month has the course of their revenue."""
    days = [date(2023, 1, 1) + timedelta(days=day) for day in range(365)]
    rows = [[day, 100 + number] for day in days for number in range(5 + 2 * day.month)]

    found = drawn(make_table([column("day", "DATE"), column("revenue", "BIGINT")], rows))

    assert [one.y_label for one in found.charts if one.type == "line"] == ["Revenue"]


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        ({"a": 100, "b": 97, "c": 94}, 1),
        ({f"item {number}": 60 + number for number in range(25)}, 1),
        ({"a": 880, "b": 70, "c": 50}, 1),
    ],
    ids=["parts of one size", "most of it in the rest", "nearly all rows, nearly all of the amount"],
)
def test_amount_whose_parts_say_nothing_is_not_drawn(parts: dict[str, int], value: int) -> None:
    """Bars of one length, eight of many alike, and one that is long because most rows are there."""
    rows = [[name, value + number % 3] for name, times in parts.items() for number in range(times)]

    found = drawn(make_table([column("part", "VARCHAR"), column("amount", "BIGINT")], rows))

    assert bars_of_amounts(found) == []


def test_column_that_calls_itself_an_average_is_not_called_one_twice() -> None:
    """ "Average average price" is read twice."""
    days = [date(2023, 1, 1) + timedelta(days=day) for day in range(365)]
    columns = [column("day", "DATE"), column("AveragePrice", "DOUBLE", role="average")]

    line = chart(drawn(make_table(columns, [[day, 1.0 + day.month] for day in days])), "line")

    assert (line.title, line.y_label) == ("Average price rose from 2 in Jan 2023 to 13 in Dec 2023", "Average price")


def test_number_called_an_id_is_neither_added_up_nor_spread() -> None:
    """The same subject comes back in several rows under its number, which is a name all the same."""
    chance = random.Random(27)
    columns = [column("subject_id", "DOUBLE"), column("dose", "DOUBLE"), column("group", "VARCHAR")]
    rows = [[float(chance.randint(1, 90)), chance.lognormvariate(1, 1), chance.choice("AAB")] for _ in range(400)]

    found = drawn(make_table(columns, rows))

    assert found.charts
    assert not [one for one in found.charts if "subject" in one.title + one.x_label + one.y_label]


def test_figures_of_several_years_side_by_side_are_shown_once() -> None:
    """A rate of one column per year is followed through the years and spread for the latest, and no year is drawn
    against the one before."""
    chance = random.Random(28)
    names = [str(year) for year in range(2000, 2012)]
    rows = []
    for _ in range(150):
        level = chance.lognormvariate(1, 0.5)
        rows.append([level * chance.uniform(0.8, 1.2) for _ in names])

    found = drawn(make_table([column(name, "DOUBLE", role="average") for name in names], rows))

    assert [(one.type, one.x_label) for one in found.charts] == [("line", "Year"), ("histogram", "2011")]


@pytest.mark.spec("B4")
def test_a_text_alternative_says_which_end_each_figure_is() -> None:
    """“Furniture has 8, Office 3” leaves a listener to guess; correlations have two decimals."""
    found = drawn(sales())

    bars = next(one for one in found.charts if one.type == "bar" and " by region" in one.alt)
    told = re.search(r": highest (.+) with (.+), lowest (.+) with (.+)\.$", bars.alt)
    assert told is not None
    assert told[1] != told[3]
    assert re.search(r"\(r = \d\.\d\d\)$", chart(found, "scatter").title)


def of_twins(slips: int, codes: dict[str, str]) -> Table:
    """Sales of five places that have a name and a code, in so many rows the code of the next place."""
    chance = random.Random(8)
    names = list(codes)
    data: list[list[Any]] = []
    for row in range(600):
        name = chance.choices(names, [9, 7, 5, 3, 2])[0]
        code = codes[names[(names.index(name) + (row < slips)) % len(names)]]
        data.append([code, name, chance.uniform(1, 90)])
    return make_table([column("area", "VARCHAR"), column("region", "VARCHAR"), column("amount", "DOUBLE")], data)


CODES = {"North Hill": "NH", "South Bay": "SB", "East End": "EE", "West Side": "WS", "Old Town": "OT"}


@pytest.mark.parametrize("slips", [0, 8], ids=["always", "nearly always"])
def test_of_a_name_and_its_code_the_name_is_drawn(slips: int) -> None:
    """Two charts of the same groups would say one thing twice, and a code says less."""
    found = drawn(of_twins(slips, CODES))

    told = [one.title_template + one.subtitle for one in found.charts if one.type == "bar"]
    assert told
    assert all("region" in one for one in told)
    assert not any("area" in one for one in told)


def test_categories_that_often_part_ways_are_both_drawn() -> None:
    """A quarter of the rows elsewhere is a difference that a reader may want to see."""
    found = drawn(of_twins(160, CODES))

    told = " ".join(one.subtitle for one in found.charts if one.type == "bar")
    assert "by area" in told
    assert "by region" in told


def test_of_a_continent_that_parts_a_few_more_rows_the_region_is_drawn() -> None:
    """The Americas are two continents, of which one is small: two charts would still say one thing."""
    chance = random.Random(9)
    places = {"AF": "Africa", "EU": "Europe", "AS": "Asia", "NA": "Americas", "SA": "Americas", "OC": "Oceania"}
    codes = chance.choices(list(places), [20, 24, 30, 14, 3, 9], k=700)
    data: list[list[Any]] = [[code, places[code], chance.uniform(1, 90)] for code in codes]
    columns = [column("continent", "VARCHAR"), column("region_name", "VARCHAR"), column("amount", "DOUBLE")]

    told = " ".join(one.subtitle for one in drawn(make_table(columns, data)).charts if one.type == "bar")

    assert "by region name" in told
    assert "by continent" not in told


def test_charts_that_say_nothing_keep_none_from_being_drawn() -> None:
    """Averages that hang on none of six categories leave room for how often each of their values comes up."""
    chance = random.Random(23)
    names = [f"trait {letter}" for letter in "abcdef"]
    rows = [
        [chance.random(), chance.random(), *chance.choices(["low", "high", "none"], [6, 3, 1], k=len(names))]
        for _ in range(600)
    ]
    numbers = [column(name, "DOUBLE", role="average") for name in ("score", "level")]

    found = drawn(make_table([*numbers, *(column(name, "VARCHAR") for name in names)], rows))

    assert sum(one.type == "bar" and one.unit == "rows" for one in found.charts) >= 3


@pytest.mark.parametrize("is_parted", [True, False], ids=["a class and its parts", "two classes of like names"])
def test_class_and_its_parts_under_one_name_are_drawn_once(is_parted: bool) -> None:
    """Income tax is a class and, under the same name, the only part of it: the second chart would repeat the first."""
    parts = {"Income tax": ["Income tax"], "Duties": ["Customs", "Excise", "Tolls"], "Fees": ["Stamps", "Courts"]}
    other = {"Income tax": ["Duties", "Income tax"], "Duties": ["Fees"], "Fees": ["Income tax", "Fees"]}
    chance = random.Random(29)
    rows = []
    for _ in range(300):
        (kind,) = chance.choices(list(parts), [6, 3, 2])
        rows.append([kind, chance.choice((parts if is_parted else other)[kind]), chance.randint(80, 120)])

    found = drawn(make_table([column("class", "VARCHAR"), column("part", "VARCHAR"), column("paid", "BIGINT")], rows))

    bars = {one.x_label for one in found.charts if one.type == "bar" and one.unit != "rows"}
    assert bars == ({"Class"} if is_parted else {"Class", "Part"})


def test_axis_of_a_question_says_what_it_asks_about() -> None:
    """What tells the questions of a battery apart stands at their ends, which a cut name would lose."""
    name = "Please rank the films of the series in order of preference, 1 being the best.: Episode IV A New Hope"

    assert axis(column(name, "BIGINT", role="average"), prefix="average ").endswith("Episode IV A New Hope”")


def test_average_of_what_seldom_happens_is_not_drawn_beside_amounts() -> None:
    """The average number of calls to an office that is hardly ever called says nothing beside the others' sums."""
    chance = random.Random(41)
    days = [date(2023, 1, 1) + timedelta(days=day) for day in range(365)]
    rows = [[day, 200 + chance.randint(0, 90) + day.month, chance.choices([0, 1, 5], [95, 4, 1])[0]] for day in days]
    columns = [column("day", "DATE"), column("calls", "BIGINT"), column("seldom", "BIGINT", role="average")]

    assert all("seldom" not in one.title.lower() for one in drawn(make_table(columns, rows)).charts)
    alone = make_table([columns[0], columns[2]], [[day, few] for day, _, few in rows])
    assert any("seldom" in one.title.lower() for one in drawn(alone).charts)


def test_of_spreads_that_look_alike_one_is_drawn() -> None:
    """Two long-tailed amounts make the same picture under other numbers; one that lies otherwise is another."""
    chance = random.Random(8)
    rows = [[chance.lognormvariate(3, 1), chance.lognormvariate(9, 1), chance.gauss(50, 5)] for _ in range(600)]
    columns = [column(name, "DOUBLE") for name in ("fees", "budget", "height")]

    specs = [spec for spec in drawn(make_table(columns, rows)).charts if spec.type == "histogram"]

    assert len([spec for spec in specs if spec.x_label in ("Fees", "Budget")]) == 1
    assert [spec.x_label for spec in specs].count("Height") == 1


def test_what_stands_last_of_many_numbers_has_its_cloud() -> None:
    """The quality of a wine stands behind eleven measurements, and one of them goes with it."""
    chance = random.Random(47)
    names = [f"part {letter}" for letter in "abcdefghij"]
    rows = []
    for _ in range(300):
        alcohol = chance.gauss(10, 1)
        rows.append([*(chance.gauss(5, 1) for _ in names), alcohol, round(5 + alcohol / 2 + chance.gauss(0, 0.5), 1)])
    columns = [column(name, "DOUBLE", role="average") for name in (*names, "alcohol", "quality")]

    found = drawn(make_table(columns, rows)).charts

    assert [one.title.split(" rise")[0] for one in found if one.type == "scatter"] == ["Alcohol and quality"]


def test_numbers_that_nothing_goes_with_are_shown_each_by_itself() -> None:
    """Of a table of measurements without a relation or a group a handful of spreads is shown, none of them twice."""
    chance = random.Random(53)
    columns = [column(f"reading {letter}", "DOUBLE", role="average") for letter in "abcdefgh"]
    rows = [[chance.lognormvariate(1, 0.2 + 0.1 * at) for at in range(len(columns))] for _ in range(400)]

    found = drawn(make_table(columns, rows)).charts

    assert {one.type for one in found} == {"histogram"}
    assert 4 <= len({one.x_label for one in found}) == len(found)
