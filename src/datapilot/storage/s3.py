"""Blobs in an S3-compatible bucket, or any object store over the network. Knows no job and no table."""

import asyncio
import uuid
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import ObjectStore, S3Store

from datapilot.contracts.errors import StorageUnavailable
from datapilot.contracts.retry import RetryPolicy
from datapilot.storage.base import Storage
from datapilot.storage.keys import RESULTS, UPLOADS, checked_key
from datapilot.storage.multipart import MultipartUploads
from datapilot.storage.objects import CountedStream, ObjectReader, our_errors

if TYPE_CHECKING:  # obstore offers this one to type checkers only
    from obstore.store import S3Config

PART_BYTES = 8 * 1024 * 1024  # S3 parts; with 3 at once an upload of any size holds 24 MiB
PARTS_AT_ONCE = 3

NOBODYS = "uploads/health/"  # no job has this name, so that its listing is the shortest

NO_CONDITIONS = "NotImplemented"  # what a server answers that knows no conditional writes

CONNECT_WITHIN = timedelta(seconds=5)
ANSWER_WITHIN = timedelta(seconds=60)  # for one part of an upload over a slow line
LEAST_FACTOR = 1.01  # obstore draws each pause between the first one and the last one times this, and needs room


def s3_storage(
    *,
    bucket: str,
    endpoint_url: str | None = None,
    region: str | None = None,
    key: str | None = None,
    secret: str | None = None,
    retry: RetryPolicy = RetryPolicy(attempts=3),
) -> Storage:
    """Return the store in an S3-compatible bucket. Without `key` the usual AWS sources of credentials are asked.

    A request that the store does not answer, or answers with an error of its own, is made again as `retry` says;
    its pauses are drawn at random below those.
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
            "max_retries": retry.attempts - 1,
            "backoff": {
                "init_backoff": timedelta(seconds=min(retry.initial_s, retry.max_s)),
                "max_backoff": timedelta(seconds=retry.max_s),
                "base": max(retry.factor, LEAST_FACTOR),
            },
            "retry_timeout": (ANSWER_WITHIN + timedelta(seconds=retry.max_s)) * retry.attempts,
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


class RemoteStorage(ObjectReader):
    """An object store over the network; with `uploads` it also knows of those in parts that were never finished."""

    def __init__(self, store: ObjectStore, uploads: MultipartUploads | None = None) -> None:
        super().__init__(store)
        self._uploads = uploads

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int | None = None) -> int:
        checked_key(key)
        counted = CountedStream(chunks, max_bytes)
        try:
            with our_errors():
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
        with our_errors():
            await obstore.put_async(self._store, key, content)

    async def put_new(self, key: str, content: bytes) -> bool:
        checked_key(key)
        try:
            with our_errors():
                await obstore.put_async(self._store, key, content, mode="create")
        except StorageUnavailable as error:
            if isinstance(error.__cause__, AlreadyExistsError):
                return False
            if NO_CONDITIONS not in str(error.__cause__):
                raise
            if await self.exists(key):
                return False
            await self.put_bytes(key, content)
        return True

    async def put_path(self, key: str, path: Path) -> None:
        checked_key(key)
        with our_errors():
            await obstore.put_async(self._store, key, path, chunk_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE)

    @asynccontextmanager
    async def local_path(self, key: str, *, scratch: Path) -> AsyncIterator[Path]:
        copy = scratch / f"{uuid.uuid4().hex}{Path(key).suffix}"
        try:
            with our_errors(), copy.open("wb") as file:  # the scratch folder may be full where the store is not
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
        # Asked for a single blob, a store does not say whether it is the blob or the bucket that is missing.
        async for _ in self.list(NOBODYS):
            return
