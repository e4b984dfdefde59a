"""Exports as banks, shops, ledgers and survey tools make them read as a person would read them."""

from datetime import date, datetime

import openpyxl
import pytest

pytestmark = pytest.mark.spec("A2", "B7")

LEDGER = """Sales by Region
Run date: 2024-04-01

Region,Product,Qty,Net Amount
North,Widget,10,"1,000.00"
North,Gadget,5,750.50
Subtotal North,,15,"1,750.50"
South,Widget,7,700.00
South,Gadget,3,450.30
South Total,,10,"1,150.30"
Grand Total,,25,"2,900.80"
"""


def test_sums_between_the_rows_are_no_rows(read_text):
    """Subtotals and the grand total would count everything twice; the receipt names each."""
    read = read_text(LEDGER)

    assert read.values("Qty") == [10, 5, 7, 3]
    assert [(note.line, note.reason) for note in read.receipt.skipped if "total" in note.reason] == [
        (line, "total row: it would count everything twice") for line in (7, 10, 11)
    ]


def test_label_without_the_sum_is_a_row(read_text):
    """Total Energies is a company: what it holds is not the sum of the rows above."""
    read = read_text("company,revenue\nShell,100\nBP,70\nTotal Energies,90\nEni,40\n")

    assert read.values("revenue") == [100, 70, 90, 40]


def test_bare_sums_at_the_end_are_no_row(read_text):
    """A web statistic ends with sums that nobody named; a cell that is merely missing makes no sum."""
    rows = "page,views,visits\n/a,10,4\n/b,20,5\n/c,30,6\n"

    assert read_text(f"{rows},60,15\n").values("views") == [10, 20, 30]
    assert read_text(f"{rows},61,16\n").values("views") == [10, 20, 30, 61]


def test_statistic_with_comments_and_a_second_table(read_text):
    """A few rows are enough to find the columns among comment lines and another table."""
    comments = "# ------------\n# All Web Site Data\n# Pages\n# ------------\n\n"
    rows = '/home,"12,345",45.32%,$0.00\n/pricing,"3,210",35.00%,$1.25\n/blog,987,78.50%,$0.10\n/contact,456,5%,$0.00\n'

    read = read_text(
        f"{comments}Page,Pageviews,Bounce Rate,Page Value\n{rows}\nDay,Pageviews\n1/1/24,500\n1/2/24,620\n"
    )

    assert read.names == ["Page", "Pageviews", "Bounce Rate", "Page Value"]
    assert read.values("Pageviews") == [12345, 3210, 987, 456]
    assert read.column("Pageviews").role == "sum"


def test_list_of_a_ledger_system(read_text):
    """Drawn lines cut nothing, minus signs trail, and the row of the asterisk is the sum."""
    rule = "-" * 60
    read = read_text(
        f"04.03.2024           Dynamische Listenausgabe            1\n{rule}\n"
        f"|Belegnr   |Buch.dat. |        Betrag|Text    |\n{rule}\n"
        "|0100000001|02.01.2024|     1.234,50 |Miete   |\n|0100000002|03.01.2024|       500,00-|Storno  |\n"
        f"|0100000003|15.01.2024|    12.000,00 |Rechnung|\n{rule}\n"
        f"|*         |          |    12.734,50 |        |\n{rule}\n"
    )

    assert read.names == ["Belegnr", "Buch.dat.", "Betrag", "Text"]
    assert read.values("Betrag") == [1234.5, -500.0, 12000.0]
    assert read.values("Belegnr")[0] == "0100000001"


def test_answer_of_a_database_console(read_text):
    """Boxes around a few rows, a prompt above and a count below."""
    edge = "+----+-------+--------+\n"
    rows = "|  1 | Anna  |  12.50 |\n|  2 | Bert  |   NULL |\n|  3 | Cleo  |  88.00 |\n"

    read = read_text(
        f"mysql> select * from t;\n{edge}| id | name  | amount |\n{edge}{rows}{edge}3 rows in set (0.00 sec)\n"
    )

    assert read.names == ["id", "name", "amount"]
    assert read.values("amount") == [12.5, None, 88.0]


def test_survey_with_three_rows_of_names(read_text):
    """Short names, questions, and the tool's own marks: the names are the first two, the marks are nobody's."""
    marks = ",".join(f'"{{""ImportId"":""QID{n}""}}"' for n in range(3))

    read = read_text(
        f"StartDate,Q1,Q2\nStart Date,How old are you?,Rate us\n{marks}\n"
        "2024-01-02 10:00:00,34,5\n2024-01-02 11:00:00,51,4\n2024-01-03 12:00:00,29,2\n"
    )

    assert read.names == ["StartDate: Start Date", "Q1: How old are you?", "Q2: Rate us"]
    assert read.values("Q2: Rate us") == [5, 4, 2]


def test_moments_with_a_zone_behind_a_space(read_text):
    """`2024-01-03 10:15:22 +0100`, as shops and version control write them, in UTC."""
    read = read_text("order,paid at\n1,2024-01-03 10:15:22 +0100\n2,2024-01-04 08:00:00 -0530\n3,\n")

    assert read.values("paid at") == [datetime(2024, 1, 3, 9, 15, 22), datetime(2024, 1, 4, 13, 30), None]  # noqa: DTZ001


def test_moments_of_an_interface_are_dates(read_text):
    """Milliseconds since 1970 under a name that says time, in JSON as in text."""
    read = read_text('[{"ts": 1704067200000, "n": 1}, {"ts": 1704153600000, "n": 2}]', name="events.json")

    assert [moment.date() for moment in read.values("ts")] == [date(2024, 1, 1), date(2024, 1, 2)]


def test_second_table_of_a_sheet_is_not_joined(tmp_path, read_file):
    """Two blank rows and names of its own part it from the first, though it is as wide as its first columns."""
    book = openpyxl.Workbook()
    first = [["Region", "2023", "2024"], ["North", 10, 1000.5], ["South", 5, 400.25], ["East", 2, 99.5]]
    for row in [*first, [], [], ["Staff", "Hours"], ["Ann", 40], ["Bob", 38]]:
        book.active.append(row)
    book.save(tmp_path / "two.xlsx")

    read = read_file(tmp_path / "two.xlsx")

    assert read.values("2023") == [10, 5, 2]
    assert "beginning with “Staff | Hours”" in read.receipt.other_tables[0]


def test_lines_between_printed_pages_are_no_rows(read_text):
    """The page's number and the names said again stand between the rows of a printed list."""
    pages = ["Page 1,,\nCode,Name,Stock\n1,Bolt,10\n2,Nut,20\n", "Page 2,,\nCode,Name,Stock\n3,Pin,7\n4,Clip,12\n"]

    read = read_text("".join(pages))

    assert read.values("Name") == ["Bolt", "Nut", "Pin", "Clip"]


def test_money_of_a_statement_adds_up_and_its_balance_does_not(read_text):
    """Names with accents are words too."""
    read = read_text("Date;Débit;Crédit;Solde\n02/01/2024;85,40;;149,16\n13/01/2024;;850,00;999,16\n")

    roles = {column.name: column.role for column in read.table.columns}
    assert (roles["Débit"], roles["Crédit"], roles["Solde"]) == ("sum", "sum", "average")


def test_yen_of_full_width_is_a_yen(read_text):
    """Japanese programs write the sign as wide as their letters."""
    assert read_text('取引先,金額\n山田,"￥1,200"\n鈴木,￥300\n').values("金額") == [1200, 300]
