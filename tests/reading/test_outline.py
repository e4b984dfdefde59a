"""Reports and pivot tables: labels that stand once for their group, and rows that add up the ones below them."""

from pathlib import Path

import openpyxl
import pytest

pytestmark = pytest.mark.spec("A2", "B7")

PRODUCTS = ("Pump", "Valve", "Hose")


def book(path: Path, rows: list[list[object]]) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def grouped(*, totals: bool) -> list[list[object]]:
    """Units of three products in three regions whose name stands once, with or without a total below each."""
    rows: list[list[object]] = [["Region", "Product", "Units"]]
    for number, region in enumerate(("North", "South", "East"), start=1):
        units = [10 * number + place for place in range(len(PRODUCTS) - number % 2)]
        rows += [[None if place else region, PRODUCTS[place], count] for place, count in enumerate(units)]
        rows += [[f"{region} Total", None, sum(units)]] if totals else []
    return rows


@pytest.mark.parametrize("totals", [True, False])
def test_label_that_stands_once_holds_for_its_group(tmp_path, read_file, totals):
    """The blank cells below a region are that region, and the receipt says that they were filled."""
    read = read_file(book(tmp_path / "report.xlsx", grouped(totals=totals)))

    assert [row[:2] for row in read.rows()] == [
        ("North", "Pump"), ("North", "Valve"), ("South", "Pump"), ("South", "Valve"), ("South", "Hose"),
        ("East", "Pump"), ("East", "Valve"),
    ]  # fmt: skip
    assert (
        "Blank cells of “Region” were given the label above them, which stands once for the rows of its group."
        in read.receipt.notes
    )


def test_two_levels_in_a_text_file(read_text):
    """Each level fills down within the one to its left, in delimited text as in a workbook."""
    lines = ["region,rep,product,units"]
    for region in ("North", "South"):
        for rep in ("1", "2"):
            for place, product in enumerate(PRODUCTS):
                first = region if rep == "1" and not place else ""
                lines.append(f"{first},{'' if place else region[0] + rep},{product},{len(lines)}")
    read = read_text("\n".join(lines))

    assert [row[:2] for row in read.rows()] == [
        (region, region[0] + rep) for region in ("North", "South") for rep in ("1", "2") for _ in PRODUCTS
    ]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["Ann,1,a", ",2,b", "Ann,3,c", ",4,d", "Bob,5,e", ",6,f"], id="a label that comes back"),
        pytest.param([",1,a", "Ann,2,b", ",3,c", "Bob,4,d", ",5,e", "Cy,6,f"], id="the first cell is blank"),
        pytest.param(["Ann,1,a", ",2,b", "Bob,3,c", "Cy,4,d", ",5,e", ",6,f", "Di,7,g"], id="groups without a sign"),
        pytest.param(["A,1,a", "B,2,b", "C,3,c", "D,4,d", "E,5,e", ",6,f"], id="hardly a blank"),
    ],
)
def test_blank_cells_that_nobody_vouches_for_stay_missing(read_text, rows):
    """What may have been left out is not filled in."""
    read = read_text("\n".join(["name,n,code", *rows]))

    assert read.values("name").count(None) == sum(row.startswith(",") for row in rows)


def test_table_as_it_stands_is_not_filled(tmp_path, read_file):
    """Only the first rows of a group carry the label in the file, and long groups far down are filled too."""
    lines = [f"{'' if n % 4 else f'g{n // 4}'},{'abcd'[n % 4]},{n}" for n in range(40_000)]
    path = tmp_path / "long.csv"
    path.write_text("\n".join(["group,part,n", *lines]))

    assert read_file(path).values("group") == [f"g{n // 4}" for n in range(40_000)]


def pivot(label: str = "Row Labels", *, wrong: int = 0) -> list[list[object]]:
    """A pivot table in its compact form; `wrong` is added to one group's sum."""
    rows: list[list[object]] = [["Sum of Amount", "Column Labels"], [label, "Q1", "Q2", "Grand Total"]]
    for number, region in enumerate(("North", "South"), start=1):
        parts = [[100.5 * number + place, 7.25 * place + number] for place in range(len(PRODUCTS))]
        q1, q2 = (sum(column) for column in zip(*parts, strict=True))
        rows.append([region, q1 + wrong, q2, q1 + q2 + wrong])
        rows += [[product, *part, sum(part)] for product, part in zip(PRODUCTS, parts, strict=True)]
    return rows


@pytest.mark.parametrize("label", ["Row Labels", "Zeilenbeschriftungen", "Étiquettes de lignes"])
def test_groups_of_a_compact_pivot_table_become_a_column(tmp_path, read_file, label):
    """Rows that hold the sums of those below would count everything twice; what they name is kept."""
    read = read_file(book(tmp_path / "pivot.xlsx", pivot(label)))

    assert read.names == [label, f"{label} 2", "Q1", "Q2", "Grand Total"]
    assert [row[:2] for row in read.rows()] == [(r, p) for r in ("North", "South") for p in PRODUCTS]
    assert read.receipt.skipped[0].text == "Sum of Amount | Column Labels"
    assert f"2 rows hold the sums of those below them: they became a column, “{label}”." in read.receipt.notes


def test_rows_that_do_not_add_up_are_left(tmp_path, read_file):
    """Where a group's figure is not the sum of the rows below it, nobody can say which belongs to which."""
    read = read_file(book(tmp_path / "pivot.xlsx", pivot(wrong=3)))

    assert len(read.rows()) == 2 * (1 + len(PRODUCTS))


STATEMENT: list[list[object]] = [
    ["Acme Inc"], ["Profit and Loss"], [],
    [None, "Jan 2024", "Feb 2024", "Total"],
    ["Income"], ["   Services", 900.5, 1100, 2000.5], ["   Products", 400, 350.25, 750.25],
    ["Total Income", 1300.5, 1450.25, 2750.75],
    ["Cost of Goods Sold"], ["   Materials", 300, 310, 610], ["   Freight", 40, 45, 85],
    ["Total Cost of Goods Sold", 340, 355, 695],
    ["Gross Profit", 960.5, 1095.25, 2055.75],
    ["Expenses"], ["   Rent", 200, 200, 400], ["   Payroll", 500, 520, 1020], ["   Travel", 12, 80, 92],
    ["Total Expenses", 712, 800, 1512],
    ["Net Income", 248.5, 295.25, 543.75],
]  # fmt: skip
ITEMS = ["Services", "Products", "Materials", "Freight", "Rent", "Payroll", "Travel"]


def test_statement_of_sections_keeps_its_items_and_says_where_each_stands(tmp_path, read_file):
    """Sums and what they leave would count everything twice; the headings become a column."""
    read = read_file(book(tmp_path / "profit-and-loss.xlsx", STATEMENT))

    assert [row[0] for row in read.rows()] == ITEMS
    assert read.values("Section") == ["Income"] * 2 + ["Cost of Goods Sold"] * 2 + ["Expenses"] * 3
    assert "The column “Section” says which heading a row stands below; it is not in the file." in read.receipt.notes
    assert any(note.startswith("“Gross Profit” is what one section leaves of another") for note in read.receipt.notes)
    reasons = [note.reason for note in read.receipt.skipped]
    assert reasons.count("total row: it would count everything twice") == 5
    assert reasons.count("heading of the rows below it") == 3


def test_statement_in_a_text_file(read_text):
    """The same as delimited text."""
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in STATEMENT[3:]]
    read = read_text("\n".join(lines))

    assert [row[0] for row in read.rows()] == ITEMS
    assert read.values("Section").count("Expenses") == 3


def test_statement_in_another_country(read_text):
    """Decimal commas add up and leave balances too."""
    lines = [";".join("" if cell is None else str(cell).replace(".", ",") for cell in row) for row in STATEMENT[3:]]
    read = read_text("\n".join(lines))

    assert [row[0] for row in read.rows()] == ITEMS
    assert read.values(read.names[1])[:2] == [900.5, 400]


def test_heading_whose_sum_is_not_there_makes_no_section(tmp_path, read_file):
    """Where nothing tells the end of a heading's rows, no row is said to stand below it."""
    rows = [row for row in STATEMENT if row[:1] != ["Total Expenses"]]
    read = read_file(book(tmp_path / "open.xlsx", rows))

    assert "Section" not in read.names
    assert "Expenses" in read.values(read.names[0])
