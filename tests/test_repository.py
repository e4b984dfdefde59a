"""What must hold of the repository as a whole, whichever room a change is made in."""

import ast
import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from datapilot.build_web import NODE_REQUIREMENT

ROOT = Path(__file__).parent.parent
BINARY = {".png", ".xlsx", ".xls", ".ods", ".parquet", ".pdf", ".gz", ".zip", ".woff2", ".ico", ".duckdb"}
LARGEST_BYTES = 1_000_000
VAGUE = {"utils", "util", "helpers", "manager", "common", "service", "misc"}


def tracked_files() -> list[Path]:
    """Return what git keeps; a source archive has no git and is not looked at."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_files_name_no_package_index_and_no_machine() -> None:
    """Whoever clones this has an index and folders of his own; an address written here would lead him to another's."""
    hosts = ("registry.npm" + "js.org", "pypi" + ".org/simple", "files.python" + "hosted.org", "npm" + "mirror")
    folders = ("/ro" + "ot/", "/wo" + "rk/", "/ho" + "me/", "/opt/" + "pypi", "/opt/" + "wheels")

    named = [
        f"{path.relative_to(ROOT)} names {forbidden}"
        for path in tracked_files()
        if path.suffix not in BINARY
        for forbidden in (*hosts, *folders)
        if forbidden in path.read_text(encoding="utf-8", errors="replace")
    ]

    assert not named


def test_no_file_is_large() -> None:
    """A clone stays quick; large tables are generated where a test or a benchmark needs one."""
    large = {
        str(path.relative_to(ROOT)): size for path in tracked_files() if (size := path.stat().st_size) > LARGEST_BYTES
    }

    assert not large


def test_web_lock_serves_every_platform_and_every_registry() -> None:
    """npm drops the binaries of other systems from a lock made beside node_modules; `npm ci` then fails there."""
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    compilers = {name.rpartition("/")[2] for name in lock if "node_modules/@next/swc-" in name}

    assert len(compilers) == 8
    assert {"swc-darwin-arm64", "swc-darwin-x64", "swc-win32-arm64-msvc", "swc-win32-x64-msvc"} <= compilers
    assert not [name for name, package in lock.items() if "resolved" in package]
    assert not [
        name
        for name, package in lock.items()
        if name and "integrity" not in package and not (package.get("link") or package.get("inBundle"))
    ]


@pytest.mark.parametrize("lock", ["dev.txt", "runtime.txt", "node.txt"])
def test_python_locks_are_hashed_and_name_no_address(lock: str) -> None:
    """What is installed is what was tested, whichever index brings it."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())

    assert blocks
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text


def test_image_and_tests_use_the_same_versions() -> None:
    """The lock of images is the tested lock without the tools."""
    dev, runtime = _pins("dev.txt"), _pins("runtime.txt")

    assert runtime.items() <= dev.items()


def test_locks_hold_what_the_project_asks_for() -> None:
    """A dependency added without `make lock` is found here, not by the first user."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {_name(line) for line in project["project"]["dependencies"]}
    tools = {_name(line) for line in project["dependency-groups"]["dev"]}

    extras = project["project"]["optional-dependencies"]
    switched_on = {_name(line) for extra in ("sentry", "otel") for line in extras[extra]}

    assert wanted | switched_on <= _pins("runtime.txt").keys(), "a setting alone must do what it says, in an image too"
    assert wanted | tools <= _pins("dev.txt").keys()
    assert (ROOT / "requirements" / "node.in").read_text(encoding="utf-8").startswith(NODE_REQUIREMENT)


def test_every_module_says_what_it_is_for() -> None:
    """The first line of a module is a sentence about the room: what it is for, what stays out."""
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files("src", "tests", "scripts", "benchmarks")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert not silent


def test_every_test_says_what_it_shows() -> None:
    """A test's name states the behaviour and its sentence completes it, so that the suite reads as a manual."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in python_files("tests")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]

    assert not silent


def test_no_room_has_a_vague_name() -> None:
    """What has no better name is two things."""
    vague = [str(path.relative_to(ROOT)) for path in tracked_files() if VAGUE & set(path.with_suffix("").parts)]

    assert not vague


def test_ci_runs_the_tests_and_nothing_else() -> None:
    """What passes here passes there."""
    script = ROOT / ".ci" / "run"
    commands = [line for line in script.read_text().splitlines() if line and not line.startswith("#")]

    assert os.access(script, os.X_OK)
    assert commands == ["set -e", 'cd "$(dirname "$0")/.."', "make test"]


def _pins(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()
