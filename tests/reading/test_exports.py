"""Exports as banks, shops, ledgers and survey tools make them read as a person would read them."""
# ruff: noqa: DTZ001  (exports hold wall-clock times, without a zone)

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


def test_a_first_row_that_adds_up_all_below_is_no_row(read_text):
    """Statistics put the total above the parts; a first row with the label alone stays."""
    parts = "North,1200,40\nSouth,900,35\nEast,650,20\nWest,300,15\n"

    read = read_text(f"Region,People,Schools\nTotal,3050,110\n{parts}")

    assert read.values("People") == [1200, 900, 650, 300]
    assert [note.line for note in read.receipt.skipped if "total" in note.reason] == [2]

    other = read_text(f"Region,People,Schools\nTotal,3000,100\n{parts}")

    assert other.values("People") == [3000, 1200, 900, 650, 300]


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


def test_bare_sums_right_below_the_names_are_no_row(read_text):
    """Another statistic puts them first; a page that nobody named and that is no sum stays."""
    rows = "/a,10,4,1.5\n/b,20,5,2.5\n/c,30,6,2.0\n"

    assert read_text(f"page,views,visits,mean\n,60,15,2.0\n{rows}").values("views") == [10, 20, 30]
    assert read_text(f"page,views,visits,mean\n,60,16,2.0\n{rows}").values("views") == [60, 10, 20, 30]


def test_an_apostrophe_that_keeps_cells_text_is_no_part_of_them(read_text):
    """Exports made for spreadsheets write '01000, so that the program does not make 1000 of it."""
    read = read_text("zip,year,said\n" + "".join(f"'0{1000 + n},'{70 + n},'it is' {n}\n" for n in range(12)))

    assert read.values("zip")[:2] == ["01000", "01001"]
    assert read.values("year")[0] == "'70"
    assert read.values("said")[0] == "'it is' 0"
    assert any("apostrophe" in note and "“zip”" in note and "said" not in note for note in read.receipt.notes)


def test_an_apostrophe_before_some_cells_stays(read_text):
    """Where other cells have none, it belongs to what is said."""
    read = read_text("id,note\n" + "".join(f"{n},{'tis' if n % 2 else chr(39) + 'tis'} {n}\n" for n in range(12)))

    assert read.values("note")[0] == "'tis 0"


def test_the_count_of_rows_below_an_answer_is_no_row(read_text):
    """A database tool pads its columns, and its last line is cut where they end."""
    rows = "".join(f"{n:<11} {f'Name {n}':<20} {n + 0.5:<8}\n" for n in range(14))

    read = read_text(
        f"{'id':<11} {'name':<20} {'amount':<8}\n{'-' * 11} {'-' * 20} {'-' * 8}\n{rows}\n(14 rows affected)\n",
        name="answer.rpt",
    )

    assert (read.names, len(read.rows())) == (["id", "name", "amount"], 14)


@pytest.mark.parametrize("mark", ["#", "%", "//"])
def test_comments_above_numbers_without_names(read_text, mark):
    """Programs that compute write comments with their own mark, and no names."""
    rows = "".join(f"{n}.5,{n * n}.25,{20 + n}\n" for n in range(12))

    read = read_text(f"{mark} Experiment 7\n{mark} run on Monday\n{rows}")

    assert (len(read.names), len(read.rows())) == (3, 12)


def test_the_row_of_an_ads_manager_that_adds_up_its_campaigns_is_none(read_text):
    """It says how many it adds up."""
    rows = "".join(f"Camp {n},{100 + n},{n}.5\n" for n in range(12))

    read = read_text(f"campaign,impressions,amount\nResults from 12 campaigns,1266,72.0\n{rows}")

    assert read.values("impressions") == list(range(100, 112))


def test_paid_in_and_paid_out_both_add_up(read_text):
    """What an account got is no less an amount than what it gave."""
    rows = "".join(f"2024-01-{n:02d},{n if n % 2 else ''}.5,{'' if n % 2 else n}.5\n" for n in range(1, 20))

    read = read_text(f"day,debit,credit\n{rows}".replace(",.5", ","))

    assert [read.column(name).role for name in ("debit", "credit")] == ["sum", "sum"]


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

    assert read.values("paid at") == [datetime(2024, 1, 3, 9, 15, 22), datetime(2024, 1, 4, 13, 30), None]


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


def test_days_with_points_and_short_years_are_no_clock(read_text):
    """A German bank writes 01.03.24 for the first of March; a column that says time and means it stays a time."""
    days = "".join(f'"{n % 28 + 1:02d}.03.24";"{n % 24:02d}.{n * 7 % 60:02d}.00";"-{n},50"\n' for n in range(30))

    read = read_text('"Buchungstag";"Uhrzeit";"Betrag"\n' + days)

    assert read.values("Buchungstag")[:2] == [date(2024, 3, 1), date(2024, 3, 2)]
    assert [column.storage for column in read.table.columns] == ["DATE", "TIME", "DOUBLE"]


def test_pages_of_a_printed_list_are_one_table(read_text):
    """Every page begins with the title, its number and the names again: the rows of all pages are read."""
    names = "-" * 40 + "\n|Kunde  |Datum     |     Betrag|\n" + "-" * 40 + "\n"
    pages = [
        f"01.04.2024  Einzelposten  Seite {page}\n\n{names}"
        + "".join(f"|K{page}{n:02d}   |{n + 1:02d}.03.2024|{n + 1}.{page}00,50-|\n" for n in range(20))
        + "-" * 40
        + "\n"
        for page in (1, 2, 3)
    ]

    read = read_text("".join(pages))

    assert read.table.row_count == 60
    assert read.values("Betrag")[40] == -1300.5
    assert read.receipt.other_tables == ()
    assert [note.reason for note in read.receipt.skipped].count("page line") == 2


def test_pages_that_are_set_apart_are_one_table(read_text):
    """Blank lines around the title of each page part nothing, and a caption that says something else does."""
    rows = [[f"{page * 100 + n},w{n},{n * 3}\n" for n in range(12)] for page in (1, 2)]

    pages = read_text("".join(f"Orders, page {n}\n\nid,who,amount\n{''.join(part)}\n" for n, part in enumerate(rows)))
    apart = read_text(
        "".join(f"Region {n}\n\nid,who,amount\n{''.join(part)}\n" for n, part in zip("AB", rows, strict=True))
    )

    assert pages.table.row_count == 24
    assert (apart.table.row_count, len(apart.receipt.other_tables)) == (12, 1)


def test_many_comment_lines_above_the_names(read_text):
    """An export of web statistics begins with its settings, a comment line each."""
    above = "".join(f"# setting {n}: on\n" for n in range(9))

    read = read_text(
        above + "Source / medium,Users,Rate\n" + "".join(f"s{n} / organic,{n},0.{n}5\n" for n in range(12))
    )

    assert read.names == ["Source / medium", "Users", "Rate"]
    assert read.table.row_count == 12


def test_line_of_settings_longer_than_the_table(read_text):
    """A ledger's exchange format says its version and period first, in more cells than the table has."""
    settings = '"EXTF";700;21;"Stapel";9;20240131;;"RE";1001;1\n'

    read = read_text(
        settings + '"Umsatz";"Konto";"Text"\n' + "".join(f'{n},50;{1200 + n % 2};"Text {n}"\n' for n in range(9))
    )

    assert read.names == ["Umsatz", "Konto", "Text"]
    assert read.values("Umsatz")[1] == 1.5
    assert [note.line for note in read.receipt.skipped] == [1]


def test_dash_of_an_accounting_form_is_no_amount(read_text):
    """`$ -` stands where a spreadsheet shows nothing; the rest are amounts, and the receipt counts the dashes."""
    read = read_text(
        "a,Q\n" + "".join(f"r{n},{('$ -', chr(34) + '$ (1,234)' + chr(34), '$ 25')[n % 3]}\n" for n in range(12))
    )

    assert read.values("Q")[:3] == [None, -1234, 25]
    assert read.conversion("Q").missing_tokens == {"$ -": 4}
    assert read.conversion("Q").failed == 0


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["2024/03/01 1:05:33 pm GMT+1", "2024/03/02 12:00:00 am GMT+1"], datetime(2024, 3, 1, 12, 5, 33)),
        (["01/03/2024 10:00 +0530", "13/03/2024 11:00 +0530"], datetime(2024, 3, 1, 4, 30)),
        (["1 Mar 2024 10:00 -03:30", "2 Mar 2024 10:00 -03:30"], datetime(2024, 3, 1, 13, 30)),
    ],
    ids=["a form's answers", "hours and minutes", "west of Greenwich"],
)
def test_moments_with_any_zone_are_in_utc(read_text, cells, first):
    """The zone may be named from Greenwich, and may lie half an hour beside the others."""
    read = read_text("Timestamp;n\n" + "".join(f"{cell};{n}\n" for n, cell in enumerate(cells * 5)))

    assert read.values("Timestamp")[0] == first
    assert "UTC" in read.conversion("Timestamp").format


@pytest.mark.parametrize("day", ["5 października 2024", "5 lokakuuta 2024", "5 Οκτωβρίου 2024", "5 листопада 2024"])
def test_months_are_known_in_the_case_that_dates_have(read_text, day):
    """Many languages decline the month."""
    read = read_text("d;n\n" + f"{day};1\n" * 3 + f"{day.replace('5', '6', 1)};2\n" * 3)

    assert read.values("d")[0] == date(2024, 11 if "листопада" in day else 10, 5)


def test_amounts_in_several_currencies_are_not_added_up(read_text):
    """The column stays text, and the receipt says why."""
    read = read_text("Order;Price\n" + "".join(f"{n};{'€$£'[n % 3]}{n}.50\n" for n in range(12)))

    assert read.column("Price").storage == "VARCHAR"
    assert any("“Price” is kept as text" in note and "€, $, £" in note for note in read.receipt.notes)


def test_text_formulas_are_texts(read_text):
    """`="007"` is how exports keep a spreadsheet from eating the zeros."""
    read = read_text("sku,zip,n\n" + "".join(f'="00{n}","=""0{n}123""",{n}\n' for n in range(10, 20)))

    assert read.values("sku")[0] == "0010"
    assert read.values("zip")[0] == "010123"
    assert any("20 cells" in note for note in read.receipt.notes)


def test_moments_of_a_spreadsheet_keep_their_time(read_text):
    """A day number with a fraction under a name that says date; the receipt asks."""
    read = read_text("Order Date,n\n" + "".join(f"{45292 + n}.5,{n}\n" for n in range(8)))

    assert read.values("Order Date")[0] == datetime(2024, 1, 1, 12)
    assert [ambiguity.column for ambiguity in read.receipt.ambiguities] == ["Order Date"]


def test_parts_of_years_are_never_added_up(read_text):
    """1949.5 is the middle of a year."""
    read = read_text("year,co2\n" + "".join(f"{1949 + n / 2},{300 + n}.25\n" for n in range(20)))

    assert (read.column("year").subtype, read.column("year").role) == ("year", "never")


def test_numbers_that_another_column_spells_out_are_codes(read_text):
    """`Country` beside `Country Name` names countries; an amount beside a name is an amount."""
    lines = "".join(f"{n % 29 * 4 + 4},Land {n % 29},{n * 13 % 101},p{n}\n" for n in range(90))

    read = read_text("Country,Country Name,Sales,Sales Name\n" + lines)

    assert (read.column("Country").subtype, read.column("Country").role) == ("code", "count")
    assert read.column("Sales").role == "sum"


def test_number_beyond_all_numbers_does_not_fit(read_text):
    """1e999 would be infinite, which no sum survives."""
    read = read_text("a,x\n" + "".join(f"r{n},{n}.5\n" for n in range(60)) + "r,inf\nr,1e999\n")

    assert read.values("x")[-2:] == [None, None]
    assert read.conversion("x").failed_examples == ("inf", "1e999")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("({n},17)", -12.17),
        ("({n},234)", -12234),
        ("- {n},5", -12.5),
        ("({n}.000,50)", -12000.5),
    ],
    ids=["comma in brackets", "thousands in brackets", "sign set apart", "thousands and comma in brackets"],
)
def test_negative_amounts_in_any_dress(read_text, cell, value):
    """Brackets around an amount make it negative and no list."""
    lines = "".join(f"r{n};{cell.replace('{n}', str(n))}\n" for n in range(12, 40))

    assert read_text("a;amount\n" + lines).values("amount")[0] == value


@pytest.mark.parametrize(
    ("cell", "first", "says"),
    [
        ("Mo, {d}.03.2024", date(2024, 3, 1), "day/month/year"),
        ("{d}.03.2024 14:05 Uhr", datetime(2024, 3, 1, 14, 5), "day/month/year and time"),
        ("Mar {d}, 2024 2:05:33 PM PDT", datetime(2024, 3, 1, 14, 5, 33), "as the clocks of PDT show"),
    ],
    ids=["weekday in front", "word for the clock", "name of a zone"],
)
def test_days_with_words_around_them(read_text, cell, first, says):
    """A weekday, the word behind a German time and the name of a zone leave a date a date."""
    lines = "".join(f"{cell.replace('{d}', f'{n:02d}')};{n}\n" for n in range(1, 28))

    read = read_text("when;n\n" + lines)

    assert read.values("when")[0] == first
    assert says in read.conversion("when").format


def test_names_above_the_first_caption(read_text):
    """An account's statement has the names, then a blank line, the account and its opening balance."""
    lines = "".join(f"{n:02d} Mar 2024,Customer {n},{n}.00,{100 + n}.00\n" for n in range(1, 20))

    read = read_text(
        "Account Transactions\n\nDate,Description,Debit,Balance\n\nBank\nOpening Balance,,50.00,100.00\n"
        + lines
        + "Total Bank,,190.00,\nClosing Balance,,240.00,\n"
    )

    assert read.names == ["Date", "Description", "Debit", "Balance"]
    assert read.values("Debit") == list(range(1, 20))
    assert {note.line for note in read.receipt.skipped} >= {5, 6, 26, 27}


@pytest.mark.parametrize("rows", [3, 30_000])
def test_lines_quoted_as_a_whole_are_cut(read_text, rows):
    """CSV that was pasted into a spreadsheet's first column and saved again, small or large."""
    inside = "".join(f'"{row},""Ann, {row}"",{row % 7}.5"\n' for row in range(rows))
    read = read_text(f'"id,name,price"\n{inside}')

    assert read.names == ["id", "name", "price"]
    assert read.values("name")[:2] == ["Ann, 0", "Ann, 1"]
    assert len(read.values("price")) == rows
    assert any("quotes as a whole" in note for note in read.receipt.notes)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            '"place"\n"Boston, MA"\n"Reno, NV"\n"Erie, PA"\n', id="a name without one above values with commas"
        ),
        pytest.param('"city, state"\n"Boston, MA"\n"Reno, NV"\n"Erie, PA"\n', id="commas as in a sentence"),
        pytest.param('"note"\n"a;b"\n"c"\n"d;e;f"\n', id="some with more, some with none"),
    ],
)
def test_quoted_values_with_commas_are_one_column(read_text, text):
    """What a person quoted because of its comma is one value."""
    assert len(read_text(text).names) == 1
