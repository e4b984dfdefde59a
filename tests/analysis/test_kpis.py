"""The cards say what the table is about, and compare whole periods only."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.analysis.drawn_charts import charts_of, chosen
from tests.engine.tables import column, forgetful, make_table

from datapilot.analysis.kpis import Chosen
from datapilot.contracts.report import KpiCard
from datapilot.contracts.table import Column
from datapilot.engine.evaluate import evaluate

pytestmark = pytest.mark.spec("B3")

COLUMNS = [
    column("day", "DATE"), column("revenue", "DOUBLE", unit="EUR", subtype="currency"),
    column("customer", "VARCHAR", inferred_type="identifier", role="never"), column("region", "VARCHAR"),
]  # fmt: skip


def daily(first: date, last: date, amount: Any = lambda day: 10.0) -> list[list[Any]]:
    """One sale a day at the given amount."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [[day, amount(day), f"C{number % 17}", "NSE"[number % 7 % 3]] for number, day in enumerate(days)]


def card(found: Chosen, word: str) -> KpiCard:
    return next(one for one in found.cards if word in one.label)


def test_four_cards_are_chosen_for_the_data() -> None:
    """The amount, the rows, the average, and how many customers there are."""
    found = chosen(make_table(COLUMNS, daily(date(2024, 1, 1), date(2024, 6, 30), lambda day: 10.0 + day.day)))

    assert [one.label for one in found.cards] == [
        "Total revenue", "Rows", "Average revenue", "Different values of customer",
    ]  # fmt: skip
    assert all(one.how.endswith(".") for one in found.cards)
    assert found.cards[3].value == 17


def test_the_last_whole_month_is_compared_with_the_one_before() -> None:
    """June ends on the 17th, so May stands against April; the card names both."""
    rows = daily(date(2024, 1, 1), date(2024, 6, 17), lambda day: {4: 10.0, 5: 20.0, 6: 1000.0}.get(day.month, 5.0))

    total = card(chosen(make_table(COLUMNS, rows)), "Total")

    assert total.period == "May 2024 against Apr 2024"
    assert total.change == pytest.approx(31 * 20 / (30 * 10) - 1)
    assert total.change_display == "+107%"


def test_a_month_that_is_complete_counts() -> None:
    """With all of June there, June is compared."""
    total = card(
        chosen(make_table(COLUMNS, daily(date(2024, 1, 1), date(2024, 6, 30), lambda d: float(d.day)))), "Total"
    )

    assert str(total.period).startswith("Jun 2024 against May 2024")


def test_a_first_month_that_begins_late_is_no_baseline() -> None:
    """Half of January cannot be compared with February."""
    found = chosen(make_table(COLUMNS, daily(date(2024, 1, 15), date(2024, 3, 10), lambda day: float(day.day))))

    assert "Jan" not in str(card(found, "Total").period)


def test_business_days_make_a_whole_month() -> None:
    """A month that ends on a weekend is complete on its last Friday."""
    rows = [row for row in daily(date(2024, 1, 1), date(2024, 6, 28), lambda d: float(d.day)) if row[0].weekday() < 5]

    assert str(card(chosen(make_table(COLUMNS, rows)), "Total").period).startswith("Jun 2024")


def test_no_dates_mean_no_change() -> None:
    """Without time nothing grew or fell."""
    rows = [[None, float(index), f"C{index % 5}", "NS"[index % 2]] for index in range(60)]

    assert all(one.change is None and one.period is None for one in chosen(make_table(COLUMNS, rows)).cards)


def test_amounts_below_zero_have_no_percentage_change() -> None:
    """From minus ten to plus ten is no percentage."""
    rows = daily(date(2024, 1, 1), date(2024, 6, 30), lambda day: float(day.day - 16))

    assert card(chosen(make_table(COLUMNS, rows)), "Net").change is None


def test_a_card_has_the_line_of_its_figure() -> None:
    """The sparkline is the chart that shows the same measure over time."""
    table = make_table(COLUMNS, daily(date(2024, 1, 1), date(2024, 6, 30), lambda day: float(day.day)))

    total = card(chosen(table), "Total")

    spark = next(one for one in charts_of(table) if one.id == total.chart_id)
    assert spark.type == "line"
    assert "{col:revenue}" in spark.title_template


def test_all_figures_are_facts_that_recompute() -> None:
    """Each card cites its facts, and they come out again."""
    table = make_table(COLUMNS, daily(date(2024, 1, 1), date(2024, 6, 17), lambda day: float(day.day)))

    found = chosen(table)

    ids = {fact.id for fact in found.facts}
    assert {one.fact_id for one in found.cards} | {
        one.change_fact_id for one in found.cards if one.change_fact_id
    } == ids
    for fact, again in zip(found.facts, evaluate([one.measure for one in found.facts], forgetful(table)), strict=True):
        assert again.value == pytest.approx(fact.value, rel=1e-9)
        assert again.n == fact.n


@pytest.mark.parametrize("rows", [[], [[None, None, None, None]]])
def test_an_empty_table_still_counts_its_rows(rows: list[list[Any]]) -> None:
    """Nothing fails; the number of rows is a figure too."""
    assert card(chosen(make_table(COLUMNS, rows)), "Rows").value == len(rows)


def test_personal_columns_are_on_no_card() -> None:
    """Neither counted by value nor named."""
    columns: list[Column] = [column("name", "VARCHAR", pii="name"), column("x", "DOUBLE")]
    rows = [[f"Ada {index % 3}", float(index)] for index in range(20)]

    found = chosen(make_table(columns, rows))

    assert not any("Ada" in one.model_dump_json() for one in found.cards)


def test_a_month_with_a_day_less_has_not_lost_a_thirtieth() -> None:
    """The same sales every day make no change, whatever the calendar does to the sums."""
    table = make_table(COLUMNS, daily(date(2026, 1, 1), date(2026, 4, 30)))

    assert not any(one.change for one in chosen(table).cards)


def test_months_of_unlike_lengths_are_said_to_be() -> None:
    """A real change stands, with how many days either month has."""
    rows = daily(date(2026, 1, 1), date(2026, 4, 30), lambda day: 15.0 if day.month == 4 else 10.0)
    table = make_table(COLUMNS, rows)

    total = card(chosen(table), "revenue")

    assert total.change == pytest.approx(450 / 310 - 1)
    assert total.how.endswith(" Change: Apr 2026 against Mar 2026, the last two complete periods (30 days against 31).")


def test_what_happened_is_a_card_told_by_its_yes() -> None:
    """38% left: not “Left: no, 62%”, and nobody asks how many sexes there are."""
    columns = [column("left", "BOOLEAN"), column("sex", "VARCHAR"), column("pay", "DOUBLE", role="average")]
    rows = [[number % 5 < 2, "fm"[number % 2], 10.0 + number % 7] for number in range(50)]

    cards = chosen(make_table(columns, rows)).cards

    assert [(one.label, one.display) for one in cards if one.label.startswith("Left")] == [("Left: yes", "40%")]
    assert not any(one.label.startswith("Different values of") for one in cards)


def test_profit_stands_beside_sales() -> None:
    """Where both are there, what was earned is one of the four."""
    columns = [
        column("sales", "DOUBLE", role="sum"), column("units", "BIGINT", role="sum"),
        column("profit", "DOUBLE", role="sum"), column("region", "VARCHAR"),
    ]  # fmt: skip
    rows = [[10.0 + number % 9, 1 + number % 4, number % 7 - 2.0, "NSE"[number % 3]] for number in range(60)]

    labels = [one.label for one in chosen(make_table(columns, rows)).cards]

    assert "Total sales" in labels
    assert "Total profit" in labels


def test_of_values_with_a_row_each_none_is_the_largest() -> None:
    """Three nations with one row each have no leader."""
    columns = [column("nation", "VARCHAR"), column("gold", "BIGINT", role="average")]

    cards = chosen(make_table(columns, [["Canada", 9], ["China", 10], ["Korea", 24]])).cards

    assert not any(one.label.startswith("Largest") for one in cards)


def test_a_cross_table_is_counted_by_what_its_rows_count() -> None:
    """Half of the combinations survived, but a third of those they count."""
    columns = [column("survived", "BOOLEAN"), column("sex", "VARCHAR"), column("freq", "BIGINT", role="sum")]
    rows = [[True, "f", 20], [True, "m", 10], [False, "f", 15], [False, "m", 45]]

    survived = next(one for one in chosen(make_table(columns, rows)).cards if one.label.startswith("Survived"))

    assert survived.value == pytest.approx(30 / 90)


def test_a_mark_for_missing_is_left_out_of_an_average_however_seldom() -> None:
    """Forty -999 among thousands of temperatures are not among the most frequent values, and ruin the average."""
    rows = [[-999.0 if number % 90 == 0 else 20 + number % 71 / 10] for number in range(3600)]

    found = chosen(make_table([column("temperature", "DOUBLE", role="average")], rows))

    assert card(found, "Average temperature").value == pytest.approx(23.5, abs=0.1)


@pytest.mark.parametrize(("whole", "rows"), [(1.0, 20), (1.4, 21)])
def test_rows_that_add_up_the_others_are_left_out_of_every_card(whole: float, rows: int) -> None:
    """In the middle of the table and under a name of its own; a row that only bears such a name is one as any other."""
    amounts = [float(100 + 7 * number) for number in range(20)]
    lines: list[list[Any]] = [[f"Shop {number}", "NSE"[number % 3], amount] for number, amount in enumerate(amounts)]
    lines.insert(9, ["Total, all shops", "All", whole * sum(amounts)])
    columns = [column("shop", "VARCHAR", role="never", inferred_type="text"), column("region", "VARCHAR"),
               column("revenue", "DOUBLE", role="sum")]  # fmt: skip
    table = make_table(columns, lines)

    found = chosen(table)
    charts = charts_of(table)

    assert card(found, "Rows").value == rows
    assert card(found, "Total").value == pytest.approx(sum(amounts) * (1 if whole == 1 else 1 + whole))
    said = "Rows whose shop is Total, all shops add up the others and are left out."
    assert {said in one.how for one in found.cards[:3]} == {whole == 1}
    bars = [chart for chart in charts if chart.type == "bar"]
    assert {"All" in [bar["x"] for bar in chart.data] for chart in bars} == {whole != 1}


def test_where_pauses_are_long_no_period_is_called_complete() -> None:
    """Decisions come in batches months apart: whether the last year has had its last batch, nobody knows."""
    batches = [date(2018 + number // 3, 2 + 4 * (number % 3), 3 + number % 5) for number in range(14)]
    rows: list[list[Any]] = [[day, 10.0, f"C{number}", "N"] for day in batches for number in range(20)]

    assert all(one.change is None for one in chosen(make_table(COLUMNS, rows)).cards)


@pytest.mark.parametrize(("of_all", "averaged"), [(100, False), (130, True)])
def test_shares_of_a_printed_table_of_answers_are_not_averaged(of_all: int, averaged: bool) -> None:
    """The mean over unlike answers says how many answers there are; percentages that are no shares are averaged."""
    groups = [column(f"Age: {name}", "BIGINT", role="average", unit="%") for name in ("Under 30", "30 and up")]
    shares = {"Yes": (35, 60), "No": (of_all - 35, of_all - 60)}
    rows: list[list[Any]] = [
        [f"Question {number}?", answer, share - number, other + number] if answer == "Yes"
        else [f"Question {number}?", answer, share + number, other - number]
        for number in range(6) for answer, (share, other) in shares.items()
    ]  # fmt: skip
    table = make_table([column("question", "VARCHAR"), column("answer", "VARCHAR"), *groups], rows)

    assert any("verage" in one.label for one in chosen(table).cards) == averaged
    drawn = charts_of(table)
    assert any("age" in one.title.lower() for one in drawn) == averaged


def test_of_times_side_by_side_the_last_has_the_cards() -> None:
    """The averages of three years running would be one figure told three times."""
    years = [str(year) for year in range(2018, 2024)]
    rows: list[list[Any]] = [[f"place {n}", *(20 + n + 1.5 * place for place in range(6))] for n in range(40)]
    table = make_table([column("name", "VARCHAR"), *(column(year, "DOUBLE", role="average") for year in years)], rows)

    assert [one.label for one in chosen(table).cards if "20" in one.label] == ["Average 2023"]


def test_one_row_shows_its_own_numbers() -> None:
    """Of one row there is nothing to add up or to average."""
    found = chosen(make_table([column("month", "VARCHAR"), column("revenue", "DOUBLE")], [["May", 1250.0]]))

    assert (found.cards[0].label, found.cards[0].value) == ("Revenue", 1250.0)
    assert found.cards[1].label == "Rows"


def test_time_between_two_dates_is_a_figure() -> None:
    """Orders without amounts are told by how long they take."""
    rows = [[day, day + timedelta(days=2 + at % 5), "NS"[at % 2]]
            for at, day in enumerate(date(2024, 1, 1) + timedelta(days=number) for number in range(60))]  # fmt: skip

    found = chosen(make_table([column("ordered", "DATE"), column("shipped", "DATE"), column("hub", "VARCHAR")], rows))

    taken = card(found, "time from")
    assert taken.label == "Average time from ordered to shipped"
    assert (taken.value, taken.display) == (pytest.approx(4.0), "4 days")


@pytest.mark.parametrize(("start", "end"), [("birth date", "hired"), ("opened", "due date"), ("shuffled", "shipped")])
def test_dates_that_begin_or_end_nothing_have_no_time_between(start: str, end: str) -> None:
    """From a birthday to a hire, or to what was planned, nothing takes its time; nor where the order is chance."""
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(60)]
    rows = [
        [days[(at * 37) % 60] if start == "shuffled" else day, day + timedelta(days=at % 5)]
        for at, day in enumerate(days)
    ]

    found = chosen(make_table([column(start, "DATE"), column(end, "DATE")], rows))

    assert not any("time from" in one.label for one in found.cards)


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (["spend", "revenue"], "Total revenue"),
        (["sales_tax", "sales"], "Total sales"),
        (["children", "charges"], "Total charges"),
        (["casual", "cnt"], "Total cnt"),
        (["visits", "calculated_listings_count"], "Total visits"),
    ],
    ids=[
        "what was earned before what was spent for it",
        "sales before the tax on them",
        "money before people",
        "a count alone before a part of it",
        "how many a record has is no main count",
    ],
)
def test_the_amount_that_is_asked_first_comes_first(names: list[str], first: str) -> None:
    """Whatever the order of the columns in the file."""
    columns = [column("region", "VARCHAR"), *(column(name, "BIGINT") for name in names)]
    rows = [["NSE"[number % 3], 11 * number % 50, 100 + 13 * number % 70] for number in range(90)]

    assert chosen(make_table(columns, rows)).cards[0].label == first


def test_the_money_of_each_record_comes_before_how_many_of_something_it_has() -> None:
    """Of rooms the price is asked, not the reviews of all of them together, and charts follow."""
    columns = [column("room", "VARCHAR"), column("number_of_reviews", "BIGINT"),
               column("price", "BIGINT", role="average")]  # fmt: skip
    kinds = ["shared", "private", "whole"]
    rows = [[kinds[number % 3], 7 * number % 60, 50 * (number % 3) + 40 + number % 11] for number in range(120)]
    table = make_table(columns, rows)

    assert [one.label for one in chosen(table).cards][:2] == ["Average price", "Rows"]
    assert charts_of(table)[0].title == "Average price is highest for whole: 145"


def test_how_much_was_sold_stays_before_its_price() -> None:
    """A price beside quantities is that of a unit, not the money of a record."""
    columns = [column("shop", "VARCHAR"), column("quantity", "BIGINT"), column("price", "DOUBLE", role="average")]
    rows = [["NSE"[number % 3], number % 9 + 1, number % 13 + 0.5] for number in range(90)]

    assert chosen(make_table(columns, rows)).cards[0].label == "Total quantity"
