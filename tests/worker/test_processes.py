"""A group of processes is kept running, heard line by line, and ended in order."""

import asyncio
import os
import signal
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.system_processes import is_alive
from tests.waiting import until

from datapilot.worker.processes import Command, Processes


def python(name: str, source: str) -> Command:
    """A command that runs this source."""
    return Command(name, (sys.executable, "-S", "-c", textwrap.dedent(source)))


SLEEPS = """
    import signal, time
    print("up", flush=True)
    while True:
        time.sleep(60)
"""


class Group:
    """Processes under test, with what they said and how the group ended."""

    def __init__(self, *commands: Command) -> None:
        self.said = b""
        self.stop = asyncio.Event()
        self.processes = Processes(commands, write=self._hear)
        self.status: int | None = None

    def _hear(self, lines: bytes) -> None:
        self.said += lines


@asynccontextmanager
async def running(*commands: Command) -> AsyncIterator[Group]:
    """Keep the commands running for as long as the block lasts."""
    group = Group(*commands)
    task = asyncio.create_task(group.processes.run(group.stop))
    try:
        yield group
    finally:
        group.stop.set()
        group.status = await task


async def test_processes_run_and_end_together() -> None:
    """All are started; at the end all are gone and the group ended well."""
    async with running(python("one", SLEEPS), python("two", SLEEPS)) as group:
        await until(lambda: group.said.count(b"up\n") == 2)
        pids = group.processes.pids()

    assert set(pids) == {"one", "two"}
    assert not any(map(is_alive, pids.values()))
    assert group.status == 0


@pytest.mark.spec("D10")
async def test_killed_process_is_started_again_within_a_second() -> None:
    """kill -9 again and again: there is a new one each time, without limit."""
    async with running(python("one", SLEEPS)) as group:
        for times in range(1, 5):
            await until(lambda times=times: group.said.count(b"up\n") == times)
            killed = group.processes.pids()["one"]
            begun = time.monotonic()

            os.kill(killed, signal.SIGKILL)
            await until(lambda killed=killed: group.processes.pids().get("one", killed) != killed)

            assert time.monotonic() - begun < 5  # a loaded machine; usually a tenth of a second


async def test_first_start_that_is_refused_ends_the_group() -> None:
    """A process that says at once that it cannot work is not started over and over: its exit code is the group's."""
    refuses = python("api", "import sys; print('the port is taken'); sys.exit(3)")
    async with running(refuses, python("worker", SLEEPS)) as group:
        await until(lambda: b"the port is taken\n" in group.said and not group.processes.pids())

    assert group.status == 3


async def test_error_after_a_good_start_is_no_refusal(tmp_path: Path) -> None:
    """A process that ran and then ended with an error was killed by circumstances: it is started again."""
    fails_first_with_a_signal = python(
        "one",
        """
        import os, pathlib, signal, sys
        mark = pathlib.Path(os.environ["MARK"])
        print("up", flush=True)
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        sys.exit(1)
        """,
    )
    command = replace(fails_first_with_a_signal, environment=(("MARK", str(tmp_path / "mark")),))
    async with running(command) as group:
        await until(lambda: group.said.count(b"up\n") >= 3)

    assert group.status == 0


@pytest.mark.spec("G1")
async def test_lines_are_passed_on_whole() -> None:
    """Two processes that write at once never mix within a line, however long it is; the last words are heard too."""
    writes = """
        import sys, time
        for _ in range(50):
            sys.stdout.write("{letter}" * 3000)
            sys.stdout.flush()
            sys.stdout.write("{letter}" * 70000 + "\\n")
            sys.stdout.flush()
        print("end of {letter}", end="", flush=True)
        time.sleep(60)
    """
    async with running(
        python("a", writes.replace("{letter}", "a")), python("b", writes.replace("{letter}", "b"))
    ) as group:
        await until(lambda: group.said.count(b"\n") >= 100)

    lines = group.said.splitlines()
    assert {bytes(set(line)) for line in lines if not line.startswith(b"end")} == {b"a", b"b"}
    assert {line for line in lines if line.startswith(b"end")} == {b"end of a", b"end of b"}


async def test_error_output_is_heard_too() -> None:
    """A traceback of a process is not lost."""
    async with running(
        python("one", "import sys, time; sys.stderr.write('trace\\n'); sys.stderr.flush(); time.sleep(60)")
    ) as group:
        await until(lambda: b"trace\n" in group.said)


async def test_deaf_process_is_killed_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ignores the request to end does not keep the group from ending."""
    monkeypatch.setattr("datapilot.worker.processes.STOP_WITHIN_S", 0.3)
    deaf = python(
        "deaf",
        """
        import signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("up", flush=True)
        while True:
            time.sleep(60)
        """,
    )
    async with running(deaf) as group:
        await until(lambda: b"up\n" in group.said)
        pid = group.processes.pids()["deaf"]

    assert not is_alive(pid)
    assert group.status == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
async def test_processes_end_with_a_killed_head(tmp_path: Path) -> None:
    """kill -9 of the head: what it kept running is asked to end as well."""
    head = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        textwrap.dedent(
            f"""
            import asyncio
            from datapilot.worker.processes import Command, Processes
            async def main():
                command = Command("one", ({sys.executable!r}, "-S", "-c",
                    "import os, time; print(os.getpid(), flush=True); time.sleep(60)"))
                await Processes([command]).run(asyncio.Event())
            asyncio.run(main())
            """
        ),
        stdout=asyncio.subprocess.PIPE,
    )
    assert head.stdout is not None
    pid = int(await head.stdout.readline())

    head.kill()
    await head.wait()

    async with asyncio.timeout(60):
        while is_alive(pid):  # noqa: ASYNC110 - the process is not our child
            await asyncio.sleep(0.01)


async def test_drained_group_ends_when_its_work_is_done(tmp_path: Path) -> None:
    """What has work in hand is asked to finish it and is not started again; the others run until it has."""
    works = """
        import os, signal, time
        done = []
        signal.signal(signal.SIGUSR1, lambda *_: done.append(1))
        print("at work", flush=True)
        while not done:
            time.sleep(0.01)
        print("finishing", flush=True)
        while not os.path.exists(os.environ["WORD"]):
            time.sleep(0.01)
        print("finished", flush=True)
    """
    word = tmp_path / "word"
    worker = replace(python("worker", works), drained_by=signal.SIGUSR1, environment=(("WORD", str(word)),))
    group, drain = Group(python("api", SLEEPS), worker), asyncio.Event()
    task = asyncio.create_task(group.processes.run(group.stop, drain))
    await until(lambda: b"at work" in group.said and b"up" in group.said)

    drain.set()
    await until(lambda: b"finishing" in group.said)
    api_runs_on = "api" in group.processes.pids()
    word.touch()
    async with asyncio.timeout(60):
        status = await task

    assert api_runs_on
    assert status == 0
    assert group.said.count(b"at work") == 1
    assert b"finished" in group.said
