"""Work for children that read: each does one thing to the process it runs in, which the file's name cannot ask for."""

import os
import signal
import sys
from typing import Any

from datapilot.actions.child_reader import Order
from datapilot.contracts.base import Contract


class Surroundings(Contract):
    """What a child finds about itself."""

    pid: int
    parent: int
    environment: tuple[str, ...]
    modules: tuple[str, ...]
    content: str


def look_around(order: Order, **_: Any) -> Surroundings:
    """Tell what is within reach."""
    return Surroundings(
        pid=os.getpid(),
        parent=os.getppid(),
        environment=tuple(os.environ),
        modules=tuple(sys.modules),
        content=order.source.read_text(),
    )


def crash(order: Order, **_: Any) -> Surroundings:
    """Die as a reader does whose compiled code goes wrong."""
    signal.raise_signal(signal.SIGSEGV)
    return look_around(order)


def lose_the_server(order: Order, **_: Any) -> Surroundings:
    """Kill what this process was forked from, which takes its children with it."""
    os.kill(os.getppid(), signal.SIGKILL)
    signal.pause()
    return look_around(order)


def break_down(order: Order, **_: Any) -> Surroundings:
    """Meet a fault of ours, with something of the file in what it says."""
    raise RuntimeError(order.source.read_text())
