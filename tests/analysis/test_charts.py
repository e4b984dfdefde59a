"""Charts are chosen by rules, titled by facts, and pass the lint, whatever the table."""

import random
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.analysis.chart_lint import lint_charts
from tests.engine.tables import column, forgetful, make_table

from datapilot.analysis.bins import choose_bins
from datapilot.analysis.charts import Drawn, draw_charts
from datapilot.analysis.drawing.candidate import axis
from datapilot.analysis.profiling import profile_table, relate
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.limits import Limits
from datapilot.contracts.measure import KeyedValue
from datapilot.contracts.profile import NumericStats
from datapilot.contracts.table import Column, ReadingOptions
from datapilot.engine.connect import connect
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table
from datapilot.reading.read_table import read_table

pytestmark = pytest.mark.spec("B4")

EXAMPLES = Path(__file__).parents[2] / "examples"


def drawn(table: Table) -> Drawn:
    profile = relate(profile_table(table).profile, table)
    found = draw_charts(table, profile)
    assert lint_charts(found.charts, found.facts, profile) == []
    return found


def chart(found: Drawn, kind: str, *words: str) -> ChartSpec:
    return next(one for one in found.charts if one.type == kind and all(word in one.title_template for word in words))


def sales(rows: int = 400, last: date = date(2024, 6, 30)) -> Table:
    """Orders of 540 days: revenue follows units, North sells most, one row in twenty has no region."""
    chance = random.Random(5)
    columns = [
        column("order_date", "DATE"), column("order_id", "BIGINT", inferred_type="identifier", role="never"),
        column("email", "VARCHAR", inferred_type="email", role="never", pii="email"),
        column("region", "VARCHAR"), column("region_code", "BIGINT", inferred_type="categorical", role="count"),
        column("revenue", "DOUBLE", unit="EUR", subtype="currency"), column("units", "BIGINT"),
        column("unit_price", "DOUBLE", role="average"), column("zip", "BIGINT", role="never"),
        column("same", "DOUBLE"), column("paid", "BOOLEAN"),
    ]  # fmt: skip
    data = []
    for index in range(rows):
        region = chance.choices(["North", "South", "East", "West", None], [50, 20, 15, 10, 5])[0]
        units = chance.randint(1, 9)
        price = round(chance.uniform(5, 15), 2)
        data.append(
            [last - timedelta(days=(rows - 1 - index) * 540 // rows), index, f"u{index}@example.com", region,
             {"North": 1, "South": 2, "East": 3, "West": 4}.get(str(region)), round(units * price, 2), units, price,
             chance.choice([1010, 8001]), 7.0, chance.random() < 0.6]
        )  # fmt: skip
    return make_table(columns, data)


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


def test_the_rest_of_many_categories_stands_last_with_its_share() -> None:
    """Eight bars and one “Other” that says how many values it holds."""
    chance = random.Random(3)
    names = [f"Product {number:02d}" for number in range(40)]
    weights = [1 / (number + 1) ** 1.5 for number in range(40)]
    rows = [[chance.choices(names, weights)[0], chance.uniform(1, 5)] for _ in range(900)]

    spec = chart(drawn(make_table([column("product", "VARCHAR"), column("sales", "DOUBLE")], rows)), "bar", "sales")

    assert len(spec.data) == 9
    assert str(spec.data[-1]["x"]).startswith(f"Other ({len({row[0] for row in rows}) - 8} values, ")


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


def test_far_values_do_not_squeeze_a_histogram() -> None:
    """The bins cover where the values are; how many are not drawn is said."""
    chance = random.Random(4)
    rows = [[round(chance.gauss(100, 10), 2)] for _ in range(500)] + [[1e6], [2e6]]

    spec = chart(drawn(make_table([column("x", "DOUBLE")], rows)), "histogram")

    assert spec.points_total < 502
    assert "Drawn are" in str(spec.note)
    assert sum(1 for record in spec.data if record["y"]) > 6


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


def test_a_histogram_leaves_out_the_number_that_stands_for_no_value() -> None:
    """Bins, quartiles and counts are those of the real values, and the chart says which number was left out."""
    chance = random.Random(6)
    rows: list[list[object]] = [[round(chance.gauss(20, 3), 1)] for _ in range(400)] + [[-200.0]] * 90

    spec = chart(drawn(make_table([column("pressure", "DOUBLE")], rows)), "histogram")

    assert min(record["x"] for record in spec.data) > 0
    assert sum(record["y"] for record in spec.data) == 400
    assert spec.subtitle.startswith("Values per bin, 400 values")
    assert "−200 stands for no value" in str(spec.note)


@pytest.mark.parametrize(
    ("low", "high", "middle", "whole", "width"),
    [(0, 100, (5, 95), True, 10), (0.0, 1.0, (0.05, 0.95), False, 0.1), (1, 7, (1, 7), True, 1),
     (0.0, 3.1e8, (1e7, 3e8), False, 2.5e7), (-0.004, 0.004, (-0.003, 0.003), False, 0.0005)],
)  # fmt: skip
def test_bins_have_round_widths(
    low: float, high: float, middle: tuple[float, float], whole: bool, width: float
) -> None:
    """Edges a reader can say aloud."""
    quarter = (middle[1] - middle[0]) / 4
    quantiles = {"p01": low, "p05": middle[0], "p25": middle[0] + quarter, "p75": middle[1] - quarter,
                 "p95": middle[1], "p99": high}  # fmt: skip
    stats = NumericStats.model_construct(min=low, max=high, quantiles=quantiles)

    bins = choose_bins(stats, whole=whole)

    assert bins is not None
    assert bins.width == pytest.approx(width)
    assert bins.edge(0) <= low
    assert bins.edge(bins.count) > high


def test_a_bare_label_is_named_with_its_column() -> None:
    """Who reads “ok accounts for half of the budget” must ask: what is ok?"""
    columns = [column("clean_test", "VARCHAR"), column("budget", "BIGINT")]
    rows = [["ok" if index % 3 else "notalk", 100 + index % 7] for index in range(90)]

    found = drawn(make_table(columns, rows))

    title = chart(found, "bar", "accounts for").title
    assert title.startswith("Clean test ok accounts for ")


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


def test_averages_of_a_handful_of_rows_are_not_ranked() -> None:
    """A group of two rows is no group to be highest."""
    rows = [["big", 1.0 + index % 7] for index in range(50)] + [["tiny", 99.0], ["tiny", 98.0]]

    found = drawn(make_table([column("team", "VARCHAR"), column("score", "DOUBLE", role="average")], rows))

    assert not any(one.type == "bar" and "score" in one.title_template for one in found.charts)


def test_a_scatter_shows_every_nth_row() -> None:
    """The points can be found again in the file."""
    table = sales(rows=2000)

    spec = chart(drawn(table), "scatter")

    assert spec.sample is not None
    assert spec.sample.step == 4
    one, other = spec.sample.columns
    units = {column.name: column.unit for column in table.columns}
    assert (spec.x_unit, spec.unit) == (units[one], units[other])
    assert "EUR" in (spec.x_unit, spec.unit)
    both = f"{table.physical(one)}, {table.physical(other)}"
    rows = table.connection.execute(
        f"SELECT {both} FROM {table.relation} WHERE rowid % 4 = 0 ORDER BY rowid"
    ).fetchall()
    assert [(record["x"], record["y"]) for record in spec.data] == rows


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


def test_bars_that_are_nearly_alike_name_no_leader() -> None:
    """A lead of a few per cent is chance more often than not: the title says the subject."""
    rows = [["abcd"[index % 4], [3.3, 3.4, 3.45, 3.6][index % 4] + (index // 4 % 9 - 4) / 8] for index in range(360)]

    spec = chart(drawn(make_table([column("team", "VARCHAR"), column("score", "DOUBLE", role="average")], rows)), "bar")

    assert spec.title == "Average score by team"


def test_an_average_that_few_rows_make_is_no_peak() -> None:
    """The highest month rests on three rows where others have forty: the title does not call it a peak."""
    columns = [column("day", "DATE"), column("age", "DOUBLE", role="average")]
    rows = [[date(2024, month, 1 + index % 27), 30 + index % 9] for month in range(1, 13) for index in range(40)]
    rows += [[date(2023, 12, index), 90] for index in (1, 2, 31)]

    spec = chart(drawn(make_table(columns, rows)), "line", "{col:age}")

    assert spec.title == "Average age by month"


def test_groups_without_a_value_have_no_bar() -> None:
    """A bar of no length would say zero; how many groups have none is said."""
    columns = [column("account", "VARCHAR"), column("credit", "DOUBLE", role="average")]
    rows = [["abcde"[index % 5], 10 * (index % 5) + index % 3 if index % 5 < 3 else None] for index in range(200)]

    spec = chart(drawn(make_table(columns, rows)), "bar", "{col:credit}")

    assert [record["x"] for record in spec.data] == ["c", "b", "a"]
    assert "2 groups have no value and no bar." in (spec.note or "")


def test_a_bin_of_one_whole_number_is_that_number() -> None:
    """A rating of 7 lies in the bin 7, not between 7 and 8."""
    rows = [[index * 7 % 11] for index in range(300)]

    spec = chart(drawn(make_table([column("rating", "BIGINT", role="average")], rows)), "histogram")

    assert all(set(record) == {"x", "y"} for record in spec.data)
    assert (spec.subtitle or "").startswith("Rows per value")


def test_a_unit_that_the_name_says_stands_once_on_the_axis() -> None:
    """“Order Value (EUR)” needs no second EUR; a name without its unit gets it."""
    units = {"Order Value (EUR)": "EUR", "revenue": "EUR", "gross_2013$": "$"}
    columns = [column(name, "DOUBLE", unit=unit) for name, unit in units.items()]
    profile = profile_table(make_table(columns, [[1.5, 2.5, 3.5], [2.5, 3.5, 4.5]])).profile

    assert [axis(one) for one in profile.columns] == ["Order value (EUR)", "Revenue (EUR)", "Gross 2013$"]


def test_a_map_of_correlations_has_no_gaps() -> None:
    """Where there are more relations than a profile keeps, the map's own pairs are computed all the same."""
    chance = np.random.default_rng(3)
    amounts = chance.normal(size=(300, 24))
    amounts[:, 1:] += 0.4 * amounts[:, :1]

    columns = [column(f"n{place}", "DOUBLE") for place in range(24)]
    spec = chart(drawn(make_table(columns, amounts.tolist())), "heatmap")

    shown = {record["x"] for record in spec.data}
    assert len(spec.data) == len(shown) * (len(shown) - 1)


def test_a_handful_of_rows_has_no_map_of_correlations() -> None:
    """Three rows nearly always lie on a line; a map would show what chance made."""
    rows = [[3, 1, 9, 2], [2, 2, 4, 7], [1, 3, 1, 5]]

    found = drawn(make_table([column(name, "DOUBLE") for name in "abcd"], rows))

    assert all(one.type != "heatmap" for one in found.charts)


def test_columns_that_say_the_same_have_no_map() -> None:
    """Years side by side that hardly differ would be a wall of ones."""
    rows = [[index * factor for factor in (1, 1.01, 1.02, 1.03, 1.04)] for index in range(80)]

    found = drawn(make_table([column(f"y{year}", "DOUBLE") for year in range(5)], rows))

    assert all(one.type != "heatmap" for one in found.charts)


@pytest.mark.parametrize(
    ("name", "is_time"),
    [("Last Counted", False), ("lastSeenAt", False), ("latest_invoice", False), ("Lasting from", True), ("day", True)],
)
def test_nothing_is_added_up_over_dates_of_a_state(name: str, is_time: bool) -> None:
    """When each item was last counted makes no course of the stock."""
    rows = [[date(2024, 1, 1) + timedelta(days=index * 2), 10 + index % 7] for index in range(150)]

    found = drawn(make_table([column(name, "DATE"), column("stock", "BIGINT")], rows))

    assert any(one.type == "line" for one in found.charts) == is_time


def by_years(years: range) -> Table:
    """Four countries in each of the years: sales rise, the price does not."""
    chance = random.Random(8)
    columns = [
        column("year", "BIGINT", subtype="year", role="never"), column("country", "VARCHAR"),
        column("sales", "BIGINT"), column("price", "DOUBLE", role="average"),
    ]  # fmt: skip
    rows = [
        [year, country, 100 + 9 * place + chance.randrange(30), round(chance.uniform(5, 6), 3)]
        for place, year in enumerate(years)
        for country in ("Chile", "Ghana", "Nepal", "Spain")
    ]
    return make_table(columns, rows)


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


def prices(rows: int = 300) -> Table:
    """Prices of days: high and low follow the open, volume does not, and every day has one row."""
    chance = random.Random(9)
    columns = [
        column("day", "DATE"), column("open", "DOUBLE", role="average"), column("high", "DOUBLE", role="average"),
        column("low", "DOUBLE", role="average"), column("volume", "BIGINT"), column("spread", "DOUBLE", role="average"),
    ]  # fmt: skip
    data = []
    level = 100.0
    for index in range(rows):
        level += chance.gauss(0, 3)
        volume = chance.randrange(1000, 9000)
        data.append(
            [date(2024, 1, 1) + timedelta(days=index), level, level + chance.random(), level - chance.random(), volume,
             volume / 5000 + chance.gauss(0, 0.3)]
        )  # fmt: skip
    return make_table(columns, data)


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


def test_rows_of_a_calendar_are_not_counted() -> None:
    """With one row a day, the rows of a month are its days: that line says nothing of the table."""
    assert not any(one.type == "line" and one.y_label == "Rows" for one in drawn(prices()).charts)


def test_map_does_not_repeat_the_title_of_a_cloud() -> None:
    """The closest pair is named once, by its cloud."""
    found = drawn(sales())

    titles = [one.title for one in found.charts if one.type in {"scatter", "heatmap"}]
    assert sum("r =" in title for title in titles) == sum(one.type == "scatter" for one in found.charts)
    assert any(one.type == "heatmap" for one in found.charts)


def test_weekday_that_hardly_leads_is_not_called_the_highest() -> None:
    """Averages of two days that differ by less than chance would make name no winner."""
    rows = []
    for index in range(280):
        day = date(2024, 1, 1) + timedelta(days=index)
        rows.append([day, {5: 100.6, 6: 80.0}.get(day.weekday(), 100.0 + day.weekday() / 10)])
    table = make_table([column("day", "DATE"), column("level", "DOUBLE", role="average")], rows)

    days = next(one for one in drawn(table).charts if one.x_label == "Day of the week")

    assert days.title == "Average level by day of the week"


def test_spread_of_a_number_that_is_mostly_one_value_is_described() -> None:
    """Whoever cannot see the drawing reads what most rows have."""
    chance = random.Random(10)
    rows = [[10.0 if chance.random() < 0.7 else round(chance.uniform(0, 10), 2)] for _ in range(300)]

    spread = chart(drawn(make_table([column("view", "DOUBLE", role="average")], rows)), "histogram")

    assert spread.alt == "Histogram of view. Half of the values or more are 10."


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


def test_cloud_of_two_columns_that_others_have_shown_is_left_out() -> None:
    """Where length goes with width and with weight, width and weight go together as well."""
    chance = random.Random(12)
    rows = []
    for _ in range(300):
        size = chance.gauss(50, 10)
        rows.append([size, *(size + chance.gauss(0, 3) for _ in range(2)), chance.gauss(0, 1)])
    names = ("length", "width", "weight", "noise")

    found = drawn(make_table([column(name, "DOUBLE", role="average") for name in names], rows))

    assert sum(one.type == "scatter" for one in found.charts) == 2


def test_cloud_whose_points_lie_on_one_another_is_not_drawn() -> None:
    """Two costs that are zero in nearly every row make one dot and a few strays."""
    rows = [[0.0, 0.0] if index % 12 else [index * 10.0, index * 12.0 + index % 5] for index in range(480)]
    table = make_table([column("repairs", "DOUBLE"), column("others", "DOUBLE")], rows)

    assert not any(one.type == "scatter" for one in drawn(table).charts)


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


def test_averages_that_chance_parts_are_not_drawn() -> None:
    """The more groups there are, the more of a number's variance they explain by chance alone."""
    chance = random.Random(18)
    rows = [[f"site {chance.randrange(20)}", chance.gauss(50, 9)] for _ in range(900)]

    found = drawn(make_table([column("site", "VARCHAR"), column("wait", "DOUBLE", role="average")], rows))

    assert not [one for one in found.charts if one.type == "bar" and "wait" in one.title]


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


def test_title_names_no_leader_by_a_hair() -> None:
    """One row more among six hundred makes no value the most frequent one."""
    names = ["rain"] * 641 + ["sun"] * 640 + ["fog"] * 100

    found = drawn(make_table([column("weather", "VARCHAR")], [[name] for name in names]))

    assert chart(found, "bar", "weather").title == "Number of rows by weather"


def test_flat_average_and_a_single_filled_period_are_no_line() -> None:
    """A stretched axis would make a story of a price that moves by one per cent; one full month leaves no course."""
    days = [date(2023, 1, 1) + timedelta(days=day) for day in range(365)]
    rows = [[day, 100 + day.day % 2 / 10, 5000 if day.month == 2 else 1] for day in days]
    columns = [column("day", "DATE"), column("price", "DOUBLE", role="average"), column("paid", "BIGINT")]

    found = drawn(make_table(columns, rows))

    assert [one.title for one in found.charts if one.type == "line"] == []


def test_column_that_calls_itself_an_average_is_not_called_one_twice() -> None:
    """ "Average average price" is read twice."""
    days = [date(2023, 1, 1) + timedelta(days=day) for day in range(365)]
    columns = [column("day", "DATE"), column("AveragePrice", "DOUBLE", role="average")]

    line = chart(drawn(make_table(columns, [[day, 1.0 + day.month] for day in days])), "line")

    assert (line.title, line.y_label) == ("Average price rose from 2 in Jan 2023 to 13 in Dec 2023", "Average price")


def test_long_tail_does_not_press_half_of_the_values_into_one_bin() -> None:
    """Most sales are small: what they are like shows, and how many large ones are left out is said."""
    chance = random.Random(22)
    rows = [[round(chance.lognormvariate(4, 1.6), 2)] for _ in range(2000)]

    spec = chart(drawn(make_table([column("sales", "DOUBLE")], rows)), "histogram")

    counts = [int(record["y"] or 0) for record in spec.data]
    assert max(counts) < 0.4 * sum(counts)
    assert 0.9 * 2000 < sum(counts) < 2000
    assert "Drawn are" in str(spec.note)


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


def test_last_bin_holds_its_upper_edge_where_no_value_is_beyond() -> None:
    """Marks from 0 to 100 end in a bin of 90 to 100, not in one of 100 to 110 that no mark can reach."""
    chance = random.Random(22)
    rows = [[min(100, round(chance.triangular(0, 125, 80), 1))] for _ in range(600)]

    bars = chart(drawn(make_table([column("mark", "DOUBLE", role="average")], rows)), "histogram")

    *others, last = bars.data
    assert (last["x"], last["to"], last["closed"]) == (90, 100, True)
    assert last["y"] == sum(90 <= mark <= 100 for (mark,) in rows)
    assert all("closed" not in record for record in others)


def test_number_that_counts_the_rows_is_not_spread() -> None:
    """The running number of a series has bins that are all as full as they are wide."""
    chance = random.Random(23)
    columns = [column("time", "BIGINT"), column("level", "DOUBLE", role="average")]

    found = drawn(make_table(columns, [[place, chance.gauss(0, 1)] for place in range(1, 151)]))

    assert [one.x_label for one in found.charts if one.type == "histogram"] == ["Level"]


def test_cloud_that_one_far_row_makes_is_not_drawn() -> None:
    """Two columns without relation correlate at .98 through one sentinel; a cloud of it would show that one row."""
    chance = random.Random(24)
    rows = [[chance.gauss(10, 1), chance.gauss(20, 1)] for _ in range(300)] + [[900.0, 1_800.0]]
    columns = [column("one", "DOUBLE", role="average"), column("other", "DOUBLE", role="average")]

    found = drawn(make_table(columns, rows))

    assert not [one for one in found.charts if one.type == "scatter"]


def test_numbers_that_do_not_move_together_have_no_map() -> None:
    """A map of correlations near zero would be a page of pale squares."""
    chance = random.Random(25)
    names = ["a", "b", "c", "d"]

    found = drawn(
        make_table(
            [column(name, "DOUBLE") for name in names], [[chance.gauss(0, 1) for _ in names] for _ in range(400)]
        )
    )

    assert not [one for one in found.charts if one.type == "heatmap"]


def test_groups_of_rows_that_chance_would_make_are_not_counted() -> None:
    """Of 59 patients 31 get the drug: that is how the study was made, and no news."""
    rows = [["drug" if place < 31 else "none", place % 7] for place in range(59)]

    found = drawn(make_table([column("arm", "VARCHAR"), column("visits", "BIGINT", role="never")], rows))

    assert not found.charts


def test_few_charts_have_two_bars() -> None:
    """Nine questions answered by yes or no are no nine charts of two bars each."""
    chance = random.Random(26)
    names = [f"asked {word}" for word in ("first", "again", "later", "twice", "early", "often", "there")]
    columns = [column("spent", "DOUBLE"), *(column(name, "BOOLEAN") for name in names)]
    rows = [[chance.lognormvariate(3, 1), *(chance.random() < 0.3 for _ in names)] for _ in range(500)]

    found = drawn(make_table(columns, rows))

    assert len([one for one in found.charts if one.type == "bar"]) == 2


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


def test_labels_of_a_map_are_cut_between_words() -> None:
    """Questions that begin alike are told apart by what follows, word for word."""
    chance = random.Random(29)
    asked = "Please rank the films of the series in the order of your preference: "
    names = [asked + film for film in ("The Long Way Home", "The Short Way Back", "The Way Nobody Took")]
    rows = []
    for _ in range(200):
        taste = chance.gauss(0, 1)
        rows.append([taste + chance.gauss(0, 0.5) for _ in names])

    found = drawn(make_table([column(name, "DOUBLE", role="average") for name in names], rows))

    cells = {str(record["x"]) for record in chart(found, "heatmap").data}
    assert cells == {"… Long Way Home", "… Short Way Back", "… Way Nobody Took"}


@pytest.mark.spec("B4")
def test_a_text_alternative_says_which_end_each_figure_is() -> None:
    """“Furniture has 8, Office 3” leaves a listener to guess; correlations have two decimals."""
    found = drawn(sales())

    bars = next(one for one in found.charts if one.type == "bar" and " by region" in one.alt)
    told = re.search(r": highest (.+) with (.+), lowest (.+) with (.+)\.$", bars.alt)
    assert told is not None
    assert told[1] != told[3]
    assert re.search(r"\(r = \d\.\d\d\)$", chart(found, "scatter").title)


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


def test_figure_is_no_cloud_against_itself_in_other_money() -> None:
    """A budget rises with the same budget in the money of 2013, and both with the takings: one cloud tells it."""
    chance = random.Random(23)
    rows = []
    for _ in range(300):
        budget, inflation = chance.lognormvariate(3, 1), chance.uniform(1, 2)
        gross = budget * chance.uniform(1, 3)
        rows.append([budget, budget * inflation, gross, gross * inflation])
    columns = [column(name, "DOUBLE") for name in ("budget", "budget_2013$", "gross", "gross_2013$")]

    clouds = [one for one in drawn(make_table(columns, rows)).charts if one.type == "scatter"]

    assert len(clouds) == 1
    assert {"Budget", "Gross"} == {re.sub(r" 2013\$", "", said) for said in (clouds[0].x_label, clouds[0].y_label)}


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


def test_average_of_what_seldom_happens_is_not_drawn_beside_amounts() -> None:
    """The average number of calls to an office that is hardly ever called says nothing beside the others' sums."""
    chance = random.Random(41)
    days = [date(2023, 1, 1) + timedelta(days=day) for day in range(365)]
    rows = [[day, 200 + chance.randint(0, 90) + day.month, chance.choices([0, 1, 5], [95, 4, 1])[0]] for day in days]
    columns = [column("day", "DATE"), column("calls", "BIGINT"), column("seldom", "BIGINT", role="average")]

    assert all("seldom" not in one.title.lower() for one in drawn(make_table(columns, rows)).charts)
    alone = make_table([columns[0], columns[2]], [[day, few] for day, _, few in rows])
    assert any("seldom" in one.title.lower() for one in drawn(alone).charts)


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
    [lambda at: f"Event {at}", lambda at: "North" if at % 2 else "South", lambda at: "word " * 12 + chr(65 + at)],
    ids=["numbers", "names that come again", "sentences"],
)
def test_rows_without_names_are_not_drawn_one_by_one(name: Callable[[int], str]) -> None:
    """Nobody knows Event 12, two regions are categories, and a sentence is no label."""
    columns = [column("what", "VARCHAR", inferred_type="text", role="never"), column("sales", "DOUBLE")]

    found = drawn(make_table(columns, [[name(at), 1_000.0 - 37 * at] for at in range(20)]))

    assert not any("of each" in spec.subtitle for spec in found.charts)


def test_of_spreads_that_look_alike_one_is_drawn() -> None:
    """Two long-tailed amounts make the same picture under other numbers; one that lies otherwise is another."""
    chance = random.Random(8)
    rows = [[chance.lognormvariate(3, 1), chance.lognormvariate(9, 1), chance.gauss(50, 5)] for _ in range(600)]
    columns = [column(name, "DOUBLE") for name in ("fees", "budget", "height")]

    specs = [spec for spec in drawn(make_table(columns, rows)).charts if spec.type == "histogram"]

    assert len([spec for spec in specs if spec.x_label in ("Fees", "Budget")]) == 1
    assert [spec.x_label for spec in specs].count("Height") == 1


def test_ten_values_have_no_spread() -> None:
    """So few are read in the table."""
    found = drawn(make_table([column("score", "DOUBLE")], [[float(at * at)] for at in range(10)]))

    assert found.charts == ()


def test_rows_with_places_are_drawn_where_they_lie() -> None:
    """Longitude runs to the right and latitude up."""
    chance = random.Random(5)
    rows = [[chance.uniform(-60, 60), chance.uniform(-180, 180)] for _ in range(80)] + [[10.0, None]]
    place = {"inferred_type": "location", "role": "never"}
    columns = [
        column(name, "DOUBLE", subtype=kind, **place) for name, kind in (("lat", "latitude"), ("lon", "longitude"))
    ]

    (spec,) = drawn(make_table(columns, rows)).charts

    assert (spec.type, spec.title, spec.x_label, spec.y_label) == ("scatter", "Where the 80 places lie", "Lon", "Lat")
    assert [(record["x"], record["y"]) for record in spec.data] == [(lon, lat) for lat, lon in rows[:80]]


def test_hours_of_the_day_need_no_two_months() -> None:
    """After a week each hour has come up often enough; days of the week have not."""
    start = datetime.combine(date(2024, 3, 1), time())
    rows = [[start + timedelta(hours=at), 5.0 + (at % 24 in range(8, 18)) * 3 + at % 5 * 0.1] for at in range(24 * 12)]

    found = drawn(make_table([column("time", "TIMESTAMP"), column("load", "DOUBLE", role="average")], rows))

    assert {spec.x_label for spec in found.charts if spec.type == "bar"} == {"Hour of the day"}
