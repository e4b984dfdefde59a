"""Open the doors that the settings ask for. The one file that names the queue, its server and the stores together."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from datapilot.contracts.limits import Limits
from datapilot.jobs.base import Jobs
from datapilot.jobs.docket import DocketJobs
from datapilot.jobs.embedded import attach, join
from datapilot.settings import Settings
from datapilot.storage.base import Storage
from datapilot.storage.objects import local_storage, s3_storage


@dataclass(frozen=True)
class Doors:
    """What a process needs to work on jobs."""

    jobs: Jobs
    storage: Storage
    limits: Limits


@contextmanager
def queue_server(settings: Settings, *, start: bool = True) -> Iterator[str]:
    """Offer the address of the queue's server: the one of REDIS_URL, else our own below DATA_DIR, started or joined.

    Our own lives as long as one process holds it. With `start=False` it must run already. Raises QueueUnavailable.
    """
    if settings.redis_url is not None:
        yield settings.redis_url.get_secret_value()
        return
    if start:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    with attach(settings.data_dir) if start else join(settings.data_dir) as server:
        yield server.url


def open_storage(settings: Settings) -> Storage:
    """Return the store of the settings: a local folder, or a bucket."""
    if not settings.blob_enabled:
        return local_storage(settings.store_dir, results_root=settings.results_dir)
    return s3_storage(
        bucket=settings.blob_bucket or "",
        endpoint_url=settings.blob_endpoint_url,
        region=settings.blob_region,
        key=settings.blob_key.get_secret_value() if settings.blob_key else None,
        secret=settings.blob_secret.get_secret_value() if settings.blob_secret else None,
    )


@asynccontextmanager
async def open_doors(settings: Settings, *, start: bool = True) -> AsyncIterator[Doors]:
    """Offer the doors, closed afterwards; `start` as in `queue_server`. Raises QueueUnavailable, StorageUnavailable."""
    server = queue_server(settings, start=start)
    url = await asyncio.to_thread(server.__enter__)
    try:
        async with DocketJobs(url=url) as jobs:
            yield Doors(jobs=jobs, storage=open_storage(settings), limits=settings.limits)
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)
