"""Give every column its type over all rows: guess from a sample, load once, let the cells that do not fit object."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from datapilot.contracts.table import Ambiguity, Column, Conversion, DateOrder, MlType, ReadingOptions
from datapilot.engine import duckdb
from datapilot.engine.beside import Beside
from datapilot.engine.table import Table
from datapilot.reading.cleaning import TextColumn, clean_texts
from datapilot.reading.column_types import (
    NO_NUMBERS,
    SEVERAL_CURRENCIES,
    FileHabits,
    as_shown,
    as_sibling,
    describe,
    has_entities,
    plan_column,
    siblings,
)
from datapilot.reading.evidence import WHITESPACE, Evidence, transpose, voters
from datapilot.reading.missing import missing_spellings, strip
from datapilot.reading.plan import Plan
from datapilot.reading.roles import months_alike
from datapilot.reading.text_table import TextTable, quoted

RELATION = "data"
BESIDE_ROWS = 100_000  # from here on grouping the texts takes longer than the classes of the columns
BATCH_COLUMNS = 40  # more aggregates in one statement cost the planner more than they save the scan
ROUNDS = 4  # a plan that the rows refute is replaced; after so many the column stays text
MOST_CURRENCY_NOTES = 20
MOST_MISFIT_TEXTS = 3000
LONGEST_LABEL = 60  # mean length in bytes above which repeated texts are prose, not labels
LARGEST = "CAST('1.7976931348623157e308' AS DOUBLE)"
NO_DATES = "With the order of day and month that you chose, the cells are no dates."
SPOKEN_ORDERS = {
    "DMY": ("day/month/year",), "MDY": ("month/day/year",), "YMD": ("year-month-day", "year/month/day"),
}  # fmt: skip
NO_MISFITS = "a cell does not fit"  # what the engine says when a column that was to be clean is not
TOLERATED = 0.05  # share of filled cells that may not fit a numeric or date column


class TypedTable(NamedTuple):
    """The table and what the receipt says of its columns."""

    table: Table
    conversions: tuple[Conversion, ...]
    ambiguities: tuple[Ambiguity, ...]
    decimal: str | None
    blank_rows: int = 0
    notes: tuple[str, ...] = ()


@dataclass
class _Pending:
    """One column on its way to a type."""

    position: int
    evidence: Evidence
    plan: Plan
    strips: bool
    is_clean: bool
    misfits: Counter[str] = field(default_factory=Counter)  # the most frequent ones
    failed: int = 0  # cells that do not fit, of all misfits
    missing: Counter[str] = field(default_factory=Counter)

    @property
    def text(self) -> str:
        return f"trim(c{self.position}, {quoted(WHITESPACE)})" if self.strips else f"c{self.position}"

    @property
    def misfit_column(self) -> str:
        return f"m{self.position}"

    @property
    def keeps_misfits(self) -> bool:
        """Whether cells that do not fit have a column of their own while the table is loaded."""
        return self.plan.value is not None and not self.is_clean


def type_table(text: TextTable, *, options: ReadingOptions, connection: duckdb.DuckDBPyConnection) -> TypedTable:
    """Load `text` into the relation `data` with typed columns; cells that do not fit are kept as misfits."""
    columns = _first_plans(text, options)
    for round_number in range(ROUNDS):
        rows, blank_rows = _load(text, columns, connection)
        changed = _object(columns, rows, options, connection, last=round_number == ROUNDS - 1)
        if not changed:
            break
    texts = [_text_column(column, text) for column in columns if column.plan.value is None]
    with Beside(lambda: clean_texts(connection, RELATION, texts, rows=rows), is_long=rows > BESIDE_ROWS) as cleaning:
        from datapilot.reading.ml_type import ml_types  # noqa: PLC0415  # numpy, which loads while the engine scans

        classes = ml_types([column.evidence for column in columns], rows=rows)
    cleaned = cleaning.answer()
    misfits = _drop_unused(columns, connection)
    _mark_constants(columns, connection)
    _mark_repeating(columns, connection)
    described = _with_months_alike([_describe(c, rows, ml) for c, ml in zip(columns, classes, strict=True)])
    table = Table(
        connection=connection,
        columns=described,
        row_count=rows,
        relation=RELATION,
        misfits=misfits,
        grouped=cleaned.grouped,
        keys=frozenset(f"c{one.position}" for one in texts if one.is_key),
    )
    conversions = _conversions(columns, described, cleaned.missing, connection)
    notes = (
        *_notes_on_decimal(columns, options),
        *_notes_on_date_order(columns, options),
        *_notes_on_currencies(columns),
    )
    return TypedTable(table, conversions, _ambiguities(text, columns, connection), _decimal(columns), blank_rows, notes)


def _text_column(column: _Pending, text: TextTable) -> TextColumn:
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


def _first_plans(text: TextTable, options: ReadingOptions) -> list[_Pending]:
    evidences = list(evidences_of(text))
    spelled_out = siblings(text.names)
    plans = [plan_column(evidence, options=options, habits=FileHabits()) for evidence, _ in evidences]
    habits = _habits([plan for plan, (e, _) in zip(plans, evidences, strict=True) if not e.is_native])
    columns = []
    for position, ((evidence, strips), plan) in enumerate(zip(evidences, plans, strict=True)):
        # Only where a column by itself leaves two readings open does the rest of the file decide.
        settled = plan if plan.other is None else plan_column(evidence, options=options, habits=habits)
        if evidence.name in spelled_out and evidence.name not in options.types:
            settled = as_sibling(settled, evidence)
        if (mark := text.shown.get(position)) is not None:
            settled = as_shown(settled, mark)
        is_clean = not strips and not evidence.missing and settled.fit == 1.0
        columns.append(_Pending(position, evidence, settled, strips, is_clean))
    return columns


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


def _load(text: TextTable, columns: Sequence[_Pending], connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Load the table and return its rows and how many blank ones were left out.

    Columns whose sample is clean are expected to be clean and keep no misfits, which saves a fifth of the time. Where
    a cell disappoints, the table is loaded again with room for the misfits of all columns.
    """
    try:
        _load_clean(text, columns, connection)
    except (duckdb.InvalidInputException, duckdb.ConversionException) as refused:
        if isinstance(refused, duckdb.InvalidInputException) and NO_MISFITS not in str(refused):
            raise
        for column in columns:
            column.is_clean = False
        connection.execute(_loading(text, columns))
    rows = _rows(connection)
    cells = [name for column in columns for name in _cells(column)]
    blank = _all_missing(cells)
    # Hardly a row has nothing in all of the first columns: then none is blank.
    if not text.may_have_blank_rows or not _rows(connection, _all_missing(cells[:BATCH_COLUMNS])):
        return rows, 0
    blank_rows = _rows(connection, blank)
    if blank_rows:
        connection.execute(f"CREATE OR REPLACE TABLE {RELATION} AS SELECT * FROM {RELATION} WHERE NOT ({blank})")
    return rows - blank_rows, blank_rows


def _rows(connection: duckdb.DuckDBPyConnection, condition: str = "true") -> int:
    found = connection.execute(f"SELECT count(*) FROM {RELATION} WHERE {condition}").fetchone()
    return int(found[0]) if found else 0


def _all_missing(physicals: Sequence[str]) -> str:
    return " AND ".join(f"{name} IS NULL" for name in physicals)


def _load_clean(text: TextTable, columns: Sequence[_Pending], connection: duckdb.DuckDBPyConnection) -> None:
    """Load the table, casting clean columns outright where their values show afterwards whether all are meant: to judge
    each cell on its way costs twice the cast. Raises InvalidInputException or ConversionException for a cell that does
    not fit."""
    strict = [column for column in columns if column.is_clean and column.plan.is_any_finite]
    connection.execute(_loading(text, columns, strict=frozenset(column.position for column in strict)))
    for batch in _batches(strict):
        # NaN is greater than all: two comparisons, which the engine's own least and greatest values answer.
        cells = ", ".join(f"c{one.position}" for one in batch)
        beyond = f"greatest({cells}) > {LARGEST} OR least({cells}) < -{LARGEST}"
        if connection.execute(f"SELECT 1 FROM {RELATION} WHERE {beyond} LIMIT 1").fetchone() is not None:
            raise duckdb.InvalidInputException(NO_MISFITS)


def _loading(text: TextTable, columns: Sequence[_Pending], *, strict: frozenset[int] = frozenset()) -> str:
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


def _cells(column: _Pending) -> list[str]:
    """The physical columns that together hold what stood in the file's cell."""
    return [f"c{column.position}", *([column.misfit_column] if column.keeps_misfits else [])]


def _object(
    columns: Sequence[_Pending],
    rows: int,
    options: ReadingOptions,
    connection: duckdb.DuckDBPyConnection,
    *,
    last: bool,
) -> bool:
    """Look at all cells that did not fit. Returns True when a plan changed, so that the table must be loaded again."""
    typed = [column for column in columns if column.keeps_misfits]
    counts = _count(connection, [column.misfit_column for column in typed])
    disappointing = [column for column in typed if counts[column.misfit_column]]
    filled = _count(connection, [f"c{column.position}" for column in disappointing])
    changed = False
    for column in typed:
        column.misfits, column.missing, column.failed = Counter(), Counter(), 0
        if not counts[column.misfit_column]:
            continue
        found = _texts(connection, column)
        stripped: Counter[str] = Counter()
        for cell, count in found.items():
            stripped[strip(cell)] += count
        blank = stripped.pop("", 0)
        spellings = missing_spellings(column.evidence.values + stripped)
        column.missing = Counter({s: n for s, n in stripped.items() if s in spellings})
        column.misfits = Counter({s: n for s, n in stripped.items() if s not in spellings})
        column.failed = counts[column.misfit_column] - column.missing.total() - blank
        if not column.misfits:
            _forget(connection, column, spellings, blank=blank > 0)
            continue
        good = filled[f"c{column.position}"]
        grown = _grow(column, rows)
        told = column.evidence.name in options.types
        strips = column.strips or any(strip(cell) != cell for cell in found)
        plan = plan_column(grown, options=options, habits=FileHabits(_decimal([c for c in columns if c is not column])))
        too_many = column.failed > TOLERATED * (good + column.failed)
        if told:
            plan = column.plan
        elif too_many and plan.reads_like(column.plan):
            lost_date = options.date_order is not None and column.plan.inferred_type == "datetime"
            plan = _as_text(grown).but(reasons=(NO_DATES,)) if lost_date else _as_text(grown)
        if last and not plan.reads_like(column.plan):
            plan = _as_text(grown)
        if not plan.reads_like(column.plan) or strips != column.strips:
            column.plan, column.strips, changed = plan, strips, True
            column.evidence = grown
            continue
        _forget(connection, column, spellings, blank=blank > 0)
    return changed


def _as_text(evidence: Evidence) -> Plan:
    return plan_column(evidence, options=ReadingOptions(types={evidence.name: "text"}), habits=FileHabits()).but(
        inferred_type="text" if len(evidence.values) > 0.5 * evidence.cells else "categorical",
        reasons=("The cells are of several kinds.",),
    )


def _grow(column: _Pending, rows: int) -> Evidence:
    """Return the evidence with the misfits of all rows, the sample weighted up to them."""
    if not column.evidence.is_partial:
        return column.evidence
    factor = max(1, (rows - column.failed) // max(1, column.evidence.cells))
    weighted = Counter({value: count * factor for value, count in column.evidence.values.items()})
    return replace(column.evidence, values=weighted, missing=column.evidence.missing + column.missing).with_more(
        column.misfits
    )


def _texts(connection: duckdb.DuckDBPyConnection, column: _Pending) -> Counter[str]:
    m = column.misfit_column
    found = connection.execute(
        f"SELECT {m}, count(*) FROM {RELATION} WHERE {m} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT"
        f" {MOST_MISFIT_TEXTS}"
    ).fetchall()
    return Counter(dict(found))


def _forget(connection: duckdb.DuckDBPyConnection, column: _Pending, spellings: frozenset[str], *, blank: bool) -> None:
    """Blank the misfit text of cells that are missing, so that they count as such."""
    m = column.misfit_column
    if not column.misfits:
        connection.execute(f"ALTER TABLE {RELATION} DROP COLUMN {m}")
        connection.execute(f"ALTER TABLE {RELATION} ADD COLUMN {m} VARCHAR")
        return
    if spellings or blank:
        literals = ", ".join(quoted(spelling) for spelling in sorted({*spellings, ""}))
        connection.execute(
            f"UPDATE {RELATION} SET {m} = NULL WHERE {m} IS NOT NULL AND trim({m}, {quoted(WHITESPACE)}) IN"
            f" ({literals})"
        )


def _drop_unused(columns: Sequence[_Pending], connection: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
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


def _mark_constants(columns: Sequence[_Pending], connection: duckdb.DuckDBPyConnection) -> None:
    """Find the columns whose every cell says the same, among those where the sample shows one value."""
    suspects = [
        c
        for c in columns
        if len(c.evidence.values) == 1 and not c.misfits and not c.evidence.blanks and not c.evidence.missing
    ]
    for column in suspects:
        if not column.evidence.is_partial and column.evidence.cells > 1:  # all cells were seen: nobody need be asked
            column.plan = _as_constant(column.plan)
    for batch in _batches([column for column in suspects if column.evidence.is_partial]):
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


def _mark_repeating(columns: Sequence[_Pending], connection: duckdb.DuckDBPyConnection) -> None:
    """Texts that hardly repeat in the sample may still be labels of a long table: a count over all rows tells."""
    suspects = [c for c in columns if c.plan.inferred_type == "text" and c.evidence.is_partial and c.plan.value is None]
    for batch in _batches(suspects):
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


def _describe(column: _Pending, rows: int, ml_type: MlType) -> Column:
    filled = column.evidence.cells
    described = describe(column.plan, column.evidence, ml_type)
    wrong = column.failed
    if wrong and rows:
        confidence = min(
            described.confidence, max(0.3, 1 - wrong / max(1, min(rows, filled) if filled < rows else rows))
        )
        return described.model_copy(update={"confidence": round(confidence, 3)})
    return described


def _with_months_alike(columns: Sequence[Column]) -> tuple[Column, ...]:
    roles = months_alike([column.name for column in columns], [column.role for column in columns])
    return tuple(
        column if column.role == role else column.model_copy(update={"role": role})
        for column, role in zip(columns, roles, strict=True)
    )


def _conversions(
    columns: Sequence[_Pending],
    described: Sequence[Column],
    cleaned: Mapping[int, Counter[str]],
    connection: duckdb.DuckDBPyConnection,
) -> tuple[Conversion, ...]:
    """Return what was done to each column; columns that stayed text as it stands are left out."""
    converted = []
    for column, described_as in zip(columns, described, strict=True):
        missing = column.missing if column.plan.value is not None else cleaned.get(column.position, Counter())
        stays = described_as.storage == "VARCHAR" and described_as.inferred_type in {
            "text", "categorical", "constant", "empty",
        }  # fmt: skip
        if column.plan.value is not None or missing or not stays:
            converted.append((column, described_as, missing))
    filled = _count(connection, [f"c{column.position}" for column, _, _ in converted])
    return tuple(
        _conversion(column, described_as, missing, filled[f"c{column.position}"], connection)
        for column, described_as, missing in converted
    )


def _conversion(
    column: _Pending,
    described: Column,
    missing: Counter[str],
    filled: int,
    connection: duckdb.DuckDBPyConnection,
) -> Conversion:
    rows: list[int] = []
    examples: list[str] = []
    if column.misfits:
        m = column.misfit_column
        found = connection.execute(
            f"SELECT rowid, {m} FROM {RELATION} WHERE {m} IS NOT NULL ORDER BY rowid LIMIT 20"
        ).fetchall()
        rows = [int(row) for row, _ in found]
        examples = list(dict.fromkeys(str(cell)[:80] for _, cell in found))[:5]
    return Conversion(
        column=described.name,
        to=described.inferred_type,
        format=column.plan.words,
        converted=filled,
        failed=column.failed,
        missing_tokens=dict(sorted(missing.items(), key=lambda one: (-one[1], one[0]))[:20]),
        failed_examples=tuple(examples),
        failed_rows=tuple(rows),
    )


def _ambiguities(
    text: TextTable, columns: Sequence[_Pending], connection: duckdb.DuckDBPyConnection
) -> tuple[Ambiguity, ...]:
    found = []
    for column in columns:
        other = column.plan.other
        if other is None:
            continue
        effect = _effect(text, column, connection)
        if effect is None:
            continue
        found.append(
            Ambiguity(
                column=column.evidence.name,
                question=other.question,
                chosen=other.chosen,
                other=other.other,
                effect=effect,
                option=other.option,
            )
        )
    return tuple(found)


def _effect(text: TextTable, column: _Pending, connection: duckdb.DuckDBPyConnection) -> str | None:
    """Say in numbers what the other reading would change; None when it would change nothing."""
    other = column.plan.other
    if other is None or other.value is None:
        return "The column would be read as text."
    rival = other.value.replace("{x}", column.text)
    c, name = f"c{column.position}", column.evidence.name
    if column.plan.storage in {"BIGINT", "DOUBLE"} and other.storage in {"BIGINT", "DOUBLE"}:
        here = connection.execute(f"SELECT sum({c}), avg({c}) FROM {RELATION}").fetchone() or (0, 0)
        there = connection.execute(
            f"SELECT sum(v), avg(v) FROM (SELECT {rival} AS v FROM {text.source})"
        ).fetchone() or (0, 0)
        if here == there:
            return None
        return (
            f"The sum of {name} would be {_show(there[0])} instead of {_show(here[0])}, its mean {_show(there[1])}"
            f" instead of {_show(here[1])}."
        )
    here = connection.execute(f"SELECT min({c}), max({c}) FROM {RELATION}").fetchone() or (None, None)
    there = connection.execute(f"SELECT min(v), max(v) FROM (SELECT {rival} AS v FROM {text.source})").fetchone() or (
        None,
        None,
    )
    return f"{name} would run from {there[0]} to {there[1]} instead of from {here[0]} to {here[1]}."


def _show(value: object) -> str:
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def _notes_on_decimal(columns: Sequence[_Pending], options: ReadingOptions) -> tuple[str, ...]:
    """Say which columns the user's decimal mark makes texts of."""
    lost = [c.evidence.name for c in columns if c.plan.reasons[:1] == (NO_NUMBERS.get(options.decimal or ""),)]
    if not lost:
        return ()
    verb = "is text and no number" if len(lost) == 1 else "are texts and no numbers"
    return (f"With the decimal mark “{options.decimal}” that you chose, {_listed(lost)} {verb}.",)


def _notes_on_date_order(columns: Sequence[_Pending], options: ReadingOptions) -> tuple[str, ...]:
    """Say which columns the user's order of day and month makes texts of, or that it fits none."""
    if options.date_order is None:
        return ()
    if lost := [column.evidence.name for column in columns if column.plan.reasons[:1] == (NO_DATES,)]:
        verb = "is text and no date" if len(lost) == 1 else "are texts and no dates"
        return (f"With the order of day and month that you chose ({options.date_order}), {_listed(lost)} {verb}.",)
    if any(words in column.plan.words for column in columns for words in SPOKEN_ORDERS[options.date_order]):
        return ()
    return (
        f"The order of day and month that you chose ({options.date_order}) changes nothing: no column has such dates.",
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names[:10]) + (", …" if len(names) > 10 else "")


def _notes_on_currencies(columns: Sequence[_Pending]) -> tuple[str, ...]:
    """Say which columns are texts because their amounts are in several currencies."""
    return tuple(
        f"“{column.evidence.name}” is kept as text. {column.plan.reasons[0]}"
        for column in columns
        if column.plan.reasons and column.plan.reasons[0].startswith(SEVERAL_CURRENCIES)
    )[:MOST_CURRENCY_NOTES]


def _decimal(columns: Sequence[_Pending]) -> str | None:
    if any("decimal comma" in column.plan.words for column in columns):
        return ","
    if any("decimal point" in column.plan.words for column in columns):
        return "."
    return None


def _count(connection: duckdb.DuckDBPyConnection, physical: Sequence[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for start in range(0, len(physical), 4 * BATCH_COLUMNS):
        batch = physical[start : start + 4 * BATCH_COLUMNS]
        row = (
            connection.execute(f"SELECT {', '.join(f'count({name})' for name in batch)} FROM {RELATION}").fetchone()
            or ()
        )
        counts.update(zip(batch, map(int, row), strict=True))
    return counts


def _batches(columns: Sequence[_Pending]) -> Iterator[Sequence[_Pending]]:
    for start in range(0, len(columns), BATCH_COLUMNS):
        yield columns[start : start + BATCH_COLUMNS]
