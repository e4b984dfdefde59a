"""Clean the cells of text columns in the table: white space at the ends, spellings of missing, HTML escapes."""

import html
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from datapilot.engine import duckdb
from datapilot.engine.grouped import (
    COUNTED_AT_ONCE_ROWS,
    MOST_KEYS,
    DistinctBeside,
    Grouped,
    are_distinct,
    count_cells,
    group_clean_keys,
    group_values,
    hashes_of,
    keys_grouped,
    texts_grouped,
)
from datapilot.reading.evidence import WHITESPACE
from datapilot.reading.missing import ALWAYS_MISSING, missing_spellings, strip
from datapilot.reading.text_table import quoted

_SPELLINGS = sorted(
    {form for word in (*ALWAYS_MISSING, "na") for form in (word, word.upper(), word.capitalize(), "NaN", "NaT")}
)
# The comparisons are false for nearly every cell, at a tenth of the price of the rest: a CASE keeps the order, which an
# AND leaves to the engine. One distance from the middle of ASCII, because the last letter is looked up for each.
_BLANKS = [ord(blank) for blank in WHITESPACE]
_EDGE = (
    "CASE WHEN {c} < '!' OR {c} > '~' OR abs(ascii({c}[-1]) - 80) > 46 THEN ascii({c}) IN ("
    + ", ".join(map(str, _BLANKS))
    + ")"
    + "".join(f" OR suffix({{c}}, chr({blank}))" for blank in _BLANKS)
    + " ELSE false END"
)
FEW_TEXTS = 2_000
FEW_VARIED_ROWS = 5_000  # up to here, columns of many long texts are held together without harm
FEW_ROWS = 20_000  # up to here, looking through all texts here is faster than planning questions about them
_KNOWN = frozenset(_SPELLINGS)
_ENTITY = r"&(?:#\d{2,5}|#x[0-9a-fA-F]{2,4}|[A-Za-z]{2,8});"


class TextColumn(NamedTuple):
    """What the sample says of a text column. When `is_complete`, the sample was the whole table: then `missing` and
    `has_edges` (white space around cells) are the truth and nothing needs to be looked for. `is_varied` says that few
    texts come twice, `is_key` that none does."""

    position: int
    values: frozenset[str]
    missing: Counter[str]
    has_edges: bool
    has_entities: bool
    is_complete: bool
    is_varied: bool
    is_key: bool


class Cleaned(NamedTuple):
    """By position: the spellings of missing and how often each occurred, for columns that had any; by physical column,
    the counts of the values of columns that needed no cleaning."""

    missing: dict[int, Counter[str]]
    grouped: dict[str, Grouped]


def clean_texts(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[TextColumn], *, rows: int
) -> Cleaned:
    """Clean the text columns of the relation, which has so many rows, in place."""
    cleaned = Cleaned({}, {})
    unseen = [f"c{column.position}" for column in columns if not column.is_complete]
    varied = {f"c{column.position}" for column in columns if column.is_varied}
    keys: dict[str, Grouped] = {}
    if rows <= FEW_ROWS:
        keys = group_clean_keys(
            connection,
            relation,
            [f"c{column.position}" for column in columns if column.is_key and not column.is_complete],
            words=_SPELLINGS,
        )
    counted: dict[str, list[tuple[str, int]]] = {}
    if rows <= COUNTED_AT_ONCE_ROWS:
        at_once = [c for c in unseen if c not in keys and (rows <= FEW_VARIED_ROWS or c not in varied)]
        counted = dict(count_cells(connection, relation, at_once, rows=rows))
    # Whether the first key is one turns out while the other columns are looked through.
    key = next((column for column in columns if not column.is_complete and _may_be_key(column, rows)), None)
    beside = DistinctBeside(hashes_of(connection, relation, f"c{key.position}")) if key else None
    for column in sorted(columns, key=lambda column: column is key):
        c = f"c{column.position}"
        edges, candidates, grouped = column.has_edges, column.missing, None
        if c in keys:
            edges, candidates, grouped = False, Counter(), keys[c]
        elif not column.is_complete:
            known = counted.get(c)
            edges, candidates, grouped = (
                _looked_through(known)
                if known is not None
                else _look(connection, relation, column, rows=rows, beside=beside if column is key else None)
            )
        if edges:
            connection.execute(
                f"UPDATE {relation} SET {c} = nullif(trim({c}, {quoted(WHITESPACE)}), '') WHERE {c} <> trim({c},"
                f" {quoted(WHITESPACE)})"
            )
            if not column.is_complete:
                candidates = _spellings(connection, relation, c)
        missing = missing_spellings(Counter(dict.fromkeys(column.values, 1)) | candidates)
        tokens = Counter({word: count for word, count in candidates.items() if word in missing})
        if tokens:
            connection.execute(f"UPDATE {relation} SET {c} = NULL WHERE {c} IN ({', '.join(map(quoted, tokens))})")
            cleaned.missing[column.position] = tokens
        if column.has_entities:
            _unescape(connection, relation, c)
        if grouped is not None and not (edges or tokens or column.has_entities):
            cleaned.grouped[c] = grouped
    return cleaned


def _may_be_key(column: TextColumn, rows: int) -> bool:
    return column.is_key and FEW_ROWS < rows <= MOST_KEYS


def _look(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    column: TextColumn,
    *,
    rows: int,
    beside: DistinctBeside | None,
) -> tuple[bool, Counter[str], Grouped]:
    """Return whether any cell has white space around it, the cells that may mean missing, and all that is counted."""
    c = f"c{column.position}"
    if _may_be_key(column, rows) and (beside.answer() if beside else are_distinct(hashes_of(connection, relation, c))):
        edge = connection.execute(f"SELECT 1 FROM {relation} WHERE {_EDGE.replace('{c}', c)} LIMIT 1").fetchone()
        return edge is not None, _spellings(connection, relation, c), keys_grouped(connection, relation, c)
    most = FEW_TEXTS if rows > FEW_ROWS else rows + 1
    if not column.is_varied or rows <= FEW_ROWS:
        # Some hundred texts are looked through here in less time than the engine takes to plan the questions.
        groups = connection.execute(
            f"SELECT {c}, count(*) FROM {relation} WHERE {c} IS NOT NULL GROUP BY 1 LIMIT {most}"
        ).fetchall()
        if len(groups) < most:
            return _looked_through(groups)
    # Trimming tells the truth, but costs more than all the rest where hardly a text comes twice.
    edged = _EDGE.replace("{c}", "v") if column.is_varied else f"v <> trim(v, {quoted(WHITESPACE)})"
    # A join against the list is ten times faster than IN, which compares every text with every word.
    words = ", ".join(quoted(word) for word in _SPELLINGS)
    grouped, (edges, spelled, times) = group_values(
        connection,
        relation,
        c,
        is_text=True,
        beside={"spelled": f"SELECT v, n FROM g SEMI JOIN (SELECT unnest([{words}]) AS word) ON v = word"},
        also=(
            f"EXISTS (SELECT 1 FROM g WHERE {edged})",
            "(SELECT list(v ORDER BY n DESC, v) FROM spelled)",
            "(SELECT list(n ORDER BY n DESC, v) FROM spelled)",
        ),
    )
    return edges, Counter(dict(zip(spelled or (), times or (), strict=True))), grouped


def _looked_through(groups: list[tuple[str, int]]) -> tuple[bool, Counter[str], Grouped]:
    spelled = sorted(((text, times) for text, times in groups if text in _KNOWN), key=lambda one: one[0])
    return any(strip(text) != text for text, _ in groups), Counter(dict(spelled)), texts_grouped(groups)


def _spellings(connection: duckdb.DuckDBPyConnection, relation: str, c: str) -> Counter[str]:
    # A join against the list is ten times faster than IN, which compares every cell with every word.
    words = ", ".join(quoted(word) for word in _SPELLINGS)
    rows = connection.execute(
        f"SELECT {c}, count(*) FROM {relation} SEMI JOIN (SELECT unnest([{words}]) AS word) ON {c} = word GROUP BY 1"
        " ORDER BY 2 DESC, 1"
    ).fetchall()
    return Counter(dict(rows))


def _unescape(connection: duckdb.DuckDBPyConnection, relation: str, c: str) -> None:
    rows = connection.execute(
        f"SELECT DISTINCT unnest(regexp_extract_all({c}, {quoted(_ENTITY)})) AS e FROM {relation} WHERE {c} LIKE"
        " '%&%;%' ORDER BY e"
    ).fetchall()
    entities = [entity for (entity,) in rows if html.unescape(entity) != entity and re.fullmatch(_ENTITY, entity)]
    expression = c
    for entity in sorted(entities, key=lambda e: e == "&amp;"):  # the ampersand last, or &amp;lt; would become <
        expression = f"replace({expression}, {quoted(entity)}, {quoted(html.unescape(entity))})"
    if entities:
        connection.execute(f"UPDATE {relation} SET {c} = {expression} WHERE {c} LIKE '%&%;%'")
