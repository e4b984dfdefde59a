"""Files that are packed, mistaken, broken or hostile: unpacked, or refused with a code and advice."""

import errno
import gzip
import io
import zipfile

import duckdb
import pytest

from datapilot.contracts.errors import (
    CorruptFile,
    EmptyFile,
    EncryptedFile,
    ExpandsTooFar,
    InvalidOption,
    NotATable,
    TooManyColumns,
    UnreadableTable,
    UnsupportedFormat,
)
from datapilot.contracts.limits import Limits
from datapilot.reading.formats.archive import unpack_zip

# Two rows of one field of five letters.
DBASE = b"".join((
    b"\x03\x7c\x03\x1d", (2).to_bytes(4, "little"), (65).to_bytes(2, "little"), (6).to_bytes(2, "little"), b"\0" * 20,
    b"CITY".ljust(11, b"\0"), b"C", b"\0" * 4, b"\x05", b"\0" * 15, b"\r", b" K\xf6ln  Bonn \x1a",
))  # fmt: skip
CSV = "region,units\nNorth,5\nSouth,7\n"


def zipped(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.spec("A2")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv.gz", gzip.compress(CSV.encode())),
        ("t.zip", zipped({"folder/t.csv": CSV, "__MACOSX/._t.csv": b"\x00"})),
        ("t.zip", zipped({"t.csv.gz": gzip.compress(CSV.encode())})),
    ],
    ids=["gzip", "zip with litter", "gzip in a zip"],
)
def test_packed_files_are_unpacked(read_text, name, content):
    """One table in a gzip or zip is read as if it came alone."""
    assert read_text(content, name=name).rows() == [("North", 5), ("South", 7)]


@pytest.mark.spec("A2")
def test_parquet_keeps_its_types(tmp_path, read_file):
    """Columns of a Parquet file arrive with the types they have; nested ones as JSON."""
    path = tmp_path / "t.parquet"
    duckdb.sql(
        "COPY (SELECT i AS n, i / 4 AS x, 'w' || i AS s, DATE '2024-01-01' + i::INT AS d, i % 2 = 0 AS b, [i, i] AS l "
        f"FROM range(1, 9) t(i)) TO '{path}' (FORMAT parquet)"
    )

    read = read_file(path)

    assert [column.storage for column in read.table.columns] == [
        "BIGINT",
        "DOUBLE",
        "VARCHAR",
        "DATE",
        "BOOLEAN",
        "VARCHAR",
    ]
    assert read.values("l")[0] == "[1,1]"
    assert read.values("x")[1] == 0.5


@pytest.mark.spec("A4")
@pytest.mark.parametrize(
    ("name", "content", "error", "said"),
    [
        ("t.csv", b"", EmptyFile, "empty"),
        ("t.csv", b"\n\n  \n", EmptyFile, "blank lines"),
        ("t.csv", b"\xef\xbb\xbf", EmptyFile, "blank"),
        ("t.csv", b"region,units\n", NotATable, "no rows below"),
        ("t.csv", b"just one line", NotATable, ""),
        ("t.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, UnsupportedFormat, "PNG picture, not a table. Upload the table"),
        ("t.7z", b"7z\xbc\xaf\x27\x1c" + b"\x00" * 50, UnsupportedFormat, "7z archive, not a table. Unpack it"),
        ("t.csv", bytes(range(256)) * 40, UnsupportedFormat, "binary"),
        ("t.html", b"<!DOCTYPE html><html><body>hi</body></html>", UnsupportedFormat, "web page"),
        ("t.pdf", b"%PDF-1.7\n...", CorruptFile, "PDF"),
        ("t.xlsx", b"PK\x03\x04" + b"\x00" * 30, CorruptFile, "damaged"),
        ("t.xlsx", b"\x00\x01\x02\x03" * 100, CorruptFile, "damaged"),
        ("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, CorruptFile, "damaged"),
        ("t.parquet", b"PAR1" + b"\x00" * 100, CorruptFile, "cut short"),
        ("t.parquet", b"PAR1" + b"\x00" * 100 + b"PAR1", CorruptFile, "damaged"),
        ("t.gz", b"\x1f\x8b\x08\x00" + b"\x00" * 20, CorruptFile, "gzip"),
        ("t.zip", zipped({"a.csv": CSV, "b.csv": CSV}), NotATable, "2 files"),
        ("t.zip", zipped({"a.png": b"x", "b.JPG": b"y"}), NotATable, "only pictures"),
        ("t.ics", b"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\n", UnsupportedFormat, "iCalendar"),
        ("t.vcf", b"\xef\xbb\xbfBEGIN:VCARD\nFN:Ann\nEND:VCARD\n", UnsupportedFormat, "vCard"),
        ("t.hl7", b"MSH|^~\\&|A|B\rPID|1||5^^^MRN\rOBX|1|NM\r", UnsupportedFormat, "HL7"),
        ("t.edi", b"ISA*00*  *00*~GS*PO*S~ST*850*1~", UnsupportedFormat, "EDI X12"),
        ("t.sta", b":20:STARTUMS\n:25:370/53\n:60F:C240101EUR1,5\n", UnsupportedFormat, "MT940"),
        ("t.ofx", b"OFXHEADER:100\nDATA:OFXSGML\n\n<OFX></OFX>\n", UnsupportedFormat, "OFX"),
        ("t.tex", b"\\begin{tabular}{lr}\na & 1 \\\\\n\\end{tabular}\n", UnsupportedFormat, "LaTeX"),
        ("t.slk", b"ID;PWXL;N;E\nB;Y2;X2\nC;Y1;X1;K\"a\"\nC;X2;K1\nE\n", UnsupportedFormat, "SYLK"),
        ("t.dif", b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,2\r\n', UnsupportedFormat, "DIF"),
        ("t.dbf", DBASE, UnsupportedFormat, "dBase"),
        ("t.wk1", b"\x00\x00\x02\x00\x06\x04\x06\x00" + b"\x00" * 60, UnsupportedFormat, "Lotus"),
        ("t.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00" + b"\x00" * 60, UnsupportedFormat, "before Excel 97"),
        ("t.tar", b"t.csv".ljust(257, b"\x00") + b"ustar\x0000" + b"\x00" * 700, UnsupportedFormat, "tar archive"),
        ("t.sxc", zipped({"mimetype": "application/vnd.sun.xml.calc"}), UnsupportedFormat, "OpenOffice 1"),
        ("t.docx", zipped({"[Content_Types].xml": "x", "word/document.xml": "x"}), UnsupportedFormat, "text document"),
    ],
)  # fmt: skip
def test_unreadable_files_say_what_they_are_and_what_to_do(read_text, name, content, error, said):
    """Each refusal names the trouble and gives advice in one sentence or two."""
    with pytest.raises(error) as caught:
        read_text(content, name=name)

    message = str(caught.value)
    assert said.lower() in message.lower()
    assert "Traceback" not in message
    assert len(message) < 320


@pytest.mark.spec("A4")
def test_every_refusal_is_of_one_family(read_text):
    """Callers catch one error for all that is wrong with a file."""
    with pytest.raises(UnreadableTable):
        read_text(b"\x7fELF" + b"\x00" * 100, name="t.csv")


@pytest.mark.spec("A4")
def test_full_disk_is_not_blamed_on_the_file(tmp_path, monkeypatch):
    """Unpacking that finds no room says so as the system does; the file is whole, and is read once there is some."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")

    def no_room(*said, **named):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("datapilot.reading.formats.archive._copy", no_room)

    with pytest.raises(OSError, match="No space left"):
        unpack_zip(tmp_path / "a.zip", tmp_path / "out", limits=Limits())


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.zip"])
def test_archive_bomb_is_refused(read_text, name):
    """A file that unpacks a thousandfold is refused before it fills the disk."""
    zeros = b"0," * 12_000_000
    content = gzip.compress(zeros) if name.endswith("gz") else zipped({"t.csv": zeros})

    with pytest.raises(ExpandsTooFar):
        read_text(content, name=name)


@pytest.mark.spec("A4")
def test_locked_zip_is_refused(read_text):
    """The flag of an encrypted member is enough to tell."""
    content = bytearray(zipped({"t.csv": CSV}))
    content[6] |= 1  # local header
    central = content.find(b"PK\x01\x02")
    content[central + 8] |= 1

    with pytest.raises(EncryptedFile, match="password"):
        read_text(bytes(content), name="t.zip")


@pytest.mark.spec("A4")
def test_too_many_columns_are_refused(read_text):
    """A line of a million cells is no header."""
    line = ",".join(f"c{n}" for n in range(30_000))

    with pytest.raises(TooManyColumns, match="30,000"):
        read_text(f"{line}\n{line}\n{line}\n")


@pytest.mark.spec("A4")
@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(b"1," * 3_000_000, TooManyColumns, id="one line of six million values"),
        pytest.param(b"word " * 600_000, NotATable, id="one line of words"),
    ],
)
def test_line_without_end_is_refused_before_it_is_cut(read_text, content, error):
    """Cutting such a line into cells would cost a hundred times its size; counting its delimiters tells."""
    with pytest.raises(error):
        read_text(content)


@pytest.mark.spec("A4")
def test_line_longer_than_any_row_is_refused(read_text, monkeypatch):
    """A line that no row can be is refused by its length, while the bytes are looked at."""
    monkeypatch.setattr("datapilot.reading.encoding.LONGEST_LINE_BYTES", 100_000)

    with pytest.raises(NotATable, match="longer than"):
        read_text(b"a,b\n1," + b"x" * 200_000 + b"\n")


@pytest.mark.spec("A2")
def test_file_with_lone_returns_is_no_endless_line(read_text, monkeypatch):
    """Lines that end in CR alone are lines, whatever the file's length."""
    monkeypatch.setattr("datapilot.reading.encoding.LONGEST_LINE_BYTES", 1_000)

    assert read_text(b"a,b\r" + b"x,1\r" * 2_000).table.row_count == 2_000


@pytest.mark.spec("A2")
def test_lines_of_many_long_texts_are_cut_into_columns(read_text):
    """Two hundred kilobytes of quoted text in a row: half a line would have other cells than the line above it."""
    header = ",".join(f"note {n}" for n in range(400))
    row = ",".join(f'"{"so many words, all of them quoted; " * 14}{n}"' for n in range(400))

    read = read_text("\n".join([header, *[row] * 3]) + "\n")

    assert (len(read.table.columns), read.table.row_count) == (400, 3)
    assert read.receipt.delimiter == ","


@pytest.mark.spec("A2", "B6")
def test_very_long_cell_is_kept_whole(read_text):
    """A cell of two million characters is read to its end, typed table and all."""
    read = read_text("id,text\n1," + "lorem " * 350_000 + "end\n2,short\n")

    assert read.values("id") == [1, 2]
    assert len(read.values("text")[0]) == 2_100_003


@pytest.mark.spec("B8")
@pytest.mark.parametrize("options", [{"sheet": "A"}, {"types": {"nope": "numeric"}}])
def test_options_that_do_not_fit_are_refused(read_text, options):
    """A sheet of a CSV or a column that is not there is the caller's mistake, and is named."""
    with pytest.raises(InvalidOption):
        read_text(CSV, **options)
