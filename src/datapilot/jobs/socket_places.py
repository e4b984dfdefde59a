"""Where a socket can live: its path may have a hundred bytes, and nobody but its user may reach it. Knows no server."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

LONGEST_SOCKET_PATH = 100  # bytes; the system's own limit is 108, on some 104


def fits(path: Path) -> bool:
    """Say whether a socket may have this path."""
    return len(os.fsencode(path)) <= LONGEST_SOCKET_PATH


def short_place(name: str) -> Path:
    """Return a path for what is called `name` in a folder of this user alone, which `make_private` makes: the first
    of the system's folders for such things in which the path is short enough."""
    paths = [Path(place) / f"datapilot-{os.getuid()}" / name for place in _short_places()]
    return next((path for path in paths if fits(path)), paths[-1])


def make_private(folder: Path) -> bool:
    """Make the folder; False when somebody else could write to it: whoever owns a socket owns what is behind it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = folder.lstat()
    return found.st_uid == os.getuid() and not found.st_mode & 0o022 and not folder.is_symlink()


def _short_places() -> Iterator[str]:
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        yield runtime
    yield tempfile.gettempdir()
    yield "/tmp"  # noqa: S108 - the folder made below it is checked to be ours alone
