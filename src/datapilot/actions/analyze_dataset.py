"""Turn a file into a report: read the table, then report on it. While it is read, what reports on it is loaded."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from datapilot.contracts.job import Step
from datapilot.contracts.limits import Limits
from datapilot.contracts.report import Report
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
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

    `progress` hears each step as it begins, with its subject in words. Where the report has no room for all columns in
    full, `columns_out` gets them as JSON Lines (ColumnInFull), else nothing. Needs no network. Raises a member of the
    UnreadableTable family, or InvalidOption when `options` do not fit the file.
    """
    tell = progress or tell_nobody
    size = path.stat().st_size
    with _loading(_REPORTING) as is_loaded, connect(limits, scratch, file_bytes=size) as connection:
        read = read_table(path, name=name, options=options, limits=limits, connection=connection, progress=tell)
        is_loaded()
        from datapilot.actions.report_table import report_table  # noqa: PLC0415  # loaded by now

        return report_table(read, name=name, job_id=job_id, file_bytes=size, tell=tell, columns_out=columns_out)


@contextmanager
def _loading(module: str) -> Iterator[Callable[[], None]]:
    """Load a module beside what is done inside, and offer what waits for it: loading is a third of a short run, and
    while the engine starts and scans a file the interpreter is free. A worker has long loaded it."""
    if module not in sys.modules:
        # Else numpy sets it while it loads and takes it back, while the engine reads the environment: that crashes.
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
