"""Bulk files of Eurostat: keys packed into the first column, flags behind numbers, a colon where there is none."""

import pytest

pytestmark = pytest.mark.spec("A2")

LINES = ["freq,unit,geo\\TIME_PERIOD\t2021 \t2022 \t2023 "] + [
    f"A,{unit},{geo}\t{12.5 + k} \t{13 + k} p\t: "
    for k, (unit, geo) in enumerate((u, g) for u in ("PC", "EUR") for g in ("AT", "BE", "CZ", "DE", "EL"))
]


def test_keys_in_the_first_column_are_parted(read_text):
    """A column a key and a column a period, numbers without their flags, and the receipt says what was parted."""
    read = read_text("\n".join([*LINES, "cut off", ""]), name="data.tsv")

    assert read.names == ["freq", "unit", "geo", "2021", "2022", "2023"]
    assert read.rows()[0] == ("A", "PC", "AT", 12.5, 13, None)
    assert len(read.rows()) == 10
    assert "freq,unit,geo\\TIME_PERIOD" in read.receipt.notes[0]
    assert [(note.line, note.text) for note in read.receipt.skipped] == [(12, "cut off")]


def test_commas_in_the_first_column_alone_part_nothing(read_text):
    """Without a header of that form the cells stay whole."""
    read = read_text("place,name\tn\n" + "\n".join(f"a,b\t{n}" for n in range(5)), name="data.tsv")

    assert len(read.names) == 2
