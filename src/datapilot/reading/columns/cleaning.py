"""Clean the cells of text columns in the table: white space at the ends, spellings of missing, HTML escapes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from datapilot.engine import duckdb
from datapilot.engine.grouped import (
    COUNTED_AT_ONCE_ROWS,
    Grouped,
    count_cells,
    group_clean_keys,
    group_values,
    texts_grouped,
)
from datapilot.reading.columns.entities import ENTITY, entities_of, unescaping_sql
from datapilot.reading.columns.evidence import WHITESPACE
from datapilot.reading.columns.missing import ALWAYS_MISSING, missing_spellings, strip
from datapilot.reading.columns.pending import BATCH_COLUMNS
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
FIRST_BEGIN, LAST_BEGIN = "!", "\ud7ff"  # what SQL can say of where texts begin
_KNOWN = frozenset(_SPELLINGS)


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
    the counts of the values of columns that needed no cleaning, where looking for them has counted them."""

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
    seen = [_seen(connection, relation, column, keys, counted, rows=rows) for column in columns]
    trimmed = [_trimmed(one.physical) for one in seen if one.has_edges]
    _make(trimmed, connection, relation, rows=rows)
    tokens: dict[str, Counter[str]] = {}
    for column, one in zip(columns, seen, strict=True):
        is_unseen = one.has_edges and not column.is_complete
        candidates = _spellings(connection, relation, column) if is_unseen else one.candidates
        missing = missing_spellings(Counter(dict.fromkeys(column.values, 1)) | candidates)
        found = Counter({word: count for word, count in candidates.items() if word in missing})
        if found:
            tokens[one.physical] = cleaned.missing[column.position] = found
        if one.grouped is not None and not (one.has_edges or found or column.has_entities):
            cleaned.grouped[one.physical] = one.grouped
    _make([_emptied(c, words) for c, words in tokens.items()], connection, relation, rows=rows)
    for column in columns:
        if column.has_entities:
            _unescape(connection, relation, f"c{column.position}")
    return cleaned


class _Seen(NamedTuple):
    """What the cells of a column showed: white space around some, spellings that may mean missing, and all counted."""

    physical: str
    has_edges: bool
    candidates: Counter[str]
    grouped: Grouped | None = None


def _seen(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    column: TextColumn,
    keys: Mapping[str, Grouped],
    counted: Mapping[str, list[tuple[str, int]]],
    *,
    rows: int,
) -> _Seen:
    c = f"c{column.position}"
    if c in keys:
        return _Seen(c, has_edges=False, candidates=Counter(), grouped=keys[c])
    if column.is_complete:
        return _Seen(c, column.has_edges, column.missing)
    known = counted.get(c)
    return _Seen(c, *(_looked_through(known) if known is not None else _look(connection, relation, column, rows=rows)))


class _Change(NamedTuple):
    """The new value of a column's cells that meet the condition, in SQL."""

    column: str
    condition: str
    value: str


def _trimmed(c: str) -> _Change:
    bare = f"trim({c}, {quoted(WHITESPACE)})"
    return _Change(c, f"{c} <> {bare}", f"nullif({bare}, '')")


def _emptied(c: str, words: Iterable[str]) -> _Change:
    return _Change(c, f"{c} IN ({', '.join(map(quoted, words))})", "NULL")


def _make(changes: Sequence[_Change], connection: duckdb.DuckDBPyConnection, relation: str, *, rows: int) -> None:
    """Make the changes. What a statement costs grows with the width of the table: where the rows are few, one statement
    makes many changes, and writes more cells than it must."""
    at_once = BATCH_COLUMNS if rows <= FEW_ROWS else 1
    for start in range(0, len(changes), at_once):
        batch = changes[start : start + at_once]
        values = ", ".join(f"{c} = CASE WHEN {condition} THEN {value} ELSE {c} END" for c, condition, value in batch)
        conditions = " OR ".join(condition for _, condition, _ in batch)
        connection.execute(f"UPDATE {relation} SET {values} WHERE {conditions}")


def _look(
    connection: duckdb.DuckDBPyConnection, relation: str, column: TextColumn, *, rows: int
) -> tuple[bool, Counter[str], Grouped | None]:
    """Return whether any cell has white space around it, the cells that may mean missing, and all that is counted."""
    c = f"c{column.position}"
    if column.is_varied and rows > FEW_ROWS:
        # Where hardly a text comes twice, two questions about each cell cost less than grouping them.
        edge = connection.execute(f"SELECT 1 FROM {relation} WHERE {_EDGE.replace('{c}', c)} LIMIT 1").fetchone()
        return edge is not None, _spellings(connection, relation, column), None
    # Some hundred texts are looked through here in less time than the engine takes to plan the questions.
    most = FEW_TEXTS if rows > FEW_ROWS else rows + 1
    groups = connection.execute(
        f"SELECT {c}, count(*) FROM {relation} WHERE {c} IS NOT NULL GROUP BY 1 LIMIT {most}"
    ).fetchall()
    if len(groups) < most:
        return _looked_through(groups)
    grouped, (edges, spelled, times) = group_values(
        connection,
        relation,
        c,
        is_text=True,
        beside={"spelled": f"SELECT v, n FROM g SEMI JOIN {_listed(_SPELLINGS)} ON v = word"},
        also=(
            f"EXISTS (SELECT 1 FROM g WHERE v <> trim(v, {quoted(WHITESPACE)}))",
            "(SELECT list(v ORDER BY n DESC, v) FROM spelled)",
            "(SELECT list(n ORDER BY n DESC, v) FROM spelled)",
        ),
    )
    return edges, Counter(dict(zip(spelled or (), times or (), strict=True))), grouped


def _looked_through(groups: list[tuple[str, int]]) -> tuple[bool, Counter[str], Grouped]:
    spelled = sorted(((text, times) for text, times in groups if text in _KNOWN), key=lambda one: one[0])
    return any(strip(text) != text for text, _ in groups), Counter(dict(spelled)), texts_grouped(groups)


def _spellings(connection: duckdb.DuckDBPyConnection, relation: str, column: TextColumn) -> Counter[str]:
    """Return how often each spelling of missing occurs, as it stands.

    The texts of many keys begin alike (`ORD-1`, `ORD-2`, …): where no spelling begins as those of the sample do, only
    texts that begin otherwise need to be looked at, of which the engine knows without looking that there are none.
    """
    c = f"c{column.position}"
    begins = [text[0] for text in column.values]
    low, high = min(begins, default=""), max(begins, default="")
    is_apart = low >= FIRST_BEGIN and high < LAST_BEGIN and not any(low <= word[0] <= high for word in _SPELLINGS)
    where = f"WHERE {c} < {quoted(low)} OR {c} >= {quoted(chr(ord(high) + 1))}" if is_apart else ""
    rows = connection.execute(
        f"SELECT {c}, count(*) FROM (SELECT {c} FROM {relation} {where}) SEMI JOIN {_listed(_SPELLINGS)} ON {c} = word"
        " GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    return Counter(dict(rows))


def _listed(words: Sequence[str]) -> str:
    """Return the SQL of a table with a column `word`: a join against it is ten times faster than IN, which compares
    every text with every word."""
    return f"(SELECT unnest([{', '.join(map(quoted, words))}]) AS word)"


def _unescape(connection: duckdb.DuckDBPyConnection, relation: str, c: str) -> None:
    rows = connection.execute(
        f"SELECT DISTINCT unnest(regexp_extract_all({c}, {quoted(ENTITY)})) AS e FROM {relation} WHERE {c} LIKE"
        " '%&%;%' ORDER BY e"
    ).fetchall()
    entities = [entity for (entity,) in rows if entities_of(entity) == [entity]]
    if entities:
        connection.execute(f"UPDATE {relation} SET {c} = {unescaping_sql(c, entities)} WHERE {c} LIKE '%&%;%'")
