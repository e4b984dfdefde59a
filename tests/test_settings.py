"""Settings: what the environment and `.env` may say, and what `.env.example` tells of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from datapilot.api.publish import env_example
from datapilot.contracts.errors import InvalidSettings
from datapilot.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that runs the tests reaches them."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)


@pytest.mark.spec("I6")
def test_example_file_names_every_setting_with_its_default_and_meaning() -> None:
    """`.env.example` is what the settings themselves say, so it cannot fall behind."""
    written = (ROOT / ".env.example").read_text()

    assert written == env_example()


@pytest.mark.spec("I6")
def test_copying_the_example_changes_nothing() -> None:
    """A copied example file sets every setting to the value it has anyway."""
    copied = load_settings(ROOT / ".env.example")

    assert copied == load_settings(None)


@pytest.mark.spec("A1", "D4", "D10", "D9", "G3", "D2")
def test_defaults_are_the_published_ones() -> None:
    """The defaults that people rely on stand letter for letter."""
    settings = load_settings(None)

    assert settings.max_upload_size_bytes == 20971520
    assert settings.file_url_enabled
    assert settings.job_timeout_seconds == 600
    assert settings.job_max_attempts == 5
    assert settings.worker_heartbeat_interval == 30
    assert settings.health_worker_max_age_seconds == 60
    assert settings.client_max_wait_seconds == 600
    assert settings.redis_url is None
    assert settings.log_level == "INFO"


def test_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in the environment is meant for this run; the file is the habit."""
    file = tmp_path / ".env"
    file.write_text("JOB_MAX_ATTEMPTS=3\nMAX_UPLOAD_SIZE_BYTES=1000\n")
    monkeypatch.setenv("JOB_MAX_ATTEMPTS", "7")

    settings = load_settings(file)

    assert settings.job_max_attempts == 7
    assert settings.max_upload_size_bytes == 1000


@pytest.mark.spec("I6")
@pytest.mark.parametrize("name", ["SIMULATED_WORK_SECONDS", "WORKER_POLL_INTERVAL"])
def test_retired_setting_is_accepted_with_a_warning(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An old `.env` still starts the server, and says what can be deleted from it."""
    monkeypatch.setenv(name, "0.5")

    settings = load_settings(None)

    assert len(settings.warnings) == 1
    assert settings.warnings[0].startswith(name)


def test_nothing_retired_means_no_warning() -> None:
    """A clean environment is not nagged."""
    assert load_settings(None).warnings == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("MAX_UPLOAD_SIZE_BYTES", "20MB", id="a size with a unit"),
        pytest.param("JOB_TIMEOUT_SECONDS", "0", id="no time at all"),
        pytest.param("JOB_MAX_ATTEMPTS", "-1", id="a negative count"),
        pytest.param("REDIS_URL", "localhost:6379", id="an address without scheme"),
        pytest.param("AUTH", "maybe", id="an unknown choice"),
        pytest.param("OBSERVABILITY_LOG_LEVEL", "LOUD", id="an unknown level"),
        pytest.param("JOB_TIMEOUT_SECONDS", "inf", id="no end"),
        pytest.param("JOB_TIMEOUT_SECONDS", "1e300", id="an end after the calendar's"),
        pytest.param("JOB_TTL_HOURS", "1e18", id="a lifetime beyond the calendar"),
        pytest.param("RETRY_FACTOR", "inf", id="a pause that grows at once beyond measure"),
        pytest.param("ALLOWED_HOSTS", "https://data.example.com", id="an address for a name"),
        pytest.param("ALLOWED_HOSTS", "data.example.com:8080", id="a name with a port"),
        pytest.param("FILE_URL_HOSTS", "http://files.example.com", id="an address for a server"),
    ],
)
def test_senseless_value_is_refused_by_name(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the setting, so that one knows which line to change."""
    monkeypatch.setenv(name, value)

    with pytest.raises(InvalidSettings, match=name):
        load_settings(None)


def test_refusal_does_not_repeat_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password in the wrong place does not travel into a log."""
    monkeypatch.setenv("REDIS_URL", "hunter2@localhost")

    with pytest.raises(InvalidSettings) as refused:
        load_settings(None)

    assert "hunter2" not in str(refused.value)


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing the settings shows no password."""
    monkeypatch.setenv("REDIS_URL", "redis://:hunter2@localhost")
    monkeypatch.setenv("BLOB_SECRET", "hunter2")

    settings = load_settings(None)

    assert settings.blob_secret == SecretStr("hunter2")
    assert "hunter2" not in repr(settings)


@pytest.mark.spec("A5")
def test_object_store_without_bucket_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An object store that cannot be reached is found at start, not at the first upload."""
    monkeypatch.setenv("BLOB_ENABLED", "true")

    with pytest.raises(InvalidSettings, match="BLOB_BUCKET"):
        load_settings(None)


def test_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """`REDIS_URL=` in a file is how one leaves a setting out."""
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("RESULTS_DIR", "")

    settings = load_settings(None)

    assert settings.redis_url is None
    assert settings.results_dir is None


def test_empty_variable_leaves_the_word_to_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What compose files pass on as an empty variable was not said at all."""
    file = tmp_path / ".env"
    file.write_text('workers=7\nLLM_MODEL="one # not a comment"\n', encoding="utf-8")
    monkeypatch.setenv("WORKERS", "")

    settings = load_settings(file)

    assert (settings.workers, settings.llm_model) == (7, "one # not a comment")


@pytest.mark.spec("I6")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"WORKERS=3\nLLM_MODEL=\xe4\xf6\n", "cannot be read as UTF-8"),
        (b"WORKERS=3\nthis is nonsense\n", "line 2: this is not of the form NAME=value"),
        (b"WORKERS=3\n\nLLM_MODEL='it''s'\n", "line 3: this is not"),
    ],
    ids=["another encoding", "a sentence", "a quote within quotes"],
)
def test_file_with_a_slip_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    """A line that were left out would be a setting that silently does not hold."""
    file = tmp_path / ".env"
    file.write_bytes(content)

    with pytest.raises(InvalidSettings, match=said):
        load_settings(file)


@pytest.mark.spec("I6")
def test_file_may_be_written_as_editors_and_shells_do(tmp_path: Path) -> None:
    """A mark at its beginning, Windows' line ends, `export`, comments and blank lines."""
    file = tmp_path / ".env"
    file.write_bytes(b"\xef\xbb\xbfWORKERS=3\r\n\r\n# more\r\nexport JOB_MAX_ATTEMPTS=7 # tries\r\n")

    settings = load_settings(file)

    assert (settings.workers, settings.job_max_attempts) == (3, 7)


def test_hosts_are_a_list_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Host names are read without case and without blanks."""
    monkeypatch.setenv("ALLOWED_HOSTS", "Data.example.com, analyst.example.com,")

    assert load_settings(None).allowed_hosts == ("data.example.com", "analyst.example.com")
    monkeypatch.setenv("ALLOWED_HOSTS", "2001:db8::7")
    assert load_settings(None).allowed_hosts == ("2001:db8::7",)
    monkeypatch.setenv("FILE_URL_HOSTS", "Files.example.com:8080,10.0.0.7")
    assert load_settings(None).file_url_hosts == ("files.example.com:8080", "10.0.0.7")


@pytest.mark.spec("D9", "G3")
@pytest.mark.parametrize(("interval", "is_said"), [("59", False), ("60", True)])
def test_signs_of_life_that_come_too_rarely_are_warned_of(
    interval: str, is_said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is well would be reported as stale most of the time."""
    monkeypatch.setenv("WORKER_HEARTBEAT_INTERVAL", interval)

    assert any("WORKER_HEARTBEAT_INTERVAL" in sentence for sentence in load_settings(None).warnings) == is_said


@pytest.mark.spec("G1")
@pytest.mark.parametrize(
    ("debug", "level", "expected"),
    [("true", "warning", "DEBUG"), ("false", "warning", "WARNING"), ("false", "INFO", "INFO")],
)
def test_debug_overrides_the_log_level(debug: str, level: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """DEBUG is the one switch that always gives everything; level names are read without case."""
    monkeypatch.setenv("DEBUG", debug)
    monkeypatch.setenv("OBSERVABILITY_LOG_LEVEL", level)

    assert load_settings(None).log_level == expected


def test_folders_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later change of the working folder moves nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "state")

    settings = load_settings(None)

    assert settings.data_dir == tmp_path / "state"
    assert settings.store_dir == tmp_path / "state" / "tmp_uploads"


def test_limits_of_a_job_follow_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory and threads of a job are the operator's to choose."""
    monkeypatch.setenv("JOB_MEMORY_LIMIT_BYTES", str(512 * 1024 * 1024))
    monkeypatch.setenv("JOB_THREADS", "3")

    limits = load_settings(None).limits

    assert (limits.memory_bytes, limits.threads) == (512 * 1024 * 1024, 3)


@pytest.mark.spec("F1", "F2", "F3")
def test_retention_is_careful_by_default() -> None:
    """Nothing is deleted before somebody says so, and nothing that is younger than a day."""
    settings = load_settings(None)

    assert settings.cleaner_dry_run
    assert settings.kept_hours is None
    assert (settings.job_ttl_hours, settings.min_ttl_hours, settings.cleaner_max_delete_batch) == (24, 1, 500)
    assert settings.blob_path_prefixes == ("uploads/", "results/")
    assert settings.cleaner_cron_schedule == "0 3 * * *"
    assert settings.cleaner_audit_blob_path == "maintenance/cleaner_runs/"
    assert settings.cleaner_log_level == "INFO"


@pytest.mark.spec("F1")
@pytest.mark.parametrize(
    ("changes", "hours"),
    [
        pytest.param({"CLEANER_DRY_RUN": "false", "JOB_TTL_HOURS": "48"}, 48, id="they are deleted"),
        pytest.param({"CLEANER_DRY_RUN": "false", "JOB_TTL_HOURS": "0.1"}, 1, id="not below the smallest lifetime"),
        pytest.param({"CLEANER_DRY_RUN": "true"}, None, id="the cleaner only looks"),
        pytest.param({"CLEANER_DRY_RUN": "false", "CLEANER_CRON_SCHEDULE": "off"}, None, id="the cleaner never runs"),
    ],
)
def test_page_can_say_how_long_an_analysis_is_kept(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], hours: float | None
) -> None:
    """A lifetime is only said where something is really deleted."""
    for name, value in changes.items():
        monkeypatch.setenv(name, value)

    assert load_settings(None).kept_hours == hours


@pytest.mark.spec("F1")
def test_a_slip_in_the_lifetime_deletes_nothing_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lifetime below the smallest counts as the smallest, and that is said."""
    monkeypatch.setenv("JOB_TTL_HOURS", "0.01")

    settings = load_settings(None)

    assert settings.ttl == timedelta(hours=1)
    assert "MIN_TTL_HOURS" in settings.warnings[0]


@pytest.mark.spec("F2")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BLOB_PATH_PREFIXES", "uploads/"),
        ("BLOB_PATH_PREFIXES", "results/,archive/"),
        ("CLEANER_AUDIT_BLOB_PATH", "results/runs"),
        ("CLEANER_AUDIT_BLOB_PATH", "/"),
        ("CLEANER_CRON_SCHEDULE", "every night"),
        ("CLEANER_MAX_DELETE_BATCH", "0"),
    ],
)
def test_dangerous_retention_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cleaner that would look in the wrong place, or never, does not start."""
    monkeypatch.setenv(name, value)

    with pytest.raises(InvalidSettings, match=name):
        load_settings(None)


@pytest.mark.parametrize("value", ["uploads/,results/", "uploads, results", "/results/,uploads/,uploads/"])
def test_prefixes_may_be_written_loosely(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slashes, spaces and order do not matter."""
    monkeypatch.setenv("BLOB_PATH_PREFIXES", value)

    assert set(load_settings(None).blob_path_prefixes) == {"uploads/", "results/"}


@pytest.mark.spec("F4")
def test_cleaner_is_expected_at_its_last_but_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """One run may be late; when two are missing something is wrong. Without a schedule nothing is expected."""
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)

    assert load_settings(None).cleaner_ran_after(noon) == datetime(2026, 11, 24, 3, tzinfo=UTC)
    monkeypatch.setenv("CLEANER_CRON_SCHEDULE", "off")
    assert load_settings(None).cleaner_ran_after(noon) is None
