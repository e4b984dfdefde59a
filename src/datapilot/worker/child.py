"""What runs in the process that does one attempt's work. Has no network, no queue and no store, only files.

The process is forked from a server that has the engine loaded already, so this module brings nothing but the standard
library: whatever it imported would be paid in every attempt. It talks in JSON: nothing that comes out of a process
that has read a stranger's file is unpickled.
"""

import contextlib
import errno
import gc
import importlib
import json
import os
import resource
import signal
import sys
import threading
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from datapilot.os_process import end_with_parent, name_process

SPARE, AT_WORK = "datapilot-spare", "datapilot-job"  # what an operator's list of processes calls it, 15 letters at most
ENGINE = "datapilot.engine.connect"
LONGEST_DETAIL = 200  # characters; a message then fits the pipe in one piece
LONGEST_TRACE = 20_000
OBJECTS_BETWEEN_LOOKS = 100_000  # hardly any garbage of an analysis has cycles: looking every 700 costs a tenth
# The watchdog ends the child at its limit; this is for what is claimed in one leap between two of its looks.
BACKSTOP_FACTOR, BACKSTOP_EXTRA = 2, 1024 * 1024 * 1024

MEMORY_MESSAGE = "The analysis needed more memory than one job may use. Try a smaller file."
FULL_MESSAGE = "The server's disk is full. Once there is room again, analyse the file anew."
BROKEN_MESSAGE = "Something went wrong while the file was analysed. It is a fault of ours, not of the file."


@dataclass(frozen=True)
class Task:
    """One attempt's work: call `target` ("module:function") on the file and write what it returns to `out`. Columns
    that a result has no room for go to `columns_out`."""

    target: str
    path: Path
    name: str
    job_id: str
    options: Any
    limits: Any
    scratch: Path
    out: Path
    columns_out: Path


def main(messages: Connection, life: Connection) -> None:
    """Wait for the task that `life` brings, do it, tell `messages` how it goes, and leave the process. Ends at once
    when `life` closes, which it does when the worker is gone."""
    _stand_alone()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS)
    if ENGINE in sys.modules:  # loaded by the server, which cannot start one for its children
        sys.modules[ENGINE].start_ahead()
    try:
        task: Task = life.recv()
    except EOFError:  # without one: the worker needs this process no longer
        os._exit(0)
    _take_up(task)
    threading.Thread(target=_end_with_worker, args=(life,), daemon=True).start()
    try:
        last = _work(messages, task)
    except BaseException as error:  # noqa: BLE001 - the last thing this process does is to say what happened
        last = _ending(error)
    with contextlib.suppress(OSError):  # nobody listens any more: the worker is gone
        _tell(messages, **last)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # tearing the engine down would cost more than it cleans: the process is at its end


def _work(messages: Connection, task: Task) -> dict[str, Any]:
    _tell(messages, kind="started")
    module, _, function = task.target.partition(":")
    analyse = getattr(importlib.import_module(module), function)
    report = analyse(
        task.path,
        name=task.name,
        job_id=task.job_id,
        options=task.options,
        limits=task.limits,
        scratch=task.scratch,
        columns_out=task.columns_out,
        progress=lambda step, detail: _tell(messages, kind="step", step=step, detail=detail[:LONGEST_DETAIL]),
    )
    content = report.model_dump_json().encode()
    task.out.write_bytes(content)
    return {"kind": "done", "bytes": len(content)}


def _ending(error: BaseException) -> dict[str, Any]:
    """Return the message for an error: its own code and sentence when it is one of the family, else ours."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
        return {"kind": "failed", "code": "memory_limit_exceeded", "message": MEMORY_MESSAGE}
    is_of_the_disk = isinstance(error, OSError) or type(error).__name__ == "IOException"  # the engine's own kind
    if is_of_the_disk and os.strerror(errno.ENOSPC) in str(error):
        return {"kind": "failed", "code": "storage_full", "message": FULL_MESSAGE}
    code = getattr(error, "code", None)
    if isinstance(code, str) and any(kind.__name__ == "DataPilotError" for kind in type(error).__mro__):
        return {"kind": "failed", "code": code, "message": str(error)}
    trace = "".join(traceback.format_exception(error))[-LONGEST_TRACE:]
    return {"kind": "failed", "code": "processing_error", "message": BROKEN_MESSAGE, "trace": trace}


def _tell(messages: Connection, **message: Any) -> None:
    messages.send_bytes(json.dumps(message).encode())


def _stand_alone() -> None:
    """Make this process the head of its own group, so that it can be ended with all it has started."""
    os.setpgrp()
    end_with_parent(signal.SIGKILL)
    name_process(SPARE)
    _lower(resource.RLIMIT_CORE, 0)  # a dump would hold the user's data
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _take_up(task: Task) -> None:
    """Bound this process as its task wants it, and show that it has one."""
    name_process(AT_WORK)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_DATA, task.limits.memory_bytes * BACKSTOP_FACTOR + BACKSTOP_EXTRA)


def _lower(limit: int, to: int) -> None:
    _, hard = resource.getrlimit(limit)
    if hard != resource.RLIM_INFINITY:
        to = min(to, hard)
    resource.setrlimit(limit, (to, to))


def _end_with_worker(life: Connection) -> None:
    try:
        life.recv_bytes()
    finally:
        os._exit(1)
