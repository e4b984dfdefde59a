"""Keep a group of processes running and end it in order. Knows commands and lines, nothing of what they do."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable, Sequence
from dataclasses import dataclass

PR_SET_PDEATHSIG = 1
PAUSE_S = 0.1
LONGER_PAUSE_S = 0.5  # before the restart of a process that ended soon after its start; a restart stays within 1 s
SOON_S = 3.0
STOP_WITHIN_S = 8.0
LAST_WORDS_S = 0.5  # for lines that are still in the pipe of an ended process
LOOK_S = 0.1
CHUNK_BYTES = 65_536


@dataclass(frozen=True)
class Command:
    """A process to keep running, and what it is called in messages."""

    name: str
    argv: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


class Processes:
    """The processes of `commands`, started together and ended together.

    One that is killed or ends is started again, without limit; only one that refuses its very first start (it ends at
    once, with an error) ends the group with its exit code, because it would refuse again. Whole lines of what they
    write are passed to `write`, which is standard output unless said otherwise.
    """

    def __init__(self, commands: Sequence[Command], *, write: Callable[[bytes], None] | None = None) -> None:
        self._commands = commands
        self._write = write or _to_standard_output
        self._running: dict[str, Process] = {}
        self._refused: int | None = None

    async def run(self, stop: asyncio.Event) -> int:
        """Keep the processes running until `stop` is set, then end them, first named first asked. Return 0, or the
        exit code of the process that refused to start."""
        over = asyncio.create_task(stop.wait())
        keepers = [asyncio.create_task(self._keep(command, over)) for command in self._commands]
        try:
            done, _ = await asyncio.wait([over, *keepers], return_when=asyncio.FIRST_COMPLETED)
            for keeper in done - {over}:
                keeper.result()
        finally:
            over.cancel()
            await self._end_all()
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)
        return self._refused or 0

    def pids(self) -> dict[str, int]:
        """Return the process ids by name, as of now."""
        return {name: process.pid for name, process in self._running.items() if process.returncode is None}

    async def _keep(self, command: Command, over: "asyncio.Task[bool]") -> None:
        is_first = True
        while not over.done():
            begun = time.monotonic()
            process = await asyncio.create_subprocess_exec(
                *command.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=PIPE,
                stderr=STDOUT,
                env=os.environ | dict(command.environment),
                start_new_session=True,  # Ctrl-C is for the group's head, which ends the others in order
                preexec_fn=_end_with_parent,
            )
            self._running[command.name] = process
            passing = asyncio.create_task(self._pass_on(process))
            status = await _ended(process)
            await asyncio.wait([passing], timeout=LAST_WORDS_S)
            passing.cancel()
            if over.done():
                return
            was_soon = time.monotonic() - begun < SOON_S
            if is_first and was_soon and status > 0:
                self._refused = status
                return
            is_first = False
            await asyncio.sleep(LONGER_PAUSE_S if was_soon else PAUSE_S)

    async def _pass_on(self, process: Process) -> None:
        """Pass on what the process writes, whole lines at a time, so that two processes never mix theirs."""
        assert process.stdout is not None
        rest = b""
        while chunk := await process.stdout.read(CHUNK_BYTES):
            *lines, rest = (rest + chunk).split(b"\n")
            if lines:
                self._write(b"\n".join(lines) + b"\n")
        if rest:
            self._write(rest + b"\n")

    async def _end_all(self) -> None:
        living = [process for process in self._running.values() if process.returncode is None]
        for process in living:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        try:
            async with asyncio.timeout(STOP_WITHIN_S):
                await asyncio.gather(*map(_ended, living))
        except TimeoutError:
            for process in living:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            await asyncio.gather(*map(_ended, living))


async def _ended(process: Process) -> int:
    """Return the exit code once the process has ended; asyncio's own wait may also wait for whoever else still holds
    its output."""
    waiting = asyncio.ensure_future(process.wait())
    try:
        while process.returncode is None:
            await asyncio.wait([waiting], timeout=LOOK_S)
        return process.returncode
    finally:
        waiting.cancel()


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _to_standard_output(lines: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody reads any more; the processes go on
        sys.stdout.buffer.write(lines)
        sys.stdout.buffer.flush()
