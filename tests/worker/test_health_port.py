"""The worker's own port."""

import asyncio
import socket
from typing import Literal

import httpx
import pytest
from tests.free_port import free_port

from datapilot.contracts.health import ComponentHealth, ComponentsHealth, HealthReport
from datapilot.telemetry.metrics import Meter
from datapilot.worker.health_port import health_port

State = Literal["ok", "degraded", "down"]


def report(status: State) -> HealthReport:
    """A report with this status."""
    part = ComponentHealth(status=status)
    return HealthReport(status=status, components=ComponentsHealth(redis=part, blob=part, worker=part))


@pytest.mark.spec("G2", "G3")
async def test_worker_tells_its_health_and_its_own_figures() -> None:
    """Probes and Prometheus find what they ask for; anything else is told what there is."""
    states: list[State] = ["ok", "degraded", "down"]
    meter = Meter()
    meter.count("jobs_completed_total", 3)

    async def health() -> HealthReport:
        return report(states.pop(0))

    async with (
        health_port("127.0.0.1", free_port(), health=health, meter=meter) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, verify=False) as client,
    ):
        asked = [await client.get("/health") for _ in range(3)]
        metrics = await client.get("/metrics?all=1")
        nothing = await client.get("/else")
        changed = await client.post("/health")

    assert [(answer.status_code, answer.json()["status"]) for answer in asked] == [
        (200, "ok"),
        (200, "degraded"),
        (503, "down"),
    ]
    assert "jobs_completed_total 3.0" in metrics.text
    assert (nothing.status_code, changed.status_code) == (404, 405)


@pytest.mark.spec("G3")
async def test_taken_port_is_a_warning_and_no_failure() -> None:
    """A second worker on the machine works all the same."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        async with health_port("127.0.0.1", taken.getsockname()[1], health=None, meter=Meter()) as port:  # type: ignore[arg-type]
            assert port == 0


async def test_nonsense_ends_its_own_connection_alone() -> None:
    """What is no request gets no answer, and the next one is served."""
    async with health_port("127.0.0.1", free_port(), health=None, meter=Meter()) as port:  # type: ignore[arg-type]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"x" * 20_000 + b"\r\n\r\n")
        assert await reader.read() == b""
        writer.close()
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            answer = await client.get(f"http://127.0.0.1:{port}/metrics")

    assert answer.status_code == 200
