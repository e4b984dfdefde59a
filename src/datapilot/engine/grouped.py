"""A column's distinct values, counted in one grouping: cleaning asks it whether they are clean, the profile how many
there are. Whoever groups first leaves the answer with the table."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datapilot.engine import duckdb

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint64]

TOP_VALUES = 10
MOST_KEYS = 8_000_000  # hashes held at once: 64 MB
COUNTED_AT_ONCE_ROWS = 20_000  # up to here, counting many columns in one statement is the fastest
CELLS_AT_ONCE = 400_000
KEYS_AT_ONCE = 25  # columns; more expressions in one statement cost the planner more than they save
FEWEST_PLACED, MOST_PLACED, PLACE_BITS = 100_000, 1_500_000, 21  # such are counted by their first bits in 16 MB


@dataclass(frozen=True)
class Grouped:
    """Counts of a column's cells that are not NULL. `top` are values that occur at least twice, the most frequent
    first, ties in the order of the values. Texts have lengths in characters, others a least and a greatest value."""

    count: int
    unique_count: int
    top: tuple[tuple[Any, int], ...]
    minimum: Any = None
    maximum: Any = None
    min_length: int | None = None
    max_length: int | None = None
    total_length: int | None = None


def group_values(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    physical: str,
    *,
    is_text: bool,
    also: Sequence[str] = (),
    beside: Mapping[str, str] | None = None,
) -> tuple[Grouped, tuple[Any, ...]]:
    """Return the counts of a column, and the values of the aggregates `also` over its distinct values `v` and how often
    each occurs, `n`. These may name the tables `beside`, which are SQL over the groups `g`."""
    size, total = ("length(v)", "sum(length(v) * n)") if is_text else ("v", "NULL")
    tables = "".join(f", {name} AS ({sql})" for name, sql in (beside or {}).items())
    more = "".join(f", {one}" for one in also)
    found = connection.execute(
        f"""
        WITH g AS MATERIALIZED (
            SELECT {physical} AS v, count(*) AS n FROM {relation} WHERE {physical} IS NOT NULL GROUP BY 1
        ), often AS (SELECT v, n FROM g WHERE n > 1 ORDER BY n DESC, v LIMIT {TOP_VALUES}){tables}
        SELECT coalesce(sum(n), 0), count(*), min({size}), max({size}), {total},
               (SELECT list(v ORDER BY n DESC, v) FROM often), (SELECT list(n ORDER BY n DESC, v) FROM often){more}
        FROM g
        """
    ).fetchone()
    assert found is not None
    count, unique, low, high, length, values, times, *rest = found
    top = tuple(zip(values or (), times or (), strict=True))
    if is_text:
        grouped = Grouped(int(count), unique, top, min_length=low, max_length=high, total_length=length)
    else:
        grouped = Grouped(int(count), unique, top, minimum=low, maximum=high)
    return grouped, tuple(rest)


def hashes_of(connection: duckdb.DuckDBPyConnection, relation: str, physical: str) -> "Hashes":
    """Return the hashes of a column's cells that are not NULL: 8 bytes a cell."""
    import numpy as np  # noqa: PLC0415  # 60 ms, which are over while the engine loads a table

    fetched = connection.execute(
        f"SELECT hash({physical}) AS h FROM {relation} WHERE {physical} IS NOT NULL"
    ).fetchnumpy()
    return np.asarray(fetched["h"])


def are_distinct(hashes: "Hashes") -> bool:
    """Return whether no hash comes twice, which proves that no value does; few are sorted in place. False where memory
    does not suffice to see it: then the values have to be grouped, as where a hash does come twice.

    Sorting hashes takes a quarter of the time of grouping texts, and those of few need to be sorted: the others are
    alone with their first bits. Equal hashes prove nothing.
    """
    import numpy as np  # noqa: PLC0415  # see above

    with suppress(MemoryError):
        if FEWEST_PLACED <= len(hashes) <= MOST_PLACED:
            place = (hashes >> np.uint64(64 - PLACE_BITS)).astype(np.int64)
            hashes = hashes[np.bincount(place, minlength=2**PLACE_BITS)[place] > 1]
        hashes.sort()
        return not bool(np.any(hashes[1:] == hashes[:-1]))
    return False


def keys_grouped(connection: duckdb.DuckDBPyConnection, relation: str, physical: str) -> Grouped:
    """Return the counts of a text column in which no text comes twice."""
    length = f"length({physical})"
    found = connection.execute(
        f"SELECT count({physical}), min({length}), max({length}), sum({length}) FROM {relation}"
    ).fetchone()
    count, low, high, total = found or (0, None, None, None)
    return Grouped(count, count, (), min_length=low, max_length=high, total_length=total)


def count_cells(
    connection: duckdb.DuckDBPyConnection, relation: str, physicals: Sequence[str], *, rows: int
) -> Iterator[tuple[str, list[tuple[Any, int]]]]:
    """Yield the distinct values of columns of one type, NULL left out, with their counts. Many columns of few rows are
    grouped in one statement: for each alone the engine would take longer to plan than to count."""
    at_once = max(1, CELLS_AT_ONCE // max(1, rows))
    for start in range(0, len(physicals), at_once):
        batch = physicals[start : start + at_once]
        groups: dict[int, list[tuple[Any, int]]] = {place: [] for place in range(len(batch))}
        found = connection.execute(
            f"SELECT p, v, count(*) FROM (SELECT unnest([{', '.join(batch)}]) AS v, unnest(range({len(batch)})) AS p "
            f"FROM {relation}) WHERE v IS NOT NULL GROUP BY ALL"
        ).fetchall()
        for place, value, times in found:
            groups[place].append((value, times))
        yield from zip(batch, groups.values(), strict=True)


def group_clean_keys(
    connection: duckdb.DuckDBPyConnection, relation: str, physicals: Sequence[str], *, words: Sequence[str]
) -> dict[str, Grouped]:
    """Return the counts of those text columns in which no text comes twice, none is one of `words`, and all begin and
    end with a visible character of ASCII; for others another question must be asked. Meant for tables of few rows and
    many columns: the engine hashes and measures the texts, so that none has to become an object here."""
    if not physicals:
        return {}
    import numpy as np  # noqa: PLC0415  # as above

    listed = ", ".join("(?)" for _ in words)
    hashed = connection.execute(f"SELECT hash(w) AS h FROM (VALUES {listed}) AS t(w)", list(words)).fetchnumpy()
    unwanted = np.asarray(hashed["h"])
    found: dict[str, Grouped] = {}
    for start in range(0, len(physicals), KEYS_AT_ONCE):
        batch = physicals[start : start + KEYS_AT_ONCE]
        asked = ", ".join(
            f"hash({c}) AS h{c}, length({c}) AS n{c}, ascii({c}) AS a{c}, ascii({c}[-1]) AS z{c}" for c in batch
        )
        cells = connection.execute(f"SELECT {asked} FROM {relation}").fetchnumpy()
        for c in batch:
            lengths = np.ma.compressed(cells[f"n{c}"])
            hashes = np.asarray(cells[f"h{c}"])[~np.ma.getmaskarray(cells[f"n{c}"])]
            ends = [np.ma.compressed(cells[f"{end}{c}"]) for end in "az"]
            if not len(lengths) or any(codes.min() <= ord(" ") or codes.max() > ord("~") for codes in ends):
                continue
            if not are_distinct(hashes):
                continue
            # They are in order now, where a word's hash is found without looking at the others.
            places = np.minimum(np.searchsorted(hashes, unwanted), len(hashes) - 1)
            if (hashes[places] == unwanted).any():
                continue
            found[c] = Grouped(
                len(hashes), len(hashes), (),
                min_length=int(lengths.min()), max_length=int(lengths.max()), total_length=int(lengths.sum()),
            )  # fmt: skip
    return found


def texts_grouped(groups: Sequence[tuple[str, int]]) -> Grouped:
    """Return the counts of a text column from its distinct values and how often each occurs."""
    count = sum(times for _, times in groups)
    frequent = heapq.nsmallest(TOP_VALUES, ((-times, value) for value, times in groups if times > 1))
    lengths = [len(value) for value, _ in groups]
    return Grouped(
        count=count,
        unique_count=len(groups),
        top=tuple((value, -times) for times, value in frequent),
        min_length=min(lengths, default=None),
        max_length=max(lengths, default=None),
        total_length=sum(length * times for length, (_, times) in zip(lengths, groups, strict=True))
        if groups
        else None,
    )
