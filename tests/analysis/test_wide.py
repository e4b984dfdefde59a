"""A very wide table keeps all counts, and the result stays small: what has no room is told elsewhere."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.engine.tables import column, make_table

from datapilot.actions.analyze_dataset import analyze_file, report_json
from datapilot.actions.verify_result import verify_report
from datapilot.analysis.profiling import profile_table
from datapilot.analysis.wide import (
    AMBIGUITIES,
    CONVERSION_BYTES,
    RESULT_BYTES,
    SHARED_BYTES,
    TOLD_IN_FULL,
    Told,
    fit_columns,
)
from datapilot.contracts.limits import Limits
from datapilot.contracts.measure import Fact, Measure
from datapilot.contracts.profile import (
    BriefColumn,
    ColumnInFull,
    ColumnProfile,
    NumericStats,
    Rhythm,
    TableProfile,
    TextPattern,
    TopValue,
)
from datapilot.contracts.table import Ambiguity, Conversion, ReadingOptions, Receipt
from datapilot.engine.preview import FEWEST_ROWS, PREVIEW_BYTES, preview_rows

pytestmark = pytest.mark.spec("B9")

RECEIPT = Receipt(file_type="csv")
STATS = NumericStats(
    count=100, sum=None, mean=1 / 3, min=-1e-9, max=1e9 / 7, median=1 / 7, std=2 / 3, skew=1 / 9, kurtosis=-1 / 9,
    zeros=1, negatives=1, outliers=1,
    quantiles={f"p{q:02d}": q / 7 for q in (1, 5, 25, 50, 75, 95, 99)},
)  # fmt: skip
RHYTHM = Rhythm(
    every=1, unit="weekday", regularity=2 / 3, gaps=1_000_000,
    gap_from="2024-02-28T12:00:00.123456", gap_to="2024-02-28T12:00:00.123456",
)  # fmt: skip


def profile_of(names: Sequence[str], *, days: int = 0) -> TableProfile:
    """Return the profile of a table whose columns are numbers, but the first `days`, which are dates."""
    columns = tuple(
        ColumnProfile.model_validate(
            dict(
                column(name, "DATE" if place < days else "DOUBLE"),
                missing_count=1, missing_share=0.01, unique_count=90,
                sample_values=(1 / 3, 2 / 3, 4 / 3, 5 / 3, 7 / 3), minimum=-1e-9, maximum=1e9 / 7,
                top_values=[TopValue(value=value / 7, count=2, share=2 / 300) for value in range(5)],
                reasons=("every cell is a number",),
                min_words=1, max_words=1_000, mean_words=100 / 3,
                patterns=[TextPattern(mask="A" * 40, count=100, share=1 / 3)] * (place % 2),
                rhythm=RHYTHM if place < days else None,
            )
        )
        for place, name in enumerate(names)
    )  # fmt: skip
    return TableProfile(
        rows=100, columns=columns, missing_cells=len(names), inconsistent_cells=0, duplicate_rows=0,
        numeric={one.name: STATS for one in columns if one.storage == "DOUBLE"},
    )  # fmt: skip


def shared_bytes(told: Told) -> int:
    """Return the bytes that columns, statistics and preview may take together."""
    schema = sum(len(one.model_dump_json().encode()) + 1 for one in told.columns)
    stats = sum(
        len(one.model_dump_json().encode()) + len(json.dumps(name, ensure_ascii=False).encode()) + 2
        for name, one in told.numeric.items()
    )
    return schema + stats + told.preview_bytes


def test_every_column_is_named_and_some_are_told_in_full() -> None:
    """Of 5,000 columns 500 keep everything, of every kind some; the others name, type, role and counts."""
    names = [f"column {place}" for place in range(5000)]

    told = fit_columns(profile_of(names, days=1000), RECEIPT, facts=())

    assert [one.name for one in told.columns] == names
    assert (told.counts.in_full, told.counts.in_brief, told.counts.left_out) == (TOLD_IN_FULL, 4500, 0)
    full = [one for one in told.columns if isinstance(one, ColumnProfile)]
    assert 100 < sum(one.inferred_type == "datetime" for one in full) < 400
    assert set(told.numeric) == {one.name for one in full if one.inferred_type == "numeric"}
    brief = next(one for one in told.columns if isinstance(one, BriefColumn))
    assert json.loads(brief.model_dump_json()).keys() == {
        "name", "inferred_type", "role", "missing_count", "unique_count",
    }  # fmt: skip
    assert "5,000 columns: the 500 that tell most" in told.notes[-1]
    assert shared_bytes(told) <= SHARED_BYTES


def test_names_of_five_thousand_columns_have_room_however_long() -> None:
    """With 200 characters a name all 5,000 are named; fewer are told in full, and it is said how many."""
    names = [f"{place:05d}".ljust(200, "x") for place in range(5000)]

    told = fit_columns(profile_of(names), RECEIPT, facts=())

    assert [one.name for one in told.columns] == names
    assert 50 < told.counts.in_full < TOLD_IN_FULL
    assert told.counts.in_full + told.counts.in_brief == 5000
    assert shared_bytes(told) <= SHARED_BYTES


@pytest.mark.parametrize(
    ("count", "length", "letter"),
    [
        pytest.param(20_000, 12, "x", id="as many columns as can be read"),
        pytest.param(5_000, 200, "表", id="long names of three bytes a character"),
        pytest.param(5_000, 200, "\x01", id="names of control characters, six bytes each in JSON"),
        pytest.param(300, 10_000, "x", id="names as long as a page"),
    ],
)
def test_columns_without_room_are_left_out_and_counted(count: int, length: int, letter: str) -> None:
    """Where even the names do not fit, the least interesting columns are left out; those spoken of never."""
    names = [f"{place:05d}".ljust(length, letter) for place in range(count)]
    spoken_of = Fact(id="f_1", measure=Measure(metric="sum", column=names[-1]), value=1, n=1)

    told = fit_columns(profile_of(names), RECEIPT, facts=[spoken_of])

    assert 0 < told.counts.left_out == count - len(told.columns)
    assert told.columns[-1].name == names[-1]
    assert isinstance(told.columns[-1], ColumnProfile)
    assert f"{told.counts.left_out:,} of them had no room" in told.notes[-1]
    assert shared_bytes(told) <= SHARED_BYTES


def test_long_texts_of_many_columns_are_cut() -> None:
    """Samples, frequent values and preview stay small in bytes, whatever the texts; counts stay as they are."""
    columns = [column(f"a long name of a column, number {place}", "VARCHAR") for place in range(300)]
    rows = [[f"{row % 4} " + "日本語 " * 200 for _ in columns] for row in range(40)]
    table = make_table(columns, rows)
    profile = profile_table(table).profile

    told = fit_columns(profile, RECEIPT, facts=())

    assert sum(len(one.model_dump_json()) for one in told.columns) < 900_000 < len(profile.model_dump_json())
    assert [one.unique_count for one in told.columns] == [4] * 300
    full = [one for one in told.columns if isinstance(one, ColumnProfile)]
    assert all(str(top.value).endswith("…") for one in full for top in one.top_values)
    preview = preview_rows(table)
    assert 0 < len(preview) < 40
    assert len(json.dumps(preview, ensure_ascii=False).encode()) < 1.3 * PREVIEW_BYTES


def test_preview_of_little_room_holds_the_first_columns() -> None:
    """Rather a few rows of some columns than one row of all."""
    columns = [column(f"{place:03d}".ljust(200, "x"), "BIGINT") for place in range(300)]
    table = make_table(columns, [[row] * 300 for row in range(60)])

    preview = preview_rows(table, [one.name for one in columns[1:]], most_bytes=40_000)

    assert len(preview) >= FEWEST_ROWS
    assert list(preview[0]) == [one.name for one in columns[1:]][: len(preview[0])]
    assert len(json.dumps(preview).encode()) < 44_000


def test_conversions_that_failed_have_room_first() -> None:
    """A receipt has thousands of conversions: those with a failure stay, in file order, and all are counted."""
    conversions = tuple(
        Conversion(column=f"column {place}".ljust(200), to="numeric", format="decimal point", converted=9,
                   failed=int(place >= 2900), failed_rows=tuple(range(place >= 2900)))
        for place in range(3000)
    )  # fmt: skip
    doubts = tuple(
        Ambiguity(column=f"c{place}", question="?", chosen="a", other="b", effect="some") for place in range(900)
    )
    receipt = Receipt(
        file_type="csv", conversions=conversions, conversions_count=3000, ambiguities=doubts, ambiguities_count=900
    )

    told = fit_columns(profile_of(["a"]), receipt, facts=()).receipt

    assert told.conversions[-100:] == conversions[-100:]
    assert told.conversions[0] == conversions[0]
    assert sum(len(one.model_dump_json()) for one in told.conversions) <= CONVERSION_BYTES
    assert (told.conversions_count, told.ambiguities_count, len(told.ambiguities)) == (3000, 900, AMBIGUITIES)


def test_ordinary_tables_are_told_as_they_are() -> None:
    """Up to 500 columns nothing is left out, nothing is noted, and every key is there."""
    profile = profile_of([f"column {place}" for place in range(TOLD_IN_FULL)])

    told = fit_columns(profile, RECEIPT, facts=())

    assert told.is_whole
    assert told.columns == profile.columns
    assert (told.numeric, told.receipt, told.notes) == (profile.numeric, RECEIPT, ())
    assert {"pii", "subtype"} <= json.loads(told.columns[0].model_dump_json()).keys()


def test_report_on_a_wide_file_is_small_true_and_complete_with_its_columns(tmp_path: Path) -> None:
    """The report of a file with more columns than it tells verifies; the columns beside it hold everything."""
    path, out = tmp_path / "wide.csv", tmp_path / "columns.jsonl"
    names = [f"reading {place}".ljust(200, "x") for place in range(520)]
    path.write_text("\n".join(",".join(row) for row in [names, *([str(row * 7)] * 520 for row in range(6))]) + "\n")

    report = analyze_file(path, name="wide.csv", job_id="x", options=ReadingOptions(), limits=Limits(), columns_out=out)

    assert len(report_json(report).encode()) < RESULT_BYTES
    assert report.columns_told is not None
    assert report.columns_told.in_brief == 20
    assert report.file_info.cols == report.kpis.col_count == 520
    lines = [ColumnInFull.model_validate_json(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [one.column.name for one in lines] == names
    assert all(one.stats is not None and one.conversion is not None for one in lines)
    assert verify_report(report, path, limits=Limits()).mismatches == ()
