"""Large and small tables are counted in different ways that agree."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.tables import column, make_table

from datapilot.analysis import cross_counts, value_counts
from datapilot.analysis.cross_counts import MOST_GROUPS, group_columns
from datapilot.analysis.profiling import profile_table
from datapilot.analysis.value_counts import summarize_values

cells = st.one_of(st.none(), st.sampled_from(["a", "b", "B", "", "ä", "𝔘", "日本", "long" * 9]), st.text(max_size=3))


@settings(max_examples=60, deadline=None)
@given(values=st.lists(cells.filter(lambda cell: cell is None or "\x00" not in cell), max_size=30))
def test_all_ways_of_counting_agree(values: list[str | None]) -> None:
    """Counting cells here, fetching groups, asking about groups and looking for a key first give the same counts,
    ties and lengths included."""
    table = make_table([column("c", "VARCHAR")], [[value] for value in values])

    ways = []
    for very_few, few, keys in ((100, 100, ()), (-1, 100, ()), (-1, -1, ()), (-1, -1, ("c0",))):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(value_counts, "COUNTED_AT_ONCE_ROWS", very_few)
            patch.setattr(value_counts, "FEW_ROWS", few)
            ways.append(dict(summarize_values(replace(table, keys=frozenset(keys)), table.columns)))

    assert ways[0] == ways[1] == ways[2] == ways[3]


@given(sizes=st.lists(st.integers(2, 60), max_size=14))
def test_every_pair_of_categories_is_grouped_within_the_budget(sizes: list[int]) -> None:
    """Each pair stands in a set; a set of more than two has few combinations; there are never more sets than pairs."""
    groups = group_columns(sizes, MOST_GROUPS)

    pairs = {(i, j) for j in range(len(sizes)) for i in range(j)}
    assert {(i, j) for group in groups for j in group for i in group if i < j} == pairs
    assert len(groups) <= len(pairs)
    for group in groups:
        combined = 1
        for place in group:
            combined *= sizes[place]
        assert len(group) == 2 or combined <= MOST_GROUPS


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(*[st.one_of(st.none(), st.sampled_from(["a", "b", "", "ä"]))] * 3), max_size=40))
def test_both_ways_of_crossing_categories_agree(rows: list[tuple[str | None, ...]]) -> None:
    """Counting the cells of few rows here gives the cross tables that grouping gives, missing cells left out."""
    table = make_table([column(name, "VARCHAR") for name in "xyz"], rows)
    columns = profile_table(table).profile.columns

    here = cross_counts.cross_counts(table, columns).counts
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cross_counts, "CELLS_PER_GROUPING", -1)
        patch.setattr(cross_counts, "ROWS_PER_GROUP", 1)
        grouped = cross_counts.cross_counts(table, columns).counts

    assert here == grouped
    assert set(here) == {("x", "y"), ("x", "z"), ("y", "z")}
