"""Take one attempt from its start to its end: fetch the upload, have a child analyse it, publish the result.

Network and store live here; the child has neither. Whatever happens, the child is gone when the attempt ends, and of
an attempt that does not complete no result stays visible.
"""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from datapilot.actions.explain import ModelTools
from datapilot.contracts.errors import (
    BlobUploadFailed,
    DataPilotError,
    MemoryLimitExceeded,
    ProcessingError,
    StorageFull,
    TimedOut,
    Unavailable,
    WorkerShutdown,
)
from datapilot.contracts.job import FailureReport, Job
from datapilot.contracts.limits import Limits
from datapilot.contracts.steps import Step
from datapilot.forked import children
from datapilot.forked.child import BROKEN_MESSAGE, MEMORY_MESSAGE, Failed, Task
from datapilot.jobs import lifecycle
from datapilot.jobs.base import Attempt
from datapilot.storage.base import Storage
from datapilot.storage.keys import columns_key, error_key, result_key
from datapilot.telemetry.logs import bound, get_logger, ms_since, stage
from datapilot.telemetry.traces import span
from datapilot.worker.explaining import bring_back, explain_result, restore_version
from datapilot.worker.figures import Figures
from datapilot.worker.patience import Patience, patiently
from datapilot.worker.progress import Progress

ANALYSIS = "datapilot.actions.analyze_dataset:analyze_file"
COLUMNS_NAME = "columns.jsonl"
SHUTDOWN_MESSAGE = "The server was stopped while the file was analysed. Upload it again."
GONE_MESSAGE = "The uploaded file is no longer there. Upload it again."
NO_ROOM = "this worker has no room"
SAVING_MESSAGE = "The result could not be stored. Try again later."

log = get_logger("worker")

Answer = TypeVar("Answer")


class AttemptLost(Exception):
    """The child died by a hand that was not ours, or this worker has no room: the job is tried again."""


class ChildFailed(Exception):
    """The child said what went wrong."""

    def __init__(self, last: Failed) -> None:
        super().__init__(last.code)
        self.failure = Failure(last.code, last.message)
        self.trace = last.trace


@dataclass(frozen=True)
class Failure:
    """Why a job fails: the code and the sentence for people."""

    code: str
    message: str


@dataclass(frozen=True)
class Supervisor:
    """The work of a worker (see `datapilot.jobs.base.Work`). `folder` is where attempts keep their files."""

    storage: Storage
    folder: Path
    limits: Limits
    target: str = ANALYSIS
    model_tools: ModelTools | None = None
    failing_tools: ModelTools | None = None
    figures: Figures = field(default_factory=Figures)
    patience: Patience = field(default_factory=Patience)

    async def __call__(self, attempt: Attempt) -> None:
        begun = time.perf_counter()
        about = {"jobId": attempt.job.job_id, "requestId": attempt.request.request_id, "attempt": attempt.number}
        with bound(**about), span("job", **about):
            self.figures.meter.count("jobs_received_total")
            log.info("dequeued", waited_ms=round(-lifecycle.seconds_until(attempt.job.created_at) * 1000, 1))
            log.info("started")
            log.info("status update", status="processing")
            try:
                own = _folder_of(self.folder, attempt)
            except OSError as error:  # returning without an end, the attempt is lost and the job tried again
                log.warning(NO_ROOM, reason=error.strerror)
                await asyncio.sleep(self.patience.room_s)
                return
            with _removed_at_the_end(own) as folder:
                outcome = await self._until_ended(attempt, folder)
                version = attempt.request.reprocess
                if isinstance(outcome, Failure) and version is not None:
                    earlier, because = folder / "earlier.json", outcome.message
                    if await bring_back(attempt, version, earlier, because=because, storage=self.storage):
                        log.warning("earlier result stands", error=outcome.code)
                        outcome = earlier
                status = await self._settle(attempt, outcome)
            log.info(status, duration_ms=ms_since(begun))
        await self.figures.job_ended(status, time.perf_counter() - begun)

    async def ended(self, job: Job) -> None:
        """Report a job that failed without an attempt of this worker."""
        with bound(jobId=job.job_id):
            await self._forget_result(job.job_id)
            await self._write_error(lifecycle.failure_report(job))
            log.warning("failed", error=job.error, attempt=job.attempt)
        self.figures.meter.count("jobs_failed_total")

    async def _until_ended(self, attempt: Attempt, folder: Path) -> "Path | Failure | None":
        """Return the finished report, or why the job failed, or None when the attempt just has to go away."""
        body = asyncio.create_task(self._work(attempt, folder))
        try:
            async with asyncio.timeout(lifecycle.seconds_until(attempt.job.timeout_at)):
                waits: list[asyncio.Future[Any]] = [body, attempt.ended]
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            return Failure(TimedOut.code, lifecycle.TIMEOUT_MESSAGE)
        finally:
            await _gone(body)
        return _stopped(attempt) if body.cancelled() else _outcome(body)

    async def _work(self, attempt: Attempt, folder: Path) -> Path:
        """Return the file of the finished report. Where this worker has no room, another one may have some: the
        attempt is lost then, after a while in which it keeps this one from taking more jobs."""
        try:
            return await self._analyse(attempt, folder)
        except (StorageFull, ChildFailed) as error:
            if _code_of(error) != StorageFull.code or attempt.number >= self.patience.room_tries:
                raise
            log.warning(NO_ROOM, bytes=attempt.request.bytes)
            await asyncio.sleep(self.patience.room_s)
            raise AttemptLost(NO_ROOM) from None

    async def _analyse(self, attempt: Attempt, folder: Path) -> Path:
        """Return the file of the finished report."""
        result = folder / "report.json"
        version = attempt.request.reprocess
        if version is None:
            await self._analyse_upload(attempt, folder, result)
        else:
            await self._read(attempt, lambda: restore_version(attempt, version, result, storage=self.storage))
        with span("insights"):
            await self._explain(attempt, result)
        return result

    async def _analyse_upload(self, attempt: Attempt, folder: Path, result: Path) -> None:
        begun = time.perf_counter()
        async with AsyncExitStack() as lent:
            upload = attempt.request.upload_key
            path = await self._read(
                attempt, lambda: lent.enter_async_context(self.storage.local_path(upload, scratch=folder))
            )
            log.info("blob read", step="reading", duration_ms=ms_since(begun), bytes=attempt.request.bytes)
            task = Task(
                target=self.target,
                arguments={
                    "path": path,
                    "name": attempt.job.filename,
                    "job_id": attempt.job.job_id,
                    "options": attempt.request.options,
                    "limits": self.limits,
                    "scratch": folder,
                    "columns_out": folder / COLUMNS_NAME,
                },
                memory_bytes=self.limits.memory_bytes,
                out=result,
            )
            with span("analysis"):
                async with children.running(task) as child:
                    await self._follow(attempt, child)

    async def _read(self, attempt: Attempt, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        return await patiently(ask, attempt=attempt, within_s=self.patience.read_s, look_s=self.patience.look_s)

    async def _explain(self, attempt: Attempt, result: Path) -> None:
        tools = {"on": self.model_tools, "fail": self.failing_tools, "off": None}[attempt.request.llm]
        await explain_result(
            attempt, result, tools=tools, storage=self.storage, meter=self.figures.meter, patience=self.patience
        )

    async def _follow(self, attempt: Attempt, child: children.Child) -> None:
        """Show what the child says until it is done. Raises what it failed with, or AttemptLost."""
        log.debug("child started", child=child.pid)
        shown = Progress(attempt)
        try:
            last = await child.follow(
                self.limits.memory_bytes, hear=lambda told: shown.step(cast("Step", told.step), told.detail)
            )
            if isinstance(last, Failed):
                raise ChildFailed(last)
            if last is not None:
                shown.analysed()
                return
        finally:
            await shown.close()
        if child.is_over_limit:
            raise MemoryLimitExceeded(MEMORY_MESSAGE)
        raise AttemptLost(f"the child ended with {await child.exit_code()}")

    async def _settle(self, attempt: Attempt, outcome: "Path | Failure | None") -> str:
        """Write the outcome where everybody sees it, as far as the job is still this attempt's. Return what to log."""
        job_id = attempt.job.job_id
        if isinstance(outcome, Path):
            try:
                return await self._publish(attempt, outcome)
            except Unavailable as error:
                log.exception("result not saved")
                outcome = _stopped(attempt) or Failure(BlobUploadFailed.code, f"{SAVING_MESSAGE} {error}")
        if isinstance(outcome, Failure):
            return await self._fail(attempt, outcome)
        if attempt.ended.done() and attempt.ended.result() == "over":
            await self._forget_result(job_id, attempt)
            return "cancelled"
        return "lost"

    async def _publish(self, attempt: Attempt, report: Path) -> str:
        """Store the result, then complete the job. A result is put only by the owner, and taken back when the job
        turned out to be over: so a cancelled job leaves none."""
        key = result_key(attempt.job.job_id)
        await attempt.report("saving", lifecycle.PERCENT_AT["saving"], "")
        if not await attempt.is_owner():
            return await self._withdraw(attempt)
        log.info("result writing", step="saving")
        columns = report.with_name(COLUMNS_NAME)

        async def put() -> None:
            if columns.exists():  # before the result, which sends its readers there
                await self.storage.put_path(columns_key(attempt.job.job_id), columns)
            await self.storage.put_path(key, report)

        with stage(log, "saving", "result saved", key=key), span("saving"):
            await patiently(put, attempt=attempt, within_s=self.patience.save_s, look_s=self.patience.look_s)
        if not await attempt.complete(lifecycle.result_url(attempt.job.job_id)):
            return await self._withdraw(attempt)
        if attempt.number > 1:
            await self._forget_error(attempt.job.job_id)
        log.info("status update", status="completed")
        return "completed"

    async def _withdraw(self, attempt: Attempt) -> str:
        if attempt.ended.done() and attempt.ended.result() == "over":
            await self._forget_result(attempt.job.job_id, attempt)
            return "cancelled"
        # The job is another attempt's now, which may just be publishing: its result is not ours to remove.
        return "superseded"

    async def _fail(self, attempt: Attempt, failure: Failure) -> str:
        """Fail the job, then write its error report from the record: whoever reads the failed job before that writes
        the same bytes. A job that is no longer ours keeps the report that its record asks for."""
        job = await attempt.fail(failure.code, failure.message)
        if job is None:
            return await self._withdraw(attempt)
        await self._write_error(lifecycle.failure_report(job))
        await self._forget_result(job.job_id, attempt)
        log.info("status update", status="failed", error=failure.code)
        return "failed"

    async def _write_error(self, report: FailureReport) -> None:
        try:
            await self.storage.put_bytes(error_key(report.job_id), report.model_dump_json().encode())
        except Unavailable:
            log.exception("error report not saved")  # the record says the same, and the API writes the report from it

    async def _forget_error(self, job_id: str) -> None:
        with suppress(Unavailable):
            await self.storage.delete(error_key(job_id))

    async def _forget_result(self, job_id: str, attempt: Attempt | None = None) -> None:
        try:
            await self.storage.delete(result_key(job_id))
            # The versions that are kept while insights are made anew send their readers to the same columns.
            if attempt is not None and attempt.request.reprocess is None:
                await self.storage.delete(columns_key(job_id))
        except Unavailable:
            log.exception("result not removed")


def _code_of(error: StorageFull | ChildFailed) -> str:
    return error.failure.code if isinstance(error, ChildFailed) else error.code


def _stopped(attempt: Attempt) -> Failure | None:
    """Return why the job fails when the attempt has to end with its worker."""
    is_shutdown = attempt.ended.done() and attempt.ended.result() == "shutdown"
    return Failure(WorkerShutdown.code, SHUTDOWN_MESSAGE) if is_shutdown else None


def _outcome(body: "asyncio.Task[Path]") -> "Path | Failure | None":
    try:
        return body.result()
    except ChildFailed as failed:
        if failed.trace:
            log.error("analysis broke", trace=failed.trace)  # noqa: TRY400 - the child's trace is the one to tell
        return failed.failure
    except AttemptLost as lost:
        log.warning("attempt lost", reason=str(lost))
        return None
    except DataPilotError as error:
        return Failure(error.code, str(error))
    except FileNotFoundError:
        return Failure(ProcessingError.code, GONE_MESSAGE)
    except Exception:
        log.exception("attempt broke")
        return Failure(ProcessingError.code, BROKEN_MESSAGE)


async def _gone(body: "asyncio.Task[Path]") -> None:
    """Cancel the body if it still runs, and return when it has cleaned up behind itself."""
    while not body.done():
        body.cancel()
        await asyncio.wait([body])


def _folder_of(folder: Path, attempt: Attempt) -> Path:
    own = folder / f"{attempt.job.job_id}-{attempt.number}"
    own.mkdir(mode=0o700, parents=True)  # who tidies temporary folders may have taken the worker's own
    return own


@contextmanager
def _removed_at_the_end(own: Path) -> Iterator[Path]:
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)
