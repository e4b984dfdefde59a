"""The folders in which a worker keeps an attempt's files, or an API what it reads, and who of them is alive.

Each locks a file in its folder; the system drops the lock when its process ends, however it ends. So the folders say
which workers of this machine run, and what the dead ones have left. Knows no job.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from datapilot.contracts.errors import InvalidSettings
from datapilot.jobs.socket_places import make_private, short_place

LOCK = "worker.lock"
SOCKETS = "sockets"
LISTENER = "listener-12345678"  # as long as the name that multiprocessing gives


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
        _remove(folder)
        lock.close()


def socket_folder(folder: Path) -> Path:
    """Return where the sockets of the worker with this folder can live: in it, or, where its path is too long or its
    file system takes none, in a short private folder that goes with it. Raises InvalidSettings when there is none."""
    if _takes_sockets(folder):
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    place = short_place(f"{name}/{LISTENER}").parent
    if not (make_private(place.parent) and make_private(place) and _takes_sockets(place)):
        raise InvalidSettings(
            f"No socket can be made in {folder} nor in {place}. Choose a shorter DATA_DIR, or a shorter TMPDIR that"
            " nobody else may write to."
        )
    (folder / SOCKETS).symlink_to(place)
    return place


def live_workers(scratch: Path) -> list[int]:
    """Return the process ids of the workers of this machine that use this folder."""
    ours = scratch.glob(f"{socket.gethostname()}-*/{LOCK}")
    return [int(lock.read_text()) for lock in ours if _is_held(lock) and lock.read_text()]


def _remove_leftovers(scratch: Path) -> None:
    for lock in scratch.glob(f"{socket.gethostname()}-*/{LOCK}"):
        if not _is_held(lock):
            _remove(lock.parent)


def _remove(folder: Path) -> None:
    elsewhere = folder / SOCKETS
    if elsewhere.is_symlink():
        shutil.rmtree(elsewhere.readlink(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _takes_sockets(folder: Path) -> bool:
    probe = folder / LISTENER
    with socket.socket(socket.AF_UNIX) as one:
        try:
            one.bind(str(probe))
        except OSError:
            return False
    probe.unlink()
    return True


def _is_held(lock: Path) -> bool:
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
