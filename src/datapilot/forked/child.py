"""What runs in the process that does one task. Has no network, no queue and no store, only files.

The process is forked from a server that has the engine loaded already, so this module brings nothing but the standard
library: whatever it imported would be paid for every task. It talks in JSON: nothing that comes out of a process
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
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

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


class Task(NamedTuple):
    """Call `target` ("module:function") with the named arguments and with `progress`, and write the contract that it
    returns to `out`, all within so many bytes of memory."""

    target: str
    arguments: dict[str, Any]
    memory_bytes: int
    out: Path


class Started(NamedTuple):
    """The process has its task."""


class Step(NamedTuple):
    """The work has come to this step, in a few words."""

    step: str
    detail: str


class Done(NamedTuple):
    """What came of it lies where it was to be written."""


class Failed(NamedTuple):
    """Why nothing came of it: code and sentence for people, and the trace of a fault of ours."""

    code: str
    message: str
    trace: str = ""


Message = Started | Step | Done | Failed
_KINDS: dict[str, Callable[..., Message]] = {kind.__name__: kind for kind in (Started, Step, Done, Failed)}


def as_bytes(message: Message) -> bytes:
    """Return how a message travels."""
    return json.dumps([type(message).__name__, *message]).encode()


def from_bytes(sent: bytes) -> Message:
    """Return the message that was sent. Raises ValueError for what no child of ours says."""
    try:
        kind, *fields = json.loads(sent)
        return _KINDS[kind](*map(str, fields))
    except (TypeError, KeyError) as error:
        raise ValueError("not a message of a child") from error


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
        last: Message = _work(messages, task)
    except BaseException as error:  # noqa: BLE001 - the last thing this process does is to say what happened
        last = _ending(error)
    with contextlib.suppress(OSError):  # nobody listens any more: the worker is gone
        _tell(messages, last)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # tearing the engine down would cost more than it cleans: the process is at its end


def _work(messages: Connection, task: Task) -> Done:
    _tell(messages, Started())
    module, _, function = task.target.partition(":")
    work = getattr(importlib.import_module(module), function)
    answer = work(**task.arguments, progress=lambda step, detail: _tell(messages, Step(step, detail[:LONGEST_DETAIL])))
    task.out.write_bytes(answer.model_dump_json().encode())
    return Done()


def _ending(error: BaseException) -> Failed:
    """Return the message for an error: its own code and sentence when it is one of the family, else ours."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
        return Failed("memory_limit_exceeded", MEMORY_MESSAGE)
    is_of_the_disk = isinstance(error, OSError) or type(error).__name__ == "IOException"  # the engine's own kind
    if is_of_the_disk and os.strerror(errno.ENOSPC) in str(error):
        return Failed("storage_full", FULL_MESSAGE)
    code = getattr(error, "code", None)
    if isinstance(code, str) and any(kind.__name__ == "DataPilotError" for kind in type(error).__mro__):
        return Failed(code, str(error))
    trace = "".join(traceback.format_exception(error))[-LONGEST_TRACE:]
    return Failed("processing_error", BROKEN_MESSAGE, trace)


def _tell(messages: Connection, message: Message) -> None:
    messages.send_bytes(as_bytes(message))


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
        _lower(resource.RLIMIT_DATA, task.memory_bytes * BACKSTOP_FACTOR + BACKSTOP_EXTRA)


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
