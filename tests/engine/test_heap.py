"""What is freed stays with the process, where it is asked to."""

import subprocess
import sys

import pytest

FAULTS = """
import resource, sys
from datapilot.engine.heap import keep_freed_memory
if "keep" in sys.argv:
    keep_freed_memory()
import numpy as np
def fill():
    return [np.ones(12_000) for _ in range(100)]  # 9.4 MiB in pieces that no block of their own is made for
fill()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    fill()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(*arguments: str) -> int:
    """Return how often the system was asked for a page."""
    told = subprocess.run([sys.executable, "-c", FAULTS, *arguments], capture_output=True, text=True, check=True)
    return int(told.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' C libraries have ways of their own")
def test_freed_memory_is_used_again_without_asking_the_system() -> None:
    """Arrays in the place of arrays that were freed cost no page; without being asked the C library fetches them."""
    assert faults("keep") < faults() / 10
