"""Read ten thousand broken files: none may crash or hang the reader, and every refusal has a code and advice.

The files are read in a process of their own, which is started again when it dies. FUZZ_FILES and FUZZ_FIRST choose
other files than the first 10,000. `python -m benchmarks.reading_fuzz NUMBER` reads one file again.
"""

import os
import select
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.measured import Row
from benchmarks.mutations import Broken, broken_file, broken_files
from datapilot.contracts.errors import DataPilotError
from datapilot.contracts.limits import MEBIBYTE, Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.export_table import export_raw
from datapilot.reading.read_table import read_table

LONGEST_S = 10.0
LIMITS = Limits(memory_bytes=1024 * MEBIBYTE)
READ = "read"


def outcome(broken: Broken, folder: Path) -> str:
    """Return `read`, the code of the refusal, or `fault: …` for what must not happen."""
    path, out = folder / "broken", folder / "out.csv"
    path.write_bytes(broken.content)
    told = []
    for verb in ("table", "raw"):
        with connect(LIMITS, folder) as connection:
            try:
                if verb == "table":
                    read_table(path, name=broken.name, options=ReadingOptions(), limits=LIMITS, connection=connection)
                else:
                    export_raw(
                        path, out, name=broken.name, options=ReadingOptions(), limits=LIMITS, connection=connection
                    )
                told.append(READ)
            except DataPilotError as error:
                told.append(error.code if _has_advice(str(error)) else f"fault: no advice in “{error}”")
            except Exception as error:  # noqa: BLE001  (what the benchmark is looking for)
                told.append(f"fault: {verb}: {type(error).__name__}: {error}"[:300].replace("\n", " "))
    return next((answer for answer in told if answer.startswith("fault")), told[0])


def _has_advice(sentence: str) -> bool:
    return 20 < len(sentence) < 500 and sentence.endswith((".", "?")) and "Traceback" not in sentence


def measure() -> list[Row]:
    """Return one row an outcome with its count and the numbers of the first files, and the slowest file's seconds."""
    first, count = int(os.environ.get("FUZZ_FIRST", "0")), int(os.environ.get("FUZZ_FILES", "10000"))
    counts: Counter[str] = Counter()
    examples: dict[str, list[int]] = {}
    slowest, slowest_number = 0.0, first
    number, stop = first, first + count
    while number < stop:
        worker = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.reading_fuzz", str(number), str(stop)], stdout=subprocess.PIPE
        )
        while number < stop:
            started = time.monotonic()
            answer = _next_line(worker)
            took = time.monotonic() - started
            counts[answer] += 1
            examples.setdefault(answer, []).append(number)
            if took > slowest:
                slowest, slowest_number = took, number
            number += 1
            if answer in {"fault: died", "fault: hung"}:
                break
        worker.kill()
        worker.wait()
    rows: list[Row] = [
        {"outcome": answer, "files": many, "examples": ", ".join(map(str, examples[answer][:3]))}
        for answer, many in counts.most_common()
    ]
    return [*rows, {"outcome": "slowest, s", "files": round(slowest, 2), "examples": str(slowest_number)}]


def _next_line(worker: "subprocess.Popen[bytes]") -> str:
    stream = worker.stdout
    ready, _, _ = select.select([stream], [], [], LONGEST_S * 3)
    if not ready or stream is None:
        return "fault: hung"
    line = stream.readline().decode()
    return line.strip() if line else "fault: died"


def markdown(rows: list[Row]) -> str:
    """Return the counts by outcome, faults told apart."""
    told = [row for row in rows if row["outcome"] != "slowest, s"]
    slowest = rows[-1]
    faults = sum(int(row["files"]) for row in told if str(row["outcome"]).startswith("fault"))
    means = (
        f"{sum(int(row['files']) for row in told):,} broken files, each read as a table and raw: **{faults} faults** "
        f"(crash, hang, error without code or advice); the slowest took {slowest['files']} s."
    )
    lines = [
        means,
        "",
        "| outcome | files | for example number |",
        "|---|---|---|",
    ]
    lines += [f"| {row['outcome']} | {row['files']} | {row['examples']} |" for row in told]
    return "\n".join(lines)


def _serve(start: int, stop: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        for broken in broken_files(start, stop):
            started = time.monotonic()
            answer = outcome(broken, Path(name))
            if time.monotonic() - started > LONGEST_S:
                answer = f"fault: took {time.monotonic() - started:.0f} s"
            print(answer, flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        _serve(int(sys.argv[1]), int(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            print(outcome(broken_file(int(sys.argv[1])), Path(scratch)))
