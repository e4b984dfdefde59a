"""The folders of workers: whose they are, who of them lives, and what the dead have left."""

import os
import socket
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from datapilot.contracts.errors import InvalidSettings
from datapilot.jobs.scratch import live_workers, own_folder, socket_folder
from datapilot.worker.main import drain_workers

HOLDS = """
    import sys
    from pathlib import Path
    from datapilot.jobs.scratch import own_folder, socket_folder
    with own_folder(Path(sys.argv[1])) as folder:
        print(folder, flush=True)
        print(socket_folder(folder), flush=True)
        sys.stdin.read()
"""


def holder(scratch: Path) -> "tuple[subprocess.Popen[str], Path, Path]":
    """Start another worker and return it with its folder and the one of its sockets."""
    other = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDS), str(scratch)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    return other, Path(other.stdout.readline().strip()), Path(other.stdout.readline().strip())


def deep(folder: Path) -> Path:
    """Return a folder whose path is too long for a socket."""
    return folder.joinpath(*["a folder with quite a long name"] * 4)


def test_folder_is_private_and_removed_afterwards(tmp_path: Path) -> None:
    """A worker's files are for it alone, and gone with it."""
    with own_folder(tmp_path / "scratch") as folder:
        (folder / "report.json").write_text("{}")

        assert folder.stat().st_mode & 0o077 == 0
        assert live_workers(tmp_path / "scratch") == [os.getpid()]

    assert not folder.exists()
    assert live_workers(tmp_path / "scratch") == []


def test_workers_have_folders_of_their_own(tmp_path: Path) -> None:
    """Neither two in one process nor two in a row ever share one."""
    with own_folder(tmp_path) as one, own_folder(tmp_path) as two:
        assert one != two
        assert one.exists(), "the second to start must not take the first for dead"


def test_what_a_killed_worker_left_is_removed_by_the_next(tmp_path: Path) -> None:
    """A killed process removes nothing; its lock is gone with it, and so is its folder at the next start."""
    other, left, _ = holder(tmp_path)
    assert live_workers(tmp_path) == [other.pid]
    other.kill()
    other.communicate()

    assert live_workers(tmp_path) == []
    assert left.exists()
    with own_folder(tmp_path):
        assert not left.exists()


@pytest.mark.spec("D10")
def test_sockets_of_a_killed_worker_are_removed_by_the_next(tmp_path: Path) -> None:
    """Where the folder's path is too long for a socket they live elsewhere, and go with the folder all the same."""
    other, folder, sockets = holder(deep(tmp_path))
    assert not sockets.is_relative_to(folder)
    assert sockets.stat().st_mode & 0o077 == 0
    other.kill()
    other.communicate()

    assert sockets.exists()
    with own_folder(deep(tmp_path)):
        assert not sockets.exists()


def test_sockets_have_a_place_though_data_dir_and_temporary_folder_are_deep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker starts wherever it is installed, and leaves nothing in the system's folder."""
    temporary = deep(tmp_path / "temporary")
    temporary.mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)

    with own_folder(deep(tmp_path)) as folder:
        sockets = socket_folder(folder)
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(str(sockets / "listener-12345678"))

    assert not sockets.exists()


def test_place_that_others_may_write_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever could replace a socket could give a worker children of his own: then rather no worker."""
    with tempfile.TemporaryDirectory() as short, own_folder(deep(tmp_path)) as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", short)
        (Path(short) / f"datapilot-{os.getuid()}").mkdir()
        (Path(short) / f"datapilot-{os.getuid()}").chmod(0o777)

        with pytest.raises(InvalidSettings, match="shorter"):
            socket_folder(folder)


def test_strangers_are_left_alone(tmp_path: Path) -> None:
    """Folders of other machines, and whatever else lies there, are not ours to judge."""
    stranger = tmp_path / "another-machine-1-abc"
    stranger.mkdir()
    (stranger / "worker.lock").write_text("1")

    with own_folder(tmp_path):
        assert live_workers(tmp_path) == [os.getpid()]

    assert stranger.exists()


@pytest.mark.parametrize("exists", [True, False])
async def test_draining_where_nobody_works_is_done_at_once(tmp_path: Path, exists: bool) -> None:
    """No worker, no signal, no waiting."""
    scratch = tmp_path / "scratch"
    if exists:
        scratch.mkdir()

    assert await drain_workers(scratch) == 0
