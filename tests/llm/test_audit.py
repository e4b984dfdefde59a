"""The log of calls: what stands in it, what never does, and that many may write it at once."""

import json
import logging
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from datapilot.llm.audit import FileAudit, MemoryAudit
from datapilot.llm.base import AuditEntry

pytestmark = pytest.mark.spec("C9")


def entry(**known: object) -> AuditEntry:
    given = {
        "timestamp": datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC),
        "job_id": "job_1",
        "prompt_hash": "ab" * 32,
        "model": "deepseek/deepseek-r1",
        "duration_seconds": 1.23456,
        "validation_passed": False,
        "issues": ("llm_timeout",),
    }
    return AuditEntry(**(given | known))  # type: ignore[arg-type]


def test_a_line_has_the_promised_keys_and_no_other(tmp_path: Path) -> None:
    """One JSON object a line, in the file of its UTC day."""
    FileAudit(tmp_path).write(entry())

    (line,) = (tmp_path / "llm_audit_20261122.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {
        "timestamp": "2026-11-22T23:59:59.000+00:00",
        "job_id": "job_1",
        "prompt_hash": "ab" * 32,
        "model": "deepseek/deepseek-r1",
        "duration_seconds": 1.235,
        "validation_passed": False,
        "issue_count": 1,
        "issues": ["llm_timeout"],
    }


def test_lines_of_a_day_are_added(tmp_path: Path) -> None:
    """Nothing written before is lost."""
    audit = FileAudit(tmp_path / "deep" / "folder")

    audit.write(entry(job_id="job_1"))
    audit.write(entry(job_id="job_2"))

    lines = (tmp_path / "deep" / "folder" / "llm_audit_20261122.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["job_id"] for line in lines] == ["job_1", "job_2"]


def test_the_file_is_its_owner_s(tmp_path: Path) -> None:
    """Nobody else on the machine reads who asked what when."""
    FileAudit(tmp_path).write(entry())

    mode = (tmp_path / "llm_audit_20261122.jsonl").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_many_writers_keep_their_lines_whole(tmp_path: Path) -> None:
    """Workers share the file; lines do not run into each other."""
    issues = tuple(f"issue {number}" for number in range(50))

    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(lambda number: FileAudit(tmp_path).write(entry(job_id=f"job_{number}", issues=issues)), range(200))
        )

    lines = (tmp_path / "llm_audit_20261122.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["job_id"] for line in lines} == {f"job_{number}" for number in range(200)}


def test_a_disk_that_refuses_fails_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The job goes on; the log says that a line is missing."""
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    with caplog.at_level(logging.WARNING):
        FileAudit(blocked).write(entry())

    assert "job_1" in caplog.text


def test_the_twin_keeps_entries() -> None:
    """In memory, newest last."""
    audit = MemoryAudit()

    audit.write(entry(job_id="a"))
    audit.write(entry(job_id="b"))

    assert [one.job_id for one in audit.entries] == ["a", "b"]
