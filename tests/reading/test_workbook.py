"""Workbooks: the right sheet, the header under its titles, cells with the meaning they have in the workbook."""
# ruff: noqa: DTZ001  (tables hold wall-clock times, without a zone)

import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from benchmarks.mutations import broken_file
from openpyxl.worksheet.table import Table

from datapilot.contracts.errors import CorruptFile, EmptyFile, SheetNotFound
from datapilot.reading.formats.calamine_book import CalamineBook
from datapilot.reading.formats.number_formats import mark_of

pytestmark = pytest.mark.spec("A2")


def workbook(path: Path, sheets: dict[str, list[list[object]]], **state: str) -> Path:
    """Write a workbook with these sheets; `state` hides them by name."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = state.get(name, "visible")
    book.save(path)
    return path


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    rows = [
        ["day", "region", "units", "price", "open", "at"],
        [date(2024, 3, 1), "North", 5, 1.5, True, time(9, 30)],
        [date(2024, 3, 2), "South", 7, 2.5, False, time(10)],
        [date(2024, 3, 3), "North", None, 3.5, True, time(18, 15)],
    ]
    return workbook(tmp_path / "sales.xlsx", {"Notes": [["made by hand"]], "Sales": rows})


def test_cells_keep_the_type_they_have_in_the_workbook(sales, read_file):
    """Numbers, dates, times and booleans come out as such, and an empty cell as missing."""
    read = read_file(sales)

    assert [column.storage for column in read.table.columns] == [
        "DATE",
        "VARCHAR",
        "BIGINT",
        "DOUBLE",
        "BOOLEAN",
        "TIME",
    ]
    assert read.rows()[2] == (date(2024, 3, 3), "North", None, 3.5, True, time(18, 15))


def test_largest_sheet_is_read_and_the_others_are_named(sales, read_file):
    """The receipt lists all sheets and says which was read."""
    receipt = read_file(sales).receipt

    assert receipt.sheet == "Sales"
    assert receipt.sheets == ("Notes", "Sales")
    assert "“Notes”" in receipt.notes[0]


@pytest.mark.spec("B8")
def test_user_chooses_the_sheet(tmp_path, read_file):
    """The option names a sheet; an unknown one is an error that lists them."""
    path = workbook(tmp_path / "two.xlsx", {"A": [["x", "y"], [1, 2]], "B": [["u", "v"], [3, 4], [5, 6]]})

    assert read_file(path, sheet="a").names == ["x", "y"]
    with pytest.raises(SheetNotFound, match="“A”, “B”"):
        read_file(path, sheet="C")


def test_hidden_sheet_is_not_read_by_itself(tmp_path, read_file):
    """A hidden sheet is noted, not analysed, even when it is the largest."""
    path = workbook(
        tmp_path / "hidden.xlsx",
        {"Big": [["x"], *[[n] for n in range(50)]], "Small": [["u", "v"], [3, 4], [5, 6]]},
        Big="hidden",
    )

    receipt = read_file(path).receipt

    assert receipt.sheet == "Small"
    assert "hidden" in receipt.notes[0]


def test_header_is_found_under_title_rows(tmp_path, read_file):
    """Titles and blank rows above the table are skipped."""
    rows = [["Quarterly report"], [], ["region", "units", "price"], ["North", 5, 1.5], ["South", 7, 2.5]]

    read = read_file(workbook(tmp_path / "titled.xlsx", {"S": rows}))

    assert read.names == ["region", "units", "price"]
    assert read.receipt.header_row == 3
    assert read.receipt.skipped[0].text == "Quarterly report"


def test_merged_cells_hold_for_every_row_they_span(tmp_path, read_file):
    """A label merged over rows belongs to each of them."""
    book = openpyxl.Workbook()
    for row in [["region", "city", "units"], ["North", "A", 1], [None, "B", 2], ["South", "C", 3], [None, "D", 4]]:
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("A4:A5")
    book.save(tmp_path / "merged.xlsx")

    read = read_file(tmp_path / "merged.xlsx")

    assert read.values("region") == ["North", "North", "South", "South"]
    assert any("merged" in note for note in read.receipt.notes)


@pytest.mark.parametrize("pair", [("sales", "units"), (2023, 2024)], ids=["texts", "years"])
def test_labels_merged_over_some_of_the_names(tmp_path, read_file, pair):
    """A label stands above two of four names; the others are merged with the line above them and name their columns."""
    book = openpyxl.Workbook()
    head = [["region", "group", None, "note"], [None, *pair, None]]
    for row in [*head, *([f"R{n}", 100 + n, n, "x"] for n in range(12))]:
        book.active.append(row)
    for merged in ("A1:A2", "B1:C1", "D1:D2"):
        book.active.merge_cells(merged)
    book.save(tmp_path / "merged.xlsx")

    read = read_file(tmp_path / "merged.xlsx")

    assert read.names == ["region", *(f"group: {name}" for name in pair), "note"]
    assert read.table.row_count == 12


def test_number_cells_are_never_ambiguous(tmp_path, read_file):
    """1.234 in a number cell is one and a bit, whatever text would allow."""
    path = workbook(tmp_path / "n.xlsx", {"S": [["a", "b"], [1.234, "x"], [2.345, "y"], [3.456, "z"]]})

    assert read_file(path).receipt.ambiguities == ()


def test_text_cells_that_look_like_numbers_are_read_like_text_files(tmp_path, read_file):
    """Codes typed as text keep their zeros; amounts typed as text become numbers."""
    rows = [["zip", "amount"], ["00501", "1,200"], ["10001", "2,300"], ["94105", "15"]]

    read = read_file(workbook(tmp_path / "t.xlsx", {"S": rows}))

    assert read.values("zip") == ["00501", "10001", "94105"]
    assert read.values("amount") == [1200, 2300, 15]


def test_dates_with_times_stay_moments(tmp_path, read_file):
    """A date-time cell keeps its time; midnight alone among them does not make the column dates."""
    rows = [["at", "n"], [datetime(2024, 3, 1, 10, 30), 1], [datetime(2024, 3, 2), 2], [datetime(2024, 3, 3, 8), 3]]

    values = read_file(workbook(tmp_path / "d.xlsx", {"S": rows})).values("at")

    assert values == [datetime(2024, 3, 1, 10, 30), datetime(2024, 3, 2), datetime(2024, 3, 3, 8)]


def test_error_cells_are_missing(tmp_path, read_file):
    """#DIV/0! is no value."""
    rows = [["a", "b"], [1, "x"], ["#DIV/0!", "y"], [3, "z"]]

    assert read_file(workbook(tmp_path / "e.xlsx", {"S": rows})).values("a") == [1, None, 3]


def test_empty_workbook_is_refused(tmp_path, read_file):
    """A workbook without a filled cell says so."""
    with pytest.raises(EmptyFile, match="no filled cell"):
        read_file(workbook(tmp_path / "empty.xlsx", {"S": []}))


def test_damaged_workbook_is_refused(tmp_path, read_file):
    """A cut-off file is told from an empty one, and the advice is to save it again."""
    whole = workbook(tmp_path / "whole.xlsx", {"S": [["a"], [1], [2]]}).read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(CorruptFile, match=r"[Ss]ave"):
        read_file(tmp_path / "cut.xlsx")


def test_gaps_in_a_sheet_of_one_column_are_missing_cells(tmp_path, read_file):
    """Blank cells between values are no end of the table when there is no other column."""
    rows = [["city"], ["Oslo"], [], [], ["Lima"], ["Accra"]]

    read = read_file(workbook(tmp_path / "one.xlsx", {"S": rows}))

    assert read.values("city") == ["Oslo", None, None, "Lima", "Accra"]


@pytest.mark.spec("A4")
def test_panic_of_the_library_is_a_refusal_without_a_trace(tmp_path, read_file, capfd):
    """Parts that contradict each other make the library panic: it prints a trace and raises what is no Exception."""
    (tmp_path / "broken.xls").write_bytes(broken_file(241).content)

    with pytest.raises(CorruptFile, match="contradict"):
        read_file(tmp_path / "broken.xls")

    assert capfd.readouterr().err == ""


def _book(tmp_path, cells):
    """Write a workbook whose cells stand at the places given."""
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    book.save(tmp_path / "t.xlsx")
    return tmp_path / "t.xlsx"


def _table_at(column, row, names, count):
    """Return the cells of a small table whose corner stands there."""
    first = ord(column)
    cells = {f"{chr(first + k)}{row}": name for k, name in enumerate(names)}
    for n in range(1, count + 1):
        cells |= {f"{chr(first + k)}{row + n}": n * 10 + k if k else f"{column}{n}" for k in range(len(names))}
    return cells


@pytest.mark.parametrize(
    ("second", "said"),
    [
        pytest.param(("F", 2, ["place", "visits"], 4), "Columns F–G, lines 2–6: 5 rows × 2 columns", id="shorter"),
        pytest.param(("F", 1, ["city", "units", "price"], 9), "Columns F–H, lines 1–10", id="the same names"),
    ],
)
def test_tables_side_by_side(tmp_path, read_file, second, said):
    """The larger of two tables with an empty column between them is read, and the receipt names the other."""
    cells = _table_at("B", 1, ["city", "units", "price"], 9) | _table_at(*second)

    read = read_file(_book(tmp_path, cells))

    assert (read.names, read.table.row_count) == (["city", "units", "price"], 9)
    assert read.values("units") == [n * 10 + 1 for n in range(1, 10)]
    assert [told.startswith(said) for told in read.receipt.other_tables] == [True]


def test_tables_side_by_side_each_below_a_title(tmp_path, read_file):
    """The title above each table parts them no less than their names do."""
    cells = _table_at("A", 3, ["city", "units", "price"], 5) | _table_at("E", 3, ["place", "visits"], 9)
    titles = {"A1": "Sales by city", "E1": "Visits by place"}

    read = read_file(_book(tmp_path, cells | titles))

    assert (read.names, read.table.row_count) == (["place", "visits"], 9)
    assert read.receipt.skipped[0].text == "Visits by place"
    assert len(read.receipt.other_tables) == 1


@pytest.mark.spec("B2")
def test_codes_whose_zeros_only_their_format_shows(tmp_path, read_file):
    """A postal code that became a number is shown with all its digits; the month and the amount are numbers."""
    book = openpyxl.Workbook()
    formats = {"zip": "00000", "month": "00", "amount": "0.00"}
    book.active.append([*formats])
    for row in range(20):
        book.active.append([1000 + 601 * row, 1 + row % 12, 2.5 * row])
    for place, code in enumerate(formats.values(), start=1):
        for row in range(2, 22):
            book.active.cell(row, place).number_format = code
    book.save(tmp_path / "zeros.xlsx")

    read = read_file(tmp_path / "zeros.xlsx")

    assert read.values("zip")[:2] == ["01000", "01601"]
    assert read.values("month")[:2] == [1, 2]
    assert read.values("amount")[:2] == [0.0, 2.5]


@pytest.mark.spec("A2")
class TestTableObjects:
    """What a spreadsheet program holds as a table is the table, whatever was scribbled around it."""

    ROWS = (["region", "units", "value"], *([f"R{n}", 3 * n, 10.5 * n] for n in range(15)))

    def _book(self, folder, rows, *, area, totals=0, second=None):
        book = openpyxl.Workbook()
        sheet = book.active
        for down, row in enumerate(rows):
            for right, cell in enumerate(row):
                sheet.cell(3 + down, 2 + right, cell)
        for place, cell in {"B1": "Sales 2024", "F5": "avg", "G5": 157, "F9": "ask Ann", "G12": 3.5}.items():
            sheet[place] = cell
        sheet.add_table(Table(displayName="Sales", ref=area))
        sheet.tables["Sales"].totalsRowCount = totals or None
        if second:
            for place, cell in second.items():
                sheet[place] = cell
            sheet.add_table(Table(displayName="Keys", ref=f"{min(second)}:{max(second)}"))
        book.save(folder / "marked.xlsx")
        return folder / "marked.xlsx"

    def test_cells_beside_it_are_no_columns(self, tmp_path, read_file):
        """The receipt says where the table is and how much was left out."""
        read = read_file(self._book(tmp_path, self.ROWS, area="B3:D18"))

        assert (read.names, read.table.row_count) == (["region", "units", "value"], 15)
        assert [note.text for note in read.receipt.skipped] == ["Sales 2024"]
        assert any("columns B–D, lines 3–18" in note and "beside it: 4" in note for note in read.receipt.notes)

    def test_rows_added_below_it_belong_to_it(self, tmp_path, read_file):
        """Whoever pastes rows by a program does not move the end of the table object."""
        read = read_file(self._book(tmp_path, self.ROWS, area="B3:D14"))

        assert (read.names, read.table.row_count) == (["region", "units", "value"], 15)

    def test_its_totals_are_no_record(self, tmp_path, read_file):
        """The table object says which row holds the totals, in any language and of any kind."""
        rows = [*self.ROWS, ["Ergebnis", None, 73.5]]

        read = read_file(self._book(tmp_path, rows, area="B3:D19", totals=1))

        assert read.values("value") == [10.5 * n for n in range(15)]
        assert [note.line for note in read.receipt.skipped if "total" in note.reason] == [19]

    def test_names_that_only_the_program_gave(self, tmp_path, read_file):
        """Where the names were taken for data, the program put its own above them."""
        rows = [["Column1", "Column2", "Column3"], *self.ROWS]

        read = read_file(self._book(tmp_path, rows, area="B3:D19"))

        assert (read.names, read.table.row_count) == (["region", "units", "value"], 15)

    def test_the_larger_of_two_is_read(self, tmp_path, read_file):
        """The other one is told of."""
        second = {"J3": "k", "J4": "a", "J5": "b", "K3": "v", "K4": 1, "K5": 2}

        read = read_file(self._book(tmp_path, self.ROWS, area="B3:D18", second=second))

        assert read.names == ["region", "units", "value"]
        assert read.receipt.other_tables == ("Table “Keys”: columns J–K, lines 3–5",)

    def test_a_small_one_in_a_large_sheet_is_not_the_table(self, tmp_path, read_file):
        """Most of the sheet stands outside of it."""
        rows = [row if n < 3 else [None, *row] for n, row in enumerate(self.ROWS)]

        read = read_file(self._book(tmp_path, [*rows, *rows[3:]], area="B3:D5"))

        assert read.table.row_count > 15


def test_one_table_with_an_empty_column(tmp_path, read_file):
    """A gap between the columns of one table parts nothing."""
    cells = _table_at("A", 1, ["city", "units"], 9) | _table_at("D", 1, ["place", "visits"], 9)

    read = read_file(_book(tmp_path, cells))

    assert read.names == ["city", "units", "place", "visits"]
    assert read.receipt.other_tables == ()


def test_sheet_without_cells_names_those_that_have_some(tmp_path, read_file):
    """The user chose the wrong one, and learns which to choose."""
    book = openpyxl.Workbook()
    book.active.title = "Data"
    for row in (["a", "b"], [1, 2], [3, 4]):
        book.active.append(row)
    book.create_sheet("Blank")
    book.save(tmp_path / "t.xlsx")

    with pytest.raises(EmptyFile, match=r"“Blank” holds no filled cell\. Choose one that does: “Data”"):
        read_file(tmp_path / "t.xlsx", sheet="Blank")


@pytest.mark.spec("B2")
def test_how_the_workbook_shows_numbers_is_read(tmp_path, read_file):
    """0.25 shown as 25% is a share, and an amount shown in euros has a currency; the receipt says so."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Report"])
    for row in [
        [],
        ["shop", "margin", "sales", "plain"],
        ["A", 0.25, 100, 0.5],
        ["B", 0.07, 80.5, 0.25],
        ["C", 1, 7, 0.75],
    ]:
        sheet.append(row)
    for row in sheet.iter_rows(min_row=4, min_col=2, max_col=3):
        row[0].number_format, row[1].number_format = "0.0%", "#,##0.00 [$€-407]"
    book.save(tmp_path / "t.xlsx")

    read = read_file(tmp_path / "t.xlsx")

    assert read.values("margin") == [25.0, 7.0, 100.0]
    assert (read.column("margin").subtype, read.column("margin").unit) == ("percent", "%")
    assert "0.25 is 25%" in read.conversion("margin").format
    assert (read.column("sales").subtype, read.column("sales").unit) == ("currency", "€")
    assert read.values("plain") == [0.5, 0.25, 0.75]


@pytest.mark.spec("B2")
def test_cells_with_an_empty_style_are_shown_plainly(tmp_path, read_file):
    """Some programs write `s=""` where a cell has no style of its own."""
    book = openpyxl.Workbook()
    for row in [["shop", "sales"], ["A", 100], ["B", 80.5], ["C", 7]]:
        book.active.append(row)
    book.save(tmp_path / "made.xlsx")
    with zipfile.ZipFile(tmp_path / "made.xlsx") as made, zipfile.ZipFile(tmp_path / "t.xlsx", "w") as written:
        for name in made.namelist():
            part = made.read(name)
            is_sheet = name.startswith("xl/worksheets/sheet")
            written.writestr(name, part.replace(b'<c r="B2"', b'<c r="B2" s=""') if is_sheet else part)

    assert read_file(tmp_path / "t.xlsx").values("sales") == [100.0, 80.5, 7.0]


@pytest.mark.spec("A2")
def test_open_document_with_line_ends_between_its_elements_is_read(tmp_path, read_file):
    """Programs and people indent the XML of an ODS; spaces inside a cell's text stay."""
    rows = "\n".join(
        "<table:table-row>\n"
        f'  <table:table-cell office:value-type="string">\n    <text:p>{label}</text:p>\n  </table:table-cell>\n'
        f'  <table:table-cell office:value-type="{kind}" {value}>\n    <text:p>{n}</text:p>\n'
        "  </table:table-cell>\n</table:table-row>"
        for label, kind, value, n in [
            ("Shop", "string", "", "Units"),
            *((f"Old  Town {k}", "float", f'office:value="{k}"', k) for k in range(1, 7)),
        ]
    )
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    body = f'<office:body>\n<office:spreadsheet>\n<table:table table:name="S">\n{rows}\n</table:table>'
    with zipfile.ZipFile(tmp_path / "t.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}>{body}</office:spreadsheet></office:body></office:document-content>",
        )
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}"/>')

    read = read_file(tmp_path / "t.ods")

    assert read.names == ["Shop", "Units"]
    assert read.rows()[1] == ("Old  Town 2", 2)


@pytest.mark.spec("A4")
@pytest.mark.parametrize(
    ("vast_cells", "cells"),
    [pytest.param(10, 2 * 2 + 4997 + 200, id="vast"), pytest.param(10**7, 3 * 200 + 4997, id="not")],
)
def test_stray_cell_in_the_last_corner_takes_no_row_of_cells(tmp_path, monkeypatch, vast_cells, cells):
    """A blank row is one blank cell, and in a vast sheet any row ends at its last filled cell."""
    monkeypatch.setattr("datapilot.reading.formats.calamine_book.VAST_CELLS", vast_cells)
    book = openpyxl.Workbook()
    book.active.append(["region", "units"])
    book.active.append(["North", 5])
    book.active.cell(row=5000, column=200, value=7)
    book.save(tmp_path / "corner.xlsx")

    found = CalamineBook(tmp_path / "corner.xlsx").cells("Sheet")

    assert len(found.rows) == 5000
    assert sum(len(row) for row in found.rows) == cells


def test_last_column_with_gaps_is_a_column_like_any_other(tmp_path, read_file):
    """A remark that few rows have makes them no longer than the table."""
    rows = [["region", "units", "remark"], *[[f"R{n}", n, None if n % 4 else "ok"] for n in range(12)]]

    read = read_file(workbook(tmp_path / "gaps.xlsx", {"S": rows}))

    assert (read.names, read.receipt.repaired_count) == (["region", "units", "remark"], 0)


@pytest.mark.spec("B2")
def test_how_an_open_document_shows_numbers_is_read(tmp_path, read_file):
    """Cells of an ODS say themselves that they are percent or money; the sheet before does not count."""

    def cell(kind: str, value: object, more: str = "") -> str:
        said = f'office:value-type="{kind}" {more}office:value="{value}"'
        return f"<table:table-cell {said}><text:p>{value}</text:p></table:table-cell>"

    def table(name: str, rows: list[str]) -> str:
        head = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{n}</text:p></table:table-cell>'
            for n in ("share", "n", "cost")
        )
        body = "".join(f"<table:table-row>{row}</table:table-row>" for row in (head, *rows))
        return f'<table:table table:name="{name}">{body}</table:table>'

    plain = [cell("float", 0.5) + cell("float", 1) + cell("float", 2)]
    rows = [
        cell("percentage", k / 100) + cell("float", k) + cell("currency", k + 0.5, 'office:currency="EUR" ')
        for k in range(1, 9)
    ]
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    tables = table("Old", plain) + table("A &amp; B", rows)
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = f"<office:document-content {spaces}>{body}</office:document-content>"
    with zipfile.ZipFile(tmp_path / "t.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )

    read = read_file(tmp_path / "t.ods")

    assert read.values("share") == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    assert [(column.subtype, column.unit) for column in read.table.columns] == [
        ("percent", "%"), (None, None), ("currency", "EUR"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "mark"),
    [
        ("0%", "%"), ("#,##0.00 €", "€"), ("[$$-409]#,##0.00", "$"), ('_("$"* #,##0.00_);_("$"* (#,##0.00)', "$"),
        ('#,##0.00\\ "EUR"', "EUR"), ("#,##0 [$CHF-807]", "CHF"), ('"100%" 0', None), ('0.0" kg"', None),
        ("[Red]0.0", None), ("yyyy-mm-dd", None), ("General", None),
    ],
)  # fmt: skip
def test_number_format_says_percent_or_money(code, mark):
    """Signs that fill a cell, colours and quoted words are none."""
    assert mark_of(code) == mark


HEADER: list[object] = ["Rep", "Region", "Units", "Amount"]


def records(*units: int) -> list[list[object]]:
    """The rows of a sheet under the same header, told apart by their units."""
    return [HEADER, *(["Anna", "North", count, 2.5 * count] for count in units)]


def test_sheets_that_carry_each_other_on_are_one_table(tmp_path, read_file):
    """A sheet a month: all rows in the order of the sheets, the sheet as a column, and the receipt says so."""
    sheets = {"Jan 2024": [["Sales"], [], *records(1, 2)], "Feb 2024": records(3, 4, 5), "Mar 2024": records(6, 7)}
    read = read_file(workbook(tmp_path / "months.xlsx", {**sheets, "Year": [["Total"], [28]]}))

    assert read.names == ["Sheet", *HEADER]
    assert [row[3] for row in read.rows()] == [1, 2, 3, 4, 5, 6, 7]
    assert [row[0] for row in read.rows()][1:3] == [date(2024, 1, 1), date(2024, 2, 1)]
    assert read.receipt.sheet == "Jan 2024 – Mar 2024"
    assert read.receipt.sheets == ("Jan 2024", "Feb 2024", "Mar 2024", "Year")
    assert read.receipt.skipped[0].text == "Jan 2024: Sales"
    assert read.receipt.notes == (
        "3 sheets have the same columns and were read as one table: “Jan 2024”, “Feb 2024”, “Mar 2024”.",
        "The column “Sheet” says which sheet a row is from; it is not in the workbook.",
        "Not read: “Year” (2 × 1).",
    )


def test_no_sheet_column_beside_a_day_and_no_copy_of_a_sheet(tmp_path, read_file):
    """Where each row has its day, the sheet's name would say it twice, and a sheet of the same rows is a copy."""
    head: list[object] = ["Day", "Units", "Price"]
    first, second = ([[date(2024, month, day), day, 1.5] for day in range(1, 9)] for month in (1, 2))
    sheets = {"Part 1": [head, *first], "Part 2": [head, *second], "Part 3": [head, *first], "Notes": [["x"], ["y"]]}
    read = read_file(workbook(tmp_path / "parts.xlsx", sheets))

    assert read.names == head
    assert len(read.rows()) == 16
    assert read.receipt.notes[1:] == (
        "Not read, because every row of it stands in another sheet: “Part 3”.", "Not read: “Notes” (2 × 1).",
    )  # fmt: skip


@pytest.mark.parametrize(
    "others",
    [
        pytest.param({"Archive": records(3, 4)}, id="another name"),
        pytest.param({"Feb": [["Rep", "Region", "Amount", "Units"], ["Anna", "North", 2.5, 1]]}, id="other columns"),
        pytest.param({"2024": records(9)}, id="a year beside a month"),
        pytest.param({"Feb": [["a line of text"]]}, id="no table"),
        pytest.param({"Feb": [HEADER]}, id="no rows"),
        pytest.param({"Sheet2": records(9)}, id="names of new sheets"),
    ],
)
def test_sheets_that_may_be_anything_are_left_alone(tmp_path, read_file, others):
    """Another name may be a copy or a total of the first, and other columns are another table."""
    first = "Sheet1" if "Sheet2" in others else "Jan"
    read = read_file(workbook(tmp_path / "apart.xlsx", {first: records(1, 2, 3, 4), **others}))

    assert read.names == HEADER
    assert [row[2] for row in read.rows()] == [1, 2, 3, 4]
    assert read.receipt.sheet == first


@pytest.mark.spec("B8")
def test_user_asks_for_all_sheets_or_for_one(tmp_path, read_file):
    """A star joins the sheets with the same columns whatever their names; a name reads that sheet alone."""
    path = workbook(tmp_path / "shops.xlsx", {"Harbour": records(1, 2), "Station": records(3), "Notes": [["x"]]})
    months = workbook(tmp_path / "months.xlsx", {"Jan": records(1, 2), "Feb": records(3)})

    assert [(row[0], row[3]) for row in read_file(path, sheet="*").rows()] == [
        ("Harbour", 1), ("Harbour", 2), ("Station", 3),
    ]  # fmt: skip
    assert [row[2] for row in read_file(months, sheet="Feb").rows()] == [3]
    alone = read_file(workbook(tmp_path / "alone.xlsx", {"A": records(1, 2), "B": [["x"]]}), sheet="*")
    assert alone.receipt.notes[0].startswith("No other sheet has the columns of the largest one, which was read")


def test_total_whose_sums_were_never_worked_out_is_no_record(tmp_path, read_file):
    """A program that writes formulas stores no values: of its total row only the word is left."""
    sheet = [HEADER, *records(1, 2, 3)[1:], ["Total", None, "=SUM(C2:C4)", "=SUM(D2:D4)"]]
    read = read_file(workbook(tmp_path / "formulas.xlsx", {"Sales": sheet}))

    assert len(read.rows()) == 3
    assert read.receipt.skipped[-1].text.startswith("Total")


@pytest.mark.spec("B9")
def test_sheet_wider_than_a_job_has_room_for_is_read_up_to_there(tmp_path, read_file, monkeypatch):
    """A sheet may be filled to its last column of 16,384: the first thousands are read, and the receipt says so."""
    monkeypatch.setattr("datapilot.reading.formats.workbook.WIDEST_TABLE", 30)
    rows = [[f"day {n}" for n in range(40)], [n * 1.5 for n in range(40)], [n * 2.5 for n in range(40)]]
    read = read_file(workbook(tmp_path / "wide.xlsx", {"S": rows}))

    assert (len(read.names), read.names[-1], read.table.row_count) == (30, "day 29", 2)
    assert read.receipt.notes[0].startswith("The table has 40 columns; the first 30 were read.")
