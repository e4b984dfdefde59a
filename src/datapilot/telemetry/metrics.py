"""What is counted and timed, in one process and for the fleet, and how it is told to Prometheus and as JSON.

Everything is a sum by name: a counter is one, a histogram is one for each bucket, its count and its sum. So the same
words serve a process's own figures and those of all processes added up in the queue's server. Names are the published
ones, without a prefix.
"""

import logging
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from datapilot.contracts.errors import QueueUnavailable
from datapilot.telemetry.base import Totals

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

COUNTERS = {
    "jobs_received_total": "Jobs accepted, rereadings and reprocessings included",
    "jobs_completed_total": "Jobs that ended with a result",
    "jobs_failed_total": "Jobs that failed",
    "jobs_cancelled_total": "Jobs that were cancelled",
    "llm_calls_total": "Calls of a language model that were made",
    "llm_failures_total": "Calls of a language model that brought no usable answer",
    "llm_replies_total": "Answers of a language model",
    "llm_valid_replies_total": "Answers of a language model that passed every gate",
    "llm_jobs_total": "Jobs for which a language model was to be asked",
    "llm_fallbacks_total": "Jobs for which the rules spoke although a language model was to be asked",
    "blob_failures_total": "Calls of the blob store that failed",
    "redis_errors_total": "Calls of the queue's server by workers that failed",
}
# The queue counts these itself, in the very steps that change the records; a process's own are not added to them.
COUNTED_BY_THE_QUEUE = frozenset(name for name in COUNTERS if name.startswith("jobs_"))
HISTOGRAMS = {
    "avg_processing_time_seconds": "How long completed jobs took from their start in a worker to their result",
    "job_processing_duration_seconds": "How long attempts at jobs took, however they ended",
    "llm_call_duration_seconds": "How long calls of a language model took",
}
GAUGES = {
    "schema_pass_rate": "Share of a language model's answers that passed every gate; 1 before the first",
    "fallback_rate": "Share of jobs with a language model for which the rules spoke; 0 before the first",
    "breaker_state": "The circuit breaker of the language model: 0 closed, 1 half open, 2 open",
    "queue_depth": "Jobs that wait",
    "running_jobs": "Jobs in work",
    "oldest_waiting_job_seconds": "Age of the oldest waiting job; 0 without one",
    "oldest_running_job_seconds": "Age of the oldest running job; 0 without one",
    "workers": "Worker processes that are signed on",
    "worker_heartbeat_age_seconds": "Seconds since a worker's last sign of life; +Inf when there is none",
    "redis_up": "1 when the queue's server answers",
}
# Seconds. Fine where jobs usually end, so that a percentile read from the buckets is close to the true one.
BUCKETS = (
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.5, 10.0,
    15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0, 600.0, 1200.0,
)  # fmt: skip
BOUNDS = (*(str(bound) for bound in BUCKETS), "+Inf")
PERCENTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

logger = logging.getLogger(__name__)


class Meter:
    """Counts for this process at once, and for the fleet at the next `flush`. Costs a few microseconds a call."""

    def __init__(self, totals: Totals | None = None) -> None:
        self.own: dict[str, float] = {}
        self._pending: dict[str, float] = {}
        self._totals = totals

    def count(self, name: str, amount: float = 1) -> None:
        """Add to a counter."""
        self._add({name: amount})

    def observe(self, name: str, seconds: float) -> None:
        """Add a duration to a histogram."""
        bound = BOUNDS[bisect_left(BUCKETS, seconds)]
        self._add({f"{name}_bucket:{bound}": 1, f"{name}_sum": seconds, f"{name}_count": 1})

    async def flush(self) -> None:
        """Add what has come together to the fleet's figures; what cannot be added now waits for the next time."""
        if self._totals is None or not self._pending:
            return
        sent, self._pending = self._pending, {}
        try:
            await self._totals.add(sent)
        except QueueUnavailable:
            for name, amount in sent.items():
                self._pending[name] = self._pending.get(name, 0) + amount
            self.count("redis_errors_total")
            logger.warning("figures could not be added to the fleet's; they wait")

    def _add(self, amounts: Mapping[str, float]) -> None:
        for name, amount in amounts.items():
            self.own[name] = self.own.get(name, 0) + amount
            if name not in COUNTED_BY_THE_QUEUE:
                self._pending[name] = self._pending.get(name, 0) + amount


def percentile(amounts: Mapping[str, float], name: str, share: float) -> float | None:
    """Return the value below which this share of a histogram's observations lies, within the width of a bucket;
    linear inside a bucket, as Prometheus reads it. None without observations."""
    count = amounts.get(f"{name}_count", 0)
    if not count:
        return None
    rank, below, lower = share * count, 0.0, 0.0
    for bound, upper in zip(BOUNDS, (*BUCKETS, BUCKETS[-1]), strict=True):
        inside = amounts.get(f"{name}_bucket:{bound}", 0)
        if inside and below + inside >= rank:
            return lower + (upper - lower) * max(0.0, (rank - below) / inside)
        below, lower = below + inside, upper
    return BUCKETS[-1]


def rates(amounts: Mapping[str, float]) -> dict[str, float]:
    """Return the gauges that follow from counters."""
    replies, asked = amounts.get("llm_replies_total", 0), amounts.get("llm_jobs_total", 0)
    return {
        "schema_pass_rate": amounts.get("llm_valid_replies_total", 0) / replies if replies else 1.0,
        "fallback_rate": amounts.get("llm_fallbacks_total", 0) / asked if asked else 0.0,
    }


def exposition(amounts: Mapping[str, float], gauges: Mapping[str, float]) -> bytes:
    """Return the figures in Prometheus' text form. Every counter and histogram is there, 0 where nothing happened;
    none while the fleet's cannot be read, because a counter that falls to 0 looks like a restart."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(list(_families(amounts, gauges))))
    return generate_latest(registry)


def snapshot(amounts: Mapping[str, float], gauges: Mapping[str, float]) -> dict[str, Any]:
    """Return the same as JSON: counters and gauges by name, histograms as count, sum, mean and percentiles."""
    told: dict[str, Any] = {"timestamp": datetime.now(UTC).isoformat(timespec="milliseconds")}
    told |= {name: int(amounts.get(name, 0)) for name in COUNTERS}
    for name in HISTOGRAMS:
        count, total = int(amounts.get(f"{name}_count", 0)), amounts.get(f"{name}_sum", 0.0)
        told[name] = {"count": count, "sum": round(total, 6), "mean": round(total / count, 6) if count else None}
        told[name] |= {label: percentile(amounts, name, share) for label, share in PERCENTILES.items()}
    finite = {name: value if value != float("inf") else None for name, value in {**rates(amounts), **gauges}.items()}
    return told | finite


def _families(amounts: Mapping[str, float], gauges: Mapping[str, float]) -> Iterator[Metric]:
    if gauges.get("redis_up") == 0:
        yield GaugeMetricFamily("redis_up", GAUGES["redis_up"], value=0)
        return
    for name, told in COUNTERS.items():
        yield CounterMetricFamily(name.removesuffix("_total"), told, value=amounts.get(name, 0))
    for name, told in HISTOGRAMS.items():
        below, buckets = 0.0, []
        for bound in BOUNDS:
            below += amounts.get(f"{name}_bucket:{bound}", 0)
            buckets.append((bound, below))
        yield HistogramMetricFamily(name, told, buckets=buckets, sum_value=amounts.get(f"{name}_sum", 0))
        for label, share in PERCENTILES.items():
            value = percentile(amounts, name, share)
            if value is not None:
                yield GaugeMetricFamily(f"{name}_{label}", f"{told}: {label}", value=value)
    for name, value in {**rates(amounts), **gauges}.items():
        yield GaugeMetricFamily(name, GAUGES[name], value=value)


class _Told(Collector):
    """Metrics that are made already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._made = list(families)

    def collect(self) -> Iterable[Metric]:
        return self._made
