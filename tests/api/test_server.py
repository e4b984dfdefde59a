"""Routes about the server itself: health, configuration, its own description, and the published contracts."""

import asyncio
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from datapilot.api.errors import KINDS
from datapilot.api.publish import main, published
from datapilot.contracts.errors import QueueUnavailable, StorageUnavailable
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.memory import MemoryStorage

ROOT = Path(__file__).parents[2]


class NoQueue(MemoryJobs):
    """A queue whose server is gone."""

    async def ping(self) -> None:
        raise QueueUnavailable("The job queue does not answer.")


class NoStore(MemoryStorage):
    """A store that does not answer."""

    async def check(self) -> None:
        raise StorageUnavailable("The file store does not answer.")


class SilentStore(MemoryStorage):
    """A store that accepts the question and never answers."""

    async def check(self) -> None:
        await asyncio.Event().wait()


@pytest.mark.spec("G3")
async def test_health_has_the_published_form(house: Any) -> None:
    """Status on top and per component; the worker with its last heartbeat."""
    await house.jobs.beat()

    answer = await house.client.get("/api/health")

    health = answer.json()
    assert answer.status_code == 200
    assert health["status"] == "ok"
    assert health["components"].keys() == {"redis", "blob", "worker"}
    assert {part["status"] for part in health["components"].values()} == {"ok"}
    assert re.match(r"\d{4}-\d\d-\d\dT", health["components"]["worker"]["details"]["lastHeartbeat"])


@pytest.mark.spec("F4")
async def test_maintenance_health_has_the_published_form(open_house: Any) -> None:
    """Status, time, checks and the last run; 503 when the cleaner could not work."""
    async with open_house() as house, open_house(jobs=NoQueue()) as broken:
        answer = await house.client.get("/api/health/maintenance")
        refused = await broken.client.get("/api/health/maintenance")

    assert answer.status_code == 200
    assert answer.json().keys() == {"status", "timestamp", "checks", "lastCleanerRun"}
    assert {check["status"] for check in answer.json()["checks"].values()} == {"ok"}
    assert (refused.status_code, refused.json()["status"]) == (503, "down")


@pytest.mark.spec("G3")
async def test_missing_worker_degrades(house: Any) -> None:
    """Without a worker jobs are accepted and wait: degraded, but 200."""
    answer = await house.client.get("/api/health")

    health = answer.json()
    assert (answer.status_code, health["status"]) == (200, "degraded")
    assert health["components"]["worker"] == {"status": "down", "details": {"lastHeartbeat": None}}


@pytest.mark.spec("G3")
async def test_stale_worker_degrades(open_house: Any) -> None:
    """A heartbeat that is too old counts as none, and is still shown."""
    async with open_house(worker_max_age_s=0.01) as house:
        await house.jobs.beat()
        await asyncio.sleep(0.05)

        health = (await house.client.get("/api/health")).json()

        assert health["status"] == "degraded"
        assert health["components"]["worker"]["status"] == "degraded"
        assert health["components"]["worker"]["details"]["lastHeartbeat"]


@pytest.mark.spec("G3")
@pytest.mark.parametrize(
    ("broken", "part"),
    [
        pytest.param({"jobs": NoQueue}, "redis", id="the queue is gone"),
        pytest.param({"storage": NoStore}, "blob", id="the store is gone"),
        pytest.param({"storage": SilentStore}, "blob", id="the store is silent"),
    ],
)
async def test_server_without_queue_or_store_is_down(open_house: Any, broken: dict[str, Any], part: str) -> None:
    """Where no job can be accepted the answer is 503, in good time, and names the part."""
    async with open_house(**{name: kind() for name, kind in broken.items()}) as house:
        await house.jobs.beat()

        answer = await house.client.get("/api/health")

        assert (answer.status_code, answer.json()["status"]) == (503, "down")
        assert answer.json()["components"][part]["status"] == "down"


@pytest.mark.spec("D2", "A1")
async def test_client_learns_the_limits_beforehand(house: Any) -> None:
    """A page can say how large a file may be before somebody chooses one."""
    config = (await house.client.get("/api/config")).json()

    assert config.keys() == {"version", "maxUploadSizeBytes", "fileUrlEnabled", "clientMaxWaitSeconds", "keptHours"}
    assert config["maxUploadSizeBytes"] == 200_000
    assert config["clientMaxWaitSeconds"] == 600
    assert config["keptHours"] is None


class Loads(HTMLParser):
    """Collects what a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "link", "img", "iframe"} or any(name in {"src", "style"} for name, _ in attrs):
            self.found.append(tag)


async def test_docs_page_loads_nothing_and_names_everything(house: Any) -> None:
    """Every address and every error code stands on it, and it fetches nothing from anywhere."""
    answer = await house.client.get("/api/docs")
    loads = Loads()
    loads.feed(answer.text)

    assert loads.found == []
    assert "http" not in answer.headers["content-security-policy"]
    for path in (await house.client.get("/api/openapi.json")).json()["paths"]:
        assert path in answer.text
    for code in KINDS:
        assert f'id="{code}"' in answer.text


@pytest.fixture(scope="module")
def texts() -> Mapping[str, str]:
    """What is published, made once: it takes a while."""
    return published()


@pytest.mark.parametrize("name", ["docs/openapi.json", "docs/result.schema.json", ".env.example", "docs/settings.md"])
def test_published_file_is_in_step_with_the_code(texts: Mapping[str, str], name: str) -> None:
    """Run `python -m datapilot.api.publish` after changing a contract, a route or a setting."""
    assert (ROOT / name).read_text() == texts[name]


def test_publishing_writes_the_files(texts: Mapping[str, str], tmp_path: Path) -> None:
    """One command writes all of them, into an empty folder too."""
    main(tmp_path)

    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == set(texts)


def test_result_schema_is_a_valid_schema(texts: Mapping[str, str]) -> None:
    """Any validator can use it."""
    schema = json.loads(texts["docs/result.schema.json"])

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["required"][:3] == ["schemaVersion", "jobId", "fileInfo"]


def test_description_refers_to_nothing_that_is_missing(texts: Mapping[str, str]) -> None:
    """Every reference leads to a schema, so that types can be generated; every error is a Problem."""
    text = texts["docs/openapi.json"]
    document = json.loads(text)

    wanted = set(re.findall(r'"#/components/schemas/([^"]+)"', text))

    assert wanted <= document["components"]["schemas"].keys()
    assert {"Report", "Job", "ReadingOptions", "Problem"} <= document["components"]["schemas"].keys()
    assert "HTTPValidationError" not in wanted
