"""Public files as they really are: the table in them is found, typed and accounted for."""

import csv
import json
from datetime import date, time
from pathlib import Path

import pytest

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.export_table import export_raw

pytestmark = pytest.mark.spec("A2", "B2")

TABLES = Path(__file__).parent.parent / "tables"
SPECTRUM = sorted((TABLES / "csv-spectrum").glob("*.csv"))


def raw_rows(source: Path, out: Path) -> list[list[str]]:
    connection = connect(Limits(), out.parent)
    export_raw(source, out, name=source.name, options=ReadingOptions(), limits=Limits(), connection=connection)
    connection.close()
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("source", SPECTRUM, ids=[path.stem for path in SPECTRUM])
def test_csv_spectrum(tmp_path, source):
    """Each of the twelve dialect cases gives exactly the cells of its twin, as text."""
    truth = json.loads(source.with_suffix(".json").read_text(encoding="utf-8"))
    records = truth if isinstance(truth, list) else [truth]

    header, *rows = raw_rows(source, tmp_path / "out.csv")

    expected = [dict(record) for record in records]
    got = [dict(zip(header, row, strict=True)) for row in rows]
    if source.stem == "location_coordinates":  # the twin shows another telephone number than the file
        expected[0]["Contact Phone Number"] = got[0]["Contact Phone Number"] = ""
    if source.stem == "newlines_crlf":  # the twin shows the line ends that the file once had
        expected = [{key: value.replace("\r\n", "\n") for key, value in record.items()} for record in expected]
    assert got == expected


def test_naughty_strings_survive_raw(tmp_path):
    """Every hostile string comes back unchanged; the empty one as an empty cell."""
    strings = json.loads((TABLES / "naughty-strings.json").read_text(encoding="utf-8"))
    with (tmp_path / "in.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "value"])
        writer.writerows([number, string] for number, string in enumerate(strings))

    rows = raw_rows(tmp_path / "in.csv", tmp_path / "out.csv")

    assert rows[0] == ["id", "value"]
    assert [row[1] for row in rows[1:]] == strings


def test_naughty_strings_are_harmless_as_column_names(read_text):
    """Names never reach SQL, so none of them can break it; blank and repeated ones get a name of their own."""
    strings = json.loads((TABLES / "naughty-strings.json").read_text(encoding="utf-8"))
    header = ",".join('"' + string.replace('"', '""') + '"' for string in strings)
    row = ",".join("1" for _ in strings)

    read = read_text(f"{header}\n{row}\n{row}\n", header_row=1)

    assert len(set(read.names)) == len(strings)


def test_air_quality(read_file):
    """Semicolons, decimal commas, stray commas and blank rows: 15 clean columns come out."""
    read = read_file(TABLES / "air-quality.csv")

    assert len(read.names) == 15
    assert read.names[-1] == "AH"
    assert read.table.row_count == 59
    assert read.rows()[0][:4] == (date(2004, 3, 10), time(18), 2.6, 1360)
    assert read.receipt.delimiter == ";"
    assert read.receipt.decimal == ","
    assert any("blank lines" in note for note in read.receipt.notes)


def test_star_wars_survey(read_file):
    """Two header rows are joined, and the second is no respondent."""
    read = read_file(TABLES / "star-wars.csv")

    assert read.table.row_count == 78
    assert read.names[0] == "RespondentID"
    assert read.names[3].endswith("Episode I The Phantom Menace")
    assert "Gender" in read.names
    assert "Response" not in read.values("Location (Census Region)")
    assert read.column("RespondentID").role == "never"
    assert read.receipt.encoding == "Windows-1252"


def test_masculinity_survey(read_file):
    """Questions between the rows become a column, percentages numbers."""
    read = read_file(TABLES / "masculinity-survey.csv")

    assert read.table.row_count == 195
    assert read.names[3] == "Age: 18 - 34"
    assert read.rows()[0][:3] == ('In general, how masculine or "manly" do you feel?', "Very masculine", 37)
    assert read.column("Adult Men").unit == "%"


def test_commutations(read_file):
    """Labels and values become one record a person; lines without a label belong to the value above."""
    read = read_file(TABLES / "commutations.csv")

    assert read.names == ["name", "Offense", "District/date", "Sentence", "Terms of grant"]
    assert read.values("name")[:2] == ["Kendrick Tyshawn Akins", "Dale Wayne Aldridge"]
    assert read.column("name").pii == "name"
    andrews = read.values("name").index("Orasama Andrews")
    assert read.values("Sentence")[andrews].startswith("1. Life imprisonment\n2. 24 months")


def test_bechdel_movies(read_file):
    """#N/A is missing in numbers, &amp; an ampersand in titles, a year no quantity."""
    read = read_file(TABLES / "bechdel-movies.csv")

    assert read.column("domgross").storage == "BIGINT"
    assert not any("&amp;" in title for title in read.values("title"))
    assert read.column("year").role == "never"
    assert read.column("imdb").inferred_type == "identifier"


def test_country_codes(read_file):
    """NA is Namibia and North America; cells of a no-break space are missing; codes are never added up."""
    read = read_file(TABLES / "country-codes.csv")

    assert (read.table.row_count, len(read.names)) == (249, 56)
    assert read.values("Continent").count("NA") == 41
    assert "NA" in read.values("ISO3166-1-Alpha-2")
    missing = sum(value is None for row in read.rows() for value in row) - sum(
        conversion.failed for conversion in read.receipt.conversions
    )
    assert missing == 1736
    assert not any(column.role == "sum" for column in read.table.columns)


def test_budget(read_file):
    """Amounts written as text with separators are numbers."""
    read = read_file(TABLES / "budget.json")

    assert len(read.names) == 72
    assert read.column("2010").storage == "BIGINT"
    assert read.column("2010").role == "sum"
    assert read.column("Agency name").inferred_type == "categorical"
