"""An engine for a job, started for it or ahead of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from datapilot.contracts.limits import MEBIBYTE, Limits
from datapilot.engine import connect as connecting
from datapilot.engine import duckdb, heap
from datapilot.engine.connect import connect, engine, start_ahead

LIMITS = Limits(memory_bytes=512 * MEBIBYTE, threads=2)
LONG = 10_000_000  # bytes of a file


@pytest.fixture(autouse=True)
def _none_waits() -> Iterator[None]:
    connecting._waiting.clear()
    yield
    connecting._waiting.clear()


def settings(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """Return every setting of the engine."""
    return dict(connection.execute("SELECT name, value FROM duckdb_settings()").fetchall())


@pytest.fixture
def _ends_with_its_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(heap._Process, "leaves_engines", False)
    monkeypatch.setattr(connecting, "_left", [])
    heap.leave_engines()
    yield
    for connection in connecting._left:
        connection.close()


def test_engine_is_taken_down_when_its_block_ends() -> None:
    """A program that goes on gets the memory of the tables back."""
    with engine(LIMITS, None) as connection:
        assert connection.execute("SELECT 1").fetchall() == [(1,)]

    with pytest.raises(duckdb.Error):
        connection.execute("SELECT 1")


@pytest.mark.usefixtures("_ends_with_its_work")
def test_engine_of_a_process_that_ends_with_its_work_is_left() -> None:
    """Nobody waits for tables to be taken down one by one when the process is next."""
    with engine(LIMITS, None) as connection:
        pass

    assert connection.execute("SELECT 1").fetchall() == [(1,)]


@pytest.mark.usefixtures("_ends_with_its_work")
def test_engine_whose_work_failed_is_taken_down() -> None:
    """What went wrong is still to be told, and memory may be what there was too little of."""
    with pytest.raises(MemoryError), engine(LIMITS, None) as connection:
        raise MemoryError

    with pytest.raises(duckdb.Error):
        connection.execute("SELECT 1")


def test_engine_started_ahead_is_bound_like_any_other(tmp_path: Path) -> None:
    """Memory, threads, folder and lock are those of the job that takes it, not of the moment it was started."""
    folder = tmp_path / "it's"
    with connect(LIMITS, folder, file_bytes=LONG) as plain:
        expected = settings(plain)

    start_ahead()
    with connect(LIMITS, folder, file_bytes=LONG) as taken:
        found = settings(taken)
        with pytest.raises(duckdb.InvalidInputException):
            taken.execute("SET memory_limit = '64GB'")

    assert found == expected
    assert (found["threads"], found["temp_directory"]) == ("2", str(folder))


def test_engine_started_ahead_is_given_to_one_job() -> None:
    """What one job has in it, the next never sees."""
    start_ahead()

    with connect(LIMITS, None) as first, connect(LIMITS, None) as second:
        first.execute("CREATE TABLE secret AS SELECT 1")

        with pytest.raises(duckdb.Error):
            second.execute("FROM secret")


def test_engine_that_cannot_be_started_ahead_is_left_to_its_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that waits does not die of it: the job tries again, and tells."""

    def refuse() -> duckdb.DuckDBPyConnection:
        raise duckdb.OutOfMemoryException("no memory")

    monkeypatch.setattr(connecting, "_started", refuse)

    start_ahead()

    with pytest.raises(duckdb.OutOfMemoryException):
        connect(LIMITS, None)
