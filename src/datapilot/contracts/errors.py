"""Every error a user can meet. Each has a stable code, a sentence that says what to do, and whether a retry may help.

DataPilotError
├── BadRequest            the caller's request is at fault
│   ├── InvalidOption         invalid_option
│   ├── MissingFile           missing_file
│   ├── UploadTooLarge        upload_too_large
│   ├── FileUrlDisabled       file_url_disabled
│   ├── FileUrlRefused        file_url_refused
│   ├── FileUrlFailed         file_url_failed
│   ├── UploadInterrupted     upload_interrupted
│   ├── UnknownSample         unknown_sample
│   ├── ForbiddenOrigin       forbidden_origin
│   ├── Unauthorized          unauthorized
│   ├── ForbiddenScope        forbidden_scope
│   ├── UnknownKey            unknown_key
│   ├── RateLimited           rate_limited
│   └── QuotaExceeded         quota_exceeded
├── UnreadableTable       the file is at fault
│   ├── EmptyFile             empty_file
│   ├── NotATable             not_a_table
│   ├── UnsupportedFormat     unsupported_format
│   ├── CorruptFile           corrupt_file
│   ├── EncryptedFile         encrypted_file
│   ├── InvalidJson           invalid_json
│   ├── SheetNotFound         sheet_not_found
│   ├── TooManyColumns        too_many_columns
│   └── ExpandsTooFar         expands_too_far
├── JobProblem            the job is not in a state that allows it
│   ├── UnknownJob            unknown_job
│   ├── JobFinished           job_finished
│   ├── JobRunning            job_running
│   ├── ResultNotReady        result_not_ready
│   ├── UnknownVersion        unknown_version
│   ├── UnknownInsight        unknown_insight
│   ├── NothingToExport       nothing_to_export: no judgement of an insight is fit for a training set
│   └── EditRefused           edit_refused: an edited insight says what no fact says, or names somebody
├── WorkFailed            the work was started and did not end well
│   ├── TimedOut              timeout
│   ├── ProcessingError       processing_error
│   ├── BlobUploadFailed      blob_upload_failed
│   ├── WorkerShutdown        worker_shutdown
│   ├── MemoryLimitExceeded   memory_limit_exceeded
│   └── TooManyAttempts       too_many_attempts
├── InvalidSettings       invalid_settings: the environment asks for something that cannot be or must not be
├── UnknownMeasure        unknown_measure: a measure names a column or a combination that cannot be computed
└── Unavailable           something of ours is down; trying again later may help
    ├── QueueUnavailable      queue_unavailable
    ├── StorageUnavailable    storage_unavailable
    ├── StorageFull           storage_full
    ├── QueueFull             queue_full
    └── WebAppMissing         web_app_missing
"""

from typing import ClassVar


class DataPilotError(Exception):
    """The root of the family; `str(error)` is the sentence for people."""

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False
    retry_after_s: int | None = None  # when a retry may help, where that is known


class BadRequest(DataPilotError):
    code = "bad_request"


class InvalidOption(BadRequest):
    code = "invalid_option"


class MissingFile(BadRequest):
    code = "missing_file"


class UploadTooLarge(BadRequest):
    code = "upload_too_large"


class FileUrlDisabled(BadRequest):
    code = "file_url_disabled"


class FileUrlRefused(BadRequest):
    code = "file_url_refused"


class FileUrlFailed(BadRequest):
    code = "file_url_failed"
    retryable = True


class UploadInterrupted(BadRequest):
    code = "upload_interrupted"
    retryable = True


class UnknownSample(BadRequest):
    code = "unknown_sample"


class ForbiddenOrigin(BadRequest):
    code = "forbidden_origin"


class Unauthorized(BadRequest):
    code = "unauthorized"


class ForbiddenScope(BadRequest):
    code = "forbidden_scope"


class UnknownKey(BadRequest):
    code = "unknown_key"


class RateLimited(BadRequest):
    code = "rate_limited"
    retryable = True

    def __init__(self, sentence: str, retry_after_s: int) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class QuotaExceeded(RateLimited):
    code = "quota_exceeded"


class UnreadableTable(DataPilotError):
    code = "unreadable_table"


class EmptyFile(UnreadableTable):
    code = "empty_file"


class NotATable(UnreadableTable):
    code = "not_a_table"


class UnsupportedFormat(UnreadableTable):
    code = "unsupported_format"


class CorruptFile(UnreadableTable):
    code = "corrupt_file"


class EncryptedFile(UnreadableTable):
    code = "encrypted_file"


class InvalidJson(UnreadableTable):
    code = "invalid_json"


class SheetNotFound(UnreadableTable):
    code = "sheet_not_found"


class TooManyColumns(UnreadableTable):
    code = "too_many_columns"


class ExpandsTooFar(UnreadableTable):
    code = "expands_too_far"


class JobProblem(DataPilotError):
    code = "job_problem"


class UnknownJob(JobProblem):
    code = "unknown_job"


class JobFinished(JobProblem):
    code = "job_finished"


class JobRunning(JobProblem):
    code = "job_running"


class ResultNotReady(JobProblem):
    code = "result_not_ready"


class UnknownVersion(JobProblem):
    code = "unknown_version"


class UnknownInsight(JobProblem):
    code = "unknown_insight"


class NothingToExport(JobProblem):
    code = "nothing_to_export"


class EditRefused(JobProblem):
    code = "edit_refused"


class WorkFailed(DataPilotError):
    code = "work_failed"


class TimedOut(WorkFailed):
    code = "timeout"


class ProcessingError(WorkFailed):
    code = "processing_error"


class BlobUploadFailed(WorkFailed):
    code = "blob_upload_failed"
    retryable = True


class WorkerShutdown(WorkFailed):
    code = "worker_shutdown"
    retryable = True


class MemoryLimitExceeded(WorkFailed):
    code = "memory_limit_exceeded"


class TooManyAttempts(WorkFailed):
    code = "too_many_attempts"


class InvalidSettings(DataPilotError):
    code = "invalid_settings"


class UnknownMeasure(DataPilotError):
    code = "unknown_measure"


class Unavailable(DataPilotError):
    code = "unavailable"
    retryable = True


class QueueUnavailable(Unavailable):
    code = "queue_unavailable"


class StorageUnavailable(Unavailable):
    code = "storage_unavailable"


class StorageFull(Unavailable):
    code = "storage_full"


class QueueFull(Unavailable):
    code = "queue_full"


class WebAppMissing(Unavailable):
    code = "web_app_missing"
