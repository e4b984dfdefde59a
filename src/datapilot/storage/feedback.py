"""Where judgements are kept: added to and never changed. On one machine in files, a line a record and a file a day; in
a bucket, where there are several, a blob a record."""

import asyncio
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
from datapilot.storage.base import Storage
from datapilot.storage.keys import FEEDBACK_SALT, feedback_key, feedback_prefix

READ_AT_ONCE = 16  # requests to a bucket; one after the other would take 20 ms each
SALT_BYTES = 32

logger = logging.getLogger(__name__)


class FeedbackBook(Protocol):
    """All judgements of an installation. Raises StorageUnavailable, StorageFull."""

    async def add(self, record: FeedbackRecord) -> None:
        """Return when the record is kept."""
        ...

    async def records(self, job_id: str | None = None) -> list[FeedbackRecord]:
        """Return every record, or those of one job, oldest first."""
        ...

    async def sign(self, reviewer: str) -> str:
        """Return a hash that stands for the reviewer here and says nothing about them elsewhere."""
        ...


class FeedbackFiles:
    """Appends to `feedback_YYYYMMDD.jsonl` in `folder`, readable by its owner alone. A line is one write, so that
    processes may share a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def add(self, record: FeedbackRecord) -> None:
        await asyncio.to_thread(self._write, record)

    async def records(self, job_id: str | None = None) -> list[FeedbackRecord]:
        found = await asyncio.to_thread(lambda: list(self._read()))
        return [record for record in found if job_id in {None, record.job_id}]

    async def sign(self, reviewer: str) -> str:
        return _signed(reviewer, await asyncio.to_thread(self._salt))

    def _write(self, record: FeedbackRecord) -> None:
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

    def _read(self) -> Iterator[FeedbackRecord]:
        for path in sorted(self._folder.glob("feedback_*.jsonl")):
            with path.open("rb") as lines:
                for number, line in enumerate(lines, start=1):
                    try:
                        yield FeedbackRecord.model_validate_json(line)
                    except ValidationError:  # a torn one: whoever gave it was told that it was not kept
                        logger.warning("line %d of %s is no judgement and is passed over", number, path.name)

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
                _append(descriptor, secrets.token_bytes(SALT_BYTES))
            finally:
                os.close(descriptor)
            _give_name(fresh, path)
            return path.read_bytes()
        except OSError as error:
            raise _said(error) from None
        finally:
            fresh.unlink(missing_ok=True)


class FeedbackBlobs:
    """A blob a record in the store that all machines share: what one API was told, every other one knows, and none of
    them has to outlive it."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def add(self, record: FeedbackRecord) -> None:
        await self._storage.put_bytes(
            feedback_key(record.job_id, record.feedback_id), record.model_dump_json().encode()
        )

    async def records(self, job_id: str | None = None) -> list[FeedbackRecord]:
        stored = [blob.key async for blob in self._storage.list(feedback_prefix(job_id))]
        keys = [key for key in stored if key != FEEDBACK_SALT]
        found: list[FeedbackRecord] = []
        for start in range(0, len(keys), READ_AT_ONCE):
            contents = await asyncio.gather(*map(self._storage.get, keys[start : start + READ_AT_ONCE]))
            found += map(FeedbackRecord.model_validate_json, contents)
        return sorted(found, key=lambda record: record.at)

    async def sign(self, reviewer: str) -> str:
        try:
            salt = await self._storage.get(FEEDBACK_SALT)
        except FileNotFoundError:
            await self._storage.put_new(FEEDBACK_SALT, secrets.token_bytes(SALT_BYTES))
            salt = await self._storage.get(FEEDBACK_SALT)
        return _signed(reviewer, salt)


class MemoryFeedback:
    """The twin for tests."""

    def __init__(self) -> None:
        self.kept: list[FeedbackRecord] = []

    async def add(self, record: FeedbackRecord) -> None:
        self.kept.append(record)

    async def records(self, job_id: str | None = None) -> list[FeedbackRecord]:
        return [record for record in self.kept if job_id in {None, record.job_id}]

    async def sign(self, reviewer: str) -> str:
        return hashlib.sha256(reviewer.encode()).hexdigest()


def _signed(reviewer: str, salt: bytes) -> str:
    return hmac.new(salt, reviewer.encode(), hashlib.sha256).hexdigest()


def _give_name(fresh: Path, path: Path) -> None:
    """Let the fresh file be found as `path`, unless another process was there first: then that one's file stays."""
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links: the name can only be moved, and the last one wins
        fresh.replace(path)


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
