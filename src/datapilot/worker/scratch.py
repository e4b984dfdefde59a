"""The folders in which workers keep an attempt's files, and who of them is alive. Knows no job.

Each worker locks a file in its folder; the system drops the lock when the worker ends, however it ends. So the folders
say which workers of this machine run, and what the dead ones have left.
"""

import fcntl
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "worker.lock"


@contextmanager
def own_folder(scratch: Path) -> Iterator[Path]:
    """Offer a folder of this process alone, removed afterwards; what dead workers have left is removed first."""
    scratch.mkdir(parents=True, exist_ok=True)
    folder = scratch / f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    with (scratch / "folders.lock").open("w") as folders:
        fcntl.flock(folders, fcntl.LOCK_EX)  # nobody sweeps between the making of a folder and its lock
        _remove_leftovers(scratch)
        folder.mkdir(mode=0o700)
        lock = (folder / LOCK).open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
    lock.write(str(os.getpid()))
    lock.flush()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.close()


def live_workers(scratch: Path) -> list[int]:
    """Return the process ids of the workers of this machine that use this folder."""
    ours = scratch.glob(f"{socket.gethostname()}-*/{LOCK}")
    return [int(lock.read_text()) for lock in ours if _is_held(lock) and lock.read_text()]


def _remove_leftovers(scratch: Path) -> None:
    for lock in scratch.glob(f"{socket.gethostname()}-*/{LOCK}"):
        if not _is_held(lock):
            shutil.rmtree(lock.parent, ignore_errors=True)


def _is_held(lock: Path) -> bool:
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
