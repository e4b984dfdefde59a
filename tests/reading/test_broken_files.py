"""Files broken at random are read or refused: never a crash, and every refusal has a code and advice."""

import pytest
from benchmarks.mutations import broken_file
from benchmarks.reading_fuzz import outcome

pytestmark = pytest.mark.spec("A4")

MENDED = (21, 241, 311, 8956)


@pytest.mark.parametrize("number", [*MENDED, *range(100_000, 100_060)])
def test_broken_file_is_read_or_refused(tmp_path, connection, number):
    """`python -m benchmarks.run reading_fuzz` takes ten thousand."""
    assert not outcome(broken_file(number), tmp_path, connection).startswith("fault")


def test_same_number_is_the_same_file():
    """A fault found once can be looked at again."""
    assert broken_file(7) == broken_file(7)
