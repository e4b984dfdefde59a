"""Any store, with its failures told to somebody who counts them. Knows no figures."""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path

from datapilot.contracts.errors import StorageFull, StorageUnavailable
from datapilot.storage.base import Storage, Stored


class CountedStorage:
    """See `datapilot.storage.base.Storage`. Probes of health are not told: they would count an outage by the second."""

    def __init__(self, storage: Storage, failed: Callable[[], None]) -> None:
        self._storage = storage
        self._failed = failed

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int | None = None) -> int:
        with self._told():
            return await self._storage.put(key, chunks, max_bytes=max_bytes)

    async def put_bytes(self, key: str, content: bytes) -> None:
        with self._told():
            await self._storage.put_bytes(key, content)

    async def put_new(self, key: str, content: bytes) -> bool:
        with self._told():
            return await self._storage.put_new(key, content)

    async def put_path(self, key: str, path: Path) -> None:
        with self._told():
            await self._storage.put_path(key, path)

    async def get(self, key: str) -> bytes:
        with self._told():
            return await self._storage.get(key)

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        with self._told():
            async for chunk in self._storage.stream(key):
                yield chunk

    @asynccontextmanager
    async def local_path(self, key: str, *, scratch: Path) -> AsyncIterator[Path]:
        lent = self._storage.local_path(key, scratch=scratch)
        with self._told():  # what goes wrong while it is lent is not the store's failure
            path = await lent.__aenter__()
        try:
            yield path
        finally:
            await lent.__aexit__(None, None, None)

    async def exists(self, key: str) -> bool:
        with self._told():
            return await self._storage.exists(key)

    async def delete(self, key: str) -> None:
        with self._told():
            await self._storage.delete(key)

    async def list(self, prefix: str = "") -> AsyncIterator[Stored]:
        with self._told():
            async for stored in self._storage.list(prefix):
                yield stored

    async def sweep_unfinished(self, *, older_than: timedelta, dry_run: bool) -> int:
        with self._told():
            return await self._storage.sweep_unfinished(older_than=older_than, dry_run=dry_run)

    async def check(self) -> None:
        await self._storage.check()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (StorageFull, StorageUnavailable):
            self._failed()
            raise
