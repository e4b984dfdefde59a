"""XLS: a number is a date only if the workbook's own formats show it as one."""
# ruff: noqa: DTZ001  (tables hold wall-clock times, without a zone)

from datetime import date, datetime, time, timedelta

import pytest
from tests.reading.xls_maker import Formatted, compound_file, xls

from datapilot.reading.formats.compound_file import stream_of
from datapilot.reading.formats.number_formats import time_kind_of
from datapilot.reading.formats.xls_book import XlsBook

pytestmark = pytest.mark.spec("A2")


def cells_under(path, style: int, *, formats: dict[int, str], values=(36526.0, 36527.5, 0.25), **more):
    """Return what the cells of a sheet are that show these numbers in that format."""
    rows = [["value"], *[[Formatted(value, style=1)] for value in values]]
    book = XlsBook(xls(path / "t.xls", rows, styles=[0, style], formats=formats, **more))
    return [row[0] for row in book.cells("Sheet1").rows[1:]]


@pytest.mark.parametrize("number", [27, 36, 50, 55, 58, 71, 400])
def test_number_format_of_the_file_itself_says_number(tmp_path, number):
    """Elsewhere these numbers stand for dates of East Asia; here the file says that they show an amount."""
    assert cells_under(tmp_path, number, formats={number: "#,##0.00"}) == [36526.0, 36527.5, 0.25]


@pytest.mark.parametrize("number", [27, 58, 164, 400])
def test_number_format_of_the_file_itself_says_date(tmp_path, number):
    """Whole days are dates, others moments, and less than a day is a time."""
    found = cells_under(tmp_path, number, formats={number: "dd/mm/yyyy"})

    assert found == [date(2000, 1, 1), datetime(2000, 1, 2, 12), time(6)]


def test_number_formats_that_every_program_knows(tmp_path):
    """Under 14 a file need not say what it is; under 46 stand hours passed."""
    assert cells_under(tmp_path, 14, formats={}) == [date(2000, 1, 1), datetime(2000, 1, 2, 12), time(6)]
    assert cells_under(tmp_path, 46, formats={}, values=(1.5,)) == [timedelta(hours=36)]
    assert cells_under(tmp_path, 2, formats={}) == [36526.0, 36527.5, 0.25]


def test_days_count_from_where_the_workbook_says(tmp_path):
    """Of the calendar of 1904 day 0 is the first of January, and that of 1900 has a day that never was."""
    late = cells_under(tmp_path, 300, formats={300: "yyyy-mm-dd", 14: "0"}, values=(59.0, 60.0, 61.0), is_1904=True)

    assert late == [date(1904, 2, 29), date(1904, 3, 1), date(1904, 3, 2)]
    early = cells_under(tmp_path, 400, formats={400: "yyyy-mm-dd"}, values=(1.0, 59.0, 61.0))
    assert early == [date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1)]


def test_result_of_a_formula_is_a_date_where_it_is_shown_as_one(tmp_path, read_file):
    """Due dates are mostly worked out: invoice day plus thirty."""
    rows = [
        [f"R{n}", Formatted(45000.0 + n, style=1, is_formula=True), Formatted(50.5 + n, is_formula=True)]
        for n in range(1, 7)
    ]
    head = ["invoice", "due", "amount"]
    read = read_file(xls(tmp_path / "t.xls", [head, *rows], styles=[0, 58], formats={58: "d.m.yyyy"}))

    assert read.values("due")[:2] == [date(2023, 3, 16), date(2023, 3, 17)]
    assert read.values("amount")[:2] == [51.5, 52.5]


def test_numbers_of_a_chart_on_the_sheet_are_none_of_its_cells(tmp_path):
    """A chart keeps the numbers it draws between the records of the sheet, under rows of its own."""
    rows = [["day", "n"], [Formatted(36526.0, style=1), 5.0], [Formatted(36527.0, style=1), 6.0]]
    path = xls(tmp_path / "t.xls", rows, styles=[0, 14], chart=[["x", "y"], [1.0, 5.0], [2.0, 6.0]])

    assert XlsBook(path).cells("Sheet1").rows[1:] == [[date(2000, 1, 1), 5.0], [date(2000, 1, 2), 6.0]]


@pytest.mark.spec("B2")
def test_how_an_xls_shows_numbers_is_read(tmp_path, read_file):
    """0.25 shown as 25% is a share, and an amount shown in euros has a currency."""
    rows = [[f"S{n}", Formatted(n / 100, style=1), Formatted(100.0 * n, style=2)] for n in range(1, 9)]
    head = ["shop", "margin", "sales"]
    read = read_file(xls(tmp_path / "t.xls", [head, *rows], styles=[0, 10, 164], formats={164: '#,##0.00\\ "€"'}))

    assert read.values("margin") == [float(n) for n in range(1, 9)]
    assert (read.column("margin").subtype, read.column("margin").unit) == ("percent", "%")
    assert (read.column("sales").subtype, read.column("sales").unit) == ("currency", "€")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("dd/mm/yyyy", "date"), ("h:mm AM/PM", "date"), ("mm:ss.0", "date"), ('yyyy"年"m"月"', "date"),
        ("[$-411]e", "date"), ("[$-F800]dddd, mmmm dd, yyyy", "date"), ("TT.MM.JJJJ", "date"),
        ("[h]:mm:ss", "duration"), ("[ss].00", "duration"), ("General", None), ("0.00E+00", None), ("[Red]0.0", None),
        ('0.0" days"', None), ("0\\d", None), ("#,##0_m", None), ("@", None), ("", None), ("[$HUF-40E]#,##0", None),
        ('"Yes";"Yes";"No"', None), ("0.0 h", None),
    ],
)  # fmt: skip
def test_number_format_says_date(code, kind):
    """Words in quotes, room and colours are no letters of a date, and where digits have room there is a number."""
    assert time_kind_of(code) == kind


@pytest.mark.parametrize("is_small", [True, False])
def test_stream_of_a_compound_file(is_small):
    """Small streams lie in shared sectors, large ones in sectors of their own."""
    stream = bytes(n % 251 for n in range(3_000 if is_small else 30_000))

    assert stream_of(compound_file("Book", stream, is_small=is_small), "Workbook", "Book") == stream


@pytest.mark.spec("A4")
def test_compound_file_that_leads_nowhere_gives_what_is_left():
    """Chains that end early or turn back are followed once; what is no compound file holds nothing."""
    whole = compound_file("Book", b"x" * 30_000)
    circle = bytearray(whole)
    circle[512 + 4 * 5 : 512 + 4 * 6] = (3).to_bytes(4, "little")  # the sector after the third is the third again

    assert stream_of(bytes(circle), "Book") == b"x" * 3 * 512
    assert stream_of(whole[:4_000], "Book") == b"x" * (4_000 - 4 * 512)
    assert stream_of(whole, "Other") is None
    assert stream_of(b"PK" + whole, "Book") is None
