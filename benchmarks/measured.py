"""Run a command as its users do, import to exit, and say what it took."""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

Row = dict[str, str | int | float]


@dataclass(frozen=True)
class Run:
    """One run of a command: seconds on the clock, seconds of all cores, peak memory."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def as_installed() -> dict[str, str]:
    """Return the environment in which the bytecode of a checkout is kept, as that of an installed package is: otherwise
    every module edited since is compiled again by every run."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(command: Sequence[str]) -> Run:
    """Return what the command took; raises CalledProcessError when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=as_installed())
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def alternate(commands: dict[str, Sequence[str]], times: int) -> dict[str, Run]:
    """Return each command's median run of `times`, taking turns so that a busy minute hits all alike. One run of each
    comes before, so that files are in memory and bytecode is written."""
    taken: dict[str, list[Run]] = {name: [] for name in commands}
    for command in commands.values():
        run(command)
    for _ in range(times):
        for name, command in commands.items():
            taken[name].append(run(command))
    return {
        name: Run(
            median(one.wall_s for one in runs), median(one.cpu_s for one in runs), max(one.peak_mib for one in runs)
        )
        for name, runs in taken.items()
    }
