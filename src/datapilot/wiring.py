"""Open the doors that the settings ask for. The one file that names the queue, its server and the stores together."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

from datapilot import __version__
from datapilot.access.base import Access
from datapilot.access.redis import RedisAccess
from datapilot.actions.delete_expired import RetentionRules, delete_expired
from datapilot.actions.explain import ModelTools
from datapilot.actions.report_metrics import FleetFigures, report_metrics
from datapilot.contracts.errors import InvalidSettings
from datapilot.contracts.limits import Limits
from datapilot.insights.language_model.fewshot import load_prompts
from datapilot.jobs.base import Jobs
from datapilot.jobs.docket import KEEP_S, DocketJobs
from datapilot.jobs.embedded import FOLDER, attach, join
from datapilot.llm.audit import FileAudit
from datapilot.llm.base import AuditEntry, AuditLog, Breaker, BreakerPolicy, LanguageModel
from datapilot.llm.breaker import MemoryBreaker, RedisBreaker
from datapilot.llm.failing import FailingModel
from datapilot.llm.mock import MockModel
from datapilot.llm.openai_compatible import Endpoint, OpenAICompatible
from datapilot.llm.providers import Wanted, choose_endpoint
from datapilot.settings import NEVER, Settings
from datapilot.storage.base import Storage
from datapilot.storage.counted import CountedStorage
from datapilot.storage.feedback import FeedbackBlobs, FeedbackBook, FeedbackFiles, MemoryFeedback
from datapilot.storage.local import local_storage
from datapilot.storage.s3 import s3_storage
from datapilot.telemetry.base import Totals
from datapilot.telemetry.metrics import Meter
from datapilot.telemetry.sentry import start_sentry
from datapilot.telemetry.totals import MemoryTotals, RedisTotals
from datapilot.telemetry.traces import start_traces


@dataclass(frozen=True)
class Doors:
    """What a process needs to work on jobs."""

    jobs: Jobs
    storage: Storage
    access: Access
    limits: Limits
    model_tools: ModelTools | None
    feedback: FeedbackBook = field(default_factory=MemoryFeedback)
    failing_tools: ModelTools | None = None
    meter: Meter = field(default_factory=Meter)
    totals: Totals = field(default_factory=MemoryTotals)

    async def report_metrics(self) -> FleetFigures:
        """Return the figures of the whole fleet."""
        breaker = self.model_tools.breaker if self.model_tools else None
        return await report_metrics(jobs=self.jobs, totals=self.totals, breaker=breaker)


@contextmanager
def queue_server(settings: Settings, *, start: bool = True) -> Iterator[str]:
    """Offer the address of the queue's server: the one of REDIS_URL, else our own below DATA_DIR, started or joined.

    Our own lives as long as one process holds it. With `start=False` it must run already. Raises QueueUnavailable,
    InvalidSettings.
    """
    if settings.redis_url is not None:
        yield settings.redis_url.get_secret_value()
        return
    if start:
        make_data_dir(settings)
    with attach(settings.data_dir) if start else join(settings.data_dir) as server:
        yield server.url


def make_data_dir(settings: Settings) -> None:
    """Make DATA_DIR when it is not there. Raises InvalidSettings when nothing can be kept in it."""
    _make_folder(settings.data_dir, "DATA_DIR")


def _make_folder(folder: Path, setting: str) -> None:
    reason = "it may not be written by you"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        reason = refused.strerror or reason
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise InvalidSettings(f"{setting}: nothing can be kept in {folder} ({reason}). Name a folder of yours.")


def check_settings(settings: Settings) -> None:
    """Return when processes with these settings could open their doors, as far as can be said without opening any:
    whoever starts them says so once and at once. Raises InvalidSettings."""
    open_storage(settings)
    if settings.asks_model:
        load_prompts(settings.prompts_dir)
        if not settings.llm_mock:
            _endpoint(settings)


def has_queue(settings: Settings) -> bool:
    """Say whether there is a queue already: one of REDIS_URL, or what our own server has kept below DATA_DIR."""
    return settings.redis_url is not None or (settings.data_dir / FOLDER).is_dir()


def has_storage(settings: Settings) -> bool:
    """Say whether there is a store already: a bucket, or the folder of a server that has run below DATA_DIR."""
    return settings.blob_enabled or settings.store_dir.is_dir()


def retention_rules(settings: Settings, *, dry_run: bool | None = None) -> RetentionRules:
    """Return what the cleaner may delete; `dry_run` wins over CLEANER_DRY_RUN."""
    return RetentionRules(
        ttl=settings.ttl,
        dry_run=settings.cleaner_dry_run if dry_run is None else dry_run,
        prefixes=settings.blob_path_prefixes,
        max_deletions=settings.cleaner_max_delete_batch,
        audit_path=settings.cleaner_audit_blob_path,
    )


def schedule_cleaner(settings: Settings, doors: "Doors") -> None:
    """Have the cleaner run at the times of CLEANER_CRON_SCHEDULE, by one of all workers; call it before they run."""
    if settings.cleaner_cron_schedule == NEVER:
        return

    async def clean() -> None:
        await delete_expired(
            jobs=doors.jobs, storage=doors.storage, access=doors.access, rules=retention_rules(settings)
        )

    doors.jobs.schedule("delete_expired", settings.cleaner_cron_schedule, clean)


@asynccontextmanager
async def open_candidate(settings: Settings, named: str) -> AsyncIterator[LanguageModel]:
    """Offer a model named `MODEL` or `MODEL@URL` for an examination; without an address it is asked at LLM_BASE_URL,
    and only there with the key of the settings. Raises InvalidSettings."""
    name, _, address = named.partition("@")
    key = settings.openrouter_api_key
    is_ours = not address or address.rstrip("/") == settings.llm_base_url.rstrip("/")
    endpoint = choose_endpoint(
        Wanted(
            base_url=address or settings.llm_base_url,
            model=name,
            api_key=key.get_secret_value() if key and is_ours else None,
        )
    )
    if endpoint is None:
        raise InvalidSettings(f"There is no key to ask {name} with. Set OPENROUTER_API_KEY, or name an address.")
    model = OpenAICompatible(endpoint)
    try:
        yield model
    finally:
        await model.close()


def open_feedback(settings: Settings) -> FeedbackBook:
    """Return where judgements are kept: files below DATA_DIR, or the bucket that the machines of a fleet share."""
    if settings.blob_enabled:
        return FeedbackBlobs(open_storage(settings))
    return FeedbackFiles(settings.data_dir / "data" / "feedback")


def tell_others(settings: Settings, component: str) -> None:
    """Send the errors of this process to Sentry and its traces to a collector, where these are set. Raises
    InvalidSettings."""
    if settings.sentry_dsn is not None:
        start_sentry(
            settings.sentry_dsn.get_secret_value(),
            environment=settings.environment,
            release=__version__,
            component=component,
        )
    if settings.otel_exporter_otlp_endpoint:
        start_traces(
            settings.otel_exporter_otlp_endpoint,
            component=component,
            release=__version__,
            environment=settings.environment,
        )


def open_storage(settings: Settings) -> Storage:
    """Return the store of the settings: a local folder, or a bucket. Raises InvalidSettings."""
    if not settings.blob_enabled:
        make_data_dir(settings)
        if settings.results_dir is not None:
            _make_folder(settings.results_dir, "RESULTS_DIR")
        return local_storage(settings.store_dir, results_root=settings.results_dir)
    return s3_storage(
        bucket=settings.blob_bucket or "",
        endpoint_url=settings.blob_endpoint_url,
        region=settings.blob_region,
        key=settings.blob_key.get_secret_value() if settings.blob_key else None,
        secret=settings.blob_secret.get_secret_value() if settings.blob_secret else None,
        retry=settings.retry(settings.blob_retry_attempts),
    )


@asynccontextmanager
async def open_model(settings: Settings, *, redis_url: str | None) -> AsyncIterator[ModelTools | None]:
    """Offer what explaining takes, or None when no model is to be asked.

    With `redis_url` the breaker is shared by all workers, without it is this process's own. Raises InvalidSettings.
    """
    if not settings.asks_model:
        yield None
        return
    policy = BreakerPolicy(
        threshold=settings.llm_circuit_threshold,
        window_s=settings.llm_circuit_window,
        cooldown_s=settings.llm_circuit_cooldown,
        probe_s=2 * settings.llm_timeout_seconds,
    )
    async with AsyncExitStack() as opened:
        model: LanguageModel = MockModel()
        breaker: Breaker = MemoryBreaker(policy)
        endpoint = None if settings.llm_mock else _endpoint(settings)
        if endpoint is not None:
            asked = OpenAICompatible(endpoint)
            opened.push_async_callback(asked.close)
            model = asked
            if redis_url is not None:
                redis = Redis.from_url(redis_url)
                opened.push_async_callback(redis.aclose)
                breaker = RedisBreaker(redis, f"{endpoint.base_url} {endpoint.model}", policy)
        yield _tools(settings, model, breaker)


def _tools(settings: Settings, model: LanguageModel, breaker: Breaker) -> ModelTools:
    return ModelTools(
        model=model,
        breaker=breaker,
        audit=FileAudit(settings.data_dir / "data" / "llm_logs"),
        prompts=load_prompts(settings.prompts_dir),
        privacy=settings.llm_privacy,
        few_shot_count=settings.fewshot_default_count,
        timeout_s=settings.llm_timeout_seconds,
        budget_s=settings.llm_budget_seconds,
        retry=settings.retry(settings.llm_retry_attempts),
    )


def _failing_tools(settings: Settings) -> ModelTools | None:
    """Return a model that fails every call, where uploads may ask for it; its breaker is not that of the real one."""
    return _tools(settings, FailingModel(), MemoryBreaker(BreakerPolicy())) if settings.smoke_faults else None


def _endpoint(settings: Settings) -> Endpoint | None:
    key, gemini_key = settings.openrouter_api_key, settings.gemini_api_key
    return choose_endpoint(
        Wanted(
            base_url=settings.llm_base_url,
            model=settings.llm_model,
            api_key=key.get_secret_value() if key else None,
            gemini_key=gemini_key.get_secret_value() if gemini_key else None,
            gemini_model=settings.gemini_model,
        )
    )


def _keep_s(settings: Settings) -> float:
    """Return how long the server keeps a record by itself: longer than retention, which must find it by its age."""
    return max(KEEP_S, 2 * settings.ttl.total_seconds())


@asynccontextmanager
async def _client(redis_url: str) -> AsyncIterator["Redis"]:
    patience = Retry(ExponentialBackoff(cap=0.5, base=0.02), 6, supported_errors=(RedisConnectionError,))
    redis = Redis.from_url(redis_url, decode_responses=True, socket_timeout=5, socket_connect_timeout=5, retry=patience)
    try:
        yield redis
    finally:
        await redis.aclose()


@asynccontextmanager
async def open_access(redis_url: str) -> AsyncIterator[Access]:
    """Offer the keys that lie in the queue's server."""
    async with _client(redis_url) as redis:
        yield RedisAccess(redis)


@dataclass(frozen=True)
class MeteredAudit:
    """The log of model calls, each counted and timed on its way. A call that failed has its code as its only issue."""

    audit: AuditLog
    meter: Meter

    def write(self, entry: AuditEntry) -> None:
        self.meter.count("llm_calls_total")
        self.meter.observe("llm_call_duration_seconds", entry.duration_seconds)
        if not entry.validation_passed:
            self.meter.count("llm_failures_total")
        if entry.validation_passed or not entry.issues[0].startswith("llm_"):
            self.meter.count("llm_replies_total")
        if entry.validation_passed:
            self.meter.count("llm_valid_replies_total")
        self.audit.write(entry)


@asynccontextmanager
async def open_doors(settings: Settings, *, start: bool = True) -> AsyncIterator[Doors]:
    """Offer the doors, closed afterwards; `start` as in `queue_server`. Raises QueueUnavailable, StorageUnavailable."""
    server = queue_server(settings, start=start)
    url = await asyncio.to_thread(server.__enter__)
    try:
        async with (
            DocketJobs(url=url, keep_s=_keep_s(settings)) as jobs,
            open_access(url) as access,
            open_model(settings, redis_url=url) as tools,
            _client(url) as redis,
        ):
            totals = RedisTotals(redis)
            meter = Meter(totals)
            yield Doors(
                jobs=jobs,
                storage=CountedStorage(open_storage(settings), lambda: meter.count("blob_failures_total")),
                feedback=open_feedback(settings),
                access=access,
                limits=settings.limits,
                model_tools=replace(tools, audit=MeteredAudit(tools.audit, meter)) if tools else None,
                failing_tools=_failing_tools(settings),
                meter=meter,
                totals=totals,
            )
            await meter.flush()
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)
