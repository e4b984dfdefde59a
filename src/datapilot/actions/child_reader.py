"""Read the upload of a finished job in a separate process: a stranger's file is never read inside the server.

An action that wants this takes a ChildReader, has an order (what the child shall do) and is itself the child's main
module: `python -m datapilot.actions.<action>` gets its order as JSON on stdin and calls `obey`.
"""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from datapilot.contracts import errors
from datapilot.contracts.base import Contract
from datapilot.contracts.errors import DataPilotError, MemoryLimitExceeded, ProcessingError, ResultNotReady, TimedOut
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.jobs.base import Jobs
from datapilot.os_process import end_with_parent, resident_bytes
from datapilot.storage.base import Storage

FOLDER_PREFIX = "table_"
WATCH_SECONDS = 0.1
# No secret of the server is within reach of a reader that a hostile file might take over.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "PYTHONWARNINGS", "VIRTUAL_ENV")
REFUSED = 3  # exit code of a child that says why on stdout


class Order(Contract):
    """What every child is told: which file to read, how, within which limits, and where it may put files."""

    source: Path
    name: str
    options: ReadingOptions
    limits: Limits
    scratch: Path


class Refusal(Contract):
    """Why the child did not do it: one of our own errors."""

    error: str
    message: str


AnOrder = TypeVar("AnOrder", bound=Order)


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

    async def run(self, module: str, order: Order) -> bytes:
        """Return what the child said on stdout. Raises its refusal, TimedOut, MemoryLimitExceeded, ProcessingError."""
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # nothing in the folder of a stranger's file is imported
            "-m",
            module,
            cwd=order.scratch,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        watch = asyncio.create_task(_kill_when_too_big(child.pid, order.limits.memory_bytes))
        try:
            async with asyncio.timeout(self.timeout_s):
                said, _ = await child.communicate(order.model_dump_json().encode())
        except TimeoutError:
            raise TimedOut(f"Reading the table took longer than {self.timeout_s:g} seconds.") from None
        finally:
            watch.cancel()
            if child.returncode is None:
                os.killpg(child.pid, signal.SIGKILL)
                await asyncio.shield(child.wait())
        if child.returncode == REFUSED:
            refusal = Refusal.model_validate_json(said)
            raise _by_code(refusal.error)(refusal.message)
        if child.returncode == -signal.SIGKILL:
            raise MemoryLimitExceeded(
                f"Reading the table needs more than {order.limits.memory_bytes >> 20:,} MiB of memory."
            )
        if child.returncode != 0:
            raise ProcessingError("The table could not be read because of an error in the server.")
        return said


def obey(kind: type[AnOrder], do: Callable[[AnOrder], str]) -> None:
    """Be the child: read one order, do it, print what comes of it; a refusal goes to stdout with its own exit code."""
    end_with_parent(signal.SIGKILL)  # a killed server watches neither time nor memory any more
    order = kind.model_validate_json(sys.stdin.buffer.read())
    try:
        sys.stdout.write(do(order))
    except DataPilotError as error:
        sys.stdout.write(Refusal(error=error.code, message=str(error)).model_dump_json())
        sys.exit(REFUSED)


def remove_leftovers(scratch: Path, *, older_than_s: float) -> None:
    """Remove the folders of a server that was killed while a child read; younger ones may be another's."""
    for folder in scratch.glob(f"{FOLDER_PREFIX}*"):
        if time.time() - folder.stat().st_mtime > older_than_s:
            shutil.rmtree(folder, ignore_errors=True)


async def _kill_when_too_big(pid: int, memory_bytes: int) -> None:
    while resident_bytes(pid) <= memory_bytes:  # noqa: ASYNC110 - another process gives no event
        await asyncio.sleep(WATCH_SECONDS)
    os.killpg(pid, signal.SIGKILL)


def _by_code(code: str) -> type[DataPilotError]:
    family = (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DataPilotError))
    return next((kind for kind in family if kind.code == code), ProcessingError)
