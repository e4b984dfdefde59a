"""Blobs in this process's memory: the twin for tests. Nothing survives the process."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from datapilot.contracts.errors import UploadTooLarge
from datapilot.storage.base import CHUNK_BYTES, Stored
from datapilot.storage.keys import checked_key, checked_prefix


class MemoryStorage:
    """Storage in a dict."""

    def __init__(self) -> None:
        self._blobs: dict[str, tuple[bytes, datetime]] = {}

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int | None = None) -> int:
        checked_key(key)
        content = bytearray()
        async for chunk in chunks:
            content += chunk
            if max_bytes is not None and len(content) > max_bytes:
                raise UploadTooLarge(f"The file is larger than {max_bytes:,} bytes, the limit of this server.")
        self._keep(key, bytes(content))
        return len(content)

    async def put_bytes(self, key: str, content: bytes) -> None:
        self._keep(checked_key(key), content)

    async def put_new(self, key: str, content: bytes) -> bool:
        if checked_key(key) in self._blobs:
            return False
        self._keep(key, content)
        return True

    async def put_path(self, key: str, path: Path) -> None:
        self._keep(checked_key(key), await asyncio.to_thread(path.read_bytes))

    async def get(self, key: str) -> bytes:
        try:
            return self._blobs[checked_key(key)][0]
        except KeyError:
            raise FileNotFoundError(key) from None

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        content = await self.get(key)
        for start in range(0, len(content), CHUNK_BYTES):
            yield content[start : start + CHUNK_BYTES]

    @asynccontextmanager
    async def local_path(self, key: str, *, scratch: Path) -> AsyncIterator[Path]:
        content = await self.get(key)
        copy = scratch / key.replace("/", "_")
        copy.write_bytes(content)
        try:
            yield copy
        finally:
            copy.unlink()

    async def exists(self, key: str) -> bool:
        return checked_key(key) in self._blobs

    async def delete(self, key: str) -> None:
        self._blobs.pop(checked_key(key), None)

    async def list(self, prefix: str = "") -> AsyncIterator[Stored]:
        checked_prefix(prefix)
        for key, (content, changed_at) in list(self._blobs.items()):
            if key.startswith(prefix):
                yield Stored(key, len(content), changed_at)

    async def sweep_unfinished(self, *, older_than: timedelta, dry_run: bool) -> int:  # noqa: ARG002
        return 0

    async def check(self) -> None:
        return

    def _keep(self, key: str, content: bytes) -> None:
        self._blobs[key] = (content, datetime.now(UTC))
