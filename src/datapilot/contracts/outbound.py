"""What left the house for a language model: the ledger `results/{jobId}_outbound.json`, there for the user to read."""

from datapilot.contracts.base import Contract
from datapilot.contracts.insight import Source


class OutboundRequest(Contract):
    """One body as it went to the provider, byte for byte; `sha256` is that of its UTF-8 bytes, `at` is UTC."""

    at: str
    model: str
    source: Source
    privacy: str
    bytes: int
    sha256: str
    body: str


class OutboundLedger(Contract):
    """Everything that was sent for a job, oldest first, reprocessing included; empty when nothing ever left."""

    job_id: str
    requests: tuple[OutboundRequest, ...] = ()
