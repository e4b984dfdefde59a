"""The rules of a job's life as pure functions: which change is allowed, and what the record says afterwards.

submitted ──start──> processing ──complete──> completed
    │                 │  ▲  │
    │                 └──┘  ├──fail / too many attempts──> failed
    ├──deadline passed──────┴──deadline passed───────────> failed
    └──cancel───────────────┴──cancel────────────────────> cancelled

A start while processing is another attempt: the one before it has lost the job. A final status never changes but by
resubmission, which begins the job anew: its attempts go on being counted, so that no earlier one can end it.
The in-memory twin runs these functions; jobs/record_scripts.py says the same in Lua, and one contract test holds both
to it.
"""

import secrets
from datetime import UTC, datetime, timedelta

from datapilot.contracts.errors import TimedOut, TooManyAttempts
from datapilot.contracts.job import FINAL_STATUSES, FailureReport, Job, JobRequest, JobStatus
from datapilot.contracts.retry import RetryPolicy
from datapilot.contracts.steps import Step
from datapilot.jobs.base import Ending

TIMEOUT_MESSAGE = "The analysis took longer than allowed and was stopped. Try a smaller file or a longer timeout."
TOO_MANY_ATTEMPTS_MESSAGE = "The analysis ended abruptly every time it was tried, so it is not tried again."

# How far a job is when a step begins, in percent. Reading and profiling are most of the time.
PERCENT_AT: dict[Step, int] = {
    "queued": 0, "reading": 5, "typing": 30, "profiling": 45, "quality": 60, "charts": 65, "facts": 75,
    "insights": 85, "saving": 95, "done": 100,
}  # fmt: skip

_PAUSES = RetryPolicy(jitter=0.0)


def new_job_id() -> str:
    """Return an id nobody can guess: whoever knows it may see the job."""
    return f"job_{secrets.token_hex(12)}"


def now_text(now: datetime | None = None) -> str:
    """Return the moment as UTC ISO 8601 text of fixed width, so that texts sort as times do."""
    return (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds")


def moment(text: str) -> datetime | None:
    """Return the moment that a text in the queue names, whoever wrote it: UTC where it names no zone, None for no
    moment at all."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def is_final(job: Job) -> bool:
    return job.status in FINAL_STATUSES


def is_overdue(job: Job, now: str) -> bool:
    """Say whether the job should have ended by now and did not."""
    return not is_final(job) and now >= job.timeout_at


def refusal(job: Job | None, attempt: int) -> Ending | None:
    """Say why this attempt may no longer change the job; None when it may."""
    if job is None or job.status in {"failed", "cancelled"}:
        return "over"
    return None if job.attempt == attempt and job.status == "processing" else "superseded"


def submitted(job_id: str, filename: str, request: JobRequest, now: datetime) -> Job:
    """Return the record of a new job; its time runs from here, waiting included."""
    created = now_text(now)
    return Job(
        job_id=job_id,
        status="submitted",
        created_at=created,
        updated_at=created,
        timeout_at=now_text(now + timedelta(seconds=request.timeout_s)),
        filename=filename,
    )


def resubmitted(job: Job, request: JobRequest, now: datetime) -> Job:
    """Return the record of an ended job that is to be run again; its time runs from here."""
    return _changed(
        job,
        now_text(now),
        status="submitted",
        step="queued",
        progress=0,
        detail="",
        error=None,
        error_message=None,
        result_url=None,
        cancelled_at=None,
        timeout_at=now_text(now + timedelta(seconds=request.timeout_s)),
    )


def started(job: Job, *, now: str, max_attempts: int) -> Job:
    """Return the job as another attempt begins, or as failed when its time or its attempts are used up."""
    if is_overdue(job, now):
        return expired(job, now)
    if job.attempt >= max_attempts:
        return _changed(job, now, status="failed", error=TooManyAttempts.code, error_message=TOO_MANY_ATTEMPTS_MESSAGE)
    return _changed(job, now, status="processing", step="queued", progress=0, detail="", attempt=job.attempt + 1)


def reported(job: Job, *, step: Step, progress: int, detail: str, now: str) -> Job:
    return _changed(job, now, step=step, progress=progress, detail=detail)


def completed(job: Job, *, result_url: str, now: str) -> Job:
    return _changed(job, now, status="completed", step="done", progress=100, detail="", result_url=result_url)


def failed(job: Job, *, error: str, message: str, now: str) -> Job:
    return _changed(job, now, status="failed", error=error, error_message=message)


def expired(job: Job, now: str) -> Job:
    return failed(job, error=TimedOut.code, message=TIMEOUT_MESSAGE, now=now)


def cancelled(job: Job, now: str) -> Job:
    return _changed(job, now, status="cancelled", cancelled_at=now)


def failure_report(job: Job) -> FailureReport:
    """Return what `results/{jobId}_error.json` says of a failed job: the same bytes whoever writes it, whenever."""
    return FailureReport(
        job_id=job.job_id, error=job.error or "error", message=job.error_message or "", timestamp=job.updated_at
    )


def result_url(job_id: str) -> str:
    """Return where the API hands out the result of a job."""
    return f"/api/result?jobId={job_id}"


def seconds_until(moment: str) -> float:
    """Return the seconds until a moment of a record; below 0 when it has passed."""
    return (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()


def retry_delay_s(attempt: int) -> float:
    """Return how long a job waits whose attempt died, before the next one: 0.5 s, doubled each time, at most 10 s."""
    return _PAUSES.pause_s(attempt)


def _changed(job: Job, now: str, **changes: JobStatus | str | int | None) -> Job:
    return job.model_copy(update={**changes, "updated_at": now, "revision": job.revision + 1})
