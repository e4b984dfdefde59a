"""Where judgements are kept: added to and never changed. The real part is files, a line a record and a file a day."""

import errno
import hashlib
import hmac
import logging
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from datapilot.contracts.errors import StorageFull, StorageUnavailable
from datapilot.contracts.feedback import FeedbackRecord

logger = logging.getLogger(__name__)


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
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                _append(descriptor, (record.model_dump_json() + "\n").encode())
            finally:
                os.close(descriptor)
        except OSError as error:
            raise _said(error) from None

    def records(self) -> Iterator[FeedbackRecord]:
        for path in sorted(self._folder.glob("feedback_*.jsonl")):
            with path.open("rb") as lines:
                for number, line in enumerate(lines, start=1):
                    try:
                        yield FeedbackRecord.model_validate_json(line)
                    except ValidationError:  # a torn one: whoever gave it was told that it was not kept
                        logger.warning("line %d of %s is no judgement and is passed over", number, path.name)

    def sign(self, reviewer: str) -> str:
        return hmac.new(self._salt(), reviewer.encode(), hashlib.sha256).hexdigest()

    def _salt(self) -> bytes:
        path = self._folder / "salt"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return self._new_salt(path)

    def _new_salt(self, path: Path) -> bytes:
        """Make the salt, which bears its name only when it is whole: half of one would let reviewers be guessed."""
        fresh = path.with_name(f"salt.{secrets.token_hex(8)}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                _append(descriptor, secrets.token_bytes(32))
            finally:
                os.close(descriptor)
            if not path.exists():
                fresh.replace(path)
            return path.read_bytes()
        except OSError as error:
            raise _said(error) from None
        finally:
            fresh.unlink(missing_ok=True)


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


def _append(descriptor: int, content: bytes) -> None:
    """Return when the content is on the disk. Raises OSError."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    if end and os.pread(descriptor, 1, end - 1) != b"\n":  # a line that a full disk or a power cut has torn
        content = b"\n" + content
    if os.write(descriptor, content) < len(content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(descriptor)


def _said(error: OSError) -> StorageFull | StorageUnavailable:
    if error.errno == errno.ENOSPC:
        return StorageFull("There is no room left for feedback. Free some space.")
    return StorageUnavailable(f"Feedback could not be kept ({error.strerror}).")
