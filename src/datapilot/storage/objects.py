"""Blobs in a local folder or an S3-compatible store, read through obstore. Knows no job and no table.

obstore's own local writer renames but does not fsync, so the local half writes by itself: a temporary file, fsync,
rename, fsync of the folder. An accepted upload is then on the disk, and a reader never meets half a file.
"""

import asyncio
import errno
import os
import shutil
import time
import uuid
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store

from datapilot.contracts.errors import StorageFull, StorageUnavailable, UploadTooLarge
from datapilot.storage.base import CHUNK_BYTES, Storage, Stored
from datapilot.storage.keys import RESULTS, UPLOADS, checked_key, checked_prefix
from datapilot.storage.multipart import MultipartUploads

if TYPE_CHECKING:  # obstore offers this one to type checkers only
    from obstore.store import S3Config

PART_BYTES = 8 * 1024 * 1024  # S3 parts; with 3 at once an upload of any size holds 24 MiB
PARTS_AT_ONCE = 3

CONNECT_WITHIN = timedelta(seconds=5)
ANSWER_WITHIN = timedelta(seconds=60)  # for one part of an upload over a slow line
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=0.5), timedelta(seconds=10)

INCOMING = ".incoming"  # half-written files of a local store; the dot keeps them out of every key
INCOMING_KEPT_S = 24 * 3600  # an upload in progress touches its file much more often

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def local_storage(root: Path, *, results_root: Path | None = None) -> Storage:
    """Return the store in folder `root`, which is made when it is missing; `results_root` takes the place of its
    folder `results`."""
    store = LocalStorage(root)
    return store if results_root is None else _WithResultsElsewhere(store, LocalStorage(results_root))


def s3_storage(
    *,
    bucket: str,
    endpoint_url: str | None = None,
    region: str | None = None,
    key: str | None = None,
    secret: str | None = None,
    attempts: int = 3,
) -> Storage:
    """Return the store in an S3-compatible bucket. Without `key` the usual AWS sources of credentials are asked.

    A request that the store does not answer, or answers with an error of its own, is made `attempts` times in all.
    """
    config: S3Config = {"region": region or "us-east-1", "virtual_hosted_style_request": endpoint_url is None}
    if endpoint_url:
        config["endpoint"] = endpoint_url
    if key and secret:
        config |= {"access_key_id": key, "secret_access_key": secret}
    plain_http = bool(endpoint_url and endpoint_url.startswith("http://"))
    store = S3Store(
        bucket,
        config=config,
        client_options={"allow_http": plain_http, "connect_timeout": CONNECT_WITHIN, "timeout": ANSWER_WITHIN},
        retry_config={
            "max_retries": attempts - 1,
            "backoff": {"init_backoff": FIRST_RETRY, "max_backoff": LONGEST_RETRY, "base": 2},
            "retry_timeout": ANSWER_WITHIN * attempts,
        },
    )
    # Keys from other sources (a role of the machine) are obstore's alone; there a rule of the bucket must do it.
    uploads = (
        MultipartUploads(
            address=f"{endpoint_url.rstrip('/')}/{bucket}"
            if endpoint_url
            else f"https://{bucket}.s3.{region or 'us-east-1'}.amazonaws.com",
            region=region or "us-east-1",
            key=key,
            secret=secret,
        )
        if key and secret
        else None
    )
    return RemoteStorage(store, uploads)


class _ObjectReader:
    """The half that is alike for every object store."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def get(self, key: str) -> bytes:
        checked_key(key)
        with _our_errors():
            found = await obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        checked_key(key)
        with _our_errors():
            found = await obstore.get_async(self._store, key)
            async for chunk in found.stream(min_chunk_size=CHUNK_BYTES):
                yield bytes(chunk)

    async def exists(self, key: str) -> bool:
        checked_key(key)
        try:
            with _our_errors():
                await obstore.head_async(self._store, key)
        except FileNotFoundError:
            return False
        return True

    async def delete(self, key: str) -> None:
        checked_key(key)
        try:
            with _our_errors():
                await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return

    async def list(self, prefix: str = "") -> AsyncIterator[Stored]:
        checked_prefix(prefix)
        with _our_errors():
            async for page in obstore.list(self._store, prefix=prefix or None):
                for found in page:
                    yield Stored(found["path"], found["size"], found["last_modified"].astimezone(UTC))


class RemoteStorage(_ObjectReader):
    """An object store over the network; with `uploads` it also knows of those in parts that were never finished."""

    def __init__(self, store: ObjectStore, uploads: MultipartUploads | None = None) -> None:
        super().__init__(store)
        self._uploads = uploads

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int | None = None) -> int:
        checked_key(key)
        counted = _Counted(chunks, max_bytes)
        try:
            with _our_errors():
                await obstore.put_async(
                    self._store, key, counted.chunks(), chunk_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE
                )
        except Exception:
            # Whatever obstore makes of an error inside the stream, the stream's own error is the one to tell.
            if counted.error is not None:
                raise counted.error from None
            raise
        return counted.bytes

    async def put_bytes(self, key: str, content: bytes) -> None:
        checked_key(key)
        with _our_errors():
            await obstore.put_async(self._store, key, content)

    async def put_path(self, key: str, path: Path) -> None:
        checked_key(key)
        with _our_errors():
            await obstore.put_async(self._store, key, path, chunk_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE)

    @asynccontextmanager
    async def local_path(self, key: str, *, scratch: Path) -> AsyncIterator[Path]:
        copy = scratch / f"{uuid.uuid4().hex}{Path(key).suffix}"
        try:
            with copy.open("wb") as file:
                async for chunk in self.stream(key):
                    await asyncio.to_thread(file.write, chunk)
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    async def sweep_unfinished(self, *, older_than: timedelta, dry_run: bool) -> int:
        if self._uploads is None:
            return 0
        oldest = datetime.now(UTC) - older_than
        found = [
            upload
            async for upload in self._uploads.unfinished()
            if upload.begun_at < oldest and upload.key.startswith((UPLOADS, RESULTS))  # the bucket may be others' too
        ]
        for upload in () if dry_run else found:
            await self._uploads.give_up(upload)
        return len(found)

    async def check(self) -> None:
        await self.exists("uploads/health")


class LocalStorage(_ObjectReader):
    """A folder on this machine. Empty folders of deleted blobs are removed."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._incoming = self._root / INCOMING
        with _our_errors():
            self._make_folders()
            self._forget_old_incoming()
        super().__init__(LocalStore(self._root, automatic_cleanup=True))

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int | None = None) -> int:
        checked_key(key)
        counted = _Counted(chunks, max_bytes)
        try:
            with _our_errors(), self._temporary() as temporary:
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
        with _our_errors(), self._temporary() as temporary:
            await asyncio.to_thread(temporary.write_bytes, content)
            await asyncio.to_thread(self._settle, temporary, key)

    async def put_path(self, key: str, path: Path) -> None:
        checked_key(key)
        with _our_errors(), self._temporary() as temporary:
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
        with _our_errors():
            return await asyncio.to_thread(self._forget_old_incoming, older_than.total_seconds(), dry_run=dry_run)

    async def check(self) -> None:
        with _our_errors(), self._temporary() as temporary:
            temporary.write_bytes(b"")

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


class _WithResultsElsewhere:
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


class _Counted:
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


@contextmanager
def _our_errors() -> Iterator[None]:
    """Say what went wrong in the words of the house; a missing blob is FileNotFoundError in every store."""
    try:
        yield
    except FileNotFoundError:
        raise
    except NotFoundError as missing:
        raise FileNotFoundError(str(missing)) from None
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull("There is no room left to store the file. Free some space, then try again.") from error
        raise StorageUnavailable(f"The file store does not work: {error.strerror or error}.") from error
    except BaseError as error:
        if "No space left" in str(error):
            raise StorageFull("There is no room left to store the file. Free some space, then try again.") from error
        raise StorageUnavailable("The file store does not answer. Try again later.") from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
