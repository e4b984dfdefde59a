"""Run the checks one after the other, all of them even when one fails, and say at the end how each went.

`run_checks.py fast` is what to run while working; `run_checks.py all` is what CI runs. Both exit 1 when a check failed.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from setup import BIN, NODE_LOCK, ROOT, SetupFailed, pip_install, say

from datapilot.build_web import Node, WebBuildFailed, find_node, install_packages

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WEB = ROOT / "web"
last_line_of_pytest = ""


@dataclass(frozen=True)
class Check:
    """One check: `run` returns None when it passed, else what is wrong in a few words."""

    name: str
    run: Callable[[], str | None]


@dataclass(frozen=True)
class Outcome:
    """How a check went and how long it took."""

    name: str
    seconds: float
    problem: str | None


def main() -> int:
    everything = sys.argv[1:] == ["all"]
    outcomes = []
    for check in every_check() if everything else fast_checks():
        print(f"\n== {check.name}", flush=True)
        started = time.monotonic()
        problem = check.run()
        if problem:
            print(f"{check.name}: {problem}", flush=True)
        outcomes.append(Outcome(check.name, time.monotonic() - started, problem))

    print("\n== summary")
    for outcome in outcomes:
        print(f"{'failed' if outcome.problem else 'passed'}  {outcome.seconds:6.1f} s  {outcome.name}")
    failed = [outcome for outcome in outcomes if outcome.problem]
    if failed:
        print(f"\n{len(failed)} of {len(outcomes)} checks failed: {', '.join(outcome.name for outcome in failed)}")
    # Pytest's own last line closes the output too, for people and programs that look for it there.
    print(f"\n{last_line_of_pytest}", flush=True)
    return 1 if failed else 0


def python_checks() -> list[Check]:
    return [
        Check("format", partial(tool, "ruff", "format", "--check", ".")),
        Check("lint", partial(tool, "ruff", "check", ".")),
        Check("types", partial(tool, "mypy")),
        Check("floors", partial(tool, "lint-imports", "--no-cache")),
    ]


def fast_checks() -> list[Check]:
    unit = partial(pytest, "-q", "-n", "auto", "-m", "not slow and not browser", "--ignore=tests/journeys", "tests")
    return [*python_checks(), Check("unit tests", unit)]


def every_check() -> list[Check]:
    return [
        *python_checks(),
        Check("web packages", install_web_packages),
        Check("web types", partial(npm, "typecheck")),
        Check("web lint", partial(npm, "lint")),
        Check("web tests", partial(npm, "test")),
        Check("Debian packages", install_debian_packages),
        Check("tests", partial(pytest, "-n", "2", "--dist", "loadfile", "--durations=15", "tests")),
    ]


def tool(name: str, *arguments: str) -> str | None:
    """Run a tool of `.venv`, its output going to ours."""
    done = subprocess.run([BIN / name, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    return f"{name} ended with {done.returncode}" if done.returncode else None


def pytest(*arguments: str) -> str | None:
    """Run pytest, its output going to ours, and remember its closing line."""
    global last_line_of_pytest  # noqa: PLW0603 - one run, one closing line
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    with subprocess.Popen(
        [BIN / "pytest", *colour, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        for line in run.stdout:
            print(line, end="", flush=True)
            last_line_of_pytest = line.strip() or last_line_of_pytest
    return f"pytest ended with {run.returncode}" if run.returncode else None


def node() -> Node:
    """Return a Node, fetched into `.venv` when the machine has none."""
    if not find_node():
        say("fetching Node, as this machine has none (61 MB, once)")
        pip_install("--require-hashes", "-r", NODE_LOCK)
    found = find_node()
    if found is None:
        raise SetupFailed("No Node could be had; the web app's tests need one.")
    return found


def install_web_packages() -> str | None:
    try:
        install_packages(ROOT, node(), with_tests=True)
    except (SetupFailed, WebBuildFailed) as failure:
        return str(failure)
    return None


def npm(script: str) -> str | None:
    """Run one of the scripts of web/package.json."""
    found = find_node()
    if found is None:
        return "needs Node"
    done = subprocess.run(
        [*found.npm, "run", "--silent", script], cwd=WEB, env=found.environment(), stdin=subprocess.DEVNULL, check=False
    )
    return f"npm run {script} ended with {done.returncode}" if done.returncode else None


def install_debian_packages() -> str | None:
    """Make sure that a Chromium and a Redis are there: from Debian where we may, else say the one command."""
    packages = [
        name for name, is_there in (("chromium", has_chromium()), ("redis-server", has_redis())) if not is_there
    ]
    if not packages:
        return None
    names = " ".join(packages)
    apt = shutil.which("apt-get")
    if apt is None:
        return f"the tests need {names}. Install that; DATAPILOT_CHROMIUM=/path names a Chromium that is not on PATH"
    if os.geteuid() != 0:
        return f"the tests need {names}. Run: sudo apt-get install -y {names}"
    say(f"installing {names}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}  # 1: start no service
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [apt, *command], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            return f"apt-get {command[0]} failed: {done.stderr.strip()[-500:]}"
    return None


def has_chromium() -> bool:
    return bool(os.environ.get("DATAPILOT_CHROMIUM")) or any(shutil.which(name) for name in CHROMIUM_NAMES)


def has_redis() -> bool:
    return shutil.which("redis-server") is not None


if __name__ == "__main__":
    sys.exit(main())
