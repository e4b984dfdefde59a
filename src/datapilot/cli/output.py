"""What a command prints and writes: lines that command no terminal, files that are whole or not there."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from datapilot.contracts.errors import InvalidOption
from datapilot.words.cleaning import clean_text

STDOUT = "-"  # as the name of a file to write
LONGEST_LINE = 2_000  # characters; a sentence has fewer, a hostile cell may have millions


def say(text: str = "", *, indent: int = 0) -> None:
    """Print one line, without what a name or a cell of a file would do to a terminal."""
    print(f"{' ' * indent}{clean_text(text, limit=LONGEST_LINE)}")


def remark(text: str) -> None:
    """Print one line beside the output, on stderr."""
    print(clean_text(text, limit=LONGEST_LINE), file=sys.stderr)


def is_stdout(out: Path) -> bool:
    """Say whether the user means the standard output."""
    return str(out) == STDOUT


def check_target(out: Path, flag: str, *, source: Path) -> None:
    """Return when `out` can be written, asked before the work is done. Raises InvalidOption with what is in the way."""
    if is_stdout(out):
        return
    folder = out.parent
    if out.is_dir():
        raise InvalidOption(f"{flag}: {out} is a folder. Name a file in it.")
    if not folder.is_dir():
        raise InvalidOption(f"{flag}: there is no folder {folder}. Make it first, or choose another.")
    if out.exists() and out.samefile(source):
        raise InvalidOption(f"{flag}: {out} is the file that is read. Choose another name.")
    if not os.access(out if out.exists() else folder, os.W_OK):
        raise InvalidOption(f"{flag}: {out} may not be written by you. Choose another place.")


@contextmanager
def written_whole(out: Path, flag: str) -> Iterator[Path]:
    """Offer a place to write to; what stands there at the end takes the place of `out`, which stays as it was when
    the block fails. Raises InvalidOption when `out` cannot be written."""
    if is_stdout(out) or (out.exists() and not out.is_file()):
        with tempfile.TemporaryDirectory(prefix="datapilot-") as folder:
            fresh = Path(folder) / "out"
            yield fresh
            _copy(fresh, out)
        return
    target = out.resolve()
    try:
        beside = tempfile.TemporaryDirectory(prefix=".datapilot-", dir=target.parent)
    except OSError as error:
        raise InvalidOption(f"{flag}: {out} cannot be written ({error.strerror}). Choose another place.") from None
    with beside as folder:
        fresh = Path(folder) / target.name
        yield fresh
        fresh.replace(target)


def _copy(source: Path, out: Path) -> None:
    """Write the file to what is no file: the standard output, a pipe or a device."""
    if is_stdout(out):
        sys.stdout.flush()
        with source.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        with source.open("rb") as file, out.open("wb") as pipe:
            shutil.copyfileobj(file, pipe)
