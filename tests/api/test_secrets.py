"""What callers say in confidence does not stand in any log."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import httpx
import pytest
import structlog
from tests.api.test_access import Town, town  # noqa: F401 - a fixture

from datapilot.telemetry.logs import configure


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything that the server logs, as in production; the logging of the test run is left as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = StringIO()
    configure(component="api", level="DEBUG", as_json=True, stream=out)
    yield out
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def test_no_secret_is_logged(
    town: Town,  # noqa: F811
    log: StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Keys in headers and bodies, right and wrong, cookies and the tokens of links: not in the line of a request, nor
    in the trace of one that crashed."""
    new = await town.access.create_key("Anna", ["read", "write"])
    anna, page = town.client({"Authorization": f"Bearer {new.secret}"}), town.client()
    job_id = await town.job_of(anna)
    token = (await anna.post(f"/api/jobs/{job_id}/share")).json()["token"]
    wrong = "dp_abcdefgh_" + "w" * 43
    await page.post("/api/session", json={"key": new.secret})
    session = page.cookies["datapilot_session"]

    answers = [
        await page.get("/api/jobs"),
        await town.client({"X-API-Key": wrong}).get("/api/jobs"),
        await town.client().post("/api/session", json={"key": wrong}),
        await town.client().post("/api/session", content=f'{{"key": "{wrong}"'),
        await town.client().get(f"/api/jobs/{job_id}?share={token}"),
        await _crashed(anna, monkeypatch, town.house),
    ]

    told = log.getvalue()
    assert [answer.status_code for answer in answers] == [200, 401, 401, 400, 200, 500]
    assert "request crashed" in {json.loads(line)["message"] for line in told.splitlines()}
    for secret in (new.secret, token, session, wrong):
        assert secret not in told
        assert all(secret not in answer.text for answer in answers)


async def _crashed(anna: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, house: Any) -> httpx.Response:
    async def crash(*said: object, **named: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(house.jobs, "recent", crash)
    return await anna.get("/api/jobs")
