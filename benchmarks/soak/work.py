"""What the children of a soak do instead of an analysis. Imported by them alone."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Told:
    """A report that holds whatever it is given."""

    def __init__(self, **content: Any) -> None:
        self._content = content

    def model_dump_json(self) -> str:
        return json.dumps(self._content)


def nap(path: Path, *, job_id: str, **_: Any) -> Told:
    """Be done after the seconds that the file names."""
    time.sleep(float(path.read_text()))
    return Told(jobId=job_id, pid=os.getpid())


def spin(path: Path, *, progress: Callable[[str, str], None], **_: Any) -> Told:
    """Never end, and never wait."""
    progress("profiling", str(os.getpid()))
    while True:
        pass


def hog(path: Path, **_: Any) -> Told:
    """Take memory without end in pieces of 4 MiB, in Python."""
    held = []
    while True:
        held.append(b"x" * (4 << 20))


def hog_in_engine(path: Path, **_: Any) -> Told:
    """Take memory without end in the engine, which has been told no limit of its own."""
    import duckdb

    with duckdb.connect(config={"threads": 2, "memory_limit": "64GB"}) as connection:
        connection.execute("SELECT list(repeat('x', 1000) || i) FROM range(100000000) t(i)").fetchall()
    return Told()
