"""A table of a thousand columns keeps all counts and the statistics of the columns that tell most."""

import pytest
from tests.engine.tables import column, make_table

from datapilot.analysis.profiling import profile_table
from datapilot.analysis.wide import TOLD_IN_FULL, keep_interesting

pytestmark = pytest.mark.spec("B9")


def test_wide_profiles_keep_counts_for_all_and_statistics_for_some() -> None:
    """Dates and related columns are among those told in full; the note says how many there are."""
    columns = [column(f"n{place}", "BIGINT") for place in range(TOLD_IN_FULL + 100)] + [column("day", "DATE")]
    rows = [[(place * row) % 7 for place in range(len(columns) - 1)] + [f"2024-01-{row + 1:02d}"] for row in range(9)]
    profile = profile_table(make_table(columns, rows)).profile

    brief = keep_interesting(profile)

    assert [one.unique_count for one in brief.columns] == [one.unique_count for one in profile.columns]
    assert sum(bool(one.sample_values) for one in brief.columns) == TOLD_IN_FULL
    assert len(brief.numeric) == TOLD_IN_FULL - 1
    assert brief.columns[-1].sample_values
    assert "601 columns" in brief.notes[-1]


def test_ordinary_profiles_stay_as_they_are() -> None:
    """Up to 500 columns nothing is left out."""
    profile = profile_table(make_table([column("a", "BIGINT")], [[1], [2]])).profile

    assert keep_interesting(profile) is profile
