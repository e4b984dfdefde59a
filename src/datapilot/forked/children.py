"""Start, watch and end the process of one task. Knows no job and no queue.

Children are forked from a server process that has loaded the engine once (multiprocessing's forkserver), so one starts
in about 10 ms; one is kept that is up and waits for the next task. Each leads a process group of its own; a watchdog
ends it when its memory passes the limit; it ends with the process that wanted it, however that ends.
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import types
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from multiprocessing import forkserver, resource_tracker, util
from pathlib import Path
from typing import Any, NamedTuple

from datapilot.forked import child
from datapilot.os_process import resident_bytes

# Named and not imported: what loads them is the server, which is a program of its own.
PRELOADED = ("datapilot.forked.child", "datapilot.actions.preloaded")
# No secret of ours is within reach of a reader that a hostile file might take over.
PASSED_ON = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "PYTHONWARNINGS", "VIRTUAL_ENV", "LD_LIBRARY_PATH",
    "LD_PRELOAD", "MALLOC_ARENA_MAX",
)  # fmt: skip
SERVER_SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",  # idle threads of the library would be lost in every fork and cost memory
    "PYDANTIC_DISABLE_PLUGINS": "1",  # looking for plugins reads what every package offers
}
LOOK_S = 0.05
CLOSE_LOOK_S = 0.01
ANSWER_S = 10.0  # a spare child that says nothing for so long is frozen
CLOSE = 0.6  # of the limit: from here on the watchdog looks more often, because the last stretch may go fast

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(list(PRELOADED))
_starter = ThreadPoolExecutor(1, thread_name_prefix="child-starter")
_starting = threading.Lock()  # one at a time: starting swaps a global


def keep_spare(sockets: Path) -> None:
    """Keep from the first task on a child that waits for the next, until `keep_no_spare`. The sockets of the server
    that children are forked from, which is started when one is wanted, live in `sockets`."""
    # There is no setting for it; else a killed process's folder would stay in the system's folder for good.
    multiprocessing.current_process()._config["tempdir"] = str(sockets)  # type: ignore[attr-defined]
    _spare.is_wanted = True


def expect_task() -> None:
    """Have a child started that waits for a task which may come soon, if spare ones are kept and none waits; return at
    once."""
    if _spare.is_wanted:
        _starter.submit(_spare.keep)


def warm_up(sockets: Path) -> asyncio.Event:
    """Start the server now, which loads the engine meanwhile, and keep a spare child. Return at once what tells when
    it can fork."""
    keep_spare(sockets)
    with _starting, _secrets_kept():
        forkserver.ensure_running()
    warm = asyncio.Event()
    # A daemon, because a worker that is stopped meanwhile must not wait for it.
    threading.Thread(target=_fork_first, args=(asyncio.get_running_loop(), warm), daemon=True).start()
    return warm


def keep_no_spare() -> None:
    """End the child that waits for a task, if one does, and keep none from now on."""
    _spare.is_wanted = False
    _spare.end()


def _fork_first(loop: asyncio.AbstractEventLoop, warm: asyncio.Event) -> None:
    try:
        _spare.keep()
    except (EOFError, OSError):
        if _spare.is_wanted:
            raise  # else the server was ended meanwhile
    finally:  # should it be unable to fork, each attempt will say so
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(warm.set)


class _Started(NamedTuple):
    """A process that is up: it tells `messages`; `life` brings it its task, and then only the worker's end."""

    process: Any
    messages: Any
    life: Any

    def takes(self, task: child.Task) -> bool:
        """Hand it the task, and wait for its word that it has it. False when it has died or is frozen: what was
        written says nothing, because the server that forked it may hold its end of the pipe for a moment longer."""
        try:
            self.life.send(task)
            return bool(self.messages.poll(ANSWER_S) and self.messages.recv_bytes())
        except (OSError, EOFError):
            return False

    def bury(self) -> None:
        """End a process that does no task, and wait for its end."""
        self.life.close()
        self.messages.close()
        self.process.kill()
        self.process.join()
        self.process.close()


class _Spare:
    """At most one process that is up and waits for a task: an attempt that begins need not wait for a fork."""

    def __init__(self) -> None:
        self.is_wanted = False
        self._waiting: list[_Started] = []
        self._keeping = threading.Lock()

    def keep(self) -> None:
        """Start a process that waits, unless one does."""
        with self._keeping:
            if self.is_wanted and not self._waiting:
                self._waiting.append(_fork())
        if not self.is_wanted:  # any more
            self.end()

    def take(self) -> _Started | None:
        """Return the process that waits, which is then the caller's; None if there is none."""
        try:
            return self._waiting.pop()
        except IndexError:
            return None

    def end(self) -> None:
        """End the process that waits, if one does."""
        one = self.take()
        if one is not None:
            one.bury()


_spare = _Spare()
_living: set["Child"] = set()


class Child:
    """A running child. `messages` ends when the child says no more; then `exit_code` tells how it ended."""

    def __init__(self, process: Any, messages: Any, life: Any) -> None:
        self.pid: int = process.pid
        self.is_over_limit = False
        self._process = process
        self._messages = messages
        self._life = life
        self._heard: asyncio.Queue[child.Message | None] = asyncio.Queue()
        _living.add(self)
        asyncio.get_running_loop().add_reader(messages.fileno(), self._hear)

    async def messages(self) -> AsyncIterator[child.Message]:
        while (message := await self._heard.get()) is not None:
            yield message

    async def follow(
        self, memory_bytes: int, *, hear: Callable[[child.Step], None] | None = None
    ) -> child.Done | child.Failed | None:
        """Return the last word of the child, whose steps `hear` hears of; None when it has ended without one, which
        `is_over_limit` explains if it took more than so many bytes."""
        watchdog = asyncio.create_task(self._watch_memory(memory_bytes))
        try:
            async for message in self.messages():
                if isinstance(message, child.Done | child.Failed):
                    return message
                if isinstance(message, child.Step) and hear is not None:
                    hear(message)
        finally:
            watchdog.cancel()
            await asyncio.wait([watchdog])
        return None

    async def exit_code(self) -> int:
        """Return how the child ended, negative for a signal; waits for its end."""
        await asyncio.to_thread(self._process.join)
        return int(self._process.exitcode)

    async def _watch_memory(self, limit_bytes: int) -> None:
        """End the child as soon as its resident memory passes the limit, and remember that it was us."""
        while True:
            used = resident_bytes(self.pid)
            if used > limit_bytes:
                self.is_over_limit = True
                self.kill()
                return
            await asyncio.sleep(CLOSE_LOOK_S if used > limit_bytes * CLOSE else LOOK_S)

    def kill(self) -> None:
        """End the child and whatever it has started, at once."""
        for end in (os.killpg, os.kill):  # by its own id too: it may not have become the head of its group yet
            with contextlib.suppress(ProcessLookupError):
                end(self.pid, signal.SIGKILL)

    async def close(self) -> None:
        """End the child if it still runs, and return when it is gone."""
        asyncio.get_running_loop().remove_reader(self._messages.fileno())
        if self._process.exitcode is None:
            self.kill()
        await asyncio.to_thread(self._process.join)
        self._process.close()
        self._messages.close()
        self._life.close()
        _living.discard(self)

    def _hear(self) -> None:
        try:
            self._heard.put_nowait(child.from_bytes(self._messages.recv_bytes()))
        except (EOFError, OSError, ValueError):
            asyncio.get_running_loop().remove_reader(self._messages.fileno())
            self._heard.put_nowait(None)


@asynccontextmanager
async def running(task: child.Task) -> AsyncIterator[Child]:
    """Offer a child that does the task; when the block is left, however, the child is gone."""
    started = asyncio.get_running_loop().run_in_executor(_starter, _start, task)
    try:
        one = Child(*await asyncio.shield(started))
    except asyncio.CancelledError:
        # It is being born while its end is wanted already: let it be born, then end it.
        await _end(Child(*await started))
        raise
    try:
        yield one
    finally:
        await _end(one)
        _starter.submit(_spare.keep)


async def _end(one: Child) -> None:
    """Close the child whatever cancellations arrive meanwhile: a child must never outlive its attempt."""
    closing = asyncio.ensure_future(one.close())
    while not closing.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([closing])
    closing.result()


def kill_all() -> None:
    """End every child of this process at once, for a process that leaves without waiting."""
    for one in _living:
        one.kill()


def end_servers() -> None:
    """End what children are forked from, loaded or not, for a process that leaves now and will want none any more.

    They would end with it by themselves, but a server that is still loading would load to the end first.
    """
    for pid in (forkserver._forkserver._forkserver_pid, resource_tracker._resource_tracker._pid):  # type: ignore[attr-defined]
        if pid is not None:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _start(task: child.Task) -> _Started:
    """Return a process that has the task: the spare one unless it has died while it waited, or else a new one."""
    spare = _spare.take()
    if spare is not None:
        if spare.takes(task):
            return spare
        spare.bury()
    one = _fork()
    one.takes(task)  # should it have died already, its messages tell so by their end
    return one


def _fork() -> _Started:
    messages, told = _context.Pipe(duplex=False)
    tasks, life = _context.Pipe(duplex=False)
    process = _context.Process(target=child.main, args=(told, tasks), daemon=True)
    with _starting, _main_module_hidden(), _secrets_kept():
        process.start()
    told.close()
    tasks.close()
    return _Started(process, messages, life)


@contextmanager
def _main_module_hidden() -> Iterator[None]:
    """Keep multiprocessing from importing this process's main module in every child: it would import queue, store and
    web server with it, and a start would take a second instead of ten milliseconds."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _secrets_kept() -> Iterator[None]:
    """Have multiprocessing start its servers with PASSED_ON of our environment alone: all children inherit theirs."""
    usual = util.spawnv_passfds
    util.spawnv_passfds = _start_server
    try:
        yield
    finally:
        util.spawnv_passfds = usual


def _start_server(path: bytes, args: Sequence[Any], passfds: Sequence[int]) -> int:
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | SERVER_SETTINGS
    # A descriptor that is put in its own place is one that the program gets; all others are closed as it starts.
    kept = [(os.POSIX_SPAWN_DUP2, one, one) for one in passfds]
    return os.posix_spawn(path, list(args), environment, file_actions=kept)
