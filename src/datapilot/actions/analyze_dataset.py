"""Turn a file into a report: read the table, then report on it. What reports is imported while the file is read."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from datapilot.contracts.limits import Limits
from datapilot.contracts.report import Report
from datapilot.contracts.steps import Step
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import engine
from datapilot.reading.read_table import read_table

_REPORTING = "datapilot.actions.report_table"

Progress = Callable[[Step, str], None]


def analyze_file(
    path: Path,
    *,
    name: str,
    job_id: str,
    options: ReadingOptions,
    limits: Limits,
    scratch: Path | None = None,
    progress: Progress | None = None,
    columns_out: Path | None = None,
) -> Report:
    """Return everything that is said about the file at `path`, which the user knows as `name`.

    `progress` is called as each step begins, with a few words about it. When the report has no room for every column in
    full, they are written to `columns_out` as JSON Lines (ColumnInFull); otherwise nothing is. Needs no network. Raises
    a member of the UnreadableTable family, or InvalidOption when `options` do not fit the file.
    """
    tell = progress or tell_nobody
    size = path.stat().st_size
    with _loading(_REPORTING) as is_loaded, engine(limits, scratch, file_bytes=size) as connection:
        read = read_table(path, name=name, options=options, limits=limits, connection=connection, progress=tell)
        is_loaded()
        from datapilot.actions.report_table import report_table  # noqa: PLC0415  # loaded by now

        return report_table(read, name=name, job_id=job_id, file_bytes=size, tell=tell, columns_out=columns_out)


@contextmanager
def _loading(module: str) -> Iterator[Callable[[], None]]:
    """Import a module in a thread while the block runs, and offer the function that waits for it: importing is a third
    of a short run, and the interpreter is idle while the engine starts and scans the file. A worker has imported it
    long before."""
    if module not in sys.modules:
        # Otherwise numpy sets and unsets it while the engine reads the environment in another thread, which crashes.
        os.environ.setdefault("OPENBLAS_MAIN_FREE", "1")
    thread = threading.Thread(target=import_module, args=(module,))
    thread.start()
    try:
        yield thread.join
    finally:
        thread.join()


def report_json(report: Report) -> str:
    """Return the report as the bytes of result.json are: one line, keys in the contract's order."""
    return report.model_dump_json()


def tell_nobody(_step: Step, _detail: str) -> None:
    """Nobody is watching."""
