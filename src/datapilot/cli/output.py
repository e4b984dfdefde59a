"""What a command prints and writes: lines that command no terminal, files that are whole or not there."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from datapilot.contracts.errors import InvalidOption
from datapilot.words.cleaning import clean_text

LONGEST_LINE = 2_000  # characters; a sentence has fewer, a hostile cell may have millions


def say(text: str = "", *, indent: int = 0) -> None:
    """Print one line, without what a name or a cell of a file would do to a terminal."""
    print(f"{' ' * indent}{clean_text(text, limit=LONGEST_LINE)}")


def remark(text: str) -> None:
    """Print one line beside the output, on stderr."""
    print(clean_text(text, limit=LONGEST_LINE), file=sys.stderr)


def say_json(text: str) -> None:
    """Print one JSON document, in UTF-8 whatever the terminal speaks, for that is what JSON is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


def check_target(out: Path, flag: str, *, source: Path) -> None:
    """Return when `out` can be written, asked before the work is done. Raises InvalidOption with what is in the way."""
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
    target = out.resolve()
    if target.exists() and not target.is_file():
        yield target  # a pipe or a device, which is written to and not replaced
        return
    try:
        folder = tempfile.TemporaryDirectory(prefix=".datapilot-", dir=target.parent)
    except OSError as error:
        raise InvalidOption(f"{flag}: {out} cannot be written ({error.strerror}). Choose another place.") from None
    with folder as beside:
        fresh = Path(beside) / target.name
        yield fresh
        fresh.replace(target)
