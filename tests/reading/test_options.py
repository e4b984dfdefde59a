"""Reading as the user says: what he sets is obeyed, and what cannot be is refused with what could be."""

import json
from datetime import date

import openpyxl
import pytest

from datapilot.contracts.errors import InvalidOption, SheetNotFound
from datapilot.contracts.table import ReadingOptions

pytestmark = pytest.mark.spec("B8")

ROWS = "made by,A\n\nid;day;price\n1;03/04/2024;1,5\n2;05/04/2024;2,5\n3;06/04/2024;3,5\n"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param({"header_row": 7}, "no line 7 .* line 6", id="a header beyond the end"),
        pytest.param({"header_row": 2}, "Line 2 is blank", id="a header on a blank line"),
        pytest.param({"delimiter": "|"}, "“|” does not occur in the file; “;” does", id="a delimiter that is absent"),
        pytest.param({"delimiter": "\t"}, "“tab” does not occur", id="an absent tab"),
        pytest.param({"sheet": "S"}, "have sheets", id="the sheet of a text"),
        pytest.param({"types": {"prize": "numeric"}}, "no column “prize”.*id, day, price", id="a type for no column"),
    ],
)
def test_option_that_cannot_be_is_refused(read_text, options, says):
    """The sentence names what the file has instead."""
    with pytest.raises(InvalidOption, match=says):
        read_text(ROWS, **options)


@pytest.mark.parametrize("option", [{"header_row": 100_000}, {"delimiter": ";"}], ids=["header", "delimiter"])
def test_option_that_cannot_be_is_refused_in_a_long_file(read_text, option):
    """The straight way into the engine looks at parts of the file only, and leaves such options to the careful way."""
    with pytest.raises(InvalidOption, match=r"no line 100,000|does not occur"):
        read_text("a,b,c\n" + "1,2,some words\n" * 30_000, **option)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        pytest.param("t.json", {"delimiter": ";"}, id="a delimiter for JSON"),
        pytest.param("t.json", {"header_row": 2}, id="a header row for JSON"),
        pytest.param("t.xlsx", {"delimiter": ";"}, id="a delimiter for a workbook"),
        pytest.param("t.xlsx", {"header_row": 9}, id="a header row beyond the sheet"),
    ],
)
def test_option_that_the_format_does_not_have_is_refused(tmp_path, read_file, name, options):
    """It would change nothing, and the user would believe that it had."""
    book = openpyxl.Workbook()
    for row in (["a", "b"], [1, 2], [3, 4]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    (tmp_path / "t.json").write_text(json.dumps([{"a": 1}, {"a": 2}]))

    with pytest.raises(InvalidOption):
        read_file(tmp_path / name, **options)


def test_unknown_sheet_is_refused_with_the_sheets_there_are(tmp_path, read_file):
    """And a chosen one is read, whichever its case, and is not called the largest."""
    book = openpyxl.Workbook()
    for title, rows in (("Big", 9), ("Small", 3)):
        sheet = book.create_sheet(title)
        for number in range(rows):
            sheet.append([title if number == 0 else number, "x"])
    book.save(tmp_path / "two.xlsx")

    with pytest.raises(SheetNotFound, match="“Big”, “Small”"):
        read_file(tmp_path / "two.xlsx", sheet="Smal")
    read = read_file(tmp_path / "two.xlsx", sheet="small")

    assert read.receipt.sheet == "Small"
    assert any(note.startswith("The sheet that you chose was read; not read: “") for note in read.receipt.notes)


@pytest.mark.parametrize("mark", ['"', "\n", ",\r"])
def test_delimiter_that_can_separate_nothing_is_refused(mark):
    """Quotes and line ends have their own meaning."""
    with pytest.raises(ValueError, match="cannot separate"):
        ReadingOptions(delimiter=mark)


def test_one_column_keeps_its_reading_under_any_delimiter(read_text):
    """Where nothing separates cells, the delimiter that the user names may as well be it."""
    read = read_text("price\n1.5\n2.5\n", delimiter=";")

    assert read.values("price") == [1.5, 2.5]


def test_decimal_mark_that_unmakes_numbers_is_told(read_text):
    """1.5 is no number under a decimal comma: the column is text, and the receipt says why."""
    read = read_text("id;price;weight\na;1.5;1,5\nb;2.5;2,5\nc;3.5;3,5\n", decimal=",")

    assert read.values("weight") == [1.5, 2.5, 3.5]
    assert read.column("price").storage == "VARCHAR"
    assert "With the decimal mark “,” that you chose, “price” is text and no number." in read.receipt.notes


@pytest.mark.parametrize(
    ("order", "first"),
    [("DMY", date(2003, 2, 1)), ("MDY", date(2003, 1, 2)), ("YMD", date(2001, 2, 3))],
)
def test_date_order_settles_short_years(read_cells, order, first):
    """All three orders can be chosen for 01/02/03, and no question is left."""
    read = read_cells(["01/02/03", "04/05/06", "07/08/09"], name="day", date_order=order)

    assert read.values("day")[0] == first
    assert read.receipt.ambiguities == ()


def test_years_of_two_digits_in_front_are_known_by_one_beyond_31(read_cells):
    """99-12-31 begins with the year, and so do the other cells."""
    read = read_cells(["99-12-31", "01-02-03", "05-06-07"], name="day")

    assert read.values("day") == [date(1999, 12, 31), date(2001, 2, 3), date(2005, 6, 7)]


def test_type_of_a_column_is_obeyed_and_nothing_lost(read_text):
    """Cells that do not fit the chosen type are counted and kept."""
    read = read_text("id,size\n1,small\n2,7\n3,8\n4,9\n", types={"size": "numeric", "id": "text"})

    assert read.values("size") == [None, 7, 8, 9]
    assert read.values("id") == ["1", "2", "3", "4"]
    assert (read.conversion("size").failed, read.conversion("size").failed_examples) == (1, ("small",))


@pytest.mark.parametrize("kind", ["constant", "empty"])
def test_what_the_cells_tell_cannot_be_chosen(kind):
    """A report that called a column constant because somebody said so would state what is not."""
    with pytest.raises(ValueError, match="cannot be chosen"):
        ReadingOptions(types={"a": kind})


def test_all_cells_that_do_not_fit_are_counted(read_text):
    """However many different texts a chosen type leaves out, the receipt says how many cells that were."""
    lines = ["name,units", *(f"person {n},{n % 7}" for n in range(5000))]

    read = read_text("\n".join(lines) + "\n", types={"name": "boolean"})

    assert (read.conversion("name").converted, read.conversion("name").failed) == (0, 5000)


@pytest.mark.parametrize(
    ("cells", "order", "inferred_type", "note"),
    [
        pytest.param(
            "{m:02}/{d:02}/2023", "DMY", "text", "(DMY), “day” is text and no date", id="an order that fits none"
        ),
        pytest.param("2023-{m:02}-{d:02}", "MDY", "datetime", "(MDY) changes nothing", id="dates without a doubt"),
        pytest.param("{m:02}/{d:02}/2023", "MDY", "datetime", None, id="the order that they have"),
        pytest.param("2023-{m:02}-{d:02}", "YMD", "datetime", None, id="year first, as they are"),
    ],
)
def test_an_order_that_fits_no_date_is_said(read_text, cells, order, inferred_type, note):
    """The user learns what became of his choice, for good or ill."""
    lines = ["day,units", *(f"{cells.format(m=n % 12 + 1, d=n % 28 + 1)},{n}" for n in range(40))]

    read = read_text("\n".join(lines) + "\n", date_order=order)

    assert read.column("day").inferred_type == inferred_type
    assert [note in said for said in read.receipt.notes] == ([True] if note else [])
