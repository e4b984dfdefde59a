"""Turn the environment and `.env` into typed values. Opens nothing, connects to nothing, knows no door.

`.env.example` and docs/settings.md are written from the descriptions below by api/publish.py, which also names the
setting that each of their sections begins with; tests keep them equal.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from datapilot.contracts.errors import InvalidSettings
from datapilot.contracts.limits import MEBIBYTE, Limits
from datapilot.contracts.retry import RetryPolicy
from datapilot.llm.addresses import DEFAULT_GEMINI_MODEL, DEFAULT_MODEL, OPENROUTER, is_own
from datapilot.words.complaints import complaint

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]

NEVER = "off"  # as a schedule
LONGEST_S = 366 * 24 * 3600  # a year: any pause or limit beyond it is a slip, and dates would leave the calendar
LONGEST_KEPT_HOURS = 100 * 366 * 24  # a century, for the same reason

SERVER = re.compile(r"[\w.\-]+(?::\d{1,5})?")
NO_NAME = re.compile(r"[/@\s]|^[^:]*:[^:]*$")  # two colons and more are an IPv6 address

RETIRED = {
    "simulated_work_seconds": "SIMULATED_WORK_SECONDS has no effect: jobs do real work. Remove it.",
    "worker_poll_interval": "WORKER_POLL_INTERVAL has no effect: workers are woken by the queue. Remove it.",
}


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


Folder = Annotated[Path, AfterValidator(_absolute)]


class Settings(BaseModel):
    """Every setting there is, with its default."""

    model_config = ConfigDict(extra="ignore", frozen=True, validate_default=True, allow_inf_nan=False)

    max_upload_size_bytes: int = Field(
        20 * MEBIBYTE, gt=0, description="Largest file accepted, in bytes; more is answered with 413. 20 MiB."
    )
    file_url_enabled: bool = Field(
        default=True, description="Whether the server may fetch a file from a public web address (fileUrl)."
    )
    file_url_hosts: tuple[str, ...] = Field(
        (),
        description="Servers of your own network that fileUrl may name too, separated by commas: files.example.com, or"
        " files.example.com:8080 for an unusual port.",
    )
    client_max_wait_seconds: float = Field(
        600,
        gt=0,
        le=LONGEST_S,
        description="How long the page and other polling clients wait for a job before they give up.",
    )

    data_dir: Folder = Field(
        Path(), description="Everything the server keeps lies below this folder. Default: the current folder."
    )
    results_dir: Folder | None = Field(
        None, description="Another folder for the results of the local store. Default: beside the uploads."
    )
    blob_enabled: bool = Field(
        default=False, description="Keep files in an S3-compatible store instead of the local folder tmp_uploads/."
    )
    blob_bucket: str | None = Field(None, description="The bucket; required when BLOB_ENABLED=true.")
    blob_endpoint_url: str | None = Field(
        None, description="The store's address, for anything but AWS, e.g. https://minio.example.com."
    )
    blob_region: str | None = Field(None, description="The bucket's region, where the store wants one.")
    blob_key: SecretStr | None = Field(None, description="The access key id.")
    blob_secret: SecretStr | None = Field(None, description="The secret access key.")

    redis_url: SecretStr | None = Field(
        None,
        description="The Redis or Valkey that holds queue and job records, e.g. redis://localhost:6379/0."
        " Default: a server of our own below DATA_DIR.",
    )
    workers: int = Field(2, ge=1, description="How many worker processes `datapilot up` starts.")
    job_timeout_seconds: float = Field(
        600, gt=0, le=LONGEST_S, description="How long one job may take before it is stopped."
    )
    job_max_attempts: int = Field(
        5, ge=1, description="How often a job is started again after its worker died, first start included."
    )
    job_memory_limit_bytes: int = Field(
        Limits().memory_bytes, ge=128 * MEBIBYTE, description="Memory one job may use before it is stopped. 2 GiB."
    )
    queue_max_waiting: int = Field(
        10_000, gt=0, description="Jobs that may wait; while there are as many, uploads are answered with 503."
    )
    job_threads: int = Field(Limits().threads, ge=1, description="Threads one job may use.")
    worker_heartbeat_interval: float = Field(
        30, gt=0, le=LONGEST_S, description="Seconds between two signs of life of a worker."
    )

    llm_base_url: str = Field(
        OPENROUTER,
        description="The language model's address, anything that speaks OpenAI's protocol. A model is asked only when a"
        " key is set or this is an address of your own, e.g. http://127.0.0.1:11434/v1.",
    )
    llm_model: str = Field(DEFAULT_MODEL, description="The model to ask there.")
    openrouter_api_key: SecretStr | None = Field(None, description="The key for LLM_BASE_URL, whosever address it is.")
    gemini_api_key: SecretStr | None = Field(None, description="A key for Gemini, asked when no other model is set.")
    gemini_model: str = Field(DEFAULT_GEMINI_MODEL, description="The Gemini model to ask.")
    llm_mock: bool = Field(
        default=False, description="Use the canned provider for demonstrations; results say `source: mock`."
    )
    llm_privacy: Literal["strict", "labels"] = Field(
        "strict",
        description="strict: no cell text leaves the house. labels: category labels that are not personal and stand on"
        " ten rows or more do.",
    )
    llm_timeout_seconds: float = Field(60, gt=0, le=LONGEST_S, description="How long one call of the model may take.")
    llm_budget_seconds: float = Field(
        90, gt=0, le=LONGEST_S, description="How long a job may spend on the model in all."
    )
    llm_retry_attempts: int = Field(2, ge=1, description="How often a call is tried, first try included.")
    llm_circuit_threshold: int = Field(5, ge=1, description="Failures that open the circuit breaker of all workers.")
    llm_circuit_window: float = Field(300, gt=0, le=LONGEST_S, description="Seconds within which those failures count.")
    llm_circuit_cooldown: float = Field(600, gt=0, le=LONGEST_S, description="Seconds the breaker stays open.")
    prompts_dir: Folder | None = Field(None, description="A folder with instructions and examples of your own.")
    fewshot_default_count: int = Field(3, ge=1, le=8, description="How many worked examples the model is shown, 1-8.")

    blob_retry_attempts: int = Field(3, ge=1, description="How often a call of the store is tried, first included.")
    retry_initial_delay: float = Field(
        0.5,
        gt=0,
        le=LONGEST_S,
        description="Seconds before the second try of whatever is tried again: calls of the store or the model, and"
        " downloads, which are tried three times.",
    )
    retry_factor: float = Field(2.0, ge=1, description="By what the pause grows from try to try.")
    retry_max_delay: float = Field(
        10, gt=0, le=LONGEST_S, description="The longest pause between two tries, in seconds."
    )

    job_ttl_hours: float = Field(
        24,
        gt=0,
        le=LONGEST_KEPT_HOURS,
        description="Hours after its last change that a job is kept with all its files; see CLEANER_DRY_RUN.",
    )
    min_ttl_hours: float = Field(
        1,
        ge=0,
        le=LONGEST_KEPT_HOURS,
        description="JOB_TTL_HOURS below this counts as this, so that a slip deletes nothing in use.",
    )
    cleaner_dry_run: bool = Field(
        default=True, description="true: the cleaner says what it would delete, and deletes nothing."
    )
    cleaner_cron_schedule: str = Field(
        "0 3 * * *",
        description="When the cleaner runs (cron, UTC), once for all workers together; off: only by `datapilot clean`.",
    )
    cleaner_max_delete_batch: int = Field(
        500, ge=1, description="The most records and files that one run deletes; the next run goes on."
    )
    cleaner_audit_blob_path: str = Field(
        "maintenance/cleaner_runs/", description="Where in the store each run leaves a file that says what it did."
    )
    cleaner_log_level: LogLevel = Field("INFO", description="What the cleaner logs; DEBUG names every item.")
    blob_path_prefixes: tuple[str, ...] = Field(
        ("uploads/", "results/"),
        description="Where the cleaner looks for files of jobs, separated by commas; uploads/ and results/ must be in.",
    )

    auth: Literal["auto", "on", "off"] = Field(
        "auto",
        description="auto: API keys are asked for unless the server is bound to loopback. on: always, e.g. behind a"
        " proxy of this machine. off: never; whoever reaches the port may read and upload.",
    )
    key_requests_per_minute: int = Field(
        600, ge=0, description="Requests that one API key may make a minute; more is answered with 429. 0: no limit."
    )
    key_bytes_per_day: int = Field(
        10 * 1024 * MEBIBYTE, gt=0, description="Bytes that one API key may upload a day (UTC). 10 GiB."
    )
    allowed_hosts: tuple[str, ...] = Field(
        (), description="Further host names under which this server may be called, separated by commas."
    )

    observability_log_level: LogLevel = Field("INFO", description="DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    debug: bool = Field(default=False, description="Log at level DEBUG, whatever the level above says.")
    worker_health_port: int = Field(
        5329, ge=0, le=65535, description="Port on which a worker tells its own health and metrics; 0: none."
    )
    worker_health_host: str = Field("127.0.0.1", description="Address of that port; 0.0.0.0 in a container.")
    metrics_snapshot_path: Path = Field(
        Path("metrics/metrics_snapshot.json"), description="File of the fleet's metrics as JSON, below DATA_DIR."
    )
    metrics_auto_flush: bool = Field(default=True, description="Whether workers write that file.")
    metrics_flush_interval: int = Field(10, ge=1, description="After how many jobs a worker writes it.")
    health_worker_max_age_seconds: float = Field(
        60,
        gt=0,
        le=LONGEST_S,
        description="A worker whose last sign of life is older than this counts as stale in /api/health.",
    )

    sentry_dsn: SecretStr | None = Field(
        None, description="Where errors are sent to, masked; needs `pip install datapilot[sentry]`. Default: nowhere."
    )
    otel_exporter_otlp_endpoint: str | None = Field(
        None,
        description="Address of an OpenTelemetry collector (OTLP over HTTP) for traces, e.g. http://127.0.0.1:4318;"
        " needs `pip install datapilot[otel]`. Default: none.",
    )
    environment: str = Field("development", description="What this installation is called there, e.g. production.")
    smoke_faults: bool = Field(
        default=False, description="Whether an upload may ask for a failing model (llm=fail), as smoke tests do."
    )
    smoke_api_key: SecretStr | None = Field(
        None, description="The API key with which `datapilot smoke` asks a server that has a login."
    )

    simulated_work_seconds: str | None = Field(None, description="Was a pause in every job.")
    worker_poll_interval: str | None = Field(None, description="Was the pause between two looks into the queue.")

    @field_validator("blob_path_prefixes", mode="before")
    @classmethod
    def _split_prefixes(cls, value: Any) -> Any:
        parts = value.split(",") if isinstance(value, str) else value
        return tuple(dict.fromkeys(f"{part.strip().strip('/')}/" for part in parts if part.strip().strip("/")))

    @field_validator("blob_path_prefixes")
    @classmethod
    def _both_prefixes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not {"uploads/", "results/"} <= set(value):
            raise ValueError("must hold both uploads/ and results/")
        return value

    @field_validator("cleaner_audit_blob_path")
    @classmethod
    def _audit_path(cls, value: str) -> str:
        path = value.strip().strip("/")
        if not path or path.split("/")[0] in {"uploads", "results"}:
            raise ValueError("must be a folder of its own, outside uploads/ and results/")
        return f"{path}/"

    @field_validator("cleaner_cron_schedule")
    @classmethod
    def _is_cron(cls, value: str) -> str:
        if value.lower() == NEVER:
            return NEVER
        if value == cls.model_fields["cleaner_cron_schedule"].default:
            return value
        from cronsim import CronSim, CronSimError  # noqa: PLC0415  # a command that has the default spares it

        try:
            CronSim(value, datetime.now(UTC))
        except CronSimError as wrong:
            raise ValueError(f"must be five cron fields such as 0 3 * * *, or {NEVER} ({wrong})") from None
        return value

    @field_validator("allowed_hosts", "file_url_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: Any) -> Any:
        return (
            tuple(part.strip().lower() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("allowed_hosts")
    @classmethod
    def _are_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(NO_NAME.search(host) for host in value):
            raise ValueError("must be names alone, such as data.example.com, without http:// and without a port")
        return value

    @field_validator("file_url_hosts")
    @classmethod
    def _are_servers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(SERVER.fullmatch(server) for server in value):
            raise ValueError("must be names with or without a port, such as files.example.com:8080, without http://")
        return value

    @field_validator("observability_log_level", "cleaner_log_level", "auth", mode="before")
    @classmethod
    def _ignore_case(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, str):
            return value
        return value.lower() if info.field_name == "auth" else value.upper()

    @field_validator("redis_url")
    @classmethod
    def _redis_scheme(cls, value: SecretStr | None) -> SecretStr | None:
        schemes = ("redis://", "rediss://", "unix://")
        if value is not None and not value.get_secret_value().startswith(schemes):
            raise ValueError(f"must begin with {', '.join(schemes)}")
        return value

    @model_validator(mode="after")
    def _blob_is_complete(self) -> "Settings":
        if self.blob_enabled and not self.blob_bucket:
            raise ValueError("BLOB_ENABLED=true needs BLOB_BUCKET, the bucket to keep files in")
        return self

    @property
    def log_level(self) -> LogLevel:
        return "DEBUG" if self.debug else self.observability_log_level

    @property
    def limits(self) -> Limits:
        return Limits(memory_bytes=self.job_memory_limit_bytes, threads=self.job_threads)

    def retry(self, attempts: int) -> RetryPolicy:
        """Return how something is tried `attempts` times in all."""
        return RetryPolicy(attempts, self.retry_initial_delay, self.retry_factor, self.retry_max_delay)

    @property
    def asks_model(self) -> bool:
        """Return whether a language model is to be asked at all; otherwise the rules speak, and that is no issue."""
        return self.llm_mock or is_own(self.llm_base_url) or bool(self.openrouter_api_key or self.gemini_api_key)

    @property
    def ttl(self) -> timedelta:
        """Return how long a job is kept after its last change."""
        return timedelta(hours=max(self.job_ttl_hours, self.min_ttl_hours))

    @property
    def kept_hours(self) -> float | None:
        """Return how many hours a job is kept after its last change; None while nothing is deleted by itself."""
        is_deleted = not self.cleaner_dry_run and self.cleaner_cron_schedule != NEVER
        return self.ttl.total_seconds() / 3600 if is_deleted else None

    def cleaner_ran_after(self, now: datetime) -> datetime | None:
        """Return the moment after which the last run must have been: the last but one that was scheduled. None when
        none is."""
        from cronsim import CronSim  # noqa: PLC0415  # as above

        if self.cleaner_cron_schedule == NEVER:
            return None
        past = CronSim(self.cleaner_cron_schedule, now, reverse=True)
        next(past)
        return next(past)

    @property
    def store_dir(self) -> Path:
        """Return the folder of the local blob store."""
        return self.data_dir / "tmp_uploads"

    @property
    def scratch_dir(self) -> Path:
        """Return the folder for files that live as long as one request or one attempt of a job."""
        return self.data_dir / "data" / "scratch"

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return one sentence for each setting that does not mean what it says."""
        from datapilot.contracts.health import HEARTBEAT_TTL_S  # noqa: PLC0415  # a command that serves nobody spares it

        sentences = [sentence for name, sentence in RETIRED.items() if getattr(self, name) is not None]
        if self.job_ttl_hours < self.min_ttl_hours:
            sentences.append(f"JOB_TTL_HOURS is below MIN_TTL_HOURS; {self.min_ttl_hours:g} hours count.")
        if self.worker_heartbeat_interval >= min(self.health_worker_max_age_seconds, HEARTBEAT_TTL_S):
            sentences.append(
                "WORKER_HEARTBEAT_INTERVAL is so long that a worker which is well counts as stale between two signs of"
                f" life: keep it below HEALTH_WORKER_MAX_AGE_SECONDS and below {HEARTBEAT_TTL_S} seconds."
            )
        return tuple(sentences)


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Return what environment and `.env` say; the environment wins. An empty value means the default; names are
    case-insensitive. Raises InvalidSettings, naming every bad one, or the line of the file that is none."""
    sources = (_written_in(env_file), os.environ)
    said: dict[str, Any] = {name.lower(): value for source in sources for name, value in source.items() if value}
    try:
        return Settings(**{name: said[name] for name in Settings.model_fields if name in said})
    except ValidationError as invalid:
        raise InvalidSettings(complaint(_as_written(invalid))) from None


def _written_in(env_file: Path | None) -> dict[str, str | None]:
    if env_file is None or not env_file.is_file():
        return {}
    from dotenv import dotenv_values  # noqa: PLC0415  # a run without the file spares it
    from dotenv.parser import parse_stream  # noqa: PLC0415

    try:
        text = env_file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InvalidSettings(f"{env_file} cannot be read as UTF-8 text. Save it as UTF-8, or remove it.") from None
    # Left out, a line with a slip would be a setting that silently does not hold.
    for statement in parse_stream(StringIO(text)):
        if statement.error:
            written = statement.original
            number = written.line + len(written.string) - len(written.string.lstrip("\n"))
            raise InvalidSettings(f"{env_file}, line {number}: this is not of the form NAME=value.")
    return dotenv_values(stream=StringIO(text))


def _as_written(invalid: ValidationError) -> Iterator[dict[str, Any]]:
    """Return the errors with the names as people write settings."""
    for error in invalid.errors(include_input=False, include_url=False):
        yield {**error, "loc": tuple(str(part).upper() for part in error["loc"][:1])}
