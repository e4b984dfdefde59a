"""What the journeys share. They start real processes, so each file runs in one piece and counts as slow."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.layout import running_redis
from tests.journeys.product import Product, running, slow_table

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
    """The address of a Redis or Valkey server that others run."""
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server.url
