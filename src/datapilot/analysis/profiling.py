"""Count everything about a table, exactly: the profile that all judgements and sentences rest on."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from datapilot.analysis.answer_tables import find_answer_table
from datapilot.analysis.choices import find_choices
from datapilot.analysis.column_summary import ColumnSummary, share
from datapilot.analysis.duplicates import count_duplicates, first_duplicates
from datapilot.analysis.far_dates import ends_of_most
from datapilot.analysis.levels import find_levels
from datapilot.analysis.numeric_stats import ADDABLE, summarize_numbers
from datapilot.analysis.parts_of_totals import find_parts_of_totals
from datapilot.analysis.quotients import find_quotients
from datapilot.analysis.recall import RelationRecall, recall_of
from datapilot.analysis.relations import MAX_CATEGORIES, find_relations
from datapilot.analysis.running_totals import find_running_totals
from datapilot.analysis.samples import sample_values
from datapilot.analysis.texts import TextForm, text_forms
from datapilot.analysis.total_rows import find_rows_beside
from datapilot.analysis.value_counts import summarize_values
from datapilot.analysis.worked_out import find_worked_out
from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact, Measure
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.contracts.table import Column, Role
from datapilot.engine.beside import Beside
from datapilot.engine.evaluate import evaluate
from datapilot.engine.grouped import TOP_VALUES
from datapilot.engine.table import Table
from datapilot.words.numbers import show
from datapilot.words.render import label_in_sentence

WHOLE_TABLE = (
    Measure(metric="count"),
    Measure(metric="missing_count"),
    Measure(metric="missing_share"),
    Measure(metric="duplicate_rows"),
)
NUMBERS_AT_ONCE = 8_000_000  # cells fetched together: 64 MB of doubles
NEAR_KEY = 0.01  # of a key's values that may come again before it is none
FEWEST_KEYS = 100
BESIDE_ROWS = 100_000  # from here on counting takes longer than handing the interpreter to and fro
ROWS_AT_ONCE = 1_000_000  # of a longer column; counting a part takes some copies of it


class Profiled(NamedTuple):
    """The profile as far as `relate`, and the facts of its counts of rows and cells."""

    profile: TableProfile
    facts: tuple[Fact, ...]


def profile_table(table: Table) -> Profiled:
    """Return every figure of a table but its relations. Exact; the order of rows shows only in samples and row
    indices."""
    summaries = _summaries(table)
    unreadable = _unreadable_counts(table)
    unique = {name: summary.unique_count for name, summary in summaries.items()}
    samples = sample_values(table, unique)
    forms = text_forms(table, summaries)
    columns = tuple(
        _column_profile(
            column,
            summaries[column.name],
            forms.get(column.name, TextForm()),
            unreadable=unreadable.get(column.name, 0),
            samples=samples[column.name],
            table=table,
        )
        for column in table.columns
    )
    columns = _roles_over_rows(columns, table)
    duplicates = 0 if _has_key(table, unique) else count_duplicates(table, unique)
    profile = TableProfile(
        rows=table.row_count,
        columns=columns,
        missing_cells=sum(column.missing_count for column in columns),
        inconsistent_cells=sum(unreadable.values()),
        duplicate_rows=duplicates,
        duplicate_row_examples=first_duplicates(table) if duplicates else (),
        numeric={
            column.name: stats
            for column in table.columns
            if (stats := summaries[column.name].stats) is not None and column.pii is None
        },
        notes=tuple(_near_keys(columns, table.row_count, duplicates)),
    )
    table.memory.sources.append(recall_of(profile, summaries))
    profile = profile.model_copy(
        update={
            "left_out": find_rows_beside(table, profile),
            "answers": find_answer_table(table, profile),
            "most_end": ends_of_most(table, profile),
            "quotients": find_quotients(table, profile),
            "choices": find_choices(table, profile.columns),
            "worked_out": find_worked_out(table, profile.columns),
        }
    )
    return Profiled(profile, tuple(evaluate(WHOLE_TABLE, table)))


def _roles_over_rows(columns: Sequence[ColumnProfile], table: Table) -> tuple[ColumnProfile, ...]:
    """Return the columns with the roles that only all rows together tell, whatever each says by itself."""
    told = _used_as("average", columns, find_levels(columns, table))
    told = _used_as("sum", told, find_parts_of_totals(told, table))
    return _used_as("average", told, find_running_totals(told, table))


def _used_as(role: Role, columns: Sequence[ColumnProfile], names: frozenset[str]) -> tuple[ColumnProfile, ...]:
    return tuple(column.model_copy(update={"role": role}) if column.name in names else column for column in columns)


def relate(profile: TableProfile, table: Table) -> TableProfile:
    """Return the profile with the relations among its amounts and rates, and among its categories; codes and personal
    data stay out."""
    scales = {
        column.name: (stats.mean, stats.std)
        for column in profile.columns
        if column.role in ADDABLE
        and (stats := profile.numeric.get(column.name))
        and stats.mean is not None
        and stats.std
    }
    numbers = [column for column in profile.columns if column.name in scales]
    categories = [
        column
        for column in profile.columns
        if column.inferred_type in ("categorical", "boolean")
        and column.pii is None
        and 2 <= column.unique_count <= MAX_CATEGORIES
        and column.name not in scales
    ]
    relations = find_relations(table, numbers, categories, scales)
    table.memory.sources.append(RelationRecall(relations.found))
    return profile.model_copy(
        update={
            "relations": relations.found,
            "pairs_compared": relations.compared,
            "notes": (*relations.notes, *profile.notes),
        }
    )


def _summaries(table: Table) -> dict[str, ColumnSummary]:
    numbers = [column for column in table.columns if column.storage in ("BIGINT", "DOUBLE")]
    others = [column for column in table.columns if column.storage not in ("BIGINT", "DOUBLE")]
    # Numbers are sorted here while the engine groups the rest.
    counting = partial(_counted, table.beside(), others)
    with Beside(counting, is_long=table.row_count > BESIDE_ROWS) as counted:
        return {**dict(_number_summaries(table, numbers)), **counted.answer()}


def _counted(table: Table, columns: Sequence[Column]) -> dict[str, ColumnSummary]:
    return dict(summarize_values(table, columns))


def _number_summaries(table: Table, columns: Sequence[Column]) -> Iterator[tuple[str, ColumnSummary]]:
    if table.row_count > 2 * ROWS_AT_ONCE:
        for column in columns:
            yield column.name, summarize_numbers(column, _in_parts(table, column), rows=table.row_count, top=TOP_VALUES)
        return
    at_once = max(1, NUMBERS_AT_ONCE // max(1, table.row_count))
    for start in range(0, len(columns), at_once):
        batch = columns[start : start + at_once]
        fetched = table.fetch([column.name for column in batch])
        for column in batch:
            cells = fetched.pop(column.name).compressed()
            yield column.name, summarize_numbers(column, [cells], rows=table.row_count, top=TOP_VALUES)


def _in_parts(table: Table, column: Column) -> Iterator[NDArray[Any]]:
    physical = table.physical(column.name)
    for start in range(0, table.row_count, ROWS_AT_ONCE):
        fetched = table.connection.execute(
            f"SELECT {physical} FROM {table.relation} WHERE rowid >= {start} AND rowid < {start + ROWS_AT_ONCE}"
        ).fetchnumpy()
        yield np.ma.compressed(fetched[physical])


def _unreadable_counts(table: Table) -> dict[str, int]:
    """Return how many cells of each column did not fit its type, for columns that have such cells."""
    if not table.misfits:
        return {}
    counts = ", ".join(f"count({hidden})" for hidden in table.misfits.values())
    row = table.connection.execute(f"SELECT {counts} FROM {table.relation}").fetchone()
    assert row is not None
    return dict(zip(table.misfits, row, strict=True))


def _column_profile(
    column: Column,
    summary: ColumnSummary,
    form: TextForm,
    *,
    unreadable: int,
    samples: tuple[Scalar, ...],
    table: Table,
) -> ColumnProfile:
    missing = table.row_count - summary.count - unreadable
    is_open = column.pii is None
    return ColumnProfile(
        **dict(column),
        label=label_in_sentence(column.name),
        missing_count=missing,
        missing_share=share(missing, table.row_count),
        inconsistent_count=unreadable,
        unique_count=summary.unique_count,
        sample_values=samples,
        top_values=summary.top_values if is_open else (),
        minimum=summary.minimum if is_open else None,
        maximum=summary.maximum if is_open else None,
        min_length=summary.min_length,
        max_length=summary.max_length,
        mean_length=summary.mean_length,
        **form._asdict(),
        rhythm=summary.rhythm if is_open else None,
    )


def _has_key(table: Table, unique_counts: dict[str, int]) -> bool:
    """Whether some column's values are all there and all different, so that no two rows can be equal."""
    return any(count == table.row_count for count in unique_counts.values())


def _near_keys(columns: Sequence[ColumnProfile], rows: int, duplicates: int) -> Iterator[str]:
    """Say of which columns that name things a few values come twice, beyond what whole repeated rows explain."""
    for column in columns:
        filled = rows - column.missing_count - column.inconsistent_count
        repeats = filled - column.unique_count
        is_near = filled >= FEWEST_KEYS and duplicates < repeats <= NEAR_KEY * filled
        if is_near and column.inferred_type == "identifier" and column.pii is None:
            said = "repeats" if repeats == 1 else "repeat"
            yield (
                f"“{column.name}” is nearly a key: {show(repeats, None)} of its {show(filled, None)} values {said} "
                "an earlier one."
            )
