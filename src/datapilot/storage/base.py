"""What every store promises. The contract test in tests/storage runs on each of them."""

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Stored:
    """One blob in a listing; `changed_at` is aware, in UTC."""

    key: str
    size: int
    changed_at: datetime


class Storage(Protocol):
    """Blobs by key. A put is all or nothing: a reader sees the old bytes or the new ones, never a part.

    Every method raises StorageUnavailable when the store does not answer, StorageFull when there is no room, and
    ValueError for a key that `keys.checked_key` refuses.
    """

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int | None = None) -> int:
        """Store what the stream yields, holding only a few chunks in memory, and return its size.

        Raises UploadTooLarge as soon as more than `max_bytes` came; the key is then as it was before.
        """
        ...

    async def put_bytes(self, key: str, content: bytes) -> None: ...

    async def put_new(self, key: str, content: bytes) -> bool:
        """Store the content where nothing lies yet; False, and nothing changed, where something does. Of several at
        once one wins, as far as the store can tell (an object store without conditional writes cannot)."""
        ...

    async def put_path(self, key: str, path: Path) -> None: ...

    async def get(self, key: str) -> bytes:
        """Return the whole blob. Raises FileNotFoundError when there is none."""
        ...

    def stream(self, key: str) -> AsyncIterator[bytes]:
        """Yield the blob in chunks of about 1 MiB. Raises FileNotFoundError at the first step."""
        ...

    def local_path(self, key: str, *, scratch: Path) -> AbstractAsyncContextManager[Path]:
        """Offer the blob as a file to read: the file itself in a local store, else a copy below `scratch` that is
        removed afterwards. Raises FileNotFoundError."""
        ...

    async def exists(self, key: str) -> bool: ...

    async def delete(self, key: str) -> None:
        """Remove the blob; harmless when there is none."""
        ...

    def list(self, prefix: str = "") -> AsyncIterator[Stored]:
        """Yield every blob below `prefix` (which ends with a slash, or is empty), in no order."""
        ...

    async def sweep_unfinished(self, *, older_than: timedelta, dry_run: bool) -> int:
        """Remove what uploads that broke off have left (half-written files, parts), and return how much that was; a dry
        run only counts. A store that cannot tell returns 0."""
        ...

    async def check(self) -> None:
        """Return when the store can be read and written."""
        ...
