"""Exports that bear a workbook's name and are markup inside: web pages, and the XML of Excel 2003."""

from datetime import date
from pathlib import Path

import pytest

from datapilot.contracts.errors import CorruptFile, ExpandsTooFar, UnsupportedFormat

pytestmark = pytest.mark.spec("A2", "A4")

HEAD = "<tr><th>Day</th><th>Region</th><th>Amount</th></tr>"


def row(*cells: object) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def page(tmp_path: Path, body: str, *, name: str = "export.xls", codec: str = "utf-8", head: str = "") -> Path:
    path = tmp_path / name
    path.write_bytes(f"<html><head>{head}</head><body>{body}</body></html>".encode(codec))
    return path


ORDERS = [row(f"{day:02d}.03.2024", "Nord &amp; Süd", f"{day},50") for day in range(13, 21)]


@pytest.mark.parametrize(("name", "codec"), [("export.xls", "utf-8"), ("page.html", "cp1252"), ("sap.xls", "utf-16")])
def test_web_page_under_the_name_of_a_workbook_is_read(tmp_path, read_file, name, codec):
    """What Excel opens with a warning is a table like any other, and the receipt says what the file really is."""
    read = read_file(page(tmp_path, f"<p>Report</p><table>{HEAD}{''.join(ORDERS)}</table>", name=name, codec=codec))

    assert read.rows()[0] == (date(2024, 3, 13), "Nord & Süd", 13.5)
    assert len(read.rows()) == 8
    assert read.receipt.file_type == "html"
    assert read.receipt.notes[0] == "The file is a web page; its tables were read as the sheets of a workbook."


def test_page_says_its_own_encoding(tmp_path, read_file):
    """A charset in the head counts; one that does not fit the bytes is overruled, and the guess is told."""
    table = f"<table>{HEAD}{row('2024-03-01', 'Łódź', 1)}{row('2024-03-02', 'Łódź', 2)}</table>"
    polish = page(tmp_path, table, codec="iso8859-2", head='<meta charset="iso-8859-2">')
    assert read_file(polish).values("Region") == ["Łódź", "Łódź"]
    assert read_file(polish).receipt.encoding == "iso-8859-2"

    western = page(tmp_path, table.replace("Łódź", "Köln"), name="w.xls", codec="cp1252", head='<meta charset="utf-8">')
    read = read_file(western)
    assert read.values("Region") == ["Köln", "Köln"]
    assert "Windows-1252 is assumed" in read.receipt.notes[1]


@pytest.mark.spec("A3")
@pytest.mark.parametrize(
    ("codec", "label", "towns"),
    [
        ("cp1251", "Windows-1251", ("Москва", "Тверь", "Казань", "Самара", "Пермь")),
        ("koi8_r", "KOI8-R", ("Москва", "Тверь", "Казань", "Самара", "Пермь")),
        ("cp1253", "Windows-1253", ("Αθήνα", "Θεσσαλονίκη", "Πάτρα", "Ηράκλειο", "Λάρισα")),
        ("cp932", "Shift JIS (Windows)", ("東京都", "大阪府", "神奈川県", "愛知県", "北海道")),
    ],
)
def test_page_without_a_charset_is_guessed_like_any_text(tmp_path, read_file, codec, label, towns):
    """The letters of the whole page decide, far down a line that begins with markup too, and the receipt says so."""
    rows = "".join(row(f"2024-03-{day:02d}", town, day) for day, town in enumerate(towns * 3, start=1))
    body = f"<style>{'p {color: red} ' * 2000}</style><table>{HEAD}{rows}</table>"

    read = read_file(page(tmp_path, body, codec=codec))

    assert read.values("Region")[:5] == list(towns)
    assert read.receipt.encoding == label
    assert f"{label} is assumed" in read.receipt.notes[1]


@pytest.mark.spec("B8")
def test_tables_of_a_page_are_sheets_by_caption_heading_or_number(tmp_path, read_file):
    """The largest is read, the others are named and can be chosen; tables that lay out the page are none."""
    small = f"<tr><th>Key</th><th>Value</th></tr>{row('a', 1)}{row('b', 2)}"
    body = (
        f"<table><tr><td>menu<table>{small}</table></td></tr></table>"
        f"<h2>Orders <b>2024</b></h2><table>{HEAD}{''.join(ORDERS)}</table>"
        f"<table><caption>Keys</caption>{small}</table>"
    )
    path = page(tmp_path, body)

    assert read_file(path).receipt.sheets == ("Table 1", "Orders 2024", "Keys")
    assert read_file(path).names == ["Day", "Region", "Amount"]
    assert read_file(path, sheet="Keys").rows() == [("a", 1), ("b", 2)]


def test_cells_that_span_rows_and_columns(tmp_path, read_file):
    """A value that spans rows holds for each; what spans columns leaves the others empty."""
    body = (
        "<table><tr><th>Region</th><th>Shop</th><th>Units</th><th>Note</th></tr>"
        "<tr><td rowspan=2>North</td><td>A</td><td>5</td><td>x</td></tr><tr><td>B</td><td>6</td><td>y</td></tr>"
        "<tr><td>South</td><td>C</td><td colspan=2>7</td></tr></table>"
    )
    read = read_file(page(tmp_path, body))

    assert read.rows() == [("North", "A", 5, "x"), ("North", "B", 6, "y"), ("South", "C", 7, None)]
    assert "1 merged cell spans rows" in read.receipt.notes[1]


def test_scripts_breaks_and_numbers_behind_what_is_shown(tmp_path, read_file):
    """Code is no text, a break is a line, and Excel's attribute holds the number that a cell shows rounded."""
    body = (
        f"<table>{HEAD}<tr><td>2024-03-01<td>a<br>b<script>var c=1</script><td x:num='12.345'>12.3</tr>"
        f"{row('2024-03-02', 'c', '7.5')}</table>"
    )
    read = read_file(page(tmp_path, body))

    assert read.values("Region") == ["a\nb", "c"]
    assert read.values("Amount") == [12.345, 7.5]


@pytest.mark.parametrize("body", ["<p>404 not found</p>", "<table><tr><td>menu</td></tr></table>", "<table>"])
def test_page_without_a_table_is_refused(tmp_path, read_file, body):
    """An error page that was saved in place of the export is named as such."""
    with pytest.raises(UnsupportedFormat, match="web page, and it holds no table"):
        read_file(page(tmp_path, body, name="table.csv"))


BOOK = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{sheets}</Workbook>"""


def sheet(name: str, rows: str, *, visible: str = "SheetVisible") -> str:
    options = f"<x:WorksheetOptions><x:Visible>{visible}</x:Visible></x:WorksheetOptions>"
    return f'<Worksheet ss:Name="{name}"><Table>{rows}</Table>{options}</Worksheet>'


def data(kind: str, value: object, where: str = "") -> str:
    return f'<Cell {where}><Data ss:Type="{kind}">{value}</Data></Cell>'


XML_ROWS = (
    f"<Row>{data('String', 'Day')}{data('String', 'Shop')}{data('String', 'Units')}{data('String', 'Open')}</Row>"
    f"<Row ss:Index='3'>{data('DateTime', '2024-03-01T00:00:00.000')}{data('String', 'A &amp; B')}"
    f"{data('Number', '5')}{data('Boolean', '1')}</Row>"
    f"<Row>{data('DateTime', '2024-03-02T00:00:00.000')}{data('Number', '6.5', 'ss:Index=' + chr(34) + '3' + chr(34))}"
    f"{data('Boolean', '0')}</Row>"
    f"<Row>{data('DateTime', '2024-03-03T00:00:00.000')}{data('String', 'C')}{data('Error', '#N/A')}"
    f"{data('Boolean', '0')}</Row>"
)


def test_workbook_in_xml_is_read_with_its_types(tmp_path, read_file):
    """Dates, numbers and truth values come as the file types them; rows and cells that are skipped are empty."""
    path = tmp_path / "old.xls"
    path.write_text(BOOK.format(sheets=sheet("Log", XML_ROWS * 3, visible="SheetHidden") + sheet("Sales", XML_ROWS)))
    read = read_file(path)

    assert read.receipt.sheet == "Sales"
    assert read.receipt.sheets == ("Log", "Sales")
    assert read.rows() == [
        (date(2024, 3, 1), "A & B", 5.0, True), (date(2024, 3, 2), None, 6.5, False),
        (date(2024, 3, 3), "C", None, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(BOOK.format(sheets=sheet("S", XML_ROWS))[:-30], CorruptFile, id="cut off"),
        pytest.param(
            BOOK.replace("<Workbook", '<!DOCTYPE b [<!ENTITY a "b">]>\n<Workbook').format(sheets=sheet("S", XML_ROWS)),
            CorruptFile,
            id="entities of its own",
        ),
        pytest.param(
            BOOK.format(sheets=sheet("S", f"<Row ss:Index='9999999'>{data('Number', 1)}</Row>")),
            ExpandsTooFar,
            id="a row far away",
        ),
        pytest.param("<?xml version='1.0'?><orders><order id='1'/></orders>", UnsupportedFormat, id="other XML"),
    ],
)
def test_xml_that_is_no_sound_workbook_is_refused(tmp_path, read_file, content, error):
    """Each ends in an error of its own, and none in much memory."""
    path = tmp_path / "old.xls"
    path.write_text(content)

    with pytest.raises(error):
        read_file(path)


def test_page_cut_off_within_a_tag_is_read_up_to_it(tmp_path, read_file):
    """A parser that looks for the end of each of a hundred thousand open tags would take minutes."""
    path = tmp_path / "cut.xls"
    path.write_text(f"<html><table>{HEAD}{''.join(ORDERS)}" + "<a " * 100_000)

    assert len(read_file(path).rows()) == 8


def test_cells_that_span_more_than_memory_holds_are_refused(tmp_path, read_file):
    """Thirty cells that claim thirty thousand columns and all rows below."""
    path = tmp_path / "wide.xls"
    spans = "<td rowspan=65534 colspan=1000>x</td>" * 30
    path.write_text(f"<html><table><tr>{spans}</tr>{'<tr></tr>' * 3000}</table>")

    with pytest.raises(ExpandsTooFar):
        read_file(path)
