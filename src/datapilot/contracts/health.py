"""How the server is: the words of `GET /api/health` and `datapilot health`."""

from typing import Literal

from pydantic import Field

from datapilot.contracts.base import Contract

HEARTBEAT_TTL_S = 120  # a worker's sign of life is forgotten after this

State = Literal["ok", "degraded", "down"]


class ComponentHealth(Contract):
    """One part's state; `details` says more where there is more."""

    status: State
    details: dict[str, str | None] = Field(default_factory=dict)


class ComponentsHealth(Contract):
    """The parts a job needs."""

    redis: ComponentHealth
    blob: ComponentHealth
    worker: ComponentHealth


class HealthReport(Contract):
    """`down` when no job can be accepted, `degraded` when one would wait for a worker."""

    status: State
    components: ComponentsHealth
