"""`datapilot health | cancel | worker | api | up`, where there is a server, none, or one that cannot be."""

import asyncio
import json
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from tests.cli.conftest import PROGRAM, Run, environment, refused
from tests.system_processes import descendants, is_alive
from tests.waiting import until

from datapilot.contracts.job import Job, JobRequest
from datapilot.settings import Settings, load_settings
from datapilot.wiring import open_doors, queue_server

UNREACHABLE = "unix:///nowhere/server.sock"


@pytest.fixture
def settings(folder: Path) -> Settings:
    """The settings of the folder."""
    return load_settings()


async def submitted(settings: Settings) -> Job:
    """Return a job that waits in the folder's queue."""
    async with open_doors(settings) as doors:
        request = JobRequest(upload_key="uploads/job_1/source.csv", bytes=1, timeout_s=60)
        return await doors.jobs.submit("job_1", filename="a.csv", request=request)


class TestHealth:
    """What `datapilot health` says."""

    @pytest.mark.spec("G3")
    def test_no_server_is_down(self, folder: Path, run: Run) -> None:
        """The question starts none: the JSON says down, stderr says what to do, and nothing is written."""
        told = run("health")

        report = json.loads(told.out)
        assert told.status == 1
        assert told.err.startswith("error queue_unavailable: No server runs in ")
        assert "datapilot up" in told.err
        assert {part: state["status"] for part, state in report["components"].items()} == {
            "redis": "down",
            "blob": "down",
            "worker": "down",
        }
        assert list(folder.iterdir()) == []

    @pytest.mark.spec("G3")
    def test_server_without_worker_is_degraded(self, settings: Settings, run: Run) -> None:
        """Jobs would be accepted and wait, which is no failure."""
        with queue_server(settings):
            told = run("health")

        report = json.loads(told.out)
        assert (told.status, told.err) == (0, "")
        assert (report["status"], report["components"]["worker"]["details"]) == ("degraded", {"lastHeartbeat": None})

    @pytest.mark.spec("G3")
    def test_server_that_does_not_answer_is_down(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """A REDIS_URL that leads nowhere ends with a status, not with a traceback."""
        monkeypatch.setenv("REDIS_URL", UNREACHABLE)

        told = run("health")

        assert told.status == 1
        assert json.loads(told.out)["components"]["redis"]["status"] == "down"
        assert "Traceback" not in told.err

    def test_senseless_setting_is_named(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """A typing error in REDIS_URL is told as one, without repeating what may be a password."""
        monkeypatch.setenv("REDIS_URL", "secret@host")

        sentence = refused(run("health"), "invalid_settings")

        assert "REDIS_URL" in sentence
        assert "secret" not in sentence


class TestCancel:
    """What `datapilot cancel` does."""

    @pytest.mark.spec("D3")
    def test_waiting_job_is_cancelled_and_stays_so(self, settings: Settings, run: Run) -> None:
        """The command does what the page's button does; doing it again gives the same answer."""
        with queue_server(settings):
            asyncio.run(submitted(settings))

            first, again = run("cancel", "job_1"), run("cancel", "job_1")

        assert (first.status, first.err) == (0, "")
        assert first.out.startswith("job_1 was cancelled at 20")
        assert again == first

    @pytest.mark.spec("D3")
    def test_unknown_job_is_told(self, settings: Settings, run: Run) -> None:
        """Nothing is invented."""
        with queue_server(settings):
            sentence = refused(run("cancel", "job_none"), "unknown_job")

        assert "job_none" in sentence

    def test_without_a_server_nothing_is_started(self, folder: Path, run: Run) -> None:
        """A queue made for the question would answer that the job is unknown, which is not what is wrong."""
        refused(run("cancel", "job_1"), "queue_unavailable")

        assert list(folder.iterdir()) == []

    def test_server_that_does_not_answer_is_told(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """After some patience."""
        monkeypatch.setenv("REDIS_URL", UNREACHABLE)

        refused(run("cancel", "job_1"), "queue_unavailable")


class TestDelete:
    """What `datapilot delete` does."""

    @pytest.mark.spec("F1")
    def test_ended_job_is_gone_with_its_files(self, settings: Settings, run: Run) -> None:
        """Somebody wants his data back out of the house now, not when retention comes to it; also what has outlived its
        record."""
        with queue_server(settings):
            asyncio.run(submitted(settings))
            alive = refused(run("delete", "job_1"), "job_running")
            run("cancel", "job_1")

            done = run("delete", "job_1")
            refused(run("delete", "job_1"), "unknown_job")

            left = settings.store_dir / "uploads" / "job_1" / "source.csv"
            left.parent.mkdir(parents=True)
            left.write_bytes(b"a\n1\n")
            rest = run("delete", "job_1")
            refused(run("delete", "../uploads"), "unknown_job")

        assert "cancel it" in alive
        assert (rest.status, left.exists()) == (0, False)
        assert (done.status, done.out, done.err) == (0, "job_1 was deleted.\n", "")


class TestClean:
    """What `datapilot clean` deletes, and how loudly it does not."""

    @pytest.fixture
    def old_job(self, settings: Settings) -> Iterator[Path]:
        """The upload of a job that ended two days ago, in a folder whose server is not running now."""
        two_days_ago = (datetime.now(UTC) - timedelta(days=2)).isoformat(timespec="milliseconds")

        async def end() -> Path:
            async with open_doors(settings) as doors:
                await submitted(settings)
                await doors.jobs.cancel("job_1")
                await doors.storage.put_bytes("uploads/job_1/source.csv", b"a")
            return settings.store_dir / "uploads" / "job_1" / "source.csv"

        with queue_server(settings) as url:
            upload = asyncio.run(end())
            with redis.Redis.from_url(url) as client:
                client.hset("job:job_1", "updatedAt", two_days_ago)
            yield upload

    @pytest.mark.spec("F1", "F2")
    def test_without_flags_it_obeys_the_setting(self, old_job: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """By default a dry run that says so; with CLEANER_DRY_RUN=false the job goes with its upload."""
        dry = run("clean")
        still_there = old_job.exists()
        monkeypatch.setenv("CLEANER_DRY_RUN", "false")
        real = run("clean")
        again = run("clean")

        assert (dry.status, real.status, again.status) == (0, 0, 0)
        assert "DRY RUN: nothing was deleted" in dry.err
        assert still_there
        assert json.loads(dry.out)["due"] == ["job:job_1", "uploads/job_1/source.csv"]
        assert json.loads(real.out)["deleted"] == ["job:job_1", "uploads/job_1/source.csv"]
        assert not old_job.exists()
        assert json.loads(again.out)["deleted"] == []

    @pytest.mark.spec("F2")
    def test_flag_wins_over_the_setting(self, old_job: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever says it on the command line means it."""
        monkeypatch.setenv("CLEANER_DRY_RUN", "false")
        run("clean", "--dry-run")
        still_there = old_job.exists()
        monkeypatch.setenv("CLEANER_DRY_RUN", "true")
        run("clean", "--no-dry-run")

        assert still_there
        assert not old_job.exists()

    @pytest.mark.spec("F4")
    def test_maintenance_health_tells_of_the_last_run(self, old_job: Path, run: Run) -> None:
        """Before the first run there is none; afterwards its audit file is named."""
        before = json.loads(run("health", "--maintenance").out)
        run("clean", "--no-dry-run")
        after = json.loads(run("health", "--maintenance").out)

        assert (before["status"], before["lastCleanerRun"]) == ("ok", None)
        assert after["lastCleanerRun"]["deletedBlobs"] == 1
        assert (old_job.parents[2] / after["lastCleanerRun"]["auditFile"]).is_file()

    def test_where_nothing_has_ever_run_nothing_is_started(self, folder: Path, run: Run) -> None:
        """A wrong folder is told, and stays empty."""
        refused(run("clean"), "queue_unavailable")

        assert list(folder.iterdir()) == []


class TestServing:
    """What the serving commands refuse before they serve; that they serve is shown by the journeys."""

    @pytest.mark.parametrize("command", ["api", "up"])
    def test_taken_port_is_said_before_anything_starts(self, command: str, run: Run) -> None:
        """One sentence with the way out; no worker and no queue server are started for nothing."""
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]

            sentence = refused(run(command, "--port", str(port)), "invalid_settings")

        assert f"Port {port}" in sentence
        assert "--port" in sentence

    @pytest.mark.parametrize("command", ["api", "up", "worker"])
    def test_bad_setting_is_named(self, command: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """No server starts on settings that it does not understand."""
        monkeypatch.setenv("WORKERS", "some")

        assert "WORKERS" in refused(run(command), "invalid_settings")

    def test_draining_where_nobody_works_is_no_failure(self, run: Run) -> None:
        """A deployment script may drain before the first start."""
        told = run("worker", "--drain")

        assert (told.status, told.err) == (0, "")
        assert told.out == "Workers that finished their jobs and ended: 0.\n"


class TestKeys:
    """`datapilot keys`, beside a server or without one."""

    def test_secret_is_shown_once(self, run: Run) -> None:
        """Creating prints it; the list shows name, scopes and state, and never a secret."""
        made = run("keys", "create", "Anna B.", "--scope", "read")
        secret = made.out.split()[-1]

        listed = run("keys", "list")

        assert (made.status, listed.status) == (0, 0)
        assert secret.startswith(f"dp_{made.out.split()[1]}_")
        assert listed.out.split()[0] == made.out.split()[1]
        assert "valid  read  Anna B." in listed.out
        assert secret not in listed.out

    def test_revoked_key_stays_in_the_list(self, run: Run) -> None:
        """So that one sees what was given out once."""
        key_id = run("keys", "create", "Anna").out.split()[1]

        assert run("keys", "revoke", key_id).status == 0
        assert "revoked" in run("keys", "list").out

    def test_unknown_key_is_told(self, run: Run) -> None:
        """A misspelt id must not look like success."""
        run("keys", "create", "Anna")

        assert "abcdefgh" in refused(run("keys", "revoke", "abcdefgh"), "unknown_key")

    def test_key_of_another_folder_is_told_as_such(self, run: Run, folder: Path) -> None:
        """Where no server has ever run none is started to find that the key is unknown."""
        assert str(folder) in refused(run("keys", "revoke", "abcdefgh"), "queue_unavailable")
        assert list(folder.iterdir()) == []

    @pytest.mark.parametrize("words", [("create",), ("revoke",), ("create", " "), ("revoke", "")], ids=" ".join)
    def test_missing_name_is_a_wrong_call(self, words: tuple[str, ...], run: Run, folder: Path) -> None:
        """Before any server is asked."""
        refused(run("keys", *words), "invalid_option", status=2)

        assert list(folder.iterdir()) == []

    def test_unknown_scope_is_a_wrong_call(self, run: Run) -> None:
        """A key must not silently be able to do less than was asked for."""
        assert "reed" in refused(run("keys", "create", "Anna", "--scope", "reed"), "invalid_option", status=2)

    def test_without_keys_the_list_says_how_to_make_one(self, run: Run, folder: Path) -> None:
        """An empty answer would look like a fault."""
        assert "keys create" in run("keys", "list").out
        assert list(folder.iterdir()) == [], "and no server is started to find that"


@pytest.mark.spec("I6")
@pytest.mark.parametrize(
    "wrong",
    [
        {"DATA_DIR": "/proc/nowhere"},
        {"RESULTS_DIR": "/proc/nowhere"},
        {"LLM_MOCK": "true", "PROMPTS_DIR": "/proc/nowhere"},
        {"LLM_BASE_URL": "localhost:11434"},
    ],
    ids=", ".join,
)
def test_setting_that_no_process_could_work_with_ends_up_before_it_starts_one(
    wrong: dict[str, str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line that names it, at once: its processes would each say so, and be started again on a busy machine."""
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)

    assert [*wrong][-1] in refused(run("up", "--port", "0"), "invalid_settings")


@pytest.mark.spec("D6")
def test_worker_that_still_loads_leaves_no_process(settings: Settings, folder: Path) -> None:
    """Told to end while what children are forked from loads the engine: it does not load to the end first."""
    with queue_server(settings):
        worker = subprocess.Popen(
            [*PROGRAM, "worker"], cwd=folder, env=environment() | {"WORKER_HEALTH_PORT": "0"}, stdout=subprocess.DEVNULL
        )
        asyncio.run(until(lambda: bool(descendants(worker.pid))))
        family = descendants(worker.pid)

        worker.terminate()
        status = worker.wait(timeout=120)

    assert status == 0
    assert not [pid for pid in family if is_alive(pid)]
