"""`datapilot table`: the whole table in a file, clean or untouched."""

import csv
import os
from datetime import date
from pathlib import Path

import polars
import pytest
from tests.cli.conftest import Run, refused, spawn

MESSY = (
    "Umsatz 2024;;\n"
    "Datum;Betrag;Notiz\n"
    '03.04.2024;1.234,50;"ein ""Wort""; und mehr"\n'
    "05.04.2024;n/a;=1+1\n"
    "06.04.2024;-7,25; mit Rand \n"
)


@pytest.fixture
def messy(folder: Path) -> Path:
    """A table below a title, with German numbers, a formula and quotes."""
    path = folder / "umsatz.csv"
    path.write_text(MESSY, encoding="utf-8")
    return path


def cells(path: Path) -> list[list[str]]:
    """Return the cells as another reader sees them."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.spec("B6")
def test_clean_table_has_typed_cells_and_no_formula(messy: Path, folder: Path, run: Run) -> None:
    """Numbers and dates as machines write them; text that a spreadsheet would run is defused."""
    told = run("table", messy, "--out", "clean.csv")

    assert (told.status, told.out, told.err) == (0, "", "")
    header, first, second, third = cells(folder / "clean.csv")
    assert header == ["Datum", "Betrag", "Notiz"]
    assert first[:2] == ["2024-04-03", "1234.5"]
    assert second == ["2024-04-05", "", "'=1+1"]
    assert third[1] == "-7.25"


@pytest.mark.spec("B6")
@pytest.mark.parametrize("out", ["-", "/dev/stdout"])
@pytest.mark.parametrize("flag", [(), ("--raw",)], ids=["clean", "raw"])
def test_table_can_be_printed(out: str, flag: tuple[str, ...], messy: Path, folder: Path, run: Run) -> None:
    """The next program of a pipe gets what would stand in the file, and no file is made."""
    run("table", messy, "--out", "a.csv", *flag)

    told = spawn("table", messy, "--out", out, *flag, folder=folder)

    assert told.status == 0
    assert told.out == (folder / "a.csv").read_text(encoding="utf-8")
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", messy.name]


@pytest.mark.spec("B6")
def test_parquet_has_the_types(messy: Path, folder: Path, run: Run) -> None:
    """An ending of .parquet chooses the format; another engine finds dates and numbers in it."""
    told = run("table", messy, "--out", "clean.parquet")

    table = polars.read_parquet(folder / "clean.parquet")
    assert told.status == 0
    assert table["Datum"].to_list() == [date(2024, 4, 3), date(2024, 4, 5), date(2024, 4, 6)]
    assert table["Betrag"].to_list() == [1234.5, None, -7.25]


@pytest.mark.spec("B6")
def test_raw_table_is_the_exact_round_trip(messy: Path, folder: Path, run: Run) -> None:
    """--raw keeps every cell's text: formulas, numbers as written, blanks at the edge. Reading it again changes
    nothing."""
    run("table", messy, "--out", "raw.csv", "--raw")
    run("table", "raw.csv", "--out", "again.csv", "--raw")

    assert cells(folder / "raw.csv") == [
        ["Datum", "Betrag", "Notiz"],
        ["03.04.2024", "1.234,50", 'ein "Wort"; und mehr'],
        ["05.04.2024", "n/a", "=1+1"],
        ["06.04.2024", "-7,25", " mit Rand "],
    ]
    assert (folder / "again.csv").read_bytes() == (folder / "raw.csv").read_bytes()


@pytest.mark.spec("B6")
def test_raw_table_tells_what_is_not_in_it(folder: Path, run: Run) -> None:
    """Titles, notes and other tables are told on stderr, line by line; a file that is all table is told nothing of."""
    body = "".join(f"{number};{number * 3},5;x{number}\n" for number in range(1, 9))
    other = "name;n\na;1\nb;2\nc;3\n"
    (folder / "full.csv").write_text(f"Umsatz 2024;;\nid;betrag;text\n{body}Quelle: Buchhaltung\n\n\n{other}")

    told = run("table", "full.csv", "--out", "raw.csv", "--raw")

    assert len(cells(folder / "raw.csv")) == 9
    assert (told.status, told.out) == (0, "")
    first, second, third = told.err.splitlines()
    assert first == "left out: line 1, title line above the header: Umsatz 2024"
    assert (second[:18], "Quelle: Buchhaltung" in second) == ("left out: line 11,", True)
    assert third.startswith("left out: another table. Lines 14–17: 4 rows × 2 columns")
    assert run("table", "raw.csv", "--out", "again.csv", "--raw").err == ""


@pytest.mark.spec("B6")
def test_many_lines_left_out_are_counted(folder: Path, run: Run) -> None:
    """A terminal is not flooded by a long preamble: ten lines are told, the others by their number."""
    preamble = "".join(f"# note {number}\n" for number in range(1, 15))
    body = "".join(f"{number};{number * 3};x{number}\n" for number in range(1, 9))
    (folder / "noted.csv").write_text(f"{preamble}id;amount;text\n{body}")

    told = run("table", "noted.csv", "--out", "raw.csv", "--raw")

    lines = told.err.splitlines()
    assert (told.status, len(lines)) == (0, 11)
    assert lines[-1] == "left out: 4 more lines"


def test_options_choose_what_is_written(messy: Path, folder: Path, run: Run) -> None:
    """The flags are those of `analyze`."""
    run("table", messy, "--out", "clean.csv", "--type", "Betrag=text", "--header-row", "2")

    assert [row[1] for row in cells(folder / "clean.csv")][:2] == ["Betrag", "1.234,50"]


def test_older_file_is_replaced_whole(messy: Path, folder: Path, run: Run) -> None:
    """A second export takes the place of the first, and leaves nothing beside it."""
    (folder / "clean.csv").write_text("older and longer\n" * 100)

    run("table", messy, "--out", "clean.csv")

    assert len(cells(folder / "clean.csv")) == 4
    assert sorted(path.name for path in folder.iterdir()) == ["clean.csv", "umsatz.csv"]


def test_failed_export_leaves_the_older_file(folder: Path, run: Run) -> None:
    """A file that cannot be read costs nothing that was there."""
    (folder / "bad.csv").write_bytes(b"")
    (folder / "clean.csv").write_text("older")

    refused(run("table", "bad.csv", "--out", "clean.csv"), "empty_file")

    assert (folder / "clean.csv").read_text() == "older"
    assert sorted(path.name for path in folder.iterdir()) == ["bad.csv", "clean.csv"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "no/such/out.csv"], "there is no folder no/such"),
        (["--out", "."], "is a folder"),
        (["--out", "umsatz.csv"], "is the file that is read"),
        (["--out", "link.csv"], "is the file that is read"),
        (["--out", "raw.parquet", "--raw"], "--raw writes text"),
        (["--out", "out.csv", "--delimiter", ""], "--delimiter wants"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_wrong_call_writes_nothing(arguments: list[str], said: str, messy: Path, folder: Path, run: Run) -> None:
    """Exit status 2, and the file that is read stays what it was, whatever name it is given by."""
    (folder / "link.csv").symlink_to("umsatz.csv")

    assert said in refused(run("table", messy, *arguments), "invalid_option", status=2)
    assert messy.read_text(encoding="utf-8") == MESSY
    assert sorted(path.name for path in folder.iterdir()) == ["link.csv", "umsatz.csv"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_folder_without_rights_is_told(messy: Path, folder: Path, run: Run) -> None:
    """What is in the way is a right, and another place helps."""
    closed = folder / "closed"
    closed.mkdir(mode=0o500)

    assert "may not be written" in refused(run("table", messy, "--out", closed / "a.csv"), "invalid_option", status=2)


def test_full_disk_is_told(messy: Path, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room left is no bug: the code says what to free, and no half a table is left."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("datapilot.cli.table.export_file", full)

    assert "room" in refused(run("table", messy, "--out", "clean.csv"), "storage_full")
    assert sorted(path.name for path in folder.iterdir()) == ["umsatz.csv"]


def test_file_without_a_table_is_told(folder: Path) -> None:
    """As a process: one line, no traceback, no file."""
    (folder / "bad.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))

    refused(spawn("table", "bad.csv", "--out", "out.csv", folder=folder), "unsupported_format")

    assert sorted(path.name for path in folder.iterdir()) == ["bad.csv"]
