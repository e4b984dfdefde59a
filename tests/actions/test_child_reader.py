"""Reading in processes of their own: bounds, death, and what one sees of another."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from tests.actions.reader_targets import Surroundings
from tests.actions.test_export_stored_table import JOB, finished, is_empty
from tests.system_processes import is_alive
from tests.waiting import until

from datapilot.actions.answer_measures import answer_measures
from datapilot.actions.child_reader import ChildReader
from datapilot.contracts.errors import ProcessingError
from datapilot.contracts.limits import Limits
from datapilot.contracts.measure import Measure
from datapilot.forked.children import PASSED_ON, SERVER_SETTINGS

SECRET = "DATAPILOT_TEST_SECRET"


async def reader_of(content: bytes, scratch: Path) -> ChildReader:
    """What reads this file as the upload of a completed job."""
    jobs, storage = await finished(content)
    return ChildReader(jobs, storage, scratch, Limits(), timeout_s=60)


async def sent(reader: ChildReader, target: str) -> Surroundings:
    """Return what a child with this work tells."""
    async with reader.lent(JOB) as order:
        return await reader.run(f"tests.actions.reader_targets:{target}", order, Surroundings)


async def total(reader: ChildReader) -> object:
    """Return the sum of column `n`."""
    answer = await answer_measures(JOB, [Measure(metric="sum", column="n")], reader=reader)
    return answer.facts[0].value


@pytest.mark.spec("D5")
async def test_reading_has_a_process_of_its_own_with_the_engine_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each request is another process, forked from one that has the engine and of our environment only what it needs;
    queue, store and web server are not in it."""
    monkeypatch.setenv(SECRET, "x")
    reader = await reader_of(b"n\n1\n", tmp_path)

    one, other = await sent(reader, "look_around"), await sent(reader, "look_around")

    assert len({one.pid, other.pid, one.parent, os.getpid()}) == 4
    assert one.parent == other.parent
    assert set(one.environment) <= {*PASSED_ON, *SERVER_SETTINGS, "OPENBLAS_MAIN_FREE", "LC_CTYPE"}
    assert "_duckdb" in one.modules
    assert not {"docket", "redis", "fastapi", "obstore", "pytest"} & set(one.modules)
    await until(lambda: not is_alive(one.pid) and not is_alive(other.pid))
    assert is_empty(tmp_path)


@pytest.mark.spec("H5")
async def test_requests_at_once_get_their_own_figures(tmp_path: Path) -> None:
    """Whoever asks at the same moment is answered from his own file."""
    readers = [await reader_of(f"n\n{number}\n{number}\n".encode(), tmp_path) for number in range(1, 5)]

    totals = await asyncio.gather(*map(total, readers))

    assert totals == [2, 4, 6, 8]


@pytest.mark.spec("D5")
@pytest.mark.parametrize("target", ["crash", "lose_the_server"])
async def test_death_of_a_reader_costs_one_answer(tmp_path: Path, target: str) -> None:
    """A file that crashes its reader, and even the end of what readers are forked from, is an error of ours in one
    answer; the next one is right."""
    reader = await reader_of(b"n\n1\n2\n", tmp_path)

    with pytest.raises(ProcessingError, match="error in the server"):
        await sent(reader, target)

    assert await total(reader) == 3
    assert is_empty(tmp_path)


async def test_server_that_died_while_nobody_asked_is_started_anew(tmp_path: Path) -> None:
    """Between two requests its end is not noticed at all."""
    reader = await reader_of(b"n\n1\n2\n", tmp_path)
    before = await sent(reader, "look_around")
    os.kill(before.parent, signal.SIGKILL)
    await until(lambda: not is_alive(before.parent))

    after = await sent(reader, "look_around")

    assert after.parent != before.parent
    assert await total(reader) == 3


async def test_trace_of_a_fault_of_ours_is_logged_and_not_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the error says stays with the operator."""
    reader = await reader_of(b"n\nsecret cell\n", tmp_path)

    with pytest.raises(ProcessingError) as told:
        await sent(reader, "break_down")

    assert "secret cell" not in str(told.value)
    assert "RuntimeError" in capsys.readouterr().out
