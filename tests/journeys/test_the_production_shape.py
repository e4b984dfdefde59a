"""The second journey: the same product on a Redis server that somebody else runs, with two workers."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from tests.journeys.product import EXAMPLES, Product, comparable, run, running

FILES = [
    EXAMPLES / name
    for name in ("sales_demo.csv", "support_tickets.xlsx", "energy_readings.json", "umsatz_filialen.csv")
]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[Product]:
    """The product with two workers on that server."""
    with running(tmp_path_factory.mktemp("fleet"), REDIS_URL=redis_url, WORKERS="2") as started:
        yield started


@pytest.mark.spec("D1")
def test_queue_and_records_lie_in_the_named_server(fleet: Product, redis_url: str) -> None:
    """Others may look into the records under the published names; no server of our own was started beside it."""
    job_id = fleet.upload(FILES[0])
    fleet.finish(job_id)

    with redis.Redis.from_url(redis_url) as client:
        assert client.hget(f"job:{job_id}", "status") == b"completed"
        assert client.exists("worker:heartbeat")
        assert 0 < client.ttl("worker:heartbeat") <= 120
        assert client.type("data_jobs") == b"stream"
    assert not [command for command in fleet.family().values() if "valkey" in command or "redis-server" in command]


@pytest.mark.spec("D1", "B1")
def test_results_are_the_same_as_without_a_server(fleet: Product, tmp_path: Path) -> None:
    """Four files at once over two workers give what `datapilot analyze` gives for each, but for ids and times."""
    jobs = [fleet.upload(file) for file in FILES]
    reports = [fleet.result(job_id) for job_id in jobs if fleet.finish(job_id)["status"] == "completed"]
    alone = [json.loads(run("analyze", file, "--json", "-", folder=tmp_path).stdout) for file in FILES]

    assert len(fleet.workers()) == 2
    assert [comparable(report) for report in reports] == [comparable(report) for report in alone]
