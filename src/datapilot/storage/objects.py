"""What every object store has in common: reading through obstore, our own errors, a stream that counts its bytes."""

import errno
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC

import obstore
from obstore.exceptions import BaseError, NotFoundError, PermissionDeniedError, UnauthenticatedError
from obstore.store import ObjectStore

from datapilot.contracts.errors import StorageFull, StorageUnavailable, UploadTooLarge
from datapilot.storage.base import CHUNK_BYTES, Stored
from datapilot.storage.keys import checked_key, checked_prefix

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL_MESSAGE = "There is no room left to store the file. Free some space, then try again."
REFUSED_MESSAGE = "The file store refuses this server. Check BLOB_KEY, BLOB_SECRET and their rights to the bucket."
NO_BUCKET_MESSAGE = "The file store has no bucket of the name in BLOB_BUCKET."
# Codes of S3 in answers for which obstore has no exception of its own, such as those to a listing.
_REFUSED = re.compile(r"<Code>(AccessDenied|SignatureDoesNotMatch|InvalidAccessKeyId|InvalidToken|ExpiredToken)<")
_NO_BUCKET = "<Code>NoSuchBucket<"


class ObjectReader:
    """The half that is alike for every object store."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def get(self, key: str) -> bytes:
        checked_key(key)
        with our_errors():
            found = await obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        checked_key(key)
        with our_errors():
            found = await obstore.get_async(self._store, key)
            async for chunk in found.stream(min_chunk_size=CHUNK_BYTES):
                yield bytes(chunk)

    async def exists(self, key: str) -> bool:
        checked_key(key)
        try:
            with our_errors():
                await obstore.head_async(self._store, key)
        except FileNotFoundError:
            return False
        return True

    async def delete(self, key: str) -> None:
        checked_key(key)
        try:
            with our_errors():
                await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return

    async def list(self, prefix: str = "") -> AsyncIterator[Stored]:
        checked_prefix(prefix)
        with our_errors():
            async for page in obstore.list(self._store, prefix=prefix or None):
                for found in page:
                    yield Stored(found["path"], found["size"], found["last_modified"].astimezone(UTC))


class CountedStream:
    """A stream that counts its bytes, ends with UploadTooLarge above the limit, and remembers its own error."""

    def __init__(self, chunks: AsyncIterable[bytes], max_bytes: int | None) -> None:
        self._chunks = chunks
        self._max_bytes = max_bytes
        self.bytes = 0
        self.error: Exception | None = None

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._chunks:
                self.bytes += len(chunk)
                if self._max_bytes is not None and self.bytes > self._max_bytes:
                    raise UploadTooLarge(
                        f"The file is larger than {self._max_bytes:,} bytes, the limit of this server."
                    )
                yield chunk
        except Exception as error:
            self.error = error
            raise


@contextmanager
def our_errors() -> Iterator[None]:
    """Say what went wrong in the words of the house; a missing blob is FileNotFoundError in every store."""
    try:
        yield
    except (FileNotFoundError, NotFoundError) as missing:
        if _NO_BUCKET in str(missing):
            raise StorageUnavailable(NO_BUCKET_MESSAGE) from missing
        if isinstance(missing, FileNotFoundError):
            raise
        raise FileNotFoundError(str(missing)) from None
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull(FULL_MESSAGE) from error
        raise StorageUnavailable(f"The file store does not work: {error.strerror or error}.") from error
    except BaseError as error:
        if "No space left" in str(error):
            raise StorageFull(FULL_MESSAGE) from error
        raise StorageUnavailable(_trouble(error)) from error


def _trouble(error: BaseError) -> str:
    if isinstance(error, PermissionDeniedError | UnauthenticatedError) or _REFUSED.search(str(error)):
        return REFUSED_MESSAGE
    return NO_BUCKET_MESSAGE if _NO_BUCKET in str(error) else "The file store does not answer. Try again later."
