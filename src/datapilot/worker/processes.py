"""Keep a group of processes running and end it in order. Knows commands and lines, nothing of what they do."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from datapilot.os_process import end_with_parent

PAUSE_S = 0.1
LONGER_PAUSE_S = 0.5  # before the restart of a process that ended soon after its start; a restart stays within 1 s
SOON_S = 3.0
STARTING_S = 30.0  # an error in this time of the very first run is a refusal to start; a busy machine starts slowly
STOP_WITHIN_S = 8.0
LAST_WORDS_S = 0.5  # for lines that are still in the pipe of an ended process
LOOK_S = 0.05
CHUNK_BYTES = 65_536


@dataclass(frozen=True)
class Command:
    """A process to keep running, and what it is called in messages."""

    name: str
    argv: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()
    files: tuple[int, ...] = ()  # open descriptors that the process gets under the same numbers
    drained_by: int | None = None  # the signal that asks it to finish what it has in hand and end; None: it has nothing


class Processes:
    """The processes of `commands`, started together and ended together.

    One that is killed or ends is started again, without limit; only one that refuses its very first start (it ends
    soon, with an error) ends the group with its exit code, because it would refuse again. Whole lines of what they
    write are passed to `write`, which is standard output unless said otherwise.
    """

    def __init__(self, commands: Sequence[Command], *, write: Callable[[bytes], None] | None = None) -> None:
        self._commands = commands
        self._write = write or _to_standard_output
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._refused: int | None = None
        self._is_over = False
        self._drains = False

    async def run(self, stop: asyncio.Event, drain: asyncio.Event | None = None) -> int:
        """Keep the processes running until `stop` is set, then end them, first named first asked. Return 0, or the
        exit code of the process that refused to start.

        `drain` first asks those that have work in hand to finish it; the others run on until these have ended.
        """
        keepers = {command: asyncio.create_task(self._keep(command)) for command in self._commands}
        asked = [asyncio.create_task(stop.wait()), asyncio.create_task(self._drained(drain, keepers))]
        try:
            # Of those that drain, none ends the group by ending.
            lasting = [task for command, task in keepers.items() if command.drained_by is None or drain is None]
            refusing = [task for task in keepers.values() if task not in lasting]
            watched = [*asked, *lasting, asyncio.create_task(self._refusal(refusing))]
            await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            watched[-1].cancel()
        finally:
            self._is_over = True
            for task in asked:
                task.cancel()
            await self._end_all()
            await asyncio.gather(*keepers.values())
        return self._refused or 0

    async def _drained(self, drain: asyncio.Event | None, keepers: "dict[Command, asyncio.Task[None]]") -> None:
        """Return when everything that had work in hand has finished it and ended, some time after `drain` was set."""
        await (drain or asyncio.Event()).wait()
        self._drains = True
        draining = [command for command in keepers if command.drained_by is not None]
        for command in draining:
            process = self._running.get(command.name)
            if process is not None and process.poll() is None and command.drained_by is not None:
                process.send_signal(command.drained_by)
        await asyncio.gather(*(keepers[command] for command in draining))

    async def _refusal(self, keepers: "Sequence[asyncio.Task[None]]") -> None:
        """Return when one of them refused its very first start."""
        pending = set(keepers)
        while pending and self._refused is None:
            _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        if self._refused is None:
            await asyncio.Event().wait()

    def pids(self) -> dict[str, int]:
        """Return the process ids by name, as of now."""
        return {name: process.pid for name, process in self._running.items() if process.poll() is None}

    async def _keep(self, command: Command) -> None:
        is_first = True
        while not self._is_over:
            begun = time.monotonic()
            status = await self._run_once(command)
            if self._is_over or (self._drains and command.drained_by is not None):
                return
            lasted_s = time.monotonic() - begun
            if is_first and lasted_s < STARTING_S and status > 0:
                self._refused = status
                return
            is_first = False
            await asyncio.sleep(LONGER_PAUSE_S if lasted_s < SOON_S else PAUSE_S)

    async def _run_once(self, command: Command) -> int:
        process = _started(command)
        self._running[command.name] = process
        assert process.stdout is not None
        lines = _Lines(process.stdout.fileno(), self._write)
        try:
            status = await _ended(process)
            with contextlib.suppress(TimeoutError):  # somebody below it may still hold the pipe
                async with asyncio.timeout(LAST_WORDS_S):
                    await lines.are_all.wait()
            return status
        finally:
            lines.close()
            process.stdout.close()

    async def _end_all(self) -> None:
        living = [process for process in self._running.values() if process.poll() is None]
        for process in living:
            process.terminate()
        try:
            async with asyncio.timeout(STOP_WITHIN_S):
                await asyncio.gather(*map(_ended, living))
        except TimeoutError:
            for process in living:
                process.kill()
            await asyncio.gather(*map(_ended, living))


class _Lines:
    """Passes on what comes out of a pipe, whole lines at a time, so that two processes never mix theirs."""

    def __init__(self, pipe: int, write: Callable[[bytes], None]) -> None:
        self.are_all = asyncio.Event()
        self._pipe = pipe
        self._write = write
        self._rest = b""
        os.set_blocking(pipe, False)
        asyncio.get_running_loop().add_reader(pipe, self._read)

    def close(self) -> None:
        """Stop listening; a last line without an end is passed on as it is."""
        asyncio.get_running_loop().remove_reader(self._pipe)
        if self._rest:
            self._write(self._rest + b"\n")
            self._rest = b""

    def _read(self) -> None:
        chunk = os.read(self._pipe, CHUNK_BYTES)
        if not chunk:
            asyncio.get_running_loop().remove_reader(self._pipe)
            self.are_all.set()
            return
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if lines:
            self._write(b"\n".join(lines) + b"\n")


async def _ended(process: "subprocess.Popen[bytes]") -> int:
    """Return the exit code once the process has ended."""
    while (status := process.poll()) is None:  # noqa: ASYNC110 - a process gives no event that every system knows
        await asyncio.sleep(LOOK_S)
    return status


def _started(command: Command) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command.argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | dict(command.environment),
        pass_fds=command.files,
        start_new_session=True,  # Ctrl-C is for the group's head, which ends the others in order
        preexec_fn=partial(end_with_parent, signal.SIGTERM),  # noqa: PLW1509 - no other thread runs Python here
    )


def _to_standard_output(lines: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody reads any more; the processes go on
        sys.stdout.buffer.write(lines)
        sys.stdout.buffer.flush()
