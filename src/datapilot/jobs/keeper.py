"""Keep one embedded server alive for as long as somebody uses it. Run as a script by embedded.py; needs only Python.

Users hold a shared lock on `users.lock`; the system drops it when they end, however they end. The keeper waits for the
exclusive lock, which it gets when the last user is gone, and then stops the server. A server that dies meanwhile is
started again on its append-only file. If the keeper itself is killed, the server ends with it (on Linux), and the next
user starts both anew.
"""

import ctypes
import fcntl
import json
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
RESTART_PAUSE_S = 0.05
TOO_SOON_S = 1.0  # a server that ends sooner than this after its start did not come up
FAILURES_ALLOWED = 3
STOP_WITHIN_S = 10.0

Event = tuple[str, int]  # ("left", 0) when the server is to end, ("died", pid) when it ended by itself


def keep(folder: Path, command: list[str]) -> int:
    """Return 0 when the last user has gone, 1 when the server does not come up."""
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: events.put(("left", 0)))

    with (folder / "keeper.lock").open("w") as own, (folder / "users.lock").open("w") as users:
        try:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write(f"Another server works in {folder}, perhaps of another machine.\n")
            return 1
        threading.Thread(target=_tell_when_left, args=(users, events), daemon=True).start()

        failures = 0
        while failures < FAILURES_ALLOWED:
            started = time.monotonic()
            # The server holds the lock too: while it lives, no second one can work on the same files.
            server = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                pass_fds=(own.fileno(),),
                preexec_fn=_end_with_keeper,  # noqa: PLW1509 - the other threads only sleep in system calls
            )
            threading.Thread(target=_tell_when_died, args=(server, events), daemon=True).start()
            if _next(events, server.pid) == "left":
                _stop(server)
                return 0
            failures = failures + 1 if time.monotonic() - started < TOO_SOON_S else 0
            time.sleep(RESTART_PAUSE_S)
        return 1


def _next(events: "queue.SimpleQueue[Event]", pid: int) -> str:
    while True:
        event, of = events.get()
        if event == "left" or of == pid:
            return event


def _tell_when_left(users: IO[str], events: "queue.SimpleQueue[Event]") -> None:
    fcntl.flock(users, fcntl.LOCK_EX)
    events.put(("left", 0))


def _tell_when_died(server: "subprocess.Popen[bytes]", events: "queue.SimpleQueue[Event]") -> None:
    server.wait()
    events.put(("died", server.pid))


def _end_with_keeper() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """End the server; on SIGTERM it writes what it holds."""
    server.terminate()
    try:
        server.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1]), json.load(sys.stdin)))
