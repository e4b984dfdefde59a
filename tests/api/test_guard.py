"""Who may call the server from where, which id a request bears, and what every answer carries."""

from typing import Any

import pytest
from starlette.datastructures import Headers

from datapilot.api.guard import Neighbourhood, is_loopback, is_same_site

CSV = b"a,b\n1,2\n"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "::1", "[::1]", "127.8.8.8"])
def test_loopback_names_are_loopback(host: str) -> None:
    """All the ways to say: this machine alone."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "", "192.168.1.5", "example.com", "localhost.example.com", "127.0.0.1.nip.io"]
)
def test_other_names_are_not_loopback(host: str) -> None:
    """A wildcard is not loopback, and neither is a name that looks like it."""
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1:5328", "localhost:5328", "[::1]:5328", "localhost", "LocalHost:1"])
def test_server_on_loopback_answers_to_its_names(host: str) -> None:
    """The port does not matter: a tunnel or a proxy may have another."""
    assert Neighbourhood("127.0.0.1").serves(host)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.nip.io:5328",
        "192.168.1.5:5328",
        "localhost.evil.example",
        "",
        ":5328",
        "[::1",
        "datapilot",
    ],
)
def test_server_on_loopback_answers_to_no_other_name(host: str) -> None:
    """A stranger's name that was made to point here is refused."""
    assert not Neighbourhood("127.0.0.1").serves(host)


def test_allowed_name_is_answered() -> None:
    """A name that the operator wrote down is his own."""
    assert Neighbourhood("127.0.0.1", frozenset({"data.example.com"})).serves("Data.example.com:443")


@pytest.mark.parametrize(
    ("host", "served"),
    [
        pytest.param("192.168.1.5:5328", True, id="an address cannot be rebound"),
        pytest.param("[2001:db8::5]:5328", True, id="nor can this one"),
        pytest.param("api:5328", True, id="a name without a dot cannot be registered"),
        pytest.param("localhost:5328", True, id="itself"),
        pytest.param("evil.example:5328", False, id="a registered name can be rebound"),
    ],
)
def test_exposed_server_refuses_only_what_could_be_rebound(host: str, served: bool) -> None:
    """In a container network or a LAN the server is called by address or short name."""
    assert Neighbourhood("0.0.0.0").serves(host) is served


@pytest.mark.parametrize(
    ("headers", "same"),
    [
        pytest.param({}, True, id="no browser"),
        pytest.param({"origin": "http://127.0.0.1:5328"}, True, id="our own page, old browser"),
        pytest.param({"origin": "http://evil.example"}, False, id="another page, old browser"),
        pytest.param({"origin": "null"}, False, id="a page that hides where it is from"),
        pytest.param({"origin": "http://127.0.0.1:9999"}, False, id="another server of this machine"),
        pytest.param({"sec-fetch-site": "same-origin", "origin": "http://localhost:3000"}, True, id="through a proxy"),
        pytest.param({"sec-fetch-site": "none"}, True, id="typed by the user"),
        pytest.param({"sec-fetch-site": "cross-site"}, False, id="another site"),
        pytest.param({"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:9999"}, False, id="another port"),
    ],
)
def test_only_our_own_page_may_change_anything(headers: dict[str, str], same: bool) -> None:
    """Browsers say where a request comes from, and pages cannot change what they say."""
    assert is_same_site(Headers({"host": "127.0.0.1:5328", **headers})) is same


async def test_foreign_name_is_refused_over_the_wire(house: Any) -> None:
    """A rebound name reads nothing, not even the health."""
    answer = await house.client.get("/api/health", headers={"Host": "evil.example"})

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden_origin")


async def test_foreign_page_cannot_upload(house: Any) -> None:
    """A form on another site starts no job, though a browser would send it."""
    answer = await house.client.post(
        "/api/upload", files={"file": ("a.csv", CSV)}, headers={"Origin": "https://evil.example"}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden_origin")
    assert await house.jobs.recent() == []


async def test_foreign_page_cannot_cancel(house: Any) -> None:
    """Neither can it stop one."""
    job_id = await house.upload()

    answer = await house.client.post(f"/api/cancel?jobId={job_id}", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert (await house.jobs.get(job_id)).status == "submitted"


async def test_request_without_a_host_is_refused(house: Any) -> None:
    """HTTP/1.0 without a Host header names nobody."""
    answer = await house.raw(b"GET /api/health HTTP/1.0\r\n\r\n")

    assert b" 403 " in answer.split(b"\r\n")[0]


@pytest.mark.parametrize("address", ["/api/health", "/api/absent", "/", "/api/docs", "/api/openapi.json"])
async def test_every_answer_carries_the_protective_headers(house: Any, address: str) -> None:
    """Good answers and errors alike; and no answer tells which server this is."""
    answer = await house.client.get(address)

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "default-src" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.spec("G1")
async def test_request_id_is_kept_or_made(house: Any) -> None:
    """A caller's id comes back; without one, or with one that would break a log line, we make our own."""
    given = await house.client.get("/api/health", headers={"X-Request-Id": "abc-123"})
    made = await house.client.get("/api/health")
    hostile = await house.client.get("/api/health", headers={"X-Request-Id": 'a b"}{' + "x" * 100})

    assert given.headers["x-request-id"] == "abc-123"
    assert made.headers["x-request-id"].startswith("req_")
    assert hostile.headers["x-request-id"].startswith("req_")
