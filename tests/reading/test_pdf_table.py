"""Tables in PDFs: found by their lines or the space between columns, joined over pages, with page and confidence."""

import io
import zlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from datapilot.contracts.errors import CorruptFile, EncryptedFile, ExpandsTooFar, NotATable, SheetNotFound

pytestmark = pytest.mark.spec("A2", "A4")

GRID = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
BOOKISH = [
    ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
    ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black),
    ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
]
RULED_DOWN = [("LINEBEFORE", (0, 0), (-1, -1), 0.5, colors.black), ("BOX", (0, 0), (-1, -1), 0.5, colors.black)]
RULED_ACROSS = [("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.black)]
STRIPED = [("BACKGROUND", (0, row), (-1, row), colors.lightgrey) for row in range(0, 21, 2)]


def sales(rows: int) -> list[list[str]]:
    """A header and rows in which one comment in four is blank."""
    regions, comments = ["North", "South", "East"], ["ok", "late delivery", "", "damaged box"]
    body = [
        [f"2024-03-{n % 28 + 1:02d}", regions[n % 3], str(n), f"{n * 123.45:,.2f}", comments[n % 4]]
        for n in range(1, rows + 1)
    ]
    return [["Date", "Region", "Units", "Revenue", "Comment"], *body]


def text(words: str) -> Flowable:
    return Paragraph(words, getSampleStyleSheet()["BodyText"])


@pytest.fixture
def pdf(tmp_path: Path) -> Callable[..., Path]:
    """Write a PDF of these flowables."""

    def write(*flow: Flowable) -> Path:
        path = tmp_path / "report.pdf"
        SimpleDocTemplate(str(path), pagesize=A4).build(list(flow))
        return path

    return write


@pytest.mark.parametrize(
    ("style", "confidence"),
    [
        pytest.param(GRID, "0.95", id="a full grid"),
        pytest.param([], "0.80", id="no lines at all"),
        pytest.param(BOOKISH, "0.80", id="lines above and below the header"),
        pytest.param(RULED_DOWN, "0.80", id="lines between columns only"),
        pytest.param(RULED_ACROSS, "0.80", id="lines between rows only"),
        pytest.param(STRIPED, "0.80", id="shaded rows"),
    ],
)
def test_table_is_read_whatever_its_lines(pdf, read_file, style, confidence):
    """The cells come out typed, and the receipt says page, confidence and what the columns were cut by."""
    read = read_file(pdf(text("Sales of the spring quarter, by day."), Table(sales(20), style=style)))

    assert read.names == ["Date", "Region", "Units", "Revenue", "Comment"]
    assert read.table.row_count == 20
    assert read.rows()[0] == (date(2024, 3, 2), "South", 1, 123.45, "late delivery")
    assert sum(value is None for value in read.values("Comment")) == 5
    assert read.receipt.file_type == "pdf"
    assert "page 1" in read.receipt.notes[0]
    assert confidence in read.receipt.notes[0]


@pytest.mark.parametrize(
    ("style", "repeat"),
    [
        pytest.param(GRID, 1, id="ruled, header on each page"),
        pytest.param([], 1, id="plain, header on each page"),
        pytest.param([], 0, id="plain, header on the first page"),
    ],
)
def test_table_over_several_pages_is_one(pdf, read_file, style, repeat):
    """Pages that go on with the same columns are joined, headers that repeat are left out."""
    read = read_file(pdf(text("Sales"), Table(sales(120), style=style, repeatRows=repeat)))

    assert read.values("Units") == list(range(1, 121))
    assert read.receipt.sheet in {"Pages 1–4", "Pages 1–3"}


def test_largest_table_is_read_and_the_others_are_named(pdf, read_file):
    """Each table has its page; another one can be asked for by it."""
    small = [["code", "meaning"], *([str(n), f"kind {n}"] for n in range(5))]
    path = pdf(
        Table(small, style=GRID), Spacer(1, 40), text("Details follow."), PageBreak(), Table(sales(9), style=GRID)
    )

    receipt = read_file(path).receipt

    assert receipt.sheets == ("Page 1", "Page 2")
    assert receipt.sheet == "Page 2"
    assert receipt.other_tables == ("Page 1: 6 rows × 2 columns, beginning with “code | meaning”, confidence 0.95",)
    assert read_file(path, sheet="page 1").names == ["code", "meaning"]
    with pytest.raises(SheetNotFound, match="“Page 1”, “Page 2”"):
        read_file(path, sheet="Page 7")


def test_header_of_two_rows_and_cells_of_several_lines(pdf, read_file):
    """Group labels are spelled out, wrapped text becomes one cell again."""
    rows: list[list[Any]] = [["Region", "2023", "", "Remark"], ["", "Units", "Revenue", ""]]
    rows += [
        [f"R{n}", str(n), f"{n}.5", text(f"a remark that is too long for its cell, number {n}")] for n in range(1, 9)
    ]
    spans = [("SPAN", (1, 0), (2, 0)), ("SPAN", (0, 0), (0, 1)), ("SPAN", (3, 0), (3, 1))]

    read = read_file(pdf(Table(rows, style=[*GRID, *spans], colWidths=[50, 50, 60, 120])))

    assert read.names == ["Region", "2023: Units", "2023: Revenue", "Remark"]
    assert read.values("Remark")[0] == "a remark that is too long for its cell, number 1"


def test_columns_set_in_a_typewriter_font(tmp_path, read_file):
    """A bank statement has no lines and its columns are blanks."""
    canvas = Canvas(str(tmp_path / "bank.pdf"))
    canvas.setFont("Courier", 9)
    canvas.drawString(60, 700, f"{'Date':<12}{'Description':<22}{'Amount':>10}{'Balance':>12}")
    for n in range(1, 21):
        canvas.drawString(60, 700 - 12 * n, f"{n:02d}/03/2024  {'Card payment':<22}{-n * 1.5:>10.2f}{900 - n:>12.2f}")
    canvas.save()

    read = read_file(tmp_path / "bank.pdf")

    assert read.names == ["Date", "Description", "Amount", "Balance"]
    assert read.values("Amount")[:2] == [-1.5, -3.0]
    assert read.values("Date")[0] == date(2024, 3, 1)


def test_the_number_of_the_page_is_no_row(tmp_path, read_file):
    """It stands right below the last row, in line with a column."""
    canvas = Canvas(str(tmp_path / "list.pdf"))
    canvas.setFont("Courier", 9)
    canvas.drawString(60, 700, f"{'Date':<12}{'Description':<22}{'Amount':>14}")
    for n in range(1, 21):
        canvas.drawString(60, 700 - 12 * n, f"{n:02d}/03/2024  {'Card payment':<22}{-n * 1.5:>14.2f}")
    canvas.drawString(60, 700 - 12 * 21, f"{'':<12}{'Annex A':<22}{'Page 12 of 14':>14}")
    canvas.save()

    read = read_file(tmp_path / "list.pdf")

    assert read.table.row_count == 20
    assert read.values("Amount")[-1] == -30.0


def canvas_bytes(draw: Callable[[Canvas], object], **options: Any) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, **options)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def picture(canvas: Canvas) -> None:
    pixels = io.BytesIO(b"P6 2 2 255 " + bytes(12))
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(pixels), 0, 0, 500, 700)


def bomb() -> bytes:
    packed = zlib.compress(b"0 0 m\n" * 15_000_000, 9)
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream endobj\ntrailer<</Root 1 0 R>>\n"
        % (len(packed), packed)
    )


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        pytest.param(canvas_bytes(picture), NotATable, "scan", id="a scan"),
        pytest.param(canvas_bytes(lambda canvas: None), NotATable, "no text", id="a blank page"),
        pytest.param(canvas_bytes(lambda c: c.drawString(9, 9, "Dear Sir")), NotATable, "no table", id="a letter"),
        pytest.param(
            canvas_bytes(lambda c: c.drawString(9, 9, "x"), encrypt=StandardEncryption("secret")),
            EncryptedFile,
            "password",
            id="a locked file",
        ),
        pytest.param(b"%PDF-1.7\n" + bytes(range(256)) * 9, CorruptFile, "damaged", id="garbage"),
        pytest.param(bomb(), ExpandsTooFar, "unpacks", id="a bomb"),
    ],
)
def test_pdf_without_a_table_says_why(read_text, content, error, said):
    """A scan is told from an empty page, a locked file from a damaged one, and each says what to do."""
    with pytest.raises(error, match=said):
        read_text(content, name="t.pdf")


def test_cut_off_pdf_never_crashes(pdf, read_text):
    """A PDF that breaks off anywhere gives its table or one of our errors."""
    whole = pdf(Table(sales(12), style=GRID)).read_bytes()

    for share in range(1, 20):
        try:
            read_text(whole[: len(whole) * share // 20], name="cut.pdf")
        except (CorruptFile, NotATable):
            continue


def prose(count: int) -> Sequence[Flowable]:
    return [text("It was the best of times, it was the worst of times, in 1859 or near it. " * 8) for _ in range(count)]


def test_running_text_is_no_table(pdf, read_file):
    """Paragraphs stay paragraphs."""
    with pytest.raises(NotATable, match="no table"):
        read_file(pdf(*prose(5)))
