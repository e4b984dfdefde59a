"""A table as it stands in its file: every cell still text, and what was done to find it."""

import csv
import itertools
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from datapilot.contracts.errors import MemoryLimitExceeded, TooManyColumns
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import Receipt
from datapilot.engine import duckdb

RAW_RELATION = "raw"
WIDEST_TABLE = 5_000  # columns; the engine plans for the square of their number, and has room for few more
LARGER_THAN_MEMORY = "The table is larger than the memory of one job. Split it or raise the limit."
# A thread takes a buffer at a time: with the engine's own of 32 MB one thread reads a file of up to that size alone,
# and those of a larger one wait for each other. Told one, they load it in 5/6 of the processor time
# (benchmarks/analysis_speed.py).
BUFFERS_A_FILE, SMALLEST_BUFFER_BYTES, LARGEST_BUFFER_BYTES = 4, 4_200_000, 16_000_000
LONGEST_DEFAULT_LINE_BYTES = 2_000_000  # what the engine's CSV reader accepts without being told


@dataclass(frozen=True)
class TextTable:
    """`source` is SQL that yields text columns `c0, c1, …` in file order; an empty cell is NULL.

    `sample` holds rows from all parts of the file, in file order. `exact_sample` says that it is the whole table.
    `native` are the positions of columns whose cells the file itself holds as numbers or dates: their text is
    canonical and never ambiguous. Rows without any cell are still in it when
    `may_have_blank_rows`. `receipt` says how the table was found; typing completes it. `header` are the names exactly
    as the file has them, where it has them in one row. `shown` says of columns that the file shows them as percent
    ("%") or in a currency, where the cells do not.
    """

    source: str
    names: tuple[str, ...]
    sample: Sequence[Sequence[str | None]]
    receipt: Receipt
    exact_sample: bool = False
    native: frozenset[int] = field(default_factory=frozenset)
    may_have_blank_rows: bool = False
    header: tuple[str, ...] = ()
    shown: Mapping[int, str] = field(default_factory=dict)


def quoted(text: str) -> str:
    """Return `text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def scratch_of(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the folder that the engine spills to, where it is one, for files that need not outlive the reading."""
    row = connection.execute("SELECT current_setting('temp_directory')").fetchone()
    folder = str(row[0]) if row and row[0] else ""
    return folder if folder and Path(folder).is_dir() else None


def store_rows(
    connection: duckdb.DuckDBPyConnection, rows: Iterable[Sequence[str | None]], width: int, limits: Limits
) -> None:
    """Put rows of `width` cells into the relation `raw`, in order; shorter rows are padded with missing cells. Raises
    TooManyColumns or MemoryLimitExceeded."""
    check_width(width, limits)
    columns = column_types(width)
    with tempfile.TemporaryDirectory(prefix="reading-", dir=scratch_of(connection)) as scratch:
        path = Path(scratch) / "rows.csv"
        longest = _write_rows(path, rows, width)
        connection.execute(f"DROP TABLE IF EXISTS {RAW_RELATION}")
        scan = csv_scan(path, columns=columns, delimiter=",", longest_line_bytes=longest, line_end="\\n")
        try:
            connection.execute(f"CREATE TEMP TABLE {RAW_RELATION} AS SELECT * FROM {scan}")
        except duckdb.OutOfMemoryException:
            raise MemoryLimitExceeded(LARGER_THAN_MEMORY) from None


def _write_rows(path: Path, rows: Iterable[Sequence[str | None]], width: int) -> int:
    longest = 0
    with path.open("w", encoding="utf-8", newline="", errors="replace") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        iterator = iter(rows)
        while batch := list(itertools.islice(iterator, 10_000)):
            padded = [row if len(row) == width else [*row, *([None] * (width - len(row)))] for row in batch]
            writer.writerows(padded)
            longest = max(longest, *map(_bytes_at_most, padded))
    return longest + 4 * width


def _bytes_at_most(row: Sequence[str | None]) -> int:
    """The bytes of a row's quoted cells, quotes doubled; what is not ASCII is not counted letter by letter."""
    text = "".join(filter(None, row))
    return len(text) * (1 if text.isascii() else 4) + text.count('"')


def column_types(width: int) -> str:
    """Return the struct literal that names `width` text columns c0, c1, …"""
    return "{" + ", ".join(f"'c{position}': 'VARCHAR'" for position in range(width)) + "}"


def csv_scan(
    path: Path,
    *,
    columns: str,
    delimiter: str,
    quote: str = '"',
    escape: str = '"',
    skip: int = 0,
    longest_line_bytes: int = 0,
    line_end: str = "",
) -> str:
    """Return the SQL that scans a delimited UTF-8 file as text, refusing every row of another width."""
    line_limit = max(LONGEST_DEFAULT_LINE_BYTES, longest_line_bytes + 1024)
    buffer = ""
    if longest_line_bytes > 1_900_000:
        buffer = f", max_line_size={line_limit}, buffer_size={line_limit * 2}"
    elif not line_end and (size := path.stat().st_size) > 2 * SMALLEST_BUFFER_BYTES:
        told = min(max(size // BUFFERS_A_FILE, SMALLEST_BUFFER_BYTES), LARGEST_BUFFER_BYTES)
        buffer = f", buffer_size={told}"
    ends = f", new_line='{line_end}', parallel=false" if line_end else ""
    return (
        f"read_csv({quoted(str(path))}, auto_detect=false, header=false, columns={columns}, delim={quoted(delimiter)}, "
        f"quote={quoted(quote)}, escape={quoted(escape)}, skip={skip}, strict_mode=true, null_padding=false, "
        f"compression='none'{ends}{buffer})"
    )


def said_of_far_columns(width: int, read: int) -> Iterator[str]:
    """Yield what the receipt says of a table of so many columns of which no more were read."""
    if width > read:
        yield (
            f"The table has {width:,} columns; the first {read:,} were read. If its records stand in"
            " columns, swap rows and columns in a spreadsheet program."
        )


def check_width(width: int, limits: Limits) -> None:
    """Raise TooManyColumns above the limit."""
    if width > limits.max_columns:
        raise TooManyColumns(
            f"The table has {width:,} columns; at most {limits.max_columns:,} can be read. "
            "If this is one long line of values, put each value on its own line."
        )
