"""Read a file as a job's child does, in a process of its own under limits of time and memory, and say what came out."""

import multiprocessing
import resource
import tempfile
import time
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

from datapilot.contracts.errors import DataPilotError
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.read_table import read_table

MEMORY_BYTES = 4 * 2**30  # of address space; what the listed sizes of the workbooks were found with
PATIENCE_S = 20.0


@dataclass(frozen=True)
class Outcome:
    """What reading a file gave: the table's size and how it was found, or the code and sentence of a refusal. A crash
    or a hang has the code `crash` or `hang`."""

    rows: int = 0
    columns: int = 0
    code: str = ""
    message: str = ""
    seconds: float = 0.0
    sheets: int = 0
    peak_mib: int = 0


def read_guarded(path: Path, *, options: ReadingOptions | None = None) -> Outcome:
    """Return what became of the file; never raises for what the file does."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    started = time.monotonic()
    process = context.Process(target=_read, args=(path, options or ReadingOptions(), sender))
    process.start()
    sender.close()
    answer: Outcome | None = None
    if receiver.poll(PATIENCE_S):
        try:
            answer = receiver.recv()
        except EOFError:
            answer = None
    seconds = time.monotonic() - started
    if answer is None:
        late = process.is_alive() and seconds >= PATIENCE_S
        process.kill()
        process.join()
        return Outcome(code="hang" if late else "crash", message=f"exit code {process.exitcode}", seconds=seconds)
    process.join()
    return replace(answer, seconds=seconds)


def _read(path: Path, options: ReadingOptions, sender: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    with tempfile.TemporaryDirectory() as folder:
        connection = connect(Limits(), Path(folder))
        try:
            read = read_table(path, name=path.name, options=options, limits=Limits(), connection=connection)
            outcome = Outcome(read.table.row_count, len(read.table.columns), sheets=len(read.receipt.sheets))
        except DataPilotError as error:
            outcome = Outcome(code=error.code, message=str(error))
        except MemoryError:
            outcome = Outcome(code="crash", message="MemoryError")
    sender.send(replace(outcome, peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
