"""Blobs in a local folder. Knows no job and no table.

obstore's own local writer renames but does not fsync, so this store writes by itself: a temporary file, fsync, rename,
fsync of the folder. An accepted upload is then on the disk, and a reader never meets half a file.
"""

import asyncio
import os
import shutil
import time
import uuid
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from obstore.store import LocalStore

from datapilot.storage.base import CHUNK_BYTES, Storage, Stored
from datapilot.storage.keys import RESULTS, checked_key, checked_prefix
from datapilot.storage.objects import CountedStream, ObjectReader, our_errors

INCOMING = ".incoming"  # half-written files of a local store; the dot keeps them out of every key
BLOCK_BYTES = 4096  # what a file system gives at least
INCOMING_KEPT_S = 24 * 3600  # an upload in progress touches its file much more often


def local_storage(root: Path, *, results_root: Path | None = None) -> Storage:
    """Return the store in folder `root`, which is made when it is missing; `results_root` takes the place of its
    folder `results`."""
    store = LocalStorage(root)
    return store if results_root is None else ResultsElsewhere(store, LocalStorage(results_root))


class LocalStorage(ObjectReader):
    """A folder on this machine. Empty folders of deleted blobs are removed."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._incoming = self._root / INCOMING
        with our_errors():
            self._make_folders()
            self._forget_old_incoming()
        super().__init__(LocalStore(self._root, automatic_cleanup=True))

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int | None = None) -> int:
        checked_key(key)
        counted = CountedStream(chunks, max_bytes)
        try:
            with our_errors(), self._temporary() as temporary:
                with temporary.open("wb") as file:
                    async for block in _blocks(counted.chunks()):
                        await asyncio.to_thread(file.write, block)
                await asyncio.to_thread(self._settle, temporary, key)
        except Exception:
            if counted.error is not None:  # the sender's trouble (too large, hung up) is not the store's
                raise counted.error from None
            raise
        return counted.bytes

    async def put_bytes(self, key: str, content: bytes) -> None:
        checked_key(key)
        with our_errors(), self._temporary() as temporary:
            await asyncio.to_thread(temporary.write_bytes, content)
            await asyncio.to_thread(self._settle, temporary, key)

    async def put_new(self, key: str, content: bytes) -> bool:
        checked_key(key)
        with our_errors(), self._temporary() as temporary:
            await asyncio.to_thread(temporary.write_bytes, content)
            target = self._root / key
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.hardlink_to(temporary)
            except FileExistsError:
                return False
        return True

    async def put_path(self, key: str, path: Path) -> None:
        checked_key(key)
        with our_errors(), self._temporary() as temporary:
            await asyncio.to_thread(shutil.copyfile, path, temporary)
            await asyncio.to_thread(self._settle, temporary, key)

    @asynccontextmanager
    async def local_path(self, key: str, *, scratch: Path) -> AsyncIterator[Path]:  # noqa: ARG002 - nothing to fetch
        path = self._root / checked_key(key)
        if not path.is_file():
            raise FileNotFoundError(key)
        yield path

    async def list(self, prefix: str = "") -> AsyncIterator[Stored]:
        async for found in super().list(prefix):
            if not found.key.startswith(f"{INCOMING}/"):
                yield found

    async def sweep_unfinished(self, *, older_than: timedelta, dry_run: bool) -> int:
        with our_errors():
            return await asyncio.to_thread(self._forget_old_incoming, older_than.total_seconds(), dry_run=dry_run)

    async def check(self) -> None:
        with our_errors(), self._temporary() as temporary:
            temporary.write_bytes(bytes(BLOCK_BYTES))  # an empty file has room on a full disk too

    def _make_folders(self) -> None:
        # What lies here is nobody else's on this machine; a folder that is there keeps the rights it was given.
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._incoming.mkdir(exist_ok=True)

    @contextmanager
    def _temporary(self) -> Iterator[Path]:
        self._make_folders()
        temporary = self._incoming / uuid.uuid4().hex
        try:
            yield temporary
        finally:
            temporary.unlink(missing_ok=True)

    def _settle(self, temporary: Path, key: str) -> None:
        """Bring the finished file to its place, so that it is there after a power cut too."""
        target = self._root / key
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        while True:
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                temporary.replace(target)
            except FileNotFoundError:
                if not temporary.exists():
                    raise
                continue  # a delete cleaned the empty folder up between the two lines
            break
        for folder in (target.parent, target.parent.parent):
            _sync_folder(folder)

    def _forget_old_incoming(self, kept_s: float = INCOMING_KEPT_S, *, dry_run: bool = False) -> int:
        """Remove what processes that were killed in the middle of an upload have left; return how many files."""
        oldest = time.time() - kept_s
        old = 0
        for left in self._incoming.iterdir():
            with suppress(FileNotFoundError):  # an upload that ends just now takes its file away itself
                if left.stat().st_mtime < oldest:
                    old += 1
                    if not dry_run:
                        left.unlink()
        return old


class ResultsElsewhere:
    """Two stores seen as one: keys below `results/` live in the second, without that prefix."""

    def __init__(self, store: LocalStorage, results: LocalStorage) -> None:
        self._store = store
        self._results = results

    def _place(self, key: str) -> tuple[LocalStorage, str]:
        checked_key(key)
        if key.startswith(RESULTS):
            return self._results, key.removeprefix(RESULTS)
        return self._store, key

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int | None = None) -> int:
        store, inner = self._place(key)
        return await store.put(inner, chunks, max_bytes=max_bytes)

    async def put_bytes(self, key: str, content: bytes) -> None:
        store, inner = self._place(key)
        await store.put_bytes(inner, content)

    async def put_new(self, key: str, content: bytes) -> bool:
        store, inner = self._place(key)
        return await store.put_new(inner, content)

    async def put_path(self, key: str, path: Path) -> None:
        store, inner = self._place(key)
        await store.put_path(inner, path)

    async def get(self, key: str) -> bytes:
        store, inner = self._place(key)
        return await store.get(inner)

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        store, inner = self._place(key)
        async for chunk in store.stream(inner):
            yield chunk

    @asynccontextmanager
    async def local_path(self, key: str, *, scratch: Path) -> AsyncIterator[Path]:
        store, inner = self._place(key)
        async with store.local_path(inner, scratch=scratch) as path:
            yield path

    async def exists(self, key: str) -> bool:
        store, inner = self._place(key)
        return await store.exists(inner)

    async def delete(self, key: str) -> None:
        store, inner = self._place(key)
        await store.delete(inner)

    async def list(self, prefix: str = "") -> AsyncIterator[Stored]:
        checked_prefix(prefix)
        if not prefix.startswith(RESULTS):
            async for found in self._store.list(prefix):
                yield found
        if not prefix or prefix.startswith(RESULTS):
            async for found in self._results.list(prefix.removeprefix(RESULTS)):
                yield Stored(RESULTS + found.key, found.size, found.changed_at)

    async def sweep_unfinished(self, *, older_than: timedelta, dry_run: bool) -> int:
        return sum(
            [
                await store.sweep_unfinished(older_than=older_than, dry_run=dry_run)
                for store in (self._store, self._results)
            ]
        )

    async def check(self) -> None:
        await self._store.check()
        await self._results.check()


async def _blocks(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Join small chunks to blocks of about 1 MiB: a thread hop for every network packet would cost more than it
    writes."""
    block = bytearray()
    async for chunk in chunks:
        block += chunk
        if len(block) >= CHUNK_BYTES:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
