"""Write the clean table of a finished job, in a process of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from datapilot.actions.child_reader import ChildReader, Order
from datapilot.contracts.table import Receipt

TableFormat = Literal["csv", "parquet"]
TARGET = f"{__name__}:write"


class TableOrder(Order):
    """Where the child shall write the table; the ending says in which format."""

    out: Path


@asynccontextmanager
async def export_stored_table(job_id: str, *, table_format: TableFormat, reader: ChildReader) -> AsyncIterator[Path]:
    """Offer the job's table as a file that is gone afterwards.

    Raises UnknownJob, ResultNotReady unless the job is completed, TimedOut, MemoryLimitExceeded, and as reading does.
    """
    async with reader.lent(job_id) as lent:
        order = TableOrder(**dict(lent), out=lent.scratch / f"table.{table_format}")
        await reader.run(TARGET, order, Receipt)
        yield order.out


def write(order: TableOrder, **_: object) -> Receipt:
    """Do so; in the child, where alone the engine is loaded."""
    from datapilot.actions.export_dataset import export_file  # noqa: PLC0415

    return export_file(
        order.source, order.out, name=order.name, options=order.options, limits=order.limits, scratch=order.scratch
    )
