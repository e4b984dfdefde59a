"""What the system is told and asked about a process of ours. Standard library alone, so that a child may import it."""

import ctypes
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # linux/prctl.h


def end_with_parent(number: int) -> None:
    """Have the system send this process the signal when its parent is gone, however it went. Elsewhere than on Linux
    nothing happens: there a process whose parent was killed goes on."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def name_process(name: str) -> None:
    """Set what lists of processes call this one, of at most 15 letters. Linux alone knows such a name."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode())


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process; 0 when it is gone, or where the system does not tell (then the limit
    of the engine itself is the only one)."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
