"""Tables for the tests of insights: made of Python columns, profiled by the real profile."""

import csv
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb

from datapilot.analysis.profiling import profile_table, relate
from datapilot.contracts.insight import Insights
from datapilot.contracts.profile import TableProfile
from datapilot.contracts.quality import QualityBill
from datapilot.contracts.table import Column
from datapilot.engine.table import Table
from datapilot.insights.collect_facts import Collected, collect_findings, screen
from datapilot.insights.describe import describe

Cells = Mapping[str, Sequence[Any]]


def table_of(cells: Cells, **known: Mapping[str, Any]) -> Table:
    """Return a table of named columns; the type is that of the first cell that is not None. Numbers average unless
    `known` says otherwise: `table_of({"cost": [...]}, cost={"role": "sum"})`."""
    columns = tuple(_column(name, values, known.get(name, {})) for name, values in cells.items())
    connection = duckdb.connect()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerows(zip(*(map(_written, values) for values in cells.values()), strict=True))
        listed = ", ".join(f"'c{position}': '{column.storage}'" for position, column in enumerate(columns))
        connection.execute(
            f"CREATE TABLE data AS SELECT * FROM read_csv('{path}', header=false, columns={{{listed}}}, nullstr='')"
        )
    return Table(connection, columns, len(next(iter(cells.values()))))


def collected(table: Table) -> tuple[Collected, TableProfile]:
    """Return what the table shows, and its profile."""
    profile = relate(profile_table(table).profile, table)
    return collect_findings(table, screen(table, profile)), profile


def insights_of(cells: Cells, **known: Mapping[str, Any]) -> Insights:
    """Return the insights of a table of these columns."""
    found, profile = collected(table_of(cells, **known))
    return describe(found, charts=(), profile=profile, bill=QualityBill(score=100, deductions=(), checked_cells=1))


def headlines(insights: Insights) -> list[str]:
    """Return the headlines, best first."""
    return [insight.headline for insight in insights.analyst_insights]


def _column(name: str, values: Sequence[Any], known: Mapping[str, Any]) -> Column:
    first = next((value for value in values if value is not None), "")
    storage, inferred, role = {
        bool: ("BOOLEAN", "boolean", "count"), int: ("BIGINT", "numeric", "average"),
        float: ("DOUBLE", "numeric", "average"), date: ("DATE", "datetime", "count"),
        datetime: ("TIMESTAMP", "datetime", "count"), time: ("TIME", "datetime", "never"),
        str: ("VARCHAR", "categorical", "count"),
    }[type(first)]  # fmt: skip
    given = {"inferred_type": inferred, "role": role, "ml_type": "categorical", "confidence": 1.0} | dict(known)
    return Column.model_validate({"name": name, "storage": storage} | given)


def _written(value: Any) -> str:
    if value is None:
        return ""
    return (
        value.isoformat() if isinstance(value, date) else str(value).lower() if isinstance(value, bool) else str(value)
    )
