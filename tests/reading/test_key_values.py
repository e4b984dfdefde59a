"""A log of pairs is a table: a row a line, a column a key."""

from datetime import datetime

import pytest

pytestmark = pytest.mark.spec("A2")


def test_pairs_are_cells(read_text):
    """Quotes hold spaces together, keys that come late have a column, and what is no pair is named."""
    lines = [
        f'time=2024-05-01T10:00:{k:02d} level={"info" if k % 3 else "warn"} msg="sent \\"{k}\\" pages" took={k}.5'
        for k in range(30)
    ]
    lines[20] += " user=ann"
    lines.insert(25, "panic: out of memory")

    read = read_text("\n".join(lines) + "\n", name="app.log")

    assert read.names == ["time", "level", "msg", "took", "user"]
    assert read.values("time")[0] == datetime(2024, 5, 1, 10)  # noqa: DTZ001
    assert read.values("msg")[1] == 'sent "1" pages'
    assert read.values("took")[:2] == [0.5, 1.5]
    assert read.values("user")[20] == "ann"
    assert [note.line for note in read.receipt.skipped] == [26]


@pytest.mark.parametrize(
    "text",
    ["a=1;b=2;c=3\n" * 5, "x = y + z = 1\n" * 5, "name,formula\n" + "k,a=1 b=2 c=3\n" * 5],
    ids=["another delimiter", "equations", "a table with pairs in a cell"],
)
def test_other_texts_are_read_as_before(read_text, text):
    """Only lines that are pairs from end to end are taken apart."""
    assert not any("key=value" in note for note in read_text(text).receipt.notes)
