"""Hundreds of columns of known make, in many languages and habits, get the type, role, unit and value they have."""

import pytest
from benchmarks.column_kinds import corpus, faults

pytestmark = pytest.mark.spec("B2")

GROUPS = corpus()


@pytest.mark.parametrize("group", ["numbers", "dates", "words", "personal"])
def test_columns_are_what_they_are(group):
    """Every column of the group is read as made; what is read otherwise is listed."""
    wrong = {f"{made.name} {list(made.cells[:2])}": said for made in GROUPS[group] if (said := faults(made))}

    assert wrong == {}


def test_look_alikes_are_left_alone():
    """At most two of a hundred columns that only resemble personal data are flagged."""
    flagged = [made.name for made in GROUPS["look-alikes"] if faults(made)]

    assert len(GROUPS["look-alikes"]) >= 92
    assert len(flagged) <= 2, flagged


@pytest.mark.spec("B2")
def test_all_months_of_a_table_are_used_alike(read_text):
    """Apr 2024 is a month and no annual percentage rate."""
    read = read_text("shop;Mar 2024;Apr 2024;May 2024\n" + "".join(f"s{k};{k}5 €;{k}7 €;{k}9 €\n" for k in range(1, 9)))

    assert {column.role for column in read.table.columns[1:]} == {"sum"}


@pytest.mark.spec("B2")
def test_answers_beside_99_are_not_added(read_cells):
    """99 among marks of one to five says that nobody answered, and does not make the marks a count."""
    read = read_cells([*"12345", "99"], name="q3", repeat=20)

    assert read.column("q3").role == "average"


@pytest.mark.spec("B2")
@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Monthly Income", "average"),
        ("person_income", "average"),
        ("ApplicantIncome", "average"),
        ("net income", "sum"),
    ],
)
def test_what_persons_earn_is_averaged_and_what_a_company_earns_adds_up(read_cells, name, role):
    """Nobody asks what all employees earn a month; what a company earned in each of its branches is one sum."""
    read = read_cells(["4120", "5310", "3890", "6275"], name=name)

    assert read.column(name).role == role


@pytest.mark.spec("B2")
@pytest.mark.parametrize(
    ("name", "role"),
    [("Verbrauch (kWh)", "sum"), ("electricity_kwh", "sum"), ("Power (kW)", "average"), ("fuel_litres", "sum"),
     ("fuel tank litres", "average"), ("engine litres", "average")],
)  # fmt: skip
def test_what_was_used_adds_up_and_what_is_held_does_not(read_cells, name, role):
    """What was used in each quarter of an hour is the day's use; power is a state, and a tank's litres a size."""
    read = read_cells(["1.25", "0.75", "2.5", "0.333"], name=name)

    assert read.column(name).role == role


@pytest.mark.spec("B2")
@pytest.mark.parametrize("name", ["sent", "opened", "footfall", "transactions", "parcels", "scrapped"])
def test_what_is_counted_in_each_row_adds_up(read_cells, name):
    """Letters sent and people who came are counts, however large the least of them is."""
    read = read_cells(["1200", "1350", "990", "1410"], name=name)

    assert read.column(name).role == "sum"


@pytest.mark.spec("B2")
def test_months_without_a_year_are_used_alike(read_text):
    """One month happens to begin at zero and the next at three: both add up, or none does."""
    rows = "".join(f"s{k};{k * 7 % 35};{k * 9 % 40 + 3};{k * 5 % 60}\n" for k in range(1, 40))

    read = read_text("shop;Jan;Feb;Mar\n" + rows)

    assert {column.role for column in read.table.columns[1:]} == {"sum"}


ADDED = "売上高 販売額 数量 原価 利益 销售额 总价 成本 客户数量 매출액 수량 이익 المبيعات الكمية التكلفة выручка количество прибыль satış miktar kâr sprzedaż ilość koszt Πωλήσεις ποσότητα κόστος מכירות כמות עלות बिक्री मात्रा लागत"  # noqa: E501
AVERAGED = "平均売上 販売価格 利益率 单价 利润率 판매가격 이익률 السعر цена fiyat cena ΤΙΜΗ מחיר मूल्य ms months"


@pytest.mark.parametrize(
    ("names", "role"), [pytest.param(ADDED, "sum", id="amounts"), pytest.param(AVERAGED, "average", id="prices")]
)
def test_words_of_business_in_other_languages(read_text, names, role):
    """Sales, quantities and costs add up and prices are averaged in any language, also inside words without spaces."""
    headings = names.split()
    rows = [",".join(str(100 + (7 * row + 3 * place) % 90) for place in range(len(headings))) for row in range(40)]

    read = read_text("\n".join([",".join(headings), *rows]))

    assert {column.name: column.role for column in read.table.columns} == dict.fromkeys(headings, role)


def test_north_and_south_are_no_answers(read_text):
    """N and S are não and sim, but not in a column of regions."""
    rows = "".join(f"{'NS'[k % 2]},{'SN'[k % 3 == 0]},{k}\n" for k in range(30))

    read = read_text(f"Region,Ativo,n\n{rows}")

    assert read.column("Region").inferred_type == "categorical"
    assert read.column("Ativo").inferred_type == "boolean"
