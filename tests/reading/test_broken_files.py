"""Files broken at random are read or refused: never a crash, and every refusal has a code and advice."""

import pytest
from benchmarks.mutations import broken_file
from benchmarks.reading_fuzz import outcome

from datapilot.contracts.errors import MemoryLimitExceeded
from datapilot.contracts.limits import MEBIBYTE, Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.read_table import read_table

pytestmark = pytest.mark.spec("A4")

MENDED = (21, 241, 311, 8956)


@pytest.mark.parametrize("number", [*MENDED, *range(100_000, 100_060)])
def test_broken_file_is_read_or_refused(tmp_path, connection, number):
    """`python -m benchmarks.run reading_fuzz` takes ten thousand."""
    assert not outcome(broken_file(number), tmp_path, connection).startswith("fault")


def test_line_of_thousands_of_cells_is_more_than_little_memory_holds(tmp_path):
    """A row that lost line ends joined thousands of times over is refused as too large, not in the engine's words."""
    path = tmp_path / "t.csv"
    joined = "4,5 kg,6" * 4_500
    path.write_text(f"a,b,c\n1,2,3\n{joined}\n" + "7,8,9\n" * 20, encoding="utf-8")
    little = Limits(memory_bytes=256 * MEBIBYTE)

    with connect(little, tmp_path) as engine, pytest.raises(MemoryLimitExceeded, match="Split it"):
        read_table(path, name="t.csv", options=ReadingOptions(), limits=little, connection=engine)


def test_same_number_is_the_same_file():
    """A fault found once can be looked at again."""
    assert broken_file(7) == broken_file(7)
