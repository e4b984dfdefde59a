"""Every kind of dirt of the corpus leaves the table as its clean twin has it, and `table --raw` as the file has it."""

import pytest
from benchmarks import clean_tables, reading_corpus
from benchmarks.pollutions import KINDS

pytestmark = pytest.mark.spec("A2", "A3", "B6")

TABLES = clean_tables.clean_tables()
HELD = [kind for kind in KINDS if not kind.is_lost]


@pytest.mark.parametrize("number", range(len(HELD)), ids=[kind.name for kind in HELD])
def test_dirt_of_every_kind_is_seen_through(number):
    """One table a kind, by turns; `python -m benchmarks.run reading_corpus` takes them all."""
    polluted = HELD[number].pollute(TABLES[number % len(TABLES)])

    cells, raw = reading_corpus.score(polluted)

    assert cells >= 0.999
    assert raw >= 9.99


def test_score_sees_a_lost_row_and_an_exchanged_column():
    """The measure itself: a missing row and a cell under another name cost."""
    want = [["a", "b"], ["1", "2"], ["3", "4"]]

    assert reading_corpus.as_it_stands(want, want) == 10
    assert reading_corpus.as_it_stands(want, want[:2]) < 9
    assert reading_corpus.f1(reading_corpus.bound(want), reading_corpus.bound([["b", "a"], *want[1:]])) == 0
