"""`datapilot feedback review JOB`: insight by insight, with its evidence, from a keyboard or a pipe."""

import asyncio
import io
import json
import signal
from pathlib import Path

import pytest
from tests.cli.conftest import Run, refused
from tests.insights.reports import sales_report

from datapilot.contracts.job import JobRequest
from datapilot.settings import Settings, load_settings
from datapilot.storage.keys import result_key
from datapilot.wiring import open_doors, queue_server

JOB = "job_1"


async def finished(settings: Settings) -> None:
    """Leave a completed job in the folder."""
    async with open_doors(settings) as doors:
        request = JobRequest(upload_key=f"uploads/{JOB}/source.csv", bytes=1, timeout_s=60)
        await doors.jobs.submit(JOB, filename="a.csv", request=request)
        await doors.storage.put_bytes(result_key(JOB), sales_report().model_dump_json().encode())
        records = doors.jobs.records  # type: ignore[attr-defined]
        await records.start(JOB, worker="test", max_attempts=5)
        await records.finish(JOB, 1, status="completed", result_url="x")


def type_in(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


@pytest.mark.spec("E1")
def test_review_shows_the_evidence_and_keeps_what_is_said(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Approve, reject with a reason, edit at the second attempt, skip, quit; another review begins where it ended."""
    settings = load_settings()
    with queue_server(settings):
        asyncio.run(finished(settings))
        type_in(
            monkeypatch,
            "x", "a", "7", "5", "fine",
            "r", "2", "obvious", "",
            "e", "It rose by 4711", "", "", "", "", "", "4", "",
            "e", "", "Ask whether the price list is the same.", "loud", "low", "", "", "", "4", "",
            "s", "q",
        )  # fmt: skip
        told = run("feedback", "review", JOB)
        type_in(monkeypatch, "q")
        again = run("feedback", "review", JOB)

    (file,) = (folder / "data" / "feedback").glob("feedback_*.jsonl")
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    first = sales_report().insights.analyst_insights[0]
    assert (told.status, told.err) == (0, "")
    assert first.headline in told.out
    assert "· " in told.out
    assert "Not kept: headline: a figure stands in it that no cited fact brings." in told.out
    assert "4 judgements kept." in told.out
    assert [(one["action"], one["score"], one["reason"]) for one in records] == [
        ("approve", 5, None), ("reject", 2, "obvious"), ("edit", 4, None), ("skip", None, None),
    ]  # fmt: skip
    assert records[2]["edited"]["severity"] == "low"
    assert "0 judgements kept." in again.out
    assert first.headline not in again.out


@pytest.mark.spec("E1")
def test_end_of_input_ends_the_review(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe that runs dry is a reviewer who leaves."""
    settings = load_settings()
    with queue_server(settings):
        asyncio.run(finished(settings))
        type_in(monkeypatch, "a", "5")
        told = run("feedback", "review", JOB)

    assert told.status == 0
    assert "0 judgements kept." in told.out


@pytest.mark.spec("E1")
def test_reviewer_without_a_name_can_judge(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may run under a user that its system does not list."""

    def no_name() -> str:
        raise KeyError("getpwuid(): uid not found")

    settings = load_settings()
    monkeypatch.setattr("getpass.getuser", no_name)
    with queue_server(settings):
        asyncio.run(finished(settings))
        type_in(monkeypatch, "s", "q")
        told = run("feedback", "review", JOB)

    assert (told.status, told.err) == (0, "")
    assert "1 judgement kept." in told.out


@pytest.mark.spec("E1")
def test_interrupt_ends_the_review_at_once(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of a question keeps what was judged before, and says how much that is."""
    settings = load_settings()

    class Keyboard(io.StringIO):
        def readline(self, *_: object) -> str:  # type: ignore[override]
            if not (line := super().readline()):
                signal.raise_signal(signal.SIGINT)
            return line

    with queue_server(settings):
        asyncio.run(finished(settings))
        monkeypatch.setattr("sys.stdin", Keyboard("a\n5\n\nr\n"))
        told = run("feedback", "review", JOB)

    assert (told.status, told.err) == (0, "")
    assert "1 judgement kept." in told.out


def test_unknown_job_is_one_line(run: Run) -> None:
    """As with any command."""
    settings = load_settings()
    with queue_server(settings):
        sentence = refused(run("feedback", "review", "job_absent"), "unknown_job")

    assert "job_absent" in sentence
