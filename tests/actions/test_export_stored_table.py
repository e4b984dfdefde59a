"""The clean table of a job, written by a process of its own."""

from pathlib import Path

import polars as pl
import pytest

from datapilot.actions.child_reader import ChildReader
from datapilot.actions.export_stored_table import TableFormat, export_stored_table
from datapilot.contracts.errors import MemoryLimitExceeded, ResultNotReady, TimedOut, UnreadableTable
from datapilot.contracts.job import JobRequest
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.memory import MemoryStorage

JOB = "job_a"
CSV = b"region,revenue\nnorth,10\nsouth,20\n=1+1,30\n"


def is_empty(folder: Path) -> bool:
    """Say whether nothing was left behind."""
    return not list(folder.iterdir())


async def finished(content: bytes, *, options: ReadingOptions | None = None) -> tuple[MemoryJobs, MemoryStorage]:
    """A queue and a store with one completed job on this file."""
    jobs, storage = MemoryJobs(), MemoryStorage()
    key = f"uploads/{JOB}/source.csv"
    await storage.put_bytes(key, content)
    request = JobRequest(upload_key=key, bytes=len(content), timeout_s=60, options=options or ReadingOptions())
    await jobs.submit(JOB, filename="sales.csv", request=request)
    await jobs.start(JOB, worker="test", max_attempts=5)
    await jobs.finish(JOB, 1, status="completed", result_url="x")
    return jobs, storage


async def exported(
    content: bytes,
    scratch: Path,
    *,
    table_format: TableFormat = "csv",
    timeout_s: float = 60,
    limits: Limits | None = None,
) -> bytes:
    """Return the bytes of the table."""
    jobs, storage = await finished(content)
    reader = ChildReader(jobs, storage, scratch, limits or Limits(), timeout_s)
    async with export_stored_table(JOB, table_format=table_format, reader=reader) as path:
        return path.read_bytes()


@pytest.mark.spec("B6")
async def test_table_is_clean_csv_that_no_spreadsheet_runs(tmp_path: Path) -> None:
    """Header first, comma, text that looks like a formula defused, numbers left alone; afterwards no file is left."""
    table = await exported(CSV, tmp_path)

    assert table.decode().splitlines() == ["region,revenue", "north,10", "south,20", "'=1+1,30"]
    assert is_empty(tmp_path)


@pytest.mark.spec("B6")
async def test_table_is_typed_parquet(tmp_path: Path) -> None:
    """The same values with their types."""
    target = tmp_path / "table.parquet"

    target.write_bytes(await exported(CSV, tmp_path / "scratch", table_format="parquet"))

    assert pl.read_parquet(target)["revenue"].to_list() == [10, 20, 30]


@pytest.mark.spec("B8")
async def test_table_is_read_as_the_job_was_told(tmp_path: Path) -> None:
    """The options of the job hold for its table too."""
    jobs, storage = await finished(b"a;b\n1,5;x\n2,5;y\n", options=ReadingOptions(delimiter=";", decimal=","))

    reader = ChildReader(jobs, storage, tmp_path, Limits(), timeout_s=60)
    async with export_stored_table(JOB, table_format="csv", reader=reader) as path:
        assert path.read_text().splitlines() == ["a,b", "1.5,x", "2.5,y"]


@pytest.mark.spec("A4")
async def test_error_of_the_child_arrives_with_its_code(tmp_path: Path) -> None:
    """What the reader says is said to the caller, not that a process failed."""
    with pytest.raises(UnreadableTable) as refused:
        await exported(b"   \n\n", tmp_path)

    assert refused.value.code in {"empty_file", "not_a_table"}
    assert is_empty(tmp_path)


async def test_child_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    """Time is limited as it is for a job."""
    with pytest.raises(TimedOut):
        await exported(CSV, tmp_path, timeout_s=0.01)

    assert is_empty(tmp_path)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is watched in /proc")
async def test_child_that_takes_too_much_memory_is_stopped(tmp_path: Path) -> None:
    """Memory is limited as it is for a job; here to less than the engine itself needs."""
    with pytest.raises(MemoryLimitExceeded):
        await exported(CSV, tmp_path, limits=Limits(memory_bytes=8 * 1024 * 1024))


async def test_table_of_a_deleted_upload_is_said(tmp_path: Path) -> None:
    """Retention took the file: no traceback, a sentence."""
    jobs, storage = await finished(CSV)
    await storage.delete(f"uploads/{JOB}/source.csv")

    with pytest.raises(ResultNotReady, match="deleted"):
        async with export_stored_table(
            JOB, table_format="csv", reader=ChildReader(jobs, storage, tmp_path, Limits(), timeout_s=60)
        ):
            """Not reached."""
