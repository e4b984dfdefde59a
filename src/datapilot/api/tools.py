"""What the routes work with: the doors and the rules, opened and decided elsewhere and passed in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from datapilot.access.base import Access
from datapilot.actions.child_reader import ChildReader
from datapilot.actions.delete_expired import RetentionRules
from datapilot.actions.fetch_file_url import DOWNLOAD_RETRY, WebClient, guarded_client
from datapilot.actions.report_metrics import FleetFigures, ReportMetrics
from datapilot.actions.submit_dataset import UploadRules
from datapilot.api.callers import KeyRules, OwnJobs
from datapilot.api.guard import Neighbourhood
from datapilot.api.web import BUILT
from datapilot.contracts.limits import Limits
from datapilot.contracts.retry import RetryPolicy
from datapilot.jobs.base import Jobs
from datapilot.storage.base import Storage
from datapilot.storage.feedback import FeedbackBook, MemoryFeedback
from datapilot.telemetry.metrics import Meter


async def nothing_yet() -> FleetFigures:
    """Return the figures of a fleet that has done nothing."""
    return FleetFigures({}, {})


@dataclass(frozen=True)
class Tools:
    """Everything an application needs. `queue` is the whole queue, which no route sees: they get `jobs`, the caller's
    part of it. Without `access` nobody needs a key. `scratch` is a folder for files that live as long as one request;
    `samples` replaces the folder of sample files, `web_root` that of the built page."""

    queue: Jobs
    storage: Storage
    scratch: Path
    rules: UploadRules
    feedback: FeedbackBook = field(default_factory=MemoryFeedback)
    access: Access | None = None
    key_rules: KeyRules = field(default_factory=KeyRules)
    limits: Limits = field(default_factory=Limits)
    neighbourhood: Neighbourhood = field(default_factory=Neighbourhood)
    file_url_enabled: bool = True
    client_max_wait_s: float = 600.0
    kept_hours: float | None = None
    worker_max_age_s: float = 60.0
    audit_path: str = RetentionRules.audit_path
    meter: Meter = field(default_factory=Meter)
    report_metrics: ReportMetrics = nothing_yet
    cleaner_ran_after: Callable[[datetime], datetime | None] = lambda _: None
    web_client: WebClient = guarded_client
    download_retry: RetryPolicy = DOWNLOAD_RETRY
    samples: Path | None = None
    web_root: Path = BUILT

    @property
    def jobs(self) -> OwnJobs:
        """Return the queue as the caller of the request at hand may see it."""
        return OwnJobs(self.queue, self.access, self.key_rules)

    @property
    def reader(self) -> ChildReader:
        """Return what reads the uploads of that caller's jobs, each within the bounds of a job."""
        return ChildReader(self.jobs, self.storage, self.scratch, self.limits, self.rules.timeout_s)
