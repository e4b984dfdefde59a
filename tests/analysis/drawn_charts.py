"""Tables to draw, and their charts and cards as the product makes them; those of tests of charts held to the lint."""

import random
from datetime import date, timedelta

from tests.analysis.chart_lint import lint_charts
from tests.engine.tables import column, make_table

from datapilot.analysis.charts import Drawn, draw_charts
from datapilot.analysis.kpis import Chosen, choose_kpis
from datapilot.analysis.profiling import profile_table, relate
from datapilot.analysis.statements import find_statement
from datapilot.analysis.timeline import find_timeline
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.profile import TableProfile
from datapilot.engine.table import Table


def profiled(table: Table) -> TableProfile:
    return relate(profile_table(table).profile, table)


def drawn_of(table: Table, profile: TableProfile) -> Drawn:
    timeline, statement = find_timeline(table, profile), find_statement(table, profile)
    return draw_charts(table, profile, timeline=timeline, statement=statement)


def charts_of(table: Table) -> tuple[ChartSpec, ...]:
    return drawn_of(table, profiled(table)).charts


def chosen(table: Table) -> Chosen:
    """The key figures, beside the charts that the table has."""
    profile = profiled(table)
    timeline, statement = find_timeline(table, profile), find_statement(table, profile)
    return choose_kpis(table, profile, charts_of(table), timeline=timeline, statement=statement)


def drawn(table: Table) -> Drawn:
    profile = profiled(table)
    found = drawn_of(table, profile)
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
