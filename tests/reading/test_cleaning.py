"""Texts of long tables are cleaned like those of short ones, though they are looked through in other ways."""

import pytest
from tests.reading.conftest import ReadText

from datapilot.reading.columns.evidence import WHITESPACE

ROWS = 21_000  # more than are looked through one by one


@pytest.mark.spec("A3")
@pytest.mark.parametrize("blank", [one for one in WHITESPACE if one not in "\r\n"], ids=lambda one: f"U+{ord(one):04X}")
@pytest.mark.parametrize("place", ["before", "after"])
def test_one_blank_in_a_long_column_of_keys_is_seen(read_text: ReadText, blank: str, place: str) -> None:
    """Far from every sample, beside a text of which none comes twice."""
    keys = [f"K-{number:06d}" for number in range(ROWS)]
    keys[ROWS // 3] = blank + "K-x" if place == "before" else "K-x" + blank
    keys[ROWS // 5] = "N/A"

    read = read_text("key,n\n" + "".join(f"{key},{number % 7}\n" for number, key in enumerate(keys)))

    values = read.values("key")
    assert values[ROWS // 3] == "K-x"
    assert values[ROWS // 5] is None
    assert read.conversion("key").missing_tokens == {"N/A": 1}


@pytest.mark.spec("B3")
@pytest.mark.parametrize("begin", ["E-", "zé", "0"], ids=["before the words", "after them", "a number"])
def test_spellings_of_missing_are_found_however_the_other_texts_begin(read_text: ReadText, begin: str) -> None:
    """Where no spelling begins as the keys do, those that begin otherwise are looked at, and all of them are."""
    keys = [f"{begin}{number:06d}" for number in range(ROWS)]
    for row, word in enumerate(["N/A", "-", "null", "N/A"], start=ROWS // 3):
        keys[row] = word

    read = read_text("key,n\n" + "".join(f"{key},{number % 7}\n" for number, key in enumerate(keys)))

    assert read.values("key")[ROWS // 3 : ROWS // 3 + 5] == [None] * 4 + [keys[ROWS // 3 + 4]]
    assert read.conversion("key").missing_tokens == {"N/A": 2, "-": 1, "null": 1}


@pytest.mark.spec("B3")
def test_each_of_many_columns_is_cleaned_in_its_own_rows(read_text: ReadText) -> None:
    """Columns that are cleaned together keep what they hold where only their neighbours have nothing."""
    columns = range(100)
    cells = [
        ["N/A" if column % 4 == row else f" b{row} " if column % 3 == row else f"b{row}" for column in columns]
        for row in range(4)
    ]
    header = ",".join(f"name_{column}" for column in columns)

    read = read_text("\n".join([header, *(",".join(row) for row in cells)]))

    for column in columns:
        expected = [None if column % 4 == row else f"b{row}" for row in range(4)]
        assert read.values(f"name_{column}") == expected
        assert read.conversion(f"name_{column}").missing_tokens == {"N/A": 1}
