"""Every error has the one form, whoever raised it."""

from typing import Any

import pytest

from datapilot.api.errors import KINDS
from datapilot.contracts import errors
from datapilot.contracts.errors import DataPilotError
from datapilot.jobs.memory import MemoryJobs

FAMILY = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DataPilotError)]


@pytest.mark.spec("A4")
@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_every_error_of_the_family_has_a_status(kind: type[DataPilotError]) -> None:
    """A new error cannot be forgotten here: without a status it could not be answered."""
    assert kind.code in KINDS
    assert 400 <= KINDS[kind.code].status < 600


@pytest.mark.spec("A4")
@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        pytest.param("GET", "/api/absent", 404, "not_found", id="an address below /api that is none"),
        pytest.param("GET", "/api", 404, "not_found", id="/api itself"),
        pytest.param("POST", "/api/absent", 404, "not_found", id="a change at no address"),
        pytest.param("GET", "/api/upload", 405, "method_not_allowed", id="reading where one sends"),
        pytest.param("DELETE", "/api/result?jobId=x", 405, "method_not_allowed", id="deleting what one reads"),
        pytest.param("POST", "/jobs/", 405, "method_not_allowed", id="sending to a page"),
        pytest.param("GET", "/api/job-status", 422, "invalid_request", id="a parameter that is missing"),
        pytest.param("GET", "/api/result", 422, "invalid_request", id="here too"),
        pytest.param("GET", "/api/jobs/x/table?format=xlsx", 422, "invalid_request", id="a format we do not write"),
        pytest.param("GET", "/", 503, "web_app_missing", id="the page, where it was never built"),
    ],
)
async def test_error_of_the_framework_is_problem_json(
    house: Any, method: str, address: str, status: int, code: str
) -> None:
    """404, 405 and validation errors look like our own."""
    answer = await house.client.request(method, address)

    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["status"]) == (status, code, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code"} <= problem.keys()
    assert problem["detail"].endswith((".", "?"))


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        pytest.param("GET", "/api/upload", "POST", id="one route"),
        pytest.param("PATCH", "/api/session", "DELETE, GET, HEAD, POST", id="several routes at one address"),
        pytest.param("POST", "/jobs/", "GET, HEAD", id="a page"),
    ],
)
async def test_405_says_what_is_allowed(house: Any, method: str, address: str, allowed: str) -> None:
    """As HTTP wants it: every method of the address, whichever routes answer them."""
    answer = await house.client.request(method, address)

    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@pytest.mark.spec("A4")
async def test_unforeseen_error_tells_nothing_of_the_inside(open_house: Any) -> None:
    """A bug is a 500 in the same form: no traceback, no text of the exception, and the server serves on."""

    class Buggy(MemoryJobs):
        async def recent(self, limit: int = 50) -> Any:
            raise RuntimeError("the secret is hunter2")

    async with open_house(jobs=Buggy()) as house:
        answer = await house.client.get("/api/jobs")
        after = await house.client.get("/api/config")

        assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
        assert "hunter2" not in answer.text
        assert answer.headers["x-request-id"] in answer.json()["detail"]  # a reader of the page sees no headers
        assert after.status_code == 200


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /../../etc/passwd HTTP/1.1",
        b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1",
        b"GET //etc/passwd HTTP/1.1",
        b"GET /api/../../etc/passwd HTTP/1.1",
        b"GET /_next/../../settings.py HTTP/1.1",
    ],
)
async def test_path_never_leaves_the_page(house: Any, request_line: bytes) -> None:
    """No spelling of a path reads a file of the machine."""
    answer = await house.raw(request_line + b"\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")

    assert b"root:" not in answer
    assert answer.split(b" ")[1] in {b"404", b"503", b"400"}
