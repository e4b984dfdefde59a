"""A deployment on one machine, run for real: what works comes into use, what does not is taken back."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from targets.base import Failed, deploy
from targets.host import Host
from tests.free_port import free_port
from tests.journeys.product import FINAL, PROGRAM, eventually, plain_environment, slow_table

ROOT = Path(__file__).parents[2]
SHIP = ROOT / "deploy" / "ship.py"
# Well by its own account, and yet no file can be analysed in so little time.
STARVED = "JOB_TIMEOUT_SECONDS=0.001"

pytestmark = pytest.mark.slow


class Machine:
    """A machine with the target on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()

    def make(self, version: str, settings: str = "") -> Path:
        """Return the folder of a release that runs this very code with these settings."""
        command = self.folder / "built" / version / "bin" / "datapilot"
        command.parent.mkdir(parents=True)
        command.write_text(f'#!/bin/sh\n{settings} exec {PROGRAM} "$@"\n')
        command.chmod(0o755)
        return command.parents[1]

    def ship(self, *words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run the deployment's command."""
        place = ["--root", self.folder / "opt", "--port", str(self.port), "--well-within", "60"]
        return subprocess.run(
            [sys.executable, SHIP, "host", *words, *place],
            env=plain_environment() | {"WORKER_HEALTH_PORT": "0", "HOME": str(self.folder)} | settings,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def get(self, path: str) -> Any:
        """Return what the server answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return json.loads(answer.read())

    def upload(self, file: Path) -> str:
        """Send a file and return its job's id."""
        form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/upload",
            form + file.read_bytes() + b"\r\n--x--\r\n",
            {"Content-Type": "multipart/form-data; boundary=x"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(json.loads(answer.read())["jobId"])


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine on which nothing is deployed; what runs at the end is ended."""
    one = Machine(tmp_path)
    yield one
    one.ship("stop")


@pytest.mark.spec("I2")
def test_broken_releases_are_rolled_back_and_no_job_is_cut_off(machine: Machine) -> None:
    """A comes into use; B passes for well but fails the smoke test, C does not even start: each time A comes back. The
    job that was running when B came was finished first."""
    first = machine.ship("deploy", "A", "--source", machine.make("A"))
    running = machine.upload(slow_table(machine.folder))
    assert eventually(lambda: machine.get(f"/api/job-status?jobId={running}")["status"] == "processing")

    second = machine.ship("deploy", "B", "--source", machine.make("B", STARVED))

    assert first.returncode == 0, first.stdout + first.stderr
    assert "A passed the smoke test" in first.stdout
    assert second.returncode == 1, second.stdout
    assert "FAILED: the smoke test failed" in second.stdout
    assert "the job is failed: timeout" in second.stdout
    assert "rolled back: A is active and well" in second.stdout
    assert machine.ship("current").stdout.strip() == "A"
    assert machine.get("/api/health")["status"] == "ok"
    assert machine.get(f"/api/job-status?jobId={running}")["status"] == "completed"
    assert {job["status"] for job in machine.get("/api/jobs")["jobs"]} <= FINAL

    third = machine.ship("deploy", "C", "--source", machine.make("C", "WORKERS=many"))
    refused, forced = machine.ship("rollback", "B"), machine.ship("rollback", "A", FORCE_ROLLBACK="1")

    assert third.returncode == 1
    assert "invalid_settings" in third.stdout, "the last words of what did not start are shown"
    assert "rolled back: A is active and well" in third.stdout
    assert (refused.returncode, forced.returncode) == (1, 0), "what is well is not rolled back by accident"
    assert "FORCE_ROLLBACK=1" in refused.stderr


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A machine whose systemd says yes to everything and notes in `asked` what it was asked; no process is started."""
    source = tmp_path / "source" / "bin"
    source.mkdir(parents=True)
    (source / "datapilot").write_text("#!/bin/sh\n")
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(f'#!/bin/sh\necho "$*" >> "{tmp_path}/asked"\n')
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return Host(tmp_path / "opt", source=source.parent, service="datapilot")


@pytest.mark.spec("I2")
def test_version_that_was_left_is_not_gone_back_to(unit: Host) -> None:
    """Each rollback goes one version further back, past what was rolled back before."""
    for version in ("v1", "v2", "v3"):
        unit.release(version)
        unit.activate(version)

    before_v3 = unit.previous()
    unit.rollback("v2")
    before_v2 = unit.previous()
    unit.rollback("v1")

    assert (before_v3, before_v2, unit.previous()) == ("v2", "v1", None)


@pytest.mark.spec("I2")
def test_version_that_cannot_be_brought_leaves_alone_what_runs(unit: Host, tmp_path: Path) -> None:
    """There is nothing to take back, so no job of the running version is cut off."""
    unit.release("v1")
    unit.activate("v1")
    asked_before = (tmp_path / "asked").read_text()
    said: list[str] = []

    is_in_use = deploy(replace(unit, source=tmp_path / "absent.whl"), "v2", say=said.append)

    assert not is_in_use
    assert unit.current() == "v1"
    assert (tmp_path / "asked").read_text() == asked_before
    assert "v1 is in use as before" in said[-1]


def test_old_releases_are_removed_but_not_what_is_needed(unit: Host) -> None:
    """Five are kept, and besides them what is active and what was before."""
    for number in range(9):
        unit.release(f"v{number}")
        os.utime(unit.root / "releases" / f"v{number}", (number, number))
        if number < 2:
            unit.activate(f"v{number}")

    assert (unit.current(), unit.previous()) == ("v1", "v0")
    assert unit._releases() == ["v0", "v1", "v4", "v5", "v6", "v7", "v8"]


@pytest.mark.parametrize("version", ["", "../etc", ".hidden", "a/b"])
def test_version_that_is_no_name_is_refused(version: str, tmp_path: Path) -> None:
    """A version is the name of a folder and cannot leave the others."""
    with pytest.raises(Failed, match="not a version"):
        Host(tmp_path).release(version)
