"""The folders of workers: whose they are, who of them lives, and what the dead have left."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from datapilot.worker.main import drain_workers
from datapilot.worker.scratch import live_workers, own_folder

HOLDS = """
    import sys
    from pathlib import Path
    from datapilot.worker.scratch import own_folder
    with own_folder(Path(sys.argv[1])) as folder:
        print(folder, flush=True)
        sys.stdin.read()
"""


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
    other = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDS), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    left = Path(other.stdout.readline().strip())
    assert live_workers(tmp_path) == [other.pid]
    other.kill()
    other.communicate()

    assert live_workers(tmp_path) == []
    assert left.exists()
    with own_folder(tmp_path):
        assert not left.exists()


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
