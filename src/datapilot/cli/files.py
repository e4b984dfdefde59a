"""The file that a command is given: whether it may be read, and what it is called."""

import os
from pathlib import Path

from datapilot.contracts.errors import MissingFile


def existing_file(path: Path) -> Path:
    """Return the path when a file is there that may be read; raises MissingFile with what to check."""
    if path.is_dir():
        raise MissingFile(f"{path} is a folder. Name one file in it.")
    if not path.exists():
        raise MissingFile(f"There is no file {path}. Check the name and the folder you are in.")
    if not path.is_file():
        raise MissingFile(f"{path} is no ordinary file. Save what it delivers to a file and name that.")
    if not os.access(path, os.R_OK):
        raise MissingFile(f"{path} may not be read by you. Ask its owner, or copy it to where you may.")
    return path


def name_of(path: Path) -> str:
    """Return the file's name as text, also where the system allowed bytes that are none."""
    return os.fsencode(path.name).decode("utf-8", "replace")
