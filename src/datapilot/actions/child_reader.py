"""Read the upload of a finished job in a separate process: a stranger's file is never read inside the server.

An action that wants this takes a ChildReader, has an order (what the child shall do) and a function that does it there:
it gets the order and is handed what to tell its progress, and returns a contract.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from tempfile import TemporaryDirectory
from typing import TypeVar

from datapilot.contracts import errors
from datapilot.contracts.base import Contract
from datapilot.contracts.errors import DataPilotError, MemoryLimitExceeded, ProcessingError, ResultNotReady, TimedOut
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.forked import children
from datapilot.forked.child import Failed, Task
from datapilot.jobs.base import Jobs
from datapilot.storage.base import Storage
from datapilot.telemetry.logs import get_logger

FOLDER_PREFIX = "table_"
ANSWER_NAME = "answer.json"

log = get_logger("reader")


class Order(Contract):
    """What every child is told: which file to read, how, within which limits, and where it may put files."""

    source: Path
    name: str
    options: ReadingOptions
    limits: Limits
    scratch: Path


Answer = TypeVar("Answer", bound=Contract)


@dataclass(frozen=True)
class ChildReader:
    """What reading a stored upload takes, and its bounds. `scratch` is a folder for files that live as long as it."""

    jobs: Jobs
    storage: Storage
    scratch: Path
    limits: Limits
    timeout_s: float

    @asynccontextmanager
    async def lent(self, job_id: str) -> AsyncIterator[Order]:
        """Offer the order to read the job's upload, which is on this machine meanwhile, with a folder of its own as
        `scratch`. Raises UnknownJob, and ResultNotReady unless the job is completed and its file there."""
        job = await self.jobs.get(job_id)
        if job.status != "completed":
            raise ResultNotReady(f"The job is {job.status}; its table can be had once it is completed.")
        request = await self.jobs.request(job_id)
        self.scratch.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.scratch, prefix=FOLDER_PREFIX) as name:
            folder = Path(name)
            try:
                async with self.storage.local_path(request.upload_key, scratch=folder) as source:
                    yield Order(
                        source=source, name=job.filename, options=request.options, limits=self.limits, scratch=folder
                    )
            except FileNotFoundError:
                deleted = "The uploaded file has been deleted, so its table cannot be read any more."
                raise ResultNotReady(deleted) from None

    async def run(self, target: str, order: Order, kind: type[Answer]) -> Answer:
        """Return what `target` ("module:function") makes of the order in the child. Raises what that raised, TimedOut,
        MemoryLimitExceeded, ProcessingError."""
        out = order.scratch / ANSWER_NAME
        task = Task(target, {"order": order}, order.limits.memory_bytes, out)
        try:
            async with asyncio.timeout(self.timeout_s), children.running(task) as child:
                last = await child.follow(order.limits.memory_bytes)
                is_too_big = child.is_over_limit or (last is None and await child.exit_code() == -SIGKILL)
        except TimeoutError:
            raise TimedOut(f"Reading the table took longer than {self.timeout_s:g} seconds.") from None
        if is_too_big or (isinstance(last, Failed) and last.code == MemoryLimitExceeded.code):
            raise MemoryLimitExceeded(
                f"Reading the table needs more than {order.limits.memory_bytes >> 20:,} MiB of memory."
            )
        if last is None or (isinstance(last, Failed) and last.trace):
            log.error("reading broke", trace=last.trace if last else "the child ended without a word")
            raise ProcessingError("The table could not be read because of an error in the server.")
        if isinstance(last, Failed):
            raise _by_code(last.code)(last.message)
        return kind.model_validate_json(await asyncio.to_thread(out.read_bytes))


def _by_code(code: str) -> type[DataPilotError]:
    family = (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DataPilotError))
    return next((kind for kind in family if kind.code == code), ProcessingError)
