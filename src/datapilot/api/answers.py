"""The shapes of requests and answers that exist only over HTTP; everything else is a contract."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from datapilot.actions.submit_dataset import ANY_CASE, UploadOptions
from datapilot.contracts.access import Scope
from datapilot.contracts.base import Contract
from datapilot.contracts.feedback import FeedbackAction
from datapilot.contracts.job import Job, ResultVersion
from datapilot.contracts.measure import Measure
from datapilot.contracts.points import PointsAsked


class Problem(Contract):
    """What went wrong (RFC 9457). `code` is stable, `detail` is for people, `advice` says what helps."""

    model_config = ConfigDict(title="Problem")

    type: str
    title: str
    status: int
    detail: str
    code: str
    advice: str | None = None


class FileFromElsewhere(UploadOptions):
    """An upload without a file in the body: a web address to fetch it from, or the name of a sample."""

    file_url: str | None = Field(default=None, max_length=4096)
    filename: str | None = Field(default=None, max_length=1024)
    sample: str | None = Field(default=None, max_length=255)


class Submitted(Contract):
    """The job was accepted and will not be lost."""

    job_id: str
    status: Literal["submitted"] = "submitted"


class Cancelled(Contract):
    """The job was cancelled, now or earlier."""

    job_id: str
    status: Literal["cancelled"] = "cancelled"
    cancelled_at: str


class Deleted(Contract):
    """Nothing is kept of the job any more."""

    job_id: str
    status: Literal["deleted"] = "deleted"


class JobRef(Contract):
    """Which job is meant."""

    job_id: str


class Reread(Contract):
    """Which job to run again, and how to read its file this time; options left out are the reader's choice."""

    job_id: str
    options: UploadOptions = UploadOptions()


class Reprocess(Contract):
    """The job whose insights to make anew; with `llm` off by the rules alone."""

    job_id: str
    llm: Annotated[Literal["on", "off"], ANY_CASE] = "on"


class Resubmitted(Contract):
    """The job was accepted again; its earlier result is kept as `version`."""

    job_id: str
    status: Literal["submitted"] = "submitted"
    version: int


class Versions(Contract):
    """The earlier results of a job, oldest first; `/api/result?jobId=…&version=…` hands one out."""

    job_id: str
    versions: tuple[ResultVersion, ...]


class MeasuresAsked(Contract):
    """What to compute over the table of a finished job, and which of its rows to show as points."""

    measures: tuple[Measure, ...]
    clouds: tuple[PointsAsked, ...] = ()


class FeedbackKept(Contract):
    """The judgement was kept under this id."""

    feedback_id: str


class Judgement(Contract):
    """What was said last about one insight."""

    feedback_id: str
    insight_id: str
    action: FeedbackAction
    score: int | None
    at: str


class Judgements(Contract):
    """The latest judgement of each insight of a job."""

    job_id: str
    feedback: tuple[Judgement, ...]


class JobList(Contract):
    """The jobs there are, newest first."""

    jobs: tuple[Job, ...]


class Sample(Contract):
    """A file that ships with the product, to try it with."""

    name: str
    title: str
    description: str
    bytes: int


class SampleList(Contract):
    """The sample files, the one to begin with first."""

    samples: tuple[Sample, ...]


class SignIn(Contract):
    """What opens a session: a key, or the token of a share link with the job it belongs to."""

    key: str | None = Field(default=None, max_length=200)
    share: str | None = Field(default=None, max_length=200)
    job_id: str | None = Field(default=None, max_length=200)


class Session(Contract):
    """Who is signed in, if anybody, and whether this server asks for it."""

    login_required: bool
    name: str | None = None
    scopes: tuple[Scope, ...] = ()


class Share(Contract):
    """How a job is shared: the page's address on this server, and the token in it."""

    job_id: str
    url: str
    token: str | None = None
    expires_in_seconds: int | None = None


class SharesOpen(Contract):
    """How many links to a job are open on a server with login, and when they all end."""

    job_id: str
    links: int = 0
    expires_in_seconds: int | None = None


class ClientConfig(Contract):
    """What a client should know of this server before it uploads or polls."""

    version: str
    max_upload_size_bytes: int
    file_url_enabled: bool
    client_max_wait_seconds: float
    # Hours after its last change at which an analysis is deleted; None where nothing is deleted by itself.
    kept_hours: float | None = None
