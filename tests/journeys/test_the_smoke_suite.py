"""The smoke suite against real processes: it passes where all is well, and finds each defect that is planted."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.journeys.layout import Layout, RedisServer, running_redis
from tests.journeys.product import PROGRAM, eventually
from tests.llm.serving import Provider
from tests.storage.conftest import s3_server  # noqa: F401  # a fixture of theirs
from tests.storage.seaweed import S3Server

KEY = "key-of-the-provider"


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A language model that wants a key."""
    started = Provider(key=KEY)
    yield started
    started.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of this test alone, since it is killed."""
    with running_redis(tmp_path) as started:
        yield started


@pytest.fixture
def fleet(
    tmp_path: Path,
    server: RedisServer,
    s3_server: S3Server,  # noqa: F811
    provider: Provider,
) -> Iterator[Layout]:
    """An API without workers, on a server that plays faults."""
    one = Layout(
        tmp_path,
        server.url,
        s3_server,
        LLM_BASE_URL=provider.address,
        OPENROUTER_API_KEY=KEY,
        SMOKE_FAULTS="true",
        WORKER_HEARTBEAT_INTERVAL="0.2",
        HEALTH_WORKER_MAX_AGE_SECONDS="5",
    )
    try:
        one.start_api()
        yield one
    finally:
        one.end()


def failures(fleet: Layout, *, max_wait_s: int = 60) -> dict[str, str]:
    """Return what the suite found wrong, by step; {} when it passed."""
    tried = subprocess.run(
        [PROGRAM, "smoke", fleet.address, "--max-wait", str(max_wait_s)],
        cwd=fleet.folder,
        env=fleet.environment("smoke"),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    report = json.loads(max((fleet.folder / "smoke" / "reports").glob("*.json")).read_text(encoding="utf-8"))
    found = {step["name"]: step["says"] for step in report["steps"] if step["status"] == "failed"}
    assert tried.returncode == (1 if found else 0), tried.stdout + tried.stderr
    return found


def worker_is(fleet: Layout, status: str) -> bool:
    """Return whether health says so of the workers."""
    return bool(httpx.get(f"{fleet.address}/api/health").json()["components"]["worker"]["status"] == status)


@pytest.mark.spec("I3", "G3")
def test_each_planted_defect_is_found(fleet: Layout, server: RedisServer, provider: Provider) -> None:
    """No worker; then all well; a key of the model that is wrong, with which jobs complete all the same; a worker that
    hangs, so that its heartbeat is stale; a dead Redis."""
    without_worker = failures(fleet, max_wait_s=1)

    fleet.start("worker", "worker")
    assert eventually(lambda: worker_is(fleet, "ok"), seconds=120), fleet.log("worker")
    assert eventually(lambda: not fleet.figures()["queue_depth"], seconds=120)
    all_well = failures(fleet)

    provider.app.key = "another-key"
    with_wrong_key = failures(fleet)

    fleet.processes["worker"].send_signal(signal.SIGSTOP)
    assert eventually(lambda: not worker_is(fleet, "ok"))
    with_hanging_worker = failures(fleet, max_wait_s=1)
    fleet.processes["worker"].send_signal(signal.SIGCONT)

    server.end()
    with_dead_redis = failures(fleet)

    assert "worker is down" in without_worker["health"]
    assert "is a worker running?" in without_worker["upload and process"]
    assert all_well == {}
    assert with_wrong_key.keys() == {"language model"}, "the job completes, its result renders"
    assert "llm_rejected" in with_wrong_key["language model"]
    assert "lastHeartbeat" in with_hanging_worker["health"]
    assert "is a worker running?" in with_hanging_worker["upload and process"]
    assert "redis is down" in with_dead_redis["health"]
    assert "queue_unavailable" in with_dead_redis["upload and process"]
