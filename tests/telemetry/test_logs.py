"""What a log line looks like, wherever it comes from."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog

from datapilot.telemetry.logs import bound, configure, get_logger, stage


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Leave the logging of the test run as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return what was logged, line by line."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.spec("G1")
def test_line_says_when_where_which_job_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    """Every line is one JSON object with the fields a log store searches by."""
    configure(component="worker", as_json=True)

    with bound(jobId="job_1", requestId="req_1"):
        get_logger("worker").info("dequeued", attempt=2)

    (line,) = lines(capsys)
    moment = datetime.fromisoformat(line.pop("timestamp"))
    assert moment.utcoffset() == timedelta(0)
    assert line == {
        "level": "info",
        "component": "worker",
        "jobId": "job_1",
        "requestId": "req_1",
        "message": "dequeued",
        "extra": {"attempt": 2},
    }


@pytest.mark.spec("G1")
def test_stage_tells_its_duration_and_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    """A stage is one line at its end; lines inside it bear its step."""
    configure(component="worker", as_json=True)
    log = get_logger("worker")

    with stage(log, "reading", "blob read", key="uploads/job_1/source.csv") as found:
        log.info("inside")
        found["bytes"] = 8

    inside, done = lines(capsys)
    assert inside["step"] == done["step"] == "reading"
    assert done["message"] == "blob read"
    assert done["duration_ms"] >= 0
    assert done["extra"] == {"key": "uploads/job_1/source.csv", "bytes": 8}


def test_failed_stage_is_not_told_as_done(capsys: pytest.CaptureFixture[str]) -> None:
    """A stage that ends in an error says nothing; the error is told by whoever handles it."""
    configure(component="worker", as_json=True)

    with pytest.raises(ValueError, match="broken"), stage(get_logger("worker"), "reading", "blob read"):
        raise ValueError("broken")

    assert lines(capsys) == []


def test_other_loggers_end_in_the_same_stream(capsys: pytest.CaptureFixture[str]) -> None:
    """Rooms that log by the standard library, and libraries, write the same lines with the same context."""
    configure(component="worker", as_json=True)

    with bound(jobId="job_1"):
        logging.getLogger("datapilot.jobs.docket").warning("lease of %s lost", "job_1", extra={"attempt": 3})

    (line,) = lines(capsys)
    assert (line["component"], line["jobId"], line["message"]) == ("worker", "job_1", "lease of job_1 lost")
    assert line["extra"] == {"attempt": 3}


def test_diaries_of_libraries_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """docket tells every start of every task; we tell our own."""
    configure(component="worker", as_json=True)

    logging.getLogger("docket.worker").info("run_job('job_1')")
    logging.getLogger("docket.worker").warning("a task has no function")

    assert [line["message"] for line in lines(capsys)] == ["a task has no function"]


@pytest.mark.spec("G1")
def test_personal_data_is_masked_on_every_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Message, fields and tracebacks are masked alike."""
    configure(component="api", as_json=True)
    log = get_logger("api")

    try:
        raise ValueError("bad cell anna@firma.example")
    except ValueError:
        log.exception("row of max@example.org", who={"phone": "+49 170 1234567"})

    told = json.dumps(lines(capsys))
    for secret in ("anna@firma.example", "max@example.org", "1234567"):
        assert secret not in told
    assert "[EMAIL_MASKED]" in told
    assert "ValueError" in told


@pytest.mark.spec("G1")
@pytest.mark.parametrize(("level", "expected"), [("DEBUG", ["fine", "normal"]), ("INFO", ["normal"]), ("ERROR", [])])
def test_level_is_obeyed(capsys: pytest.CaptureFixture[str], level: str, expected: list[str]) -> None:
    """OBSERVABILITY_LOG_LEVEL decides what is written."""
    configure(component="api", level=level, as_json=True)
    log = get_logger("api")

    log.debug("fine")
    log.info("normal")

    assert [line["message"] for line in lines(capsys)] == expected


def test_terminal_gets_readable_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """A person at a terminal reads words, with personal data masked all the same."""
    configure(component="api", as_json=False)

    get_logger("api").info("ready for anna@firma.example", port=5328)

    told = capsys.readouterr().out
    assert "ready for [EMAIL_MASKED]" in told
    assert "port=5328" in told
    assert not told.startswith("{")


@pytest.mark.parametrize("as_json", [True, False], ids=["JSON", "terminal"])
def test_name_from_outside_commands_no_terminal(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    """A path or a file's name with escape sequences is told by their codes, however deep it stands; so no line is
    coloured, overwritten, turned around or made up."""
    configure(component="api", as_json=as_json)
    hostile = "a\x1b[31m\x9b2J\x07\r\x7f\u202eb"

    get_logger("api").info("request", path=hostile, found=[hostile], about={"name": hostile})
    logging.getLogger("other").warning("heard of %s", hostile)

    told = capsys.readouterr().out
    assert not set(told) & set("\x1b\x9b\x07\r\x7f\u202e")
    assert told.count("x1b[31m") == 4
    assert told.count("\n") == 2


def test_configuring_again_does_not_double_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """The last configuration holds, and each event is written once."""
    configure(component="first", as_json=True)
    configure(component="second", as_json=True)

    logging.getLogger("datapilot").info("hello")

    assert [line["component"] for line in lines(capsys)] == ["second"]


def test_logger_made_early_obeys_what_is_configured_later(capsys: pytest.CaptureFixture[str]) -> None:
    """Modules make their loggers when they are imported, long before anything is configured."""
    log = get_logger("worker")
    configure(component="api", as_json=True)

    log.info("hello")

    assert [(line["component"], line["message"]) for line in lines(capsys)] == [("worker", "hello")]
