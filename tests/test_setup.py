"""Getting started on a strange machine: which Python is taken, which index is asked, when `.venv` is made anew."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def setup_script() -> ModuleType:
    """The script as a module of its own, so that a test may bend its places."""
    spec = importlib.util.spec_from_file_location("setup_script", ROOT / "scripts" / "setup.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def find_python(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the search with only the programs of `folder` in reach."""
    shell = shutil.which("sh")
    assert shell
    return subprocess.run(
        [shell, ROOT / "scripts" / "find_python.sh"],
        env={"PATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_python_under_another_name_is_found(tmp_path: Path) -> None:
    """A machine whose python3 is old, or a shim that refuses to run, may have a newer one beside it."""
    program(tmp_path / "python3", "exit 1")
    newer = program(tmp_path / "python3.12", f'exec "{sys.executable}" "$@"')

    found = find_python(tmp_path)

    assert found.stdout.strip() == str(newer)


def test_machine_without_a_fitting_python_is_told_what_to_install(tmp_path: Path) -> None:
    """The message names the version and one command, instead of a traceback from the depths."""
    program(tmp_path / "python3", "exit 1")

    found = find_python(tmp_path)

    assert found.returncode == 1
    assert "Python 3.11 or newer" in found.stderr
    assert "apt-get install" in found.stderr


def test_python_can_be_named_by_hand(tmp_path: Path) -> None:
    """`make setup PYTHON=…` is taken at its word, and refused when it does not fit."""
    named = program(tmp_path / "my python", f'exec "{sys.executable}" "$@"')
    old = program(tmp_path / "old python", "exit 1")

    assert find_python(tmp_path, PYTHON=str(named)).stdout.strip() == str(named)
    assert find_python(tmp_path, PYTHON=str(old)).returncode == 1


def test_uv_asks_the_index_that_pip_is_configured_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setup_script: ModuleType
) -> None:
    """uv reads none of pip's files, so it is told; a setting of pip's section for installs is the stronger one."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_")) or name == "SSL_CERT_FILE"]:
        monkeypatch.delenv(name)
    config = tmp_path / "pip.conf"
    config.write_text(
        "[global]\nindex-url = https://one.example/simple\nextra-index-url =\n  https://two.example/simple\n"
        "  https://three.example/simple\nfind-links = /wheels\ntrusted-host = one.example\ncert = /ca.pem\n"
        "[install]\nindex-url = https://stronger.example/simple\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    monkeypatch.setattr(setup_script, "BIN", Path(sys.executable).parent)

    told = setup_script.uv_environment()

    assert told["UV_DEFAULT_INDEX"] == "https://stronger.example/simple"
    assert told["UV_INDEX"] == "https://two.example/simple https://three.example/simple"
    assert told["UV_FIND_LINKS"] == "/wheels"
    assert told["UV_INSECURE_HOST"] == "one.example"
    assert told["SSL_CERT_FILE"] == "/ca.pem"


def test_own_settings_of_uv_win(monkeypatch: pytest.MonkeyPatch, setup_script: ModuleType) -> None:
    """Who has configured uv himself is not overruled by pip's files."""
    monkeypatch.setenv("PIP_INDEX_URL", "https://pip.example/simple")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://uv.example/simple")
    monkeypatch.setattr(setup_script, "BIN", Path(sys.executable).parent)

    assert setup_script.uv_environment()["UV_DEFAULT_INDEX"] == "https://uv.example/simple"


def test_uv_itself_comes_from_the_lock(setup_script: ModuleType) -> None:
    """The lines handed to pip pin one package and hold its hashes."""
    lines = setup_script.locked("uv").splitlines()

    assert lines[0].startswith("uv==")
    assert [line for line in lines if not line.startswith(" ")] == lines[:1]
    assert any("--hash=sha256:" in line for line in lines)


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setup_script: ModuleType) -> Path:
    """The scripts' folder of a virtual environment of Python 3.11."""
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.7\n")
    program(folder / "python", "echo 3.11.")
    monkeypatch.setattr(setup_script, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup_script, "BIN", folder)
    return folder


def test_moved_checkout_gets_a_new_venv(scripts: Path, setup_script: ModuleType) -> None:
    """Scripts in a virtual environment hold its place in their first line; after a move they would start another's."""
    (scripts / "datapilot").write_text(f"#!{scripts}/python\n")
    assert setup_script.venv_works()

    (scripts / "datapilot").write_text("#!/elsewhere/.venv/bin/python\n")
    assert not setup_script.venv_works()


@pytest.mark.parametrize("now", ["echo 3.13.", "exit 127"], ids=["another version", "one that does not run"])
def test_upgraded_python_gets_a_new_venv(now: str, scripts: Path, setup_script: ModuleType) -> None:
    """`python3` of a newer system is another Python under the same name, and finds none of the packages."""
    program(scripts / "python", now)

    assert not setup_script.venv_works()


def test_checkout_may_lie_below_a_name_in_any_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setup_script: ModuleType
) -> None:
    """What Python reads at its start, as ASCII where LC_ALL is C, says the way to the source without that name."""
    root = tmp_path / "Übung 日本"
    pointer = root / ".venv" / "lib" / "python3.11" / "site-packages" / "_editable_impl_datapilot.pth"
    pointer.parent.mkdir(parents=True)
    pointer.write_text(f"{root / 'src'}", encoding="utf-8")
    monkeypatch.setattr(setup_script, "ROOT", root)
    monkeypatch.setattr(setup_script, "VENV", root / ".venv")

    setup_script.point_at_the_source()

    said = pointer.read_bytes().decode("ascii").strip()
    assert Path(os.path.normpath(pointer.parent / said)) == root / "src"


@pytest.mark.parametrize("lock", ["dev", "runtime", "node"])
def test_locks_know_the_files_of_every_machine(lock: str) -> None:
    """A lock made of the wheels that lay on one machine would refuse those of every other Python and system. A package
    publishes at least a wheel and its sources, or a wheel for each system."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    sources_alone = {"cronsim"}

    hashes: dict[str, int] = {}
    for line in text.splitlines():
        if "==" in line[:60]:
            hashes[package := line.split("==")[0]] = 0
        hashes[package] += "--hash=" in line

    assert hashes
    assert {package for package, count in hashes.items() if count < 2} <= sources_alone
