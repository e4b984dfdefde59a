"""What the receipt says of conversions: what became of cells, which other reading there was, what a choice cost."""

from collections import Counter
from collections.abc import Mapping, Sequence

from datapilot.contracts.table import Ambiguity, Column, Conversion, ReadingOptions
from datapilot.engine import duckdb
from datapilot.engine.table import Table
from datapilot.reading.columns.column_types import NO_NUMBERS, SEVERAL_CURRENCIES
from datapilot.reading.columns.pending import RELATION, PendingColumn, count_filled
from datapilot.reading.columns.stand_ins import BOUND
from datapilot.reading.text_table import TextTable

MOST_CURRENCY_NOTES = 20
MOST_BOUND_NOTES = 10
NO_DATES = "With the order of day and month that you chose, the cells are no dates."
SPOKEN_ORDERS = {
    "DMY": ("day/month/year",), "MDY": ("month/day/year",), "YMD": ("year-month-day", "year/month/day"),
}  # fmt: skip


def conversions_of(
    columns: Sequence[PendingColumn],
    described: Sequence[Column],
    cleaned: Mapping[int, Counter[str]],
    table: Table,
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
    filled = _filled(table, [f"c{column.position}" for column, _, _ in converted])
    return tuple(
        _conversion(column, described_as, missing, filled[f"c{column.position}"], table.connection)
        for column, described_as, missing in converted
    )


def _filled(table: Table, physicals: Sequence[str]) -> dict[str, int]:
    """Return how many cells of each column are filled; the engine is asked of those that nobody has counted yet."""
    known = {one: table.grouped[one].count if one in table.grouped else table.cells.count(one) for one in physicals}
    counted = {one: count for one, count in known.items() if count is not None}
    return counted | count_filled(table.connection, [one for one in physicals if one not in counted])


def _conversion(
    column: PendingColumn,
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


def ambiguities_of(
    text: TextTable, columns: Sequence[PendingColumn], connection: duckdb.DuckDBPyConnection
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


def _effect(text: TextTable, column: PendingColumn, connection: duckdb.DuckDBPyConnection) -> str | None:
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


def notes_on_decimal(columns: Sequence[PendingColumn], options: ReadingOptions) -> tuple[str, ...]:
    """Say which columns the user's decimal mark makes texts of."""
    lost = [c.evidence.name for c in columns if c.plan.reasons[:1] == (NO_NUMBERS.get(options.decimal or ""),)]
    if not lost:
        return ()
    verb = "is text and no number" if len(lost) == 1 else "are texts and no numbers"
    return (f"With the decimal mark “{options.decimal}” that you chose, {_listed(lost)} {verb}.",)


def notes_on_date_order(columns: Sequence[PendingColumn], options: ReadingOptions) -> tuple[str, ...]:
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


def notes_on_currencies(columns: Sequence[PendingColumn]) -> tuple[str, ...]:
    """Say which columns are texts because their amounts are in several currencies."""
    return tuple(
        f"“{column.evidence.name}” is kept as text. {column.plan.reasons[0]}"
        for column in columns
        if column.plan.reasons and column.plan.reasons[0].startswith(SEVERAL_CURRENCIES)
    )[:MOST_CURRENCY_NOTES]


def bounds_of(column: PendingColumn) -> Counter[str]:
    """Return the bounds among the cells that count as missing: how often each is written."""
    return Counter({text: count for text, count in column.missing.items() if BOUND.fullmatch(text)})


def notes_on_bounds(columns: Sequence[PendingColumn]) -> tuple[str, ...]:
    """Say which columns hold bounds such as `<5` instead of some numbers, which no statistic can count."""
    notes = []
    for column in columns:
        bounds = bounds_of(column)
        if bounds:
            cells = "1 cell" if bounds.total() == 1 else f"{bounds.total():,} cells"
            example = min(bounds, key=lambda text: (-bounds[text], text))
            notes.append(
                f"{cells} of “{column.evidence.name}” give{'s' if bounds.total() == 1 else ''} only a bound, such as"
                f" “{example}”; no figure of the column counts {'it' if bounds.total() == 1 else 'them'}."
            )
    return tuple(notes[:MOST_BOUND_NOTES])
