"""Clean the cells of text columns in the table: white space at the ends, spellings of missing, HTML escapes."""

import html
import re
from collections import Counter
from collections.abc import Mapping

import duckdb

from datapilot.reading.evidence import WHITESPACE
from datapilot.reading.missing import ALWAYS_MISSING, missing_spellings
from datapilot.reading.text_table import quoted

BATCH_COLUMNS = 20
_SPELLINGS = sorted({form for word in (*ALWAYS_MISSING, "na") for form in (word, word.upper(), word.capitalize(), "NaN", "NaT")})
_EDGE = "(ascii({c}) IN (9, 10, 13, 32, 160, 8199, 8203, 8239, 12288, 65279) OR suffix({c}, ' ') OR suffix({c}, chr(160)) OR suffix({c}, chr(9)) OR suffix({c}, chr(10)) OR suffix({c}, chr(13)) OR suffix({c}, chr(8203)))"
_ENTITY = r"&(?:#\d{2,5}|#x[0-9a-fA-F]{2,4}|[A-Za-z]{2,8});"


def clean_texts(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Mapping[int, bool],
    samples: Mapping[int, frozenset[str]],
) -> dict[int, Counter[str]]:
    """Clean the text columns at these positions (True: with HTML escapes) in place. Returns, per column that had any,
    the spellings of missing and how often each occurred."""
    spellings = ", ".join(quoted(word) for word in _SPELLINGS)
    found: dict[int, Counter[str]] = {}
    positions = list(columns)
    for start in range(0, len(positions), BATCH_COLUMNS):
        batch = positions[start : start + BATCH_COLUMNS]
        parts = ", ".join(
            f"count(*) FILTER ({_EDGE.replace('{c}', f'c{p}')}), count(*) FILTER (strlen(c{p}) <= 14 AND c{p} IN ({spellings}))" for p in batch
        )
        counts = connection.execute(f"SELECT {parts} FROM {relation}").fetchone() or ()
        for index, position in enumerate(batch):
            edges, words = int(counts[2 * index]), int(counts[2 * index + 1])
            c = f"c{position}"
            if edges:
                connection.execute(
                    f"UPDATE {relation} SET {c} = nullif(trim({c}, {quoted(WHITESPACE)}), '') WHERE {_EDGE.replace('{c}', c)}"
                )
            if edges or words:
                tokens = _missing(connection, relation, c, spellings, samples[position])
                if tokens:
                    found[position] = tokens
            if columns[position]:
                _unescape(connection, relation, c)
    return found


def _missing(
    connection: duckdb.DuckDBPyConnection, relation: str, c: str, spellings: str, sample: frozenset[str]
) -> Counter[str]:
    rows = connection.execute(
        f"SELECT {c}, count(*) FROM {relation} WHERE {c} IN ({spellings}) GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    candidates: Counter[str] = Counter(dict(rows))
    missing = missing_spellings(Counter(dict.fromkeys(sample, 1)) | candidates)
    tokens = Counter({word: count for word, count in candidates.items() if word in missing})
    if tokens:
        connection.execute(f"UPDATE {relation} SET {c} = NULL WHERE {c} IN ({', '.join(map(quoted, tokens))})")
    return tokens


def _unescape(connection: duckdb.DuckDBPyConnection, relation: str, c: str) -> None:
    rows = connection.execute(
        f"SELECT DISTINCT unnest(regexp_extract_all({c}, {quoted(_ENTITY)})) AS e FROM {relation} WHERE {c} LIKE '%&%;%' ORDER BY e"
    ).fetchall()
    entities = [entity for (entity,) in rows if html.unescape(entity) != entity and re.fullmatch(_ENTITY, entity)]
    expression = c
    for entity in sorted(entities, key=lambda e: e == "&amp;"):  # the ampersand last, or &amp;lt; would become <
        expression = f"replace({expression}, {quoted(entity)}, {quoted(html.unescape(entity))})"
    if entities:
        connection.execute(f"UPDATE {relation} SET {c} = {expression} WHERE {c} LIKE '%&%;%'")
