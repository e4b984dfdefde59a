"""A table of a thousand columns keeps all counts and the statistics of the columns that tell most."""

import json

import pytest
from tests.engine.tables import column, make_table

from datapilot.analysis.profiling import profile_table
from datapilot.analysis.wide import TOLD_IN_FULL, keep_interesting
from datapilot.engine.preview import PREVIEW_BYTES, preview_rows

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


def test_long_texts_of_many_columns_are_cut() -> None:
    """Samples, frequent values and preview stay small in bytes, whatever the texts; counts stay as they are."""
    columns = [column(f"a long name of a column, number {place}", "VARCHAR") for place in range(300)]
    rows = [[f"{row % 4} " + "日本語 " * 200 for _ in columns] for row in range(40)]
    table = make_table(columns, rows)
    profile = profile_table(table).profile

    told = keep_interesting(profile)

    assert len(told.model_dump_json()) < 900_000 < len(profile.model_dump_json())
    assert [one.unique_count for one in told.columns] == [4] * 300
    assert all(str(top.value).endswith("…") for one in told.columns for top in one.top_values)
    preview = preview_rows(table)
    assert 0 < len(preview) < 40
    assert len(json.dumps(preview, ensure_ascii=False).encode()) < 1.3 * PREVIEW_BYTES


def test_ordinary_profiles_stay_as_they_are() -> None:
    """Up to 500 columns nothing is left out."""
    profile = profile_table(make_table([column("a", "BIGINT")], [[1], [2]])).profile

    assert keep_interesting(profile) is profile
