"""Open the engine for one job: its share of memory, its threads, its folder to spill to, and no way out."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from datapilot.contracts.limits import MEBIBYTE, Limits
from datapilot.engine import duckdb
from datapilot.engine.heap import leaves_engines

PROCESS_RESERVE_BYTES = 160 * MEBIBYTE  # interpreter, libraries and buffers of a job before the first row is read
ENGINE_SHARE = 0.7  # of what is left: the engine allocates outside its own account while it scans and sorts
SMALLEST_ENGINE_BYTES = 96 * MEBIBYTE
WIDE_COLUMNS = 200  # from here on the engine does not carry statistics through its plans
SMALL_FILE_BYTES = 2_000_000  # one thread reads it, and its rows are one group: a second is woken and finds nothing

LARGE_FILE_BYTES = 120_000_000

# What no job changes. Extensions are neither fetched nor loaded, and Python variables are invisible to SQL.
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": "1",
    "temp_directory": "",
    "preserve_insertion_order": "true",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "allowed_configs": ["disabled_optimizers", "threads"],  # what expect_width changes once it knows the table
}
_waiting: list[duckdb.DuckDBPyConnection] = []
_left: list[duckdb.DuckDBPyConnection] = []  # whose work is done, in a process that ends with it


@contextmanager
def engine(
    limits: Limits, scratch: Path | None, *, file_bytes: int = SMALL_FILE_BYTES
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Offer what `connect` returns for as long as the block takes. Taken down at its end, unless the work is done and
    the process about to end as well (`leave_engines`): it would take 8 ms for a small file, 50 for a million rows."""
    with ExitStack() as at_its_end:
        connection = at_its_end.enter_context(connect(limits, scratch, file_bytes=file_bytes))
        yield connection
        if leaves_engines():
            _left.append(connection)
            at_its_end.pop_all()


def connect(limits: Limits, scratch: Path | None, *, file_bytes: int = SMALL_FILE_BYTES) -> duckdb.DuckDBPyConnection:
    """Return an in-memory engine that spills to `scratch` before it outgrows its share of `limits.memory_bytes`.

    Without `scratch` it does not spill; for a file of few bytes it has one thread. Extensions are neither fetched nor
    loaded, Python variables are invisible to SQL, and rows keep the order of the file.
    """
    engine_bytes = max(SMALLEST_ENGINE_BYTES, int((limits.memory_bytes - PROCESS_RESERVE_BYTES) * ENGINE_SHARE))
    connection = _waiting.pop() if _waiting else _started()
    connection.execute(f"SET memory_limit = '{engine_bytes // 1024}KiB'")
    if scratch is not None:
        quoted = os.fspath(scratch).replace("'", "''")
        connection.execute(f"SET temp_directory = '{quoted}'")
    if file_bytes >= SMALL_FILE_BYTES:
        connection.execute(f"SET threads = {limits.threads}")
    connection.execute("SET lock_configuration = true")
    return connection


def start_ahead() -> None:
    """Start an engine for the next `connect`, whatever its job will be: 20 ms that a process which waits for its task
    has to spare."""
    try:
        connection = _started()
        # The first question settles how any is answered.
        connection.execute("SELECT current_setting('threads')").fetchall()
    except (duckdb.Error, MemoryError):  # `connect` meets the same, where somebody listens
        return
    _waiting.append(connection)


def _started() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config=_SETTINGS)
    connection.execute("SET GLOBAL TimeZone = 'UTC'")  # for what is asked beside it as well
    connection.execute("SET enable_progress_bar = false")  # it would be drawn into a worker's log
    return connection


def expect_width(connection: duckdb.DuckDBPyConnection, columns: int, *, file_bytes: int) -> None:
    """Prepare the engine for statements over a table of so many columns, from a file of so many bytes.

    The time to carry statistics of columns through a plan grows with the square of their number: loading 5,000 columns
    takes half the processor time without (benchmarks/table_shapes.py). Narrow tables are grouped faster with them.
    A wide table of a middling file has few rows, which two threads load no sooner than one, in half as much processor
    time again.
    """
    if columns < WIDE_COLUMNS:
        return
    connection.execute("SET disabled_optimizers = 'statistics_propagation'")
    if file_bytes < LARGE_FILE_BYTES:
        connection.execute("SET threads = 1")
