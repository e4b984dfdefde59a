"""The server of our own: one per DATA_DIR, private, durable, and gone after its last user."""

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from tests.system_processes import is_alive

from datapilot.contracts.errors import QueueUnavailable
from datapilot.jobs import embedded
from datapilot.jobs.embedded import EmbeddedServer, attach, join, server_programs
from datapilot.jobs.socket_places import LONGEST_SOCKET_PATH

ATTACH = """
    import sys
    from pathlib import Path
    import redis
    from datapilot.jobs.embedded import attach
    server = attach(Path(sys.argv[1]))
    with redis.Redis.from_url(server.url) as client:
        print(client.info("server")["process_id"], flush=True)
    sys.stdin.read()
"""


def attacher(data_dir: Path) -> "subprocess.Popen[str]":
    """Start another process that attaches, tells the server's process id, and holds on until its input is closed."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(ATTACH), str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def told_pid(process: "subprocess.Popen[str]") -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def let_go(process: "subprocess.Popen[str]") -> None:
    """Have the other process end by itself."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.wait()
    process.stdout.close()


def server_pid(server: EmbeddedServer) -> int:
    with redis.Redis.from_url(server.url) as client:
        return int(client.info("server")["process_id"])


def until(holds: Callable[[], bool]) -> None:
    """Return once the condition holds, which another process brings about."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.01)


@pytest.mark.spec("D1")
def test_processes_that_race_start_one_server(tmp_path: Path) -> None:
    """Several commands started at once in one DATA_DIR end up with the same server."""
    racers = [attacher(tmp_path) for _ in range(4)]

    pids = {told_pid(racer) for racer in racers}

    assert len(pids) == 1
    for racer in racers[:-1]:
        let_go(racer)
    assert is_alive(*pids), "it lives while one user is left"
    let_go(racers[-1])
    until(lambda: not is_alive(*pids))


def test_two_folders_share_nothing(tmp_path: Path) -> None:
    """Each DATA_DIR has a server and data of its own."""
    with attach(tmp_path / "one") as one, attach(tmp_path / "two") as two:
        with redis.Redis.from_url(one.url) as client:
            client.set("key", "of one")

        with redis.Redis.from_url(two.url) as client:
            assert client.get("key") is None
        assert server_pid(one) != server_pid(two)


@pytest.mark.spec("D10")
def test_killed_server_comes_back_with_its_data(tmp_path: Path) -> None:
    """kill -9 of the server: it is up again at once, with every confirmed write."""
    with attach(tmp_path) as server:
        killed = server_pid(server)
        with redis.Redis.from_url(server.url) as client:
            for number in range(200):
                client.set(f"key:{number}", number)

        os.kill(killed, signal.SIGKILL)
        until(lambda: _answers(server) and server_pid(server) != killed)

        with redis.Redis.from_url(server.url) as client:
            assert client.dbsize() == 200


@pytest.mark.spec("D10")
def test_data_outlives_the_server(tmp_path: Path) -> None:
    """What was written is there for the next command, also when the last one was killed."""
    with attach(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        client.set("key", "kept")
        first = server_pid(server)
    until(lambda: not is_alive(first))

    user = attacher(tmp_path)
    second = told_pid(user)
    user.kill()
    let_go(user)
    until(lambda: not is_alive(second))

    with attach(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        assert client.get("key") == b"kept"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the server with a killed keeper")
def test_killed_keeper_leaves_no_server_behind(tmp_path: Path) -> None:
    """kill -9 of the keeper ends the server too, and the next user starts both."""
    first = attach(tmp_path)
    pid = server_pid(first)
    keeper = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])

    os.kill(keeper, signal.SIGKILL)
    until(lambda: not is_alive(pid))

    with attach(tmp_path) as second:
        assert server_pid(second) != pid
    first.close()


def test_server_survives_the_terminal(tmp_path: Path) -> None:
    """Ctrl-C is for the users: the server is of another session, and keeper and server ignore it anyway."""
    with attach(tmp_path) as server:
        pid = server_pid(server)

        assert os.getsid(pid) != os.getsid(0)
        keeper = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(keeper, signal.SIGINT)
        time.sleep(0.1)
        assert server_pid(server) == pid


@pytest.mark.spec("D1")
def test_only_its_user_can_reach_the_server(tmp_path: Path) -> None:
    """No TCP port, a socket for its owner alone, in a folder for its owner alone."""
    with attach(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        socket_mode = server.socket_path.stat().st_mode
        folder_mode = server.socket_path.parent.stat().st_mode

        assert client.config_get("port") == {"port": "0"}
        assert stat.S_IMODE(socket_mode) == 0o600
        assert stat.S_IMODE(folder_mode) == 0o700


def test_server_is_set_to_keep_what_it_accepts(tmp_path: Path) -> None:
    """Every write is appended to a file, nothing is evicted, and writes can be confirmed where the server is new."""
    with attach(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        wanted = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"}

        assert client.config_get(*wanted) == wanted
        if server_programs()[0].confirms_writes:
            client.set("key", "x")
            assert client.execute_command("WAITAOF", 1, 0, 5000)[0] == 1


def test_long_folder_gets_a_short_socket(tmp_path: Path) -> None:
    """Where the path of a socket would be too long for the system, it lies in a short private folder; every command
    finds it there."""
    deep = tmp_path.joinpath(*["a folder with quite a long name"] * 4)
    with attach(deep) as first, attach(deep) as second:
        assert len(os.fsencode(first.socket_path)) <= LONGEST_SOCKET_PATH
        assert not first.socket_path.is_relative_to(deep)
        assert second.socket_path == first.socket_path
        assert stat.S_IMODE(first.socket_path.parent.stat().st_mode) == 0o700
        assert server_pid(first) == server_pid(second)


def test_copied_folder_does_not_meet_the_original(tmp_path: Path) -> None:
    """A copy of a DATA_DIR remembers the other's socket, and does not use it."""
    deep, copy = (tmp_path.joinpath(*[name * 8] * 4) for name in ("one", "two"))
    with attach(deep) as original, redis.Redis.from_url(original.url) as client:
        client.set("key", "of the original")
        (copy / "data" / "queue").mkdir(parents=True)
        memory = deep / "data" / "queue" / "server.json"
        (copy / "data" / "queue" / "server.json").write_bytes(memory.read_bytes())

        with attach(copy) as other:
            assert server_pid(other) != server_pid(original)


def test_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    """Whoever could replace the socket could take over the queue: then rather none."""
    folder = tmp_path / "data" / "queue"
    folder.mkdir(parents=True)
    folder.chmod(0o777)

    with pytest.raises(QueueUnavailable, match="open to other users"):
        attach(tmp_path)


def test_machine_without_a_server_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No Redis, no Valkey: the message names the two ways out."""
    monkeypatch.setattr(embedded, "server_programs", list)

    with pytest.raises(QueueUnavailable, match="REDIS_URL"):
        attach(tmp_path)


def test_server_that_does_not_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last line of its log stands in the message; of several it is the first one's, that wrote the files."""
    programs = []
    for name, reason in (("broken-server", "cannot do that"), ("older-server", "cannot read files of a newer one")):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho '{reason}' >&2\nexit 1\n")
        program.chmod(0o755)
        programs.append(embedded.ServerProgram(str(program), True))
    monkeypatch.setattr(embedded, "server_programs", lambda: programs)

    with pytest.raises(QueueUnavailable, match="cannot do that"):
        attach(tmp_path / "home")


def fake_server(folder: Path, name: str, version: str) -> str:
    """A program that tells this version."""
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{version}'\n")
    program.chmod(0o755)
    return str(program)


def test_server_on_the_path_comes_first(tmp_path: Path) -> None:
    """What the machine's owner has installed is used before what we bring, a Valkey before a Redis."""
    redis_program = fake_server(tmp_path, "redis-server", "Redis server v=8.2.1 sha=0")
    valkey_program = fake_server(tmp_path, "valkey-server", "Valkey server v=8.0.0 sha=0")

    found = [program.path for program in server_programs(str(tmp_path))]

    assert found[:2] == [valkey_program, redis_program]


@pytest.mark.parametrize(
    ("version", "is_last"),
    [("Redis server v=7.0.15 sha=0", True), ("Redis server v=7.2.0 sha=0", False), ("something else", True)],
)
def test_server_too_old_to_confirm_writes_comes_last(tmp_path: Path, version: str, is_last: bool) -> None:
    """An accepted job survives a power cut only on a server that can say what is on its disk."""
    program = fake_server(tmp_path, "redis-server", version)

    found = server_programs(str(tmp_path))

    assert (found[-1].path == program) is ((is_last and len(found) > 1) or len(found) == 1)
    assert next(one for one in found if one.path == program).confirms_writes is not is_last


def test_server_that_wrote_the_data_goes_on_serving_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second server program installed later does not touch files that it may not be able to read."""
    programs = server_programs()
    if len(programs) < 2:
        pytest.skip("needs two different servers on this machine")
    older = programs[-1]
    monkeypatch.setattr(embedded, "server_programs", lambda: [older])
    with attach(tmp_path) as server:
        first = server_pid(server)
    until(lambda: not is_alive(first))

    monkeypatch.setattr(embedded, "server_programs", lambda: programs)

    with attach(tmp_path) as server:
        assert Path(f"/proc/{server_pid(server)}/exe").resolve() == Path(older.path).resolve()


async def test_attaching_may_happen_beside_a_running_loop(tmp_path: Path) -> None:
    """Starting blocks its thread only."""
    server = await asyncio.to_thread(attach, tmp_path)

    assert _answers(server)
    server.close()


def _answers(server: EmbeddedServer) -> bool:
    try:
        with redis.Redis.from_url(server.url) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def test_server_that_runs_can_be_joined(tmp_path: Path) -> None:
    """Who only asks meets the server of those who work, and holds it as they do."""
    with attach(tmp_path) as server, join(tmp_path) as joined:
        assert joined.url == server.url
        assert server_pid(joined) == server_pid(server)


def test_server_whose_disk_is_full_can_be_joined(tmp_path: Path) -> None:
    """It refuses even to be greeted, and yet it runs: nobody is told to start one, and nobody does."""
    folder = tmp_path / embedded.FOLDER
    folder.mkdir(parents=True, mode=0o700)
    path = folder / "server.sock"
    (folder / "server.json").write_text(json.dumps({"folder": str(folder), "socket": str(path), "program": "x"}))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def refuse() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(64)
                connection.sendall(b"-MISCONF Errors writing to the AOF file: No space left on device\r\n")

        server = threading.Thread(target=refuse)
        server.start()
        with join(tmp_path) as joined:
            server.join()

    assert joined.socket_path == path


def test_joining_starts_nothing(tmp_path: Path) -> None:
    """A question where nothing runs is answered with what to do, and leaves no trace."""
    with pytest.raises(QueueUnavailable, match="datapilot up"):
        join(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_ended_server_cannot_be_joined(tmp_path: Path) -> None:
    """What an earlier server has left in the folder is no server."""
    with attach(tmp_path) as server:
        pid = server_pid(server)
    until(lambda: not is_alive(pid))

    with pytest.raises(QueueUnavailable, match="No server runs"):
        join(tmp_path)


@pytest.mark.spec("D10")
def test_torn_end_of_the_file_loses_only_the_torn_write(tmp_path: Path) -> None:
    """A write that a crash cut in two is gone; the server starts, and everything before it is there."""
    with attach(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        for number in range(50):
            client.set(f"key:{number}", "x" * 100)
        client.execute_command("WAITAOF", 1, 0, 5000)
        pid = client.info("server")["process_id"]
    until(lambda: not Path(f"/proc/{pid}").exists())
    (log,) = (tmp_path / "data" / "queue" / "appendonlydir").glob("*.incr.aof")
    with log.open("r+b") as file:
        file.truncate(log.stat().st_size - 7)

    with attach(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        kept = sorted(int(key.split(b":")[1]) for key in client.scan_iter("key:*", count=1000))

    assert kept == list(range(49))
