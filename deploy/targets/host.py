"""One machine: release folders, a link `current`, and `datapilot up` kept running below it.

    ROOT/releases/VERSION/bin/datapilot   a release; made from a wheel, or copied from a folder that holds one
    ROOT/current -> releases/VERSION      the active one
    ROOT/previous                         the versions that were active before, the latest last
    ROOT/shared/                          DATA_DIR and .env, which outlive releases
    ROOT/run/                             process id and log of what runs

Where systemd is at hand, `service` names the unit that runs ROOT/current/bin/datapilot (deploy/systemd); otherwise the
process is started here, in a session of its own.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from targets.base import Failed

WELL_WITHIN_S = 60.0
DRAINED_WITHIN_S = 660.0  # JOB_TIMEOUT_SECONDS, and a minute
ENDED_WITHIN_S = 15.0  # `up` promises ten
LOOK_S = 0.2
KEPT_RELEASES = 5


@dataclass(frozen=True)
class Host:
    """See `targets.base.Target`. `source` is a folder or a wheel to make releases from; `port` is where it serves."""

    root: Path
    port: int = 5328
    host: str = "127.0.0.1"
    source: Path | None = None
    requirements: Path | None = None
    service: str | None = None
    drained_within_s: float = DRAINED_WITHIN_S
    well_within_s: float = WELL_WITHIN_S

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def release(self, version: str) -> None:
        place = self._place(version)
        if (place / "bin" / "datapilot").exists():
            return
        if self.source is None or not self.source.exists():
            raise Failed(f"there is nothing to make {version} from: {self.source}")
        unfinished = place.with_name(f".{version}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        if self.source.is_dir():
            shutil.copytree(self.source, unfinished, symlinks=True)
            unfinished.rename(place)
        else:
            # A virtual environment does not like to be moved, so the mark of completeness is its command, made last.
            self._install(place)
        self._forget_old_releases()

    def activate(self, version: str) -> None:
        if not (self._place(version) / "bin" / "datapilot").exists():
            raise Failed(f"{version} was never released here")
        self._stop(drains=True)
        if (before := self.current()) and before != version:
            self._note_earlier([*self._earlier(), before])
        self._link(version)
        self._start()

    def verify(self) -> None:
        deadline = time.monotonic() + self.well_within_s
        said = "it does not answer"
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, ValueError):
                health = json.loads(self._ask("/api/health"))
                if health["status"] == "ok":
                    return
                said = json.dumps(health["components"])
            if self.service is None and self._pid() is None:
                raise Failed(f"it ended soon after its start; the end of its log:\n{self._log_end()}")
            time.sleep(LOOK_S)
        raise Failed(f"not well after {self.well_within_s:g} s: {said}; the end of its log:\n{self._log_end()}")

    def smoke(self) -> None:
        tried = subprocess.run(
            [self._current_link() / "bin" / "datapilot", "smoke", self.url, "--max-wait", str(self.well_within_s)],
            cwd=self._shared(),
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        sys.stdout.write(tried.stdout)
        if tried.returncode:
            raise Failed(f"the smoke test failed\n{tried.stdout}{tried.stderr}")

    def rollback(self, version: str) -> None:
        if not (self._place(version) / "bin" / "datapilot").exists():
            raise Failed(f"{version} is not here any more: {', '.join(self._releases()) or 'no release is'}")
        self._stop(drains=False)
        if version in (earlier := self._earlier()):
            # What came after it was left, and is not what to go back to next time.
            self._note_earlier(earlier[: earlier.index(version)])
        self._link(version)
        self._start()

    def current(self) -> str | None:
        link = self._current_link()
        return link.resolve().name if link.exists() else None

    def previous(self) -> str | None:
        return next(reversed(self._earlier()), None)

    def stop(self) -> None:
        """End what runs, after its jobs."""
        self._stop(drains=True)

    def _place(self, version: str) -> Path:
        if not version or version.startswith(".") or "/" in version:
            raise Failed(f"not a version: {version!r}")
        return self.root / "releases" / version

    def _releases(self) -> list[str]:
        folder = self.root / "releases"
        return (
            sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) if folder.exists() else []
        )

    def _current_link(self) -> Path:
        return self.root / "current"

    def _shared(self) -> Path:
        (self.root / "shared").mkdir(parents=True, exist_ok=True)
        return self.root / "shared"

    def _run(self) -> Path:
        (self.root / "run").mkdir(parents=True, exist_ok=True)
        return self.root / "run"

    def _install(self, place: Path) -> None:
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(place)],
            *([[str(place / "bin" / "pip"), "install", "--quiet", "--require-hashes", "-r", str(self.requirements)]]
              if self.requirements else []),
            [str(place / "bin" / "pip"), "install", "--quiet", *(["--no-deps"] if self.requirements else []),
             str(self.source)],
        ):  # fmt: skip
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                shutil.rmtree(place, ignore_errors=True)
                raise Failed(f"{' '.join(command[:3])} failed\n{done.stderr[-2000:]}")

    def _forget_old_releases(self) -> None:
        """Remove all but the newest releases; what is active, or was before, stays in any case."""
        held = {self.current(), self.previous()}
        places = [self.root / "releases" / name for name in self._releases()]
        for old in sorted(places, key=lambda place: place.stat().st_mtime, reverse=True)[KEPT_RELEASES:]:
            if old.name not in held:
                shutil.rmtree(old)

    def _earlier(self) -> list[str]:
        """Return the versions that were active before the current one, the latest last."""
        noted = self.root / "previous"
        return noted.read_text().splitlines() if noted.exists() else []

    def _note_earlier(self, versions: list[str]) -> None:
        (self.root / "previous").write_text("\n".join(versions[-KEPT_RELEASES:]))

    def _link(self, version: str) -> None:
        """Point `current` to the version in one step."""
        fresh = self.root / ".current"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path("releases") / version)
        fresh.rename(self._current_link())

    def _start(self) -> None:
        if self.service is not None:
            self._systemctl("start")
            return
        with (self._run() / "up.log").open("ab") as log:
            process = subprocess.Popen(
                [self._current_link() / "bin" / "datapilot", "up", "--host", self.host, "--port", str(self.port)],
                cwd=self._shared(),
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        (self._run() / "up.pid").write_text(str(process.pid))

    def _stop(self, *, drains: bool) -> None:
        """End what runs: with `drains` after the jobs in hand, should they end in time."""
        if self.service is not None:
            if not drains:
                self._systemctl("kill", "--kill-whom=main", "--signal=SIGTERM")
            self._systemctl("stop")
            return
        if (pid := self._pid()) is None:
            return
        if drains:
            os.kill(pid, signal.SIGUSR1)
            if self._is_gone(pid, self.drained_within_s):
                return
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if self._is_gone(pid, ENDED_WITHIN_S):
                return
        raise Failed(f"process {pid} does not end")

    def _systemctl(self, *words: str) -> None:
        done = subprocess.run(["systemctl", *words, str(self.service)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"systemctl {' '.join(words)} {self.service} failed: {done.stderr.strip()}")

    def _pid(self) -> int | None:
        """Return the process that was started here, if it still runs."""
        noted = self._run() / "up.pid"
        pid = int(noted.read_text()) if noted.exists() else None
        return pid if pid is not None and not self._is_gone(pid, 0) else None

    def _is_gone(self, pid: int, within_s: float) -> bool:
        deadline = time.monotonic() + within_s
        while _runs(pid):
            if time.monotonic() >= deadline:
                return False
            time.sleep(LOOK_S)
        return True

    def _ask(self, path: str) -> bytes:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(self.url + path, timeout=5) as answer:
                told: bytes = answer.read()
        except urllib.error.HTTPError as refused:
            told = refused.read()
        return told

    def _log_end(self) -> str:
        log = self._run() / "up.log"
        return log.read_text(errors="replace")[-1500:] if log.exists() else ""

    def _environment(self) -> dict[str, str]:
        return os.environ | {"DATA_DIR": str(self._shared())}


def _runs(pid: int) -> bool:
    """Say whether the process runs; one that has ended and that only waits to be noticed does not."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True
