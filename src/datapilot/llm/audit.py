"""The log of model calls: a file a day, a line a call, never a word of what was sent or answered."""

import logging
import os
from pathlib import Path

from datapilot.llm.base import AuditEntry

logger = logging.getLogger(__name__)


class FileAudit:
    """Appends to `llm_audit_YYYYMMDD.jsonl` (UTC day of the call) in `folder`, readable by its owner alone.

    A line is one write to a file opened for appending, so that processes may share it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, entry: AuditEntry) -> None:
        path = self._folder / f"llm_audit_{entry.timestamp:%Y%m%d}.jsonl"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, (entry.line + "\n").encode())
            finally:
                os.close(descriptor)
        except OSError as error:
            logger.warning("the audit line of %s could not be written: %s", entry.job_id, error.strerror)


class MemoryAudit:
    """Keeps the entries, newest last."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []

    def write(self, entry: AuditEntry) -> None:
        self.entries.append(entry)
