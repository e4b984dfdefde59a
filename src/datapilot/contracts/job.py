"""A job and its life: submitted -> processing -> completed | failed | cancelled."""

import re
from typing import Literal

from datapilot.contracts.base import Contract
from datapilot.contracts.insight import Source
from datapilot.contracts.steps import Step
from datapilot.contracts.table import ReadingOptions

JobStatus = Literal["submitted", "processing", "completed", "failed", "cancelled"]

JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")  # what an id can be at all; ours are job_ and 24 hex digits
FINAL_STATUSES: frozenset[JobStatus] = frozenset({"completed", "failed", "cancelled"})


class Job(Contract):
    """The record `job:{jobId}`, the only truth a user sees. Times are UTC ISO 8601; `progress` is 0-100.

    `attempt` counts the starts; `detail` says the step in words ("9,357 rows"); `revision` grows with every change,
    so that a page can tell news from repetition.
    """

    job_id: str
    status: JobStatus
    step: Step = "queued"
    progress: int = 0
    detail: str = ""
    error: str | None = None
    error_message: str | None = None
    result_url: str | None = None
    created_at: str
    updated_at: str
    timeout_at: str
    cancelled_at: str | None = None
    attempt: int = 0
    filename: str
    revision: int = 0


class JobRequest(Contract):
    """What the worker needs to run a job, kept beside its record: where the upload lies and how to read it.

    `reprocess` names the kept version of the result whose insights are to be made anew; None analyses the upload.
    `owner` is the id of the API key that sent it; None on a server without keys.
    """

    upload_key: str
    bytes: int
    timeout_s: float
    options: ReadingOptions = ReadingOptions()
    llm: Literal["on", "off", "fail"] = "on"
    request_id: str | None = None
    reprocess: int | None = None
    owner: str | None = None


class FailureReport(Contract):
    """`results/{jobId}_error.json`."""

    job_id: str
    status: Literal["failed"] = "failed"
    error: str
    message: str
    timestamp: str


class ResultVersion(Contract):
    """An earlier result of a job, kept when its insights were made anew: number 1 is the oldest. `issues` are codes."""

    version: int
    processed_at: str
    source: Source
    model: str | None = None
    issues: tuple[str, ...] = ()
