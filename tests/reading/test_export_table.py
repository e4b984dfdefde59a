"""Exports: clean and safe to open in a spreadsheet, or raw and exactly what stood in the file."""

import csv
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.export_table import export_raw, export_table

pytestmark = pytest.mark.spec("B6")


def read_back(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("start", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\tx", "\rx", "＝1+1", "＠SUM(A1)"])
def test_text_that_a_spreadsheet_would_run_is_disarmed(tmp_path, read_cells, start):
    """Text that begins like a formula gets an apostrophe; other cells are left alone."""
    read = read_cells([start + " now", "plain", "x=y"])

    export_table(read.table, tmp_path / "out.csv", format="csv")

    cells = [row[1] for row in read_back(tmp_path / "out.csv")[1:]]
    assert cells[0].startswith("'") or cells[0] == "x now"
    assert cells[1:] == ["plain", "x=y"]


def test_negative_numbers_are_not_disarmed(tmp_path, read_cells):
    """A minus before digits is a number, and stays one."""
    read = read_cells(["-5", "-6.5", "7"])

    export_table(read.table, tmp_path / "out.csv", format="csv")

    assert [row[1] for row in read_back(tmp_path / "out.csv")] == ["value", "-5", "-6.5", "7"]


def test_values_are_clean_and_misfits_keep_their_text(tmp_path, read_cells):
    """Dates are ISO, numbers plain, missing cells empty; what did not fit stands as it stood."""
    read = read_cells(["$1,200", "$5", "NA"] * 10 + ["=ask Bob"], name="amount")

    export_table(read.table, tmp_path / "out.csv", format="csv")

    cells = [row[1] for row in read_back(tmp_path / "out.csv")[1:]]
    assert cells[:3] == ["1200", "5", ""]
    assert cells[-1] == "'=ask Bob"


def test_parquet_keeps_names_and_types(tmp_path, read_text):
    """Names come back, also those that differ in case alone."""
    read = read_text("Rate,rate,day\n1.5,2,2024-03-01\n2.5,3,2024-03-02\n")

    export_table(read.table, tmp_path / "out.parquet", format="parquet")

    described = duckdb.sql(f"DESCRIBE SELECT * FROM '{tmp_path / 'out.parquet'}'").fetchall()
    assert [(row[0], row[1]) for row in described] == [("Rate", "DOUBLE"), ("rate (2)", "BIGINT"), ("day", "DATE")]


def raw(source: Path, out: Path, scratch: Path) -> list[list[str]]:
    connection = connect(Limits(), scratch)
    export_raw(source, out, name=source.name, options=ReadingOptions(), limits=Limits(), connection=connection)
    connection.close()
    return read_back(out)


def test_raw_changes_no_cell(tmp_path):
    """Formulas, spellings of missing, spaces and zeros go through untouched."""
    rows = [
        ["id", "value"],
        ["1", "=1+1"],
        ["2", "NA"],
        ["3", " padded "],
        ["4", "007"],
        ["5", 'a "quote"'],
        ["6", "1,5"],
    ]
    with (tmp_path / "in.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)

    assert raw(tmp_path / "in.csv", tmp_path / "out.csv", tmp_path) == rows


@pytest.mark.parametrize("rows", [[["city", "n"], ["KÃ¶ln", "1"], ["Bonn", "2"]], [["city"], ["KÃ¶ln"], ["Bonn"]]])
def test_raw_keeps_what_was_encoded_twice(tmp_path, rows):
    """Typing undoes it; the raw rows are those of the file."""
    with (tmp_path / "in.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)

    assert raw(tmp_path / "in.csv", tmp_path / "out.csv", tmp_path) == rows


def test_raw_of_a_workbook_is_its_text(tmp_path):
    """Number cells print as numbers, dates as ISO days."""
    book = openpyxl.Workbook()
    for row in [["a", "b"], [1, "x"], [2.5, "007"]]:
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")

    assert raw(tmp_path / "in.xlsx", tmp_path / "out.csv", tmp_path) == [["a", "b"], ["1", "x"], ["2.5", "007"]]


CELL = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), min_size=1, max_size=20)


@given(cells=st.lists(CELL, min_size=3, max_size=10))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_raw_returns_any_text(tmp_path, cells):
    """Whatever stands in a quoted cell comes back, character for character."""
    rows = [["id", "value"], *([f"r{number}", cell] for number, cell in enumerate(cells))]
    with (tmp_path / "in.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)

    assert raw(tmp_path / "in.csv", tmp_path / "out.csv", tmp_path) == rows
