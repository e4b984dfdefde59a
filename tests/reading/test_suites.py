"""Public suites of hostile files: JSON that is right or wrong in every way, workbooks of every make and damage."""

import zipfile
from pathlib import Path

import pytest

from datapilot.contracts.errors import (
    CorruptFile,
    DataPilotError,
    EmptyFile,
    EncryptedFile,
    InvalidJson,
    NotATable,
)
from datapilot.reading.formats.json_table import read_document

pytestmark = pytest.mark.spec("A2", "A4")

TABLES = Path(__file__).parent.parent / "tables"
WORKBOOKS = TABLES / "workbooks"


def documents(letter: str) -> dict[str, bytes]:
    """The documents of JSONTestSuite whose name begins with the letter."""
    with zipfile.ZipFile(TABLES / "json-test-suite.zip") as suite:
        return {name: suite.read(name) for name in sorted(suite.namelist()) if name.startswith(f"{letter}_")}


def parsed(folder: Path, content: bytes) -> str:
    """Return what becomes of a document before it is looked at as a table: a code of ours, or "valid"."""
    path = folder / "document.json"
    path.write_bytes(content)
    try:
        read_document(path)
    except DataPilotError as error:
        return error.code if str(error) else "silent"
    return "valid"


def test_every_invalid_document_is_refused(tmp_path):
    """188 documents that are not JSON give an error that says where, none is read and none crashes the parser."""
    outcomes = {name: parsed(tmp_path, content) for name, content in documents("n").items()}

    assert len(outcomes) == 188
    assert {name: code for name, code in outcomes.items() if code not in {"invalid_json", "empty_file"}} == {}


def test_every_valid_document_is_read(tmp_path):
    """95 documents that are JSON are parsed, however odd."""
    outcomes = {name: parsed(tmp_path, content) for name, content in documents("y").items()}

    assert len(outcomes) == 95
    assert {name: code for name, code in outcomes.items() if code != "valid"} == {}


def test_documents_that_may_be_either_never_crash(tmp_path):
    """Big numbers, broken surrogates and odd encodings are read or refused."""
    outcomes = {name: parsed(tmp_path, content) for name, content in documents("i").items()}

    assert set(outcomes.values()) <= {"valid", "invalid_json"}


@pytest.mark.parametrize("content", ["true", "[]", "{}", '"text"', "[[]]", "[{}]"])
def test_json_without_a_table_says_so(read_text, content):
    """Valid JSON that holds no records is told from invalid JSON."""
    with pytest.raises((NotATable, EmptyFile)) as caught:
        read_text(content, name="t.json")

    assert not isinstance(caught.value, InvalidJson)


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("date.xls", 3, 2),
        ("date_1904.xls", 3, 2),
        ("date_1904.xlsx", 3, 2),
        ("date_1904.xlsb", 3, 2),
        ("date.ods", 4, 2),
        ("merged_range.xlsx", 4, 7),
        ("multi-empty.ods", 12, 1),
        ("any_sheets.ods", 3, 2),
        ("biff5_write.xls", ..., ...),
        ("encoded_entities.xlsx", ..., ...),
        ("has_x000D_.xlsx", ..., ...),
        ("header-row.xlsx", 1, 4),
        ("inventory-table.xlsx", ..., ...),
        ("issue_391.xlsx", ..., 1),
        ("no-header.xlsx", ..., ...),
        ("table-multiple.xlsx", ..., ...),
        ("temperature.xlsx", ..., 2),
    ],
)
def test_workbook_reads_with_its_size(read_file, name, rows, columns):
    """Workbooks of every make open, and no row or column of the table is lost."""
    table = read_file(WORKBOOKS / name).table

    assert rows is ... or table.row_count == rows
    assert columns is ... or len(table.columns) == columns


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("pass_protected.xlsx", EncryptedFile, "password"),
        ("pass_protected.xlsb", EncryptedFile, "password"),
        ("pass_protected.ods", EncryptedFile, "password"),
        ("issue252.xlsx", CorruptFile, "damaged"),
        ("issue_594_dos.ods", DataPilotError, "cells|damaged"),
        ("too_small.xls", NotATable, "no rows"),
        ("errors.xlsx", EmptyFile, "errors"),
    ],
)
def test_workbook_that_holds_no_table_is_refused(read_file, name, error, said):
    """Locked, damaged, hostile and empty workbooks each say what is wrong."""
    with pytest.raises(error, match=said):
        read_file(WORKBOOKS / name)
