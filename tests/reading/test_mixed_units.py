"""Amounts of one quantity in several units are numbers of one unit, and the receipt says which."""

import pytest

pytestmark = pytest.mark.spec("B2", "B7")


def column(name: str, cells: list[str]) -> str:
    return f"n;{name}\n" + "".join(f"{n * 7};{cell}\n" for n, cell in enumerate(cells))


@pytest.mark.parametrize(
    ("cells", "unit", "values"),
    [
        (["512 KB", "1.2 MB", "3 GB", "100 KB", "2 MB"], "MB", [0.512, 1.2, 3000.0, 0.1, 2.0]),
        (["512KiB", "2MiB", "1GiB", "4MiB"], "MiB", [0.5, 2.0, 1024.0, 4.0]),
        (["4.0K", "1.5M", "3G", "800M", "12K"], "MiB", [0.00390625, 1.5, 3072.0, 800.0, 0.01171875]),
        (["1,5 kg", "750 g", "1.250 g", "2,25 kg", "3 kg"], "kg", [1.5, 0.75, 1.25, 2.25, 3.0]),
        (["350 ms", "1.2 s", "2 min", "900 ms", "45 s"], "s", [0.35, 1.2, 120.0, 0.9, 45.0]),
        (["30m", "1h", "45m", "15m", "90m"], "min", [30.0, 60.0, 45.0, 15.0, 90.0]),
        (["900 m", "-1.2 km", "5 km", "750 m"], "km", [0.9, -1.2, 5.0, 0.75]),
        (["1 kg", "1 lb", "2 kg", "3 kg"], "kg", [1.0, 0.45359237, 2.0, 3.0]),
    ],
    ids=["bytes", "bytes by 1,024", "as du prints them", "mass, decimal comma", "time", "clock", "length", "pounds"],
)
def test_amounts_in_several_units_are_turned_into_one(read_text, cells, unit, values):
    """The unit is the largest of the column that the middle amount reaches."""
    read = read_text(column("size", cells), name="a.csv")

    assert read.values("size") == values
    assert (read.column("size").inferred_type, read.column("size").unit) == ("numeric", unit)
    assert f"turned into {unit}" in read.conversion("size").format


def test_whether_a_megabyte_is_1000_or_1024_kilobytes_is_said(read_text):
    """Programs differ, so the receipt tells what the other reading would change."""
    (ambiguity,) = read_text(column("size", ["512 KB", "1.2 MB", "3 MB"]), name="a.csv").receipt.ambiguities

    assert (ambiguity.chosen, ambiguity.other) == ("1,000", "1,024")
    assert "The sum of size would be" in ambiguity.effect


def test_units_of_different_quantities_stay_text(read_text):
    """Pieces and kilograms cannot be compared; a street is no unit of its houses, and half a bracket none of a year."""
    read = read_text(
        "qty;street;year\n" + "".join(f"{n} {('pcs', 'kg')[n % 2]};{n} Main St;2011]\n" for n in range(1, 30)),
        name="a.csv",
    )

    assert [read.column(name).unit for name in read.names] == [None, None, None]
    assert read.values("street")[0] == "1 Main St"
    assert read.values("qty")[:2] == ["1 kg", "2 pcs"]


@pytest.mark.parametrize("cells", [["120/80", "131/85", "118/76", "142/91"], ["12/8", "11/7", "13/9", "10/6"]])
def test_two_numbers_in_one_cell_are_neither_dates_nor_fractions(read_text, cells):
    """A blood pressure stays as it was written, also where both numbers could be a day and a month."""
    read = read_text(column("bp", cells), name="a.csv")

    assert read.values("bp") == cells
    assert read.column("bp").inferred_type in {"text", "categorical"}


def test_pace_is_minutes_and_seconds(read_text):
    """Nobody runs a kilometre in five hours."""
    read = read_text(column("Avg Pace", ["5:10", "4:55", "6:02", "5:31"]), name="a.csv")

    assert read.column("Avg Pace").unit == "minutes"
    assert read.values("Avg Pace")[3] == pytest.approx(5.516667)
