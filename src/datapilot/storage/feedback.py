"""Where judgements are kept: added to and never changed. The real part is files, a line a record and a file a day."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from datapilot.contracts.errors import StorageFull, StorageUnavailable
from datapilot.contracts.feedback import FeedbackRecord


class FeedbackBook(Protocol):
    """All judgements of an installation. Raises StorageUnavailable, StorageFull."""

    def add(self, record: FeedbackRecord) -> None:
        """Return when the record is kept."""
        ...

    def records(self) -> Iterator[FeedbackRecord]:
        """Yield every record, oldest first."""
        ...

    def sign(self, reviewer: str) -> str:
        """Return a hash that stands for the reviewer here and says nothing of him elsewhere."""
        ...


class FeedbackFiles:
    """Appends to `feedback_YYYYMMDD.jsonl` in `folder`, readable by its owner alone. A line is one write, so that
    processes may share a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, record: FeedbackRecord) -> None:
        path = self._folder / f"feedback_{record.at[:10].replace('-', '')}.jsonl"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, (record.model_dump_json() + "\n").encode())
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise _said(error) from None

    def records(self) -> Iterator[FeedbackRecord]:
        for path in sorted(self._folder.glob("feedback_*.jsonl")):
            with path.open(encoding="utf-8") as lines:
                for line in lines:
                    if line.strip():
                        yield FeedbackRecord.model_validate_json(line)

    def sign(self, reviewer: str) -> str:
        return hmac.new(self._salt(), reviewer.encode(), hashlib.sha256).hexdigest()

    def _salt(self) -> bytes:
        path = self._folder / "salt"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        except OSError as error:
            raise _said(error) from None
        salt = secrets.token_bytes(32)
        os.write(descriptor, salt)
        os.close(descriptor)
        return salt


class MemoryFeedback:
    """The twin for tests."""

    def __init__(self) -> None:
        self.kept: list[FeedbackRecord] = []

    def add(self, record: FeedbackRecord) -> None:
        self.kept.append(record)

    def records(self) -> Iterator[FeedbackRecord]:
        yield from self.kept

    def sign(self, reviewer: str) -> str:
        return hashlib.sha256(reviewer.encode()).hexdigest()


def _said(error: OSError) -> StorageFull | StorageUnavailable:
    if error.errno == 28:  # ENOSPC
        return StorageFull("There is no room left for feedback. Free some space.")
    return StorageUnavailable(f"Feedback could not be kept ({error.strerror}).")
