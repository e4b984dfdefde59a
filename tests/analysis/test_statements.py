"""Of money that comes in and goes out the cards say the balance and each side, never their sum."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from tests.analysis.drawn_charts import charts_of, chosen
from tests.engine.tables import column, make_table

from datapilot.contracts.report import KpiCard
from datapilot.contracts.table import Column

pytestmark = pytest.mark.spec("B3")

DAY, KIND, AMOUNT = column("date", "DATE"), column("type", "VARCHAR"), column("amount", "DOUBLE")


def cards(columns: list[Column], rows: Sequence[Sequence[Any]]) -> list[KpiCard]:
    return list(chosen(make_table(columns, rows)).cards)


def days(count: int) -> list[date]:
    return [date(2024, 1, 1) + timedelta(days=number) for number in range(count)]


@pytest.mark.parametrize(
    ("came", "went"),
    [("Income", "Expense"), ("Einnahme", "Ausgabe"), ("Deposits", "Withdrawals"), ("In", "Out")],
)
def test_ledger_shows_balance_and_sides(came: str, went: str) -> None:
    """What came in less what went out, and either; no total of both."""
    rows = [[day, came if at % 3 == 0 else went, 100.0 + at] for at, day in enumerate(days(90))]
    earned = sum(row[2] for row in rows if row[1] == came)
    spent = sum(row[2] for row in rows if row[1] == went)

    found = cards([DAY, KIND, AMOUNT], rows)

    assert [(one.label, one.value) for one in found[:3]] == [
        ("Net amount", pytest.approx(earned - spent)), (f"{came}: amount", pytest.approx(earned)),
        (f"{went}: amount", pytest.approx(spent)),
    ]  # fmt: skip
    assert not any(one.label.startswith(("Total", "Average")) for one in found)
    assert found[0].how == f"Sum of amount where type is {came}, less that where it is {went}."
    assert found[1].chart_id is None  # the line of all amounts is not that of one side


def test_sections_of_a_statement_come_with_their_net_income() -> None:
    """Of figures by month the last one counts, and costs of sales are costs."""
    sections = {"Income": (52_000, 61_000), "Cost of Sales": (18_000, 21_000), "Expenses": (28_000, 29_500)}
    rows = [[f"{section} {at}", section, first + at, last + at]
            for section, (first, last) in sections.items() for at in range(3)]  # fmt: skip
    columns = [column("item", "VARCHAR", inferred_type="text", role="never"), column("Section", "VARCHAR"),
               column("Jan 2024", "BIGINT", role="average"), column("Feb 2024", "BIGINT", role="average")]  # fmt: skip

    found = cards(columns, rows)

    assert [one.label for one in found] == [
        "Net Feb 2024", "Income: Feb 2024", "Cost of Sales: Feb 2024", "Expenses: Feb 2024",
    ]  # fmt: skip
    assert found[0].value == 3 * (61_000 - 21_000 - 29_500) - 3


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["Revenue", "Cost of sales", "Gross profit", "Wages", "Net income"],
         ["Net income", "Revenue", "Gross profit"]),
        (["Revenue", "Cost of goods sold", "Gross profit", "Rent", "Operating profit"],
         ["Operating profit", "Revenue", "Gross profit"]),
        (["Umsatzerlöse", "Materialaufwand", "Steuern", "Jahresüberschuss"], ["Jahresüberschuss", "Umsatzerlöse"]),
        (["Net income", "Depreciation", "Net cash from operating activities", "Purchases",
          "Net cash used in investing activities"],
         ["Net cash from operating activities", "Net cash used in investing activities"]),
    ],
    ids=["profit and loss", "before interest and tax", "Gewinn und Verlust", "cash flow"],
)  # fmt: skip
def test_results_among_the_lines_are_shown(lines: list[str], shown: list[str]) -> None:
    """A statement that has its own results shows these under its last year, and averages none of its lines."""
    columns = [column("line", "VARCHAR", inferred_type="text", role="never"), column("2022", "BIGINT", role="average"),
               column("2023", "BIGINT", role="average")]  # fmt: skip
    rows = [[line, 1_000 - 90 * at, 1_100 - 80 * at] for at, line in enumerate(lines)]

    found = cards(columns, rows)

    assert [(one.label, one.value) for one in found[: len(shown)]] == [
        (f"{line}, 2023", 1_100 - 80 * lines.index(line)) for line in shown
    ]
    assert not any(one.label.startswith("Average") for one in found)


@pytest.mark.parametrize(
    ("periods", "title"),
    [
        (
            [f"{month} 2024" for month in ("Jan", "Feb", "Mar", "Apr", "May")],
            "Operating profit rose from 410 in Jan 2024 to 438 in May 2024",
        ),
        (["2022", "2023", "2024"], "Operating profit rose from 410 in 2022 to 424 in 2024"),
    ],
    ids=["five months", "three years"],
)
def test_course_of_a_statement_is_that_of_its_result(periods: list[str], title: str) -> None:
    """The line over the periods is what the statement comes to, no average of income, costs and results."""
    lines = {"Revenue": 900, "Cost of goods sold": -400, "Gross profit": 500, "Rent": -90, "Operating profit": 410}
    columns = [column("line", "VARCHAR", inferred_type="text", role="never"),
               *(column(period, "BIGINT", role="average") for period in periods)]  # fmt: skip
    steps = range(len(periods))
    table = make_table(columns, [[line, *(value + 7 * at for at in steps)] for line, value in lines.items()])

    charts = charts_of(table)

    (line,) = [one for one in charts if one.type == "line"]
    assert line.title == title
    assert [record[line.y_key] for record in line.data] == [410 + 7 * at for at in steps]
    assert line.y_label == "Operating profit"


def test_charts_of_a_ledger_draw_each_side() -> None:
    """Income and expenses have a line of their own, and parts are those of one side."""
    kinds = [("Income", ["Fees", "Goods"][at % 6 // 3]) if at % 3 == 0 else ("Expense", "RSTU"[at % 7 % 4])
             for at in range(180)]  # fmt: skip
    rows = [[day, *kinds[at], 100.0 + 3 * at] for at, day in enumerate(days(180))]
    table = make_table([DAY, KIND, column("category", "VARCHAR"), AMOUNT], rows)

    charts = charts_of(table)

    lines = [one for one in charts if one.type == "line"]
    bars = [one for one in charts if one.type == "bar" and "amount" in one.title.lower()]
    assert {one.y_label for one in lines} >= {"Amount, Income", "Amount, Expense"}
    assert all("where type is" in one.title for one in (*lines, *bars) if "amount" in one.title.lower())
    assert bars


def test_a_payment_that_comes_back_is_no_mark_of_none() -> None:
    """The same rent every month is the largest payment, and no chart leaves it out."""
    rows = [[day, -950.0 if at % 30 == 0 else 3_000.0 if at % 30 == 24 else -20.0 - at % 7]
            for at, day in enumerate(days(180))]  # fmt: skip
    table = make_table([DAY, AMOUNT], rows)

    charts = charts_of(table)

    assert charts
    assert not [one.title for one in charts if "stands for no value" in (one.note or "")]


def test_payments_with_signs_show_both_sides() -> None:
    """A bank account: the net, what came in, what went out."""
    rows = [[day, 2_000.0 if at % 15 == 0 else -40.0 - at] for at, day in enumerate(days(90))]

    found = cards([DAY, AMOUNT], rows)

    assert [one.label for one in found[:3]] == ["Net amount", "Amount above zero", "Amount below zero"]
    assert found[0].value == pytest.approx(sum(one.value or 0 for one in found[1:3]))


def test_other_numbers_with_signs_are_no_payments() -> None:
    """Who moves to a country and who leaves it is no account, whatever adds up."""
    rows = [[day, 3.5 if at % 2 else -2.5] for at, day in enumerate(days(90))]

    found = cards([DAY, column("net migration", "DOUBLE")], rows)

    assert not any("above zero" in one.label for one in found)


def test_percentages_beside_words_of_money_are_no_account() -> None:
    """Goals called after sales and costs have a target each; their targets are no income and expenses."""
    goals = ["Sales Increase", "Expense Ratio", "Cost Savings", "Revenue Growth"]
    rows = [[day, goals[at % 4], 40.0 + at % 50] for at, day in enumerate(days(90))]
    target = column("target_percentage", "DOUBLE", role="average", unit="%")

    found = cards([DAY, column("metric", "VARCHAR"), target], rows)

    assert "Target percentage, average of rows" in [one.label for one in found]
    assert not any(one.label.endswith(": target percentage") for one in found)


def test_debit_and_credit_are_both_shown() -> None:
    """Each row has one of them, so that one is mostly empty and no less told."""
    rows = [[day, None if at % 15 == 0 else 40.0 + at, 2_000.0 + at if at % 15 == 0 else None]
            for at, day in enumerate(days(90))]  # fmt: skip

    found = cards([DAY, column("Debit", "DOUBLE"), column("Credit", "DOUBLE", role="average")], rows)

    assert [one.label for one in found[:3]] == ["Total credit", "Total debit", "Rows"]


def test_balance_sheet_is_told_by_its_sides() -> None:
    """Assets, liabilities and equity are not added up."""
    columns = [column("account", "VARCHAR", inferred_type="text", role="never"), column("Section", "VARCHAR"),
               column("value", "DOUBLE")]  # fmt: skip
    rows = [[f"{side} {at}", side, 10.0 * (at + 1)] for side in ("Assets", "Liabilities", "Equity") for at in range(4)]

    found = cards(columns, rows)

    assert {one.label for one in found[:3]} == {"Assets: value", "Liabilities: value", "Equity: value"}


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ([DAY, KIND, AMOUNT], lambda at: ["Sales", "Tax", "Legal", "Support"][at % 4]),
        ([DAY, KIND, AMOUNT], lambda at: ["North", "South"][at % 2]),
    ],
    ids=["departments called sales and tax", "regions"],
)
def test_other_tables_keep_their_total(columns: list[Column], row: Any) -> None:
    """Two words of money among others make no ledger."""
    rows = [[day, row(at), 100.0 + at] for at, day in enumerate(days(80))]

    assert cards(columns, rows)[0].label == "Total amount"


def test_returns_among_sales_leave_their_total() -> None:
    """A few amounts below zero are taken off what was sold."""
    rows = [[day, "North", -50.0 if at % 12 == 0 else 100.0 + at] for at, day in enumerate(days(80))]

    assert cards([DAY, KIND, AMOUNT], rows)[0].label == "Total amount"
