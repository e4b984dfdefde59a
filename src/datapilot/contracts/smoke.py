"""What a smoke test of a running server found: the words of its report."""

from typing import Literal

from datapilot.contracts.base import Contract

StepStatus = Literal["passed", "failed", "skipped"]


class SmokeStep(Contract):
    """One thing that was tried; `says` is why it failed or was skipped, or what was seen."""

    name: str
    status: StepStatus
    says: str
    seconds: float


class SmokeReport(Contract):
    """`reports/smoke_{timestamp}.json`. `status` is failed when one step is."""

    url: str
    version: str | None
    started_at: str
    seconds: float
    status: Literal["passed", "failed"]
    steps: tuple[SmokeStep, ...]
