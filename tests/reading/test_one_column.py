"""A file of one column is read as one, whatever its cells hold: spaces, colons and slashes in them cut nothing."""

import csv
import io

import pytest

from datapilot.contracts.errors import NotATable

pytestmark = pytest.mark.spec("A2", "B3")


def one_column(name: str, cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([[name], *([cell] for cell in cells)])
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("speaker", ["Ken Robinson", "Al Gore", "David Pogue", "Majora Carter"]),
        ("Police Precinct", ["PORTLAND PREC NO", "PORTLAND PREC CE", "GRESHAM PREC GR"]),
        ("Report Time", ["15:46:00", "0:46:00", "16:30:00", "3:00:00"]),
        ("Time", ["11:00 AM", "2:30 PM", "8:00 PM"]),
        ("Start", ["2024-03-01 10:00", "2024-03-02 11:30", "2024-03-03 12:15"]),
        ("day", ["3 March 2024", "14 April 2024", "25 May 2024"]),
        ("Memory", ["8 GB", "16 GB", "32 GB"]),
        ("url", ["http://a.example/x/1", "https://b.example/y/2", "http://c.example/z"]),
        ("location", ["(37.72 -122.43)", "(37.80 -122.44)", "(37.76 -122.45)"]),
        ("Address", ["223-01 100 DRIVE", "91-12 104 STREET", "135-21 COOLIDGE AVENUE", "71-11 JUNO STREET"]),
        ("note", ["Plausible bound is 3600 - 6200", "Uncertainty bound is 5376 - 6250", "Plausible bound is 69"]),
        (
            "places",
            ["Philippines", "Artik; Shirak Province; Armenia", "Medellin; Antioquia; Colombia", "Yerevan; Armenia"],
        ),
        ("effect", ["SO:1|missense", "SO:1|missense,SO:2|intron", "SO:3|silent", "SO:1|missense"]),
        ("price", ["1,50", "2,75", "13,20"]),
        ("levels", ["1:low", "2:mid", "3:high", "1:low"]),
        ("harvested", ["Fri Oct 16 00:00:00 UTC 2015", "Mon Oct 26 00:00:00 UTC 2015", "Fri Oct 30 00:00:00 UTC 2015"]),
        ("stamp", ["2016/12/11 8:42:47 AM GMT+5", "2016/12/11 8:47:34 AM GMT+5", "2016/12/11 9:01:31 PM AST"]),
        ("lap", ["1:24.5", "1:25.5", "1:35.3"]),
        ("opened", ["05 29 2006", "09 4 2015", "10 15 2014"]),
        ("account", ["401 011", "401 012", "400 000"]),
        ("mark", ["52446*", "8834*4", "3642*", "0*"]),
        ("species", ["Moringa oleifera :: Drumstick", "Photinia fraseri :: Photinia", "Ulmus minor :: Elm"]),
        (
            "sources",
            ["http://a.example/x; http://b.example/y", "http://c.example/z", "http://d.example/1; http://e.example"],
        ),
        (
            "ratings",
            ["[{'id': 7, 'name': 'Kind', 'count': 1", "[{'id': 1, 'name': 'New', 'count': 76", "[{'id': 8, 'n"],
        ),
        ("note on it", ["as  is", "as  is", "as  is"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_marks_inside_values_are_no_delimiters(read_text, name, cells):
    """A list of values under one name has one column, each cell whole."""
    read = read_text(one_column(name, cells))

    assert read.names == [name]
    assert read.table.row_count == len(cells)


@pytest.mark.parametrize("name", ["", "committed"], ids=["without a name", "named"])
def test_moments_as_mails_write_them_are_one_column(read_text, name):
    """The comma behind the day of the week parts nothing, whether or not a name stands above."""
    days = [("Fri", 1), ("Sat", 2), ("Sun", 3), ("Mon", 4), ("Tue", 5)]
    lines = [f"{day}, {date:02d} Mar 2024 15:1{date}:58 -0500" for day, date in days]

    read = read_text("\n".join([*([name] if name else []), *lines]) + "\n", name="commits.txt")

    assert read.names == [name or "column_1"]
    assert len(read.rows()) == 5


def test_rows_of_numbers_and_a_word_stay_a_table(read_text):
    """Without names above them they look like amounts with a unit."""
    rows = ["5.1,3.5,1.4,setosa", "6.2,2.9,4.3,versicolor", "7.7,3.8,6.7,virginica", "4.9,3.0,1.4,setosa"]

    assert len(read_text("\n".join(rows * 3) + "\n").names) == 4


def test_missing_cells_of_a_lone_column_are_counted(read_text):
    """A quoted empty cell and a blank line between two values are missing cells, the rest of the column stays."""
    read = read_text('city\nOslo\n""\nLima\n\nAccra\n""\n\n')

    assert read.values("city") == ["Oslo", None, "Lima", None, "Accra", None]


def test_column_of_nothing_but_quoted_blanks_is_empty(read_text):
    """Rows without a value are rows all the same, under a name or none."""
    read = read_text('note\n""\n""\n""\n')

    assert read.table.row_count == 3
    assert read.column("note").inferred_type == "empty"
    assert read_text('""\n""\n""\n').column("column_1").inferred_type == "empty"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x y z\n1 2 3\n4 5 6\n7 8 9\n", ["x", "y", "z"]),
        ("name value\na 1\nb 2\nc 3\n", ["name", "value"]),
        ("host:port\na:80\nb:443\nc:8080\n", ["host", "port"]),
        ("Report\nname;city\nAnna;Oslo\nBert;Lima\nCleo;Rome\n", ["name", "city"]),
        ("a/b/c\n1/2/3\n4/5/6\n", ["a", "b", "c"]),
        ("Report\nname::age\nAnna::31\nBert::32\nCleo::45\n", ["name", "age"]),
        ("Report\n1.25 2.5\n13.5 4.5\n5.5 6.5\n", ["column_1", "column_2"]),
    ],
    ids=[
        "spaces",
        "two columns by space",
        "colons",
        "a title above",
        "slashes",
        "a rare one below a title",
        "no names",
    ],
)
def test_tables_cut_by_rare_delimiters_stay_tables(read_text, text, names):
    """A delimiter that the names use as well cuts the table."""
    assert read_text(text).names == names


def test_prose_is_no_column(read_text):
    """Running text is refused, long quoted cells under a name are not."""
    long = "It was the best of times and it was the worst of times and nobody knew which of both it was " * 4

    with pytest.raises(NotATable, match="no common delimiter"):
        read_text(f"My diary\n{long}\n{long}\n")
    assert read_text(one_column("review", [f"{long}, {n}" for n in range(4)])).table.row_count == 4
    assert read_text(f"review\n{long}\n{long}!\n{long}?\n").table.row_count == 3


LETTER = """Dear Mr Smith,

thank you for your letter of 3 March, which we received last week. We have looked into the matter, and can tell you
that your order, number 4711, left our warehouse on 5 March.

Please let us know if it has not arrived by the end of the week; we will then send a replacement, free of charge.

Kind regards,

Anna Miller
"""
CHAPTER = """It was late, and the lamps along the quay, which nobody
had lit for years, were burning; she stopped, looked back
and went on without a word towards the harbour
where the boats lay, and waited.
"""


@pytest.mark.parametrize("text", [LETTER, CHAPTER], ids=["a letter", "a chapter"])
def test_commas_of_running_text_part_no_columns(read_text, text):
    """A file of sentences is no table, unless somebody names its delimiter."""
    with pytest.raises(NotATable, match="its lines are sentences"):
        read_text(text, name="letter.txt")
    assert read_text(text, delimiter=",").table.row_count >= 1


def test_sentences_below_each_other_are_one_column(read_text):
    """Comments without a name: the commas in them are theirs, and the first is no name."""
    comments = [
        "The staff was friendly, but the food was cold.", "We waited far too long at the desk!",
        "Parking was hard to find, the signs are small, and nobody helped.", "Would I come again? Perhaps, in spring.",
    ]  # fmt: skip
    found = read_text("\n".join(comments) + "\n", name="comments.txt").table

    assert found.row_count == len(comments)
    assert len(found.columns) == 1


def test_a_table_with_blanks_behind_its_commas_is_one(read_text):
    """Its rows have equally many cells, however wordy they are."""
    rows = [
        f"the {size} box of green apples, from the old farm, ready to be sold" for size in ("small", "large", "big")
    ]

    assert len(read_text("what is sold here, where it is from, how it stands now\n" + "\n".join(rows)).names) == 3


def test_json_that_breaks_off_is_called_so(read_text):
    """Under another ending too: nobody could name its delimiter."""
    notes = "".join(f'  "it was the best of times {n} {"and the worst " * 20}"\n' for n in range(9))

    with pytest.raises(NotATable, match="begins like JSON"):
        read_text(f"[\n{notes}", name="export.csv")


PROGRAM = """import csv
import sys

def main(path):
    total = 0
    with open(path) as file:
        for row in csv.reader(file):
            total += float(row[2])
    print("Total", total, file=sys.stderr)
    return total

if __name__ == "__main__":
    main(sys.argv[1])
"""


@pytest.mark.spec("A4")
def test_source_of_a_program_is_refused(read_text):
    """Its lines are no texts below each other, nor cells between commas; whoever means them as data says so."""
    with pytest.raises(NotATable, match="source of a program"):
        read_text(PROGRAM, name="report.txt")

    assert read_text(PROGRAM, name="report.txt", delimiter=",").table.row_count > 0


def test_indented_statement_with_negatives_in_brackets_is_a_table(read_text):
    """Accounts indent their items and put what is owed in brackets; neither makes them a program."""
    rows = "".join(f"  Item {n};({n * 10})\n" for n in range(1, 14))

    assert read_text(f"Account;Amount\n{rows}").values("Amount") == [-10 * n for n in range(1, 14)]
