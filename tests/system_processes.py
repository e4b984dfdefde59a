"""Processes of this machine as the system tells of them."""

import contextlib
from pathlib import Path


def is_alive(pid: int) -> bool:
    """True while the process runs; a dead one that nobody has waited for yet does not count."""
    try:
        return _stat(pid)[0] != "Z"
    except OSError:
        return False


def living() -> list[int]:
    """Return the ids of all processes that run."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and is_alive(int(entry.name))]


def ancestors(pid: int) -> list[int]:
    """Return the process ids above this one, nearest first."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        while pid > 1:
            pid = int(_stat(pid)[1])
            found.append(pid)
    return found


def descendants(pid: int) -> list[int]:
    """Return the processes below this one, however deep."""
    return [one for one in living() if pid in ancestors(one)]


def _stat(pid: int) -> list[str]:
    """Return what the system tells behind the name, which may hold anything: the state, the parent, …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
