"""The command line as its users meet it: arguments in; exit status, stdout and stderr out."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from datapilot.cli.main import main
from datapilot.settings import Settings

PROGRAM = [sys.executable, "-c", "from datapilot.cli.main import main; main()"]

Files = Callable[..., Path]


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and no setting from outside."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run one command within this process."""

    def run_command(*arguments: str | Path) -> Ended:
        _forget_logs()
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        said = capfd.readouterr()
        assert isinstance(left.value.code, int)
        return Ended(left.value.code, said.out, said.err)

    return run_command


def _forget_logs() -> None:
    """A command begins without a log: what an earlier one of this process set up writes to a stream that is closed."""
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if isinstance(handler, logging.StreamHandler) and getattr(handler.stream, "closed", False):
            root.removeHandler(handler)


def spawn(*arguments: str | Path, folder: Path, **settings: str) -> Ended:
    """Run one command as a process of its own."""
    done = subprocess.run(
        [*PROGRAM, *arguments],
        cwd=folder,
        env=environment() | settings,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def environment() -> dict[str, str]:
    """Return this process's environment without any setting of the product."""
    ours = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name not in ours}


def refused(ended: Ended, code: str, status: int = 1) -> str:
    """Return the sentence of a command that failed as it should: one line, nothing on stdout."""
    assert ended.err.startswith(f"error {code}: "), ended.err
    assert ended.err.count("\n") == 1, ended.err
    assert (ended.status, ended.out) == (status, "")
    return ended.err.removeprefix(f"error {code}: ").strip()
