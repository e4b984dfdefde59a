"""Write the clean table of a finished job, in a process of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from datapilot.actions.child_reader import Order, lent_upload, obey, run_child
from datapilot.contracts.limits import Limits
from datapilot.jobs.base import Jobs
from datapilot.storage.base import Storage

TableFormat = Literal["csv", "parquet"]
MODULE = "datapilot.actions.export_stored_table"  # __name__ is another one in the child


class TableOrder(Order):
    """Where the child shall write the table; the ending says in which format."""

    out: Path


@asynccontextmanager
async def export_stored_table(
    job_id: str,
    *,
    table_format: TableFormat,
    jobs: Jobs,
    storage: Storage,
    limits: Limits,
    scratch: Path,
    timeout_s: float,
) -> AsyncIterator[Path]:
    """Offer the job's table as a file that is gone afterwards.

    Raises UnknownJob, ResultNotReady unless the job is completed, TimedOut, MemoryLimitExceeded, and as reading does.
    """
    async with lent_upload(job_id, jobs=jobs, storage=storage, scratch=scratch) as upload:
        order = TableOrder(
            source=upload.source,
            out=upload.folder / f"table.{table_format}",
            name=upload.name,
            options=upload.options,
            limits=limits,
            scratch=upload.folder,
        )
        await run_child(MODULE, order, timeout_s=timeout_s)
        yield order.out


def _write(order: TableOrder) -> str:
    from datapilot.actions.export_dataset import export_file  # noqa: PLC0415  the engine is loaded in the child alone

    export_file(
        order.source, order.out, name=order.name, options=order.options, limits=order.limits, scratch=order.scratch
    )
    return ""


if __name__ == "__main__":
    obey(TableOrder, _write)
