"""One grouping of a column gives the counts that counting by hand gives."""

from collections import Counter

import duckdb
import numpy as np
import pytest

from datapilot.engine.grouped import (
    Grouped,
    are_distinct,
    group_clean_keys,
    group_values,
    hashes_of,
    keys_grouped,
    texts_grouped,
)

WORDS = ["b", "a", "a", "ccc", "b", "d" * 9, "ünïcode", "ünïcode"]


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """A table `data` with a column `c0` of words and gaps."""
    opened = duckdb.connect(":memory:")
    opened.execute("CREATE TABLE data (c0 VARCHAR)")
    opened.executemany("INSERT INTO data VALUES (?)", [[word] for word in [*WORDS, None]])
    return opened


def test_groups_of_texts_are_counted_alike_in_both_places(connection: duckdb.DuckDBPyConnection) -> None:
    """The engine's counts are those of the values fetched: lengths in characters, ties in the order of the values."""
    expected = Grouped(
        count=8,
        unique_count=5,
        top=(("a", 2), ("b", 2), ("ünïcode", 2)),
        min_length=1,
        max_length=9,
        total_length=sum(map(len, WORDS)),
    )

    grouped, _ = group_values(connection, "data", "c0", is_text=True)

    assert grouped == expected
    assert texts_grouped(list(Counter(WORDS).items())) == expected


def test_more_may_be_asked_of_the_groups(connection: duckdb.DuckDBPyConnection) -> None:
    """Further aggregates see each distinct value once."""
    _, (short,) = group_values(connection, "data", "c0", is_text=True, also=("count(*) FILTER (length(v) = 1)",))

    assert short == 2


def test_no_cells_have_no_lengths(connection: duckdb.DuckDBPyConnection) -> None:
    """An empty column counts nothing."""
    connection.execute("DELETE FROM data")

    grouped, _ = group_values(connection, "data", "c0", is_text=True)

    assert grouped == texts_grouped([]) == Grouped(0, 0, ())


def test_texts_of_which_none_comes_twice_are_told_by_their_hashes() -> None:
    """The counts are those of grouping; gaps are left out."""
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE TABLE data AS SELECT CASE WHEN i % 7 > 0 THEN 'é' || i END AS c0 FROM range(5000) t(i)")

    is_distinct = are_distinct(hashes_of(connection, "data", "c0"))

    assert is_distinct
    assert keys_grouped(connection, "data", "c0") == group_values(connection, "data", "c0", is_text=True)[0]


def test_hashes_prove_nothing_where_a_text_comes_twice(connection: duckdb.DuckDBPyConnection) -> None:
    """Then texts have to be grouped."""
    assert not are_distinct(hashes_of(connection, "data", "c0"))


def test_clean_keys_are_counted_many_columns_at_a_time() -> None:
    """The counts are those of grouping; a column with a text that comes twice, has white space or letters beyond ASCII
    at an end, is one of the words asked for, or has no cells at all is left to another question."""
    connection = duckdb.connect(":memory:")
    texts = ["'K' || i", "'K' || i // 2", "' K' || i", "'K' || i || chr(9)", "'é' || i",
             "CASE i WHEN 7 THEN 'NA' ELSE 'K' || i END", "NULL", "CASE WHEN i % 3 > 0 THEN 'L-' || i END"]  # fmt: skip
    cells = ", ".join(f"CAST({text} AS VARCHAR) AS c{place}" for place, text in enumerate(texts * 4))
    connection.execute(f"CREATE TABLE data AS SELECT {cells} FROM range(900) t(i)")
    physicals = [f"c{place}" for place in range(len(texts) * 4)]

    keys = group_clean_keys(connection, "data", physicals, words=["-", "NA"])

    assert list(keys) == [c for place, c in enumerate(physicals) if place % len(texts) in {0, 7}]
    assert keys["c0"] == group_values(connection, "data", "c0", is_text=True)[0]
    assert keys["c31"] == group_values(connection, "data", "c31", is_text=True)[0]


def test_one_pair_among_many_hashes_is_found() -> None:
    """Hashes that share their first bits are told apart by the others, and those that are the same are found."""
    chance = np.random.default_rng(7)
    hashes = chance.integers(0, 2**64, 200_000, dtype=np.uint64)
    hashes[:1000] = hashes[1000:2000] ^ np.uint64(1)
    twice = hashes.copy()
    twice[5] = twice[199_999]

    assert are_distinct(hashes)
    assert not are_distinct(twice)
