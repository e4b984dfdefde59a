"""What children are forked from: loaded, rehearsed, and without a thread that a fork would lose."""

import os
import subprocess
import sys

import pytest

LOOK = (
    "import os, datapilot.actions.preloaded\n"
    "print(len(os.listdir('/proc/self/task')), os.listdir(os.environ['TMPDIR']), flush=True)"
)


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_the_rehearsal_leaves_no_thread_and_no_file(tmp_path):
    """The engine has run once in the server that children are forked from, and of that nothing remains."""
    environment = os.environ | {"TMPDIR": str(tmp_path), "OPENBLAS_NUM_THREADS": "1"}

    told = subprocess.run([sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, check=True)

    assert told.stdout.split() == ["1", "[]"]


def test_a_full_disk_costs_the_rehearsal_and_nothing_else():
    """Where no file can be written, the server that children are forked from starts all the same."""
    program = (
        "import tempfile\n"
        "def refuse(*_, **__): raise OSError(28, 'No space left on device')\n"
        "tempfile.TemporaryDirectory = refuse\n"
        "import datapilot.actions.preloaded"
    )

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stderr
