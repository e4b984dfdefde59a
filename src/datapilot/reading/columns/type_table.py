"""Give every column its type over all rows: guess from a sample, load once, let the cells that do not fit object."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from datapilot.contracts.table import Ambiguity, Column, Conversion, DateOrder, MlType, ReadingOptions
from datapilot.engine import duckdb
from datapilot.engine.beside import Beside
from datapilot.engine.cells import HeldCells
from datapilot.engine.table import Table
from datapilot.engine.values import BEYOND
from datapilot.reading.columns.cleaning import TextColumn, clean_texts
from datapilot.reading.columns.column_types import (
    FileHabits,
    as_shown,
    as_sibling,
    describe,
    plan_column,
    siblings,
)
from datapilot.reading.columns.conversions import (
    ambiguities_of,
    bounds_of,
    conversions_of,
    notes_on_bounds,
    notes_on_currencies,
    notes_on_date_order,
    notes_on_decimal,
)
from datapilot.reading.columns.entities import has_entities
from datapilot.reading.columns.evidence import Evidence, transpose, voters
from datapilot.reading.columns.misfits import refute_plans
from datapilot.reading.columns.missing import missing_spellings, strip
from datapilot.reading.columns.pending import BATCH_COLUMNS, RELATION, PendingColumn, batches_of, decimal_of
from datapilot.reading.columns.plan import Plan
from datapilot.reading.columns.roles import hours_of_work, months_alike, traits_of_persons
from datapilot.reading.columns.stand_ins import said_of, without_stand_ins
from datapilot.reading.text_table import TextTable

BESIDE_ROWS = 100_000  # from here on grouping the texts takes longer than the classes of the columns
ROUNDS = 4  # a plan that the rows refute is replaced; after so many the column stays text
LONGEST_LABEL = 60  # mean length in bytes above which repeated texts are prose, not labels
NO_MISFITS = "a cell does not fit"  # what the engine says when a column that was to be clean is not


class TypedTable(NamedTuple):
    """The table and what the receipt says of its columns."""

    table: Table
    conversions: tuple[Conversion, ...]
    ambiguities: tuple[Ambiguity, ...]
    decimal: str | None
    blank_rows: int = 0
    notes: tuple[str, ...] = ()


def type_table(text: TextTable, *, options: ReadingOptions, connection: duckdb.DuckDBPyConnection) -> TypedTable:
    """Load `text` into the relation `data` with typed columns; cells that do not fit are kept as misfits."""
    columns = _first_plans(text, options)
    for round_number in range(ROUNDS):
        rows, blank_rows, cells = _load(text, columns, connection)
        changed = refute_plans(columns, rows, options, connection, last=round_number == ROUNDS - 1)
        if not changed:
            break
    texts = [_text_column(column, text) for column in columns if column.plan.value is None]
    with Beside(lambda: clean_texts(connection, RELATION, texts, rows=rows), is_long=rows > BESIDE_ROWS) as cleaning:
        from datapilot.reading.columns.ml_type import ml_types  # noqa: PLC0415  # numpy, which loads while the engine scans

        classes = ml_types([column.evidence for column in columns], rows=rows)
    cleaned = cleaning.answer()
    misfits = _drop_unused(columns, connection)
    _mark_constants(columns, connection)
    _mark_repeating(columns, connection)
    described = _with_roles_beside([_describe(c, rows, ml) for c, ml in zip(columns, classes, strict=True)])
    table = Table(
        connection=connection,
        columns=described,
        row_count=rows,
        relation=RELATION,
        misfits=misfits,
        grouped=cleaned.grouped,
        keys=frozenset(f"c{one.position}" for one in texts if one.is_key),
        cells=cells,
    )
    conversions = conversions_of(columns, described, cleaned.missing, table)
    notes = (
        *notes_on_decimal(columns, options),
        *notes_on_date_order(columns, options),
        *notes_on_currencies(columns),
        *notes_on_bounds(columns),
    )
    return TypedTable(
        table, conversions, ambiguities_of(text, columns, connection), decimal_of(columns), blank_rows, notes
    )


def _text_column(column: PendingColumn, text: TextTable) -> TextColumn:
    evidence = column.evidence
    return TextColumn(
        position=column.position,
        values=frozenset(evidence.values),
        missing=evidence.missing,
        has_edges=column.strips,
        has_entities=has_entities(evidence),
        is_complete=text.exact_sample,
        is_varied=len(evidence.values) > 0.5 * evidence.cells,
        is_key=len(evidence.values) == evidence.cells,
    )


def _first_plans(text: TextTable, options: ReadingOptions) -> list[PendingColumn]:
    evidences = list(evidences_of(text))
    spelled_out = siblings(text.names)
    plans = [plan_column(evidence, options=options, habits=FileHabits()) for evidence, _ in evidences]
    habits = _habits([plan for plan, (e, _) in zip(plans, evidences, strict=True) if not e.is_native])
    columns = []
    for position, ((found, strips), plan) in enumerate(zip(evidences, plans, strict=True)):
        evidence = found
        # Only where a column by itself leaves two readings open does the rest of the file decide.
        settled = plan if plan.other is None else plan_column(evidence, options=options, habits=habits)
        if settled.value is None and evidence.name not in options.types:
            evidence, settled = _without_stand_ins(evidence, settled, options=options, habits=habits)
        if evidence.name in spelled_out and evidence.name not in options.types:
            settled = as_sibling(settled, evidence)
        if (mark := text.shown.get(position)) is not None:
            settled = as_shown(settled, mark)
        is_clean = not strips and not evidence.missing and settled.fit == 1.0
        columns.append(PendingColumn(position, evidence, settled, strips, is_clean))
    return columns


def _without_stand_ins(
    evidence: Evidence, plan: Plan, *, options: ReadingOptions, habits: FileHabits
) -> tuple[Evidence, Plan]:
    """Return evidence and plan of a column of texts, or of the numbers or dates it holds beside a few words that stand
    for a missing one."""
    rest = without_stand_ins(evidence)
    if rest is None:
        return evidence, plan
    found = plan_column(rest, options=options, habits=habits)
    if found.value is None or found.inferred_type not in {"numeric", "datetime"}:
        return evidence, plan
    thing = "number" if found.inferred_type == "numeric" else "date"
    return rest, found.but(reasons=(*found.reasons, said_of(rest, evidence, thing=thing)))


def evidences_of(text: TextTable) -> Iterator[tuple[Evidence, bool]]:
    """Yield what is known of each column before it has a type, and whether its cells have white space around them."""
    for position, counts in enumerate(transpose(text.sample, len(text.names))):
        stripped: Counter[str] = Counter()
        blanks, strips = 0, False
        for cell, count in counts.items():
            bare = strip(cell) if cell else ""
            if not bare:
                blanks += count
                strips |= bool(cell)
            else:
                stripped[bare] += count
                strips |= bare != cell
        spellings = missing_spellings(stripped)
        missing = Counter({spelling: stripped.pop(spelling) for spelling in spellings})
        chosen = voters(stripped)
        partial = not text.exact_sample or len(chosen) < len(stripped)
        yield Evidence(text.names[position], chosen, missing, blanks, position in text.native, partial), strips


def _habits(plans: Sequence[Plan]) -> FileHabits:
    """Learn from the columns that leave no doubt how this file writes decimals and dates."""
    decimals: Counter[str] = Counter()
    orders: Counter[DateOrder] = Counter()
    for plan in plans:
        if plan.other is not None:
            continue
        if "decimal comma" in plan.words or "thousands point" in plan.words:
            decimals[","] += 1
        elif plan.inferred_type == "numeric" and ("decimal point" in plan.words or "thousands comma" in plan.words):
            decimals["."] += 1
        if "day/month/year" in plan.words:
            orders["DMY"] += 1
        elif "month/day/year" in plan.words:
            orders["MDY"] += 1
    decimal = decimals.most_common(1)[0][0] if len(decimals) == 1 else None
    order = orders.most_common(1)[0][0] if len(orders) == 1 else None
    return FileHabits(decimal, order)


class _Loaded(NamedTuple):
    """The rows of the table, how many blank ones were left out, and the numbers that were looked at."""

    rows: int
    blank_rows: int
    cells: HeldCells


def _load(text: TextTable, columns: Sequence[PendingColumn], connection: duckdb.DuckDBPyConnection) -> _Loaded:
    """Load the table.

    Columns whose sample is clean are expected to be clean and keep no misfits, which saves a fifth of the time. Where
    a cell disappoints, the table is loaded again with room for the misfits of all columns.
    """
    held = HeldCells()
    try:
        rows = _load_clean(text, columns, connection, held)
    except (duckdb.InvalidInputException, duckdb.ConversionException) as refused:
        if isinstance(refused, duckdb.InvalidInputException) and NO_MISFITS not in str(refused):
            raise
        for column in columns:
            column.is_clean = False
        connection.execute(_loading(text, columns))
        rows, held = _rows(connection), HeldCells()
    cells = [name for column in columns for name in _cells(column)]
    blank = _all_missing(cells)
    # Hardly a row has nothing in all of the first columns: then none is blank.
    if not text.may_have_blank_rows or not _rows(connection, _all_missing(cells[:BATCH_COLUMNS])):
        return _Loaded(rows, 0, held)
    blank_rows = _rows(connection, blank)
    if blank_rows:
        connection.execute(f"CREATE OR REPLACE TABLE {RELATION} AS SELECT * FROM {RELATION} WHERE NOT ({blank})")
        held = HeldCells()
    return _Loaded(rows - blank_rows, blank_rows, held)


def _rows(connection: duckdb.DuckDBPyConnection, condition: str = "true") -> int:
    found = connection.execute(f"SELECT count(*) FROM {RELATION} WHERE {condition}").fetchone()
    return int(found[0]) if found else 0


def _all_missing(physicals: Sequence[str]) -> str:
    return " AND ".join(f"{name} IS NULL" for name in physicals)


def _load_clean(
    text: TextTable, columns: Sequence[PendingColumn], connection: duckdb.DuckDBPyConnection, held: HeldCells
) -> int:
    """Load the table, casting clean columns outright where their values show afterwards whether all are meant: to judge
    each cell on its way costs twice the cast. Returns the rows. Raises InvalidInputException or ConversionException for
    a cell that does not fit."""
    strict = [column for column in columns if column.is_clean and column.plan.is_any_computable]
    connection.execute(_loading(text, columns, strict=frozenset(column.position for column in strict)))
    rows = _rows(connection)
    if not _are_computable([f"c{column.position}" for column in strict], rows, connection, held):
        raise duckdb.InvalidInputException(NO_MISFITS)
    return rows


def _are_computable(
    physicals: Sequence[str], rows: int, connection: duckdb.DuckDBPyConnection, held: HeldCells
) -> bool:
    """Return whether all numbers of the columns can be computed with. Those that can be held are fetched: others want
    them."""
    if held.has_room(len(physicals), rows=rows):
        return held.are_computable(connection, RELATION, physicals)
    for start in range(0, len(physicals), BATCH_COLUMNS):
        # NaN is greater than all: two comparisons, which the engine's own least and greatest values answer.
        cells = ", ".join(physicals[start : start + BATCH_COLUMNS])
        beyond = f"greatest({cells}) >= {BEYOND} OR least({cells}) <= -{BEYOND}"
        if connection.execute(f"SELECT 1 FROM {RELATION} WHERE {beyond} LIMIT 1").fetchone() is not None:
            return False
    return True


def _loading(text: TextTable, columns: Sequence[PendingColumn], *, strict: frozenset[int] = frozenset()) -> str:
    inner, outer = [], []
    for column in columns:
        c, v = f"c{column.position}", f"v{column.position}"
        if column.position in strict:
            inner.append(f"CAST({c} AS DOUBLE) AS {c}")
            outer.append(c)
            continue
        if column.plan.value is None:
            inner.append(c)
            outer.append(c)
            continue
        # Cast below, judged above: what stands twice in one CASE is computed twice.
        inner.append(f"{column.plan.sql(column.text)} AS {v}, {c}")
        fits = column.plan.condition(v, column.text)
        if column.is_clean:
            refusal = f"CAST(error('{NO_MISFITS}') AS {column.plan.storage})"
            outer.append(f"CASE WHEN {fits} THEN {v} WHEN {c} IS NOT NULL THEN {refusal} END AS {c}")
        else:
            outer.append(f"CASE WHEN {fits} THEN {v} END AS {c}")
            outer.append(f"CASE WHEN {fits} THEN NULL ELSE {c} END AS {column.misfit_column}")
    return (
        f"CREATE OR REPLACE TABLE {RELATION} AS SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)} FROM"
        f" {text.source})"
    )


def _cells(column: PendingColumn) -> list[str]:
    """The physical columns that together hold what stood in the file's cell."""
    return [f"c{column.position}", *([column.misfit_column] if column.keeps_misfits else [])]


def _drop_unused(columns: Sequence[PendingColumn], connection: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    kept = {}
    for column in columns:
        if column.plan.value is None:
            continue
        if column.misfits:
            kept[column.evidence.name] = column.misfit_column
    typed = [column for column in columns if column.keeps_misfits]
    unused = [column for column in typed if not column.misfits]
    if len(unused) > 64:  # dropping rewrites the table's catalogue entry each time; a wide table is copied once instead
        chosen = [f"c{column.position}" for column in columns] + list(kept.values())
        connection.execute(f"CREATE TABLE kept AS SELECT {', '.join(chosen)} FROM {RELATION}")
        connection.execute(f"DROP TABLE {RELATION}")
        connection.execute(f"ALTER TABLE kept RENAME TO {RELATION}")
        return kept
    for column in unused:
        connection.execute(f"ALTER TABLE {RELATION} DROP COLUMN {column.misfit_column}")
    return kept


def _mark_constants(columns: Sequence[PendingColumn], connection: duckdb.DuckDBPyConnection) -> None:
    """Find the columns whose every cell says the same, among those where the sample shows one value."""
    suspects = [
        c
        for c in columns
        if len(c.evidence.values) == 1 and not c.misfits and not c.evidence.blanks and not c.evidence.missing
    ]
    for column in suspects:
        if not column.evidence.is_partial and column.evidence.cells > 1:  # all cells were seen: nobody need be asked
            column.plan = _as_constant(column.plan)
    for batch in batches_of([column for column in suspects if column.evidence.is_partial]):
        parts = [
            f"min(c{c.position}) IS NOT DISTINCT FROM max(c{c.position}) AND count(*) = count(c{c.position}) AND"
            " count(*) > 1"
            for c in batch
        ]
        answers = connection.execute(f"SELECT {', '.join(parts)} FROM {RELATION}").fetchone() or ()
        for column, answer in zip(batch, answers, strict=True):
            if answer:
                column.plan = _as_constant(column.plan)


def _as_constant(plan: Plan) -> Plan:
    """Return the plan for a column of one value: one that names something is still no amount."""
    names_things = plan.storage == "BIGINT" and plan.inferred_type in {"identifier", "categorical"}
    subtype = plan.subtype or ("code" if names_things else None)
    return plan.but(inferred_type="constant", subtype=subtype, reasons=("Every cell says the same.",))


def _mark_repeating(columns: Sequence[PendingColumn], connection: duckdb.DuckDBPyConnection) -> None:
    """Texts that hardly repeat in the sample may still be labels of a long table: a count over all rows tells."""
    suspects = [c for c in columns if c.plan.inferred_type == "text" and c.evidence.is_partial and c.plan.value is None]
    for batch in batches_of(suspects):
        parts = ", ".join(
            f"approx_count_distinct(c{c.position}), count(c{c.position}), avg(strlen(c{c.position}))" for c in batch
        )
        found = connection.execute(f"SELECT {parts} FROM {RELATION}").fetchone() or ()
        for index, column in enumerate(batch):
            distinct, filled, length = found[3 * index : 3 * index + 3]
            if filled and distinct <= 0.2 * filled and length <= LONGEST_LABEL:
                reason = f"About {distinct:,} labels in {filled:,} cells."
                column.plan = column.plan.but(
                    inferred_type="categorical", words="labels as they stand", reasons=(reason,)
                )


def _describe(column: PendingColumn, rows: int, ml_type: MlType) -> Column:
    filled = column.evidence.cells
    described = describe(column.plan, column.evidence, ml_type)
    if bounds := bounds_of(column).total():
        described = described.model_copy(update={"bounds": bounds})
    wrong = column.failed
    if wrong and rows:
        confidence = min(
            described.confidence, max(0.3, 1 - wrong / max(1, min(rows, filled) if filled < rows else rows))
        )
        return described.model_copy(update={"confidence": round(confidence, 3)})
    return described


def _with_roles_beside(columns: Sequence[Column]) -> tuple[Column, ...]:
    names = [column.name for column in columns]
    roles = months_alike(names, [column.role for column in columns])
    roles = hours_of_work(names, roles, is_dated=any(column.storage in {"DATE", "TIMESTAMP"} for column in columns))
    roles = traits_of_persons(names, roles)
    return tuple(
        column if column.role == role else column.model_copy(update={"role": role})
        for column, role in zip(columns, roles, strict=True)
    )
