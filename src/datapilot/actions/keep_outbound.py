"""Keep what leaves for a language model, before it leaves, and give it to whoever's data it is."""

from datapilot.contracts.outbound import OutboundLedger, OutboundRequest
from datapilot.jobs.base import Jobs
from datapilot.storage.base import Storage
from datapilot.storage.keys import outbound_key


class OutboundBook:
    """The ledger of one job, added to as requests go out. With `is_new` what an earlier run sent is forgotten."""

    def __init__(self, job_id: str, *, storage: Storage, is_new: bool = False) -> None:
        self._job_id = job_id
        self._storage = storage
        self._ledger = OutboundLedger(job_id=job_id) if is_new else None

    async def add(self, request: OutboundRequest) -> None:
        """Return when the request is in the store. Raises StorageUnavailable, StorageFull."""
        ledger = self._ledger or await _stored(self._job_id, self._storage)
        ledger = ledger.model_copy(update={"requests": (*ledger.requests, request)})
        await self._storage.put_bytes(outbound_key(self._job_id), ledger.model_dump_json().encode())
        self._ledger = ledger


async def read_outbound(job_id: str, *, jobs: Jobs, storage: Storage) -> OutboundLedger:
    """Return everything that was sent for the job, whatever state it is in. Raises UnknownJob."""
    await jobs.get(job_id)
    return await _stored(job_id, storage)


async def _stored(job_id: str, storage: Storage) -> OutboundLedger:
    try:
        return OutboundLedger.model_validate_json(await storage.get(outbound_key(job_id)))
    except FileNotFoundError:
        return OutboundLedger(job_id=job_id)
