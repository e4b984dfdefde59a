"""Whatever a request looks like, the answer is a proper one: never a 5xx, and every error is problem JSON."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datapilot.access.memory import MemoryAccess
from datapilot.actions.analyze_dataset import analyze_file
from datapilot.actions.submit_dataset import UploadRules
from datapilot.api.app import create_app
from datapilot.api.callers import KeyRules
from datapilot.api.errors import KINDS
from datapilot.api.publish import openapi
from datapilot.api.tools import Tools
from datapilot.contracts.job import JobRequest
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.keys import result_key
from datapilot.storage.memory import MemoryStorage

EXAMPLES = 300
DONE, FAILED = "job_done", "job_failed"
AT_ONCE = 0.001  # jobs that a request makes have failed by the time somebody watches them

DOCUMENT = openapi()
OPERATIONS = [(method, path) for path, verbs in DOCUMENT["paths"].items() for method in verbs]
FIELDS = sorted({
    name for schema in ("FileFromElsewhere", "JobRef", "Reread", "SignIn")
    for name in DOCUMENT["components"]["schemas"][schema]["properties"]
})  # fmt: skip

text = st.text(max_size=40) | st.sampled_from(["\x00", "../../etc/passwd", "'; DROP", "%00", "🔑", "a" * 5000, "NaN"])
ids = st.sampled_from([DONE, FAILED, "job_none"]) | text
scalars = st.none() | st.booleans() | st.integers() | st.floats() | text | ids
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4), max_leaves=8
)
bodies = st.dictionaries(st.sampled_from(FIELDS) | text, values, max_size=6).map(
    lambda body: json.dumps(body).encode("utf-8", "surrogatepass")
)
contents = bodies | st.binary(max_size=200) | st.just(b"[" * 5000) | st.just(b'{"jobId": ' + b"9" * 5000 + b"}")
kinds = st.sampled_from([
    "application/json", "application/json; charset=latin-1", "multipart/form-data", "multipart/form-data; boundary=x",
    "text/plain", "", "application/x-www-form-urlencoded", "multipart/form-data; boundary=\"", "☃",
])  # fmt: skip
form_parts = st.lists(
    st.tuples(st.sampled_from(["file", "types", "headerRow", "llm", "sheet", "timeoutSeconds", "other"]), text),
    max_size=4,
)


def form(parts: list[tuple[str, str]]) -> bytes:
    """Return a multipart body with boundary x, well-formed or as near to it as the texts allow."""
    lines = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"'
        f"{'; filename=' + json.dumps(value[:20]) if name == 'file' else ''}\r\n\r\n{value}\r\n"
        for name, value in parts
    ]
    return "".join([*lines, "--x--\r\n"]).encode("utf-8", "surrogatepass")


requests = st.fixed_dictionaries({
    "operation": st.sampled_from(OPERATIONS),
    "job": ids,
    "query": st.dictionaries(st.sampled_from(["jobId", "limit", "offset", "format", "share"]) | text, scalars,
                             max_size=4),
    "content": contents | form_parts.map(form),
    "kind": kinds,
    "method": st.sampled_from([*[None] * 20, "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE"]),
    "headers": st.dictionaries(
        st.sampled_from(["accept-encoding", "cookie", "last-event-id", "if-none-match", "range", "x-request-id"]),
        st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=30), max_size=2,
    ),
})  # fmt: skip


@asynccontextmanager
async def the_web() -> AsyncIterator[httpx.AsyncClient]:
    """Stand in for the web: every address answers the same small file."""
    answer = httpx.MockTransport(lambda request: httpx.Response(200, content=b"a,b\n1,2\n"))
    async with httpx.AsyncClient(transport=answer) as client:
        yield client


@pytest.fixture(scope="module", params=["open", "with keys"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return a function that sends one request to an application with real routes and twins behind them."""
    loop = asyncio.new_event_loop()
    client = loop.run_until_complete(_client(tmp_path_factory.mktemp("fuzz"), has_keys=request.param == "with keys"))
    yield lambda **sent: loop.run_until_complete(asyncio.wait_for(client.request(**sent), 20))
    loop.run_until_complete(client.aclose())
    loop.close()


async def _client(folder: Path, *, has_keys: bool) -> httpx.AsyncClient:
    jobs, storage, access = MemoryJobs(), MemoryStorage(), MemoryAccess()
    new = await access.create_key("fuzz", ["read", "write", "metrics"])
    owner = new.key.key_id if has_keys else None
    for job_id in (DONE, FAILED):
        wanted = JobRequest(upload_key=f"uploads/{job_id}/source.csv", bytes=1, timeout_s=600, owner=owner)
        await jobs.submit(job_id, filename="sales.csv", request=wanted)
        await jobs.start(job_id, worker="w", max_attempts=5)
    await storage.put_bytes(result_key(DONE), _report(folder))
    await jobs.finish(DONE, 1, status="completed", result_url="/x")
    await jobs.finish(FAILED, 1, status="failed", error="not_a_table", message="No table.")
    tools = Tools(
        queue=jobs, storage=storage, scratch=folder, rules=UploadRules(max_bytes=100_000, timeout_s=AT_ONCE),
        access=access if has_keys else None, key_rules=KeyRules(requests_per_minute=0), web_client=the_web,
        web_root=folder / "no-web",
    )  # fmt: skip
    headers = {"Authorization": f"Bearer {new.secret}"} if has_keys else {}
    transport = httpx.ASGITransport(create_app(tools), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers)


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
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(wanted=requests)
def test_no_request_is_answered_badly(service: Any, wanted: dict[str, Any]) -> None:
    """Random values in path, query, headers and body of every operation: below 500, and errors carry a known code."""
    method, path = wanted["operation"]
    answer = service(
        method=wanted["method"] or method.upper(),
        url=path.replace("{job_id}", quote(wanted["job"].encode("utf-8", "surrogatepass"), safe="") or "x"),
        params={name: str(value) for name, value in wanted["query"].items() if _is_encodable(name + str(value))},
        content=wanted["content"],
        headers={**wanted["headers"], "content-type": wanted["kind"].encode()},
    )

    is_unbuilt = answer.status_code == 503 and answer.json()["code"] == "web_app_missing"  # this folder has no page
    assert answer.status_code < 500 or is_unbuilt, answer.text
    if answer.status_code >= 400 and answer.request.method != "HEAD":
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["code"] in KINDS
        assert problem["status"] == answer.status_code == KINDS[problem["code"]].status
        assert problem["detail"]


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
