"""Files made to exhaust or mislead a reader are refused with a code, before they cost anything."""

import gzip
import json
import subprocess
import sys
import zipfile
from contextlib import nullcontext
from pathlib import Path

import pytest

from datapilot.contracts.errors import CorruptFile, ExpandsTooFar, InvalidJson, NotATable, TooManyColumns
from datapilot.reading.formats.sheet_area import check_sheet_areas

pytestmark = pytest.mark.spec("A4")

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CELLS = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
PLAIN = "<si><t>a</t></si><si><t>b</t></si>"


def workbook(path: Path, *, cells: str = CELLS, strings: str = PLAIN, before: str = "") -> Path:
    """Write the smallest workbook with these rows and shared strings, `before` standing in front of the strings."""
    types = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(
            [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")], start=1
        )
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        "xl/sharedStrings.xml": f'<?xml version="1.0"?>{before}<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_smallest_workbook_is_read(tmp_path, read_file):
    """The hostile ones below differ from it in one part each."""
    assert read_file(workbook(tmp_path / "ok.xlsx"), header_row=0).values("column_1") == ["a", "b"]


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v/></c><c r="XFD1"><v>1</v></c></row><row r="90000"><c r="A90000"><v>2</v></c></row>',
        '<row r="1"><c r="AB1"><v>1</v></c></row><row r="16777217"><c r="A16777217"><v>2</v></c></row>',
    ],
    ids=["the corners of a sheet", "a wide row and a far one", "a row behind the last of any program"],
)
def test_few_cells_far_apart_are_refused(tmp_path, read_file, cells):
    """The library would make room for all cells between them, and end the process when there is none."""
    with pytest.raises(ExpandsTooFar, match="Delete unused"):
        read_file(workbook(tmp_path / "far.xlsx", cells=cells))


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)),
        '<!ENTITY a9 SYSTEM "file:///etc/passwd">',
    ],
    ids=["entities of entities", "a file of the machine"],
)
def test_entities_are_not_followed(tmp_path, read_file, entities):
    """XML that expands a billionfold, or reads a file of the server, is a damaged workbook."""
    path = workbook(tmp_path / "x.xlsx", before=f"<!DOCTYPE x [{entities}]>", strings="<si><t>&a9;</t></si>" + PLAIN)

    with pytest.raises(CorruptFile):
        read_file(path)


def test_shared_strings_that_unpack_to_much_are_refused(tmp_path, read_file):
    """Before the workbook is opened."""
    path = workbook(tmp_path / "strings.xlsx", strings=f"<si><t>{'a' * 60_000_000}</t></si>{PLAIN}")

    with pytest.raises(ExpandsTooFar):
        read_file(path)


def test_repeated_cells_of_a_sheet_are_refused(tmp_path, read_file):
    """OpenDocument says “this cell a billion times” in a hundred bytes."""
    names = {"office": "office", "table": "table", "text": "text"}
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{m}:1.0"' for n, m in names.items())
    kind = 'office:value-type="string"'
    cell = f'<table:table-cell {kind} table:number-columns-repeated="16000"><text:p>x</text:p></table:table-cell>'
    rows = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    sheet = f'<office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet>'
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(tmp_path / "r.ods", "w") as archive:
        archive.writestr("mimetype", mimetype)
        content = f"<office:document-content {spaces}><office:body>{sheet}</office:body></office:document-content>"
        archive.writestr("content.xml", content)
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}"/>')

    with pytest.raises(ExpandsTooFar):
        read_file(tmp_path / "r.ods")


@pytest.mark.parametrize("name", ["bomb.zip", "bomb.csv.gz"])
def test_archive_bomb_is_refused(tmp_path, read_file, name):
    """Unpacking stops at the limit, whatever the archive says of its size."""
    content = b"a,b\n" + b"0" * 60_000_000
    if name.endswith(".gz"):
        (tmp_path / name).write_bytes(gzip.compress(content))
    else:
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("t.csv", content)

    with pytest.raises(ExpandsTooFar):
        read_file(tmp_path / name)


def test_million_columns_are_refused(read_text):
    """In the first line as in a later one."""
    with pytest.raises(TooManyColumns, match="1,000,000 columns"):
        read_text(",".join("c" * 1_000_000) + "\n" + "1," * 999_999 + "1\n")


@pytest.mark.parametrize("quote", ['"', ""], ids=["quoted", "bare"])
def test_endless_cell_is_refused(tmp_path, read_file, quote):
    """One line of more than 128 MB is no row; `benchmarks hostile_files` tries a cell of 1 GB and says what it took."""
    with (tmp_path / "cell.csv").open("wb") as file:
        file.write(f"id,text\n1,{quote}".encode())
        for _ in range(130):
            file.write(b"a" * (1 << 20))
        file.write(f"{quote}\n2,b\n".encode())

    with pytest.raises(NotATable, match="128 MB"):
        read_file(tmp_path / "cell.csv")


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("1" * 200_000 + "!", id="digits"),
        pytest.param("(" + " " * 200_000 + "x", id="spaces before no number"),
        pytest.param("1" + " " * 200_000 + "x(", id="spaces behind a number"),
    ],
)
def test_cell_that_is_nearly_a_number_is_looked_at_once(tmp_path, cell):
    """A pattern that tried every way to part a long run would take hours; who reads this file has ten minutes."""
    file = tmp_path / "cells.csv"
    file.write_text("place,cell\n" + "".join(f"{place},{cell}\n" for place in range(20)), encoding="utf-8")
    analyse = "import datapilot, sys; print(len(datapilot.analyze(sys.argv[1]).columns))"

    done = subprocess.run(
        [sys.executable, "-c", analyse, file], timeout=600, capture_output=True, text=True, check=True
    )  # fmt: skip

    assert done.stdout.strip() == "2"


def test_endless_nesting_is_refused(read_text):
    """Arrays in arrays without end are told as such."""
    with pytest.raises(InvalidJson, match="nested too deeply"):
        read_text("[" * 200_000 + "]" * 200_000, name="deep.json")


def test_hostile_strings_as_names_of_columns(read_text, naughty):
    """Every string can name a column; white space around it is taken off, and blank ones are numbered."""
    header = ",".join('"' + text.replace('"', '""') + '"' for text in naughty)
    rows = "\n".join(",".join(str(row * 7 + k) for k in range(len(naughty))) for row in range(3))

    read = read_text(f"{header}\n{rows}\n")

    assert len(set(read.names)) == len(naughty)
    kept = [" ".join(text.replace("\ufeff", " ").split()) for text in naughty]
    same = sum(name == wanted for name, wanted in zip(read.names, kept, strict=True))
    assert same >= 0.97 * len(naughty)


def test_hostile_strings_as_names_of_files(read_file, tmp_path, naughty):
    """The name that the user's file had decides nothing but its ending, and is never a path or a command."""
    (tmp_path / "t.csv").write_text("a,b\n1,2\n3,4\n")

    for text in naughty[::25]:
        assert read_file(tmp_path / "t.csv", name=text).values("b") == [2, 4]


@pytest.fixture
def naughty() -> list[str]:
    """The big list of naughty strings, without the empty ones."""
    path = Path(__file__).parent.parent / "tables" / "naughty-strings.json"
    return [text for text in json.loads(path.read_text(encoding="utf-8")) if text]


@pytest.mark.parametrize(
    ("places", "is_refused"),
    [
        pytest.param([(0, 0), (1, 1)], False, id="two rows"),
        pytest.param([(0, 0), (1_048_575, 16_383)], True, id="the corners of a sheet"),
        pytest.param([(0, 16_000), (90_000, 0)], True, id="a wide row and a far one"),
        pytest.param([(1_048_575, 0)], False, id="one long column"),
    ],
)
def test_binary_sheet_whose_cells_are_far_apart(tmp_path, places, is_refused):
    """A workbook in binary form says where its cells are in records of a few bytes."""
    cells = b"".join(
        bytes([0, 4]) + row.to_bytes(4, "little") + bytes([5, 16]) + column.to_bytes(4, "little") + bytes(12)
        for row, column in places
    )
    path = tmp_path / "t.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.bin", b"\x81\x01\x00" + cells + b"\x82\x01\x00")

    with pytest.raises(ExpandsTooFar, match="spans") if is_refused else nullcontext():
        check_sheet_areas(path)
