"""Read ten thousand broken files: none may crash or hang the reader, and every refusal has a code and advice.

The files are read in processes of their own, one a core, which are started again when they die. FUZZ_FILES and
FUZZ_FIRST choose other files than the first 10,000. `python -m benchmarks.reading_fuzz NUMBER` reads one file again.
"""

import os
import select
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path

import duckdb

from benchmarks.measured import Row
from benchmarks.mutations import Broken, broken_file
from datapilot.contracts.errors import DataPilotError
from datapilot.contracts.limits import MEBIBYTE, Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.export_table import export_raw
from datapilot.reading.read_table import read_table

LONGEST_S = 10.0  # of processor time, which a busy machine does not lengthen
SILENT_S = 120.0  # on the clock: who neither answers nor works for so long waits for something that does not come
WORKERS = os.cpu_count() or 1
SLOWEST = "slowest, s"
LIMITS = Limits(memory_bytes=1024 * MEBIBYTE, threads=1)
READ = "read"


def outcome(broken: Broken, folder: Path, connection: duckdb.DuckDBPyConnection) -> str:
    """Return `read`, the code of the refusal, or `fault: …` for what must not happen. The connection may have read
    other files before: opening one takes as long as reading a small file."""
    path, out = folder / "broken", folder / "out.csv"
    path.write_bytes(broken.content)
    named = {"name": broken.name, "options": ReadingOptions(), "limits": LIMITS, "connection": connection}
    told = []
    for verb, read in (("table", partial(read_table, path)), ("raw", partial(export_raw, path, out))):
        try:
            read(**named)
            told.append(READ)
        except DataPilotError as error:
            told.append(error.code if _has_advice(str(error)) else f"fault: no advice in “{error}”")
        except BaseException as error:
            told.append(f"fault: {verb}: {type(error).__name__}: {error}"[:300].replace("\n", " "))
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
    return next((answer for answer in told if answer.startswith("fault")), told[0])


def _has_advice(sentence: str) -> bool:
    return 20 < len(sentence) < 500 and sentence.endswith((".", "?")) and "Traceback" not in sentence


def measure() -> list[Row]:
    """Return one row an outcome with its count and the numbers of the first files, and the slowest file's seconds."""
    first, count = int(os.environ.get("FUZZ_FIRST", "0")), int(os.environ.get("FUZZ_FILES", "10000"))
    shares = [range(first, first + count)[share::WORKERS] for share in range(WORKERS)]
    with ThreadPoolExecutor(WORKERS) as pool:
        answers = sorted(chain.from_iterable(pool.map(_answers, shares)))
    counts = Counter(outcome for _, outcome, _ in answers)
    rows: list[Row] = [
        {
            "outcome": outcome,
            "files": many,
            "examples": ", ".join([str(number) for number, one, _ in answers if one == outcome][:3]),
        }
        for outcome, many in counts.most_common()
    ]
    slowest = max(answers, key=lambda answer: answer[2])
    return [*rows, {"outcome": SLOWEST, "files": slowest[2], "examples": str(slowest[0])}]


def _answers(numbers: range) -> list[tuple[int, str, float]]:
    """Return each file's number, outcome and seconds of processor time, whatever becomes of the process that reads."""
    answers: list[tuple[int, str, float]] = []
    while len(answers) < len(numbers):
        left = numbers[len(answers) :]
        command = [sys.executable, "-m", "benchmarks.reading_fuzz", *map(str, (left.start, left.stop, left.step))]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as worker:
            for number in left:
                line = _next_line(worker)
                took, _, told = line.partition(" ")
                answers.append((number, told, float(took)) if told else (number, line, 0.0))
                if not told:
                    break
            worker.kill()
    return answers


def _next_line(worker: "subprocess.Popen[bytes]") -> str:
    """Return what the worker says next. It hangs when it works for longer than any file may take, or does not work."""
    stream = worker.stdout
    assert stream is not None
    begun = worked = _processor_seconds(worker.pid)
    while not select.select([stream], [], [], SILENT_S)[0]:
        before, worked = worked, _processor_seconds(worker.pid)
        if worked - begun > LONGEST_S or worked == before:
            return "fault:hung"
    return stream.readline().decode().strip() or "fault:died"


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def markdown(rows: list[Row]) -> str:
    """Return the counts by outcome, faults told apart."""
    told = [row for row in rows if row["outcome"] != SLOWEST]
    slowest = rows[-1]
    faults = sum(int(row["files"]) for row in told if str(row["outcome"]).startswith("fault"))
    means = (
        f"{sum(int(row['files']) for row in told):,} broken files, each read as a table and raw: **{faults} faults** "
        f"(crash, hang, error without code or advice); the slowest took {slowest['files']} s of processor time."
    )
    lines = [
        means,
        "",
        "| outcome | files | for example number |",
        "|---|---|---|",
    ]
    lines += [f"| {row['outcome']} | {row['files']} | {row['examples']} |" for row in told]
    return "\n".join(lines)


def _serve(numbers: range) -> None:
    with tempfile.TemporaryDirectory() as name, connect(LIMITS, Path(name)) as connection:
        for number in numbers:
            broken = broken_file(number)
            started = time.process_time()
            answer = outcome(broken, Path(name), connection)
            took = time.process_time() - started
            if took > LONGEST_S:
                answer = f"fault: took {took:.0f} s"
            print(f"{took:.2f} {answer}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        _serve(range(*map(int, sys.argv[1:])))
    else:
        with tempfile.TemporaryDirectory() as scratch, connect(LIMITS, Path(scratch)) as engine:
            print(outcome(broken_file(int(sys.argv[1])), Path(scratch), engine))
