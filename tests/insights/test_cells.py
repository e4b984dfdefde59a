"""The cells that tests look at are the table's, and a long table's sample is always the same."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.insights.tables import table_of

from datapilot.insights.subjects.cells import SAMPLE_ROWS, encode, load_cells


@given(st.lists(st.none() | st.text(max_size=3), min_size=1, max_size=50))
def test_codes_give_the_cells_back(cells: list[str | None]) -> None:
    """Every code names its cell's value, -1 a missing one; labels come by frequency."""
    column = np.ma.array(np.array(cells, dtype=object), mask=[cell is None for cell in cells])

    codes = encode(column)

    assert [None if code < 0 else codes.labels[code] for code in codes.codes] == cells
    assert list(codes.counts) == sorted(codes.counts, reverse=True)
    assert codes.counts.sum() == sum(cell is not None for cell in cells)


def test_short_table_is_held_whole() -> None:
    """Numbers, days, categories and missing cells arrive as they are."""
    table = table_of({"kind": ["b", "a", None, "b"], "weight": [1.5, None, 3.0, 4.0]})

    cells = load_cells(table, numbers=["weight"], days=[], categories=["kind"], texts=[], missing=["weight"])

    assert not cells.is_sample
    assert np.array_equal(cells.numbers["weight"], [1.5, np.nan, 3.0, 4.0], equal_nan=True)
    assert cells.codes["kind"].labels == ("b", "a")
    assert list(cells.missing["weight"]) == [False, True, False, False]


def test_long_table_gives_the_same_scattered_rows_each_time() -> None:
    """About SAMPLE_ROWS rows, from all hours of the day, and the same ones in every run."""
    table = table_of({"hour": [row % 24 for row in range(90_000)]})

    first, second = (
        load_cells(table, numbers=["hour"], days=[], categories=[], texts=[], missing=[]) for _ in range(2)
    )

    assert first.is_sample
    assert abs(len(first.rows) - SAMPLE_ROWS) < 0.05 * SAMPLE_ROWS
    assert np.array_equal(first.rows, second.rows)
    assert np.array_equal(first.numbers["hour"], first.rows % 24)
    assert np.bincount(first.numbers["hour"].astype(int), minlength=24).min() > 0.8 * SAMPLE_ROWS / 24
