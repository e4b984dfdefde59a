"""Who may do what on a server that asks for keys: nobody sees another's job, whatever the address."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from datapilot.access.memory import MemoryAccess
from datapilot.api.callers import KeyRules, current
from datapilot.api.doorkeeper import OPEN, scope_needed
from datapilot.contracts.access import SCOPES
from datapilot.contracts.errors import UnknownJob

CSV = b"region,revenue\nnorth,10\nsouth,20\n"


@dataclass
class Town:
    """A house that asks for keys, and people with one."""

    house: Any
    access: MemoryAccess
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def __aenter__(self) -> "Town":
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self.clients:
            await client.aclose()

    async def person(self, *scopes: Any) -> httpx.AsyncClient:
        """Return a client that sends a new key with these scopes, by default those of a user."""
        new = await self.access.create_key("someone", scopes or ("read", "write"))
        return self.client({"Authorization": f"Bearer {new.secret}"})

    def client(self, headers: dict[str, str] | None = None, **cookies: str) -> httpx.AsyncClient:
        """Return a client with these headers and cookies and nothing else."""
        address = f"http://{self.house.host}:{self.house.port}"
        self.clients.append(
            httpx.AsyncClient(
                base_url=address, headers=headers, cookies=cookies, trust_env=False, timeout=60, verify=False
            )
        )
        return self.clients[-1]

    async def upload(self, person: httpx.AsyncClient, content: bytes = CSV) -> httpx.Response:
        """Send a file as this person."""
        return await person.post("/api/upload", files={"file": ("sales.csv", content)})

    async def job_of(self, person: httpx.AsyncClient) -> str:
        """Return a finished job of this person."""
        answer = await self.upload(person)
        assert answer.status_code == 202, answer.text
        job_id = str(answer.json()["jobId"])
        await self.house.complete(
            job_id, b'{"schema": [], "kpis": {"numericStats": {}}, "receipt": {"conversions": []}}'
        )
        return job_id


@pytest.fixture
async def town(open_house: Any) -> AsyncIterator[Town]:
    """A house that asks for keys."""
    access = MemoryAccess()
    async with open_house(access=access) as house, Town(house, access) as town:
        yield town


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, path and description of everything the API offers."""
    from datapilot.api.publish import openapi

    for path, verbs in openapi()["paths"].items():
        for method, operation in verbs.items():
            yield method.upper(), path, operation


def names_a_job(path: str, operation: dict[str, Any]) -> bool:
    """Say whether an operation is about one job, by its path, its query or its body."""
    from datapilot.api.publish import openapi

    if "{job_id}" in path or any(one["name"] == "jobId" for one in operation.get("parameters", [])):
        return True
    bodies = operation.get("requestBody", {}).get("content", {})
    schemas = [body["schema"].get("$ref", "").rpartition("/")[2] for body in bodies.values()]
    known = openapi()["components"]["schemas"]
    return any("jobId" in known[name].get("properties", {}) for name in schemas if name)


EVERYTHING = list(operations())
OF_A_JOB = [
    pytest.param(method, path, id=f"{method} {path}")
    for method, path, operation in EVERYTHING
    if names_a_job(path, operation) and path != "/api/session"
]
GUARDED = [
    pytest.param(method, path, id=f"{method} {path}")
    for method, path, _ in EVERYTHING
    if scope_needed(method, path) is not None
]


async def ask(person: httpx.AsyncClient, method: str, path: str, job_id: str) -> httpx.Response:
    """Ask for this job in every way an operation may take it."""
    named = {} if "{job_id}" in path else {"jobId": job_id}
    content = {} if method in {"GET", "DELETE"} else {"json": named | BODIES.get(path, {})}
    query = {} if "{job_id}" in path or content else {"jobId": job_id}
    return await person.request(method, path.replace("{job_id}", job_id), params=query, **content)


# What a body needs beside the job, so that the job is what it is refused for.
BODIES: dict[str, dict[str, Any]] = {
    "/api/reread": {"options": {}},
    "/api/feedback": {"insightId": "i_1", "action": "approve", "score": 5},
    "/api/jobs/{job_id}/facts": {"measures": [{"metric": "count"}]},
}


NAME_NO_JOB = {
    "POST /api/upload", "GET /api/samples", "GET /api/jobs", "GET /api/health", "GET /api/health/maintenance",
    "GET /api/config", "GET /metrics", "GET /api/session", "POST /api/session", "DELETE /api/session",
}  # fmt: skip


def test_matrix_leaves_out_no_operation() -> None:
    """A new operation is in the matrix of jobs, or somebody has written down that it is about none."""
    everything = {f"{method} {path}" for method, path, _ in EVERYTHING}

    assert everything - {str(one.id) for one in OF_A_JOB} == NAME_NO_JOB


@pytest.mark.parametrize(("method", "path"), OF_A_JOB)
async def test_another_ones_job_does_not_exist(town: Town, method: str, path: str) -> None:
    """Key B asks for a job of key A: 404 like for an id that never was, and the job is as it was."""
    anna, bert = await town.person(), await town.person()
    job_id = await town.job_of(anna)
    before = await town.house.jobs.get(job_id)

    theirs, nobodys = await ask(bert, method, path, job_id), await ask(bert, method, path, "job_never")

    assert (theirs.status_code, theirs.json()["code"]) == (404, "unknown_job")
    assert theirs.json()["detail"].replace(job_id, "") == nobodys.json()["detail"].replace("job_never", "")
    assert await town.house.jobs.get(job_id) == before


@pytest.mark.parametrize(("method", "path"), OF_A_JOB)
async def test_ones_own_job_does(town: Town, method: str, path: str) -> None:
    """The same question of its owner is not refused for the job's sake: the matrix above asks rightly."""
    anna = await town.person()
    job_id = await town.job_of(anna)

    answer = await ask(anna, method, path, job_id)

    assert answer.status_code not in {401, 403, 404}, answer.text


@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_nobody_gets_in_without_a_key(town: Town, method: str, path: str) -> None:
    """No key, a wrong one, a revoked one: 401 with a code and the way to sign in, on every address."""
    revoked = await town.access.create_key("gone", SCOPES)
    await town.access.revoke_key(revoked.key.key_id)
    tried = (
        {},
        {"Authorization": "Bearer dp_abcdefgh_" + "x" * 43},
        {"Authorization": f"Bearer {revoked.secret}"},
        {"X-API-Key": revoked.secret},
        {"Authorization": "Basic YTpi"},
        {"Cookie": "datapilot_session=dps_made-up"},
    )

    answers = [await ask(town.client(headers), method, path, "job_1") for headers in tried]

    assert [answer.status_code for answer in answers] == [401] * len(tried)
    assert {answer.json()["code"] for answer in answers} == {"unauthorized"}
    assert all("Bearer" in answer.headers["www-authenticate"] for answer in answers)


@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_key_without_the_scope_is_refused(town: Town, method: str, path: str) -> None:
    """A key that may only read metrics does nothing else; one that may read changes nothing."""
    needed = scope_needed(method, path)
    metrics_only = await town.person(*(scope for scope in SCOPES if scope != needed))

    answer = await ask(metrics_only, method, path, "job_1")

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden_scope")
    assert f"“{needed}”" in answer.json()["detail"]


async def test_metrics_need_their_own_scope(town: Town) -> None:
    """/metrics tells about everybody's jobs, so a user's key does not open it."""
    user, watcher = await town.person(), await town.person("metrics")

    assert (await town.client().get("/metrics")).status_code == 401
    assert (await user.get("/metrics")).status_code == 403
    assert (await watcher.get("/metrics")).status_code not in {401, 403}


@pytest.mark.parametrize("address", sorted({path for _, path, _ in EVERYTHING} & OPEN | {"/", "/api/docs"}))
async def test_what_holds_no_data_is_open(town: Town, address: str) -> None:
    """Probes, the page itself, and whoever wants to sign in need no key."""
    assert (await town.client().get(address)).status_code not in {401, 403}


async def test_list_shows_ones_own_jobs(town: Town) -> None:
    """Each key's list holds its jobs and no others, newest first."""
    anna, bert = await town.person(), await town.person()
    first, _, third = await town.job_of(anna), await town.job_of(bert), await town.job_of(anna)

    listed = (await anna.get("/api/jobs")).json()["jobs"]

    assert [job["jobId"] for job in listed] == [third, first]


async def test_job_that_was_read_again_keeps_its_owner(town: Town) -> None:
    """Another reading of the file is still its sender's."""
    anna, bert = await town.person(), await town.person()
    job_id = await town.job_of(anna)

    again = await anna.post("/api/reread", json={"jobId": job_id, "options": {}})

    assert again.status_code == 202
    assert (await anna.get(f"/api/jobs/{job_id}")).status_code == 200
    assert (await bert.get(f"/api/jobs/{job_id}")).status_code == 404


async def test_page_signs_in_and_out(town: Town) -> None:
    """The key is swapped for a cookie that no script reads and no other site sends; signing out ends it."""
    new = await town.access.create_key("Anna", ["read", "write"])
    page = town.client()
    assert (await page.get("/api/session")).json() == {"loginRequired": True, "name": None, "scopes": []}

    signed_in = await page.post("/api/session", json={"key": f" {new.secret}\n"})
    cookie = signed_in.headers["set-cookie"]

    assert signed_in.json() == {"loginRequired": True, "name": "Anna", "scopes": ["read", "write"]}
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert new.secret not in cookie
    assert (await town.upload(page)).status_code == 202
    assert len((await page.get("/api/jobs")).json()["jobs"]) == 1
    assert (await page.get("/api/session")).json()["name"] == "Anna"

    stolen = town.client(datapilot_session=page.cookies["datapilot_session"])
    await page.delete("/api/session")
    assert (await page.get("/api/jobs")).status_code == 401
    assert (await stolen.get("/api/jobs")).status_code == 401


async def test_cookie_is_for_tls_alone_behind_a_proxy_that_speaks_it(town: Town) -> None:
    """Where the browser came by https, the cookie never travels in the clear."""
    new = await town.access.create_key("Anna", ["read"])

    answer = await town.client({"X-Forwarded-Proto": "https"}).post("/api/session", json={"key": new.secret})

    assert "Secure" in answer.headers["set-cookie"].split("; ")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param({"key": "dp_abcdefgh_" + "x" * 43}, 401, "unauthorized", id="a key that is not known"),
        pytest.param({"key": ""}, 401, "unauthorized", id="no key at all"),
        pytest.param({}, 422, "invalid_option", id="nothing"),
        pytest.param({"key": "a", "share": "b"}, 422, "invalid_option", id="two things at once"),
        pytest.param({"key": 5}, 422, "invalid_option", id="a number"),
        pytest.param({"share": "dpr_x"}, 401, "unauthorized", id="a share without its job"),
        pytest.param({"share": "dpr_x", "jobId": "job_1"}, 401, "unauthorized", id="a share that is not known"),
        pytest.param({"share": "dpr_x", "jobId": "../x"}, 404, "unknown_job", id="a job that cannot be"),
    ],
)
async def test_bad_sign_in_is_refused(town: Town, body: dict[str, Any], status: int, code: str) -> None:
    """No cookie comes with a refusal."""
    answer = await town.client().post("/api/session", json=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "set-cookie" not in answer.headers


async def test_another_page_cannot_use_the_session(town: Town) -> None:
    """Should a browser send the cookie from elsewhere all the same, the origin gives it away."""
    new = await town.access.create_key("Anna", ["read", "write"])
    page = town.client()
    await page.post("/api/session", json={"key": new.secret})

    answer = await page.post("/api/upload", json={"sample": "sales_demo.csv"}, headers={"Origin": "https://evil.test"})

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden_origin")


async def test_share_link_reads_one_job_and_nothing_else(town: Town) -> None:
    """Whoever has the link sees this job, on every reading address, without a key; he changes nothing."""
    anna = await town.person()
    job_id, other = await town.job_of(anna), await town.job_of(anna)
    shared = (await anna.post(f"/api/jobs/{job_id}/share")).json()
    token = shared["token"]
    guest = town.client()

    assert shared["url"] == f"/results/?id={job_id}&share={token}"
    assert (await guest.get(f"/api/result?jobId={job_id}&share={token}")).status_code == 200
    assert (await guest.get(f"/api/jobs/{job_id}/columns?share={token}")).status_code == 200
    assert (await guest.get(f"/api/jobs/{job_id}/events?share={token}")).status_code == 200
    assert (await guest.get(f"/api/jobs/{other}?share={token}")).status_code == 404
    for address in ("/api/jobs", "/api/config", "/api/samples", "/metrics"):
        assert (await guest.get(f"{address}?share={token}")).status_code == 401, address
    for method, path in (
        ("POST", f"/api/cancel?jobId={job_id}&"),
        ("DELETE", f"/api/jobs/{job_id}/share?"),
        ("DELETE", f"/api/jobs/{job_id}?"),
    ):
        assert (await guest.request(method, f"{path}share={token}")).status_code == 401, path

    open_now = (await anna.get(f"/api/jobs/{job_id}/share")).json()
    assert (open_now["links"], open_now["expiresInSeconds"] > 0) == (1, True)

    await anna.delete(f"/api/jobs/{job_id}/share")
    assert (await guest.get(f"/api/jobs/{job_id}?share={token}")).status_code == 404
    assert (await anna.get(f"/api/jobs/{job_id}/share")).json() == {
        "jobId": job_id, "links": 0, "expiresInSeconds": None,
    }  # fmt: skip


async def test_share_link_opens_the_page(town: Town) -> None:
    """The page swaps the link's token for a cookie, so that all its requests see the job."""
    anna = await town.person()
    job_id = await town.job_of(anna)
    token = (await anna.post(f"/api/jobs/{job_id}/share")).json()["token"]
    guest = town.client()

    answer = await guest.post("/api/session", json={"share": token, "jobId": job_id})

    assert (answer.status_code, answer.json()["scopes"]) == (200, ["read"])
    assert (await guest.get(f"/api/job-status?jobId={job_id}")).status_code == 200
    assert (await guest.get("/api/jobs")).status_code == 401


async def test_guest_with_a_key_sees_both(town: Town) -> None:
    """A share link does not take anything from somebody who has a key of his own."""
    anna, bert = await town.person(), await town.person()
    job_id, own = await town.job_of(anna), await town.job_of(bert)
    token = (await anna.post(f"/api/jobs/{job_id}/share")).json()["token"]
    bert.cookies.set("datapilot_share", token)

    assert (await bert.get(f"/api/jobs/{job_id}")).status_code == 200
    assert (await bert.get(f"/api/jobs/{own}")).status_code == 200
    assert (await bert.post("/api/cancel", json={"jobId": job_id})).status_code == 404
    assert (await bert.delete(f"/api/jobs/{job_id}")).status_code == 404
    assert (await anna.get(f"/api/result?jobId={job_id}")).status_code == 200


async def test_too_many_requests_are_429(open_house: Any) -> None:
    """A key that asks too often is told when to come back; another's key is not in its way."""
    access = MemoryAccess()
    rules = KeyRules(requests_per_minute=3)
    async with open_house(access=access, key_rules=rules) as house, Town(house, access) as town:
        anna, bert = await town.person(), await town.person()

        answers = [await anna.get("/api/jobs") for _ in range(4)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[-1].json()["code"] == "rate_limited"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 20
        assert (await bert.get("/api/jobs")).status_code == 200
        assert (await anna.get("/api/health")).status_code == 200


async def test_day_of_uploads_has_an_end(open_house: Any) -> None:
    """What is over the day's share is refused with 429 and leaves nothing in the store."""
    access = MemoryAccess()
    rules = KeyRules(bytes_per_day=len(CSV) + 10)
    async with open_house(access=access, key_rules=rules) as house, Town(house, access) as town:
        anna, bert = await town.person(), await town.person()

        answers = [await town.upload(anna), await town.upload(anna), await town.upload(bert)]

        assert [answer.status_code for answer in answers] == [202, 429, 202]
        assert answers[1].json()["code"] == "quota_exceeded"
        assert int(answers[1].headers["retry-after"]) > 0
        assert len([stored async for stored in house.storage.list("uploads/")]) == 2


async def test_server_without_login_knows_everybody(house: Any) -> None:
    """On loopback all jobs are everybody's, and a share link needs no token."""
    job_id = await house.upload()
    await house.complete(job_id)

    session = await house.client.get("/api/session")
    shared = await house.client.post(f"/api/jobs/{job_id}/share")
    signed_in = await house.client.post("/api/session", json={"key": "whatever"})

    assert session.json() == {"loginRequired": False, "name": None, "scopes": []}
    assert signed_in.json()["loginRequired"] is False
    assert (shared.status_code, shared.json()["url"], shared.json()["token"]) == (201, f"/results/?id={job_id}", None)
    assert (await house.client.get(f"/api/jobs/{job_id}/share")).json()["links"] == 0
    assert (await house.client.delete(f"/api/jobs/{job_id}/share")).status_code == 200
    assert "set-cookie" not in signed_in.headers


async def test_forgotten_door_is_a_closed_one(town: Town) -> None:
    """Code that asks for a job outside of any request, with nobody known to call, sees none."""
    job_id = await town.job_of(await town.person())

    with pytest.raises(UnknownJob):
        await town.house.tools.jobs.get(job_id)
    assert await town.house.tools.jobs.recent() == []
    assert current.get().key is None


async def test_callers_at_the_same_time_do_not_mix(town: Town) -> None:
    """Many requests of two keys in flight: each sees its own."""
    anna, bert = await town.person(), await town.person()
    job_a, job_b = await town.job_of(anna), await town.job_of(bert)

    async def seen(person: httpx.AsyncClient) -> list[str]:
        return [job["jobId"] for job in (await person.get("/api/jobs")).json()["jobs"]]

    lists = await asyncio.gather(*(seen(person) for _ in range(20) for person in (anna, bert)))

    assert lists == [[job_a], [job_b]] * 20


def test_every_address_is_guarded_unless_it_is_listed() -> None:
    """The list of open addresses is short, and what the API will offer one day is not on it."""
    assert scope_needed("GET", "/api/anything-new") == "read"
    assert scope_needed("POST", "/api/anything-new") == "write"
    assert scope_needed("GET", "/api") == "read"
    assert scope_needed("POST", "/api/jobs/job_1/facts") == "read"
    assert scope_needed("GET", "/api/health/") == "read"
    assert scope_needed("GET", "/history/") is None
