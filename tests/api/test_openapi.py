"""Whatever a request looks like, the answer is a proper one: what the description promises, never a 5xx, and every
error problem JSON with a known code.

schemathesis makes the requests from the published description: values it allows, their edge cases, and values it
forbids, for every operation, over a real connection, as a key with every scope. The long form:
`FUZZ_EXAMPLES=1000 pytest tests/api/test_openapi.py`.
"""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode, checks

from datapilot.access.memory import MemoryAccess
from datapilot.actions.analyze_dataset import analyze_file
from datapilot.actions.fetch_file_url import check_address
from datapilot.actions.submit_dataset import UploadRules
from datapilot.api.app import create_app
from datapilot.api.callers import KeyRules
from datapilot.api.errors import KINDS
from datapilot.api.publish import openapi
from datapilot.api.serve import bind
from datapilot.api.tools import Tools
from datapilot.contracts.access import SCOPES
from datapilot.contracts.job import JobRequest
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.keys import result_key
from datapilot.storage.memory import MemoryStorage

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))
DONE, FAILED = "job_done", "job_failed"
AT_ONCE = 0.001  # jobs that a request makes have failed by the time somebody watches them


def described() -> dict[str, Any]:
    """Return the published description, in which a job's id is one that exists as often as not."""

    def naming_jobs(part: Any) -> Any:
        if isinstance(part, list):
            return [naming_jobs(one) for one in part]
        if not isinstance(part, dict):
            return part
        part = {name: naming_jobs(inner) for name, inner in part.items()}
        if "text/event-stream" in part:
            return {"text/event-stream": {}}  # the text is described as a whole, and would be checked event by event
        if part.get("name") in {"job_id", "jobId"}:
            part["schema"] = {"anyOf": [{"enum": [DONE, FAILED, "job_none"]}, part["schema"]]}
        if "jobId" in part.get("properties", {}):
            part["properties"]["jobId"] = {"anyOf": [{"enum": [DONE, FAILED]}, part["properties"]["jobId"]]}
        return part

    document = openapi()
    document["components"]["schemas"] = {
        name: naming_jobs(schema) if name in _asked_for(document) else schema
        for name, schema in document["components"]["schemas"].items()
    }
    document["paths"] = naming_jobs(document["paths"])
    return document


def _asked_for(document: dict[str, Any]) -> set[str]:
    bodies = [
        content["schema"]
        for verbs in document["paths"].values()
        for operation in verbs.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
    ]
    return {body.get("$ref", "").rpartition("/")[2] for body in bodies}


schema = schemathesis.openapi.from_dict(described())
schema.config.generation.update(max_examples=EXAMPLES, deterministic=True, modes=list(GenerationMode))
NOT_CHECKED = [
    checks.positive_data_acceptance,  # rules between fields ("either key or share") stand in no schema
    checks.negative_data_rejection,  # in a form all is text: an object where text is wanted arrives as text
]


@asynccontextmanager
async def the_web() -> AsyncIterator[httpx.AsyncClient]:
    """Stand in for the web: every address of the right kind answers the same small file."""

    async def check(request: httpx.Request) -> None:
        check_address(request.url)

    answer = httpx.MockTransport(lambda request: httpx.Response(200, content=b"a,b\n1,2\n"))
    async with httpx.AsyncClient(transport=answer, event_hooks={"request": [check]}) as client:
        yield client


@pytest.fixture(scope="module")
def send(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Any], Any]]:
    """Return a function that sends a case to a server with the real routes and twins behind them."""
    access = MemoryAccess()
    new = asyncio.run(access.create_key("fuzz", SCOPES))
    tools = asyncio.run(_tools(access, new.key.key_id, tmp_path_factory.mktemp("openapi")))
    headers = {"Authorization": f"Bearer {new.secret}"}
    with bind("127.0.0.1", 0) as listener, requests.Session() as session:
        session.trust_env = False
        server = uvicorn.Server(uvicorn.Config(create_app(tools), log_config=None, access_log=False, lifespan="off"))
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        serving.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield lambda case: case.call(base_url=address, session=session, headers=headers, timeout=60)
        server.should_exit = True
        serving.join()


async def _tools(access: MemoryAccess, owner: str, folder: Path) -> Tools:
    jobs, storage = MemoryJobs(), MemoryStorage()
    for job_id in (DONE, FAILED):
        wanted = JobRequest(upload_key=f"uploads/{job_id}/source.csv", bytes=1, timeout_s=600, owner=owner)
        await jobs.submit(job_id, filename="sales.csv", request=wanted)
        await jobs.start(job_id, worker="w", max_attempts=5)
    await storage.put_bytes(result_key(DONE), _report(folder))
    await jobs.finish(DONE, 1, status="completed", result_url="/x")
    await jobs.finish(FAILED, 1, status="failed", error="not_a_table", message="No table.")
    return Tools(
        queue=jobs, storage=storage, scratch=folder, rules=UploadRules(max_bytes=100_000, timeout_s=AT_ONCE),
        access=access, key_rules=KeyRules(requests_per_minute=0), web_client=the_web, web_root=folder / "no-web",
    )  # fmt: skip


def _report(folder: Path) -> bytes:
    """Return the report of a small file, as a worker stores it."""
    table = folder / "sales.csv"
    table.write_bytes(b"region,revenue\n" + b"north,10\nsouth,20\n" * 20)
    report = analyze_file(
        table, name="sales.csv", job_id=DONE, options=ReadingOptions(), limits=Limits(), scratch=folder
    )
    return report.model_dump_json().encode()


@pytest.mark.slow
@pytest.mark.spec("A4")
@schema.parametrize()
@settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_a_proper_one(case: Any, send: Callable[[Any], Any]) -> None:
    """Below 500; as the description has it; an error with a code that is listed."""
    answer = send(case)

    if answer.status_code == 503 and answer.json()["code"] == "web_app_missing":  # there is no page in this folder
        return
    case.validate_response(answer, excluded_checks=NOT_CHECKED)
    if answer.status_code >= 400 and answer.request.method != "HEAD":
        problem = answer.json()
        assert answer.headers["content-type"] == ["application/problem+json"]
        assert problem["code"] in KINDS
        assert problem["status"] == answer.status_code == KINDS[problem["code"]].status
        assert problem["detail"]
