"""Run the checks, all of them even when one fails, those that keep one core busy side by side; say how each went.

`run_checks.py fast` is what to run while working; `run_checks.py all` is what CI runs. Both exit 1 when a check failed.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from setup import BIN, NODE_LOCK, ROOT, SetupFailed, pip_install, say

from datapilot.build_web import Node, WebBuildFailed, find_node, install_packages

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WEB = ROOT / "web"
last_line_of_pytest = ""


@dataclass(frozen=True)
class Ended:
    """What is wrong in a few words, None when nothing is, and what the tool printed, unless it was shown as it came."""

    problem: str | None
    printed: str = ""


@dataclass(frozen=True)
class Check:
    """One check, by the name it has in the summary."""

    name: str
    run: Callable[[], Ended]


@dataclass(frozen=True)
class Outcome:
    """How a check went and how long it took."""

    name: str
    seconds: float
    problem: str | None


def main() -> int:
    everything = sys.argv[1:] == ["all"]
    if everything:
        outcomes = side_by_side(python_checks(), [Check("web packages", install_web_packages)])
        outcomes += side_by_side(web_checks(), [Check("web tests", partial(npm, "test"))])
        outcomes += [perform(Check("Debian packages", install_debian_packages)), perform(all_tests())]
    else:
        outcomes = [perform(check) for check in [*python_checks(), unit_tests()]]

    print("\n== summary")
    for outcome in outcomes:
        print(f"{'failed' if outcome.problem else 'passed'}  {outcome.seconds:6.1f} s  {outcome.name}")
    failed = [outcome for outcome in outcomes if outcome.problem]
    if failed:
        print(f"\n{len(failed)} of {len(outcomes)} checks failed: {', '.join(outcome.name for outcome in failed)}")
    # Pytest's own last line closes the output too, for people and programs that look for it there.
    print(f"\n{last_line_of_pytest}", flush=True)
    return 1 if failed else 0


def side_by_side(*lanes: list[Check]) -> list[Outcome]:
    """Run the lanes at once, the checks of each one after the other; return the outcomes lane by lane."""
    with ThreadPoolExecutor(len(lanes)) as running:
        return [outcome for done in running.map(lambda lane: list(map(perform, lane)), lanes) for outcome in done]


def perform(check: Check) -> Outcome:
    started = time.monotonic()
    ended = check.run()
    said = [f"\n== {check.name}", ended.printed.rstrip(), f"{check.name}: {ended.problem}" if ended.problem else ""]
    print("\n".join(filter(None, said)), flush=True)
    return Outcome(check.name, time.monotonic() - started, ended.problem)


def python_checks() -> list[Check]:
    return [
        Check("format", partial(tool, "ruff", "format", "--check", ".")),
        Check("lint", partial(tool, "ruff", "check", ".")),
        Check("types", partial(tool, "mypy")),
        Check("floors", partial(tool, "lint-imports", "--no-cache")),
    ]


def web_checks() -> list[Check]:
    return [Check("web types", partial(npm, "typecheck")), Check("web lint", partial(npm, "lint"))]


def unit_tests() -> Check:
    unit = partial(pytest, "-q", "-n", "auto", "-m", "not slow and not browser", "--ignore=tests/journeys", "tests")
    return Check("unit tests", unit)


def all_tests() -> Check:
    # One process more than CI has cores: journeys spend half of their time waiting for leases, starts and ends.
    spread = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")
    return Check("tests", partial(pytest, *spread, "--durations=15", "tests"))


def tool(name: str, *arguments: str) -> Ended:
    """Run a tool of `.venv`."""
    return run([BIN / name, *arguments], ROOT, os.environ)


def run(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> Ended:
    """Run a command to its end, keeping what it prints: two that run at once would write over each other."""
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    return Ended(f"ended with {done.returncode}" if done.returncode else None, done.stdout)


def pytest(*arguments: str) -> Ended:
    """Run pytest, its output going to ours as it comes, and remember its closing line."""
    global last_line_of_pytest  # noqa: PLW0603 - one run, one closing line
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    with subprocess.Popen(
        [BIN / "pytest", *colour, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        for line in running.stdout:
            print(line, end="", flush=True)
            last_line_of_pytest = line.strip() or last_line_of_pytest
    return Ended(f"ended with {running.returncode}" if running.returncode else None)


def node() -> Node:
    """Return a Node, fetched into `.venv` when the machine has none."""
    if not find_node():
        say("fetching Node, as this machine has none (61 MB, once)")
        pip_install("--require-hashes", "-r", NODE_LOCK)
    found = find_node()
    if found is None:
        raise SetupFailed("No Node could be had; the web app's tests need one.")
    return found


def install_web_packages() -> Ended:
    try:
        install_packages(ROOT, node(), with_tests=True)
    except (SetupFailed, WebBuildFailed) as failure:
        return Ended(str(failure))
    return Ended(None)


def npm(script: str) -> Ended:
    """Run one of the scripts of web/package.json."""
    found = find_node()
    if found is None:
        return Ended("needs Node")
    return run([*found.npm, "run", "--silent", script], WEB, found.environment())


def install_debian_packages() -> Ended:
    """Make sure that a Chromium and a Redis are there: from Debian where we may, else say the one command."""
    packages = [
        name for name, is_there in (("chromium", has_chromium()), ("redis-server", has_redis())) if not is_there
    ]
    if not packages:
        return Ended(None)
    names = " ".join(packages)
    apt = shutil.which("apt-get")
    if apt is None:
        return Ended(
            f"the tests need {names}. Install that; DATAPILOT_CHROMIUM=/path names a Chromium that is not on PATH"
        )
    if os.geteuid() != 0:
        return Ended(f"the tests need {names}. Run: sudo apt-get install -y {names}")
    say(f"installing {names}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}  # 1: start no service
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [apt, *command], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            return Ended(f"apt-get {command[0]} failed: {done.stderr.strip()[-500:]}")
    return Ended(None)


def has_chromium() -> bool:
    return bool(os.environ.get("DATAPILOT_CHROMIUM")) or any(shutil.which(name) for name in CHROMIUM_NAMES)


def has_redis() -> bool:
    return shutil.which("redis-server") is not None


if __name__ == "__main__":
    sys.exit(main())
