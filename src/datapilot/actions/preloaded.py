"""What every analysis and every later look at a table needs, loaded once by the server that children are forked from,
and never again in a child.

The readers of single formats and the trees of the column classes load where they are first used, so that a short run
of the command line spares them; a child would pay for them in every attempt. What else is settled at first use, from
compiled expressions to the interpreter's own view of hot code, a rehearsal settles: a small table is analysed once.
"""

import atexit
import gc
import html  # noqa: F401  # as the other readers below
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import numpy.ma  # noqa: F401  # the engine hands columns with gaps over as masked arrays

import datapilot.actions.answer_measures
import datapilot.actions.export_dataset
import datapilot.actions.export_stored_table
import datapilot.actions.report_table
import datapilot.reading.formats.pdf_table
import datapilot.reading.formats.workbook  # noqa: F401
from datapilot.actions.analyze_dataset import analyze_file
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.heap import keep_freed_memory, leave_engines
from datapilot.reading.columns.ml_type import load_trees

REHEARSED_ROWS = 120  # 0.15 s; more rows settle nothing more (benchmarks/upload_latency.py)


def rehearse() -> None:
    """Analyse a small table of dates, codes, names, texts and numbers and forget it. Leaves no thread behind: the
    engine runs so small a file on the one it is called from."""
    with suppress(OSError), tempfile.TemporaryDirectory() as folder:  # without room on the disk, the first job settles
        table = Path(folder) / "rehearsal.csv"
        table.write_text("\n".join(_lines()), encoding="utf-8")
        analyze_file(table, name=table.name, job_id="rehearsal", options=ReadingOptions(), limits=Limits())


def _lines() -> Iterator[str]:
    yield "date,code,place,kind,note,amount,price"
    for row in range(REHEARSED_ROWS):
        day = date(2024, 1, 1) + timedelta(days=row * 3)
        place, kind = ("north", "south", "east")[row % 3], ("new", "old")[row % 7 // 5]
        amount = "" if row % 17 == 0 else str(row * 37 % 101)
        yield f'{day},A-{row:05},{place},{kind},"row, {row % 11}",{amount},{row * 53 % 997 / 10 + row:.2f}'


keep_freed_memory()
load_trees()
rehearse()
leave_engines()  # those of the children, each of which ends with its work
# What is loaded stays: a child's collector need not walk through it, which would copy the pages it shares.
gc.collect()
gc.freeze()
# At its end the server has nothing to tidy, and what the engine's binding says then of values that it was never given
# back would stand among the lines of the log.
atexit.register(os._exit, 0)
