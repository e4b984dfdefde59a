"""The doors that the settings ask for."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from datapilot.access.memory import MemoryAccess
from datapilot.contracts.errors import InvalidSettings
from datapilot.contracts.job import JobRequest
from datapilot.contracts.limits import Limits
from datapilot.jobs.memory import MemoryJobs
from datapilot.settings import Settings, load_settings
from datapilot.storage.memory import MemoryStorage
from datapilot.wiring import Doors, open_doors, open_storage, queue_server, schedule_cleaner


def settings(folder: Path, **changes: Any) -> Settings:
    """The defaults, in a folder of the test."""
    return load_settings(None).model_copy(update={"data_dir": folder, "redis_url": None, **changes})


@pytest.mark.spec("D1")
def test_queue_server_of_the_settings_is_used_as_it_is(tmp_path: Path) -> None:
    """With REDIS_URL nothing is started."""
    with queue_server(settings(tmp_path / "state", redis_url=SecretStr("redis://elsewhere:6379/3"))) as url:
        assert url == "redis://elsewhere:6379/3"

    assert not (tmp_path / "state").exists()


@pytest.mark.spec("D1")
async def test_without_redis_url_a_server_of_our_own_is_started(tmp_path: Path) -> None:
    """Two processes of one folder meet in the same queue, and the folder holds everything."""
    wanted = settings(tmp_path / "state")

    async with open_doors(wanted) as doors, open_doors(wanted) as others:
        await doors.jobs.submit(
            "job_a", filename="a.csv", request=JobRequest(upload_key="uploads/job_a/source", bytes=1, timeout_s=60)
        )

        assert (await others.jobs.get("job_a")).status == "submitted"
        await doors.storage.check()
    assert (tmp_path / "state").is_dir()


@pytest.mark.spec("I6")
@pytest.mark.parametrize("place", ["file", "file/below", "/proc/nowhere"])
def test_data_dir_that_can_keep_nothing_is_refused_by_name(place: str, tmp_path: Path) -> None:
    """A slip in DATA_DIR is the operator's to mend, and the sentence says which setting and why."""
    (tmp_path / "file").write_text("")

    with (
        pytest.raises(InvalidSettings, match=r"DATA_DIR: nothing can be kept in .*\."),
        queue_server(settings(tmp_path / place)),
    ):
        pass


@pytest.mark.spec("A5")
async def test_local_store_may_keep_results_elsewhere(tmp_path: Path) -> None:
    """RESULTS_DIR moves the results and nothing else."""
    storage = open_storage(settings(tmp_path, results_dir=tmp_path / "reports"))

    await storage.put_bytes("uploads/job_a/source", b"upload")
    await storage.put_bytes("results/job_a.json", b"result")

    assert [path.read_bytes() for path in (tmp_path / "reports").rglob("*.json")] == [b"result"]
    assert not list((tmp_path / "reports").rglob("source*"))


@pytest.mark.spec("A5")
def test_bucket_is_opened_when_asked_for(tmp_path: Path) -> None:
    """BLOB_ENABLED chooses the S3 store; nothing is asked of it before it is used."""
    storage = open_storage(
        settings(
            tmp_path / "unused",
            blob_enabled=True,
            blob_bucket="data",
            blob_endpoint_url="http://127.0.0.1:1",
            blob_region="eu-central-1",
            blob_key=SecretStr("key"),
            blob_secret=SecretStr("secret"),
        )
    )

    assert type(storage) is not type(open_storage(settings(tmp_path)))
    assert not (tmp_path / "unused").exists()


@pytest.mark.spec("F3")
async def test_two_workers_at_the_scheduled_time_clean_once(tmp_path: Path) -> None:
    """Each time of the schedule leaves one audit file, though every worker of the fleet knows the schedule."""
    wanted = settings(tmp_path / "state", cleaner_cron_schedule="* * * * * *", cleaner_dry_run=False)
    stop = asyncio.Event()

    async def nothing(_: Any) -> None:
        raise AssertionError("there is no job")

    async with open_doors(wanted) as one, open_doors(wanted) as two:
        working = []
        for doors in (one, two):
            schedule_cleaner(wanted, doors)
            running = doors.jobs.run(nothing, slots=2, max_attempts=1, stop=stop, drain=asyncio.Event(), ended=nothing)
            working.append(asyncio.create_task(running))
        audits: list[str] = []
        async with asyncio.timeout(60):
            while len(audits) < 6:
                await asyncio.sleep(0.1)
                audits = [stored.key async for stored in one.storage.list("maintenance/cleaner_runs/")]
        stop.set()
        await asyncio.gather(*working)

    times = [datetime.fromisoformat(audit.rpartition("cleaner_")[2].removesuffix(".json")) for audit in sorted(audits)]
    assert len(times) <= (times[-1] - times[0]).total_seconds() + 3  # one at each end, and what a run was late


@pytest.mark.spec("F3")
@pytest.mark.parametrize(("schedule", "scheduled"), [("0 3 * * *", ["0 3 * * *"]), ("off", [])])
def test_cleaner_is_scheduled_as_the_settings_say(schedule: str, scheduled: list[str], tmp_path: Path) -> None:
    """At three in the morning, UTC, by default; not at all where something else calls `datapilot clean`."""
    jobs = MemoryJobs()
    doors = Doors(jobs=jobs, storage=MemoryStorage(), access=MemoryAccess(), limits=Limits(), model_tools=None)

    schedule_cleaner(settings(tmp_path, cleaner_cron_schedule=schedule), doors)

    assert [cron for cron, _ in jobs.scheduled.values()] == scheduled
