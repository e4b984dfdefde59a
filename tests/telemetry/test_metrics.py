"""What is counted is told: to Prometheus, as JSON, for one process and for all."""

import asyncio
import random
from bisect import bisect_left
from collections.abc import Mapping

import numpy as np
import pytest
from prometheus_client.parser import text_string_to_metric_families

from datapilot.contracts.errors import QueueUnavailable
from datapilot.telemetry.metrics import (
    BUCKETS,
    COUNTERS,
    GAUGES,
    HISTOGRAMS,
    Meter,
    exposition,
    percentile,
    rates,
    snapshot,
)
from datapilot.telemetry.totals import MemoryTotals


def samples(text: bytes) -> dict[str, float]:
    """Return every sample without labels by its name."""
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
        if not sample.labels
    }


@pytest.mark.spec("G2")
def test_published_names_are_there_from_the_start() -> None:
    """A fresh store shows 0 under every name that alert rules rely on, not nothing."""
    told = samples(exposition({}, {}))

    assert {name: told[name] for name in COUNTERS} == dict.fromkeys(COUNTERS, 0)
    assert {name: told[f"{name}_count"] for name in HISTOGRAMS} == dict.fromkeys(HISTOGRAMS, 0)
    assert {
        "jobs_received_total", "jobs_completed_total", "jobs_failed_total", "llm_failures_total", "blob_failures_total",
    } <= told.keys()  # fmt: skip
    assert HISTOGRAMS.keys() == {
        "avg_processing_time_seconds", "job_processing_duration_seconds", "llm_call_duration_seconds",
    }  # fmt: skip


@pytest.mark.spec("G2")
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
def test_percentiles_are_within_one_bucket_of_numpy(seed: int, share: float) -> None:
    """What is read from the buckets lies in the bucket of the exact percentile, or beside it."""
    chance = random.Random(seed)
    seconds = [chance.lognormvariate(seed - 3, 0.8) for _ in range(2000)]
    meter = Meter()
    for one in seconds:
        meter.observe("job_processing_duration_seconds", one)

    told = percentile(meter.own, "job_processing_duration_seconds", share)

    exact = float(np.quantile(seconds, share))
    assert told is not None
    assert abs(bisect_left(BUCKETS, told) - bisect_left(BUCKETS, exact)) <= 1


@pytest.mark.spec("G2")
async def test_processes_add_up() -> None:
    """Two processes flush into one sum; each keeps its own figures beside it."""
    totals = MemoryTotals()
    one, two = Meter(totals), Meter(totals)
    for meter, times in ((one, 3), (two, 4)):
        for _ in range(times):
            meter.observe("llm_call_duration_seconds", 0.3)
            meter.count("blob_failures_total")
        await meter.flush()
        await meter.flush()

    fleet = await totals.read()

    assert fleet["blob_failures_total"] == fleet["llm_call_duration_seconds_count"] == 7
    assert fleet["llm_call_duration_seconds_sum"] == pytest.approx(2.1)
    assert (one.own["blob_failures_total"], two.own["blob_failures_total"]) == (3, 4)


async def test_what_the_queue_counts_is_not_added_twice() -> None:
    """Jobs are counted where their records change; a process's own count stays its own."""
    totals = MemoryTotals()
    meter = Meter(totals)

    meter.count("jobs_completed_total")
    await meter.flush()

    assert meter.own == {"jobs_completed_total": 1}
    assert await totals.read() == {}


async def test_outage_loses_no_figures() -> None:
    """What could not be added waits, and the failure itself is counted."""

    class Flaky(MemoryTotals):
        is_down = True

        async def add(self, amounts: Mapping[str, float]) -> None:
            if self.is_down:
                raise QueueUnavailable("no answer")
            await super().add(amounts)

    totals = Flaky()
    meter = Meter(totals)
    meter.count("blob_failures_total")
    await meter.flush()
    totals.is_down = False
    meter.count("blob_failures_total")
    await asyncio.gather(meter.flush(), meter.flush())

    assert await totals.read() == {"blob_failures_total": 2, "redis_errors_total": 1}


@pytest.mark.spec("G2")
def test_snapshot_says_the_same_as_json() -> None:
    """Counters by name, histograms with their percentiles, rates and gauges; None where there is nothing yet."""
    meter = Meter()
    for seconds in (0.2, 0.4, 0.6):
        meter.observe("avg_processing_time_seconds", seconds)
    meter.count("llm_replies_total", 4)
    meter.count("llm_valid_replies_total", 3)

    told = snapshot(meter.own | {"jobs_received_total": 3.0}, {"queue_depth": 2.0})

    assert told["jobs_received_total"] == 3
    assert told["avg_processing_time_seconds"]["count"] == 3
    assert told["avg_processing_time_seconds"]["mean"] == pytest.approx(0.4)
    assert 0.3 < told["avg_processing_time_seconds"]["p50"] <= 0.5
    assert told["llm_call_duration_seconds"]["p99"] is None
    assert (told["schema_pass_rate"], told["fallback_rate"], told["queue_depth"]) == (0.75, 0.0, 2.0)


def test_figures_that_cannot_be_read_are_left_out() -> None:
    """Counters that fell to 0 would look like a restart; only that the server is down is told."""
    assert samples(exposition({}, {"redis_up": 0.0})) == {"redis_up": 0}


def test_every_gauge_is_described() -> None:
    """Rates and gauges have their line of help."""
    assert rates({}).keys() <= GAUGES.keys()
