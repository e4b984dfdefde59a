"""Work for children under test: called like the analysis, each does one thing to the process it runs in.

What a target is to do beyond that stands in the uploaded file.
"""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datapilot.contracts.errors import EmptyFile

Progress = Callable[[str, str], None]


class Told:
    """A report that holds whatever it is given."""

    def __init__(self, **content: Any) -> None:
        self._content = content

    def model_dump_json(self) -> str:
        return json.dumps(self._content)


def succeed(path: Path, *, name: str, job_id: str, progress: Progress, **_: Any) -> Told:
    """Tell what was handed over, after some progress."""
    for step in ("reading", "typing", "profiling"):
        progress(step, f"{name} {step}")
    return Told(jobId=job_id, name=name, content=path.read_text(), pid=os.getpid(), now=time.time())


def tell_wide(path: Path, *, columns_out: Path, **_: Any) -> Told:
    """Tell something, and something beside it that had no room."""
    columns_out.write_text("all columns")
    return Told(content=path.read_text())


def look_around(path: Path, **_: Any) -> Told:
    """Tell what the process had loaded before it was asked to do anything."""
    return Told(
        has_engine="_duckdb" in sys.modules,
        has_main="pytest" in sys.modules,
        has_queue="docket" in sys.modules or "redis" in sys.modules,
        group=os.getpgrp(),
        pid=os.getpid(),
    )


def spin(path: Path, *, progress: Progress, **_: Any) -> Told:
    """Never end, and never wait: only a signal stops this."""
    progress("profiling", str(os.getpid()))
    while True:
        pass


def take_a_while(path: Path, *, job_id: str, progress: Progress, **_: Any) -> Told:
    """Be done after the seconds that the file names."""
    progress("profiling", str(os.getpid()))
    _note(path, job_id)
    time.sleep(float(path.read_text()))
    return Told(jobId=job_id, pid=os.getpid())


def wait_for_word(path: Path, *, job_id: str, progress: Progress, **_: Any) -> Told:
    """Be done once there is the file that the upload names."""
    progress("profiling", str(os.getpid()))
    _note(path, job_id)
    word = Path(path.read_text())
    while not word.exists():
        time.sleep(0.01)
    return Told(jobId=job_id, pid=os.getpid())


def start_another(path: Path, *, progress: Progress, **_: Any) -> Told:
    """Start a process of its own, tell its id, and wait for it."""
    other = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"])
    progress("profiling", str(other.pid))
    other.wait()
    return Told()


def hog(path: Path, *, progress: Progress, **_: Any) -> Told:
    """Take memory without end, and touch it."""
    progress("profiling", str(os.getpid()))
    held = []
    while True:
        held.append(b"x" * (1024 * 1024))


def run_out_of_memory(path: Path, **_: Any) -> Told:
    """Be refused memory by the system."""
    raise MemoryError


def run_out_of_disk(path: Path, **_: Any) -> Told:
    """Find no room for a file."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def refuse(path: Path, **_: Any) -> Told:
    """Find fault with the file."""
    raise EmptyFile("The file is empty. Choose a file with at least a header and one row.")


def break_down(path: Path, **_: Any) -> Told:
    """Have a bug."""
    raise ZeroDivisionError("a secret cell: anna@firma.example")


def die(path: Path, *, job_id: str, **_: Any) -> Told:
    """Be killed by a hand that is not the worker's: always."""
    _note(path, job_id)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("dead processes do not return")


def die_once(path: Path, *, job_id: str, **_: Any) -> Told:
    """Be killed the first time, and succeed the second; the mark lies where the file says."""
    mark = Path(path.read_text())
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Told(jobId=job_id)


def leave(path: Path, **_: Any) -> Told:
    """End the process without a word."""
    os._exit(0)


def _note(path: Path, job_id: str) -> None:
    """Leave a line about this start beside the blobs, for tests that count starts."""
    if starts := os.environ.get("STARTS"):
        with Path(starts).open("a") as file:
            file.write(f"{job_id} {os.getpid()}\n")
