"""Hand out the columns of a finished job page by page, each with all that is known of it, however wide the table."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from typing import Any

from datapilot.actions.read_job import open_result
from datapilot.contracts.base import Contract
from datapilot.contracts.errors import ResultNotReady
from datapilot.contracts.profile import ColumnProfile, NumericStats
from datapilot.contracts.table import Conversion
from datapilot.jobs.base import Jobs
from datapilot.storage.base import Storage
from datapilot.storage.keys import columns_key

DELETED = "The result has been deleted."


class ColumnsPage(Contract):
    """Some of the columns of a result in file order, with their statistics where they are numbers, and what reading
    made of their cells where it converted them.

    `total` counts the columns of the table, `found` those that fit what was sought; `offset` counts among these.
    """

    job_id: str
    total: int
    found: int
    offset: int
    columns: tuple[ColumnProfile, ...]
    numeric_stats: dict[str, NumericStats]
    conversions: dict[str, Conversion]


async def read_columns(
    job_id: str, *, offset: int, limit: int, sought: str = "", jobs: Jobs, storage: Storage
) -> ColumnsPage:
    """Return `limit` columns from `offset` on, of those whose name or type holds `sought` in any case; all for "".

    Raises UnknownJob, ResultNotReady.
    """
    chunks = await open_result(job_id, jobs=jobs, storage=storage)
    try:
        result = b"".join([chunk async for chunk in chunks])
        told = await asyncio.to_thread(_whole, result)
        lines = await storage.get(columns_key(job_id)) if told is None else b""
    except FileNotFoundError:
        raise ResultNotReady(DELETED) from None
    return await asyncio.to_thread(
        lambda: _page(job_id, _parsed(lines) if told is None else told, offset, limit, sought.strip().casefold())
    )


def _whole(result: bytes) -> list[dict[str, Any]] | None:
    """Return the columns of a result that tells all of them in full, as lines of the other blob are; else None."""
    report = json.loads(result)
    told = report.get("columnsTold")
    if told and (told["inBrief"] or told["leftOut"]):
        return None
    stats = report["kpis"]["numericStats"]
    conversions = {one["column"]: one for one in report["receipt"]["conversions"]}
    return [
        {"column": one, "stats": stats.get(one["name"]), "conversion": conversions.get(one["name"])}
        for one in report["schema"]
    ]


def _parsed(lines: bytes) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in lines.splitlines())


def _page(job_id: str, columns: Iterable[dict[str, Any]], offset: int, limit: int, sought: str) -> ColumnsPage:
    total = found = 0
    wanted = []
    for one in columns:
        total += 1
        column = one["column"]
        if sought in column["name"].casefold() or sought in column["inferred_type"]:
            if offset <= found < offset + limit:
                wanted.append(one)
            found += 1
    return ColumnsPage.model_validate(
        {
            "jobId": job_id,
            "total": total,
            "found": found,
            "offset": offset,
            "columns": [one["column"] for one in wanted],
            "numericStats": {one["column"]["name"]: one["stats"] for one in wanted if one["stats"]},
            "conversions": {one["column"]["name"]: one["conversion"] for one in wanted if one["conversion"]},
        }
    )
