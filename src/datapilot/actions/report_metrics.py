"""Say how the fleet does: the sums that all processes add to, and the state of things as of now."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf

from datapilot.contracts.errors import QueueUnavailable
from datapilot.jobs.base import Jobs
from datapilot.llm.base import Breaker
from datapilot.telemetry.base import Totals

BREAKER_STATES = {"closed": 0.0, "half_open": 1.0, "open": 2.0}


@dataclass(frozen=True)
class FleetFigures:
    """`amounts` are sums by name, `gauges` values as of now; see `datapilot.telemetry.metrics`."""

    amounts: dict[str, float]
    gauges: dict[str, float]


ReportMetrics = Callable[[], Awaitable[FleetFigures]]


async def report_metrics(*, jobs: Jobs, totals: Totals, breaker: Breaker | None) -> FleetFigures:
    """Return the figures of the whole fleet. Without the queue's server there is only one: that it is down."""
    try:
        stats = await jobs.stats()
        amounts = await totals.read()
        last = await jobs.last_heartbeat()
    except QueueUnavailable:
        return FleetFigures({}, {"redis_up": 0.0})
    amounts |= {
        "jobs_received_total": stats.received,
        "jobs_completed_total": stats.completed,
        "jobs_failed_total": stats.failed,
        "jobs_cancelled_total": stats.cancelled,
    }
    gauges = {
        "redis_up": 1.0,
        "queue_depth": float(stats.waiting),
        "running_jobs": float(stats.running),
        "oldest_waiting_job_seconds": stats.oldest_waiting_s or 0.0,
        "oldest_running_job_seconds": stats.oldest_running_s or 0.0,
        "workers": float(stats.workers),
        "worker_heartbeat_age_seconds": (datetime.now(UTC) - last).total_seconds() if last else inf,
        "breaker_state": BREAKER_STATES[await breaker.state()] if breaker else 0.0,
    }
    return FleetFigures(amounts, gauges)
